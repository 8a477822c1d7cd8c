package analyzeapi_test

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/parley-crm/parley/analyze"
	"github.com/parley-crm/parley/analyze/analyzeapi"
	"github.com/parley-crm/parley/analyze/analyzedb"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

// door lets everybody in by a token that names the permissions they have.
type door struct{}

func (door) Authenticate(_ context.Context, c server.Credentials) (social.Actor, error) {
	if c.Token == "" {
		return social.Actor{}, social.Errorf(social.Unauth, "Nobody is signed in.")
	}
	return social.Actor{Member: "m", Name: "Ida", Token: c.Token}, nil
}

func (door) Scope(a social.Actor, p social.Permission) (social.Scope, bool) {
	return social.Scope{All: true}, strings.Contains(a.Token, string(p))
}

type posts map[social.ActivityID]social.Mention

func (p posts) Mentions(_ context.Context, ids []social.ActivityID) (out []social.Mention, err error) {
	for _, id := range ids {
		if m, ok := p[id]; ok {
			out = append(out, m)
		}
	}
	return out, nil
}

func TestCorrectionsOverHTTP(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		heard := posts{"a1": {Activity: social.Activity{ID: "a1", Text: "Great, another delay."}}, "own": {Activity: social.Activity{ID: "own", Own: true}}}
		scorer, err := analyze.NewScorer(analyze.Options{Why: 3})
		if err != nil {
			t.Fatal(err)
		}
		kept := analyzedb.New(db)
		reader := &analyze.Reader{Store: kept, Hearing: heard, Score: scorer.ScoreAll}
		if err := db.InTx(t.Context(), func(ctx context.Context) error { return reader.Read(ctx, []social.ActivityID{"a1", "own"}) }); err != nil {
			t.Fatal(err)
		}
		s := server.New(server.Options{Authority: door{}, Clock: now, Version: "test", DB: db})
		analyzeapi.Register(s,
			&analyze.Corrector{Store: kept, Reader: reader, Clock: now, Sees: func(_ context.Context, id social.ActivityID) (bool, error) { return id != "hidden", nil }},
			&analyze.Tuner{Store: kept, Hearing: heard, Clock: now, Changed: func(context.Context) error { return nil }})
		handler := s.Handler()
		const all = "listen.read score.correct model.train"
		for _, tt := range []struct {
			name, as, method, path, body string
			want                         int
			has                          string
		}{
			{"what is said of a text", all, "GET", "/api/activities/a1/scores", "", 200, `"emotions":[{"label":`},
			{"a correction", all, "POST", "/api/activities/a1/corrections", `{"part":"sentiment","labels":["negative"]}`, 200, `"corrected":["sentiment"]`},
			{"the same again", all, "POST", "/api/activities/a1/corrections", `{"part":"sentiment","labels":["negative"]}`, 200, `"corrected":["sentiment"]`},
			{"an unknown label", all, "POST", "/api/activities/a1/corrections", `{"part":"sentiment","labels":["meh"]}`, 422, `meh`},
			{"an unknown part", all, "POST", "/api/activities/a1/corrections", `{"part":"mood","labels":["negative"]}`, 422, `part`},
			{"an unknown field", all, "POST", "/api/activities/a1/corrections", `{"part":"sentiment","labels":["negative"],"x":1}`, 422, `x`},
			{"our own words", all, "POST", "/api/activities/own/corrections", `{"part":"sentiment","labels":["negative"]}`, 403, `never scored`},
			{"what one may not see", all, "GET", "/api/activities/hidden/scores", "", 404, `not for you`},
			{"without the permission", "listen.read", "POST", "/api/activities/a1/corrections", `{"part":"sentiment","labels":["negative"]}`, 403, ``},
			{"the list", all, "GET", "/api/corrections?limit=10", "", 200, `"was":["`},
			{"the list for others", "score.correct", "GET", "/api/corrections", "", 403, ``},
			{"a forged cursor", all, "GET", "/api/corrections?cursor=zzz", "", 422, `cursor`},
			{"what there is to learn from", all, "GET", "/api/tunings", "", 200, `{"part":"sentiment","count":1}`},
			{"learning", all, "POST", "/api/tunings", "", 200, `"state":"waiting"`},
			{"using what waits", all, "POST", "/api/tunings/nothing/use", "", 404, ``},
			{"going back", all, "POST", "/api/tunings/leave", "", 200, `"items"`},
			{"taking it back", all, "DELETE", "/api/activities/a1/corrections/sentiment", "", 200, `"corrected":[]`},
			{"taking it back twice", all, "DELETE", "/api/activities/a1/corrections/sentiment", "", 404, ``},
		} {
			r := httptest.NewRequest(tt.method, tt.path, strings.NewReader(tt.body))
			r.Header.Set("Authorization", "Bearer "+tt.as)
			if tt.body != "" {
				r.Header.Set("Content-Type", "application/json")
			}
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, r)
			if w.Code != tt.want || !strings.Contains(w.Body.String(), tt.has) {
				t.Errorf("%s: %d %s, want %d with %s", tt.name, w.Code, w.Body, tt.want, tt.has)
			}

		}
	})
}
