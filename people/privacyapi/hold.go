package privacyapi

import (
	"context"
	"net/http"
	"time"

	"github.com/parley-crm/parley/people/privacy"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

func (a *requestAPI) registerHolds() {
	op := func(id, method, path string, p social.Permission, summary string) server.Op {
		return server.Op{ID: id, Method: method, Path: path, Tag: "Privacy", Permission: p, Summary: summary}
	}
	made := func(o server.Op) server.Op { o.Status = http.StatusCreated; return o }
	const get, post = http.MethodGet, http.MethodPost
	server.Register(a.srv, op("list-legal-holds", get, "/api/privacy/holds", social.PrivacyHold, "The legal holds that stand."), a.holds)
	server.Register(a.srv, made(op("place-legal-hold", post, "/api/privacy/holds", social.PrivacyHold, "Keep a person, a conversation or all of a programme from being erased or going by itself, with a reason.")), a.place)
	server.Register(a.srv, made(op("place-legal-hold-on-person", post, "/api/people/{id}/privacy/holds", social.PrivacyHold, "Keep somebody from being erased, with a reason.")), a.placePerson)
	server.Register(a.srv, op("lift-legal-hold", post, "/api/privacy/holds/{id}/lift", social.PrivacyHold, "End a hold, with a reason. An erasure that it kept back goes on."), a.lift)
	server.Register(a.srv, op("list-conversation-holds", get, "/api/conversations/{id}/holds", social.InboxRead, "The legal holds that stand on a conversation."), a.on(privacy.HeldConversation))
	server.Register(a.srv, op("list-programme-holds", get, "/api/programmes/{id}/holds", social.GovernRead, "The legal holds that stand on a programme."), a.on(privacy.HeldProgramme))
}

// HeldThing is what a hold is on.
type HeldThing struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// LegalHold keeps something from being erased.
type LegalHold struct {
	ID       string            `json:"id"`
	Kind     string            `json:"kind" enum:"person,conversation,programme"`
	On       HeldThing         `json:"on"`
	Reason   string            `json:"reason"`
	By       *social.MemberRef `json:"by,omitempty"`
	At       time.Time         `json:"at"`
	EndedAt  *time.Time        `json:"ended_at,omitempty"`
	EndedWhy string            `json:"ended_why,omitempty"`
}

func (a *requestAPI) holdShapes(ctx context.Context, list []privacy.Hold) ([]LegalHold, error) {
	var members []social.MemberID
	var persons []social.PersonID
	var talks []social.ConversationID
	var programmes []social.ProgrammeID
	for _, h := range list {
		members = append(members, h.By)
		switch h.Kind {
		case privacy.HeldPerson:
			persons = append(persons, social.PersonID(h.Object))
		case privacy.HeldConversation:
			talks = append(talks, social.ConversationID(h.Object))
		case privacy.HeldProgramme:
			programmes = append(programmes, social.ProgrammeID(h.Object))
		}
	}
	names, err := a.around.Members(ctx, members)
	if err != nil {
		return nil, err
	}
	who, err := a.around.Named(ctx, persons)
	if err != nil {
		return nil, err
	}
	titles, err := a.around.Titles(ctx, talks)
	if err != nil {
		return nil, err
	}
	refs, err := a.around.Programmes(ctx, programmes)
	out := make([]LegalHold, len(list))
	for i, h := range list {
		on := HeldThing{ID: h.Object}
		switch h.Kind {
		case privacy.HeldPerson:
			on.Name = who[social.PersonID(h.Object)].Name
		case privacy.HeldConversation:
			on.Name = titles[social.ConversationID(h.Object)]
		case privacy.HeldProgramme:
			on.Name = refs[social.ProgrammeID(h.Object)].Name
		}
		out[i] = LegalHold{ID: h.ID, Kind: h.Kind, On: on, Reason: h.Reason, At: h.At, EndedWhy: h.EndedWhy}
		if m, ok := names[h.By]; ok {
			out[i].By = &m
		}
		if !h.EndedAt.IsZero() {
			out[i].EndedAt = &h.EndedAt
		}
	}
	return out, err
}

func (a *requestAPI) oneHold(ctx context.Context, h privacy.Hold, err error) (*server.Body[LegalHold], error) {
	if err != nil {
		return nil, err
	}
	items, err := a.holdShapes(ctx, []privacy.Hold{h})
	if err != nil {
		return nil, err
	}
	return &server.Body[LegalHold]{Body: items[0]}, nil
}

// HoldList is the legal holds that stand.
type HoldList struct {
	Items []LegalHold `json:"items"`
}

func (a *requestAPI) holdList(ctx context.Context, list []privacy.Hold, err error) (*server.Body[HoldList], error) {
	if err != nil {
		return nil, err
	}
	items, err := a.holdShapes(ctx, list)
	return &server.Body[HoldList]{Body: HoldList{items}}, err
}

func (a *requestAPI) holds(ctx context.Context, _ *struct{}) (*server.Body[HoldList], error) {
	list, err := a.keeper.Store.Holds(ctx, "", nil)
	return a.holdList(ctx, list, err)
}

func (a *requestAPI) on(kind string) func(ctx context.Context, in *requestIn) (*server.Body[HoldList], error) {
	return func(ctx context.Context, in *requestIn) (*server.Body[HoldList], error) {
		list, err := a.keeper.HoldsOn(ctx, kind, in.ID)
		return a.holdList(ctx, list, err)
	}
}

type placeIn struct {
	Body struct {
		Kind   string `json:"kind" enum:"person,conversation,programme"`
		On     string `json:"on" doc:"Its id."`
		Reason string `json:"reason"`
	}
}

func (a *requestAPI) place(ctx context.Context, in *placeIn) (*server.Body[LegalHold], error) {
	h, err := a.keeper.Place(ctx, privacy.Hold{Kind: in.Body.Kind, Object: in.Body.On, Reason: in.Body.Reason})
	return a.oneHold(ctx, h, err)
}

type holdReasonIn struct {
	ID   string `path:"id"`
	Body struct {
		Reason string `json:"reason"`
	}
}

func (a *requestAPI) placePerson(ctx context.Context, in *holdReasonIn) (*server.Body[LegalHold], error) {
	h, err := a.keeper.Place(ctx, privacy.Hold{Kind: privacy.HeldPerson, Object: in.ID, Reason: in.Body.Reason})
	return a.oneHold(ctx, h, err)
}

func (a *requestAPI) lift(ctx context.Context, in *holdReasonIn) (*server.Body[LegalHold], error) {
	h, err := a.keeper.Lift(ctx, in.ID, in.Body.Reason)
	return a.oneHold(ctx, h, err)
}
