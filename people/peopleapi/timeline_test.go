package peopleapi_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/people"
	"github.com/parley-crm/parley/people/card"
	"github.com/parley-crm/parley/people/deal"
	"github.com/parley-crm/parley/people/peopleapi"
	"github.com/parley-crm/parley/social"
)

// Habits knows that everybody writes on Mondays at nine, of shipping.
func (h *house) Habits(_ context.Context, _ []social.IdentityID, zone *time.Location) (people.Habits, error) {
	out := people.Habits{N: 2, About: people.Most(map[string]int{"topic:shipping": 1, "intent:complaint": 2})}
	at := time.Date(2031, 3, 3, 9, 0, 0, 0, time.UTC).In(zone)
	out.Hours[0][at.Hour()] = 2
	return out, nil
}

// diary is a source of moments that somebody said, one each minute; every
// hundredth is about shipping and came with a file.
type diary struct {
	start time.Time
	n     int
	asked int
}

func (d *diary) Moments(_ context.Context, who []social.IdentityID, l people.Look) (out []people.Moment, _ error) {
	d.asked++
	if !l.Wants("said") || len(who) == 0 {
		return nil, nil
	}
	for i := d.n - 1; i >= 0 && len(out) < l.Limit; i-- {
		m := people.Moment{At: d.start.Add(-time.Duration(d.n-i) * time.Minute), ID: fmt.Sprintf("d%06d", i), Kind: "said", Channel: "masto",
			Text: fmt.Sprintf("Très joli grinder number %d, the old one broke and I would like to know what to do", i), Identity: who[0]}
		if i%2 == 1 {
			m.Channel = "mail"
		}
		if i%100 == 0 {
			m.Labels = []string{"topic:shipping"}
			m.With = []people.With{{Kind: "file", Text: fmt.Sprintf("Rechnung_%d.pdf", i)}}
		}
		if !(m.At.Before(l.Before) || m.At.Equal(l.Before) && m.ID < l.BeforeID) || len(l.Channels) > 0 && !slices.Contains(l.Channels, m.Channel) {
			continue
		}
		out = append(out, m)
	}
	return out, nil
}

// told opens a house in which Nils said n things, was noted down, and ordered.
func told(h *house, n int) (nils string, d *diary) {
	box := &card.Box{Store: h.persons, People: h.book, Herald: herald{}, Mates: herald{}, Clock: h.now}
	peopleapi.RegisterCards(h.srv, box, h)
	peopleapi.Register(h.srv, h.book, h)
	d = &diary{start: h.now.Now(), n: n}
	h.book.Sources = []people.Source{h.persons, d}
	h.book.Aliases, h.book.Owned = h.persons, []people.Owned{h.books.Store.(people.Owned), people.OwnedFunc(h.persons.Known)}
	nils = h.meet("nils", "north")
	h.made("/api/people/"+nils+"/notes", `{"text":"Wants a quiet grinder 👋"}`)
	_, _, err := h.books.Upsert(asSystem(), deal.Order{External: "S-1", Number: "BW-1", Status: "paid", Programme: "north", Amount: 100, Currency: "EUR", At: h.now.Now().Add(-24 * time.Hour),
		Lines: []deal.OrderLine{{SKU: "K2", Name: "Kettle of steel", Quantity: 1, Amount: 100}}}, deal.Buyer{Person: social.PersonID(nils)})
	if err != nil {
		h.t.Fatal(err)
	}
	return nils, d
}

func TestATimelineIsSearched(t *testing.T) {
	houses(t, func(h *house) {
		nils, _ := told(h, 300)
		line := "/api/people/" + nils + "/timeline"
		since := h.now.Now().Add(-5*time.Minute - time.Second).Format(time.RFC3339)
		h.all([]asked{
			{"all of it", "vic", "GET", line + "?limit=100", "", 200, `"next":`, ""},
			{"by a word without accents or case", "vic", "GET", line + "?q=TRES+joli&limit=1", "", 200, "Très joli grinder number 299", "quiet"},
			{"by beginnings", "vic", "GET", line + "?q=gri+quie", "", 200, "quiet grinder", "Très"},
			{"by a sign", "vic", "GET", line + "?q=%F0%9F%91%8B", "", 200, "quiet grinder", "Très"},
			{"by a line of an order", "vic", "GET", line + "?q=kettle", "", 200, `"kind":"line","text":"Kettle of steel K2"`, "said"},
			{"by its article", "vic", "GET", line + "?q=k2", "", 200, `"kind":"order"`, "said"},
			{"by a file's name", "vic", "GET", line + "?q=rechnung+200", "", 200, "Rechnung_200.pdf", "Rechnung_100"},
			{"by kind", "vic", "GET", line + "?kinds=order,about", "", 200, "quiet grinder", "Très"},
			{"by channel", "vic", "GET", line + "?channels=mail&limit=1", "", 200, "number 299", "quiet"},
			{"by another", "vic", "GET", line + "?channels=masto&limit=1", "", 200, "number 298", "quiet"},
			{"by subject", "vic", "GET", line + "?about=topic:shipping&limit=5", "", 200, "number 200", "number 299"},
			{"of the last minutes", "vic", "GET", line + "?since=" + since, "", 200, "number 295", "number 294"},
			{"before them", "vic", "GET", line + "?limit=1&until=" + since, "", 200, "number 294", "number 295"},
			{"by what nobody said", "vic", "GET", line + "?q=zebra", "", 200, `"items":[],"looked":`, "grinder"},
			{"by half a character", "vic", "GET", line + "?q=%C3%28", "", 400, "no text", ""},
			{"a kind that there is not", "vic", "GET", line + "?kinds=lies", "", 422, "promise", ""},
			{"too many words", "vic", "GET", line + "?q=" + strings.Repeat("a", 201), "", 422, "", ""},
			{"a stranger's person", "sue", "GET", line + "?q=grinder", "", 404, "", "quiet"},
			{"habits", "vic", "GET", "/api/people/" + nils + "/habits", "", 200, `"about":[{"label":"intent:complaint","count":2},{"label":"topic:shipping","count":1}]`, ""},
			{"in a zone that there is not", "vic", "GET", "/api/people/" + nils + "/habits?zone=Mars/Base", "", 422, "Europe/Berlin", ""},
			{"not a stranger's", "sue", "GET", "/api/people/" + nils + "/habits", "", 404, "", "complaint"},
		})
	})
}

// TestATimelineIsPagedWithoutGaps reads searches page by page and finds every
// moment once, also where a page holds nothing.
func TestATimelineIsPagedWithoutGaps(t *testing.T) {
	houses(t, func(h *house) {
		nils, _ := told(h, 12_000)
		for _, look := range []struct {
			people.Look
			want int
		}{{people.Look{Words: "rechnung", Limit: 7}, 120}, {people.Look{Words: "number 0", Limit: 3}, 1}, {people.Look{About: "topic:shipping", Channels: []social.ChannelID{"masto"}, Limit: 50}, 120}} {
			got, pages := map[string]bool{}, 0
			for l := look.Look; ; pages++ {
				story, err := h.book.Timeline(asSystem(), social.PersonID(nils), l)
				if err != nil {
					t.Fatal(err)
				}
				for _, m := range story.Moments {
					if got[m.ID] {
						t.Fatalf("%+v gives %s twice", look, m.ID)
					}
					got[m.ID] = true
				}
				if len(story.Moments) > l.Limit || story.Looked > 5_500 {
					t.Fatalf("a page has %d moments, of %d looked at", len(story.Moments), story.Looked)
				}
				if l.Before, l.BeforeID = story.Next, story.NextID; story.Next.IsZero() {
					break
				}
			}
			if len(got) != look.want || pages == 0 {
				t.Errorf("%+v: %d in %d pages, want %d", look.Look, len(got), pages+1, look.want)
			}
		}
	})
}

func TestWhyAMomentIsHere(t *testing.T) {
	houses(t, func(h *house) {
		nils, _ := told(h, 0)
		h.book.Hearing = nil
		ola := h.meet("ola", "north")
		note := h.made("/api/people/"+ola+"/notes", `{"text":"Ola likes tea"}`)
		m, err := h.book.Join(asSystem(), social.PersonID(nils), social.PersonID(ola))
		if err != nil {
			t.Fatal(err)
		}
		story, err := h.book.Timeline(asSystem(), social.PersonID(nils), people.Look{Kinds: []string{"about"}, Limit: 10})
		if err != nil || len(story.Moments) != 2 {
			t.Fatalf("%+v, %v", story, err)
		}
		for _, x := range story.Moments {
			if (x.ID == note) != (x.Joined != nil) || x.Joined != nil && x.Joined.ID != m.ID {
				t.Errorf("%q came by %+v", x.Text, x.Joined)
			}
		}
	})
}
