package know_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/engage/know"
	"github.com/parley-crm/parley/social"
)

// shelve brings in the articles of the example company.
func (h *house) shelve() {
	h.Helper()
	names, err := filepath.Glob("../../cmd/parley/demo/help/*.md")
	h.must(err)
	var files []know.File
	for _, name := range names {
		text, err := os.ReadFile(name)
		h.must(err)
		files = append(files, know.File{Name: name, Text: string(text)})
	}
	done, err := h.lib.Import(h.ctx, files, know.Article{}, false, anybody)
	h.must(err)
	for _, d := range done {
		if d.Act != "add" {
			h.Fatalf("%+v", d)
		}
	}
}

func titles(got []know.Suggestion) string {
	var out []string
	for _, s := range got {
		out = append(out, s.Title)
	}
	return strings.Join(out, " | ")
}

// TestSuggest: what a responder gets beside a conversation.
func TestSuggest(t *testing.T) {
	each(t, func(h *house) {
		h.shelve()
		ask := func(said ...string) []know.Suggestion {
			t.Helper()
			got, err := h.lib.Suggest(h.ctx, know.Question{Said: said, Lang: "en"}, 4)
			h.must(err)
			return got
		}
		got := ask("How do I get the limescale out?")
		if len(got) == 0 || got[0].Slug != "descale" || !strings.Contains(got[0].Passage, "imescale") || len(got[0].Marks) == 0 || got[0].Share <= 0 {
			t.Fatalf("%+v", got)
		}
		for _, m := range got[0].Marks {
			if r := []rune(got[0].Passage); m[0] >= m[1] || m[1] > len(r) {
				t.Errorf("a mark outside of the passage: %v", m)
			}
		}
		if got := ask("Thanks!", "My kettle has so much limescale"); len(got) == 0 || got[0].Slug != "descale" {
			t.Errorf("where the newest words say little, older ones count: %s", titles(got))
		}
		if got := ask("Lovely weather today, isn't it"); len(got) != 0 {
			t.Errorf("nothing suits: %s", titles(got))
		}
		for _, hostile := range []string{"", "🙂🙂", "\xff\xfe", strings.Repeat("limescale ", 200_000), strings.Repeat("a", 1_000_000), "' OR 1=1; --", "\u202elimescale\u202c"} {
			ask(hostile)
		}

		kept, err := h.lib.KeepAnswer(h.ctx, know.Answer{Question: "@brewell my lid squeaks, mail me at amara@example.org or +44 20 7946 0958", Text: "@amara A drop of oil on the hinge, and it is quiet: https://brewell.example/@guides/lid", Lang: "en",
			Conversation: "c1", Message: "m1", Why: know.WhyThanked})
		h.must(err)
		if strings.Contains(kept.Question, "amara") || strings.Contains(kept.Question, "7946") || strings.HasPrefix(kept.Text, "…") || strings.Contains(kept.Text, "amara") || !strings.Contains(kept.Text, "example/@guides/lid") {
			t.Errorf("what points at a person is taken out: %+v", kept)
		}
		again, err := h.lib.KeepAnswer(h.ctx, know.Answer{Question: "squeak", Text: "A drop of oil on the hinge, and it is quiet: https://brewell.example/@guides/lid!", Lang: "en", Conversation: "c2", Message: "m2", Why: know.WhyKept})
		h.must(err)
		if again.ID != kept.ID {
			t.Error("the same answer is kept once")
		}
		got = ask("the lid of my kettle squeaks")
		if len(got) == 0 || got[0].Kind != know.KindAnswer || got[0].Why != know.WhyThanked {
			t.Fatalf("%+v", got)
		}
		if got, err := h.lib.Suggest(as(t.Context(), "sue", "south"), know.Question{Said: []string{"the lid squeaks"}, Lang: "en"}, 4); err != nil || slices.ContainsFunc(got, func(s know.Suggestion) bool { return s.Kind == know.KindAnswer }) {
			t.Error("an answer out of a conversation is for those who may see it")
		}

		letter, err := h.lib.KeepAnswer(h.ctx, know.Answer{Question: "photos?", Text: "Hello Josie,\n\nthe photos are on the press page.\nTake any.\n\nAll the best,\nIdris", Lang: "en", Conversation: "c7", Message: "m7"})
		h.must(err)
		if letter.Text != "the photos are on the press page.\nTake any." {
			t.Errorf("a letter is kept without its names: %q", letter.Text)
		}
		h.must(h.lib.Insert(h.ctx, "c3", know.KindAnswer, string(kept.ID)))
		h.must(h.lib.Insert(h.ctx, "c3", know.KindAnswer, string(kept.ID)))
		if got := ask("the lid squeaks"); got[0].Used != 1 {
			t.Errorf("inserted twice in one conversation counts once: %d", got[0].Used)
		}
		h.now.Add(time.Hour)
		h.must(h.lib.Resolved(h.ctx, "c3", h.now.Now()))
		h.must(h.lib.Resolved(h.ctx, "c3", h.now.Now()))

		h.must(h.lib.DropAnswer(h.ctx, kept.ID))
		if got := ask("the lid of my kettle squeaks"); len(got) > 0 && got[0].Kind == know.KindAnswer {
			t.Error("suggested though dropped")
		}
		_, err = h.lib.BringAnswer(h.ctx, kept.ID)
		h.must(err)
		if got := ask("the lid of my kettle squeaks"); got[0].Kind != know.KindAnswer {
			t.Error("not suggested though back")
		}
		_, err = h.lib.KeepAnswer(as(t.Context(), "sue", "south"), know.Answer{Text: "x", Programme: "north", Message: "m9"})
		h.is(err, social.Forbidden)
		_, err = h.lib.KeepAnswer(h.ctx, know.Answer{Text: " \n", Message: "m9"})
		h.is(err, social.Invalid)
	})
}
