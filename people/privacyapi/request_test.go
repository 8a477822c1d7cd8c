package privacyapi_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/kit/secret"
	"github.com/parley-crm/parley/people"
	"github.com/parley-crm/parley/people/privacy"
	"github.com/parley-crm/parley/people/privacyapi"
	"github.com/parley-crm/parley/people/privacydb"
	"github.com/parley-crm/parley/social"
)

// herald keeps what members are told.
type herald map[string]social.Notice

func (h herald) Notify(_ context.Context, n social.Notice) error { h[n.Key] = n; return nil }
func (h herald) Unnotify(_ context.Context, keys ...string) error {
	for _, k := range keys {
		delete(h, k)
	}
	return nil
}

type nothing struct{}

func (nothing) Sweep(context.Context, social.Subject) (gone, left []social.Gone, err error) {
	return nil, nil, nil
}
func (nothing) Scour(context.Context) error { return nil }

func (h *house) Named(ctx context.Context, ids []social.PersonID) (map[social.PersonID]people.Ref, error) {
	return h.persons.Named(ctx, ids)
}

func (h *house) Titles(_ context.Context, ids []social.ConversationID) (map[social.ConversationID]string, error) {
	out := map[social.ConversationID]string{}
	for _, id := range ids {
		out[id] = "About the lid"
	}
	return out, nil
}

func (h *house) Programmes(_ context.Context, ids []social.ProgrammeID) (map[social.ProgrammeID]social.ProgrammeRef, error) {
	out := map[social.ProgrammeID]social.ProgrammeRef{}
	for _, id := range ids {
		out[id] = social.ProgrammeRef{ID: id, Name: "North"}
	}
	return out, nil
}

// things are a conversation t1 in the programme north, and the two programmes.
type things struct{ h *house }

func (things) Talk(ctx context.Context, id social.ConversationID) error {
	if s := social.ScopeOf(ctx); id == "t1" && (s.Sees("north")) {
		return nil
	}
	return social.Errorf(social.NotFound, "This conversation does not exist, or not for you.")
}

func (things) Programme(ctx context.Context, id social.ProgrammeID) error {
	if s := social.ScopeOf(ctx); (id == "north" || id == "south") && s.Sees(id) {
		return nil
	}
	return social.Errorf(social.NotFound, "There is no such programme.")
}

func (things) InTalks(_ context.Context, talks []social.ConversationID, accounts []social.IdentityID) (social.ConversationID, error) {
	return "", nil
}

func (t things) InProgrammes(ctx context.Context, programmes []social.ProgrammeID, accounts []social.IdentityID) (social.ProgrammeID, error) {
	return t.h.persons.InProgrammes(ctx, programmes, accounts)
}

func requests(h *house) (*privacy.Keeper, herald) {
	told := herald{}
	kept := privacydb.New(h.db)
	k := &privacy.Keeper{Store: kept, People: h.book, Sweeper: nothing{}, Herald: told, Things: things{h}, Box: secret.Random(), Clock: h.now,
		Holders: []privacy.Holder{kept.Personal(), h.persons.Personal()},
		Keepers: func(context.Context) ([]social.MemberID, error) { return []social.MemberID{"ada"}, nil }}
	privacyapi.RegisterRequests(h.srv, k, h)
	return k, told
}

func made(h *house, path, body string) string {
	h.t.Helper()
	var out struct{ ID string }
	if err := json.Unmarshal([]byte(h.ask("ada", "POST", path, body, 201)), &out); err != nil {
		h.t.Fatal(err)
	}
	return out.ID
}

func TestRequestsOverTheAPI(t *testing.T) {
	houses(t, func(h *house) {
		k, _ := requests(h)
		nils := "/api/people/" + h.meet(nilsMail, "north")
		one := "/api/privacy/requests/" + made(h, nils+"/privacy/requests", `{"kind":"export","how":"on the telephone 👋"}`)
		erasure := "/api/privacy/requests/" + made(h, nils+"/privacy/requests", `{"kind":"erasure"}`)
		hold := made(h, nils+"/privacy/holds", `{"reason":"a lawsuit"}`)
		h.all([]asked{
			{"nobody is signed in", "", "GET", "/api/privacy/requests", "", 401, "", ""},
			{"not for responders", "nia", "GET", "/api/privacy/requests", "", 403, "privacy.write", ""},
			{"nor one", "nia", "GET", one, "", 403, "", "telephone"},
			{"nor carried out", "nia", "POST", erasure + "/carry", "", 403, "", ""},
			{"nor held", "nia", "POST", nils + "/privacy/holds", `{"reason":"x"}`, 403, "", ""},
			{"asked again it is the same", "ada", "POST", nils + "/privacy/requests", `{"kind":"export"}`, 201, one[len("/api/privacy/requests/"):], ""},
			{"what is no request", "ada", "POST", nils + "/privacy/requests", `{"kind":"fun"}`, 422, "", ""},
			{"in the future", "ada", "POST", nils + "/privacy/requests", `{"kind":"export","asked_at":"2999-01-01T00:00:00Z"}`, 422, "future", ""},
			{"of nobody", "ada", "POST", "/api/people/nobody/privacy/requests", `{"kind":"export"}`, 404, "", ""},
			{"a hold needs a reason", "ada", "POST", nils + "/privacy/holds", `{"reason":" "}`, 422, "Write something", ""},
			{"the register", "ada", "GET", "/api/privacy/requests", "", 200, `"kind":"erasure","state":"open"`, ""},
			{"page by page", "ada", "GET", "/api/privacy/requests?limit=1", "", 200, `"next":"`, ""},
			{"what is held", "ada", "GET", one + "/preview", "", 200, `{"place":"accounts","rows":1}`, ""},
			{"and kept", "ada", "GET", erasure + "/preview", "", 200, `"held":"A legal hold stands: a lawsuit"`, ""},
			{"a copy", "ada", "POST", one + "/carry", "", 200, `"state":"done"`, ""},
			{"to be saved", "ada", "GET", one, "", 200, `"url":"/files/`, ""},
			{"once", "ada", "POST", one + "/carry", "", 409, "closed", ""},
			{"an erasure waits for the hold", "ada", "POST", erasure + "/carry", "", 200, `"state":"held","asked_by":"customer","why":"A legal hold stands: a lawsuit"`, ""},
			{"of the person", "ada", "GET", nils + "/privacy", "", 200, `"reason":"a lawsuit"`, ""},
			{"a refusal says why", "ada", "POST", erasure + "/refuse", `{"why":""}`, 422, "", ""},
			{"a hold does not end without a reason", "ada", "POST", "/api/privacy/holds/" + hold + "/lift", `{"reason":" "}`, 422, "Write something", ""},
			{"lifted", "ada", "POST", "/api/privacy/holds/" + hold + "/lift", `{"reason":"settled"}`, 200, `"ended_why":"settled"`, ""},
		})
		if err := k.Work(as("ada")); err != nil {
			t.Fatal(err)
		}
		h.all([]asked{
			{"done, with a receipt", "ada", "GET", erasure, "", 200, `"suppressed":1`, "nils"},
			{"signed", "ada", "GET", erasure, "", 200, `"genuine":true`, ""},
			{"gone", "ada", "GET", nils + "/privacy", "", 404, "This person was erased on", "Nils"},
			{"not in the closed ones", "ada", "GET", "/api/privacy/requests?closed=true", "", 200, `"name":"Erased"`, "Nils"},
			{"the copy went as well", "ada", "GET", one, "", 200, `"state":"done"`, "/files/"},
			{"nor refused afterwards", "ada", "POST", erasure + "/refuse", `{"why":"x"}`, 409, "", ""},
		})
	})
}

// TestHoldsOnMoreThanPersons: a programme and a conversation are held, by whom and
// why is seen by whoever sees them, and whoever was heard there is not erased meanwhile.
func TestHoldsOnMoreThanPersons(t *testing.T) {
	houses(t, func(h *house) {
		k, _ := requests(h)
		nils := "/api/people/" + h.meet(nilsMail, "north")
		erasure := "/api/privacy/requests/" + made(h, nils+"/privacy/requests", `{"kind":"erasure"}`)
		hold := made(h, "/api/privacy/holds", `{"kind":"programme","on":"north","reason":"the lawsuit about lids"}`)
		made(h, "/api/privacy/holds", `{"kind":"conversation","on":"t1","reason":"evidence"}`)
		h.all([]asked{
			{"not by responders", "nia", "POST", "/api/privacy/holds", `{"kind":"programme","on":"north","reason":"x"}`, 403, "privacy.hold", ""},
			{"on what there is not", "ada", "POST", "/api/privacy/holds", `{"kind":"programme","on":"west","reason":"x"}`, 404, "", ""},
			{"on no conversation", "ada", "POST", "/api/privacy/holds", `{"kind":"conversation","on":"t9","reason":"x"}`, 404, "", ""},
			{"on something else", "ada", "POST", "/api/privacy/holds", `{"kind":"channel","on":"c","reason":"x"}`, 422, "", ""},
			{"the list", "ada", "GET", "/api/privacy/holds", "", 200, `"kind":"programme","on":{"id":"north","name":"North"},"reason":"the lawsuit about lids"`, ""},
			{"seen on the conversation", "nia", "GET", "/api/conversations/t1/holds", "", 200, `"name":"About the lid"},"reason":"evidence"`, "lawsuit"},
			{"not of other programmes", "sue", "GET", "/api/conversations/t1/holds", "", 404, "", "evidence"},
			{"it waits and says why", "ada", "POST", erasure + "/carry", "", 200, `"why":"A legal hold stands on a programme that heard them: the lawsuit about lids"`, ""},
		})
		if err := k.Work(as("ada")); err != nil {
			t.Fatal(err)
		}
		h.all([]asked{
			{"still there", "ada", "GET", nils + "/privacy", "", 200, `"state":"held"`, ""},
			{"lifted", "ada", "POST", "/api/privacy/holds/" + hold + "/lift", `{"reason":"settled"}`, 200, `"ended_why":"settled"`, ""},
		})
		if err := k.Work(as("ada")); err != nil {
			t.Fatal(err)
		}
		h.all([]asked{{"gone", "ada", "GET", erasure, "", 200, `"state":"done"`, ""}})
	})
}

func TestARequestIsToldOnceBeforeItIsDue(t *testing.T) {
	houses(t, func(h *house) {
		k, told := requests(h)
		nils := "/api/people/" + h.meet(nilsMail, "")
		id := made(h, nils+"/privacy/requests", `{"kind":"erasure"}`)
		look := func(want int, when string) {
			t.Helper()
			if err := k.Remind(as("ada")); err != nil {
				t.Fatal(err)
			}
			if len(told) != want {
				t.Errorf("%s: told %v, want %d", when, told, want)
			}
		}
		look(0, "when it was asked")
		h.now.Add(privacy.Term - privacy.Warn - time.Hour)
		look(0, "while there is time")
		h.now.Add(2 * time.Hour)
		look(1, "a week before")
		clear(told)
		look(0, "a second time")
		h.now.Add(privacy.Warn)
		h.all([]asked{{"late", "ada", "GET", "/api/privacy/requests", "", 200, `"late":true`, ""}})
		h.ask("ada", "POST", "/api/privacy/requests/"+id+"/refuse", `{"why":"It was not they."}`, 200)
		h.all([]asked{{"none is late that is closed", "ada", "GET", "/api/privacy/requests?closed=true", "", 200, `"why":"It was not they."`, `"late":true`}})
	})
}

// TestTheCopyIsSafeToOpen: what customers wrote can't run in the page that is made of it.
func TestTheCopyIsSafeToOpen(t *testing.T) {
	data, err := privacy.Zip(privacy.Dossier{Person: "p", Rooms: map[string][]social.Portion{"inbox": {{Name: "messages", Rows: []map[string]any{
		{"text": `<script>alert(1)</script>`, "at": int64(1)}, {"text": "مرحبا 👋", "more": json.RawMessage(`{"a":1}`)}, {"text": "\xff"}}}}}})
	if err != nil {
		t.Fatal(err)
	}
	files := unzip(t, data)
	if page := files["read-me.html"]; strings.Contains(page, "<script>") || !strings.Contains(page, "&lt;script&gt;") || !strings.Contains(page, "مرحبا 👋") {
		t.Error(page)
	}
	if !json.Valid([]byte(files["data.json"])) || !strings.Contains(files["data.json"], "<script>") {
		t.Error(files["data.json"])
	}
}
