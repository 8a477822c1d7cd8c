package people

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/parley-crm/parley/kit/word"
	"github.com/parley-crm/parley/social"
)

// Kinds are the kinds of moments that a timeline has.
var Kinds = []string{"said", "answered", "note", "click", "conversion", "merge", "order", "opportunity", "about", "goal", "promise", "file"}

// Moment is one thing on a person's timeline.
type Moment struct {
	At           time.Time
	ID           string // unique among moments, for paging
	Kind         string // of Kinds
	State        string // of an order, an opportunity, a goal or a promise
	Object       string // id of what it leads to
	Minor        int64  // an amount in minor units
	Text         string
	With         []With // what came with it
	Channel      social.ChannelID
	Conversation social.ConversationID
	Activity     social.ActivityID
	Sentiment    *social.Label
	Labels       []string // what it is about, such as "topic:shipping" and "intent:complaint"
	By           social.MemberID
	ByName       string
	URL          string
	Value        float64
	Currency     string

	// Why it stands here: the account of theirs that it came by, or the person
	// to whom it was given.
	Identity social.IdentityID
	Owner    social.PersonID
	// Joined is the merge by which that account or person came here.
	Joined *Merge
}

// With is something that came with a moment: a file, or a line of an order.
type With struct{ Kind, Text string }

// Look says which moments of a timeline are wanted; the zero Look wants all.
type Look struct {
	Words    string // each a word, or the beginning of one, of what was said, noted or ordered, or of a file's name
	About    string // a label, such as "topic:shipping"
	Kinds    []string
	Channels []social.ChannelID
	Since    time.Time
	Before   time.Time // a point: time, then id; zero: from the newest
	BeforeID string
	Limit    int
}

// Wants says whether moments of a kind are wanted.
func (l Look) Wants(kind string) bool { return len(l.Kinds) == 0 || slices.Contains(l.Kinds, kind) }

// Source is a room that knows moments of people.
type Source interface {
	// Moments returns at most l.Limit moments of the identities that are of
	// the kinds and channels wanted, before the point of l, newest first,
	// within the scope of ctx. Words and About are the asker's to decide.
	Moments(ctx context.Context, who []social.IdentityID, l Look) ([]Moment, error)
}

// Owned knows moments that belong to the person rather than to an account:
// orders, goals, notes.
type Owned interface {
	// Moments is like that of a Source, of a person by all ids that they had.
	Moments(ctx context.Context, persons []string, l Look) ([]Moment, error)
}

// OwnedFunc is an Owned.
type OwnedFunc func(ctx context.Context, persons []string, l Look) ([]Moment, error)

// Moments implements Owned.
func (f OwnedFunc) Moments(ctx context.Context, persons []string, l Look) ([]Moment, error) {
	return f(ctx, persons, l)
}

// Newest orders moments as a timeline has them.
func Newest(a, b Moment) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(b.ID, a.ID)) }

// Same lists the ids that were joined into a person.
type Same interface {
	Same(ctx context.Context, who social.PersonID) ([]string, error)
}

// How far one look reads on: what is further back is read with the next page.
const (
	momentsAtOnce = 500
	momentsMost   = 5000
)

// Story is a page of a timeline.
type Story struct {
	Moments []Moment
	Looked  int // how many were looked at for it
	// Where it goes on; the zero time: it was told.
	Next   time.Time
	NextID string
}

// Timeline merges the moments of all rooms, newest first, and leaves out those
// that are not wanted. It looks at some thousands at most: a page of it may be
// short, or empty, while there is a next one.
func (b *Book) Timeline(ctx context.Context, who social.PersonID, l Look) (Story, error) {
	p, err := b.Store.Person(ctx, who)
	if err != nil {
		return Story{}, err
	}
	if l.Before.IsZero() {
		l.Before = b.Clock.Now().Add(24 * time.Hour)
	}
	t, err := b.teller(ctx, p)
	if err != nil {
		return Story{}, err
	}
	fits := l.fits()
	step := l
	if step.Limit = l.Limit + 1; l.Words != "" || l.About != "" {
		step.Limit = max(momentsAtOnce, l.Limit+1)
	}
	var out Story
	for out.Looked < momentsMost {
		page, err := t.moments(ctx, step)
		if err != nil {
			return Story{}, err
		}
		for i, m := range page {
			if m.At.Before(l.Since) {
				return out, b.dress(ctx, p, out.Moments)
			}
			if len(out.Moments) == l.Limit {
				last := out.Moments[l.Limit-1]
				if i > 0 {
					last = page[i-1]
				}
				out.Next, out.NextID = last.At, last.ID
				return out, b.dress(ctx, p, out.Moments)
			}
			out.Looked++
			step.Before, step.BeforeID = m.At, m.ID
			if fits(m) {
				out.Moments = append(out.Moments, m)
			}
		}
		if len(page) < step.Limit {
			return out, b.dress(ctx, p, out.Moments)
		}
	}
	out.Next, out.NextID = step.Before, step.BeforeID
	return out, b.dress(ctx, p, out.Moments)
}

// teller asks all rooms of one person.
type teller struct {
	*Book
	ids  []social.IdentityID
	same []string
}

func (b *Book) teller(ctx context.Context, p Person) (teller, error) {
	t := teller{Book: b, ids: make([]social.IdentityID, len(p.Identities))}
	for i, x := range p.Identities {
		t.ids[i] = x.ID
	}
	var err error
	if len(b.Owned) > 0 {
		t.same, err = b.Aliases.Same(ctx, p.ID)
	}
	return t, err
}

// moments are the next of all rooms, at most l.Limit.
func (t teller) moments(ctx context.Context, l Look) ([]Moment, error) {
	var all []Moment
	for _, s := range t.Owned {
		moments, err := s.Moments(ctx, t.same, l)
		if err != nil {
			return nil, err
		}
		all = append(all, moments...)
	}
	for _, s := range t.Sources {
		moments, err := s.Moments(ctx, t.ids, l)
		if err != nil {
			return nil, err
		}
		all = append(all, moments...)
	}
	slices.SortFunc(all, Newest)
	return all[:min(len(all), l.Limit)], nil
}

// fits makes the test of a moment.
func (l Look) fits() func(Moment) bool {
	asked := word.Split(l.Words)
	// What has no word, such as a sign, is looked for as it is written.
	plain := strings.TrimSpace(l.Words)
	return func(m Moment) bool {
		switch {
		case !l.Wants(m.Kind), l.About != "" && !slices.Contains(m.Labels, l.About):
			return false
		case plain == "":
			return true
		}
		text := m.Text
		for _, w := range m.With {
			text += "\n" + w.Text
		}
		if len(asked) == 0 {
			return strings.Contains(text, plain)
		}
		if cannot(text, asked) {
			return false
		}
		has := word.Split(text)
		for _, a := range asked {
			if !slices.ContainsFunc(has, func(h string) bool { return strings.HasPrefix(h, a) }) {
				return false
			}
		}
		return true
	}
}

// cannot says of most texts, without cutting them into words, that they do not
// have what was asked: of such as are plain letters alone.
func cannot(text string, asked []string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	text = strings.ReplaceAll(strings.ToLower(text), "'", "")
	return slices.ContainsFunc(asked, func(a string) bool { return !strings.Contains(text, a) })
}

// dress says why moments stand on this timeline, and has the rooms say the
// rest of them.
func (b *Book) dress(ctx context.Context, p Person, moments []Moment) error {
	if b.Dress != nil {
		if err := b.Dress(ctx, moments); err != nil {
			return err
		}
	}
	merges, err := b.Store.Merges(ctx, p.ID)
	if err != nil || len(merges) == 0 {
		return err
	}
	by := map[social.IdentityID]*Merge{}
	of := map[social.PersonID]*Merge{}
	for i := range merges { // newest first: how it came here last
		m := &merges[i]
		if of[m.Absorbed] == nil {
			of[m.Absorbed] = m
		}
		for _, x := range m.Moved {
			if by[x] == nil {
				by[x] = m
			}
		}
	}
	for i := range moments {
		if m := &moments[i]; m.Identity != "" {
			m.Joined = by[m.Identity]
		} else if m.Owner != "" && m.Owner != p.ID {
			m.Joined = of[m.Owner]
		}
	}
	return nil
}
