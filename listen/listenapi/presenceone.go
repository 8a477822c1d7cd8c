package listenapi

import (
	"context"
	"time"

	"github.com/parley-crm/parley/listen/presence"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

// ProfileDetail is a profile with its audits.
type ProfileDetail struct {
	PresenceProfile
	Audits []AuditRow `json:"audits" doc:"The newest first."`
}

func (a *presenceAPI) one(ctx context.Context, in *ByID) (*server.Body[ProfileDetail], error) {
	p, err := a.register.Profile(ctx, social.ProfileID(in.ID))
	if err != nil {
		return nil, err
	}
	row, err := a.row(ctx, p, nil)
	if err != nil {
		return nil, err
	}
	history, err := a.register.History(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	rounds, err := a.register.Rounds(ctx)
	if err != nil {
		return nil, err
	}
	out := ProfileDetail{PresenceProfile: row.Body, Audits: []AuditRow{}}
	audits, err := a.audits(ctx, history, map[social.ProfileID]string{p.ID: p.Name})
	for _, x := range audits {
		for _, r := range rounds {
			if r.ID == x.Round {
				x.RoundName, x.Questions = r.Name, r.Questions
			}
		}
		out.Audits = append(out.Audits, x)
	}
	return &server.Body[ProfileDetail]{Body: out}, err
}

// PresenceSearch is a search for profiles.
type PresenceSearch struct {
	ID        string             `json:"id"`
	Ask       presence.Ask       `json:"ask"`
	State     string             `json:"state" doc:"running, done or stopped."`
	Done      int                `json:"done"`
	Of        int                `json:"of"`
	Unclear   []presence.Unclear `json:"unclear" doc:"What could not be told, and why."`
	CreatedAt time.Time          `json:"created_at"`
	EndedAt   *time.Time         `json:"ended_at,omitempty"`
}

func searchRow(s presence.Search) PresenceSearch {
	out := PresenceSearch{ID: s.ID, Ask: s.Ask, State: s.State, Done: s.Done, Of: s.Of, Unclear: append([]presence.Unclear{}, s.Unclear...), CreatedAt: s.Created, EndedAt: server.When(s.Ended)}
	for _, list := range []*[]string{&out.Ask.Names, &out.Ask.Domains, &out.Ask.Handles} {
		if *list == nil {
			*list = []string{}
		}
	}
	return out
}

func (a *presenceAPI) searches(ctx context.Context, _ *struct{}) (*server.Body[server.Page[PresenceSearch]], error) {
	all, err := a.register.Store.Searches(ctx, 20)
	rows := make([]PresenceSearch, len(all))
	for i, s := range all {
		rows[i] = searchRow(s)
	}
	return &server.Body[server.Page[PresenceSearch]]{Body: server.NewPage(rows, "")}, err
}

func (a *presenceAPI) search(ctx context.Context, in *struct {
	Body struct {
		Names   []string `json:"names,omitempty" maxItems:"10"`
		Domains []string `json:"domains,omitempty" maxItems:"10"`
		Handles []string `json:"handles,omitempty" maxItems:"10" doc:"Made of the names if left out."`
		Home    bool     `json:"home,omitempty" doc:"Ask the company's own domains only."`
	}
}) (*server.Body[PresenceSearch], error) {
	s, err := a.register.StartSearch(ctx, presence.Ask{Names: in.Body.Names, Domains: in.Body.Domains, Handles: in.Body.Handles, Home: in.Body.Home})
	return &server.Body[PresenceSearch]{Body: searchRow(s)}, err
}

func (a *presenceAPI) stop(ctx context.Context, in *ByID) (*server.Body[PresenceSearch], error) {
	s, err := a.register.StopSearch(ctx, in.ID)
	return &server.Body[PresenceSearch]{Body: searchRow(s)}, err
}

// ProfileCandidate is what a search found.
type ProfileCandidate struct {
	Address    string              `json:"address" doc:"Its name in decisions."`
	Kind       presence.Kind       `json:"kind"`
	Network    string              `json:"network"`
	Name       string              `json:"name"`
	Handle     string              `json:"handle"`
	URL        string              `json:"url"`
	Evidence   []presence.Evidence `json:"evidence"`
	Confidence float64             `json:"confidence"`
	State      string              `json:"state" doc:"open, claimed, dismissed or impostor."`
	Profile    social.ProfileID    `json:"profile,omitempty"`
	FoundAt    time.Time           `json:"found_at"`
}

func candidateRow(c presence.Candidate) ProfileCandidate {
	return ProfileCandidate{Address: c.Address, Kind: c.Kind, Network: c.Network, Name: c.Name, Handle: c.Handle, URL: c.URL,
		Evidence: append([]presence.Evidence{}, c.Evidence...), Confidence: c.Confidence, State: c.State, Profile: c.Profile, FoundAt: c.Found}
}

func (a *presenceAPI) candidates(ctx context.Context, in *struct {
	server.Paging
	State string `query:"state" enum:"open,claimed,dismissed,impostor"`
}) (*server.Body[server.Page[ProfileCandidate]], error) {
	all, err := a.register.Proposed(ctx)
	if err != nil {
		return nil, err
	}
	var some []presence.Candidate
	for _, c := range all {
		if in.State == "" || c.State == in.State {
			some = append(some, c)
		}
	}
	last, err := fromCursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	from := 0
	for last != "" && from < len(some) {
		if from++; some[from-1].Address == last {
			break
		}
	}
	limit, next := pageSize(in.Limit), ""
	to := min(from+limit, len(some))
	if to < len(some) {
		next = toCursor(some[to-1].Address)
	}
	rows := []ProfileCandidate{}
	for _, c := range some[from:to] {
		rows = append(rows, candidateRow(c))
	}
	return &server.Body[server.Page[ProfileCandidate]]{Body: server.NewPage(rows, next)}, nil
}

func (a *presenceAPI) decide(ctx context.Context, in *struct {
	Body struct {
		Address   string             `json:"address" maxLength:"600"`
		State     string             `json:"state" enum:"claimed,dismissed,impostor,open"`
		Name      string             `json:"name,omitempty" maxLength:"200"`
		Region    string             `json:"region,omitempty" maxLength:"80"`
		Owner     social.MemberID    `json:"owner,omitempty" maxLength:"64"`
		Programme social.ProgrammeID `json:"programme,omitempty" maxLength:"64"`
		Note      string             `json:"note,omitempty" maxLength:"4000" doc:"Of an impostor: what makes it one."`
		Done      string             `json:"done,omitempty" maxLength:"2000" doc:"Of an impostor: what was done about it."`
	}
}) (*server.Body[ProfileCandidate], error) {
	x := in.Body
	c, err := a.register.Decide(ctx, x.Address, x.State, presence.Profile{Name: x.Name, Region: x.Region, Owner: x.Owner, Programme: x.Programme, Note: x.Note, Done: x.Done})
	return &server.Body[ProfileCandidate]{Body: candidateRow(c)}, err
}

// AuditRow is one profile in a round.
type AuditRow struct {
	Round     string            `json:"round"`
	RoundName string            `json:"round_name,omitempty"`
	Questions []string          `json:"questions,omitempty"`
	Profile   Ref               `json:"profile"`
	Answers   []presence.Reply  `json:"answers"`
	Note      string            `json:"note"`
	By        *social.MemberRef `json:"by,omitempty"`
	At        *time.Time        `json:"at,omitempty" doc:"Left out while it waits."`
}

// AuditRound is a round of audits.
type AuditRound struct {
	ID        string            `json:"id"`
	Name      string            `json:"name"`
	Questions []string          `json:"questions"`
	DueAt     time.Time         `json:"due_at"`
	Owner     *social.MemberRef `json:"owner,omitempty"`
	State     string            `json:"state" doc:"open or closed."`
	Overdue   bool              `json:"overdue"`
	Done      int               `json:"done"`
	Of        int               `json:"of"`
	CreatedAt time.Time         `json:"created_at"`
	Audits    []AuditRow        `json:"audits"`
}

func (a *presenceAPI) audits(ctx context.Context, all []presence.Audit, names map[social.ProfileID]string) ([]AuditRow, error) {
	var who []social.MemberID
	for _, x := range all {
		who = append(who, x.By)
	}
	members, err := a.people.Members(ctx, who)
	out := []AuditRow{}
	for _, x := range all {
		row := AuditRow{Round: x.Round, Profile: Ref{string(x.Profile), names[x.Profile]}, Answers: append([]presence.Reply{}, x.Answers...), Note: x.Note, At: server.When(x.At)}
		if m, ok := members[x.By]; ok {
			row.By = &m
		}
		out = append(out, row)
	}
	return out, err
}

func (a *presenceAPI) roundRow(ctx context.Context, s presence.Standing) (AuditRound, error) {
	out := AuditRound{ID: s.ID, Name: s.Name, Questions: s.Questions, DueAt: s.Due, State: s.State, Overdue: s.Overdue, Done: s.Done, Of: len(s.Audits), CreatedAt: s.Created}
	members, err := a.people.Members(ctx, []social.MemberID{s.Owner})
	if err != nil {
		return out, err
	}
	if m, ok := members[s.Owner]; ok {
		out.Owner = &m
	}
	profiles, err := a.register.Seen(ctx)
	if err != nil {
		return out, err
	}
	names := map[social.ProfileID]string{}
	for _, p := range profiles {
		names[p.ID] = p.Name
	}
	out.Audits, err = a.audits(ctx, s.Audits, names)
	return out, err
}

func (a *presenceAPI) rounds(ctx context.Context, in *struct{ server.Paging }) (*server.Body[server.Page[AuditRound]], error) {
	all, err := a.register.Rounds(ctx)
	if err != nil {
		return nil, err
	}
	last, err := fromCursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	rows, next := []AuditRound{}, ""
	for _, s := range all {
		if last != "" && s.ID >= last { // the newest first
			continue
		}
		if len(rows) == pageSize(in.Limit) {
			next = toCursor(rows[len(rows)-1].ID)
			break
		}
		row, err := a.roundRow(ctx, s)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return &server.Body[server.Page[AuditRound]]{Body: server.NewPage(rows, next)}, nil
}

func (a *presenceAPI) answered(ctx context.Context, s presence.Standing, err error) (*server.Body[AuditRound], error) {
	if err != nil {
		return nil, err
	}
	row, err := a.roundRow(ctx, s)
	return &server.Body[AuditRound]{Body: row}, err
}

func (a *presenceAPI) start(ctx context.Context, in *struct {
	Body struct {
		Name      string             `json:"name" maxLength:"200"`
		Questions []string           `json:"questions,omitempty" maxItems:"20" doc:"The usual four if left out."`
		DueAt     time.Time          `json:"due_at"`
		Owner     social.MemberID    `json:"owner,omitempty" maxLength:"64"`
		Profiles  []social.ProfileID `json:"profiles,omitempty" maxItems:"1000" doc:"All that are ours if left out."`
	}
}) (*server.Body[AuditRound], error) {
	x := in.Body
	r, err := a.register.StartRound(ctx, presence.Round{Name: x.Name, Questions: x.Questions, Due: x.DueAt, Owner: x.Owner}, x.Profiles)
	if err != nil {
		return nil, err
	}
	s, err := a.register.RoundByID(ctx, r.ID)
	return a.answered(ctx, s, err)
}

func (a *presenceAPI) round(ctx context.Context, in *ByID) (*server.Body[AuditRound], error) {
	s, err := a.register.RoundByID(ctx, in.ID)
	return a.answered(ctx, s, err)
}

func (a *presenceAPI) answer(ctx context.Context, in *struct {
	ByID
	Body struct {
		Profile social.ProfileID `json:"profile" maxLength:"64"`
		Answers []presence.Reply `json:"answers" maxItems:"20"`
		Note    string           `json:"note,omitempty" maxLength:"4000"`
		Status  *presence.Status `json:"status,omitempty" doc:"What the profile is found to be."`
	}
}) (*server.Body[AuditRound], error) {
	s, err := a.register.Reply(ctx, in.ID, in.Body.Profile, in.Body.Answers, in.Body.Note, in.Body.Status)
	return a.answered(ctx, s, err)
}

func (a *presenceAPI) finish(ctx context.Context, in *ByID) (*server.Body[AuditRound], error) {
	s, err := a.register.CloseRound(ctx, in.ID)
	return a.answered(ctx, s, err)
}
