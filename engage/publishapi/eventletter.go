package publishapi

import (
	"context"
	"time"

	"github.com/parley-crm/parley/engage/publish"
	"github.com/parley-crm/parley/server"
)

// GuestLetter is what a guest was told by mail, or is to be.
type GuestLetter struct {
	Kind  publish.LetterKind  `json:"kind" enum:"confirm,place,moved,off,on,reminder"`
	State publish.LetterState `json:"state" enum:"waiting,sending,sent,unknown,failed,unwanted,over"`
	At    time.Time           `json:"at"`
	Note  string              `json:"note,omitempty" doc:"Why it did not go."`
}

// told is guests with what they were told.
func (a *eventAPI) told(ctx context.Context, gs ...publish.Guest) ([]Guest, error) {
	ids := make([]publish.GuestID, len(gs))
	for i, g := range gs {
		ids[i] = g.ID
	}
	all, err := a.press.Store.LettersOf(ctx, ids)
	out := make([]Guest, len(gs))
	for i, g := range gs {
		out[i] = guestOf(g)
		for _, l := range all[g.ID] {
			out[i].Told = append(out[i].Told, GuestLetter{Kind: l.Kind, State: l.State, At: l.At, Note: l.Note})
		}
	}
	return out, err
}

// EventLetters is what guests of an event are told.
type EventLetters struct {
	Through string        `json:"through,omitempty" doc:"The mailbox from which they come; none where guests are not written to."`
	Why     string        `json:"why,omitempty" doc:"Why guests are not written to."`
	Letters []EventLetter `json:"letters"`
}

// EventLetter is one of them.
type EventLetter struct {
	Kind  publish.LetterKind `json:"kind" enum:"confirm,place,moved,off,on,reminder"`
	Title string             `json:"title"`
	Text  string             `json:"text"`
}

func (a *eventAPI) letters(ctx context.Context, in *EventPath) (*server.Body[EventLetters], error) {
	e, all, err := a.press.Samples(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	out := EventLetters{Letters: make([]EventLetter, len(all))}
	box, ok := a.press.Writes(ctx, e)
	switch {
	case ok:
		out.Through = box.Name
	case a.press.Base == "":
		out.Why = "Parley has no public address (--url), so a link in a mail would lead nowhere."
	default:
		out.Why = "No mailbox is connected for this programme, or the one that is has a problem. An administrator connects one under Settings, Channels."
	}
	for i, t := range all {
		out.Letters[i] = EventLetter{Kind: t.Kind, Title: t.Title, Text: t.Text}
	}
	return &server.Body[EventLetters]{Body: out}, nil
}
