package govern_test

import (
	"fmt"
	"testing"

	"github.com/parley-crm/parley/govern"
	"github.com/parley-crm/parley/social"
)

func TestProgrammesAreSeenByThoseInside(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.as(h.admin)
		press, err := h.office.AddProgramme(ctx, govern.Programme{Name: " Press  office ", Mission: "Answer the press.", Lead: h.admin.Member, Maturity: 2})
		h.must(err)
		if press.Name != "Press office" || press.LeadName != "Ada" || press.Maturity != 2 {
			h.Fatalf("made %+v", press)
		}
		insider := h.join("ines@brewell.example", social.NoRole, social.Grant{Programme: press.ID, Role: social.Manager})
		in := h.as(insider)
		page, _, err := h.office.Programmes(in, "", 0)
		h.must(err)
		if len(page) != 1 || page[0].ID != press.ID || page[0].Members != 1 {
			h.Fatalf("an insider sees %+v", page)
		}
		_, err = h.office.Programme(in, h.starter.ID)
		h.refused(err, social.NotFound, "programme")
		_, err = h.office.Insiders(in, h.starter.ID)
		h.refused(err, social.NotFound, "programme")
		name := "Mine now"
		_, err = h.office.ChangeProgramme(in, h.starter.ID, govern.ProgrammeChange{Name: &name})
		h.refused(err, social.NotFound, "programme")
		h.refused(h.office.Enrol(in, h.starter.ID, insider.Member, social.Manager), social.NotFound, "programme")
		h.refused(h.office.Dismiss(in, h.starter.ID, h.admin.Member), social.NotFound, "programme")
		_, err = h.office.AddProgramme(in, govern.Programme{Name: "Another"})
		h.refused(err, social.Forbidden, "begin")
		_, err = h.office.AddPolicy(in, govern.Policy{Name: "For all", Required: true}, "Words.", "")
		h.refused(err, social.Forbidden, "own programmes")
		_, err = h.office.AddPolicy(in, govern.Policy{Name: "For care", Programme: h.starter.ID, Required: true}, "Words.", "")
		h.refused(err, social.Forbidden, "own programmes")
		_, err = h.office.Revise(in, h.policy.ID, "Mine.", "")
		h.refused(err, social.Forbidden, "everywhere")
		own, err := h.office.AddPolicy(in, govern.Policy{Name: "For the press", Programme: press.ID, Required: true}, "Words.", "")
		h.must(err)
		members, _, err := h.office.Members(in, "", 0)
		h.must(err)
		if len(members) != 1 || members[0].ID != insider.Member {
			h.Fatalf("an insider sees the members %+v", members)
		}
		other := h.join("otto@brewell.example", social.NoRole, social.Grant{Programme: h.starter.ID, Role: social.Viewer})
		_, err = h.office.Policy(h.as(other), own.ID)
		h.refused(err, social.NotFound, "policy")
		_, err = h.office.Acknowledge(h.as(other), own.ID, 1)
		h.refused(err, social.NotFound, "policy")
	})
}

func TestACharterChangesWithARecord(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.as(h.admin)
		maturity, closed, sponsor := 3, true, "Chief of service"
		p, err := h.office.ChangeProgramme(ctx, h.starter.ID, govern.ProgrammeChange{Maturity: &maturity, Closed: &closed, Sponsor: &sponsor})
		h.must(err)
		if p.Maturity != 3 || !p.Closed || p.Sponsor != sponsor || p.Mission != h.starter.Mission {
			h.Fatalf("changed to %+v", p)
		}
		page, _, err := h.archive.Lines(ctx, govern.Query{Object: "programme", ID: string(p.ID), Verb: "update"}, "", 0)
		h.must(err)
		if len(page) != 1 || page[0].Detail != `{"closed":[false,true],"maturity":[1,3],"sponsor":["","Chief of service"]}` {
			h.Fatalf("the record says %+v", page)
		}
		_, err = h.office.ChangeProgramme(ctx, h.starter.ID, govern.ProgrammeChange{Maturity: &maturity})
		h.must(err)
		if n := h.lines("update", "programme"); n != 1 {
			h.Fatalf("changing nothing wrote a line: %d", n)
		}
		for _, bad := range []struct {
			c   govern.ProgrammeChange
			why string
		}{
			{govern.ProgrammeChange{Maturity: ptr(6)}, "1 to 5"}, {govern.ProgrammeChange{Maturity: ptr(0)}, "1 to 5"},
			{govern.ProgrammeChange{Name: ptr(" ")}, "empty"}, {govern.ProgrammeChange{Lead: ptr(social.MemberID("nobody"))}, "lead"},
		} {
			_, err := h.office.ChangeProgramme(ctx, h.starter.ID, bad.c)
			h.refused(err, social.Invalid, bad.why)
		}
		_, err = h.office.AddProgramme(ctx, govern.Programme{Name: "CUSTOMER  care"})
		h.refused(err, social.Conflict, "this name")
	})
}

func ptr[T any](v T) *T { return &v }

func TestPlacesInProgrammes(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.as(h.admin)
		rob := h.join("rob@brewell.example", social.Viewer)
		h.must(h.office.Enrol(ctx, h.starter.ID, rob.Member, social.Responder))
		h.must(h.office.Enrol(ctx, h.starter.ID, rob.Member, social.Manager))
		insiders, err := h.office.Insiders(ctx, h.starter.ID)
		h.must(err)
		if len(insiders) != 2 || insiders[1].Role != social.Manager {
			h.Fatalf("inside: %+v", insiders)
		}
		h.refused(h.office.Enrol(ctx, h.starter.ID, rob.Member, social.Admin), social.Invalid, "Inside")
		h.refused(h.office.Enrol(ctx, h.starter.ID, "nobody", social.Viewer), social.NotFound, "member")
		h.must(h.office.Dismiss(ctx, h.starter.ID, rob.Member))
		h.refused(h.office.Dismiss(ctx, h.starter.ID, rob.Member), social.NotFound, "not in")
	})
}

func TestPoliciesCountThoseForWhomTheyHold(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.as(h.admin)
		rob := h.join("rob@brewell.example", social.Viewer)
		own, err := h.office.AddPolicy(ctx, govern.Policy{Name: "Care", Programme: h.starter.ID, Required: true}, "Words.", "")
		h.must(err)
		check := func(id social.PolicyID, acknowledged, of int) {
			h.Helper()
			p, err := h.office.Policy(ctx, id)
			h.must(err)
			if p.Acknowledged != acknowledged || p.Of != of {
				h.Fatalf("%s: %d of %d, want %d of %d", p.Name, p.Acknowledged, p.Of, acknowledged, of)
			}
		}
		check(h.policy.ID, 0, 2)
		check(own.ID, 0, 1)
		_, err = h.office.Acknowledge(h.as(rob), h.policy.ID, 1)
		h.must(err)
		_, err = h.office.Acknowledge(h.as(rob), h.policy.ID, 1)
		h.must(err)
		if n := h.lines("acknowledge", "policy"); n != 1 {
			h.Fatalf("acknowledging twice wrote %d lines, want 1", n)
		}
		check(h.policy.ID, 1, 2)
		readers, _, err := h.office.Readers(ctx, h.policy.ID, "", 0)
		h.must(err)
		if len(readers) != 2 {
			h.Fatalf("readers: %+v", readers)
		}
		for _, r := range readers {
			if r.At.IsZero() != (r.ID == h.admin.Member) {
				h.Fatalf("readers: %+v", readers)
			}
		}
		_, err = h.office.Acknowledge(h.as(rob), h.policy.ID, 2)
		h.refused(err, social.Conflict, "not the current")
		_, err = h.office.Revise(ctx, h.policy.ID, "New words.", "Shorter.")
		h.must(err)
		check(h.policy.ID, 0, 2)
		_, err = h.office.Acknowledge(h.as(rob), h.policy.ID, 1)
		h.refused(err, social.Conflict, "read version 2")
		versions, err := h.office.Versions(ctx, h.policy.ID)
		h.must(err)
		if len(versions) != 2 || versions[0].N != 2 || versions[0].Body != "New words." || versions[1].Acknowledged != 1 || versions[1].ByName != "Ada" {
			h.Fatalf("versions: %+v", versions)
		}
		programmes, _, err := h.office.Programmes(ctx, "", 0)
		h.must(err)
		if p := programmes[0]; p.Members != 1 || p.Policies != 2 || p.Acknowledged != 0 {
			h.Fatalf("the programme counts %+v", p)
		}
		_, err = h.office.Acknowledge(ctx, h.policy.ID, 2)
		h.must(err)
		_, err = h.office.Acknowledge(ctx, own.ID, 1)
		h.must(err)
		programmes, _, err = h.office.Programmes(ctx, "", 0)
		h.must(err)
		if p := programmes[0]; p.Acknowledged != 1 {
			h.Fatalf("the programme counts %+v", p)
		}
	})
}

func TestListsReadOn(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.as(h.admin)
		for i := range 5 {
			_, err := h.office.AddProgramme(ctx, govern.Programme{Name: fmt.Sprintf("Programme %d", i)})
			h.must(err)
		}
		var names []string
		cursor := ""
		for {
			page, next, err := h.office.Programmes(ctx, cursor, 2)
			h.must(err)
			for _, p := range page {
				names = append(names, p.Name)
			}
			if next == "" {
				break
			}
			cursor = next
		}
		if fmt.Sprint(names) != "[Customer care Programme 0 Programme 1 Programme 2 Programme 3 Programme 4]" {
			h.Fatal(names)
		}
		_, _, err := h.office.Programmes(ctx, "forged", 2)
		h.refused(err, social.Invalid, "cursor")
	})
}

func TestTheBrandNamesTheStarterPolicyOnce(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.as(h.admin)
		b, err := h.office.SetBrand(ctx, govern.Brand{Name: " Brewell ", Terms: []string{"brewell", " Brewell", "", "brew well"}, Handles: []string{"@brewell"}})
		h.must(err)
		if b.Name != "Brewell" || len(b.Terms) != 2 || b.Handles[0] != "brewell" {
			h.Fatalf("kept %+v", b)
		}
		p, err := h.office.Policy(ctx, h.policy.ID)
		h.must(err)
		if p.Name != "Speaking for Brewell" {
			h.Fatal(p.Name)
		}
		_, err = h.office.SetBrand(ctx, govern.Brand{Name: "Other"})
		h.must(err)
		if p, err = h.office.Policy(ctx, h.policy.ID); err != nil || p.Name != "Speaking for Brewell" {
			h.Fatal(p.Name, err)
		}
		_, err = h.office.SetBrand(ctx, govern.Brand{Name: "Other"})
		h.must(err)
		if n := h.lines("update", "brand"); n != 2 {
			h.Fatalf("%d lines, want 2", n)
		}
		_, err = h.office.SetBrand(ctx, govern.Brand{Name: " "})
		h.refused(err, social.Invalid, "empty")
	})
}
