//go:build browser

package know_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/parley-crm/parley/e2e/browser"
	"github.com/parley-crm/parley/e2e/house"
)

// TestTranslate: a customer writes in Spanish. Without a service there is no
// button; with one the words stand beneath the original, the answer is put into
// Spanish and taken back, and a person sends.
func TestTranslate(t *testing.T) {
	asks := 0
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asks++
		var q struct{ Q, Source, Target string }
		_ = json.NewDecoder(r.Body).Decode(&q)
		words := "Hello, my kettle is leaking and the water ends up on the table."
		if q.Target == "es" {
			words = "Lo sentimos mucho. Le enviamos una junta nueva."
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]any{"translatedText": words, "detectedLanguage": map[string]any{"confidence": 95, "language": map[string]string{"es": "en", "en": "es"}[q.Target]}})
	}))
	t.Cleanup(service.Close)

	h := house.Public(t, "--undo", "0s", "--allow", "127.0.0.1")
	ada := h.Admin("Ada Lovelace", mail)
	ada.Must(http.MethodPost, "/api/channels", map[string]any{"kind": "practice", "name": "Practice", "settings": map[string]string{"handle": "brewell"}}, nil)
	var practice struct {
		Personas []struct{ ID, Name string }
	}
	ada.Must(http.MethodGet, "/api/practice", nil, &practice)
	ada.Must(http.MethodPost, "/api/practice/say", map[string]any{"persona": practice.Personas[0].ID,
		"text": "@brewell Hola, mi hervidor pierde agua y toda el agua termina en la mesa. ¿Qué puedo hacer para que esto no pase más?"}, nil)
	w := browser.Open(t).Page("ada")
	h.SignIn(w, mail)
	w.Open(h.URL + "/engage")
	w.SeeWithin("/mi hervidor pierde agua/", 30_000)
	w.ClickIn("region", "Conversations", "link", "/hervidor/")
	w.SeeIn("log", "Messages", "/termina en la mesa/")
	if w.Count("button", "Translate") != 0 {
		t.Fatal("a button though no service is connected")
	}

	w.Open(h.URL + "/engage/know/settings")
	w.Click("combobox", "Who translates")
	w.Click("option", "/LibreTranslate/")
	w.Fill("Address of the service", service.URL)
	w.Fill("Key of the service", "lt-test")
	w.Accessible()
	w.Click("button", "Keep who translates")
	w.See("Kept.")
	w.Click("button", "Try the translation")
	w.See("/It translates: Lo sentimos/")
	w.Accessible()
	shot(w, "translate-settings")

	w.Open(h.URL + "/engage")
	w.ClickIn("region", "Conversations", "link", "/hervidor/")
	w.ClickIn("log", "Messages", "button", "Translate")
	w.SeeIn("log", "Messages", "/my kettle is leaking/")
	w.SeeIn("log", "Messages", "/Translated by machine from Spanish/")
	w.SeeIn("log", "Messages", "/termina en la mesa/")
	w.Accessible()
	shot(w, "translate")
	w.Click("button", "Hide")
	w.Gone("/my kettle is leaking/")
	before := asks
	w.Reload()
	w.ClickIn("log", "Messages", "button", "Translate")
	w.SeeIn("log", "Messages", "/my kettle is leaking/")
	if asks != before {
		t.Errorf("asked again: %d, before %d", asks, before)
	}

	w.Fill("/^Public/", "We are very sorry. We send you a new seal.")
	w.Click("button", "Translate into Spanish")
	w.SeeValue("/^Public/", "Lo sentimos mucho. Le enviamos una junta nueva.")
	w.See("Translated by machine into Spanish; check it.")
	w.Accessible()
	shot(w, "translate-answer")
	w.Click("button", "Undo")
	w.SeeValue("/^Public/", "We are very sorry. We send you a new seal.")
	w.Gone("Translated by machine into Spanish; check it.")
	w.Click("button", "Translate into Spanish")
	w.See("Translated by machine into Spanish; check it.")
	w.Resize(390, 844)
	w.Theme("dark")
	w.Accessible()
	shot(w, "translate-phone")
}

// shot keeps a picture where PARLEY_SHOTS names a folder.
func shot(p *browser.Page, name string) {
	if dir := os.Getenv("PARLEY_SHOTS"); dir != "" {
		p.Shot(filepath.Join(dir, name+".png"))
	}
}
