package peopleapi_test

import (
	"context"
	"fmt"
	"log/slog"
	"testing"

	"github.com/parley-crm/parley/people/bring"
	"github.com/parley-crm/parley/people/dealdb"
	"github.com/parley-crm/parley/people/peopleapi"
	"github.com/parley-crm/parley/people/peopledb"
	"github.com/parley-crm/parley/social"
)

func TestImportsOverTheAPI(t *testing.T) {
	houses(t, func(h *house) {
		desk := bring.New(bring.Desk{Store: peopledb.Bring{DB: h.persons}, Fields: dealdb.New(h.persons.DB), Dir: t.TempDir(), Clock: h.now, Log: slog.New(slog.DiscardHandler)})
		peopleapi.RegisterImports(h.srv, desk, h)
		const text = "E-Mail,Name,City\nmaya@example.com,Maya,Lyon\n=cmd|' /C calc'!A0,Evil,x\n"
		id := h.made("/api/imports", `{"name":"people.csv","size":70}`)
		one := "/api/imports/" + id
		columns := `"columns":{"email":"E-Mail","name":"Name","place":"City"}`
		h.all([]asked{
			{"a reader takes nobody in", "vic", "POST", "/api/imports", `{"name":"x","size":1}`, 403, "people.import", ""},
			{"nor sees what was", "vic", "GET", "/api/imports", "", 403, "people.import", "people.csv"},
			{"nobody in particular", "", "GET", one, "", 401, "", "people.csv"},
			{"a part too early", "ada", "POST", one + "/start", `{` + columns + `}`, 409, "not complete", ""},
			{"a file of nothing", "ada", "POST", "/api/imports", `{"name":"x","size":0}`, 422, "between one byte and 2 GB", ""},
			{"another field", "ada", "POST", "/api/imports", `{"name":"x","size":1,"who":"me"}`, 422, "who", ""},
		})
		put(h, one+"/part?at=0", text[:30], 200)
		put(h, one+"/part?at=0", text[:30], 409)
		put(h, one+"/part?at=30", text[30:], 200)
		h.all([]asked{
			{"what was guessed", "ada", "GET", one, "", 200, `"state":"ready"`, ""},
			{"columns", "ada", "GET", one, "", 200, `"E-Mail"`, ""},
			{"what would come of it", "ada", "POST", one + "/look", `{` + columns + `}`, 200, `"what":"create"`, ""},
			{"and what would not", "ada", "POST", one + "/look", `{` + columns + `}`, 200, `is no email address.`, ""},
			{"a column that is not there", "ada", "POST", one + "/look", `{"columns":{"email":"Mail"}}`, 422, "no column", ""},
			{"a field that is not there", "ada", "POST", one + "/look", `{"columns":{"shoe":"Name"}}`, 422, "no field", ""},
			{"nothing to find them by", "ada", "POST", one + "/look", `{"columns":{"name":"Name"}}`, 422, "found again", ""},
			{"who wins", "ada", "POST", one + "/start", `{` + columns + `,"wins":"nobody"}`, 422, "wins", ""},
			{"another's programme", "nia", "POST", one + "/start", `{` + columns + `,"programme":"south"}`, 422, "programme of yours", ""},
			{"go", "ada", "POST", one + "/start", `{` + columns + `}`, 200, `"state":"running"`, ""},
			{"twice", "ada", "POST", one + "/start", `{` + columns + `}`, 409, "under way", ""},
			{"nothing to undo yet", "ada", "POST", one + "/undo", "", 409, "Cancel it first", ""},
		})
		if err := desk.Work(t.Context(), id, nil); err != nil {
			t.Fatal(err)
		}
		h.all([]asked{
			{"taken in", "ada", "GET", one, "", 200, `"created":1`, ""},
			{"the list", "ada", "GET", "/api/imports?limit=1", "", 200, `"member":{"id":"ada","name":"ada"}`, ""},
			{"what was wrong is no formula", "ada", "GET", one + "/errors", "", 200, `'=cmd`, "\n=cmd"},
			{"undo", "ada", "POST", one + "/undo", "", 200, `"state":"undoing"`, ""},
			{"no other sees it", "vic", "GET", one + "/errors", "", 403, "", "cmd"},
		})
		if err := desk.Work(t.Context(), id, nil); err != nil {
			t.Fatal(err)
		}
		h.all([]asked{
			{"undone", "ada", "GET", one, "", 200, `"undone":1`, ""},
			{"forgotten", "ada", "DELETE", one, "", 204, "", ""},
			{"gone", "ada", "GET", one, "", 404, "no such import", ""},
		})
	})
}

func TestOrdersFromAFileOverTheAPI(t *testing.T) {
	houses(t, func(h *house) {
		desk := bring.New(bring.Desk{Store: peopledb.Bring{DB: h.persons}, Sales: h.books, Fields: dealdb.New(h.persons.DB), Dir: t.TempDir(), Clock: h.now, Log: slog.New(slog.DiscardHandler)})
		peopleapi.RegisterImports(h.srv, desk, h)
		const text = "Order number,Total,Currency,Email,Status\n1001,\"1.299,50\",EUR,maya@example.com,paid\n1002,5,XQQ,,paid\n1003,7,EUR,,sent\n"
		id := h.made("/api/imports", fmt.Sprintf(`{"name":"orders.csv","size":%d}`, len(text)))
		one := "/api/imports/" + id
		put(h, one+"/part?at=0", text, 200)
		columns := `"kind":"orders","columns":{"number":"Order number","total":"Total","currency":"Currency","email":"Email","status":"Status"}`
		h.all([]asked{
			{"it looks like orders", "ada", "GET", one, "", 200, `"kind":"orders"`, ""},
			{"what the columns may be of either", "ada", "GET", one, "", 200, `"guessed":{"persons":{"email":"Email"},"orders":{`, ""},
			{"what would come of it", "ada", "POST", one + "/look", `{` + columns + `}`, 200, `"amount":129950,"currency":"EUR"`, ""},
			{"whose it is", "ada", "POST", one + "/look", `{` + columns + `}`, 200, `"known":"maya@example.com"`, ""},
			{"or that nobody's", "ada", "POST", one + "/look", `{` + columns + `}`, 200, `"nobody":true`, ""},
			{"another kind", "ada", "POST", one + "/look", `{"kind":"shoes","columns":{}}`, 422, "kind", ""},
			{"a field of persons", "ada", "POST", one + "/look", `{"kind":"orders","columns":{"place":"Email"}}`, 422, "no field", ""},
			{"nothing to know it by", "ada", "POST", one + "/look", `{"kind":"orders","columns":{"total":"Total"}}`, 422, "known again", ""},
			{"a reader takes none in", "vic", "POST", one + "/start", `{` + columns + `}`, 403, "people.import", ""},
			{"go", "ada", "POST", one + "/start", `{` + columns + `}`, 200, `"state":"running"`, ""},
		})
		if err := desk.Work(t.Context(), id, nil); err != nil {
			t.Fatal(err)
		}
		h.all([]asked{
			{"taken in", "ada", "GET", one, "", 200, `"nobody":1`, ""},
			{"as orders", "ada", "GET", "/api/orders?q=1001", "", 200, `"amount":129950,"currency":"EUR","source":"shop"`, ""},
			{"what was wrong", "ada", "GET", one + "/errors", "", 200, "no currency that Parley knows", ""},
			{"undo", "ada", "POST", one + "/undo", "", 200, `"state":"undoing"`, ""},
		})
		if err := desk.Work(t.Context(), id, nil); err != nil {
			t.Fatal(err)
		}
		h.all([]asked{
			{"undone", "ada", "GET", one, "", 200, `"undone":2,"kept":0`, ""},
			{"all of it", "ada", "GET", "/api/orders", "", 200, `"items":[]`, ""},
		})
	})
}

func TestOrganizationsFromAFileOverTheAPI(t *testing.T) {
	houses(t, func(h *house) {
		desk := bring.New(bring.Desk{Store: peopledb.Bring{DB: h.persons}, Sales: h.books, Organizations: h.books, Fields: dealdb.New(h.persons.DB), Dir: t.TempDir(), Clock: h.now,
			Log: slog.New(slog.DiscardHandler), Members: func(context.Context) (map[string]social.MemberID, error) {
				return map[string]social.MemberID{"ada": "ada"}, nil
			}})
		peopleapi.RegisterImports(h.srv, desk, h)
		const text = "Company,Domain,Company ID,Parent Company,Owner\nHotel Adria,https://www.adria.example/x,A1,Adria Group,ada\nInn,not a domain,A2,,\n"
		id := h.made("/api/imports", fmt.Sprintf(`{"name":"companies.csv","size":%d}`, len(text)))
		one := "/api/imports/" + id
		put(h, one+"/part?at=0", text, 200)
		columns := `"kind":"organizations","columns":{"name":"Company","domain":"Domain","external_id":"Company ID","parent":"Parent Company","owner":"Owner"}`
		h.all([]asked{
			{"it looks like organizations", "ada", "GET", one, "", 200, `"kind":"organizations"`, ""},
			{"what the columns may be", "ada", "GET", one, "", 200, `"organizations":{"domain":"Domain","external_id":"Company ID","name":"Company","owner":"Owner","parent":"Parent Company"}`, ""},
			{"what would come of it", "ada", "POST", one + "/look", `{` + columns + `}`, 200, `"domain":"adria.example","parent":"Adria Group","owner":"ada"`, ""},
			{"and what would not", "ada", "POST", one + "/look", `{` + columns + `}`, 200, "Write a domain such as", ""},
			{"a field of persons", "ada", "POST", one + "/look", `{"kind":"organizations","columns":{"email":"Domain"}}`, 422, "no field", ""},
			{"found by what persons are", "ada", "POST", one + "/look", `{` + columns + `,"match":["email"]}`, 422, "external_id, domain or name", ""},
			{"a reader takes none in", "vic", "POST", one + "/start", `{` + columns + `}`, 403, "people.import", ""},
			{"go", "ada", "POST", one + "/start", `{` + columns + `}`, 200, `"state":"running"`, ""},
		})
		if err := desk.Work(t.Context(), id, nil); err != nil {
			t.Fatal(err)
		}
		h.all([]asked{
			{"taken in", "ada", "GET", one, "", 200, `"created":1,"updated":0`, ""},
			{"with all of it", "ada", "GET", "/api/organizations?q=adria.ex", "", 200, `"owner":{"id":"ada","name":"ada"},"system":"crm","external_id":"A1"`, ""},
			{"and what it belongs to", "ada", "GET", "/api/organizations?q=hotel", "", 200, `"name":"Adria Group"`, ""},
			{"nobody looks after one", "ada", "POST", "/api/organizations", `{"name":"X","owner":"nobody"}`, 422, "no such member", ""},
			{"somebody does", "ada", "POST", "/api/organizations", `{"name":"X","owner":"ada"}`, 201, `"owner":{"id":"ada"`, ""},
			{"undo", "ada", "POST", one + "/undo", "", 200, `"state":"undoing"`, ""},
		})
		if err := desk.Work(t.Context(), id, nil); err != nil {
			t.Fatal(err)
		}
		h.all([]asked{
			{"undone", "ada", "GET", one, "", 200, `"undone":1,"kept":0`, ""},
			{"all of it", "ada", "GET", "/api/organizations?q=adria", "", 200, `"items":[]`, ""},
		})
	})
}

// put brings a part of a file.
func put(h *house, path, part string, want int) {
	h.t.Helper()
	if got := h.send("ada", "PUT", path, part, "application/octet-stream"); got != want {
		h.t.Errorf("PUT %s: %d, want %d", path, got, want)
	}
}
