package bluesky

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// gates is where rules for threads lie, each under the key of the thread's
// first post (https://docs.bsky.app/docs/tutorials/thread-gates and the lexicon
// app.bsky.feed.threadgate).
const gates = "app.bsky.feed.threadgate"

// mostHidden is how many answers of a thread can be hidden.
const mostHidden = 300

// Moderates: answers below a post of ours. Nobody takes away what others said.
func (a *account) Moderates(at channel.Spot) (hide, remove bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return at.Visibility == social.Public && a.did != "" && at.ID != at.Root && ours(a.did, at.Root) != "", false
}

// ours is the key of a post of an account, "" for everything else.
func ours(did, uri string) string {
	key, ok := strings.CutPrefix(uri, "at://"+did+"/"+posts+"/")
	if !ok || !rkeys.MatchString(key) {
		return ""
	}
	return key
}

// Hide puts an answer on the list of those that our thread hides, or off it.
// All else that its gate says stays.
func (a *account) Hide(ctx context.Context, at channel.Spot, on bool) error {
	did, err := a.me(ctx)
	if err != nil {
		return err
	}
	key := ours(did, at.Root)
	if key == "" || at.ID == at.Root {
		return social.Errorf(social.Invalid, "Only answers below a post of ours can be hidden on Bluesky.")
	}
	if on {
		if _, err := a.record(ctx, at.ID); social.NotFound.Is(err) {
			return social.Because(social.NotFound, err, "The answer is no longer on Bluesky.")
		} else if err != nil {
			return err
		}
	}
	var now wireRecord
	err = a.signed(ctx, request{path: "/xrpc/com.atproto.repo.getRecord", query: url.Values{"repo": {did}, "collection": {gates}, "rkey": {key}}}, &now)
	gate := map[string]any{"$type": gates, "post": at.Root, "createdAt": stamp(a.env.Clock.Now())}
	in := wirePut{Repo: did, Collection: gates, RKey: key}
	switch {
	case social.NotFound.Is(err) && !on:
		return nil
	case social.NotFound.Is(err):
	case err != nil:
		return err
	default:
		in.Swap = &now.CID
		if json.Unmarshal(now.Value, &gate) != nil {
			return social.Errorf(social.Invalid, "The rules of this thread cannot be read.")
		}
	}
	listed, _ := gate["hiddenReplies"].([]any)
	i := slices.Index(listed, any(at.ID))
	switch {
	case on == (i >= 0):
		return nil
	case !on:
		listed = slices.Delete(listed, i, i+1)
	case len(listed) >= mostHidden:
		return social.Errorf(social.Forbidden, "Bluesky hides %d answers in a thread at most.", mostHidden)
	default:
		listed = append(listed, at.ID)
	}
	gate["hiddenReplies"] = listed
	in.Record = gate
	var out wireRecord
	err = a.signed(ctx, request{path: "/xrpc/com.atproto.repo.putRecord", body: in}, &out)
	if named(err, "InvalidSwap") {
		return social.Because(social.Busy, err, "Somebody else changes the rules of this thread just now.")
	}
	return err
}

// Remove is refused.
func (a *account) Remove(context.Context, channel.Spot) error {
	return social.Errorf(social.Invalid, "Bluesky lets nobody take away what others said. It can be hidden.")
}

// Retracts: posts of ours.
func (a *account) Retracts(at channel.Spot) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.did != "" && ours(a.did, at.ID) != ""
}

// Retract deletes a post of ours.
func (a *account) Retract(ctx context.Context, at channel.Spot) error {
	did, err := a.me(ctx)
	if err != nil {
		return err
	}
	key := ours(did, at.ID)
	if key == "" {
		return social.Errorf(social.Invalid, "Only posts of ours can be taken back.")
	}
	var out struct{}
	err = a.signed(ctx, request{path: "/xrpc/com.atproto.repo.deleteRecord", body: wireCreate{Repo: did, Collection: posts, RKey: key}}, &out)
	if social.NotFound.Is(err) {
		return nil
	}
	return err
}
