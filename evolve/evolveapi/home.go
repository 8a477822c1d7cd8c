package evolveapi

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/parley-crm/parley/evolve"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

// Waiting is a conversation that waits for us.
type Waiting struct {
	ID           social.ConversationID `json:"id"`
	Subject      string                `json:"subject"`
	Preview      string                `json:"preview"`
	Channel      social.ChannelRef     `json:"channel"`
	Visibility   social.Visibility     `json:"visibility"`
	Author       WaitingAuthor         `json:"author"`
	Sentiment    *social.Label         `json:"sentiment,omitempty"`
	WaitingSince time.Time             `json:"waiting_since"`
}

// WaitingAuthor is who waits.
type WaitingAuthor struct {
	Identity  social.IdentityID `json:"identity"`
	Name      string            `json:"name"`
	Handle    string            `json:"handle"`
	Avatar    string            `json:"avatar,omitempty"`
	Followers int               `json:"followers"`
}

// Busy is a monitor with what it matched.
type Busy struct {
	ID    social.MonitorID `json:"id"`
	Name  string           `json:"name"`
	Count int64            `json:"count"`
	Share float64          `json:"share" doc:"Of all that was said about us."`
}

// Governing sums up the rules.
type Governing struct {
	Programmes   int      `json:"programmes"`
	Members      int      `json:"members"`
	Acknowledged *float64 `json:"acknowledged_share" doc:"Of members, who have acknowledged every required policy; null without one."`
	MayAnswer    int      `json:"may_answer" doc:"Members whom the gate lets speak."`
}

// Change is something that colleagues changed.
type Change struct {
	At     time.Time `json:"at"`
	Actor  string    `json:"actor"`
	Verb   string    `json:"verb"`
	Object string    `json:"object"`
	ID     string    `json:"id"`
	Name   string    `json:"name,omitempty"`
}

// Home is today, once round the loop.
type Home struct {
	Sentence Sentence  `json:"sentence"`
	Signal   Signal    `json:"signal_to_answer"`
	Loop     Loop      `json:"loop"`
	Govern   Governing `json:"govern"`
	Needs    []Need    `json:"needs"`
	Changes  []Change  `json:"changes"`
	ReadAt   time.Time `json:"read_at"`
}

// Sentence says in plain words what is so.
type Sentence struct {
	Text     string `json:"text"`
	Emphasis string `json:"emphasis,omitempty" doc:"A part of the text that matters most."`
}

// Signal is the median time from what somebody said to our first answer.
type Signal struct {
	Median   *float64 `json:"median_s"`
	LastWeek *float64 `json:"last_week_s" doc:"On the same day a week ago."`
	N        int64    `json:"n"`
}

// Loop counts today's way through the stages.
type Loop struct {
	Since       time.Time `json:"since"`
	Heard       int64     `json:"heard" doc:"All that came by, what was only counted included."`
	Matched     int64     `json:"matched" doc:"About us: directed at us or matched by a monitor."`
	Opened      int64     `json:"opened" doc:"Conversations that began."`
	Answered    int64     `json:"answered" doc:"Conversations answered for the first time."`
	Clicks      int64     `json:"clicks"`
	Conversions int64     `json:"conversions"`
	Read        *float64  `json:"read_s" doc:"Median from arrival to score, of the last 200 heard."`
	Answer      *float64  `json:"answer_s" doc:"Median from their first message to our first answer."`
	About       []Busy    `json:"about"`
}

// Need is something that waits for the reader.
type Need struct {
	Kind         string   `json:"kind" enum:"conversation,channel"`
	Conversation *Waiting `json:"conversation,omitempty"`
	Channel      *Ailing  `json:"channel,omitempty"`
}

// Ailing is a channel that does not work, soon will not, or waits for its network.
type Ailing struct {
	Channel social.ChannelRef `json:"channel"`
	State   string            `json:"state" doc:"trouble, soon, or waiting: the network asks us to wait."`
	Text    string            `json:"text"`
}

func (a *api) home(ctx context.Context, _ *struct{}) (*server.Body[Home], error) {
	now := a.ledger.Clock.Now()
	today := evolve.Days{From: evolve.Day(now), To: evolve.Day(now).AddDate(0, 0, 1)}
	b, err := a.ledger.Board(ctx, a.around, today)
	if err != nil {
		return nil, err
	}
	week := evolve.Days{From: today.From.AddDate(0, 0, -7), To: today.To.AddDate(0, 0, -7)}
	before, err := a.ledger.Store.Waits(ctx, week.From, week.To)
	if err != nil {
		return nil, err
	}
	h := Home{ReadAt: now, Loop: loopOf(b, today.From), Needs: []Need{}, Changes: []Change{}}
	h.Signal = Signal{Median: quantile(b.Waits, 0.5), LastWeek: quantile(before, 0.5), N: h.Loop.Answered}
	h.Loop.Answer = h.Signal.Median
	if s, ok, err := a.around.ReadDelay(ctx); err != nil {
		return nil, err
	} else if ok {
		h.Loop.Read = &s
	}
	if h.Loop.About, err = a.around.Busiest(ctx, today.From, 4); err != nil {
		return nil, err
	}
	if h.Govern, err = a.around.Governing(ctx); err != nil {
		return nil, err
	}
	waiting, err := a.around.Waiting(ctx, 6)
	if err != nil {
		return nil, err
	}
	ailing, err := a.around.Ailing(ctx)
	if err != nil {
		return nil, err
	}
	for i := range ailing {
		h.Needs = append(h.Needs, Need{Kind: "channel", Channel: &ailing[i]})
	}
	for i := range waiting {
		h.Needs = append(h.Needs, Need{Kind: "conversation", Conversation: &waiting[i]})
	}
	changes, err := a.around.Changes(ctx, 6)
	if err != nil {
		return nil, err
	}
	h.Changes = append(h.Changes, changes...)
	if h.Loop.About == nil {
		h.Loop.About = []Busy{}
	}
	h.Sentence = sentence(h.Loop, waiting, now)
	return &server.Body[Home]{Body: h}, nil
}

func loopOf(b evolve.Board, since time.Time) Loop {
	l := Loop{Since: since}
	for _, x := range b.Heard {
		l.Heard += x.Heard
		l.Matched += x.Directed + x.Matched
	}
	for _, s := range b.Sums {
		switch s.What {
		case "opened":
			l.Opened += s.N
		case "answered":
			l.Answered += s.N
		case "click":
			l.Clicks += s.N
		case "conversion":
			l.Conversions += s.N
		}
	}
	return l
}

// sentence says what is so today, out of the same figures that the page shows.
func sentence(l Loop, waiting []Waiting, now time.Time) Sentence {
	if l.Matched == 0 && len(waiting) == 0 {
		return Sentence{Text: "Nobody has spoken about us yet today, and nobody is waiting."}
	}
	var first Sentence
	switch {
	case len(l.About) > 0 && l.About[0].Share >= 0.5 && l.Matched >= 10:
		first.Emphasis = fmt.Sprintf("%.0f%% of what people say about us", 100*l.About[0].Share)
		first.Text = fmt.Sprintf("%s is %s today.", l.About[0].Name, first.Emphasis)
	case l.Matched == 1:
		first.Text = "One person has spoken about us today."
	default:
		first.Text = fmt.Sprintf("People have spoken about us %s times today.", grouped(l.Matched))
	}
	if len(waiting) == 0 {
		first.Text += " Nobody is waiting."
		return first
	}
	longest := now.Sub(waiting[0].WaitingSince)
	first.Text += fmt.Sprintf(" %s has waited longest: %s.", waiting[0].Author.Name, span(longest))
	return first
}

func grouped(n int64) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// span puts a duration in words.
func span(d time.Duration) string {
	plural := func(n float64, unit string) string {
		if n = math.Round(n); n == 1 {
			return "1 " + unit
		}
		return fmt.Sprintf("%.0f %ss", n, unit)
	}
	switch {
	case d < time.Minute:
		return "less than a minute"
	case d < 90*time.Minute:
		return plural(d.Minutes(), "minute")
	case d < 36*time.Hour:
		return plural(d.Hours(), "hour")
	}
	return plural(d.Hours()/24, "day")
}
