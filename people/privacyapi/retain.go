package privacyapi

import (
	"context"
	"net/http"
	"time"

	"github.com/parley-crm/parley/people/retain"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

type retainAPI struct {
	office *retain.Office
	around RequestAround
}

// RegisterRetention adds the rules by which what is old goes by itself.
func RegisterRetention(s *server.Server, o *retain.Office, around RequestAround) {
	a := &retainAPI{o, around}
	op := func(id, method, path string, summary string) server.Op {
		return server.Op{ID: id, Method: method, Path: path, Tag: "Privacy", Permission: social.PrivacyWrite, Summary: summary}
	}
	made := func(o server.Op) server.Op { o.Status = http.StatusCreated; return o }
	const get, post = http.MethodGet, http.MethodPost
	server.Register(s, op("get-retention", get, "/api/privacy/retention", "How long what is kept, and what the rules took away last."), a.get)
	server.Register(s, made(op("add-retention-rule", post, "/api/privacy/retention/rules", "Say how long a kind of data is kept. The rule is off until it is turned on.")), a.add)
	server.Register(s, op("edit-retention-rule", http.MethodPatch, "/api/privacy/retention/rules/{id}", "Change a rule, or turn it on or off."), a.edit)
	server.Register(s, op("drop-retention-rule", http.MethodDelete, "/api/privacy/retention/rules/{id}", "Remove a rule."), a.drop)
	server.Register(s, made(op("run-retention", post, "/api/privacy/retention/runs", "Say what all rules would take away (dry), or let those that are on run now.")), a.run)
	server.Register(s, op("list-retention-runs", get, "/api/privacy/retention/runs", "What the rules took away, or would have, the newest first."), a.runs)
	server.Register(s, op("get-retention-run", get, "/api/privacy/retention/runs/{id}", "One run, with its receipt."), a.one)
}

// RetentionRule says how long a kind of data is kept.
type RetentionRule struct {
	ID      string             `json:"id"`
	Kind    string             `json:"kind" enum:"conversations,posts,raw,files,persons,visits"`
	Channel *social.ChannelRef `json:"channel,omitempty" doc:"Left out for all channels."`
	Months  int                `json:"months"`
	Even    bool               `json:"even" doc:"Persons with orders, opportunities, goals or promises as well."`
	On      bool               `json:"on"`
	By      *social.MemberRef  `json:"by,omitempty"`
	Changed time.Time          `json:"changed_at"`
}

// RetentionExample leads to one thing that would go.
type RetentionExample struct {
	At   time.Time `json:"at"`
	Link string    `json:"link,omitempty"`
}

// RetentionLine is what came of one rule.
type RetentionLine struct {
	Rule     string             `json:"rule"`
	Kind     string             `json:"kind" enum:"conversations,posts,raw,files,persons,visits"`
	Channel  *social.ChannelRef `json:"channel,omitempty"`
	Months   int                `json:"months"`
	Before   time.Time          `json:"before"`
	Of       int                `json:"of" doc:"There were, when the run came to it."`
	Rows     int                `json:"rows" doc:"That went; none of a dry run."`
	Oldest   *time.Time         `json:"oldest_at,omitempty"`
	Spared   int                `json:"spared" doc:"That a legal hold keeps."`
	Examples []RetentionExample `json:"examples"`
	Done     bool               `json:"done"`
}

// RetentionRun is one time that the rules were gone over.
type RetentionRun struct {
	ID        string            `json:"id"`
	Dry       bool              `json:"dry"`
	State     string            `json:"state" enum:"running,done"`
	By        *social.MemberRef `json:"by,omitempty" doc:"Left out for the night."`
	Began     time.Time         `json:"began_at"`
	Ended     *time.Time        `json:"ended_at,omitempty"`
	Lines     []RetentionLine   `json:"lines"`
	Signature string            `json:"signature,omitempty" doc:"Ed25519 over what went, in hexadecimal."`
	Genuine   bool              `json:"genuine"`
}

// Retention is how long what is kept.
type Retention struct {
	Rules []RetentionRule `json:"rules"`
	Last  *RetentionRun   `json:"last,omitempty"`
	Dry   *RetentionRun   `json:"dry,omitempty" doc:"The last dry run."`
}

func (a *retainAPI) ruleShapes(ctx context.Context, list []retain.Rule) ([]RetentionRule, error) {
	var members []social.MemberID
	var channels []social.ChannelID
	for _, r := range list {
		members, channels = append(members, r.By), append(channels, r.Channel)
	}
	names, err := a.around.Members(ctx, members)
	if err != nil {
		return nil, err
	}
	refs, err := a.around.Channels(ctx, channels)
	out := make([]RetentionRule, len(list))
	for i, r := range list {
		out[i] = RetentionRule{ID: r.ID, Kind: r.Kind, Channel: channelOf(refs, r.Channel), Months: r.Months, Even: r.Even, On: r.On, Changed: r.Changed}
		if m, ok := names[r.By]; ok && r.By != "" {
			out[i].By = &m
		}
	}
	return out, err
}

func channelOf(refs map[social.ChannelID]social.ChannelRef, id social.ChannelID) *social.ChannelRef {
	if id == "" {
		return nil
	}
	ref := refs[id]
	ref.ID = id
	return &ref
}

func (a *retainAPI) runShapes(ctx context.Context, list ...retain.Run) ([]RetentionRun, error) {
	var members []social.MemberID
	var channels []social.ChannelID
	for _, r := range list {
		members = append(members, r.By)
		for _, l := range r.Lines {
			channels = append(channels, l.Channel)
		}
	}
	names, err := a.around.Members(ctx, members)
	if err != nil {
		return nil, err
	}
	refs, err := a.around.Channels(ctx, channels)
	out := make([]RetentionRun, len(list))
	for i, r := range list {
		x := RetentionRun{ID: r.ID, Dry: r.Dry, State: r.State, Began: r.Began, Lines: make([]RetentionLine, len(r.Lines)), Signature: r.Signature,
			Genuine: r.Signature != "" && a.office.Holds.Signed(r.Text(), r.Signature)}
		if m, ok := names[r.By]; ok && r.By != "" {
			x.By = &m
		}
		if !r.Ended.IsZero() {
			x.Ended = &r.Ended
		}
		for j, l := range r.Lines {
			y := RetentionLine{Rule: l.Rule, Kind: l.Kind, Channel: channelOf(refs, l.Channel), Months: l.Months, Before: l.Before, Of: l.Of, Rows: l.Rows, Spared: l.Spared,
				Examples: make([]RetentionExample, len(l.Examples)), Done: l.Done}
			if !l.Oldest.IsZero() {
				y.Oldest = &l.Oldest
			}
			for n, e := range l.Examples {
				y.Examples[n] = RetentionExample{e.At, e.Link}
			}
			x.Lines[j] = y
		}
		out[i] = x
	}
	return out, err
}

func (a *retainAPI) get(ctx context.Context, _ *struct{}) (*server.Body[Retention], error) {
	rules, err := a.office.Store.Rules(ctx)
	if err != nil {
		return nil, err
	}
	out := Retention{}
	if out.Rules, err = a.ruleShapes(ctx, rules); err != nil {
		return nil, err
	}
	for _, dry := range []bool{false, true} {
		r, err := a.office.Store.Last(ctx, dry)
		if social.NotFound.Is(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		shapes, err := a.runShapes(ctx, r)
		if err != nil {
			return nil, err
		}
		if dry {
			out.Dry = &shapes[0]
		} else {
			out.Last = &shapes[0]
		}
	}
	return &server.Body[Retention]{Body: out}, nil
}

func (a *retainAPI) oneRule(ctx context.Context, r retain.Rule, err error) (*server.Body[RetentionRule], error) {
	if err != nil {
		return nil, err
	}
	shapes, err := a.ruleShapes(ctx, []retain.Rule{r})
	if err != nil {
		return nil, err
	}
	return &server.Body[RetentionRule]{Body: shapes[0]}, nil
}

type addRuleIn struct {
	Body struct {
		Kind    string           `json:"kind" enum:"conversations,posts,raw,files,persons,visits"`
		Channel social.ChannelID `json:"channel,omitempty" doc:"Of conversations, posts, raw events and files; left out for all."`
		Months  int              `json:"months" doc:"What is older goes: 1 to 240, raw events 1 to 3."`
		Even    bool             `json:"even,omitempty" doc:"Of persons: those with orders, opportunities, goals or promises as well."`
	}
}

func (a *retainAPI) add(ctx context.Context, in *addRuleIn) (*server.Body[RetentionRule], error) {
	r, err := a.office.Add(ctx, retain.Rule{Kind: in.Body.Kind, Channel: in.Body.Channel, Months: in.Body.Months, Even: in.Body.Even})
	return a.oneRule(ctx, r, err)
}

type editRuleIn struct {
	ID   string `path:"id"`
	Body struct {
		Months *int  `json:"months,omitempty"`
		Even   *bool `json:"even,omitempty"`
		On     *bool `json:"on,omitempty"`
	}
}

func (a *retainAPI) edit(ctx context.Context, in *editRuleIn) (*server.Body[RetentionRule], error) {
	r, err := a.office.Edit(ctx, in.ID, retain.Change{Months: in.Body.Months, Even: in.Body.Even, On: in.Body.On})
	return a.oneRule(ctx, r, err)
}

func (a *retainAPI) drop(ctx context.Context, in *requestIn) (*struct{}, error) {
	return nil, a.office.Drop(ctx, in.ID)
}

type runRetentionIn struct {
	Body struct {
		Dry bool `json:"dry" doc:"Take nothing, and say what would go."`
	}
}

func (a *retainAPI) run(ctx context.Context, in *runRetentionIn) (*server.Body[RetentionRun], error) {
	begin := a.office.Begin
	if in.Body.Dry {
		begin = a.office.Dry
	}
	r, err := begin(ctx)
	return a.oneRun(ctx, r, err)
}

func (a *retainAPI) oneRun(ctx context.Context, r retain.Run, err error) (*server.Body[RetentionRun], error) {
	if err != nil {
		return nil, err
	}
	shapes, err := a.runShapes(ctx, r)
	if err != nil {
		return nil, err
	}
	return &server.Body[RetentionRun]{Body: shapes[0]}, nil
}

func (a *retainAPI) one(ctx context.Context, in *requestIn) (*server.Body[RetentionRun], error) {
	r, err := a.office.Store.Run(ctx, in.ID)
	return a.oneRun(ctx, r, err)
}

func (a *retainAPI) runs(ctx context.Context, in *server.Paging) (*server.Body[server.Page[RetentionRun]], error) {
	found, next, err := a.office.Store.Runs(ctx, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	rows, err := a.runShapes(ctx, found...)
	return &server.Body[server.Page[RetentionRun]]{Body: server.NewPage(rows, next)}, err
}
