package wordpress

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// The entities, as far as we read them
// (https://developer.wordpress.org/rest-api/reference/comments/ and /posts/).
type (
	wireComment struct {
		ID      int64             `json:"id"`
		Post    int64             `json:"post"`
		Parent  int64             `json:"parent"`
		Author  int64             `json:"author"` // 0 for somebody without an account
		Name    string            `json:"author_name"`
		Email   string            `json:"author_email"` // only where we may moderate
		URL     string            `json:"author_url"`
		Date    moment            `json:"date_gmt"`
		Content wireText          `json:"content"`
		Link    string            `json:"link"`
		Status  string            `json:"status"` // "approved", "hold", "spam", "trash"
		Avatars map[string]string `json:"author_avatar_urls"`
	}
	wirePost struct {
		ID       int64    `json:"id"`
		Date     moment   `json:"date_gmt"`
		Modified moment   `json:"modified_gmt"`
		Status   string   `json:"status"`
		Link     string   `json:"link"`
		Title    wireText `json:"title"`
		Content  wireText `json:"content"`
		Excerpt  wireText `json:"excerpt"`
		Author   int64    `json:"author"`
		Embedded struct {
			Author []wireUser `json:"author"`
		} `json:"_embedded"`
	}
	wireText struct {
		Rendered string `json:"rendered"`
		Raw      string `json:"raw"` // only where we may edit
	}
	wireUser struct {
		ID           int64             `json:"id"`
		Name         string            `json:"name"`
		Slug         string            `json:"slug"`
		Username     string            `json:"username"`
		Email        string            `json:"email"`
		Link         string            `json:"link"`
		Avatars      map[string]string `json:"avatar_urls"`
		Capabilities map[string]any    `json:"capabilities"`
	}
	wireIndex struct {
		Name       string   `json:"name"`
		URL        string   `json:"url"`
		Home       string   `json:"home"`
		Namespaces []string `json:"namespaces"`
	}
	wireError struct {
		Code    string `json:"code"`
		Message string `json:"message"`
	}
	wireNewComment struct {
		Post    int64  `json:"post"`
		Parent  int64  `json:"parent,omitempty"`
		Content string `json:"content"`
	}
	wireMedia struct {
		ID  int64  `json:"id"`
		URL string `json:"source_url"`
	}
	wireNewPost struct {
		Title   string `json:"title"`
		Content string `json:"content"`
		Status  string `json:"status"`
	}
)

// moment is a time as WordPress writes it: UTC without saying so.
type moment struct{ time.Time }

// UnmarshalJSON takes what cannot be read as no time; Read says so then.
func (m *moment) UnmarshalJSON(b []byte) error {
	var s string
	if json.Unmarshal(b, &s) != nil {
		return nil
	}
	t, err := time.Parse("2006-01-02T15:04:05", strings.TrimSuffix(s, "Z"))
	if err == nil && t.Year() > 1970 {
		m.Time = t.UTC()
	}
	return nil
}

// MarshalJSON writes it the same way.
func (m moment) MarshalJSON() ([]byte, error) {
	if m.IsZero() {
		return []byte("null"), nil
	}
	return json.Marshal(m.UTC().Format("2006-01-02T15:04:05"))
}

// envelope is one raw event: what the blog said, with what must be known to
// read it alone.
type envelope struct {
	Event   string          `json:"event"` // "comment", "post" or "gone"
	Site    string          `json:"site"`
	Name    string          `json:"name,omitempty"` // of the blog
	Self    int64           `json:"self,omitempty"`
	Ours    bool            `json:"ours,omitempty"`
	Root    int64           `json:"root,omitempty"`    // first comment of the thread
	Asked   bool            `json:"asked,omitempty"`   // it answers a comment of ours
	Edition int             `json:"edition,omitempty"` // 0 at first, then one more with each edit
	Seen    time.Time       `json:"seen"`              // when this wording was first seen
	ID      string          `json:"id,omitempty"`      // what is gone
	Payload json.RawMessage `json:"payload,omitempty"`
}

// External ids: comments and posts are numbered apart.
func commentID(n int64) string { return "c" + strconv.FormatInt(n, 10) }
func postID(n int64) string    { return "p" + strconv.FormatInt(n, 10) }

// parseID takes an external id apart.
func parseID(s string) (kind byte, n int64) {
	if len(s) < 2 || (s[0] != 'c' && s[0] != 'p') {
		return 0, 0
	}
	n, err := strconv.ParseInt(s[1:], 10, 64)
	if err != nil || n <= 0 {
		return 0, 0
	}
	return s[0], n
}
