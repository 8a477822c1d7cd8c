package channeltest

import (
	"bytes"
	"reflect"
	"slices"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// some returns a few events of a rig.
func some(t *testing.T, rig *Rig) []channel.Event {
	_, poll := rig.Channel.(channel.Poller)
	e := listen(t, rig, !poll)
	cursor := e.hello()
	want := []string{rig.Say("one & two <three>"), rig.Say("Grüße 😀 https://example.com/a?b=c")}
	if rig.Delete != nil && !poll {
		events, _ := e.hear(cursor, want...)
		return events
	}
	events, _ := e.hear(cursor, want...)
	return events
}

// reading tests Read.
func reading(t *testing.T, make Make) {
	t.Run("is pure", func(t *testing.T) {
		rig := make(t)
		events := some(t, rig)
		var first [][]social.Activity
		for _, ev := range events {
			first = append(first, read(t, rig, ev))
		}
		rig.Trouble(Away) // Read needs no network
		for round := range 2 {
			for i, ev := range events {
				raw := bytes.Clone(ev.Raw)
				if got := read(t, rig, ev); !reflect.DeepEqual(got, first[i]) {
					t.Fatalf("round %d: %+v, first %+v", round, got, first[i])
				}
				if !bytes.Equal(raw, ev.Raw) {
					t.Fatal("Read changes the event")
				}
			}
			slices.Reverse(events)
			slices.Reverse(first)
		}
		// Another channel of the same configuration reads the same.
		other := make(t)
		for i, ev := range events {
			if got := read(t, other, ev); len(got) != len(first[i]) || (len(got) > 0 && (got[0].ExternalID != first[i][0].ExternalID || got[0].Text != first[i][0].Text || got[0].Directed != first[i][0].Directed)) {
				t.Fatalf("another channel reads %+v, first %+v", got, first[i])
			}
		}
	})
	t.Run("gives whole activities", func(t *testing.T) {
		rig := make(t)
		var texts []string
		for _, ev := range some(t, rig) {
			for _, a := range read(t, rig, ev) {
				whole(t, a)
				texts = append(texts, a.Text)
			}
		}
		for _, want := range []string{"one & two <three>", "Grüße 😀 https://example.com/a?b=c"} {
			if !slices.ContainsFunc(texts, func(s string) bool { return bytes.Contains([]byte(s), []byte(want)) }) {
				t.Errorf("%q did not come through: %q", want, texts)
			}
		}
	})
	t.Run("malformed", func(t *testing.T) {
		rig := make(t)
		raws := append([][]byte{nil, {}, []byte("null"), []byte("{"), []byte("[]"), []byte("{}"), []byte(`""`), []byte("\x00\xff"), []byte("<html>"), bytes.Repeat([]byte("["), 100_000)}, rig.Malformed...)
		for _, raw := range raws {
			as, err := rig.Channel.Read(channel.Event{Key: "k", Raw: raw, At: time.Unix(1, 0)})
			if err == nil {
				t.Fatalf("%.80q was read as %+v", raw, as)
			}
			kinds(t, err, social.Invalid)
		}
	})
	t.Run("mangled", func(t *testing.T) {
		rig := make(t)
		for _, ev := range some(t, rig) {
			for n := range uint64(1500) {
				m := ev
				m.Raw = mutate(ev.Raw, n*2654435761+88172645463325252)
				as, err := rig.Channel.Read(m)
				if err != nil {
					kinds(t, err, social.Invalid)
					continue
				}
				for _, a := range as {
					whole(t, a)
					if t.Failed() {
						t.Fatalf("from %q", m.Raw)
					}
				}
			}
		}
	})
}

// whole fails unless an activity has what every activity needs.
func whole(t *testing.T, a social.Activity) {
	t.Helper()
	if a.ID != "" || a.Channel != "" {
		t.Errorf("ID and Channel are the caller's: %q, %q", a.ID, a.Channel)
	}
	if a.ExternalID == "" {
		t.Error("no external id")
	}
	if !slices.Contains([]social.Verb{social.Create, social.Update, social.Delete}, a.Verb) {
		t.Errorf("verb %q", a.Verb)
	}
	for name, s := range map[string]string{"text": a.Text, "title": a.Title, "id": a.ExternalID, "name": a.Author.Name, "handle": a.Author.Handle} {
		if !utf8.ValidString(s) {
			t.Errorf("the %s is not UTF-8: %q", name, s)
		}
	}
	if len(a.Text) > 1<<20 {
		t.Errorf("a text of %d bytes", len(a.Text))
	}
	if a.Verb == social.Delete {
		return // whose it was, the network need not say
	}
	if a.Author.Scheme == "" || a.Author.Value == "" {
		t.Errorf("no author: %+v", a.Author)
	}
	if !slices.Contains([]social.Form{social.FormPost, social.FormComment, social.FormDirect, social.FormReview, social.FormArticle}, a.Form) {
		t.Errorf("form %q", a.Form)
	}
	if a.Visibility != social.Public && a.Visibility != social.Direct {
		t.Errorf("visibility %q", a.Visibility)
	}
	if a.Published.IsZero() || a.Published.Location() != time.UTC {
		t.Errorf("published %v", a.Published)
	}
	if a.Own && a.Directed {
		t.Error("our own words are directed at us")
	}
	if a.Rating < 0 || a.Rating > 5 || a.Likes < 0 || a.Shares < 0 || a.Reach < 0 {
		t.Errorf("numbers: %+v", a)
	}
}
