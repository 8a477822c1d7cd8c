// Package engageapi serves the inbox and the desk over HTTP.
package engageapi

import (
	"context"
	"net/http"
	"time"

	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/engage/moderate"
	"github.com/parley-crm/parley/engage/parcel"
	"github.com/parley-crm/parley/engage/shelf"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

// Around answers what the engage room itself does not know. What is unknown
// is left out of the answer.
type Around interface {
	Channels(ctx context.Context, ids []social.ChannelID) (map[social.ChannelID]social.ChannelRef, error)
	Members(ctx context.Context, ids []social.MemberID) (map[social.MemberID]social.MemberRef, error)
	Programmes(ctx context.Context, ids []social.ProgrammeID) (map[social.ProgrammeID]social.ProgrammeRef, error)
	// Reach is ctx with the scope of another permission; false when the actor has it nowhere.
	Reach(ctx context.Context, p social.Permission) (context.Context, bool)
	MonitorNames(ctx context.Context, ids []social.MonitorID) (map[social.MonitorID]string, error)
	Persons(ctx context.Context, ids []social.IdentityID) (map[social.IdentityID]social.PersonID, error)
	// Kin lists all accounts of the person behind one, that one among them.
	Kin(ctx context.Context, id social.IdentityID) ([]social.IdentityID, error)
	// CreditsOf lists what a conversation's links brought, oldest first.
	CreditsOf(ctx context.Context, id social.ConversationID) ([]Credit, error)
}

type api struct {
	desk      *engage.Desk
	shelf     *shelf.Shelf
	moderator *moderate.Moderator
	around    Around
	show      func(social.File) server.File
}

// Register adds the room's operations; without a moderator nothing is done
// about messages where they stand.
func Register(s *server.Server, desk *engage.Desk, shelf *shelf.Shelf, moderator *moderate.Moderator, around Around) {
	a := &api{desk, shelf, moderator, around, s.ShowFile}
	op := func(id, method, path string, p social.Permission, summary string) server.Op {
		return server.Op{ID: id, Method: method, Path: path, Tag: "Engage", Permission: p, Summary: summary}
	}
	empty := func(o server.Op) server.Op { o.Status = http.StatusNoContent; return o }
	made := func(o server.Op) server.Op { o.Status = http.StatusCreated; return o }
	const get, post, put, patch, del = http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete
	const one = "/api/conversations/{id}"

	server.Register(s, op("list-conversations", get, "/api/conversations", social.InboxRead, "A page of the inbox, newest first or longest waiting first."), a.list)
	a.desks(s)
	a.previews(s)
	a.macros(s)
	a.merges(s)
	a.moderation(s)
	server.Register(s, op("count-conversations", get, "/api/conversations/counts", social.InboxRead, "How many conversations each view holds."), a.counts)
	server.Register(s, op("change-conversations", post, "/api/conversations/bulk", social.InboxWork, "Do one thing with up to five hundred conversations, at once; it can be taken back."), a.bulk)
	server.Register(s, op("get-conversation", get, one, social.InboxRead, "One conversation, how it can be answered, and what it brought."), a.get)
	server.Register(s, op("move-conversation", patch, one, social.InboxWork, "Put a conversation into another programme."), a.move)
	server.Register(s, op("list-messages", get, one+"/messages", social.InboxRead, "What was said and done, newest first."), a.messages)
	server.Register(s, made(op("reply", post, one+"/replies", social.InboxReply, "Answer. It leaves when the time to undo is over; the same key is one reply.")), a.reply)
	server.Register(s, made(op("note", post, one+"/notes", social.InboxWork, "Write a note that never leaves the house; the same key is one note.")), a.note)
	server.Register(s, op("claim", post, one+"/claim", social.InboxWork, "Take a conversation that nobody has."), a.claim)
	server.Register(s, op("assign", post, one+"/assign", social.InboxWork, "Give a conversation to a member, or to nobody."), a.assign)
	server.Register(s, op("resolve", post, one+"/resolve", social.InboxWork, "Close a conversation. New words of the customer open it again."), a.resolve)
	server.Register(s, op("reopen", post, one+"/reopen", social.InboxWork, "Open a conversation again."), a.reopen)
	server.Register(s, op("snooze", post, one+"/snooze", social.InboxWork, "Put a conversation away until a time, or until they write again."), a.snooze)
	server.Register(s, empty(op("read-conversation", post, one+"/read", social.InboxRead, "Note that one has read a conversation.")), a.read)
	server.Register(s, empty(op("unread-conversation", del, one+"/read", social.InboxRead, "Make a conversation as if one had not read their newest words.")), a.unread)
	server.Register(s, op("get-draft", get, one+"/draft", social.InboxRead, "What one has begun to write; no words when nothing."), a.draft)
	server.Register(s, op("keep-draft", put, one+"/draft", social.InboxRead, "Keep what one has begun to write."), a.keepDraft)
	server.Register(s, op("get-recipients", get, one+"/recipients", social.InboxRead, "Who can get an answer besides the customer: of a mail, those who got their last one too."), a.recipients)
	server.Register(s, op("get-rest", get, "/api/messages/{id}/rest", social.InboxRead, "What a message quotes and who got it too: of a mail, what is left out above."), a.rest)
	server.Register(s, op("get-sent", get, "/api/messages/{id}/sent", social.InboxRead, "A mail as its sender made it look: a page that runs and loads nothing, for a frame of the app. Pictures that did not come with it are left out."), a.sent)
	server.Register(s, op("get-sent-facts", get, "/api/messages/{id}/sent/facts", social.InboxRead, "What is left out of a mail as its sender made it look, and about how high that is."), a.sentFacts)
	server.Register(s, empty(op("drop-draft", del, one+"/draft", social.InboxRead, "Throw away what one has begun to write.")), a.dropDraft)
	server.Register(s, op("undo-reply", del, "/api/messages/{id}", social.InboxReply, "Take a reply back while it has not left."), a.undo)
	server.Register(s, op("check-reply", post, "/api/messages/{id}/check", social.InboxReply, "Look at the network whether a reply stands there."), a.check)
	server.Register(s, op("settle-reply", post, "/api/messages/{id}/settle", social.InboxReply, "Say whether a reply stands on the network, where Parley can't tell."), a.settle)
	server.Register(s, op("retry-reply", post, "/api/messages/{id}/retry", social.InboxReply, "Send a reply again that certainly does not stand on the network."), a.retry)
	server.Register(s, op("fit", post, "/api/fit", social.InboxRead, "Whether a text fits a channel, counted that network's own way."), a.fit)
	server.Register(s, op("list-mates", get, "/api/mates", social.InboxRead, "To whom one can give conversations."), a.mates)
	server.Register(s, made(op("take-mention", post, "/api/mentions/{id}/conversation", social.InboxWork, "Take what was heard into the inbox by hand.")), a.take)
}

// ConversationPath names a conversation in an address.
type ConversationPath struct {
	ID social.ConversationID `path:"id"`
}

// MessagePath names a message in an address.
type MessagePath struct {
	ID social.MessageID `path:"id"`
}

type listInput struct {
	server.Paging
	View      engage.View        `query:"view" enum:"mine,unassigned,mentions,open,waiting,snoozed,resolved,all" default:"open"`
	Search    string             `query:"q" maxLength:"200" doc:"Words in author, subject or preview. A page looks through two thousand conversations; read on with next."`
	Channel   social.ChannelID   `query:"channel"`
	Programme social.ProgrammeID `query:"programme"`
	Team      social.TeamID      `query:"team" doc:"What a team has; with the view all, what is open or waiting."`
	Saved     social.ViewID      `query:"saved" doc:"A saved view, instead of one that is always there. Its order holds unless sort is given."`
	Sort      string             `query:"sort" enum:"recent,waiting" doc:"recent if left out."`
}

// Listed is a page of the inbox.
type Listed struct {
	Items  []Conversation `json:"items"`
	Next   *string        `json:"next" doc:"Where the next page begins; null at the end."`
	Looked int            `json:"looked,omitempty" doc:"No index knows what was asked: so many conversations were looked through for this page, and the next looks on."`
}

func (a *api) listed(ctx context.Context, p engage.Page) (Listed, error) {
	items, err := a.shapes(ctx, p.Rows)
	out := server.NewPage(items, p.Next)
	return Listed{Items: out.Items, Next: out.Next, Looked: p.Looked}, err
}

func (a *api) list(ctx context.Context, in *listInput) (*server.Body[Listed], error) {
	q := engage.Query{View: in.View, Search: in.Search, Channel: in.Channel, Programme: in.Programme, Team: in.Team,
		Longest: in.Sort == "waiting", Cursor: in.Cursor, Limit: in.Limit}
	if in.Saved != "" {
		v, err := a.shelf.ViewOf(ctx, in.Saved)
		if err != nil {
			return nil, err
		}
		q.View, q.Where, q.Longest = engage.ViewAll, v.Where, in.Sort == "waiting" || (in.Sort == "" && v.Longest)
	}
	page, err := a.desk.List(ctx, q)
	if err != nil {
		return nil, err
	}
	out, err := a.listed(ctx, page)
	return &server.Body[Listed]{Body: out}, err
}

// Counts is how many conversations each view holds.
type Counts struct {
	Mine       int64 `json:"mine"`
	Unassigned int64 `json:"unassigned"`
	Open       int64 `json:"open"`
	Waiting    int64 `json:"waiting"`
	Snoozed    int64 `json:"snoozed"`
	Resolved   int64 `json:"resolved"`
}

func (a *api) counts(ctx context.Context, _ *struct{}) (*server.Body[Counts], error) {
	c, err := a.desk.Counts(ctx)
	return &server.Body[Counts]{Body: Counts(c)}, err
}

func (a *api) get(ctx context.Context, in *ConversationPath) (*server.Body[ConversationFull], error) {
	row, err := a.desk.Conversation(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	full, err := a.full(ctx, row)
	return &server.Body[ConversationFull]{Body: full}, err
}

// again answers an act with the conversation as it is now.
func (a *api) again(ctx context.Context, id social.ConversationID, err error) (*server.Body[Conversation], error) {
	if err != nil {
		return nil, err
	}
	row, err := a.desk.Conversation(ctx, id)
	if err != nil {
		return nil, err
	}
	items, err := a.shapes(ctx, []engage.Row{row})
	if err != nil {
		return nil, err
	}
	return &server.Body[Conversation]{Body: items[0]}, nil
}

func (a *api) claim(ctx context.Context, in *ConversationPath) (*server.Body[Conversation], error) {
	return a.again(ctx, in.ID, a.desk.Claim(ctx, in.ID))
}

type assignInput struct {
	ConversationPath
	Body struct {
		Member social.MemberID `json:"member,omitempty" doc:"Left out: to nobody."`
	}
}

func (a *api) assign(ctx context.Context, in *assignInput) (*server.Body[Conversation], error) {
	return a.again(ctx, in.ID, a.desk.Assign(ctx, in.ID, in.Body.Member))
}

func (a *api) resolve(ctx context.Context, in *ConversationPath) (*server.Body[Conversation], error) {
	return a.again(ctx, in.ID, a.desk.Resolve(ctx, in.ID))
}

func (a *api) reopen(ctx context.Context, in *ConversationPath) (*server.Body[Conversation], error) {
	return a.again(ctx, in.ID, a.desk.Reopen(ctx, in.ID))
}

type snoozeInput struct {
	ConversationPath
	Body struct {
		Until time.Time `json:"until"`
	}
}

func (a *api) snooze(ctx context.Context, in *snoozeInput) (*server.Body[Conversation], error) {
	return a.again(ctx, in.ID, a.desk.Snooze(ctx, in.ID, in.Body.Until))
}

type moveInput struct {
	ConversationPath
	Body struct {
		Programme *social.ProgrammeID `json:"programme,omitempty" doc:"Empty: into none."`
	}
}

func (a *api) move(ctx context.Context, in *moveInput) (*server.Body[Conversation], error) {
	if in.Body.Programme == nil {
		return a.again(ctx, in.ID, nil)
	}
	if err := a.programme(ctx, *in.Body.Programme); err != nil {
		return nil, err
	}
	return a.again(ctx, in.ID, a.desk.Move(ctx, in.ID, *in.Body.Programme))
}

func (a *api) read(ctx context.Context, in *ConversationPath) (*struct{}, error) {
	return nil, a.desk.Read(ctx, in.ID)
}

func (a *api) unread(ctx context.Context, in *ConversationPath) (*struct{}, error) {
	return nil, a.desk.Unread(ctx, in.ID)
}

// Draft is what one has begun to write.
type Draft struct {
	Text       string            `json:"text"`
	Visibility social.Visibility `json:"visibility,omitempty"`
	At         *time.Time        `json:"at,omitempty"`
	Files      []Going           `json:"files" doc:"That are to go along."`
	CC         *[]string         `json:"cc,omitempty" doc:"Addresses of others who are to get it too; left out while nobody has chosen."`
}

func (a *api) draft(ctx context.Context, in *ConversationPath) (*server.Body[Draft], error) {
	d, err := a.desk.Draft(ctx, in.ID)
	if social.NotFound.Is(err) {
		if _, err := a.desk.Conversation(ctx, in.ID); err != nil {
			return nil, err
		}
		return &server.Body[Draft]{Body: Draft{Files: []Going{}}}, nil
	}
	if err != nil {
		return nil, err
	}
	return a.drafted(ctx, d)
}

type draftInput struct {
	ConversationPath
	Body struct {
		Text       string             `json:"text"`
		Visibility social.Visibility  `json:"visibility,omitempty" enum:"public,direct,internal"`
		Files      []parcel.Enclosure `json:"files,omitempty" maxItems:"10" doc:"That are to go along, instead of those before."`
		CC         *[]string          `json:"cc,omitempty" maxItems:"50" doc:"Addresses of others who are to get it too; left out while nobody has chosen."`
	}
}

func (a *api) keepDraft(ctx context.Context, in *draftInput) (*server.Body[Draft], error) {
	dr := engage.Draft{Text: in.Body.Text, Visibility: in.Body.Visibility, Files: in.Body.Files}
	if in.Body.CC != nil {
		dr.Copies = append([]string{}, *in.Body.CC...)
	}
	d, err := a.desk.KeepDraftOf(ctx, in.ID, dr)
	if err != nil {
		return nil, err
	}
	return a.drafted(ctx, d)
}

func (a *api) dropDraft(ctx context.Context, in *ConversationPath) (*struct{}, error) {
	_, err := a.desk.KeepDraft(ctx, in.ID, "", "")
	return nil, err
}

type fitInput struct {
	Body struct {
		Channel    social.ChannelID  `json:"channel"`
		Text       string            `json:"text"`
		Visibility social.Visibility `json:"visibility,omitempty" enum:"public,direct"`
	}
}

func (a *api) fit(ctx context.Context, in *fitInput) (*server.Body[engage.Room], error) {
	r, err := a.desk.Fit(ctx, in.Body.Channel, in.Body.Visibility, in.Body.Text)
	return &server.Body[engage.Room]{Body: r}, err
}

type matesInput struct {
	Programme social.ProgrammeID `query:"programme"`
}

func (a *api) mates(ctx context.Context, in *matesInput) (*server.Body[server.Page[social.MemberRef]], error) {
	mates, err := a.desk.MatesOf(ctx, in.Programme)
	if err != nil {
		return nil, err
	}
	items := make([]social.MemberRef, len(mates))
	for i, m := range mates {
		items[i] = social.MemberRef(m)
	}
	return &server.Body[server.Page[social.MemberRef]]{Body: server.NewPage(items, "")}, nil
}

type takeInput struct {
	ID social.ActivityID `path:"id"`
}

// Taken says in which conversation something is now.
type Taken struct {
	Conversation social.ConversationID `json:"conversation"`
}

func (a *api) take(ctx context.Context, in *takeInput) (*server.Body[Taken], error) {
	id, err := a.desk.Take(ctx, in.ID)
	return &server.Body[Taken]{Body: Taken{id}}, err
}
