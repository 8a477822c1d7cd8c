// Package chat is a chat on the company's own pages: a small script that puts
// a bubble there, and the door behind it.
//
// It promises that what a visitor says is kept before they see that it is,
// that neither a reload nor a broken connection loses or doubles anything,
// that an answer of ours reaches the visitor's page once, that only the sites
// that the settings name may use it, and that a visitor reads their own talk
// and its files only. There are no cookies: the visitor's token stays in their browser.
package chat

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/kit/visit"
	"github.com/parley-crm/parley/social"
)

// Kind is the chat as a kind of channel. The hub wakes the visitors' pages.
func Kind(h *Hub) channel.Kind {
	return channel.Kind{
		Name:  "chat",
		Title: "Web chat",
		Site:  channel.SiteDirect,
		About: "A chat bubble on your own pages. Visitors write there, you answer from the inbox, and the talk is still there when they come back.",
		Steps: []channel.Step{
			{Text: "Name the sites on which the chat will stand; nobody else can use it."},
			{Text: "Say when somebody answers, and what visitors read at other times."},
			{Text: "After connecting, put one line into your pages. This channel's page has it ready to copy."},
		},
		Form: []channel.Field{
			{Name: "origins", Label: "Sites", Type: "lines", Required: true, Help: "One per line, such as https://www.example.com."},
			{Name: "title", Label: "Title", Type: "text", Default: "Chat with us"},
			{Name: "greeting", Label: "Greeting", Type: "lines", Default: "Hello! How can we help?"},
			{Name: "ask", Label: "Ask who they are", Type: "choice", Choices: []string{"no", "may", "must"}, Default: "may",
				Help: "A name and an email address, before the first message."},
			channel.BroughtField(),
			{Name: "hours", Label: "When somebody answers", Type: "lines", Help: "One per line, such as Mon-Fri 09:00-17:00. Empty: always."},
			{Name: "zone", Label: "Time zone", Type: "text", Default: "UTC", Help: "Such as Europe/Berlin."},
			{Name: "offline", Label: "Words at other times", Type: "lines", Default: "We are not here right now. Leave a message, and find our answer here later."},
			{Name: "privacy", Label: "Privacy notice", Type: "url", Help: "Its address; the chat links to it."},
			{Name: "lang", Label: "Language", Type: "choice", Choices: languages(), Default: "en"},
			{Name: "colour", Label: "Colour", Type: "text", Default: "#0b6571", Help: "Of the bubble, such as #0b6571."},
			{Name: "key", Label: "Key", Type: "secret", Hidden: true, Make: "key"},
		},
		New: func(s channel.Settings, e channel.Env) (channel.Channel, error) { return open(h, s, e) },
	}
}

type desk struct {
	channel.Answers
	files                              *channel.Porter
	hub                                *Hub
	env                                channel.Env
	sign                               visit.Signer
	origins                            visit.Origins
	title, greeting, offline, privacy  string
	lang, colour, ask                  string
	hours                              []span
	zone                               *time.Location
	perVisitor, perAddress, newVisitor *visit.Rate
}

var hex = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)

func open(h *Hub, s channel.Settings, e channel.Env) (channel.Channel, error) {
	d := &desk{
		Answers: channel.Answers{Env: e, Most: mostText, Wake: func(visitor string) { h.wake(seat{e.ID, visitor}) }},
		hub:     h, env: e, title: or(s["title"], "Chat with us"), greeting: s["greeting"], offline: s["offline"], privacy: s["privacy"], lang: or(s["lang"], "en"),
		colour: or(s["colour"], "#0b6571"), ask: or(s["ask"], "may"),
		perVisitor: &visit.Rate{Burst: 12, Span: time.Minute}, perAddress: &visit.Rate{Burst: 120, Span: time.Minute}, newVisitor: &visit.Rate{Burst: 30, Span: time.Minute},
	}
	var err error
	if d.files, err = channel.NewPorter(e, s["files"]); err != nil {
		return nil, err
	}
	d.Answers.Files = d.files
	if d.sign, err = visit.NewSigner(s["key"]); err != nil {
		return nil, wrong("key", "The chat's own key is missing.")
	}
	if d.origins, err = visit.ParseOrigins(s["origins"]); err != nil {
		return nil, wrong("origins", "In the sites: "+err.Error()+".")
	}
	if len(d.origins) == 0 {
		return nil, wrong("origins", "Name at least one site.")
	}
	if !hex.MatchString(d.colour) {
		return nil, wrong("colour", "The colour is # and six letters or digits, such as #0b6571.")
	}
	if d.privacy != "" && !strings.HasPrefix(d.privacy, "https://") && !strings.HasPrefix(d.privacy, "http://") {
		return nil, wrong("privacy", "The privacy notice is an address that begins with https://.")
	}
	if _, ok := spoken[d.lang]; !ok {
		return nil, wrong("lang", "The chat does not speak this language.")
	}
	if d.zone, err = time.LoadLocation(or(s["zone"], "UTC")); err != nil {
		return nil, wrong("zone", "There is no such time zone; one is Europe/Berlin.")
	}
	if d.hours, err = parseHours(s["hours"]); err != nil {
		return nil, wrong("hours", err.Error())
	}
	return d, nil
}

func or(s, usual string) string {
	if strings.TrimSpace(s) == "" {
		return usual
	}
	return s
}

func wrong(field, text string) error {
	return &social.Error{Kind: social.Invalid, Field: field, Text: text}
}

func (d *desk) now() time.Time { return d.env.Now() }

// span is when somebody answers: on some days, from one minute to another.
type span struct {
	days     [7]bool
	from, to int
}

var (
	dayNames = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}
	hourLine = regexp.MustCompile(`^([A-Za-z]{3})(?:\s*[-–]\s*([A-Za-z]{3}))?\s+(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})$`)
)

func parseHours(text string) ([]span, error) {
	var out []span
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		m := hourLine.FindStringSubmatch(line)
		bad := social.Errorf(social.Invalid, "“%.60s” is no time such as Mon-Fri 09:00-17:00.", line)
		if m == nil {
			return nil, bad
		}
		first, last := dayOf(m[1]), dayOf(m[1])
		if m[2] != "" {
			last = dayOf(m[2])
		}
		s := span{from: minutes(m[3], m[4]), to: minutes(m[5], m[6])}
		if first < 0 || last < 0 || s.from < 0 || s.to > 24*60 || s.from >= s.to {
			return nil, bad
		}
		for i := first; ; i = (i + 1) % 7 {
			s.days[i] = true
			if i == last {
				break
			}
		}
		out = append(out, s)
	}
	return out, nil
}

func dayOf(s string) int {
	for i, name := range dayNames {
		if strings.EqualFold(s, name) {
			return i
		}
	}
	return -1
}

func minutes(h, m string) int {
	hours, _ := strconv.Atoi(h) // digits
	mins, _ := strconv.Atoi(m)
	if mins > 59 {
		return -1
	}
	return hours*60 + mins
}

// open reports whether somebody answers now.
func (d *desk) open() bool {
	if len(d.hours) == 0 {
		return true
	}
	now := d.now().In(d.zone)
	at := now.Hour()*60 + now.Minute()
	for _, s := range d.hours {
		if s.days[now.Weekday()] && at >= s.from && at < s.to {
			return true
		}
	}
	return false
}
