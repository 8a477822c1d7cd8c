package listenapi

import (
	"context"
	"net/http"
	"time"

	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/listen/place"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

// PlacesAround answers what places do not know themselves.
type PlacesAround interface {
	Around
	// ProgrammesCalled finds the programmes that the actor may see by their
	// folded names.
	ProgrammesCalled(ctx context.Context) (map[string]social.ProgrammeID, error)
}

type placesAPI struct {
	*api
	book   *place.Book
	around PlacesAround
}

// RegisterPlaces adds the operations on places.
func RegisterPlaces(s *server.Server, station *listen.Station, book *place.Book, around PlacesAround) {
	a := &placesAPI{&api{station: station, around: around}, book, around}
	const tag = "Listen"
	server.Register(s, server.Op{ID: "list-places", Method: http.MethodGet, Path: "/api/places", Tag: tag, Permission: social.ListenRead,
		Summary: "Our branches, or cities, ranked by rating, number, change or share answered."}, a.list)
	server.Register(s, server.Op{ID: "map-places", Method: http.MethodGet, Path: "/api/places/map", Tag: tag, Permission: social.ListenRead,
		Summary: "All places of the list at once, as few figures as a map needs."}, a.chart)
	server.Register(s, server.Op{ID: "find-places", Method: http.MethodGet, Path: "/api/places/find", Tag: tag, Permission: social.ListenRead,
		Summary: "Branches and cities by the beginning of their name."}, a.find)
	server.Register(s, server.Op{ID: "compare-places", Method: http.MethodGet, Path: "/api/places/compare", Tag: tag, Permission: social.ListenRead,
		Summary: "Two places side by side, with how far apart they are and how sure that is."}, a.compare)
	server.Register(s, server.Op{ID: "add-place", Method: http.MethodPost, Path: "/api/places", Tag: tag, Permission: social.ListenWrite, Status: http.StatusCreated,
		Summary: "Add a branch. What was heard before is looked at again behind it."}, a.add)
	server.Register(s, server.Op{ID: "import-places", Method: http.MethodPost, Path: "/api/places/import", Tag: tag, Permission: social.ListenWrite, MaxBody: 8 << 20,
		Summary: "Read a file of branches (CSV). With preview nothing is kept. The same file twice changes nothing."}, a.load)
	server.Register(s, server.Op{ID: "get-place", Method: http.MethodGet, Path: "/api/places/{id}", Tag: tag, Permission: social.ListenRead,
		Summary: "One place: a branch of ours, or a city of the world with the branches in it."}, a.get)
	server.Register(s, server.Op{ID: "edit-place", Method: http.MethodPatch, Path: "/api/places/{id}", Tag: tag, Permission: social.ListenWrite,
		Summary: "Change a branch, or close it. What is left out stays."}, a.edit)
	server.Register(s, server.Op{ID: "remove-place", Method: http.MethodDelete, Path: "/api/places/{id}", Tag: tag, Permission: social.ListenWrite, Status: http.StatusNoContent,
		Summary: "Take a branch away. What was said of it stays, and is tied to the city where the evidence says so."}, a.remove)
	server.Register(s, server.Op{ID: "get-place-series", Method: http.MethodGet, Path: "/api/places/{id}/series", Tag: tag, Permission: social.ListenRead,
		Summary: "Ratings and moods of a place, step by step."}, a.placeSeries)
	server.Register(s, server.Op{ID: "list-place-reviews", Method: http.MethodGet, Path: "/api/places/{id}/reviews", Tag: tag, Permission: social.ListenRead,
		Summary: "What was said of a place, newest first. A page may be short and yet have a next one."}, a.reviews)
	server.Register(s, server.Op{ID: "get-place-words", Method: http.MethodGet, Path: "/api/places/{id}/words", Tag: tag, Permission: social.ListenRead,
		Summary: "The words that stand out in a place's newest reviews, with the rating of those that say them."}, a.words)
	server.Register(s, server.Op{ID: "correct-place", Method: http.MethodPost, Path: "/api/mentions/{id}/place", Tag: tag, Permission: social.ListenWrite,
		Summary: "Say by hand of which place a mention speaks, that it speaks of none, or give the decision back to the evidence."}, a.correct)
}

// Tie is the place that a mention speaks of, with its evidence.
type Tie struct {
	ID         social.PlaceID `json:"id,omitempty" doc:"Left out when it is left open, or speaks of no place."`
	Name       string         `json:"name"`
	Branch     bool           `json:"branch" doc:"One of our own; otherwise a city."`
	Via        string         `json:"via" doc:"hand, network, page, channel, words or author."`
	Confidence float64        `json:"confidence"`
	Why        string         `json:"why" doc:"The evidence, word for word where it is words."`
	Pinned     bool           `json:"pinned" doc:"Corrected by hand."`
	Others     []PlaceGuess   `json:"others" doc:"What else it could be."`
}

// PlaceGuess is a place that was possible.
type PlaceGuess struct {
	ID    social.PlaceID `json:"id"`
	Name  string         `json:"name"`
	Share float64        `json:"share"`
}

// tie is the place of a mention, nil where nothing is known.
func (a *api) tie(t social.Tie) *Tie {
	if t.Place == "" && len(t.Others) == 0 && t.Pinned.IsZero() {
		return nil
	}
	out := &Tie{ID: t.Place, Via: t.Via, Confidence: t.Confidence, Why: t.Why, Pinned: !t.Pinned.IsZero(), Others: []PlaceGuess{}}
	out.Name, out.Branch = a.station.PlaceCalled(t.Place)
	for _, g := range t.Others {
		name, _ := a.station.PlaceCalled(g.Place)
		out.Others = append(out.Others, PlaceGuess{g.Place, name, g.Share})
	}
	return out
}

// PlaceRef is how a network knows a branch.
type PlaceRef struct {
	Network string `json:"network" minLength:"1" maxLength:"40" doc:"The kind of a channel, url, or channel when a whole channel speaks of it."`
	Value   string `json:"value" minLength:"1" maxLength:"500"`
}

// Figures are how a place stands over a period.
type Figures struct {
	Count     int      `json:"count" doc:"Mentions and reviews."`
	Negative  int      `json:"negative"`
	Neutral   int      `json:"neutral"`
	Positive  int      `json:"positive"`
	Net       *float64 `json:"net,omitempty" doc:"Share positive less share negative, of what has a sentiment."`
	Reviews   int      `json:"reviews" doc:"Those with a rating."`
	Mean      *float64 `json:"mean,omitempty" doc:"Mean rating, as it is."`
	Stars     [5]int   `json:"stars" doc:"Reviews with one to five stars, rounded."`
	Answered  int      `json:"answered" doc:"Reviews that we answered."`
	Score     *float64 `json:"score,omitempty" doc:"Mean rating with the prior in it: what the ranking goes by."`
	ScoreLow  *float64 `json:"score_low,omitempty"`
	ScoreHigh *float64 `json:"score_high,omitempty"`
}

// Difference is how far apart two figures are.
type Difference struct {
	By    float64 `json:"by"`
	Low   float64 `json:"low" doc:"The difference lies between low and high with 95% confidence."`
	High  float64 `json:"high"`
	Clear bool    `json:"clear" doc:"The range leaves 0 out."`
}

// Prior is what the ranking believes of a place before its reviews are read.
type Prior struct {
	Mean   float64 `json:"mean"`
	Weight float64 `json:"weight" doc:"As so many reviews."`
}

// Place is a branch of ours or a city.
type Place struct {
	ID        social.PlaceID `json:"id"`
	Branch    bool           `json:"branch"`
	Code      string         `json:"code"`
	Name      string         `json:"name"`
	Street    string         `json:"street"`
	City      string         `json:"city"`
	Postcode  string         `json:"postcode"`
	Region    string         `json:"region"`
	Country   string         `json:"country"`
	Lat       float64        `json:"lat"`
	Lon       float64        `json:"lon"`
	Phone     string         `json:"phone"`
	Refs      []PlaceRef     `json:"refs"`
	Programme *Ref           `json:"programme,omitempty"`
	State     place.State    `json:"state" doc:"open or closed."`
	Town      *Ref           `json:"town,omitempty" doc:"The city that a branch lies in."`
	Now       Figures        `json:"now"`
	Before    Figures        `json:"before" doc:"The period before, as long."`
	Change    *Difference    `json:"change,omitempty" doc:"Of the mean rating against the period before; left out with fewer than two reviews on a side."`
}

func figures(s place.Sum) Figures {
	out := Figures{Count: s.Count, Negative: s.Negative, Neutral: s.Neutral, Positive: s.Positive, Reviews: s.Reviews, Stars: s.Star, Answered: s.Answered}
	if v, ok := s.Net(); ok {
		out.Net = &v
	}
	if v, ok := s.Mean(); ok {
		out.Mean = &v
	}
	return out
}

func (f *Figures) scored(s place.Score, ok bool) {
	if ok {
		f.Score, f.ScoreLow, f.ScoreHigh = &s.Value, &s.Low, &s.High
	}
}

func difference(d place.Apart, ok bool) *Difference {
	if !ok {
		return nil
	}
	return &Difference{d.By, d.Low, d.High, d.Clear}
}

func (a *placesAPI) place(b place.Branch, programmes map[social.ProgrammeID]*Ref) Place {
	out := Place{ID: b.ID, Branch: !place.IsCity(b.ID), Code: b.Code, Name: b.Name, Street: b.Street, City: b.City, Postcode: b.Postcode, Region: b.Region,
		Country: b.Country, Lat: b.Lat, Lon: b.Lon, Phone: b.Phone, Refs: []PlaceRef{}, Programme: programmes[b.Programme], State: b.State}
	for _, r := range b.Refs {
		out.Refs = append(out.Refs, PlaceRef(r))
	}
	if name, _ := a.book.Called(b.Town); name != "" && b.Town != b.ID {
		out.Town = &Ref{ID: string(b.Town), Name: name}
	}
	return out
}

func (a *placesAPI) ranked(r place.Ranked, programmes map[social.ProgrammeID]*Ref) Place {
	out := a.place(r.Branch, programmes)
	out.Now, out.Before = figures(r.Sum), figures(r.Before)
	out.Now.scored(r.Score, r.Rated)
	out.Change = difference(r.Change, r.Moved)
	return out
}

func (a *placesAPI) namesOf(ctx context.Context, all []place.Ranked) (map[social.ProgrammeID]*Ref, error) {
	ids := make([]social.ProgrammeID, len(all))
	for i, r := range all {
		ids[i] = r.Programme
	}
	return a.programmes(ctx, ids)
}

// PlaceAsk chooses and orders places.
type PlaceAsk struct {
	Kind      string `query:"kind" enum:"branch,city" default:"branch"`
	Range     string `query:"range" enum:"30d,90d,365d" default:"90d"`
	Sort      string `query:"sort" enum:"rating,count,change,answered,name" default:"rating"`
	Q         string `query:"q" maxLength:"200" doc:"Words in name, address or code."`
	Country   string `query:"country" maxLength:"2"`
	Programme string `query:"programme" maxLength:"64"`
}

var daysOf = map[string]int{"30d": 30, "90d": 90, "365d": 365}

func (q PlaceAsk) ask() place.Ask {
	return place.Ask{Cities: q.Kind == "city", Days: daysOf[q.Range], Text: q.Q, Country: q.Country, Programme: social.ProgrammeID(q.Programme), Sort: q.Sort}
}

// Places is a page of the ranking.
type Places struct {
	server.Page[Place]
	Total   int       `json:"total"`
	Prior   Prior     `json:"prior"`
	All     Figures   `json:"all" doc:"Of all places together."`
	From    time.Time `json:"from"`
	To      time.Time `json:"to"`
	Looking *Backfill `json:"looking,omitempty" doc:"How far the look through what was heard before is, after branches changed."`
	Credit  string    `json:"credit" doc:"Must be shown beside names and coordinates."`
}

func (a *placesAPI) list(ctx context.Context, in *struct {
	server.Paging
	PlaceAsk
}) (*server.Body[Places], error) {
	r, err := a.book.Rank(ctx, in.ask())
	if err != nil {
		return nil, err
	}
	page, next, err := after(r.Places, in.Paging)
	if err != nil {
		return nil, err
	}
	programmes, err := a.namesOf(ctx, page)
	if err != nil {
		return nil, err
	}
	out := Places{Total: len(r.Places), Prior: Prior{r.Prior.Mean, r.Prior.Weight}, All: figures(r.All), From: r.From, To: r.To, Credit: place.Credit}
	var rows []Place
	for _, p := range page {
		rows = append(rows, a.ranked(p, programmes))
	}
	out.Page = server.NewPage(rows, next)
	past, under, err := a.book.Looking(ctx)
	if under {
		out.Looking = &Backfill{State: "fill", Done: past.Done, Of: past.Of}
	}
	return &server.Body[Places]{Body: out}, err
}

// after takes the page behind the place whose id is the cursor.
func after(all []place.Ranked, p server.Paging) ([]place.Ranked, string, error) {
	last, err := fromCursor(p.Cursor)
	if err != nil {
		return nil, "", err
	}
	from := 0
	if last != "" {
		for from < len(all) && string(all[from].ID) != last {
			from++
		}
		if from == len(all) {
			return nil, "", foreign()
		}
		from++
	}
	limit := pageSize(p.Limit)
	if len(all)-from <= limit {
		return all[from:], "", nil
	}
	return all[from : from+limit], toCursor(string(all[from+limit-1].ID)), nil
}

// Dot is a place on the map.
type Dot struct {
	ID      social.PlaceID `json:"id"`
	Name    string         `json:"name"`
	Lat     float64        `json:"lat"`
	Lon     float64        `json:"lon"`
	Count   int            `json:"count"`
	Reviews int            `json:"reviews"`
	Score   *float64       `json:"score,omitempty"`
	Net     *float64       `json:"net,omitempty"`
	State   place.State    `json:"state"`
}

// Chart is what the map draws.
type Chart struct {
	Dots   []Dot  `json:"dots"`
	More   int    `json:"more" doc:"How many are left out: the map takes the 5,000 with most said of them."`
	Credit string `json:"credit"`
}

func (a *placesAPI) chart(ctx context.Context, in *PlaceAsk) (*server.Body[Chart], error) {
	ask := in.ask()
	ask.Sort = "count"
	r, err := a.book.Rank(ctx, ask)
	if err != nil {
		return nil, err
	}
	out := Chart{Dots: []Dot{}, Credit: place.Credit}
	const most = 5000
	for _, p := range r.Places[:min(most, len(r.Places))] {
		f := figures(p.Sum)
		f.scored(p.Score, p.Rated)
		out.Dots = append(out.Dots, Dot{ID: p.ID, Name: p.Name, Lat: p.Lat, Lon: p.Lon, Count: f.Count, Reviews: f.Reviews, Score: f.Score, Net: f.Net, State: p.State})
	}
	out.More = max(0, len(r.Places)-most)
	return &server.Body[Chart]{Body: out}, nil
}

// Found is a place that a name begins.
type Found struct {
	ID     social.PlaceID `json:"id"`
	Name   string         `json:"name"`
	Detail string         `json:"detail"`
	Branch bool           `json:"branch"`
}

func (a *placesAPI) find(ctx context.Context, in *struct {
	Q         string `query:"q" maxLength:"100"`
	Countries bool   `query:"countries" doc:"Countries too, as queries may name them."`
}) (*server.Body[server.Page[Found]], error) {
	branches, cities := a.book.Find(ctx, in.Q, 8)
	var rows []Found
	for _, b := range branches {
		rows = append(rows, Found{b.ID, b.Name, joined(b.Street, b.City), true})
	}
	if in.Countries {
		for _, id := range place.Countries(in.Q, 3) {
			name, _ := a.book.Called(id)
			rows = append(rows, Found{id, name, "", false})
		}
	}
	for _, c := range cities {
		rows = append(rows, Found{c.ID, c.Label(), place.CountryName(c.Country), false})
	}
	return &server.Body[server.Page[Found]]{Body: server.NewPage(rows, "")}, nil
}

func joined(a, b string) string {
	if a != "" && b != "" {
		return a + ", " + b
	}
	return a + b
}
