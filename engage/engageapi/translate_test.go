package engageapi_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/engage/engageapi"
	"github.com/parley-crm/parley/engage/engagedb"
	"github.com/parley-crm/parley/engage/know"
	"github.com/parley-crm/parley/engage/knowdb"
	"github.com/parley-crm/parley/engage/translate"
	"github.com/parley-crm/parley/kit/safe"
	"github.com/parley-crm/parley/kit/secret"
	"github.com/parley-crm/parley/social"
)

func TestTranslationsOverTheAPI(t *testing.T) {
	shelves(t, func(s *bookcase) {
		asks := 0
		service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			asks++
			var q struct{ Target string }
			_ = json.NewDecoder(r.Body).Decode(&q)
			words := map[string]string{"es": "mi hervidor pierde agua", "de": "mein Kessel leckt"}[q.Target]
			_ = json.NewEncoder(w).Encode(map[string]any{"translatedText": words, "detectedLanguage": map[string]any{"language": "en"}})
		}))
		t.Cleanup(service.Close)
		client, err := safe.New(safe.Options{Allow: []string{"127.0.0.1"}})
		if err != nil {
			t.Fatal(err)
		}
		h := &s.house
		h.known = map[social.ActivityID]social.Mention{}
		store, box := engagedb.New(s.db), secret.Random()
		h.desk = &engage.Desk{Store: store, Heard: h, Understood: h, Gate: h, Networks: h, Mates: h, Clock: s.now}
		model := &know.Drafter{Store: knowdb.New(s.db), HTTP: client.HTTP, Sealer: box, Clock: s.now}
		engageapi.RegisterTranslate(s.srv, &translate.Translator{Store: store, Model: model, HTTP: client.HTTP, Sealer: box, Clock: s.now}, h.desk)
		s.handler = s.srv.Handler()
		words := "/api/conversations/" + string(h.began()) + "/translate"
		const said, settings = "/api/messages/a1/translation", "/api/translator/settings"
		s.all([]asked{
			{"off", "cal", "GET", "/api/translator", "", 200, `"on":false`, ""},
			{"says so", "cal", "POST", said, `{"to":"es"}`, 404, "No translation service", ""},
			{"settings are not for everybody", "cal", "GET", settings, "", 403, "", ""},
			{"nor to change", "cal", "PUT", settings, `{"kind":"off"}`, 403, "", ""},
			{"nor to try", "cal", "POST", "/api/translator/try", "", 403, "", ""},
			{"off, as an administrator sees it", "ada", "GET", settings, "", 200, `"kind":"off"`, ""},
			{"an unknown kind", "ada", "PUT", settings, `{"kind":"oracle"}`, 422, "", ""},
			{"an unknown field", "ada", "PUT", settings, `{"kind":"off","sauce":1}`, 422, "", ""},
			{"no address", "ada", "PUT", settings, `{"kind":"libre"}`, 422, "address", ""},
			{"no model", "ada", "PUT", settings, `{"kind":"model"}`, 422, "No language model", ""},
			{"connected", "ada", "PUT", settings, `{"kind":"libre","address":"` + service.URL + `","key":"lt-1"}`, 200, `"has_key":true`, "lt-1"},
			{"without its key", "ada", "GET", settings, "", 200, service.URL, "lt-1"},
			{"tried", "ada", "POST", "/api/translator/try", "", 200, "hervidor", ""},
			{"on", "cal", "GET", "/api/translator", "", 200, `"on":true`, ""},
			{"what was said", "cal", "POST", said, `{"to":"es"}`, 200, `"text":"mi hervidor pierde agua"`, ""},
			{"again", "cal", "POST", said, `{"to":"es"}`, 200, `"message":"a1","to":"es","from":"en"`, ""},
			{"to no language", "cal", "POST", said, `{"to":"!!"}`, 422, "by its code", ""},
			{"of what one does not see", "sue", "POST", said, `{"to":"es"}`, 404, "not for you", "hervidor"},
			{"without the inbox", "vic", "POST", said, `{"to":"es"}`, 403, "", "hervidor"},
			{"without a name", "", "POST", said, `{"to":"es"}`, 401, "", "hervidor"},
			{"one's own words", "cal", "POST", words, `{"text":"My kettle leaks.","to":"de"}`, 200, `"text":"mein Kessel leckt"`, `"message"`},
			{"none", "cal", "POST", words, `{"text":"","to":"de"}`, 422, "", ""},
			{"where one may not answer", "vic", "POST", words, `{"text":"x","to":"de"}`, 403, "", ""},
			{"nor see", "sue", "POST", words, `{"text":"x","to":"de"}`, 404, "", "leckt"},
			{"off again", "ada", "PUT", settings, `{"kind":"off","address":"` + service.URL + `"}`, 200, `"has_key":true`, ""},
			{"and nobody asks", "cal", "POST", words, `{"text":"x","to":"de"}`, 404, "", ""},
		})
		if asks != 3 { // the try, the message once, one's own words
			t.Errorf("the service was asked %d times", asks)
		}
		if len(h.sent) != 0 {
			t.Error("a translation was sent")
		}
	})
}
