// Package publishapi serves what the company publishes, and its events, over HTTP.
package publishapi

import (
	"context"
	"net/http"
	"time"

	"github.com/parley-crm/parley/engage/publish"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

// PublishAround answers what publishing itself does not know.
type PublishAround interface {
	Channels(ctx context.Context, ids []social.ChannelID) (map[social.ChannelID]social.ChannelRef, error)
	Members(ctx context.Context, ids []social.MemberID) (map[social.MemberID]social.MemberRef, error)
	Programmes(ctx context.Context, ids []social.ProgrammeID) (map[social.ProgrammeID]social.ProgrammeRef, error)
	Reach(ctx context.Context, p social.Permission) (in context.Context, ok bool)
	LinksWorth(ctx context.Context, ids []social.LinkID) (map[social.LinkID]LinkWorth, error)
	AnswersTo(ctx context.Context, c social.ChannelID, external []string) (map[string][]social.ConversationID, error)
	Echoes(ctx context.Context, c social.ChannelID, since time.Time) ([]publish.Echo, error)
}

// LinkWorth is what came of a link.
type LinkWorth struct {
	Target      string
	Clicks      int
	Conversions int
	Value       []Worth
}

// Worth is an amount in whole units of a currency.
type Worth struct {
	Value    float64 `json:"value"`
	Currency string  `json:"currency"`
}

type publishAPI struct {
	s      *server.Server
	press  *publish.Press
	around PublishAround
}

// RegisterPublish adds the operations on what we say by ourselves.
func RegisterPublish(s *server.Server, press *publish.Press, around PublishAround) {
	a := &publishAPI{s, press, around}
	op := func(id, method, path string, p social.Permission, summary string) server.Op {
		return server.Op{ID: id, Method: method, Path: path, Tag: "Publish", Permission: p, Summary: summary}
	}
	empty := func(o server.Op) server.Op { o.Status = http.StatusNoContent; return o }
	made := func(o server.Op) server.Op { o.Status = http.StatusCreated; return o }
	const get, post, put, del = http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete
	const read, write, approve = social.PublishRead, social.PublishWrite, social.PublishApprove
	const all, one, posts = "/api/publish/contents", "/api/publish/contents/{id}", "/api/publish/posts"

	server.Register(s, op("list-contents", get, all, read, "What we have to say, the newest change first."), a.list)
	server.Register(s, made(op("add-content", post, all, write, "Begin a content; its posts are drafts.")), a.add)
	server.Register(s, op("get-content", get, one, read, "One content with its posts, its review and what may be done."), a.get)
	server.Register(s, op("write-content", put, one, write, "Change a content. What was approved must be approved again where its programme wants that."), a.write)
	server.Register(s, empty(op("remove-content", del, one, write, "Delete a content of which nothing has left.")), a.remove)
	server.Register(s, op("submit-content", post, one+"/submit", write, "Ask others to look at a content."), a.submit)
	server.Register(s, op("withdraw-content", post, one+"/withdraw", write, "Make a content a draft again."), a.withdraw)
	server.Register(s, op("comment-content", post, one+"/comment", read, "Say something about a content to those who write and review it."), a.comment)
	server.Register(s, op("review-content", post, one+"/review", approve, "Approve a content, ask for changes, or reject it; a no needs its reason."), a.review)
	server.Register(s, op("schedule-content", post, one+"/schedule", write, "Plan posts for a time, or let them leave now. A post that failed is tried again."), a.schedule)
	server.Register(s, op("queue-content", post, one+"/queue", write, "Give posts the next free slots of their channels."), a.queue)
	server.Register(s, op("unschedule-content", post, one+"/unschedule", write, "Take posts out of the plan."), a.unschedule)
	server.Register(s, op("hold-content", post, one+"/hold", write, "Hold posts, with a reason."), a.hold)
	server.Register(s, op("release-content", post, one+"/release", approve, "Let held posts go on, also while everything else is held."), a.release)
	server.Register(s, op("list-posts", get, posts, read, "Posts by when they leave or left."), a.posts)
	server.Register(s, op("get-post", get, posts+"/{id}", read, "One post: where it stands, every attempt, and why."), a.post)
	server.Register(s, op("check-post", post, posts+"/{id}/check", write, "Look at the network whether a post stands there."), a.check)
	server.Register(s, op("settle-post", post, posts+"/{id}/settle", write, "Say whether a post stands on the network, where Parley can't tell."), a.settle)
	server.Register(s, op("measure-post", post, posts+"/{id}/measure", read, "Read a post's numbers from the network now."), a.measure)
	server.Register(s, op("count-posts", get, "/api/publish/counts", read, "How many posts stand in each state, and what is held."), a.counts)
	server.Register(s, op("fit-content", post, "/api/publish/fit", read, "How a content would read on each channel, whether it fits, and what says the same already."), a.fit)
	server.Register(s, op("list-outlets", get, "/api/publish/outlets", read, "The channels on which one can publish, with what they take."), a.outlets)
	server.Register(s, op("list-queues", get, "/api/publish/queues", read, "When each channel publishes, and its next free slot."), a.queues)
	server.Register(s, op("set-queue", put, "/api/publish/queues/{channel}", write, "Say when a channel publishes."), a.setQueue)
	server.Register(s, op("best-times", get, "/api/publish/best", read, "At which hours of the week most came back on a channel, of the last eight weeks."), a.best)
	server.Register(s, op("list-holds", get, "/api/publish/holds", read, "What is held just now, by whom and why."), a.holds)
	server.Register(s, made(op("hold-all", post, "/api/publish/holds", approve, "Stop everything that has not left, at once.")), a.holdAll)
	server.Register(s, empty(op("release-all", del, "/api/publish/holds/{hold}", approve, "End a hold. What should have left meanwhile needs a new time.")), a.releaseAll)
	server.Register(s, op("list-publish-rules", get, "/api/publish/rules", read, "What programmes ask before something is published."), a.rules)
	server.Register(s, op("set-publish-rule", put, "/api/publish/rules", approve, "Say what a programme asks before something is published."), a.setRule)
	server.Register(s, op("export-results", get, "/api/publish/results.csv", read, "The results of published posts as a table."), a.export)
}

func (a *publishAPI) may(ctx context.Context, p social.Permission, in social.ProgrammeID) bool {
	ctx, ok := a.around.Reach(ctx, p)
	return ok && social.ScopeOf(ctx).Sees(in)
}

// ContentPath names a content in an address.
type ContentPath struct {
	ID publish.ContentID `path:"id" maxLength:"64"`
}

// PostPath names a post in an address.
type PostPath struct {
	ID publish.PostID `path:"id" maxLength:"64"`
}

type contentsInput struct {
	server.Paging
	State     publish.State      `query:"state" enum:"draft,in_review,approved,scheduled,publishing,unknown,published,failed,held"`
	Programme social.ProgrammeID `query:"programme" maxLength:"64"`
	Channel   social.ChannelID   `query:"channel" maxLength:"64"`
	Mine      bool               `query:"mine" doc:"Only what one wrote oneself."`
	Loose     bool               `query:"loose" doc:"Only what has no time yet."`
	Search    string             `query:"search" maxLength:"200"`
}

func (a *publishAPI) list(ctx context.Context, in *contentsInput) (*server.Body[server.Page[Content]], error) {
	q := publish.Query{State: in.State, Programme: in.Programme, Channel: in.Channel, Loose: in.Loose, Search: in.Search, Cursor: in.Cursor, Limit: in.Limit}
	if in.Mine {
		actor, _ := social.ActorOf(ctx)
		q.Author = actor.Member
	}
	all, next, err := a.press.Store.List(ctx, q)
	if err != nil {
		return nil, err
	}
	items, err := a.contents(ctx, all)
	return &server.Body[server.Page[Content]]{Body: server.NewPage(items, next)}, err
}

// ContentDraft is what one writes of a content.
type ContentDraft struct {
	Title     string             `json:"title,omitempty" maxLength:"200"`
	Text      string             `json:"text,omitempty" maxLength:"20000"`
	Lang      string             `json:"lang,omitempty" maxLength:"35" doc:"BCP 47."`
	Campaign  string             `json:"campaign,omitempty" maxLength:"100" doc:"utm_campaign of its links."`
	Programme social.ProgrammeID `json:"programme,omitempty" maxLength:"64"`
	Media     []publish.Media    `json:"media,omitempty" maxItems:"10"`
	Posts     []PostDraft        `json:"posts,omitempty" maxItems:"30"`
}

// PostDraft is what one writes of a post.
type PostDraft struct {
	Channel  social.ChannelID `json:"channel" maxLength:"64"`
	Own      bool             `json:"own,omitempty" doc:"It says it in words of its own."`
	Text     string           `json:"text,omitempty" maxLength:"20000"`
	OwnMedia bool             `json:"own_media,omitempty" doc:"It has media of its own."`
	Media    []publish.Media  `json:"media,omitempty" maxItems:"10"`
	Source   string           `json:"source,omitempty" maxLength:"100" doc:"utm_source of its links; the network's name if left out."`
	Medium   string           `json:"medium,omitempty" maxLength:"100" doc:"utm_medium; social if left out."`
	Audience social.Audience  `json:"audience,omitempty" enum:"public,unlisted,followers" doc:"Who sees it, where the channel lets one choose; everybody if left out."`
}

func (d *ContentDraft) posts() []*publish.Post {
	out := make([]*publish.Post, len(d.Posts))
	for i, p := range d.Posts {
		out[i] = &publish.Post{Channel: p.Channel, Own: p.Own, Text: p.Text, OwnMedia: p.OwnMedia, Media: p.Media, Source: p.Source, Medium: p.Medium, Audience: p.Audience}
	}
	return out
}

func (d *ContentDraft) content() publish.Content {
	return publish.Content{Title: d.Title, Text: d.Text, Lang: d.Lang, Campaign: d.Campaign, Programme: d.Programme, Media: d.Media, Posts: d.posts()}
}

type addContentInput struct{ Body ContentDraft }

func (a *publishAPI) add(ctx context.Context, in *addContentInput) (*server.Body[ContentFull], error) {
	c, err := a.press.Add(ctx, in.Body.content())
	return a.after(ctx, c, err)
}

// after answers with a content as it is now.
func (a *publishAPI) after(ctx context.Context, c publish.Content, err error) (*server.Body[ContentFull], error) {
	if err != nil {
		return nil, err
	}
	full, err := a.full(ctx, c)
	return &server.Body[ContentFull]{Body: full}, err
}

func (a *publishAPI) get(ctx context.Context, in *ContentPath) (*server.Body[ContentFull], error) {
	c, err := a.press.Store.Content(ctx, in.ID)
	return a.after(ctx, c, err)
}

type writeContentInput struct {
	ContentPath
	Body struct {
		ContentDraft
		Seen int64 `json:"seen" doc:"The version that one saw."`
	}
}

func (a *publishAPI) write(ctx context.Context, in *writeContentInput) (*server.Body[ContentFull], error) {
	d := in.Body.ContentDraft
	c, err := a.press.Write(ctx, in.ID, publish.Change{Title: d.Title, Text: d.Text, Lang: d.Lang, Campaign: d.Campaign, Programme: d.Programme,
		Media: d.Media, Posts: d.posts(), Seen: in.Body.Seen})
	return a.after(ctx, c, err)
}

func (a *publishAPI) remove(ctx context.Context, in *ContentPath) (*struct{}, error) {
	return nil, a.press.Remove(ctx, in.ID)
}

type wordsInput struct {
	ContentPath
	Body struct {
		Text string `json:"text,omitempty" maxLength:"2000"`
	}
}

func (a *publishAPI) submit(ctx context.Context, in *wordsInput) (*server.Body[ContentFull], error) {
	c, err := a.press.Submit(ctx, in.ID, in.Body.Text)
	return a.after(ctx, c, err)
}

func (a *publishAPI) withdraw(ctx context.Context, in *ContentPath) (*server.Body[ContentFull], error) {
	c, err := a.press.Withdraw(ctx, in.ID)
	return a.after(ctx, c, err)
}

func (a *publishAPI) comment(ctx context.Context, in *wordsInput) (*server.Body[ContentFull], error) {
	c, err := a.press.Review(ctx, in.ID, publish.Comment, in.Body.Text)
	return a.after(ctx, c, err)
}

type reviewInput struct {
	ContentPath
	Body struct {
		Act  publish.Act `json:"act" enum:"approve,request_changes,reject"`
		Text string      `json:"text,omitempty" maxLength:"2000"`
	}
}

func (a *publishAPI) review(ctx context.Context, in *reviewInput) (*server.Body[ContentFull], error) {
	c, err := a.press.Review(ctx, in.ID, in.Body.Act, in.Body.Text)
	return a.after(ctx, c, err)
}

// Chosen names posts of a content.
type Chosen struct {
	Posts []publish.PostID `json:"posts,omitempty" maxItems:"30" doc:"Which posts; all that have not left if left out."`
}

type scheduleInput struct {
	ContentPath
	Body struct {
		Chosen
		At time.Time `json:"at,omitzero" required:"false" doc:"When; now if left out."`
	}
}

func (a *publishAPI) schedule(ctx context.Context, in *scheduleInput) (*server.Body[ContentFull], error) {
	c, err := a.press.Schedule(ctx, in.ID, in.Body.At, in.Body.Posts)
	return a.after(ctx, c, err)
}

type chosenInput struct {
	ContentPath
	Body Chosen
}

func (a *publishAPI) queue(ctx context.Context, in *chosenInput) (*server.Body[ContentFull], error) {
	c, err := a.press.Enqueue(ctx, in.ID, in.Body.Posts)
	return a.after(ctx, c, err)
}

func (a *publishAPI) unschedule(ctx context.Context, in *chosenInput) (*server.Body[ContentFull], error) {
	c, err := a.press.Unschedule(ctx, in.ID, in.Body.Posts)
	return a.after(ctx, c, err)
}

type holdInput struct {
	ContentPath
	Body struct {
		Chosen
		Reason string `json:"reason" maxLength:"500"`
	}
}

func (a *publishAPI) hold(ctx context.Context, in *holdInput) (*server.Body[ContentFull], error) {
	c, err := a.press.Stop(ctx, in.ID, in.Body.Posts, in.Body.Reason)
	return a.after(ctx, c, err)
}

func (a *publishAPI) release(ctx context.Context, in *chosenInput) (*server.Body[ContentFull], error) {
	c, err := a.press.Release(ctx, in.ID, in.Body.Posts)
	return a.after(ctx, c, err)
}

// Fitting is how a content would read on a channel.
type Fitting struct {
	Channel social.ChannelID  `json:"channel"`
	Text    string            `json:"text" doc:"As it will read: links are tagged, and as long as they will be sent."`
	Room    publish.Room      `json:"room"`
	Media   *publish.Load     `json:"media,omitempty" doc:"What media the network takes; nothing where it takes none from here."`
	Aims    []social.Audience `json:"audiences,omitempty" enum:"public,unlisted,followers" doc:"Who may be meant, the usual first; left out where a post is for everybody."`
	Problem string            `json:"problem,omitempty" doc:"Why it could not leave."`
}

// Likeness is something that says the same on the same channel.
type Likeness struct {
	Channel social.ChannelID  `json:"channel"`
	Content publish.ContentID `json:"content"`
	Name    string            `json:"name"`
	State   publish.State     `json:"state"`
	At      time.Time         `json:"at"`
	Like    float64           `json:"like" doc:"From 0.6; 1 is the same words."`
}

// Fittings is how a content would read everywhere.
type Fittings struct {
	Posts []Fitting  `json:"posts"`
	Twins []Likeness `json:"twins" doc:"What says the same, or nearly so, within thirty days."`
}

type fitContentInput struct {
	Body struct {
		ContentDraft
		ID publish.ContentID `json:"id,omitempty" maxLength:"64" doc:"Of the content, if it is kept already."`
	}
}

func (a *publishAPI) fit(ctx context.Context, in *fitContentInput) (*server.Body[Fittings], error) {
	c := in.Body.content()
	if in.Body.ID != "" {
		if _, err := a.press.Store.Content(ctx, in.Body.ID); err != nil {
			return nil, err
		}
		c.ID = in.Body.ID
	}
	fits, err := a.press.Fits(ctx, c)
	if err != nil {
		return nil, err
	}
	twins, err := a.press.Twins(ctx, c)
	if err != nil {
		return nil, err
	}
	out := Fittings{Posts: make([]Fitting, len(fits)), Twins: []Likeness{}}
	for i, f := range fits {
		out.Posts[i] = Fitting(f)
	}
	for _, t := range twins {
		l := Likeness{t.Channel, t.Content, t.Name, t.State, t.At, t.Like}
		if _, err := a.press.Store.Content(ctx, t.Content); err != nil {
			l.Content, l.Name = "", "" // of another programme: that it is there is enough
		}
		out.Twins = append(out.Twins, l)
	}
	return &server.Body[Fittings]{Body: out}, nil
}
