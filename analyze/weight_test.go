package analyze

import (
	"fmt"
	"testing"

	"github.com/parley-crm/parley/social"
)

// Two are turned to by as many of the same people; whoever is answered is
// listened to more than whoever is only shared.
func TestAShareWeighsLessThanAnAnswer(t *testing.T) {
	var all []Strand
	for i := range 8 {
		fan := social.IdentityID(fmt.Sprint("fan", i))
		all = append(all, Strand{From: fan, To: "answered", Kind: BondReply, Times: 1}, Strand{From: fan, To: "shared", Kind: BondShare, Times: 1},
			Strand{From: fan, To: "quoted", Kind: BondQuote, Times: 1})
	}
	web, _ := weaveWeb(all)
	score := map[social.IdentityID]float64{}
	for _, m := range web.Members {
		score[m.Identity] = m.Score
	}
	if score["answered"] <= score["shared"] || score["quoted"] != score["answered"] || score["shared"] <= score["fan0"] {
		t.Errorf("answered %v, quoted %v, shared %v, a fan %v", score["answered"], score["quoted"], score["shared"], score["fan0"])
	}
}
