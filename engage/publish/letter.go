package publish

import (
	"bytes"
	"context"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/parley-crm/parley/social"
)

// Letters tell guests of events by mail what becomes of them. What is promised
// of them: each is meant in the transaction of what it tells of, once per guest
// and change; it is handed over at most once, through deaths of the process
// and servers that do not say whether they took it; what is no longer true
// when it would leave does not; nobody is written to who asked for no more.

// LetterKind is what a guest is told.
type LetterKind string

// The kinds.
const (
	Confirms LetterKind = "confirm"  // your answer arrived
	Admits   LetterKind = "place"    // a place became free
	Moves    LetterKind = "moved"    // another time or place
	CallsOff LetterKind = "off"      // called off
	CallsOn  LetterKind = "on"       // it takes place after all
	Reminds  LetterKind = "reminder" // it is soon
)

// LetterKinds are all, in the order in which they come about.
var LetterKinds = []LetterKind{Confirms, Admits, Moves, CallsOff, CallsOn, Reminds}

// LetterState is what became of a letter.
type LetterState string

// The states. Sending is that of a letter which was being handed over: when
// nobody can tell how that ended, it is unknown and never tried again.
const (
	LetterWaits    LetterState = "waiting"
	LetterGoes     LetterState = "sending"
	LetterWent     LetterState = "sent"
	LetterUnknown  LetterState = "unknown"
	LetterFailed   LetterState = "failed"
	LetterUnwanted LetterState = "unwanted" // the ledger of consents said no
	LetterOver     LetterState = "over"     // it was not true any more
)

// Letter is that a guest is told something.
type Letter struct {
	Guest   GuestID
	Kind    LetterKind
	Version int64 // of what it tells: once per guest, kind and version
	Event   EventID
	State   LetterState
	Due     time.Time
	Tries   int
	At      time.Time
	Note    string
	Key     string // hash of the word of the link in it; kept once set
}

// Letters keeps letters. Changes happen in the transaction of ctx.
type Letters interface {
	// Tells means a letter for a guest; one that is there stays as it is.
	Tells(ctx context.Context, l Letter) error
	// TellsAll means l for all guests of its event who did not say no. Moves
	// takes the place of such as wait; CallsOn is for those alone who were told
	// that it is called off, and not since that it takes place after all.
	TellsAll(ctx context.Context, l Letter) error
	// Remindable lists events that begin between two times, whose guests are
	// to be reminded and were not for this beginning.
	Remindable(ctx context.Context, from, to time.Time) ([]Event, error)
	// RemindAll means reminders for those who come, and answered before since,
	// and were not told since then that it moved.
	RemindAll(ctx context.Context, l Letter, since time.Time) error
	DueLetters(ctx context.Context, now time.Time, limit int) ([]Letter, error)
	// MoveLetter writes what became of one if it is still in a state, false when it is not.
	MoveLetter(ctx context.Context, l Letter, from LetterState) (bool, error)
	// StrandLetters makes what was being handed over long ago unknown.
	StrandLetters(ctx context.Context, before, now time.Time) error
	// LettersOf lists what guests were told, the newest first.
	LettersOf(ctx context.Context, ids []GuestID) (map[GuestID][]Letter, error)
}

// Mailbox is one through which guests are written to.
type Mailbox struct {
	ID   social.ChannelID
	Name string
}

// Mail carries letters to guests.
type Mail interface {
	// Through is the mailbox for events of a programme, ok false when there is none.
	Through(ctx context.Context, p social.ProgrammeID) (m Mailbox, ok bool)
	// MayServe asks the ledger of consents whether somebody may be written to
	// for service, and keeps the answer under a reference.
	MayServe(ctx context.Context, who social.IdentityID, c social.ChannelID, reference string) (may bool, why string, err error)
	// Write sends one. An error of kind Unknown means that nobody can tell
	// whether it went.
	Write(ctx context.Context, r social.Reply) error
}

const (
	second     = time.Minute    // in which a change can be changed back before guests hear of it
	remindedIn = 24 * time.Hour // before the beginning
	lettersRun = 50             // at most, in one round
	letterMost = 5              // tries
)

// Writes is the mailbox through which guests of an event are written to; ok
// false when nobody writes to them.
func (p *Press) Writes(ctx context.Context, e Event) (Mailbox, bool) {
	if p.Mail == nil || p.Base == "" { // a link would lead nowhere
		return Mailbox{}, false
	}
	return p.Mail.Through(ctx, e.Programme)
}

// tell means a letter for a guest, where there is a mailbox.
func (p *Press) tell(ctx context.Context, e Event, g Guest, k LetterKind, version int64) error {
	if _, ok := p.Writes(ctx, e); !ok || g.Key == string(g.ID) { // whose address was taken away has no link either
		return nil
	}
	now := p.now()
	return p.Store.Tells(ctx, Letter{Guest: g.ID, Kind: k, Version: version, Event: e.ID, State: LetterWaits, Due: now, At: now})
}

// tellOf means letters of what changed of an event.
func (p *Press) tellOf(ctx context.Context, was, is Event) error {
	now := p.now()
	l := Letter{Event: is.ID, Version: is.Version, State: LetterWaits, Due: now.Add(second), At: now}
	switch {
	case is.Standing == Cancelled && was.Standing != Cancelled:
		l.Kind = CallsOff
	case is.Standing != Cancelled && was.Standing == Cancelled:
		l.Kind = CallsOn
	case is.Standing != Cancelled && (!is.Start.Equal(was.Start) || !is.End.Equal(was.End) || is.Zone != was.Zone || is.Place != was.Place || is.Link != was.Link):
		l.Kind = Moves
	default:
		return nil
	}
	if _, ok := p.Writes(ctx, is); !ok || !is.End.After(now) {
		return nil
	}
	return p.Store.TellsAll(ctx, l)
}

// WriteToGuests means reminders that are due and sends letters that wait. Call
// it every few seconds; several processes may.
func (p *Press) WriteToGuests(ctx context.Context) error {
	if p.Mail == nil || p.Base == "" {
		return nil
	}
	ctx = asParley(ctx)
	now := p.now()
	err := p.Store.InTx(ctx, func(ctx context.Context) error {
		if err := p.Store.StrandLetters(ctx, now.Add(-10*time.Minute), now); err != nil {
			return err
		}
		return p.remind(ctx, now)
	})
	if err != nil {
		return err
	}
	due, err := p.Store.DueLetters(ctx, now, lettersRun)
	if err != nil {
		return err
	}
	for _, l := range due {
		if err := p.letter(ctx, l); err != nil {
			return err
		}
	}
	return nil
}

func (p *Press) remind(ctx context.Context, now time.Time) error {
	soon, err := p.Store.Remindable(ctx, now, now.Add(remindedIn))
	if err != nil {
		return err
	}
	for _, e := range soon {
		if _, ok := p.Writes(ctx, e); !ok {
			continue
		}
		l := Letter{Event: e.ID, Kind: Reminds, Version: e.Start.UnixMicro(), State: LetterWaits, Due: now, At: now}
		if err := p.Store.RemindAll(ctx, l, e.Start.Add(-remindedIn)); err != nil {
			return err
		}
	}
	return nil
}

// letter sends one, or says what else became of it.
func (p *Press) letter(ctx context.Context, l Letter) error {
	now := p.now()
	end := func(s LetterState, note string) error {
		l.State, l.At, l.Note = s, now, note
		return p.Store.InTx(ctx, func(ctx context.Context) error {
			_, err := p.Store.MoveLetter(ctx, l, LetterWaits)
			return err
		})
	}
	e, err := p.Store.Event(ctx, l.Event)
	if social.NotFound.Is(err) {
		return end(LetterOver, "")
	}
	if err != nil {
		return err
	}
	g, err := p.Store.GuestByID(ctx, l.Event, l.Guest)
	if social.NotFound.Is(err) || err == nil && !l.stands(e, g, now) {
		return end(LetterOver, "")
	}
	if err != nil {
		return err
	}
	box, ok := p.Writes(ctx, e)
	if !ok { // it waits until there is one, and lets others go first
		l.Due = now.Add(time.Minute)
		return end(LetterWaits, "No mailbox is connected, or the one that is has a problem.")
	}
	to := social.Author{Scheme: "mailto", Value: g.Email}
	reference := "guest/" + string(g.ID) + "/" + string(l.Kind) + "/" + strconv.FormatInt(l.Version, 10)
	may, why, err := p.Mail.MayServe(ctx, to.ID(), box.ID, reference)
	if err != nil {
		return err
	}
	if !may {
		return end(LetterUnwanted, why)
	}
	key := secretWord(24)
	l.State, l.At, l.Key, l.Note = LetterGoes, now, keyed(key), ""
	l.Tries++
	mine := false
	err = p.Store.InTx(ctx, func(ctx context.Context) (err error) {
		mine, err = p.Store.MoveLetter(ctx, l, LetterWaits)
		return err
	})
	if err != nil || !mine {
		return err
	}
	title, text := Wording(l.Kind, e, g, p.page(e)+"/"+key)
	r := social.Reply{Key: reference, Channel: box.ID, To: to, Title: title, Text: text, Lang: "en", Visibility: social.Direct, Attempted: now}
	if g.Coming != No {
		r.Media = []social.Media{calendarFile(Calendar(e, p.page(e), now))}
	}
	sent := p.Mail.Write(ctx, r)
	if sent != nil {
		p.log().Warn("a letter to a guest did not go", "guest", g.ID, "kind", l.Kind, "error", social.KindOf(sent)) // never the address
	}
	l.settle(sent, p.now())
	return p.Store.InTx(context.WithoutCancel(ctx), func(ctx context.Context) error {
		_, err := p.Store.MoveLetter(ctx, l, LetterGoes)
		return err
	})
}

// settle is what became of a letter that was handed over.
func (l *Letter) settle(sent error, now time.Time) {
	l.At = now
	switch kind := social.KindOf(sent); {
	case sent == nil:
		l.State = LetterWent
	case kind == social.Unknown:
		l.State, l.Note = LetterUnknown, "The mail server did not say whether it took the mail."
	case l.Tries >= letterMost || kind == social.Invalid || kind == social.NotFound || kind == social.Forbidden:
		l.State, l.Note = LetterFailed, said(sent, "The mail did not go.")
	default:
		l.State, l.Note, l.Due = LetterWaits, said(sent, "The mail did not go."), now.Add(time.Duration(1<<l.Tries)*time.Minute)
	}
}

// stands reports whether a letter still says what is so.
func (l Letter) stands(e Event, g Guest, now time.Time) bool {
	in := g.Coming == Yes && !g.Waiting
	switch {
	case l.Kind == CallsOff:
		return e.Standing == Cancelled && g.Coming != No && now.Before(e.End)
	case e.Standing == Cancelled || !now.Before(e.End):
		return false
	case l.Kind == Admits:
		return in && g.Since.UnixMicro() == l.Version
	case l.Kind == Moves || l.Kind == CallsOn:
		return g.Coming != No
	case l.Kind == Reminds:
		return in && !e.NoReminder && now.Before(e.Start) && e.Start.UnixMicro() == l.Version
	}
	return true
}

func (p *Press) page(e Event) string { return p.Base + EventDoor + e.Slug }

// EventDoor is where the public pages of events stand.
const EventDoor = "/e/"

func calendarFile(b []byte) social.Media {
	return social.Media{Name: "event.ics", Type: "text/calendar", Size: int64(len(b)), Open: func() io.ReadSeeker { return bytes.NewReader(b) }}
}

// Told is what an organiser sees of a letter before it goes.
type Told struct {
	Kind        LetterKind
	Title, Text string
}

// Samples are the letters of an event, as somebody who comes would get them.
func (p *Press) Samples(ctx context.Context, id EventID) (Event, []Told, error) {
	e, err := p.Store.Event(ctx, id)
	if err != nil {
		return e, nil, err
	}
	g := Guest{Name: "Ana Costa", Coming: Yes}
	out := make([]Told, 0, len(LetterKinds))
	for _, k := range LetterKinds {
		if k == Reminds && e.NoReminder {
			continue
		}
		t := Told{Kind: k}
		t.Title, t.Text = Wording(k, e, g, p.page(e)+"/…")
		out = append(out, t)
	}
	return e, out, nil
}

// When is an event's time in words, in its own zone.
func (e Event) When() string {
	zone, err := time.LoadLocation(e.Zone)
	if err != nil {
		zone = time.UTC
	}
	from, to := e.Start.In(zone), e.End.In(zone)
	last := to.Format("15:04 MST")
	if from.YearDay() != to.YearDay() || from.Year() != to.Year() {
		last = to.Format("Monday 2 January 2006, 15:04 MST")
	}
	return from.Format("Monday 2 January 2006, 15:04") + " – " + last
}

// Wording is the subject and the text of a letter. What it says of the event
// is said as it stands now.
func Wording(k LetterKind, e Event, g Guest, link string) (title, text string) {
	var lead string
	change := "To change your answer, or take it back: "
	stands := "You said that you come."
	switch {
	case g.Waiting:
		stands = "Every place is taken just now: you are on the waiting list. If a place becomes free, it is yours, and we write to you."
	case g.Coming == Maybe:
		stands = "You said that perhaps you come."
	case g.Coming == No:
		stands = "You said that you do not come."
		change = "If you change your mind: "
	}
	switch k {
	case Confirms:
		title, lead = "Your answer: "+e.Title, "Thank you for your answer. "+stands
	case Admits:
		title, lead = "A place for you: "+e.Title, "A place has become free, and it is yours: you are coming."
	case Moves:
		title, lead = "Changed: "+e.Title, "The time or the place of this event has changed. Below is how it stands now. "+stands
	case CallsOff:
		title, lead = "Called off: "+e.Title, "This event is called off. It does not take place."
	case CallsOn:
		title, lead = "It takes place after all: "+e.Title, "We told you that this event is called off. It takes place after all. "+stands
	case Reminds:
		title, lead = "Soon: "+e.Title, "This is to remind you of an event to which you come."
	}
	var b strings.Builder
	b.WriteString("Hello " + addressed(g.Name) + ",\n\n" + lead + "\n\n" + e.Title + "\nWhen: " + e.When() + "\n")
	if e.Place != "" {
		b.WriteString("Where: " + e.Place + "\n")
	}
	if e.Link != "" {
		b.WriteString("More: " + e.Link + "\n")
	}
	if k != CallsOff {
		b.WriteString("\n" + change + link + "\n")
	}
	b.WriteString("\nYou get this because you answered the invitation to this event. Your name and address are used for it alone.\n")
	return title, b.String()
}

// addressed is the name that a stranger gave, or another word where it could
// be an advertisement: a form must not carry somebody's words to others.
func addressed(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if strings.ContainsAny(s, "/@:") || strings.Contains(strings.ToLower(s), "www") || len(strings.Fields(s)) > 6 || utf8.RuneCountInString(s) > 60 {
		return "there"
	}
	return s
}
