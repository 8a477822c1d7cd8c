package hive

import (
	"context"
	"strings"

	"github.com/parley-crm/parley/social"
)

// meets says whether a colleague is one that is searched for, by name or by
// what they know.
func meets(name, search string, m *Member) bool {
	search = strings.ToLower(strings.TrimSpace(search))
	if search == "" || strings.Contains(strings.ToLower(name), search) {
		return true
	}
	if m == nil {
		return false
	}
	for _, e := range m.Expertise {
		if strings.Contains(strings.ToLower(e), search) {
			return true
		}
	}
	return false
}

// Card is a question as one member sees it.
type Card struct {
	Question
	Offer *Offer            // to this member
	With  []social.MemberID // who was asked too, and who has it
}

// withMost is how many others a card names.
const withMost = 12

// Cards reads a page of questions as the actor sees them.
func (h *Hive) Cards(ctx context.Context, ask Ask) ([]Card, string, error) {
	a, err := member(ctx)
	if err != nil {
		return nil, "", err
	}
	ask.Member = a.Member
	qs, next, err := h.Store.List(ctx, ask)
	if err != nil {
		return nil, "", err
	}
	cards, err := h.dress(ctx, qs, a.Member)
	return cards, next, err
}

// Card reads one question as the actor sees it.
func (h *Hive) Card(ctx context.Context, id social.ConversationID) (Card, error) {
	a, err := member(ctx)
	if err != nil {
		return Card{}, err
	}
	q, err := h.Store.Question(ctx, id)
	if err != nil {
		return Card{}, err
	}
	cards, err := h.dress(ctx, []Question{q}, a.Member)
	if err != nil {
		return Card{}, err
	}
	others, err := h.Store.OffersOf(ctx, id)
	if err != nil {
		return Card{}, err
	}
	for _, o := range others {
		if o.Member != a.Member && (o.State == Waiting || o.State == Taken) && len(cards[0].With) < withMost {
			cards[0].With = append(cards[0].With, o.Member)
		}
	}
	return cards[0], nil
}

func (h *Hive) dress(ctx context.Context, qs []Question, m social.MemberID) ([]Card, error) {
	ids := make([]social.ConversationID, len(qs))
	for i, q := range qs {
		ids[i] = q.Conversation
	}
	mine, err := h.Store.OffersOn(ctx, ids, m)
	if err != nil {
		return nil, err
	}
	out := make([]Card, len(qs))
	for i, q := range qs {
		out[i].Question = q
		if o, ok := mine[q.Conversation]; ok {
			out[i].Offer = &o
		}
	}
	return out, nil
}

// Trace is why a question went where it went.
type Trace struct {
	Question
	Offers []Offer // those that were passed are like those that were not taken
	Passed int
}

// Trace reads whom the hive asked and why. Who passed a question on is nobody's
// to know; only how many did.
func (h *Hive) Trace(ctx context.Context, id social.ConversationID) (Trace, error) {
	q, err := h.Store.Question(ctx, id)
	if err != nil {
		return Trace{}, err
	}
	out := Trace{Question: q}
	if out.Offers, err = h.Store.OffersOf(ctx, id); err != nil {
		return Trace{}, err
	}
	for i, o := range out.Offers {
		if o.State == Passed {
			out.Passed++
			out.Offers[i].State = Waiting
			if !q.State.Open() {
				out.Offers[i].State = Over
			} else if q.State == Claimed {
				out.Offers[i].State = Lost
			}
		}
		out.Offers[i].Because = ""
		out.Offers[i].ChangedAt = o.At
	}
	return out, nil
}
