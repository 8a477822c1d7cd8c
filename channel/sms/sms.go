// Package sms hears and answers text messages on telephones: through a gateway
// of one's own (Kannel), and through an HTTP API of the shape that Twilio has
// made common.
//
// A conversation is everything between our number and one other. What is sent
// is confirmed by reports, which come to the webhook and carry our key; so a
// message whose outcome was lost is settled as soon as one comes, and is never
// sent again by itself. Neither network can be asked for it: there is no Find.
package sms

import (
	"encoding/base64"
	"encoding/json"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/kit/text"
	"github.com/parley-crm/parley/social"
)

// stopping are the fields of what is said to STOP, START and HELP.
func stopping(help string) []channel.Field {
	return []channel.Field{
		{Name: "stop_text", Label: "Answer to STOP", Type: "text", Help: "Sent once to whoever writes STOP. " + help},
		{Name: "start_text", Label: "Answer to START", Type: "text", Help: "Sent once to whoever writes START after that."},
		{Name: "help_text", Label: "Answer to HELP", Type: "text", Help: "Who you are, how to reach you, and that STOP ends it. At most once a day to each."},
	}
}

// base is what both gateways have in common.
type base struct {
	from  string
	said  map[social.Wish]string
	env   channel.Env
	clock clock.Clock
	most  int // characters; 0 for what telephones take
}

func newBase(s channel.Settings, e channel.Env) base {
	b := base{from: strings.TrimSpace(s["from"]), env: e, clock: e.Clock, said: map[social.Wish]string{
		social.WishStop: s["stop_text"], social.WishStart: s["start_text"], social.WishHelp: s["help_text"]}}
	if b.clock == nil {
		b.clock = clock.System{}
	}
	return b
}

// Stopped is what is said to STOP, START and HELP.
func (b *base) Stopped(w social.Wish) string { return b.said[w] }

// Fit counts as telephones do.
func (b *base) Fit(text string) channel.Room { return room(text, b.most) }

// Show cuts a text as telephones do.
func (b *base) Show(r social.Reply) channel.Shown {
	n, alone, part := units(r.Text)
	out := channel.Shown{Text: r.Text, Pieces: 1, Per: part, Wide: wide(r.Text)}
	if n > alone {
		out.Pieces = (n + part - 1) / part
	}
	return out
}

// Visibilities: a text message is for one telephone.
func (b *base) Visibilities() []social.Visibility { return []social.Visibility{social.Direct} }

// check says whether a reply can be sent, and to which number.
func (b *base) check(r social.Reply) (string, error) {
	switch {
	case r.Visibility != social.Direct:
		return "", social.Errorf(social.Invalid, "A text message goes to one telephone; it cannot be public.")
	case !b.Fit(r.Text).Fits:
		return "", social.Errorf(social.Invalid, "A text message has at most %d parts, and at least one character.", parts)
	case r.To.Scheme != "tel" || !dialable(r.To.Value):
		return "", social.Errorf(social.Invalid, "This sender has no number that could be answered.")
	}
	return r.To.Value, nil
}

func dialable(s string) bool {
	digits := strings.TrimPrefix(s, "+")
	return len(digits) >= 3 && len(digits) <= 20 && strings.Trim(digits, "0123456789") == ""
}

// number evens out how a number is written, without guessing its country.
// Senders may have a name instead.
func number(s string) string {
	s = line(s, 40)
	bare := strings.NewReplacer(" ", "", "-", "", "(", "", ")", "", "/", "").Replace(s)
	if rest, ok := strings.CutPrefix(bare, "00"); ok {
		bare = "+" + rest
	}
	if dialable(bare) {
		return bare
	}
	return s
}

// line makes one clean line.
func line(s string, n int) string {
	s = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	if r := []rune(strings.Join(strings.Fields(s), " ")); len(r) > n {
		return string(r[:n])
	} else {
		return string(r)
	}
}

// event is what came, as it is kept.
type event struct {
	Kind   string    `json:"kind"` // "in" or "report"
	ID     string    `json:"id"`   // of the gateway; of a report: our external id
	Key    string    `json:"key,omitempty"`
	From   string    `json:"from,omitempty"`
	To     string    `json:"to,omitempty"`
	Text   string    `json:"text,omitempty"`
	Media  []string  `json:"media,omitempty"` // types; the files stay where they are
	Files  []string  `json:"files,omitempty"` // where they lie, in the order of their types; "" where nobody may ask
	State  string    `json:"state,omitempty"`
	Reason string    `json:"reason,omitempty"`
	At     time.Time `json:"at"`
}

func (e event) kept(key string) channel.Event {
	raw, _ := json.Marshal(e)
	return channel.Event{Key: key, Raw: raw, At: e.At}
}

func opened(raw []byte) (event, error) {
	var e event
	if err := json.Unmarshal(raw, &e); err != nil || (e.Kind != "in" && e.Kind != "report") || e.ID == "" || e.Kind == "in" && line(e.From, 40) == "" {
		return e, social.Because(social.Invalid, err, "This is no text message as it was kept.")
	}
	return e, nil
}

// Read gives what a customer wrote.
func (b *base) Read(ev channel.Event) ([]social.Activity, error) {
	e, err := opened(ev.Raw)
	if err != nil || e.Kind != "in" {
		return nil, err
	}
	from := number(e.From)
	words := strings.TrimSpace(text.Cut(e.Text))
	for i, m := range e.Media {
		if i == 10 {
			break
		}
		if words != "" && i < len(e.Files) && e.Files[i] != "" {
			continue // what it shows comes as a file
		}
		words = strings.TrimSpace(words + "\nAttached: " + line(m, 60))
	}
	if words == "" {
		words = "(an empty message)"
	}
	at := e.At.UTC()
	if at.Year() < 1970 || at.Year() > 9000 {
		at = ev.At.UTC()
	}
	return []social.Activity{{
		ExternalID: "in:" + line(e.ID, 100), Verb: social.Create, Form: social.FormDirect, Visibility: social.Direct, Directed: true,
		Author: social.Author{Scheme: "tel", Value: from, Name: from}, Text: words, Root: "with:" + from, Published: at,
	}}, nil
}

// Reports gives what became of something of ours.
func (b *base) Reports(ev channel.Event) ([]channel.Report, error) {
	e, err := opened(ev.Raw)
	if err != nil || e.Kind != "report" {
		return nil, err
	}
	r := channel.Report{ExternalID: e.ID, Key: e.Key, State: social.ReportState(e.State), At: e.At.UTC()}
	switch r.State {
	case social.ReportDelivered, social.ReportRead:
	case social.ReportFailed:
		r.Text = strings.NewReplacer("<", "", ">", "").Replace(line(e.Reason, 300))
		if r.Text == "" {
			r.Text = "The network could not deliver it and did not say why."
		}
	default:
		return nil, nil
	}
	return []channel.Report{r}, nil
}

// Our key travels in the addresses that reports come to.
func coded(key string) string { return base64.RawURLEncoding.EncodeToString([]byte(key)) }

func decoded(s string) string {
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || len(b) > 400 {
		return ""
	}
	return string(b)
}

func seconds(s string, otherwise time.Time) time.Time {
	if n, err := strconv.ParseInt(s, 10, 64); err == nil && n > 0 && n < 1<<33 {
		return time.Unix(n, 0).UTC()
	}
	return otherwise.UTC()
}
