package analyzeapi

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/parley-crm/parley/analyze"
	"github.com/parley-crm/parley/analyze/analyzedb"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

// NetworkAround answers what the analyze room itself does not know.
type NetworkAround interface {
	// Persons says who is behind identities.
	Persons(ctx context.Context, ids []social.IdentityID) (map[social.IdentityID]social.PersonID, error)
}

type networkAPI struct {
	db     *analyzedb.DB
	around NetworkAround
}

// RegisterNetwork adds the operations of who talks to whom. They are about people, so whoever may
// see people may ask; a web of all only those who may see all.
func RegisterNetwork(s *server.Server, db *analyzedb.DB, around NetworkAround) {
	a := &networkAPI{db, around}
	const tag = "Analyze"
	server.Register(s, server.Op{ID: "get-network", Method: http.MethodGet, Path: "/api/network", Tag: tag, Permission: social.PeopleRead,
		Summary: "Who talks to whom in public, in the last ninety days: how many, and the circles of those who belong together. Made anew every minute; every quarter of an hour where they are very many."}, a.network)
	server.Register(s, server.Op{ID: "list-network-people", Method: http.MethodGet, Path: "/api/network/people", Tag: tag, Permission: social.PeopleRead,
		Summary: "The people of the network with why each is listened to, those most listened to first, or those who stand most between."}, a.people)
	server.Register(s, server.Op{ID: "get-network-map", Method: http.MethodGet, Path: "/api/network/map", Tag: tag, Permission: social.PeopleRead,
		Summary: "The network as it is drawn: places and links."}, a.drawn)
	server.Register(s, server.Op{ID: "get-influence", Method: http.MethodGet, Path: "/api/network/influence", Tag: tag, Permission: social.PeopleRead,
		Summary: "How much accounts are listened to and why, with whom they talk most."}, a.influence)
}

// WebIn chooses a network.
type WebIn struct {
	Programme string `query:"programme" maxLength:"64" doc:"The network on a programme's channels; all if left out."`
}

// web is the one that may be seen.
func (in *WebIn) web(ctx context.Context) (social.ProgrammeID, error) {
	p := social.ProgrammeID(in.Programme)
	if scope := social.ScopeOf(ctx); p == "" && !scope.All || p != "" && !scope.Sees(p) {
		return "", social.Errorf(social.NotFound, "There is no such network. Choose a programme that you belong to.")
	}
	return p, nil
}

// KindIn chooses a way of turning to somebody.
type KindIn struct {
	Kind string `query:"kind" enum:"answered,named,shared,quoted" doc:"Only bonds of this kind; all if left out."`
}

// Who is somebody on the network.
type Who struct {
	Identity  social.IdentityID `json:"identity"`
	Person    social.PersonID   `json:"person,omitempty"`
	Name      string            `json:"name"`
	Handle    string            `json:"handle"`
	Followers int               `json:"followers"`
	Place     int               `json:"place" doc:"1 is listened to most."`
	Score     float64           `json:"score" doc:"0 to 100, of the one who is listened to most."`
	Circle    int               `json:"circle"`
	Bridge    float64           `json:"bridge" doc:"0 to 100: on how many of the shortest ways between others they stand, of the one on whose way most lies. Estimated from two hundred people."`
	BridgeNo  int               `json:"bridge_no"`
	Why       analyze.Why       `json:"why"`
}

// Circle is people who belong together.
type Circle struct {
	No     int   `json:"no"`
	People int   `json:"people"`
	Top    []Who `json:"top" doc:"Those who are listened to most in it."`
}

// Network is who talks to whom.
type Network struct {
	At          time.Time `json:"at"`
	Since       time.Time `json:"since"`
	People      int       `json:"people"`
	Bonds       int       `json:"bonds" doc:"How many turned to somebody: each pair once for each kind of bond."`
	Kinds       Kinds     `json:"kinds" doc:"The same by kind."`
	Circles     []Circle  `json:"circles" doc:"The largest, of more than two people."`
	CircleCount int       `json:"circle_count" doc:"How many circles there are of more than two people."`
	Ready       bool      `json:"ready" doc:"Whether it was made yet."`
}

// Kinds counts bonds by kind.
type Kinds struct {
	Answered int `json:"answered"`
	Named    int `json:"named"`
	Shared   int `json:"shared"`
	Quoted   int `json:"quoted"`
}

func (a *networkAPI) network(ctx context.Context, in *WebIn) (*server.Body[Network], error) {
	p, err := in.web(ctx)
	if err != nil {
		return nil, err
	}
	w, err := a.db.WebOf(ctx, p)
	if social.NotFound.Is(err) {
		return &server.Body[Network]{Body: Network{Circles: []Circle{}}}, nil
	}
	if err != nil {
		return nil, err
	}
	kinds, err := a.db.BondKinds(ctx, p)
	if err != nil {
		return nil, err
	}
	circles, all, err := a.db.Circles(ctx, p, 24)
	if err != nil {
		return nil, err
	}
	out := Network{At: w.At, Since: w.Since, People: w.People, Bonds: w.Bonds, Kinds: Kinds{kinds[analyzedb.Answered], kinds[analyzedb.Named], kinds[analyzedb.Shared], kinds[analyzedb.Quoted]}, Circles: []Circle{}, CircleCount: all, Ready: true}
	for _, c := range circles {
		top, err := a.who(ctx, c.Top)
		if err != nil {
			return nil, err
		}
		out.Circles = append(out.Circles, Circle{No: c.No, People: c.People, Top: top})
	}
	return &server.Body[Network]{Body: out}, nil
}

func (a *networkAPI) who(ctx context.Context, all []analyze.Influential) ([]Who, error) {
	out := make([]Who, len(all))
	ids := make([]social.IdentityID, len(all))
	for i, m := range all {
		ids[i] = m.Identity
	}
	persons := map[social.IdentityID]social.PersonID{}
	if len(ids) > 0 {
		var err error
		if persons, err = a.around.Persons(ctx, ids); err != nil {
			return nil, err
		}
	}
	for i, m := range all {
		out[i] = Who{Identity: m.Identity, Person: persons[m.Identity], Name: m.Name, Handle: m.Handle, Followers: m.Reach, Place: m.Place,
			Score: m.Score, Circle: m.Circle, Bridge: m.Bridge, BridgeNo: m.BridgeNo, Why: m.Why}
	}
	return out, nil
}

type peopleIn struct {
	server.Paging
	WebIn
	KindIn
	Circle int    `query:"circle" default:"-1" minimum:"-1" doc:"Only those of a circle."`
	Sort   string `query:"sort" enum:"influence,bridge" default:"influence"`
}

func (a *networkAPI) people(ctx context.Context, in *peopleIn) (*server.Body[server.Page[Who]], error) {
	p, err := in.web(ctx)
	if err != nil {
		return nil, err
	}
	ask := analyzedb.MemberAsk{Circle: in.Circle, Bridge: in.Sort == "bridge", Kind: analyzedb.Kind(in.Kind), Limit: limit(in.Limit) + 1}
	if in.Cursor != "" {
		if ask.After, err = strconv.Atoi(in.Cursor); err != nil || ask.After < 0 {
			return nil, &social.Error{Kind: social.Invalid, Field: "cursor", Text: "This cursor is not one of ours; start again without it."}
		}
	}
	found, err := a.db.Members(ctx, p, ask)
	if err != nil {
		return nil, err
	}
	next := ""
	if len(found) == ask.Limit {
		found = found[:len(found)-1]
		last := found[len(found)-1]
		if next = strconv.Itoa(last.Place); ask.Bridge {
			next = strconv.Itoa(last.BridgeNo)
		}
	}
	rows, err := a.who(ctx, found)
	return &server.Body[server.Page[Who]]{Body: server.NewPage(rows, next)}, err
}

func limit(n int) int {
	switch {
	case n <= 0:
		return 30
	case n > 100:
		return 100
	}
	return n
}

// Dot is somebody's place on the map.
type Dot struct {
	Place    int               `json:"p"`
	Identity social.IdentityID `json:"id"`
	Name     string            `json:"n"`
	Score    float64           `json:"s"`
	Circle   int               `json:"c"`
	X        float64           `json:"x"`
	Y        float64           `json:"y"`
}

// Map is the network as it is drawn.
type Map struct {
	Dots  []Dot    `json:"dots"`
	Links [][3]int `json:"links" doc:"Place, place, and how often the two turned to each other: of the kind that was asked for, or in all."`
}

type mapIn struct {
	WebIn
	KindIn
	Limit int `query:"limit" default:"20000" minimum:"1" maximum:"20000" doc:"How many people, those most listened to first."`
}

func (a *networkAPI) drawn(ctx context.Context, in *mapIn) (*server.Body[Map], error) {
	p, err := in.web(ctx)
	if err != nil {
		return nil, err
	}
	members, links, err := a.db.Map(ctx, p, in.Limit, analyzedb.Kind(in.Kind))
	if err != nil {
		return nil, err
	}
	out := Map{Dots: make([]Dot, len(members)), Links: make([][3]int, len(links))}
	for i, m := range members {
		out.Dots[i] = Dot{Place: m.Place, Identity: m.Identity, Name: m.Name, Score: round(m.Score), Circle: m.Circle, X: round(m.X), Y: round(m.Y)}
	}
	for i, l := range links {
		out.Links[i] = [3]int{l.A, l.B, l.Of(in.Kind)}
	}
	return &server.Body[Map]{Body: out}, nil
}

// round keeps two places, so that twenty thousand stay small.
func round(v float64) float64 {
	if v < 0 {
		return -round(-v)
	}
	return float64(int64(v*100+.5)) / 100
}

// Neighbour is somebody with whom somebody talks.
type Neighbour struct {
	Who
	Times int `json:"times" doc:"How often the two turned to each other."`
}

// Influence is how much an account is listened to, and why.
type Influence struct {
	Who
	Programme  social.ProgrammeID `json:"programme,omitempty" doc:"The network in which; all if left out."`
	People     int                `json:"people" doc:"How many are in the network."`
	Since      time.Time          `json:"since"`
	Neighbours []Neighbour        `json:"neighbours" doc:"With whom they talk most."`
}

// Influences are those of some accounts, the one who is listened to most first.
type Influences struct {
	Items []Influence `json:"items"`
}

type influenceIn struct {
	WebIn
	Identities string `query:"identities" required:"true" maxLength:"2000" doc:"Ids of identities, with commas between."`
}

func (a *networkAPI) influence(ctx context.Context, in *influenceIn) (*server.Body[Influences], error) {
	var ids []social.IdentityID
	for id := range strings.SplitSeq(in.Identities, ",") {
		if id = strings.TrimSpace(id); id != "" && len(ids) < 40 {
			ids = append(ids, social.IdentityID(id))
		}
	}
	scope := social.ScopeOf(ctx)
	webs := scope.Programmes
	switch {
	case in.Programme != "":
		p, err := in.web(ctx)
		if err != nil {
			return nil, err
		}
		webs = []social.ProgrammeID{p}
	case scope.All:
		webs = []social.ProgrammeID{""}
	}
	found, err := a.db.InfluenceOf(ctx, webs, ids)
	if err != nil {
		return nil, err
	}
	out := Influences{Items: []Influence{}}
	for _, p := range webs {
		if len(found[p]) == 0 {
			continue
		}
		w, err := a.db.WebOf(ctx, p)
		if err != nil {
			return nil, err
		}
		for _, m := range found[p] {
			x, err := a.one(ctx, w, m)
			if err != nil {
				return nil, err
			}
			out.Items = append(out.Items, x)
		}
	}
	return &server.Body[Influences]{Body: out}, nil
}

func (a *networkAPI) one(ctx context.Context, w analyze.Web, m analyze.Influential) (Influence, error) {
	who, err := a.who(ctx, []analyze.Influential{m})
	if err != nil {
		return Influence{}, err
	}
	near, times, err := a.db.Neighbours(ctx, w.Programme, m.Place, 8)
	if err != nil {
		return Influence{}, err
	}
	rows, err := a.who(ctx, near)
	out := Influence{Who: who[0], Programme: w.Programme, People: w.People, Since: w.Since, Neighbours: make([]Neighbour, len(rows))}
	for i, r := range rows {
		out.Neighbours[i] = Neighbour{r, times[i]}
	}
	return out, err
}
