package presence

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/social"
)

// Store is what the register needs of the database.
type Store interface {
	InTx(ctx context.Context, f func(ctx context.Context) error) error
	Record(ctx context.Context, e social.Entry) error
	LockPresence(ctx context.Context) error

	// Profiles returns all but removed ones, by id.
	Profiles(ctx context.Context) ([]Profile, error)
	KeepProfile(ctx context.Context, p Profile) error
	Cells(ctx context.Context) ([]Cell, error)
	// SaveCell keeps that there is nothing; DropCell forgets it.
	SaveCell(ctx context.Context, c Cell) error
	DropCell(ctx context.Context, kind Kind, region string) error

	Searches(ctx context.Context, limit int) ([]Search, error)
	SearchByID(ctx context.Context, id string) (Search, error)
	SaveSearch(ctx context.Context, s Search) error
	Candidates(ctx context.Context) ([]Candidate, error)
	SaveCandidate(ctx context.Context, c Candidate) error

	Rounds(ctx context.Context) ([]Round, error)
	SaveRound(ctx context.Context, r Round) error
	// Audits returns those of a round, or of a profile; "" means any.
	Audits(ctx context.Context, round string, profile social.ProfileID) ([]Audit, error)
	SaveAudit(ctx context.Context, a Audit) error
}

// Register is the register of profiles.
type Register struct {
	Store  Store
	Clock  clock.Clock
	HTTP   *http.Client // the safe client; the only way out
	Places Sites        // where to look besides the company's own domains

	running gate
}

// missing is what one is told of what there is not, or may not be seen.
func missing() error { return social.Errorf(social.NotFound, "There is no such profile.") }

// Seen returns the profiles that the actor may see.
func (r *Register) Seen(ctx context.Context) ([]Profile, error) {
	all, err := r.Store.Profiles(ctx)
	scope := social.ScopeOf(ctx)
	return slices.DeleteFunc(all, func(p Profile) bool { return !scope.Sees(p.Programme) }), err
}

// Profile returns a profile that the actor may see.
func (r *Register) Profile(ctx context.Context, pid social.ProfileID) (Profile, error) {
	all, err := r.Seen(ctx)
	if err != nil {
		return Profile{}, err
	}
	i := slices.IndexFunc(all, func(p Profile) bool { return p.ID == pid })
	if i < 0 {
		return Profile{}, missing()
	}
	return all[i], nil
}

// Matrix is kinds by regions, of what the actor may see.
func (r *Register) Matrix(ctx context.Context) (Matrix, error) {
	all, err := r.Seen(ctx)
	if err != nil {
		return Matrix{}, err
	}
	cells, err := r.Store.Cells(ctx)
	return MatrixOf(all, cells), err
}

func placed(ctx context.Context, p social.ProgrammeID) error {
	scope := social.ScopeOf(ctx)
	switch {
	case scope.All || scope.Sees(p):
		return nil
	case p == "":
		return wrong("programme", "Choose one of your programmes; only those who may do this everywhere can leave it out.")
	}
	return &social.Error{Kind: social.NotFound, Field: "programme", Text: "There is no such programme."}
}

// Add puts a profile into the register.
func (r *Register) Add(ctx context.Context, p Profile) (Profile, error) {
	now := r.Clock.Now()
	p.ID, p.Created, p.Updated, p.Audited = social.ProfileID(id.At(now)), now, now, time.Time{}
	if err := placed(ctx, p.Programme); err != nil {
		return p, err
	}
	if err := p.Check(); err != nil {
		return p, err
	}
	return p, r.save(ctx, "create", p)
}

// save writes a profile whose address is free. Where there is a profile,
// nobody says any more that there is none.
func (r *Register) save(ctx context.Context, verb string, p Profile) error {
	return r.Store.InTx(ctx, func(ctx context.Context) error {
		if err := r.Store.LockPresence(ctx); err != nil {
			return err
		}
		all, err := r.Store.Profiles(ctx)
		if err != nil {
			return err
		}
		for _, o := range all {
			if o.ID != p.ID && o.Address == p.Address && p.Status != Removed {
				return &social.Error{Kind: social.Conflict, Field: "url", Text: "This address is in the register already, as “" + o.Name + "”."}
			}
		}
		if err := r.Store.KeepProfile(ctx, p); err != nil {
			return err
		}
		if p.Status.Ours() {
			if err := r.Store.DropCell(ctx, p.Kind, p.Region); err != nil {
				return err
			}
		}
		return r.Store.Record(ctx, social.Entry{Verb: verb, Object: "profile", ID: string(p.ID), Detail: map[string]any{
			"name": p.Name, "kind": p.Kind, "network": p.Network, "region": p.Region, "status": p.Status, "owner": p.Owner, "done": p.Done}})
	})
}

// Patch changes a profile; nil leaves a thing as it is.
type Patch struct {
	Kind                                                             *Kind
	Status                                                           *Status
	Network, Name, Handle, URL, Region, Sponsor, Purpose, Note, Done *string
	Owner                                                            *social.MemberID
	Programme                                                        *social.ProgrammeID
	Channel                                                          *social.ChannelID
}

func set[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}

// Change changes a profile.
func (r *Register) Change(ctx context.Context, pid social.ProfileID, x Patch) (Profile, error) {
	p, err := r.Profile(ctx, pid)
	if err != nil {
		return p, err
	}
	was := p
	set(&p.Kind, x.Kind)
	set(&p.Status, x.Status)
	for to, from := range map[*string]*string{&p.Network: x.Network, &p.Name: x.Name, &p.Handle: x.Handle, &p.URL: x.URL, &p.Region: x.Region,
		&p.Sponsor: x.Sponsor, &p.Purpose: x.Purpose, &p.Note: x.Note, &p.Done: x.Done} {
		set(to, from)
	}
	set(&p.Owner, x.Owner)
	set(&p.Channel, x.Channel)
	if x.Programme != nil {
		if err := placed(ctx, *x.Programme); err != nil {
			return p, err
		}
		p.Programme = *x.Programme
	}
	if p.Status == Removed {
		return p, wrong("status", "Remove it instead.")
	}
	if err := p.Check(); err != nil || p == was {
		return p, err
	}
	p.Updated = r.Clock.Now()
	return p, r.save(ctx, "update", p)
}

// Remove takes a profile out of the register.
func (r *Register) Remove(ctx context.Context, pid social.ProfileID) error {
	p, err := r.Profile(ctx, pid)
	if err != nil {
		return err
	}
	p.Status, p.Updated = Removed, r.Clock.Now()
	return r.save(ctx, "delete", p)
}

// Say keeps that there is nothing of a kind in a region, or that nobody knows.
// That there is something, a profile says.
func (r *Register) Say(ctx context.Context, kind Kind, region string, a Answer, note string) error {
	region = strings.TrimSpace(region)
	if !slices.Contains(Kinds(), kind) || region == "" || utf8len(region) > 80 || utf8len(note) > 1000 {
		return wrong("kind", "Choose a kind and a region.")
	}
	if !social.ScopeOf(ctx).All {
		return social.Errorf(social.Forbidden, "Only those who may do this everywhere can say that there is nothing.")
	}
	actor, _ := social.ActorOf(ctx)
	return r.Store.InTx(ctx, func(ctx context.Context) error {
		if err := r.Store.LockPresence(ctx); err != nil {
			return err
		}
		switch a {
		case No:
			all, err := r.Store.Profiles(ctx)
			if err != nil {
				return err
			}
			if i := slices.IndexFunc(all, func(p Profile) bool { return p.Kind == kind && p.Region == region && p.Status.Ours() }); i >= 0 {
				return social.Errorf(social.Conflict, "There is a profile: “%s”. Close or remove it first.", all[i].Name)
			}
			if err := r.Store.SaveCell(ctx, Cell{Kind: kind, Region: region, Note: note, By: actor.Member, At: r.Clock.Now()}); err != nil {
				return err
			}
		case Unknown:
			if err := r.Store.DropCell(ctx, kind, region); err != nil {
				return err
			}
		default:
			return wrong("answer", "Say no or unknown; that there is something, a profile says.")
		}
		return r.Store.Record(ctx, social.Entry{Verb: "say", Object: "presence", ID: string(kind) + " " + region, Detail: map[string]any{"answer": a, "note": note}})
	})
}

func utf8len(s string) int { return len([]rune(s)) }
