package main

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/parley-crm/parley/govern"
	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/listen/query"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

type welcomeIn struct {
	Body struct {
		Brand    string   `json:"brand" maxLength:"80" doc:"What the brand is called."`
		Terms    []string `json:"terms,omitempty" maxItems:"20" doc:"Other words by which people call it."`
		Feeds    []string `json:"feeds,omitempty" maxItems:"20" doc:"Feeds to follow: RSS, Atom or JSON Feed."`
		Practice bool     `json:"practice,omitempty" doc:"Also connect the practice network."`
	}
}

// Welcomed says what listens now.
type Welcomed struct {
	Monitor  WelcomeMonitor   `json:"monitor"`
	Channels []WelcomeChannel `json:"channels"`
	Problems []string         `json:"problems" doc:"What can't be reached from here, in sentences."`
}

// WelcomeMonitor is the monitor for the brand's name.
type WelcomeMonitor struct {
	ID    social.MonitorID `json:"id"`
	Name  string           `json:"name"`
	Query string           `json:"query"`
}

// WelcomeChannel is a channel that listens now.
type WelcomeChannel struct {
	ID     social.ChannelID `json:"id"`
	Kind   string           `json:"kind"`
	Name   string           `json:"name"`
	Health WelcomeHealth    `json:"health"`
}

// WelcomeHealth says whether a channel can be heard.
type WelcomeHealth struct {
	State string `json:"state" enum:"ok,trouble"`
	Text  string `json:"text"`
}

func (h *house) registerWelcome(s *server.Server) {
	server.Register(s, server.Op{ID: "welcome", Method: http.MethodPost, Path: "/api/welcome", Tag: "Govern", Permission: social.SystemWrite,
		Summary: "Say what the brand is called and begin to listen: to Bluesky's public stream and to feeds, with no account anywhere."}, h.welcome)
}

// welcome names the brand, saves a monitor for it and connects what needs no
// account. Done again, it adds only what is missing.
func (h *house) welcome(ctx context.Context, in *welcomeIn) (*server.Body[Welcomed], error) {
	name := strings.TrimSpace(in.Body.Brand)
	brand, err := h.office.SetBrand(ctx, govern.Brand{Name: name, Terms: append([]string{name}, in.Body.Terms...)})
	if err != nil {
		return nil, err
	}
	out := Welcomed{Channels: []WelcomeChannel{}, Problems: []string{}}
	home, err := h.starterProgramme(ctx)
	if err != nil {
		return nil, err
	}
	m, err := h.brandMonitor(ctx, brand, home)
	if err != nil {
		return nil, err
	}
	out.Monitor = WelcomeMonitor{ID: m.ID, Name: m.Name, Query: m.Query}
	drafts := []listen.Draft{{Kind: "bluesky", Name: "Bluesky", Settings: map[string]string{"jetstream": h.jetstream}}}
	if h.jetstream == "" {
		drafts[0].Settings = map[string]string{}
	}
	if feeds := trimmed(in.Body.Feeds); len(feeds) > 0 {
		drafts = append(drafts, listen.Draft{Kind: "feed", Name: "Feeds", Settings: map[string]string{"urls": strings.Join(feeds, "\n")}})
	}
	if in.Body.Practice {
		drafts = append(drafts, listen.Draft{Kind: "practice", Name: "Practice", Settings: map[string]string{"handle": handleOf(name), "site": "microblog"}})
	}
	for _, d := range drafts {
		d.Programme = home
		c, err := h.connect(ctx, d)
		if err != nil {
			return nil, err
		}
		out.Channels = append(out.Channels, c)
		if c.Health.State != "ok" {
			out.Problems = append(out.Problems, c.Name+": "+c.Health.Text)
		}
	}
	return &server.Body[Welcomed]{Body: out}, nil
}

// brandMonitor returns the monitor for the brand's names, and makes it if
// there is none with that query.
func (h *house) brandMonitor(ctx context.Context, b govern.Brand, p social.ProgrammeID) (listen.Monitor, error) {
	q := brandQuery(b)
	if _, err := query.Parse(q); err != nil {
		return listen.Monitor{}, &social.Error{Kind: social.Invalid, Field: "brand", Text: "These names can't be listened for: " + err.Error()}
	}
	for _, m := range h.station.MonitorsSeen(ctx) {
		if m.Query == q {
			return m, nil
		}
	}
	return h.station.AddMonitor(ctx, listen.MonitorDraft{Name: b.Name, Query: q, Programme: p, Kind: listen.AboutBrand})
}

// starterProgramme is where what the welcome connects belongs: the oldest
// active programme, "" if there is none.
func (h *house) starterProgramme(ctx context.Context) (social.ProgrammeID, error) {
	list, _, err := h.office.Programmes(ctx, "", 100)
	var oldest govern.Programme
	for _, p := range list {
		if !p.Closed && (oldest.ID == "" || p.Created.Before(oldest.Created)) {
			oldest = p
		}
	}
	return oldest.ID, err
}

// brandQuery finds the brand by all its names.
func brandQuery(b govern.Brand) string {
	words := make([]string, 0, len(b.Terms))
	for _, t := range b.Terms {
		words = append(words, quoted(t))
	}
	return strings.Join(words, " OR ")
}

// quoted makes a name a phrase of the query language.
func quoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, " ") + `"` }

// connect adds a channel, unless one of that kind is there, and tries for a
// moment whether the network can be reached. The channel stays either way and
// keeps trying.
func (h *house) connect(ctx context.Context, d listen.Draft) (WelcomeChannel, error) {
	var c listen.Channel
	found := false
	for _, have := range h.station.ChannelsSeen(ctx) {
		if have.Kind == d.Kind {
			c, found = have, true
			break
		}
	}
	if !found {
		var err error
		if c, err = h.station.AddChannel(ctx, d); err != nil {
			return WelcomeChannel{}, err
		}
	}
	w := WelcomeChannel{ID: c.ID, Kind: c.Kind, Name: c.Name}
	try, cancel := context.WithTimeout(ctx, 4*time.Second)
	defer cancel()
	trial, err := h.station.TestChannel(try, d.Kind, c.ID, d.Settings)
	w.Health = WelcomeHealth{State: "trouble", Text: trial.Text}
	if err != nil {
		w.Health.Text = err.Error()
	} else if trial.OK {
		w.Health.State = "ok"
	}
	return w, nil
}

func trimmed(list []string) []string {
	var out []string
	for _, s := range list {
		if s = strings.TrimSpace(s); s == "" {
			continue
		}
		if u, err := url.Parse(s); err == nil && u.Scheme == "" {
			s = "https://" + s
		}
		out = append(out, s)
	}
	return out
}

// handleOf makes a handle of a brand's name.
func handleOf(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			b.WriteRune(r)
		}
	}
	if b.Len() == 0 {
		return "ourbrand"
	}
	return b.String()
}
