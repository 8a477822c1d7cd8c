package privacyapi

import (
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"testing"
	"time"
)

// Everything that the page itself says is said in German too.
func TestThePageSpeaksGerman(t *testing.T) {
	source, err := os.ReadFile("self.go")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, m := range regexp.MustCompile(`\.T[ (]"((?:[^"\\]|\\.)*)"`).FindAllStringSubmatch(string(source), -1) {
		n++
		if german[m[1]] == "" {
			t.Errorf("%q has no German words", m[1])
		}
	}
	if n < 25 {
		t.Errorf("only %d texts were found; the page has more", n)
	}
}

func TestWhichLanguageAPageSpeaks(t *testing.T) {
	for _, c := range []struct{ name, path, accept, lang, chosen, other string }{
		{"what the browser asks for", "/me/", "de-AT,de;q=0.9,en;q=0.5", "de", "", "/me/?lang=en"},
		{"English first", "/me/", "en-GB,de;q=0.8", "en", "", "/me/?lang=de"},
		{"another language gets English", "/me/", "fr", "en", "", "/me/?lang=de"},
		{"nothing is asked for", "/me/", "", "en", "", "/me/?lang=de"},
		{"what cannot be read", "/me/", "\xff;;q=;*", "en", "", "/me/?lang=de"},
		{"what was chosen counts more", "/me/x?lang=en", "de", "en", "?lang=en", "/me/x?lang=de"},
		{"and stays", "/me/x?lang=de", "", "de", "?lang=de", "/me/x?lang=en"},
		{"what cannot be chosen", "/me/x?lang=%22%3E", "de", "de", "", "/me/x?lang=en"},
	} {
		r := httptest.NewRequest(http.MethodGet, c.path, nil)
		r.Header.Set("Accept-Language", c.accept)
		w := httptest.NewRecorder()
		v := tongueOf(w, r)
		if v.Lang != c.lang || v.chosen(r) != c.chosen || v.other(r.URL.Path).Link != c.other || w.Header().Get("Content-Language") != c.lang {
			t.Errorf("%s: %+v, %q, %+v", c.name, v, v.chosen(r), v.other(r.URL.Path))
		}
	}
	at := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	if got := (tongue{"de"}).day(at); got != "1. März 2026" {
		t.Error(got)
	}
	if got := (tongue{"en"}).day(at); got != "1 March 2026" {
		t.Error(got)
	}
}
