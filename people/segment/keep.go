package segment

import (
	"context"
	"slices"
	"time"

	"github.com/parley-crm/parley/kit/cond"
	"github.com/parley-crm/parley/social"
)

// How many persons are looked at in one transaction: with all that rooms know
// of them, and by what is kept of them.
const (
	lookAtOnce = 200
	fillAtOnce = 1000
)

// LookEvery is how often it is asked whether somebody waits to be looked at.
const LookEvery = time.Second

// Mark says that something of persons changed. Call it in the transaction in
// which it did, or in one that follows.
func (k *Keeper) Mark(ctx context.Context, ids ...social.PersonID) error {
	ids = slices.DeleteFunc(slices.Compact(slices.Sorted(slices.Values(ids))), func(p social.PersonID) bool { return p == "" })
	if len(ids) == 0 {
		return nil
	}
	return k.Store.InTx(ctx, func(ctx context.Context) error { return k.Store.Mark(ctx, ids) })
}

// Work looks at whoever waits until ctx ends.
func (k *Keeper) Work(ctx context.Context) {
	t := time.NewTicker(LookEvery)
	defer t.Stop()
	for {
		if err := k.Settle(ctx); err != nil && ctx.Err() == nil {
			k.Log.Warn("segments were not kept up", "error", err)
		}
		select {
		case <-t.C:
		case <-ctx.Done():
			return
		}
	}
}

// Settle looks at everybody who waits, and fills what is to be filled.
func (k *Keeper) Settle(ctx context.Context) error {
	for ctx.Err() == nil {
		n, err := k.Step(ctx)
		if err != nil || n == 0 {
			return err
		}
	}
	return ctx.Err()
}

// Step does a bounded part of what there is to do, in one transaction, and
// says how many persons it was about; 0 when nobody waits.
func (k *Keeper) Step(ctx context.Context) (int, error) {
	idle, err := k.idle(ctx)
	if err != nil || idle {
		return 0, err
	}
	n := 0
	err = k.Store.InTx(ctx, func(ctx context.Context) error {
		n = 0
		if err := k.Store.Lock(ctx); err != nil {
			return err
		}
		known, err := k.know(ctx)
		if err != nil {
			return err
		}
		marks, err := k.Store.Marks(ctx, lookAtOnce)
		if err != nil {
			return err
		}
		due, err := k.Store.Due(ctx, k.now(), lookAtOnce-len(marks)+1)
		if err != nil {
			return err
		}
		sorted, err := k.sorting(ctx)
		if err != nil {
			return err
		}
		if n = len(marks) + len(due); n > 0 {
			if err := k.look(ctx, sorted, marks, due); err != nil {
				return err
			}
		}
		if !known.Marked {
			n++
			return nil
		}
		if !known.Done && len(marks) < lookAtOnce {
			known.Done = true
			n++
			if err := k.Store.SaveKnowing(ctx, known); err != nil {
				return err
			}
		}
		if !known.Done {
			return nil
		}
		filled, err := k.fill(ctx, sorted)
		n += filled
		return err
	})
	return n, err
}

// idle reports, without a transaction of its own, that there is nothing to do.
func (k *Keeper) idle(ctx context.Context) (bool, error) {
	known, err := k.Store.Knowing(ctx)
	if err != nil || !known.Done || known.Version != profileVersion {
		return false, err
	}
	marks, err := k.Store.Marks(ctx, 1)
	if err != nil || len(marks) > 0 {
		return false, err
	}
	due, err := k.Store.Due(ctx, k.now(), 1)
	if err != nil || len(due) > 0 {
		return false, err
	}
	all, err := k.Store.Segments(ctx)
	return !slices.ContainsFunc(all, func(s Segment) bool { return s.Filling.On }), err
}

// know marks everybody once, where not everybody was looked at yet.
func (k *Keeper) know(ctx context.Context) (Knowing, error) {
	known, err := k.Store.Knowing(ctx)
	if err != nil {
		return known, err
	}
	if known.Version != profileVersion {
		known = Knowing{Version: profileVersion}
	}
	if known.Marked {
		return known, nil
	}
	next, err := k.Store.After(ctx, known.After, fillAtOnce)
	if err != nil {
		return known, err
	}
	if len(next) > 0 {
		if err := k.Store.Mark(ctx, next); err != nil {
			return known, err
		}
		known.After = next[len(next)-1]
	}
	known.Marked = len(next) < fillAtOnce
	return known, k.Store.SaveKnowing(ctx, known)
}

// sorting is all segments, ready to decide about persons.
type sorting struct {
	all    []Segment // with tags as they are called now
	words  social.Tags
	fields []cond.Field
	now    time.Time
	again  map[social.PersonID]time.Time // when sources want somebody to be looked at again
}

func (k *Keeper) sorting(ctx context.Context) (*sorting, error) {
	all, err := k.Store.Segments(ctx)
	if err != nil {
		return nil, err
	}
	own, err := k.own(ctx)
	if err != nil {
		return nil, err
	}
	words, err := k.words(ctx)
	if err != nil {
		return nil, err
	}
	nodes := make([]cond.Node, len(all))
	for i := range all {
		all[i].Where = renamed(all[i].Where, words)
		nodes[i] = all[i].Where
	}
	return &sorting{all: all, words: words, fields: fieldsOf(own, nodes...), now: k.now(), again: map[social.PersonID]time.Time{}}, nil
}

// tagged names tags as they are called now.
func (s *sorting) tagged(v cond.Value) cond.Value {
	var out []string
	for _, t := range v.Texts {
		if now, ok := s.words.Now(social.TagID(t)); ok {
			t = string(now.ID)
		}
		out = append(out, t)
	}
	return cond.TextsValue(out)
}

func (p Profile) value(field string) cond.Value { return p[field] }

func (s *sorting) holds(g Segment, p Profile) bool {
	return cond.Holds(g.Where, s.fields, p.value, s.now)
}

// next is when time alone may move somebody.
func (s *sorting) next(p Profile, of ...Segment) time.Time {
	var out time.Time
	for _, g := range of {
		if t := cond.Next(g.Where, s.fields, p.value, s.now); !t.IsZero() && (out.IsZero() || t.Before(out)) {
			out = t
		}
	}
	return out
}

// sooner is the earlier of two times; zero is never.
func sooner(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// look gathers the profiles of whoever is marked or due, and moves them in and
// out of the segments that ask what changed.
func (k *Keeper) look(ctx context.Context, s *sorting, marks []Mark, due []social.PersonID) error {
	ids := slices.Clone(due)
	for _, m := range marks {
		ids = append(ids, m.Person)
	}
	who, gone, err := k.Store.Who(ctx, ids)
	if err != nil {
		return err
	}
	fresh, err := k.gather(ctx, s, who)
	if err != nil {
		return err
	}
	if err := k.hear(ctx, who, s.now); err != nil {
		return err
	}
	ids = ids[:0]
	for _, w := range who {
		ids = append(ids, w.Person)
	}
	had, err := k.Store.Profiles(ctx, ids)
	if err != nil {
		return err
	}
	in, err := k.Store.In(ctx, slices.Concat(ids, gone))
	if err != nil {
		return err
	}
	var steps, quiet []Step // quiet: of segments that are still filled
	for _, p := range gone {
		for _, g := range in[p] {
			steps = append(steps, Step{Segment: g, Person: p, At: s.now})
		}
	}
	save, later := map[social.PersonID]Profile{}, map[social.PersonID]time.Time{}
	for _, p := range ids {
		was, known := had[p]
		diff := changed(was, fresh[p])
		timely := slices.Contains(due, p)
		if known && len(diff) == 0 && !timely {
			continue
		}
		save[p], later[p] = fresh[p], sooner(s.next(fresh[p], s.all...), s.again[p])
		for _, g := range s.all {
			if known && !timely && !slices.ContainsFunc(g.Where.Fields(), func(f string) bool { return diff[f] }) {
				continue
			}
			holds := s.holds(g, fresh[p])
			switch step := (Step{Segment: g.ID, Person: p, Joined: holds, At: s.now}); {
			case holds == slices.Contains(in[p], g.ID):
			case g.Filling.On:
				quiet = append(quiet, step)
			default:
				steps = append(steps, step)
			}
		}
	}
	if err := k.Store.Forget(ctx, gone); err != nil {
		return err
	}
	if err := k.Store.SaveProfiles(ctx, save, later); err != nil {
		return err
	}
	if err := k.Store.Unmark(ctx, marks); err != nil {
		return err
	}
	if err := k.change(ctx, quiet, s.now, true); err != nil {
		return err
	}
	return k.change(ctx, steps, s.now, false)
}

// Anew asks all rooms what they know of persons now, whatever is kept of them.
func (k *Keeper) Anew(ctx context.Context, ids []social.PersonID) (map[social.PersonID]Profile, error) {
	s, err := k.sorting(ctx)
	if err != nil {
		return nil, err
	}
	who, _, err := k.Store.Who(ctx, ids)
	if err != nil {
		return nil, err
	}
	return k.gather(ctx, s, who)
}

// gather asks all rooms what they know.
func (k *Keeper) gather(ctx context.Context, s *sorting, who []Who) (map[social.PersonID]Profile, error) {
	out := make(map[social.PersonID]Profile, len(who))
	for _, w := range who {
		out[w.Person] = Profile{}
	}
	if len(who) == 0 {
		return out, nil
	}
	types := make(map[string]cond.Type, len(s.fields))
	for _, f := range s.fields {
		types[f.Name] = f.Type
	}
	put := func(p social.PersonID, field string, v cond.Value) {
		if field == LookAgain {
			if t := tidy(cond.Date, v); t.Has && (s.again[p].IsZero() || t.Time.Before(s.again[p])) {
				s.again[p] = t.Time
			}
			return
		}
		t, ok := types[field]
		if !ok && len(field) == len(OwnSpent)+3 && field[:len(OwnSpent)] == OwnSpent {
			t, ok = cond.Number, true
		}
		profile := out[p]
		if !ok || profile == nil {
			return
		}
		if field == "tags" {
			v = s.tagged(v)
		}
		if v = tidy(t, v); v.Has {
			profile[field] = v
		}
	}
	for _, src := range k.Sources {
		if err := src.Traits(ctx, who, put); err != nil {
			return nil, err
		}
	}
	for _, p := range out {
		if _, ok := p["waiting"]; !ok {
			p["waiting"] = cond.BoolValue(false) // nobody is undecided
		}
	}
	return out, nil
}

func (k *Keeper) change(ctx context.Context, steps []Step, now time.Time, quietly bool) error {
	if len(steps) == 0 {
		return nil
	}
	if err := k.Store.Change(ctx, steps, now, quietly); err != nil {
		return err
	}
	var touched []social.SegmentID
	for _, s := range steps {
		if !slices.Contains(touched, s.Segment) {
			touched = append(touched, s.Segment)
		}
	}
	return k.Store.Tell(ctx, social.Sorted{Segments: touched})
}

// fill goes on looking at everybody for the first segment whose conditions are new.
func (k *Keeper) fill(ctx context.Context, s *sorting) (int, error) {
	i := slices.IndexFunc(s.all, func(g Segment) bool { return g.Filling.On })
	if i < 0 {
		return 0, nil
	}
	g, err := k.Store.Segment(ctx, s.all[i].ID) // as it was written
	if err != nil {
		return 0, err
	}
	ids, err := k.Store.After(ctx, g.Filling.After, fillAtOnce)
	if err != nil {
		return 0, err
	}
	profiles, err := k.Store.Profiles(ctx, ids)
	if err != nil {
		return 0, err
	}
	in, err := k.Store.In(ctx, ids)
	if err != nil {
		return 0, err
	}
	var steps []Step
	later := map[social.PersonID]time.Time{}
	for _, p := range ids {
		profile, known := profiles[p]
		if !known {
			continue // they came just now and wait to be looked at
		}
		if holds := s.holds(s.all[i], profile); holds != slices.Contains(in[p], g.ID) {
			steps = append(steps, Step{Segment: g.ID, Person: p, Joined: holds, At: s.now})
		}
		if t := s.next(profile, s.all[i]); !t.IsZero() {
			later[p] = t
		}
	}
	if err := k.Store.Sooner(ctx, later); err != nil {
		return 0, err
	}
	f := &g.Filling
	f.Done += len(ids)
	if len(ids) > 0 {
		f.After = ids[len(ids)-1]
	}
	if len(ids) < fillAtOnce {
		*f = Filling{}
	}
	f.Of = max(f.Of, f.Done)
	if err := k.Store.SaveSegment(ctx, g); err != nil {
		return 0, err
	}
	if err := k.change(ctx, steps, s.now, true); err != nil {
		return 0, err
	}
	if len(steps) == 0 {
		return len(ids) + 1, k.Store.Tell(ctx, social.Sorted{Segments: []social.SegmentID{g.ID}})
	}
	return len(ids) + 1, nil
}

// Retag follows tags that were merged: who bears them is looked at again, and
// segments that ask for them ask for what they are now.
func (k *Keeper) Retag(ctx context.Context) error {
	words, err := k.words(ctx)
	if err != nil {
		return err
	}
	var merged []social.TagID
	for id, t := range words {
		if t.Into != "" {
			merged = append(merged, id)
		}
	}
	if len(merged) == 0 {
		return nil
	}
	return k.Store.InTx(ctx, func(ctx context.Context) error {
		if err := k.Store.Lock(ctx); err != nil {
			return err
		}
		if err := k.Store.MarkTagged(ctx, merged); err != nil {
			return err
		}
		all, err := k.Store.Segments(ctx)
		if err != nil {
			return err
		}
		for _, s := range all {
			now := renamed(s.Where, words)
			if same(now, s.Where) {
				continue
			}
			s.Where = now
			if s.Filling, err = k.begin(ctx); err != nil {
				return err
			}
			if err := k.Store.SaveSegment(ctx, s); err != nil {
				return err
			}
		}
		return nil
	})
}
