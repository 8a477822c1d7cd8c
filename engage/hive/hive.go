package hive

import (
	"context"
	"sync"
	"time"

	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/social"
)

// Hive asks those who are likely to know. Fill in the fields and use it; it is
// safe for concurrent use. Dues, Notices and Here may be nil.
type Hive struct {
	Store   Store
	Desk    Desk
	Reader  Reader
	Crew    Crew
	Gate    engage.Gate
	Dues    Dues
	Notices Notices
	Here    func(social.MemberID) bool // whether somebody has Parley open
	Clock   clock.Clock

	mu    sync.Mutex
	index *index
}

// Store keeps the hive. Reads for people are limited to social.ScopeOf(ctx);
// what lies outside is NotFound. Changes happen in the transaction of ctx.
type Store interface {
	InTx(ctx context.Context, f func(ctx context.Context) error) error
	Tell(ctx context.Context, facts ...social.Fact) error
	Record(ctx context.Context, e social.Entry) error

	Settings
	Questions
	Offers
	Learning
	Sums
}

// Settings are what programmes and members set.
type Settings interface {
	// AllRules reads the rules of every programme that has some.
	AllRules(ctx context.Context) (map[social.ProgrammeID]Rules, error)
	SaveRules(ctx context.Context, p social.ProgrammeID, r Rules, at time.Time) error
	// Members reads those who were changed since, all for the zero time.
	Members(ctx context.Context, since time.Time) ([]Member, error)
	// MembersAt reads some, and with lock keeps others from changing them;
	// those without settings come as they are by default.
	MembersAt(ctx context.Context, ids []social.MemberID, lock bool) (map[social.MemberID]Member, error)
	// SaveMember saves the settings, not the counts.
	SaveMember(ctx context.Context, m Member) error
	// Lay changes how much lies with members.
	Lay(ctx context.Context, what []Laid, at time.Time) error
}

// Laid is a change of how much lies with somebody.
type Laid struct {
	Member social.MemberID
	Offers int
	Claims int
	Taken  int
	Day    string // of Taken
	Asked  bool   // they were asked now
}

// Questions are the conversations of the hive.
type Questions interface {
	// Held reads some of any state, locked where lock says so; those that are
	// not in the hive are left out. It asks for no scope: it is for rules.
	Held(ctx context.Context, ids []social.ConversationID, lock bool) (map[social.ConversationID]Question, error)
	// Question reads one that may be seen.
	Question(ctx context.Context, id social.ConversationID) (Question, error)
	SaveQuestion(ctx context.Context, q Question) error
	// DueNow lists those for which something is to be done, the longest due
	// first, and locks none.
	DueNow(ctx context.Context, now time.Time, limit int) ([]social.ConversationID, error)
	// List reads a page.
	List(ctx context.Context, ask Ask) ([]Question, string, error)
	// Standing counts the open questions of a programme by state, the offered
	// ones by ring.
	Standing(ctx context.Context, p social.ProgrammeID) (Standing, error)
}

// Ask asks for a page of questions.
type Ask struct {
	View      View
	Member    social.MemberID
	Programme social.ProgrammeID
	Since     time.Time // entered then or later; zero for all
	Cursor    string
	Limit     int
}

// View names a list of questions.
type View string

// The views. Mine, Taken and Pool are one member's; the others a lead's.
const (
	ViewMine     View = "mine"  // offered to me
	ViewTaken    View = "taken" // claimed by me
	ViewPool     View = "pool"  // open to everybody
	ViewAll      View = "all"
	ViewOffered  View = "offered"
	ViewWidened  View = "widened" // offered, and no longer only to the best
	ViewClaimed  View = "claimed"
	ViewCentre   View = "centre" // at the contact centre now
	ViewSent     View = "sent"   // was at the contact centre
	ViewAnswered View = "answered"
	ViewByHive   View = "by_hive" // answered before the contact centre had it
	ViewSolved   View = "solved"  // of those, closed after it
	ViewInTime   View = "in_time"
	ViewLate     View = "late"    // answered after they were due
	ViewUnknown  View = "unknown" // nobody was found who may know
)

// Standing counts open questions.
type Standing struct {
	Offered, Widened, Claimed, Centre int
}

// Offers are whom the hive asked.
type Offers interface {
	// OffersOf lists the offers of a question, the best first.
	OffersOf(ctx context.Context, id social.ConversationID) ([]Offer, error)
	// OffersOn lists the offers of several to one member.
	OffersOn(ctx context.Context, ids []social.ConversationID, m social.MemberID) (map[social.ConversationID]Offer, error)
	SaveOffers(ctx context.Context, os []Offer) error
}

// Learning is what members have shown to know.
type Learning interface {
	// Skills reads those that were changed since, all for the zero time.
	Skills(ctx context.Context, since time.Time) ([]Skill, error)
	// SkillsOf reads one member's, the most often answered first.
	SkillsOf(ctx context.Context, m social.MemberID, limit int) ([]Skill, error)
	// Learn puts what was learned on top.
	Learn(ctx context.Context, what []Skill, at time.Time) error
	// Answering notes who answered; false when that was known.
	Answering(ctx context.Context, c social.ConversationID, m social.MemberID, about About, at time.Time) (bool, error)
	// Solving notes that a conversation was closed, and returns who had
	// answered it, each only once.
	Solving(ctx context.Context, c social.ConversationID, at time.Time) (map[social.MemberID]About, error)
}

// Sums are counts by day.
type Sums interface {
	Sum(ctx context.Context, what []Sum) error
	SumsOf(ctx context.Context, p social.ProgrammeID, from, to string) ([]Sum, error)
}

// Sum is one count.
type Sum struct {
	Programme social.ProgrammeID
	Day       string
	Name      string
	Slot      string
	N         int64
}

// Desk is where conversations are worked on; engage.Desk is one.
type Desk interface {
	Claim(ctx context.Context, id social.ConversationID) error
	Assign(ctx context.Context, id social.ConversationID, to social.MemberID) error
	Note(ctx context.Context, id social.ConversationID, r engage.Remark) (engage.Message, error)
	// Unclaim takes a conversation from whoever has it, and says why.
	Unclaim(ctx context.Context, id social.ConversationID, verb string, detail map[string]any) error
	// Mark writes what happened into a conversation.
	Mark(ctx context.Context, id social.ConversationID, verb string, detail map[string]any) error
}

// Reader knows conversations.
type Reader interface {
	// Talks reads conversations as they are; those that are gone are left out.
	Talks(ctx context.Context, ids []social.ConversationID) ([]engage.Conversation, error)
	// Said is what they asked last.
	Said(ctx context.Context, ids []social.ConversationID) (map[social.ConversationID]Said, error)
	// Writing says when a member last wrote at a draft, zero when there is none.
	Writing(ctx context.Context, m social.MemberID, id social.ConversationID) (time.Time, error)
}

// Crew knows who may answer.
type Crew interface {
	// Certified lists the members of a programme who may reply and have
	// acknowledged what must be.
	Certified(ctx context.Context, p social.ProgrammeID) ([]social.MemberRef, error)
	Names(ctx context.Context, ids []social.MemberID) (map[social.MemberID]string, error)
	// Programmes lists the programmes in the scope of ctx, by name.
	Programmes(ctx context.Context) ([]social.ProgrammeRef, error)
}

// Dues says by when a conversation should have an answer, where something
// else than the hive's own target knows; ok is false where nothing does.
type Dues interface {
	Due(ctx context.Context, c engage.Conversation) (at time.Time, ok bool, err error)
}

// Notices tells members that something waits for them, in the transaction of ctx.
type Notices interface {
	Offered(ctx context.Context, to []social.MemberID, c social.ConversationID, kind OfferKind, by social.MemberID, about string) error
	// Over takes back what was told of conversations: nobody is asked any more.
	Over(ctx context.Context, ids []social.ConversationID) error
}

func (h *Hive) now() time.Time { return h.Clock.Now().UTC().Truncate(time.Microsecond) }

func (h *Hive) here(m social.MemberID) bool { return h.Here != nil && h.Here(m) }

// asParley is ctx for what the hive does by itself.
func asParley(ctx context.Context) context.Context {
	return social.WithScope(social.WithActor(ctx, social.SystemActor()), social.Scope{All: true})
}

// member is who acts.
func member(ctx context.Context) (social.Actor, error) {
	a, ok := social.ActorOf(ctx)
	if !ok || a.Member == "" {
		return a, social.Errorf(social.Forbidden, "Only a member can do this: sign in, or use a token that acts for a member.")
	}
	return a, nil
}
