package engageapi

import (
	"context"
	"time"

	"github.com/parley-crm/parley/engage/hive"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

// ProgrammePath names a programme in an address.
type ProgrammePath struct {
	ID social.ProgrammeID `path:"id"`
}

// HiveProgramme is a programme that one leads.
type HiveProgramme struct {
	social.ProgrammeRef
	On bool `json:"on" doc:"Whether its hive is on."`
}

func (a *hiveAPI) leads(ctx context.Context, _ *struct{}) (*server.Body[server.Page[HiveProgramme]], error) {
	led, err := a.hive.Leads(ctx)
	items := collect(led, func(l hive.Led) HiveProgramme { return HiveProgramme{l.ProgrammeRef, l.On} })
	return &server.Body[server.Page[HiveProgramme]]{Body: server.NewPage(items, "")}, err
}

type boardInput struct {
	ProgrammePath
	Days int `query:"days" minimum:"1" maximum:"90" default:"7"`
}

// HiveBoard is what whoever leads a programme sees of its hive.
type HiveBoard struct {
	Now struct {
		Offered int `json:"offered"`
		Widened int `json:"widened" doc:"Of the offered, those that more than the best were asked."`
		Claimed int `json:"claimed"`
		Centre  int `json:"centre"`
	} `json:"now"`
	From      time.Time      `json:"from"`
	To        time.Time      `json:"to" doc:"When it was read."`
	Asked     int64          `json:"asked"`
	Answered  int64          `json:"answered"`
	ByHive    int64          `json:"by_hive" doc:"Of the answered, those that the contact centre never had."`
	Solved    int64          `json:"solved" doc:"Of those, conversations that were closed after it."`
	InTime    int64          `json:"in_time"`
	Sent      int64          `json:"sent" doc:"To the contact centre."`
	Unknown   int64          `json:"unknown" doc:"Nobody was found who may know."`
	Claims    int64          `json:"claims"`
	ClaimHalf int64          `json:"claim_half_s" doc:"Half of the claims came within so many seconds; 0 when there are none."`
	ClaimMost int64          `json:"claim_most_s" doc:"Nine of ten did."`
	Days      []HiveDay      `json:"days"`
	Spread    []HiveBar      `json:"spread" doc:"How many people took how many questions today."`
	Gini      float64        `json:"gini" doc:"0 when all took the same, near 1 when one took all."`
	People    int            `json:"people"`
	Here      int            `json:"here" doc:"Who can be asked now."`
	States    map[string]int `json:"states"`
	Gaps      []HiveGap      `json:"gaps" doc:"What nobody says or has shown to know."`
}

// HiveDay is the sums of one day.
type HiveDay struct {
	Day      string `json:"day"`
	Asked    int64  `json:"asked"`
	Answered int64  `json:"answered"`
	InTime   int64  `json:"in_time"`
	Sent     int64  `json:"sent"`
}

// HiveBar is how many people took between from and to questions.
type HiveBar struct {
	From   int `json:"from"`
	To     int `json:"to"`
	People int `json:"people"`
}

// HiveGap is something that nobody knows.
type HiveGap struct {
	Label string `json:"label"`
	N     int64  `json:"n"`
}

func (a *hiveAPI) board(ctx context.Context, in *boardInput) (*server.Body[HiveBoard], error) {
	b, err := a.hive.Board(ctx, in.ID, in.Days)
	if err != nil {
		return nil, err
	}
	out := HiveBoard{From: b.From, To: b.To, Asked: b.Asked, Answered: b.Answered, ByHive: b.ByHive, Solved: b.Solved, InTime: b.InTime, Sent: b.Sent, Unknown: b.Unknown, Claims: b.Claims,
		ClaimHalf: int64(b.ClaimHalf / time.Second), ClaimMost: int64(b.ClaimMost / time.Second), Gini: b.Gini, People: b.People, Here: b.Here, States: b.States,
		Days:   collect(b.Days, func(d hive.Day) HiveDay { return HiveDay(d) }),
		Spread: collect(b.Spread, func(s hive.Bar) HiveBar { return HiveBar(s) }),
		Gaps:   collect(b.Gaps, func(g hive.Gap) HiveGap { return HiveGap(g) })}
	out.Now.Offered, out.Now.Widened, out.Now.Claimed, out.Now.Centre = b.Standing.Offered, b.Standing.Widened, b.Standing.Claimed, b.Standing.Centre
	return &server.Body[HiveBoard]{Body: out}, nil
}

type recordsInput struct {
	ProgrammePath
	server.Paging
	View  hive.View `query:"view" enum:"all,offered,widened,claimed,centre,sent,answered,by_hive,solved,in_time,late,unknown" default:"all"`
	Since time.Time `query:"since" doc:"Those that entered then or later."`
}

func (a *hiveAPI) records(ctx context.Context, in *recordsInput) (*server.Body[server.Page[HiveQuestion]], error) {
	if !social.ScopeOf(ctx).Sees(in.ID) {
		return nil, social.Errorf(social.NotFound, "This programme does not exist, or not for you.")
	}
	cards, next, err := a.hive.Cards(ctx, hive.Ask{View: in.View, Programme: in.ID, Since: in.Since, Cursor: in.Cursor, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	items, err := a.questions(ctx, cards)
	return &server.Body[server.Page[HiveQuestion]]{Body: server.NewPage(items, next)}, err
}

// HiveTrace is why a question went where it went.
type HiveTrace struct {
	HiveQuestion
	Offers []HiveOffer `json:"offers"`
	Passed int         `json:"passed" doc:"How many passed it on; who did is nobody's to know."`
	Knew   int         `json:"knew" doc:"How many were found who may know."`
}

func (a *hiveAPI) trace(ctx context.Context, in *ConversationPath) (*server.Body[HiveTrace], error) {
	t, err := a.hive.Trace(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	items, err := a.questions(ctx, []hive.Card{{Question: t.Question}})
	if err != nil {
		return nil, err
	}
	if len(items) == 0 {
		return nil, social.Errorf(social.NotFound, "This question is not in the hive, or not for you.")
	}
	out := HiveTrace{HiveQuestion: items[0], Offers: []HiveOffer{}, Passed: t.Passed, Knew: max(0, t.Knew)}
	var ids []social.MemberID
	for _, o := range t.Offers {
		ids = append(ids, o.Member, o.By)
	}
	var r refs
	if r.members, err = known(ctx, ids, a.around.Members); err != nil {
		return nil, err
	}
	for _, o := range t.Offers {
		x := r.offer(o)
		x.Member = r.member(o.Member)
		out.Offers = append(out.Offers, x)
	}
	return &server.Body[HiveTrace]{Body: out}, nil
}

// HiveRules are how a programme's hive works.
type HiveRules struct {
	On      bool               `json:"on"`
	Takes   hive.Takes         `json:"takes" enum:"all,chosen,hand"`
	Intents []string           `json:"intents"`
	Topics  []string           `json:"topics"`
	First   int                `json:"first" doc:"How many are asked first."`
	Widen   int                `json:"widen" doc:"Minutes of working time until more are asked."`
	Target  int                `json:"target" doc:"Minutes of working time to the first answer."`
	Reserve int                `json:"reserve" doc:"Of those, what the contact centre needs."`
	Claim   int                `json:"claim" doc:"Minutes after which a silent claim ends."`
	Daily   int                `json:"daily" doc:"Questions that one takes in a day, unless they say otherwise."`
	Langs   []string           `json:"langs" doc:"What those speak who did not say."`
	Centre  []social.MemberRef `json:"centre" doc:"The contact centre; nobody: the inbox."`
	Week    Week               `json:"week"`
}

func (a *hiveAPI) rulesOf(ctx context.Context, r hive.Rules, err error) (*server.Body[HiveRules], error) {
	if err != nil {
		return nil, err
	}
	names, err := known(ctx, append([]social.MemberID{}, r.Centre...), a.around.Members)
	if err != nil {
		return nil, err
	}
	out := HiveRules{On: r.On, Takes: r.Takes, Intents: list(r.Intents), Topics: list(r.Topics), First: r.First, Widen: r.Widen, Target: r.Target, Reserve: r.Reserve,
		Claim: r.Claim, Daily: r.Daily, Langs: list(r.Langs), Centre: []social.MemberRef{}, Week: weekOf(r.Week)}
	for _, m := range r.Centre {
		out.Centre = append(out.Centre, *refs{members: names}.member(m))
	}
	return &server.Body[HiveRules]{Body: out}, nil
}

func (a *hiveAPI) rules(ctx context.Context, in *ProgrammePath) (*server.Body[HiveRules], error) {
	r, err := a.hive.Rules(ctx, in.ID)
	return a.rulesOf(ctx, r, err)
}

type setRulesInput struct {
	ProgrammePath
	Body struct {
		On      bool              `json:"on"`
		Takes   hive.Takes        `json:"takes" enum:"all,chosen,hand"`
		Intents []string          `json:"intents"`
		Topics  []string          `json:"topics"`
		First   int               `json:"first"`
		Widen   int               `json:"widen"`
		Target  int               `json:"target"`
		Reserve int               `json:"reserve"`
		Claim   int               `json:"claim"`
		Daily   int               `json:"daily"`
		Langs   []string          `json:"langs"`
		Centre  []social.MemberID `json:"centre"`
		Week    Week              `json:"week"`
	}
}

func (a *hiveAPI) setRules(ctx context.Context, in *setRulesInput) (*server.Body[HiveRules], error) {
	b := in.Body
	r, err := a.hive.SetRules(ctx, in.ID, hive.Rules{On: b.On, Takes: b.Takes, Intents: b.Intents, Topics: b.Topics, First: b.First, Widen: b.Widen, Target: b.Target,
		Reserve: b.Reserve, Claim: b.Claim, Daily: b.Daily, Langs: b.Langs, Centre: b.Centre, Week: b.Week.week()})
	return a.rulesOf(ctx, r, err)
}
