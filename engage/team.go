package engage

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/social"
)

// Sharing is how the members of a team get what the team is given.
type Sharing string

// The ways of sharing. By hand, whoever has time takes it.
const (
	ByHand  Sharing = ""
	ByTurns Sharing = "turns"
	ByLoad  Sharing = "load" // whoever has the fewest conversations
)

// Team is to whom a conversation can be given together.
type Team struct {
	ID        social.TeamID
	Name      string
	Programme social.ProgrammeID // "" for the whole company
	Sharing   Sharing
	Members   []social.MemberID
	Last      social.MemberID // whose turn it was last
	Archived  time.Time
	Created   time.Time
}

// TeamStore keeps teams. Those of the whole company are everybody's to see.
type TeamStore interface {
	// Teams lists the visible teams that are not archived, by name.
	Teams(ctx context.Context) ([]Team, error)
	// TeamNames names teams, archived ones too, whoever asks.
	TeamNames(ctx context.Context, ids []social.TeamID) (map[social.TeamID]string, error)
	// SaveTeam keeps a team; kind Conflict when another has its name.
	SaveTeam(ctx context.Context, t Team) error
	// Turn reads whose turn it was last and keeps others from changing it.
	Turn(ctx context.Context, t social.TeamID) (social.MemberID, error)
	TookTurn(ctx context.Context, t social.TeamID, m social.MemberID) error
	// Loads counts the open and waiting conversations of members.
	Loads(ctx context.Context, ms []social.MemberID) (map[social.MemberID]int64, error)
	// TeamCounts counts the open and waiting conversations of teams, up to most.
	TeamCounts(ctx context.Context, ids []social.TeamID, most int) (map[social.TeamID]int, error)
}

// Teams lists the teams that the actor may give conversations to.
func (d *Desk) Teams(ctx context.Context) ([]Team, error) { return d.Store.Teams(ctx) }

// KeepTeam makes a team ("" for its id) or changes it.
func (d *Desk) KeepTeam(ctx context.Context, t Team) (Team, error) {
	t.Name = strings.Join(strings.Fields(t.Name), " ")
	switch n := len([]rune(t.Name)); {
	case n == 0:
		return t, invalid("name", "A team needs a name.")
	case n > 60:
		return t, invalid("name", "This name is too long; 60 characters will do.")
	}
	if !slices.Contains([]Sharing{ByHand, ByTurns, ByLoad}, t.Sharing) {
		return t, invalid("sharing", "A team shares by hand, by turns or by load.")
	}
	t.Members = distinct(t.Members)
	if len(t.Members) > 200 {
		return t, invalid("members", "A team has 200 members at most.")
	}
	mates, err := d.Mates.Mates(ctx, t.Programme)
	if err != nil {
		return t, err
	}
	return t, d.Store.InTx(ctx, func(ctx context.Context) error {
		verb, was := "create", Team{}
		if t.ID != "" {
			teams, err := d.Store.Teams(ctx)
			if err != nil {
				return err
			}
			i := slices.IndexFunc(teams, func(o Team) bool { return o.ID == t.ID })
			if i < 0 {
				return social.Errorf(social.NotFound, "This team does not exist, or not for you.")
			}
			verb, was = "update", teams[i]
			t.Last, t.Created = was.Last, was.Created
		}
		if !social.ScopeOf(ctx).Sees(t.Programme) || (was.ID != "" && !social.ScopeOf(ctx).Sees(was.Programme)) {
			return social.Errorf(social.Forbidden, "A team of the whole company, or of a programme that is not yours, is for others to change.")
		}
		for _, m := range t.Members {
			if !isMate(mates, m) && !slices.Contains(was.Members, m) {
				return invalid("members", "One of them can't see what this team works on.")
			}
		}
		if t.ID == "" {
			t.ID, t.Created = social.TeamID(id.At(d.now())), d.now()
		}
		if err := d.Store.SaveTeam(ctx, t); err != nil {
			return err
		}
		return d.Store.Record(ctx, social.Entry{Verb: verb, Object: "team", ID: string(t.ID), Detail: map[string]any{
			"name": t.Name, "members": t.Members, "sharing": string(t.Sharing), "archived": !t.Archived.IsZero()}})
	})
}

// team gives a conversation to a team and, where its members share by turns
// or by load, to one of them. Whoever has it and is in the team keeps it.
func (h *hand) team(ctx context.Context, c *Conversation, to social.TeamID) error {
	if c.Team == to {
		return nil
	}
	was := c.Team
	c.Team = to
	i := slices.IndexFunc(h.teams, func(t Team) bool { return t.ID == to })
	name := ""
	if i >= 0 {
		name = h.teams[i].Name
	}
	if err := h.d.note(ctx, h.f, c, "team", map[string]any{"team": string(to), "name": name, "was": string(was)}); err != nil || i < 0 {
		return err
	}
	t := h.teams[i]
	if slices.Contains(t.Members, c.Assignee) || t.Sharing == ByHand {
		return nil
	}
	m, err := h.next(ctx, t, c.Programme)
	if err != nil || m == "" {
		return err
	}
	return h.assign(ctx, c, m)
}

// next is the member of a team who gets its next conversation, "" when none
// of them can see it.
func (h *hand) next(ctx context.Context, t Team, p social.ProgrammeID) (social.MemberID, error) {
	mates, err := h.matesOf(ctx, p)
	if err != nil {
		return "", err
	}
	able := slices.DeleteFunc(slices.Clone(t.Members), func(m social.MemberID) bool { return !isMate(mates, m) })
	if len(able) == 0 {
		return "", nil
	}
	slices.Sort(able)
	last, err := h.d.Store.Turn(ctx, t.ID)
	if err != nil {
		return "", err
	}
	// Those after the one whose turn it was come first.
	from, found := slices.BinarySearch(able, last)
	if found {
		from++
	}
	able = slices.Concat(able[from:], able[:from])
	m := able[0]
	if t.Sharing == ByLoad {
		loads, err := h.d.Store.Loads(ctx, able)
		if err != nil {
			return "", err
		}
		for given, cs := range h.given { // not counted yet
			loads[given] += int64(len(cs))
		}
		for _, x := range able {
			if loads[x] < loads[m] {
				m = x
			}
		}
	}
	return m, h.d.Store.TookTurn(ctx, t.ID, m)
}
