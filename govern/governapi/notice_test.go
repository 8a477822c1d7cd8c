package governapi_test

import (
	"context"
	"testing"
	"time"

	"github.com/parley-crm/parley/govern/governapi"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

func TestNoticesAreOnesOwn(t *testing.T) {
	each(t, func(h *house) {
		ada := h.admin()
		ben := ada.join("ben@brewell.example", social.Responder)
		var me governapi.Session
		ben.do("GET", "/api/session", nil).ok(&me)
		ctx := social.WithActor(context.Background(), social.SystemActor())
		tell := func(key, text string) {
			h.t.Helper()
			n := social.Notice{Key: key, Kind: "mention", Text: text, Link: "/engage/inbox/1", Members: []social.MemberID{me.Member.ID}}
			if err := h.office.Notify(ctx, n); err != nil {
				h.t.Fatal(err)
			}
		}
		tell("a", "Ada mentioned you.")
		tell("a", "Ada mentioned you.") // the same news
		h.now.Add(time.Second)
		tell("b", "And again.")
		var page server.Page[governapi.Notice]
		var n governapi.Unread
		ben.do("GET", "/api/notices/unread", nil).ok(&n)
		ben.do("GET", "/api/notices", nil).ok(&page)
		if n.Unread != 2 || len(page.Items) != 2 || page.Items[0].Text != "And again." {
			h.t.Fatalf("%+v, %+v", n, page.Items)
		}
		ada.do("GET", "/api/notices", nil).ok(&page)
		if len(page.Items) != 0 {
			h.t.Errorf("Ada reads Ben's: %+v", page.Items)
		}
		ben.do("GET", "/api/notices", nil).ok(&page)
		ada.do("POST", "/api/notices/read", map[string]any{"ids": []social.NoticeID{page.Items[0].ID}}).ok(nil)
		ben.do("GET", "/api/notices/unread", nil).ok(&n)
		if n.Unread != 2 {
			h.t.Error("Ada has read Ben's notice")
		}
		ben.do("POST", "/api/notices/read", map[string]any{"ids": []social.NoticeID{page.Items[0].ID}}).ok(nil)
		ben.do("GET", "/api/notices?unread=true", nil).ok(&page)
		if len(page.Items) != 1 || page.Items[0].Text != "Ada mentioned you." {
			h.t.Errorf("unread: %+v", page.Items)
		}
		if err := h.office.Unnotify(ctx, "a"); err != nil {
			h.t.Fatal(err)
		}
		ben.do("POST", "/api/notices/read", map[string]any{}).ok(nil)
		ben.do("GET", "/api/notices", nil).ok(&page)
		if len(page.Items) != 1 || page.Items[0].Read == nil {
			h.t.Errorf("what is over is gone, the rest is read: %+v", page.Items)
		}
		now := social.WithActor(context.Background(), social.Actor{Member: me.Member.ID, Role: social.Responder})
		if err := h.office.Notify(now, social.Notice{Key: "c", Kind: "mention", Text: "Myself", Link: "/", Members: []social.MemberID{me.Member.ID}}); err != nil {
			h.t.Fatal(err)
		}
		if ben.do("GET", "/api/notices", nil).ok(&page); len(page.Items) != 1 {
			h.t.Error("one is told of what one did oneself")
		}
	})
}
