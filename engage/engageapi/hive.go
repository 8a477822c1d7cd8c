package engageapi

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/engage/hive"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

type hiveAPI struct {
	hive *hive.Hive
	api
}

// RegisterHive adds the operations of the hive.
func RegisterHive(s *server.Server, h *hive.Hive, desk *engage.Desk, around Around) {
	a := &hiveAPI{h, api{desk: desk, around: around, show: s.ShowFile}}
	op := func(id, method, path string, p social.Permission, summary string) server.Op {
		return server.Op{ID: id, Method: method, Path: path, Tag: "Hive", Permission: p, Summary: summary}
	}
	empty := func(o server.Op) server.Op { o.Status = http.StatusNoContent; return o }
	const get, post, put = http.MethodGet, http.MethodPost, http.MethodPut
	const one = "/api/hive/questions/{id}"

	server.Register(s, op("hive-me", get, "/api/hive/me", social.InboxReply, "How one is asked, and what lies with one."), a.me)
	server.Register(s, op("hive-settings", put, "/api/hive/me", social.InboxReply, "Say what one knows, when one works, and how much one takes in a day."), a.save)
	server.Register(s, op("hive-say", post, "/api/hive/me/state", social.InboxReply, "Say that one is available, busy or off."), a.say)
	server.Register(s, op("hive-questions", get, "/api/hive/questions", social.InboxReply, "A page of questions: those offered to one, those that one has, or those open to everybody."), a.cards)
	server.Register(s, op("hive-question", get, one, social.InboxReply, "One question, why one was asked, and who was asked too."), a.card)
	server.Register(s, op("hive-claim", post, one+"/claim", social.InboxReply, "Take a question. Of several one gets it; the others are told who."), a.claim)
	server.Register(s, empty(op("hive-pass", post, one+"/pass", social.InboxReply, "Decline a question. Nobody but the hive learns of it.")), a.pass)
	server.Register(s, op("hive-release", post, one+"/release", social.InboxReply, "Give back a question that one has taken."), a.release)
	server.Register(s, op("hive-further", post, one+"/further", social.InboxWork, "Ask colleagues who knows: a note among us and an offer to each."), a.further)
	server.Register(s, empty(op("hive-suggest", post, one+"/suggestions", social.InboxWork, "Add to what whoever has the question may answer: a note among us.")), a.suggest)
	server.Register(s, op("hive-ask", post, "/api/conversations/{id}/hive", social.InboxWork, "Give a conversation to the hive by hand."), a.ask)
	server.Register(s, op("hive-mates", get, "/api/hive/mates", social.InboxRead, "Who may answer in a programme, and who is there."), a.mates)

	server.Register(s, op("hive-programmes", get, "/api/hive/programmes", social.GovernWrite, "The programmes that one leads, and whether their hive is on."), a.leads)
	server.Register(s, op("hive-board", get, "/api/hive/programmes/{id}/board", social.GovernWrite, "The numbers of a programme's hive."), a.board)
	server.Register(s, op("hive-records", get, "/api/hive/programmes/{id}/questions", social.GovernWrite, "The questions behind each number."), a.records)
	server.Register(s, op("hive-trace", get, one+"/trace", social.GovernWrite, "Why a question went where it went."), a.trace)
	server.Register(s, op("hive-rules", get, "/api/hive/programmes/{id}/rules", social.GovernWrite, "How a programme's hive works."), a.rules)
	server.Register(s, op("set-hive-rules", put, "/api/hive/programmes/{id}/rules", social.GovernWrite, "Say how a programme's hive works."), a.setRules)
}

// Week is when somebody works.
type Week struct {
	Zone string `json:"zone" maxLength:"60" doc:"Such as Europe/Berlin."`
	Days []int  `json:"days" maxItems:"7" doc:"Working days; 0 is Sunday."`
	From int    `json:"from" minimum:"0" maximum:"1440" doc:"Minutes after midnight."`
	To   int    `json:"to" minimum:"0" maximum:"1440"`
}

func weekOf(w hive.Week) Week {
	out := Week{Zone: w.Zone, Days: []int{}, From: w.From, To: w.To}
	for d := range 7 {
		if w.Days&(1<<d) != 0 {
			out.Days = append(out.Days, d)
		}
	}
	return out
}

func (w Week) week() hive.Week {
	out := hive.Week{Zone: w.Zone, From: w.From, To: w.To}
	for _, d := range w.Days {
		if d >= 0 && d < 7 {
			out.Days |= 1 << d
		}
	}
	return out
}

// HiveSettings are how one wants to be asked.
type HiveSettings struct {
	Week      Week       `json:"week" doc:"Without days: when the programme works."`
	AwayFrom  *time.Time `json:"away_from,omitempty" required:"false"`
	AwayTo    *time.Time `json:"away_to,omitempty" required:"false"`
	Daily     int        `json:"daily" doc:"Questions a day; 0 for what the programme says."`
	Langs     []string   `json:"langs" doc:"BCP 47. None: what the programme says."`
	Expertise []string   `json:"expertise" doc:"What one knows, in words or topics."`
}

// HiveMe is how one is asked, and what lies with one.
type HiveMe struct {
	HiveSettings
	State  hive.Presence `json:"state" enum:",available,busy,off" doc:"Empty: while Parley is open."`
	Until  *time.Time    `json:"until,omitempty"`
	Here   bool          `json:"here"`
	Load   int           `json:"load" doc:"What one took today, and what waits for one."`
	Limit  int           `json:"limit"`
	Offers int           `json:"offers"`
	Claims int           `json:"claims"`
	Learns []HiveSkill   `json:"learned" doc:"What one has shown to know, the most often answered first."`
}

// HiveSkill is something that one has shown to know.
type HiveSkill struct {
	Label    string `json:"label"`
	Answered int    `json:"answered"`
	Solved   int    `json:"solved"`
}

func meOf(m hive.Me) HiveMe {
	out := HiveMe{HiveSettings: HiveSettings{Week: weekOf(m.Week), AwayFrom: server.When(m.AwayFrom), AwayTo: server.When(m.AwayTo), Daily: m.Daily, Langs: list(m.Langs), Expertise: list(m.Expertise)},
		State: m.State, Until: server.When(m.Until), Here: m.Here, Load: m.Load, Limit: m.Limit, Offers: m.Offers, Claims: m.Claims, Learns: []HiveSkill{}}
	for _, s := range m.Learns {
		out.Learns = append(out.Learns, HiveSkill{s.Label, s.N, s.NSolved})
	}
	return out
}

func list[T any](in []T) []T {
	if in == nil {
		return []T{}
	}
	return in
}

func (a *hiveAPI) me(ctx context.Context, _ *struct{}) (*server.Body[HiveMe], error) {
	m, err := a.hive.Me(ctx)
	return &server.Body[HiveMe]{Body: meOf(m)}, err
}

func (a *hiveAPI) save(ctx context.Context, in *server.Body[HiveSettings]) (*server.Body[HiveMe], error) {
	b := in.Body
	m := hive.Member{Week: b.Week.week(), Daily: b.Daily, Langs: b.Langs, Expertise: b.Expertise}
	if b.AwayFrom != nil {
		m.AwayFrom = b.AwayFrom.UTC()
	}
	if b.AwayTo != nil {
		m.AwayTo = b.AwayTo.UTC()
	}
	got, err := a.hive.Save(ctx, m)
	return &server.Body[HiveMe]{Body: meOf(got)}, err
}

type sayInput struct {
	Body struct {
		State hive.Presence `json:"state" enum:",available,busy,off"`
		Until *time.Time    `json:"until,omitempty" required:"false" doc:"Left out: for good."`
	}
}

func (a *hiveAPI) say(ctx context.Context, in *sayInput) (*server.Body[HiveMe], error) {
	var until time.Time
	if in.Body.Until != nil {
		until = in.Body.Until.UTC().Truncate(time.Microsecond)
	}
	got, err := a.hive.Say(ctx, in.Body.State, until)
	return &server.Body[HiveMe]{Body: meOf(got)}, err
}

// HiveOffer is that somebody was asked, and why them.
type HiveOffer struct {
	Member *social.MemberRef `json:"member,omitempty"`
	Kind   hive.OfferKind    `json:"kind" enum:"ring,asked,centre"`
	Ring   int               `json:"ring"`
	State  hive.OfferState   `json:"state" enum:"open,taken,lost,passed,over"`
	Why    []hive.Reason     `json:"why"`
	Knows  float64           `json:"knows" doc:"What they know of it, from 0 to 1."`
	Free   float64           `json:"free" doc:"Whether they are there, from 0 to 1."`
	Load   float64           `json:"load" doc:"What of the day's load is left, from 0 to 1."`
	Score  float64           `json:"score" doc:"The product of the three."`
	By     *social.MemberRef `json:"by,omitempty" doc:"The colleague who asks."`
	Words  string            `json:"words,omitempty"`
	At     time.Time         `json:"at"`
}

// HiveQuestion is a question as one member sees it.
type HiveQuestion struct {
	ID         social.ConversationID `json:"id" doc:"Of the conversation."`
	State      hive.State            `json:"state" enum:"offered,claimed,centre,answered,closed"`
	Ring       int                   `json:"ring"`
	Programme  social.ProgrammeRef   `json:"programme"`
	Channel    social.ChannelRef     `json:"channel"`
	Visibility social.Visibility     `json:"visibility" enum:"public,direct"`
	Author     Author                `json:"author"`
	Text       string                `json:"text"`
	Lang       string                `json:"lang"`
	About      []string              `json:"about" doc:"What it is about, the weightiest first."`
	AskedAt    time.Time             `json:"asked_at"`
	OpenedAt   time.Time             `json:"opened_at"`
	DueAt      time.Time             `json:"due_at"`
	EndAt      time.Time             `json:"end_at" doc:"When the contact centre gets it."`
	Offer      *HiveOffer            `json:"offer,omitempty" doc:"To oneself."`
	With       []social.MemberRef    `json:"with" doc:"Who was asked too."`
	ClaimedBy  *social.MemberRef     `json:"claimed_by,omitempty"`
	ClaimedAt  *time.Time            `json:"claimed_at,omitempty"`
	ClaimUntil *time.Time            `json:"claim_until,omitempty" doc:"When it is asked on, unless one writes."`
	Warned     bool                  `json:"warned"`
	AnsweredBy *social.MemberRef     `json:"answered_by,omitempty"`
	AnsweredAt *time.Time            `json:"answered_at,omitempty"`
	ClosedAt   *time.Time            `json:"closed_at,omitempty"`
	Because    string                `json:"because,omitempty"`
	ByHand     *social.MemberRef     `json:"by_hand,omitempty"`
	Version    int64                 `json:"version"`
}

// mostWords is how much of a question a card shows.
const mostWords = 1200

// questions makes cards what a screen shows. What may not be seen is left out.
func (a *hiveAPI) questions(ctx context.Context, cards []hive.Card) ([]HiveQuestion, error) {
	ids := make([]social.ConversationID, len(cards))
	for i, c := range cards {
		ids[i] = c.Conversation
	}
	talks, err := a.hive.Reader.Talks(ctx, ids)
	if err != nil {
		return nil, err
	}
	said, err := a.hive.Reader.Said(ctx, ids)
	if err != nil {
		return nil, err
	}
	by := make(map[social.ConversationID]engage.Conversation, len(talks))
	for _, c := range talks {
		by[c.ID] = c
	}
	var members []social.MemberID
	for _, c := range cards {
		members = append(members, c.ClaimedBy, c.AnsweredBy, c.ByHand)
		members = append(members, c.With...)
		if c.Offer != nil {
			members = append(members, c.Offer.By)
		}
	}
	r, err := a.hiveRefs(ctx, talks, members)
	if err != nil {
		return nil, err
	}
	out := make([]HiveQuestion, 0, len(cards))
	for _, c := range cards {
		talk, ok := by[c.Conversation]
		if !ok {
			continue
		}
		out = append(out, r.question(c, talk, said[c.Conversation].Text))
	}
	return out, nil
}

func (a *hiveAPI) hiveRefs(ctx context.Context, talks []engage.Conversation, members []social.MemberID) (refs, error) {
	var r refs
	var err error
	if r.channels, err = known(ctx, collect(talks, func(c engage.Conversation) social.ChannelID { return c.Channel }), a.around.Channels); err != nil {
		return r, err
	}
	if r.programmes, err = known(ctx, collect(talks, func(c engage.Conversation) social.ProgrammeID { return c.Programme }), a.around.Programmes); err != nil {
		return r, err
	}
	if r.persons, err = known(ctx, collect(talks, func(c engage.Conversation) social.IdentityID { return c.Identity }), a.around.Persons); err != nil {
		return r, err
	}
	r.members, err = known(ctx, members, a.around.Members)
	return r, err
}

func (r refs) member(id social.MemberID) *social.MemberRef {
	if id == "" {
		return nil
	}
	m := r.members[id]
	m.ID = id
	return &m
}

func (r refs) question(c hive.Card, talk engage.Conversation, text string) HiveQuestion {
	if cut := []rune(text); len(cut) > mostWords {
		text = string(cut[:mostWords]) + "…"
	}
	out := HiveQuestion{ID: c.Conversation, State: c.State, Ring: c.Ring, Programme: r.programmes[c.Programme], Channel: r.channels[talk.Channel], Visibility: talk.Visibility,
		Author: author(talk.Identity, talk.Author), Text: text, Lang: talk.Lang, About: []string{}, AskedAt: c.AskedAt, OpenedAt: c.OpenedAt, DueAt: c.DueAt, EndAt: c.EndAt,
		With: []social.MemberRef{}, ClaimedBy: r.member(c.ClaimedBy), AnsweredBy: r.member(c.AnsweredBy), AnsweredAt: server.When(c.AnsweredAt), ClosedAt: server.When(c.ClosedAt),
		Because: c.Because, ByHand: r.member(c.ByHand), Version: talk.Version}
	out.Programme.ID, out.Channel.ID = c.Programme, talk.Channel
	out.Author.Person = r.persons[talk.Identity]
	for _, t := range c.About.Things[:min(len(c.About.Things), 6)] {
		if !slices.Contains(out.About, t.Label) {
			out.About = append(out.About, t.Label)
		}
	}
	for _, m := range c.With {
		out.With = append(out.With, *r.member(m))
	}
	if c.State == hive.Claimed {
		out.ClaimedAt, out.ClaimUntil, out.Warned = server.When(c.ClaimedAt), server.When(c.ClaimUntil), c.Warned
	}
	if c.Offer != nil {
		o := r.offer(*c.Offer)
		out.Offer = &o
	}
	return out
}

func (r refs) offer(o hive.Offer) HiveOffer {
	return HiveOffer{Kind: o.Kind, Ring: o.Ring, State: o.State, Why: list(o.Why), Knows: o.Knows, Free: o.Free, Load: o.Load, Score: o.Score,
		By: r.member(o.By), Words: o.Words, At: o.At}
}

type cardsInput struct {
	server.Paging
	View hive.View `query:"view" enum:"mine,taken,pool" default:"mine"`
}

func (a *hiveAPI) cards(ctx context.Context, in *cardsInput) (*server.Body[server.Page[HiveQuestion]], error) {
	cards, next, err := a.hive.Cards(ctx, hive.Ask{View: in.View, Cursor: in.Cursor, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	items, err := a.questions(ctx, cards)
	return &server.Body[server.Page[HiveQuestion]]{Body: server.NewPage(items, next)}, err
}

func (a *hiveAPI) card(ctx context.Context, in *ConversationPath) (*server.Body[HiveQuestion], error) {
	return a.after(ctx, in.ID, nil)
}

// after answers an act with the question as it is now.
func (a *hiveAPI) after(ctx context.Context, id social.ConversationID, err error) (*server.Body[HiveQuestion], error) {
	if err != nil {
		return nil, err
	}
	c, err := a.hive.Card(ctx, id)
	if err != nil {
		return nil, err
	}
	items, err := a.questions(ctx, []hive.Card{c})
	if err != nil {
		return nil, err
	}
	if len(items) == 0 {
		return nil, social.Errorf(social.NotFound, "This question is not in the hive, or not for you.")
	}
	return &server.Body[HiveQuestion]{Body: items[0]}, nil
}

func (a *hiveAPI) claim(ctx context.Context, in *ConversationPath) (*server.Body[HiveQuestion], error) {
	return a.after(ctx, in.ID, a.hive.Claim(ctx, in.ID))
}

func (a *hiveAPI) release(ctx context.Context, in *ConversationPath) (*server.Body[HiveQuestion], error) {
	return a.after(ctx, in.ID, a.hive.Release(ctx, in.ID))
}

func (a *hiveAPI) ask(ctx context.Context, in *ConversationPath) (*server.Body[HiveQuestion], error) {
	return a.after(ctx, in.ID, a.hive.AskHive(ctx, in.ID))
}

type passInput struct {
	ConversationPath
	Body struct {
		Because string `json:"because" enum:"not_mine,no_time" doc:"not_mine teaches the hive."`
	}
}

func (a *hiveAPI) pass(ctx context.Context, in *passInput) (*struct{}, error) {
	return nil, a.hive.Pass(ctx, in.ID, in.Body.Because)
}

type furtherInput struct {
	ConversationPath
	Body struct {
		Key     string            `json:"key" minLength:"1" maxLength:"200" doc:"A text of your own; the same key is one question."`
		Members []social.MemberID `json:"members,omitempty" required:"false" maxItems:"20"`
		Thing   string            `json:"thing,omitempty" required:"false" maxLength:"80" doc:"Instead of members: all who may know this and are there."`
		Words   string            `json:"words" minLength:"1" maxLength:"2000"`
	}
}

// Asked says who was asked.
type Asked struct {
	Asked []social.MemberRef `json:"asked"`
}

func (a *hiveAPI) further(ctx context.Context, in *furtherInput) (*server.Body[Asked], error) {
	to, err := a.hive.Further(ctx, in.ID, hive.Further{Key: in.Body.Key, Members: in.Body.Members, Thing: in.Body.Thing, Words: in.Body.Words})
	if err != nil {
		return nil, err
	}
	names, err := known(ctx, slices.Clone(to), a.around.Members)
	if err != nil {
		return nil, err
	}
	out := Asked{Asked: []social.MemberRef{}}
	for _, m := range to {
		out.Asked = append(out.Asked, *refs{members: names}.member(m))
	}
	return &server.Body[Asked]{Body: out}, nil
}

type suggestInput struct {
	ConversationPath
	Body struct {
		Key  string `json:"key" minLength:"1" maxLength:"200" doc:"A text of your own; the same key is one note."`
		Text string `json:"text"`
	}
}

func (a *hiveAPI) suggest(ctx context.Context, in *suggestInput) (*struct{}, error) {
	return nil, a.hive.Suggest(ctx, in.ID, in.Body.Key, in.Body.Text)
}

type hiveMatesInput struct {
	Programme social.ProgrammeID `query:"programme" required:"true"`
	Search    string             `query:"q" maxLength:"80" doc:"A part of a name, or of what they know."`
}

// HiveMate is a colleague who may be asked.
type HiveMate struct {
	social.MemberRef
	State     string   `json:"state" enum:"here,available,busy,absent,quiet,away,off"`
	Expertise []string `json:"expertise"`
	Langs     []string `json:"langs"`
}

func (a *hiveAPI) mates(ctx context.Context, in *hiveMatesInput) (*server.Body[server.Page[HiveMate]], error) {
	mates, err := a.hive.Mates(ctx, in.Programme, in.Search)
	if err != nil {
		return nil, err
	}
	items := collect(mates, func(m hive.Mate) HiveMate {
		return HiveMate{social.MemberRef{ID: m.ID, Name: m.Name}, m.State, list(m.Expertise), list(m.Langs)}
	})
	return &server.Body[server.Page[HiveMate]]{Body: server.NewPage(items, "")}, nil
}
