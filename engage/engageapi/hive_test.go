package engageapi_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/engage/engageapi"
	"github.com/parley-crm/parley/engage/engagedb"
	"github.com/parley-crm/parley/engage/hive"
	"github.com/parley-crm/parley/engage/hivedb"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

// swarm is a house with a hive. ana and ben see care, eve another programme,
// vic may only read, and lea leads care.
type swarm struct {
	*house
	hive  *hive.Hive
	talks *engagedb.DB
}

func (s *swarm) Scope(a social.Actor, p social.Permission) (social.Scope, bool) {
	care := social.Scope{Programmes: []social.ProgrammeID{"care"}}
	switch a.Member {
	case "ben":
		return care, p != social.GovernWrite
	case "lea":
		return care, true
	case "ana":
		return care, p != social.GovernWrite
	}
	return s.house.Scope(a, p)
}

func (s *swarm) Certified(context.Context, social.ProgrammeID) ([]social.MemberRef, error) {
	return []social.MemberRef{{ID: "ana", Name: "Ana"}, {ID: "ben", Name: "Ben"}}, nil
}
func (s *swarm) Names(_ context.Context, _ []social.MemberID) (map[social.MemberID]string, error) {
	return map[social.MemberID]string{"ana": "Ana", "ben": "Ben"}, nil
}
func (s *swarm) Talks(ctx context.Context, ids []social.ConversationID) ([]engage.Conversation, error) {
	return s.talks.Rows(ctx, ids)
}
func (s *swarm) Said(_ context.Context, ids []social.ConversationID) (map[social.ConversationID]hive.Said, error) {
	out := map[social.ConversationID]hive.Said{}
	for _, c := range ids {
		out[c] = hive.Said{Text: "How do I descale it?", Scores: social.Scores{Lang: "en"}}
	}
	return out, nil
}
func (s *swarm) Writing(context.Context, social.MemberID, social.ConversationID) (time.Time, error) {
	return time.Time{}, nil
}

// crew is the swarm as those who may answer.
type crew struct{ *swarm }

func (crew) Programmes(context.Context) ([]social.ProgrammeRef, error) {
	return []social.ProgrammeRef{{ID: "care", Name: "Care"}}, nil
}

func openHive(t *testing.T, db *store.DB, now *clock.Set) *swarm {
	now.Move(time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC))
	s := &swarm{house: open(t, db, now), talks: engagedb.New(db)}
	s.hive = &hive.Hive{Store: hivedb.New(db), Desk: s.desk, Reader: s, Crew: crew{s}, Gate: s, Clock: now, Here: func(social.MemberID) bool { return true }}
	s.srv = server.New(server.Options{Authority: s, Clock: now, DB: db})
	engageapi.RegisterHive(s.srv, s.hive, s.desk, s)
	s.handler = s.srv.Handler()
	return s
}

// asks is a conversation that begins and enters the hive.
func (s *swarm) asks() social.ConversationID {
	s.t.Helper()
	now := s.now.Now()
	who := social.Author{Scheme: "acct", Value: "maya@example.org", Handle: "maya", Name: "Maya"}
	c := &engage.Conversation{ID: social.ConversationID(id.At(now)), Channel: "ch-1", Thread: id.New(), Visibility: social.Public, Programme: "care", Identity: who.ID(), Author: who,
		Subject: "How do I descale it?", Preview: "How do I descale it?", PreviewBy: engage.ByThem, PreviewAt: now, Lang: "en", State: engage.Open, Turn: engage.Ours, Messages: 1,
		Parent: "p", ParentAt: now, LastAt: now, BeganAt: now, AskedAt: now, WaitingSince: now, HeardAt: now, CreatedAt: now, Version: 1}
	err := s.db.InTx(context.Background(), func(ctx context.Context) error {
		return s.talks.Save(ctx, engage.Batch{Conversations: []*engage.Conversation{c}})
	})
	if err == nil {
		err = s.hive.Hear(context.Background(), hive.Heard{Changed: []social.ConversationID{c.ID}})
	}
	if err != nil {
		s.t.Fatal(err)
	}
	return c.ID
}

const rules = `{"on":true,"takes":"all","intents":[],"topics":[],"first":2,"widen":5,"target":60,"reserve":15,"claim":20,"daily":5,"langs":["en"],"centre":["ben"],
	"week":{"zone":"UTC","days":[1,2,3,4,5],"from":540,"to":1080}}`

func TestTheHiveOverHTTP(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		s := openHive(t, db, now)
		s.case_("lea", "PUT", "/api/hive/programmes/care/rules", rules, 200, `"centre":[{"id":"ben"`)
		s.case_("ana", "PUT", "/api/hive/me", `{"week":{"zone":"","days":[],"from":0,"to":0},"daily":3,"langs":["en"],"expertise":["descaling"]}`, 200, `"limit":3`)
		s.case_("ana", "POST", "/api/hive/me/state", `{"state":"available"}`, 200, `"state":"available"`)
		c := string(s.asks())
		q := "/api/hive/questions/" + c
		for _, tt := range []struct {
			who, method, path, body string
			status                  int
			want                    string
		}{
			{"ana", "GET", "/api/hive/questions?view=mine", "", 200, `"kind":"declared"`},
			{"ana", "GET", q, "", 200, `"text":"How do I descale it?"`},
			{"ben", "GET", "/api/hive/questions?view=mine", "", 200, `"items":[]`},
			{"eve", "GET", q, "", 404, "not for you"},
			{"eve", "POST", q + "/claim", "", 404, "not for you"},
			{"vic", "POST", q + "/claim", "", 403, ""},
			{"", "GET", "/api/hive/me", "", 401, ""},
			{"ana", "GET", q + "/trace", "", 403, ""},
			{"ana", "GET", "/api/hive/programmes/care/board", "", 403, ""},
			{"lea", "GET", "/api/hive/programmes/other/board", "", 404, "not for you"},
			{"lea", "GET", "/api/hive/programmes/other/rules", "", 404, "not for you"},
			{"lea", "PUT", "/api/hive/programmes/care/rules", strings.Replace(rules, `"first":2`, `"first":0`, 1), 422, "between 1 and 20"},
			{"lea", "PUT", "/api/hive/programmes/care/rules", strings.Replace(rules, `"on":true`, `"on":true,"nonsense":1`, 1), 422, "unexpected property"},
			{"ana", "PUT", "/api/hive/me", `{"week":{"zone":"Mars/Base","days":[1],"from":0,"to":60},"daily":3,"langs":[],"expertise":[]}`, 422, "time zone"},
			{"ana", "POST", q + "/pass", `{"because":"whatever"}`, 422, ""},
			{"ben", "POST", q + "/claim", "", 200, `"claimed_by":{"id":"ben"`},
			{"ana", "POST", q + "/claim", "", 409, "Ben was faster by"},
			{"ana", "POST", q + "/release", "", 409, "don't have"},
			{"ben", "POST", q + "/further", `{"key":"k1","members":["ana"],"words":"Does vinegar do?"}`, 200, `"id":"ana"`},
			{"ana", "GET", "/api/hive/questions?view=mine", "", 200, `"words":"Does vinegar do?"`},
			{"ana", "POST", q + "/suggestions", `{"key":"k2","text":"It does."}`, 204, ""},
			{"ben", "POST", q + "/release", "", 200, `"state":"offered"`},
			{"ana", "GET", "/api/hive/mates?programme=care&q=desc", "", 200, `"name":"Ana"`},
			{"eve", "GET", "/api/hive/mates?programme=care", "", 404, "not for you"},
			{"lea", "GET", q + "/trace", "", 200, `"score"`},
			{"lea", "GET", "/api/hive/programmes/care/board?days=1", "", 200, `"asked":1`},
			{"lea", "GET", "/api/hive/programmes/care/questions?view=offered", "", 200, c},
			{"lea", "GET", "/api/hive/programmes", "", 200, `"on":true`},
			{"ana", "POST", "/api/conversations/" + c + "/hive", "", 200, c},
		} {
			s.case_(tt.who, tt.method, tt.path, tt.body, tt.status, tt.want)
		}
		s.shut = "You have not acknowledged “Tone”."
		s.case_("ana", "POST", q+"/claim", "", 403, "acknowledged")
	})
}

// case_ asks as somebody and looks at the answer.
func (s *swarm) case_(who, method, path, body string, status int, want string) {
	s.t.Helper()
	got, _, text := s.call(who, method, path, body)
	if got != status || !strings.Contains(text, want) {
		s.t.Errorf("%s: %s %s %s\ngave %d %s\nwant %d with %s", who, method, path, body, got, text, status, want)
	}
}
