// Package emotion says which of four emotions a text shows most: anger, joy,
// optimism or sadness.
//
// The model is emotion-2. It was made of posts that all show one of the four,
// so it says which it would be, not whether there is one: social.Scores.Emotion
// says whether one stands out. English only. docs/models.md is its card.
package emotion

import (
	_ "embed"
	"sync"

	"github.com/parley-crm/parley/analyze/choice"
	"github.com/parley-crm/parley/analyze/linear"
	"github.com/parley-crm/parley/social"
)

// Name is the model's name and version. It was trained with the readings of
// sentiment.Name; where that changes, this must be trained again.
const Name = "emotion-2"

// Labels are the emotions in the order of the model.
func Labels() []string {
	return []string{social.Anger, social.Joy, social.Optimism, social.Sadness}
}

// Recipe is how the model is trained; its numbers were chosen by
// cross-validation over the training set and by the validation set.
func Recipe() linear.Recipe {
	return linear.Recipe{
		Name: Name, Labels: Labels(), Kin: true, Bits: 18, Slots: choice.Slots,
		Epochs: 8, Rounds: 5, Rate: 0.01, Decay: 1e-5, Balance: 0.75,
		MinCount: 2, Floor: 0.1, Cap: 3, Smooth: 0.3, Seed: 1,
	}
}

//go:embed emotion-2.bin
var weights []byte

// Default is the embedded model, read at the first call.
var Default = sync.OnceValues(func() (*choice.Model, error) { return choice.Load(weights) })
