// Package survey asks customers how well they were helped: after their
// conversation was resolved, in private, and each person at most once in a
// while.
package survey

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/kit/text"
	"github.com/parley-crm/parley/social"
)

// Settings say whether and how a programme asks.
type Settings struct {
	Programme social.ProgrammeID // "" for what belongs to none
	On        bool
	Words     string // of the message, with {{link}} and, if wanted, {{name}}
	Question  string // on the page
	After     time.Duration
	Every     time.Duration // one person is asked at most once in this time
	Owner     social.MemberID
	Changed   time.Time
}

// Usual are the settings of a programme that has chosen none.
func Usual(p social.ProgrammeID) Settings {
	return Settings{Programme: p, Words: "Thank you for writing to us, {{name}}. How well did we help? One press is enough: {{link}}",
		Question: "How well did we help you?", After: time.Hour, Every: 90 * 24 * time.Hour}
}

// State is how far a question has come.
type State string

// The states. A question is planned when a conversation is resolved; it is
// dropped when that is opened again, or the person was asked lately.
const (
	Planned  State = "planned"
	Put      State = "asked"
	Answered State = "answered"
	Dropped  State = "dropped"
	Refused  State = "refused" // the ledger of consents said no
)

// Ask is one question to one customer.
type Ask struct {
	ID           string
	Conversation social.ConversationID
	Programme    social.ProgrammeID
	Channel      social.ChannelID
	Identity     social.IdentityID
	Person       social.PersonID
	Member       social.MemberID // who looked after the conversation
	State        State
	Why          string // it was dropped or refused, or could be put
	Due          time.Time
	AskedAt      time.Time
	AnsweredAt   time.Time
	KeyHash      string
	Score        int // 1 to 5
	Comment      string
}

// Day counts what was asked on one day (UTC), and what came of it.
type Day struct {
	Day       time.Time
	Programme social.ProgrammeID
	Asked     int
	Scores    [5]int // how many gave 1, 2, 3, 4, 5
}

// Query asks for answers, the newest first.
type Query struct {
	From, To  time.Time
	Programme social.ProgrammeID
	Score     int // 0 for any
	Worded    bool
	Cursor    string
	Limit     int
}

// Store keeps questions. What is read for the screen is limited to
// social.ScopeOf(ctx).
type Store interface {
	InTx(ctx context.Context, f func(ctx context.Context) error) error
	Tell(ctx context.Context, facts ...social.Fact) error
	Record(ctx context.Context, e social.Entry) error
	// Alone keeps others from asking until the transaction ends.
	Alone(ctx context.Context) error
	AllSettings(ctx context.Context) ([]Settings, error)
	SaveSettings(ctx context.Context, s Settings) error
	// Plan adds questions; a conversation for which one is planned keeps that.
	Plan(ctx context.Context, asks []Ask) error
	Due(ctx context.Context, now time.Time, limit int) ([]Ask, error)
	// AskedSince says whether a person, or an account, was asked since a time.
	AskedSince(ctx context.Context, who social.PersonID, account social.IdentityID, since time.Time) (bool, error)
	Save(ctx context.Context, a Ask) error
	// ByKey reads the question of a link and keeps others from answering it meanwhile.
	ByKey(ctx context.Context, hash string) (Ask, error)
	// Count adds to the days.
	Count(ctx context.Context, d Day) error
	Days(ctx context.Context, from, to time.Time, p social.ProgrammeID) ([]Day, error)
	Answers(ctx context.Context, q Query) ([]Ask, string, error)
	// Of lists the questions about a conversation that were put, or that the
	// ledger of consents refused, the newest first.
	Of(ctx context.Context, id social.ConversationID) ([]Ask, error)
}

// Desk is what is needed of the inbox.
type Desk interface {
	Talks(ctx context.Context, ids []social.ConversationID) ([]engage.Conversation, error)
	Whisper(ctx context.Context, id social.ConversationID, key string, owner social.MemberID, text string) (bool, error)
}

// Persons says who is behind accounts.
type Persons interface {
	Persons(ctx context.Context, ids []social.IdentityID) (map[social.IdentityID]social.PersonID, error)
}

// Consents says whether somebody may be written to for service, and keeps the
// answer under a reference.
type Consents interface {
	MayServe(ctx context.Context, who social.IdentityID, channel social.ChannelID, reference string) (clear bool, why string, err error)
}

// Book asks and takes answers. It is safe for concurrent use.
type Book struct {
	Store    Store
	Desk     Desk
	Persons  Persons
	Consents Consents // nobody is asked who does not want it
	Clock    clock.Clock
	Base     string // our public address; "" when there is none, and then nobody is asked
}

// Door is where the public pages stand.
const Door = "/s/"

// open is for how long an answer is taken, and may be changed.
const open = 30 * 24 * time.Hour

func (b *Book) now() time.Time { return b.Clock.Now().UTC().Truncate(time.Microsecond) }

func asParley(ctx context.Context) context.Context {
	return social.WithScope(social.WithActor(ctx, social.SystemActor()), social.Scope{All: true})
}

// Settings lists what was chosen in the programmes that may be seen.
func (b *Book) Settings(ctx context.Context) ([]Settings, error) {
	all, err := b.Store.AllSettings(ctx)
	scope := social.ScopeOf(ctx)
	var out []Settings
	for _, s := range all {
		if scope.Sees(s.Programme) {
			out = append(out, s)
		}
	}
	return out, err
}

// Keep changes what is chosen for a programme.
func (b *Book) Keep(ctx context.Context, s Settings) (Settings, error) {
	a, err := engage.Member(ctx)
	if err != nil {
		return s, err
	}
	if !social.ScopeOf(ctx).Sees(s.Programme) {
		return s, social.Errorf(social.NotFound, "This programme does not exist, or not for you.")
	}
	s.Words, s.Question = strings.TrimSpace(engage.Clean(s.Words)), strings.Join(strings.Fields(engage.Clean(s.Question)), " ")
	switch {
	case !strings.Contains(s.Words, "{{link}}"):
		return s, engage.Invalid("words", "The message needs {{link}} where the link is to stand.")
	case utf8.RuneCountInString(s.Words) > 1000:
		return s, engage.Invalid("words", "This message is too long; 1,000 characters are the most.")
	case s.Question == "" || utf8.RuneCountInString(s.Question) > 200:
		return s, engage.Invalid("question", "The question needs between 1 and 200 characters.")
	case s.After < 0 || s.After > 14*24*time.Hour:
		return s, engage.Invalid("after_minutes", "Ask between at once and two weeks after resolving.")
	case s.Every < 7*24*time.Hour || s.Every > 730*24*time.Hour:
		return s, engage.Invalid("every_days", "Ask one person at most once in 7 to 730 days.")
	case s.On && b.Base == "":
		return s, engage.Invalid("on", "Parley has no public address (--url), so a link in a message would lead nowhere.")
	}
	s.Owner, s.Changed = a.Member, b.now()
	return s, b.Store.InTx(ctx, func(ctx context.Context) error {
		if err := b.Store.SaveSettings(ctx, s); err != nil {
			return err
		}
		return b.Store.Record(ctx, social.Entry{Verb: "update", Object: "survey", ID: string(s.Programme), Detail: map[string]any{"on": s.On, "every_days": int(s.Every.Hours() / 24)}})
	})
}

func (b *Book) chosen(ctx context.Context) (map[social.ProgrammeID]Settings, error) {
	all, err := b.Store.AllSettings(ctx)
	out := map[social.ProgrammeID]Settings{}
	for _, s := range all {
		if s.On {
			out[s.Programme] = s
		}
	}
	return out, err
}

// Resolved plans to ask about conversations that were resolved. Told again,
// it plans nothing more. It joins the transaction of ctx.
func (b *Book) Resolved(ctx context.Context, rs []social.Resolved) error {
	ctx = asParley(ctx)
	chosen, err := b.chosen(ctx)
	if err != nil || len(chosen) == 0 || b.Base == "" || len(rs) == 0 {
		return err
	}
	at := map[social.ConversationID]time.Time{}
	var ids []social.ConversationID
	for _, r := range rs {
		if at[r.Conversation].IsZero() {
			ids = append(ids, r.Conversation)
		}
		at[r.Conversation] = r.At
	}
	talks, err := b.Desk.Talks(ctx, ids)
	if err != nil {
		return err
	}
	var plan []Ask
	for _, c := range talks {
		s, on := chosen[c.Programme]
		if !on || !fit(c) || s.Changed.After(at[c.ID]) {
			continue
		}
		plan = append(plan, Ask{ID: id.At(b.now()), Conversation: c.ID, Programme: c.Programme, Channel: c.Channel, Identity: c.Identity, Member: c.Assignee,
			State: Planned, Due: at[c.ID].Add(s.After)})
	}
	return b.Store.InTx(ctx, func(ctx context.Context) error { return b.Store.Plan(ctx, plan) })
}

// fit reports whether somebody can be asked about a conversation: they began
// it in private, we answered, and it is done.
func fit(c engage.Conversation) bool {
	return c.State == engage.Resolved && c.Counterpart != "" && c.StartedBy != engage.ByUs && !c.FirstAnswer.IsZero() && c.Parent != "" && !c.Author.Bot
}

// Tick asks what is due by now.
func (b *Book) Tick(ctx context.Context) error {
	ctx = asParley(ctx)
	for ctx.Err() == nil {
		n := 0
		err := b.Store.InTx(ctx, func(ctx context.Context) error {
			due, err := b.Store.Due(ctx, b.now(), 20)
			if n = len(due); err != nil || n == 0 {
				return err
			}
			if err := b.Store.Alone(ctx); err != nil {
				return err
			}
			if due, err = b.Store.Due(ctx, b.now(), 20); err != nil { // as it is now that nobody else asks
				return err
			}
			return b.put(ctx, due)
		})
		if err != nil || n < 20 {
			return err
		}
	}
	return ctx.Err()
}

func (b *Book) put(ctx context.Context, due []Ask) error {
	chosen, err := b.chosen(ctx)
	if err != nil {
		return err
	}
	ids := make([]social.ConversationID, len(due))
	who := make([]social.IdentityID, len(due))
	for i, a := range due {
		ids[i], who[i] = a.Conversation, a.Identity
	}
	talks, err := b.Desk.Talks(ctx, ids)
	if err != nil {
		return err
	}
	now := map[social.ConversationID]engage.Conversation{}
	for _, c := range talks {
		now[c.ID] = c
	}
	persons, err := b.Persons.Persons(ctx, who)
	if err != nil {
		return err
	}
	for _, a := range due {
		a.Person = persons[a.Identity]
		why, err := b.one(ctx, &a, now[a.Conversation], chosen)
		if err != nil {
			return err
		}
		if why != "" {
			a.Why = why
			if a.State != Refused {
				a.State = Dropped
			}
		}
		if err := b.Store.Save(ctx, a); err != nil {
			return err
		}
		if a.State == Put {
			if err := b.Store.Count(ctx, Day{Day: day(a.AskedAt), Programme: a.Programme, Asked: 1}); err != nil {
				return err
			}
		}
	}
	return nil
}

// one asks one question, or says why not.
func (b *Book) one(ctx context.Context, a *Ask, c engage.Conversation, chosen map[social.ProgrammeID]Settings) (string, error) {
	s, on := chosen[c.Programme]
	switch {
	case b.Base == "":
		return "there is no public address any more at which to answer", nil
	case c.ID == "":
		return "the conversation is gone", nil
	case !on:
		return "its programme asks nobody any more", nil
	case !c.GoesAt.IsZero():
		return "the conversation is being deleted", nil
	case !fit(c):
		return "it was opened again", nil
	}
	lately, err := b.Store.AskedSince(ctx, a.Person, a.Identity, b.now().Add(-s.Every))
	if err != nil {
		return "", err
	}
	if lately {
		return "they were asked lately", nil
	}
	clear, verdict, err := b.Consents.MayServe(ctx, a.Identity, c.Channel, "survey/"+a.ID)
	if err != nil {
		return "", err
	}
	if !clear {
		a.State = Refused
		return verdict, nil
	}
	raw := make([]byte, 16)
	if _, err := rand.Read(raw); err != nil {
		return "", err
	}
	key := base64.RawURLEncoding.EncodeToString(raw)
	text := strings.NewReplacer("{{link}}", b.Base+Door+key, "{{name}}", text.FirstName(c.Author.Label())).Replace(s.Words)
	said, err := b.Desk.Whisper(ctx, c.ID, "survey/"+a.ID, s.Owner, text)
	switch social.KindOf(err) {
	case "":
	case social.Busy, social.Fault, social.Unknown:
		return "", err
	default:
		return err.Error(), nil
	}
	if !said {
		return "nobody is there to read it in private", nil
	}
	a.State, a.AskedAt, a.KeyHash, a.Programme, a.Why = Put, b.now(), hash(key), c.Programme, verdict
	return "", nil
}

func hash(key string) string {
	h := sha256.Sum256([]byte(key))
	return hex.EncodeToString(h[:])
}

func day(t time.Time) time.Time { return t.UTC().Truncate(24 * time.Hour) }

// errNone does not say whether there ever was such a link.
var errNone = social.Errorf(social.NotFound, "This link is over, or never was.")

// AtDoor reads the question of a link, with its words.
func (b *Book) AtDoor(ctx context.Context, key string) (Ask, Settings, error) {
	ctx = asParley(ctx)
	var a Ask
	err := b.Store.InTx(ctx, func(ctx context.Context) (err error) {
		a, err = b.Store.ByKey(ctx, hash(key))
		return err
	})
	if err != nil || b.now().Sub(a.AskedAt) > open {
		return Ask{}, Settings{}, errNone
	}
	all, err := b.Store.AllSettings(ctx)
	s := Usual(a.Programme)
	for _, x := range all {
		if x.Programme == a.Programme {
			s = x
		}
	}
	return a, s, err
}

// Answer takes a score of 1 to 5 and words, and again if they change their mind.
func (b *Book) Answer(ctx context.Context, key string, score int, comment string) (Ask, error) {
	comment = strings.TrimSpace(engage.Clean(comment))
	switch {
	case score < 1 || score > 5:
		return Ask{}, engage.Invalid("score", "Choose one of the five.")
	case utf8.RuneCountInString(comment) > 2000:
		return Ask{}, engage.Invalid("comment", "This is longer than 2,000 characters; please shorten it.")
	}
	ctx = asParley(ctx)
	var a Ask
	return a, b.Store.InTx(ctx, func(ctx context.Context) (err error) {
		if a, err = b.Store.ByKey(ctx, hash(key)); err != nil || b.now().Sub(a.AskedAt) > open {
			return errNone
		}
		d := Day{Day: day(a.AskedAt), Programme: a.Programme}
		if a.State == Answered {
			d.Scores[a.Score-1]--
		}
		d.Scores[score-1]++
		a.State, a.Score, a.Comment, a.AnsweredAt = Answered, score, comment, b.now()
		if err := b.Store.Save(ctx, a); err != nil {
			return err
		}
		if err := b.Store.Count(ctx, d); err != nil {
			return err
		}
		return b.Store.Tell(ctx, social.Changed{Conversations: []social.ConversationID{a.Conversation}})
	})
}
