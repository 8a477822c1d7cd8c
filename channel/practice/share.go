package practice

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/kit/text"
	"github.com/parley-crm/parley/social"
)

// passing is a persona's share of a post.
type passing struct {
	ID string `json:"id"`
	Of string `json:"of"`
	By string `json:"by"`
}

// Share lets a persona pass on a public post as it is, and returns the id of
// the share. Sharing it again changes nothing.
func (n *Network) Share(by, of string) (string, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	p, who, err := n.passing(by, of)
	if err != nil {
		return "", err
	}
	key := [2]string{of, fold(by)}
	if id := n.shares[key]; id != "" {
		return id, nil
	}
	p.Shares++
	s := passing{ID: fmt.Sprintf("%s-share-%06d", p.Site, len(n.log)+1), Of: of, By: who.Handle}
	n.pass("share", p.Site, s)
	return s.ID, nil
}

// Unshare takes a share back.
func (n *Network) Unshare(by, of string) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	p, who, err := n.passing(by, of)
	if err != nil {
		return err
	}
	id := n.shares[[2]string{of, fold(by)}]
	if id == "" {
		return social.Errorf(social.NotFound, "%s has not shared the post %q.", by, of)
	}
	p.Shares--
	n.pass("unshare", p.Site, passing{ID: id, Of: of, By: who.Handle})
	return nil
}

// Quote lets a persona pass on a public post with words of their own, and
// returns the id of the quoting post, which stands for itself.
func (n *Network) Quote(by, of string, s Said) (string, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	p, _, err := n.passing(by, of)
	if err != nil {
		return "", err
	}
	s.Site = p.Site
	id, err := n.say(by, s, Post{Form: rules[p.Site].form, Visibility: social.Public, Quotes: of})
	if err == nil {
		p.Shares++
	}
	return id, err
}

// passing finds what is passed on and who does it.
func (n *Network) passing(by, of string) (*Post, Persona, error) {
	p, err := n.standing(of)
	if err != nil {
		return nil, Persona{}, err
	}
	who, ok := n.people[fold(by)]
	if !ok {
		return nil, Persona{}, social.Errorf(social.NotFound, "Nobody called %q lives on the practice network.", by)
	}
	if p.Visibility != social.Public || p.Site != Microblog && p.Site != Forum {
		return nil, Persona{}, social.Errorf(social.Invalid, "Only what stands in public on the microblog or the forum can be passed on.")
	}
	return p, who, nil
}

// pass writes a share, or its end, into the log.
func (n *Network) pass(kind string, site Site, s passing) {
	n.stand(s, kind == "share")
	n.log = append(n.log, entry{Seq: len(n.log) + 1, Type: kind, At: n.clock.Now(), Post: Post{Site: site}, By: n.people[fold(s.By)], Share: &s})
	close(n.stir)
	n.stir = make(chan struct{})
}

func (n *Network) stand(s passing, stands bool) {
	key := [2]string{s.Of, fold(s.By)}
	if stands {
		n.shares[key] = s.ID
	} else {
		delete(n.shares, key)
	}
}

// Shares takes shares, their ends and quotes out of a line of the log.
func (l *line) Shares(e channel.Event) ([]social.Share, error) {
	var in entry
	if err := json.Unmarshal(e.Raw, &in); err != nil {
		return nil, social.Because(social.Invalid, err, "The practice network sent something that is not JSON of its kind.")
	}
	return in.shares(l.handle)
}

func (e entry) shares(us string) ([]social.Share, error) {
	s := social.Share{Kind: social.Reshared, At: e.At.UTC()}
	switch {
	case e.Share != nil:
		if e.Share.ID == "" || e.Share.Of == "" || strings.TrimSpace(e.Share.By) == "" || e.At.IsZero() || rules[e.Post.Site].form == "" || e.By.Followers < 0 {
			return nil, social.Errorf(social.Invalid, "The practice network sent a share without id, author or time.")
		}
		if e.Type != "share" && e.Type != "unshare" {
			return nil, social.Errorf(social.Invalid, "The practice network sent an event of an unknown type.")
		}
		by := e.Share.By
		s.ExternalID, s.Of, s.Undone = text.Cut(e.Share.ID), text.Cut(e.Share.Of), e.Type == "unshare"
		s.By, s.Own = author(e.Post.Site, e.By, by), fold(by) == fold(us)
	case e.Post.Quotes != "" && rules[e.Post.Site].form != "" && e.Post.ID != "" && e.Post.By != "" && !e.At.IsZero():
		by := e.Post.By
		s.Kind, s.ExternalID, s.Of, s.Undone = social.Quoted, text.Cut(e.Post.ID), text.Cut(e.Post.Quotes), e.Type == "delete"
		s.By, s.Own = author(e.Post.Site, e.By, by), fold(by) == fold(us)
	default:
		return nil, nil
	}
	return []social.Share{s}, nil
}
