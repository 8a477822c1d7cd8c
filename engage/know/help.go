package know

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/kit/visit"
	"github.com/parley-crm/parley/kit/word"
	"github.com/parley-crm/parley/social"
)

// HelpSettings are those of the public help page.
type HelpSettings struct {
	Off    bool             `json:"off"`
	Title  string           `json:"title"` // "" for the brand's help
	Intro  string           `json:"intro"`
	Ask    social.ChannelID `json:"ask"`    // the door behind “ask us”; "" for the first that is open
	Colour string           `json:"colour"` // "#0b6571"; "" for ours
}

// HelpPath is where everybody reads an article.
func HelpPath(lang, slug string) string {
	return "/help/" + url.PathEscape(lang) + "/" + url.PathEscape(slug)
}

// Event is something that a visitor of the help page did.
type Event struct {
	At      time.Time
	Visitor string // see Visitor
	Article ArticleID
	Do      string // visit, read, search, vote, ask
	Vote    string // yes or no
	Words   string // searched for
	Lang    string
	Found   int
}

// Help keeps what the public help page needs.
type Help interface {
	HelpSettings(ctx context.Context) (HelpSettings, error)
	SaveHelpSettings(ctx context.Context, s HelpSettings) error
	// World lists what everybody may read in a language, "" for all; without
	// bodies, by subject and title.
	World(ctx context.Context, lang string) ([]Article, error)
	// WorldArticle reads what everybody may read.
	WorldArticle(ctx context.Context, lang, slug string) (Article, error)
	// WorldCount says how many articles everybody may read.
	WorldCount(ctx context.Context) (int, error)

	// Salt is the secret of a day; asked for the first time, it becomes fresh
	// and the one of the day before is forgotten.
	Salt(ctx context.Context, day time.Time, fresh string) (string, error)
	// Came notes a visit of a day, and what it came to; each is true the first
	// time only.
	Came(ctx context.Context, day time.Time, visitor, flag string) (visit, changed bool, err error)
	// CameTo notes a visitor at an article, with a vote or a question; it
	// returns what was known before.
	CameTo(ctx context.Context, day time.Time, visitor string, a ArticleID, vote string, asked bool) (fresh bool, before string, askedBefore bool, err error)
	CountSearch(ctx context.Context, day time.Time, lang, words, asked string, found bool) error
	KeepWords(ctx context.Context, w Remark) error
	Remarks(ctx context.Context, a ArticleID, limit int) ([]Remark, error)
	// ForgetVisits forgets who came before a day.
	ForgetVisits(ctx context.Context, before time.Time) error

	Days(ctx context.Context, from, to time.Time) ([]Number, error)
	ArticleDays(ctx context.Context, from, to time.Time) ([]Number, error)
	Searches(ctx context.Context, from, to time.Time, missed bool, limit int) ([]Searched, error)
}

// Remark is what a reader wrote with a yes or no.
type Remark struct {
	ID      string
	Article ArticleID
	Vote    string
	Words   string
	At      time.Time
}

// Searched is what was searched for on the help page.
type Searched struct {
	Words string
	Asked string // as somebody typed it last
	Lang  string
	N     int64
	None  int64 // of those, how often nothing was found
}

// HelpOpen reports whether the help page is there: it was not switched off, and
// something is published for everybody.
func (l *Library) HelpOpen(ctx context.Context) (bool, error) {
	s, err := l.Store.HelpSettings(ctx)
	if err != nil || s.Off {
		return false, err
	}
	n, err := l.Store.WorldCount(ctx)
	return n > 0, err
}

// SetHelp changes the settings of the help page.
func (l *Library) SetHelp(ctx context.Context, s HelpSettings) error {
	s.Title, s.Intro, s.Colour = tidy(s.Title), strings.TrimSpace(words(s.Intro)), strings.ToLower(strings.TrimSpace(s.Colour))
	switch {
	case !social.ScopeOf(ctx).All:
		return social.Errorf(social.Forbidden, "The help page is for the whole house; whoever may publish everywhere can change it.")
	case utf8.RuneCountInString(s.Title) > 80:
		return wrong("title", "The title is too long; 80 characters fit.")
	case utf8.RuneCountInString(s.Intro) > 400:
		return wrong("intro", "The words are too many; 400 characters fit.")
	case s.Colour != "" && !isColour(s.Colour):
		return wrong("colour", "The colour is # and six letters or digits, such as #0b6571.")
	}
	return l.Store.InTx(ctx, func(ctx context.Context) error {
		if err := l.Store.SaveHelpSettings(ctx, s); err != nil {
			return err
		}
		return l.Store.Record(ctx, social.Entry{Verb: "update", Object: "help", ID: "help", Detail: map[string]any{"off": s.Off, "title": s.Title, "ask": s.Ask}})
	})
}

func isColour(s string) bool {
	return len(s) == 7 && s[0] == '#' && strings.Trim(s[1:], "0123456789abcdef") == ""
}

// FindWorld finds what everybody may read.
func (l *Library) FindWorld(ctx context.Context, text, lang string, only, typing bool, limit int) ([]Hit, error) {
	if err := l.fresh(ctx); err != nil {
		return nil, err
	}
	a := Ask{Text: cut(text, 500), Lang: lang, Typing: typing, Kinds: []Kind{KindArticle}, Limit: limit, Suits: func(e *Entry) bool { return e.World }}
	if only {
		a.Only = lang
	}
	return l.index.find(a), nil
}

// watch keeps what visitors did until it is written down.
type watch struct {
	mu   sync.Mutex
	day  time.Time
	salt string
	kept []Event
	rate visit.Rate
}

// mostKept is how much is kept at most between two writings; the rest is not
// counted.
const mostKept = 20_000

// Visitor is a number for whoever comes, the same all day and meaningless
// after it.
func (l *Library) Visitor(ctx context.Context, ip, agent string) (string, error) {
	day := dayOf(l.now())
	l.watch.mu.Lock()
	defer l.watch.mu.Unlock()
	if !l.watch.day.Equal(day) {
		salt, err := l.Store.Salt(ctx, day, visit.New())
		if err != nil {
			return "", err
		}
		l.watch.day, l.watch.salt = day, salt
	}
	m := hmac.New(sha256.New, []byte(l.watch.salt))
	_, _ = m.Write([]byte(ip + "\x00" + agent)) // never fails
	return hex.EncodeToString(m.Sum(nil)[:12]), nil
}

// machines are agents that are no people.
var machines = []string{"bot", "crawl", "spider", "slurp", "preview", "fetch", "monitor", "curl", "wget", "python", "go-http"}

// Machine reports whether an agent says that it is no person.
func Machine(agent string) bool {
	a := strings.ToLower(agent)
	return a == "" || slices.ContainsFunc(machines, func(m string) bool { return strings.Contains(a, m) })
}

// Note keeps what a visitor did, to be counted soon.
func (l *Library) Note(events ...Event) {
	l.watch.mu.Lock()
	defer l.watch.mu.Unlock()
	for _, e := range events {
		if len(l.watch.kept) < mostKept {
			e.At = l.now()
			l.watch.kept = append(l.watch.kept, e)
		}
	}
}

// Flush counts what was noted.
func (l *Library) Flush(ctx context.Context) error {
	l.watch.mu.Lock()
	some := l.watch.kept
	l.watch.kept = nil
	l.watch.mu.Unlock()
	for part := range slices.Chunk(some, 500) {
		err := l.Store.InTx(ctx, func(ctx context.Context) error {
			for _, e := range part {
				if err := l.count(ctx, e); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// flags are the columns of a visit.
var flags = map[string]string{"visit": "", "read": "read", "search": "searched", "ask": "asked"}

func (l *Library) count(ctx context.Context, e Event) error {
	day := dayOf(e.At)
	flag := flags[e.Do]
	if e.Do == "vote" {
		flag = map[string]string{"yes": "solved", "no": "unsolved"}[e.Vote]
	}
	fresh, changed, err := l.Store.Came(ctx, day, e.Visitor, flag)
	if err != nil {
		return err
	}
	total := Number{Day: day}
	if fresh {
		total.Visits = 1
	}
	if changed {
		switch flag {
		case "read":
			total.Read = 1
		case "searched":
			total.Searched = 1
		case "asked":
			total.Asked = 1
		case "solved":
			total.Solved = 1
		case "unsolved":
			total.Unsolved = 1
		}
	}
	if fresh || changed {
		if err := l.Store.Count(ctx, total); err != nil {
			return err
		}
	}
	if e.Do == "search" {
		if folded := strings.Join(word.Split(cut(e.Words, 200)), " "); folded != "" {
			if err := l.Store.CountSearch(ctx, day, e.Lang, folded, tidy(cut(e.Words, 200)), e.Found > 0); err != nil {
				return err
			}
		}
	}
	if e.Article == "" || e.Do == "search" || e.Do == "visit" {
		return nil
	}
	first, before, askedBefore, err := l.Store.CameTo(ctx, day, e.Visitor, e.Article, e.Vote, e.Do == "ask")
	if err != nil {
		return err
	}
	n := Number{Day: day, Article: e.Article}
	if first {
		n.Visits, n.Read = 1, 1
	}
	if e.Vote != "" && e.Vote != before {
		for vote, by := range map[string]int64{e.Vote: 1, before: -1} {
			switch vote {
			case "yes":
				n.Solved += by
			case "no":
				n.Unsolved += by
			}
		}
	}
	if e.Do == "ask" && !askedBefore {
		n.Asked = 1
	}
	if n == (Number{Day: day, Article: e.Article}) {
		return nil
	}
	return l.Store.Count(ctx, n)
}

// mostRemark is how much of a reader's words is kept.
const mostRemark = 1000

// Say keeps what a reader wrote with a yes or no.
func (l *Library) Say(ctx context.Context, visitor string, a ArticleID, vote, said string) error {
	if wait := l.watch.rate.Take(visitor, l.now()); wait > 0 {
		return social.Errorf(social.Busy, "These are many words at once. Wait a little.")
	}
	said = strings.TrimSpace(Bare(words(said)))
	if said == "" {
		return nil
	}
	if r := []rune(said); len(r) > mostRemark {
		said = string(r[:mostRemark])
	}
	return l.Store.InTx(ctx, func(ctx context.Context) error {
		return l.Store.KeepWords(ctx, Remark{ID: id.At(l.now()), Article: a, Vote: vote, Words: said, At: l.now()})
	})
}

// Report is what the help page and the suggestions brought within days.
type Report struct {
	From, To time.Time
	Days     []Number // of the whole page
	Articles []Number // summed up, one for each article
	Total    Number
	Missed   []Searched // what was searched and not found, most often first
	Often    []Searched
}

// Report sums up days, from and to whole UTC days, to not among them.
func (l *Library) Report(ctx context.Context, from, to time.Time) (Report, error) {
	r := Report{From: dayOf(from), To: dayOf(to)}
	var err error
	if r.Days, err = l.Store.Days(ctx, r.From, r.To); err != nil {
		return r, err
	}
	if r.Articles, err = l.Store.ArticleDays(ctx, r.From, r.To); err != nil {
		return r, err
	}
	for _, n := range r.Days {
		r.Total.Visits += n.Visits
		r.Total.Searched += n.Searched
		r.Total.Read += n.Read
		r.Total.Solved += n.Solved
		r.Total.Unsolved += n.Unsolved
		r.Total.Asked += n.Asked
		r.Total.Inserted += n.Inserted
		r.Total.Resolved += n.Resolved
	}
	for _, n := range r.Articles {
		r.Total.Inserted += n.Inserted
		r.Total.Resolved += n.Resolved
	}
	if r.Missed, err = l.Store.Searches(ctx, r.From, r.To, true, 30); err != nil {
		return r, err
	}
	r.Often, err = l.Store.Searches(ctx, r.From, r.To, false, 10)
	return r, err
}
