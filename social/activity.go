package social

import "time"

// Form is what an activity is on its network.
type Form string

// The forms of an activity.
const (
	FormPost    Form = "post"    // said to nobody in particular
	FormComment Form = "comment" // an answer to something public
	FormDirect  Form = "direct"  // a private message
	FormReview  Form = "review"  // words with a rating
	FormArticle Form = "article" // a blog post, a page, an entry of a feed
)

// Visibility says who can see something. It belongs to a message, never to a
// conversation.
type Visibility string

// The visibilities. Internal never leaves the house.
const (
	Public   Visibility = "public"
	Direct   Visibility = "direct"
	Internal Visibility = "internal"
)

// Verb is what an event reports.
type Verb string

// The verbs (ActivityStreams 2.0, in lower case).
const (
	Create Verb = "create"
	Update Verb = "update"
	Delete Verb = "delete"
)

// Activity is anything that somebody said or did on a channel, as it was
// heard (ActivityStreams 2.0). It is unique by (Channel, ExternalID).
type Activity struct {
	ID         ActivityID `json:"id"`
	Channel    ChannelID  `json:"channel"`
	ExternalID string     `json:"external_id"`
	Verb       Verb       `json:"verb"`
	Form       Form       `json:"form"`
	Author     Author     `json:"author"`
	Text       string     `json:"text"`            // plain text
	Lang       string     `json:"lang,omitempty"`  // BCP 47 as the network claims it; may be wrong
	URL        string     `json:"url,omitempty"`   // permalink
	Title      string     `json:"title,omitempty"` // of an article or review
	Parent     string     `json:"parent,omitempty"`
	Root       string     `json:"root,omitempty"` // external id of the thread's first activity; "" means itself
	Visibility Visibility `json:"visibility"`
	Directed   bool       `json:"directed"`         // at us: a mention of our profile, a reply, a direct message, a review
	Own        bool       `json:"own"`              // said by our own profile
	Rating     float64    `json:"rating,omitempty"` // 1 to 5, 0 when there is none
	Reach      int        `json:"reach,omitempty"`  // how many follow the author
	Likes      int        `json:"likes,omitempty"`
	Shares     int        `json:"shares,omitempty"`
	Place      Place      `json:"place,omitzero"` // of which place the network says that it speaks
	Published  time.Time  `json:"published"`
	Version    string     `json:"version,omitempty"` // grows with each edit at the network; "" when not told
}

// Thread is the external id that all activities of one thread share.
func (a Activity) Thread() string {
	if a.Root != "" {
		return a.Root
	}
	if a.Parent != "" {
		return a.Parent
	}
	return a.ExternalID
}

// Reply is what we say in a conversation. The same Key twice is one reply.
type Reply struct {
	Key          string // chosen by the caller, unique
	Conversation ConversationID
	Channel      ChannelID
	To           Author   // the conversation's fixed reply identity
	Copies       []Author // who gets it too; only on a channel that says it can do that
	Parent       string   // external id of the activity that is answered
	Root         string   // external id of the thread's first activity
	Title        string   // of the thread, where messages bear one: the subject of a mail
	Text         string
	Lang         string
	Visibility   Visibility
	Media        []Media   // that go along; only to a channel that says it takes them
	Attempted    time.Time // when sending began; a Finder looks from here on
}
