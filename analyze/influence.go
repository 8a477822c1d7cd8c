package analyze

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/parley-crm/parley/analyze/graph"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/social"
)

// Strand is how often somebody turned to somebody else.
type Strand struct {
	From, To social.IdentityID
	Kind     BondKind
	Times    int
}

// Speaker is what is known of somebody by what they said.
type Speaker struct {
	Name, Handle string
	Followers    int
	Posts        int
	Shares       int // how often their posts were shared, as the network counts
}

// Why says where somebody's influence comes from.
type Why struct {
	Answered  int      `json:"answered"`   // people who answered them
	Named     int      `json:"named"`      // people who named them
	Shared    int      `json:"shared"`     // people who shared what they said
	Quoted    int      `json:"quoted"`     // people who quoted it
	People    int      `json:"people"`     // people who did any of these
	Listened  int      `json:"listened"`   // of whom so many are much listened to themselves
	Notable   []string `json:"notable"`    // names of the three that are most
	Answers   int      `json:"answers"`    // how often they were answered
	Turned    int      `json:"turned"`     // people whom they turned to
	Circles   int      `json:"circles"`    // circles that they talk with, their own included
	Posts     int      `json:"posts"`      // that they said
	Shares    int      `json:"shares"`     // how often those were shared
	MuchPlace int      `json:"much_place"` // up to which place one is much listened to
}

// Influential is somebody on the map of who talks to whom.
type Influential struct {
	Place    int // 1 is listened to most
	Identity social.IdentityID
	Score    float64 // 0 to 100, of the one who is listened to most
	Circle   int
	Bridge   float64 // 0 to 100, of the one on whose way most lies
	BridgeNo int
	X, Y     float64
	Name     string
	Handle   string
	Reach    int
	Why      Why
}

// Link joins two places: how often the two turned to each other, in all and by kind.
type Link struct {
	A, B, Times                     int
	Answered, Named, Shared, Quoted int
}

// Of is how often the two turned to each other in a way: "answered", "named",
// "shared" or "quoted"; in all for "".
func (l Link) Of(way string) int {
	switch way {
	case "answered":
		return l.Answered
	case "named":
		return l.Named
	case "shared":
		return l.Shared
	case "quoted":
		return l.Quoted
	}
	return l.Times
}

func (l *Link) add(k BondKind, times int) {
	l.Times += times
	switch k {
	case BondReply:
		l.Answered += times
	case BondMention:
		l.Named += times
	case BondShare:
		l.Shared += times
	case BondQuote:
		l.Quoted += times
	}
}

// Web is the map of who talks to whom: on a programme's channels, or on all.
type Web struct {
	Programme social.ProgrammeID // "" for all
	At, Since time.Time
	People    int
	Bonds     int
	Took      time.Duration
	Members   []Influential // in the order of their places
	Links     []Link
}

// WebStore keeps webs.
type WebStore interface {
	// Strands adds up who turned to whom on channels (nil: all) since a time, our own accounts left out.
	Strands(ctx context.Context, channels []social.ChannelID, since time.Time) ([]Strand, error)
	SaveWeb(ctx context.Context, w Web) error
	// PruneBonds forgets bonds before a time.
	PruneBonds(ctx context.Context, before time.Time) error
}

// Speakers tells what is known of people by what they said.
type Speakers interface {
	Speakers(ctx context.Context, ids []social.IdentityID, since time.Time) (map[social.IdentityID]Speaker, error)
	// Programmes returns the channels of each programme that has some.
	ChannelsOf(ctx context.Context) (map[social.ProgrammeID][]social.ChannelID, error)
}

// Weaver makes webs of bonds, from time to time.
type Weaver struct {
	Store    WebStore
	Speakers Speakers
	Clock    clock.Clock

	last time.Time     // when webs were made last
	took time.Duration // and how long that took
}

// How a web is made.
const (
	WebDays     = 90
	samples     = 200    // people from whom the ways are followed
	mapMost     = 20_000 // people on a map
	linksMost   = 60_000
	rounds      = 60
	muchAtLeast = 5 // people who count as much listened to, at least
)

// Again makes the webs anew when it is time: about every three hundred times
// as long as it takes, a minute at least and a quarter of an hour at
// most, so that a small house is always fresh and a large one not kept busy.
func (w *Weaver) Again(ctx context.Context) error {
	if now := w.Clock.Now(); now.Sub(w.last) < min(max(300*w.took, time.Minute), 15*time.Minute) {
		return nil
	}
	return w.Weave(ctx)
}

// Weave makes the web of all and of each programme anew.
func (w *Weaver) Weave(ctx context.Context) error {
	now, began := w.Clock.Now(), time.Now()
	defer func() { w.last, w.took = now, time.Since(began) }()
	if err := w.Store.PruneBonds(ctx, now.AddDate(0, 0, -400)); err != nil {
		return err
	}
	channels, err := w.Speakers.ChannelsOf(ctx)
	if err != nil {
		return err
	}
	if err := w.weave(ctx, "", nil, now); err != nil {
		return err
	}
	ids := make([]social.ProgrammeID, 0, len(channels))
	for id := range channels {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for _, id := range ids {
		if err := w.weave(ctx, id, channels[id], now); err != nil {
			return err
		}
	}
	return nil
}

func (w *Weaver) weave(ctx context.Context, p social.ProgrammeID, on []social.ChannelID, now time.Time) error {
	began := time.Now()
	since := now.AddDate(0, 0, -WebDays)
	strands, err := w.Store.Strands(ctx, on, since)
	if err != nil {
		return err
	}
	web, ids := weaveWeb(strands)
	speakers, err := w.Speakers.Speakers(ctx, ids, since)
	if err != nil {
		return err
	}
	for i := range web.Members {
		m := &web.Members[i]
		s := speakers[m.Identity]
		m.Name, m.Handle, m.Reach, m.Why.Posts, m.Why.Shares = s.Name, s.Handle, s.Followers, s.Posts, s.Shares
		if m.Name == "" {
			m.Name = "somebody"
		}
	}
	nameNotable(web.Members)
	web.Programme, web.At, web.Since, web.Took = p, now, since, time.Since(began)
	return w.Store.SaveWeb(ctx, web)
}

// nameNotable puts names where places stood.
func nameNotable(all []Influential) {
	for i := range all {
		for k, n := range all[i].Why.Notable {
			if place, err := strconv.Atoi(n); err == nil {
				all[i].Why.Notable[k] = all[place-1].Name
			}
		}
	}
}

// weaveWeb looks at who turned to whom. The names of the notable are places
// still.
func weaveWeb(strands []Strand) (Web, []social.IdentityID) {
	number := map[social.IdentityID]int{}
	var ids []social.IdentityID
	no := func(id social.IdentityID) int {
		n, ok := number[id]
		if !ok {
			n = len(ids)
			number[id] = n
			ids = append(ids, id)
		}
		return n
	}
	var edges []graph.Edge
	for _, s := range strands {
		if s.From != s.To {
			// The tenth answer to the same person weighs little more than the ninth.
			edges = append(edges, graph.Edge{From: no(s.From), To: no(s.To), Weight: s.Kind.weight() * (1 + math.Log(float64(s.Times)))})
		}
	}
	n := len(ids)
	web := Web{People: n, Bonds: len(edges)}
	if n == 0 {
		return web, nil
	}
	rank, circle, bridge := graph.Rank(n, edges), graph.Circles(n, edges), graph.Bridge(n, edges, samples)
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(rank[b], rank[a]), cmp.Compare(ids[a], ids[b]))
	})
	order = order[:min(n, mapMost)]
	place := make([]int, n)
	for i, x := range order {
		place[x] = i + 1
	}
	much := max(muchAtLeast, len(order)/20)
	whys := reasons(n, strands, no, place, circle, much)
	at := layout(order, place, edges, circle)
	bridges := slices.Clone(order)
	slices.SortFunc(bridges, func(a, b int) int { return cmp.Or(cmp.Compare(bridge[b], bridge[a]), place[a]-place[b]) })
	bridgeNo := make([]int, n)
	for i, x := range bridges {
		bridgeNo[x] = i + 1
	}
	topRank, topBridge := rank[order[0]], max(bridge[bridges[0]], 1e-12)
	kept := make([]social.IdentityID, len(order))
	for i, x := range order {
		kept[i] = ids[x]
		web.Members = append(web.Members, Influential{Place: i + 1, Identity: ids[x], Score: 100 * rank[x] / topRank, Circle: circle[x],
			Bridge: 100 * bridge[x] / topBridge, BridgeNo: bridgeNo[x], X: at[i].X, Y: at[i].Y, Why: whys[x]})
	}
	web.Links = links(strands, no, place)
	return web, kept
}

// layout lays those out who are on the map.
func layout(order, place []int, edges []graph.Edge, circle []int) []graph.Point {
	on := make([]graph.Edge, 0, len(edges))
	for _, e := range edges {
		if place[e.From] > 0 && place[e.To] > 0 {
			on = append(on, graph.Edge{From: place[e.From] - 1, To: place[e.To] - 1, Weight: e.Weight})
		}
	}
	of := make([]int, len(order))
	for i, x := range order {
		of[i] = circle[x]
	}
	return graph.Layout(len(order), on, of, rounds)
}

// reasons count where influence comes from.
func reasons(n int, strands []Strand, no func(social.IdentityID) int, place, circle []int, much int) []Why {
	whys := make([]Why, n)
	people := make([]map[int]bool, n)
	circles := make([]map[int]bool, n)
	turned := make([]map[int]bool, n)
	put := func(m []map[int]bool, i, v int) {
		if m[i] == nil {
			m[i] = map[int]bool{}
		}
		m[i][v] = true
	}
	for _, s := range strands {
		if s.From == s.To {
			continue
		}
		f, t := no(s.From), no(s.To)
		switch s.Kind {
		case BondReply:
			whys[t].Answered++
			whys[t].Answers += s.Times
		case BondMention:
			whys[t].Named++
		case BondShare:
			whys[t].Shared++
		case BondQuote:
			whys[t].Quoted++
		}
		put(people, t, f)
		put(turned, f, t)
		put(circles, t, circle[f])
		put(circles, f, circle[t])
	}
	for i := range whys {
		w := &whys[i]
		w.People, w.Turned, w.MuchPlace = len(people[i]), len(turned[i]), much
		put(circles, i, circle[i])
		w.Circles = len(circles[i])
		var notable []int
		for f := range people[i] {
			if p := place[f]; p > 0 && p <= much {
				notable = append(notable, p)
			}
		}
		slices.Sort(notable)
		w.Listened = len(notable)
		w.Notable = []string{}
		for _, p := range notable[:min(len(notable), 3)] {
			w.Notable = append(w.Notable, strconv.Itoa(p))
		}
	}
	return whys
}

// links are the bonds to be drawn, the strongest first where there are too many.
func links(strands []Strand, no func(social.IdentityID) int, place []int) []Link {
	type pair struct{ a, b int }
	sum := map[pair]*Link{}
	for _, s := range strands {
		a, b := place[no(s.From)], place[no(s.To)]
		if a == 0 || b == 0 || a == b {
			continue
		}
		p := pair{min(a, b), max(a, b)}
		if sum[p] == nil {
			sum[p] = &Link{A: p.a, B: p.b}
		}
		sum[p].add(s.Kind, s.Times)
	}
	out := make([]Link, 0, len(sum))
	for _, l := range sum {
		out = append(out, *l)
	}
	slices.SortFunc(out, func(x, y Link) int { return cmp.Or(y.Times-x.Times, x.A-y.A, x.B-y.B) })
	return out[:min(len(out), linksMost)]
}
