package listenapi

import (
	"context"
	"net/http"

	"github.com/parley-crm/parley/listen/letter"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

// RegisterLetters adds the operations on mails of alerts.
func RegisterLetters(s *server.Server, box *letter.Box) {
	a := letterAPI{box}
	const path, tag = "/api/alerts/letters", "Alerts"
	server.Register(s, server.Op{ID: "get-alert-letters", Method: http.MethodGet, Path: path, Tag: tag, Permission: social.ListenRead,
		Summary: "Whether you get alerts by mail, where, and through which mailbox."}, a.get)
	server.Register(s, server.Op{ID: "set-alert-letters", Method: http.MethodPut, Path: path, Tag: tag, Permission: social.ListenRead,
		Summary: "Get alerts by mail, or no longer: at most one mail for an alert, those that come close together in one."}, a.set)
}

type letterAPI struct{ box *letter.Box }

// AlertLetters says how a member gets alerts by mail.
type AlertLetters struct {
	On       bool   `json:"on"`
	Email    string `json:"email" doc:"Where mails go: the address by which you sign in."`
	Possible bool   `json:"possible" doc:"A mailbox is connected through which mail can be sent."`
	Through  string `json:"through,omitempty" doc:"The channel that sends."`
}

func (a letterAPI) get(ctx context.Context, _ *struct{}) (*server.Body[AlertLetters], error) {
	on, to, err := a.box.Mine(ctx)
	if err != nil {
		return nil, err
	}
	through, ok := a.box.Post.Through(ctx)
	return &server.Body[AlertLetters]{Body: AlertLetters{On: on, Email: to.Email, Possible: ok, Through: through}}, nil
}

func (a letterAPI) set(ctx context.Context, in *struct {
	Body struct {
		On bool `json:"on"`
	}
}) (*server.Body[AlertLetters], error) {
	if err := a.box.Want(ctx, in.Body.On); err != nil {
		return nil, err
	}
	return a.get(ctx, nil)
}
