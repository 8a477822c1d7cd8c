package presence

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/social"
)

// Round is a round of audits: some profiles, the same questions for each, and
// a day until which they are answered.
type Round struct {
	ID        string
	Name      string
	Questions []string
	Due       time.Time
	Owner     social.MemberID
	State     string // open, closed
	By        social.MemberID
	Created   time.Time
	Closed    time.Time
}

// Audit is one profile in a round.
type Audit struct {
	Round   string
	Profile social.ProfileID
	Answers []Reply
	Note    string
	By      social.MemberID
	At      time.Time // zero: not answered yet
}

// Reply answers one question of a round: yes, no, or not known, with words.
type Reply struct {
	Answer Answer `json:"answer"`
	Text   string `json:"text,omitempty"`
}

// Usual are the questions that a round begins with.
func Usual() []string {
	return []string{"Is it still ours?", "Do we know who has access?", "Is it under the current policy?", "Does it look like us?"}
}

// StartRound begins a round for some profiles, or all that are ours.
func (r *Register) StartRound(ctx context.Context, x Round, profiles []social.ProfileID) (Round, error) {
	x.Name = strings.TrimSpace(x.Name)
	if x.Name == "" || utf8len(x.Name) > 200 {
		return x, wrong("name", "A round needs a name of at most 200 characters.")
	}
	for i, q := range x.Questions {
		x.Questions[i] = strings.TrimSpace(q)
	}
	x.Questions = slices.DeleteFunc(x.Questions, func(q string) bool { return q == "" })
	if len(x.Questions) == 0 {
		x.Questions = Usual()
	}
	if len(x.Questions) > 20 {
		return x, wrong("questions", "At most 20 questions.")
	}
	now := r.Clock.Now()
	if !x.Due.After(now) {
		return x, wrong("due", "The day by which it is to be done lies in the future.")
	}
	seen, err := r.Seen(ctx)
	if err != nil {
		return x, err
	}
	var chosen []Profile
	for _, p := range seen {
		if len(profiles) == 0 && p.Status.Ours() || slices.Contains(profiles, p.ID) {
			chosen = append(chosen, p)
		}
	}
	if len(chosen) == 0 || len(profiles) > 0 && len(chosen) < len(profiles) {
		return x, wrong("profiles", "There is no such profile to look at.")
	}
	actor, _ := social.ActorOf(ctx)
	x.ID, x.State, x.By, x.Created = id.At(now), "open", actor.Member, now
	err = r.Store.InTx(ctx, func(ctx context.Context) error {
		if err := r.Store.SaveRound(ctx, x); err != nil {
			return err
		}
		for _, p := range chosen {
			if err := r.Store.SaveAudit(ctx, Audit{Round: x.ID, Profile: p.ID}); err != nil {
				return err
			}
		}
		return r.Store.Record(ctx, social.Entry{Verb: "create", Object: "audit", ID: x.ID, Detail: map[string]any{"name": x.Name, "due": x.Due, "profiles": len(chosen), "owner": x.Owner}})
	})
	return x, err
}

// Standing is a round with how far it is, within what the actor may see.
type Standing struct {
	Round
	Audits  []Audit
	Done    int
	Overdue bool
}

// Rounds returns the rounds in which the actor sees a profile, the newest first.
func (r *Register) Rounds(ctx context.Context) ([]Standing, error) {
	rounds, err := r.Store.Rounds(ctx)
	if err != nil {
		return nil, err
	}
	seen, err := r.Seen(ctx)
	if err != nil {
		return nil, err
	}
	mine := map[social.ProfileID]bool{}
	for _, p := range seen {
		mine[p.ID] = true
	}
	audits, err := r.Store.Audits(ctx, "", "")
	if err != nil {
		return nil, err
	}
	by := map[string][]Audit{}
	for _, a := range audits {
		if mine[a.Profile] {
			by[a.Round] = append(by[a.Round], a)
		}
	}
	var out []Standing
	for _, x := range rounds {
		s := Standing{Round: x, Audits: by[x.ID]}
		for _, a := range s.Audits {
			if !a.At.IsZero() {
				s.Done++
			}
		}
		s.Overdue = x.State == "open" && s.Done < len(s.Audits) && r.Clock.Now().After(x.Due)
		if len(s.Audits) > 0 {
			out = append(out, s)
		}
	}
	slices.SortFunc(out, func(a, b Standing) int { return cmp.Or(b.Created.Compare(a.Created), strings.Compare(b.ID, a.ID)) })
	return out, nil
}

// RoundByID returns one of them.
func (r *Register) RoundByID(ctx context.Context, rid string) (Standing, error) {
	all, err := r.Rounds(ctx)
	if err != nil {
		return Standing{}, err
	}
	i := slices.IndexFunc(all, func(s Standing) bool { return s.ID == rid })
	if i < 0 {
		return Standing{}, social.Errorf(social.NotFound, "There is no such round.")
	}
	return all[i], nil
}

// Reply answers a round's questions for a profile; again, it replaces the
// answers. A profile that is no longer ours is orphaned; the register says so.
func (r *Register) Reply(ctx context.Context, rid string, pid social.ProfileID, answers []Reply, note string, status *Status) (Standing, error) {
	s, err := r.RoundByID(ctx, rid)
	if err != nil {
		return s, err
	}
	if s.State != "open" {
		return s, social.Errorf(social.Conflict, "This round is closed.")
	}
	i := slices.IndexFunc(s.Audits, func(a Audit) bool { return a.Profile == pid })
	if i < 0 {
		return s, missing()
	}
	if len(answers) != len(s.Questions) {
		return s, wrong("answers", "Each question needs an answer.")
	}
	for j, a := range answers {
		if a.Answer != Yes && a.Answer != No && a.Answer != Unknown || utf8len(a.Text) > 1000 {
			return s, wrong("answers", "An answer is yes, no or unknown, with at most 1,000 characters.")
		}
		answers[j].Text = strings.TrimSpace(strings.ToValidUTF8(a.Text, ""))
	}
	if utf8len(note) > 4000 {
		return s, wrong("note", "At most 4,000 characters.")
	}
	p, err := r.Profile(ctx, pid)
	if err != nil {
		return s, err
	}
	actor, _ := social.ActorOf(ctx)
	now := r.Clock.Now()
	err = r.Store.InTx(ctx, func(ctx context.Context) error {
		a := Audit{Round: rid, Profile: pid, Answers: answers, Note: strings.TrimSpace(strings.ToValidUTF8(note, "")), By: actor.Member, At: now}
		if err := r.Store.SaveAudit(ctx, a); err != nil {
			return err
		}
		p.Audited, p.Updated = now, now
		if status != nil {
			p.Status = *status
			if err := p.Check(); err != nil {
				return err
			}
		}
		if err := r.Store.Record(ctx, social.Entry{Verb: "answer", Object: "audit", ID: rid, Detail: map[string]any{"profile": p.Name, "answers": answers}}); err != nil {
			return err
		}
		return r.save(ctx, "update", p)
	})
	if err != nil {
		return s, err
	}
	return r.RoundByID(ctx, rid)
}

// CloseRound ends a round, whatever is answered.
func (r *Register) CloseRound(ctx context.Context, rid string) (Standing, error) {
	s, err := r.RoundByID(ctx, rid)
	if err != nil || s.State == "closed" {
		return s, err
	}
	s.State, s.Closed = "closed", r.Clock.Now()
	err = r.Store.InTx(ctx, func(ctx context.Context) error {
		if err := r.Store.SaveRound(ctx, s.Round); err != nil {
			return err
		}
		return r.Store.Record(ctx, social.Entry{Verb: "close", Object: "audit", ID: rid, Detail: map[string]any{"name": s.Name, "done": s.Done, "of": len(s.Audits)}})
	})
	if err != nil {
		return s, err
	}
	return r.RoundByID(ctx, rid)
}

// History returns the audits of a profile, the newest first.
func (r *Register) History(ctx context.Context, pid social.ProfileID) ([]Audit, error) {
	if _, err := r.Profile(ctx, pid); err != nil {
		return nil, err
	}
	all, err := r.Store.Audits(ctx, "", pid)
	slices.SortFunc(all, func(a, b Audit) int { return cmp.Or(b.At.Compare(a.At), strings.Compare(b.Round, a.Round)) })
	return all, err
}
