// Package letter mails alerts to those members who want that.
//
// It promises: whoever may not see an alert is not told of it; of one alert
// somebody gets one mail at most, through deaths of the process and servers
// that do not say whether they took it; alerts that come close together go as
// one mail, and in a storm there is one in an hour; an alert that is over or
// looked after before the mail leaves is told to nobody.
package letter

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/listen/warn"
	"github.com/parley-crm/parley/social"
)

// State is what became of a letter.
type State string

// The states. Sending is that of a letter which was being handed over: when
// nobody can tell how that ended, it is Unknown and never tried again.
const (
	Waiting State = "waiting"
	Sending State = "sending"
	Sent    State = "sent"
	Unknown State = "unknown"
	Failed  State = "failed"
	Over    State = "over"
)

// Letter is that a member is told of an alert.
type Letter struct {
	Alert  social.AlertID
	Member social.MemberID
	State  State
	Due    time.Time
	Tries  int
	At     time.Time
	Note   string
}

// Store keeps letters. Changes happen in the transaction of ctx.
type Store interface {
	InTx(ctx context.Context, f func(ctx context.Context) error) error
	Record(ctx context.Context, e social.Entry) error
	Alert(ctx context.Context, id social.AlertID) (warn.Alert, error)
	AddStep(ctx context.Context, s warn.Step) error

	// Wishing says which of these members want letters.
	Wishing(ctx context.Context, ids []social.MemberID) ([]social.MemberID, error)
	SetWish(ctx context.Context, m social.MemberID, on bool, at time.Time) error
	// AddLetters lets members be told of an alert; who was before is not again.
	AddLetters(ctx context.Context, ls []Letter) error
	// DueLetters lists those that wait and are due, by member.
	DueLetters(ctx context.Context, now time.Time, limit int) ([]Letter, error)
	// WaitingOf lists all that wait for a member, due or not.
	WaitingOf(ctx context.Context, m social.MemberID) ([]Letter, error)
	// Went says when mails went to a member since, the newest first.
	Went(ctx context.Context, m social.MemberID, since time.Time) ([]time.Time, error)
	// MoveLetter writes what became of one, if it still is in a state; false when it is not.
	MoveLetter(ctx context.Context, l Letter, from State) (bool, error)
	// EndLetters ends those of an alert that wait.
	EndLetters(ctx context.Context, id social.AlertID, at time.Time) error
	// Strand makes what was being handed over long ago unknown.
	Strand(ctx context.Context, before time.Time) error
	ForgetLetters(ctx context.Context, before time.Time) error
}

// Reader is somebody who is told.
type Reader struct {
	Name  string
	Email string
}

// House is what letters need of those around.
type House interface {
	// AtDesk lists who looks after a programme.
	AtDesk(ctx context.Context, p social.ProgrammeID) ([]social.MemberRef, error)
	// Reader is where a member gets mail; kind NotFound when they may not sign in.
	Reader(ctx context.Context, m social.MemberID) (Reader, error)
	// Subject is what an alert is about, in a word.
	Subject(ctx context.Context, s warn.Subject) string
}

// Post carries mail.
type Post interface {
	// Through is the channel by which mail goes, ok false when there is none.
	Through(ctx context.Context) (name string, ok bool)
	// Mail sends one. An error of kind Unknown means that nobody can tell
	// whether it went.
	Mail(ctx context.Context, key string, to Reader, title, text string) error
}

// Box writes letters. Fill in the fields; it is safe for concurrent use.
type Box struct {
	Store Store
	House House
	Post  Post
	Clock clock.Clock
	Log   *slog.Logger
	Base  string // where Parley is reached
}

const (
	gather = 30 * time.Second // alerts that come close together go as one
	apart  = 15 * time.Minute // between two mails to somebody
	storm  = 4                // mails in two hours; then
	calm   = time.Hour        // is between two
	young  = 15 * time.Minute // an alert that is older is no news
	most   = 5                // tries
	keep   = 90 * 24 * time.Hour
	named  = 20 // alerts in one mail
)

func (b *Box) now() time.Time { return b.Clock.Now().UTC().Truncate(time.Microsecond) }

// Mine says whether the actor wants letters.
func (b *Box) Mine(ctx context.Context) (bool, Reader, error) {
	a, _ := social.ActorOf(ctx)
	if a.Member == "" {
		return false, Reader{}, social.Errorf(social.Forbidden, "Only a member can do this: sign in, or use a token that acts for a member.")
	}
	to, err := b.House.Reader(ctx, a.Member)
	if err != nil {
		return false, to, err
	}
	on, err := b.Store.Wishing(ctx, []social.MemberID{a.Member})
	return len(on) > 0, to, err
}

// Want sets whether the actor wants letters.
func (b *Box) Want(ctx context.Context, on bool) error {
	was, _, err := b.Mine(ctx)
	if err != nil || was == on {
		return err
	}
	if _, ok := b.Post.Through(ctx); on && !ok {
		return social.Errorf(social.Conflict, "No mailbox is connected through which mail could be sent. An administrator connects one under Settings, Channels.")
	}
	a, _ := social.ActorOf(ctx)
	return b.Store.InTx(ctx, func(ctx context.Context) error {
		if err := b.Store.SetWish(ctx, a.Member, on, b.now()); err != nil {
			return err
		}
		return b.Store.Record(ctx, social.Entry{Verb: "mail_alerts", Object: "member", ID: string(a.Member), Detail: map[string]any{"on": on}})
	})
}

// Hear takes in what became of alerts: of a new one those are told who look
// after its programme and want that; one that is no longer open is told to
// nobody any more. Told again, it changes nothing.
func (b *Box) Hear(ctx context.Context, facts []social.Alerted) error {
	for _, f := range facts {
		if f.State != string(warn.Open) {
			if err := b.Store.EndLetters(ctx, f.Alert, b.now()); err != nil {
				return err
			}
			continue
		}
		a, err := b.Store.Alert(ctx, f.Alert)
		if social.NotFound.Is(err) {
			continue
		}
		if err != nil {
			return err
		}
		now := b.now()
		if a.State != warn.Open || now.Sub(a.Raised) > young {
			continue
		}
		to, err := b.wishing(ctx, f.Programme)
		if err != nil {
			return err
		}
		ls := make([]Letter, len(to))
		for i, m := range to {
			ls[i] = Letter{Alert: f.Alert, Member: m, State: Waiting, Due: now.Add(gather), At: now}
		}
		if err := b.Store.AddLetters(ctx, ls); err != nil {
			return err
		}
	}
	return nil
}

func (b *Box) wishing(ctx context.Context, p social.ProgrammeID) ([]social.MemberID, error) {
	at, err := b.House.AtDesk(ctx, p)
	if err != nil || len(at) == 0 {
		return nil, err
	}
	ids := make([]social.MemberID, len(at))
	for i, m := range at {
		ids[i] = m.ID
	}
	return b.Store.Wishing(ctx, ids)
}

// gap is how long after the last mail the next may go.
func gap(went []time.Time) time.Duration {
	if len(went) >= storm {
		return calm
	}
	return apart
}

// Send sends what is due. Call it every few seconds, one at a time.
func (b *Box) Send(ctx context.Context) error {
	now := b.now()
	err := b.Store.InTx(ctx, func(ctx context.Context) error {
		if err := b.Store.Strand(ctx, now.Add(-10*time.Minute)); err != nil {
			return err
		}
		return b.Store.ForgetLetters(ctx, now.Add(-keep))
	})
	if err != nil {
		return err
	}
	due, err := b.Store.DueLetters(ctx, now, 500)
	if err != nil || len(due) == 0 {
		return err
	}
	if _, ok := b.Post.Through(ctx); !ok {
		return nil // they wait until there is one, or until they are over
	}
	for i, l := range due {
		if i > 0 && due[i-1].Member == l.Member {
			continue
		}
		if err := b.one(ctx, l.Member); err != nil {
			return err
		}
	}
	return nil
}

// one sends a member all that waits for them, in one mail.
func (b *Box) one(ctx context.Context, m social.MemberID) error {
	now := b.now()
	var take []Letter
	var alerts []warn.Alert
	var to Reader
	err := b.Store.InTx(ctx, func(ctx context.Context) error {
		wait, err := b.Store.WaitingOf(ctx, m)
		if err != nil {
			return err
		}
		went, err := b.Store.Went(ctx, m, now.Add(-2*time.Hour))
		if err != nil {
			return err
		}
		if len(went) > 0 && now.Before(went[0].Add(gap(went))) {
			return b.put(ctx, wait, went[0].Add(gap(went)))
		}
		to, err = b.House.Reader(ctx, m)
		gone := social.NotFound.Is(err)
		if err != nil && !gone {
			return err
		}
		for _, l := range wait {
			a, stands, err := b.stands(ctx, l, now)
			if err != nil {
				return err
			}
			l.At = now
			if l.State = Sending; !stands || gone {
				l.State = Over
			}
			moved, err := b.Store.MoveLetter(ctx, l, Waiting)
			if err != nil {
				return err
			}
			if moved && l.State == Sending {
				take, alerts = append(take, l), append(alerts, a)
			}
		}
		return nil
	})
	if err != nil || len(take) == 0 {
		return err
	}
	title, text := b.words(ctx, to, alerts)
	sent := b.Post.Mail(ctx, "letter/"+string(m)+"/"+string(take[0].Alert), to, title, text)
	if sent != nil {
		b.Log.Warn("a mail of alerts did not go", "member", m, "error", sent)
	}
	return b.Store.InTx(context.WithoutCancel(ctx), func(ctx context.Context) error { return b.settle(ctx, take, to, sent) })
}

// put lets letters wait until a time.
func (b *Box) put(ctx context.Context, ls []Letter, due time.Time) error {
	for _, l := range ls {
		l.Due = due
		if _, err := b.Store.MoveLetter(ctx, l, Waiting); err != nil {
			return err
		}
	}
	return nil
}

// stands reports whether somebody is still to be told: the alert is open, and
// they still look after its programme and want it.
func (b *Box) stands(ctx context.Context, l Letter, now time.Time) (warn.Alert, bool, error) {
	a, err := b.Store.Alert(ctx, l.Alert)
	if social.NotFound.Is(err) || err == nil && (a.State != warn.Open || a.Over(now)) {
		return a, false, nil
	}
	if err != nil {
		return a, false, err
	}
	to, err := b.wishing(ctx, a.Subject.Programme)
	return a, slices.Contains(to, l.Member), err
}

// settle writes what became of a mail.
func (b *Box) settle(ctx context.Context, ls []Letter, to Reader, sent error) error {
	now := b.now()
	for _, l := range ls {
		l.At, l.Tries = now, l.Tries+1
		switch kind := social.KindOf(sent); {
		case sent == nil:
			l.State = Sent
		case kind == social.Unknown:
			l.State, l.Note = Unknown, "The mail server did not say whether it took the mail."
		case l.Tries >= most || kind == social.Invalid || kind == social.NotFound || kind == social.Forbidden:
			l.State, l.Note = Failed, said(sent)
		default:
			l.State, l.Due = Waiting, now.Add(time.Duration(1<<l.Tries)*time.Minute)
		}
		if _, err := b.Store.MoveLetter(ctx, l, Sending); err != nil {
			return err
		}
		if l.State == Sent {
			err := b.Store.AddStep(ctx, warn.Step{Alert: l.Alert, At: now, Verb: "told", Detail: warn.Detail{Told: []social.MemberRef{{ID: l.Member, Name: to.Name}}, By: "mail"}})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// said is what may be shown of an error.
func said(err error) string {
	var e *social.Error
	if errors.As(err, &e) {
		return e.Text
	}
	return ""
}

// words are the subject and the text of a mail.
func (b *Box) words(ctx context.Context, to Reader, alerts []warn.Alert) (title, text string) {
	slices.SortFunc(alerts, func(x, y warn.Alert) int { return cmp.Compare(y.Score, x.Score) })
	names := make([]string, len(alerts))
	for i, a := range alerts {
		names[i] = line(b.House.Subject(ctx, a.Subject))
	}
	title = "Alert: " + names[0]
	if n := len(alerts); n > 1 {
		title = fmt.Sprintf("%d alerts: %s", n, strings.Join(names[:min(n, 3)], ", "))
		if n > 3 {
			title += " …"
		}
	}
	var t strings.Builder
	fmt.Fprintf(&t, "Hello %s,\n\n", line(to.Name))
	if len(alerts) > 1 {
		t.WriteString("These alerts came close together:\n\n")
	}
	for i, a := range alerts[:min(len(alerts), named)] {
		fmt.Fprintf(&t, "%s\n%s\n%s/listen/alerts/%s\n\n", names[i], line(a.Reason()), b.Base, a.ID)
	}
	if more := len(alerts) - named; more > 0 {
		fmt.Fprintf(&t, "And %d more: %s/listen/alerts\n\n", more, b.Base)
	}
	fmt.Fprintf(&t, "You get this because you asked for it. To get it no longer: %s/settings/profile\n", b.Base)
	return title, t.String()
}

// line is a text without line ends, bounded: what customers said stands in it.
func line(s string) string {
	s = strings.Join(strings.Fields(strings.ToValidUTF8(s, "")), " ")
	if r := []rune(s); len(r) > 400 {
		s = string(r[:399]) + "…"
	}
	return s
}
