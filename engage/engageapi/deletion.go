package engageapi

import (
	"context"
	"net/http"
	"time"

	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/engage/deletion"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

type deletionAPI struct{ office *deletion.Office }

// RegisterDeletions adds what lets conversations go.
func RegisterDeletions(s *server.Server, office *deletion.Office) {
	a := &deletionAPI{office}
	op := func(id, path, summary string) server.Op {
		return server.Op{ID: id, Method: http.MethodPost, Path: path, Tag: "Engage", Permission: social.PrivacyWrite, Summary: summary, Status: http.StatusOK}
	}
	server.Register(s, op("delete-conversations", "/api/conversations/deletions", "Delete up to five hundred conversations: in five minutes, unless it is taken back. That somebody wrote, when and how often stays."), a.ask)
	server.Register(s, op("preview-deletions", "/api/conversations/deletions/preview", "What deleting conversations would come to: which would go, which stay and why."), a.preview)
	server.Register(s, op("undo-deletions", "/api/conversations/deletions/undo", "Take the deletion of conversations back while they wait for it."), a.undo)
}

type deletionInput struct {
	Body struct {
		IDs []social.ConversationID `json:"ids" minItems:"1" maxItems:"500"`
	}
}

// Deletions say what became of the wish to delete conversations.
type Deletions struct {
	Going []social.ConversationID `json:"going" doc:"These go; of an undo: these stay after all."`
	Due   *time.Time              `json:"due_at,omitempty" doc:"When they go. Nothing is gone before."`
	Stay  []Refused               `json:"stay" doc:"With these it was not done, and why: a legal hold, an answer under way."`
}

func deletions(o deletion.Outcome, err error) (*server.Body[Deletions], error) {
	return &server.Body[Deletions]{Body: Deletions{Going: o.Going, Due: server.When(o.Due), Stay: collect(o.Stay, func(r engage.Refusal) Refused { return Refused{r.Conversation, r.Why} })}}, err
}

func (a *deletionAPI) ask(ctx context.Context, in *deletionInput) (*server.Body[Deletions], error) {
	return deletions(a.office.Ask(ctx, in.Body.IDs, false))
}

func (a *deletionAPI) preview(ctx context.Context, in *deletionInput) (*server.Body[Deletions], error) {
	return deletions(a.office.Ask(ctx, in.Body.IDs, true))
}

func (a *deletionAPI) undo(ctx context.Context, in *deletionInput) (*server.Body[Deletions], error) {
	return deletions(a.office.Undo(ctx, in.Body.IDs))
}
