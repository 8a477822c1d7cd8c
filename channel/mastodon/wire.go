package mastodon

import (
	"encoding/json"
	"time"
)

// The entities, as far as we read them (https://docs.joinmastodon.org/entities/).
type (
	wireStatus struct {
		ID               string        `json:"id"`
		CreatedAt        *time.Time    `json:"created_at"`
		EditedAt         *time.Time    `json:"edited_at"`
		InReplyTo        string        `json:"in_reply_to_id"`
		InReplyToAccount string        `json:"in_reply_to_account_id"`
		Visibility       string        `json:"visibility"`
		Language         string        `json:"language"`
		URI              string        `json:"uri"`
		URL              string        `json:"url"`
		Replies          int           `json:"replies_count"`
		Reblogs          int           `json:"reblogs_count"`
		Favourites       int           `json:"favourites_count"`
		Content          string        `json:"content"`
		Spoiler          string        `json:"spoiler_text"`
		Reblog           *wireStatus   `json:"reblog"`
		Quote            *wireQuote    `json:"quote"`
		Account          wireAccount   `json:"account"`
		Mentions         []wireMention `json:"mentions"`
		Media            []struct {
			Type        string `json:"type"`
			URL         string `json:"url"`
			Remote      string `json:"remote_url"`
			Description string `json:"description"`
		} `json:"media_attachments"`
	}
	wireAccount struct {
		ID        string `json:"id"`
		Username  string `json:"username"`
		Acct      string `json:"acct"`
		Name      string `json:"display_name"`
		URL       string `json:"url"`
		Avatar    string `json:"avatar"`
		Bot       bool   `json:"bot"`
		Followers int    `json:"followers_count"`
		Note      string `json:"note"`
		Fields    []struct {
			Name     string     `json:"name"`
			Value    string     `json:"value"`
			Verified *time.Time `json:"verified_at"` // when the server saw that the link leads back
		} `json:"fields"`
	}
	wireMention struct {
		ID   string `json:"id"`
		Acct string `json:"acct"`
	}
	wireNotification struct {
		ID        string          `json:"id"`
		Type      string          `json:"type"`
		CreatedAt *time.Time      `json:"created_at"`
		Account   wireAccount     `json:"account"`
		Status    json.RawMessage `json:"status"`
	}
	wireQuote struct {
		State    string      `json:"state"`
		Status   *wireStatus `json:"quoted_status"`
		StatusID string      `json:"quoted_status_id"` // of a ShallowQuote
	}
	wireContext struct {
		Ancestors   []wireStatus `json:"ancestors"`
		Descendants []wireStatus `json:"descendants"`
	}
	wireInstance struct {
		Domain        string `json:"domain"`         // v2
		URI           string `json:"uri"`            // v1
		AccountDomain string `json:"account_domain"` // GoToSocial
		Version       string `json:"version"`
		SourceURL     string `json:"source_url"`
		MaxTootChars  int    `json:"max_toot_chars"` // Pleroma
		URLs          struct {
			Streaming string `json:"streaming_api"` // v1
		} `json:"urls"`
		Configuration struct {
			URLs struct {
				Streaming string `json:"streaming"`
			} `json:"urls"`
			Statuses struct {
				MaxCharacters int `json:"max_characters"`
				URLCharacters int `json:"characters_reserved_per_url"`
			} `json:"statuses"`
		} `json:"configuration"`
	}
	wireNewStatus struct {
		Status     string   `json:"status"`
		InReplyTo  string   `json:"in_reply_to_id,omitempty"`
		Visibility string   `json:"visibility"`
		Language   string   `json:"language,omitempty"`
		Media      []string `json:"media_ids,omitempty"`
	}
	// wireFrame is what the streaming API sends.
	wireFrame struct {
		Stream  []string        `json:"stream"`
		Event   string          `json:"event"`
		Payload json.RawMessage `json:"payload"`
	}
)

// envelope is one raw event: what the network sent, with what must be known
// to read it alone.
type envelope struct {
	Event   string          `json:"event"` // "status", "edit", "delete", or "reblog" for a notification of one
	Self    string          `json:"self,omitempty"`
	Host    string          `json:"host"`           // of accounts that are named without one
	Root    string          `json:"root,omitempty"` // of the thread, if it was looked up
	At      *time.Time      `json:"at,omitempty"`   // when a deletion arrived
	Payload json.RawMessage `json:"payload"`
}
