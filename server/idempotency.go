package server

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
)

const (
	idempotencyHeader = "Idempotency-Key"
	idempotencyLife   = 24 * time.Hour
	idempotencyWork   = 2 * time.Minute // longer than any request lasts
)

// once makes an operation be done once per key of the actor. The key is
// claimed before anything is done; success is kept, sealed, and given again;
// after a refusal, which changed nothing, the key is free for another try. A
// claim whose process died stays: nobody can tell how far it came, so the
// same key never does it a second time.
func (s *Server) once(op Op) func(huma.Context, func(huma.Context)) {
	return func(c huma.Context, next func(huma.Context)) {
		key := c.Header(idempotencyHeader)
		if key == "" {
			next(c)
			return
		}
		if !isText(key) {
			write(c, ProblemOf(&social.Error{Kind: social.Invalid, Field: "header." + idempotencyHeader, Text: "The Idempotency-Key is no text."}))
			return
		}
		if len(key) > 200 {
			write(c, ProblemOf(&social.Error{Kind: social.Invalid, Field: "header." + idempotencyHeader, Text: "The Idempotency-Key is too long; 200 characters fit."}))
			return
		}
		r, w := humago.Unwrap(c)
		body, err := io.ReadAll(io.LimitReader(r.Body, op.MaxBody+1))
		if err != nil {
			write(c, ProblemOf(social.Because(social.Invalid, err, "The request broke off.")))
			return
		}
		r = r.WithContext(c.Context())
		r.Body = io.NopCloser(bytes.NewReader(body))
		actor, _ := social.ActorOf(c.Context())
		claim := claim{s: s, actor: claimant(actor), key: key, request: fingerprint(r, body)}
		kept, err := claim.take(c.Context())
		if err != nil {
			write(c, ProblemOf(s.problem(c.Context(), err)))
			return
		}
		if kept != nil {
			kept.give(c)
			return
		}
		rec := &recorder{ResponseWriter: w}
		defer claim.settle(context.WithoutCancel(c.Context()), rec)
		next(humago.NewContext(c.Operation(), r, rec))
	}
}

func claimant(a social.Actor) string {
	if a.Token != "" {
		return "token " + a.Token
	}
	return "member " + string(a.Member)
}

func fingerprint(r *http.Request, body []byte) string {
	h := sha256.New()
	_, _ = io.WriteString(h, r.Method+"\x1f"+r.URL.Path+"\x1f"+r.URL.RawQuery+"\x1f")
	_, _ = h.Write(body)
	return hex.EncodeToString(h.Sum(nil))
}

// claim is one key of one actor.
type claim struct {
	s                   *Server
	actor, key, request string
}

type keptRow struct {
	Request string `bun:"request"`
	State   string `bun:"state"`
	Status  int    `bun:"status"`
	Type    string `bun:"type"`
	Answer  string `bun:"answer"`
	At      int64  `bun:"at"`
}

// answer is an answer that was given before.
type answer struct {
	status int
	kind   string
	body   []byte
}

// take claims the key. It returns the answer that was kept under it, or nil
// when the key is now ours.
func (c claim) take(ctx context.Context) (*answer, error) {
	db, now := c.s.DB, c.s.Clock.Now()
	var row keptRow
	mine := false
	err := db.InTx(ctx, func(ctx context.Context) error {
		_, err := db.IDB(ctx).NewRaw("DELETE FROM idempotency WHERE at < ?", store.At(now.Add(-idempotencyLife))).Exec(ctx)
		if err != nil {
			return err
		}
		result, err := db.IDB(ctx).NewRaw("INSERT INTO idempotency (actor, key, request, state, at) VALUES (?, ?, ?, 'working', ?) ON CONFLICT DO NOTHING",
			c.actor, c.key, c.request, store.At(now)).Exec(ctx)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 1 {
			mine = n == 1
			return err
		}
		return db.IDB(ctx).NewRaw("SELECT request, state, status, type, answer, at FROM idempotency WHERE actor = ? AND key = ?", c.actor, c.key).Scan(ctx, &row)
	})
	switch {
	case err != nil || mine:
		return nil, err
	case row.Request != c.request:
		return nil, social.Errorf(social.Conflict, "This Idempotency-Key was used for another request. Use a new key.")
	case row.State == "working" && now.Sub(store.Time(row.At)) < idempotencyWork:
		return nil, social.Errorf(social.Conflict, "The first request with this Idempotency-Key is still being worked on.")
	case row.State == "working":
		return nil, social.Errorf(social.Conflict, "The first request with this Idempotency-Key was cut short, and it is not known how far it came. Look whether it was done; then use a new key.")
	}
	body, err := c.s.Box.Unseal(c.place(), row.Answer)
	if err != nil {
		return nil, social.Because(social.Conflict, err, "This was done already; its answer can't be given again.")
	}
	return &answer{status: row.Status, kind: row.Type, body: body}, nil
}

func (c claim) place() string { return "idempotency/" + c.actor + "/" + c.key }

// settle keeps a success and frees the key otherwise.
func (c claim) settle(ctx context.Context, rec *recorder) {
	db := c.s.DB
	err := db.InTx(ctx, func(ctx context.Context) error {
		if rec.status < 200 || rec.status > 299 {
			_, err := db.IDB(ctx).NewRaw("DELETE FROM idempotency WHERE actor = ? AND key = ? AND state = 'working'", c.actor, c.key).Exec(ctx)
			return err
		}
		_, err := db.IDB(ctx).NewRaw("UPDATE idempotency SET state = 'done', status = ?, type = ?, answer = ? WHERE actor = ? AND key = ?",
			rec.status, rec.Header().Get("Content-Type"), c.s.Box.Seal(c.place(), rec.body.Bytes()), c.actor, c.key).Exec(ctx)
		return err
	})
	if err != nil {
		c.s.Log.Error("an answer could not be kept for its Idempotency-Key", "error", err)
	}
}

func (a *answer) give(c huma.Context) {
	if a.kind != "" {
		c.SetHeader("Content-Type", a.kind)
	}
	c.SetHeader("Idempotency-Replayed", "true")
	c.SetStatus(a.status)
	if len(a.body) > 0 {
		_, _ = c.BodyWriter().Write(a.body)
	}
}

// recorder writes an answer and keeps a copy.
type recorder struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

func (r *recorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(p []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	r.body.Write(p)
	return r.ResponseWriter.Write(p)
}

// Unwrap lets http.ResponseController reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
