// Package surveyapi serves satisfaction over HTTP: what is chosen, what was
// answered, and the public page on which customers answer.
package surveyapi

import (
	"context"
	"net/http"
	"time"

	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/engage/survey"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

// Around answers what the room does not know.
type Around interface {
	Channels(ctx context.Context, ids []social.ChannelID) (map[social.ChannelID]social.ChannelRef, error)
	Members(ctx context.Context, ids []social.MemberID) (map[social.MemberID]social.MemberRef, error)
	Programmes(ctx context.Context, ids []social.ProgrammeID) (map[social.ProgrammeID]social.ProgrammeRef, error)
	BrandName(ctx context.Context) string
}

// Talks reads conversations that may be seen.
type Talks interface {
	Talks(ctx context.Context, ids []social.ConversationID) ([]engage.Conversation, error)
}

type api struct {
	book   *survey.Book
	talks  Talks
	around Around
}

// Register adds the operations on satisfaction, and the public page.
func Register(s *server.Server, book *survey.Book, talks Talks, around Around) {
	a := &api{book, talks, around}
	op := func(id, method, path string, p social.Permission, summary string) server.Op {
		return server.Op{ID: id, Method: method, Path: path, Tag: "Satisfaction", Permission: p, Summary: summary}
	}
	server.Register(s, op("list-surveys", http.MethodGet, "/api/surveys", social.InboxRead, "Whether and how each programme asks how well it helped."), a.settings)
	server.Register(s, op("set-survey", http.MethodPut, "/api/surveys", social.GovernWrite, "Choose whether and how a programme asks."), a.set)
	server.Register(s, op("report-surveys", http.MethodGet, "/api/surveys/report", social.InboxRead, "How many were asked and what they gave, by day and programme."), a.report)
	server.Register(s, op("list-survey-answers", http.MethodGet, "/api/surveys/answers", social.InboxRead, "What was answered, newest first, with the conversation that each is about."), a.answers)
	server.Register(s, op("list-conversation-surveys", http.MethodGet, "/api/conversations/{id}/surveys", social.InboxRead, "What was asked and answered about one conversation, newest first."), a.about)
	s.Door(survey.Door, a.door)
}

// Survey is whether and how a programme asks.
type Survey struct {
	Programme *social.ProgrammeRef `json:"programme,omitempty" doc:"Left out: for what belongs to no programme."`
	On        bool                 `json:"on"`
	Words     string               `json:"words" doc:"Of the message, with {{link}} and, if wanted, {{name}}."`
	Question  string               `json:"question"`
	After     int                  `json:"after_minutes"`
	Every     int                  `json:"every_days"`
	Owner     *social.MemberRef    `json:"owner,omitempty" doc:"In whose name it is asked."`
	ChangedAt *time.Time           `json:"changed_at,omitempty" doc:"Left out: nothing was chosen yet, and nobody is asked."`
}

func (a *api) shown(ctx context.Context, all []survey.Settings) ([]Survey, error) {
	var who []social.MemberID
	var where []social.ProgrammeID
	for _, s := range all {
		who, where = append(who, s.Owner), append(where, s.Programme)
	}
	members, err := a.around.Members(ctx, who)
	if err != nil {
		return nil, err
	}
	programmes, err := a.around.Programmes(ctx, where)
	out := make([]Survey, len(all))
	for i, s := range all {
		out[i] = Survey{On: s.On, Words: s.Words, Question: s.Question, After: int(s.After.Minutes()), Every: int(s.Every.Hours() / 24), ChangedAt: server.When(s.Changed)}
		if p, ok := programmes[s.Programme]; ok && s.Programme != "" {
			out[i].Programme = &p
		}
		if m, ok := members[s.Owner]; ok && s.Owner != "" {
			out[i].Owner = &m
		}
	}
	return out, err
}

// Surveys are what is chosen, and what a programme begins with.
type Surveys struct {
	Items []Survey `json:"items"`
	Usual Survey   `json:"usual" doc:"What a programme that has chosen nothing begins with."`
	All   bool     `json:"all" doc:"You see what belongs to no programme, too."`
	Ready bool     `json:"ready" doc:"Parley has a public address, so that links lead somewhere."`
}

func (a *api) settings(ctx context.Context, _ *struct{}) (*server.Body[Surveys], error) {
	all, err := a.book.Settings(ctx)
	if err != nil {
		return nil, err
	}
	items, err := a.shown(ctx, append(all, survey.Usual("")))
	if err != nil {
		return nil, err
	}
	n := len(items) - 1
	return &server.Body[Surveys]{Body: Surveys{Items: items[:n], Usual: items[n], All: social.ScopeOf(ctx).All, Ready: a.book.Base != ""}}, nil
}

type setInput struct {
	Body struct {
		Programme social.ProgrammeID `json:"programme,omitempty" doc:"Left out: for what belongs to no programme."`
		On        bool               `json:"on"`
		Words     string             `json:"words" maxLength:"4000"`
		Question  string             `json:"question" maxLength:"1000"`
		After     int                `json:"after_minutes" minimum:"0" maximum:"20160"`
		Every     int                `json:"every_days" minimum:"7" maximum:"730"`
	}
}

func (a *api) set(ctx context.Context, in *setInput) (*server.Body[Survey], error) {
	b := in.Body
	if b.Programme != "" {
		known, err := a.around.Programmes(ctx, []social.ProgrammeID{b.Programme})
		if err != nil {
			return nil, err
		}
		if _, ok := known[b.Programme]; !ok {
			return nil, social.Errorf(social.NotFound, "This programme does not exist, or not for you.")
		}
	}
	s, err := a.book.Keep(ctx, survey.Settings{Programme: b.Programme, On: b.On, Words: b.Words, Question: b.Question,
		After: time.Duration(b.After) * time.Minute, Every: time.Duration(b.Every) * 24 * time.Hour})
	if err != nil {
		return nil, err
	}
	items, err := a.shown(ctx, []survey.Settings{s})
	if err != nil {
		return nil, err
	}
	return &server.Body[Survey]{Body: items[0]}, nil
}

// Span are days of a report.
type Span struct {
	From      string             `query:"from" format:"date" doc:"The first day (UTC); thirty days ago if left out."`
	To        string             `query:"to" format:"date" doc:"The last day (UTC); today if left out."`
	Programme social.ProgrammeID `query:"programme"`
}

func (s Span) days(now time.Time) (from, to time.Time, err error) {
	to = now.UTC().Truncate(24 * time.Hour)
	if s.To != "" {
		if to, err = time.Parse(time.DateOnly, s.To); err != nil {
			return from, to, engage.Invalid("to", "This is not a day, such as 2026-11-26.")
		}
	}
	from = to.AddDate(0, 0, -29)
	if s.From != "" {
		if from, err = time.Parse(time.DateOnly, s.From); err != nil {
			return from, to, engage.Invalid("from", "This is not a day, such as 2026-11-26.")
		}
	}
	if to = to.AddDate(0, 0, 1); !from.Before(to) || to.Sub(from) > 400*24*time.Hour {
		return from, to, engage.Invalid("from", "A report spans between one day and 400.")
	}
	return from, to, nil
}

// Tally is what some that were asked gave.
type Tally struct {
	Day       string               `json:"day,omitempty"`
	Programme *social.ProgrammeRef `json:"programme,omitempty"`
	Asked     int                  `json:"asked"`
	Answered  int                  `json:"answered"`
	Good      int                  `json:"good" doc:"Gave 4 or 5."`
	Average   float64              `json:"average" doc:"Of 1 to 5; 0 when nobody answered."`
	Scores    [5]int               `json:"scores" doc:"How many gave 1, 2, 3, 4, 5."`
}

func (t *Tally) add(d survey.Day) {
	t.Asked += d.Asked
	sum := 0
	t.Answered, t.Good = 0, 0
	for i, n := range d.Scores {
		t.Scores[i] += n
		t.Answered += t.Scores[i]
		sum += (i + 1) * t.Scores[i]
		if i >= 3 {
			t.Good += t.Scores[i]
		}
	}
	if t.Average = 0; t.Answered > 0 {
		t.Average = float64(sum) / float64(t.Answered)
	}
}

// Report is what came of asking.
type Report struct {
	All        Tally   `json:"all"`
	Days       []Tally `json:"days" doc:"By the day (UTC) on which it was asked."`
	Programmes []Tally `json:"programmes"`
}

func (a *api) report(ctx context.Context, in *Span) (*server.Body[Report], error) {
	from, to, err := in.days(a.book.Clock.Now())
	if err != nil {
		return nil, err
	}
	days, err := a.book.Store.Days(ctx, from, to, in.Programme)
	if err != nil {
		return nil, err
	}
	out := Report{Days: []Tally{}, Programmes: []Tally{}}
	at, in2 := map[string]int{}, map[social.ProgrammeID]int{}
	var where []social.ProgrammeID
	for _, d := range days {
		out.All.add(d)
		key := d.Day.Format(time.DateOnly)
		if _, ok := at[key]; !ok {
			at[key] = len(out.Days)
			out.Days = append(out.Days, Tally{Day: key})
		}
		out.Days[at[key]].add(d)
		if _, ok := in2[d.Programme]; !ok {
			in2[d.Programme] = len(out.Programmes)
			out.Programmes = append(out.Programmes, Tally{})
			where = append(where, d.Programme)
		}
		out.Programmes[in2[d.Programme]].add(d)
	}
	names, err := a.around.Programmes(ctx, where)
	for i, p := range where {
		if ref, ok := names[p]; ok && p != "" {
			out.Programmes[i].Programme = &ref
		}
	}
	return &server.Body[Report]{Body: out}, err
}

// Answer is what somebody gave, and for what.
type Answer struct {
	ID           string                `json:"id"`
	Conversation social.ConversationID `json:"conversation"`
	Subject      string                `json:"subject,omitempty"`
	Name         string                `json:"name,omitempty" doc:"Who answered."`
	Person       social.PersonID       `json:"person,omitempty"`
	Channel      social.ChannelRef     `json:"channel"`
	Programme    *social.ProgrammeRef  `json:"programme,omitempty"`
	Member       *social.MemberRef     `json:"member,omitempty" doc:"Who looked after the conversation."`
	AskedAt      time.Time             `json:"asked_at"`
	AnsweredAt   *time.Time            `json:"answered_at,omitempty"`
	Refused      bool                  `json:"refused,omitempty" doc:"Nobody was asked: the ledger of consents said no."`
	Why          string                `json:"why,omitempty" doc:"Why they could be asked, or were not."`
	Score        int                   `json:"score,omitempty" doc:"1 to 5; left out until it is answered."`
	Comment      string                `json:"comment,omitempty"`
}

func (a *api) shownAnswers(ctx context.Context, all []survey.Ask) ([]Answer, error) {
	var who []social.MemberID
	var where []social.ProgrammeID
	var channels []social.ChannelID
	var ids []social.ConversationID
	for _, x := range all {
		who, where, channels, ids = append(who, x.Member), append(where, x.Programme), append(channels, x.Channel), append(ids, x.Conversation)
	}
	members, err := a.around.Members(ctx, who)
	if err != nil {
		return nil, err
	}
	programmes, err := a.around.Programmes(ctx, where)
	if err != nil {
		return nil, err
	}
	lines, err := a.around.Channels(ctx, channels)
	if err != nil {
		return nil, err
	}
	talks, err := a.talks.Talks(ctx, ids)
	if err != nil {
		return nil, err
	}
	about := map[social.ConversationID]engage.Conversation{}
	for _, c := range talks {
		about[c.ID] = c
	}
	out := make([]Answer, len(all))
	for i, x := range all {
		c := about[x.Conversation]
		out[i] = Answer{ID: x.ID, Conversation: x.Conversation, Subject: c.Subject, Name: c.Author.Label(), Person: x.Person, Channel: lines[x.Channel],
			AskedAt: x.AskedAt, Refused: x.State == survey.Refused, Why: x.Why, AnsweredAt: server.When(x.AnsweredAt), Score: x.Score, Comment: x.Comment}
		if x.State == survey.Refused {
			out[i].AskedAt = x.Due
		}
		out[i].Channel.ID = x.Channel
		if p, ok := programmes[x.Programme]; ok && x.Programme != "" {
			out[i].Programme = &p
		}
		if m, ok := members[x.Member]; ok && x.Member != "" {
			out[i].Member = &m
		}
	}
	return out, nil
}

type answersInput struct {
	server.Paging
	Span
	Score  int  `query:"score" minimum:"0" maximum:"5" doc:"Only those who gave this."`
	Worded bool `query:"worded" doc:"Only those who wrote something."`
}

func (a *api) answers(ctx context.Context, in *answersInput) (*server.Body[server.Page[Answer]], error) {
	from, to, err := in.days(a.book.Clock.Now())
	if err != nil {
		return nil, err
	}
	all, next, err := a.book.Store.Answers(ctx, survey.Query{From: from, To: to, Programme: in.Programme, Score: in.Score, Worded: in.Worded, Cursor: in.Cursor, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	items, err := a.shownAnswers(ctx, all)
	return &server.Body[server.Page[Answer]]{Body: server.NewPage(items, next)}, err
}

func (a *api) about(ctx context.Context, in *struct {
	ID social.ConversationID `path:"id"`
},
) (*server.Body[server.Page[Answer]], error) {
	talks, err := a.talks.Talks(ctx, []social.ConversationID{in.ID})
	if err != nil {
		return nil, err
	}
	if len(talks) == 0 {
		return nil, social.Errorf(social.NotFound, "This conversation does not exist, or not for you.")
	}
	all, err := a.book.Store.Of(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	items, err := a.shownAnswers(ctx, all)
	return &server.Body[server.Page[Answer]]{Body: server.NewPage(items, "")}, err
}
