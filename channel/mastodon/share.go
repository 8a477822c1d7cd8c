package mastodon

import (
	"encoding/json"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/kit/text"
	"github.com/parley-crm/parley/social"
)

// Shares takes boosts, quotes and their ends out of an event.
//
// Of our own posts boosts come as notifications, which name who boosted and
// what, and not the boost (https://docs.joinmastodon.org/entities/Notification/);
// so a boost of ours is called after these two, from wherever it came, and
// that it was taken back nobody tells. Other boosts come in timelines, as
// statuses with an id of their own, and end by it. Quotes are statuses
// (https://docs.joinmastodon.org/entities/Quote/), and count once the quoted
// author has accepted them.
func (l *listener) Shares(e channel.Event) ([]social.Share, error) {
	var in envelope
	if json.Unmarshal(e.Raw, &in) != nil {
		return nil, nil // Read says what is wrong
	}
	switch in.Event {
	case "delete":
		gone, err := gone(in, e.At)
		if err != nil {
			return nil, nil //nolint:nilerr // Read says what is wrong
		}
		return []social.Share{{ExternalID: gone[0].ExternalID, At: gone[0].Published, Undone: true}}, nil
	case "reblog":
		s, err := boosted(in)
		if err != nil {
			return nil, err
		}
		return []social.Share{s}, nil
	case "status", "edit":
		return passedOn(in), nil
	}
	return nil, nil
}

// boosted reads the notification that somebody boosted a post of ours.
func boosted(in envelope) (social.Share, error) {
	var n wireNotification
	var s wireStatus
	if json.Unmarshal(in.Payload, &n) != nil || json.Unmarshal(n.Status, &s) != nil || s.ID == "" || n.Account.ID == "" || n.Account.Acct == "" ||
		n.CreatedAt == nil || n.CreatedAt.IsZero() {
		return social.Share{}, social.Errorf(social.Invalid, "The server sent a boost without post, author or time.")
	}
	return boost(in, s.ID, n.Account, *n.CreatedAt), nil
}

func boost(in envelope, of string, by wireAccount, at time.Time) social.Share {
	return social.Share{ExternalID: text.Cut("boost/" + of + "/" + by.ID), Of: text.Cut(of), Kind: social.Reshared, By: author(by, in.Host),
		Own: in.Self != "" && by.ID == in.Self, At: at.UTC()}
}

// passedOn reads a status that boosts or quotes another.
func passedOn(in envelope) []social.Share {
	var s wireStatus
	if json.Unmarshal(in.Payload, &s) != nil || s.ID == "" || s.CreatedAt == nil || s.CreatedAt.IsZero() || s.Account.Acct == "" || s.Account.ID == "" {
		return nil
	}
	if r := s.Reblog; r != nil {
		if r.ID == "" {
			return nil
		}
		out := boost(in, r.ID, s.Account, *s.CreatedAt)
		if in.Self == "" || r.Account.ID != in.Self {
			out.ExternalID = text.Cut(s.ID)
		}
		return []social.Share{out}
	}
	of := s.Quote.of()
	if of == "" || s.Visibility != "public" && s.Visibility != "unlisted" {
		return nil
	}
	out := boost(in, of, s.Account, *s.CreatedAt)
	out.ExternalID, out.Kind = text.Cut(s.ID), social.Quoted
	return []social.Share{out}
}

// of is the id of what is quoted, where that may be shown.
func (q *wireQuote) of() string {
	switch {
	case q == nil || q.State != "accepted":
		return ""
	case q.Status != nil:
		return q.Status.ID
	}
	return q.StatusID
}

// boosting makes an event of the notification that somebody boosted a post of ours.
func (a *about) boosting(n wireNotification) (channel.Event, error) {
	raw, err := json.Marshal(n)
	if err != nil {
		return channel.Event{}, err
	}
	e := channel.Event{Key: "boost/" + n.ID}
	if n.CreatedAt != nil {
		e.At = n.CreatedAt.UTC()
	}
	e.Raw, err = json.Marshal(envelope{Event: "reblog", Self: a.self.ID, Host: a.host, Payload: raw})
	return e, err
}
