package main

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/channel/practice"
	"github.com/parley-crm/parley/cmd/parley/demo"
	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/engage/hive"
	"github.com/parley-crm/parley/engage/rule"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/people/bring"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
)

// TestDemo plays the last days of the script through all rooms and looks at
// what a person would see.
func TestDemo(t *testing.T) {
	now := time.Date(2026, 11, 21, 9, 26, 0, 0, time.UTC)
	set := clock.NewSet(now)
	ctx := asParley(t.Context())
	h, err := build(ctx, plan{store: store.Options{Dir: t.TempDir()}, base: "http://127.0.0.1:1",
		timing: engage.Timing{Undo: time.Millisecond}, clock: set})
	if err != nil {
		t.Fatal(err)
	}
	defer h.db.Close()
	script := demo.WriteDays(1, now, 5)
	if err := h.playDemo(ctx, set, script, nil); err != nil {
		t.Fatal(err)
	}

	spoken, replies := 0, 0
	for _, a := range script.Acts {
		if a.Spoken() {
			spoken++
		}
		if a.Do == demo.Reply {
			replies++
		}
	}
	posts := h.network.Posts("")
	ours := slices.DeleteFunc(h.network.Ours(), func(p practice.Post) bool { return p.Parent == "" }) // what we said by ourselves
	if len(posts) < spoken-10 || len(ours) < replies {                                                // rules answer by themselves besides
		t.Errorf("%d posts for %d acts of speech, %d answers for %d replies", len(posts), spoken, len(ours), replies)
	}
	behind, err := h.db.Behind(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for who, n := range behind {
		if n > 0 {
			t.Errorf("%s was not told %d facts", who, n)
		}
	}
	if n, err := h.db.Parked(ctx); err != nil || n > 0 {
		t.Errorf("%d facts parked, %v", n, err)
	}
	for _, p := range ours {
		m, err := h.talks.External(ctx, channelOf(t, h, p.Site), p.ID)
		if err != nil || m.Delivery == nil || m.Delivery.Stage != engage.Confirmed {
			t.Errorf("our words %q are %+v, %v", p.Text, m.Delivery, err)
		}
	}

	midnight := now.Truncate(24 * time.Hour)
	about, err := around{h}.Busiest(ctx, midnight, 3)
	if err != nil || len(about) == 0 || about[0].Name != "K2 recall" || about[0].Share < .64 || about[0].Share > .73 {
		t.Errorf("what is spoken about most is %+v, %v", about, err)
	}
	maya, err := h.governdb.Admins(ctx)
	if err != nil || len(maya) != 1 {
		t.Fatalf("administrators: %v, %v", maya, err)
	}
	as, err := (&stage{house: h, actors: map[social.MemberID]social.Actor{}}).as(t.Context(), maya[0], social.InboxRead)
	if err != nil {
		t.Fatal(err)
	}
	page, err := h.desk.List(as, engage.Query{View: engage.ViewOpen, Longest: true, Limit: 30})
	if err != nil {
		t.Fatal(err)
	}
	waits := map[string]bool{}
	for _, r := range page.Rows {
		waits[r.Author.Name] = true
		if now.Sub(r.WaitingSince) > 3*time.Hour {
			t.Errorf("%s waits since %s: %s", r.Author.Name, r.WaitingSince, r.Preview)
		}
	}
	for _, name := range []string{"Amara Okafor", "Lucía Cárdenas", "Tomasz Majewski", "Yuki Hayashi", "Rebecca Stein", "Nguyễn Văn An"} {
		if !waits[name] {
			t.Errorf("%s does not wait", name)
		}
	}
	counts, err := h.desk.Counts(as)
	if err != nil || counts.Mine == 0 || counts.Snoozed < 2 || counts.Open < 12 || counts.Open > 120 {
		t.Errorf("the inbox holds %+v, %v", counts, err)
	}
	asked, _, err := h.hive.Cards(as, hive.Ask{View: hive.ViewMine})
	if err != nil || len(asked) == 0 {
		t.Errorf("the hive asks the first member %d questions, %v", len(asked), err)
	}
	for view, least := range map[hive.View]int{hive.ViewOffered: 6, hive.ViewClaimed: 3, hive.ViewWidened: 1} {
		if of, _, err := h.hive.Cards(as, hive.Ask{View: view, Limit: 100}); err != nil || len(of) < least {
			t.Errorf("%d questions are %s, %v", len(of), view, err)
		}
	}
	groups, err := h.segments.Store.Segments(as)
	if err != nil || len(groups) != 6 {
		t.Errorf("%d segments, %v", len(groups), err)
	}
	for _, g := range groups {
		if g.Members == 0 && g.Name != "Gone quiet" || g.Filling.On { // nobody is quiet for four weeks in five days
			t.Errorf("the segment %s has %d members, %+v", g.Name, g.Members, g.Filling)
		}
	}
	if v, err := h.archive.Verify(ctx); err != nil || !v.OK || v.Unsealed > 0 {
		t.Errorf("the record: %+v, %v", v, err)
	}
	lately(t, h, as, maya[0])
}

// lately looks at what is there to be tried: a letter answered to all, one that
// waits to be, an answer in parts, what a tag set off, a signature, and firms
// from a file that can be taken back.
func lately(t *testing.T, h *house, as context.Context, maya social.MemberID) {
	t.Helper()
	all, parts, signed := 0, 0, 0
	for _, p := range h.network.Ours() {
		switch {
		case len(p.CC) == 2 && strings.HasPrefix(p.Text, "Hello Grace, hello Peter,"):
			all++
		case strings.HasSuffix(p.Text, "(3/3)"):
			parts++
		}
		if strings.HasSuffix(p.Text, ", Brewell care\nNW 23rd Avenue, Portland · seven to seven on weekdays") {
			signed++
		}
	}
	if all != 1 || parts != 1 || signed < 5 {
		t.Errorf("%d letters to all, %d answers in three parts, %d signed", all, parts, signed)
	}
	rules, err := h.desk.Rules.Store.Rules(as)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(rules, func(r rule.Rule) bool { return r.When == rule.Tagged })
	if i < 0 {
		t.Fatal("no rule acts on a tag")
	}
	runs, _, err := h.desk.Rules.Store.RunsOf(as, rules[i].ID, "", 10)
	if err != nil || len(runs) == 0 {
		t.Fatalf("a tag set off %v, %v", runs, err)
	}
	for _, r := range runs {
		c, err := h.desk.Conversation(as, r.Conversation)
		if err != nil || c.Assignee == "" || c.Priority != engage.High {
			t.Errorf("a tag led to %s for %q at %s, %v, %q", c.Subject, c.Assignee, c.Priority, err, r.Did)
		}
		to, err := h.desk.Recipients(as, r.Conversation, "")
		if err != nil || !slices.Equal(to.Others, []string{"regnskab@bach-son.example", "mette@bach-son.example"}) {
			t.Errorf("an answer there goes to %v besides, %v", to, err)
		}
	}
	page, err := h.desk.List(as, engage.Query{View: engage.ViewOpen, Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	i = slices.IndexFunc(page.Rows, func(r engage.Row) bool { return r.Author.Name == "Tamsin Ives" })
	if i < 0 {
		t.Fatal("nobody asks in the chat")
	}
	said, _, err := h.desk.Messages(as, page.Rows[i].ID, "", 10)
	i = slices.IndexFunc(said, func(m engage.Message) bool { return m.Kind == engage.FromThem }) // an automatic answer may follow
	if err != nil || i < 0 {
		t.Fatalf("in the chat stands %+v, %v", said, err)
	}
	asks := said[i].Activity
	shown, err := h.files.Of(as, []social.ActivityID{asks})
	if err != nil || len(shown[asks]) != 1 || !strings.HasPrefix(shown[asks][0].Type, "image/") {
		t.Errorf("with %+v, %v", shown, err)
	}
	files, err := h.imports.Store.Imports(as, "", 10)
	if err != nil {
		t.Fatal(err)
	}
	i = slices.IndexFunc(files, func(f bring.Import) bool { return f.Settings.Kind == bring.Firms })
	if i < 0 || files[i].State != bring.Done || files[i].Created != 7 || files[i].Wrong != 1 {
		t.Fatalf("no firms came from a file: %+v", files)
	}
	in, err := (&stage{house: h, actors: map[social.MemberID]social.Actor{}}).as(t.Context(), maya, social.PeopleImport)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.imports.Undo(in, files[i].ID); err != nil {
		t.Fatal(err)
	}
	if err := h.imports.Work(in, files[i].ID, nil); err != nil {
		t.Fatal(err)
	}
	if f, err := h.imports.ByID(in, files[i].ID); err != nil || f.State != bring.Undone || f.Undone != files[i].Steps || f.Kept != 0 {
		t.Errorf("taken back it is %+v, %v", f, err)
	}
}

func channelOf[S ~string](t *testing.T, h *house, site S) social.ChannelID {
	t.Helper()
	for _, c := range h.station.ChannelsSeen(asParley(t.Context())) {
		if c.Settings["site"] == string(site) {
			return c.ID
		}
	}
	t.Fatalf("no channel hears %s", site)
	return ""
}
