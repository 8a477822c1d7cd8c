package publishapi

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/parley-crm/parley/engage/publish"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

type postsInput struct {
	server.Paging
	From      time.Time          `query:"from" required:"false"`
	To        time.Time          `query:"to" required:"false"`
	State     publish.State      `query:"state" enum:"draft,in_review,approved,scheduled,publishing,unknown,published,failed,held"`
	Programme social.ProgrammeID `query:"programme" maxLength:"64"`
	Channel   social.ChannelID   `query:"channel" maxLength:"64"`
	Newest    bool               `query:"newest" doc:"The newest first."`
}

func (a *publishAPI) posts(ctx context.Context, in *postsInput) (*server.Body[server.Page[Post]], error) {
	cs, next, err := a.press.Store.Posts(ctx, publish.Span{From: in.From, To: in.To, State: in.State, Programme: in.Programme, Channel: in.Channel,
		Newest: in.Newest, Cursor: in.Cursor, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	items, err := a.flat(ctx, cs)
	return &server.Body[server.Page[Post]]{Body: server.NewPage(items, next)}, err
}

func (a *publishAPI) flat(ctx context.Context, cs []publish.Content) ([]Post, error) {
	n, err := a.names(ctx, cs)
	if err != nil {
		return nil, err
	}
	out := make([]Post, len(cs))
	for i := range cs {
		out[i] = n.post(&cs[i], cs[i].Posts[0])
	}
	return out, nil
}

// PostFull is a post with every attempt.
type PostFull struct {
	Post
	Tries []Try `json:"tries" doc:"Every attempt to publish it, the oldest first."`
}

// Try is one attempt.
type Try struct {
	N       int           `json:"n"`
	At      time.Time     `json:"at"`
	EndedAt *time.Time    `json:"ended_at,omitempty"`
	Outcome publish.State `json:"outcome,omitempty" doc:"Where it led; nothing while nobody knows."`
	Said    string        `json:"said,omitempty"`
}

func (a *publishAPI) post(ctx context.Context, in *PostPath) (*server.Body[PostFull], error) {
	cid, err := a.press.Store.ByPost(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	c, err := a.press.Store.Content(ctx, cid)
	return a.onePost(ctx, in.ID, c, err)
}

func (a *publishAPI) onePost(ctx context.Context, id publish.PostID, c publish.Content, err error) (*server.Body[PostFull], error) {
	if err != nil {
		return nil, err
	}
	p, err := c.Post(id)
	if err != nil {
		return nil, err
	}
	n, err := a.names(ctx, []publish.Content{c})
	if err != nil {
		return nil, err
	}
	tries, err := a.press.Store.Attempts(ctx, id)
	if err != nil {
		return nil, err
	}
	out := PostFull{Post: n.post(&c, p), Tries: make([]Try, len(tries))}
	for i, t := range tries {
		out.Tries[i] = Try{N: t.N, At: t.At, EndedAt: server.When(t.EndedAt), Outcome: t.Outcome, Said: t.Said}
	}
	return &server.Body[PostFull]{Body: out}, nil
}

func (a *publishAPI) check(ctx context.Context, in *PostPath) (*server.Body[PostFull], error) {
	c, err := a.press.Check(ctx, in.ID)
	return a.onePost(ctx, in.ID, c, err)
}

type settlePostInput struct {
	PostPath
	Body struct {
		Stands bool   `json:"stands" doc:"Whether it stands on the network."`
		URL    string `json:"url,omitempty" maxLength:"2000" doc:"Where, if you know."`
	}
}

func (a *publishAPI) settle(ctx context.Context, in *settlePostInput) (*server.Body[PostFull], error) {
	c, err := a.press.Settle(ctx, in.ID, in.Body.Stands, in.Body.URL)
	return a.onePost(ctx, in.ID, c, err)
}

func (a *publishAPI) measure(ctx context.Context, in *PostPath) (*server.Body[PostFull], error) {
	c, err := a.press.MeasureNow(ctx, in.ID)
	return a.onePost(ctx, in.ID, c, err)
}

// PostCounts says how many posts stand in each state.
type PostCounts struct {
	Draft      int    `json:"draft"`
	InReview   int    `json:"in_review"`
	Approved   int    `json:"approved"`
	Scheduled  int    `json:"scheduled"`
	Publishing int    `json:"publishing"`
	Unknown    int    `json:"unknown"`
	Failed     int    `json:"failed"`
	Held       int    `json:"held"`
	Holds      []Hold `json:"holds" doc:"What is held just now."`
}

// Hold is what stops everything of a programme, or of the whole house.
type Hold struct {
	ID        publish.HoldID       `json:"id"`
	Programme *social.ProgrammeRef `json:"programme,omitempty" doc:"Left out: everything."`
	Reason    string               `json:"reason"`
	By        social.MemberRef     `json:"by"`
	At        time.Time            `json:"at"`
	MayEnd    bool                 `json:"may_end"`
}

func (a *publishAPI) held(ctx context.Context) ([]Hold, error) {
	all, err := a.press.Holding(ctx)
	if err != nil {
		return nil, err
	}
	var who []social.MemberID
	var where []social.ProgrammeID
	for _, h := range all {
		who, where = append(who, h.By), append(where, h.Programme)
	}
	members, err := a.around.Members(ctx, who)
	if err != nil {
		return nil, err
	}
	programmes, err := a.around.Programmes(ctx, where)
	if err != nil {
		return nil, err
	}
	out := make([]Hold, len(all))
	for i, h := range all {
		out[i] = Hold{ID: h.ID, Reason: h.Reason, By: members[h.By], At: h.At, MayEnd: a.may(ctx, social.PublishApprove, h.Programme)}
		if h.Programme != "" {
			ref := programmes[h.Programme]
			ref.ID = h.Programme
			out[i].Programme = &ref
		}
	}
	return out, nil
}

func (a *publishAPI) counts(ctx context.Context, _ *struct{}) (*server.Body[PostCounts], error) {
	n, err := a.press.Store.Counts(ctx)
	if err != nil {
		return nil, err
	}
	holds, err := a.held(ctx)
	return &server.Body[PostCounts]{Body: PostCounts{Draft: n[publish.Draft], InReview: n[publish.InReview], Approved: n[publish.Approved],
		Scheduled: n[publish.Scheduled], Publishing: n[publish.Publishing], Unknown: n[publish.Unknown], Failed: n[publish.Failed], Held: n[publish.Held], Holds: holds}}, err
}

func (a *publishAPI) holds(ctx context.Context, _ *struct{}) (*server.Body[server.Page[Hold]], error) {
	all, err := a.held(ctx)
	return &server.Body[server.Page[Hold]]{Body: server.NewPage(all, "")}, err
}

type holdAllInput struct {
	Body struct {
		Programme social.ProgrammeID `json:"programme,omitempty" maxLength:"64" doc:"Left out: everything."`
		Reason    string             `json:"reason" maxLength:"500"`
	}
}

func (a *publishAPI) holdAll(ctx context.Context, in *holdAllInput) (*server.Body[server.Page[Hold]], error) {
	if _, err := a.press.HoldAll(ctx, in.Body.Programme, in.Body.Reason); err != nil {
		return nil, err
	}
	return a.holds(ctx, nil)
}

type holdPath struct {
	Hold publish.HoldID `path:"hold" maxLength:"64"`
}

func (a *publishAPI) releaseAll(ctx context.Context, in *holdPath) (*struct{}, error) {
	return nil, a.press.ReleaseAll(ctx, in.Hold)
}

// Outlet is a channel on which one can publish.
type Outlet struct {
	social.ChannelRef
	Handle    string               `json:"handle,omitempty" doc:"Who we are there."`
	Programme *social.ProgrammeRef `json:"programme,omitempty"`
	Media     *publish.Load        `json:"media,omitempty" doc:"What media it takes; nothing where none can be sent from here."`
	Finds     bool                 `json:"finds" doc:"Parley can look whether a post stands there."`
	Counts    bool                 `json:"counts" doc:"It tells how a post is doing."`
}

func (a *publishAPI) outlets(ctx context.Context, _ *struct{}) (*server.Body[server.Page[Outlet]], error) {
	all, err := a.press.Channels.Outlets(ctx)
	if err != nil {
		return nil, err
	}
	ids := make([]social.ChannelID, len(all))
	where := make([]social.ProgrammeID, len(all))
	for i, o := range all {
		ids[i], where[i] = o.ID, o.Programme
	}
	refs, err := a.around.Channels(ctx, ids)
	if err != nil {
		return nil, err
	}
	programmes, err := a.around.Programmes(ctx, where)
	if err != nil {
		return nil, err
	}
	out := make([]Outlet, len(all))
	for i, o := range all {
		out[i] = Outlet{ChannelRef: refs[o.ID], Handle: o.Handle}
		if p, ok := programmes[o.Programme]; ok && o.Programme != "" {
			out[i].Programme = &p
		}
		able := a.press.Able(ctx, o.ID)
		out[i].Media, out[i].Finds, out[i].Counts = able.Media, able.Finds, able.Counts
	}
	return &server.Body[server.Page[Outlet]]{Body: server.NewPage(out, "")}, nil
}

// Queue is when a channel publishes.
type Queue struct {
	Channel social.ChannelID `json:"channel"`
	Zone    string           `json:"zone" doc:"IANA, such as Europe/Vienna."`
	Slots   []publish.Slot   `json:"slots"`
	Next    *time.Time       `json:"next,omitempty" doc:"The next free slot."`
}

func (a *publishAPI) queues(ctx context.Context, _ *struct{}) (*server.Body[server.Page[Queue]], error) {
	all, err := a.press.Queues(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]Queue, len(all))
	for i, q := range all {
		out[i] = Queue{Channel: q.Channel, Zone: q.Zone, Slots: q.Slots}
		if out[i].Slots == nil {
			out[i].Slots = []publish.Slot{}
		}
		next, err := a.press.NextFree(ctx, q.Channel)
		if err != nil && !social.NotFound.Is(err) {
			return nil, err
		}
		out[i].Next = server.When(next)
	}
	return &server.Body[server.Page[Queue]]{Body: server.NewPage(out, "")}, nil
}

type queueInput struct {
	Channel social.ChannelID `path:"channel" maxLength:"64"`
	Body    struct {
		Zone  string         `json:"zone" maxLength:"64"`
		Slots []publish.Slot `json:"slots" maxItems:"168"`
	}
}

func (a *publishAPI) setQueue(ctx context.Context, in *queueInput) (*server.Body[server.Page[Queue]], error) {
	if err := a.press.SetQueue(ctx, publish.Queue{Channel: in.Channel, Zone: in.Body.Zone, Slots: in.Body.Slots}); err != nil {
		return nil, err
	}
	return a.queues(ctx, nil)
}

// BestTimes are the hours of the week at which most came back.
type BestTimes struct {
	Zone  string     `json:"zone"`
	N     int        `json:"n" doc:"On how many answers, mentions and messages of the last eight weeks it rests."`
	Times []BestTime `json:"times"`
}

// BestTime is one hour of the week.
type BestTime struct {
	Day   int     `json:"day" doc:"0 is Sunday."`
	Hour  int     `json:"hour"`
	N     int     `json:"n"`
	Share float64 `json:"share"`
}

type bestInput struct {
	Channel social.ChannelID `query:"channel" required:"true" maxLength:"64"`
	Zone    string           `query:"zone" default:"UTC" maxLength:"64"`
}

func (a *publishAPI) best(ctx context.Context, in *bestInput) (*server.Body[BestTimes], error) {
	zone, err := time.LoadLocation(in.Zone)
	if err != nil || in.Zone == "Local" {
		return nil, &social.Error{Kind: social.Invalid, Field: "zone", Text: "This time zone is not known. Use one such as Europe/Vienna."}
	}
	outlets, err := a.press.Channels.Outlets(ctx)
	if err != nil {
		return nil, err
	}
	known := false
	for _, o := range outlets {
		known = known || o.ID == in.Channel
	}
	if !known {
		return nil, social.Errorf(social.NotFound, "There is no such channel on which one can publish.")
	}
	echoes, err := a.around.Echoes(ctx, in.Channel, a.press.Clock.Now().AddDate(0, 0, -56))
	if err != nil {
		return nil, err
	}
	best, n := publish.BestTimes(echoes, zone)
	out := BestTimes{Zone: in.Zone, N: n, Times: make([]BestTime, len(best))}
	for i, b := range best {
		out.Times[i] = BestTime{int(b.Day), b.Hour, b.N, b.Share}
	}
	return &server.Body[BestTimes]{Body: out}, nil
}

// PublishRule is what a programme asks before something is published.
type PublishRule struct {
	Programme social.ProgrammeID `json:"programme" doc:"Empty: of the whole house, where a programme has no rule of its own."`
	Review    bool               `json:"review" doc:"Somebody approves first."`
	FourEyes  bool               `json:"four_eyes" doc:"The author never approves their own."`
	Own       bool               `json:"own" doc:"False: it follows the house."`
}

func (a *publishAPI) rules(ctx context.Context, _ *struct{}) (*server.Body[server.Page[PublishRule]], error) {
	house, err := a.press.RuleOf(ctx, "")
	if err != nil {
		return nil, err
	}
	out := []PublishRule{{"", house.Review, house.FourEyes, house.Set}}
	all, err := a.press.Store.Rules(ctx)
	for _, r := range all {
		if r.Programme != "" && social.ScopeOf(ctx).Sees(r.Programme) {
			out = append(out, PublishRule{r.Programme, r.Review, r.FourEyes, true})
		}
	}
	return &server.Body[server.Page[PublishRule]]{Body: server.NewPage(out, "")}, err
}

type ruleInput struct{ Body PublishRule }

func (a *publishAPI) setRule(ctx context.Context, in *ruleInput) (*server.Body[server.Page[PublishRule]], error) {
	b := in.Body
	if err := a.press.SetRule(ctx, publish.Rule{Programme: b.Programme, Review: b.Review, FourEyes: b.FourEyes, Set: b.Own || b.Programme == ""}); err != nil {
		return nil, err
	}
	return a.rules(ctx, nil)
}

type exportInput struct {
	From time.Time `query:"from" required:"false"`
	To   time.Time `query:"to" required:"false"`
}

// Table is a file of comma-separated values.
type Table struct {
	Type string `header:"Content-Type"`
	Name string `header:"Content-Disposition"`
	Body []byte
}

// mostRows is how many rows one file holds.
const mostRows = 5000

func (a *publishAPI) export(ctx context.Context, in *exportInput) (*Table, error) {
	var buf bytes.Buffer
	w := csv.NewWriter(&buf)
	_ = w.Write([]string{"published_at", "name", "channel", "text", "url", "likes", "shares", "replies", "read_at", "tracked_links", "clicks", "conversions", "value", "conversations"})
	for cursor, rows := "", 0; rows < mostRows; {
		cs, next, err := a.press.Store.Posts(ctx, publish.Span{From: in.From, To: in.To, State: publish.Published, Newest: true, Cursor: cursor, Limit: 100})
		if err != nil {
			return nil, err
		}
		posts, err := a.flat(ctx, cs)
		if err != nil {
			return nil, err
		}
		for _, p := range posts {
			var value []string
			for _, v := range p.Numbers.Value {
				value = append(value, strconv.FormatFloat(v.Value, 'f', 2, 64)+" "+v.Currency)
			}
			_ = w.Write([]string{stamp(p.PublishedAt), plain(p.Name), plain(p.Channel.Name), plain(p.Text), plain(p.URL), figure(p.Numbers.Likes), figure(p.Numbers.Shares),
				figure(p.Numbers.Replies), stamp(p.Numbers.ReadAt), strconv.Itoa(p.Numbers.Tracked), strconv.Itoa(p.Numbers.Clicks), strconv.Itoa(p.Numbers.Conversions),
				strings.Join(value, ", "), strconv.Itoa(len(p.Numbers.Answers))})
		}
		rows += len(posts)
		if cursor = next; next == "" {
			break
		}
	}
	w.Flush()
	name := fmt.Sprintf(`attachment; filename="results-%s.csv"`, a.press.Clock.Now().Format("2006-01-02"))
	return &Table{Type: "text/csv; charset=utf-8", Name: name, Body: buf.Bytes()}, w.Error()
}

func stamp(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// figure is a count, empty where the network does not tell.
func figure(n *int) string {
	if n == nil {
		return ""
	}
	return strconv.Itoa(*n)
}

// plain is a text that no table program takes for a formula.
func plain(s string) string {
	if strings.ContainsRune("=+-@\t\r", rune((s + " ")[0])) {
		return "'" + s
	}
	return s
}
