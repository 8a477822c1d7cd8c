package analyze

import (
	"context"
	"strings"
	"time"
	"unicode"

	"github.com/parley-crm/parley/social"
)

// BondKind says how somebody turned to somebody else.
type BondKind string

// The kinds of bonds.
const (
	BondReply   BondKind = "reply"
	BondMention BondKind = "mention"
	BondShare   BondKind = "share"
	BondQuote   BondKind = "quote"
)

// weight says how much a bond tells of whom somebody listens to: to answer, to
// quote and to name takes words of one's own, to share takes a touch.
func (k BondKind) weight() float64 {
	if k == BondShare {
		return 0.5
	}
	return 1
}

// Bond says that somebody turned to somebody else in public.
type Bond struct {
	Activity social.ActivityID // that answers or names; or that was shared
	Kind     BondKind
	Target   string // external id of what was answered, the handle that was named, folded, or external id of the share
	Channel  social.ChannelID
	From, To social.IdentityID // To is "" until that somebody is heard
	At       time.Time
}

// Account is by which handle somebody is named on a channel.
type Account struct {
	Channel  social.ChannelID
	Handle   string // folded
	Identity social.IdentityID
	Own      bool
}

// BondStore keeps bonds.
type BondStore interface {
	InTx(ctx context.Context, f func(ctx context.Context) error) error
	// Unbind forgets the bonds of some kinds of activities.
	Unbind(ctx context.Context, ids []social.ActivityID, kinds ...BondKind) error
	// Unshare forgets the bonds of shares, by their external ids.
	Unshare(ctx context.Context, channel social.ChannelID, shares []string) error
	// Bind keeps bonds and accounts, and gives bonds that waited for an account their end.
	Bind(ctx context.Context, bonds []Bond, accounts []Account) error
	// Answered gives replies that waited for these activities their end.
	Answered(ctx context.Context, channel social.ChannelID, authors map[string]social.IdentityID) error
	// Accounts finds who is named by handles on a channel.
	Accounts(ctx context.Context, channel social.ChannelID, handles []string) (map[string]social.IdentityID, error)
}

// Authors tells who said what was answered.
type Authors interface {
	Hearing
	// AuthorsOf returns who said activities, by their external ids; unknown ones are left out.
	AuthorsOf(ctx context.Context, channel social.ChannelID, external []string) (map[string]social.IdentityID, error)
	// SharesOf returns shares by their external ids, with whose words they
	// pass on; those of what is gone count as taken back.
	SharesOf(ctx context.Context, channel social.ChannelID, external []string) ([]social.Share, error)
}

// Binder keeps who talks to whom.
type Binder struct {
	Store   BondStore
	Hearing Authors
}

const (
	namesMost  = 10 // people that one post can name
	handleMost = 120
)

// Hear keeps the bonds of what was heard, as it stands now: of what was edited
// the new ones, of what was taken back none. Doing it again changes nothing.
func (b *Binder) Hear(ctx context.Context, ids []social.ActivityID) error {
	mentions, err := b.Hearing.Mentions(ctx, ids)
	if err != nil || len(mentions) == 0 {
		return err
	}
	byChannel := map[social.ChannelID][]social.Mention{}
	var order []social.ChannelID
	for _, m := range mentions {
		c := m.Activity.Channel
		if byChannel[c] == nil {
			order = append(order, c)
		}
		byChannel[c] = append(byChannel[c], m)
	}
	return b.Store.InTx(ctx, func(ctx context.Context) error {
		if err := b.Store.Unbind(ctx, ids, BondReply, BondMention); err != nil {
			return err
		}
		var gone []social.ActivityID // nobody has shared what is taken back
		for _, m := range mentions {
			if m.Deleted || m.Activity.Visibility != social.Public {
				gone = append(gone, m.Activity.ID)
			}
		}
		if err := b.Store.Unbind(ctx, gone, BondShare, BondQuote); err != nil {
			return err
		}
		for _, c := range order {
			if err := b.channel(ctx, c, byChannel[c]); err != nil {
				return err
			}
		}
		return nil
	})
}

// Share keeps the bonds of shares as they stand now; of what was taken back
// none. Our own shares make none. Doing it again changes nothing.
func (b *Binder) Share(ctx context.Context, c social.ChannelID, external []string) error {
	shares, err := b.Hearing.SharesOf(ctx, c, external)
	if err != nil || len(shares) == 0 {
		return err
	}
	var bonds []Bond
	for _, s := range shares {
		if s.Undone || s.Own || s.Said == "" {
			continue
		}
		bond := Bond{Activity: s.Post, Kind: BondShare, Target: s.ExternalID, Channel: c, From: s.By.ID(), To: s.Said, At: s.At}
		if s.Kind == social.Quoted {
			bond.Kind = BondQuote
		}
		bonds = append(bonds, bond)
	}
	return b.Store.InTx(ctx, func(ctx context.Context) error {
		if err := b.Store.Unshare(ctx, c, external); err != nil {
			return err
		}
		return b.Store.Bind(ctx, bonds, nil)
	})
}

func (b *Binder) channel(ctx context.Context, c social.ChannelID, mentions []social.Mention) error {
	var bonds []Bond
	var accounts []Account
	authors := map[string]social.IdentityID{}
	var parents, handles []string
	for _, m := range mentions {
		a := m.Activity
		if m.Identity == "" || a.Visibility != social.Public {
			continue
		}
		authors[a.ExternalID] = m.Identity
		if h := foldHandle(a.Author.Handle); h != "" {
			accounts = append(accounts, Account{Channel: c, Handle: h, Identity: m.Identity, Own: a.Own})
		}
		if m.Deleted {
			continue
		}
		bond := Bond{Activity: a.ID, Channel: c, From: m.Identity, At: a.Published}
		if a.Parent != "" {
			bond.Kind, bond.Target = BondReply, a.Parent
			bonds, parents = append(bonds, bond), append(parents, a.Parent)
		}
		for _, h := range named(a.Text) {
			bond.Kind, bond.Target = BondMention, h
			bonds, handles = append(bonds, bond), append(handles, h)
		}
	}
	said, err := b.Hearing.AuthorsOf(ctx, c, parents)
	if err != nil {
		return err
	}
	called, err := b.Store.Accounts(ctx, c, handles)
	if err != nil {
		return err
	}
	for _, a := range accounts { // who is met in this very batch
		if called[a.Handle] == "" {
			called[a.Handle] = a.Identity
		}
	}
	for i, bond := range bonds {
		if bond.Kind == BondReply {
			bonds[i].To = said[bond.Target]
		} else {
			bonds[i].To = called[bond.Target]
		}
	}
	if err := b.Store.Bind(ctx, bonds, accounts); err != nil {
		return err
	}
	return b.Store.Answered(ctx, c, authors)
}

func foldHandle(h string) string {
	h = strings.ToLower(strings.TrimPrefix(strings.TrimSpace(h), "@"))
	if len(h) > handleMost {
		return ""
	}
	return h
}

// named are the handles that a text names, folded, each once.
func named(text string) []string {
	var out []string
	seen := map[string]bool{}
	last := ' '
	for i, r := range text {
		open := r == '@' && !handleRune(last)
		last = r
		if !open {
			continue
		}
		end := i + 1
		for j, c := range text[i+1:] {
			if !handleRune(c) && c != '@' {
				break
			}
			end = i + 1 + j + len(string(c))
		}
		h := foldHandle(strings.TrimRight(text[i+1:end], ".-@"))
		if h != "" && !seen[h] {
			seen[h] = true
			if out = append(out, h); len(out) == namesMost {
				break
			}
		}
	}
	return out
}

func handleRune(r rune) bool {
	return r == '.' || r == '-' || r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r)
}
