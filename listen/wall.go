package listen

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/parley-crm/parley/listen/query"
	"github.com/parley-crm/parley/social"
)

// Place is where a page begins: after the line with this key.
type Place struct {
	Published time.Time
	Seq       int64
}

// Word is a folded word, or the beginning of one.
type Word struct {
	Text   string
	Prefix bool
}

// WallQuery is what the store is asked for.
type WallQuery struct {
	Monitor      social.MonitorID
	Seqs         []int64          // only these; nil for all
	Places       []social.PlaceID // only what is tied to one of these; nil for all
	Tied         bool             // only what is tied to some place
	Reviews      bool
	Stars        int
	Since, Until time.Time
	Before       *Place
	On           []social.ChannelID // only what stands on these; nil for all
	Author       social.IdentityID
	Sentiment    string
	All          bool // everything may be seen; otherwise what is on these or matched by these:
	Channels     []social.ChannelID
	Monitors     []social.MonitorID
}

// Line is as much of a post as filters need.
type Line struct {
	Place
	Channel  social.ChannelID
	Identity social.IdentityID
	Lang     string // as the network claims
	Reach    int
	Tied     social.PlaceID
	Visible  bool
	Reading  Reading
}

// Item is a post on the wall.
type Item struct {
	Post
	Monitors []social.MonitorID // those that the actor may see
	Tie      social.Tie
	Hits     []query.Span // in runes of the text
}

// Page is a page of the wall. Next is nil at the end. A page may be short, or
// even empty, and yet have a next one: the work for a page is bounded.
type Page struct {
	Items []Item
	Next  *Place
}

// The work for a page.
const (
	linesAtOnce = 500
	linesMost   = 20_000
	postsMost   = 8_000 // when each must be matched
	wordsMost   = 5_000 // with more hits than that, reading the wall is as quick
)

// Wall returns what stands on the wall, newest first, after a place.
func (s *Station) Wall(ctx context.Context, f Filter, after *Place, limit int) (Page, error) {
	w, q, err := s.ask(ctx, f)
	if err != nil {
		return Page{}, err
	}
	w.Before = after
	if q != nil {
		if w.Seqs, err = s.preselect(ctx, q, w.Monitor); err != nil {
			return Page{}, err
		}
		if w.Seqs != nil && len(w.Seqs) == 0 {
			return Page{}, nil
		}
	}
	at := linesAtOnce
	w.On, w.Sentiment = s.on(ctx, f), f.read()
	dims := s.dimensions(f)
	if w.On != nil && len(w.On) == 0 {
		return Page{}, nil
	}
	if q == nil && len(dims.chosen()) == 0 {
		at = limit + limit/8 + 1
	}
	var page Page
	most := linesMost
	if q != nil {
		at, most = 2*limit, postsMost
	}
	for seen := 0; seen < most; {
		lines, err := s.store.Wall(ctx, w, at)
		if err != nil {
			return page, err
		}
		more, err := s.choose(ctx, &page, f, dims, q, lines, limit)
		if err != nil || more {
			return page, err
		}
		if len(lines) < at {
			page.Next = nil
			return page, nil
		}
		w.Before = &lines[len(lines)-1].Place
		page.Next = w.Before
		seen += at
		at = max(at, min(2*at, linesAtOnce)) // little where much passes, more where little does
	}
	return page, nil
}

// ask makes of a filter what the store is asked, within what may be seen.
func (s *Station) ask(ctx context.Context, f Filter) (WallQuery, *query.Query, error) {
	w := WallQuery{Monitor: f.Monitor, Since: f.Since, Until: f.Until, Reviews: f.Reviews || f.Stars > 0, Stars: f.Stars, Author: f.Author}
	for _, id := range f.Places {
		w.Tied = true
		if LevelOf(id) == LevelCountry { // too many to name; who reads the lines tells
			w.Places = nil
			break
		}
		w.Places = append(w.Places, s.within(id)...)
	}
	if f.Monitor != "" {
		if _, err := s.MonitorByID(ctx, f.Monitor); err != nil {
			return w, nil, err
		}
	}
	w.All = social.ScopeOf(ctx).All || f.Monitor != ""
	if !w.All {
		for _, l := range s.lines() { // removed channels too: what they heard may still be seen
			if c := l.snapshot(); social.ScopeOf(ctx).Sees(c.Programme) {
				w.Channels = append(w.Channels, c.ID)
			}
		}
		for _, m := range s.MonitorsSeen(ctx) {
			w.Monitors = append(w.Monitors, m.ID)
		}
	}
	if strings.TrimSpace(f.Query) == "" {
		return w, nil, nil
	}
	q, err := query.Parse(f.Query)
	if err != nil {
		if e := asError(err); e != nil {
			e.Field = "q"
		}
		return w, nil, err
	}
	return w, q, nil
}

// preselect asks the full-text index. Nil means that it cannot narrow the
// search down.
func (s *Station) preselect(ctx context.Context, q *query.Query, m social.MonitorID) ([]int64, error) {
	filter := query.Prefilter(q)
	if len(filter.Words) == 0 || m != "" {
		return nil, nil
	}
	words := make([][]Word, len(filter.Words))
	for i, any := range filter.Words {
		for _, t := range any {
			words[i] = append(words[i], Word{t.Text, t.Prefix})
		}
	}
	seqs, ok, err := s.store.Words(ctx, words, wordsMost)
	if err != nil || !ok {
		return nil, err
	}
	if seqs == nil {
		seqs = []int64{}
	}
	return seqs, nil
}

// choose adds those of some lines that pass to a page, and reports whether
// the page is full.
func (s *Station) choose(ctx context.Context, page *Page, f Filter, dims dimensions, q *query.Query, lines []Line, limit int) (bool, error) {
	var pass []Line
	for _, l := range lines {
		if l.Visible && dims.pass(l) {
			pass = append(pass, l)
		}
	}
	step := linesAtOnce
	if q == nil {
		step = limit - len(page.Items)
	}
	for len(pass) > 0 && step > 0 {
		n := min(step, len(pass))
		items, err := s.items(ctx, pass[:n], f.Monitor, q)
		if err != nil {
			return false, err
		}
		for _, it := range items {
			page.Items = append(page.Items, it)
			if len(page.Items) == limit {
				page.Next = &Place{it.Published, it.Seq}
				return true, nil
			}
		}
		pass = pass[n:]
	}
	return false, nil
}

// items makes posts of lines; with a query only those that it matches.
func (s *Station) items(ctx context.Context, lines []Line, m social.MonitorID, q *query.Query) ([]Item, error) {
	seqs := make([]int64, len(lines))
	read := make(map[int64]string, len(lines))
	for i, l := range lines {
		seqs[i] = l.Seq
		read[l.Seq] = l.Reading.Lang
	}
	posts, err := s.store.PostsBySeq(ctx, seqs)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(posts, newest)
	if q != nil {
		var doc query.Doc
		posts = slices.DeleteFunc(posts, func(p Post) bool { return !s.finds(q, &doc, p, read[p.Seq]) })
	}
	return s.dress(ctx, posts, m, q, read)
}

func newest(a, b Post) int {
	if c := b.Published.Compare(a.Published); c != 0 {
		return c
	}
	if a.Seq > b.Seq {
		return -1
	}
	return 1
}

// dress adds to posts which monitors matched them and where.
func (s *Station) dress(ctx context.Context, posts []Post, m social.MonitorID, q *query.Query, read map[int64]string) ([]Item, error) {
	matches, err := s.store.Matches(ctx, seqsOf(posts))
	if err != nil {
		return nil, err
	}
	ties, err := s.store.Ties(ctx, seqsOf(posts))
	if err != nil {
		return nil, err
	}
	scope := social.ScopeOf(ctx)
	out := make([]Item, len(posts))
	var doc query.Doc
	for i, p := range posts {
		it := Item{Post: p, Tie: ties[p.Seq]}
		for _, hit := range matches[p.Seq] {
			if mon := s.monitor(hit.Monitor); mon.State != Removed && scope.Sees(mon.Programme) {
				it.Monitors = append(it.Monitors, hit.Monitor)
			}
		}
		slices.Sort(it.Monitors)
		it.Hits = s.hits(&doc, p, it.Monitors, m, q, read[p.Seq])
		out[i] = it
	}
	return out, nil
}

// hits returns the places in the text on which a match rests: of the search,
// else of the monitor that is looked at, else of all that matched.
func (s *Station) hits(d *query.Doc, p Post, monitors []social.MonitorID, m social.MonitorID, q *query.Query, read string) []query.Span {
	if !p.Visible() {
		return nil
	}
	var spans []query.Span
	s.describe(d, p, read)
	switch {
	case q != nil:
		spans = q.Hits(d)
	default:
		for _, id := range monitors {
			if m != "" && id != m {
				continue
			}
			mq, active := s.set.Query(string(id))
			if !active {
				var err error
				if mq, err = query.Parse(s.monitor(id).Query); err != nil {
					continue
				}
			}
			spans = append(spans, mq.Hits(d)...)
		}
	}
	return inText(p, spans)
}

// inText turns places in the wording into places in the text, in runes.
func inText(p Post, spans []query.Span) []query.Span {
	shift := len(Wording(p)) - len(p.Text)
	slices.SortFunc(spans, func(a, b query.Span) int { return a.Start - b.Start })
	var out []query.Span
	for _, x := range spans {
		x.Start, x.End = max(x.Start-shift, 0), x.End-shift
		switch {
		case x.End <= 0:
		case len(out) > 0 && x.Start < out[len(out)-1].End:
			out[len(out)-1].End = max(out[len(out)-1].End, x.End)
		default:
			out = append(out, x)
		}
	}
	return query.Runes(p.Text, out)
}

// threadMost is how much of a thread is shown.
const threadMost = 200

// MentionByID returns a post that the actor may see.
func (s *Station) MentionByID(ctx context.Context, id social.ActivityID) (Item, error) {
	posts, err := s.store.Posts(ctx, []social.ActivityID{id})
	if err != nil {
		return Item{}, err
	}
	missing := social.Errorf(social.NotFound, "There is no such mention.")
	if len(posts) == 0 || posts[0].Visibility != social.Public {
		return Item{}, missing
	}
	items, err := s.dress(ctx, posts, "", nil, nil)
	if err != nil {
		return Item{}, err
	}
	c, _ := s.ChannelInfo(posts[0].Channel)
	if !social.ScopeOf(ctx).Sees(c.Programme) && len(items[0].Monitors) == 0 {
		return Item{}, missing
	}
	return items[0], nil
}

// Thread returns the public posts of the thread in which a post stands, the
// oldest first.
func (s *Station) Thread(ctx context.Context, of Item) ([]Item, error) {
	posts, err := s.store.Thread(ctx, of.Channel, of.Thread(), threadMost)
	if err != nil {
		return nil, err
	}
	posts = slices.DeleteFunc(posts, func(p Post) bool { return p.Visibility != social.Public })
	slices.SortFunc(posts, func(a, b Post) int { return newest(b, a) })
	return s.dress(ctx, posts, "", nil, nil)
}

// SaidQuery asks what some accounts said.
type SaidQuery struct {
	Identities []social.IdentityID
	Before     time.Time // zero: from the newest
	BeforeID   social.ActivityID
	Channels   []social.ChannelID // nil: all
	Limit      int
}

// Said returns what some accounts said, newest first (by time, then id),
// before a point, within what the actor may see.
func (s *Station) Said(ctx context.Context, q SaidQuery) ([]Post, error) {
	asked := q.Channels
	scope := social.ScopeOf(ctx)
	if !scope.All {
		q.Channels = []social.ChannelID{}
		for _, l := range s.lines() {
			if c := l.snapshot(); scope.Sees(c.Programme) && (asked == nil || slices.Contains(asked, c.ID)) {
				q.Channels = append(q.Channels, c.ID)
			}
		}
	}
	if len(q.Identities) == 0 || q.Channels != nil && len(q.Channels) == 0 {
		return nil, nil
	}
	return s.store.Said(ctx, q)
}

// Items returns the posts with some numbers, in that order, as they stand on
// the wall; those that are gone are left out. It asks nobody's permission.
func (s *Station) Items(ctx context.Context, seqs []int64, m social.MonitorID) ([]Item, error) {
	if len(seqs) == 0 {
		return nil, nil
	}
	posts, err := s.store.PostsBySeq(ctx, seqs)
	if err != nil {
		return nil, err
	}
	posts = slices.DeleteFunc(posts, func(p Post) bool { return !p.Visible() })
	slices.SortFunc(posts, func(a, b Post) int { return slices.Index(seqs, a.Seq) - slices.Index(seqs, b.Seq) })
	return s.dress(ctx, posts, m, nil, map[int64]string{})
}
