package listenapi

import (
	"context"
	"time"

	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/listen/place"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

// PlaceBody says what a branch is.
type PlaceBody struct {
	Code      string             `json:"code,omitempty" maxLength:"200" doc:"Our own number of it."`
	Name      string             `json:"name" maxLength:"200"`
	Street    string             `json:"street,omitempty" maxLength:"200"`
	City      string             `json:"city,omitempty" maxLength:"200"`
	Postcode  string             `json:"postcode,omitempty" maxLength:"200"`
	Region    string             `json:"region,omitempty" maxLength:"200"`
	Country   string             `json:"country,omitempty" maxLength:"200" doc:"ISO 3166-1 alpha-2, or a name."`
	Lat       float64            `json:"lat,omitempty" minimum:"-90" maximum:"90" doc:"Left out, the city says where it is."`
	Lon       float64            `json:"lon,omitempty" minimum:"-180" maximum:"180"`
	Phone     string             `json:"phone,omitempty" maxLength:"200"`
	Refs      []PlaceRef         `json:"refs,omitempty" maxItems:"30"`
	Programme social.ProgrammeID `json:"programme,omitempty" maxLength:"64"`
}

func refs(in []PlaceRef) []place.Ref {
	out := make([]place.Ref, len(in))
	for i, r := range in {
		out[i] = place.Ref(r)
	}
	return out
}

func (a *placesAPI) add(ctx context.Context, in *struct{ Body PlaceBody }) (*server.Body[Place], error) {
	x := in.Body
	b, err := a.book.Add(ctx, place.Branch{Code: x.Code, Name: x.Name, Street: x.Street, City: x.City, Postcode: x.Postcode, Region: x.Region,
		Country: x.Country, Lat: x.Lat, Lon: x.Lon, Phone: x.Phone, Refs: refs(x.Refs), Programme: x.Programme})
	return a.one(ctx, b, err)
}

func (a *placesAPI) one(ctx context.Context, b place.Branch, err error) (*server.Body[Place], error) {
	if err != nil {
		return nil, err
	}
	programmes, err := a.programmes(ctx, []social.ProgrammeID{b.Programme})
	if err != nil {
		return nil, err
	}
	return &server.Body[Place]{Body: a.place(b, programmes)}, nil
}

func (a *placesAPI) edit(ctx context.Context, in *struct {
	ByID
	Body struct {
		Code      *string             `json:"code,omitempty" maxLength:"200"`
		Name      *string             `json:"name,omitempty" maxLength:"200"`
		Street    *string             `json:"street,omitempty" maxLength:"200"`
		City      *string             `json:"city,omitempty" maxLength:"200"`
		Postcode  *string             `json:"postcode,omitempty" maxLength:"200"`
		Region    *string             `json:"region,omitempty" maxLength:"200"`
		Country   *string             `json:"country,omitempty" maxLength:"200"`
		Lat       *float64            `json:"lat,omitempty" minimum:"-90" maximum:"90"`
		Lon       *float64            `json:"lon,omitempty" minimum:"-180" maximum:"180"`
		Phone     *string             `json:"phone,omitempty" maxLength:"200"`
		Refs      *[]PlaceRef         `json:"refs,omitempty" maxItems:"30"`
		Programme *social.ProgrammeID `json:"programme,omitempty" maxLength:"64"`
		State     *place.State        `json:"state,omitempty" enum:"open,closed"`
	}
}) (*server.Body[Place], error) {
	x := in.Body
	p := place.Patch{Code: x.Code, Name: x.Name, Street: x.Street, City: x.City, Postcode: x.Postcode, Region: x.Region, Country: x.Country, Phone: x.Phone,
		Lat: x.Lat, Lon: x.Lon, Programme: x.Programme, State: x.State}
	if x.Refs != nil {
		r := refs(*x.Refs)
		p.Refs = &r
	}
	b, err := a.book.Change(ctx, social.PlaceID(in.ID), p)
	return a.one(ctx, b, err)
}

func (a *placesAPI) remove(ctx context.Context, in *ByID) (*struct{}, error) {
	return nil, a.book.Remove(ctx, social.PlaceID(in.ID))
}

// PlaceRange is the period that figures are about.
type PlaceRange struct {
	Range string `query:"range" enum:"30d,90d,365d" default:"90d"`
}

// PlaceDetail is a place with what it is weighed against.
type PlaceDetail struct {
	Place
	Prior  Prior  `json:"prior"`
	Inside []Ref  `json:"inside" doc:"The branches in a city."`
	Credit string `json:"credit"`
}

func (a *placesAPI) get(ctx context.Context, in *struct {
	ByID
	PlaceRange
}) (*server.Body[PlaceDetail], error) {
	d, _, err := a.standing(ctx, in.ID, in.Range)
	return &server.Body[PlaceDetail]{Body: d}, err
}

func (a *placesAPI) standing(ctx context.Context, id, span string) (PlaceDetail, place.Stand, error) {
	s, err := a.book.Standing(ctx, social.PlaceID(id), daysOf[span])
	if err != nil {
		return PlaceDetail{}, s, err
	}
	programmes, err := a.programmes(ctx, []social.ProgrammeID{s.Programme})
	if err != nil {
		return PlaceDetail{}, s, err
	}
	out := PlaceDetail{Place: a.place(s.Branch, programmes), Prior: Prior{s.Prior.Mean, s.Prior.Weight}, Inside: []Ref{}, Credit: place.Credit}
	out.Now, out.Before = figures(s.Sum), figures(s.Before)
	out.Now.scored(s.Score, s.Rated)
	out.Change = difference(s.Change, s.Moved)
	for _, p := range a.book.Within(s.ID)[1:] {
		if b, err := a.book.Seen(ctx, p); err == nil {
			out.Inside = append(out.Inside, Ref{string(b.ID), b.Name})
		}
	}
	return out, s, nil
}

// PlacePoint is a step of a place's series.
type PlacePoint struct {
	At       time.Time `json:"at"`
	Count    int       `json:"count"`
	Negative int       `json:"negative"`
	Neutral  int       `json:"neutral"`
	Positive int       `json:"positive"`
	Reviews  int       `json:"reviews"`
	Mean     *float64  `json:"mean,omitempty"`
	Answered int       `json:"answered"`
}

// PlaceSeries is how a place was rated, step by step.
type PlaceSeries struct {
	Step   string       `json:"step" doc:"3 days, week or month (thirty days)."`
	Points []PlacePoint `json:"points"`
}

// stepOf is how many days a step of a range has.
var stepOf = map[string]struct {
	days int
	name string
}{"30d": {3, "3 days"}, "90d": {7, "week"}, "365d": {30, "month"}}

func series(s place.Stand, span string) PlaceSeries {
	step := stepOf[span]
	out := PlaceSeries{Step: step.name, Points: []PlacePoint{}}
	lead := len(s.Days) % step.days // the first step is short, so that the last is whole
	for from := 0; from < len(s.Days); {
		to := from + step.days
		if from == 0 && lead > 0 {
			to = lead
		}
		var sum place.Sum
		for _, d := range s.Days[from:to] {
			sum.Add(d.Sum)
		}
		p := PlacePoint{At: s.Days[from].Day, Count: sum.Count, Negative: sum.Negative, Neutral: sum.Neutral, Positive: sum.Positive, Reviews: sum.Reviews, Answered: sum.Answered}
		if m, ok := sum.Mean(); ok {
			p.Mean = &m
		}
		out.Points = append(out.Points, p)
		from = to
	}
	return out
}

func (a *placesAPI) placeSeries(ctx context.Context, in *struct {
	ByID
	PlaceRange
}) (*server.Body[PlaceSeries], error) {
	s, err := a.book.Standing(ctx, social.PlaceID(in.ID), daysOf[in.Range])
	if err != nil {
		return nil, err
	}
	return &server.Body[PlaceSeries]{Body: series(s, in.Range)}, nil
}

// Comparison is two places side by side.
type Comparison struct {
	A        PlaceDetail `json:"a"`
	B        PlaceDetail `json:"b"`
	SeriesA  PlaceSeries `json:"series_a"`
	SeriesB  PlaceSeries `json:"series_b"`
	Rating   *Difference `json:"rating,omitempty" doc:"Of the mean ratings, a less b (Welch)."`
	Negative *Difference `json:"negative,omitempty" doc:"Of the shares that sound negative (Newcombe)."`
	Answered *Difference `json:"answered,omitempty" doc:"Of the shares of reviews that we answered (Newcombe)."`
}

func (a *placesAPI) compare(ctx context.Context, in *struct {
	A string `query:"a" required:"true" maxLength:"64"`
	B string `query:"b" required:"true" maxLength:"64"`
	PlaceRange
}) (*server.Body[Comparison], error) {
	one, x, err := a.standing(ctx, in.A, in.Range)
	if err != nil {
		return nil, err
	}
	two, y, err := a.standing(ctx, in.B, in.Range)
	if err != nil {
		return nil, err
	}
	out := Comparison{A: one, B: two, SeriesA: series(x, in.Range), SeriesB: series(y, in.Range)}
	out.Rating = difference(place.RatingApart(x.Sum, y.Sum))
	known := func(s place.Sum) int { return s.Negative + s.Neutral + s.Positive }
	out.Negative = difference(place.ShareApart(x.Sum.Negative, known(x.Sum), y.Sum.Negative, known(y.Sum)))
	out.Answered = difference(place.ShareApart(x.Sum.Answered, x.Sum.Reviews, y.Sum.Answered, y.Sum.Reviews))
	return &server.Body[Comparison]{Body: out}, nil
}

func (a *placesAPI) reviews(ctx context.Context, in *struct {
	ByID
	server.Paging
	Rated     bool      `query:"rated" doc:"Only what has a rating."`
	Stars     int       `query:"stars" minimum:"0" maximum:"5" doc:"Only ratings of so many stars, rounded."`
	Sentiment string    `query:"sentiment" enum:"negative,neutral,positive"`
	Q         string    `query:"q" maxLength:"10000" doc:"A query in the language of monitors."`
	Since     time.Time `query:"since"`
	Until     time.Time `query:"until"`
}) (*server.Body[server.Page[Mention]], error) {
	b, err := a.book.Seen(ctx, social.PlaceID(in.ID))
	if err != nil {
		return nil, err
	}
	from, err := placeOf(in.Cursor)
	if err != nil {
		return nil, err
	}
	page, err := a.station.Wall(ctx, listen.Filter{Places: []social.PlaceID{b.ID}, Reviews: in.Rated || in.Stars > 0, Stars: in.Stars, Sentiment: in.Sentiment, Query: in.Q,
		Since: in.Since, Until: in.Until}, from, pageSize(in.Limit))
	if err != nil {
		return nil, err
	}
	rows, err := a.mentions(ctx, page.Items)
	if err != nil {
		return nil, err
	}
	return &server.Body[server.Page[Mention]]{Body: server.NewPage(rows, cursorOf(page.Next))}, nil
}

// PlaceWord is a word that stands out in a place's reviews.
type PlaceWord struct {
	Word    string  `json:"word"`
	Reviews int     `json:"reviews" doc:"How many of the newest say it."`
	Mean    float64 `json:"mean" doc:"Mean rating of those."`
}

// PlaceWords are the words of a place's newest reviews.
type PlaceWords struct {
	Of    int         `json:"of" doc:"How many reviews were read, at most 200."`
	Mean  float64     `json:"mean"`
	Words []PlaceWord `json:"words"`
}

func (a *placesAPI) words(ctx context.Context, in *struct {
	ByID
	PlaceRange
}) (*server.Body[PlaceWords], error) {
	b, err := a.book.Seen(ctx, social.PlaceID(in.ID))
	if err != nil {
		return nil, err
	}
	since, until := a.book.Span(daysOf[in.Range])
	var said []place.Rated
	var from *listen.Place
	for len(said) < 200 {
		page, err := a.station.Wall(ctx, listen.Filter{Places: []social.PlaceID{b.ID}, Reviews: true, Since: since, Until: until}, from, 200-len(said))
		if err != nil {
			return nil, err
		}
		for _, it := range page.Items {
			said = append(said, place.Rated{Text: it.Title + " " + it.Text, Rating: it.Rating})
		}
		if from = page.Next; from == nil {
			break
		}
	}
	mean, found := place.Words(said, b.Name+" "+b.City, 12)
	out := PlaceWords{Of: len(said), Mean: mean, Words: []PlaceWord{}}
	for _, w := range found {
		out.Words = append(out.Words, PlaceWord(w))
	}
	return &server.Body[PlaceWords]{Body: out}, nil
}

func (a *placesAPI) correct(ctx context.Context, in *struct {
	ByID
	Body struct {
		Place *social.PlaceID `json:"place,omitempty" maxLength:"64" doc:"A branch or city; empty: it speaks of none; left out: the evidence decides again."`
	}
}) (*server.Body[Mention], error) {
	item, err := a.station.MentionByID(ctx, social.ActivityID(in.ID))
	if err != nil {
		return nil, err
	}
	if err := a.book.Correct(ctx, item.Post, in.Body.Place); err != nil {
		return nil, err
	}
	if err := a.book.Rematch(ctx, item.ID); err != nil {
		return nil, err
	}
	if item, err = a.station.MentionByID(ctx, item.ID); err != nil {
		return nil, err
	}
	rows, err := a.mentions(ctx, []listen.Item{item})
	if err != nil {
		return nil, err
	}
	return &server.Body[Mention]{Body: rows[0]}, nil
}

// ImportRow is a line of a file of branches.
type ImportRow struct {
	Line    int     `json:"line"`
	What    string  `json:"what" doc:"new, changed, same or bad."`
	Name    string  `json:"name"`
	Address string  `json:"address"`
	Field   string  `json:"field,omitempty" doc:"Of a bad row: what is wrong."`
	Text    string  `json:"text,omitempty" doc:"And why."`
	Lat     float64 `json:"lat"`
	Lon     float64 `json:"lon"`
}

// Import is a file of branches as it was read.
type Import struct {
	Imported bool              `json:"imported" doc:"False for a preview: nothing was kept."`
	New      int               `json:"new"`
	Changed  int               `json:"changed"`
	Same     int               `json:"same"`
	Bad      int               `json:"bad"`
	Columns  map[string]string `json:"columns" doc:"What each column was taken for."`
	Networks []string          `json:"networks" doc:"Columns that hold ids at networks."`
	Ignored  []string          `json:"ignored"`
	Rows     []ImportRow       `json:"rows" doc:"Bad rows first, then the others; at most 500."`
}

func (a *placesAPI) load(ctx context.Context, in *struct {
	Body struct {
		CSV       string             `json:"csv" maxLength:"7000000" doc:"The file. The first line names the columns."`
		Programme social.ProgrammeID `json:"programme,omitempty" maxLength:"64" doc:"For new branches whose row names none."`
		Preview   bool               `json:"preview,omitempty"`
	}
}) (*server.Body[Import], error) {
	programmes, err := a.around.ProgrammesCalled(ctx)
	if err != nil {
		return nil, err
	}
	r, err := a.book.Import(ctx, in.Body.CSV, in.Body.Programme, programmes, in.Body.Preview)
	if err != nil {
		return nil, err
	}
	out := Import{Imported: r.Imported, New: r.New, Changed: r.Changed, Same: r.Same, Bad: r.Bad, Columns: r.Columns, Networks: append([]string{}, r.Networks...),
		Ignored: append([]string{}, r.Ignored...), Rows: []ImportRow{}}
	for _, bad := range []bool{true, false} {
		for _, row := range r.Rows {
			if (row.What == place.Bad) == bad && len(out.Rows) < 500 {
				out.Rows = append(out.Rows, ImportRow{Line: row.Line, What: row.What, Name: row.Branch.Name, Address: joined(row.Branch.Street, row.Branch.City),
					Field: row.Field, Text: row.Text, Lat: row.Branch.Lat, Lon: row.Branch.Lon})
			}
		}
	}
	return &server.Body[Import]{Body: out}, nil
}
