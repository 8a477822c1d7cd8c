package engageapi_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/engage/engageapi"
	"github.com/parley-crm/parley/engage/engagedb"
	"github.com/parley-crm/parley/engage/know"
	"github.com/parley-crm/parley/engage/knowdb"
	"github.com/parley-crm/parley/engage/shelf"
	"github.com/parley-crm/parley/kit/safe"
	"github.com/parley-crm/parley/kit/secret"
	"github.com/parley-crm/parley/social"
)

// BrandName implements engageapi.DraftsAround.
func (s *bookcase) BrandName(context.Context) string { return "Brewell" }

func TestSuggestionsOverTheAPI(t *testing.T) {
	shelves(t, func(s *bookcase) {
		model := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_ = json.NewEncoder(w).Encode(map[string]any{"choices": []any{map[string]any{"message": map[string]any{"content": "Send us the number. http://evil.example"}}}})
		}))
		t.Cleanup(model.Close)
		client, err := safe.New(safe.Options{Allow: []string{"127.0.0.1"}})
		if err != nil {
			t.Fatal(err)
		}
		h := &s.house
		h.known = map[social.ActivityID]social.Mention{}
		h.desk = &engage.Desk{Store: engagedb.New(s.db), Heard: h, Understood: h, Gate: h, Networks: h, Mates: h, Clock: s.now, Timing: engage.Timing{Undo: time.Millisecond}}
		drafter := &know.Drafter{Store: knowdb.New(s.db), HTTP: client.HTTP, Sealer: secret.Random(), Clock: s.now}
		engageapi.RegisterSuggest(s.srv, s.lib, h.desk, s)
		engageapi.RegisterDrafts(s.srv, s.lib, drafter, h.desk, s)
		engageapi.Register(s.srv, h.desk, &shelf.Shelf{Store: engagedb.New(s.db), Desk: h.desk}, nil, h)
		s.handler = s.srv.Handler()
		h.handler = s.handler

		talk := "/api/conversations/" + string(h.began())
		one := s.made(`{"title":"My kettle leaks","body":"Send us the *serial number*.","lang":"en","visibility":"public"}`)
		s.ask("ada", "POST", "/api/know/articles/"+one+"/state", `{"state":"published"}`, 200)
		inside := s.made(`{"title":"Leaking kettles, inside","body":"Swap at once.","lang":"en","programme":"north"}`)
		s.ask("ada", "POST", "/api/know/articles/"+inside+"/state", `{"state":"published"}`, 200)

		s.ask("ada", "POST", talk+"/replies", `{"key":"k1","text":"@maya A new seal, free of charge."}`, 201)
		s.now.Add(time.Second)
		if _, err := h.desk.Post(context.Background()); err != nil {
			t.Fatal(err)
		}
		var good struct {
			Items []struct{ Message, Answer string }
		}
		if err := json.Unmarshal([]byte(s.ask("ada", "GET", talk+"/answers", "", 200)), &good); err != nil || len(good.Items) != 1 || good.Items[0].Answer != "" {
			t.Fatalf("%v %+v", err, good)
		}
		conversation := strings.TrimPrefix(talk, "/api/conversations/")
		keep := `{"conversation":"` + conversation + `","message":"` + good.Items[0].Message + `"}`
		s.all([]asked{
			{"what is known", "ada", "GET", talk + "/suggestions", "", 200, `"title":"My kettle leaks"`, ""},
			{"with a link where everybody reads it", "ada", "GET", talk + "/suggestions", "", 200, "/help/en/my-kettle-leaks", ""},
			{"and what is inside", "ada", "GET", talk + "/suggestions", "", 200, `"title":"Leaking kettles, inside","lang":"en","inside":true`, ""},
			{"within one's programme only", "cal", "GET", talk + "/suggestions", "", 200, "My kettle leaks", "Swap"},
			{"in other words", "ada", "GET", talk + "/suggestions?q=serial", "", 200, "My kettle leaks", "Swap"},
			{"not of a conversation that one does not see", "sue", "GET", talk + "/suggestions", "", 404, "", "kettle"},
			{"nor without the inbox", "vic", "GET", talk + "/suggestions", "", 403, "inbox.read", ""},
			{"inserted", "cal", "POST", talk + "/suggestions", `{"kind":"article","id":"` + one + `"}`, 204, "", ""},
			{"what one does not see", "cal", "POST", talk + "/suggestions", `{"kind":"article","id":"` + inside + `"}`, 404, "", ""},
			{"what there is not", "cal", "POST", talk + "/suggestions", `{"kind":"answer","id":"nope"}`, 404, "", ""},
			{"an unknown kind", "cal", "POST", talk + "/suggestions", `{"kind":"spell","id":"x"}`, 422, "", ""},
			{"counted", "ada", "GET", talk + "/suggestions", "", 200, `"used":1`, ""},
			{"kept as an answer", "cal", "POST", "/api/know/answers", keep, 201, `"answer":"A new seal, free of charge."`, "@maya"},
			{"twice is once", "ada", "POST", "/api/know/answers", keep, 201, `"question":"my kettle leaks"`, ""},
			{"shown at the reply", "ada", "GET", talk + "/answers", "", 200, `"answer":"`, `"answer":""`},
			{"by who may not", "vic", "POST", "/api/know/answers", keep, 403, "", ""},
			{"by a stranger to it", "sue", "POST", "/api/know/answers", keep, 404, "", ""},
			{"their own words are no answer", "ada", "POST", "/api/know/answers", `{"conversation":"` + conversation + `","message":"a1"}`, 422, "", ""},
			{"nor what there is not", "ada", "POST", "/api/know/answers", `{"conversation":"` + conversation + `","message":"nope"}`, 404, "", ""},
			{"listed", "cal", "GET", "/api/know/answers", "", 200, "free of charge", ""},
			{"for those of the programme", "sue", "GET", "/api/know/answers", "", 200, `"items":[]`, "charge"},
			{"found", "cal", "GET", "/api/know/answers?q=seal", "", 200, "free of charge", ""},
			{"and suggested", "cal", "GET", talk + "/suggestions", "", 200, `"kind":"answer"`, ""},

			{"no model", "cal", "GET", "/api/know/drafter", "", 200, `"on":false`, ""},
			{"drafts nothing", "cal", "POST", talk + "/model-draft", `{}`, 404, "No language model", ""},
			{"its settings are not for everybody", "cal", "GET", "/api/know/provider", "", 403, "", ""},
			{"nor to change", "vic", "PUT", "/api/know/provider", `{"on":true}`, 403, "", ""},
			{"incomplete", "ada", "PUT", "/api/know/provider", `{"on":true,"address":"` + model.URL + `"}`, 422, "model", ""},
			{"connected", "ada", "PUT", "/api/know/provider", `{"on":true,"address":"` + model.URL + `/v1","model":"small","key":"sk-1"}`, 200, `"has_key":true`, "sk-1"},
			{"without its key", "ada", "GET", "/api/know/provider", "", 200, `"model":"small"`, "sk-1"},
			{"tried", "ada", "POST", "/api/know/provider/try", "", 200, "Send us the number", "evil"},
			{"it drafts", "cal", "POST", talk + "/model-draft", `{"visibility":"public"}`, 200, `"text":"Send us the number. …"`, "evil"},
			{"with its sources", "cal", "POST", talk + "/model-draft", `{"visibility":"public"}`, 200, `"sources":[{"kind":"`, ""},
			{"for those who may reply", "vic", "POST", talk + "/model-draft", `{}`, 403, "", ""},
			{"in conversations that they see", "sue", "POST", talk + "/model-draft", `{}`, 404, "", ""},
		})
		if len(h.sent) != 1 {
			t.Errorf("%d replies left, one was sent by a person", len(h.sent))
		}
	})
}
