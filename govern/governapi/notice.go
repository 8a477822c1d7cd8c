package governapi

import (
	"context"
	"net/http"
	"time"

	"github.com/parley-crm/parley/govern"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

// Notice is something that one was told.
type Notice struct {
	ID   social.NoticeID   `json:"id"`
	Kind string            `json:"kind" doc:"mention, assigned, offer, due, approval, alert …"`
	Text string            `json:"text"`
	Link string            `json:"link" doc:"Where in the app it leads."`
	By   *social.MemberRef `json:"by,omitempty" doc:"Who caused it; left out: Parley."`
	At   time.Time         `json:"at"`
	Read *time.Time        `json:"read,omitempty"`
}

// Unread says how many notices one has not seen.
type Unread struct {
	Unread int `json:"unread" doc:"At most 100."`
}

func (a *API) notices() {
	server.Register(a.s, get("list-notices", "/api/notices", social.SignedIn, "What one was told, newest first; kept for 90 days"), a.listNotices)
	server.Register(a.s, get("count-notices", "/api/notices/unread", social.SignedIn, "How many notices one has not seen"), a.countNotices)
	op := post("read-notices", "/api/notices/read", social.SignedIn, "Mark notices as seen, all when none are named")
	op.Status = http.StatusNoContent
	server.Register(a.s, op, a.readNotices)
}

type noticesInput struct {
	server.Paging
	Unread bool `query:"unread" doc:"Only those not seen yet."`
}

func (a *API) listNotices(ctx context.Context, in *noticesInput) (*server.Body[server.Page[Notice]], error) {
	rows, next, err := a.Office.MyNotices(ctx, in.Unread, in.Cursor, in.Limit)
	return list(rows, next, err, notice)
}

func notice(n govern.Notice) Notice {
	out := Notice{ID: n.ID, Kind: n.Kind, Text: n.Text, Link: n.Link, At: n.At}
	if n.By.ID != "" {
		out.By = &n.By
	}
	if !n.Read.IsZero() {
		out.Read = &n.Read
	}
	return out
}

func (a *API) countNotices(ctx context.Context, _ *struct{}) (*server.Body[Unread], error) {
	n, err := a.Office.MyUnread(ctx)
	return out(Unread{n}, err)
}

type readNoticesInput struct {
	Body struct {
		IDs []social.NoticeID `json:"ids,omitempty" maxItems:"100" doc:"Left out: all."`
	}
}

func (a *API) readNotices(ctx context.Context, in *readNoticesInput) (*struct{}, error) {
	return nil, a.Office.SeeNotices(ctx, in.Body.IDs)
}
