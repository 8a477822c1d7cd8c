package engageapi

import (
	"context"
	"net/http"
	"time"

	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/engage/hours"
	"github.com/parley-crm/parley/engage/pledge"
	"github.com/parley-crm/parley/kit/cond"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

// RegisterPace adds the operations on calendars, pledges and what came of them.
func RegisterPace(s *server.Server, desk *engage.Desk, around Around) {
	a := &paceAPI{api{desk: desk, around: around, show: s.ShowFile}, desk.Pace}
	op := func(id, method, path string, p social.Permission, summary string) server.Op {
		return server.Op{ID: id, Method: method, Path: path, Tag: "Engage", Permission: p, Summary: summary}
	}
	empty := func(o server.Op) server.Op { o.Status = http.StatusNoContent; return o }
	made := func(o server.Op) server.Op { o.Status = http.StatusCreated; return o }
	const get, post, put, del = http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete
	const read, write = social.InboxRead, social.GovernWrite

	server.Register(s, op("list-calendars", get, "/api/calendars", read, "When we are there: all calendars, by name."), a.calendars)
	server.Register(s, made(op("add-calendar", post, "/api/calendars", write, "Add a calendar.")), a.addCalendar)
	server.Register(s, op("edit-calendar", put, "/api/calendars/{id}", write, "Change a calendar. What is due is worked out again."), a.editCalendar)
	server.Register(s, empty(op("remove-calendar", del, "/api/calendars/{id}", write, "Remove a calendar that nothing counts by.")), a.removeCalendar)
	ics := op("read-holidays", post, "/api/calendars/holidays", write, "Read the days of a calendar file (iCalendar), to add them to a calendar.")
	ics.MaxBody = 2 << 20
	server.Register(s, ics, a.holidays)
	server.Register(s, op("list-pledges", get, "/api/pledges", read, "What we promise about time, in the order in which it counts."), a.pledges)
	server.Register(s, made(op("add-pledge", post, "/api/pledges", write, "Add a pledge. It holds for what is open as well.")), a.addPledge)
	server.Register(s, op("edit-pledge", put, "/api/pledges/{id}", write, "Change a pledge. What is due is worked out again."), a.editPledge)
	server.Register(s, empty(op("remove-pledge", del, "/api/pledges/{id}", write, "Remove a pledge. What came of it stays counted.")), a.removePledge)
	server.Register(s, empty(op("order-pledges", post, "/api/pledges/order", write, "Put the pledges into an order: the first that fits counts.")), a.order)
	server.Register(s, op("report-pledges", get, "/api/pledges/report", read, "How often goals were kept and missed, by day, programme and channel."), a.report)
	server.Register(s, op("list-pledge-outcomes", get, "/api/pledges/outcomes", read, "The conversations behind a number of that report, newest first."), a.outcomes)
}

type paceAPI struct {
	api
	book *pledge.Book
}

// company refuses whoever has a permission in some programmes only.
func company(ctx context.Context) error {
	if social.ScopeOf(ctx).All {
		return nil
	}
	return social.Errorf(social.Forbidden, "This holds for the whole company. Whoever manages all of it can change it.")
}

// Calendar says when we are there.
type Calendar struct {
	ID       hours.ID        `json:"id"`
	Name     string          `json:"name"`
	Zone     string          `json:"zone"`
	Week     [][]hours.Span  `json:"week" doc:"Seven lists of spans, Sunday first."`
	Holidays []hours.Holiday `json:"holidays"`
	Open     bool            `json:"open" doc:"Whether we are there now."`
	Opens    *time.Time      `json:"opens,omitempty" doc:"When we are there next, while we are not."`
}

// CalendarIn is a calendar as it is sent.
type CalendarIn struct {
	Name     string          `json:"name" maxLength:"200"`
	Zone     string          `json:"zone" maxLength:"64" doc:"Of the IANA database, as Europe/Berlin."`
	Week     [][]hours.Span  `json:"week" minItems:"7" maxItems:"7" doc:"Seven lists of spans, Sunday first."`
	Holidays []hours.Holiday `json:"holidays" maxItems:"500"`
}

func (a *paceAPI) calendar(c hours.Calendar) Calendar {
	out := Calendar{ID: c.ID, Name: c.Name, Zone: c.Zone, Holidays: c.Holidays}
	for _, d := range c.Week {
		if d == nil {
			d = []hours.Span{}
		}
		out.Week = append(out.Week, d)
	}
	if out.Holidays == nil {
		out.Holidays = []hours.Holiday{}
	}
	if h, err := c.Open(); err == nil {
		now := a.book.Clock.Now()
		if out.Open = h.OpenAt(now); !out.Open {
			if at, ok := h.Opens(now); ok {
				out.Opens = &at
			}
		}
	}
	return out
}

func (in CalendarIn) calendar(id hours.ID) hours.Calendar {
	c := hours.Calendar{ID: id, Name: in.Name, Zone: in.Zone, Holidays: in.Holidays}
	for i := range min(len(in.Week), 7) {
		c.Week[i] = in.Week[i]
	}
	return c
}

func (a *paceAPI) calendars(ctx context.Context, _ *struct{}) (*server.Body[server.Page[Calendar]], error) {
	all, err := a.book.Calendars(ctx)
	if err != nil {
		return nil, err
	}
	return &server.Body[server.Page[Calendar]]{Body: server.NewPage(collect(all, a.calendar), "")}, nil
}

// CalendarPath names a calendar in an address.
type CalendarPath struct {
	ID hours.ID `path:"id" maxLength:"64"`
}

func (a *paceAPI) addCalendar(ctx context.Context, in *server.Body[CalendarIn]) (*server.Body[Calendar], error) {
	return a.saveCalendar(ctx, in.Body.calendar(""))
}

func (a *paceAPI) saveCalendar(ctx context.Context, c hours.Calendar) (*server.Body[Calendar], error) {
	if err := company(ctx); err != nil {
		return nil, err
	}
	c, err := a.book.SaveCalendar(ctx, c)
	if err != nil {
		return nil, err
	}
	return &server.Body[Calendar]{Body: a.calendar(c)}, nil
}

type editCalendarIn struct {
	CalendarPath
	Body CalendarIn
}

func (a *paceAPI) editCalendar(ctx context.Context, in *editCalendarIn) (*server.Body[Calendar], error) {
	return a.saveCalendar(ctx, in.Body.calendar(in.ID))
}

func (a *paceAPI) removeCalendar(ctx context.Context, in *CalendarPath) (*struct{}, error) {
	if err := company(ctx); err != nil {
		return nil, err
	}
	return nil, a.book.DropCalendar(ctx, in.ID)
}

type icsIn struct {
	Body struct {
		Text string `json:"text" maxLength:"1048576" doc:"The file's text."`
	}
}

// HolidaysRead are the days of a file.
type HolidaysRead struct {
	Days []hours.Holiday `json:"days"`
	Left int             `json:"left" doc:"Events that were left out: with a time of the day, or other repetitions than every year."`
}

func (a *paceAPI) holidays(ctx context.Context, in *icsIn) (*server.Body[HolidaysRead], error) {
	days, left, err := hours.FromICS(in.Body.Text)
	if days == nil {
		days = []hours.Holiday{}
	}
	return &server.Body[HolidaysRead]{Body: HolidaysRead{days, left}}, err
}

// PledgeStep is what is done when a goal was missed for so long.
type PledgeStep struct {
	After  int64           `json:"after_s" minimum:"0" doc:"Seconds of working time since it was due."`
	Do     pledge.Do       `json:"do" enum:"tell_leads,tell_member,give_to,take_back"`
	Member social.MemberID `json:"member,omitempty" maxLength:"64"`
}

// PledgeIn is a pledge as it is sent.
type PledgeIn struct {
	Name       string       `json:"name" maxLength:"200"`
	Conditions cond.Node    `json:"conditions"`
	First      int64        `json:"first_s,omitempty" minimum:"0" doc:"Seconds to the first answer; 0 for no promise."`
	Next       int64        `json:"next_s,omitempty" minimum:"0" doc:"Seconds to each next answer; 0 for no promise."`
	Resolve    int64        `json:"resolve_s,omitempty" minimum:"0" doc:"Seconds to the end; 0 for no promise."`
	Calendar   hours.ID     `json:"calendar,omitempty" maxLength:"64" doc:"Whose time counts; none for all of the time."`
	Pause      bool         `json:"pause" doc:"The time stands while it is snoozed, and towards the end while we wait for them."`
	Warn       int64        `json:"warn_s,omitempty" minimum:"0" doc:"Seconds of working time before a goal is due at which somebody is told; 0 for never."`
	Steps      []PledgeStep `json:"steps" maxItems:"10"`
	On         bool         `json:"on"`
}

// Pledge is what we promise about time.
type Pledge struct {
	ID pledge.ID `json:"id"`
	PledgeIn
}

func shapePledge(p pledge.Pledge) Pledge {
	s := func(d time.Duration) int64 { return int64(d / time.Second) }
	out := Pledge{ID: p.ID, PledgeIn: PledgeIn{Name: p.Name, Conditions: p.Conditions, First: s(p.Targets[pledge.First]), Next: s(p.Targets[pledge.Next]),
		Resolve: s(p.Targets[pledge.Resolve]), Calendar: p.Calendar, Pause: p.Pause, Warn: s(p.Warn), Steps: []PledgeStep{}, On: p.On}}
	for _, x := range p.Steps {
		out.Steps = append(out.Steps, PledgeStep{s(x.After), x.Do, x.Member})
	}
	return out
}

// seconds keeps what is far too long from becoming something else.
func seconds(n int64) time.Duration { return time.Duration(min(max(n, -1), 1<<32)) * time.Second }

func (in PledgeIn) pledge(id pledge.ID) pledge.Pledge {
	p := pledge.Pledge{ID: id, Name: in.Name, Conditions: in.Conditions, Targets: map[pledge.Goal]time.Duration{}, Calendar: in.Calendar, Pause: in.Pause,
		Warn: seconds(in.Warn), On: in.On}
	for g, s := range map[pledge.Goal]int64{pledge.First: in.First, pledge.Next: in.Next, pledge.Resolve: in.Resolve} {
		if s != 0 {
			p.Targets[g] = seconds(s)
		}
	}
	for _, x := range in.Steps {
		p.Steps = append(p.Steps, pledge.Step{After: seconds(x.After), Do: x.Do, Member: x.Member})
	}
	return p
}

func (a *paceAPI) pledges(ctx context.Context, _ *struct{}) (*server.Body[server.Page[Pledge]], error) {
	all, err := a.book.Pledges(ctx)
	if err != nil {
		return nil, err
	}
	return &server.Body[server.Page[Pledge]]{Body: server.NewPage(collect(all, shapePledge), "")}, nil
}

func (a *paceAPI) savePledge(ctx context.Context, p pledge.Pledge) (*server.Body[Pledge], error) {
	if err := company(ctx); err != nil {
		return nil, err
	}
	p, err := a.book.SavePledge(ctx, p)
	if err != nil {
		return nil, err
	}
	return &server.Body[Pledge]{Body: shapePledge(p)}, nil
}

func (a *paceAPI) addPledge(ctx context.Context, in *server.Body[PledgeIn]) (*server.Body[Pledge], error) {
	return a.savePledge(ctx, in.Body.pledge(""))
}

// PledgePath names a pledge in an address.
type PledgePath struct {
	ID pledge.ID `path:"id" maxLength:"64"`
}

type editPledgeIn struct {
	PledgePath
	Body PledgeIn
}

func (a *paceAPI) editPledge(ctx context.Context, in *editPledgeIn) (*server.Body[Pledge], error) {
	return a.savePledge(ctx, in.Body.pledge(in.ID))
}

func (a *paceAPI) removePledge(ctx context.Context, in *PledgePath) (*struct{}, error) {
	if err := company(ctx); err != nil {
		return nil, err
	}
	return nil, a.book.DropPledge(ctx, in.ID)
}

type orderIn struct {
	Body struct {
		IDs []pledge.ID `json:"ids" maxItems:"100"`
	}
}

func (a *paceAPI) order(ctx context.Context, in *orderIn) (*struct{}, error) {
	if err := company(ctx); err != nil {
		return nil, err
	}
	return nil, a.book.Order(ctx, in.Body.IDs)
}

// PledgeSpan is a stretch of days.
type PledgeSpan struct {
	From      string             `query:"from" required:"true" maxLength:"10" doc:"The first day, as 2026-11-01 (UTC)."`
	To        string             `query:"to" required:"true" maxLength:"10" doc:"The day after the last."`
	Programme social.ProgrammeID `query:"programme" maxLength:"64"`
}

func (in PledgeSpan) days() (from, to time.Time, err error) {
	if from, err = time.Parse(time.DateOnly, in.From); err == nil {
		to, err = time.Parse(time.DateOnly, in.To)
	}
	if err != nil {
		return from, to, social.Because(social.Invalid, err, "Write days like 2026-11-01.")
	}
	return from, to, nil
}

// Kept is how often a goal was kept and missed.
type Kept struct {
	Goal      pledge.Goal          `json:"goal" enum:"first,next,resolve"`
	Day       string               `json:"day,omitempty"`
	Programme *social.ProgrammeRef `json:"programme,omitempty"`
	Channel   *social.ChannelRef   `json:"channel,omitempty"`
	Kept      int                  `json:"kept"`
	Missed    int                  `json:"missed"`
}

// PledgeReport is what came of goals whose time began in a stretch of days.
type PledgeReport struct {
	All        []Kept `json:"all"`
	Days       []Kept `json:"days"`
	Programmes []Kept `json:"programmes"`
	Channels   []Kept `json:"channels"`
}

func (a *paceAPI) report(ctx context.Context, in *PledgeSpan) (*server.Body[PledgeReport], error) {
	from, to, err := in.days()
	if err != nil {
		return nil, err
	}
	counts, err := a.book.Report(ctx, from, to, in.Programme)
	if err != nil {
		return nil, err
	}
	programmes, err := known(ctx, collect(counts, func(c pledge.Count) social.ProgrammeID { return c.Programme }), a.around.Programmes)
	if err != nil {
		return nil, err
	}
	channels, err := known(ctx, collect(counts, func(c pledge.Count) social.ChannelID { return c.Channel }), a.around.Channels)
	if err != nil {
		return nil, err
	}
	out := PledgeReport{
		All:  sumUp(counts, func(pledge.Count) string { return "" }, func(pledge.Count, *Kept) {}),
		Days: sumUp(counts, func(c pledge.Count) string { return c.Day.Format(time.DateOnly) }, func(c pledge.Count, k *Kept) { k.Day = c.Day.Format(time.DateOnly) }),
		Programmes: sumUp(counts, func(c pledge.Count) string { return string(c.Programme) }, func(c pledge.Count, k *Kept) {
			if p, ok := programmes[c.Programme]; ok {
				k.Programme = &p
			}
		}),
		Channels: sumUp(counts, func(c pledge.Count) string { return string(c.Channel) }, func(c pledge.Count, k *Kept) {
			ref := channels[c.Channel]
			ref.ID = c.Channel
			k.Channel = &ref
		}),
	}
	return &server.Body[PledgeReport]{Body: out}, nil
}

// sumUp adds counts of one key and goal, in the order in which keys appear.
func sumUp(counts []pledge.Count, key func(pledge.Count) string, name func(pledge.Count, *Kept)) []Kept {
	type at struct {
		key  string
		goal pledge.Goal
	}
	out := []Kept{}
	where := map[at]int{}
	for _, c := range counts {
		k := at{key(c), c.Goal}
		i, ok := where[k]
		if !ok {
			i = len(out)
			where[k] = i
			out = append(out, Kept{Goal: c.Goal})
			name(c, &out[i])
		}
		out[i].Kept += c.Kept
		out[i].Missed += c.Missed
	}
	return out
}

type outcomesIn struct {
	server.Paging
	PledgeSpan
	Goal    pledge.Goal      `query:"goal" required:"true" enum:"first,next,resolve"`
	Missed  bool             `query:"missed"`
	Channel social.ChannelID `query:"channel" maxLength:"64"`
}

// PledgeOutcome is what came of one goal of one conversation.
type PledgeOutcome struct {
	Conversation Conversation `json:"conversation"`
	Start        time.Time    `json:"start"`
	Due          time.Time    `json:"due"`
	At           *time.Time   `json:"at,omitempty" doc:"When it was reached; absent while it is not."`
	Kept         bool         `json:"kept"`
}

func (a *paceAPI) outcomes(ctx context.Context, in *outcomesIn) (*server.Body[server.Page[PledgeOutcome]], error) {
	from, to, err := in.days()
	if err != nil {
		return nil, err
	}
	all, next, err := a.book.Store.Outcomes(ctx, pledge.OutcomeQuery{From: from, To: to, Goal: in.Goal, Missed: in.Missed, Programme: in.Programme, Channel: in.Channel, Cursor: in.Cursor, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	out := []PledgeOutcome{}
	for _, k := range all {
		row, err := a.desk.Conversation(ctx, k.Conversation)
		if social.NotFound.Is(err) {
			continue // it is in another programme now
		}
		if err != nil {
			return nil, err
		}
		shapes, err := a.shapes(ctx, []engage.Row{row})
		if err != nil {
			return nil, err
		}
		out = append(out, PledgeOutcome{shapes[0], k.Start, k.Due, server.When(k.At), k.Kept})
	}
	return &server.Body[server.Page[PledgeOutcome]]{Body: server.NewPage(out, next)}, nil
}

// Due is the goal of a conversation that is due first.
type Due struct {
	Goal   pledge.Goal `json:"goal" enum:"first,next,resolve"`
	At     time.Time   `json:"at"`
	Broken bool        `json:"broken" doc:"It was missed."`
}

func due(c engage.Conversation) *Due {
	if c.DueAt.IsZero() || c.DueWhat == "" {
		return nil
	}
	l := c.Track.Lines[c.DueWhat]
	return &Due{c.DueWhat, c.DueAt, l != nil && l.Broken}
}

// PledgeGoal is how one goal of a conversation stands.
type PledgeGoal struct {
	Goal   pledge.Goal `json:"goal" enum:"first,next,resolve"`
	Due    *time.Time  `json:"due,omitempty" doc:"Absent while its time stands."`
	Left   *int64      `json:"left_s,omitempty" doc:"Seconds that are left, while its time stands."`
	Met    *time.Time  `json:"met,omitempty"`
	Broken bool        `json:"broken"`
}

// Promise is what we promise of a conversation.
type Promise struct {
	Pledge string       `json:"pledge,omitempty" doc:"The name of the pledge that holds for it."`
	Goals  []PledgeGoal `json:"goals"`
}

func (a *api) promise(ctx context.Context, c engage.Conversation) (*Promise, error) {
	if a.desk.Pace == nil || len(c.Track.Lines) == 0 {
		return nil, nil
	}
	out := &Promise{Goals: []PledgeGoal{}}
	all, err := a.desk.Pace.Pledges(ctx)
	if err != nil {
		return nil, err
	}
	for _, p := range all {
		if p.ID == c.Track.Pledge {
			out.Pledge = p.Name
		}
	}
	for _, g := range pledge.Goals {
		l := c.Track.Lines[g]
		if l == nil || l.Over {
			continue
		}
		goal := PledgeGoal{Goal: g, Due: server.When(l.Due), Met: server.When(l.Met), Broken: l.Broken}
		if l.Held {
			left := int64(l.Left / time.Second)
			goal.Left = &left
		}
		out.Goals = append(out.Goals, goal)
	}
	return out, nil
}
