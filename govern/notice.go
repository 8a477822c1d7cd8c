package govern

import (
	"context"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/parley-crm/parley/social"
)

// NoticeLife is how long notices are kept.
const NoticeLife = 90 * 24 * time.Hour

// Notice is a notice as its member sees it.
type Notice struct {
	ID        social.NoticeID
	Kind      string
	Text      string
	Link      string
	By        social.MemberRef // who caused it; empty for Parley
	Programme social.ProgrammeID
	At        time.Time
	Read      time.Time // zero while it is new
}

// NoticeStore keeps notices. Nobody reads another's.
type NoticeStore interface {
	// AddNotices keeps notices that are not there yet and returns for whom
	// there is something new.
	AddNotices(ctx context.Context, n social.Notice, by social.MemberID, at time.Time) ([]social.MemberID, error)
	Notices(ctx context.Context, m social.MemberID, unread bool, cursor string, limit int) ([]Notice, string, error)
	UnreadNotices(ctx context.Context, m social.MemberID, most int) (int, error)
	// ReadNotices marks notices as seen, all of them when none are named.
	ReadNotices(ctx context.Context, m social.MemberID, ids []social.NoticeID, at time.Time) error
	// DropNotices forgets the notice of a key for everybody: what it told is over.
	DropNotices(ctx context.Context, keys []string) ([]social.MemberID, error)
	SweepNotices(ctx context.Context, before time.Time) error
}

// Notify tells members something, in the transaction of ctx if there is one.
// The same key for the same member is one notice. Whoever acts now is not told
// of what they did themselves.
func (o *Office) Notify(ctx context.Context, n social.Notice) error {
	if n.Key == "" || n.Kind == "" || n.Text == "" || len(n.Link) == 0 || n.Link[0] != '/' {
		return social.Errorf(social.Fault, "A notice needs a key, a kind, a text and a link.")
	}
	if utf8.RuneCountInString(n.Text) > 300 {
		n.Text = string([]rune(n.Text)[:299]) + "…"
	}
	a, _ := social.ActorOf(ctx)
	n.Members = slices.DeleteFunc(slices.Clone(n.Members), func(m social.MemberID) bool { return m == "" || m == a.Member })
	if len(n.Members) == 0 {
		return nil
	}
	return o.store.InTx(ctx, func(ctx context.Context) error {
		fresh, err := o.store.AddNotices(ctx, n, a.Member, o.clock.Now())
		if err != nil || len(fresh) == 0 {
			return err
		}
		return o.store.Tell(ctx, social.Noticed{Members: fresh})
	})
}

// Unnotify takes notices back by their keys: what they told is over.
func (o *Office) Unnotify(ctx context.Context, keys ...string) error {
	if len(keys) == 0 {
		return nil
	}
	return o.store.InTx(ctx, func(ctx context.Context) error {
		told, err := o.store.DropNotices(ctx, keys)
		if err != nil || len(told) == 0 {
			return err
		}
		return o.store.Tell(ctx, social.Noticed{Members: told})
	})
}

// MyNotices lists what the actor was told, newest first.
func (o *Office) MyNotices(ctx context.Context, unread bool, cursor string, limit int) ([]Notice, string, error) {
	a, _ := social.ActorOf(ctx)
	if a.Member == "" {
		return nil, "", nil
	}
	return o.store.Notices(ctx, a.Member, unread, cursor, limit)
}

// MyUnread counts what the actor has not seen, up to a hundred.
func (o *Office) MyUnread(ctx context.Context) (int, error) {
	a, _ := social.ActorOf(ctx)
	if a.Member == "" {
		return 0, nil
	}
	return o.store.UnreadNotices(ctx, a.Member, 100)
}

// SeeNotices marks the actor's notices as seen, all when none are named.
func (o *Office) SeeNotices(ctx context.Context, ids []social.NoticeID) error {
	a, _ := social.ActorOf(ctx)
	if a.Member == "" {
		return nil
	}
	return o.store.InTx(ctx, func(ctx context.Context) error {
		if err := o.store.ReadNotices(ctx, a.Member, ids, o.clock.Now()); err != nil {
			return err
		}
		return o.store.Tell(ctx, social.Noticed{Members: []social.MemberID{a.Member}})
	})
}

// SweepNotices forgets old notices.
func (o *Office) SweepNotices(ctx context.Context) error {
	return o.store.InTx(ctx, func(ctx context.Context) error {
		return o.store.SweepNotices(ctx, o.clock.Now().Add(-NoticeLife))
	})
}
