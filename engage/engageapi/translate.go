package engageapi

import (
	"context"
	"net/http"
	"time"

	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/engage/translate"
	"github.com/parley-crm/parley/kit/secret"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

type translateAPI struct {
	translator *translate.Translator
	desk       *engage.Desk
}

// RegisterTranslate adds the operations that put words into another language.
func RegisterTranslate(s *server.Server, translator *translate.Translator, desk *engage.Desk) {
	a := &translateAPI{translator, desk}
	op := func(id, method, path string, p social.Permission, summary string) server.Op {
		return server.Op{ID: id, Method: method, Path: path, Tag: "Engage", Permission: p, Summary: summary}
	}
	server.Register(s, op("get-translator", http.MethodGet, "/api/translator", social.InboxRead, "Whether a machine translates."), a.may)
	server.Register(s, op("translate-message", http.MethodPost, "/api/messages/{id}/translation", social.InboxRead, "What was said, in another language, by machine. It is asked once and kept while the words stand."), a.message)
	server.Register(s, op("translate-words", http.MethodPost, "/api/conversations/{id}/translate", social.InboxReply, "What one has written and not sent, in another language, by machine. Nothing is kept or sent."), a.words)
	server.Register(s, op("get-translator-settings", http.MethodGet, "/api/translator/settings", social.SystemRead, "Which machine translates, without its key."), a.settings)
	server.Register(s, op("set-translator", http.MethodPut, "/api/translator/settings", social.SystemWrite, "Connect a translation service, use the language model, or switch it off."), a.set)
	server.Register(s, op("try-translator", http.MethodPost, "/api/translator/try", social.SystemWrite, "Have one sentence translated, to see whether the machine is there."), a.try)
}

// MayTranslate says whether a machine translates.
type MayTranslate struct {
	On bool `json:"on"`
}

func (a *translateAPI) may(ctx context.Context, _ *struct{}) (*server.Body[MayTranslate], error) {
	on, err := a.translator.On(ctx)
	return &server.Body[MayTranslate]{Body: MayTranslate{on}}, err
}

// Translated is words in another language, by machine.
type Translated struct {
	Message  social.MessageID `json:"message,omitempty" doc:"Of what was said, the message."`
	To       string           `json:"to"`
	From     string           `json:"from" doc:"Empty where nobody knows."`
	Text     string           `json:"text" doc:"Plain text."`
	Provider string           `json:"provider" doc:"The host of the service, or the model."`
	At       time.Time        `json:"at"`
}

func translated(t translate.Translation, err error) (*server.Body[Translated], error) {
	if err != nil {
		return nil, err
	}
	return &server.Body[Translated]{Body: Translated(t)}, nil
}

func (a *translateAPI) message(ctx context.Context, in *struct {
	MessagePath
	Body struct {
		To string `json:"to" minLength:"2" maxLength:"35" doc:"A language's code, such as en."`
	}
}) (*server.Body[Translated], error) {
	return translated(a.translator.Message(ctx, in.ID, in.Body.To))
}

func (a *translateAPI) words(ctx context.Context, in *struct {
	ConversationPath
	Body struct {
		Text string `json:"text" minLength:"1" maxLength:"8000"`
		To   string `json:"to" minLength:"2" maxLength:"35" doc:"A language's code, such as es."`
	}
}) (*server.Body[Translated], error) {
	if _, err := a.desk.Conversation(ctx, in.ID); err != nil {
		return nil, err
	}
	return translated(a.translator.Words(ctx, in.ID, in.Body.Text, in.Body.To))
}

// TranslatorSettings say which machine translates.
type TranslatorSettings struct {
	Kind    translate.Kind `json:"kind" enum:"off,libre,model"`
	Address string         `json:"address"`
	HasKey  bool           `json:"has_key"`
}

func settingsOf(s translate.Settings) TranslatorSettings {
	if s.Kind == "" {
		s.Kind = translate.Off
	}
	return TranslatorSettings{s.Kind, s.Address, s.Key != ""}
}

func (a *translateAPI) settings(ctx context.Context, _ *struct{}) (*server.Body[TranslatorSettings], error) {
	s, err := a.translator.Store.Translator(ctx)
	return &server.Body[TranslatorSettings]{Body: settingsOf(s)}, err
}

func (a *translateAPI) set(ctx context.Context, in *struct {
	Body struct {
		Kind    translate.Kind `json:"kind" enum:"off,libre,model" doc:"libre is a service of LibreTranslate's shape; model is the language model that may draft, with its settings."`
		Address string         `json:"address,omitempty" maxLength:"300" doc:"Of libre, such as https://translate.example.com; over the internet https only. One of your own is reached where --allow names its host."`
		Key     string         `json:"key,omitempty" maxLength:"2000" doc:"Kept sealed, and never given out again. Left out, the one that is kept stays, while the address does."`
	}
}) (*server.Body[TranslatorSettings], error) {
	s, err := a.translator.Set(ctx, translate.Settings{Kind: in.Body.Kind, Address: in.Body.Address}, secret.String(in.Body.Key))
	return &server.Body[TranslatorSettings]{Body: settingsOf(s)}, err
}

func (a *translateAPI) try(ctx context.Context, _ *struct{}) (*server.Body[Translated], error) {
	return translated(a.translator.Try(ctx))
}
