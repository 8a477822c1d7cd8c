package encoder

import "github.com/parley-crm/parley/social"

// A Task is one thing that the encoder says of a text.
type Task struct {
	Name   string
	Set    string   // the public set that it was learnt from
	Labels []string // in the order of the head's outputs
}

// Tasks are the encoder's heads, in the order in which the weights hold them.
func Tasks() []Task {
	return []Task{
		{"sentiment", "sentiment", []string{social.Negative, social.Neutral, social.Positive}},
		{"emotion", "emotion", []string{social.Anger, social.Joy, social.Optimism, social.Sadness}},
		{"toxicity", "offensive", []string{social.NotOffensive, social.Offensive}},
	}
}
