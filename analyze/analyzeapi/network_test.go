package analyzeapi_test

import (
	"context"
	"encoding/json"
	"net/http/httptest"
	"os"
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

// gate lets in whoever bears a token: "all" sees everything, "press" only
// people, but of no programme, and any other the programme of that name.
type gate struct{ door }

func (gate) Scope(a social.Actor, p social.Permission) (social.Scope, bool) {
	switch a.Token {
	case "all":
		return social.Scope{All: true}, true
	case "listener": // may listen, and not see people
		return social.Scope{All: true}, p == social.ListenRead
	}
	return social.Scope{Programmes: []social.ProgrammeID{social.ProgrammeID(a.Token)}}, p == social.PeopleRead
}

type nobody struct{}

func (nobody) Persons(_ context.Context, ids []social.IdentityID) (map[social.IdentityID]social.PersonID, error) {
	out := map[social.IdentityID]social.PersonID{}
	for _, id := range ids {
		if id == "maya" {
			out[id] = "p-maya"
		}
	}
	return out, nil
}

// village is a small network: on the channels of the programme care Maya is
// answered, named, shared and quoted; on those of press Zoe is answered.
func village(t *testing.T, db *store.DB, now clock.Clock) *analyzedb.DB {
	t.Helper()
	kept := analyzedb.New(db)
	bond := func(c, kind, from, to string) analyze.Bond {
		return analyze.Bond{Activity: social.ActivityID(c + kind + from), Kind: analyze.BondKind(kind), Target: c + kind + from, Channel: social.ChannelID(c),
			From: social.IdentityID(from), To: social.IdentityID(to), At: now.Now()}
	}
	err := db.InTx(t.Context(), func(ctx context.Context) error {
		return kept.Bind(ctx, []analyze.Bond{
			bond("c1", "reply", "tom", "maya"), bond("c1", "share", "kim", "maya"), bond("c1", "share", "tom", "maya"),
			bond("c1", "quote", "lea", "maya"), bond("c1", "mention", "maya", "tom"), bond("c2", "reply", "ann", "zoe"),
		}, nil)
	})
	if err == nil {
		err = (&analyze.Weaver{Store: kept, Speakers: crier{}, Clock: now}).Weave(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	return kept
}

// TestNetworkOverHTTP asks what testdata/network.json says: who asks for what,
// the status, what must stand in the answer, and what must not.
func TestNetworkOverHTTP(t *testing.T) {
	raw, err := os.ReadFile("testdata/network.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Name   string   `json:"name"`
		As     string   `json:"as"`
		Path   string   `json:"path"`
		Status int      `json:"status"`
		Body   string   `json:"body"` // how the whole answer reads, where that is given
		Has    []string `json:"has"`
		Hasnt  []string `json:"hasnt"`
	}
	if err := json.Unmarshal(raw, &cases); err != nil || len(cases) == 0 {
		t.Fatal(len(cases), err)
	}
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		s := server.New(server.Options{Authority: gate{}, Clock: now, Version: "test", DB: db})
		analyzeapi.RegisterNetwork(s, village(t, db, now), nobody{})
		handler := s.Handler()
		for _, tt := range cases {
			r := httptest.NewRequest("GET", tt.Path, nil)
			if tt.As != "" {
				r.Header.Set("Authorization", "Bearer "+tt.As)
			}
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, r)
			got := strings.TrimSpace(w.Body.String())
			if w.Code != tt.Status || tt.Body != "" && got != tt.Body {
				t.Errorf("%s: %d %s, want %d %s", tt.Name, w.Code, got, tt.Status, tt.Body)
			}
			for _, x := range tt.Has {
				if !strings.Contains(got, x) {
					t.Errorf("%s: %s stands nowhere in %s", tt.Name, x, got)
				}
			}
			for _, x := range tt.Hasnt {
				if strings.Contains(got, x) {
					t.Errorf("%s: %s stands in %s", tt.Name, x, got)
				}
			}
		}
	})
}
