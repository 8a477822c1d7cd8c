package main

import (
	"context"
	"time"

	"github.com/parley-crm/parley/channel"
	mail "github.com/parley-crm/parley/cmd/parley/post"
	"github.com/parley-crm/parley/engage/publish"
	"github.com/parley-crm/parley/engage/publishapi"
	"github.com/parley-crm/parley/engage/publishdb"
	"github.com/parley-crm/parley/evolve"
	"github.com/parley-crm/parley/govern"
	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/social"
)

// openPress opens what is said by ourselves.
func (h *house) openPress() {
	h.press = &publish.Press{Store: publishdb.New(h.db), Gate: pressGate{h}, Channels: outlets{h}, Links: postLinks{h}, Notices: h.office,
		Approvers: approvers{h}, Mail: mail.Guests{Station: h.station, Consents: h.desk.Consents}, Base: h.ledger.Base, Clock: h.clock, Log: h.log}
}

// measureEvery is how often it is asked whether numbers of posts are to be read.
const measureEvery = 20 * time.Second

// measurePosts reads the numbers of published posts that are due.
func (h *house) measurePosts(ctx context.Context) error {
	_, err := h.press.Measure(ctx)
	return err
}

// outlets lets publishing find channels.
type outlets struct{ h *house }

// Channel is the connection behind a channel.
func (o outlets) Channel(ctx context.Context, id social.ChannelID) (channel.Channel, error) {
	return o.h.station.Channel(ctx, id)
}

// Outlets lists the channels in scope on which one can publish.
func (o outlets) Outlets(ctx context.Context) ([]publish.Outlet, error) {
	var out []publish.Outlet
	for _, c := range o.h.station.ChannelsSeen(ctx) {
		line, err := o.h.station.Channel(ctx, c.ID)
		if err != nil && !social.Busy.Is(err) {
			continue
		}
		if _, ok := line.(channel.Publisher); !ok && err == nil || err != nil {
			continue
		}
		out = append(out, publish.Outlet{ID: c.ID, Kind: c.Kind, Name: c.Name, Programme: c.Programme, Handle: usOn(c)})
	}
	return out, nil
}

// pressGate lets publishing ask whether somebody may speak for the brand.
type pressGate struct{ h *house }

// MayPublish asks govern's gate.
func (g pressGate) MayPublish(ctx context.Context, a publish.Ask) (why, fix string, err error) {
	v, err := g.h.gate.Clear(ctx, govern.Ask{Actor: social.Actor{Member: a.Member, Token: a.Token}, Permission: a.Permission, Programme: a.Programme, Channel: a.Channel})
	if err != nil || v.Clear {
		return "", "", err
	}
	return v.Why, v.Fix, nil
}

// postLinks makes the links of posts tracked ones.
type postLinks struct{ h *house }

// Track asks evolve.
func (l postLinks) Track(ctx context.Context, p *publish.Post, c *publish.Content, text string) (string, []social.LinkID, error) {
	o := evolve.Origin{Channel: p.Channel, Programme: c.Programme, Campaign: c.Campaign}
	if info, ok := l.h.station.ChannelInfo(p.Channel); ok {
		o.ChannelKind = info.Kind
	}
	return l.h.ledger.TrackAll(ctx, o, text)
}

// Sketch is a text of the length that the tracked one will have.
func (l postLinks) Sketch(text string) string { return l.h.ledger.Sketch(text) }

// approvers finds who may approve.
type approvers struct{ h *house }

// Approvers lists who may approve in a programme.
func (a approvers) Approvers(ctx context.Context, p social.ProgrammeID) ([]social.MemberID, error) {
	return a.h.governdb.WithRole(ctx, p, "admin", "manager")
}

// LinksWorth says what came of links.
func (a around) LinksWorth(ctx context.Context, ids []social.LinkID) (map[social.LinkID]publishapi.LinkWorth, error) {
	links, err := a.h.outcomes.LinksByID(ctx, ids)
	out := make(map[social.LinkID]publishapi.LinkWorth, len(links))
	for _, l := range links {
		w := publishapi.LinkWorth{Target: l.Target, Clicks: l.Clicks, Conversions: l.Conversions}
		for _, m := range l.Value {
			w.Value = append(w.Value, publishapi.Worth{Value: float64(m.Minor) / 100, Currency: m.Currency})
		}
		out[l.ID] = w
	}
	return out, err
}

// AnswersTo finds the conversations that began below posts of ours.
func (a around) AnswersTo(ctx context.Context, c social.ChannelID, external []string) (map[string][]social.ConversationID, error) {
	ctx, ok := a.reaching(ctx, social.InboxRead)
	if !ok {
		return nil, nil
	}
	return a.h.talks.Below(ctx, c, external)
}

// Echoes counts, by hour, what came back on a channel.
func (a around) Echoes(ctx context.Context, c social.ChannelID, since time.Time) ([]publish.Echo, error) {
	hours, err := a.h.heard.Hours(ctx, since, a.h.clock.Now())
	var out []publish.Echo
	for _, h := range hours {
		if h.Channel == c && h.Directed > 0 {
			out = append(out, publish.Echo{Hour: h.Hour, N: h.Directed})
		}
	}
	return out, err
}

func usOn(c listen.Channel) string {
	if c.Profile == nil {
		return ""
	}
	return c.Profile.Handle
}
