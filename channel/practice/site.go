package practice

import (
	"unicode/utf8"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// Site is one of the places of a Network. Each behaves like one sort of
// network and has its own accounts, posts and limits.
type Site string

// The sites.
const (
	Microblog Site = "microblog" // short public posts, replies and direct messages
	Forum     Site = "forum"     // threads with a title
	Reviews   Site = "reviews"   // words about us with a rating
	Messages  Site = "messages"  // private letters with a subject
)

// Sites lists the sites, the usual one first.
func Sites() []Site { return []Site{Microblog, Forum, Reviews, Messages} }

// rule is how a site behaves.
type rule struct {
	max          int // characters
	form         social.Form
	visibilities []social.Visibility
	scheme       string // of its accounts
	title        string
}

var rules = map[Site]rule{
	Microblog: {500, social.FormPost, []social.Visibility{social.Public, social.Direct}, "practice", "The practice microblog"},
	Forum:     {10_000, social.FormPost, []social.Visibility{social.Public}, "practice", "The practice forum"},
	Reviews:   {4_000, social.FormReview, []social.Visibility{social.Public}, "practice", "The practice review site"},
	Messages:  {100_000, social.FormDirect, []social.Visibility{social.Direct}, "mailto", "The practice mailbox"},
}

// fit counts characters, as all sites here do.
func (r rule) fit(text string) channel.Room {
	left := r.max - utf8.RuneCountInString(text)
	return channel.Room{Fits: left >= 0 && text != "", Left: left, Max: r.max, Unit: "characters"}
}
