package peopleapi_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/people/peopleapi"
	"github.com/parley-crm/parley/people/peopledb"
	"github.com/parley-crm/parley/people/segment"
	"github.com/parley-crm/parley/people/segmentdb"
	"github.com/parley-crm/parley/social"
)

// Tallies and Feeling: nobody counts here.
func (h *house) Tallies(context.Context, []social.IdentityID) (map[social.IdentityID]peopleapi.Tally, error) {
	return nil, nil
}

func (h *house) Feeling(context.Context, []social.IdentityID, time.Time) ([]peopleapi.Month, error) {
	return nil, nil
}

// spoke lets everybody have said the same: three times today on two channels,
// and five times three days ago.
func spoke(now time.Time) func(context.Context, []segment.Who, time.Time) (map[social.PersonID][]segment.Spoken, error) {
	today := now.UTC().Truncate(24 * time.Hour)
	return func(_ context.Context, who []segment.Who, _ time.Time) (map[social.PersonID][]segment.Spoken, error) {
		out := map[social.PersonID][]segment.Spoken{}
		for _, w := range who {
			out[w.Person] = []segment.Spoken{{Day: today, Channel: "of the north", Said: 1, Negative: 1}, {Day: today, Channel: "of the south", Said: 2, Positive: 2},
				{Day: today.AddDate(0, 0, -3), Channel: "of the south", Said: 5, Neutral: 5}}
		}
		return out, nil
	}
}

func TestSegmentsOverHTTP(t *testing.T) {
	houses(t, func(h *house) {
		keeper := &segment.Keeper{Store: segmentdb.New(h.persons.DB), Clock: h.now, Log: slog.New(slog.DiscardHandler), Words: h.book.Vocabulary, Voices: spoke(h.now.Now()),
			Sources: []segment.Source{peopledb.Traits{DB: h.persons, Kind: func(social.ChannelID) string { return "mastodon" }}}}
		peopleapi.RegisterSegments(h.srv, keeper, h.book, h, func(ctx context.Context) []social.ChannelID {
			if social.ScopeOf(ctx).All {
				return nil
			}
			return []social.ChannelID{"of the north"}
		})
		peopleapi.Register(h.srv, h.book, h)
		nils, sven := h.meet("nils", "north"), h.meet("sven", "south")
		settle := func() {
			t.Helper()
			if err := keeper.Settle(asSystem()); err != nil {
				t.Fatal(err)
			}
		}
		settle()
		id := h.made("/api/segments", `{"name":"All with an n","about":"For the letter","conditions":{"join":"all","nodes":[{"field":"name","op":"contains","values":["N"]}]}}`)
		at := "/api/segments/" + id
		h.all([]asked{{"while everybody is looked at", "vic", "GET", at, "", 200, `"filling":{"done":0,"of":2}`, ""}})
		settle()
		mine := "/api/segments/" + h.made("/api/segments", `{"name":"Zebra","conditions":{"field":"networks","op":"has","values":["email"]}}`)
		settle()
		h.all([]asked{
			{"a stranger", "", "GET", "/api/segments", "", 401, "", ""},
			{"nobody's business", "eve", "GET", "/api/segments", "", 403, "people.read", ""},
			{"a reader reads", "vic", "GET", "/api/segments", "", 200, `"name":"All with an n","about":"For the letter","conditions":{"join":"all","nodes":[{"field":"name","op":"contains","values":["N"]}]},"members":2`, `"filling"`},
			{"page by page", "vic", "GET", "/api/segments?limit=1", "", 200, `"next":"`, "Zebra"},
			{"a cursor of one's own", "vic", "GET", "/api/segments?cursor=x", "", 422, "cursor", ""},
			{"a reader writes nothing", "vic", "POST", "/api/segments", `{"name":"x","conditions":{"field":"name","op":"set"}}`, 403, "people.write", ""},
			{"the north counts its own", "nia", "GET", at, "", 200, `"members":1`, `"joined"`},
			{"and lists its own", "nia", "GET", "/api/people?segment=" + id, "", 200, nils, sven},
			{"all lists all", "vic", "GET", "/api/people?segment=" + id, "", 200, sven, ""},
			{"with words besides", "vic", "GET", "/api/people?segment=" + id + "&q=sv", "", 200, sven, nils},
			{"none of another", "vic", "GET", "/api/people?segment=none", "", 200, `"items":[]`, nils},
			{"fields", "vic", "GET", "/api/segments/fields", "", 200, `{"name":"mood","type":"choice","ops":["is","is_not","set","unset"],"choices":["negative","neutral","positive"]}`, ""},
			{"counted", "vic", "POST", "/api/segments/count", `{"conditions":{"field":"name","op":"begins","values":["NI"]}}`, 200, `{"n":1,"of":2,"some":[{"id":"` + nils + `","name":"nils"}],"sure":true}`, ""},
			{"counted in the north", "nia", "POST", "/api/segments/count", `{"conditions":{"field":"name","op":"set"}}`, 200, `"n":1,"of":1`, sven},
			{"what is wrong, and where", "ada", "POST", "/api/segments/count", `{"conditions":{"join":"any","nodes":[{"field":"name","op":"set"},{"field":"followers","op":"more","values":["x"]}]}}`, 422, "conditions.nodes[1].values", ""},
			{"nothing asked", "ada", "POST", "/api/segments", `{"name":"x","conditions":{}}`, 422, "at least one thing", ""},
			{"a name twice", "ada", "POST", "/api/segments", `{"name":"ZEBRA","conditions":{"field":"name","op":"set"}}`, 409, "of this name already", ""},
			{"a word too many", "ada", "POST", "/api/segments", `{"name":"x","sql":"1=1","conditions":{"field":"name","op":"set"}}`, 422, "", ""},
			{"not a colleague's", "nia", "PATCH", at, `{"name":"Mine"}`, 403, "ask them", ""},
			{"nor away with it", "nia", "DELETE", at, "", 403, "", ""},
			{"the same name again is no quarrel", "ada", "PATCH", at, `{"name":"All with an N"}`, 200, `"name":"All with an N"`, `"filling"`},
			{"other conditions", "ada", "PATCH", at, `{"conditions":{"field":"name","op":"begins","values":["n"]}}`, 200, `"filling":{`, ""},
			{"of a person", "vic", "GET", "/api/people/" + sven + "/segments", "", 200, `{"id":"` + id + `","name":"All with an N"}`, "Zebra"},
			{"not of one who is out of sight", "nia", "GET", "/api/people/" + sven + "/segments", "", 404, "", "All"},
			{"what they said", "vic", "GET", at + "/voice?days=3", "", 200, `"members":2,"speakers":2,"total":{"said":6,"negative":2,"neutral":0,"positive":4},"before":{"said":10,"negative":0,"neutral":10,"positive":0},"days":[{"day":"`, ""},
			{"day by day", "vic", "GET", at + "/voice?days=3", "", 200, `"said":6,"negative":2,"neutral":0,"positive":4,"before":10}]`, ""},
			{"as far as one may hear", "nia", "GET", at + "/voice?days=3", "", 200, `"members":1,"speakers":1,"total":{"said":1,`, ""},
			{"and no further", "sue", "GET", at + "/voice?days=3", "", 200, `"total":{"said":1,`, ""},
			{"no such voice", "ada", "GET", "/api/segments/none/voice", "", 404, "", ""},
			{"too long ago", "ada", "GET", at + "/voice?days=181", "", 422, "", ""},
			{"no such segment", "ada", "GET", "/api/segments/none", "", 404, "no such segment", ""},
			{"nor its changes", "ada", "GET", "/api/segments/none/changes", "", 404, "", ""},
			{"a huge tree", "ada", "POST", "/api/segments/count", `{"conditions":` + strings.Repeat(`{"join":"all","nodes":[`, 6) + `{"field":"name","op":"set"}` + strings.Repeat(`]}`, 6) + `}`, 422, "not deeper", ""},
		})
		settle()
		name := `{"name":"Nolwenn 👋"}`
		h.ask("ada", "PATCH", "/api/people/"+sven, name, 200)
		if err := keeper.Mark(asSystem(), social.PersonID(sven)); err != nil {
			t.Fatal(err)
		}
		settle()
		h.all([]asked{
			{"who joined", "vic", "GET", at + "/changes", "", 200, `"person":{"id":"` + sven + `","name":"Nolwenn 👋"},"joined":true`, nils},
			{"and how many", "vic", "GET", at, "", 200, `"members":2,"joined":1,"left":0,"days":[{"day":"`, ""},
			{"the north is told of none", "nia", "GET", at + "/changes", "", 200, `"items":[]`, sven},
			{"gone", "ada", "DELETE", mine, "", 204, "", ""},
			{"for good", "ada", "GET", mine, "", 404, "", ""},
		})
	})
}

func asSystem() context.Context {
	return social.WithScope(social.WithActor(context.Background(), social.SystemActor()), social.Scope{All: true})
}
