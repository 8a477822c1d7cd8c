package engageapi

import (
	"context"

	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/engage/parcel"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

type messagesInput struct {
	ConversationPath
	server.Paging
}

func (a *api) messages(ctx context.Context, in *messagesInput) (*server.Body[server.Page[Message]], error) {
	ms, next, err := a.desk.Messages(ctx, in.ID, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	items, err := a.said(ctx, ms)
	if err != nil {
		return nil, err
	}
	return &server.Body[server.Page[Message]]{Body: server.NewPage(items, next)}, nil
}

func (a *api) one(ctx context.Context, m engage.Message, err error) (*server.Body[Message], error) {
	if err != nil {
		return nil, err
	}
	items, err := a.said(ctx, []engage.Message{m})
	if err != nil {
		return nil, err
	}
	return &server.Body[Message]{Body: items[0]}, nil
}

type replyInput struct {
	ConversationPath
	Body struct {
		Key        string                `json:"key" minLength:"1" maxLength:"200" doc:"A text of your own; the same key is one reply."`
		Text       string                `json:"text"`
		Visibility social.Visibility     `json:"visibility,omitempty" enum:"public,direct" doc:"That of the conversation if left out."`
		Seen       int64                 `json:"seen,omitempty" doc:"The version that you saw: 409 when a colleague has replied since."`
		Files      []parcel.Enclosure    `json:"files,omitempty" maxItems:"10" doc:"That you added and that go along, where the channel takes them."`
		Parted     bool                  `json:"parted,omitempty" doc:"Where it is too long for the channel: as several messages, one after the other. The first is answered; the key is that of the whole."`
		CC         []string              `json:"cc,omitempty" maxItems:"50" doc:"Addresses of others who get it too, where the channel can do that: a mail."`
		To         social.MessageID      `json:"to,omitempty" doc:"Answer this message of a public thread; left out, their newest."`
		Via        social.ConversationID `json:"via,omitempty" doc:"In which of the conversations that were merged to answer; left out, the one in which they wrote last."`
	}
}

func (a *api) reply(ctx context.Context, in *replyInput) (*server.Body[Message], error) {
	m, err := a.desk.Reply(ctx, in.ID, engage.Words{Key: in.Body.Key, Text: in.Body.Text, Visibility: in.Body.Visibility, Seen: in.Body.Seen, Files: in.Body.Files, Parted: in.Body.Parted, Copies: in.Body.CC, To: in.Body.To, Via: in.Body.Via})
	return a.one(ctx, m, err)
}

type noteInput struct {
	ConversationPath
	Body struct {
		Key  string `json:"key" minLength:"1" maxLength:"200" doc:"A text of your own; the same key is one note."`
		Text string `json:"text"`
	}
}

func (a *api) note(ctx context.Context, in *noteInput) (*server.Body[Message], error) {
	m, err := a.desk.Note(ctx, in.ID, engage.Remark{Key: in.Body.Key, Text: in.Body.Text})
	return a.one(ctx, m, err)
}

func (a *api) undo(ctx context.Context, in *MessagePath) (*server.Body[Message], error) {
	m, err := a.desk.Undo(ctx, in.ID)
	return a.one(ctx, m, err)
}

func (a *api) check(ctx context.Context, in *MessagePath) (*server.Body[Message], error) {
	m, err := a.desk.Check(ctx, in.ID)
	return a.one(ctx, m, err)
}

type settleInput struct {
	MessagePath
	Body struct {
		Sent bool `json:"sent" doc:"Whether it stands on the network."`
	}
}

func (a *api) settle(ctx context.Context, in *settleInput) (*server.Body[Message], error) {
	m, err := a.desk.Settle(ctx, in.ID, in.Body.Sent)
	return a.one(ctx, m, err)
}

func (a *api) retry(ctx context.Context, in *MessagePath) (*server.Body[Message], error) {
	m, err := a.desk.Retry(ctx, in.ID)
	return a.one(ctx, m, err)
}
