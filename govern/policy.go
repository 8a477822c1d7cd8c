package govern

import (
	"context"
	"strings"
	"time"

	"github.com/parley-crm/parley/social"
)

// Policy is a text that people agree to before they speak. It holds inside
// one programme, or everywhere. Its words change by new versions only, and an
// acknowledgement counts for the version that was read.
type Policy struct {
	ID            social.PolicyID
	Name          string
	Programme     social.ProgrammeID // "" means everywhere
	ProgrammeName string
	Required      bool // the gate asks for it
	Version       int  // the current one
	Effective     time.Time
	Acknowledged  int // of those for whom it holds
	Of            int
	MineAt        time.Time // when whoever asks acknowledged the current version; zero: not yet
}

// Version is one wording of a policy.
type Version struct {
	ID           social.VersionID
	N            int
	Body         string // Markdown
	Summary      string // what is new, in a sentence
	Effective    time.Time
	By           social.MemberID
	ByName       string
	Acknowledged int // by anybody, ever
}

// Reader is a member for whom a policy holds, and when they acknowledged it.
type Reader struct {
	ID   social.MemberID
	Name string
	At   time.Time // zero: not yet
}

// PolicyStore keeps policies. mine is the member whose own acknowledgement is
// told too.
type PolicyStore interface {
	Policies(ctx context.Context, scope social.Scope, mine social.MemberID, cursor string, limit int) (page []Policy, next string, err error)
	PoliciesOf(ctx context.Context, id social.ProgrammeID) ([]Policy, error)
	Policy(ctx context.Context, scope social.Scope, mine social.MemberID, id social.PolicyID) (Policy, error)
	Versions(ctx context.Context, id social.PolicyID) ([]Version, error)
	AddPolicy(ctx context.Context, p Policy, first Version) error
	SavePolicy(ctx context.Context, p Policy) error
	AddVersion(ctx context.Context, id social.PolicyID, v Version) error
	RewordVersion(ctx context.Context, id social.PolicyID, n int, body string) error
	Acknowledge(ctx context.Context, id social.PolicyID, n int, m social.MemberID, at time.Time) (bool, error)
	Readers(ctx context.Context, id social.PolicyID, cursor string, limit int) (page []Reader, next string, err error)
	// Unread lists the required policies that hold inside the programme and
	// that the member has not acknowledged in their current version.
	Unread(ctx context.Context, m social.MemberID, p social.ProgrammeID) ([]Policy, error)
}

// Policies lists the policies of the scope and those that hold everywhere.
func (o *Office) Policies(ctx context.Context, cursor string, limit int) ([]Policy, string, error) {
	actor, _ := social.ActorOf(ctx)
	return o.store.Policies(ctx, social.ScopeOf(ctx), actor.Member, cursor, limit)
}

// Policy returns one policy.
func (o *Office) Policy(ctx context.Context, id social.PolicyID) (Policy, error) {
	actor, _ := social.ActorOf(ctx)
	return o.store.Policy(ctx, social.ScopeOf(ctx), actor.Member, id)
}

// Versions lists the wordings of a policy, newest first.
func (o *Office) Versions(ctx context.Context, id social.PolicyID) ([]Version, error) {
	if _, err := o.Policy(ctx, id); err != nil {
		return nil, err
	}
	return o.store.Versions(ctx, id)
}

// AddPolicy puts a policy into force with its first wording.
func (o *Office) AddPolicy(ctx context.Context, p Policy, body, summary string) (Policy, error) {
	scope := social.ScopeOf(ctx)
	if !scope.All && !scope.Sees(p.Programme) {
		return p, social.Errorf(social.Forbidden, "You can make policies only for your own programmes.")
	}
	name, err := short("body.name", "The name", p.Name, 120)
	if err != nil {
		return p, err
	}
	first, err := o.version(ctx, 1, body, summary)
	if err != nil {
		return p, err
	}
	p.ID, p.Name, p.Version, p.Effective = social.PolicyID(o.id()), name, 1, first.Effective
	err = o.change(ctx, "policy", func(ctx context.Context) (e social.Entry, err error) {
		if p.Programme != "" {
			if _, err := o.store.Programme(ctx, scope, p.Programme); err != nil {
				return e, err
			}
		}
		return social.Entry{Verb: "create", Object: "policy", ID: string(p.ID),
			Detail: map[string]any{"name": p.Name, "programme": p.Programme, "required": p.Required}}, o.store.AddPolicy(ctx, p, first)
	})
	if err != nil {
		return p, err
	}
	return o.Policy(ctx, p.ID)
}

// Revise gives a policy a new wording; from now on it must be acknowledged
// anew.
func (o *Office) Revise(ctx context.Context, id social.PolicyID, body, summary string) (Policy, error) {
	err := o.change(ctx, "policy", func(ctx context.Context) (e social.Entry, err error) {
		p, err := o.ownPolicy(ctx, id)
		if err != nil {
			return e, err
		}
		v, err := o.version(ctx, p.Version+1, body, summary)
		if err != nil {
			return e, err
		}
		if err := o.store.AddVersion(ctx, id, v); err != nil {
			return e, err
		}
		p.Version = v.N
		return social.Entry{Verb: "update", Object: "policy", ID: string(id), Detail: map[string]any{"version": v.N, "summary": v.Summary}},
			o.store.SavePolicy(ctx, p)
	})
	if err != nil {
		return Policy{}, err
	}
	return o.Policy(ctx, id)
}

// ownPolicy is a policy that whoever asks may change: one that holds
// everywhere needs the right everywhere.
func (o *Office) ownPolicy(ctx context.Context, id social.PolicyID) (Policy, error) {
	p, err := o.Policy(ctx, id)
	if err == nil && p.Programme == "" && !social.ScopeOf(ctx).All {
		err = social.Errorf(social.Forbidden, "This policy holds everywhere; only a manager or administrator of everything can change it.")
	}
	return p, err
}

func (o *Office) version(ctx context.Context, n int, body, summary string) (Version, error) {
	actor, _ := social.ActorOf(ctx)
	body = strings.TrimSpace(body)
	if body == "" {
		return Version{}, invalid("body.body", "The policy has no words.")
	}
	if len([]rune(body)) > 50_000 {
		return Version{}, invalid("body.body", "The policy is too long; 50,000 characters fit.")
	}
	if summary = tidy(summary); len([]rune(summary)) > 300 {
		return Version{}, invalid("body.summary", "The summary is too long; 300 characters fit.")
	}
	return Version{ID: social.VersionID(o.id()), N: n, Body: body, Summary: summary, Effective: o.clock.Now(), By: actor.Member, ByName: actor.Name}, nil
}

// Acknowledge notes that whoever asks has read and agrees to the current
// version. Doing it twice changes nothing.
func (o *Office) Acknowledge(ctx context.Context, id social.PolicyID, version int) (Policy, error) {
	actor, _ := social.ActorOf(ctx)
	if actor.Member == "" {
		return Policy{}, social.Errorf(social.Forbidden, "Only a member can acknowledge a policy.")
	}
	err := o.change(ctx, "acknowledgement", func(ctx context.Context) (e social.Entry, err error) {
		p, err := o.Policy(ctx, id)
		if err != nil {
			return e, err
		}
		if version != p.Version {
			return e, social.Errorf(social.Conflict, "Version %d of “%s” is not the current one; read version %d.", version, p.Name, p.Version)
		}
		fresh, err := o.store.Acknowledge(ctx, id, version, actor.Member, o.clock.Now())
		if err != nil || !fresh {
			return e, err
		}
		return social.Entry{Verb: "acknowledge", Object: "policy", ID: string(id), Detail: map[string]any{"version": version}}, nil
	})
	if err != nil {
		return Policy{}, err
	}
	return o.Policy(ctx, id)
}

// Readers lists those for whom a policy holds, who has acknowledged the
// current version and who has not.
func (o *Office) Readers(ctx context.Context, id social.PolicyID, cursor string, limit int) ([]Reader, string, error) {
	if _, err := o.Policy(ctx, id); err != nil {
		return nil, "", err
	}
	return o.store.Readers(ctx, id, cursor, limit)
}

// PoliciesOf lists the policies that hold inside a programme: its own and
// those that hold everywhere. Of counts the programme's members.
func (o *Office) PoliciesOf(ctx context.Context, id social.ProgrammeID) ([]Policy, error) {
	if _, err := o.Programme(ctx, id); err != nil {
		return nil, err
	}
	return o.store.PoliciesOf(ctx, id)
}
