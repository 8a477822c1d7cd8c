// Package evolveapi serves numbers, links and outcomes over HTTP, the home
// page's figures among them, and leads visitors of short links on.
package evolveapi

import (
	"context"
	"net/http"
	"time"

	"github.com/parley-crm/parley/evolve"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

// Around answers what the evolve room itself does not know.
type Around interface {
	evolve.Listening
	Channels(ctx context.Context, ids []social.ChannelID) (map[social.ChannelID]social.ChannelRef, error)
	Members(ctx context.Context, ids []social.MemberID) (map[social.MemberID]social.MemberRef, error)
	// Names gives subject and author of conversations in scope.
	Names(ctx context.Context, ids []social.ConversationID) (map[social.ConversationID]Name, error)
	// Waiting lists the conversations that wait longest for us.
	Waiting(ctx context.Context, limit int) ([]Waiting, error)
	// Ailing lists the channels that need somebody, of those that the actor may see.
	Ailing(ctx context.Context) ([]Ailing, error)
	// Busiest lists the monitors that matched most since a time.
	Busiest(ctx context.Context, since time.Time, limit int) ([]Busy, error)
	// ReadDelay is the median from arrival to score of what was heard last.
	ReadDelay(ctx context.Context) (seconds float64, ok bool, err error)
	Governing(ctx context.Context) (Governing, error)
	Changes(ctx context.Context, limit int) ([]Change, error)
}

// Name is what a conversation is called.
type Name struct {
	Subject string `json:"subject"`
	Author  string `json:"author"`
}

type api struct {
	ledger *evolve.Ledger
	around Around
}

// Register adds the room's operations and the door for short links.
func Register(s *server.Server, ledger *evolve.Ledger, around Around) {
	a := &api{ledger, around}
	server.Register(s, server.Op{ID: "get-home", Method: http.MethodGet, Path: "/api/home", Tag: "Evolve", Permission: social.SignedIn,
		Summary: "Today: once round the loop, and who waits for us."}, a.home)
	server.Register(s, server.Op{ID: "get-kpis", Method: http.MethodGet, Path: "/api/kpis", Tag: "Evolve", Permission: social.EvolveRead,
		Summary: "The numbers we keep, over a period and the one before."}, a.kpis)
	server.Register(s, server.Op{ID: "list-links", Method: http.MethodGet, Path: "/api/links", Tag: "Evolve", Permission: social.EvolveRead,
		Summary: "Tracked links, newest first."}, a.links)
	server.Register(s, server.Op{ID: "create-link", Method: http.MethodPost, Path: "/api/links", Tag: "Evolve", Permission: social.InboxWork, Status: http.StatusCreated,
		Summary: "Make a tracked short link."}, a.createLink)
	server.Register(s, server.Op{ID: "list-conversions", Method: http.MethodGet, Path: "/api/conversions", Tag: "Evolve", Permission: social.EvolveRead,
		Summary: "Outcomes that were reported, newest first."}, a.conversions)
	server.Register(s, server.Op{ID: "report-conversion", Method: http.MethodPost, Path: "/api/conversions", Tag: "Evolve", Permission: social.OutcomeWrite, Status: http.StatusCreated,
		Summary: "Report an outcome and credit the conversation that led to it. The same external_id twice is one outcome."}, a.convert)
	s.Mux.HandleFunc("GET /l/{code}", a.follow)
}

// follow leads a visitor of a short link on. It needs no permission: whoever
// has the link may follow it.
func (a *api) follow(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer-when-downgrade")
	target, err := a.ledger.Follow(r.Context(), evolve.Visit{Code: r.PathValue("code"), Agent: r.UserAgent(), Referrer: r.Referer(),
		Prefetch: r.Method == http.MethodHead || r.Header.Get("Sec-Purpose") != "" || r.Header.Get("Purpose") == "prefetch"})
	if err != nil {
		p := server.ProblemOf(err)
		http.Error(w, p.Detail, p.Status)
		return
	}
	http.Redirect(w, r, target, http.StatusFound)
}

// Money is an amount.
type Money struct {
	Value    float64 `json:"value" doc:"In whole units, such as 12.50."`
	Currency string  `json:"currency" doc:"ISO 4217."`
}

func moneyOf(m evolve.Money) Money { return Money{float64(m.Minor) / 100, m.Currency} }

func moneyList(ms []evolve.Money) []Money {
	out := make([]Money, len(ms))
	for i, m := range ms {
		out[i] = moneyOf(m)
	}
	return out
}

// Link is a tracked link.
type Link struct {
	ID           social.LinkID         `json:"id"`
	Code         string                `json:"code"`
	URL          string                `json:"url" doc:"The short address to give away."`
	Target       string                `json:"target"`
	Campaign     string                `json:"campaign,omitempty"`
	Conversation social.ConversationID `json:"conversation,omitempty"`
	Clicks       int                   `json:"clicks"`
	Conversions  int                   `json:"conversions"`
	Value        []Money               `json:"value" doc:"One entry a currency."`
	By           *social.MemberRef     `json:"by,omitempty"`
	CreatedAt    time.Time             `json:"created_at"`
}

func (a *api) linkRows(ctx context.Context, links []evolve.Link) ([]Link, error) {
	var members []social.MemberID
	for _, l := range links {
		members = append(members, l.By)
	}
	names, err := a.around.Members(ctx, members)
	if err != nil {
		return nil, err
	}
	out := make([]Link, len(links))
	for i, l := range links {
		out[i] = Link{ID: l.ID, Code: l.Code, URL: a.ledger.URL(l), Target: l.Target, Campaign: l.Campaign, Conversation: l.Conversation,
			Clicks: l.Clicks, Conversions: l.Conversions, Value: moneyList(l.Value), CreatedAt: l.CreatedAt}
		if by, ok := names[l.By]; ok {
			out[i].By = &by
		}
	}
	return out, nil
}

func (a *api) links(ctx context.Context, in *server.Paging) (*server.Body[server.Page[Link]], error) {
	links, next, err := a.ledger.Store.Links(ctx, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	rows, err := a.linkRows(ctx, links)
	if err != nil {
		return nil, err
	}
	return &server.Body[server.Page[Link]]{Body: server.NewPage(rows, next)}, nil
}

type linkIn struct {
	Body struct {
		Target       string                `json:"target" doc:"A whole web address."`
		Conversation social.ConversationID `json:"conversation,omitempty" doc:"The conversation that gets the credit."`
		Campaign     string                `json:"campaign,omitempty" maxLength:"80" doc:"utm_campaign."`
	}
}

func (a *api) createLink(ctx context.Context, in *linkIn) (*server.Body[Link], error) {
	wish := evolve.Link{Target: in.Body.Target, Campaign: in.Body.Campaign}
	if c := in.Body.Conversation; c != "" {
		names, err := a.around.Names(ctx, []social.ConversationID{c}) // in scope, or there is none
		if err != nil {
			return nil, err
		}
		if _, ok := names[c]; !ok {
			return nil, &social.Error{Kind: social.Invalid, Field: "body.conversation", Text: "There is no such conversation."}
		}
		wish.Conversation = c
	}
	l, err := a.ledger.NewLink(ctx, wish)
	if err != nil {
		return nil, err
	}
	rows, err := a.linkRows(ctx, []evolve.Link{l})
	if err != nil {
		return nil, err
	}
	return &server.Body[Link]{Body: rows[0]}, nil
}

// Conversion is an outcome.
type Conversion struct {
	ID         string    `json:"id"`
	ExternalID string    `json:"external_id"`
	Kind       string    `json:"kind"`
	Value      *Money    `json:"value,omitempty"`
	At         time.Time `json:"at"`
	TakesBack  string    `json:"takes_back,omitempty" doc:"The external id of the outcome that this one takes back, such as an order that was cancelled."`
	Credited   []Credit  `json:"credited" doc:"Shares sum to 1; empty when no link of ours led to it."`
}

// Credit is a conversation's share.
type Credit struct {
	Conversation social.ConversationID `json:"conversation"`
	Subject      string                `json:"subject,omitempty"`
	Author       string                `json:"author,omitempty"`
	Share        float64               `json:"share"`
}

func (a *api) conversionRows(ctx context.Context, list []evolve.Conversion) ([]Conversion, error) {
	var ids []social.ConversationID
	for _, c := range list {
		for _, x := range c.Credits {
			ids = append(ids, x.Conversation)
		}
	}
	names, err := a.around.Names(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make([]Conversion, len(list))
	for i, c := range list {
		out[i] = Conversion{ID: c.ID, ExternalID: c.ExternalID, Kind: c.Kind, At: c.At, TakesBack: c.TakesBack, Credited: []Credit{}}
		if c.Value.Currency != "" {
			m := moneyOf(c.Value)
			out[i].Value = &m
		}
		for _, x := range c.Credits {
			n := names[x.Conversation]
			out[i].Credited = append(out[i].Credited, Credit{Conversation: x.Conversation, Subject: n.Subject, Author: n.Author, Share: x.Share})
		}
	}
	return out, nil
}

func (a *api) conversions(ctx context.Context, in *server.Paging) (*server.Body[server.Page[Conversion]], error) {
	list, next, err := a.ledger.Store.Conversions(ctx, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	rows, err := a.conversionRows(ctx, list)
	if err != nil {
		return nil, err
	}
	return &server.Body[server.Page[Conversion]]{Body: server.NewPage(rows, next)}, nil
}

type convertIn struct {
	Body struct {
		ExternalID string    `json:"external_id" doc:"Your own id of the outcome, such as the order number."`
		Kind       string    `json:"kind" doc:"What it was, in a word: sale, booking, application …"`
		Value      float64   `json:"value,omitempty" minimum:"0" maximum:"1000000000" doc:"In whole units, such as 12.50."`
		Currency   string    `json:"currency,omitempty" pattern:"^([A-Za-z]{3})?$" doc:"ISO 4217."`
		Click      string    `json:"click,omitempty" doc:"parley_click, as it arrived with the visitor."`
		Link       string    `json:"link,omitempty" doc:"A link's id or code, if there is no click."`
		At         time.Time `json:"at,omitempty" doc:"When it happened; now if left out."`
	}
}

func (a *api) convert(ctx context.Context, in *convertIn) (*server.Body[Conversion], error) {
	b := in.Body
	c, err := a.ledger.Convert(ctx, evolve.Report{ExternalID: b.ExternalID, Kind: b.Kind, Click: b.Click, Link: b.Link, At: b.At,
		Value: evolve.Money{Minor: int64(b.Value*100 + 0.5), Currency: b.Currency}})
	if err != nil {
		return nil, err
	}
	rows, err := a.conversionRows(ctx, []evolve.Conversion{c})
	if err != nil {
		return nil, err
	}
	return &server.Body[Conversion]{Body: rows[0]}, nil
}
