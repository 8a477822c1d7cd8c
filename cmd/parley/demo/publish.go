package demo

import (
	"context"
	"time"

	"github.com/parley-crm/parley/social"
)

// Press is where the company says something by itself.
type Press interface {
	// Say writes, plans and reviews something that the company says, as far as
	// its Fate goes.
	Say(ctx context.Context, s Say, by, manager social.MemberID, p social.ProgrammeID) error
}

// Fate is how far something has come when the script ends.
type Fate string

// The fates.
const (
	Out       Fate = "published"
	Planned   Fate = "scheduled"
	Asked     Fate = "in review"
	Returned  Fate = "to be changed"
	Begun     Fate = "draft"
	Cleared   Fate = "approved"
	Stopped   Fate = "held"
	Unsettled Fate = "unknown"
	Lost      Fate = "failed"
)

// Say is something that the company says by itself.
type Say struct {
	Days     float64 // before the end; negative: after it
	Text     string
	Table    string // what it says on the forum, where that is something else; "-": not there
	Campaign string
	Fate     Fate
	Why      string // of a return and a hold
	By       string // key of a member
	In       string // programme
}

// speaker is who approves what the company says.
const speaker = "idris.bakare"

// says are a month of what the company says, and what it has planned.
var says = []Say{
	{29, "Autumn in a cup: our blend for long evenings is in the shops. https://brewell.example/autumn", "-", "autumn", Out, "", "camille.roux", marketing},
	{26, "How do you keep your kettle free of limescale? Ours: half vinegar, half water, once a month. https://brewell.example/help/descaling", "What is your way to keep limescale away? We collect the best ones for our help page.", "care", Out, "", "hannah.vogt", marketing},
	{22, "The workshop in Portland repairs kettles on Saturdays, whatever their age. https://brewell.example/portland", "-", "repairs", Out, "", "marcus.bell", marketing},
	{17, "We are looking for a barista trainer in Lisbon. Tell somebody who would be good at it: https://brewell.example/jobs/lisbon", "-", "jobs", Out, "", "wen.li", marketing},
	{13, "Two hundred of you voted: the next kettle will be quieter. Here is how we measure that: https://brewell.example/quiet", "You voted for a quieter kettle. Which sound bothers you most: the heating, the boil, or the click?", "quiet", Out, "", "wen.li", marketing},
	{8, "Grinding for a French press? Coarse, like sea salt. Our guide has pictures: https://brewell.example/help/grind", "-", "care", Out, "", "camille.roux", marketing},
	{4, "Gift sets are back until the end of the year. https://brewell.example/gifts", "-", "gifts", Out, "", "camille.roux", marketing},
	{.02, "The new spare parts page finds your kettle by its serial number. https://brewell.example/parts", "-", "repairs", Unsettled, "", "wen.li", marketing},
	{.015, "Our stand at the tea fair: hall 4, next to the fountain. https://brewell.example/fair", "-", "fair", Lost, "", "wen.li", marketing},
	{-1, "Open house at the roastery this Saturday. Come and taste three new teas. https://brewell.example/open-house", "-", "open-house", Stopped, "Nothing cheerful while the recall runs.", "camille.roux", marketing},
	{-1.2, "Every kettle of batch 7 is replaced for nothing. Look at the number below the base: https://brewell.example/recall", "Questions about the recall of batch 7? Ask here, we answer all of them today.", "recall", Planned, "", "wen.li", marketing},
	{-3, "Tea at altitude: why it tastes different, and what helps. https://brewell.example/altitude", "-", "care", Planned, "", "camille.roux", marketing},
	{-5, "Winter hours of our shops, all on one page. https://brewell.example/hours", "-", "", Planned, "", "wen.li", marketing},
	{-7, "Twelve days, twelve brews. Day one: ginger and pear. https://brewell.example/twelve", "Twelve days, twelve brews: what would you put into day seven?", "twelve", Asked, "", "wen.li", marketing},
	{-9, "The quiet kettle, heard next to the old one. Sound on. https://brewell.example/quiet", "-", "quiet", Asked, "", "camille.roux", marketing},
	{-11, "Best gifts under thirty. https://brewell.example/gifts", "-", "gifts", Returned, "Say in which currency, and that it holds while stocks last.", "camille.roux", marketing},
	{-14, "A year of repairs: 4,100 kettles did not become waste. https://brewell.example/repairs", "-", "repairs", Cleared, "", "marcus.bell", marketing},
	{0, "Ideas for January: tea for people who don't like tea", "-", "", Begun, "", "wen.li", marketing},
}

// Saying returns what is said by its number.
func Saying(i int) Say { return says[i] }

// says lets the company speak: at its time what is out, at the end the rest.
func (w *writer) says() {
	part := min(time.Hour, w.script.To.Sub(w.script.Crisis)) // of a day that is still young there is less
	for i, s := range says {
		at := w.script.To.Add(-time.Duration(s.Days * 24 * float64(time.Hour)))
		if s.Fate != Out {
			at = w.script.To.Add(-time.Duration(.25*float64(part)) + time.Duration(i)*time.Millisecond)
		}
		w.put(Act{At: at, Do: Speak, By: s.By, Level: i})
	}
}
