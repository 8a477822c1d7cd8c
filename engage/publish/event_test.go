package publish_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/engage/publish"
	"github.com/parley-crm/parley/social"
	"pgregory.net/rapid"
)

func (w *world) event(capacity int) publish.Event {
	w.Helper()
	at := w.now.Now().Add(48 * time.Hour)
	e, err := w.press.AddEvent(as(ida), publish.Event{Title: "Tea tasting", Place: "Linz, Main Square 1", Start: at, End: at.Add(2 * time.Hour), Zone: "Europe/Vienna", Capacity: capacity, Programme: care})
	w.must(err)
	_, _, err = w.press.Reply(as(max), e.Slug, publish.Answer{Name: "Ana", Email: "ana@x.example", Coming: publish.Yes})
	w.want(social.Conflict, err) // not opened yet
	e.Standing = publish.Open
	e, err = w.press.WriteEvent(as(ida), e.ID, e, e.Version)
	w.must(err)
	return e
}

func TestAnEventFillsAndEmpties(t *testing.T) {
	each(t, func(w *world) {
		e := w.event(2)
		keys := map[string]string{}
		say := func(name string, c publish.Coming) publish.Guest {
			t.Helper()
			w.now.Add(time.Minute)
			g, key, err := w.press.Reply(as(max), e.Slug, publish.Answer{Name: name, Email: strings.ToUpper(name) + "@x.example", Coming: c})
			w.must(err)
			keys[name] = key
			return g
		}
		say("ana", publish.Yes)
		say("ben", publish.Yes)
		if g := say("cleo", publish.Yes); !g.Waiting {
			t.Fatal("there is no room for a third")
		}
		say("dan", publish.Yes)
		say("eve", publish.Maybe)
		_, _, err := w.press.Reply(as(max), e.Slug, publish.Answer{Name: "Not Ana", Email: "ana@x.example", Coming: publish.No})
		w.want(social.Conflict, err) // nobody changes another's answer
		_, err = w.press.Reconsider(as(max), e.Slug, "forged", publish.No)
		w.want(social.NotFound, err)
		_, err = w.press.Reconsider(as(max), e.Slug, keys["ana"], publish.No)
		w.must(err)
		_, g, err := w.press.AtDoor(as(max), e.Slug, keys["cleo"])
		w.must(err)
		if g.Waiting {
			t.Error("a place is free, and cleo, who waited longest, still waits")
		}
		got, err := w.press.Store.Event(as(ida), e.ID)
		w.must(err)
		if want := (publish.Tally{Yes: 2, Waiting: 1, Maybe: 1, No: 1}); got.Tally != want {
			t.Errorf("%+v, want %+v", got.Tally, want)
		}
		got.Capacity = 0 // room for everybody
		got, err = w.press.WriteEvent(as(ida), e.ID, got, got.Version)
		w.must(err)
		if got.Tally.Waiting != 0 || got.Tally.Yes != 3 {
			t.Errorf("with room for everybody: %+v", got.Tally)
		}
		_, err = w.press.Attend(as(ida), e.ID, g.ID, true)
		w.must(err)
		w.must(w.press.Forget(as(ida), e.ID, g.ID))
		_, _, err = w.press.AtDoor(as(max), e.Slug, keys["cleo"])
		w.want(social.NotFound, err)
		_, err = w.press.Attend(as(ida, other), e.ID, g.ID, true)
		w.want(social.NotFound, err) // of another programme
		w.now.Add(72 * time.Hour)
		_, _, err = w.press.Reply(as(max), e.Slug, publish.Answer{Name: "Late", Email: "late@x.example", Coming: publish.Yes})
		w.want(social.Conflict, err)
	})
}

// TestNobodyWaitsWhileThereIsRoom holds after any answers and changes of room.
func TestNobodyWaitsWhileThereIsRoom(t *testing.T) {
	each(t, func(w *world) {
		n := 0
		rapid.Check(t, func(r *rapid.T) {
			e := w.event(rapid.IntRange(0, 3).Draw(r, "room"))
			var keys []string
			for range rapid.IntRange(1, 12).Draw(r, "acts") {
				w.now.Add(time.Second)
				c := rapid.SampledFrom([]publish.Coming{publish.Yes, publish.Yes, publish.Maybe, publish.No}).Draw(r, "answer")
				switch act := rapid.IntRange(0, 3).Draw(r, "act"); {
				case act == 0 && len(keys) > 0:
					if _, err := w.press.Reconsider(as(max), e.Slug, rapid.SampledFrom(keys).Draw(r, "who"), c); err != nil {
						r.Fatal(err)
					}
				case act == 1:
					is, _ := w.press.Store.Event(as(ida), e.ID)
					is.Capacity = rapid.IntRange(0, 4).Draw(r, "more room")
					if _, err := w.press.WriteEvent(as(ida), e.ID, is, is.Version); err != nil {
						r.Fatal(err)
					}
				default:
					n++
					_, key, err := w.press.Reply(as(max), e.Slug, publish.Answer{Name: "Guest", Email: fmt.Sprintf("g%d@x.example", n), Coming: c})
					if err != nil {
						r.Fatal(err)
					}
					keys = append(keys, key)
				}
				is, err := w.press.Store.Event(as(ida), e.ID)
				if err != nil {
					r.Fatal(err)
				}
				if is.Tally.Waiting > 0 && (is.Capacity == 0 || is.Tally.Yes < is.Capacity) {
					r.Fatalf("somebody waits, and there is room: %+v of %d", is.Tally, is.Capacity)
				}
			}
		})
	})
}

func TestWhatAnEventMustBe(t *testing.T) {
	now := time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)
	tests := []struct {
		name   string
		change func(e *publish.Event)
	}{
		{"no name", func(e *publish.Event) { e.Title = " \x00 " }},
		{"ends before it begins", func(e *publish.Event) { e.End = e.Start }},
		{"takes a year", func(e *publish.Event) { e.End = e.Start.AddDate(1, 0, 0) }},
		{"a zone of Mars", func(e *publish.Event) { e.Zone = "Mars/Base" }},
		{"the machine's own zone", func(e *publish.Event) { e.Zone = "Local" }},
		{"a link that runs", func(e *publish.Event) { e.Link = "javascript:alert(1)" }},
		{"room for fewer than nobody", func(e *publish.Event) { e.Capacity = -1 }},
		{"a novel", func(e *publish.Event) { e.About = strings.Repeat("tea ", 2000) }},
	}
	each(t, func(w *world) {
		for _, tt := range tests {
			e := publish.Event{Title: "Tea", Start: now, End: now.Add(time.Hour), Zone: "UTC"}
			tt.change(&e)
			if _, err := w.press.AddEvent(as(ida), e); !social.Invalid.Is(err) {
				t.Errorf("%s: %v", tt.name, err)
			}
		}
	})
}

func TestCalendarFile(t *testing.T) {
	e := publish.Event{ID: "0192", Title: "Tea, cake; and \\ more", About: "Come.\nBring a friend. " + strings.Repeat("שלום \U0001FAD6 ", 30), Place: "Linz",
		Start: time.Date(2026, 3, 29, 0, 30, 0, 0, time.UTC), End: time.Date(2026, 3, 29, 2, 0, 0, 0, time.UTC), Zone: "Europe/Vienna", Version: 3}
	got := string(publish.Calendar(e, "https://p.example/e/abc", time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)))
	for l := range strings.SplitSeq(strings.TrimSuffix(got, "\r\n"), "\r\n") {
		if len(l) > 75 || strings.ContainsAny(l, "\r\n") {
			t.Errorf("a line of %d octets: %q", len(l), l)
		}
	}
	read := parse(t, got)
	for name, want := range map[string]string{"DTSTART": "20260329T003000Z", "DTEND": "20260329T020000Z", "DTSTAMP": "20260301T090000Z", "UID": "0192@parley", "SEQUENCE": "2",
		"SUMMARY": e.Title, "DESCRIPTION": e.About, "LOCATION": "Linz", "URL": "https://p.example/e/abc", "STATUS": "CONFIRMED", "VERSION": "2.0"} {
		if read[name] != want {
			t.Errorf("%s: %q, want %q", name, read[name], want)
		}
	}
	e.Standing = publish.Cancelled
	if read := parse(t, string(publish.Calendar(e, "", e.Start))); read["STATUS"] != "CANCELLED" {
		t.Errorf("cancelled: %q", read["STATUS"])
	}
}

// parse reads a calendar file as RFC 5545 says: unfolded, nested, unescaped.
func parse(t *testing.T, s string) map[string]string {
	t.Helper()
	out := map[string]string{}
	var open []string
	for l := range strings.SplitSeq(strings.TrimSuffix(strings.ReplaceAll(s, "\r\n ", ""), "\r\n"), "\r\n") {
		name, value, ok := strings.Cut(l, ":")
		if !ok || strings.ToUpper(name) != name {
			t.Fatalf("%q is no line of a calendar", l)
		}
		switch name {
		case "BEGIN":
			open = append(open, value)
		case "END":
			if len(open) == 0 || open[len(open)-1] != value {
				t.Fatalf("%s ends, and %v is open", value, open)
			}
			open = open[:len(open)-1]
		default:
			if _, twice := out[name]; twice {
				t.Fatalf("%s twice", name)
			}
			out[name] = strings.NewReplacer("\\\\", "\\", "\\n", "\n", "\\,", ",", "\\;", ";").Replace(value)
		}
	}
	if len(open) > 0 {
		t.Fatalf("%v never ends", open)
	}
	return out
}
