package engageapi_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/engage/engageapi"
	"github.com/parley-crm/parley/engage/engagedb"
	"github.com/parley-crm/parley/engage/moderate"
	"github.com/parley-crm/parley/engage/shelf"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

// house serves a desk whose neighbours are simulated.
type house struct {
	t       *testing.T
	now     *clock.Set
	db      *store.DB
	srv     *server.Server
	desk    *engage.Desk
	known   map[social.ActivityID]social.Mention
	shut    string
	sent    []social.Reply
	fail    error
	window  time.Duration // for which a reply is taken; 0 for ever
	handler http.Handler
}

func open(t *testing.T, db *store.DB, now *clock.Set) *house {
	h := &house{t: t, now: now, db: db, known: map[social.ActivityID]social.Mention{}}
	h.desk = &engage.Desk{Store: engagedb.New(db), Heard: h, Understood: h, Gate: h, Networks: h, Mates: h, Clock: now}
	h.srv = server.New(server.Options{Authority: h, Clock: now, DB: db, Limits: server.Limits{}})
	engageapi.Register(h.srv, h.desk, &shelf.Shelf{Store: engagedb.New(db), Desk: h.desk}, &moderate.Moderator{Store: engagedb.New(db), Gate: h, Networks: h, Clock: now}, h)
	h.handler = h.srv.Handler()
	return h
}

// Authenticate takes the token as the member's name.
func (h *house) Authenticate(_ context.Context, c server.Credentials) (social.Actor, error) {
	if c.Token == "" {
		return social.Actor{}, social.Errorf(social.Unauth, "Nobody.")
	}
	return social.Actor{Member: social.MemberID(c.Token), Name: c.Token, Role: social.Responder}, nil
}

// Scope: ana sees care, eve sees another programme, vic may only read.
func (h *house) Scope(a social.Actor, p social.Permission) (social.Scope, bool) {
	switch a.Member {
	case "ana":
		return social.Scope{Programmes: []social.ProgrammeID{"care"}}, true
	case "eve":
		return social.Scope{Programmes: []social.ProgrammeID{"other"}}, true
	case "vic":
		return social.Scope{All: true}, p == social.InboxRead
	}
	return social.Scope{}, false
}

func (h *house) Mentions(_ context.Context, ids []social.ActivityID) (out []social.Mention, err error) {
	for _, id := range ids {
		if m, ok := h.known[id]; ok {
			out = append(out, m)
		}
	}
	return out, nil
}

func (h *house) Scores(context.Context, []social.ActivityID) (map[social.ActivityID]social.Scores, error) {
	return nil, nil
}

func (h *house) Clear(context.Context, engage.Ask) (engage.Verdict, error) {
	if h.shut != "" {
		return engage.Verdict{Why: h.shut, Fix: "/govern/policies/p", Missing: []engage.Missing{{What: "acknowledgement", Text: h.shut, Fix: "/govern/policies/p"}}}, nil
	}
	return engage.Verdict{Clear: true}, nil
}

func (h *house) Channel(_ context.Context, id social.ChannelID) (channel.Channel, error) {
	if id != "ch-1" {
		return nil, social.Errorf(social.NotFound, "There is no such channel.")
	}
	return h, nil
}

func (h *house) Read(channel.Event) ([]social.Activity, error) { return nil, nil }
func (h *house) Visibilities() []social.Visibility {
	return []social.Visibility{social.Public, social.Direct}
}
func (h *house) Fit(text string) channel.Room {
	return channel.Room{Fits: len(text) <= 50, Left: 50 - len(text), Max: 50, Unit: "characters"}
}
func (h *house) Send(_ context.Context, r social.Reply) (channel.Receipt, error) {
	h.sent = append(h.sent, r)
	return channel.Receipt{ExternalID: "out-" + r.Key, At: h.now.Now()}, h.fail
}

func (h *house) Window(_, _ social.Visibility) time.Duration { return h.window }

func (h *house) Mates(context.Context, social.ProgrammeID) ([]engage.Mate, error) {
	return []engage.Mate{{ID: "ana", Name: "Ana"}, {ID: "vic", Name: "Vic"}}, nil
}
func (h *house) Channels(context.Context, []social.ChannelID) (map[social.ChannelID]social.ChannelRef, error) {
	return map[social.ChannelID]social.ChannelRef{"ch-1": {ID: "ch-1", Kind: "practice", Name: "The line"}}, nil
}
func (h *house) Members(context.Context, []social.MemberID) (map[social.MemberID]social.MemberRef, error) {
	return map[social.MemberID]social.MemberRef{"ana": {ID: "ana", Name: "Ana"}}, nil
}
func (h *house) Programmes(context.Context, []social.ProgrammeID) (map[social.ProgrammeID]social.ProgrammeRef, error) {
	return map[social.ProgrammeID]social.ProgrammeRef{"care": {ID: "care", Name: "Care"}}, nil
}
func (h *house) MonitorNames(context.Context, []social.MonitorID) (map[social.MonitorID]string, error) {
	return nil, nil
}
func (h *house) Persons(context.Context, []social.IdentityID) (map[social.IdentityID]social.PersonID, error) {
	return nil, nil
}
func (h *house) Kin(_ context.Context, id social.IdentityID) ([]social.IdentityID, error) {
	return []social.IdentityID{id}, nil
}
func (h *house) CreditsOf(context.Context, social.ConversationID) ([]engageapi.Credit, error) {
	return nil, nil
}

// began is a conversation that Maya began.
func (h *house) began() social.ConversationID {
	h.t.Helper()
	m := social.Mention{Activity: social.Activity{ID: "a1", Channel: "ch-1", ExternalID: "p1", Author: social.Author{Scheme: "acct", Value: "maya", Handle: "maya", Name: "Maya"},
		Text: "my kettle leaks", Visibility: social.Public, Published: h.now.Now()}, Inbox: true, Programme: "care"}
	h.known["a1"] = m
	if err := h.desk.Hear(context.Background(), []social.ActivityID{"a1"}); err != nil {
		h.t.Fatal(err)
	}
	page, err := h.desk.List(social.WithScope(context.Background(), social.Scope{All: true}), engage.Query{View: engage.ViewAll})
	if err != nil || len(page.Rows) != 1 {
		h.t.Fatal(err, len(page.Rows))
	}
	return page.Rows[0].ID
}

// call makes a request and returns status and body.
func (h *house) call(who, method, path, body string) (int, map[string]any, string) {
	h.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if who != "" {
		r.Header.Set("Authorization", "Bearer "+who)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	w := httptest.NewRecorder()
	h.handler.ServeHTTP(w, r)
	text, _ := io.ReadAll(w.Result().Body)
	var out map[string]any
	_ = json.Unmarshal(text, &out)
	return w.Code, out, string(text)
}

func TestTheStoryOfOneConversation(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		h := open(t, db, now)
		id := string(h.began())
		at := "/api/conversations/" + id
		var message string
		steps := []struct {
			name, who, method, path, body string
			status                        int
			has                           string // must be in the answer
			hasNot                        string
		}{
			{"list", "ana", "GET", "/api/conversations?view=unassigned", "", 200, `"subject":"my kettle leaks"`, `$schema`},
			{"list unread", "ana", "GET", "/api/conversations", "", 200, `"unread":true`, ""},
			{"list of another programme", "eve", "GET", "/api/conversations?view=all", "", 200, `"items":[]`, "kettle"},
			{"unknown view", "ana", "GET", "/api/conversations?view=secret", "", 422, "", ""},
			{"forged cursor", "ana", "GET", "/api/conversations?cursor=xx", "", 422, "cursor", ""},
			{"unknown parameter", "ana", "GET", "/api/conversations?order=x", "", 422, "", ""},
			{"counts", "ana", "GET", "/api/conversations/counts", "", 200, `{"mine":0,"unassigned":1,"open":1,"waiting":0,"snoozed":0,"resolved":0}`, ""},
			{"counts of another programme", "eve", "GET", "/api/conversations/counts", "", 200, `"open":0`, ""},
			{"nobody", "", "GET", at, "", 401, "", "kettle"},
			{"open", "ana", "GET", at, "", 200, `"abilities":{"public":true,"direct":true}`, ""},
			{"gate", "ana", "GET", at, "", 200, `"gate":{"clear":true,"missing":[]}`, ""},
			{"read", "ana", "POST", at + "/read", "", 204, "", ""},
			{"read now", "ana", "GET", at, "", 200, `"unread":false`, ""},
			{"claim", "ana", "POST", at + "/claim", "", 200, `"assignee":{"id":"ana","name":"Ana"}`, ""},
			{"may not", "vic", "POST", at + "/claim", "", 403, "", ""},
			{"mine", "ana", "GET", "/api/conversations?view=mine", "", 200, id, ""},
			{"no draft", "ana", "GET", at + "/draft", "", 200, `"text":""`, ""},
			{"draft", "ana", "PUT", at + "/draft", `{"text":"Dear M","visibility":"public"}`, 200, "Dear M", ""},
			{"has a draft", "ana", "GET", at, "", 200, `"draft":true`, ""},
			{"draft is one's own", "vic", "GET", at + "/draft", "", 200, `"text":""`, "Dear"},
			{"throw it away", "ana", "DELETE", at + "/draft", "", 204, "", ""},
			{"note", "ana", "POST", at + "/notes", `{"key":"n1","text":"she is a regular"}`, 201, `"visibility":"internal"`, ""},
			{"note again", "ana", "POST", at + "/notes", `{"key":"n1","text":"she is a regular"}`, 201, "", ""},
			{"fit", "ana", "POST", "/api/fit", `{"channel":"ch-1","text":"hello","visibility":"public"}`, 200, `{"fits":true,"left":45,"max":50,"unit":"characters"}`, ""},
			{"fit nowhere", "ana", "POST", "/api/fit", `{"channel":"ch-9","text":"hello"}`, 404, "", ""},
			{"nobody else gets a reply there", "ana", "GET", at + "/recipients", "", 200, `{"most":0,"others":[]}`, ""},
			{"recipients of another programme", "eve", "GET", at + "/recipients", "", 404, "", ""},
			{"a reply to others, too", "ana", "POST", at + "/replies", `{"key":"r0","text":"x","cc":["noah@home.example"]}`, 422, `"field":"cc"`, ""},
			{"a draft for others, too", "ana", "PUT", at + "/draft", `{"text":"x","visibility":"direct","cc":["noah@home.example"]}`, 200, `"cc":["noah@home.example"]`, ""},
			{"for nobody else", "ana", "PUT", at + "/draft", `{"text":"x","visibility":"direct","cc":[]}`, 200, `"cc":[]`, ""},
			{"throw that away", "ana", "DELETE", at + "/draft", "", 204, "", `"cc"`},
			{"reply too long", "ana", "POST", at + "/replies", `{"key":"r0","text":"` + strings.Repeat("x", 51) + `"}`, 422, `"field":"text"`, ""},
			{"reply, unknown field", "ana", "POST", at + "/replies", `{"key":"r0","text":"x","author":"boss"}`, 422, "", ""},
			{"reply without permission", "vic", "POST", at + "/replies", `{"key":"r0","text":"x"}`, 403, "", ""},
			{"reply", "ana", "POST", at + "/replies", `{"key":"r1","text":"On it.","visibility":"public","seen":99}`, 201, `"state":"queued"`, ""},
			{"same key, other words", "ana", "POST", at + "/replies", `{"key":"r1","text":"Off it."}`, 409, "", ""},
			{"queued in the list", "ana", "GET", "/api/conversations?view=all", "", 200, `"delivery":"queued"`, ""},
			{"snooze into the past", "ana", "POST", at + "/snooze", `{"until":"2020-01-01T00:00:00Z"}`, 422, "", ""},
			{"snooze", "ana", "POST", at + "/snooze", `{"until":"2026-11-22T00:00:00Z"}`, 200, `"state":"snoozed"`, ""},
			{"reopen", "ana", "POST", at + "/reopen", "", 200, `"state":"open"`, ""},
			{"give away", "ana", "POST", at + "/assign", `{"member":"vic"}`, 200, `"id":"vic"`, ""},
			{"to a stranger", "ana", "POST", at + "/assign", `{"member":"eve"}`, 422, "", ""},
			{"to nobody", "ana", "POST", at + "/assign", `{}`, 200, "", `"assignee"`},
			{"move out of sight", "ana", "PATCH", at, `{"programme":"other"}`, 404, "", ""},
			{"bulk", "ana", "POST", "/api/conversations/bulk", `{"ids":["` + id + `"],"act":"resolve"}`, 200, `"done":1,"refused":[],"undo":`, ""},
			{"tag with one that there is not", "ana", "POST", "/api/conversations/bulk", `{"ids":["` + id + `"],"act":"tag","tags":["x"]}`, 404, "no such tag", ""},
			{"priority", "ana", "POST", "/api/conversations/bulk", `{"ids":["` + id + `"],"act":"priority","priority":"high"}`, 200, `"done":1`, ""},
			{"save a view", "ana", "POST", "/api/views", `{"name":"Urgent","conditions":{"field":"priority","op":"is","values":["urgent","high"]}}`, 201, `"mine":true`, ""},
			{"share a view with all", "ana", "POST", "/api/views", `{"name":"Urgent","shared":true,"conditions":{}}`, 403, "within your programmes", ""},
			{"share a view that may only be read", "vic", "POST", "/api/views", `{"name":"Urgent","shared":true,"conditions":{}}`, 403, "", ""},
			{"a view of a field that there is not", "ana", "POST", "/api/views", `{"name":"Pay","conditions":{"join":"all","nodes":[{"field":"salary","op":"set"}]}}`, 422, "conditions.nodes[0].field", ""},
			{"views are one's own", "eve", "GET", "/api/views", "", 200, `"items":[]`, "Urgent"},
			{"views are counted", "ana", "GET", "/api/views/counts", "", 200, `"n":1,"sure":true`, ""},
			{"preview", "ana", "POST", "/api/views/preview", `{"conditions":{"field":"state","op":"is","values":["resolved"]}}`, 200, `"count":{"n":1,"sure":true}`, ""},
			{"preview elsewhere", "eve", "POST", "/api/views/preview", `{"conditions":{"field":"state","op":"is","values":["resolved"]}}`, 200, `"count":{"n":0,"sure":true}`, id},
			{"make a macro", "ana", "POST", "/api/macros", `{"name":"Thanks","text":"Thank you, {{person.first_name}}.","deeds":[{"act":"priority","priority":"low"}]}`, 201, `"mine":true`, ""},
			{"a macro with a variable that is none", "ana", "POST", "/api/macros", `{"name":"Bad","text":"{{x}}"}`, 422, "There is no {{x}}", ""},
			{"a viewer has no macros", "vic", "GET", "/api/macros", "", 403, "", ""},
			{"transcript", "ana", "GET", at + "/transcript", "", 200, "my kettle leaks", ""},
			{"make a team", "ana", "POST", "/api/teams", `{"name":"Care","programme":"care","sharing":"turns","members":["ana"]}`, 201, `"sharing":"turns"`, ""},
			{"a team elsewhere is not seen", "eve", "GET", "/api/teams", "", 200, `"items":[]`, ""},
			{"bulk with a stranger's", "ana", "POST", "/api/conversations/bulk", `{"ids":["` + id + `","x"],"act":"resolve"}`, 404, "", ""},
			{"resolved", "ana", "GET", "/api/conversations/counts", "", 200, `"resolved":1`, ""},
			{"mates", "ana", "GET", "/api/mates", "", 200, `{"id":"ana","name":"Ana"}`, ""},
			{"found", "ana", "GET", "/api/conversations?view=all&q=KETTLE+maya", "", 200, id, ""},
			{"not found", "ana", "GET", "/api/conversations?view=all&q=100%25", "", 200, `"items":[]`, ""},
			{"take again", "ana", "POST", "/api/mentions/a1/conversation", "", 201, id, ""},
			{"messages", "ana", "GET", at + "/messages?limit=3", "", 200, `"verb":"resolve"`, ""},
		}
		for _, s := range steps {
			now.Add(time.Millisecond)
			status, body, text := h.call(s.who, s.method, s.path, s.body)
			if status != s.status || !strings.Contains(text, s.has) || (s.hasNot != "" && strings.Contains(text, s.hasNot)) {
				t.Errorf("%s: %d %s\nwant %d with %s, without %s", s.name, status, text, s.status, s.has, s.hasNot)
			}
			if s.name == "reply" {
				message, _ = body["id"].(string)
			}
			if status >= 400 && body["detail"] == nil {
				t.Errorf("%s: no sentence in %s", s.name, text)
			}
		}
		if status, _, text := h.call("ana", "POST", "/api/messages/"+message+"/retry", ""); status != 409 {
			t.Errorf("retry of what is queued: %d %s", status, text)
		}
		now.Add(11 * time.Second)
		h.fail = social.Errorf(social.Unknown, "No answer.")
		if _, err := h.desk.Post(context.Background()); err != nil {
			t.Fatal(err)
		}
		now.Add(11 * time.Second)
		if _, err := h.desk.Post(context.Background()); err != nil {
			t.Fatal(err)
		}
		if _, _, text := h.call("ana", "GET", at, ""); !strings.Contains(text, `"delivery":"needs_check"`) {
			t.Errorf("needs check: %s", text)
		}
		if status, _, text := h.call("ana", "POST", "/api/messages/"+message+"/check", ""); status != 422 {
			t.Errorf("check: %d %s", status, text)
		}
		if status, _, text := h.call("ana", "POST", "/api/messages/"+message+"/settle", `{"sent":true}`); status != 200 || !strings.Contains(text, `"state":"sent"`) {
			t.Errorf("settle: %d %s", status, text)
		}
		if status, _, _ := h.call("ana", "DELETE", "/api/messages/"+message, ""); status != 409 {
			t.Errorf("undo of what was sent: %d", status)
		}
		if len(h.sent) != 1 {
			t.Errorf("sent %d times", len(h.sent))
		}
		h.shut = "You have not acknowledged the policy."
		if status, body, _ := h.call("ana", "POST", at+"/replies", `{"key":"r2","text":"Hi"}`); status != 403 || body["fix"] != "/govern/policies/p" {
			t.Errorf("gate: %d %v", status, body)
		}
	})
}

// TestNobodyReachesWhatTheyMayNotSee tries every operation that names a
// conversation, message or mention as a member of another programme.
func TestNobodyReachesWhatTheyMayNotSee(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		h := open(t, db, now)
		id := h.began()
		_, body, _ := h.call("ana", "POST", "/api/conversations/"+string(id)+"/replies", `{"key":"r1","text":"On it."}`)
		message, _ := body["id"].(string)
		bodies := map[string]string{
			"assign": `{"member":"ana"}`, "snooze": `{"until":"2026-11-22T00:00:00Z"}`, "reply": `{"key":"x","text":"x"}`,
			"note": `{"key":"x","text":"x"}`, "keep-draft": `{"text":"x"}`, "settle-reply": `{"sent":true}`, "move-conversation": `{"programme":""}`,
			"edit-view": `{"name":"x","conditions":{}}`, "edit-team": `{"name":"x","members":[]}`, "edit-macro": `{"name":"x","text":"x"}`,
			"preview-reply": `{"text":"x"}`, "merge-conversations": `{"conversations":["x"]}`, "split-conversation": `{"messages":["x"]}`,
			"hide-message": `{"reason":"spam"}`, "remove-message": `{"reason":"spam"}`,
		}
		before := rows(t, db)
		tried := 0
		for _, op := range h.srv.Operations() {
			if op.Tag != "Engage" || !strings.Contains(op.Path, "{id}") {
				continue
			}
			name := string(id)
			if strings.Contains(op.Path, "/messages/{id}") {
				name = message
			}
			if strings.Contains(op.Path, "/mentions/{id}") {
				name = "a1"
			}
			path := strings.ReplaceAll(op.Path, "{id}", name)
			status, out, text := h.call("eve", op.Method, path, bodies[op.ID])
			if status != 404 || strings.Contains(text, "kettle") {
				t.Errorf("%s %s: %d %s", op.Method, path, status, text)
			}
			_, none, _ := h.call("eve", op.Method, strings.ReplaceAll(op.Path, "{id}", "00000000-0000-7000-8000-000000000000"), bodies[op.ID])
			if none["detail"] != out["detail"] {
				t.Errorf("%s tells apart what is hidden and what is not there: %v, %v", op.ID, out["detail"], none["detail"])
			}
			if status, _, _ := h.call("", op.Method, path, bodies[op.ID]); status != 401 {
				t.Errorf("%s without a session: %d", op.ID, status)
			}
			tried++
		}
		if tried < 15 {
			t.Fatalf("only %d operations were tried", tried)
		}
		if status, _, _ := h.call("eve", "POST", "/api/conversations/bulk", `{"ids":["`+string(id)+`"],"act":"resolve"}`); status != 404 {
			t.Errorf("bulk: %d", status)
		}
		if after := rows(t, db); after != before {
			t.Errorf("a refused request changed rows: %s, before %s", after, before)
		}
	})
}

// rows sums up what the room has stored.
func rows(t *testing.T, db *store.DB) string {
	t.Helper()
	var out strings.Builder
	for _, q := range []string{
		"SELECT COUNT(*) FROM message", "SELECT COUNT(*) FROM draft", "SELECT COUNT(*) FROM conversation_read", "SELECT COUNT(*) FROM record",
		"SELECT SUM(version) FROM conversation", "SELECT COUNT(*) FROM delivery WHERE state = 'queued'",
	} {
		var n string
		if err := db.IDB(context.Background()).NewRaw("SELECT CAST(("+q+") AS TEXT)").Scan(context.Background(), &n); err != nil {
			t.Fatal(err)
		}
		out.WriteString(n + " ")
	}
	return out.String()
}

func TestTheWindowIsToldAndKept(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		h := open(t, db, now)
		id := h.began()
		path := "/api/conversations/" + string(id)
		code, got, body := h.call("ana", "GET", path, "")
		if code != 200 || strings.Contains(body, "_until") || got["abilities"].(map[string]any)["public"] != true {
			t.Fatalf("without a window: %d %s", code, body)
		}
		h.window = 24 * time.Hour
		end := now.Now().Add(h.window)
		_, got, body = h.call("ana", "GET", path, "")
		if got["abilities"].(map[string]any)["public_until"] != end.Format(time.RFC3339) {
			t.Fatalf("want %s: %s", end.Format(time.RFC3339), body)
		}
		now.Move(end)
		code, got, body = h.call("ana", "POST", path+"/replies", `{"key":"late","text":"Hello?"}`)
		if code != 403 || !strings.Contains(body, "write again") {
			t.Fatalf("after its end: %d %v %s", code, got, body)
		}
	})
}

// Reach asks as the operation of another permission would be asked.
func (h *house) Reach(ctx context.Context, p social.Permission) (context.Context, bool) {
	a, _ := social.ActorOf(ctx)
	scope, ok := h.Scope(a, p)
	return social.WithScope(ctx, scope), ok
}
