package bluesky

import (
	"cmp"
	"context"
	"encoding/json"
	"net/url"
	"strings"
	"time"

	"github.com/clipperhouse/uax29/v2/graphemes"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// The limits of a post (lexicon app.bsky.feed.post).
const (
	maxGraphemes = 300
	maxBytes     = 3000
)

// Fit counts what a reader sees as one character, and bytes.
func (a *account) Fit(text string) channel.Room {
	n := 0
	for it := graphemes.FromString(text); it.Next(); {
		n++
	}
	left := min(maxGraphemes-n, maxBytes-len(text))
	return channel.Room{Fits: left >= 0 && strings.TrimSpace(text) != "", Left: left, Max: maxGraphemes, Unit: "graphemes"}
}

// Threads: each part answers the one before, as people do it there.
func (a *account) Threads(social.Visibility) (int, bool) { return 10, true }

// Visibilities is public alone.
func (a *account) Visibilities() []social.Visibility { return []social.Visibility{social.Public} }

// Send answers a post. A reply names the parent and the thread's first post
// by address and content, so the parent is read first.
func (a *account) Send(ctx context.Context, r social.Reply) (channel.Receipt, error) {
	if r.Visibility != social.Public {
		return channel.Receipt{}, social.Errorf(social.Invalid, "A reply on Bluesky is public.")
	}
	if err := a.check(r.Text); err != nil {
		return channel.Receipt{}, err
	}
	if err := channel.Bear(a.Load(), r.Media); err != nil {
		return channel.Receipt{}, err
	}
	parent, err := a.record(ctx, r.Parent)
	if err != nil {
		if social.NotFound.Is(err) {
			return channel.Receipt{}, social.Because(social.NotFound, err, "The post that is answered does not stand any more.")
		}
		return channel.Receipt{}, err
	}
	p := wireReply{Parent: wireRef{parent.URI, parent.CID}, Root: wireRef{parent.URI, parent.CID}}
	var above wirePost
	if json.Unmarshal(parent.Value, &above) == nil && above.Reply != nil && above.Reply.Root.URI != "" && above.Reply.Root.CID != "" {
		p.Root = above.Reply.Root
	}
	return a.put(ctx, r.Key, r.Text, r.Lang, r.Media, &p)
}

// Publish posts to everybody.
func (a *account) Publish(ctx context.Context, p channel.Post) (channel.Receipt, error) {
	if err := a.check(p.Text); err != nil {
		return channel.Receipt{}, err
	}
	if err := channel.Bear(a.Load(), p.Media); err != nil {
		return channel.Receipt{}, err
	}
	return a.put(ctx, p.Key, p.Text, p.Lang, p.Media, nil)
}

func (a *account) check(words string) error {
	room := a.Fit(words)
	switch {
	case room.Fits:
		return nil
	case strings.TrimSpace(words) == "":
		return social.Errorf(social.Invalid, "There are no words to post.")
	}
	return social.Errorf(social.Invalid, "The text is too long for Bluesky, which takes 300 characters and 3000 bytes.")
}

func (a *account) put(ctx context.Context, key, words, lang string, media []channel.Media, reply *wireReply) (channel.Receipt, error) {
	if key == "" {
		return channel.Receipt{}, social.Errorf(social.Fault, "A post needs a key.")
	}
	facets, err := a.facets(ctx, words)
	if err != nil {
		return channel.Receipt{}, err
	}
	did, err := a.me(ctx)
	if err != nil {
		return channel.Receipt{}, err
	}
	embed, err := a.embed(ctx, key, media)
	if err != nil {
		return channel.Receipt{}, err
	}
	now := a.env.Clock.Now()
	p := wirePost{Type: posts, Text: &words, Facets: facets, Reply: reply, Embed: embed, CreatedAt: stamp(now)}
	if lang != "" && lang != "und" {
		p.Langs = []string{lang}
	}
	in := wireCreate{Repo: did, Collection: posts, RKey: rkey(key), Record: p}
	var out wireRecord
	err = a.signed(ctx, request{path: "/xrpc/com.atproto.repo.createRecord", body: in}, &out)
	if social.Unknown.Is(err) && named(err, "InternalServerError") {
		// This is what a server answers when our record stands already. Reading
		// tells; if it does not, nobody can.
		if r, found := a.stands(ctx, did, key, words); found {
			return r, nil
		}
	}
	if err != nil {
		return channel.Receipt{}, err
	}
	if out.URI == "" {
		return channel.Receipt{}, social.Errorf(social.Unknown, "%s took the post but does not say where it stands.", a.service.Host)
	}
	return channel.Receipt{ExternalID: out.URI, URL: address(did, in.RKey), At: now}, nil
}

// stands looks for a post of ours by its key.
func (a *account) stands(ctx context.Context, did, key, words string) (channel.Receipt, bool) {
	got, err := a.get(ctx, did, rkey(key))
	var p wirePost
	if err != nil || json.Unmarshal(got.Value, &p) != nil || p.Text == nil || *p.Text != words {
		return channel.Receipt{}, false
	}
	return a.receipt(got, did, rkey(key)), true
}

func (a *account) receipt(r wireRecord, did, key string) channel.Receipt {
	out := channel.Receipt{ExternalID: cmp.Or(r.URI, uri(did, key)), URL: address(did, key), At: a.env.Clock.Now()}
	var p wirePost
	if json.Unmarshal(r.Value, &p) == nil {
		if t, err := time.Parse(time.RFC3339Nano, p.CreatedAt); err == nil {
			out.At = t.UTC()
		}
	}
	return out
}

// Find reads the record under the key that our key gives.
func (a *account) Find(ctx context.Context, r social.Reply) (channel.Receipt, error) {
	did, err := a.me(ctx)
	if err != nil {
		return channel.Receipt{}, err
	}
	got, err := a.get(ctx, did, rkey(r.Key))
	if err != nil {
		if social.NotFound.Is(err) {
			return channel.Receipt{}, social.Because(social.NotFound, err, "The reply does not stand on Bluesky.")
		}
		return channel.Receipt{}, err
	}
	return a.receipt(got, did, rkey(r.Key)), nil
}

// get reads a post of our own repository, in our name: so it also proves that
// the account is still ours.
func (a *account) get(ctx context.Context, did, key string) (wireRecord, error) {
	var out wireRecord
	q := url.Values{"repo": {did}, "collection": {posts}, "rkey": {key}}
	err := a.signed(ctx, request{path: "/xrpc/com.atproto.repo.getRecord", query: q}, &out)
	return out, err
}

// me returns our DID, which signing in tells.
func (a *account) me(ctx context.Context) (string, error) {
	if _, err := a.token(ctx, ""); err != nil {
		return "", err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.did, nil
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// FindPost finds a post of ours by its key.
func (a *account) FindPost(ctx context.Context, p channel.Post) (channel.Receipt, error) {
	return a.Find(ctx, social.Reply{Key: p.Key, Text: p.Text, Attempted: p.Attempted})
}
