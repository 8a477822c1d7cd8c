package graph

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/kit/text"
	"github.com/parley-crm/parley/social"
)

// page is a Facebook Page: its comments, mentions and recommendations, and
// its messages in Messenger.
type page struct {
	*client
	*hook
	id       string
	public   bool // comments and the like
	messages bool
	agent    bool // people answer, for which Meta allows a week
}

// Facebook is a Facebook Page as a kind of channel.
func Facebook() channel.Kind {
	return channel.Kind{
		Name: "facebook", Title: "Facebook Page", Site: channel.SiteNetwork,
		About: "Hear comments, mentions, recommendations and messages of your Facebook Page, answer them, and post there.",
		Steps: []channel.Step{
			{Text: "At Meta for Developers, make an app of the type Business, or open yours, and add the products Webhooks and Messenger.", URL: "https://developers.facebook.com/apps/"},
			{Text: "In Meta Business Suite, make a system user, give it the Page, and generate a token of the app with pages_show_list, pages_read_engagement, pages_read_user_content, pages_manage_engagement, pages_manage_posts, pages_manage_metadata and pages_messaging. With it, ask for the Page’s own token: GET /me/accounts.", URL: "https://developers.facebook.com/docs/pages-api/getting-started/"},
			{Text: "Copy the Page’s id and token, and the app’s id and secret, into the fields below, and choose a verify token. Connect."},
			{Text: "In the app under Webhooks → Page, enter the address of this channel’s webhook, which its page shows after connecting, and your verify token. Subscribe to feed, mention, ratings, messages, message_edits, message_deliveries and message_echoes.", URL: "https://developers.facebook.com/docs/graph-api/webhooks/getting-started/webhooks-for-pages/"},
			{Text: "Install the app on the Page: POST /{page-id}/subscribed_apps with the same fields. Meta’s review must grant the permissions before others than your own people are heard."},
		},
		Form: fields(
			channel.Field{Name: "page", Label: "Page ID", Type: "text", Required: true, Help: "On the Page under About → Page transparency."},
			channel.Field{Name: "hears", Label: "Hears", Type: "choice", Choices: []string{"comments and messages", "comments", "messages"}, Default: "comments and messages",
				Help: "An app calls one address for all that happens on its Pages; so let one channel hear both."},
			humans(),
		),
		New: func(s channel.Settings, e channel.Env) (channel.Channel, error) {
			p, err := newPage("Facebook", s, e)
			if err != nil {
				return nil, err
			}
			switch s["hears"] {
			case "", "comments and messages":
				p.public, p.messages = true, true
			case "comments":
				p.public = true
			case "messages":
				p.messages = true
				return p, nil
			default:
				return nil, invalid("hears", "A Page’s channel hears comments and messages, or one of them.")
			}
			return &wall{page: p}, nil
		},
	}
}

// Messenger is a Page's messages alone, for those who hear them through an
// app of their own.
func Messenger() channel.Kind {
	return channel.Kind{
		Name: "messenger", Title: "Messenger", Site: channel.SiteDirect,
		About: "Hear what people write to your Page in Messenger, and answer within the time that Meta allows.",
		Steps: []channel.Step{
			{Text: "At Meta for Developers, make an app of the type Business, or open yours, and add the product Messenger. If the same app hears the Page’s comments, connect a Facebook Page instead: it hears both.", URL: "https://developers.facebook.com/apps/"},
			{Text: "Under Messenger → Access tokens, add the Page and generate its token, with pages_messaging and pages_manage_metadata."},
			{Text: "Copy the Page’s id and token, and the app’s id and secret, into the fields below, and choose a verify token. Connect."},
			{Text: "Under Messenger → Webhooks, enter the address of this channel’s webhook, which its page shows after connecting, and your verify token. Subscribe the Page to messages, message_edits, message_deliveries and message_echoes.", URL: "https://developers.facebook.com/docs/messenger-platform/webhooks/"},
		},
		Form: fields(channel.Field{Name: "page", Label: "Page ID", Type: "text", Required: true, Help: "On the Page under About → Page transparency."}, humans()),
		New: func(s channel.Settings, e channel.Env) (channel.Channel, error) {
			p, err := newPage("Messenger", s, e)
			if err != nil {
				return nil, err
			}
			p.messages = true
			return p, nil
		},
	}
}

func humans() channel.Field {
	return channel.Field{Name: "agent", Label: "Meta has granted Human Agent", Type: "choice", Choices: []string{"no", "yes"}, Default: "no",
		Help: "With this permission people may answer for seven days; without it, for 24 hours."}
}

func newPage(title string, s channel.Settings, e channel.Env) (*page, error) {
	c, h, err := connect(title, "page", s, e)
	if err != nil {
		return nil, err
	}
	p := &page{client: c, hook: h, agent: s["agent"] == "yes"}
	if p.id, err = setting(s, "page", "The Page’s id"); err != nil {
		return nil, err
	}
	return p, nil
}

// wall is a page whose comments are heard: they can be liked and counted, and
// the Page posts there.
type wall struct {
	*page
	uploads channel.Uploads
}

// Receive takes what Meta tells.
func (p *page) Receive(r channel.Request) (channel.Answer, error) { return p.receive(r, p.sort) }

// wireChange is a change of a Page's feed
// (https://developers.facebook.com/docs/graph-api/webhooks/reference/page/).
type wireChange struct {
	Field string          `json:"field"`
	Value json.RawMessage `json:"value"`
}

type wireFeed struct {
	Item      string  `json:"item"`
	Verb      string  `json:"verb"`
	Comment   ident   `json:"comment_id"`
	Post      ident   `json:"post_id"`
	Parent    ident   `json:"parent_id"`
	From      wireWho `json:"from"`
	Sender    ident   `json:"sender_id"` // of a mention
	Name      string  `json:"sender_name"`
	Message   string  `json:"message"`
	Photo     string  `json:"photo"`
	Video     string  `json:"video"`
	Created   stamp   `json:"created_time"`
	Permalink struct {
		URL string `json:"permalink_url"`
	} `json:"post"`

	// Of a recommendation.
	Reviewer     ident  `json:"reviewer_id"`
	ReviewerName string `json:"reviewer_name"`
	Review       string `json:"review_text"`
	Kind         string `json:"recommendation_type"`
	Story        ident  `json:"open_graph_story_id"`
}

type wireWho struct {
	ID       ident  `json:"id"`
	Name     string `json:"name"`
	Username string `json:"username"`
}

// wireMessaging is an event of Messenger's or Instagram's messages
// (https://developers.facebook.com/docs/messenger-platform/reference/webhook-events/).
type wireMessaging struct {
	Sender    wireWho      `json:"sender"`
	Recipient wireWho      `json:"recipient"`
	Timestamp stamp        `json:"timestamp"`
	Message   *wireMessage `json:"message"`
	Edit      *struct {
		Mid  ident  `json:"mid"`
		Text string `json:"text"`
		Num  int    `json:"num_edit"`
	} `json:"message_edit"`
	Postback *struct {
		Mid   ident  `json:"mid"`
		Title string `json:"title"`
	} `json:"postback"`
	Delivery *struct {
		Mids      []ident `json:"mids"`
		Watermark stamp   `json:"watermark"`
	} `json:"delivery"`
	Read *struct {
		Mid       ident `json:"mid"` // Instagram
		Watermark stamp `json:"watermark"`
	} `json:"read"`
}

type wireMessage struct {
	Mid         ident            `json:"mid"`
	Text        string           `json:"text"`
	Echo        bool             `json:"is_echo"`
	Deleted     bool             `json:"is_deleted"`
	Attachments []wireAttachment `json:"attachments"`
	ReplyTo     struct {
		Mid ident `json:"mid"`
	} `json:"reply_to"`
}

type wireAttachment struct {
	Type    string `json:"type"`
	Payload struct {
		Title string `json:"title"`
		URL   string `json:"url"`
	} `json:"payload"`
}

// sort makes events of what is about this Page.
func (p *page) sort(entry ident, at time.Time, part string, item json.RawMessage) []channel.Event {
	if string(entry) != p.id {
		return nil // of another Page of the same app
	}
	if part == "messaging" {
		if !p.messages {
			return nil
		}
		return messaging(entry, at, item)
	}
	if !p.public {
		return nil
	}
	var c wireChange
	if json.Unmarshal(item, &c) != nil {
		return []channel.Event{broken(item)}
	}
	if c.Field != "feed" && c.Field != "mention" && c.Field != "ratings" {
		return nil
	}
	in := envelope{Sort: "change", Field: c.Field, Entry: entry, At: millis(at), Item: c.Value}
	var f wireFeed
	if json.Unmarshal(c.Value, &f) != nil {
		return []channel.Event{event("?"+digest(item), in, at)}
	}
	id := f.id(c.Field)
	if id == "" || !f.speaks(c.Field) {
		return nil // a like, a share, a hidden comment …
	}
	key := c.Field + ":" + string(id) + ":" + f.verb()
	if f.verb() == "edited" {
		key += ":" + version(at)
	}
	return []channel.Event{event(key, in, f.Created.Time)}
}

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// id is what the change is about.
func (f wireFeed) id(field string) ident {
	switch {
	case f.Item == "comment":
		return f.Comment
	case field == "ratings" && f.Item == "rating":
		return f.Story
	case field == "mention" && f.Item == "comment":
		return f.Comment
	}
	return f.Post
}

// speaks reports whether the change says something, or takes it back.
func (f wireFeed) speaks(field string) bool {
	switch f.verb() {
	case "add", "edited", "remove":
	default:
		return false
	}
	switch f.Item {
	case "comment", "status", "post", "photo", "video":
		return true
	case "rating":
		return field == "ratings"
	}
	return false
}

// verb evens out the two words that Meta uses for edits.
func (f wireFeed) verb() string {
	if f.Verb == "edit" {
		return "edited"
	}
	return f.Verb
}

// messaging makes an event of one item of messaging.
func messaging(entry ident, at time.Time, item json.RawMessage) []channel.Event {
	in := envelope{Sort: "messaging", Entry: entry, At: millis(at), Item: item}
	var m wireMessaging
	if json.Unmarshal(item, &m) != nil {
		return []channel.Event{event("?"+digest(item), in, at)}
	}
	var key string
	switch {
	case m.Message != nil && m.Message.Mid != "":
		key = "m:" + string(m.Message.Mid)
		if m.Message.Deleted {
			key += ":gone"
		}
	case m.Edit != nil && m.Edit.Mid != "":
		key = "e:" + string(m.Edit.Mid) + ":" + digest([]byte(m.Edit.Text))
	case m.Postback != nil && m.Postback.Mid != "":
		key = "m:" + string(m.Postback.Mid)
	case m.Delivery != nil && len(m.Delivery.Mids) > 0:
		key = "d:" + digest(compact(item))
	case m.Read != nil && m.Read.Mid != "":
		key = "r:" + string(m.Read.Mid)
	default:
		return nil // a reaction, a mark without an id, something newer
	}
	return []channel.Event{event(key, in, m.Timestamp.Time)}
}

// Read makes activities of an item.
func (p *page) Read(e channel.Event) ([]social.Activity, error) {
	in, err := open(e)
	if err != nil {
		return nil, err
	}
	switch in.Sort {
	case "messaging":
		return said(in, "facebook", p.own())
	case "change":
		return p.feed(in)
	}
	return nil, social.Errorf(social.Invalid, "Meta sent an event of an unknown sort.")
}

// own is the Page as an author.
func (p *page) own() social.Author {
	return social.Author{Scheme: "facebook", Value: p.id, URL: "https://www.facebook.com/" + p.id}
}

// feed reads a comment, a post, a mention or a recommendation.
func (p *page) feed(in envelope) ([]social.Activity, error) {
	var f wireFeed
	if err := json.Unmarshal(in.Item, &f); err != nil {
		return nil, unreadable(err, "change")
	}
	id := f.id(in.Field)
	if id == "" || !comment.MatchString(string(id)) || !f.speaks(in.Field) {
		return nil, social.Errorf(social.Invalid, "Meta sent a change without an id, or of an unknown sort.")
	}
	a := social.Activity{
		ExternalID: string(id), Verb: social.Create, Form: social.FormPost, Visibility: social.Public,
		Published: f.Created.Time, URL: "https://www.facebook.com/" + string(id),
	}
	if f.Item == "comment" {
		a.Form = social.FormComment
		// Answers to comments hang below the first one; Meta knows no deeper.
		if f.Parent != "" && f.Parent != f.Post && f.Parent != f.Comment && comment.MatchString(string(f.Parent)) {
			a.Parent, a.Root = string(f.Parent), string(f.Parent)
		}
	}
	if u := text.Cut(f.Permalink.URL); f.Item != "comment" && strings.HasPrefix(u, "https://") {
		a.URL = u
	}
	if a.Published.IsZero() {
		a.Published = in.when()
	}
	a.Version = version(a.Published)
	switch f.verb() {
	case "remove":
		a.Verb, a.Version = social.Delete, version(in.when())
		if a.Published.IsZero() {
			return nil, social.Errorf(social.Invalid, "Meta sent a change without a time.")
		}
		return []social.Activity{a}, nil
	case "edited":
		a.Verb = social.Update
		if at := in.when(); at.After(a.Published) {
			a.Version = version(at)
		}
	}
	who := wireWho{ID: f.From.ID, Name: f.From.Name}
	a.Text = words(f.Message, f.attached()...)
	switch {
	case in.Field == "ratings":
		who = wireWho{ID: f.Reviewer, Name: f.ReviewerName}
		a.Form, a.Text = social.FormReview, text.Cut(f.Review)
		// A recommendation is yes or no, not a number of stars
		// (https://developers.facebook.com/docs/graph-api/reference/recommendation/).
		switch strings.ToLower(f.Kind) {
		case "positive":
			a.Rating, a.Title = 5, "Recommends"
		case "negative":
			a.Rating, a.Title = 1, "Doesn’t recommend"
		}
	case in.Field == "mention" && who.ID == "":
		who = wireWho{ID: f.Sender, Name: f.Name}
	}
	if who.ID == "" || a.Published.IsZero() {
		return nil, social.Errorf(social.Invalid, "Meta sent a change without an author or a time.")
	}
	a.Own = string(who.ID) == p.id
	a.Directed = !a.Own
	if a.Author = p.own(); !a.Own {
		a.Author = social.Author{Scheme: "facebook", Issuer: p.id, Value: string(who.ID)}
	}
	a.Author.Name = text.Cut(who.Name)
	return []social.Activity{a}, nil
}

func (f wireFeed) attached() []string {
	var out []string
	if (f.Photo != "" || f.Item == "photo") && (f.Message == "" || lies(f.Photo) == "") {
		out = append(out, "image")
	}
	if f.Video != "" || f.Item == "video" {
		out = append(out, "video")
	}
	return out
}

// words is a text with what was attached to it, by its sort.
func words(s string, attached ...string) string {
	for _, w := range attached {
		if s != "" {
			s += "\n"
		}
		s += "[" + w + "]"
	}
	return text.Cut(s)
}

// said reads a message of Messenger or Instagram. Its thread is the chat with
// one person, whom the account knows by a scoped id.
func said(in envelope, scheme string, own social.Author) ([]social.Activity, error) {
	var m wireMessaging
	if err := json.Unmarshal(in.Item, &m); err != nil {
		return nil, unreadable(err, "message")
	}
	a := social.Activity{Verb: social.Create, Form: social.FormDirect, Visibility: social.Direct, Published: m.Timestamp.Time}
	if a.Published.IsZero() {
		a.Published = in.when()
	}
	a.Version = version(a.Published)
	ours := string(m.Sender.ID) == own.Value
	switch {
	case m.Message != nil:
		ours = ours || m.Message.Echo
		a.ExternalID, a.Parent = string(m.Message.Mid), string(m.Message.ReplyTo.Mid)
		a.Text = words(m.Message.Text, attached(m.Message.Text, m.Message.Attachments)...)
		if m.Message.Deleted {
			a.Verb, a.Text = social.Delete, ""
		}
	case m.Edit != nil:
		a.ExternalID, a.Verb, a.Text = string(m.Edit.Mid), social.Update, text.Cut(m.Edit.Text)
	case m.Postback != nil:
		a.ExternalID, a.Text = string(m.Postback.Mid), text.Cut(m.Postback.Title)
	case m.Delivery != nil, m.Read != nil:
		return nil, nil // told by Reports
	default:
		return nil, social.Errorf(social.Invalid, "Meta sent a message of an unknown sort.")
	}
	them := m.Sender.ID
	if ours {
		them = m.Recipient.ID
	}
	if a.ExternalID == "" || them == "" || a.Published.IsZero() {
		return nil, social.Errorf(social.Invalid, "Meta sent a message without an id, an author or a time.")
	}
	a.Root = "chat:" + string(them)
	a.Own, a.Directed = ours, !ours && a.Verb != social.Delete
	if a.Author = own; !ours {
		a.Author = social.Author{Scheme: scheme, Issuer: own.Value, Value: string(them), Name: text.Cut(m.Sender.Name), Handle: text.Cut(m.Sender.Username)}
	}
	return []social.Activity{a}, nil
}

// attached names what is attached, but for files below words: they come too.
func attached(words string, all []wireAttachment) []string {
	var out []string
	for _, x := range all {
		if words != "" && x.file() != "" {
			continue
		}
		w := text.Cut(x.Type)
		if w == "" {
			w = "attachment"
		}
		if t := strings.TrimSpace(text.Cut(x.Payload.Title)); t != "" {
			w += ": " + t
		}
		out = append(out, w)
	}
	return out
}

// Reports tells which of our messages were delivered. Messenger's marks of
// what was read name a time and no message, so they are left out.
func (p *page) Reports(e channel.Event) ([]channel.Report, error) {
	in, err := open(e)
	if err != nil {
		return nil, err
	}
	if in.Sort != "messaging" {
		return nil, nil
	}
	return marks(in)
}

func marks(in envelope) ([]channel.Report, error) {
	var m wireMessaging
	if err := json.Unmarshal(in.Item, &m); err != nil {
		return nil, unreadable(err, "mark")
	}
	at := m.Timestamp.Time
	if at.IsZero() {
		at = in.when()
	}
	var out []channel.Report
	if m.Delivery != nil {
		if !m.Delivery.Watermark.IsZero() {
			at = m.Delivery.Watermark.Time
		}
		for _, mid := range m.Delivery.Mids {
			if mid != "" && !at.IsZero() {
				out = append(out, channel.Report{ExternalID: string(mid), State: channel.ReportDelivered, At: at})
			}
		}
	}
	if m.Read != nil && m.Read.Mid != "" && !at.IsZero() {
		out = append(out, channel.Report{ExternalID: string(m.Read.Mid), State: channel.ReportRead, At: at})
	}
	return out, nil
}
