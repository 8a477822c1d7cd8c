package engageapi

import (
	"context"
	"net/http"

	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/engage/know"
	"github.com/parley-crm/parley/kit/secret"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

type draftsAPI struct {
	*suggestAPI
	drafter *know.Drafter
	front   interface {
		BrandName(ctx context.Context) string
	}
}

// DraftsAround answers what drafting does not know itself.
type DraftsAround interface {
	KnowAround
	BrandName(ctx context.Context) string
}

// RegisterDrafts adds the operations on drafts by a language model.
func RegisterDrafts(s *server.Server, lib *know.Library, drafter *know.Drafter, desk *engage.Desk, around DraftsAround) {
	a := &draftsAPI{&suggestAPI{&knowAPI{lib, around}, desk, s}, drafter, around}
	op := func(id, method, path string, p social.Permission, summary string) server.Op {
		return server.Op{ID: id, Method: method, Path: path, Tag: "Engage", Permission: p, Summary: summary}
	}
	server.Register(s, op("get-drafter", http.MethodGet, "/api/know/drafter", social.KnowRead, "Whether a language model may draft replies."), a.may)
	server.Register(s, op("draft-reply", http.MethodPost, "/api/conversations/{id}/model-draft", social.InboxReply, "Let the language model draft a reply out of the conversation and what is suggested. Nothing is sent."), a.draft)
	server.Register(s, op("get-provider", http.MethodGet, "/api/know/provider", social.SystemRead, "The language model that may draft, without its key."), a.provider)
	server.Register(s, op("set-provider", http.MethodPut, "/api/know/provider", social.SystemWrite, "Connect a language model of OpenAI's shape, or switch it off."), a.setProvider)
	server.Register(s, op("try-provider", http.MethodPost, "/api/know/provider/try", social.SystemWrite, "Ask the language model for a word, to see whether it is there."), a.try)
}

// MayDraft says whether a model may draft.
type MayDraft struct {
	On bool `json:"on"`
}

func (a *draftsAPI) may(ctx context.Context, _ *struct{}) (*server.Body[MayDraft], error) {
	on, err := a.drafter.MayDraft(ctx)
	return &server.Body[MayDraft]{Body: MayDraft{on}}, err
}

// ModelDraft is a draft by a language model, for a person to check.
type ModelDraft struct {
	Text    string       `json:"text" doc:"Plain text."`
	Model   string       `json:"model"`
	Removed int          `json:"removed" doc:"Links that no source names; they were taken out."`
	Sources []Suggestion `json:"sources" doc:"What the model was given to work with."`
}

func (a *draftsAPI) draft(ctx context.Context, in *struct {
	ConversationPath
	Body struct {
		Visibility social.Visibility `json:"visibility,omitempty" enum:"public,direct,internal" doc:"Where it is going to stand."`
	}
}) (*server.Body[ModelDraft], error) {
	if on, err := a.drafter.MayDraft(ctx); err != nil || !on {
		if err == nil {
			err = social.Errorf(social.NotFound, "No language model is connected.")
		}
		return nil, err
	}
	row, err := a.desk.Conversation(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	known, err := a.reach(ctx, social.KnowRead)
	if err != nil {
		return nil, err
	}
	q, messages, err := a.question(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if len(q.Said) == 0 {
		return nil, social.Errorf(social.Invalid, "They have said nothing that could be answered.")
	}
	found, err := a.lib.Suggest(known, q, suggestedMost)
	if err != nil {
		return nil, err
	}
	g := know.Given{Brand: a.front.BrandName(ctx), Lang: row.Lang, Sources: found}
	for i := len(messages) - 1; i >= 0; i-- {
		m := messages[i]
		if m.DeletedAt.IsZero() && (m.Kind == engage.FromThem || m.Kind == engage.FromUs) { // notes stay inside
			g.Said = append(g.Said, know.Line{Ours: m.Kind == engage.FromUs, Text: m.Text})
		}
	}
	if in.Body.Visibility == social.Public || in.Body.Visibility == social.Direct {
		if room, err := a.desk.Fit(ctx, row.Channel, in.Body.Visibility, ""); err == nil && room.Max > 0 && room.Max < 5000 {
			g.Most = room.Max
		}
	}
	out, err := a.drafter.Draft(ctx, g, in.ID)
	if err != nil {
		return nil, err
	}
	sources, err := a.suggested(ctx, found)
	return &server.Body[ModelDraft]{Body: ModelDraft{out.Text, out.Model, out.Cut, sources}}, err
}

// ModelProvider is the language model that may draft.
type ModelProvider struct {
	On      bool   `json:"on"`
	Address string `json:"address"`
	Model   string `json:"model"`
	HasKey  bool   `json:"has_key"`
}

func providerOf(p know.Provider) ModelProvider {
	return ModelProvider{p.On, p.Address, p.Model, p.Key != ""}
}

func (a *draftsAPI) provider(ctx context.Context, _ *struct{}) (*server.Body[ModelProvider], error) {
	p, err := a.drafter.Store.Provider(ctx)
	return &server.Body[ModelProvider]{Body: providerOf(p)}, err
}

func (a *draftsAPI) setProvider(ctx context.Context, in *struct {
	Body struct {
		On      bool   `json:"on"`
		Address string `json:"address,omitempty" maxLength:"300" doc:"Such as https://api.example.com/v1; over the internet https only. A model of your own is reached where --allow names its host."`
		Model   string `json:"model,omitempty" maxLength:"200"`
		Key     string `json:"key,omitempty" maxLength:"2000" doc:"Kept sealed, and never given out again. Left out, the one that is kept stays, while the address does."`
	}
}) (*server.Body[ModelProvider], error) {
	p, err := a.drafter.SetProvider(ctx, know.Provider{On: in.Body.On, Address: in.Body.Address, Model: in.Body.Model}, secret.String(in.Body.Key))
	return &server.Body[ModelProvider]{Body: providerOf(p)}, err
}

// ModelWord is what a language model said.
type ModelWord struct {
	Text string `json:"text"`
}

func (a *draftsAPI) try(ctx context.Context, _ *struct{}) (*server.Body[ModelWord], error) {
	out, err := a.drafter.Try(ctx)
	return &server.Body[ModelWord]{Body: ModelWord{out.Text}}, err
}
