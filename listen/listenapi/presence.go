package listenapi

import (
	"bytes"
	"context"
	"encoding/csv"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/listen/presence"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

// PresenceAround answers what the register does not know itself.
type PresenceAround interface {
	Around
	// Members names members.
	Members(ctx context.Context, ids []social.MemberID) (map[social.MemberID]social.MemberRef, error)
}

type presenceAPI struct {
	*api
	register *presence.Register
	people   PresenceAround
}

// RegisterPresence adds the operations on the presence register.
func RegisterPresence(s *server.Server, station *listen.Station, register *presence.Register, around PresenceAround) {
	a := &presenceAPI{&api{station: station, around: around}, register, around}
	const tag = "Listen"
	server.Register(s, server.Op{ID: "get-presence", Method: http.MethodGet, Path: "/api/presence", Tag: tag, Permission: social.ListenRead,
		Summary: "Kinds of sites by regions: yes, no or unknown, and what needs somebody."}, a.matrix)
	server.Register(s, server.Op{ID: "say-presence", Method: http.MethodPut, Path: "/api/presence/cells", Tag: tag, Permission: social.ListenWrite, Status: http.StatusNoContent,
		Summary: "Say that there is nothing of a kind in a region, or that nobody knows."}, a.say)
	server.Register(s, server.Op{ID: "list-profiles", Method: http.MethodGet, Path: "/api/presence/profiles", Tag: tag, Permission: social.ListenRead,
		Summary: "The profiles in the register."}, a.profiles)
	server.Register(s, server.Op{ID: "export-profiles", Method: http.MethodGet, Path: "/api/presence/profiles.csv", Tag: tag, Permission: social.ListenRead,
		Summary: "The same as a CSV file."}, a.export)
	server.Register(s, server.Op{ID: "add-profile", Method: http.MethodPost, Path: "/api/presence/profiles", Tag: tag, Permission: social.ListenWrite, Status: http.StatusCreated,
		Summary: "Put a profile into the register."}, a.add)
	server.Register(s, server.Op{ID: "get-profile", Method: http.MethodGet, Path: "/api/presence/profiles/{id}", Tag: tag, Permission: social.ListenRead,
		Summary: "One profile with its audits."}, a.one)
	server.Register(s, server.Op{ID: "edit-profile", Method: http.MethodPatch, Path: "/api/presence/profiles/{id}", Tag: tag, Permission: social.ListenWrite,
		Summary: "Change a profile. What is left out stays."}, a.edit)
	server.Register(s, server.Op{ID: "remove-profile", Method: http.MethodDelete, Path: "/api/presence/profiles/{id}", Tag: tag, Permission: social.ListenWrite, Status: http.StatusNoContent,
		Summary: "Take a profile out of the register. Its audits stay."}, a.remove)
	server.Register(s, server.Op{ID: "list-presence-searches", Method: http.MethodGet, Path: "/api/presence/searches", Tag: tag, Permission: social.ListenRead,
		Summary: "Searches for profiles, the newest first, with how far they are and what could not be told."}, a.searches)
	server.Register(s, server.Op{ID: "start-presence-search", Method: http.MethodPost, Path: "/api/presence/searches", Tag: tag, Permission: social.ListenWrite, Status: http.StatusCreated,
		Summary: "Look for profiles by names and domains."}, a.search)
	server.Register(s, server.Op{ID: "stop-presence-search", Method: http.MethodPost, Path: "/api/presence/searches/{id}/stop", Tag: tag, Permission: social.ListenWrite,
		Summary: "End a search; what it found stays."}, a.stop)
	server.Register(s, server.Op{ID: "list-candidates", Method: http.MethodGet, Path: "/api/presence/candidates", Tag: tag, Permission: social.ListenRead,
		Summary: "What searches found, with the evidence, the surest first."}, a.candidates)
	server.Register(s, server.Op{ID: "decide-candidate", Method: http.MethodPost, Path: "/api/presence/candidates/decide", Tag: tag, Permission: social.ListenWrite,
		Summary: "Claim what was found, dismiss it, or mark it as an impostor."}, a.decide)
	server.Register(s, server.Op{ID: "list-audit-rounds", Method: http.MethodGet, Path: "/api/presence/rounds", Tag: tag, Permission: social.ListenRead,
		Summary: "Rounds of audits, the newest first."}, a.rounds)
	server.Register(s, server.Op{ID: "start-audit-round", Method: http.MethodPost, Path: "/api/presence/rounds", Tag: tag, Permission: social.ListenWrite, Status: http.StatusCreated,
		Summary: "Begin a round for some profiles, or for all that are ours."}, a.start)
	server.Register(s, server.Op{ID: "get-audit-round", Method: http.MethodGet, Path: "/api/presence/rounds/{id}", Tag: tag, Permission: social.ListenRead,
		Summary: "One round with its profiles and answers."}, a.round)
	server.Register(s, server.Op{ID: "answer-audit", Method: http.MethodPost, Path: "/api/presence/rounds/{id}/answers", Tag: tag, Permission: social.ListenWrite,
		Summary: "Answer a round's questions for a profile."}, a.answer)
	server.Register(s, server.Op{ID: "close-audit-round", Method: http.MethodPost, Path: "/api/presence/rounds/{id}/close", Tag: tag, Permission: social.ListenWrite,
		Summary: "End a round, whatever is answered."}, a.finish)
}

// PresenceSquare is one place in the matrix.
type PresenceSquare struct {
	Kind     presence.Kind   `json:"kind"`
	Region   string          `json:"region"`
	Answer   presence.Answer `json:"answer" doc:"yes, no or unknown."`
	Profiles int             `json:"profiles"`
	Trouble  int             `json:"trouble" doc:"Unclaimed, orphaned or impostors."`
	Note     string          `json:"note"`
}

// Presence is the matrix, with what needs somebody.
type Presence struct {
	Kinds     []presence.Kind  `json:"kinds"`
	Regions   []string         `json:"regions"`
	Squares   []PresenceSquare `json:"squares"`
	Profiles  int              `json:"profiles"`
	Status    map[string]int   `json:"status" doc:"How many profiles of each status."`
	Ownerless int              `json:"ownerless" doc:"Ours, and nobody answers for them."`
	Open      int              `json:"open" doc:"Proposals that wait for a decision."`
	Overdue   int              `json:"overdue" doc:"Audits that are late."`
	Due       int              `json:"due" doc:"Audits that wait in open rounds."`
}

func (a *presenceAPI) matrix(ctx context.Context, _ *struct{}) (*server.Body[Presence], error) {
	m, err := a.register.Matrix(ctx)
	if err != nil {
		return nil, err
	}
	all, err := a.register.Seen(ctx)
	if err != nil {
		return nil, err
	}
	out := Presence{Kinds: presence.Kinds(), Regions: m.Regions, Squares: []PresenceSquare{}, Profiles: len(all), Status: map[string]int{}}
	for _, x := range m.Squares {
		out.Squares = append(out.Squares, PresenceSquare(x))
	}
	for _, p := range all {
		out.Status[string(p.Status)]++
		if p.Status.Ours() && p.Owner == "" {
			out.Ownerless++
		}
	}
	found, err := a.register.Proposed(ctx)
	if err != nil {
		return nil, err
	}
	for _, c := range found {
		if c.State == "open" {
			out.Open++
		}
	}
	rounds, err := a.register.Rounds(ctx)
	for _, r := range rounds {
		if r.State == "open" {
			out.Due += len(r.Audits) - r.Done
		}
		if r.Overdue {
			out.Overdue += len(r.Audits) - r.Done
		}
	}
	return &server.Body[Presence]{Body: out}, err
}

func (a *presenceAPI) say(ctx context.Context, in *struct {
	Body struct {
		Kind   presence.Kind   `json:"kind"`
		Region string          `json:"region" maxLength:"80"`
		Answer presence.Answer `json:"answer" enum:"no,unknown"`
		Note   string          `json:"note,omitempty" maxLength:"1000"`
	}
}) (*struct{}, error) {
	return nil, a.register.Say(ctx, in.Body.Kind, in.Body.Region, in.Body.Answer, in.Body.Note)
}

// PresenceProfile is one entry of the presence register.
type PresenceProfile struct {
	ID        social.ProfileID   `json:"id"`
	Kind      presence.Kind      `json:"kind"`
	Network   string             `json:"network"`
	Name      string             `json:"name"`
	Handle    string             `json:"handle"`
	URL       string             `json:"url"`
	Region    string             `json:"region"`
	Status    presence.Status    `json:"status"`
	Owner     *social.MemberRef  `json:"owner,omitempty"`
	Programme *Ref               `json:"programme,omitempty"`
	Sponsor   string             `json:"sponsor"`
	Purpose   string             `json:"purpose"`
	Note      string             `json:"note"`
	Done      string             `json:"done" doc:"What was done about an impostor."`
	Channel   *social.ChannelRef `json:"channel,omitempty" doc:"By which it is connected."`
	AuditedAt *time.Time         `json:"audited_at,omitempty"`
	CreatedAt time.Time          `json:"created_at"`
}

// ties tells by which channel a profile is connected: the one that it was
// tied to, otherwise the one of its address or handle. Only what the asker
// sees counts.
func (a *presenceAPI) ties(ctx context.Context) func(presence.Profile) (listen.Channel, bool) {
	byID, byURL, byHandle := map[social.ChannelID]listen.Channel{}, map[string]listen.Channel{}, map[string]listen.Channel{}
	for _, c := range a.station.ChannelsSeen(ctx) {
		byID[c.ID] = c
		if c.Profile == nil { // it only listens, or was not asked yet
			continue
		}
		if at := presence.Address(c.Profile.URL); at != "" {
			byURL[at] = c
		}
		if c.Profile.Handle != "" {
			byHandle[c.Kind+":"+strings.ToLower(strings.TrimPrefix(c.Profile.Handle, "@"))] = c
		}
	}
	return func(p presence.Profile) (listen.Channel, bool) {
		c, ok := byID[p.Channel]
		if !ok {
			if c, ok = byURL[p.Address]; !ok {
				c, ok = byHandle[p.Network+":"+strings.ToLower(p.Handle)]
			}
		}
		return c, ok && p.Status.Ours()
	}
}

// tied refuses a channel that the asker does not see.
func (a *presenceAPI) tied(ctx context.Context, c social.ChannelID) error {
	if c == "" || slices.ContainsFunc(a.station.ChannelsSeen(ctx), func(x listen.Channel) bool { return x.ID == c }) {
		return nil
	}
	return &social.Error{Kind: social.Invalid, Field: "channel", Text: "There is no such channel."}
}

// rows adds names to profiles, and links each to its channel.
func (a *presenceAPI) rows(ctx context.Context, all []presence.Profile) ([]PresenceProfile, error) {
	var who []social.MemberID
	var where []social.ProgrammeID
	for _, p := range all {
		who, where = append(who, p.Owner), append(where, p.Programme)
	}
	members, err := a.people.Members(ctx, who)
	if err != nil {
		return nil, err
	}
	programmes, err := a.programmes(ctx, where)
	if err != nil {
		return nil, err
	}
	channel := a.ties(ctx)
	out := make([]PresenceProfile, len(all))
	for i, p := range all {
		out[i] = PresenceProfile{ID: p.ID, Kind: p.Kind, Network: p.Network, Name: p.Name, Handle: p.Handle, URL: p.URL, Region: p.Region, Status: p.Status,
			Programme: programmes[p.Programme], Sponsor: p.Sponsor, Purpose: p.Purpose, Note: p.Note, Done: p.Done, AuditedAt: server.When(p.Audited), CreatedAt: p.Created}
		if m, ok := members[p.Owner]; ok {
			out[i].Owner = &m
		}
		if c, ok := channel(p); ok {
			out[i].Channel = &social.ChannelRef{ID: c.ID, Kind: c.Kind, Name: c.Name}
		}
	}
	return out, nil
}

// ProfileAsk chooses profiles.
type ProfileAsk struct {
	Kind   string `query:"kind" maxLength:"20"`
	Region string `query:"region" maxLength:"80"`
	Status string `query:"status" maxLength:"20" doc:"A status, or ownerless."`
	Q      string `query:"q" maxLength:"200"`

	Channel string `query:"channel" maxLength:"64" doc:"Those that are connected by this channel."`
}

func (q ProfileAsk) keeps(p presence.Profile) bool {
	words := strings.ToLower(p.Name + " " + p.Handle + " " + p.URL + " " + p.Network + " " + p.Sponsor)
	return (q.Kind == "" || string(p.Kind) == q.Kind) && (q.Region == "" || p.Region == q.Region) && strings.Contains(words, strings.ToLower(strings.TrimSpace(q.Q))) &&
		(q.Status == "" || string(p.Status) == q.Status || q.Status == "ownerless" && p.Status.Ours() && p.Owner == "")
}

func (a *presenceAPI) chosen(ctx context.Context, q ProfileAsk) ([]presence.Profile, error) {
	all, err := a.register.Seen(ctx)
	channel := a.ties(ctx)
	var out []presence.Profile
	for _, p := range all {
		if !q.keeps(p) {
			continue
		}
		if c, ok := channel(p); q.Channel == "" || ok && string(c.ID) == q.Channel {
			out = append(out, p)
		}
	}
	return out, err
}

func (a *presenceAPI) profiles(ctx context.Context, in *struct {
	server.Paging
	ProfileAsk
}) (*server.Body[server.Page[PresenceProfile]], error) {
	all, err := a.chosen(ctx, in.ProfileAsk)
	if err != nil {
		return nil, err
	}
	page, next, err := cut(all, in.Paging, func(p presence.Profile) string { return string(p.ID) })
	if err != nil {
		return nil, err
	}
	rows, err := a.rows(ctx, page)
	if err != nil {
		return nil, err
	}
	return &server.Body[server.Page[PresenceProfile]]{Body: server.NewPage(rows, next)}, nil
}

// csvOut is a file.
type csvOut struct {
	Type string `header:"Content-Type"`
	Name string `header:"Content-Disposition"`
	Body []byte
}

func (a *presenceAPI) export(ctx context.Context, in *ProfileAsk) (*csvOut, error) {
	all, err := a.chosen(ctx, *in)
	if err != nil {
		return nil, err
	}
	rows, err := a.rows(ctx, all)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	b.WriteString("\ufeff")
	w := csv.NewWriter(&b)
	lines := [][]string{{"kind", "network", "name", "handle", "url", "region", "status", "owner", "programme", "sponsor", "purpose", "channel", "last_audit", "note", "done"}}
	for _, p := range rows {
		owner, programme, channel, audited := "", "", "", ""
		if p.Owner != nil {
			owner = p.Owner.Name
		}
		if p.Programme != nil {
			programme = p.Programme.Name
		}
		if p.Channel != nil {
			channel = p.Channel.Name
		}
		if p.AuditedAt != nil {
			audited = p.AuditedAt.Format(time.DateOnly)
		}
		lines = append(lines, []string{string(p.Kind), p.Network, p.Name, p.Handle, p.URL, p.Region, string(p.Status), owner, programme, p.Sponsor, p.Purpose, channel, audited, p.Note, p.Done})
	}
	for _, l := range lines {
		for i, c := range l { // a spreadsheet must not calculate what strangers wrote
			if c != "" && strings.ContainsRune("=+-@\t\r", rune(c[0])) {
				l[i] = "'" + c
			}
		}
	}
	if err := w.WriteAll(lines); err != nil {
		return nil, err
	}
	return &csvOut{Type: "text/csv; charset=utf-8", Name: `attachment; filename="profiles.csv"`, Body: b.Bytes()}, nil
}

type addProfileIn struct {
	Body struct {
		Kind      presence.Kind      `json:"kind"`
		Network   string             `json:"network,omitempty" maxLength:"60"`
		Name      string             `json:"name,omitempty" maxLength:"200"`
		Handle    string             `json:"handle,omitempty" maxLength:"200"`
		URL       string             `json:"url,omitempty" maxLength:"500"`
		Region    string             `json:"region,omitempty" maxLength:"80"`
		Status    presence.Status    `json:"status,omitempty"`
		Owner     social.MemberID    `json:"owner,omitempty" maxLength:"64"`
		Programme social.ProgrammeID `json:"programme,omitempty" maxLength:"64"`
		Sponsor   string             `json:"sponsor,omitempty" maxLength:"200"`
		Purpose   string             `json:"purpose,omitempty" maxLength:"1000"`
		Note      string             `json:"note,omitempty" maxLength:"4000"`
		Channel   social.ChannelID   `json:"channel,omitempty" maxLength:"64" doc:"By which it is connected; the one of its address if left out."`
	}
}

func (a *presenceAPI) add(ctx context.Context, in *addProfileIn) (*server.Body[PresenceProfile], error) {
	x := in.Body
	if err := a.tied(ctx, x.Channel); err != nil {
		return nil, err
	}
	p, err := a.register.Add(ctx, presence.Profile{Kind: x.Kind, Network: x.Network, Name: x.Name, Handle: x.Handle, URL: x.URL, Region: x.Region, Status: x.Status,
		Owner: x.Owner, Programme: x.Programme, Sponsor: x.Sponsor, Purpose: x.Purpose, Note: x.Note, Channel: x.Channel})
	return a.row(ctx, p, err)
}

func (a *presenceAPI) row(ctx context.Context, p presence.Profile, err error) (*server.Body[PresenceProfile], error) {
	if err != nil {
		return nil, err
	}
	rows, err := a.rows(ctx, []presence.Profile{p})
	if err != nil {
		return nil, err
	}
	return &server.Body[PresenceProfile]{Body: rows[0]}, nil
}

type editProfileIn struct {
	ByID
	Body struct {
		Kind      *presence.Kind      `json:"kind,omitempty"`
		Network   *string             `json:"network,omitempty" maxLength:"60"`
		Name      *string             `json:"name,omitempty" maxLength:"200"`
		Handle    *string             `json:"handle,omitempty" maxLength:"200"`
		URL       *string             `json:"url,omitempty" maxLength:"500"`
		Region    *string             `json:"region,omitempty" maxLength:"80"`
		Status    *presence.Status    `json:"status,omitempty"`
		Owner     *social.MemberID    `json:"owner,omitempty" maxLength:"64"`
		Programme *social.ProgrammeID `json:"programme,omitempty" maxLength:"64"`
		Sponsor   *string             `json:"sponsor,omitempty" maxLength:"200"`
		Purpose   *string             `json:"purpose,omitempty" maxLength:"1000"`
		Note      *string             `json:"note,omitempty" maxLength:"4000"`
		Done      *string             `json:"done,omitempty" maxLength:"2000"`
		Channel   *social.ChannelID   `json:"channel,omitempty" maxLength:"64" doc:"By which it is connected; \"\": the one of its address."`
	}
}

func (a *presenceAPI) edit(ctx context.Context, in *editProfileIn) (*server.Body[PresenceProfile], error) {
	x := in.Body
	if x.Channel != nil {
		if err := a.tied(ctx, *x.Channel); err != nil {
			return nil, err
		}
	}
	p, err := a.register.Change(ctx, social.ProfileID(in.ID), presence.Patch{Kind: x.Kind, Status: x.Status, Network: x.Network, Name: x.Name, Handle: x.Handle, URL: x.URL,
		Region: x.Region, Sponsor: x.Sponsor, Purpose: x.Purpose, Note: x.Note, Done: x.Done, Owner: x.Owner, Programme: x.Programme, Channel: x.Channel})
	return a.row(ctx, p, err)
}

func (a *presenceAPI) remove(ctx context.Context, in *ByID) (*struct{}, error) {
	return nil, a.register.Remove(ctx, social.ProfileID(in.ID))
}
