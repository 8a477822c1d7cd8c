package publishapi

import (
	"context"
	"net/http"
	"time"

	"github.com/parley-crm/parley/engage/publish"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

type eventAPI struct {
	publishAPI
	base  string
	brand func(ctx context.Context) string
}

// RegisterEvents adds the operations on events, and their public pages. base
// is our public address, "" where there is none; brand names the company.
func RegisterEvents(s *server.Server, press *publish.Press, around PublishAround, base string, brand func(context.Context) string) {
	a := &eventAPI{publishAPI{s, press, around}, base, brand}
	op := func(id, method, path string, p social.Permission, summary string) server.Op {
		return server.Op{ID: id, Method: method, Path: path, Tag: "Events", Permission: p, Summary: summary}
	}
	empty := func(o server.Op) server.Op { o.Status = http.StatusNoContent; return o }
	made := func(o server.Op) server.Op { o.Status = http.StatusCreated; return o }
	const get, post, put, del = http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete
	const read, write = social.PublishRead, social.PublishWrite
	const all, one = "/api/events", "/api/events/{id}"
	server.Register(s, op("list-events", get, all, read, "Events, the next first; with past, the last first."), a.list)
	server.Register(s, made(op("add-event", post, all, write, "Begin an event. Nobody can answer before it is opened.")), a.add)
	server.Register(s, op("get-event", get, one, read, "One event, with the address of its page and its answers counted."), a.get)
	server.Register(s, op("write-event", put, one, write, "Change an event, open or close its page, or cancel it. More room lets in who waited longest."), a.write)
	server.Register(s, op("list-guests", get, one+"/guests", write, "Who answered, the newest first, and what each was told by mail."), a.guests)
	server.Register(s, op("attend-event", post, one+"/guests/{guest}/came", write, "Note whether a guest came."), a.came)
	server.Register(s, empty(op("forget-guest", del, one+"/guests/{guest}", write, "Remove a guest with all that is known of them.")), a.forget)
	server.Register(s, op("get-event-letters", get, one+"/letters", write, "What guests are told by mail, in the words in which somebody who comes would get it."), a.letters)
	s.Door(publish.EventDoor, a.door)
}

// Event is something to which people come.
type Event struct {
	ID        publish.EventID      `json:"id"`
	Title     string               `json:"title"`
	About     string               `json:"about,omitempty"`
	Place     string               `json:"place,omitempty"`
	Link      string               `json:"link,omitempty"`
	Start     time.Time            `json:"start"`
	End       time.Time            `json:"end"`
	Zone      string               `json:"zone" doc:"IANA; in which its times are told."`
	Capacity  int                  `json:"capacity" doc:"0: any number."`
	NoRemind  bool                 `json:"no_reminder,omitempty" doc:"Guests are not written to the day before."`
	Programme *social.ProgrammeRef `json:"programme,omitempty"`
	Author    social.MemberRef     `json:"author"`
	Standing  publish.Standing     `json:"standing" enum:"closed,open,cancelled"`
	Version   int64                `json:"version"`
	Page      string               `json:"page" doc:"Where people answer."`
	Calendar  string               `json:"calendar" doc:"The event as a calendar file."`
	Yes       int                  `json:"yes"`
	Waiting   int                  `json:"waiting" doc:"Would come, and there is no room yet."`
	Maybe     int                  `json:"maybe"`
	No        int                  `json:"no"`
	Came      int                  `json:"came"`
}

// Guest is somebody who answered.
type Guest struct {
	ID      publish.GuestID `json:"id"`
	Name    string          `json:"name"`
	Email   string          `json:"email"`
	Coming  publish.Coming  `json:"coming" enum:"yes,maybe,no"`
	Waiting bool            `json:"waiting"`
	Came    bool            `json:"came"`
	At      time.Time       `json:"at"`
	Told    []GuestLetter   `json:"told" doc:"By mail, the newest first."`
}

func guestOf(g publish.Guest) Guest {
	return Guest{ID: g.ID, Name: g.Name, Email: g.Email, Coming: g.Coming, Waiting: g.Waiting, Came: g.Came, At: g.At, Told: []GuestLetter{}}
}

func (a *eventAPI) events(ctx context.Context, es []publish.Event) ([]Event, error) {
	var who []social.MemberID
	var where []social.ProgrammeID
	for _, e := range es {
		who, where = append(who, e.Author), append(where, e.Programme)
	}
	members, err := a.around.Members(ctx, who)
	if err != nil {
		return nil, err
	}
	programmes, err := a.around.Programmes(ctx, where)
	out := make([]Event, len(es))
	for i, e := range es {
		page := a.base + publish.EventDoor + e.Slug
		out[i] = Event{ID: e.ID, Title: e.Title, About: e.About, Place: e.Place, Link: e.Link, Start: e.Start, End: e.End, Zone: e.Zone, Capacity: e.Capacity, NoRemind: e.NoReminder,
			Author: members[e.Author], Standing: e.Standing, Version: e.Version, Page: page, Calendar: page + "/event.ics",
			Yes: e.Tally.Yes, Waiting: e.Tally.Waiting, Maybe: e.Tally.Maybe, No: e.Tally.No, Came: e.Tally.Came}
		if p, ok := programmes[e.Programme]; ok && e.Programme != "" {
			out[i].Programme = &p
		}
	}
	return out, err
}

func (a *eventAPI) one(ctx context.Context, e publish.Event, err error) (*server.Body[Event], error) {
	if err != nil {
		return nil, err
	}
	all, err := a.events(ctx, []publish.Event{e})
	if err != nil {
		return nil, err
	}
	return &server.Body[Event]{Body: all[0]}, nil
}

type eventsInput struct {
	server.Paging
	Past bool `query:"past" doc:"Those that are over."`
}

func (a *eventAPI) list(ctx context.Context, in *eventsInput) (*server.Body[server.Page[Event]], error) {
	es, next, err := a.press.Store.ListEvents(ctx, a.press.Clock.Now(), in.Past, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	items, err := a.events(ctx, es)
	return &server.Body[server.Page[Event]]{Body: server.NewPage(items, next)}, err
}

// EventDraft is what one writes of an event.
type EventDraft struct {
	Title     string             `json:"title" maxLength:"200"`
	About     string             `json:"about,omitempty" maxLength:"5000"`
	Place     string             `json:"place,omitempty" maxLength:"300"`
	Link      string             `json:"link,omitempty" maxLength:"2000"`
	Start     time.Time          `json:"start"`
	End       time.Time          `json:"end"`
	Zone      string             `json:"zone" maxLength:"64" doc:"IANA, such as Europe/Vienna."`
	Capacity  int                `json:"capacity,omitempty" minimum:"0" maximum:"100000" doc:"0: any number."`
	NoRemind  bool               `json:"no_reminder,omitempty" doc:"Do not write to guests the day before."`
	Programme social.ProgrammeID `json:"programme,omitempty" maxLength:"64"`
}

func (d EventDraft) event() publish.Event {
	return publish.Event{Title: d.Title, About: d.About, Place: d.Place, Link: d.Link, Start: d.Start, End: d.End, Zone: d.Zone, Capacity: d.Capacity, NoReminder: d.NoRemind, Programme: d.Programme}
}

type addEventInput struct{ Body EventDraft }

func (a *eventAPI) add(ctx context.Context, in *addEventInput) (*server.Body[Event], error) {
	e, err := a.press.AddEvent(ctx, in.Body.event())
	return a.one(ctx, e, err)
}

// EventPath names an event in an address.
type EventPath struct {
	ID publish.EventID `path:"id" maxLength:"64"`
}

func (a *eventAPI) get(ctx context.Context, in *EventPath) (*server.Body[Event], error) {
	e, err := a.press.Store.Event(ctx, in.ID)
	return a.one(ctx, e, err)
}

type writeEventInput struct {
	EventPath
	Body struct {
		EventDraft
		Standing publish.Standing `json:"standing" enum:"closed,open,cancelled"`
		Seen     int64            `json:"seen" doc:"The version that one saw."`
	}
}

func (a *eventAPI) write(ctx context.Context, in *writeEventInput) (*server.Body[Event], error) {
	e := in.Body.event()
	e.Standing = in.Body.Standing
	e, err := a.press.WriteEvent(ctx, in.ID, e, in.Body.Seen)
	return a.one(ctx, e, err)
}

type guestsInput struct {
	EventPath
	server.Paging
}

func (a *eventAPI) guests(ctx context.Context, in *guestsInput) (*server.Body[server.Page[Guest]], error) {
	if _, err := a.press.Store.Event(ctx, in.ID); err != nil {
		return nil, err
	}
	all, next, err := a.press.Store.Guests(ctx, in.ID, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	items, err := a.told(ctx, all...)
	return &server.Body[server.Page[Guest]]{Body: server.NewPage(items, next)}, err
}

// GuestPath names a guest in an address.
type GuestPath struct {
	EventPath
	Guest publish.GuestID `path:"guest" maxLength:"64"`
}

type cameInput struct {
	GuestPath
	Body struct {
		Came bool `json:"came"`
	}
}

func (a *eventAPI) came(ctx context.Context, in *cameInput) (*server.Body[Guest], error) {
	g, err := a.press.Attend(ctx, in.ID, in.Guest, in.Body.Came)
	if err != nil {
		return nil, err
	}
	out, err := a.told(ctx, g)
	if err != nil {
		return nil, err
	}
	return &server.Body[Guest]{Body: out[0]}, nil
}

func (a *eventAPI) forget(ctx context.Context, in *GuestPath) (*struct{}, error) {
	return nil, a.press.Forget(ctx, in.ID, in.Guest)
}
