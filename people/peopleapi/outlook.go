package peopleapi

import (
	"context"
	"math"
	"net/http"
	"time"

	"github.com/parley-crm/parley/people/card"
	"github.com/parley-crm/parley/people/foresee"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

// OutlookAround answers what the room itself does not know.
type OutlookAround interface {
	// Talked lists the newest conversations of accounts that the actor may read.
	Talked(ctx context.Context, who []social.IdentityID) ([]foresee.Talk, error)
}

type outlookAPI struct {
	seer   *foresee.Seer
	cards  *card.Box
	around OutlookAround
}

// RegisterOutlooks adds what is foreseen of persons.
func RegisterOutlooks(s *server.Server, seer *foresee.Seer, cards *card.Box, around OutlookAround) {
	a := &outlookAPI{seer, cards, around}
	server.Register(s, server.Op{ID: "get-person-outlooks", Method: http.MethodGet, Path: "/api/people/{id}/outlooks", Tag: "People", Permission: social.PeopleRead,
		Summary: "What may come of somebody, how likely, and why, as of now; and what one may do next. Nothing is shown that does no better than the usual rate."}, a.person)
	server.Register(s, server.Op{ID: "list-outlooks", Method: http.MethodGet, Path: "/api/outlooks", Tag: "People", Permission: social.ModelTrain,
		Summary: "What is foreseen, what it was learned from, and how well it did on people and days that it did not learn from."}, a.list)
	server.Register(s, server.Op{ID: "edit-outlook", Method: http.MethodPatch, Path: "/api/outlooks/{what}", Tag: "People", Permission: social.ModelTrain,
		Summary: "Turn a prediction on or off. Off, what was foreseen of persons goes at once."}, a.turn)
	server.Register(s, server.Op{ID: "learn-outlooks", Method: http.MethodPost, Path: "/api/outlooks/learn", Tag: "People", Permission: social.ModelTrain,
		Summary: "Learn all that is on now, without waiting for the night. It goes on behind."}, a.learn)
}

// OutlookReason is one thing of a past that moves a prediction.
type OutlookReason struct {
	Feature  string  `json:"feature" enum:"order_ago,orders,rhythm,spent,spoke_ago,said,trend,negative,feeling,complaints,praise,channels,unanswered,wait,satisfied,broken,known" doc:"What was looked at: days since the last order, orders in a year, that in times of their usual gap, spent in a year (minor units), days since they spoke, times they spoke in 90 days, that beside the 90 days before, share of it that sounded negative, how much larger that share became, complaints in 90 days, public praise in 180 days, channels in a year, unanswered questions, hours they waited at most in 180 days, last satisfaction (1 to 5), promises broken in a year, days known."`
	Value    float64 `json:"value"`
	None     bool    `json:"none,omitempty" doc:"There is nothing to look at."`
	Currency string  `json:"currency,omitempty" doc:"Of what was spent."`
	Effect   float64 `json:"effect" doc:"In log-odds, beside the average of those learned from; above 0 it makes it likelier."`
}

// PersonOutlook is what is foreseen of somebody.
type PersonOutlook struct {
	What    string          `json:"what" enum:"buys_again,goes_quiet,speaks_well"`
	Days    int             `json:"days" doc:"Within how many days from now."`
	Share   float64         `json:"share" doc:"How likely, 0 to 1, in hundredths."`
	Usual   float64         `json:"usual" doc:"How often it happened to those that it was judged by."`
	Likely  bool            `json:"likely" doc:"Likelier than not, or twice as likely as usual and at least one in five."`
	Reasons []OutlookReason `json:"reasons" doc:"What moves it most, beside the average."`
	AsOf    time.Time       `json:"as_of"`
}

// OutlookLack says what is missing where something can't be foreseen.
type OutlookLack struct {
	Back        int `json:"back" doc:"How many days ago the part of the past lies in which there is least."`
	People      int `json:"people" doc:"Of whom it made sense then."`
	LeastPeople int `json:"least_people"`
	Yes         int `json:"yes"`
	No          int `json:"no"`
	LeastEach   int `json:"least_each" doc:"Of either outcome."`
}

// OutlookStanding is how it stands with a prediction.
type OutlookStanding struct {
	What     string       `json:"what" enum:"buys_again,goes_quiet,speaks_well"`
	Days     int          `json:"days"`
	Standing string       `json:"standing" enum:"shown,never,off,little,no_better" doc:"shown; never: not learned yet; off; little: too little happened; no_better: than the usual rate."`
	Lack     *OutlookLack `json:"lack,omitempty" doc:"Where too little happened."`
}

// NextStep is something that one may do for somebody next. Nothing is done by itself.
type NextStep struct {
	Do           string                `json:"do" enum:"answer,keep,write,thank"`
	Conversation social.ConversationID `json:"conversation,omitempty" doc:"Where it is done."`
	Promise      string                `json:"promise,omitempty"`
	Text         string                `json:"text,omitempty" doc:"Of the promise, or of what they want."`
	At           time.Time             `json:"at" doc:"Since when they wait, when it is due, or when we talked last."`
	Share        float64               `json:"share,omitempty" doc:"How likely is what it is about."`
}

// PersonOutlooks is what may come of somebody.
type PersonOutlooks struct {
	Person   social.PersonID   `json:"person"`
	Objected bool              `json:"objected" doc:"They do not want it; nothing is foreseen, and nothing is learned from them."`
	Items    []PersonOutlook   `json:"items"`
	Standing []OutlookStanding `json:"standing" doc:"Of every prediction. One that is shown but not among the items makes no sense of this person."`
	Next     []NextStep        `json:"next"`
}

func hundredths(x float64) float64 { return math.Round(x*100) / 100 }

func standing(x foresee.State) OutlookStanding {
	out := OutlookStanding{What: string(x.What), Days: daysOf(x.What), Standing: x.Standing()}
	if out.Standing == foresee.Little {
		c, back := x.Figures.Scarcest()
		out.Lack = &OutlookLack{Back: back * out.Days, People: c.People, LeastPeople: foresee.LeastPeople, Yes: c.Yes, No: c.No, LeastEach: foresee.LeastEach}
	}
	return out
}

func daysOf(w foresee.What) int {
	for _, d := range foresee.Definitions() {
		if d.What == w {
			return d.Days
		}
	}
	return 0
}

func (a *outlookAPI) person(ctx context.Context, in *idIn) (*server.Body[PersonOutlooks], error) {
	v, err := a.seer.Of(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	out := PersonOutlooks{Person: v.Person, Objected: v.Objected, Items: []PersonOutlook{}, Standing: []OutlookStanding{}, Next: []NextStep{}}
	for _, x := range v.States {
		out.Standing = append(out.Standing, standing(x))
	}
	for _, o := range v.Outlooks {
		item := PersonOutlook{What: string(o.What), Days: daysOf(o.What), Share: hundredths(o.Share), Usual: hundredths(o.Usual), Likely: o.Likely(), AsOf: o.At, Reasons: []OutlookReason{}}
		for _, r := range o.Reasons {
			x := OutlookReason{Feature: r.Feature, Value: math.Round(r.Value*100) / 100, None: r.None, Effect: r.Effect}
			if r.Feature == "spent" {
				x.Currency = v.Currency[o.What]
			}
			item.Reasons = append(item.Reasons, x)
		}
		out.Items = append(out.Items, item)
	}
	steps, err := a.next(ctx, v)
	for _, s := range steps {
		out.Next = append(out.Next, NextStep{Do: s.Do, Conversation: s.Talk, Promise: s.Promise, Text: s.Text, At: s.At, Share: hundredths(s.Share)})
	}
	return &server.Body[PersonOutlooks]{Body: out}, err
}

func (a *outlookAPI) next(ctx context.Context, v foresee.View) ([]foresee.Step, error) {
	p, err := a.seer.People.Person(ctx, v.Person)
	if err != nil {
		return nil, err
	}
	ids := make([]social.IdentityID, len(p.Identities))
	for i, x := range p.Identities {
		ids[i] = x.ID
	}
	talks, err := a.around.Talked(ctx, ids)
	if err != nil {
		return nil, err
	}
	goals, promises, err := a.cards.Wanted(ctx, p.ID)
	return foresee.Next(v.Outlooks, talks, goals, promises, a.seer.Clock.Now()), err
}

// OutlookCount is how much there was in one part.
type OutlookCount struct {
	People int `json:"people"`
	Yes    int `json:"yes"`
	No     int `json:"no"`
}

// OutlookTen is a tenth of the judged, in the order of what was foreseen.
type OutlookTen struct {
	N        int     `json:"n"`
	Foreseen float64 `json:"foreseen" doc:"What was foreseen of them on average."`
	Happened float64 `json:"happened" doc:"To which share of them it happened."`
}

// OutlookModel is how well something is foreseen.
type OutlookModel struct {
	OutlookStanding
	On        bool         `json:"on"`
	Learning  bool         `json:"learning" doc:"Somebody asked that it be learned, and it was not yet."`
	LearnedAt *time.Time   `json:"learned_at,omitempty"`
	Version   int64        `json:"version"`
	Learned   OutlookCount `json:"learned" doc:"What weights were learned from: days long ago. The same person counts on several days."`
	Set       OutlookCount `json:"set" doc:"By which shares were set right: later days."`
	Judged    OutlookCount `json:"judged" doc:"The latest days whose end is known."`
	Left      int          `json:"left" doc:"Persons who objected, and were left out."`
	Usual     float64      `json:"usual"`
	AUC       float64      `json:"auc" doc:"Of two, one of whom it happened to: how often that one was foreseen as likelier. 0.5 is chance."`
	Skill     float64      `json:"skill" doc:"Brier skill: 0 is as good as the usual rate, 1 is to know."`
	Least     float64      `json:"skill_least" doc:"What that is at least, 39 times in 40. Above 0, it is shown."`
	Tens      []OutlookTen `json:"tens"`
}

// OutlookModels are all predictions.
type OutlookModels struct {
	Items []OutlookModel `json:"items"`
}

func modelOf(x foresee.State) OutlookModel {
	f := x.Figures
	m := OutlookModel{OutlookStanding: standing(x), On: x.On, Learning: x.Waits(), Version: x.Version, Learned: OutlookCount(f.Learned), Set: OutlookCount(f.Set), Judged: OutlookCount(f.Judged),
		Left: f.Left, Usual: f.Usual, AUC: f.AUC, Skill: f.Skill, Least: f.Least, Tens: []OutlookTen{}}
	if !x.Learned.IsZero() {
		m.LearnedAt = &x.Learned
	}
	for _, t := range f.Tens {
		m.Tens = append(m.Tens, OutlookTen(t))
	}
	return m
}

func models(all []foresee.State, err error) (*server.Body[OutlookModels], error) {
	out := OutlookModels{Items: []OutlookModel{}}
	for _, x := range all {
		out.Items = append(out.Items, modelOf(x))
	}
	return &server.Body[OutlookModels]{Body: out}, err
}

func (a *outlookAPI) list(ctx context.Context, _ *struct{}) (*server.Body[OutlookModels], error) {
	return models(a.seer.States(ctx))
}

func (a *outlookAPI) turn(ctx context.Context, in *struct {
	What string `path:"what" maxLength:"40"`
	Body struct {
		On bool `json:"on"`
	}
}) (*server.Body[OutlookModel], error) {
	x, err := a.seer.Turn(ctx, foresee.What(in.What), in.Body.On)
	if err != nil {
		return nil, err
	}
	return &server.Body[OutlookModel]{Body: modelOf(x)}, nil
}

func (a *outlookAPI) learn(ctx context.Context, _ *struct{}) (*server.Body[OutlookModels], error) {
	return models(a.seer.Ask(ctx))
}
