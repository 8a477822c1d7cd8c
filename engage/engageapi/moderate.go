package engageapi

import (
	"context"
	"net/http"
	"time"

	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/engage/moderate"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

// moderation adds what can be done about messages where they stand. Whoever
// answers may hide and like, and take our own words back; what others said is
// taken away, for good, by those who approve what is published.
func (a *api) moderation(s *server.Server) {
	if a.moderator == nil {
		return
	}
	op := func(id, method, act string, p social.Permission, summary string) server.Op {
		return server.Op{ID: id, Method: method, Path: "/api/messages/{id}/" + act, Tag: "Engage", Permission: p, Summary: summary}
	}
	server.Register(s, op("hide-message", http.MethodPost, "hide", social.InboxReply, "Hide at the network what somebody said at our place. It can be shown again."), a.hide)
	server.Register(s, op("show-message", http.MethodPost, "show", social.InboxReply, "Show again at the network what was hidden."), a.act(moderate.Show))
	server.Register(s, op("remove-message", http.MethodPost, "remove", social.PublishApprove, "Take away at the network what somebody said at our place, for good. It stays here."), a.remove)
	server.Register(s, op("take-back-message", http.MethodPost, "take-back", social.InboxReply, "Take back at the network what we said. It stays here."), a.act(moderate.Retract))
	server.Register(s, op("like-message", http.MethodPut, "like", social.InboxReply, "Like what somebody said, as the organization."), a.act(moderate.Like))
	server.Register(s, op("unlike-message", http.MethodDelete, "like", social.InboxReply, "Take that back."), a.act(moderate.Unlike))
}

type whyInput struct {
	MessagePath
	Body struct {
		Reason moderate.Reason `json:"reason" enum:"spam,abuse,off_topic,private,other"`
		Words  string          `json:"words,omitempty" maxLength:"300" doc:"For colleagues; needed with other."`
	}
}

func (a *api) hide(ctx context.Context, in *whyInput) (*server.Body[Message], error) {
	return a.done(ctx, in.ID, moderate.Hide, moderate.Why{Reason: in.Body.Reason, Words: in.Body.Words})
}

func (a *api) remove(ctx context.Context, in *whyInput) (*server.Body[Message], error) {
	return a.done(ctx, in.ID, moderate.Remove, moderate.Why{Reason: in.Body.Reason, Words: in.Body.Words})
}

func (a *api) act(act moderate.Act) func(context.Context, *MessagePath) (*server.Body[Message], error) {
	return func(ctx context.Context, in *MessagePath) (*server.Body[Message], error) {
		return a.done(ctx, in.ID, act, moderate.Why{})
	}
}

func (a *api) done(ctx context.Context, id social.MessageID, act moderate.Act, why moderate.Why) (*server.Body[Message], error) {
	if _, err := a.moderator.Do(ctx, id, act, why); err != nil {
		return nil, err
	}
	m, err := a.desk.Store.Message(ctx, id)
	return a.one(ctx, m, err)
}

// Sight is what we did about whether others see a message at the network.
type Sight struct {
	State  moderate.State    `json:"state" enum:"shown,hiding,hidden,showing,removing,removed,refused"`
	Wanted moderate.Act      `json:"wanted" enum:"hide,show,remove,retract" doc:"What somebody wanted last; retract is of our own words."`
	Hidden bool              `json:"hidden" doc:"Whether it is hidden, as the network told last."`
	Reason moderate.Reason   `json:"reason,omitempty" enum:"spam,abuse,off_topic,private,other"`
	Words  string            `json:"words,omitempty"`
	By     *social.MemberRef `json:"by,omitempty"`
	At     time.Time         `json:"at" doc:"When somebody wanted it."`
	Text   string            `json:"text,omitempty" doc:"What the network said, where it is refused or takes long."`
}

// Liked is whether we like a message.
type Liked struct {
	On      bool              `json:"on" doc:"Whether somebody wants us to."`
	Settled bool              `json:"settled" doc:"Whether the network knows."`
	Refused bool              `json:"refused,omitempty"`
	By      *social.MemberRef `json:"by,omitempty"`
	Text    string            `json:"text,omitempty" doc:"What the network said, where it refuses."`
}

// standings says how messages stand at their networks.
func (a *api) standings(ctx context.Context, ms []engage.Message) (map[social.MessageID]moderate.Standing, error) {
	if a.moderator == nil {
		return nil, nil
	}
	return a.moderator.Standings(ctx, ms)
}

// stands fills in how a message stands.
func (m *Message) stands(s moderate.Standing, members map[social.MemberID]social.MemberRef) {
	by := func(id social.MemberID) *social.MemberRef {
		ref := members[id]
		ref.ID = id
		return &ref
	}
	if m.May = s.May; m.May == nil {
		m.May = []moderate.Act{}
	}
	if d := s.Sight; d != nil && (d.State() != moderate.Shown) {
		m.Sight = &Sight{State: d.State(), Wanted: d.Want, Hidden: d.Had == moderate.Hide, Reason: d.Reason, Words: d.Words, By: by(d.Member), At: d.AskedAt, Text: d.Problem}
	}
	if d := s.Liking; d != nil {
		state := d.State()
		m.Liked = &Liked{On: d.Want == moderate.Like && state != moderate.Refused || d.Had == moderate.Like && state == moderate.Refused,
			Settled: !d.Open(), Refused: state == moderate.Refused, By: by(d.Member), Text: d.Problem}
	}
}
