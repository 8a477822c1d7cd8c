package engageapi

import (
	"context"
	"net/http"
	"time"

	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/engage/hours"
	"github.com/parley-crm/parley/engage/rule"
	"github.com/parley-crm/parley/kit/cond"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

// RegisterRules adds the operations on rules.
func RegisterRules(s *server.Server, desk *engage.Desk, around Around) {
	a := &ruleAPI{api{desk: desk, around: around, show: s.ShowFile}, desk.Rules}
	op := func(id, method, path string, p social.Permission, summary string) server.Op {
		return server.Op{ID: id, Method: method, Path: path, Tag: "Engage", Permission: p, Summary: summary}
	}
	empty := func(o server.Op) server.Op { o.Status = http.StatusNoContent; return o }
	made := func(o server.Op) server.Op { o.Status = http.StatusCreated; return o }
	const read, write = social.InboxRead, social.GovernWrite

	server.Register(s, op("list-rules", http.MethodGet, "/api/rules", read, "What Parley does by itself with conversations, in the order in which it does it."), a.list)
	server.Register(s, made(op("add-rule", http.MethodPost, "/api/rules", write, "Add a rule. Whoever adds it answers for what it says.")), a.add)
	server.Register(s, op("edit-rule", http.MethodPut, "/api/rules/{id}", write, "Change a rule."), a.edit)
	server.Register(s, empty(op("remove-rule", http.MethodDelete, "/api/rules/{id}", write, "Remove a rule.")), a.remove)
	server.Register(s, empty(op("order-rules", http.MethodPost, "/api/rules/order", write, "Put the rules into an order.")), a.order)
	server.Register(s, op("try-rule", http.MethodPost, "/api/rules/try", write, "Say with which conversations of the last week a rule would have done something, and do nothing."), a.try)
	server.Register(s, op("list-rule-runs", http.MethodGet, "/api/rules/{id}/runs", read, "What a rule did, newest first."), a.runs)
}

type ruleAPI struct {
	api
	book *rule.Book
}

// RuleIn is a rule as it is sent.
type RuleIn struct {
	Name       string     `json:"name" maxLength:"200"`
	On         bool       `json:"on"`
	When       rule.Event `json:"when" enum:"opened,heard,answered,assigned,resolved,reopened,due_soon,overdue,tagged,waits_us,waits_them"`
	After      int64      `json:"after_s,omitempty" minimum:"0" doc:"Of waits_us and waits_them: seconds, in the hours of the calendar."`
	Calendar   hours.ID   `json:"calendar,omitempty" maxLength:"64" doc:"None: all of the time."`
	Open       rule.Open  `json:"open,omitempty" enum:"there,away" doc:"Only in the hours of the calendar, or only outside them."`
	Conditions cond.Node  `json:"conditions"`
	Ours       bool       `json:"ours" doc:"Also with conversations that we started."`
	Acts       []rule.Act `json:"acts" minItems:"1" maxItems:"10"`
}

// Rule is what Parley does by itself.
type Rule struct {
	ID rule.ID `json:"id"`
	RuleIn
	Owner *social.MemberRef `json:"owner,omitempty" doc:"Who answers for what it says."`
}

func (in RuleIn) rule(id rule.ID) rule.Rule {
	return rule.Rule{ID: id, Name: in.Name, On: in.On, When: in.When, After: seconds(in.After), Calendar: in.Calendar, Open: in.Open, Conditions: in.Conditions, Ours: in.Ours, Acts: in.Acts}
}

func (a *ruleAPI) shape(ctx context.Context, all []rule.Rule) ([]Rule, error) {
	names, err := known(ctx, collect(all, func(r rule.Rule) social.MemberID { return r.Owner }), a.around.Members)
	if err != nil {
		return nil, err
	}
	return collect(all, func(r rule.Rule) Rule {
		out := Rule{ID: r.ID, RuleIn: RuleIn{Name: r.Name, On: r.On, When: r.When, After: int64(r.After / time.Second), Calendar: r.Calendar, Open: r.Open, Conditions: r.Conditions, Ours: r.Ours, Acts: r.Acts}}
		if m, ok := names[r.Owner]; ok {
			out.Owner = &m
		}
		return out
	}), nil
}

func (a *ruleAPI) list(ctx context.Context, _ *struct{}) (*server.Body[server.Page[Rule]], error) {
	all, err := a.book.Rules(ctx)
	if err != nil {
		return nil, err
	}
	items, err := a.shape(ctx, all)
	return &server.Body[server.Page[Rule]]{Body: server.NewPage(items, "")}, err
}

func (a *ruleAPI) save(ctx context.Context, r rule.Rule) (*server.Body[Rule], error) {
	if err := company(ctx); err != nil {
		return nil, err
	}
	r, err := a.book.Save(ctx, r)
	if err != nil {
		return nil, err
	}
	items, err := a.shape(ctx, []rule.Rule{r})
	if err != nil {
		return nil, err
	}
	return &server.Body[Rule]{Body: items[0]}, nil
}

func (a *ruleAPI) add(ctx context.Context, in *server.Body[RuleIn]) (*server.Body[Rule], error) {
	return a.save(ctx, in.Body.rule(""))
}

// RulePath names a rule in an address.
type RulePath struct {
	ID rule.ID `path:"id" maxLength:"64"`
}

type editRuleIn struct {
	RulePath
	Body RuleIn
}

func (a *ruleAPI) edit(ctx context.Context, in *editRuleIn) (*server.Body[Rule], error) {
	return a.save(ctx, in.Body.rule(in.ID))
}

func (a *ruleAPI) remove(ctx context.Context, in *RulePath) (*struct{}, error) {
	if err := company(ctx); err != nil {
		return nil, err
	}
	return nil, a.book.Drop(ctx, in.ID)
}

type orderRulesIn struct {
	Body struct {
		IDs []rule.ID `json:"ids" maxItems:"100"`
	}
}

func (a *ruleAPI) order(ctx context.Context, in *orderRulesIn) (*struct{}, error) {
	if err := company(ctx); err != nil {
		return nil, err
	}
	return nil, a.book.Order(ctx, in.Body.IDs)
}

// RuleWould is a conversation with which a rule would have done something.
type RuleWould struct {
	Conversation Conversation `json:"conversation"`
	At           time.Time    `json:"at" doc:"The first time."`
	Times        int          `json:"times"`
}

// RuleTried is what came of a dry run.
type RuleTried struct {
	Looked int         `json:"looked" doc:"How many conversations with words in the last week were looked at."`
	All    bool        `json:"all" doc:"Whether these are all of them."`
	Would  int         `json:"would" doc:"With how many of them it would have done something."`
	Items  []RuleWould `json:"items" doc:"The first hundred of those."`
}

func (a *ruleAPI) try(ctx context.Context, in *server.Body[RuleIn]) (*server.Body[RuleTried], error) {
	tried, err := a.book.Try(ctx, in.Body.rule(""), a.desk.Values)
	if err != nil {
		return nil, err
	}
	out := RuleTried{Looked: tried.Looked, All: tried.All, Would: len(tried.Would), Items: []RuleWould{}}
	for _, w := range tried.Would[:min(len(tried.Would), 100)] {
		row, err := a.desk.Conversation(ctx, w.Conversation)
		if err != nil {
			return nil, err
		}
		shapes, err := a.shapes(ctx, []engage.Row{row})
		if err != nil {
			return nil, err
		}
		out.Items = append(out.Items, RuleWould{shapes[0], w.At, w.Times})
	}
	return &server.Body[RuleTried]{Body: out}, nil
}

type runsIn struct {
	server.Paging
	RulePath
}

// RuleRun is that a rule did something.
type RuleRun struct {
	Conversation social.ConversationID `json:"conversation"`
	Author       string                `json:"author"`
	Subject      string                `json:"subject"`
	When         rule.Event            `json:"when"`
	Did          []string              `json:"did"`
	At           time.Time             `json:"at"`
}

func (a *ruleAPI) runs(ctx context.Context, in *runsIn) (*server.Body[server.Page[RuleRun]], error) {
	runs, next, err := a.book.Store.RunsOf(ctx, in.ID, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	out := []RuleRun{}
	for _, r := range runs {
		row, err := a.desk.Conversation(ctx, r.Conversation)
		if err != nil {
			return nil, err
		}
		out = append(out, RuleRun{r.Conversation, row.Author.Label(), row.Subject, r.Event, r.Did, r.At})
	}
	return &server.Body[server.Page[RuleRun]]{Body: server.NewPage(out, next)}, nil
}
