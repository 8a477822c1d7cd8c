package governapi

import (
	"context"
	"encoding/json"
	"time"

	"github.com/parley-crm/parley/govern"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

// Line is one line of the record.
type Line struct {
	Seq      int64           `json:"seq"`
	At       time.Time       `json:"at"`
	Actor    lineActor       `json:"actor"`
	Verb     string          `json:"verb"`
	Object   string          `json:"object"`
	ObjectID string          `json:"object_id"`
	Detail   json.RawMessage `json:"detail"`
	Sealed   bool            `json:"sealed"`
	Hash     string          `json:"hash,omitempty"`
}

type lineActor struct {
	ID    string `json:"id,omitempty" doc:"Left out: Parley itself, or a token that acts for nobody."`
	Name  string `json:"name"`
	Token string `json:"token,omitempty" doc:"The API token that was used."`
}

// Status is how the record stands.
type Status struct {
	Entries    int64       `json:"entries"`
	Sealed     int64       `json:"sealed"`
	Checkpoint *checkpoint `json:"checkpoint,omitempty"`
	VerifiedAt *time.Time  `json:"verified_at,omitempty"`
	OK         *bool       `json:"ok,omitempty"`
	Key        string      `json:"key" doc:"By which checkpoints can be checked elsewhere."`
}

type checkpoint struct {
	Seq     int64     `json:"seq"`
	Entries int64     `json:"entries"`
	At      time.Time `json:"at"`
	Root    string    `json:"root"`
	Note    string    `json:"note" doc:"The signed note. Kept elsewhere, it proves later that nothing was cut off."`
}

// Verified is what came out of verifying the record.
type Verified struct {
	OK          bool   `json:"ok"`
	Entries     int64  `json:"entries"`
	Checkpoints int64  `json:"checkpoints"`
	Unsealed    int64  `json:"unsealed"`
	Seq         int64  `json:"seq,omitempty" doc:"The first line that is wrong."`
	Problem     string `json:"problem,omitempty"`
}

func (a *API) records() {
	server.Register(a.s, get("list-record", "/api/record", social.RecordRead, "Who did what, newest first"), a.listRecord)
	server.Register(a.s, get("get-record-status", "/api/record/status", social.RecordRead, "How far the record is sealed"), a.recordStatus)
	server.Register(a.s, post("verify-record", "/api/record/verify", social.RecordRead, "Check that nobody changed the record"), a.verifyRecord)
}

type recordInput struct {
	server.Paging
	Object string `query:"object" maxLength:"100"`
	ID     string `query:"id" maxLength:"100"`
	Actor  string `query:"actor" maxLength:"100"`
	Verb   string `query:"verb" maxLength:"100"`
}

func (a *API) listRecord(ctx context.Context, in *recordInput) (*server.Body[server.Page[Line]], error) {
	lines, next, err := a.Archive.Lines(ctx, govern.Query{Object: in.Object, ID: in.ID, Actor: in.Actor, Verb: in.Verb}, in.Cursor, in.Limit)
	return list(lines, next, err, func(l govern.Line) Line {
		detail := json.RawMessage(l.Detail)
		if !json.Valid(detail) { // somebody has tampered; the rest is still worth showing
			detail, _ = json.Marshal(map[string]string{"unreadable": l.Detail})
		}
		return Line{l.Seq, time.UnixMicro(l.At).UTC(), lineActor{l.Actor, l.ActorName, l.Token}, l.Verb, l.Object, l.ObjectID, detail, l.Hash != "", l.Hash}
	})
}

func (a *API) recordStatus(ctx context.Context, _ *struct{}) (*server.Body[Status], error) {
	s, err := a.Archive.Status(ctx)
	if err != nil {
		return nil, err
	}
	shown := Status{Entries: s.Entries, Sealed: s.Sealed, VerifiedAt: server.When(s.Verified), Key: a.Archive.PublicKey()}
	if c := s.Checkpoint; c != nil {
		shown.Checkpoint = &checkpoint{c.Seq, c.Entries, c.At, c.Root, c.Note}
	}
	if !s.Verified.IsZero() {
		shown.OK = &s.OK
	}
	return out(shown, nil)
}

func (a *API) verifyRecord(ctx context.Context, _ *struct{}) (*server.Body[Verified], error) {
	v, err := a.Archive.Verify(ctx)
	return out(Verified{v.OK, v.Entries, v.Checkpoints, v.Unsealed, v.Seq, v.Problem}, err)
}
