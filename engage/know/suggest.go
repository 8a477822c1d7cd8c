package know

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/parley-crm/parley/kit/mark"
	"github.com/parley-crm/parley/kit/word"
	"github.com/parley-crm/parley/social"
)

// Question is what a conversation asks.
type Question struct {
	Said    []string // their words, the newest first
	Subject string
	Lang    string // "" if unknown
	Words   string // what a colleague looks for instead
}

// Suggestion is something known that may answer.
type Suggestion struct {
	Kind       Kind
	ID         string
	Title      string
	Lang       string
	Visibility social.Visibility
	Text       string // what is inserted
	Slug       string // of an article that the world may read
	Passage    string // the part that suits best
	Marks      [][2]int
	Share      float64 // how much of the question is in it; 0 where only the meaning is near
	Why        string  // of an answer
	Used       int
	At         time.Time
	By         social.MemberID
}

// Source is somewhere else where answers may be, such as the threads of a
// community. It answers quickly or not at all.
type Source interface {
	Suggest(ctx context.Context, a Ask) ([]Suggestion, error)
}

// Senses turn texts into vectors by their meaning, of length one; nil where a
// text cannot be read. It must answer within a few hundredths of a second.
type Senses interface {
	// Model is the name and version of what makes the vectors: with another
	// one all texts are read again.
	Model() string
	Speaks(lang string) bool
	Vectors(texts []string) [][]float32
}

// Uses counts what was inserted.
type Uses interface {
	Use(ctx context.Context, u Use) (fresh bool, err error)
	// Used says how often each of a kind was inserted.
	Used(ctx context.Context, k Kind, ids []string) (map[string]int, error)
	// Resolve marks what was inserted in a conversation as having resolved it,
	// and returns what was not marked before.
	Resolve(ctx context.Context, c social.ConversationID, at time.Time) ([]Use, error)
}

// Use is that a suggestion was inserted.
type Use struct {
	Conversation social.ConversationID
	Kind         Kind
	ID           string
	Member       social.MemberID
	At           time.Time
}

const (
	// least is how much of a question something must hold to be suggested.
	least = 0.14
	// alone is how much a single word must be of it that stands in no title.
	alone = 0.3
	// enough is how many stems make a question that stands alone.
	enough = 4
	// mostAsked is how much of their words is looked at, in bytes.
	mostAsked = 4000
	// considered is how many hits are looked at closer.
	considered = 24

	passageLength = 240
	insertLength  = 600
)

// text is what is looked for: their newest words, and older ones where those
// say little.
func (q Question) text() string {
	if strings.TrimSpace(q.Words) != "" {
		return cut(q.Words, mostAsked)
	}
	out := q.Subject
	for i, s := range q.Said {
		if i > 0 && len(word.Stems(out, q.Lang)) >= enough {
			break
		}
		out += "\n" + cut(s, mostAsked)
	}
	return Bare(cut(out, 2*mostAsked))
}

func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// Suggest finds what may answer a question, best first. Only what is published
// is suggested, and answers that were kept.
func (l *Library) Suggest(ctx context.Context, q Question, limit int) ([]Suggestion, error) {
	text := q.text()
	suits := func(e *Entry) bool { return e.Kind == KindAnswer || e.Shown == Published }
	hits, err := l.Find(ctx, Ask{Text: text, Lang: q.Lang, Typing: q.Words != "", Limit: considered, Suits: suits})
	if err != nil {
		return nil, err
	}
	if q.Words == "" {
		hits = slices.DeleteFunc(hits, func(h Hit) bool { return h.Share < least || h.Share < alone && len(h.Words) < 2 && !h.Head })
		hits = l.blend(ctx, hits, text, q.Lang, suits)
	}
	out, err := l.read(ctx, hits[:min(len(hits), 2*limit)])
	if err != nil {
		return nil, err
	}
	out = out[:min(len(out), limit)]
	for _, s := range l.Others {
		more, err := s.Suggest(ctx, Ask{Text: text, Lang: q.Lang, Limit: limit})
		if err != nil {
			l.log().Warn("a source of suggestions failed", "error", err)
			continue
		}
		out = append(out, more[:min(len(more), limit)]...)
	}
	return out, nil
}

// read fetches what was found and picks the passages. What may not be seen
// any more is left out.
func (l *Library) read(ctx context.Context, hits []Hit) ([]Suggestion, error) {
	var articles []ArticleID
	var answers []AnswerID
	by := map[Kind][]string{}
	for _, h := range hits {
		by[h.Kind] = append(by[h.Kind], h.ID)
		if h.Kind == KindArticle {
			articles = append(articles, ArticleID(h.ID))
		} else {
			answers = append(answers, AnswerID(h.ID))
		}
	}
	found := map[string]Suggestion{}
	if len(articles) > 0 {
		list, _, err := l.Store.List(ctx, ArticleQuery{IDs: articles, State: Published, Limit: 100})
		if err != nil {
			return nil, err
		}
		for _, a := range list {
			s := Suggestion{Kind: KindArticle, ID: string(a.ID), Title: a.Title, Lang: a.Lang, Visibility: a.Visibility, Text: mark.Text(a.Body), At: a.UpdatedAt, By: a.Owner}
			if a.Open() {
				s.Slug = a.Slug
			}
			found[key(KindArticle, s.ID)] = s
		}
	}
	if len(answers) > 0 {
		list, err := l.Store.AnswersByID(ctx, answers)
		if err != nil {
			return nil, err
		}
		for _, a := range list {
			found[key(KindAnswer, string(a.ID))] = Suggestion{Kind: KindAnswer, ID: string(a.ID), Title: mark.Short(strings.Join(strings.Fields(a.Question), " "), 120), Lang: a.Lang,
				Visibility: social.Internal, Text: a.Text, Why: a.Why, At: a.At, By: a.By}
		}
	}
	used := map[Kind]map[string]int{}
	for k, ids := range by {
		n, err := l.Store.Used(ctx, k, ids)
		if err != nil {
			return nil, err
		}
		used[k] = n
	}
	var out []Suggestion
	for _, h := range hits {
		s, ok := found[key(h.Kind, h.ID)]
		if !ok {
			continue
		}
		s.Share, s.Used = h.Share, used[h.Kind][h.ID]
		s.Passage, s.Marks = passage(s.Text, s.Lang, h.Words, passageLength)
		if h.Kind == KindArticle && utf8.RuneCountInString(s.Text) > insertLength {
			s.Text, _ = passage(s.Text, s.Lang, h.Words, insertLength)
		}
		out = append(out, s)
	}
	return out, nil
}

// passage is the part of a text that holds most of some stems, and where in it
// they stand, in runes.
func passage(text, lang string, stems []string, most int) (string, [][2]int) {
	parts := sentences(text)
	is := map[string]float64{}
	for i, s := range stems {
		is[s] = 1 / float64(1+i/3) // the weightiest come first
	}
	worth := make([]float64, len(parts))
	for i, p := range parts {
		had := map[string]bool{}
		for _, w := range word.Stems(p, lang) {
			if !had[w] {
				had[w] = true
				worth[i] += is[w]
			}
		}
	}
	best, at := -1.0, 0
	for i := range parts {
		sum, n := 0.0, 0
		for j := i; j < len(parts) && (j == i || n+utf8.RuneCountInString(parts[j]) <= most); j++ {
			sum += worth[j] / (1 + 0.1*float64(j-i))
			n += utf8.RuneCountInString(parts[j])
		}
		if sum > best+1e-9 {
			best, at = sum, i
		}
	}
	var b strings.Builder
	for j, n := at, 0; j < len(parts) && (j == at || n+utf8.RuneCountInString(parts[j]) <= most); j++ {
		b.WriteString(parts[j])
		n += utf8.RuneCountInString(parts[j])
	}
	out := mark.Short(strings.TrimSpace(b.String()), most)
	return out, marks(out, lang, is)
}

// sentences cuts a text after its sentences and lines, keeping every sign.
func sentences(s string) []string {
	var out []string
	from := 0
	var last rune
	for i, r := range s {
		if i > from && (last == '\n' && r != '\n' || unicode.IsSpace(r) && strings.ContainsRune(".!?", last) || strings.ContainsRune("。！？", last)) {
			out, from = append(out, s[from:i]), i
		}
		last = r
	}
	return append(out, s[from:])
}

// marks finds the words whose stems are wanted.
func marks(s, lang string, is map[string]float64) [][2]int {
	out := [][2]int{}
	at, from := 0, -1
	var run []rune
	flush := func() {
		if from >= 0 {
			for _, w := range word.Stems(string(run), lang) {
				if is[w] > 0 {
					out = append(out, [2]int{from, at})
					break
				}
			}
		}
		run, from = run[:0], -1
	}
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || r == '\'' || r == '’' {
			if from < 0 {
				from = at
			}
			run = append(run, r)
		} else {
			flush()
		}
		at++
	}
	flush()
	return out
}

// Insert keeps that somebody put a suggestion into a reply.
func (l *Library) Insert(ctx context.Context, c social.ConversationID, k Kind, id string) error {
	u := Use{Conversation: c, Kind: k, ID: id, Member: member(ctx), At: l.now()}
	return l.Store.InTx(ctx, func(ctx context.Context) error {
		fresh, err := l.Store.Use(ctx, u)
		if err != nil || !fresh {
			return err
		}
		if err := l.Store.Count(ctx, Number{Day: dayOf(u.At), Article: counted(u), Inserted: 1}); err != nil {
			return err
		}
		return l.Store.Record(ctx, social.Entry{Verb: "insert", Object: string(k), ID: id, Detail: map[string]any{"conversation": c}})
	})
}

// counted is the article that a use counts for; "" for answers.
func counted(u Use) ArticleID {
	if u.Kind == KindArticle {
		return ArticleID(u.ID)
	}
	return ""
}

// Resolved counts what was inserted in a conversation that was resolved.
func (l *Library) Resolved(ctx context.Context, c social.ConversationID, at time.Time) error {
	return l.Store.InTx(ctx, func(ctx context.Context) error {
		uses, err := l.Store.Resolve(ctx, c, at)
		for _, u := range uses {
			if err == nil {
				err = l.Store.Count(ctx, Number{Day: dayOf(at), Article: counted(u), Resolved: 1})
			}
		}
		return err
	})
}
