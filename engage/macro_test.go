package engage_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/engage/shelf"
	"github.com/parley-crm/parley/social"
)

// told keeps what members are told.
type told struct {
	notices []social.Notice
	dropped []string
}

func (n *told) Notify(_ context.Context, x social.Notice) error {
	n.notices = append(n.notices, x)
	return nil
}

func (n *told) Unnotify(_ context.Context, keys ...string) error {
	n.dropped = append(n.dropped, keys...)
	return nil
}

func TestMacros(t *testing.T) {
	each(t, func(w *world) {
		news := &told{}
		w.desk.Notices, w.desk.Base = news, "https://care.example"
		cid := w.began()
		before := w.row(cid)
		keep := func(ctx context.Context, m shelf.Macro) (shelf.Macro, error) { return w.shelf().KeepMacro(ctx, m) }
		for name, c := range map[string]struct {
			m    shelf.Macro
			kind social.Kind
		}{
			"nothing to do":           {shelf.Macro{Name: "x"}, social.Invalid},
			"no name":                 {shelf.Macro{Words: "x"}, social.Invalid},
			"a variable that is none": {shelf.Macro{Name: "x", Words: "{{person.salary}}"}, social.Invalid},
			"a variable of the note":  {shelf.Macro{Name: "x", Note: "{{ x }}"}, social.Invalid},
			"a snooze without an end": {shelf.Macro{Name: "x", Deeds: []engage.Deed{{Act: engage.ActSnooze}}}, social.Invalid},
			"a tag that there is not": {shelf.Macro{Name: "x", Deeds: []engage.Deed{{Act: engage.ActTag, Tags: []social.TagID{"no"}}}}, social.NotFound},
			"a tag for managers":      {shelf.Macro{Name: "x", Deeds: []engage.Deed{{Act: engage.ActTag, Tags: []social.TagID{"vip"}}}}, social.Forbidden},
		} {
			_, err := keep(as(ana), c.m)
			if social.KindOf(err) != c.kind {
				t.Errorf("%s: %v", name, err)
			}
		}
		_, err := keep(within(ana, care), shelf.Macro{Name: "x", Words: "x", Shared: true})
		w.want(social.Forbidden, err)
		m, err := keep(as(ana), shelf.Macro{Name: "Ask for the number", Shared: true, Words: "Hello {{person.first_name}}, {{ member.name }} here. {{conversation.url}}",
			Note: "@Ben please look, {{person.name}}", Deeds: []engage.Deed{{Act: engage.ActTag, Tags: []social.TagID{"warranty"}}, {Act: engage.ActPriority, Priority: engage.High},
				{Act: engage.ActAssign, Member: ben}, {Act: engage.ActSnooze, After: 24}}})
		w.must(err)
		seen, err := w.shelf().Foresee(as(ana), cid, m.ID)
		w.must(err)
		if want := "Hello " + before.Author.Label() + ", Ana here. https://care.example/engage?c=" + string(cid); seen.Words != want || len(seen.Steps) != 4 {
			t.Errorf("foreseen %+v, want %q", seen, want)
		}
		if now := w.row(cid); now.Version != before.Version {
			t.Error("to foresee has changed something")
		}
		w.now.Add(time.Second)
		out, _, err := w.shelf().UseMacro(as(ana), cid, m.ID)
		w.must(err)
		c := w.row(cid)
		if c.Priority != engage.High || c.Assignee != ben || c.State != engage.Snoozed || !slices.Equal(c.Tags, []social.TagID{"warranty"}) {
			t.Errorf("used: %+v", c.Conversation)
		}
		if len(w.net.order) != 0 {
			t.Error("a macro has sent something")
		}
		kinds := map[string]int{}
		for _, n := range news.notices {
			kinds[n.Kind]++
		}
		if kinds["mention"] != 1 || kinds["assigned"] != 1 {
			t.Errorf("told %+v", news.notices)
		}
		page, err := w.desk.List(as(ben), engage.Query{View: engage.ViewMentions})
		if w.must(err); len(page.Rows) != 1 || !page.Rows[0].Named {
			t.Errorf("ben is named in %d", len(page.Rows))
		}
		w.now.Add(time.Second)
		_, err = w.desk.TakeBack(as(ana), out.Undo)
		w.must(err)
		c = w.row(cid)
		if c.Priority != engage.Normal || c.Assignee != "" || c.State != engage.Open || len(c.Tags) != 0 || !c.WaitingSince.Equal(before.WaitingSince) {
			t.Errorf("taken back: %+v", c.Conversation)
		}
		for _, x := range w.thread(cid) {
			if x.Kind == engage.Noted && x.DeletedAt.IsZero() {
				t.Error("the note stands")
			}
		}
		if len(news.dropped) != 1 {
			t.Errorf("notices taken back: %v", news.dropped)
		}
		// What may not be done is said before anything is done.
		elsewhere, err := w.desk.KeepTeam(as(ana), engage.Team{Name: "Elsewhere", Programme: other, Members: []social.MemberID{ben}})
		w.must(err)
		bad, err := keep(as(ana), shelf.Macro{Name: "Bad", Deeds: []engage.Deed{{Act: engage.ActPriority, Priority: engage.Low}, {Act: engage.ActTeam, Team: elsewhere.ID}}})
		w.must(err)
		seen, err = w.shelf().Foresee(as(ana), cid, bad.ID)
		if w.must(err); seen.Steps[0].Why != "" || seen.Steps[1].Why == "" {
			t.Errorf("foreseen %+v", seen.Steps)
		}
		_, _, err = w.shelf().UseMacro(as(ana), cid, bad.ID)
		w.want(social.Invalid, err)
		if w.row(cid).Priority != engage.Normal {
			t.Error("half of a macro was done")
		}
		_, err = w.shelf().MacroOf(within(ben, other), m.ID)
		w.must(err) // shared with everybody
		_, err = w.shelf().MacroOf(as(ben), bad.ID)
		w.want(social.NotFound, err)
		w.want(social.NotFound, w.shelf().DropMacro(within(ben, other), bad.ID))
		w.tallied()
	})
}

func TestNotesNameColleagues(t *testing.T) {
	each(t, func(w *world) {
		news := &told{}
		w.desk.Notices = news
		cid := w.began()
		for i, text := range []string{"ask ben", "ben@example.org wrote", "@bEn, look", "@ana and @Ben"} {
			_, err := w.desk.Note(as(ana), cid, engage.Remark{Key: string(rune('a' + i)), Text: text})
			w.must(err)
		}
		var got [][]social.MemberID
		for _, n := range news.notices {
			got = append(got, n.Members)
		}
		if len(got) != 2 || !slices.Equal(got[0], []social.MemberID{ben}) || len(got[1]) != 2 {
			t.Errorf("named %v", got)
		}
		page, err := w.desk.List(within(ben, "nowhere"), engage.Query{View: engage.ViewMentions})
		if w.must(err); len(page.Rows) != 0 {
			t.Error("a name leads out of the scope")
		}
	})
}

func TestTranscripts(t *testing.T) {
	each(t, func(w *world) {
		cid := w.began()
		_, err := w.desk.Note(as(ana), cid, engage.Remark{Key: "n", Text: "a secret among us"})
		w.must(err)
		again := w.say("t-2", "maya", "one\n2026-01-01 10:00, Ana, public:\nwe promise\x1b[31m \u202egnp", func(m *social.Mention) {
			m.Activity.Parent, m.Activity.Root = w.row(cid).Thread, w.row(cid).Thread
		})
		w.hear(again)
		w.reply(cid, "k", "On its way.")
		w.later(time.Minute)
		var b strings.Builder
		names := func(context.Context, []social.MemberID) (map[social.MemberID]social.MemberRef, error) {
			return map[social.MemberID]social.MemberRef{ana: {ID: ana, Name: "Ana"}}, nil
		}
		w.must(w.desk.Transcript(as(ana), cid, names, &b))
		text := b.String()
		if !strings.Contains(text, "On its way.") || !strings.Contains(text, "we promise") || strings.Contains(text, "\n2026-01-01") {
			t.Errorf("it lacks something, or a line of theirs looks like ours:\n%s", text)
		}
		if strings.Contains(text, "secret") || strings.ContainsAny(text, "\x1b\u202e") {
			t.Errorf("it tells:\n%s", text)
		}
		w.want(social.NotFound, w.desk.Transcript(within(ana, "nowhere"), cid, names, &b))
	})
}
