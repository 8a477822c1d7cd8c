package privacyapi_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/people"
	"github.com/parley-crm/parley/people/consent"
	"github.com/parley-crm/parley/people/peopledb"
	"github.com/parley-crm/parley/people/privacyapi"
	"github.com/parley-crm/parley/people/privacydb"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

// house lets in: ada everywhere, vic who reads, nia in the north, sue in the south.
type house struct {
	t       *testing.T
	db      *store.DB
	handler http.Handler
	srv     *server.Server
	persons *peopledb.DB
	book    *people.Book
	ledger  *consent.Ledger
	now     *clock.Set
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
		return social.Scope{Programmes: []social.ProgrammeID{"north"}}, p != social.PrivacyWrite && p != social.PrivacyHold
	case "sue":
		return social.Scope{Programmes: []social.ProgrammeID{"south"}}, p != social.PrivacyWrite && p != social.PrivacyHold
	}
	return social.Scope{}, false
}

func (h *house) Channels(_ context.Context, ids []social.ChannelID) (map[social.ChannelID]social.ChannelRef, error) {
	out := map[social.ChannelID]social.ChannelRef{}
	for _, c := range ids {
		if c != "" {
			out[c] = social.ChannelRef{ID: c, Kind: "sms", Name: "Text messages"}
		}
	}
	return out, nil
}

func (h *house) Members(_ context.Context, ids []social.MemberID) (map[social.MemberID]social.MemberRef, error) {
	out := map[social.MemberID]social.MemberRef{}
	for _, id := range ids {
		if id != "" {
			out[id] = social.MemberRef{ID: id, Name: string(id)}
		}
	}
	return out, nil
}

func houses(t *testing.T, f func(h *house)) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		h := &house{t: t, db: db, persons: peopledb.New(db), now: now}
		h.book = &people.Book{Store: h.persons, Clock: now}
		h.ledger = &consent.Ledger{Store: privacydb.New(db), People: h.book, Clock: now}
		h.srv = server.New(server.Options{Authority: h, Clock: now, DB: db})
		privacyapi.RegisterConsent(h.srv, h.ledger, h)
		h.handler = h.srv.Handler()
		f(h)
	})
}

func as(who string) context.Context {
	return social.WithScope(social.WithActor(context.Background(), social.Actor{Member: social.MemberID(who), Name: who}), social.Scope{All: true})
}

func (h *house) meet(a social.Author, p social.ProgrammeID) string {
	h.t.Helper()
	if err := h.persons.Meet(context.Background(), []people.Seen{{Author: a, Programme: p, At: h.now.Now()}}); err != nil {
		h.t.Fatal(err)
	}
	ids, err := h.persons.Persons(context.Background(), []social.IdentityID{a.ID()})
	if err != nil {
		h.t.Fatal(err)
	}
	return string(ids[a.ID()])
}

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

var (
	nilsMail = social.Author{Scheme: "mailto", Value: "nils@home.example", Name: "Nils"}
	nilsTel  = social.Author{Scheme: "tel", Value: "+4917012345"}
)

func TestConsentsOverTheAPI(t *testing.T) {
	houses(t, func(h *house) {
		nils := "/api/people/" + h.meet(nilsMail, "north") + "/consents"
		who := string(nilsMail.ID())
		yes := `{"identity":"` + who + `","purpose":"marketing","state":"granted","shown":"Write to me 👋 about <b>kettles</b>.","evidence":"ticked at the till"}`
		h.all([]asked{
			{"nobody is signed in", "", "GET", nils, "", 401, "", ""},
			{"a stranger sees nothing", "sue", "GET", nils, "", 404, "", "nils"},
			{"nor the ledger", "sue", "GET", nils + "/lines", "", 404, "", ""},
			{"nor writes", "sue", "POST", nils, yes, 404, "", ""},
			{"nor withdraws", "sue", "POST", nils + "/withdraw", `{}`, 404, "", ""},
			{"a reader writes nothing", "vic", "POST", nils, yes, 403, "people.write", ""},
			{"a yes without proof", "nia", "POST", nils, strings.Replace(yes, "ticked at the till", "", 1), 422, "how they agreed", ""},
			{"a yes without words", "nia", "POST", nils, strings.Replace(yes, "Write to me 👋 about <b>kettles</b>.", " ", 1), 422, "needs the words", ""},
			{"for what is no purpose", "nia", "POST", nils, strings.Replace(yes, "marketing", "fun", 1), 422, "is no purpose", ""},
			{"nobody agrees to all", "nia", "POST", nils, strings.Replace(yes, "marketing", "all", 1), 422, "is no purpose", ""},
			{"another's account", "nia", "POST", nils, strings.Replace(yes, who, "x", 1), 422, "not one of theirs", ""},
			{"in the future", "nia", "POST", nils, strings.Replace(yes, `"evidence"`, `"at":"2999-01-01T00:00:00Z","evidence"`, 1), 422, "future", ""},
			{"a text that is none", "nia", "POST", nils, strings.Replace(yes, `"evidence"`, `"text":"x","evidence"`, 1), 422, "something else", ""},
			{"may be written to?", "nia", "POST", "/api/consents/ask", `{"identity":"` + who + `","purpose":"marketing","reference":"n0"}`, 200, `"clear":false,"why":"They never agreed`, ""},
			{"a yes", "nia", "POST", nils, yes, 201, `"state":"granted"`, ""},
			{"by address", "nia", "POST", "/api/consents/ask", `{"address":"NILS@home.example","purpose":"marketing","reference":"n1"}`, 200, `"clear":true`, ""},
			{"not by strangers", "sue", "POST", "/api/consents/ask", `{"address":"nils@home.example","purpose":"marketing","reference":"n1"}`, 404, "", ""},
			{"of nobody", "nia", "POST", "/api/consents/ask", `{"address":"no@home.example","purpose":"marketing","reference":"n1"}`, 404, "", ""},
			{"without a reference", "nia", "POST", "/api/consents/ask", `{"identity":"` + who + `","purpose":"marketing","reference":" "}`, 422, "reference", ""},
			{"how it stands", "vic", "GET", nils, "", 200, `"account":"nils@home.example"`, ""},
			{"texts are for managers", "nia", "POST", "/api/consents/texts", `{"purpose":"topic:coffee","name":"Coffee","body":"Write to me."}`, 403, "privacy.write", ""},
			{"a topic", "ada", "POST", "/api/consents/texts", `{"purpose":"topic:coffee","name":"Coffee","body":"Write to me."}`, 201, `"version":1`, ""},
			{"the same again is the same", "ada", "POST", "/api/consents/texts", `{"purpose":"topic:coffee","name":"Coffee","body":"Write to me."}`, 201, `"version":1`, ""},
			{"other words are another version", "ada", "POST", "/api/consents/texts", `{"purpose":"topic:coffee","name":"Coffee","body":"Write to me weekly."}`, 201, `"version":2`, ""},
			{"a topic that is none", "ada", "POST", "/api/consents/texts", `{"purpose":"topic:","name":"x","body":"x"}`, 422, "purpose", ""},
			{"both are kept", "vic", "GET", "/api/consents/texts?purpose=topic:coffee", "", 200, "Write to me.", ""},
			{"the counts", "vic", "GET", "/api/consents/purposes", "", 200, `"tally":{"granted":1}`, ""},
			{"which strangers don't learn", "sue", "GET", "/api/consents/purposes", "", 200, "", `"granted":1`},
			{"withdrawn in one press", "nia", "POST", nils + "/withdraw", `{}`, 200, `"ended":1`, ""},
			{"once", "nia", "POST", nils + "/withdraw", `{}`, 200, `"ended":0`, ""},
			{"what was a yes for this is none now", "nia", "POST", "/api/consents/ask", `{"identity":"` + who + `","purpose":"marketing","reference":"n1"}`, 200, `"clear":false,"why":"They withdrew`, ""},
			{"every line stays", "vic", "GET", nils + "/lines", "", 200, "kettles", ""},
			{"page by page", "vic", "GET", nils + "/lines?limit=1", "", 200, `"state":"withdrawn"`, `"state":"granted"`},
		})
	})
}

func TestWhoMayBeWrittenTo(t *testing.T) {
	houses(t, func(h *house) {
		who := social.PersonID(h.meet(nilsTel, ""))
		start := h.now.Now()
		day := func(n int) time.Time { return start.AddDate(0, 0, n-100) }
		say := func(state, purpose string, on int, channel social.ChannelID, expires int) consent.Line {
			l := consent.Line{Identity: nilsTel.ID(), Channel: channel, Purpose: purpose, State: state, Shown: "words", Evidence: "proof", Source: consent.ByMember, At: day(on)}
			if expires > 0 {
				l.Expires = day(expires)
			}
			return l
		}
		wish := func(w social.Wish, on int, channel social.ChannelID) social.Wished {
			return social.Wished{Channel: channel, Identity: nilsTel.ID(), Wish: w, Message: "m", At: day(on)}
		}
		const marketing, service = consent.Marketing, consent.Service
		steps := []struct {
			name    string
			do      any
			purpose string
			channel social.ChannelID
			clear   bool
			why     string
		}{
			{"nothing was said", nil, marketing, "sms", false, "never agreed"},
			{"service needs no yes", nil, service, "sms", true, "need no consent"},
			{"asked is no yes", say(consent.Requested, marketing, 1, "", 0), marketing, "sms", false, "have not agreed"},
			{"a yes counts on every channel", say(consent.Granted, marketing, 2, "", 0), marketing, "sms", true, "agreed on"},
			{"a no on one channel counts there", say(consent.Refused, marketing, 3, "mail", 0), marketing, "mail", false, "refused"},
			{"and not elsewhere", nil, marketing, "sms", true, "agreed"},
			{"a yes for one is none for another", nil, consent.Research, "sms", false, "never agreed"},
			{"STOP ends all on its channel", wish(social.WishStop, 4, "sms"), marketing, "sms", false, "STOP"},
			{"also service", nil, service, "sms", false, "STOP"},
			{"and not on others", nil, service, "mail", true, "need no consent"},
			{"HELP is no wish", wish(social.WishHelp, 5, "sms"), marketing, "sms", false, "STOP"},
			{"START lets the yes count again", wish(social.WishStart, 6, "sms"), marketing, "sms", true, "agreed"},
			{"but is none for what they never agreed to", nil, consent.Sampling, "sms", false, "never agreed"},
			{"an older STOP that comes late changes nothing", wish(social.WishStop, 5, "sms"), marketing, "sms", true, "agreed"},
			{"a yes that ended", say(consent.Granted, marketing, 7, "", 50), marketing, "sms", false, "ended"},
			{"objection to service is heeded", say(consent.Withdrawn, service, 8, "", 0), service, "sms", false, "withdrew"},
		}
		for _, tt := range steps {
			var err error
			switch do := tt.do.(type) {
			case consent.Line:
				_, err = h.ledger.Write(as("ada"), who, do)
			case social.Wished:
				if err = h.ledger.Wished(as("ada"), do); err == nil {
					err = h.ledger.Wished(as("ada"), do) // facts come at least once
				}
			}
			if err != nil {
				t.Fatal(tt.name, err)
			}
			v, err := h.ledger.CanSend(as("ada"), nilsTel.ID(), tt.channel, tt.purpose)
			if err != nil || v.Clear != tt.clear || !strings.Contains(v.Why, tt.why) {
				t.Errorf("%s: %v %q %v", tt.name, v.Clear, v.Why, err)
			}
		}
		lines, _, _, err := h.ledger.History(as("ada"), who, "", 100)
		if err != nil || len(lines) != 8 {
			t.Errorf("%d lines, want 8: none twice, none lost; %v", len(lines), err)
		}
		if !slices.IsSortedFunc(lines, func(a, b consent.Line) int { return b.At.Compare(a.At) }) {
			t.Error("the newest comes first")
		}
	})
}

func TestConsentsFromElsewhere(t *testing.T) {
	houses(t, func(h *house) {
		h.meet(nilsMail, "")
		file := "\ufeffAddress, purpose,state,at,shown,evidence,name\n" +
			"nils@home.example,marketing,granted,2025-03-01,Write to me.,at the till,\n" +
			"Amara@Home.example,topic:coffee,granted,2025-03-02T10:00:00Z,\"Coffee, please. 👋\",form,Amara\n" +
			"+49 170 9,marketing,granted,2025-03-01,x,y,\n" +
			"+49 170 55 66 77,marketing,refused,2025-03-01,,,\n" +
			"nils@home.example,marketing,granted,yesterday,x,y,\n" +
			"nils@home.example,marketing,granted,2025-03-01,,y,\n" +
			"\xff\xfe,marketing,granted,2025-03-01,x,y,\n"
		send := func(dry bool) string {
			body, _ := json.Marshal(map[string]any{"csv": file, "dry": dry})
			return h.ask("ada", "POST", "/api/consents/import", string(body), 200)
		}
		if got := send(true); !strings.Contains(got, `"rows":7,"added":3,"same":0,"unknown":2`) || !strings.Contains(got, `{"row":3,"why":`) {
			t.Errorf("dry: %s", got)
		}
		if got := h.ask("ada", "GET", "/api/consents/purposes", "", 200); strings.Contains(got, "granted") {
			t.Errorf("a dry run wrote something: %s", got)
		}
		if got := send(false); !strings.Contains(got, `"rows":7,"added":3,"same":0,"unknown":2`) {
			t.Errorf("kept: %s", got)
		}
		if got := send(false); !strings.Contains(got, `"added":0,"same":3,"unknown":0`) {
			t.Errorf("a second time: %s", got)
		}
		h.all([]asked{
			{"is in the ledger", "ada", "POST", "/api/consents/ask", `{"address":"amara@home.example","purpose":"topic:coffee","reference":"r"}`, 200, `"clear":true`, ""},
			{"a no as well", "ada", "POST", "/api/consents/ask", `{"address":"+49170556677","purpose":"marketing","reference":"r"}`, 200, "refused", ""},
			{"no heading", "ada", "POST", "/api/consents/import", `{"csv":"a,b\n1,2"}`, 422, "address", ""},
			{"nothing", "ada", "POST", "/api/consents/import", `{"csv":""}`, 422, "CSV", ""},
			{"not for responders", "nia", "POST", "/api/consents/import", `{"csv":"x"}`, 403, "privacy.write", ""},
		})
	})
}
