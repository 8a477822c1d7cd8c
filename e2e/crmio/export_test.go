//go:build browser

package crmio

import (
	"archive/zip"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/parley-crm/parley/e2e/browser"
	"github.com/parley-crm/parley/e2e/house"
)

// TestEverythingLeaves exports what there is by hand, and reads the file.
func TestEverythingLeaves(t *testing.T) {
	h := house.Start(t)
	ada := h.Admin("Ada Admin", "ada@brewell.example")
	ada.Must(http.MethodPost, "/api/organizations", map[string]any{"name": "=HYPERLINK(\"http://evil.example\")"}, nil)
	b := browser.Open(t)
	w := b.Page("ada")
	h.SignIn(w, "ada@brewell.example")
	w.Open(h.URL + "/settings/exports")
	w.See("Nothing was taken out yet.")
	w.Accessible()
	w.Click("button", "Export")
	w.SeeIn("table", "Files", "ready")
	w.SeeIn("table", "Files", "All there is, CSV")
	w.Accessible()
	status, text := w.Fetch(http.MethodGet, "/api/exports", "")
	var list struct{ Items []struct{ ID string } }
	if err := json.Unmarshal([]byte(text), &list); err != nil || status != http.StatusOK || len(list.Items) != 1 {
		t.Fatalf("%d %s %v", status, text, err)
	}
	code, file := ada.Do(http.MethodGet, "/api/exports/"+list.Items[0].ID+"/file", nil, nil)
	if code != http.StatusOK {
		t.Fatalf("%d %s", code, file)
	}
	z, err := zip.NewReader(strings.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	had := map[string]string{}
	for _, f := range z.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		var sb strings.Builder
		if _, err := io.Copy(&sb, in); err != nil {
			t.Fatal(err)
		}
		had[f.Name] = sb.String()
	}
	if !strings.Contains(had["organizations.csv"], `"'=HYPERLINK(`) || !strings.Contains(had["members.csv"], "Ada Admin") || strings.Contains(had["members.csv"], "argon2") {
		t.Errorf("organizations: %s\nmembers: %s", had["organizations.csv"], had["members.csv"])
	}
	w.Click("switch", "All there is")
	w.Click("checkbox", "Organizations")
	w.Accessible()
	w.Click("button", "Export")
	w.SeeIn("table", "Files", "Organizations, CSV")

	phone := b.Phone("ada on the phone")
	h.SignIn(phone, "ada@brewell.example")
	phone.Open(h.URL + "/settings/exports")
	phone.SeeIn("table", "Files", "Organizations, CSV")
	phone.Accessible()
}
