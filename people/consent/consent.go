// Package consent keeps what people agreed to: who, on which channel, for
// what, when, by which words and with what proof.
//
// It promises that a line is never changed or taken away, that the newest line
// says how it stands, that the same line twice is one, that a STOP outweighs
// every earlier yes on its channel, and that whoever asks whether they may write
// is answered from the lines alone and the answer is kept. It refuses a yes
// without words or proof of it.
package consent

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/people"
	"github.com/parley-crm/parley/social"
)

// The purposes that are always there. Topics are added by writing a text for
// "topic:something". All is what a STOP speaks of; nobody can agree to it.
const (
	Service   = "service" // what belongs to something they have with us
	Marketing = "marketing"
	Research  = "research"  // surveys, interviews
	Sampling  = "sampling"  // products to try
	Profiling = "profiling" // to foresee what they may do; a no counts, a yes is not needed
	All       = "all"
)

// The states of a line.
const (
	Requested = "requested"
	Granted   = "granted"
	Refused   = "refused"
	Withdrawn = "withdrawn"
)

// Where a line comes from.
const (
	ByMember  = "member"
	ByMessage = "message"
	ByPage    = "page"
	ByImport  = "import"
	ByAPI     = "api"
)

var (
	always  = []string{Service, Marketing, Research, Sampling, Profiling}
	topics  = regexp.MustCompile(`^topic:[a-z0-9][a-z0-9-]{0,39}$`)
	country = regexp.MustCompile(`^[A-Z]{2}(-[A-Z0-9]{1,3})?$`)
)

// Line is one thing that somebody said of one purpose.
type Line struct {
	ID           string
	Identity     social.IdentityID
	Channel      social.ChannelID // "" for every channel that reaches the identity
	Purpose      string
	State        string
	Text         string // id of the version that was shown
	Shown        string // the words, where they are not one of ours
	Source       string
	Evidence     string
	Jurisdiction string
	Expires      time.Time
	By           social.MemberID
	At           time.Time
	CreatedAt    time.Time
}

// Text is one version of what is shown to people before they agree.
type Text struct {
	ID      string
	Purpose string
	Lang    string
	Version int
	Name    string
	Body    string
	By      social.MemberID
	At      time.Time
}

// Verdict says whether somebody may be written to for a purpose, and why.
type Verdict struct {
	ID        string
	Identity  social.IdentityID
	Channel   social.ChannelID
	Purpose   string
	Reference string
	Clear     bool
	Why       string
	Line      string // that decided
	By        social.MemberID
	At        time.Time
}

// Store keeps the ledger. Lines are added, never changed.
type Store interface {
	InTx(ctx context.Context, f func(ctx context.Context) error) error
	Record(ctx context.Context, e social.Entry) error
	Tell(ctx context.Context, facts ...social.Fact) error

	// AddLine reports false where the same line is there already.
	AddLine(ctx context.Context, l Line) (bool, error)
	// Lines lists all lines of identities, newest first.
	Lines(ctx context.Context, who []social.IdentityID, cursor string, limit int) ([]Line, string, error)
	// Now lists the newest line of each identity, channel and purpose.
	Now(ctx context.Context, who []social.IdentityID) ([]Line, error)

	AddText(ctx context.Context, t Text) (Text, error) // gives it the next version
	// Texts lists the newest version of each purpose and language.
	Texts(ctx context.Context) ([]Text, error)
	TextsByID(ctx context.Context, ids []string) (map[string]Text, error)
	Text(ctx context.Context, purpose, lang string) (Text, error) // newest; lang "" is any
	Versions(ctx context.Context, purpose, lang string) ([]Text, error)
	// Tally counts the identities by purpose and state as it stands.
	Tally(ctx context.Context, now time.Time) (map[string]map[string]int, error)

	// AddVerdict keeps one; of one reference the first stays and comes back.
	AddVerdict(ctx context.Context, v Verdict) (Verdict, error)
	Verdicts(ctx context.Context, who []social.IdentityID, limit int) ([]Verdict, error)
}

// People says who somebody is; people.Book does.
type People interface {
	Person(ctx context.Context, id social.PersonID) (people.Person, error)
	// Behind finds the person of an identity, in scope.
	Behind(ctx context.Context, who social.IdentityID) (people.Person, error)
	// Know makes sure that there is a person behind each author.
	Know(ctx context.Context, seen []people.Seen) error
}

// Ledger is the room's front. Fill it in and use it.
type Ledger struct {
	Store  Store
	People People
	Clock  clock.Clock
}

func (l *Ledger) now() time.Time { return l.Clock.Now().UTC().Truncate(time.Microsecond) }

func member(ctx context.Context) social.MemberID {
	a, _ := social.ActorOf(ctx)
	return a.Member
}

func invalid(field, text string, args ...any) error {
	return &social.Error{Kind: social.Invalid, Field: field, Text: fmt.Sprintf(text, args...)}
}

// KnownPurpose reports whether one may agree to it.
func KnownPurpose(p string) bool { return slices.Contains(always, p) || topics.MatchString(p) }

// Purposes lists those that are always there.
func Purposes() []string { return slices.Clone(always) }

func within(field string, s *string, most int) error {
	*s = strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(*s, "\x00", ""), ""))
	if n := utf8.RuneCountInString(*s); n > most {
		return invalid(field, "This is %d characters long; %d are kept at most.", n, most)
	}
	return nil
}

// check says what is wrong with a line, and tidies it.
func (l *Ledger) check(x *Line) error {
	if !KnownPurpose(x.Purpose) {
		return invalid("purpose", "“%s” is no purpose: service, marketing, research, sampling, profiling, or topic:name.", short(x.Purpose))
	}
	if !slices.Contains([]string{Requested, Granted, Refused, Withdrawn}, x.State) {
		return invalid("state", "A consent is requested, granted, refused or withdrawn.")
	}
	for _, f := range []struct {
		name string
		s    *string
		most int
	}{{"shown", &x.Shown, 10_000}, {"evidence", &x.Evidence, 1000}} {
		if err := within(f.name, f.s, f.most); err != nil {
			return err
		}
	}
	if x.Jurisdiction = strings.ToUpper(strings.TrimSpace(x.Jurisdiction)); x.Jurisdiction != "" && !country.MatchString(x.Jurisdiction) {
		return invalid("jurisdiction", "A jurisdiction is a country such as DE, or a part of one such as US-CA.")
	}
	now := l.now()
	if x.At.IsZero() {
		x.At = now
	}
	x.At = x.At.UTC().Truncate(time.Microsecond)
	if x.At.After(now.Add(time.Minute)) {
		return invalid("at", "Nobody can have agreed in the future.")
	}
	if x.State == Granted && x.Evidence == "" {
		return invalid("evidence", "Say how they agreed: what they signed, where they ticked it, which message.")
	}
	if x.State == Granted && x.Text == "" && x.Shown == "" {
		return invalid("shown", "A yes needs the words that they agreed to.")
	}
	if !x.Expires.IsZero() && !x.Expires.After(x.At) {
		return invalid("expires_at", "It would have ended before it began.")
	}
	return nil
}

func short(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
