package bluesky

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/kit/text"
	"github.com/parley-crm/parley/social"
)

// Shares takes reposts, quotes and their ends out of an event. Both are
// records of whoever shares and are known by their own at-uri, so that an end
// says no more than that. Only posts are shared: a quoted list or feed is
// nobody's words.
func (l *listener) Shares(e channel.Event) ([]social.Share, error) {
	var in envelope
	var ev wireEvent
	if json.Unmarshal(e.Raw, &in) != nil || json.Unmarshal(in.Event, &ev) != nil {
		return nil, nil // Read says what is wrong
	}
	c := ev.Commit
	if ev.Kind != "commit" || c == nil || !rkeys.MatchString(c.RKey) || !dids.MatchString(ev.DID) || ev.TimeUS <= 0 {
		return nil, nil
	}
	s := social.Share{At: time.UnixMicro(ev.TimeUS).UTC(), Own: ev.DID == in.Self && in.Self != "",
		By: social.Author{Scheme: "did", Value: ev.DID, URL: "https://bsky.app/profile/" + ev.DID}}
	switch c.Collection {
	case posts:
		s.Kind, s.ExternalID = social.Quoted, uri(ev.DID, c.RKey)
	case reposts:
		s.Kind, s.ExternalID = social.Reshared, recordURI(ev.DID, reposts, c.RKey)
	default:
		return nil, nil
	}
	if c.Operation == "delete" {
		s.Undone = true
		return []social.Share{s}, nil
	}
	if c.Collection == posts {
		var p wirePost
		if json.Unmarshal(c.Record, &p) != nil || p.Text == nil {
			return nil, nil
		}
		s.Of, s.At = p.Embed.quoted(), p.published(s.At)
	} else {
		var r wireLike // a repost has the shape of a like
		if err := json.Unmarshal(c.Record, &r); err != nil {
			return nil, social.Because(social.Invalid, err, "Somebody’s repost cannot be read.")
		}
		s.Of = r.Subject.URI
	}
	if s.Of = text.Cut(s.Of); !ofPost(s.Of) {
		return nil, nil
	}
	return []social.Share{s}, nil
}

// quoted is the at-uri of what is quoted.
func (e *wireEmbed) quoted() string {
	if e == nil || e.Record == nil {
		return ""
	}
	if e.Record.URI != "" {
		return e.Record.URI
	}
	if e.Record.Record != nil {
		return e.Record.Record.URI
	}
	return ""
}

// ofPost reports whether an at-uri names a post.
func ofPost(uri string) bool {
	rest, ok := strings.CutPrefix(uri, "at://")
	parts := strings.Split(rest, "/")
	return ok && len(parts) == 3 && dids.MatchString(parts[0]) && parts[1] == posts && rkeys.MatchString(parts[2])
}

func recordURI(did, collection, rkey string) string {
	return "at://" + did + "/" + collection + "/" + rkey
}
