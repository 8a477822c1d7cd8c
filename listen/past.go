package listen

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/parley-crm/parley/listen/query"
	"github.com/parley-crm/parley/social"
)

// pastAtOnce is how many activities are looked at in one transaction.
const pastAtOnce = 500

// WorkPast does a piece of what is under way on what was heard before monitors
// were made, changed or removed, and reports whether there was any. Each
// piece is a transaction that also keeps how far it is, so a restart goes on.
func (s *Station) WorkPast(ctx context.Context) (bool, error) {
	if _, due, err := s.store.Due(ctx); err != nil || !due {
		return false, err
	}
	var m Monitor
	var due bool
	err := s.store.InTx(ctx, func(ctx context.Context) (err error) {
		if err = s.store.Lock(ctx); err != nil {
			return err
		}
		if m, due, err = s.store.Due(ctx); err != nil || !due {
			return err
		}
		if m.Past.From == 0 {
			// Only now: whatever is processed from here on has seen the query.
			m.Past.From = s.seq.Block(1)
			m.Past.At = m.Past.From
			if m.Past.Of, err = s.store.CountBelow(ctx, m.Past.From); err != nil {
				return err
			}
		}
		if m.Past.Step == Clear {
			err = s.clearPast(ctx, &m)
		} else {
			err = s.fillPast(ctx, &m)
		}
		if err != nil || m.State == Removed && m.Past.Step == "" {
			return err
		}
		if m.Past.Step == "" || m.Past.Done%(20*pastAtOnce) == 0 {
			if err := s.store.Tell(ctx, social.MonitorSaved{Monitor: m.ID}); err != nil {
				return err
			}
		}
		return s.store.SavePast(ctx, m.ID, m.Past)
	})
	if err == nil && due {
		s.mu.Lock()
		if now, ok := s.monitors[m.ID]; ok {
			now.Past = m.Past
			s.monitors[m.ID] = now
		}
		s.mu.Unlock()
		s.recent.Clear()
	}
	return due, err
}

// clearPast takes away what a query matched that is not the monitor's any more.
func (s *Station) clearPast(ctx context.Context, m *Monitor) error {
	matches, err := s.store.MatchesOf(ctx, m.ID, m.Past.From, pastAtOnce)
	if err != nil {
		return err
	}
	if len(matches) == 0 {
		if m.State == Removed {
			m.Past = Past{}
			return s.store.Forget(ctx, m.ID)
		}
		m.Past.Step = Fill
		return s.store.DropTerms(ctx, string(m.ID))
	}
	seqs := make([]int64, len(matches))
	for i, x := range matches {
		seqs[i] = x.Seq
	}
	posts, err := s.store.PostsBySeq(ctx, seqs)
	if err != nil {
		return err
	}
	readings, err := s.store.Readings(ctx, seqs)
	if err != nil {
		return err
	}
	sums := sums{}
	for _, p := range posts {
		var r *Reading
		if found, ok := readings[p.Seq]; ok {
			r = &found
		}
		sums.subject(string(m.ID), p, r, -1)
	}
	c := Changes{Unmatch: matches}
	sums.put(&c)
	return s.store.Write(ctx, c)
}

// fillPast looks through a piece of what was heard, the newest first.
func (s *Station) fillPast(ctx context.Context, m *Monitor) error {
	posts, err := s.store.Below(ctx, m.Past.At, pastAtOnce)
	if err != nil {
		return err
	}
	q, err := query.Parse(m.Query)
	if err != nil || len(posts) == 0 {
		m.Past = Past{}
		return nil
	}
	m.Past.At = posts[len(posts)-1].Seq
	m.Past.Done = min(m.Past.Done+int64(len(posts)), m.Past.Of)
	seqs := seqsOf(posts)
	readings, err := s.store.Readings(ctx, seqs)
	if err != nil {
		return err
	}
	had, err := s.store.Matches(ctx, seqs)
	if err != nil {
		return err
	}
	var c Changes
	sums := sums{}
	var terms said
	var doc query.Doc
	for _, p := range posts {
		if !p.Visible() || hasMonitor(had[p.Seq], m.ID) || !s.finds(q, &doc, p, readings[p.Seq].Lang) {
			continue
		}
		c.Match = append(c.Match, Match{Seq: p.Seq, Monitor: m.ID, Published: p.Published, Past: true})
		var r *Reading
		if found, ok := readings[p.Seq]; ok {
			r = &found
		}
		sums.subject(string(m.ID), p, r, +1)
		terms.add(p, string(m.ID))
	}
	sums.put(&c)
	if err := s.keepTerms(ctx, &terms); err != nil {
		return err
	}
	return s.store.Write(ctx, c)
}

func hasMonitor(matches []Match, id social.MonitorID) bool {
	for _, m := range matches {
		if m.Monitor == id {
			return true
		}
	}
	return false
}

// finds lets the matcher decide on a stored post. Its language is what the
// network claims, else what analysis found.
func (s *Station) finds(q *query.Query, d *query.Doc, p Post, read string) bool {
	s.describe(d, p, read)
	return q.Match(d)
}

// describe makes d a stored post.
func (s *Station) describe(d *query.Doc, p Post, read string) {
	c, _ := s.ChannelInfo(p.Channel)
	lang := p.Lang
	if lang == "" {
		lang = read
	}
	resetDoc(d, p, lang, c)
	s.where(d, p, c)
}

// Understood takes over what analysis says of activities, for filters and
// counts. The same twice changes nothing.
func (s *Station) Understood(ctx context.Context, scores map[social.ActivityID]social.Scores) error {
	if len(scores) == 0 {
		return nil
	}
	ids := make([]social.ActivityID, 0, len(scores))
	for id := range scores {
		ids = append(ids, id)
	}
	return s.store.InTx(ctx, func(ctx context.Context) error {
		if err := s.store.Lock(ctx); err != nil {
			return err
		}
		posts, err := s.store.Posts(ctx, ids)
		if err != nil {
			return err
		}
		slices.SortFunc(posts, func(a, b Post) int { return cmp.Compare(a.Seq, b.Seq) }) // as the table lies
		seqs := seqsOf(posts)
		readings, err := s.store.Readings(ctx, seqs)
		if err != nil {
			return err
		}
		matches, err := s.store.Matches(ctx, seqs)
		if err != nil {
			return err
		}
		var c Changes
		sums := sums{}
		for _, p := range posts {
			is := readingOf(p.Seq, scores[p.ID])
			was, had := readings[p.Seq]
			if had && was.equal(is) {
				continue
			}
			st := state{post: p, matches: matches[p.Seq]}
			if had {
				st.reading = &was
			}
			sums.add(st, -1)
			st.reading = &is
			sums.add(st, +1)
			c.Readings = append(c.Readings, is)
		}
		sums.put(&c)
		return s.store.Write(ctx, c)
	})
}

func readingOf(seq int64, sc social.Scores) Reading {
	r := Reading{Seq: seq, Lang: clip(clean(sc.Lang), 35)}
	if r.Lang == "" {
		r.Lang = "und"
	}
	if sc.Sentiment != nil {
		r.Sentiment = sc.Sentiment.Label
	}
	for _, i := range sc.Intents {
		r.Intents = append(r.Intents, i.Label)
	}
	if e := sc.Emotion(); e != nil {
		r.Emotion = e.Label
	}
	if sc.Toxicity != nil {
		r.Toxicity = social.NotOffensive
		if sc.Offends() {
			r.Toxicity = social.Offensive
		}
	}
	for _, t := range sc.Topics[:min(len(sc.Topics), topicsMost)] {
		r.Topics = append(r.Topics, t.Label)
	}
	r.Entities = named(sc.Entities)
	return r
}

// named are the things of a post that are counted, each once. Whom it is
// addressed to and what it links to are no subjects of talk.
func named(all []social.Entity) []string {
	var out []string
	for _, e := range all {
		name := clip(clean(e.Known()), 60)
		if e.Kind == social.EntityHandle || e.Kind == social.EntityURL || name == "" {
			continue
		}
		if e.Kind == social.EntityHashtag {
			name = strings.ToLower(name)
		}
		if s := string(e.Kind) + ":" + name; !slices.Contains(out, s) {
			if out = append(out, s); len(out) == entitiesMost {
				break
			}
		}
	}
	return out
}
