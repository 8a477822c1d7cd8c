package publish

import (
	"testing"
	"time"
)

// TestEveryTransition says of each state and act where it leads, "" for
// nowhere: 9 states × 17 acts.
func TestEveryTransition(t *testing.T) {
	leads := map[State]map[Act]State{
		Draft:      {Submit: InReview, Plan: Scheduled, Edit: Draft},
		InReview:   {Approve: Approved, Return: Draft, Reject: Draft, Withdraw: Draft, Edit: Draft, Hold: Held},
		Approved:   {Plan: Scheduled, Withdraw: Draft, Edit: Draft, Hold: Held},
		Scheduled:  {Plan: Scheduled, Unplan: Approved, Withdraw: Draft, Edit: Draft, Hold: Held, Begin: Publishing, Refuse: Failed},
		Publishing: {Arrive: Published, Busy: Scheduled, Refuse: Failed, Doubt: Unknown},
		Unknown:    {Arrive: Published, Missing: Failed},
		Published:  {},
		Failed:     {Plan: Scheduled, Withdraw: Draft, Edit: Draft, Arrive: Published},
		Held:       {Resume: InReview, Delay: Approved, Withdraw: Draft, Edit: Draft},
	}
	now := time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)
	for _, from := range States() {
		for _, act := range Acts() {
			p := &Post{State: from, Was: InReview, NextAt: now, Problem: "old"}
			err := p.turn(act, now)
			want, can := leads[from][act]
			switch {
			case can && (err != nil || p.State != want):
				t.Errorf("%s + %s: got %s, %v, want %s", from, act, p.State, err, want)
			case !can && (err == nil || p.State != from):
				t.Errorf("%s + %s went to %s, and must not", from, act, p.State)
			case can && (p.Problem != "" || !p.NextAt.IsZero()):
				t.Errorf("%s + %s kept what was before", from, act)
			}
		}
	}
}

// TestUnknownIsNeverSentAgain: from unknown nothing leads to publishing but
// reading that it is not there, and then a person.
func TestUnknownIsNeverSentAgain(t *testing.T) {
	for act, to := range ways[Unknown] {
		if to != Published && to != Failed {
			t.Errorf("unknown + %s leads to %s", act, to)
		}
	}
	for _, act := range []Act{Begin, Plan, Hold, Edit, Withdraw, Busy} {
		if _, err := Next(Unknown, act); err == nil {
			t.Errorf("unknown can %s", act)
		}
	}
	for from, acts := range ways {
		for act, to := range acts {
			if to == Publishing && (from != Scheduled || act != Begin) {
				t.Errorf("%s + %s leads to publishing", from, act)
			}
		}
	}
}

func TestTag(t *testing.T) {
	u := UTM{"mastodon", "social", "spring"}
	tests := []struct{ name, text, want string }{
		{"a link gets its marks", "See https://brewell.example/tea now", "See https://brewell.example/tea?utm_campaign=spring&utm_medium=social&utm_source=mastodon now"},
		{"one that has marks keeps them", "https://a.example/?utm_source=x", "https://a.example/?utm_source=x&utm_campaign=spring&utm_medium=social"},
		{"a mail address is none", "write to ida@brewell.example", "write to ida@brewell.example"},
		{"a fragment stays behind", "https://a.example/b#c", "https://a.example/b?utm_campaign=spring&utm_medium=social&utm_source=mastodon#c"},
		{"a full stop is not part of it", "https://a.example/b.", "https://a.example/b?utm_campaign=spring&utm_medium=social&utm_source=mastodon."},
		{"no words, no links", "", ""},
	}
	for _, tt := range tests {
		if got := Tag(tt.text, u); got != tt.want {
			t.Errorf("%s:\n got %q\nwant %q", tt.name, got, tt.want)
		}
	}
}

func TestFree(t *testing.T) {
	vienna := Queue{Zone: "Europe/Vienna", Slots: []Slot{{time.Sunday, 150}, {time.Thursday, 540}, {time.Thursday, 1020}}} // Sunday 02:30, Thursday 9:00 and 17:00
	at := func(s string) time.Time {
		v, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	tests := []struct {
		name, after string
		taken       []string
		want        string
	}{
		{"the first that comes", "2026-11-26T05:00:00Z", nil, "2026-11-26T08:00:00Z"},
		{"the next where the first is taken", "2026-11-26T05:00:00Z", []string{"2026-11-26T08:00:00Z"}, "2026-11-26T16:00:00Z"},
		{"next week after the last", "2026-11-26T16:00:00Z", []string{"2026-11-29T01:30:00Z"}, "2026-12-03T08:00:00Z"},
		{"in summer an hour earlier", "2026-07-23T05:00:00Z", nil, "2026-07-23T07:00:00Z"},
		{"a time that spring leaves out comes an hour later", "2026-03-28T05:00:00Z", nil, "2026-03-29T01:30:00Z"},
	}
	for _, tt := range tests {
		var taken []time.Time
		for _, s := range tt.taken {
			taken = append(taken, at(s))
		}
		if got, ok := vienna.Free(at(tt.after), taken); !ok || !got.Equal(at(tt.want)) {
			t.Errorf("%s: %s %v, want %s", tt.name, got, ok, tt.want)
		}
	}
	if _, ok := (Queue{Zone: "Europe/Vienna"}).Free(at("2026-11-26T05:00:00Z"), nil); ok {
		t.Error("a queue without slots has a free one")
	}
}

func TestOverlap(t *testing.T) {
	tests := []struct {
		name, a, b string
		twins      bool
	}{
		{"the same", "Our winter tea is here. Come and taste it.", "Our winter tea is here. Come and taste it.", true},
		{"another link and other signs", "Our winter tea is here! Come and taste it https://a.example/1", "Our winter tea is here. Come and taste it https://b.example/2", true},
		{"one word more", "Our new winter tea is here today in every shop of ours", "Our new winter tea is here today in every shop of ours now", true},
		{"something else", "We are closed on Friday, see you on Saturday", "Our winter tea is here. Come and taste it.", false},
		{"nothing", "", "", false},
	}
	for _, tt := range tests {
		if got := overlap(shingles(tt.a), shingles(tt.b)) >= alike; got != tt.twins {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
}

func TestBestTimes(t *testing.T) {
	zone, _ := time.LoadLocation("Europe/Vienna")
	base := time.Date(2026, 11, 5, 17, 0, 0, 0, time.UTC) // Thursday, 18:00 in Vienna
	best, n := BestTimes([]Echo{{base, 4}, {base.AddDate(0, 0, 7), 5}, {base.Add(time.Hour), 1}}, zone)
	if n != 10 || len(best) != 2 || best[0].Day != time.Thursday || best[0].Hour != 18 || best[0].N != 9 || best[0].Share != 0.9 {
		t.Errorf("%+v of %d", best, n)
	}
	if best, n := BestTimes(nil, zone); n != 0 || len(best) != 0 {
		t.Errorf("of nothing: %+v, %d", best, n)
	}
}

func TestClean(t *testing.T) {
	tests := []struct{ in, want string }{
		{" a\r\nb\x00\x1b ", "a\nb"},
		{"\xff\xfe tea", "\uFFFD tea"},
		{"\u202Eevil \U0001FAD6 שלום", "\u202Eevil \U0001FAD6 שלום"},
	}
	for _, tt := range tests {
		if got := clean(tt.in); got != tt.want {
			t.Errorf("%q: %q", tt.in, got)
		}
	}
}
