package engageapi

import (
	"context"
	"net/http"

	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

func (a *api) previews(s *server.Server) {
	server.Register(s, server.Op{ID: "preview-reply", Method: http.MethodPost, Path: "/api/conversations/{id}/preview", Tag: "Engage", Permission: social.InboxRead,
		Summary: "How an answer would stand on its network, and in which parts where it is too long. Nothing is sent or kept."}, a.shown)
}

type shownInput struct {
	ConversationPath
	Body struct {
		Text       string                `json:"text" maxLength:"100000"`
		Visibility social.Visibility     `json:"visibility,omitempty" enum:"public,direct" doc:"That of the conversation if left out."`
		Via        social.ConversationID `json:"via,omitempty" doc:"In which of the conversations that were merged to answer."`
	}
}

// ShownPart is how one message would stand on its network.
type ShownPart struct {
	Before string `json:"before,omitempty" doc:"What is put in front of the words."`
	Text   string `json:"text"`
	Pieces int    `json:"pieces,omitempty" doc:"In how many pieces the network carries it: the segments of an SMS."`
	Per    int    `json:"per,omitempty" doc:"How much each of several pieces holds."`
	Wide   string `json:"wide,omitempty" doc:"The sign for which pieces hold less."`
}

// PreviewShape is how an answer would go out.
type PreviewShape struct {
	Room  engage.Room `json:"room"`
	Title string      `json:"title,omitempty" doc:"Of a mail."`
	Link  int         `json:"link,omitempty" doc:"As how much each link counts; left out: as long as it is."`
	Onto  bool        `json:"onto,omitempty" doc:"Each part answers the one before it."`
	Parts []ShownPart `json:"parts" doc:"One; several where it is too long and may be sent as parts."`
}

func (a *api) shown(ctx context.Context, in *shownInput) (*server.Body[PreviewShape], error) {
	p, err := a.desk.Preview(ctx, in.ID, engage.Words{Text: in.Body.Text, Visibility: in.Body.Visibility, Via: in.Body.Via})
	if err != nil {
		return nil, err
	}
	out := PreviewShape{Room: p.Room, Title: p.Title, Onto: p.Onto, Parts: []ShownPart{}}
	for _, s := range p.Parts {
		out.Link = s.Link
		out.Parts = append(out.Parts, ShownPart{Before: s.Text[:s.Before], Text: s.Text[s.Before:], Pieces: s.Pieces, Per: s.Per, Wide: s.Wide})
	}
	return &server.Body[PreviewShape]{Body: out}, nil
}
