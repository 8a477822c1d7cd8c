package main

import (
	"context"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/govern"
	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/listen/letter"
	"github.com/parley-crm/parley/listen/warn"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
)

// openLetters makes what mails alerts to members.
func (h *house) openLetters(base string) {
	h.letters = &letter.Box{Store: h.heard, House: letterHouse{h}, Post: post{h}, Clock: h.clock, Log: h.log, Base: base}
}

// lettersEvery is how often it is looked what is due.
const lettersEvery = 10 * time.Second

// sendLetters sends what is due.
func (h *house) sendLetters(ctx context.Context) error { return h.letters.Send(asParley(ctx)) }

// tellLetters hands on what became of alerts.
func (h *house) tellLetters(ctx context.Context, facts []store.Fact) error {
	var out []social.Alerted
	for _, f := range facts {
		if a, ok := f.Fact.(social.Alerted); ok {
			out = append(out, a)
		}
	}
	return h.letters.Hear(asParley(ctx), out)
}

// letterHouse tells letters who is told, and of what.
type letterHouse struct{ h *house }

// AtDesk lists who looks after a programme.
func (l letterHouse) AtDesk(ctx context.Context, p social.ProgrammeID) ([]social.MemberRef, error) {
	return l.h.governdb.AtDesk(ctx, p)
}

// Reader is where a member who may sign in gets mail.
func (l letterHouse) Reader(ctx context.Context, m social.MemberID) (letter.Reader, error) {
	who, err := l.h.office.Member(asParley(ctx), m)
	if err == nil && who.State != govern.Active {
		err = social.Errorf(social.NotFound, "This member may not sign in.")
	}
	return letter.Reader{Name: who.Name, Email: who.Email}, err
}

// Subject names a monitor or a programme.
func (l letterHouse) Subject(ctx context.Context, s warn.Subject) string {
	if s.Monitor != "" {
		if m, err := l.h.station.MonitorByID(asParley(ctx), s.Monitor); err == nil {
			return m.Name
		}
		return "a monitor"
	}
	if names, err := l.h.governdb.ProgrammeNames(ctx, []social.ProgrammeID{s.Programme}); err == nil && names[s.Programme].Name != "" {
		return names[s.Programme].Name
	}
	return "all that is heard"
}

// post sends mail through the oldest mailbox that is connected and works.
type post struct{ h *house }

func (p post) channel(ctx context.Context) (listen.Channel, channel.Sender, bool) {
	for _, c := range p.h.station.ChannelsSeen(asParley(ctx)) { // by id, so the oldest first
		if c.State != listen.Active || c.Profile == nil || c.Profile.Scheme != "mailto" || c.Health.State == listen.Trouble {
			continue
		}
		conn, err := p.h.station.Channel(ctx, c.ID)
		if err != nil {
			continue
		}
		if s, ok := conn.(channel.Sender); ok {
			return c, s, true
		}
	}
	return listen.Channel{}, nil, false
}

// Through is the mailbox by which mail goes.
func (p post) Through(ctx context.Context) (string, bool) {
	c, _, ok := p.channel(ctx)
	return c.Name, ok
}

// Mail sends one.
func (p post) Mail(ctx context.Context, key string, to letter.Reader, title, text string) error {
	c, s, ok := p.channel(ctx)
	if !ok {
		return social.Errorf(social.Busy, "No mailbox is connected.")
	}
	_, err := s.Send(ctx, social.Reply{Key: key, Channel: c.ID, To: social.Author{Scheme: "mailto", Value: to.Email, Name: to.Name}, Title: title, Text: text,
		Visibility: social.Direct, Attempted: p.h.clock.Now()})
	return err
}
