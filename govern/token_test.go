package govern_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/govern"
	"github.com/parley-crm/parley/social"
)

func TestTokens(t *testing.T) {
	each(t, func(h *house) {
		ctx, bg := h.as(h.admin), context.Background()
		token, plain, err := h.office.AddToken(ctx, "Shop", social.Manager, []social.Permission{social.OutcomeWrite}, h.now.Now().Add(time.Hour))
		h.must(err)
		if !strings.HasPrefix(plain, "parley_") {
			h.Fatalf("a token should be recognizable: %s", plain)
		}
		a, err := h.office.ByToken(bg, plain)
		h.must(err)
		if a.Member != h.admin.Member || a.Role != social.Manager || a.Token != token.ID || len(a.Scopes) != 1 {
			h.Fatalf("the token acts as %+v", a)
		}
		for _, forged := range []string{"", "parley_", plain[:len(plain)-1], plain + "x", strings.TrimPrefix(plain, "parley_"), strings.ToUpper(plain)} {
			_, err := h.office.ByToken(bg, forged)
			h.refused(err, social.Unauth, "token")
		}
		page, _, err := h.office.Tokens(ctx, "", 0)
		h.must(err)
		if len(page) != 1 || page[0].By != "Ada" || !page[0].LastUsed.Equal(h.now.Now()) {
			h.Fatalf("listed: %+v", page)
		}
		h.now.Add(time.Hour)
		_, err = h.office.ByToken(bg, plain)
		h.refused(err, social.Unauth, "expired")

		_, plain, err = h.office.AddToken(ctx, "Shop", social.Viewer, nil, time.Time{})
		h.must(err)
		token, plain2, err := h.office.AddToken(ctx, "Shop 2", social.Viewer, nil, time.Time{})
		h.must(err)
		h.must(h.office.DropToken(ctx, token.ID))
		_, err = h.office.ByToken(bg, plain2)
		h.refused(err, social.Unauth, "")
		_, err = h.office.ByToken(bg, plain)
		h.must(err)
		h.refused(h.office.DropToken(ctx, token.ID), social.NotFound, "token")
	})
}

func TestATokenNeverDoesMoreThanItsMember(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.as(h.admin)
		second := h.join("second@brewell.example", social.Admin)
		_, plain, err := h.office.AddToken(h.as(second), "All", social.Admin, nil, time.Time{})
		h.must(err)
		viewer, disabled := social.Viewer, govern.Disabled
		_, err = h.office.ChangeMember(ctx, second.Member, govern.MemberChange{Role: &viewer})
		h.must(err)
		a, err := h.office.ByToken(ctx, plain)
		h.must(err)
		if a.Role != social.Viewer {
			h.Fatalf("the token is still %s", a.Role)
		}
		_, _, err = h.office.AddToken(h.as(a), "More", social.Manager, nil, time.Time{})
		h.refused(err, social.Forbidden, "more than you can")
		_, err = h.office.ChangeMember(ctx, second.Member, govern.MemberChange{State: &disabled})
		h.must(err)
		_, err = h.office.ByToken(ctx, plain)
		h.refused(err, social.Unauth, "")

		narrow := h.admin
		narrow.Scopes = []social.Permission{social.TokenWrite}
		_, _, err = h.office.AddToken(h.as(narrow), "More", social.Admin, []social.Permission{social.SystemWrite}, time.Time{})
		h.refused(err, social.Forbidden, "more than the token")
		made, _, err := h.office.AddToken(h.as(narrow), "Same", social.Admin, nil, time.Time{})
		h.must(err)
		if len(made.Scopes) != 1 {
			h.Fatalf("a token made by a narrow token reaches %v", made.Scopes)
		}
	})
}

func TestTokensThatAreRefused(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.as(h.admin)
		for _, tt := range []struct {
			name    string
			role    social.Role
			scopes  []social.Permission
			expires time.Time
			why     string
		}{
			{"", social.Viewer, nil, time.Time{}, "name"},
			{"x", "king", nil, time.Time{}, "role"},
			{"x", social.NoRole, nil, time.Time{}, "role"},
			{"x", social.Viewer, []social.Permission{"inbox.burn"}, time.Time{}, "inbox.burn"},
			{"x", social.Viewer, nil, h.now.Now(), "past"},
		} {
			_, _, err := h.office.AddToken(ctx, tt.name, tt.role, tt.scopes, tt.expires)
			h.refused(err, social.Invalid, tt.why)
		}
	})
}

func TestATokenFromTheCommandLineActsForTheAdministrator(t *testing.T) {
	each(t, func(h *house) {
		_, plain, err := h.office.AddToken(h.system(), "cli", social.Responder, nil, time.Time{})
		h.must(err)
		a, err := h.office.ByToken(context.Background(), plain)
		h.must(err)
		if a.Member != h.admin.Member || a.Role != social.Responder {
			h.Fatalf("it acts as %+v", a)
		}
	})
}
