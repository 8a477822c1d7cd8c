// Package selfservice lets customers see what we hold of their account, say
// what they agree to, and ask for a copy or to be forgotten, without a
// password: they prove who they are by a link that is sent to the account.
//
// Whoever asks for a link is told the same whether or not we know the account,
// and an account is sent one link in ten minutes at most.
package selfservice

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/kit/secret"
	"github.com/parley-crm/parley/people/consent"
	"github.com/parley-crm/parley/people/deal"
	"github.com/parley-crm/parley/people/mend"
	"github.com/parley-crm/parley/people/privacy"
	"github.com/parley-crm/parley/social"
)

// Door is where the public pages stand.
const Door = "/me/"

// Settings say whether customers may help themselves.
type Settings struct {
	On    bool            `json:"on"`
	Owner social.MemberID `json:"owner"` // in whose name links are sent, and who is told
}

// Store is what is needed of the database.
type Store interface {
	Setting(ctx context.Context, name string, v any) (bool, error)
	SetSetting(ctx context.Context, name string, v any) error
	InTx(ctx context.Context, f func(ctx context.Context) error) error
	Record(ctx context.Context, e social.Entry) error
	// Called lists the accounts of an address, a number or a handle, a few at most.
	Called(ctx context.Context, folded string) ([]social.IdentityID, error)
	// Account reads an account and whose it is.
	Account(ctx context.Context, id social.IdentityID) (social.Author, social.PersonID, error)
}

// Desk sends a link to an account where we talk with it in private; it reports
// false where we do not.
type Desk interface {
	Write(ctx context.Context, to social.IdentityID, key string, owner social.MemberID, text string) (bool, error)
}

// Herald tells colleagues.
type Herald interface {
	Notify(ctx context.Context, n social.Notice) error
}

// Service is all that customers can do for themselves. Fill in the fields.
type Service struct {
	Store  Store
	Desk   Desk
	Keeper *privacy.Keeper
	Ledger *consent.Ledger
	Mends  *mend.Desk
	Herald Herald
	Box    *secret.Box
	Clock  clock.Clock
	Log    *slog.Logger
	Base   string // our public address; "" when there is none, and then nobody is sent a link

	knocks sync.WaitGroup

	mu   sync.Mutex
	sent map[social.IdentityID]time.Time
}

const (
	setting = "self_service"
	lasts   = time.Hour        // of a link
	pause   = 10 * time.Minute // between two links to one account
)

func (s *Service) now() time.Time { return s.Clock.Now().UTC().Truncate(time.Microsecond) }

func asParley(ctx context.Context) context.Context {
	return social.WithScope(social.WithActor(ctx, social.SystemActor()), social.Scope{All: true})
}

// Settings reads what was chosen.
func (s *Service) Settings(ctx context.Context) (out Settings, err error) {
	_, err = s.Store.Setting(ctx, setting, &out)
	return out, err
}

// Keep changes what is chosen; links are sent in the actor's name from then on.
func (s *Service) Keep(ctx context.Context, on bool) (Settings, error) {
	a, _ := social.ActorOf(ctx)
	switch {
	case a.Member == "":
		return Settings{}, social.Errorf(social.Forbidden, "Only a member can do this: sign in, or use a token that acts for a member.")
	case on && s.Base == "":
		return Settings{}, &social.Error{Kind: social.Invalid, Field: "on", Text: "Parley has no public address (--url), so a link in a message would lead nowhere."}
	}
	out := Settings{On: on, Owner: a.Member}
	return out, s.Store.InTx(ctx, func(ctx context.Context) error {
		if err := s.Store.SetSetting(ctx, setting, out); err != nil {
			return err
		}
		return s.Store.Record(ctx, social.Entry{Verb: "update", Object: "self_service", Detail: map[string]any{"on": on}})
	})
}

// Open reports whether customers may help themselves.
func (s *Service) Open(ctx context.Context) bool {
	x, err := s.Settings(asParley(ctx))
	return err == nil && x.On && s.Base != ""
}

type proof struct {
	Account social.IdentityID `json:"a"`
	Until   time.Time         `json:"u"`
}

const place = "self_service/link"

func (s *Service) link(who social.IdentityID) string {
	plain, _ := json.Marshal(proof{who, s.now().Add(lasts)}) // plain structs always marshal
	return s.Base + Door + base64.RawURLEncoding.EncodeToString([]byte(s.Box.Seal(place, plain)))
}

// errNone does not say whether there ever was such a link.
var errNone = social.Errorf(social.NotFound, "This link is over, or never was.")

// Whose is the account that a key proves.
func (s *Service) Whose(ctx context.Context, key string) (social.IdentityID, error) {
	sealed, err := base64.RawURLEncoding.DecodeString(key)
	if err != nil || !s.Open(ctx) {
		return "", errNone
	}
	plain, err := s.Box.Unseal(place, string(sealed))
	var p proof
	if err != nil || json.Unmarshal(plain, &p) != nil || s.now().After(p.Until) {
		return "", errNone
	}
	return p.Account, nil
}

// KnockLater is Knock behind the answer, so that how long that takes does not
// tell either whether we know somebody.
func (s *Service) KnockLater(ctx context.Context, name, lang string) {
	ctx = context.WithoutCancel(ctx)
	s.knocks.Go(func() { s.Knock(ctx, name, lang) })
}

// Wait returns when no link is on its way any more.
func (s *Service) Wait() { s.knocks.Wait() }

// Knock sends a link to each account that an address, a number or a handle
// names, with words in a language. What comes of it is told to nobody.
func (s *Service) Knock(ctx context.Context, name, lang string) {
	ctx = asParley(ctx)
	x, err := s.Settings(ctx)
	name = strings.TrimPrefix(strings.TrimSpace(name), "@")
	if err != nil || !x.On || s.Base == "" || name == "" || len(name) > 320 {
		return
	}
	ids, err := s.Store.Called(ctx, social.Author{Value: dialled(name)}.Folded())
	for _, id := range ids {
		if !s.may(id) {
			continue
		}
		text := "You asked to see what we hold about you. This link is yours alone and works for one hour: " + s.link(id) + "\nIf it was not you, do nothing."
		if lang == "de" {
			text = "Sie möchten sehen, was wir über Sie gespeichert haben. Dieser Link gehört nur Ihnen und gilt eine Stunde: " + s.link(id) + "?lang=de\nWenn Sie das nicht waren, müssen Sie nichts tun."
		}
		if _, err = s.Desk.Write(ctx, id, "me/"+string(id)+"/"+s.now().Format(time.RFC3339), x.Owner, text); err != nil {
			break
		}
	}
	if err != nil && s.Log != nil {
		s.Log.Warn("a link to what we hold about somebody was not sent", "error", err)
	}
}

// dialled is a telephone number as it is kept, whatever stands between its
// figures; everything else stays as it is.
func dialled(name string) string {
	if strings.Trim(name, "+0123456789 -()/.") != "" {
		return name
	}
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("+0123456789", r) {
			return r
		}
		return -1
	}, name)
}

// may holds an account to one link in ten minutes.
func (s *Service) may(id social.IdentityID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	if s.sent == nil || len(s.sent) > 10_000 {
		s.sent = map[social.IdentityID]time.Time{}
	}
	if now.Sub(s.sent[id]) < pause {
		return false
	}
	s.sent[id] = now
	return true
}

// Held is one sort of thing that we hold.
type Held struct {
	Room, Name string
	Rows       []map[string]any
}

// Purpose is one thing to which somebody can agree.
type Purpose struct {
	Text  consent.Text
	State string // "" when they said nothing
}

// View is what somebody sees of themselves.
type View struct {
	Author   social.Author
	Held     []Held
	Purposes []Purpose
	Requests []privacy.Request
	Items    []mend.Item                    // what they may correct
	Mends    []mend.Shown                   // and what they proposed
	Stands   map[deal.FieldID]mend.Standing // and what stands there, as far as they may see it
}

// View gathers what we hold of one account. What hangs on other accounts of
// the same person is not shown: those were not proven.
func (s *Service) View(ctx context.Context, who social.IdentityID) (View, error) {
	ctx = asParley(ctx)
	author, person, err := s.Store.Account(ctx, who)
	if err != nil {
		return View{}, err
	}
	v := View{Author: author}
	rooms, err := s.Keeper.Gather(ctx, social.Subject{Persons: []social.PersonID{""}, Accounts: []social.Account{{Author: author}}, At: s.now()})
	if err != nil {
		return v, err
	}
	for room, portions := range rooms {
		for _, p := range portions {
			// What colleagues noted among themselves is looked at before it is given: a copy has it.
			rows := slices.DeleteFunc(slices.Clone(p.Rows), func(r map[string]any) bool { return r["kind"] == "note" })
			if len(rows) > 0 {
				v.Held = append(v.Held, Held{Room: room, Name: p.Name, Rows: rows})
			}
		}
	}
	slices.SortFunc(v.Held, func(a, b Held) int { return strings.Compare(a.Room+a.Name, b.Room+b.Name) })
	texts, err := s.Ledger.Store.Texts(ctx)
	if err != nil {
		return v, err
	}
	lines, err := s.Ledger.Store.Now(ctx, []social.IdentityID{who})
	if err != nil {
		return v, err
	}
	for _, t := range texts {
		if slices.ContainsFunc(v.Purposes, func(p Purpose) bool { return p.Text.Purpose == t.Purpose }) {
			continue
		}
		p := Purpose{Text: t}
		for _, l := range lines {
			if l.Purpose == t.Purpose {
				p.State = l.State
			}
		}
		v.Purposes = append(v.Purposes, p)
	}
	same, err := s.Keeper.Store.Same(ctx, person)
	if err != nil {
		return v, err
	}
	if v.Requests, _, err = s.Keeper.Store.Requests(ctx, privacy.Query{Person: same, Limit: 20}); err != nil {
		return v, err
	}
	if v.Items, err = s.Mends.Items(ctx); err != nil {
		return v, err
	}
	if v.Mends, err = s.Mends.Of(ctx, who); err != nil {
		return v, err
	}
	v.Stands, err = s.Mends.Stands(ctx, who)
	return v, err
}

// Agree writes down that somebody agrees to a purpose, or does not.
func (s *Service) Agree(ctx context.Context, who social.IdentityID, purpose string, yes bool) error {
	ctx = asParley(ctx)
	_, person, err := s.Store.Account(ctx, who)
	if err != nil {
		return err
	}
	t, err := s.Ledger.Store.Text(ctx, purpose, "")
	if err != nil {
		return err
	}
	state := consent.Withdrawn
	if yes {
		state = consent.Granted
	}
	_, err = s.Ledger.Write(ctx, person, consent.Line{Identity: who, Purpose: purpose, State: state, Text: t.ID, Source: consent.ByPage,
		Evidence: "Pressed on the page about themselves, by a link that was sent to the account.", At: s.now()})
	return err
}

// Ask writes down that somebody wants a copy, or to be forgotten. A colleague
// carries it out.
func (s *Service) Ask(ctx context.Context, who social.IdentityID, kind string) error {
	ctx = asParley(ctx)
	_, person, err := s.Store.Account(ctx, who)
	if err != nil {
		return err
	}
	_, err = s.Keeper.Ask(ctx, privacy.Request{Person: person, Kind: kind, AskedBy: "customer", How: "On the page about themselves, by a link that was sent to their account."})
	return err
}

// Propose keeps what somebody says is right about them, until a colleague
// accepts it.
func (s *Service) Propose(ctx context.Context, who social.IdentityID, values map[deal.FieldID]string) error {
	ctx = asParley(ctx)
	x, err := s.Settings(ctx)
	if err != nil {
		return err
	}
	return s.Mends.Propose(ctx, who, x.Owner, values)
}

// Correct tells a colleague what somebody says is wrong.
func (s *Service) Correct(ctx context.Context, who social.IdentityID, words string) error {
	ctx = asParley(ctx)
	words = strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(words, "\x00", ""), ""))
	if words == "" || utf8.RuneCountInString(words) > 1000 {
		return &social.Error{Kind: social.Invalid, Field: "words", Text: "Say in 1 to 1,000 characters what is wrong."}
	}
	author, person, err := s.Store.Account(ctx, who)
	if err != nil {
		return err
	}
	x, err := s.Settings(ctx)
	if err != nil {
		return err
	}
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		return s.Herald.Notify(ctx, social.Notice{Key: "correct/" + string(who) + "/" + s.now().Format(time.RFC3339Nano), Kind: "due", Members: []social.MemberID{x.Owner},
			Link: "/people/" + string(person), Text: author.Label() + " says that we have something wrong about them: " + words})
	})
}
