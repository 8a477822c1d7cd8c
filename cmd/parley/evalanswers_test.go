package main

import "testing"

// TestAnswersFloor: the right article is suggested for questions in customers'
// own words, by words alone and better with the encoder, and it does not get
// worse unseen.
func TestAnswersFloor(t *testing.T) {
	m, err := measureAnswers(asParley(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	if m.questions < 80 || m.articles < 20 {
		t.Fatalf("%d questions, %d articles: too few to say anything", m.questions, m.articles)
	}
	for _, tt := range []struct {
		of       rated
		at3, mrr float64
	}{{m.words, 0.81, 0.78}, {m.both, 0.90, 0.83}} {
		t.Logf("%s: recall@1 %.3f, recall@3 %.3f, MRR %.3f, none %.3f, needless %d of %d", tt.of.name, tt.of.at1, tt.of.at3, tt.of.mrr, tt.of.none, tt.of.needless, m.remarks)
		if tt.of.at3 < tt.at3 || tt.of.mrr < tt.mrr {
			t.Errorf("%s fell below its floor: recall@3 %.2f, MRR %.2f", tt.of.name, tt.at3, tt.mrr)
		}
		if 2*tt.of.needless > m.remarks {
			t.Errorf("%s: %d of %d remarks that ask nothing get suggestions", tt.of.name, tt.of.needless, m.remarks)
		}
	}
}
