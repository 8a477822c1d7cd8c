package publish

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/parley-crm/parley/social"
)

// ContentID names a content, PostID a post of it on a channel.
type (
	ContentID string
	PostID    string
)

// The bounds of what is kept.
const (
	maxText  = 20_000
	maxTitle = 200
	maxAlt   = 1500
	maxPosts = 30
	maxMedia = 10
)

// Media is a file that goes with the words.
type Media struct {
	File social.FileID `json:"file"`
	Alt  string        `json:"alt"` // what it shows, for those who do not see it
}

// Content is what we have to say, whatever the channel.
type Content struct {
	ID        ContentID
	Title     string // for us; "" then its first words
	Text      string
	Lang      string // BCP 47, "" when nobody said
	Campaign  string // of its links
	Programme social.ProgrammeID
	Author    social.MemberID
	Media     []Media
	Version   int64 // grows with every change
	CreatedAt time.Time
	UpdatedAt time.Time
	Posts     []*Post
}

// Post is a content on one channel.
type Post struct {
	ID      PostID
	Content ContentID
	Channel social.ChannelID

	Own      bool // says it in words of its own
	Text     string
	OwnMedia bool
	Media    []Media
	Source   string          // of its links; "" for the network's name
	Medium   string          // of its links; "" for "social"
	Audience social.Audience // who sees it; "" is everybody

	State  State
	Was    State  // where it stood before it was held
	Why    string // why it is held
	Hold   HoldID // that holds it, "" where it alone was held
	Passed HoldID // the hold from which it was released while that lasts

	At      time.Time       // when it leaves; zero while nobody said
	Member  social.MemberID // who planned it, and answers for it
	Token   string
	Sent    string // its words as they left: links are tracked
	SentOf  string // the hash that Sent was made of
	Problem string

	Attempts    int
	Checks      int
	NextAt      time.Time // when Parley will next do something; zero when nothing
	AttemptedAt time.Time
	ChangedAt   time.Time
	QueuedAt    time.Time // since when it tries to leave

	ExternalID  string
	URL         string
	PublishedAt time.Time
	Numbers     Numbers
}

// Numbers are counts at the network, as it told them last. A negative count
// means that it does not tell.
type Numbers struct {
	Likes, Shares, Replies int
	ReadAt                 time.Time // zero: never asked with success
	NextAt                 time.Time
	Problem                string
}

// Asks reports whether a person must say whether the post stands there.
func (p *Post) Asks() bool { return p.State == Unknown && p.NextAt.IsZero() }

// Words are what a post says.
func (c *Content) Words(p *Post) string {
	if p.Own {
		return p.Text
	}
	return c.Text
}

// Pictures are the media that go with a post.
func (c *Content) Pictures(p *Post) []Media {
	if p.OwnMedia {
		return p.Media
	}
	return c.Media
}

// Name is what a content is called.
func (c *Content) Name() string {
	if c.Title != "" {
		return c.Title
	}
	words := c.Text
	for _, p := range c.Posts {
		if words == "" && p.Own {
			words = p.Text
		}
	}
	line, _, _ := strings.Cut(strings.TrimSpace(words), "\n")
	if utf8.RuneCountInString(line) > 80 {
		line = strings.TrimSpace(string([]rune(line)[:78])) + "…"
	}
	return line
}

// Post finds a post of the content.
func (c *Content) Post(id PostID) (*Post, error) {
	for _, p := range c.Posts {
		if p.ID == id {
			return p, nil
		}
	}
	return nil, social.Errorf(social.NotFound, "There is no such post.")
}

// Hash names exactly what a post would say: what is approved is a hash.
func (c *Content) Hash(p *Post) string {
	says := []any{p.Channel, c.Words(p), c.Pictures(p), c.Lang, c.Campaign, p.Source, p.Medium}
	if p.Audience != "" {
		says = append(says, p.Audience)
	}
	b, _ := json.Marshal(says) // always marshals
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}

func (p *Post) turn(act Act, now time.Time) error {
	to, err := Next(p.State, act)
	if err != nil {
		return err
	}
	if act == Resume {
		to = p.Was
	}
	if act == Hold {
		p.Was = p.State
	}
	p.State, p.ChangedAt, p.Problem, p.NextAt = to, now, "", time.Time{}
	if to != Held {
		p.Was, p.Why, p.Hold = "", "", ""
	}
	return nil
}

// plan gives it its time.
func (p *Post) plan(at, now time.Time) error {
	if err := p.turn(Plan, now); err != nil {
		return err
	}
	p.At, p.NextAt, p.QueuedAt, p.Checks = at, at, time.Time{}, 0
	return nil
}

func invalid(field, format string, args ...any) error {
	e := social.Errorf(social.Invalid, format, args...)
	e.Field = field
	return e
}

// clean is a text as it is kept.
func clean(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0x7f {
			return -1
		}
		return r
	}, s))
}

// check cleans what somebody wrote and says what is wrong with it.
func (c *Content) check() error {
	c.Title, c.Text, c.Campaign = strings.Join(strings.Fields(clean(c.Title)), " "), clean(c.Text), slug(c.Campaign)
	switch {
	case utf8.RuneCountInString(c.Title) > maxTitle:
		return invalid("title", "This name is longer than %d characters.", maxTitle)
	case utf8.RuneCountInString(c.Text) > maxText:
		return invalid("text", "This is longer than 20,000 characters, more than any network takes.")
	case len(c.Posts) > maxPosts:
		return invalid("posts", "One content goes to at most %d channels.", maxPosts)
	case len(c.Lang) > 35:
		return invalid("lang", "A language is a tag such as en or de-AT.")
	}
	if err := checkMedia(c.Media); err != nil {
		return err
	}
	had := map[social.ChannelID]bool{}
	for _, p := range c.Posts {
		p.Text, p.Source, p.Medium = clean(p.Text), slug(p.Source), slug(p.Medium)
		switch {
		case had[p.Channel]:
			return invalid("posts", "A content goes to each channel once.")
		case utf8.RuneCountInString(p.Text) > maxText:
			return invalid("posts", "This is longer than 20,000 characters, more than any network takes.")
		}
		if p.Audience == social.Everybody {
			p.Audience = ""
		}
		had[p.Channel] = true
		if !p.Own {
			p.Text = ""
		}
		if !p.OwnMedia {
			p.Media = nil
		}
		if err := checkMedia(p.Media); err != nil {
			return err
		}
	}
	return nil
}

func checkMedia(list []Media) error {
	if len(list) > maxMedia {
		return invalid("media", "At most %d files go with a post.", maxMedia)
	}
	had := map[social.FileID]bool{}
	for i := range list {
		list[i].Alt = clean(list[i].Alt)
		if utf8.RuneCountInString(list[i].Alt) > maxAlt {
			return invalid("media", "A description is at most 1,500 characters long.")
		}
		if had[list[i].File] {
			return invalid("media", "The same file stands here twice.")
		}
		had[list[i].File] = true
	}
	return nil
}

// slug is a word for a link: lower case, without spaces.
func slug(s string) string {
	s = strings.ToLower(strings.Join(strings.Fields(clean(s)), "-"))
	if utf8.RuneCountInString(s) > 100 {
		s = string([]rune(s)[:100])
	}
	return s
}
