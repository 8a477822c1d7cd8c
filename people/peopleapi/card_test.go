package peopleapi_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/people/card"
	"github.com/parley-crm/parley/people/peopleapi"
	"github.com/parley-crm/parley/social"
)

// herald keeps what members are told.
type herald map[string]social.Notice

func (h herald) Notify(_ context.Context, n social.Notice) error {
	h[n.Key] = n
	return nil
}

func (h herald) Unnotify(_ context.Context, keys ...string) error {
	for _, k := range keys {
		delete(h, k)
	}
	return nil
}

// Mentioned knows Vic alone.
func (h herald) Mentioned(_ context.Context, names []string) (out []social.MemberID, _ error) {
	for _, n := range names {
		if strings.HasPrefix(strings.ToLower(n), "vic") {
			out = append(out, "vic")
		}
	}
	return out, nil
}

func cards(h *house) (*card.Box, herald) {
	told := herald{}
	box := &card.Box{Store: h.persons, People: h.book, Herald: told, Mates: told, Clock: h.now}
	peopleapi.RegisterCards(h.srv, box, h)
	return box, told
}

func TestWhatIsKnownByHand(t *testing.T) {
	houses(t, func(h *house) {
		_, told := cards(h)
		nils := "/api/people/" + h.meet("nils", "north")
		note := "/api/person-notes/" + h.made(nils+"/notes", `{"text":"Speaks Danish. @vic please call 👋 <b>"}`)
		goal := "/api/goals/" + h.made(nils+"/goals", `{"text":"Tea at 4,000 m","message":"m1","conversation":"c1"}`)
		if again := h.made(nils+"/goals", `{"text":"The same again","message":"m1"}`); "/api/goals/"+again != goal {
			t.Errorf("of one message two goals: %s and %s", goal, again)
		}
		promise := "/api/promises/" + h.made(nils+"/promises", `{"text":"Send a lid","due_at":"2020-01-01T09:00:00Z","owner":"vic"}`)
		var mention []social.Notice
		for _, n := range told {
			mention = append(mention, n)
		}
		if len(mention) != 1 || mention[0].Kind != "mention" || mention[0].Members[0] != "vic" {
			t.Errorf("told %+v", mention)
		}
		h.all([]asked{
			{"a reader reads", "vic", "GET", nils + "/card", "", 200, `"text":"Tea at 4,000 m","status":"open"`, "The same again"},
			{"what is late", "vic", "GET", nils + "/card", "", 200, `"late":true`, ""},
			{"notes", "vic", "GET", nils + "/notes", "", 200, "Speaks Danish", `"mine":true`},
			{"a reader writes nothing", "vic", "POST", nils + "/notes", `{"text":"x"}`, 403, "people.write", ""},
			{"a stranger sees nothing", "sue", "GET", nils + "/card", "", 404, "", "Tea"},
			{"no note", "sue", "GET", nils + "/notes", "", 404, "", "Danish"},
			{"writes none", "sue", "POST", nils + "/goals", `{"text":"x"}`, 404, "", ""},
			{"changes none", "sue", "PATCH", goal, `{"status":"met"}`, 404, "", ""},
			{"nor a promise", "sue", "PATCH", promise, `{"state":"kept"}`, 404, "", ""},
			{"takes none", "sue", "DELETE", note, "", 404, "", ""},
			{"another's note", "nia", "PATCH", note, `{"text":"Mine"}`, 403, "whoever wrote it", ""},
			{"which may be pinned", "nia", "PATCH", note, `{"pinned":true}`, 200, `"pinned":true`, ""},
			{"nor taken away", "nia", "DELETE", note, "", 403, "", ""},
			{"an empty goal", "nia", "POST", nils + "/goals", `{"text":" \n "}`, 422, "Write something", ""},
			{"a goal that is met", "nia", "PATCH", goal, `{"status":"met"}`, 200, `"status":"met"`, ""},
			{"or anything else", "nia", "PATCH", goal, `{"status":"gone"}`, 422, "", ""},
			{"files of nobody", "nia", "POST", nils + "/files", `{"files":["nothing"]}`, 404, "", ""},
			{"kept", "nia", "PATCH", promise, `{"state":"kept"}`, 200, `"state":"kept"`, `"late":true`},
			{"gone", "ada", "DELETE", note, "", 204, "", ""},
		})
	})
}

func TestAPromiseIsToldOnceWhenItIsDue(t *testing.T) {
	houses(t, func(h *house) {
		box, told := cards(h)
		ctx := social.WithScope(social.WithActor(context.Background(), social.SystemActor()), social.Scope{All: true})
		nils := "/api/people/" + h.meet("nils", "north")
		due := h.now.Now().Add(time.Hour).Format(time.RFC3339)
		id := h.made(nils+"/promises", `{"text":"Send a lid","due_at":"`+due+`","owner":"vic"}`)
		look := func(want int, when string) {
			t.Helper()
			if err := box.Remind(ctx); err != nil {
				t.Fatal(err)
			}
			if len(told) != want {
				t.Errorf("%s: told %v, want %d", when, told, want)
			}
		}
		look(0, "before its time")
		h.now.Add(2 * time.Hour)
		look(1, "when it is due")
		clear(told)
		look(0, "a second time")
		h.ask("ada", "PATCH", "/api/promises/"+id, `{"due_at":"`+h.now.Now().Add(time.Hour).Format(time.RFC3339)+`"}`, 200)
		h.now.Add(2 * time.Hour)
		look(1, "after it was put off")
		h.ask("ada", "PATCH", "/api/promises/"+id, `{"state":"kept"}`, 200)
		look(0, "once it is kept")
	})
}

func TestOrdersOverTheAPI(t *testing.T) {
	houses(t, func(h *house) {
		nils := h.meet("nils", "north")
		deal := h.made("/api/opportunities", `{"conversation":"c1","person":"`+nils+`"}`)
		one := `{"external_id":"S-1","status":"paid","amount":129900,"currency":"eur","person":"` + nils + `","at":"2026-11-01T10:00:00Z","lines":[{"name":"Kettle 🫖","quantity":2,"amount":129900}]}`
		h.all([]asked{
			{"a reader reports none", "vic", "POST", "/api/orders", one, 403, "outcome.write", ""},
			{"an order", "ada", "POST", "/api/orders", one, 200, `"new":true`, ""},
			{"the same again", "ada", "POST", "/api/orders", one, 200, `"new":false`, ""},
			{"sent", "ada", "POST", "/api/orders", `{"external_id":"S-1","status":"sent","amount":129900,"currency":"EUR","at":"2026-11-01T10:00:00Z"}`, 200, `Kettle 🫖`, ""},
			{"by an address that nobody had", "ada", "POST", "/api/orders", `{"external_id":"S-2","status":"paid","amount":500,"currency":"EUR","email":"New@Shop.example","name":"Nia New","programme":"north"}`, 200, `"name":"Nia New"`, ""},
			{"and again by another case", "ada", "POST", "/api/orders", `{"external_id":"S-3","status":"placed","amount":700,"currency":"EUR","email":"new@shop.EXAMPLE"}`, 200, `"name":"Nia New"`, ""},
			{"by no address", "ada", "POST", "/api/orders", `{"external_id":"S-4","amount":1,"currency":"EUR","email":"a b@c"}`, 422, "no email address", ""},
			{"a number without a country", "ada", "POST", "/api/orders", `{"external_id":"S-4","amount":1,"currency":"EUR","phone":"020 7946"}`, 422, "country", ""},
			{"of an opportunity", "ada", "POST", "/api/orders", `{"external_id":"S-5","status":"paid","amount":9,"currency":"EUR","opportunity":"` + deal + `"}`, 200, `"conversation":"c1"`, ""},
			{"negative", "ada", "POST", "/api/orders", `{"external_id":"S-6","amount":-1,"currency":"EUR"}`, 422, "negative", ""},
			{"without money's name", "ada", "POST", "/api/orders", `{"external_id":"S-6","amount":1}`, 422, "ISO 4217", ""},
			{"an address that runs", "ada", "POST", "/api/orders", `{"external_id":"S-6","amount":1,"currency":"EUR","url":"javascript:alert(1)"}`, 422, "https", ""},
			{"in the future", "ada", "POST", "/api/orders", `{"external_id":"S-6","amount":1,"currency":"EUR","at":"2099-01-01T00:00:00Z"}`, 422, "future", ""},
			{"of the person", "nia", "GET", "/api/orders?person=" + nils, "", 200, `"external_id":"S-1"`, "S-2"},
			{"not for strangers", "sue", "GET", "/api/orders?person=" + nils, "", 404, "", "S-1"},
			{"nor in the list", "sue", "GET", "/api/orders", "", 200, `"items":[]`, ""},
			{"what was paid", "nia", "GET", "/api/people/" + nils + "/spending", "", 200, `{"currency":"EUR","n":2,"amount":129909}`, ""},
		})
		var page struct{ Items []struct{ ID string } }
		if err := json.Unmarshal([]byte(h.ask("ada", "GET", "/api/orders?limit=2", "", 200)), &page); err != nil || len(page.Items) != 2 {
			t.Errorf("a page of two: %v %v", page, err)
		}
	})
}
