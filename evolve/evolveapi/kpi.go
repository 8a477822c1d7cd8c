package evolveapi

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/parley-crm/parley/evolve"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

// Card is one number with all that makes it honest.
type Card struct {
	Key        string   `json:"key"`
	Label      string   `json:"label"`
	Definition string   `json:"definition"`
	Unit       string   `json:"unit" enum:"count,share,seconds,points,money"`
	Currency   string   `json:"currency,omitempty"`
	Value      *float64 `json:"value" doc:"null when there is nothing to count."`
	Previous   *float64 `json:"previous" doc:"The same over the period before."`
	N          int64    `json:"n" doc:"How many things it rests on."`
}

// Board is what the numbers' page shows.
type Board struct {
	Range       string        `json:"range"`
	From        time.Time     `json:"from"`
	To          time.Time     `json:"to" doc:"Not included; days are UTC."`
	ReadAt      time.Time     `json:"read_at"`
	Cards       []Card        `json:"cards"`
	Volume      []VolumeDay   `json:"volume"`
	Sentiment   []FeelingDay  `json:"sentiment"`
	Answers     []AnswerDay   `json:"answers"`
	Conversions []OutcomeDay  `json:"conversions"`
	Credits     []Credited    `json:"credits" doc:"Conversations that brought most."`
	ByChannel   []ChannelLine `json:"by_channel"`
}

// VolumeDay counts what was heard on a day.
type VolumeDay struct {
	Day      time.Time `json:"day"`
	Heard    int64     `json:"heard"`
	Directed int64     `json:"directed"`
	Matched  int64     `json:"matched"`
}

// FeelingDay counts how a day's activities were scored.
type FeelingDay struct {
	Day      time.Time `json:"day"`
	Negative int64     `json:"negative"`
	Neutral  int64     `json:"neutral"`
	Positive int64     `json:"positive"`
}

// AnswerDay is how a day's people were answered.
type AnswerDay struct {
	Day      time.Time `json:"day"`
	Opened   int64     `json:"opened"`
	Answered int64     `json:"answered"`
	Median   *float64  `json:"median_s"`
	P90      *float64  `json:"p90_s"`
}

// OutcomeDay is what a day brought.
type OutcomeDay struct {
	Day         time.Time `json:"day"`
	Clicks      int64     `json:"clicks"`
	Conversions int64     `json:"conversions"`
	Value       []Money   `json:"value"`
}

// Credited is what a conversation brought.
type Credited struct {
	Conversation social.ConversationID `json:"conversation"`
	Subject      string                `json:"subject"`
	Author       string                `json:"author"`
	Clicks       int                   `json:"clicks"`
	Conversions  int                   `json:"conversions"`
	Value        []Money               `json:"value"`
}

// ChannelLine compares channels.
type ChannelLine struct {
	Channel  social.ChannelRef `json:"channel"`
	Heard    int64             `json:"heard"`
	Directed int64             `json:"directed"`
	Opened   int64             `json:"opened"`
	Answered int64             `json:"answered"`
	Median   *float64          `json:"median_s"`
	Negative int64             `json:"negative"`
	Neutral  int64             `json:"neutral"`
	Positive int64             `json:"positive"`
}

type kpisIn struct {
	Range string `query:"range" enum:"7d,30d,90d" default:"30d"`
}

func (a *api) kpis(ctx context.Context, in *kpisIn) (*server.Body[Board], error) {
	n := map[string]int{"7d": 7, "30d": 30, "90d": 90}[in.Range]
	b, err := a.ledger.Board(ctx, a.around, a.ledger.Last(n))
	if err != nil {
		return nil, err
	}
	out := Board{Range: in.Range, From: b.Days.From, To: b.Days.To, ReadAt: b.ReadAt}
	for _, x := range b.Numbers {
		out.Cards = append(out.Cards, Card(x))
	}
	days(&out, b, n)
	if out.ByChannel, err = a.channels(ctx, b); err != nil {
		return nil, err
	}
	out.Credits, err = a.credits(ctx, b.Days.From)
	return &server.Body[Board]{Body: out}, err
}

func (a *api) credits(ctx context.Context, since time.Time) ([]Credited, error) {
	top, err := a.ledger.Store.TopCredited(ctx, since, 20)
	if err != nil {
		return nil, err
	}
	ids := make([]social.ConversationID, len(top))
	for i, c := range top {
		ids[i] = c.Conversation
	}
	names, err := a.around.Names(ctx, ids)
	out := make([]Credited, len(top))
	for i, c := range top {
		n := names[c.Conversation]
		out[i] = Credited{Conversation: c.Conversation, Subject: n.Subject, Author: n.Author, Clicks: c.Clicks, Conversions: c.Conversions, Value: moneyList(c.Value)}
	}
	return out, err
}

// days lays the sums out by day, days without anything included.
func days(out *Board, b evolve.Board, n int) {
	at := func(t time.Time) int { return int(t.Sub(b.Days.From) / (24 * time.Hour)) }
	out.Volume, out.Sentiment = make([]VolumeDay, n), make([]FeelingDay, n)
	out.Answers, out.Conversions = make([]AnswerDay, n), make([]OutcomeDay, n)
	value := make([]map[string]int64, n)
	waits := make([][]evolve.WaitBucket, n)
	for i := range n {
		day := b.Days.From.AddDate(0, 0, i)
		out.Volume[i].Day, out.Sentiment[i].Day, out.Answers[i].Day, out.Conversions[i].Day = day, day, day, day
		value[i] = map[string]int64{}
	}
	for _, h := range b.Heard {
		v, f := &out.Volume[at(h.Day)], &out.Sentiment[at(h.Day)]
		v.Heard, v.Directed, v.Matched = v.Heard+h.Heard, v.Directed+h.Directed, v.Matched+h.Matched
		f.Negative, f.Neutral, f.Positive = f.Negative+h.Negative, f.Neutral+h.Neutral, f.Positive+h.Positive
	}
	for _, s := range b.Sums {
		i := at(s.Day)
		switch s.What {
		case "opened":
			out.Answers[i].Opened += s.N
		case "answered":
			out.Answers[i].Answered += s.N
		case "click":
			out.Conversions[i].Clicks += s.N
		case "conversion":
			out.Conversions[i].Conversions += s.N
		default:
			value[i][s.What] += s.N
		}
	}
	for _, w := range b.Waits {
		waits[at(w.Day)] = append(waits[at(w.Day)], w)
	}
	for i := range n {
		out.Answers[i].Median, out.Answers[i].P90 = quantile(waits[i], 0.5), quantile(waits[i], 0.9)
		out.Conversions[i].Value = []Money{}
		for what, minor := range value[i] {
			out.Conversions[i].Value = append(out.Conversions[i].Value, Money{float64(minor) / 100, what[len("value:"):]})
		}
		slices.SortFunc(out.Conversions[i].Value, func(a, b Money) int { return cmp.Compare(a.Currency, b.Currency) })
	}
}

func quantile(buckets []evolve.WaitBucket, q float64) *float64 {
	if s, ok := evolve.Quantile(buckets, q); ok {
		return &s
	}
	return nil
}

func (a *api) channels(ctx context.Context, b evolve.Board) ([]ChannelLine, error) {
	lines := map[social.ChannelID]*ChannelLine{}
	line := func(c social.ChannelID) *ChannelLine {
		if lines[c] == nil {
			lines[c] = &ChannelLine{Channel: social.ChannelRef{ID: c}}
		}
		return lines[c]
	}
	for _, h := range b.Heard {
		l := line(h.Channel)
		l.Heard, l.Directed = l.Heard+h.Heard, l.Directed+h.Directed
		l.Negative, l.Neutral, l.Positive = l.Negative+h.Negative, l.Neutral+h.Neutral, l.Positive+h.Positive
	}
	for _, s := range b.Sums {
		switch s.What {
		case "opened":
			line(s.Channel).Opened += s.N
		case "answered":
			line(s.Channel).Answered += s.N
		}
	}
	waits := map[social.ChannelID][]evolve.WaitBucket{}
	for _, w := range b.Waits {
		waits[w.Channel] = append(waits[w.Channel], w)
	}
	var ids []social.ChannelID
	for id := range lines {
		ids = append(ids, id)
	}
	refs, err := a.around.Channels(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := []ChannelLine{}
	for id, l := range lines {
		ref, ok := refs[id]
		if !ok {
			continue // out of scope, or removed
		}
		l.Channel, l.Median = ref, quantile(waits[id], 0.5)
		out = append(out, *l)
	}
	slices.SortFunc(out, func(a, b ChannelLine) int {
		return cmp.Or(cmp.Compare(b.Directed, a.Directed), cmp.Compare(b.Heard, a.Heard), cmp.Compare(a.Channel.Name, b.Channel.Name))
	})
	return out, nil
}
