package govern_test

import (
	"context"
	"errors"
	"testing"

	"github.com/parley-crm/parley/govern"
	"github.com/parley-crm/parley/social"
)

// ask asks the gate knowing only who it is, as a sender does later.
func (h *house) ask(ctx context.Context, m social.MemberID, p social.ProgrammeID) govern.Verdict {
	h.Helper()
	v, err := h.gate.Clear(ctx, govern.Ask{Actor: social.Actor{Member: m}, Programme: p})
	h.must(err)
	return v
}

func (h *house) wants(v govern.Verdict, what string) {
	h.Helper()
	got := ""
	for i, m := range v.Missing {
		if i > 0 {
			got += " "
		}
		got += m.What
	}
	if got != what || v.Clear != (what == "") || (v.Err() == nil) != v.Clear {
		h.Fatalf("missing %q (%+v), want %q", got, v, what)
	}
}

func TestTheGate(t *testing.T) {
	each(t, func(h *house) {
		ctx, admin := h.as(h.admin), h.admin.Member
		v := h.ask(ctx, admin, h.starter.ID)
		h.wants(v, "acknowledgement")
		if v.Why != "You have not acknowledged “Speaking for us”, version 1." || v.Fix != "/govern/policies/"+string(h.policy.ID) {
			h.Fatalf("the refusal should say what is missing and lead there: %+v", v)
		}
		_, err := h.office.Acknowledge(ctx, h.policy.ID, 1)
		h.must(err)
		h.wants(h.ask(ctx, admin, ""), "")
		h.wants(h.ask(ctx, admin, h.starter.ID), "")

		_, err = h.office.Revise(ctx, h.policy.ID, "New words.", "Shorter.")
		h.must(err)
		h.wants(h.ask(ctx, admin, ""), "acknowledgement")
		_, err = h.office.Acknowledge(ctx, h.policy.ID, 2)
		h.must(err)

		own, err := h.office.AddPolicy(ctx, govern.Policy{Name: "Of care alone", Programme: h.starter.ID, Required: true}, "Words.", "")
		h.must(err)
		h.wants(h.ask(ctx, admin, ""), "")
		h.wants(h.ask(ctx, admin, h.starter.ID), "acknowledgement")
		_, err = h.office.Acknowledge(ctx, own.ID, 1)
		h.must(err)
		_, err = h.office.AddPolicy(ctx, govern.Policy{Name: "Good to know"}, "Words.", "")
		h.must(err)
		h.wants(h.ask(ctx, admin, h.starter.ID), "")
	})
}

func TestTheGateLooksAtRoles(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.as(h.admin)
		viewer := h.join("vera@brewell.example", social.Viewer)
		insider := h.join("ines@brewell.example", social.NoRole, social.Grant{Programme: h.starter.ID, Role: social.Responder})
		other, err := h.office.AddProgramme(ctx, govern.Programme{Name: "Press"})
		h.must(err)
		for _, a := range []social.Actor{viewer, insider} {
			_, err := h.office.Acknowledge(h.as(a), h.policy.ID, 1)
			h.must(err)
		}
		h.wants(h.ask(ctx, viewer.Member, h.starter.ID), "role")
		h.wants(h.ask(ctx, insider.Member, h.starter.ID), "")
		h.wants(h.ask(ctx, insider.Member, other.ID), "role")
		h.wants(h.ask(ctx, insider.Member, ""), "role")
		h.wants(h.ask(ctx, "nobody", h.starter.ID), "role")

		// What an actor claims about itself counts for nothing.
		v, err := h.gate.Clear(ctx, govern.Ask{Actor: social.Actor{Member: viewer.Member, Role: social.Admin}})
		h.must(err)
		h.wants(v, "role")
		v, err = h.gate.Clear(ctx, govern.Ask{Actor: social.SystemActor()})
		h.must(err)
		h.wants(v, "role")

		disabled := govern.Disabled
		_, err = h.office.ChangeMember(ctx, insider.Member, govern.MemberChange{State: &disabled})
		h.must(err)
		h.wants(h.ask(ctx, insider.Member, h.starter.ID), "role")
	})
}

func TestTheGateAnswersForTheTransactionItIsAskedIn(t *testing.T) {
	each(t, func(h *house) {
		ctx, admin := h.as(h.admin), h.admin.Member
		back := errors.New("take it back")
		err := h.db.InTx(ctx, func(ctx context.Context) error {
			h.wants(h.ask(ctx, admin, ""), "acknowledgement")
			if _, err := h.office.Acknowledge(ctx, h.policy.ID, 1); err != nil {
				return err
			}
			h.wants(h.ask(ctx, admin, ""), "")
			return back
		})
		if !errors.Is(err, back) {
			h.Fatal(err)
		}
		h.wants(h.ask(ctx, admin, ""), "acknowledgement")

		_, err = h.office.Acknowledge(ctx, h.policy.ID, 1)
		h.must(err)
		viewer := social.Viewer
		h.join("second@brewell.example", social.Admin)
		err = h.db.InTx(ctx, func(ctx context.Context) error {
			if _, err := h.office.ChangeMember(ctx, admin, govern.MemberChange{Role: &viewer, Grants: &[]social.Grant{}}); err != nil {
				return err
			}
			h.wants(h.ask(ctx, admin, ""), "role")
			return back
		})
		if !errors.Is(err, back) {
			h.Fatal(err)
		}
		h.wants(h.ask(ctx, admin, ""), "")
	})
}

func TestTheGateAndTokens(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.as(h.admin)
		_, err := h.office.Acknowledge(ctx, h.policy.ID, 1)
		h.must(err)
		ask := func(plain string) govern.Verdict {
			a, err := h.office.ByToken(ctx, plain)
			h.must(err)
			v, err := h.gate.Clear(ctx, govern.Ask{Actor: a})
			h.must(err)
			return v
		}
		_, reader, err := h.office.AddToken(ctx, "reader", social.Viewer, nil, h.now.Now().AddDate(0, 0, 1))
		h.must(err)
		h.wants(ask(reader), "role")
		_, narrow, err := h.office.AddToken(ctx, "narrow", social.Admin, []social.Permission{social.InboxRead}, h.now.Now().AddDate(0, 0, 1))
		h.must(err)
		h.wants(ask(narrow), "role")
		token, writer, err := h.office.AddToken(ctx, "writer", social.Responder, nil, h.now.Now().AddDate(0, 0, 1))
		h.must(err)
		h.wants(ask(writer), "")
		a, err := h.office.ByToken(ctx, writer)
		h.must(err)
		h.must(h.office.DropToken(ctx, token.ID))
		v, err := h.gate.Clear(ctx, govern.Ask{Actor: a})
		h.must(err)
		h.wants(v, "role")
	})
}
