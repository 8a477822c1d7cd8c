// Package peopleapi serves people over HTTP.
package peopleapi

import (
	"context"
	"net/http"
	"time"

	"github.com/parley-crm/parley/people"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

// Tally is what other rooms count about identities.
type Tally struct {
	Activities    int
	Conversations int
	Mood          string // the sentiment of the last scored activity, "" if there is none
}

// Month is how somebody felt in one month.
type Month struct {
	Month    string `json:"month" doc:"2026-11"`
	Negative int    `json:"negative"`
	Neutral  int    `json:"neutral"`
	Positive int    `json:"positive"`
}

// Around answers what the people room itself does not know.
type Around interface {
	Channels(ctx context.Context, ids []social.ChannelID) (map[social.ChannelID]social.ChannelRef, error)
	Tallies(ctx context.Context, ids []social.IdentityID) (map[social.IdentityID]Tally, error)
	Feeling(ctx context.Context, ids []social.IdentityID, since time.Time) ([]Month, error)
	Habits(ctx context.Context, ids []social.IdentityID, zone *time.Location) (people.Habits, error)
}

type api struct {
	srv    *server.Server
	book   *people.Book
	around Around
}

// Register adds the room's operations.
func Register(s *server.Server, book *people.Book, around Around) {
	a := &api{s, book, around}
	server.Register(s, server.Op{ID: "list-people", Method: http.MethodGet, Path: "/api/people", Tag: "People", Permission: social.PeopleRead,
		Summary: "People who spoke to us or about us, those heard last first."}, a.list)
	server.Register(s, server.Op{ID: "get-person", Method: http.MethodGet, Path: "/api/people/{id}", Tag: "People", Permission: social.PeopleRead,
		Summary: "One person, with identities and how they felt."}, a.get)
	server.Register(s, server.Op{ID: "edit-person", Method: http.MethodPatch, Path: "/api/people/{id}", Tag: "People", Permission: social.PeopleWrite,
		Summary: "Write what you know of a person."}, a.edit)
	server.Register(s, server.Op{ID: "tag-person", Method: http.MethodPost, Path: "/api/people/{id}/tags", Tag: "People", Permission: social.PeopleWrite,
		Summary: "Put tags of the company's vocabulary on a person, and take others away."}, a.tag)
	server.Register(s, server.Op{ID: "get-timeline", Method: http.MethodGet, Path: "/api/people/{id}/timeline", Tag: "People", Permission: social.PeopleRead,
		Summary: "All that happened between a person and us, on every channel, newest first; by words, kind, channel, time or subject."}, a.timeline)
	server.Register(s, server.Op{ID: "get-habits", Method: http.MethodGet, Path: "/api/people/{id}/habits", Tag: "People", Permission: social.PeopleRead,
		Summary: "When somebody writes, where and what about."}, a.habits)
	server.Register(s, server.Op{ID: "merge-people", Method: http.MethodPost, Path: "/api/people/{id}/merge", Tag: "People", Permission: social.PeopleWrite,
		Summary: "Join another person into this one. It can be undone."}, a.merge)
	server.Register(s, server.Op{ID: "undo-merge", Method: http.MethodPost, Path: "/api/people/merges/{merge}/undo", Tag: "People", Permission: social.PeopleWrite,
		Summary: "Undo a merge."}, a.undo)
	a.registerSuggestions(s)
}

// Identity is an account on a network.
type Identity struct {
	ID        social.IdentityID  `json:"id"`
	Scheme    string             `json:"scheme" doc:"acct, did, mailto, tel, url or a network's own."`
	Handle    string             `json:"handle"`
	Name      string             `json:"name"`
	Value     string             `json:"value"`
	URL       string             `json:"url,omitempty"`
	Avatar    string             `json:"avatar,omitempty"`
	Followers int                `json:"followers"`
	Channel   *social.ChannelRef `json:"channel,omitempty"`
	FirstSeen time.Time          `json:"first_seen_at"`
	LastSeen  time.Time          `json:"last_seen_at"`
}

// Person is somebody in a list.
type Person struct {
	ID            social.PersonID `json:"id"`
	Name          string          `json:"name"`
	Place         string          `json:"place,omitempty"`
	Lang          string          `json:"lang,omitempty"`
	Identities    []Identity      `json:"identities"`
	LastSeen      time.Time       `json:"last_seen_at"`
	Activities    int             `json:"activities"`
	Conversations int             `json:"conversations"`
	Mood          string          `json:"mood,omitempty" doc:"Sentiment of the last scored activity."`
	Tags          []social.TagRef `json:"tags"`
}

// Detail is somebody on their own page.
type Detail struct {
	Person
	Notes     string    `json:"notes"`
	CreatedAt time.Time `json:"created_at"`
	Feeling   []Month   `json:"feeling"`
	Merges    []Merge   `json:"merges"`
}

// Merge is a merge that can be undone.
type Merge struct {
	ID        string    `json:"id"`
	Name      string    `json:"name" doc:"Of the person that was absorbed."`
	At        time.Time `json:"at"`
	Automatic bool      `json:"automatic" doc:"Nobody decided it: both had proven the same account."`
	Reasons   []string  `json:"reasons" doc:"What spoke for it, as it was then."`
}

func mergeOf(m people.Merge) Merge {
	out := Merge{ID: m.ID, Name: m.AbsorbedName, At: m.At, Automatic: m.Automatic, Reasons: m.Reasons}
	if out.Reasons == nil {
		out.Reasons = []string{}
	}
	return out
}

type listIn struct {
	server.Paging
	Q       string           `query:"q" maxLength:"200" doc:"Beginnings of words of the name or handle."`
	Segment social.SegmentID `query:"segment" maxLength:"64" doc:"Only the members of a segment."`
}

func (a *api) list(ctx context.Context, in *listIn) (*server.Body[server.Page[Person]], error) {
	found, next, err := a.book.People(ctx, people.Query{Words: in.Q, Segment: in.Segment, Cursor: in.Cursor, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	rows, err := a.rows(ctx, found)
	if err != nil {
		return nil, err
	}
	return &server.Body[server.Page[Person]]{Body: server.NewPage(rows, next)}, nil
}

func (a *api) rows(ctx context.Context, found []people.Person) ([]Person, error) {
	var channels []social.ChannelID
	var ids []social.IdentityID
	for _, p := range found {
		for _, i := range p.Identities {
			channels, ids = append(channels, i.Channel), append(ids, i.ID)
		}
	}
	refs, err := a.around.Channels(ctx, channels)
	if err != nil {
		return nil, err
	}
	tallies, err := a.around.Tallies(ctx, ids)
	if err != nil {
		return nil, err
	}
	persons := make([]social.PersonID, len(found))
	for n, p := range found {
		persons[n] = p.ID
	}
	borne, err := a.book.Store.TagsOf(ctx, persons)
	if err != nil {
		return nil, err
	}
	words, err := a.book.Vocabulary(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]Person, len(found))
	for n, p := range found {
		row := Person{ID: p.ID, Name: p.Name, Place: p.Place, Lang: p.Lang, LastSeen: p.SeenAt, Identities: []Identity{}, Tags: words.Refs(borne[p.ID])}
		for _, i := range p.Identities {
			x := Identity{ID: i.ID, Scheme: i.Author.Scheme, Handle: i.Author.Handle, Name: i.Author.Name, Value: i.Author.Value,
				URL: i.Author.URL, Avatar: i.Author.Avatar, Followers: i.Author.Followers, FirstSeen: i.FirstSeen, LastSeen: i.LastSeen}
			if ref, ok := refs[i.Channel]; ok {
				x.Channel = &ref
			}
			row.Identities = append(row.Identities, x)
			t := tallies[i.ID]
			row.Activities += t.Activities
			row.Conversations += t.Conversations
			if row.Mood == "" {
				row.Mood = t.Mood
			}
		}
		out[n] = row
	}
	return out, nil
}

type idIn struct {
	ID social.PersonID `path:"id"`
}

func (a *api) get(ctx context.Context, in *idIn) (*server.Body[Detail], error) {
	p, err := a.book.Person(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return a.detail(ctx, p)
}

func (a *api) detail(ctx context.Context, p people.Person) (*server.Body[Detail], error) {
	rows, err := a.rows(ctx, []people.Person{p})
	if err != nil {
		return nil, err
	}
	ids := make([]social.IdentityID, len(p.Identities))
	for i, x := range p.Identities {
		ids[i] = x.ID
	}
	feeling, err := a.around.Feeling(ctx, ids, a.book.Clock.Now().AddDate(-1, 0, 0))
	if err != nil {
		return nil, err
	}
	merges, err := a.book.Store.Merges(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	d := Detail{Person: rows[0], Notes: p.Notes, CreatedAt: p.CreatedAt, Feeling: feeling, Merges: []Merge{}}
	if d.Feeling == nil {
		d.Feeling = []Month{}
	}
	for _, m := range merges {
		d.Merges = append(d.Merges, mergeOf(m))
	}
	return &server.Body[Detail]{Body: d}, nil
}

type editIn struct {
	ID   social.PersonID `path:"id"`
	Body struct {
		Name  *string `json:"name,omitempty"`
		Notes *string `json:"notes,omitempty"`
		Place *string `json:"place,omitempty"`
	}
}

func (a *api) edit(ctx context.Context, in *editIn) (*server.Body[Detail], error) {
	p, err := a.book.Edit(ctx, in.ID, people.Change{Name: in.Body.Name, Notes: in.Body.Notes, Place: in.Body.Place})
	if err != nil {
		return nil, err
	}
	return a.detail(ctx, p)
}

type tagIn struct {
	ID   social.PersonID `path:"id"`
	Body struct {
		Add    []social.TagID `json:"add,omitempty" maxItems:"20"`
		Remove []social.TagID `json:"remove,omitempty" maxItems:"20"`
	}
}

func (a *api) tag(ctx context.Context, in *tagIn) (*server.Body[Detail], error) {
	if err := a.book.Tag(ctx, in.ID, in.Body.Add, in.Body.Remove); err != nil {
		return nil, err
	}
	p, err := a.book.Person(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return a.detail(ctx, p)
}

type mergeIn struct {
	ID   social.PersonID `path:"id"`
	Body struct {
		Other social.PersonID `json:"other"`
	}
}

// Merged answers a merge.
type Merged struct {
	Merge string `json:"merge" doc:"Its id, to undo it."`
}

func (a *api) merge(ctx context.Context, in *mergeIn) (*server.Body[Merged], error) {
	m, err := a.book.Join(ctx, in.ID, in.Body.Other)
	if err != nil {
		return nil, err
	}
	return &server.Body[Merged]{Body: Merged{Merge: m.ID}}, nil
}

type undoIn struct {
	Merge string `path:"merge"`
}

func (a *api) undo(ctx context.Context, in *undoIn) (*struct{}, error) {
	return nil, a.book.Split(ctx, in.Merge)
}
