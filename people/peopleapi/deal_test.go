package peopleapi_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/people"
	"github.com/parley-crm/parley/people/deal"
	"github.com/parley-crm/parley/people/dealdb"
	"github.com/parley-crm/parley/people/peopleapi"
	"github.com/parley-crm/parley/people/peopledb"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

// house lets in: ada everywhere, vic who reads, nia in the north, sue in the south.
type house struct {
	t       *testing.T
	handler http.Handler
	persons *peopledb.DB
	book    *people.Book
	books   *deal.Books
	now     *clock.Set
	srv     *server.Server
}

func (h *house) Authenticate(_ context.Context, c server.Credentials) (social.Actor, error) {
	if c.Token == "" {
		return social.Actor{}, social.Errorf(social.Unauth, "Sign in first.")
	}
	return social.Actor{Member: social.MemberID(c.Token), Name: c.Token}, nil
}

func (h *house) Scope(a social.Actor, p social.Permission) (social.Scope, bool) {
	switch a.Member {
	case "ada":
		return social.Scope{All: true}, true
	case "vic":
		return social.Scope{All: true}, p == social.PeopleRead
	case "nia":
		return social.Scope{Programmes: []social.ProgrammeID{"north"}}, true
	case "sue":
		return social.Scope{Programmes: []social.ProgrammeID{"south"}}, true
	}
	return social.Scope{}, false
}

func (h *house) Reach(ctx context.Context, p social.Permission) (context.Context, bool) {
	a, _ := social.ActorOf(ctx)
	scope, ok := h.Scope(a, p)
	return social.WithScope(ctx, scope), ok
}

func (h *house) Channels(context.Context, []social.ChannelID) (map[social.ChannelID]social.ChannelRef, error) {
	return nil, nil
}

func (h *house) Members(_ context.Context, ids []social.MemberID) (map[social.MemberID]social.MemberRef, error) {
	out := map[social.MemberID]social.MemberRef{}
	for _, id := range ids {
		if id != "" && id != "nobody" {
			out[id] = social.MemberRef{ID: id, Name: string(id)}
		}
	}
	return out, nil
}

func (h *house) Programmes(_ context.Context, ids []social.ProgrammeID) (map[social.ProgrammeID]social.ProgrammeRef, error) {
	return nil, nil
}

func (h *house) Named(ctx context.Context, ids []social.PersonID) (map[social.PersonID]people.Ref, error) {
	return h.persons.Named(ctx, ids)
}

// Talks knows one conversation, of the north.
func (h *house) Talks(ctx context.Context, ids []social.ConversationID) (out []deal.Talk, _ error) {
	for _, id := range ids {
		if id == "c1" && social.ScopeOf(ctx).Sees("north") {
			out = append(out, deal.Talk{ID: id, Subject: "Two machines?", Programme: "north", State: "open"})
		}
	}
	return out, nil
}

func houses(t *testing.T, f func(h *house)) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		h := &house{t: t, persons: peopledb.New(db), now: now}
		h.book = &people.Book{Store: h.persons, Clock: now}
		h.books = &deal.Books{Store: dealdb.New(db), People: h.book, Talks: h, Meeting: h.persons, Clock: now}
		if err := h.books.Open(context.Background()); err != nil {
			t.Fatal(err)
		}
		h.srv = server.New(server.Options{Authority: h, Clock: now, DB: db})
		peopleapi.RegisterDeals(h.srv, h.books, h)
		h.handler = h.srv.Handler()
		f(h)
	})
}

func (h *house) meet(handle string, p social.ProgrammeID) string {
	h.t.Helper()
	a := social.Author{Scheme: "acct", Value: handle, Name: handle}
	if err := h.persons.Meet(context.Background(), []people.Seen{{Author: a, Programme: p, At: h.now.Now()}}); err != nil {
		h.t.Fatal(err)
	}
	ids, err := h.persons.Persons(context.Background(), []social.IdentityID{a.ID()})
	if err != nil {
		h.t.Fatal(err)
	}
	return string(ids[a.ID()])
}

// ask sends a request as somebody and returns the answer.
func (h *house) ask(as, method, path, body string, want int) string {
	h.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if as != "" {
		r.Header.Set("Authorization", "Bearer "+as)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	w := httptest.NewRecorder()
	h.handler.ServeHTTP(w, r)
	if w.Code != want {
		h.t.Errorf("%s %s as %q: %d, want %d: %s", method, path, as, w.Code, want, w.Body)
	}
	return w.Body.String()
}

func (h *house) made(path, body string) string {
	h.t.Helper()
	var out struct{ ID string }
	if err := json.Unmarshal([]byte(h.ask("ada", "POST", path, body, http.StatusCreated)), &out); err != nil {
		h.t.Fatal(err)
	}
	return out.ID
}

type asked struct {
	name, as, method, path, body string
	want                         int
	has, hasNot                  string
}

func (h *house) all(tests []asked) {
	h.t.Helper()
	for _, tt := range tests {
		got := h.ask(tt.as, tt.method, tt.path, tt.body, tt.want)
		if !strings.Contains(got, tt.has) || tt.hasNot != "" && strings.Contains(got, tt.hasNot) {
			h.t.Errorf("%s: %s", tt.name, got)
		}
	}
}

func TestBusinessOverTheAPI(t *testing.T) {
	houses(t, func(h *house) {
		nils := h.meet("nils", "north")
		org := "/api/organizations/" + h.made("/api/organizations", `{"name":"Hotel 🏨 <b>","domain":"hotel.example","programme":"north"}`)
		one := "/api/opportunities/" + h.made("/api/opportunities", `{"conversation":"c1","person":"`+nils+`","amount":129900,"currency":"eur"}`)
		field := "/api/fields/" + h.made("/api/fields", `{"of":"organization","name":"Tier","type":"choice","choices":["Gold","Silver"]}`)
		values := "/api/fields/organization/" + org[len("/api/organizations/"):]
		h.all([]asked{
			{"nobody is signed in", "", "GET", one, "", 401, "", "Two machines"},
			{"a reader reads", "vic", "GET", one, "", 200, `"name":"Two machines?"`, ""},
			{"and not the conversations", "vic", "GET", one, "", 200, `"talks":[]`, `"c1"`},
			{"which those of the inbox do", "nia", "GET", one, "", 200, `"subject":"Two machines?"`, ""},
			{"a reader may not write", "vic", "PATCH", one, `{"name":"x"}`, 403, "people.write", ""},
			{"from outside", "sue", "GET", one, "", 404, "", "machines"},
			{"nor moved", "sue", "POST", one + "/stage", `{"to":"sales-won"}`, 404, "", ""},
			{"nor held", "sue", "PUT", one + "/conversations/c1", "", 404, "", ""},
			{"nor listed", "sue", "GET", "/api/opportunities?person=" + nils, "", 404, "", ""},
			{"an organization", "sue", "GET", org, "", 404, "", "Hotel"},
			{"nor who works there", "sue", "GET", org + "/people", "", 404, "", ""},
			{"nor its fields", "sue", "GET", values, "", 404, "", ""},
			{"into another programme", "nia", "POST", "/api/organizations", `{"name":"x","programme":"south"}`, 403, "", ""},
			{"into the whole house", "nia", "POST", "/api/organizations", `{"name":"x"}`, 422, "programmes", ""},
			{"a domain twice", "ada", "POST", "/api/organizations", `{"name":"x","domain":"HOTEL.example"}`, 409, "domain", ""},
			{"an unknown field", "ada", "PATCH", one, `{"colour":"red"}`, 422, "colour", ""},
			{"money without a currency", "ada", "PATCH", one, `{"amount":5,"currency":""}`, 422, "ISO 4217", ""},
			{"an owner who is nobody", "ada", "PATCH", one, `{"owner":"nobody"}`, 422, "no such member", ""},
			{"a day that is none", "ada", "PATCH", one, `{"close_on":"31.3.2027"}`, 422, "2027-03-31", ""},
			{"next", "nia", "PATCH", one, `{"close_on":"2027-03-31","next_step":"Call\n\n them"}`, 200, `"next_step":"Call them"`, ""},
			{"moved", "nia", "POST", one + "/stage", `{"to":"sales-offer","from":"sales-new"}`, 200, `"stage":"sales-offer"`, ""},
			{"by two at once", "ada", "POST", one + "/stage", `{"to":"sales-won","from":"sales-new"}`, 409, "Offer sent", ""},
			{"totals", "nia", "GET", "/api/pipelines/sales/totals", "", 200, `{"stage":"sales-offer","currency":"EUR","n":1,"amount":129900}`, ""},
			{"by month", "nia", "GET", "/api/pipelines/sales/totals", "", 200, `{"month":"2027-03","currency":"EUR","n":1,"amount":129900,"weighted":64950}`, ""},
			{"and not for others", "sue", "GET", "/api/pipelines/sales/totals", "", 200, `"stages":[]`, ""},
			{"works there", "nia", "POST", org + "/people", `{"person":"` + nils + `","title":"Buyer","since":"2020-01-01"}`, 201, `"title":"Buyer"`, ""},
			{"of the person", "nia", "GET", "/api/people/" + nils + "/affiliations", "", 200, `Hotel 🏨`, ""},
			{"not for strangers", "sue", "GET", "/api/people/" + nils + "/affiliations", "", 404, "", "Hotel"},
			{"counted", "nia", "GET", "/api/organizations?q=hot", "", 200, `"people":1`, ""},
			{"filled", "nia", "PUT", values, `{"values":{"tier":"Gold"}}`, 200, `"value":"Gold","source":"member"`, ""},
			{"with what is no choice", "nia", "PUT", values, `{"values":{"tier":"Lead"}}`, 422, "Gold, Silver", ""},
			{"fields are for all", "nia", "PATCH", field, `{"name":"Rank"}`, 403, "whole house", ""},
			{"put away", "ada", "PATCH", field, `{"archived":true}`, 200, `"archived":true`, ""},
			{"what it holds stays", "vic", "GET", org, "", 200, `"value":"Gold"`, ""},
			{"a pipeline without an end", "ada", "POST", "/api/pipelines", `{"name":"x","stages":[{"name":"a","kind":"open","probability":1}]}`, 422, "won", ""},
			{"a pipeline", "ada", "POST", "/api/pipelines", `{"name":"Repairs","stages":[{"name":"a","kind":"open","probability":1},{"name":"b","kind":"won","probability":1},{"name":"c","kind":"lost","probability":1}]}`, 201, `"probability":100`, ""},
			{"a stage in which something stands", "ada", "PUT", "/api/pipelines/sales", `{"name":"Sales","stages":[{"id":"sales-new","name":"a","kind":"open","probability":1},{"id":"sales-won","name":"b","kind":"won","probability":1},{"id":"sales-lost","name":"c","kind":"lost","probability":1}]}`, 409, "Offer sent", ""},
			{"taken away", "nia", "DELETE", one, "", 204, "", ""},
			{"and gone", "nia", "GET", one, "", 404, "", ""},
			{"from the totals too", "nia", "GET", "/api/pipelines/sales/totals", "", 200, `"stages":[]`, ""},
		})
	})
}

// send sends bytes of a sort and returns the status.
func (h *house) send(as, method, path, body, kind string) int {
	h.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+as)
	r.Header.Set("Content-Type", kind)
	w := httptest.NewRecorder()
	h.handler.ServeHTTP(w, r)
	return w.Code
}
