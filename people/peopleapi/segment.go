package peopleapi

import (
	"context"
	"net/http"
	"time"

	"github.com/parley-crm/parley/kit/cond"
	"github.com/parley-crm/parley/people"
	"github.com/parley-crm/parley/people/segment"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

// SegmentsAround answers what segments do not know.
type SegmentsAround interface {
	Members(ctx context.Context, ids []social.MemberID) (map[social.MemberID]social.MemberRef, error)
	Named(ctx context.Context, ids []social.PersonID) (map[social.PersonID]people.Ref, error)
}

type segmentAPI struct {
	keeper *segment.Keeper
	book   *people.Book
	around SegmentsAround
	on     func(ctx context.Context) []social.ChannelID
}

// RegisterSegments adds the operations of segments. On which channels somebody
// may hear says on; nil means all.
func RegisterSegments(s *server.Server, keeper *segment.Keeper, book *people.Book, around SegmentsAround, on func(ctx context.Context) []social.ChannelID) {
	a := &segmentAPI{keeper, book, around, on}
	op := func(id, method, path string, p social.Permission, summary string) server.Op {
		return server.Op{ID: id, Method: method, Path: path, Tag: "People", Permission: p, Summary: summary}
	}
	server.Register(s, op("list-segments", http.MethodGet, "/api/segments", social.PeopleRead, "Segments by name, with how many they have and how that went lately."), a.list)
	server.Register(s, op("list-segment-fields", http.MethodGet, "/api/segments/fields", social.PeopleRead, "What the conditions of segments may ask of persons."), a.fields)
	server.Register(s, op("count-segment", http.MethodPost, "/api/segments/count", social.PeopleRead, "Of how many persons conditions hold now, and who some of them are. Nothing is kept."), a.count)
	server.Register(s, op("get-segment", http.MethodGet, "/api/segments/{id}", social.PeopleRead, "One segment. Its members are the people with this segment."), a.get)
	add := op("add-segment", http.MethodPost, "/api/segments", social.PeopleWrite, "Keep conditions as a segment. Everybody is looked at, then whoever changes.")
	add.Status = http.StatusCreated
	server.Register(s, add, a.add)
	server.Register(s, op("edit-segment", http.MethodPatch, "/api/segments/{id}", social.PeopleWrite, "Change a segment. New conditions make that everybody is looked at again."), a.edit)
	del := op("remove-segment", http.MethodDelete, "/api/segments/{id}", social.PeopleWrite, "Remove a segment. Persons stay as they are.")
	del.Status = http.StatusNoContent
	server.Register(s, del, a.remove)
	server.Register(s, op("list-segment-changes", http.MethodGet, "/api/segments/{id}/changes", social.PeopleRead, "Who joined and left since the conditions were set, newest first."), a.changes)
	server.Register(s, op("get-segment-voice", http.MethodGet, "/api/segments/{id}/voice", social.PeopleRead, "What the members of a segment said by day, how it sounded, and the time before."), a.voice)
	server.Register(s, op("list-person-segments", http.MethodGet, "/api/people/{id}/segments", social.PeopleRead, "The segments that somebody is in."), a.ofPerson)
}

// SegmentRow is a segment as it is listed.
type SegmentRow struct {
	ID         social.SegmentID  `json:"id"`
	Name       string            `json:"name"`
	About      string            `json:"about,omitempty"`
	Conditions cond.Node         `json:"conditions"`
	Members    int               `json:"members" doc:"Of those that you may see."`
	Filling    *SegmentFilling   `json:"filling,omitempty" doc:"Everybody is being looked at, because the conditions are new."`
	Joined     *int              `json:"joined,omitempty" doc:"In the last seven days; for those who see everybody."`
	Left       *int              `json:"left,omitempty"`
	Days       []SegmentDay      `json:"days" doc:"How many there were on each of the last thirty days; for those who see everybody."`
	By         *social.MemberRef `json:"by,omitempty"`
	Editable   bool              `json:"editable" doc:"You may change it, if you may change people at all."`
	CreatedAt  time.Time         `json:"created_at"`
	UpdatedAt  time.Time         `json:"updated_at"`
}

// SegmentFilling is how far that is.
type SegmentFilling struct {
	Done int `json:"done"`
	Of   int `json:"of"`
}

// SegmentDay is a day of a segment.
type SegmentDay struct {
	Day    string `json:"day" doc:"2026-11-26"`
	Size   int    `json:"size"`
	Joined int    `json:"joined"`
	Left   int    `json:"left"`
}

const (
	daysShown = 30
	daysMoved = 7
)

func (a *segmentAPI) rows(ctx context.Context, all []segment.Segment) ([]SegmentRow, error) {
	ids, who := make([]social.SegmentID, len(all)), make([]social.MemberID, len(all))
	for i, s := range all {
		ids[i], who[i] = s.ID, s.By
	}
	today := a.keeper.Clock.Now().UTC().Truncate(24 * time.Hour)
	sizes, err := a.keeper.Store.Sizes(ctx, ids)
	if err != nil {
		return nil, err
	}
	days, err := a.keeper.Store.Days(ctx, ids, today.AddDate(0, 0, 1-daysShown))
	if err != nil {
		return nil, err
	}
	names, err := a.around.Members(ctx, who)
	if err != nil {
		return nil, err
	}
	out := make([]SegmentRow, len(all))
	for i, s := range all {
		r := SegmentRow{ID: s.ID, Name: s.Name, About: s.About, Conditions: s.Where, Members: sizes[s.ID], Days: []SegmentDay{},
			Editable: segment.MayChange(ctx, s) == nil, CreatedAt: s.Created, UpdatedAt: s.Updated}
		if s.Filling.On {
			r.Filling = &SegmentFilling{s.Filling.Done, s.Filling.Of}
		}
		if by, ok := names[s.By]; ok {
			r.By = &by
		}
		if social.ScopeOf(ctx).All {
			r.course(days[s.ID], s.Created, today)
		}
		out[i] = r
	}
	return out, nil
}

// course lays days on which something happened out as a run of days.
func (r *SegmentRow) course(some []segment.Day, created, today time.Time) {
	joined, left, size, at := 0, 0, 0, 0
	for day := today.AddDate(0, 0, 1-daysShown); !day.After(today); day = day.AddDate(0, 0, 1) {
		d := SegmentDay{Day: day.Format(time.DateOnly)}
		for ; at < len(some) && !some[at].Day.After(day); at++ {
			size = some[at].Size
			if some[at].Day.Equal(day) {
				d.Joined, d.Left = some[at].Joined, some[at].Left
			}
		}
		if day.After(today.AddDate(0, 0, -daysMoved)) {
			joined, left = joined+d.Joined, left+d.Left
		}
		if d.Size = size; !day.Before(created.Truncate(24 * time.Hour)) {
			r.Days = append(r.Days, d)
		}
	}
	r.Joined, r.Left = &joined, &left
}

func (a *segmentAPI) list(ctx context.Context, in *struct{ server.Paging }) (*server.Body[server.Page[SegmentRow]], error) {
	all, next, err := a.keeper.Store.Page(ctx, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	rows, err := a.rows(ctx, all)
	return &server.Body[server.Page[SegmentRow]]{Body: server.NewPage(rows, next)}, err
}

func (a *segmentAPI) one(ctx context.Context, s segment.Segment, err error) (*server.Body[SegmentRow], error) {
	if err != nil {
		return nil, err
	}
	rows, err := a.rows(ctx, []segment.Segment{s})
	if err != nil {
		return nil, err
	}
	return &server.Body[SegmentRow]{Body: rows[0]}, nil
}

// SegmentPath names a segment in an address.
type SegmentPath struct {
	ID social.SegmentID `path:"id" maxLength:"64"`
}

func (a *segmentAPI) get(ctx context.Context, in *SegmentPath) (*server.Body[SegmentRow], error) {
	s, err := a.keeper.Store.Segment(ctx, in.ID)
	return a.one(ctx, s, err)
}

func (a *segmentAPI) add(ctx context.Context, in *struct {
	Body struct {
		Name       string    `json:"name" maxLength:"400"`
		About      string    `json:"about,omitempty" maxLength:"2000" doc:"What it is for."`
		Conditions cond.Node `json:"conditions"`
	}
}) (*server.Body[SegmentRow], error) {
	s, err := a.keeper.Add(ctx, segment.Segment{Name: in.Body.Name, About: in.Body.About, Where: in.Body.Conditions})
	return a.one(ctx, s, err)
}

func (a *segmentAPI) edit(ctx context.Context, in *struct {
	SegmentPath
	Body struct {
		Name       *string    `json:"name,omitempty" maxLength:"400"`
		About      *string    `json:"about,omitempty" maxLength:"2000"`
		Conditions *cond.Node `json:"conditions,omitempty"`
	}
}) (*server.Body[SegmentRow], error) {
	s, err := a.keeper.Edit(ctx, in.ID, in.Body.Name, in.Body.About, in.Body.Conditions)
	return a.one(ctx, s, err)
}

func (a *segmentAPI) remove(ctx context.Context, in *SegmentPath) (*struct{}, error) {
	return nil, a.keeper.Remove(ctx, in.ID)
}

// SegmentField is something that conditions may ask.
type SegmentField struct {
	Name    string   `json:"name"`
	Type    string   `json:"type" enum:"text,number,date,bool,choice,many"`
	Ops     []string `json:"ops" doc:"The tests that there are of it."`
	Label   string   `json:"label,omitempty" doc:"Of a field of the company's own; of spent.…, the currency."`
	Choices []string `json:"choices,omitempty"`
}

func (a *segmentAPI) fields(ctx context.Context, _ *struct{}) (*server.Body[server.Page[SegmentField]], error) {
	own, err := a.keeper.Offered(ctx)
	if err != nil {
		return nil, err
	}
	var out []SegmentField
	add := func(f cond.Field, label string) {
		x := SegmentField{Name: f.Name, Type: string(f.Type), Label: label, Choices: f.Choices}
		for _, o := range cond.Ops(f.Type) {
			x.Ops = append(x.Ops, string(o))
		}
		out = append(out, x)
	}
	for _, f := range segment.Fixed() {
		add(f, "")
	}
	for _, o := range own {
		add(o.Field, o.Label)
	}
	return &server.Body[server.Page[SegmentField]]{Body: server.NewPage(out, "")}, nil
}

// SegmentCount is of how many persons conditions hold.
type SegmentCount struct {
	N    int          `json:"n"`
	Of   int          `json:"of" doc:"Everybody whom you may see."`
	Some []people.Ref `json:"some" doc:"Up to eight of them, those heard last first."`
	Sure bool         `json:"sure" doc:"False while not everybody was looked at yet, after an update."`
}

func (a *segmentAPI) count(ctx context.Context, in *struct {
	Body struct {
		Conditions cond.Node `json:"conditions"`
	}
}) (*server.Body[SegmentCount], error) {
	c, err := a.keeper.Count(ctx, in.Body.Conditions)
	if err != nil {
		return nil, err
	}
	names, err := a.around.Named(ctx, c.Few)
	out := SegmentCount{N: c.N, Of: c.Of, Sure: c.Sure, Some: []people.Ref{}}
	for _, p := range c.Few {
		if ref, ok := names[p]; ok {
			out.Some = append(out.Some, ref)
		}
	}
	return &server.Body[SegmentCount]{Body: out}, err
}

// SegmentChange is that somebody joined or left.
type SegmentChange struct {
	Person people.Ref `json:"person"`
	Joined bool       `json:"joined" doc:"False: they left."`
	At     time.Time  `json:"at"`
}

func (a *segmentAPI) changes(ctx context.Context, in *struct {
	SegmentPath
	server.Paging
}) (*server.Body[server.Page[SegmentChange]], error) {
	if _, err := a.keeper.Store.Segment(ctx, in.ID); err != nil {
		return nil, err
	}
	steps, next, err := a.keeper.Store.Steps(ctx, in.ID, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	ids := make([]social.PersonID, len(steps))
	for i, s := range steps {
		ids[i] = s.Person
	}
	names, err := a.around.Named(ctx, ids)
	out := make([]SegmentChange, 0, len(steps))
	for _, s := range steps {
		if ref, ok := names[s.Person]; ok {
			out = append(out, SegmentChange{ref, s.Joined, s.At})
		}
	}
	return &server.Body[server.Page[SegmentChange]]{Body: server.NewPage(out, next)}, err
}

// SegmentRef names a segment.
type SegmentRef struct {
	ID   social.SegmentID `json:"id"`
	Name string           `json:"name"`
}

func (a *segmentAPI) ofPerson(ctx context.Context, in *idIn) (*server.Body[server.Page[SegmentRef]], error) {
	p, err := a.book.Person(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	found, err := a.keeper.Of(ctx, p.ID)
	out := make([]SegmentRef, len(found))
	for i, s := range found {
		out[i] = SegmentRef{s.ID, s.Name}
	}
	return &server.Body[server.Page[SegmentRef]]{Body: server.NewPage(out, "")}, err
}
