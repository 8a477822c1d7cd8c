package bluesky

import "encoding/json"

const (
	posts   = "app.bsky.feed.post"
	reposts = "app.bsky.feed.repost"
	likes   = "app.bsky.feed.like"
)

// The shapes, as far as we use them: Jetstream's events
// (https://github.com/bluesky-social/jetstream) and the lexicons app.bsky.*
// and com.atproto.* (https://docs.bsky.app/docs/api).
type (
	wireEvent struct {
		DID    string      `json:"did"`
		TimeUS int64       `json:"time_us"`
		Kind   string      `json:"kind"`
		Commit *wireCommit `json:"commit"`
	}
	wireCommit struct {
		Rev        string          `json:"rev"`
		Operation  string          `json:"operation"`
		Collection string          `json:"collection"`
		RKey       string          `json:"rkey"`
		Record     json.RawMessage `json:"record"`
		CID        string          `json:"cid"`
	}
	wirePost struct {
		Type      string      `json:"$type,omitempty"`
		Text      *string     `json:"text"`
		Langs     []string    `json:"langs,omitempty"`
		Facets    []wireFacet `json:"facets,omitempty"`
		Reply     *wireReply  `json:"reply,omitempty"`
		Embed     *wireEmbed  `json:"embed,omitempty"`
		CreatedAt string      `json:"createdAt"`
	}
	wireReply struct {
		Root   wireRef `json:"root"`
		Parent wireRef `json:"parent"`
	}
	wireRef struct {
		URI string `json:"uri"`
		CID string `json:"cid"`
	}
	wireFacet struct {
		Index struct {
			Start int `json:"byteStart"`
			End   int `json:"byteEnd"`
		} `json:"index"`
		Features []wireFeature `json:"features"`
	}
	wireFeature struct {
		Type string `json:"$type"`
		DID  string `json:"did,omitempty"`
		URI  string `json:"uri,omitempty"`
		Tag  string `json:"tag,omitempty"`
	}
	wireEmbed struct {
		Type   string          `json:"$type"`
		Alt    string          `json:"alt,omitempty"` // of a video
		Video  json.RawMessage `json:"video,omitempty"`
		Images []wireImage     `json:"images,omitempty"`
		Media  *wireEmbed      `json:"media,omitempty"`
		Record *struct {
			URI    string   `json:"uri"`    // of app.bsky.embed.record
			Record *wireRef `json:"record"` // of app.bsky.embed.recordWithMedia
		} `json:"record,omitempty"`
		External *struct {
			URI         string `json:"uri"`
			Title       string `json:"title"`
			Description string `json:"description"`
		} `json:"external,omitempty"`
		Ratio *wireRatio `json:"aspectRatio,omitempty"`
	}
	wireImage struct {
		Alt   string          `json:"alt"`
		Image json.RawMessage `json:"image,omitempty"`
		Ratio *wireRatio      `json:"aspectRatio,omitempty"`
	}
	wireRatio struct {
		Width  int `json:"width"`
		Height int `json:"height"`
	}
	wireBlob struct {
		Ref struct {
			Link string `json:"$link"`
		} `json:"ref"`
		CID  string `json:"cid"` // of old ones
		Type string `json:"mimeType"`
		Size int64  `json:"size"`
	}
	wireRecord struct {
		URI   string          `json:"uri"`
		CID   string          `json:"cid"`
		Value json.RawMessage `json:"value"`
	}
	wireLike struct {
		Type      string  `json:"$type"`
		Subject   wireRef `json:"subject"`
		CreatedAt string  `json:"createdAt"`
	}
	wireCreate struct {
		Repo       string `json:"repo"`
		Collection string `json:"collection"`
		RKey       string `json:"rkey"`
		Record     any    `json:"record,omitempty"`
	}
	wirePut struct {
		Repo       string  `json:"repo"`
		Collection string  `json:"collection"`
		RKey       string  `json:"rkey"`
		Record     any     `json:"record"`
		Swap       *string `json:"swapRecord"` // null: there is none yet
	}
	wireSession struct {
		Access  string `json:"accessJwt"`
		Refresh string `json:"refreshJwt"`
		DID     string `json:"did"`
		Handle  string `json:"handle"`
	}
	wireProfile struct {
		DID       string `json:"did"`
		Handle    string `json:"handle"`
		Name      string `json:"displayName"`
		Avatar    string `json:"avatar"`
		Followers int    `json:"followersCount"`
	}
	wireDocument struct {
		ID      string   `json:"id"`
		Known   []string `json:"alsoKnownAs"`
		Service []struct {
			ID       string `json:"id"`
			Endpoint string `json:"serviceEndpoint"`
		} `json:"service"`
	}
	wireCounts struct {
		Posts []struct {
			URI     string `json:"uri"`
			Likes   int    `json:"likeCount"`
			Reposts int    `json:"repostCount"`
			Quotes  int    `json:"quoteCount"`
			Replies int    `json:"replyCount"`
		} `json:"posts"`
	}
	wireError struct {
		Error   string `json:"error"`
		Message string `json:"message"`
	}
)

// envelope is one raw event with what must be known to read it alone.
type envelope struct {
	Self  string          `json:"self,omitempty"` // our DID
	Event json.RawMessage `json:"event"`
}
