package privacyapi_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/parley-crm/parley/people/deal"
	"github.com/parley-crm/parley/people/dealdb"
	"github.com/parley-crm/parley/people/mend"
	"github.com/parley-crm/parley/people/privacyapi"
)

func TestCorrectionsOverTheAPI(t *testing.T) {
	houses(t, func(h *house) {
		told := herald{}
		books := &deal.Books{Store: dealdb.New(h.db), People: h.book, Clock: h.now}
		desk := &mend.Desk{Store: h.persons, Book: h.book, Fields: books.Store, Values: books, Herald: told, Clock: h.now}
		privacyapi.RegisterMends(h.srv, desk, h)
		nils := "/api/people/" + h.meet(nilsMail, "north")
		street, err := books.AddField(as("ada"), deal.Field{Of: deal.OfPerson, Name: "Street", Type: "text", Customer: true})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := books.AddField(as("ada"), deal.Field{Of: deal.OfOrganization, Name: "Street", Type: "text", Customer: true}); err == nil {
			t.Error("customers may correct what is held of organizations")
		}
		if err := desk.Propose(context.Background(), nilsMail.ID(), "ada", map[deal.FieldID]string{"": "Niels", street.ID: "Havn 1 👋"}); err != nil {
			t.Fatal(err)
		}
		if len(told) != 1 {
			t.Errorf("told %+v", told)
		}
		var list struct{ Items []struct{ ID, Field string } }
		if err := json.Unmarshal([]byte(h.ask("nia", "GET", nils+"/corrections", "", 200)), &list); err != nil || len(list.Items) != 2 {
			t.Fatalf("%v %+v", err, list)
		}
		one := map[string]string{}
		for _, x := range list.Items {
			one[x.Field] = "/api/person-corrections/" + x.ID
		}
		name, road := one[""], one[string(street.ID)]
		h.all([]asked{
			{"nobody is signed in", "", "GET", nils + "/corrections", "", 401, "", "Havn"},
			{"a stranger sees nothing", "sue", "GET", nils + "/corrections", "", 404, "", "Havn"},
			{"nor decides", "sue", "POST", road + "/accept", `{}`, 404, "no such proposal", "Havn"},
			{"nor declines", "sue", "POST", road + "/decline", `{}`, 404, "no such proposal", ""},
			{"a reader reads", "vic", "GET", nils + "/corrections", "", 200, `"name":"Name","type":"text","old":"Nils","value":"Niels","state":"open"`, ""},
			{"through which account", "vic", "GET", nils + "/corrections", "", 200, `"scheme":"mailto","label":"nils@home.example"`, ""},
			{"and decides nothing", "vic", "POST", road + "/accept", `{}`, 403, "people.write", ""},
			{"what is not known", "nia", "POST", road + "/accept", `{"wrods":"x"}`, 422, "", ""},
			{"what there is not", "nia", "POST", "/api/person-corrections/x/accept", `{}`, 404, "", ""},
			{"not decided yet", "nia", "POST", road + "/undo", "", 409, "not decided", ""},
			{"accepted", "nia", "POST", road + "/accept", `{"words":"Thank you 👋"}`, 200, `"state":"accepted","words":"Thank you 👋"`, ""},
			{"once", "nia", "POST", road + "/decline", `{}`, 409, "decided this already", ""},
			{"no stranger takes it back", "sue", "POST", road + "/undo", "", 404, "", ""},
			{"taken back", "nia", "POST", road + "/undo", "", 200, `"value":"Havn 1 👋","state":"open"`, "Thank you"},
			{"declined", "nia", "POST", name + "/decline", `{}`, 200, `"state":"declined"`, ""},
			{"what is decided comes last", "nia", "GET", nils + "/corrections", "", 200, `"old":"","value":"Havn 1 👋","state":"open"`, ""},
		})
	})
}
