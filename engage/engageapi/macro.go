package engageapi

import (
	"bytes"
	"context"
	"net/http"

	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/engage/shelf"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

// macros adds macros, and the transcript.
func (a *api) macros(s *server.Server) {
	op := func(id, method, path string, p social.Permission, status int, summary string) server.Op {
		return server.Op{ID: id, Method: method, Path: path, Tag: "Engage", Permission: p, Summary: summary, Status: status}
	}
	const ok, made, empty = http.StatusOK, http.StatusCreated, http.StatusNoContent
	server.Register(s, op("list-macros", http.MethodGet, "/api/macros", social.InboxWork, ok, "Your macros and those shared with you, by name."), a.listMacros)
	server.Register(s, op("add-macro", http.MethodPost, "/api/macros", social.InboxWork, made, "Make a macro."), a.addMacro)
	server.Register(s, op("edit-macro", http.MethodPut, "/api/macros/{id}", social.InboxWork, ok, "Change a macro."), a.editMacro)
	server.Register(s, op("remove-macro", http.MethodDelete, "/api/macros/{id}", social.InboxWork, empty, "Remove a macro."), a.dropMacro)
	server.Register(s, op("foresee-macro", http.MethodGet, "/api/conversations/{id}/macros/{macro}", social.InboxWork, ok, "What a macro would do with a conversation. Nothing is done."), a.foresee)
	server.Register(s, op("use-macro", http.MethodPost, "/api/conversations/{id}/macros/{macro}", social.InboxWork, ok,
		"Do what a macro does, all of it or nothing. Its words for a reply are returned, not sent."), a.useMacro)
	server.Register(s, op("get-transcript", http.MethodGet, "/api/conversations/{id}/transcript", social.InboxRead, ok, "What was said on both sides as plain text, without notes."), a.transcript)
}

// MacroDeed is one act of a macro.
type MacroDeed struct {
	Act       engage.Act         `json:"act" enum:"resolve,reopen,assign,team,priority,tag,untag,snooze,move"`
	Member    social.MemberID    `json:"member,omitempty"`
	Team      social.TeamID      `json:"team,omitempty"`
	Priority  engage.Priority    `json:"priority,omitempty" enum:"low,normal,high,urgent"`
	Tags      []social.TagID     `json:"tags,omitempty" maxItems:"20"`
	Programme social.ProgrammeID `json:"programme,omitempty"`
	After     int                `json:"after,omitempty" minimum:"0" maximum:"8760" doc:"Of a snooze: for how many hours."`
}

// Macro is several acts under one name.
type Macro struct {
	ID        social.MacroID       `json:"id"`
	Name      string               `json:"name"`
	Text      string               `json:"text,omitempty" doc:"Of a reply, with variables."`
	Note      string               `json:"note,omitempty"`
	Deeds     []MacroDeed          `json:"deeds"`
	Shared    bool                 `json:"shared"`
	Programme *social.ProgrammeRef `json:"programme,omitempty"`
	By        social.MemberRef     `json:"by"`
	Mine      bool                 `json:"mine"`
	Editable  bool                 `json:"editable"`
}

func macroDeed(e engage.Deed) MacroDeed {
	return MacroDeed{Act: e.Act, Member: e.Member, Team: e.Team, Priority: e.Priority, Tags: e.Tags, Programme: e.Programme, After: e.After}
}

func (a *api) shownMacros(ctx context.Context, ms []shelf.Macro) ([]Macro, error) {
	programmes, err := known(ctx, collect(ms, func(m shelf.Macro) social.ProgrammeID { return m.Programme }), a.around.Programmes)
	if err != nil {
		return nil, err
	}
	members, err := known(ctx, collect(ms, func(m shelf.Macro) social.MemberID { return m.Member }), a.around.Members)
	if err != nil {
		return nil, err
	}
	me, _ := social.ActorOf(ctx)
	return collect(ms, func(m shelf.Macro) Macro {
		out := Macro{ID: m.ID, Name: m.Name, Text: m.Words, Note: m.Note, Deeds: collect(m.Deeds, macroDeed), Shared: m.Shared, By: members[m.Member],
			Mine: m.Member == me.Member, Editable: m.Keeps(ctx)}
		if m.Programme != "" {
			p := programmes[m.Programme]
			p.ID = m.Programme
			out.Programme = &p
		}
		return out
	}), nil
}

func (a *api) listMacros(ctx context.Context, _ *struct{}) (*server.Body[server.Page[Macro]], error) {
	ms, err := a.shelf.Macros(ctx)
	if err != nil {
		return nil, err
	}
	items, err := a.shownMacros(ctx, ms)
	return &server.Body[server.Page[Macro]]{Body: server.NewPage(items, "")}, err
}

// MacroBody is what is kept of a macro.
type MacroBody struct {
	Name      string             `json:"name" minLength:"1" maxLength:"200"`
	Text      string             `json:"text,omitempty" doc:"Of a reply. Variables: {{person.name}}, {{person.first_name}}, {{member.name}}, {{member.first_name}}, {{conversation.subject}}, {{conversation.url}}."`
	Note      string             `json:"note,omitempty"`
	Deeds     []MacroDeed        `json:"deeds,omitempty" maxItems:"20"`
	Shared    bool               `json:"shared,omitempty"`
	Programme social.ProgrammeID `json:"programme,omitempty"`
}

func (a *api) keepMacro(ctx context.Context, id social.MacroID, b MacroBody) (*server.Body[Macro], error) {
	m, err := a.shelf.KeepMacro(ctx, shelf.Macro{ID: id, Name: b.Name, Words: b.Text, Note: b.Note, Shared: b.Shared, Programme: b.Programme,
		Deeds: collect(b.Deeds, func(e MacroDeed) engage.Deed {
			return engage.Deed{Act: e.Act, Member: e.Member, Team: e.Team, Priority: e.Priority, Tags: e.Tags, Programme: e.Programme, After: e.After}
		})})
	if err != nil {
		return nil, err
	}
	items, err := a.shownMacros(ctx, []shelf.Macro{m})
	if err != nil {
		return nil, err
	}
	return &server.Body[Macro]{Body: items[0]}, nil
}

type addMacroInput struct {
	Body MacroBody
}

func (a *api) addMacro(ctx context.Context, in *addMacroInput) (*server.Body[Macro], error) {
	return a.keepMacro(ctx, "", in.Body)
}

type editMacroInput struct {
	ID   social.MacroID `path:"id"`
	Body MacroBody
}

func (a *api) editMacro(ctx context.Context, in *editMacroInput) (*server.Body[Macro], error) {
	return a.keepMacro(ctx, in.ID, in.Body)
}

type macroInput struct {
	ID social.MacroID `path:"id"`
}

func (a *api) dropMacro(ctx context.Context, in *macroInput) (*struct{}, error) {
	return nil, a.shelf.DropMacro(ctx, in.ID)
}

type useMacroInput struct {
	ConversationPath
	Macro social.MacroID `path:"macro"`
}

// Step is one thing that a macro would do.
type Step struct {
	MacroDeed
	Why string `json:"why,omitempty" doc:"Why it may not be done; then nothing is."`
}

// Foreseen is what a macro would do.
type Foreseen struct {
	Text  string `json:"text,omitempty"`
	Note  string `json:"note,omitempty"`
	Steps []Step `json:"steps"`
}

func (a *api) foresee(ctx context.Context, in *useMacroInput) (*server.Body[Foreseen], error) {
	f, err := a.shelf.Foresee(ctx, in.ID, in.Macro)
	if err != nil {
		return nil, err
	}
	return &server.Body[Foreseen]{Body: Foreseen{Text: f.Words, Note: f.Note, Steps: collect(f.Steps, func(s engage.Step) Step { return Step{macroDeed(s.Deed), s.Why} })}}, nil
}

// Used says what a macro did.
type Used struct {
	Text string `json:"text,omitempty" doc:"Of the reply; nobody has sent it."`
	Undo string `json:"undo,omitempty"`
}

func (a *api) useMacro(ctx context.Context, in *useMacroInput) (*server.Body[Used], error) {
	o, f, err := a.shelf.UseMacro(ctx, in.ID, in.Macro)
	if err != nil {
		return nil, err
	}
	return &server.Body[Used]{Body: Used{Text: f.Words, Undo: o.Undo}}, nil
}

// Transcript is a conversation as plain text.
type Transcript struct {
	Type string `header:"Content-Type"`
	Name string `header:"Content-Disposition"`
	Body []byte
}

func (a *api) transcript(ctx context.Context, in *ConversationPath) (*Transcript, error) {
	var b bytes.Buffer
	if err := a.desk.Transcript(ctx, in.ID, a.around.Members, &b); err != nil {
		return nil, err
	}
	return &Transcript{Type: "text/plain; charset=utf-8", Name: `attachment; filename="conversation.txt"`, Body: b.Bytes()}, nil
}
