package govern_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/parley-crm/parley/govern"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

func TestTheSetupLinkMakesOneAdministrator(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		h, ctx := empty(t, db, now), context.Background()
		stale, _, err := h.office.Setup(ctx)
		h.must(err)
		token, _, err := h.office.Setup(ctx)
		h.must(err)
		_, err = h.office.Enter(ctx, stale, "Eve", "eve@brewell.example", password, here)
		h.refused(err, social.NotFound, "link")
		_, err = h.office.Enter(ctx, token, "Ada", "no address", password, here)
		h.refused(err, social.Invalid, "e-mail")
		_, err = h.office.Enter(ctx, token, " ", "ada@brewell.example", password, here)
		h.refused(err, social.Invalid, "name")

		var wg sync.WaitGroup
		var in [4]error
		for i := range in {
			wg.Go(func() {
				_, in[i] = h.office.Enter(ctx, token, "Ada", strings.Repeat("a", i+1)+"@brewell.example", password, here)
			})
		}
		wg.Wait()
		came := 0
		for _, err := range in {
			if err == nil {
				came++
			} else {
				h.refused(err, social.NotFound, "link")
			}
		}
		if came != 1 {
			h.Fatalf("%d came in by one link, want 1", came)
		}
		token, _, err = h.office.Setup(ctx)
		if err != nil || token != "" {
			h.Fatalf("a second setup: %q, %v", token, err)
		}
	})
}

func TestAnInvitation(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.as(h.admin)
		grant := social.Grant{Programme: h.starter.ID, Role: social.Responder}
		_, first, _, err := h.office.Invite(ctx, "Rob@Brewell.example", "Rob", social.NoRole, []social.Grant{grant})
		h.must(err)
		m, second, expires, err := h.office.Invite(ctx, "rob@brewell.example", "Rob", social.NoRole, []social.Grant{grant})
		h.must(err)
		if m.State != govern.Invited || !expires.Equal(h.now.Now().AddDate(0, 0, 7)) {
			h.Fatalf("invited: %+v until %v", m, expires)
		}
		_, _, err = h.office.Look(ctx, first)
		h.refused(err, social.NotFound, "link")
		door, m, err := h.office.Look(ctx, second)
		h.must(err)
		if door.Kind != govern.InviteDoor || m.Email != "Rob@Brewell.example" {
			h.Fatalf("the link is %+v for %+v", door, m)
		}
		o, err := h.office.Enter(ctx, second, "", "eve@elsewhere.example", password, here)
		h.must(err)
		if o.Member.State != govern.Active || o.Member.Email != "Rob@Brewell.example" || len(o.Member.Programmes) != 1 {
			h.Fatalf("came in as %+v", o.Member)
		}
		_, err = h.office.Enter(ctx, second, "", "", "another fine password", here)
		h.refused(err, social.NotFound, "link")
		_, _, _, err = h.office.Invite(ctx, "ROB@brewell.example", "", social.Viewer, nil)
		h.refused(err, social.Conflict, "already")
		for _, bad := range []struct {
			email  string
			role   social.Role
			grants []social.Grant
			kind   social.Kind
			why    string
		}{
			{"nobody", social.Viewer, nil, social.Invalid, "e-mail"},
			{"Rob <rob@x.example>", social.Viewer, nil, social.Invalid, "e-mail"},
			{"x@x.example", "king", nil, social.Invalid, "role"},
			{"x@x.example", social.NoRole, nil, social.Invalid, "role"},
			{"x@x.example", social.NoRole, []social.Grant{{Programme: h.starter.ID, Role: social.Admin}}, social.Invalid, "Inside"},
			{"x@x.example", social.NoRole, []social.Grant{{Programme: "none", Role: social.Viewer}}, social.NotFound, "programme"},
		} {
			_, _, _, err := h.office.Invite(ctx, bad.email, "", bad.role, bad.grants)
			h.refused(err, bad.kind, bad.why)
		}
		if _, _, err := h.rows.MemberByEmail(ctx, "x@x.example"); !social.NotFound.Is(err) {
			h.Fatal("a refused invitation left a member behind")
		}
	})
}

func TestAResetEndsAllSessions(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.as(h.admin)
		rob := h.join("rob@brewell.example", social.Viewer)
		old, err := h.signIn("rob@brewell.example", password)
		h.must(err)
		kind, token, _, err := h.office.ResetLink(ctx, rob.Member)
		h.must(err)
		if kind != govern.ResetDoor {
			h.Fatal(kind)
		}
		if _, _, err := h.office.BySession(ctx, old.Secret); err != nil {
			h.Fatal("making a link should not end sessions")
		}
		_, err = h.office.Enter(ctx, token, "", "", "another fine password", here)
		h.must(err)
		_, _, err = h.office.BySession(ctx, old.Secret)
		h.refused(err, social.Unauth, "")
		_, token, _, err = h.office.ResetLink(ctx, rob.Member)
		h.must(err)
		h.now.Add(24 * time.Hour)
		_, err = h.office.Enter(ctx, token, "", "", "another fine password", here)
		h.refused(err, social.NotFound, "expired")
	})
}

func TestADisabledMembersLinkIsDead(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.as(h.admin)
		rob := h.join("rob@brewell.example", social.Viewer)
		_, token, _, err := h.office.ResetLink(ctx, rob.Member)
		h.must(err)
		disabled := govern.Disabled
		_, err = h.office.ChangeMember(ctx, rob.Member, govern.MemberChange{State: &disabled})
		h.must(err)
		_, err = h.office.Enter(ctx, token, "", "", "another fine password", here)
		h.refused(err, social.NotFound, "link")
		_, _, _, err = h.office.ResetLink(ctx, rob.Member)
		h.refused(err, social.Conflict, "disabled")
	})
}

func TestTheLastAdministratorStays(t *testing.T) {
	each(t, func(h *house) {
		ctx, viewer, disabled := h.as(h.admin), social.Viewer, govern.Disabled
		_, err := h.office.ChangeMember(ctx, h.admin.Member, govern.MemberChange{Role: &viewer})
		h.refused(err, social.Conflict, "last administrator")
		_, err = h.office.ChangeMember(ctx, h.admin.Member, govern.MemberChange{State: &disabled})
		h.refused(err, social.Conflict, "last administrator")
		m, err := h.office.Member(ctx, h.admin.Member)
		h.must(err)
		if m.Role != social.Admin || m.State != govern.Active {
			h.Fatalf("a refusal changed %+v", m)
		}
		h.join("second@brewell.example", social.Admin)
		_, err = h.office.ChangeMember(ctx, h.admin.Member, govern.MemberChange{Role: &viewer})
		h.must(err)
	})
}

func TestTwoAdministratorsCanNotUnmakeEachOther(t *testing.T) {
	each(t, func(h *house) {
		second := h.join("second@brewell.example", social.Admin)
		viewer := social.Viewer
		var wg sync.WaitGroup
		var errs [2]error
		for i, pair := range [2][2]social.Actor{{h.admin, second}, {second, h.admin}} {
			wg.Go(func() {
				_, errs[i] = h.office.ChangeMember(h.as(pair[0]), pair[1].Member, govern.MemberChange{Role: &viewer})
			})
		}
		wg.Wait()
		admins, err := h.rows.Admins(context.Background())
		h.must(err)
		if len(admins) != 1 || (errs[0] == nil) == (errs[1] == nil) {
			h.Fatalf("%d administrators are left: %v", len(admins), errs)
		}
	})
}
