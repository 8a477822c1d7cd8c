package bluesky

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"time"

	"github.com/coder/websocket"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

var errSilent = errors.New("the connection has gone silent")

// alive notices a connection that has died without a word.
func alive(ctx context.Context, end context.CancelCauseFunc, conn *websocket.Conn) {
	tick := time.NewTicker(30 * time.Second)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			ping, cancel := context.WithTimeout(ctx, 20*time.Second)
			err := conn.Ping(ping)
			cancel()
			if err != nil {
				end(errSilent)
				return
			}
		case <-ctx.Done():
			return
		}
	}
}

// React likes a post, or takes that back. The like lies under a key made of
// what is liked, so there is one at most.
func (a *account) React(ctx context.Context, id string, on bool) error {
	did, err := a.me(ctx)
	if err != nil {
		return err
	}
	in := wireCreate{Repo: did, Collection: likes, RKey: rkey("like " + id)}
	var out wireRecord
	if !on {
		err := a.signed(ctx, request{path: "/xrpc/com.atproto.repo.deleteRecord", body: in}, &out)
		if social.NotFound.Is(err) {
			return nil
		}
		return err
	}
	subject, err := a.record(ctx, id)
	if err != nil {
		return err
	}
	q := url.Values{"repo": {did}, "collection": {likes}, "rkey": {in.RKey}}
	if err := a.signed(ctx, request{path: "/xrpc/com.atproto.repo.getRecord", query: q}, &out); !social.NotFound.Is(err) {
		return err // liked already, or nobody can tell
	}
	in.Record = wireLike{Type: likes, Subject: wireRef{subject.URI, subject.CID}, CreatedAt: stamp(a.env.Clock.Now())}
	return a.signed(ctx, request{path: "/xrpc/com.atproto.repo.createRecord", body: in}, &out)
}

// record reads somebody's record by its at-uri: from our server, which also
// knows where to ask on the public network, and else from its owner's.
func (l *listener) record(ctx context.Context, id string) (wireRecord, error) {
	rest, ok := strings.CutPrefix(id, "at://")
	parts := strings.Split(rest, "/")
	if !ok || len(parts) != 3 || !dids.MatchString(parts[0]) || !rkeys.MatchString(parts[2]) {
		return wireRecord{}, social.Errorf(social.Invalid, "%.80q is not the address of a post on Bluesky.", id)
	}
	q := request{base: l.service, path: "/xrpc/com.atproto.repo.getRecord", query: url.Values{"repo": {parts[0]}, "collection": {parts[1]}, "rkey": {parts[2]}}}
	var out wireRecord
	err := l.call(ctx, q, &out)
	if k := social.KindOf(err); err == nil || k == social.Busy || k == social.Unauth {
		return out, whole(out, err)
	}
	doc, docErr := l.document(ctx, parts[0])
	if docErr != nil {
		return out, err
	}
	home, ok := doc.home()
	if !ok || home.Host == l.service.Host {
		return out, err
	}
	q.base = home
	return out, whole(out, l.call(ctx, q, &out))
}

func whole(r wireRecord, err error) error {
	if err == nil && (r.URI == "" || r.CID == "") {
		return social.Errorf(social.Busy, "The server gave a record without its address.")
	}
	return err
}

// Metrics counts what a post has gathered, as the public API tells it.
func (l *listener) Metrics(ctx context.Context, id string) (channel.Metrics, error) {
	var out wireCounts
	q := request{base: l.api, path: "/xrpc/app.bsky.feed.getPosts", query: url.Values{"uris": {id}}}
	if err := l.call(ctx, q, &out); err != nil {
		if social.Invalid.Is(err) && strings.Contains(err.Error(), "No service configured") {
			// a server that has no public API behind it
			return channel.Metrics{Likes: -1, Shares: -1, Replies: -1, Read: l.env.Clock.Now()}, nil
		}
		return channel.Metrics{}, err
	}
	for _, p := range out.Posts {
		if p.URI == id {
			return channel.Metrics{Likes: p.Likes, Shares: p.Reposts + p.Quotes, Replies: p.Replies, Read: l.env.Clock.Now()}, nil
		}
	}
	return channel.Metrics{}, social.Errorf(social.NotFound, "The post does not stand on Bluesky any more.")
}

// Self is the account that was named in the settings.
func (l *listener) Self(ctx context.Context) (social.Author, error) {
	if l.handle == "" {
		return social.Author{}, social.Errorf(social.NotFound, "No account was named, so there is no profile of ours.")
	}
	did, err := l.self(ctx)
	if err != nil {
		return social.Author{}, err
	}
	return l.Profile(ctx, social.Author{Scheme: "did", Value: did})
}

// Self is the account that we sign in as.
func (a *account) Self(ctx context.Context) (social.Author, error) {
	var s wireSession
	if err := a.signed(ctx, request{path: "/xrpc/com.atproto.server.getSession"}, &s); err != nil {
		return social.Author{}, err
	}
	return a.Profile(ctx, social.Author{Scheme: "did", Value: s.DID, Handle: s.Handle})
}

// Profile finds the handle and name behind a DID: at the public API or, where
// there is none, in the directory. It remembers them for an hour.
func (l *listener) Profile(ctx context.Context, who social.Author) (social.Author, error) {
	did := who.Value
	if !dids.MatchString(did) {
		return who, social.Errorf(social.Invalid, "%.80q does not identify an account on Bluesky.", did)
	}
	now := l.env.Clock.Now()
	l.mu.Lock()
	k, ok := l.handles[did]
	l.mu.Unlock()
	if ok && now.Sub(k.since) < time.Hour {
		return k.author, nil
	}
	out, err := l.profile(ctx, did)
	if err != nil {
		return who, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.handles) >= 50_000 {
		clear(l.handles)
	}
	l.handles[did] = known{out, now}
	return out, nil
}

func (l *listener) profile(ctx context.Context, did string) (social.Author, error) {
	out := social.Author{Scheme: "did", Value: did, URL: "https://bsky.app/profile/" + did}
	var p wireProfile
	err := l.call(ctx, request{base: l.api, path: "/xrpc/app.bsky.actor.getProfile", query: url.Values{"actor": {did}}}, &p)
	if err == nil && p.DID == did {
		out.Handle, out.Name, out.Avatar, out.Followers = p.Handle, p.Name, p.Avatar, max(0, p.Followers)
		return out, nil
	}
	doc, docErr := l.document(ctx, did)
	if docErr != nil {
		if social.Busy.Is(err) {
			return out, err
		}
		return out, docErr
	}
	for _, name := range doc.Known {
		if h, ok := strings.CutPrefix(name, "at://"); ok && handles.MatchString(h) {
			out.Handle = h
			break
		}
	}
	if out.Handle == "" {
		return out, social.Errorf(social.NotFound, "%s bears no handle.", did)
	}
	return out, nil
}

// document reads the DID document: from the directory, or from the host that
// a did:web names.
func (l *listener) document(ctx context.Context, did string) (wireDocument, error) {
	q := request{base: l.plc, path: "/" + did}
	if host, ok := strings.CutPrefix(did, "did:web:"); ok {
		q = request{base: &url.URL{Scheme: "https", Host: host}, path: "/.well-known/did.json"}
	}
	var doc wireDocument
	if err := l.call(ctx, q, &doc); err != nil {
		return doc, err
	}
	if doc.ID != did {
		return doc, social.Errorf(social.Busy, "%s gave the document of somebody else.", q.base.Host)
	}
	return doc, nil
}

// home is the server that holds the account.
func (d wireDocument) home() (*url.URL, bool) {
	for _, s := range d.Service {
		if s.ID == "#atproto_pds" || strings.HasSuffix(s.ID, "#atproto_pds") {
			u, err := url.Parse(strings.TrimRight(s.Endpoint, "/"))
			if err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http") {
				return u, true
			}
		}
	}
	return nil, false
}
