// Package post carries mail that Parley writes by itself.
package post

import (
	"context"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/engage/publish"
	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/social"
)

// Guests writes to guests of events through a mailbox that is connected and
// works: of the event's programme, else one of no programme.
type Guests struct {
	Station  *listen.Station
	Consents engage.Consents
}

var _ publish.Mail = Guests{}

// Through implements publish.Mail: the oldest that serves.
func (g Guests) Through(ctx context.Context, p social.ProgrammeID) (publish.Mailbox, bool) {
	ctx = social.WithScope(ctx, social.Scope{All: true})
	var common publish.Mailbox
	for _, c := range g.Station.ChannelsSeen(ctx) { // by id, so the oldest first
		if c.State != listen.Active || c.Profile == nil || c.Profile.Scheme != "mailto" || c.Health.State == listen.Trouble || c.Programme != p && c.Programme != "" {
			continue
		}
		if _, err := g.sender(ctx, c.ID); err != nil {
			continue
		}
		if c.Programme == p {
			return publish.Mailbox{ID: c.ID, Name: c.Name}, true
		}
		if common.ID == "" {
			common = publish.Mailbox{ID: c.ID, Name: c.Name}
		}
	}
	return common, common.ID != ""
}

func (g Guests) sender(ctx context.Context, c social.ChannelID) (channel.Sender, error) {
	conn, err := g.Station.Channel(ctx, c)
	if err != nil {
		return nil, err
	}
	s, ok := conn.(channel.Sender)
	if !ok {
		return nil, social.Errorf(social.Invalid, "Through this channel nobody can be written to.")
	}
	return s, nil
}

// MayServe implements publish.Mail.
func (g Guests) MayServe(ctx context.Context, who social.IdentityID, c social.ChannelID, reference string) (bool, string, error) {
	return g.Consents.MayServe(ctx, who, c, reference)
}

// Write implements publish.Mail. Files go along where the mailbox takes them.
func (g Guests) Write(ctx context.Context, r social.Reply) error {
	s, err := g.sender(ctx, r.Channel)
	if err != nil {
		return err
	}
	if c, ok := s.(channel.Carrier); !ok || channel.Bear(c.Carries(r.Visibility), r.Media) != nil {
		r.Media = nil // the link leads to them too
	}
	_, err = s.Send(ctx, r)
	return err
}
