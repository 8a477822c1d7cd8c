package listenapi

import (
	"context"
	"net/http"
	"time"

	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/listen/warn"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

// RegisterAlerts adds the operations of early warning.
func RegisterAlerts(s *server.Server, station *listen.Station, watch *warn.Watch, around Around) {
	a := &api{station: station, watch: watch, around: around}
	const tag = "Alerts"
	server.Register(s, server.Op{ID: "list-alerts", Method: http.MethodGet, Path: "/api/alerts", Tag: tag, Permission: social.ListenRead,
		Summary: "Alerts, the newest first."}, a.listAlerts)
	server.Register(s, server.Op{ID: "count-alerts", Method: http.MethodGet, Path: "/api/alerts/counts", Tag: tag, Permission: social.ListenRead,
		Summary: "How many alerts are open."}, a.countAlerts)
	server.Register(s, server.Op{ID: "get-alert", Method: http.MethodGet, Path: "/api/alerts/{id}", Tag: tag, Permission: social.ListenRead,
		Summary: "One alert: why, the posts that caused it, the hours around it beside what is usual, who was told and what became of it."}, a.getAlert)
	server.Register(s, server.Op{ID: "acknowledge-alert", Method: http.MethodPost, Path: "/api/alerts/{id}/acknowledge", Tag: tag, Permission: social.InboxWork,
		Summary: "Say that you look after it."}, a.actOn(func(ctx context.Context, id social.AlertID, in actBody) (warn.Alert, error) {
		return a.watch.Acknowledge(ctx, id, in.Note)
	}))
	server.Register(s, server.Op{ID: "snooze-alert", Method: http.MethodPost, Path: "/api/alerts/{id}/snooze", Tag: tag, Permission: social.InboxWork,
		Summary: "Put it aside until a time; it opens again by itself."}, a.snoozeAlert)
	server.Register(s, server.Op{ID: "resolve-alert", Method: http.MethodPost, Path: "/api/alerts/{id}/resolve", Tag: tag, Permission: social.InboxWork,
		Summary: "Say that the matter is settled."}, a.actOn(func(ctx context.Context, id social.AlertID, in actBody) (warn.Alert, error) {
		return a.watch.Resolve(ctx, id, in.Note)
	}))
	server.Register(s, server.Op{ID: "false-alarm", Method: http.MethodPost, Path: "/api/alerts/{id}/false-alarm", Tag: tag, Permission: social.InboxWork,
		Summary: "Say that there was no need for it. What it is about will need more for the next."}, a.actOn(func(ctx context.Context, id social.AlertID, in actBody) (warn.Alert, error) {
		return a.watch.FalseAlarm(ctx, id, in.Note)
	}))
	server.Register(s, server.Op{ID: "reopen-alert", Method: http.MethodPost, Path: "/api/alerts/{id}/reopen", Tag: tag, Permission: social.InboxWork,
		Summary: "Take the last word back, with what a false alarm taught."}, a.actOn(func(ctx context.Context, id social.AlertID, in actBody) (warn.Alert, error) {
		return a.watch.Reopen(ctx, id, in.Note)
	}))
	server.Register(s, server.Op{ID: "get-warning", Method: http.MethodGet, Path: "/api/warnings/{id}", Tag: tag, Permission: social.ListenRead,
		Summary: "What a monitor (its id), or all that is heard in a programme (programme- and its id), needs for an alert, and what is usual for it."}, a.getWarning)
	server.Register(s, server.Op{ID: "edit-warning", Method: http.MethodPatch, Path: "/api/warnings/{id}", Tag: tag, Permission: social.ListenWrite,
		Summary: "Change what it needs for an alert."}, a.editWarning)
}

// Alert is an incident.
type Alert struct {
	ID        social.AlertID `json:"id"`
	Subject   string         `json:"subject" doc:"A monitor's id, or programme- and a programme's id."`
	Monitor   *Ref           `json:"monitor,omitempty" doc:"Left out where it is about all that is heard in a programme."`
	Programme *Ref           `json:"programme,omitempty"`
	State     warn.State     `json:"state" enum:"open,acknowledged,snoozed,resolved,false" doc:"false: a false alarm."`
	Reason    string         `json:"reason" doc:"Why, in plain words."`
	Surge     bool           `json:"surge" doc:"More than usual."`
	Mood      bool           `json:"mood" doc:"More negative than usual."`
	Hush      bool           `json:"hush" doc:"Far less than usual."`
	Because   string         `json:"because,omitempty" doc:"Of silence: how unusual it is, and what may be why."`
	Minutes   int            `json:"minutes" doc:"The stretch that was counted."`
	Count     int            `json:"count"`
	Usual     float64        `json:"usual" doc:"What is usual in such a stretch."`
	Times     float64        `json:"times" doc:"How many times the usual; 0 where next to nothing is usual."`
	Negative  int            `json:"negative"`
	Share     float64        `json:"negative_share" doc:"Of those with a sentiment."`
	Sour      float64        `json:"usual_share" doc:"The usual share of negative ones."`
	Words     []string       `json:"words" doc:"What the posts repeat more than those before did."`
	Score     float64        `json:"score" doc:"0.5 is just enough for an alert; 1 is never reached."`
	RaisedAt  time.Time      `json:"raised_at"`
	LastAt    time.Time      `json:"last_at" doc:"When it was last out of the ordinary."`
	Over      bool           `json:"over" doc:"It has been back to the usual for an hour."`
	Snoozed   *time.Time     `json:"snoozed_until,omitempty"`
	By        string         `json:"by,omitempty" doc:"Who acknowledged, snoozed or settled it last."`
}

// AlertStep is a line of an alert's history.
type AlertStep struct {
	At     time.Time          `json:"at"`
	Verb   string             `json:"verb" enum:"raised,told,grew,acknowledged,snoozed,woke,resolved,false,reopened,closed"`
	Member *social.MemberRef  `json:"member,omitempty"`
	Note   string             `json:"note,omitempty"`
	Until  *time.Time         `json:"until,omitempty"`
	Count  int                `json:"count,omitempty"`
	Told   []social.MemberRef `json:"told,omitempty"`
	By     string             `json:"by,omitempty" doc:"How they were told: app or mail."`
	Taught int                `json:"taught,omitempty" doc:"How many false alarms count now."`
}

// UsualHour is an hour beside what is usual.
type UsualHour struct {
	At       time.Time `json:"at"`
	Count    int       `json:"count"`
	Negative int       `json:"negative"`
	Usual    float64   `json:"usual"`
	Low      float64   `json:"low"`
	High     float64   `json:"high" doc:"Nineteen of twenty such hours are between low and high."`
}

// AlertDetail is an alert with all there is about it.
type AlertDetail struct {
	Alert
	Hours []UsualHour `json:"hours" doc:"The two days before and what came after."`
	Known bool        `json:"known" doc:"Whether enough of the past is known for a band."`
	Posts []Mention   `json:"posts" doc:"Those that caused it, the weightiest first."`
	Steps []AlertStep `json:"steps" doc:"The oldest first."`
}

type listAlertsIn struct {
	server.Paging
	State     []string `query:"state,explode" enum:"open,acknowledged,snoozed,resolved,false"`
	Monitor   string   `query:"monitor" maxLength:"64"`
	Programme string   `query:"programme" maxLength:"64"`
}

func (a *api) listAlerts(ctx context.Context, in *listAlertsIn) (*server.Body[server.Page[Alert]], error) {
	before, err := fromCursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	limit := pageSize(in.Limit)
	q := warn.Query{Monitor: social.MonitorID(in.Monitor), Programme: social.ProgrammeID(in.Programme), Before: social.AlertID(before), Limit: limit + 1}
	for _, s := range in.State {
		q.States = append(q.States, warn.State(s))
	}
	all, err := a.watch.Store.Alerts(ctx, q)
	if err != nil {
		return nil, err
	}
	next := ""
	if len(all) > limit {
		all = all[:limit]
		next = toCursor(string(all[limit-1].ID))
	}
	rows, err := a.alertRows(ctx, all)
	return &server.Body[server.Page[Alert]]{Body: server.NewPage(rows, next)}, err
}

func (a *api) alertRows(ctx context.Context, all []warn.Alert) ([]Alert, error) {
	var placed []social.ProgrammeID
	for _, x := range all {
		placed = append(placed, x.Subject.Programme)
	}
	programmes, err := a.programmes(ctx, placed)
	if err != nil {
		return nil, err
	}
	now := a.watch.Clock.Now()
	out := make([]Alert, len(all))
	for i, x := range all {
		out[i] = Alert{ID: x.ID, Subject: x.Subject.Key(), Programme: programmes[x.Subject.Programme], State: x.State, Reason: x.Reason(), Surge: x.Surge, Mood: x.Mood, Hush: x.Hush, Because: x.Because,
			Minutes: int(x.Span.Minutes()), Count: x.Count, Usual: round2(x.Usual), Times: round2(x.Times()), Negative: x.Negative, Share: round2(x.Share()),
			Sour: round2(x.Sour), Words: x.Words, Score: round2(x.Score), RaisedAt: x.Raised, LastAt: x.Last, Over: x.Over(now), By: x.ByName}
		if x.Words == nil {
			out[i].Words = []string{}
		}
		if x.Subject.Monitor != "" {
			out[i].Monitor = &Ref{ID: string(x.Subject.Monitor), Name: a.station.MonitorName(x.Subject.Monitor)}
		}
		if !x.Snoozed.IsZero() {
			out[i].Snoozed = &x.Snoozed
		}
	}
	return out, nil
}

func round2(f float64) float64 { return float64(int64(f*100+0.5)) / 100 }

// AlertCounts says how many alerts there are.
type AlertCounts struct {
	Open int `json:"open"`
}

func (a *api) countAlerts(ctx context.Context, _ *struct{}) (*server.Body[AlertCounts], error) {
	n, err := a.watch.Store.OpenAlerts(ctx)
	return &server.Body[AlertCounts]{Body: AlertCounts{n}}, err
}

// Around an alert, this much is shown.
const hoursBefore, hoursAfter = 48 * time.Hour, 12 * time.Hour

func (a *api) getAlert(ctx context.Context, in *ByID) (*server.Body[AlertDetail], error) {
	x, steps, causes, err := a.watch.One(ctx, social.AlertID(in.ID))
	if err != nil {
		return nil, err
	}
	rows, err := a.alertRows(ctx, []warn.Alert{x})
	if err != nil {
		return nil, err
	}
	out := AlertDetail{Alert: rows[0], Steps: []AlertStep{}, Hours: []UsualHour{}}
	for _, s := range steps {
		step := AlertStep{At: s.At, Verb: s.Verb, Note: s.Detail.Note, Until: s.Detail.Until, Count: s.Detail.Count, Told: s.Detail.Told, By: s.Detail.By, Taught: s.Detail.Taught}
		if s.Name != "" {
			step.Member = &social.MemberRef{ID: s.Member, Name: s.Name}
		}
		out.Steps = append(out.Steps, step)
	}
	to := x.Last.Add(hoursAfter)
	if now := a.watch.Clock.Now(); to.After(now) {
		to = now
	}
	hours, known, err := a.watch.Hours(ctx, x.Subject, x.Raised.Add(-hoursBefore), to)
	if err != nil {
		return nil, err
	}
	out.Known = known
	for _, h := range hours {
		out.Hours = append(out.Hours, UsualHour{h.At, h.Count, h.Negative, round2(h.Usual), round2(h.Low), round2(h.High)})
	}
	items, err := a.station.Items(ctx, causes, x.Subject.Monitor)
	if err != nil {
		return nil, err
	}
	out.Posts, err = a.mentions(ctx, items)
	return &server.Body[AlertDetail]{Body: out}, err
}

type actBody struct {
	Note string `json:"note,omitempty" maxLength:"2000"`
}

type actIn struct {
	ByID
	Body actBody
}

func (a *api) actOn(act func(context.Context, social.AlertID, actBody) (warn.Alert, error)) func(context.Context, *actIn) (*server.Body[Alert], error) {
	return func(ctx context.Context, in *actIn) (*server.Body[Alert], error) {
		x, err := act(ctx, social.AlertID(in.ID), in.Body)
		return a.alertRow(ctx, x, err)
	}
}

func (a *api) alertRow(ctx context.Context, x warn.Alert, err error) (*server.Body[Alert], error) {
	if err != nil {
		return nil, err
	}
	rows, err := a.alertRows(ctx, []warn.Alert{x})
	if err != nil {
		return nil, err
	}
	return &server.Body[Alert]{Body: rows[0]}, nil
}

type snoozeIn struct {
	ByID
	Body struct {
		Until time.Time `json:"until"`
		Note  string    `json:"note,omitempty" maxLength:"2000"`
	}
}

func (a *api) snoozeAlert(ctx context.Context, in *snoozeIn) (*server.Body[Alert], error) {
	x, err := a.watch.Snooze(ctx, social.AlertID(in.ID), in.Body.Until, in.Body.Note)
	return a.alertRow(ctx, x, err)
}

// Warning is what a subject needs for an alert.
type Warning struct {
	Subject string      `json:"subject"`
	Level   warn.Level  `json:"level" enum:"low,normal,high,off" doc:"How easily it raises an alert."`
	Minimum int         `json:"minimum" doc:"Posts that it needs at least."`
	Taught  int         `json:"taught" doc:"False alarms that count; each makes it need more. May be lowered, which takes them back."`
	Silence bool        `json:"silence" doc:"Whether far too little raises an alert as well; of monitors only."`
	Times   float64     `json:"times" doc:"How many times the usual it needs, with what was taught."`
	Known   bool        `json:"known" doc:"Whether enough of the past is known to judge how much is said."`
	Since   *time.Time  `json:"since,omitempty" doc:"Of when the past is known."`
	Sour    float64     `json:"usual_share" doc:"The usual share of negative ones."`
	Hours   []UsualHour `json:"hours" doc:"The last seven days, beside what is usual."`
}

func (a *api) getWarning(ctx context.Context, in *ByID) (*server.Body[Warning], error) {
	s, err := a.watch.SubjectOf(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return a.warning(ctx, s, a.watch.RuleOf(s))
}

func (a *api) warning(ctx context.Context, s warn.Subject, r warn.Rule) (*server.Body[Warning], error) {
	out := Warning{Subject: s.Key(), Level: r.Level, Minimum: r.Minimum, Taught: r.Taught, Silence: r.Silence, Times: round2(r.Times()), Hours: []UsualHour{}}
	since, known, sour, err := a.watch.Learnt(ctx, s)
	if err != nil {
		return nil, err
	}
	out.Known, out.Sour = known, round2(sour)
	now := a.watch.Clock.Now()
	if since.Before(now.Truncate(time.Hour)) {
		out.Since = &since
	}
	hours, _, err := a.watch.Hours(ctx, s, now.AddDate(0, 0, -7), now)
	for _, h := range hours {
		out.Hours = append(out.Hours, UsualHour{h.At, h.Count, h.Negative, round2(h.Usual), round2(h.Low), round2(h.High)})
	}
	return &server.Body[Warning]{Body: out}, err
}

type editWarningIn struct {
	ByID
	Body struct {
		Level   *warn.Level `json:"level,omitempty" enum:"low,normal,high,off"`
		Minimum *int        `json:"minimum,omitempty"`
		Taught  *int        `json:"taught,omitempty"`
		Silence *bool       `json:"silence,omitempty"`
	}
}

func (a *api) editWarning(ctx context.Context, in *editWarningIn) (*server.Body[Warning], error) {
	s, err := a.watch.SubjectOf(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	r, err := a.watch.ChangeRule(ctx, s, warn.RulePatch{Level: in.Body.Level, Minimum: in.Body.Minimum, Taught: in.Body.Taught, Silence: in.Body.Silence})
	if err != nil {
		return nil, err
	}
	return a.warning(ctx, s, r)
}
