package govern_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/govern"
	"github.com/parley-crm/parley/social"
)

func (h *house) signIn(email, password string) (govern.Opened, error) {
	return h.office.SignIn(context.Background(), email, password, here)
}

func TestSigningIn(t *testing.T) {
	each(t, func(h *house) {
		o, err := h.signIn(" Ada@Brewell.example ", password)
		h.must(err)
		a, s, err := h.office.BySession(context.Background(), o.Secret)
		h.must(err)
		if a.Member != h.admin.Member || a.Role != social.Admin || s.ID != o.Session.ID || len(a.Grants) != 1 {
			h.Fatalf("signed in as %+v", a)
		}
		if h.lines("sign_in", "session") != 1 {
			h.Fatal("the record does not say that somebody signed in")
		}
		var kept []string
		h.must(h.db.IDB(context.Background()).NewRaw("SELECT hash FROM session").Scan(context.Background(), &kept))
		for _, k := range kept {
			if strings.Contains(k, o.Secret) {
				h.Fatal("the secret of a session lies in the database")
			}
		}
	})
}

func TestThoseWhoDoNotComeIn(t *testing.T) {
	each(t, func(h *house) {
		disabled := govern.Disabled
		gone := h.join("gone@brewell.example", social.Viewer)
		_, err := h.office.ChangeMember(h.as(h.admin), gone.Member, govern.MemberChange{State: &disabled})
		h.must(err)
		_, _, _, err = h.office.Invite(h.as(h.admin), "new@brewell.example", "", social.Viewer, nil)
		h.must(err)
		texts := map[string]bool{}
		for _, try := range [][2]string{
			{"ada@brewell.example", "wrong password"}, {"nobody@brewell.example", password}, {"gone@brewell.example", password},
			{"new@brewell.example", ""}, {"ada@brewell.example", strings.Repeat("x", 1000)}, {"", ""},
		} {
			_, err := h.signIn(try[0], try[1])
			h.refused(err, social.Unauth, "")
			texts[err.Error()] = true
		}
		if len(texts) != 1 {
			h.Fatalf("the answers differ, which tells who exists: %v", texts)
		}
		for _, forged := range []string{"", "x", strings.Repeat("A", 43), strings.Repeat("A", 4000)} {
			_, _, err := h.office.BySession(context.Background(), forged)
			h.refused(err, social.Unauth, "over")
		}
	})
}

func TestWrongPasswordsSlowDown(t *testing.T) {
	each(t, func(h *house) {
		for _, who := range []string{"ada@brewell.example", "nobody@brewell.example"} {
			tries := 0
			for {
				_, err := h.signIn(who, "wrong password")
				if social.KindOf(err) == social.Busy {
					break
				}
				h.refused(err, social.Unauth, "")
				if tries++; tries > 10 {
					h.Fatalf("%s: nobody slows down", who)
				}
			}
			if tries != 5 {
				h.Fatalf("%s: slowed down after %d, want 5: it must be the same for who exists and who does not", who, tries)
			}
		}
		_, err := h.signIn("ada@brewell.example", password)
		h.refused(err, social.Busy, "Wait")
		if _, err := h.office.SignIn(context.Background(), "ada@brewell.example", password, govern.From{IP: "198.51.100.7"}); err != nil {
			h.Fatalf("from elsewhere one is let in: %v", err)
		}
		h.now.Add(2 * time.Second)
		_, err = h.signIn("ada@brewell.example", "wrong password")
		h.refused(err, social.Unauth, "")
		h.now.Add(time.Second)
		_, err = h.signIn("ada@brewell.example", password)
		h.refused(err, social.Busy, "")
		h.now.Add(15 * time.Minute)
		_, err = h.signIn("ada@brewell.example", password)
		h.must(err)
		_, err = h.signIn("ada@brewell.example", "wrong password")
		h.refused(err, social.Unauth, "")
	})
}

func TestHowLongASessionLasts(t *testing.T) {
	day := 24 * time.Hour
	tests := []struct {
		name string
		uses []time.Duration // between one use and the next
		ok   bool            // at the last
	}{
		{"used now and then", []time.Duration{29 * day, 29 * day, 29 * day}, true},
		{"not used for thirty days", []time.Duration{30 * day}, false},
		{"ninety days old, though used", []time.Duration{29 * day, 29 * day, 29 * day, 3 * day}, false},
	}
	each(t, func(h *house) {
		for _, tt := range tests {
			o, err := h.signIn("ada@brewell.example", password)
			h.must(err)
			for i, d := range tt.uses {
				h.now.Add(d)
				_, _, err = h.office.BySession(context.Background(), o.Secret)
				if last := i == len(tt.uses)-1; last && (err == nil) != tt.ok || !last && err != nil {
					h.Fatalf("%s: after %d uses: %v", tt.name, i+1, err)
				}
			}
		}
	})
}

func TestSigningOutEverywhere(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.as(h.admin)
		open := func() string {
			o, err := h.signIn("ada@brewell.example", password)
			h.must(err)
			return o.Secret
		}
		dead := func(secrets ...string) {
			h.Helper()
			for _, s := range secrets {
				_, _, err := h.office.BySession(ctx, s)
				h.refused(err, social.Unauth, "")
			}
		}
		one, two := open(), open()
		sessions, err := h.office.Sessions(ctx, h.admin.Member)
		h.must(err)
		if len(sessions) != 2 {
			h.Fatalf("%d sessions, want 2", len(sessions))
		}
		_, s, err := h.office.BySession(ctx, one)
		h.must(err)
		h.refused(h.office.EndSession(ctx, "somebody else", s.ID), social.NotFound, "")
		h.must(h.office.EndSession(ctx, h.admin.Member, s.ID))
		dead(one)
		if _, _, err := h.office.BySession(ctx, two); err != nil {
			h.Fatal("ending one session ended another")
		}
		three := open()
		h.must(h.office.EndSessions(ctx, h.admin.Member))
		dead(two, three)

		four, five := open(), open()
		_, err = h.office.ChangePassword(ctx, h.admin.Member, "wrong password", "another fine password", here)
		h.refused(err, social.Invalid, "present password")
		_, err = h.office.ChangePassword(ctx, h.admin.Member, password, "short", here)
		h.refused(err, social.Invalid, "ten characters")
		fresh, err := h.office.ChangePassword(ctx, h.admin.Member, password, "another fine password", here)
		h.must(err)
		dead(four, five)
		if _, _, err := h.office.BySession(ctx, fresh.Secret); err != nil {
			h.Fatal(err)
		}
		_, err = h.signIn("ada@brewell.example", password)
		h.refused(err, social.Unauth, "")
		_, err = h.signIn("ada@brewell.example", "another fine password")
		h.must(err)
	})
}

func TestADisabledMemberIsOutAtOnce(t *testing.T) {
	each(t, func(h *house) {
		h.join("rob@brewell.example", social.Responder)
		o, err := h.signIn("rob@brewell.example", password)
		h.must(err)
		disabled, active := govern.Disabled, govern.Active
		_, err = h.office.ChangeMember(h.as(h.admin), o.Member.ID, govern.MemberChange{State: &disabled})
		h.must(err)
		_, _, err = h.office.BySession(context.Background(), o.Secret)
		h.refused(err, social.Unauth, "")
		_, err = h.office.ChangeMember(h.as(h.admin), o.Member.ID, govern.MemberChange{State: &active})
		h.must(err)
		_, _, err = h.office.BySession(context.Background(), o.Secret)
		h.refused(err, social.Unauth, "")
		_, err = h.signIn("rob@brewell.example", password)
		h.must(err)
	})
}

func TestPasswords(t *testing.T) {
	tests := []struct {
		password, why string // "" is taken
	}{
		{"kettle on the hob", ""}, {"ein Teekessel, laut pfeifend", ""}, {"пароль из слов", ""},
		{"short", "ten"}, {"", "ten"}, {"password123", "guessers"}, {"PassWord123", "guessers"}, {"1234567890", "guessers"},
		{"aaaaaaaaaaaaa", "easily"}, {"maya@brewell.example", "easily"}, {"maya123456", "easily"}, {strings.Repeat("long ", 60), "too long"},
	}
	each(t, func(h *house) {
		for _, tt := range tests {
			_, err := h.office.AddAdmin(h.system(), "maya@brewell.example", "Maya", tt.password)
			if tt.why == "" {
				h.must(err)
				continue
			}
			h.refused(err, social.Invalid, tt.why)
		}
	})
}
