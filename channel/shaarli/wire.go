package shaarli

import (
	"encoding/json"
	"time"
)

type (
	wireLink struct {
		ID          *int64   `json:"id"` // begins with 0, and is given again after a deletion
		URL         string   `json:"url"`
		Short       string   `json:"shorturl"` // the name that stays; made of id and time
		Title       string   `json:"title"`
		Description string   `json:"description"`
		Tags        []string `json:"tags"`
		Private     bool     `json:"private"`
		Created     string   `json:"created"`
	}
	wireNewLink struct {
		URL         string   `json:"url"`
		Title       string   `json:"title"`
		Description string   `json:"description"`
		Tags        []string `json:"tags"`
		Private     bool     `json:"private"`
	}
	wireEvent struct {
		Event string    `json:"event"` // CREATED, UPDATED, DELETED, IMPORT, SETTINGS
		At    time.Time `json:"datetime"`
		ID    *int64    `json:"id"`
	}
	wireInfo struct {
		Settings struct {
			Title string `json:"title"`
		} `json:"settings"`
	}
)

// envelope is one raw event: a bookmark, or the loss of one.
type envelope struct {
	Event   string          `json:"event"` // "link" or "gone"
	Site    string          `json:"site"`
	Name    string          `json:"name,omitempty"` // of the list
	Ours    bool            `json:"ours,omitempty"`
	Edition int             `json:"edition,omitempty"`
	ID      string          `json:"id,omitempty"` // what is gone
	Seen    time.Time       `json:"seen"`         // when this wording was first seen
	Payload json.RawMessage `json:"payload,omitempty"`
}
