package foresee

import (
	"slices"
	"time"

	"github.com/parley-crm/parley/people/card"
	"github.com/parley-crm/parley/social"
)

// Talk is a conversation of theirs that the asker may read.
type Talk struct {
	ID      social.ConversationID
	Last    time.Time
	Waiting time.Time // since when they wait for us; zero: they don't
}

// What somebody may do next.
const (
	Reply = "answer" // what they asked
	Keep  = "keep"   // what we promised
	Write = "write"  // before they go quiet: of what they want
	Thank = "thank"  // whoever is likely to speak well of us
)

// Step is something that somebody may do for a person next, and why. Nothing
// of it is done by itself.
type Step struct {
	Do      string
	Talk    social.ConversationID // where it is done; "" for a promise without one
	Promise string
	Text    string // of the promise or the goal
	At      time.Time
	Share   float64 // how likely is what it is about; 0 where nothing is foreseen
}

// soon is how long before its day a promise is among what is next.
const soon = 48 * time.Hour

// Likely reports whether something is likely enough to do something about it:
// likelier than not, or twice as likely as usual and at least one in five.
func (o Outlook) Likely() bool {
	return o.Share >= 0.5 || o.Share >= 0.2 && o.Share >= 2*o.Usual
}

// Next lists what somebody may do next, what is owed first.
func Next(outlooks []Outlook, talks []Talk, goals []card.Goal, promises []card.Promise, now time.Time) []Step {
	var out []Step
	var oldest, newest Talk
	for _, t := range talks {
		if !t.Waiting.IsZero() && (oldest.ID == "" || t.Waiting.Before(oldest.Waiting)) {
			oldest = t
		}
		if newest.ID == "" || t.Last.After(newest.Last) {
			newest = t
		}
	}
	if oldest.ID != "" {
		out = append(out, Step{Do: Reply, Talk: oldest.ID, At: oldest.Waiting})
	}
	var due []card.Promise
	for _, p := range promises {
		if p.State == "open" && !p.Due.IsZero() && p.Due.Before(now.Add(soon)) {
			due = append(due, p)
		}
	}
	slices.SortFunc(due, func(a, b card.Promise) int { return a.Due.Compare(b.Due) })
	for _, p := range due {
		out = append(out, Step{Do: Keep, Talk: p.Conversation, Promise: p.ID, Text: p.Text, At: p.Due})
	}
	if oldest.ID != "" || newest.ID == "" {
		return out // whoever waits is answered first; and where we never talked there is no place to
	}
	wants := slices.IndexFunc(goals, func(g card.Goal) bool { return g.Status == "open" })
	for _, o := range outlooks {
		switch {
		case !o.Likely():
		case o.What == GoesQuiet && wants >= 0:
			out = append(out, Step{Do: Write, Talk: newest.ID, Text: goals[wants].Text, At: newest.Last, Share: o.Share})
		case o.What == SpeaksWell:
			out = append(out, Step{Do: Thank, Talk: newest.ID, At: newest.Last, Share: o.Share})
		}
	}
	return out
}
