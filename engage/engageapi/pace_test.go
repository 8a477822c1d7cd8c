package engageapi_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/engage/engageapi"
	"github.com/parley-crm/parley/engage/engagedb"
	"github.com/parley-crm/parley/engage/pacedb"
	"github.com/parley-crm/parley/engage/pledge"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

// TestTimeOverHTTP goes through calendars and pledges as ada, who manages
// all; sue manages the south only, and vic reads.
func TestTimeOverHTTP(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		s := &bookcase{house: house{t: t, now: now, db: db}}
		s.desk = &engage.Desk{Store: engagedb.New(db), Heard: s, Understood: s, Gate: s, Networks: s, Mates: s, Clock: now}
		s.desk.Pace = &pledge.Book{Store: pacedb.New(db), Clock: now, Fields: engage.PledgeFields()}
		s.srv = server.New(server.Options{Authority: paceDoors{s}, Clock: now, DB: db})
		engageapi.RegisterPace(s.srv, s.desk, s)
		s.handler = s.srv.Handler()
		office := `{"name":"Office","zone":"Europe/Berlin","week":[[],[{"from":540,"to":1020}],[],[],[],[],[]],"holidays":[]}`
		made := s.ask("ada", "POST", "/api/calendars", office, http.StatusCreated)
		cal := between(made, `"id":"`, `"`)
		quick := `{"name":"Quick","conditions":{},"first_s":3600,"calendar":"` + cal + `","pause":true,"warn_s":600,"steps":[],"on":true}`
		first := between(s.ask("ada", "POST", "/api/pledges", quick, http.StatusCreated), `"id":"`, `"`)
		for _, c := range []struct {
			name, as, method, path, body string
			want                         int
		}{
			{"a stranger sees nothing", "", "GET", "/api/calendars", "", 401},
			{"who reads sees calendars", "vic", "GET", "/api/calendars", "", 200},
			{"and changes none", "vic", "POST", "/api/calendars", office, 403},
			{"nor does who manages a part", "sue", "POST", "/api/calendars", office, 403},
			{"a zone that is none", "ada", "POST", "/api/calendars", strings.Replace(office, "Europe/Berlin", "Europe/Atlantis", 1), 422},
			{"eight days a week", "ada", "POST", "/api/calendars", strings.Replace(office, "[[],", "[[],[],", 1), 422},
			{"a field that is unknown", "ada", "POST", "/api/calendars", strings.Replace(office, "{", `{"x":1,`, 1), 422},
			{"one that a pledge counts by stays", "ada", "DELETE", "/api/calendars/" + cal, "", 409},
			{"no calendar file", "ada", "POST", "/api/calendars/holidays", `{"text":"hello"}`, 422},
			{"a pledge of nothing", "ada", "POST", "/api/pledges", strings.Replace(quick, `"first_s":3600,`, "", 1), 422},
			{"a pledge of seconds", "ada", "POST", "/api/pledges", strings.Replace(quick, "3600", "5", 1), 422},
			{"a pledge that is as long as time", "ada", "POST", "/api/pledges", strings.Replace(quick, "3600", "9007199254740991", 1), 422},
			{"a warning before it begins", "ada", "POST", "/api/pledges", strings.Replace(quick, `"warn_s":600`, `"warn_s":7200`, 1), 422},
			{"a calendar that is not there", "ada", "POST", "/api/pledges", strings.Replace(quick, cal, "nope", 1), 422},
			{"a condition that nothing has", "ada", "POST", "/api/pledges", strings.Replace(quick, `"conditions":{}`, `"conditions":{"field":"1=1; --","op":"is","values":["x"]}`, 1), 422},
			{"a step to nobody", "ada", "POST", "/api/pledges", strings.Replace(quick, `"steps":[]`, `"steps":[{"after_s":0,"do":"give_to"}]`, 1), 422},
			{"a pledge of somebody who manages a part", "sue", "PUT", "/api/pledges/" + first, quick, 403},
			{"a pledge that is not there", "ada", "PUT", "/api/pledges/nope", quick, 404},
			{"an order of others", "ada", "POST", "/api/pledges/order", `{"ids":["x"]}`, 409},
			{"a report of no days", "vic", "GET", "/api/pledges/report?from=x&to=y", "", 422},
			{"a report of ten years", "vic", "GET", "/api/pledges/report?from=2016-01-01&to=2026-01-01", "", 422},
			{"a report", "vic", "GET", "/api/pledges/report?from=2026-11-01&to=2026-12-01", "", 200},
			{"what stands behind it", "vic", "GET", "/api/pledges/outcomes?from=2026-11-01&to=2026-12-01&goal=first", "", 200},
			{"a goal that is none", "vic", "GET", "/api/pledges/outcomes?from=2026-11-01&to=2026-12-01&goal=x", "", 422},
			{"a pledge goes", "ada", "DELETE", "/api/pledges/" + first, "", 204},
			{"then its calendar", "ada", "DELETE", "/api/calendars/" + cal, "", 204},
		} {
			t.Run(c.name, func(t *testing.T) {
				s.t = t
				s.ask(c.as, c.method, c.path, c.body, c.want)
			})
		}
	})
}

func between(s, a, b string) string {
	_, s, _ = strings.Cut(s, a)
	s, _, _ = strings.Cut(s, b)
	return s
}

// paceDoors lets in: ada everywhere, sue in the south, vic who reads.
type paceDoors struct{ *bookcase }

func (d paceDoors) Scope(a social.Actor, p social.Permission) (social.Scope, bool) {
	if a.Member == "vic" {
		return social.Scope{All: true}, p == social.InboxRead
	}
	return d.bookcase.Scope(a, p)
}
