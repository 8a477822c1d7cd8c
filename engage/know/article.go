package know

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/parley-crm/parley/kit/text"
	"github.com/parley-crm/parley/kit/word"
	"github.com/parley-crm/parley/social"
	"golang.org/x/text/language"
)

// ArticleID names an article in one language.
type ArticleID string

// CategoryID names a category.
type CategoryID string

// State is where an article stands in its life.
type State string

// The states. Only what is published is suggested and shown to the public.
const (
	Draft     State = "draft"
	Published State = "published"
	Archived  State = "archived"
)

// The most that fits.
const (
	MostTitle = 200
	MostBody  = text.Most
	mostSlug  = 100
	mostNote  = 300
)

// Article is one article in one language, as it is now.
type Article struct {
	ID         ArticleID
	Set        string // translations of one article share it
	Lang       string // BCP 47
	Slug       string
	Title      string
	Body       string            // Markdown
	Visibility social.Visibility // Public or Internal
	State      State
	Category   CategoryID
	Programme  social.ProgrammeID
	Owner      social.MemberID
	ReviewBy   time.Time // zero: never
	Version    int64
	Change     int64 // grows with every change of any article

	PublishedAt time.Time // first
	CreatedAt   time.Time
	UpdatedAt   time.Time
	DeletedAt   time.Time
}

// Open reports whether everybody in the world may read it.
func (a Article) Open() bool {
	return a.State == Published && a.Visibility == social.Public && a.DeletedAt.IsZero()
}

// Stale reports whether the time to look at it again has come.
func (a Article) Stale(now time.Time) bool {
	return !a.ReviewBy.IsZero() && !now.Before(a.ReviewBy) && a.State != Archived
}

// Version is an article's words at one time.
type Version struct {
	Article ArticleID
	N       int64
	Title   string
	Body    string
	Note    string
	By      social.MemberID
	At      time.Time
}

// Writing is what a member is writing and has not kept as a version.
type Writing struct {
	Article ArticleID
	Member  social.MemberID
	Version int64 // that it began with
	Title   string
	Body    string
	At      time.Time
}

// Category is a subject of articles.
type Category struct {
	ID       CategoryID
	Name     string
	Parent   CategoryID
	Position int
	Created  time.Time
}

func wrong(field, format string, args ...any) error {
	e := social.Errorf(social.Invalid, format, args...)
	e.Field = field
	return e
}

// tidy is one line of text.
func tidy(s string) string { return strings.Join(strings.Fields(text.Cut(s)), " ") }

// words are lines of text without an end that nobody sees.
func words(s string) string {
	return strings.TrimRight(strings.ReplaceAll(text.Cut(s), "\r\n", "\n"), " \t\n")
}

// Check mends what can be mended and says what is wrong with the rest.
func (a *Article) Check() error {
	a.Title, a.Body = tidy(a.Title), words(a.Body)
	switch {
	case a.Title == "":
		return wrong("title", "An article needs a title.")
	case utf8.RuneCountInString(a.Title) > MostTitle:
		return wrong("title", "The title is too long; %d characters fit.", MostTitle)
	case len(a.Body) >= MostBody:
		return wrong("body", "The article is too long; %d characters fit.", MostBody)
	}
	tag, err := language.Parse(strings.TrimSpace(a.Lang))
	if err != nil || tag == language.Und {
		return wrong("lang", "Say the language as a tag such as en or pt-BR.")
	}
	a.Lang = tag.String()
	if a.Visibility == "" {
		a.Visibility = social.Internal
	}
	if a.Visibility != social.Public && a.Visibility != social.Internal {
		return wrong("visibility", "An article is public or internal.")
	}
	if a.State == "" {
		a.State = Draft
	}
	if !slices.Contains([]State{Draft, Published, Archived}, a.State) {
		return wrong("state", "An article is a draft, published, or archived.")
	}
	given := a.Slug != ""
	if a.Slug = Slug(a.Slug); a.Slug == "" {
		if given {
			return wrong("slug", "The address needs letters or figures.")
		}
		a.Slug = Slug(a.Title)
	}
	if a.Slug == "" {
		a.Slug = "article"
	}
	return nil
}

// Slug makes of a title what stands in an address.
func Slug(title string) string {
	s := strings.Join(word.Split(title), "-")
	if utf8.RuneCountInString(s) > mostSlug {
		s = string([]rune(s)[:mostSlug])
	}
	return strings.Trim(s, "-")
}
