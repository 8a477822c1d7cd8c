package practice

import (
	"encoding/json"
	"io"

	"github.com/parley-crm/parley/social"
)

// snapshot is a network at rest.
type snapshot struct {
	Format int       `json:"format"`
	Seed   uint64    `json:"seed"`
	Lively bool      `json:"lively,omitempty"`
	Scene  int       `json:"scene,omitempty"`
	People []Persona `json:"people"`
	Brands []string  `json:"brands,omitempty"`
	Posts  []*Post   `json:"posts"`
	Log    []entry   `json:"log"`
	Due    []answer  `json:"due,omitempty"`
}

// Save writes the whole network as JSON.
func (n *Network) Save(w io.Writer) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	s := snapshot{Format: 1, Seed: n.seed, Lively: n.lively, Scene: n.scene, Log: n.log, Due: n.due}
	for _, h := range sortedKeys(n.people) {
		s.People = append(s.People, n.people[h])
	}
	s.Brands = sortedKeys(n.brands)
	for _, id := range n.order {
		s.Posts = append(s.Posts, n.posts[id])
	}
	return json.NewEncoder(w).Encode(s)
}

// Load replaces the network by what Save wrote. If that cannot be read, the
// network stays as it is and the error is of kind Invalid.
func (n *Network) Load(r io.Reader) error {
	var s snapshot
	if err := json.NewDecoder(r).Decode(&s); err != nil {
		return social.Because(social.Invalid, err, "The saved practice network cannot be read.")
	}
	if s.Format != 1 {
		return social.Errorf(social.Invalid, "The saved practice network has format %d; this version knows format 1.", s.Format)
	}
	for _, p := range s.Posts {
		if p == nil || p.ID == "" {
			return social.Errorf(social.Invalid, "The saved practice network has a post without id.")
		}
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.seed, n.lively, n.scene, n.log, n.due = s.Seed, s.Lively, s.Scene, s.Log, s.Due
	n.people, n.posts, n.keys, n.order = map[string]Persona{}, map[string]*Post{}, map[string]string{}, nil
	for _, p := range s.People {
		n.people[fold(p.Handle)] = p
	}
	for _, b := range s.Brands {
		n.brands[b] = true
	}
	n.shares = map[[2]string]string{}
	for _, e := range n.log {
		if e.Share != nil {
			n.stand(*e.Share, e.Type == "share")
		}
	}
	for _, p := range s.Posts {
		n.posts[p.ID] = p
		n.order = append(n.order, p.ID)
		if p.Key != "" {
			n.keys[p.Key] = p.ID
		}
	}
	n.drop()
	return nil
}
