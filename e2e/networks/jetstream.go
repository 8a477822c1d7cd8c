package networks

import (
	"context"
	"encoding/json"
	"net/url"
	"strconv"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// Event is one line of the firehose.
type Event struct {
	DID    string `json:"did"`
	TimeUS int64  `json:"time_us"`
	Kind   string `json:"kind"` // commit, identity, account
	Commit *struct {
		Operation  string // create, update, delete
		Collection string
		RKey       string
		CID        string
		Record     *Post // absent when deleted
	} `json:"commit"`
}

// URI is the record that a commit is about.
func (e Event) URI() string {
	if e.Commit == nil {
		return ""
	}
	return "at://" + e.DID + "/" + e.Commit.Collection + "/" + e.Commit.RKey
}

// Await listens to the posts on Jetstream, from a time in microseconds on (0:
// from now on), until one is what is looked for, and fails the test when none
// comes in time.
func (b *Bluesky) Await(t testing.TB, within time.Duration, from int64, what string, so func(Event) bool) Event {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), within)
	defer cancel()
	query := url.Values{"wantedCollections": {posts}}
	if from > 0 {
		query.Set("cursor", strconv.FormatInt(from, 10))
	}
	con, _, err := websocket.Dial(ctx, b.JetstreamURL()+"?"+query.Encode(), nil)
	if err != nil {
		t.Fatalf("listening to Jetstream: %v", err)
	}
	defer con.CloseNow()
	for {
		_, line, err := con.Read(ctx)
		if err != nil {
			t.Fatalf("listening to Jetstream for %v: %s: %v", within, what, err)
		}
		var e Event
		if err := json.Unmarshal(line, &e); err != nil {
			t.Fatalf("Jetstream says %s: %v", line, err)
		}
		if so(e) {
			return e
		}
	}
}
