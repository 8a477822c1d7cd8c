package governapi_test

import (
	"strings"
	"testing"

	"github.com/parley-crm/parley/govern/governapi"
	"github.com/parley-crm/parley/server"
)

func TestTheFirstAdministratorIsTaughtByTheGate(t *testing.T) {
	each(t, func(h *house) {
		var s governapi.Session
		h.stranger().do("GET", "/api/session", nil).ok(&s)
		if s.SignedIn || !s.Setup {
			h.t.Fatalf("before setup: %+v", s)
		}
		ada := h.admin()
		ada.do("GET", "/api/session", nil).ok(&s)
		if !s.SignedIn || s.Setup || s.Member.Name != "Ada" || len(s.Member.Programmes) != 1 {
			h.t.Fatalf("after setup: %+v", s)
		}
		ada.do("PUT", "/api/brand", map[string]any{"name": "Brewell", "terms": []string{"brewell", "Brewell "}, "handles": []string{"@brewell"}}).ok(nil)
		var gate governapi.Gate
		ada.do("GET", "/api/gate?programme="+string(s.Member.Programmes[0].ID), nil).ok(&gate)
		if gate.Clear || gate.Why != "You have not acknowledged “Speaking for Brewell”, version 1." {
			h.t.Fatalf("the gate should teach: %+v", gate)
		}
		id := strings.TrimPrefix(gate.Fix, "/govern/policies/")
		var text governapi.PolicyText
		ada.do("GET", "/api/policies/"+id, nil).ok(&text)
		if !strings.Contains(text.Versions[0].Body, "Brewell") {
			h.t.Fatalf("the policy should name the brand: %s", text.Versions[0].Body)
		}
		ada.do("POST", "/api/policies/"+id+"/acknowledge", map[string]int{"version": 1}).ok(nil)
		ada.do("GET", "/api/gate", nil).ok(&gate)
		if !gate.Clear {
			h.t.Fatalf("still shut: %+v", gate)
		}
		var page server.Page[governapi.Line]
		ada.do("GET", "/api/record?object=policy&id="+id, nil).ok(&page)
		if len(page.Items) < 2 || page.Items[0].Verb != "acknowledge" || page.Items[0].Actor.Name != "Ada" {
			h.t.Fatalf("the record says %+v", page.Items)
		}
	})
}
