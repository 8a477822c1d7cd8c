package server

import (
	"context"
	"net/http"
	"sort"

	"github.com/parley-crm/parley/social"
)

type viewingInput struct {
	ID   social.ConversationID `path:"id"`
	Body *struct {
		Typing bool `json:"typing,omitempty" doc:"Whether an answer is being written."`
		Gone   bool `json:"gone,omitempty" doc:"Whether the conversation was closed again."`
	} `required:"false"`
}

type presenceMember struct {
	ID     social.MemberID `json:"id"`
	Name   string          `json:"name"`
	Typing bool            `json:"typing"`
}

type presenceEvent struct {
	Conversation social.ConversationID `json:"conversation"`
	Members      []presenceMember      `json:"members"`
}

func (l *live) viewing(ctx context.Context, in *viewingInput) (*struct{}, error) {
	actor, _ := social.ActorOf(ctx)
	sees, err := l.s.sees(ctx, []social.ConversationID{in.ID})
	if err != nil {
		return nil, err
	}
	if len(sees) == 0 || actor.Member == "" {
		return nil, social.Errorf(social.NotFound, "There is no such conversation.")
	}
	v := &viewer{Name: actor.Name, Until: l.s.Clock.Now().Add(presenceLife)}
	gone := false
	if in.Body != nil {
		v.Typing, gone = in.Body.Typing, in.Body.Gone
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	who := l.presence[in.ID]
	old := who[actor.Member]
	switch {
	case gone:
		delete(who, actor.Member)
	case who == nil:
		l.presence[in.ID] = map[social.MemberID]*viewer{actor.Member: v}
	default:
		who[actor.Member] = v
	}
	if changed := old == nil || old.Typing != v.Typing; changed && !gone || old != nil && gone {
		l.tellPresence(in.ID)
	}
	return nil, nil
}

// leave forgets those who have not been heard of.
func (l *live) leave() {
	now := l.s.Clock.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	for id, who := range l.presence {
		changed := false
		for m, v := range who {
			if !v.Until.After(now) {
				delete(who, m)
				changed = true
			}
		}
		if changed {
			l.tellPresence(id)
		}
	}
}

// tellPresence hands who is there to every stream. l.mu is held. A stream
// that is too slow misses one; the next tells all again.
func (l *live) tellPresence(id social.ConversationID) {
	e := presenceEvent{Conversation: id, Members: []presenceMember{}}
	for m, v := range l.presence[id] {
		e.Members = append(e.Members, presenceMember{ID: m, Name: v.Name, Typing: v.Typing})
	}
	if len(e.Members) == 0 {
		delete(l.presence, id)
	}
	sort.Slice(e.Members, func(i, j int) bool { return e.Members[i].ID < e.Members[j].ID })
	for st := range l.listen {
		select {
		case st.presence <- e:
		default:
		}
	}
}

// sees narrows conversations to those that the actor of ctx may see.
func (s *Server) sees(ctx context.Context, ids []social.ConversationID) ([]social.ConversationID, error) {
	if social.ScopeOf(ctx).All || len(ids) == 0 {
		return ids, nil
	}
	if s.Sight == nil {
		return nil, nil
	}
	return s.Sight.Conversations(ctx, ids)
}

func (l *live) register() {
	Register(l.s, Op{ID: "view-conversation", Method: http.MethodPost, Path: "/api/conversations/{id}/viewing", Tag: "Live", Status: http.StatusNoContent,
		Summary: "Say that one has a conversation open, so that others see it", Permission: social.InboxRead}, l.viewing)
	l.registerStream()
}
