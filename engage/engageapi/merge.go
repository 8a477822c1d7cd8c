package engageapi

import (
	"context"
	"net/http"
	"slices"

	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

func (a *api) merges(s *server.Server) {
	op := func(id, method, path string, p social.Permission, status int, summary string) server.Op {
		return server.Op{ID: id, Method: method, Path: path, Tag: "Engage", Permission: p, Status: status, Summary: summary}
	}
	const one = "/api/conversations/{id}"
	server.Register(s, op("list-kin", http.MethodGet, one+"/kin", social.InboxRead, http.StatusOK, "The newest other conversations of the same person."), a.kin)
	server.Register(s, op("merge-conversations", http.MethodPost, one+"/merge", social.InboxWork, http.StatusOK, "Put what was said in up to twenty other conversations into this one; it can be taken back, and each can be taken out at any time."), a.merge)
	server.Register(s, op("unmerge-conversation", http.MethodPost, one+"/unmerge", social.InboxWork, http.StatusOK, "Take a conversation out of the one into which it was merged."), a.unmerge)
	server.Register(s, op("split-conversation", http.MethodPost, one+"/split", social.InboxWork, http.StatusOK, "Take messages out of a conversation into one of their own; it can be taken back."), a.split)
}

const mostKin = 20

func (a *api) kin(ctx context.Context, in *ConversationPath) (*server.Body[server.Page[Conversation]], error) {
	row, err := a.desk.Conversation(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	who, err := a.around.Kin(ctx, row.Identity)
	if err != nil {
		return nil, err
	}
	rows, err := a.desk.Store.Of(ctx, who, mostKin+1)
	if err != nil {
		return nil, err
	}
	rows = slices.DeleteFunc(rows, func(r engage.Row) bool { return r.ID == in.ID })
	items, err := a.shapes(ctx, rows[:min(len(rows), mostKin)])
	return &server.Body[server.Page[Conversation]]{Body: server.NewPage(items, "")}, err
}

type mergeInput struct {
	ConversationPath
	Body struct {
		Conversations []social.ConversationID `json:"conversations" minItems:"1" maxItems:"20"`
	}
}

func (a *api) merge(ctx context.Context, in *mergeInput) (*server.Body[Done], error) {
	o, err := a.desk.Merge(ctx, in.ID, in.Body.Conversations)
	return &server.Body[Done]{Body: done(o)}, err
}

func (a *api) unmerge(ctx context.Context, in *ConversationPath) (*server.Body[Conversation], error) {
	return a.again(ctx, in.ID, a.desk.Unmerge(ctx, in.ID))
}

type splitInput struct {
	ConversationPath
	Body struct {
		Messages []social.MessageID `json:"messages" minItems:"1" maxItems:"200" doc:"One of theirs must be among them, and one must stay."`
	}
}

// Split says what became of messages that were taken out.
type Split struct {
	Conversation social.ConversationID `json:"conversation"`
	Undo         string                `json:"undo" doc:"Names it, to take it back within a day."`
}

func (a *api) split(ctx context.Context, in *splitInput) (*server.Body[Split], error) {
	id, o, err := a.desk.Split(ctx, in.ID, in.Body.Messages)
	return &server.Body[Split]{Body: Split{id, o.Undo}}, err
}

// ways are how one can answer in a conversation.
func (a *api) ways(ctx context.Context, c engage.Conversation) ([]Way, error) {
	ways, err := a.desk.Ways(ctx, c)
	if err != nil {
		return nil, err
	}
	channels, err := known(ctx, collect(ways, func(w engage.Way) social.ChannelID { return w.Channel }), a.around.Channels)
	if err != nil {
		return nil, err
	}
	persons, err := known(ctx, collect(ways, func(w engage.Way) social.IdentityID { return w.Identity }), a.around.Persons)
	if err != nil {
		return nil, err
	}
	out := make([]Way, len(ways))
	for i, w := range ways {
		v, err := a.desk.Clear(ctx, w.Conversation)
		if err != nil {
			return nil, err
		}
		doors := a.desk.Doors(ctx, w.Conversation)
		out[i] = Way{
			Conversation: w.ID, Channel: channels[w.Channel], Author: author(w.Identity, w.Author), Visibility: w.Visibility,
			Abilities: able(doors),
			Reply:     Heading{To: handle(w.Conversation.Author), Title: a.desk.Title(ctx, w.Conversation)},
			Gate:      Gate{Clear: v.Clear, Why: v.Why, Fix: v.Fix, Missing: v.Missing},
		}
		out[i].Channel.ID, out[i].Author.Person = w.Channel, persons[w.Identity]
		if out[i].Gate.Missing == nil {
			out[i].Gate.Missing = []engage.Missing{}
		}
	}
	return out, nil
}
