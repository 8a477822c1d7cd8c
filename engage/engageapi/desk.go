package engageapi

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/engage/shelf"
	"github.com/parley-crm/parley/kit/cond"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

// desks adds what concerns many conversations: views, teams, and bulk work.
func (a *api) desks(s *server.Server) {
	op := func(id, method, path string, p social.Permission, status int, summary string) server.Op {
		return server.Op{ID: id, Method: method, Path: path, Tag: "Engage", Permission: p, Summary: summary, Status: status}
	}
	const ok, made, empty = http.StatusOK, http.StatusCreated, http.StatusNoContent
	server.Register(s, op("list-views", http.MethodGet, "/api/views", social.InboxRead, ok, "Your saved views and those shared with you, in your order."), a.views)
	server.Register(s, op("count-views", http.MethodGet, "/api/views/counts", social.InboxRead, ok, "How many conversations each saved view shows, up to a hundred."), a.countViews)
	server.Register(s, op("add-view", http.MethodPost, "/api/views", social.InboxRead, made, "Save a view. Sharing takes that you may work in the inbox there."), a.addView)
	server.Register(s, op("edit-view", http.MethodPut, "/api/views/{id}", social.InboxRead, ok, "Change a saved view."), a.editView)
	server.Register(s, op("remove-view", http.MethodDelete, "/api/views/{id}", social.InboxRead, empty, "Remove a saved view. Conversations stay as they are."), a.dropView)
	server.Register(s, op("preview-view", http.MethodPost, "/api/views/preview", social.InboxRead, ok, "What conditions would show, without saving them."), a.preview)
	server.Register(s, op("arrange-views", http.MethodPut, "/api/views/shelf", social.InboxRead, empty, "Put your views into an order, and say with which one the inbox begins."), a.shelve)
	server.Register(s, op("list-teams", http.MethodGet, "/api/teams", social.InboxRead, ok, "Teams to which conversations can be given."), a.teams)
	server.Register(s, op("add-team", http.MethodPost, "/api/teams", social.GovernWrite, made, "Make a team."), a.addTeam)
	server.Register(s, op("edit-team", http.MethodPut, "/api/teams/{id}", social.GovernWrite, ok, "Change a team, or put it into the archive."), a.editTeam)
	server.Register(s, op("undo-deed", http.MethodPost, "/api/deeds/{id}/undo", social.InboxWork, ok, "Take back what you did with conversations within the last day."), a.takeBack)
}

// View is a saved view.
type View struct {
	ID         social.ViewID        `json:"id"`
	Name       string               `json:"name"`
	Conditions cond.Node            `json:"conditions"`
	Sort       string               `json:"sort" enum:"recent,waiting"`
	Shared     bool                 `json:"shared"`
	Programme  *social.ProgrammeRef `json:"programme,omitempty" doc:"With whom it is shared; left out: with everybody."`
	By         social.MemberRef     `json:"by"`
	Mine       bool                 `json:"mine"`
	Editable   bool                 `json:"editable" doc:"Whether you may change it."`
}

// Views is a member's views.
type Views struct {
	Items []View  `json:"items"`
	Next  *string `json:"next"`
	First string  `json:"first,omitempty" doc:"With which the inbox begins: a view's id, or a word such as mine."`
}

// sharing is ctx with the scope within which the actor may share.
func (a *api) sharing(ctx context.Context) context.Context {
	if c, ok := a.around.Reach(ctx, social.InboxWork); ok {
		return c
	}
	return social.WithScope(ctx, social.Scope{})
}

func (a *api) shownViews(ctx context.Context, vs []shelf.Saved) ([]View, error) {
	programmes, err := known(ctx, collect(vs, func(v shelf.Saved) social.ProgrammeID { return v.Programme }), a.around.Programmes)
	if err != nil {
		return nil, err
	}
	members, err := known(ctx, collect(vs, func(v shelf.Saved) social.MemberID { return v.Member }), a.around.Members)
	if err != nil {
		return nil, err
	}
	me, _ := social.ActorOf(ctx)
	sharing := a.sharing(ctx)
	return collect(vs, func(v shelf.Saved) View {
		out := View{ID: v.ID, Name: v.Name, Conditions: v.Where, Sort: "recent", Shared: v.Shared, By: members[v.Member],
			Mine: v.Member == me.Member, Editable: v.Keeps(sharing)}
		if v.Longest {
			out.Sort = "waiting"
		}
		if v.Programme != "" {
			p := programmes[v.Programme]
			p.ID = v.Programme
			out.Programme = &p
		}
		return out
	}), nil
}

func (a *api) views(ctx context.Context, _ *struct{}) (*server.Body[Views], error) {
	vs, shelf, err := a.shelf.Views(ctx)
	if err != nil {
		return nil, err
	}
	items, err := a.shownViews(ctx, vs)
	return &server.Body[Views]{Body: Views{Items: items, First: shelf.First}}, err
}

// Counted is how many conversations a view shows.
type Counted struct {
	ID   social.ViewID `json:"id,omitempty"`
	N    int           `json:"n" doc:"At most 100."`
	Sure bool          `json:"sure" doc:"False: there are more, or may be."`
}

func (a *api) countViews(ctx context.Context, _ *struct{}) (*server.Body[server.Page[Counted]], error) {
	vs, _, err := a.shelf.Views(ctx)
	if err != nil {
		return nil, err
	}
	vs = vs[:min(len(vs), 60)] // more nobody looks at
	counts, err := a.shelf.CountSaved(ctx, vs)
	if err != nil {
		return nil, err
	}
	items := collect(vs, func(v shelf.Saved) Counted { return Counted{v.ID, counts[v.ID].N, counts[v.ID].Sure} })
	return &server.Body[server.Page[Counted]]{Body: server.NewPage(items, "")}, nil
}

// ViewBody is what is saved of a view.
type ViewBody struct {
	Name       string             `json:"name" minLength:"1" maxLength:"200"`
	Conditions cond.Node          `json:"conditions" doc:"A tree of tests. Fields: state, turn, assignee (a member's id or me), team, tags, priority, channel, network, programme, language, sentiment, intent, visibility, delivery, unread, draft, named, began, last, waiting_since, first_answer, first_answer_minutes, messages."`
	Sort       string             `json:"sort,omitempty" enum:"recent,waiting"`
	Shared     bool               `json:"shared,omitempty"`
	Programme  social.ProgrammeID `json:"programme,omitempty" doc:"With whom it is shared; left out: with everybody."`
}

func (b ViewBody) saved(id social.ViewID) shelf.Saved {
	return shelf.Saved{ID: id, Name: b.Name, Where: b.Conditions, Longest: b.Sort == "waiting", Shared: b.Shared, Programme: b.Programme}
}

func (a *api) keepView(ctx context.Context, v shelf.Saved) (*server.Body[View], error) {
	if v.Shared { // what is one's own takes that one may read; sharing takes more
		ctx = a.sharing(ctx)
	}
	kept, err := a.shelf.KeepView(ctx, v)
	if err != nil {
		return nil, err
	}
	items, err := a.shownViews(ctx, []shelf.Saved{kept})
	if err != nil {
		return nil, err
	}
	return &server.Body[View]{Body: items[0]}, nil
}

type addViewInput struct {
	Body ViewBody
}

func (a *api) addView(ctx context.Context, in *addViewInput) (*server.Body[View], error) {
	return a.keepView(ctx, in.Body.saved(""))
}

type editViewInput struct {
	ID   social.ViewID `path:"id"`
	Body ViewBody
}

func (a *api) editView(ctx context.Context, in *editViewInput) (*server.Body[View], error) {
	return a.keepView(ctx, in.Body.saved(in.ID))
}

type viewInput struct {
	ID social.ViewID `path:"id"`
}

func (a *api) dropView(ctx context.Context, in *viewInput) (*struct{}, error) {
	v, err := a.shelf.ViewOf(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if v.Shared {
		ctx = a.sharing(ctx)
	}
	return nil, a.shelf.DropView(ctx, in.ID)
}

type previewInput struct {
	Body struct {
		Conditions cond.Node `json:"conditions"`
		Sort       string    `json:"sort,omitempty" enum:"recent,waiting"`
	}
}

// Preview is what conditions would show.
type Preview struct {
	Listed
	Count Counted `json:"count"`
}

func (a *api) preview(ctx context.Context, in *previewInput) (*server.Body[Preview], error) {
	page, err := a.desk.List(ctx, engage.Query{View: engage.ViewAll, Where: in.Body.Conditions, Longest: in.Body.Sort == "waiting", Limit: 8})
	if err != nil {
		return nil, err
	}
	n, err := a.desk.CountWhere(ctx, in.Body.Conditions)
	if err != nil {
		return nil, err
	}
	out, err := a.listed(ctx, page)
	return &server.Body[Preview]{Body: Preview{Listed: out, Count: Counted{N: n.N, Sure: n.Sure}}}, err
}

type shelfInput struct {
	Body struct {
		Views []social.ViewID `json:"views" maxItems:"500"`
		First string          `json:"first,omitempty" maxLength:"100"`
	}
}

func (a *api) shelve(ctx context.Context, in *shelfInput) (*struct{}, error) {
	return nil, a.shelf.Shelve(ctx, shelf.Shelved{Views: in.Body.Views, First: in.Body.First})
}

// Team is to whom a conversation can be given together.
type Team struct {
	ID        social.TeamID        `json:"id"`
	Name      string               `json:"name"`
	Programme *social.ProgrammeRef `json:"programme,omitempty" doc:"Left out: of the whole company."`
	Sharing   string               `json:"sharing" enum:"hand,turns,load" doc:"How its members get what the team is given: whoever takes it, by turns, or whoever has least."`
	Members   []social.MemberRef   `json:"members"`
	Mine      bool                 `json:"mine" doc:"You are in it."`
	Open      int                  `json:"open" doc:"Open and waiting conversations that you may see; at most 100."`
}

func sharing(s engage.Sharing) string {
	if s == engage.ByHand {
		return "hand"
	}
	return string(s)
}

func (a *api) shownTeams(ctx context.Context, ts []engage.Team) ([]Team, error) {
	programmes, err := known(ctx, collect(ts, func(t engage.Team) social.ProgrammeID { return t.Programme }), a.around.Programmes)
	if err != nil {
		return nil, err
	}
	var all []social.MemberID
	for _, t := range ts {
		all = append(all, t.Members...)
	}
	members, err := known(ctx, all, a.around.Members)
	if err != nil {
		return nil, err
	}
	counts, err := a.desk.Store.TeamCounts(ctx, collect(ts, func(t engage.Team) social.TeamID { return t.ID }), 100)
	if err != nil {
		return nil, err
	}
	me, _ := social.ActorOf(ctx)
	return collect(ts, func(t engage.Team) Team {
		out := Team{ID: t.ID, Name: t.Name, Sharing: sharing(t.Sharing), Mine: me.Member != "" && slices.Contains(t.Members, me.Member),
			Members: collect(t.Members, func(m social.MemberID) social.MemberRef { return social.MemberRef{ID: m, Name: members[m].Name} }), Open: counts[t.ID]}
		if t.Programme != "" {
			p := programmes[t.Programme]
			p.ID = t.Programme
			out.Programme = &p
		}
		return out
	}), nil
}

func (a *api) teams(ctx context.Context, _ *struct{}) (*server.Body[server.Page[Team]], error) {
	ts, err := a.desk.Teams(ctx)
	if err != nil {
		return nil, err
	}
	items, err := a.shownTeams(ctx, ts)
	return &server.Body[server.Page[Team]]{Body: server.NewPage(items, "")}, err
}

// TeamBody is what is kept of a team.
type TeamBody struct {
	Name      string             `json:"name" minLength:"1" maxLength:"200"`
	Programme social.ProgrammeID `json:"programme,omitempty" doc:"Left out: of the whole company."`
	Sharing   string             `json:"sharing,omitempty" enum:"hand,turns,load"`
	Members   []social.MemberID  `json:"members" maxItems:"200"`
	Archived  bool               `json:"archived,omitempty" doc:"It is no longer offered; what it had it keeps."`
}

func (a *api) keepTeam(ctx context.Context, id social.TeamID, b TeamBody) (*server.Body[Team], error) {
	t := engage.Team{ID: id, Name: b.Name, Programme: b.Programme, Members: b.Members, Sharing: engage.Sharing(b.Sharing)}
	if b.Sharing == "hand" {
		t.Sharing = engage.ByHand
	}
	if b.Archived {
		t.Archived = time.Unix(1, 0)
	}
	t, err := a.desk.KeepTeam(ctx, t)
	if err != nil {
		return nil, err
	}
	items, err := a.shownTeams(ctx, []engage.Team{t})
	if err != nil {
		return nil, err
	}
	return &server.Body[Team]{Body: items[0]}, nil
}

type addTeamInput struct {
	Body TeamBody
}

func (a *api) addTeam(ctx context.Context, in *addTeamInput) (*server.Body[Team], error) {
	return a.keepTeam(ctx, "", in.Body)
}

type editTeamInput struct {
	ID   social.TeamID `path:"id"`
	Body TeamBody
}

func (a *api) editTeam(ctx context.Context, in *editTeamInput) (*server.Body[Team], error) {
	return a.keepTeam(ctx, in.ID, in.Body)
}

type bulkInput struct {
	Body struct {
		IDs       []social.ConversationID `json:"ids" minItems:"1" maxItems:"500"`
		Act       engage.Act              `json:"act" enum:"resolve,reopen,assign,team,priority,tag,untag,snooze,move"`
		Member    social.MemberID         `json:"member,omitempty" doc:"Of assign; left out: to nobody."`
		Team      social.TeamID           `json:"team,omitempty" doc:"Left out: to none."`
		Priority  engage.Priority         `json:"priority,omitempty" enum:"low,normal,high,urgent"`
		Tags      []social.TagID          `json:"tags,omitempty" maxItems:"20"`
		Programme social.ProgrammeID      `json:"programme,omitempty"`
		Until     time.Time               `json:"until,omitzero" required:"false"`
	}
}

// Refused is a conversation with which something was not done.
type Refused struct {
	ID  social.ConversationID `json:"id"`
	Why string                `json:"why"`
}

// Done says what became of something that was done with many.
type Done struct {
	Done    int       `json:"done"`
	Refused []Refused `json:"refused" doc:"With these it was not done, and why."`
	Undo    string    `json:"undo,omitempty" doc:"Names it, to take it back within a day."`
}

func done(o engage.Outcome) Done {
	return Done{Done: o.Done, Undo: o.Undo, Refused: collect(o.Refused, func(r engage.Refusal) Refused { return Refused{r.Conversation, r.Why} })}
}

func (a *api) bulk(ctx context.Context, in *bulkInput) (*server.Body[Done], error) {
	b := in.Body
	if b.Act == engage.ActMove {
		if err := a.programme(ctx, b.Programme); err != nil {
			return nil, err
		}
	}
	o, err := a.desk.Do(ctx, b.IDs, engage.Deed{Act: b.Act, Member: b.Member, Team: b.Team, Priority: b.Priority, Tags: b.Tags, Programme: b.Programme, Until: b.Until})
	if err != nil {
		return nil, err
	}
	return &server.Body[Done]{Body: done(o)}, nil
}

// programme refuses a programme that there is not.
func (a *api) programme(ctx context.Context, p social.ProgrammeID) error {
	if p == "" {
		return nil
	}
	known, err := a.around.Programmes(ctx, []social.ProgrammeID{p})
	if err != nil {
		return err
	}
	if _, ok := known[p]; !ok {
		return social.Errorf(social.NotFound, "This programme does not exist, or not for you.")
	}
	return nil
}

type deedInput struct {
	ID string `path:"id"`
}

func (a *api) takeBack(ctx context.Context, in *deedInput) (*server.Body[Done], error) {
	o, err := a.desk.TakeBack(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &server.Body[Done]{Body: done(o)}, nil
}
