package x

import (
	"encoding/json"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// Shares takes reposts and quotes out of a post: X tells them as posts that
// refer to another
// (https://docs.x.com/x-api/fundamentals/data-dictionary: referenced_tweets).
// It does not tell that one was taken back.
func (l *line) Shares(e channel.Event) ([]social.Share, error) {
	var in envelope
	var p wirePost
	if json.Unmarshal(e.Raw, &in) != nil || json.Unmarshal(in.Post, &p) != nil {
		return nil, nil // Read says what is wrong
	}
	if !ids.MatchString(p.ID) || !ids.MatchString(p.Author) || p.Created.IsZero() {
		return nil, nil
	}
	s := social.Share{ExternalID: p.ID, Of: p.ref("retweeted"), Kind: social.Reshared, At: p.Created.Time, Own: in.Self != "" && p.Author == in.Self}
	if s.Of == "" {
		s.Of, s.Kind = p.ref("quoted"), social.Quoted
		if len(p.History) > 1 && ids.MatchString(p.History[0]) {
			s.ExternalID = p.History[0] // an edited post keeps the name of the first
		}
	}
	if !ids.MatchString(s.Of) {
		return nil, nil
	}
	var u wireUser
	_ = json.Unmarshal(in.User, &u)
	s.By = author(p.Author, u)
	return []social.Share{s}, nil
}
