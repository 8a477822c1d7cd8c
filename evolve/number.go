package evolve

import (
	"context"
	"math"
	"slices"
	"time"

	"github.com/parley-crm/parley/social"
)

// Heard is what listening counted on one UTC day on one channel.
type Heard struct {
	Day                         time.Time
	Channel                     social.ChannelID
	Heard, Directed, Matched    int64
	Negative, Neutral, Positive int64
}

// Listening gives the sums that listening keeps, within the scope of ctx.
type Listening interface {
	HeardDays(ctx context.Context, from, to time.Time) ([]Heard, error)
}

// Number is one figure with all that makes it honest.
type Number struct {
	Key        string
	Label      string
	Definition string
	Unit       string // "count", "share", "seconds", "points", "money"
	Currency   string
	Value      *float64 // nil: not available, with n = 0
	Previous   *float64 // the same over the period before
	N          int64    // how many things it rests on
}

// Days is a period of whole UTC days: from From, before To.
type Days struct{ From, To time.Time }

// Last is the period of n days that ends with today.
func (g *Ledger) Last(n int) Days {
	to := Day(g.Clock.Now()).AddDate(0, 0, 1)
	return Days{From: to.AddDate(0, 0, -n), To: to}
}

// Before is the period of the same length just before.
func (d Days) Before() Days {
	return Days{From: d.From.Add(-d.To.Sub(d.From)), To: d.From}
}

// Board is everything that the numbers' page shows for a period.
type Board struct {
	Days    Days
	ReadAt  time.Time
	Numbers []Number
	Heard   []Heard
	Sums    []Sum
	Waits   []WaitBucket
}

// Board reads the sums of a period and of the one before it.
func (g *Ledger) Board(ctx context.Context, listening Listening, d Days) (Board, error) {
	b := Board{Days: d, ReadAt: g.Clock.Now()}
	var err error
	if b.Heard, err = listening.HeardDays(ctx, d.From, d.To); err != nil {
		return b, err
	}
	if b.Sums, err = g.Store.Sums(ctx, d.From, d.To); err != nil {
		return b, err
	}
	if b.Waits, err = g.Store.Waits(ctx, d.From, d.To); err != nil {
		return b, err
	}
	p := d.Before()
	heard, err := listening.HeardDays(ctx, p.From, p.To)
	if err != nil {
		return b, err
	}
	sums, err := g.Store.Sums(ctx, p.From, p.To)
	if err != nil {
		return b, err
	}
	waits, err := g.Store.Waits(ctx, p.From, p.To)
	if err != nil {
		return b, err
	}
	b.Numbers = numbers(b.Heard, b.Sums, b.Waits)
	for i, was := range numbers(heard, sums, waits) {
		if b.Numbers[i].Currency == was.Currency {
			b.Numbers[i].Previous = was.Value
		}
	}
	return b, nil
}

// Numbers of a period, always the same ones in the same order.
func numbers(heard []Heard, sums []Sum, waits []WaitBucket) []Number {
	total := map[string]int64{}
	for _, s := range sums {
		total[s.What] += s.N
	}
	var volume, directed, negative, neutral, positive int64
	for _, h := range heard {
		volume += h.Directed + h.Matched
		directed += h.Directed
		negative, neutral, positive = negative+h.Negative, neutral+h.Neutral, positive+h.Positive
	}
	out := []Number{
		{Key: "volume", Label: "Said about us", Unit: "count", Value: ptr(float64(volume)), N: volume,
			Definition: "Activities that were directed at us or matched by a monitor."},
		{Key: "answered_share", Label: "Share answered", Unit: "share", N: total["opened"],
			Definition: "Conversations answered for the first time in this period, divided by conversations that began in it. Answers to older conversations count, so it can exceed 100%."},
		{Key: "first_answer", Label: "Time to first answer", Unit: "seconds", N: total["answered"],
			Definition: "Median time from somebody's first message to our first answer, by the day of the answer, right within 5%. Conversations without an answer do not count."},
		{Key: "net_sentiment", Label: "Net sentiment", Unit: "points", N: negative + neutral + positive,
			Definition: "Positive minus negative in percent of all that was scored. Languages without a model are left out."},
		{Key: "conversions", Label: "Outcomes", Unit: "count", Value: ptr(float64(total["conversion"])), N: total["click"],
			Definition: "Outcomes reported in this period; n is the number of clicks on tracked links."},
	}
	if total["opened"] > 0 {
		out[1].Value = ptr(float64(total["answered"]) / float64(total["opened"]))
	}
	if median, ok := Quantile(waits, 0.5); ok {
		out[2].Value = ptr(math.Round(median))
	}
	if n := out[3].N; n > 0 {
		out[3].Value = ptr(100 * float64(positive-negative) / float64(n))
	}
	return append(out, worth(total))
}

// worth is the value in the currency that brought most; others are listed by
// the outcomes themselves, since they can't be summed honestly.
func worth(total map[string]int64) Number {
	n := Number{Key: "value", Label: "Value of outcomes", Unit: "money", N: total["conversion"],
		Definition: "Sum of the values that were reported, in the currency that brought most; other currencies are not converted."}
	var best int64
	var keys []string
	for what := range total {
		keys = append(keys, what)
	}
	slices.Sort(keys)
	for _, what := range keys {
		if len(what) == 9 && what[:6] == "value:" && total[what] > best {
			best, n.Currency = total[what], what[6:]
		}
	}
	if best > 0 {
		n.Value = ptr(float64(best) / 100)
	}
	return n
}

func ptr[T any](v T) *T { return &v }
