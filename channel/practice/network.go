package practice

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/social"
)

// Persona is somebody who lives on the network. The same persona may speak on
// every site; there it has an account of its own.
type Persona struct {
	Handle    string `json:"handle"` // unique, without the @; compared folded
	Name      string `json:"name"`
	Email     string `json:"email,omitempty"` // on Messages; handle@mail.example when empty
	Followers int    `json:"followers,omitempty"`
	Lang      string `json:"lang,omitempty"` // BCP 47; "en" when empty
	Place     string `json:"place,omitempty"`
	Mood      Mood   `json:"mood,omitempty"` // how they take an answer; Calm when empty
	Avatar    string `json:"avatar,omitempty"`
}

// Said is something that a persona says.
type Said struct {
	Site   Site // Microblog when empty; a reply stays on the site of its parent
	Text   string
	Title  string  // of a forum thread, a review or a letter
	Lang   string  // the persona's when empty
	Rating float64 // 1 to 5, on Reviews
	Likes  int     // that it has gathered already
	Shares int
	To     string       // handle that it is directed at; on Reviews the handle that is reviewed
	Place  social.Place // on Reviews: of which place
	Files  []File
	CC     []string // on Messages: addresses that get the letter too
	HTML   string   // on Messages: how it looks
}

// Post is something that stands on the network.
type Post struct {
	ID         string            `json:"id"`
	Site       Site              `json:"site"`
	Key        string            `json:"key,omitempty"` // of what was posted through the channel
	By         string            `json:"by"`            // handle
	To         string            `json:"to,omitempty"`
	Form       social.Form       `json:"form"`
	Title      string            `json:"title,omitempty"`
	Text       string            `json:"text"`
	Lang       string            `json:"lang,omitempty"`
	Rating     float64           `json:"rating,omitempty"`
	Place      social.Place      `json:"place,omitzero"`
	Visibility social.Visibility `json:"visibility"`
	Audience   social.Audience   `json:"audience,omitempty"`
	Parent     string            `json:"parent,omitempty"`
	ParentBy   string            `json:"parent_by,omitempty"`
	Root       string            `json:"root,omitempty"`
	Quotes     string            `json:"quotes,omitempty"` // id of a post that it passes on
	At         time.Time         `json:"at"`
	Version    int               `json:"version"` // 1, and one more with each edit
	Likes      int               `json:"likes,omitempty"`
	Shares     int               `json:"shares,omitempty"`
	LikedBy    []string          `json:"liked_by,omitempty"` // handles that liked it through the channel
	Gone       bool              `json:"gone,omitempty"`
	Hidden     bool              `json:"hidden,omitempty"` // by us, from everybody else
	Files      []File            `json:"files,omitempty"`
	CC         []string          `json:"cc,omitempty"` // addresses that got it too
	HTML       string            `json:"html,omitempty"`
}

// Network is the simulated network.
type Network struct {
	mu      sync.Mutex
	seed    uint64
	clock   clock.Clock
	lively  bool
	people  map[string]Persona // by folded handle
	brands  map[string]bool    // folded handles that a channel speaks as
	posts   map[string]*Post
	order   []string // ids of posts, oldest first
	keys    map[string]string
	shares  map[[2]string]string // ids of shares that stand, by post and folded handle
	log     []entry
	due     []answer          // what personas will say, by time
	scene   int               // how many lines Stir has used
	files   map[string][]byte // bytes of files, by post and number
	trouble Trouble
	stir    chan struct{} // closed and replaced when the log grows
	breaks  chan struct{} // closed and replaced when streams break
}

// NewNetwork returns an empty network.
func NewNetwork(seed uint64, c clock.Clock) *Network {
	return &Network{
		seed: seed, clock: c,
		people: map[string]Persona{}, brands: map[string]bool{},
		posts: map[string]*Post{}, keys: map[string]string{}, shares: map[[2]string]string{},
		files: map[string][]byte{},
		stir:  make(chan struct{}), breaks: make(chan struct{}),
	}
}

// Join adds personas, or changes those with the same handle.
func (n *Network) Join(people ...Persona) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, p := range people {
		if p.Lang == "" {
			p.Lang = "en"
		}
		if p.Mood == "" {
			p.Mood = Calm
		}
		if p.Email == "" {
			p.Email = fold(p.Handle) + "@mail.example"
		}
		n.people[fold(p.Handle)] = p
	}
}

// People lists the personas by handle.
func (n *Network) People() []Persona {
	n.mu.Lock()
	defer n.mu.Unlock()
	var out []Persona
	for _, h := range sortedKeys(n.people) {
		out = append(out, n.people[h])
	}
	return out
}

// Post lets a persona say something that answers nobody, and returns its id.
// It is directed at us if it names our handle with an @, if To is our handle,
// or if it is a review.
func (n *Network) Post(by string, s Said) (string, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if s.Site == "" {
		s.Site = Microblog
	}
	r, ok := rules[s.Site]
	if !ok {
		return "", social.Errorf(social.Invalid, "The practice network has no site %q.", s.Site)
	}
	if s.Rating != 0 && (s.Site != Reviews || s.Rating < 1 || s.Rating > 5) {
		return "", social.Errorf(social.Invalid, "A rating is 1 to 5 and stands on the site reviews.")
	}
	if s.Place != (social.Place{}) && s.Site != Reviews {
		return "", social.Errorf(social.Invalid, "Only the site reviews speaks of places.")
	}
	visibility := social.Public
	if s.Site == Messages {
		visibility = social.Direct
	}
	return n.say(by, s, Post{Form: r.form, Visibility: visibility})
}

// Reply lets a persona answer a post, on that post's site and as visible as
// that post, and returns the id of the answer.
func (n *Network) Reply(by, parent string, s Said) (string, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.reply(by, parent, s)
}

func (n *Network) reply(by, parent string, s Said) (string, error) {
	p, err := n.standing(parent)
	if err != nil {
		return "", err
	}
	s.Site = p.Site
	form := social.FormComment
	if p.Visibility == social.Direct {
		form = social.FormDirect
		if s.To == "" {
			s.To = p.By
			if fold(by) == fold(p.By) {
				s.To = p.To
			}
		}
	}
	return n.say(by, s, Post{Form: form, Visibility: p.Visibility, Parent: p.ID, ParentBy: p.By, Root: p.thread()})
}

// Direct lets a persona write to us alone: s.To is our handle. It works on
// Microblog and on Messages (the usual one here).
func (n *Network) Direct(by string, s Said) (string, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if s.Site == "" {
		s.Site = Messages
	}
	if !slices.Contains(rules[s.Site].visibilities, social.Direct) {
		return "", social.Errorf(social.Invalid, "The site %q has no direct messages.", s.Site)
	}
	if s.To == "" {
		return "", social.Errorf(social.Invalid, "A direct message needs the handle it is for.")
	}
	return n.say(by, s, Post{Form: social.FormDirect, Visibility: social.Direct})
}

// say fills in the rest of a post and puts it on the network.
func (n *Network) say(by string, s Said, p Post) (string, error) {
	who, ok := n.people[fold(by)]
	if !ok {
		return "", social.Errorf(social.NotFound, "Nobody called %q lives on the practice network.", by)
	}
	if strings.TrimSpace(s.Text) == "" && s.Rating == 0 && len(s.Files) == 0 {
		return "", social.Errorf(social.Invalid, "A post needs words.")
	}
	p.Site, p.By, p.To, p.Title, p.Text, p.Lang = s.Site, who.Handle, s.To, s.Title, s.Text, s.Lang
	p.Rating, p.Likes, p.Shares, p.Place = s.Rating, s.Likes, s.Shares, s.Place
	if s.Site == Messages {
		p.CC, p.HTML = s.CC, s.HTML
	}
	if p.Lang == "" {
		p.Lang = who.Lang
	}
	return n.put(p, s.Files...).ID, nil
}

// put gives a post its id and time and writes it into the log.
func (n *Network) put(p Post, files ...File) *Post {
	p.ID = fmt.Sprintf("%s-%06d", p.Site, len(n.order)+1)
	p.At, p.Version = n.clock.Now(), 1
	n.posts[p.ID] = &p
	n.order = append(n.order, p.ID)
	if p.Key != "" {
		n.keys[p.Key] = p.ID
	}
	n.enclose(&p, files)
	n.write("create", &p)
	return &p
}

// Edit changes the words of a post.
func (n *Network) Edit(id, text string) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	p, err := n.standing(id)
	if err != nil {
		return err
	}
	p.Text = text
	p.Version++
	n.write("update", p)
	return nil
}

// Delete takes a post away.
func (n *Network) Delete(id string) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	p, err := n.standing(id)
	if err != nil {
		return err
	}
	p.Gone = true
	p.Version++
	n.write("delete", p)
	return nil
}

// Like adds likes and shares that a post has gathered.
func (n *Network) Like(id string, likes, shares int) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	p, err := n.standing(id)
	if err != nil {
		return err
	}
	p.Likes += likes
	p.Shares += shares
	return nil
}

// Posts lists what everybody can see on a site ("" for all), oldest first.
func (n *Network) Posts(s Site) []Post {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.settle()
	return n.list(func(p *Post) bool { return !p.Gone && !p.Hidden && (s == "" || p.Site == s) })
}

// Stands says whether a post stands on the network, and whether we hid it.
func (n *Network) Stands(id string) (there, hidden bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	p, err := n.standing(id)
	return err == nil, err == nil && p.Hidden
}

// Ours lists what was posted through channels, oldest first.
func (n *Network) Ours() []Post {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.list(func(p *Post) bool { return !p.Gone && p.Key != "" })
}

func (n *Network) list(keep func(*Post) bool) []Post {
	var out []Post
	for _, id := range n.order {
		if p := n.posts[id]; keep(p) {
			out = append(out, p.copy())
		}
	}
	return out
}

func (n *Network) standing(id string) (*Post, error) {
	p, ok := n.posts[id]
	if !ok || p.Gone {
		return nil, social.Errorf(social.NotFound, "The post %q does not stand on the practice network.", id)
	}
	return p, nil
}

// thread is the id that all posts of a thread share.
func (p *Post) thread() string {
	if p.Root != "" {
		return p.Root
	}
	return p.ID
}

func (p *Post) copy() Post {
	c := *p
	c.LikedBy = slices.Clone(p.LikedBy)
	return c
}

func fold(handle string) string {
	return strings.ToLower(strings.TrimPrefix(strings.TrimSpace(handle), "@"))
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
