package know_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/engage/know"
	"github.com/parley-crm/parley/engage/knowdb"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

type house struct {
	*testing.T
	ctx context.Context
	now *clock.Set
	db  *knowdb.DB
	lib *know.Library
}

func each(t *testing.T, f func(h *house)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		h := &house{T: t, now: now, db: knowdb.New(db), ctx: as(t.Context(), "ida")}
		h.lib = &know.Library{Store: h.db, Clock: now}
		f(h)
	})
}

// as is somebody within programmes, or everywhere when none is named.
func as(ctx context.Context, who social.MemberID, in ...social.ProgrammeID) context.Context {
	return social.WithScope(social.WithActor(ctx, social.Actor{Member: who, Name: string(who)}), social.Scope{All: len(in) == 0, Programmes: in})
}

func (h *house) must(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

func (h *house) is(err error, kind social.Kind) {
	h.Helper()
	if !kind.Is(err) {
		h.Fatalf("got %v, want %s", err, kind)
	}
}

func anybody(context.Context, social.ProgrammeID) bool { return true }
func nobody(context.Context, social.ProgrammeID) bool  { return false }

func (h *house) add(a know.Article) know.Article {
	h.Helper()
	if a.Lang == "" {
		a.Lang = "en"
	}
	out, err := h.lib.Add(h.ctx, a, "")
	h.must(err)
	return out
}

func (h *house) publish(a know.Article) know.Article {
	h.Helper()
	out, err := h.lib.Turn(h.ctx, h.add(a).ID, know.Published, anybody)
	h.must(err)
	return out
}

func TestVersions(t *testing.T) {
	each(t, func(h *house) {
		a := h.add(know.Article{Title: "Descale the Duo", Body: "Use vinegar."})
		if a.Slug != "descale-the-duo" || a.Version != 1 || a.State != know.Draft || a.Visibility != social.Internal || a.Owner != "ida" {
			t.Fatalf("%+v", a)
		}
		_, err := h.lib.Turn(h.ctx, h.add(know.Article{Title: "Empty"}).ID, know.Published, anybody)
		h.is(err, social.Invalid)

		h.now.Add(time.Minute)
		b, err := h.lib.Keep(h.ctx, a.ID, "Descale the Duo", "Use citric acid.", "vinegar harms seals", 1, anybody)
		h.must(err)
		if b.Version != 2 {
			t.Fatalf("%+v", b)
		}
		_, err = h.lib.Keep(h.ctx, a.ID, "Descale", "Mine.", "", 1, anybody)
		h.is(err, social.Conflict)
		same, err := h.lib.Keep(h.ctx, a.ID, "Descale the Duo", "Use citric acid.", "", 2, anybody)
		h.must(err)
		if same.Version != 2 {
			t.Error("the same words made a version")
		}
		back, err := h.lib.Restore(h.ctx, a.ID, 1, anybody)
		h.must(err)
		if back.Version != 3 || back.Body != "Use vinegar." {
			t.Fatalf("%+v", back)
		}
		all, _, err := h.db.Versions(h.ctx, a.ID, "", 0)
		h.must(err)
		if len(all) != 3 || all[0].N != 3 || all[0].Note != "As in version 1" || all[1].By != "ida" {
			t.Fatalf("%+v", all)
		}
		page, next, err := h.db.Versions(h.ctx, a.ID, "", 2)
		h.must(err)
		rest, _, err := h.db.Versions(h.ctx, a.ID, next, 2)
		h.must(err)
		if len(page) != 2 || len(rest) != 1 || rest[0].N != 1 {
			t.Error("pages of versions")
		}
		_, err = h.lib.Restore(h.ctx, a.ID, 9, anybody)
		h.is(err, social.NotFound)
	})
}

func TestWriting(t *testing.T) {
	each(t, func(h *house) {
		a := h.add(know.Article{Title: "Milk", Body: "Cold milk."})
		_, err := h.lib.Write(h.ctx, a.ID, "Milk foam", "Cold milk, and", 1)
		h.must(err)
		w, ok, err := h.lib.Written(h.ctx, a.ID)
		h.must(err)
		if !ok || w.Body != "Cold milk, and" || w.Version != 1 {
			t.Fatalf("%+v", w)
		}
		if _, ok, _ := h.lib.Written(as(t.Context(), "max"), a.ID); ok {
			t.Error("what one writes is one's own")
		}
		if got, err := h.db.Article(h.ctx, a.ID); err != nil || got.Body != "Cold milk." {
			t.Error("writing changes no article")
		}
		_, err = h.lib.Write(h.ctx, a.ID, "Milk", "Cold milk.", 1)
		h.must(err)
		if _, ok, _ := h.lib.Written(h.ctx, a.ID); ok {
			t.Error("what is the same as the article is no draft")
		}
		_, err = h.lib.Write(h.ctx, a.ID, "Milk", "Cold milk, and", 1)
		h.must(err)
		_, err = h.lib.Keep(h.ctx, a.ID, "Milk", "Cold milk, and clean.", "", 1, anybody)
		h.must(err)
		if _, ok, _ := h.lib.Written(h.ctx, a.ID); ok {
			t.Error("what was kept is no draft any more")
		}
	})
}

func TestAddresses(t *testing.T) {
	each(t, func(h *house) {
		a, b := h.add(know.Article{Title: "Returns"}), h.add(know.Article{Title: "Returns!"})
		if a.Slug != "returns" || b.Slug != "returns-2" {
			t.Fatalf("%s %s", a.Slug, b.Slug)
		}
		_, err := h.lib.Add(h.ctx, know.Article{Title: "x", Lang: "en", Slug: "returns"}, "")
		h.is(err, social.Conflict)
		if c := h.add(know.Article{Title: "Returns", Lang: "de-at"}); c.Lang != "de-AT" || c.Slug != "returns" {
			t.Errorf("%+v", c)
		}
		de, err := h.lib.Add(h.ctx, know.Article{Title: "Rückgabe", Lang: "de"}, a.ID)
		h.must(err)
		if de.Set != a.Set || de.Slug != "ruckgabe" {
			t.Errorf("%+v", de)
		}
		_, err = h.lib.Add(h.ctx, know.Article{Title: "Noch einmal", Lang: "de"}, a.ID)
		h.is(err, social.Conflict)
		h.must(h.lib.Remove(h.ctx, a.ID, anybody))
		c := h.add(know.Article{Title: "Returns"})
		if c.Slug != "returns" {
			t.Error("the address of a deleted article is free")
		}
		_, err = h.lib.Bring(h.ctx, a.ID, anybody)
		h.is(err, social.Conflict)
		for _, bad := range []know.Article{{Title: "", Lang: "en"}, {Title: "x", Lang: "klingon!"}, {Title: "x", Lang: ""}, {Title: "x", Lang: "en", Visibility: social.Direct},
			{Title: strings.Repeat("x", 201), Lang: "en"}, {Title: "x", Lang: "en", Body: strings.Repeat("x", know.MostBody)}, {Title: "x", Lang: "en", Slug: "///"}} {
			_, err := h.lib.Add(h.ctx, bad, "")
			h.is(err, social.Invalid)
		}
		if got := h.add(know.Article{Title: "🙂 \u202e\x00 خدمة", Body: "a\xffb"}); got.Slug == "" || strings.Contains(got.Title, "\x00") {
			t.Errorf("%+v", got)
		}
	})
}

func TestDeletedComesBack(t *testing.T) {
	each(t, func(h *house) {
		a := h.publish(know.Article{Title: "Grinder", Body: "Coarse."})
		h.must(h.lib.Remove(h.ctx, a.ID, anybody))
		_, err := h.db.Article(h.ctx, a.ID)
		h.is(err, social.NotFound)
		if hits, _ := h.lib.Find(h.ctx, know.Ask{Text: "grinder"}); len(hits) != 0 {
			t.Error("found though deleted")
		}
		h.now.Add(29 * 24 * time.Hour)
		h.must(h.lib.Tidy(h.ctx))
		back, err := h.lib.Bring(h.ctx, a.ID, anybody)
		h.must(err)
		if back.State != know.Published || back.Body != "Coarse." {
			t.Errorf("%+v", back)
		}
		if hits, _ := h.lib.Find(h.ctx, know.Ask{Text: "grinder"}); len(hits) != 1 {
			t.Error("not found though back")
		}
		h.must(h.lib.Remove(h.ctx, a.ID, anybody))
		h.now.Add(31 * 24 * time.Hour)
		h.must(h.lib.Tidy(h.ctx))
		_, err = h.lib.Bring(h.ctx, a.ID, anybody)
		h.is(err, social.NotFound)
	})
}

func TestWhoSeesAndChanges(t *testing.T) {
	each(t, func(h *house) {
		draft := h.add(know.Article{Title: "House draft", Body: "alpha"})
		house := h.publish(know.Article{Title: "House rule", Body: "alpha"})
		north := h.publish(know.Article{Title: "North rule", Body: "alpha", Programme: "north"})
		world := h.publish(know.Article{Title: "North help", Body: "alpha", Programme: "north", Visibility: social.Public})
		south := h.add(know.Article{Title: "South draft", Body: "alpha", Programme: "south"})
		ids := func(ctx context.Context) (out []string) {
			list, _, err := h.db.List(ctx, know.ArticleQuery{})
			h.must(err)
			for _, a := range list {
				out = append(out, a.Title)
			}
			slices.Sort(out)
			hits, err := h.lib.Find(ctx, know.Ask{Text: "alpha"})
			h.must(err)
			if len(hits) != len(out) {
				t.Errorf("the index shows %d, the store %d", len(hits), len(out))
			}
			c, err := h.db.Counts(ctx, h.now.Now())
			h.must(err)
			if c.Draft+c.Published+c.Archived != len(out) {
				t.Errorf("counted %+v of %d", c, len(out))
			}
			return out
		}
		if got := ids(h.ctx); len(got) != 5 {
			t.Errorf("everywhere: %v", got)
		}
		southern := as(t.Context(), "sue", "south")
		if got := ids(southern); !slices.Equal(got, []string{"House rule", "North help", "South draft"}) {
			t.Errorf("south: %v", got)
		}
		for _, a := range []know.Article{draft, north} {
			_, err := h.lib.Keep(southern, a.ID, "x", "x", "", 1, anybody)
			h.is(err, social.NotFound)
		}
		for _, a := range []know.Article{house, world} {
			_, err := h.lib.Keep(southern, a.ID, "x", "x", "", 1, anybody)
			h.is(err, social.Forbidden)
		}
		_, err := h.lib.Add(southern, know.Article{Title: "x", Lang: "en"}, "")
		h.is(err, social.Invalid)
		_, err = h.lib.Add(southern, know.Article{Title: "x", Lang: "en", Programme: "north"}, "")
		h.is(err, social.NotFound)
		_, err = h.lib.AddCategory(southern, "Mine", "")
		h.is(err, social.Forbidden)
		_, err = h.lib.Keep(southern, south.ID, "South draft", "beta", "", 1, nobody)
		h.must(err)

		// What the world reads takes one permission more, in every way.
		public := social.Public
		_, err = h.lib.Change(h.ctx, house.ID, know.Patch{Visibility: &public}, nobody)
		h.is(err, social.Forbidden)
		_, err = h.lib.Keep(h.ctx, world.ID, "North help", "other", "", 1, nobody)
		h.is(err, social.Forbidden)
		_, err = h.lib.Turn(h.ctx, world.ID, know.Archived, nobody)
		h.is(err, social.Forbidden)
		h.is(h.lib.Remove(h.ctx, world.ID, nobody), social.Forbidden)
		_, err = h.lib.Change(h.ctx, south.ID, know.Patch{Visibility: &public}, nobody)
		h.must(err)
		_, err = h.lib.Turn(h.ctx, south.ID, know.Published, nobody)
		h.is(err, social.Forbidden)
	})
}

func TestSearch(t *testing.T) {
	each(t, func(h *house) {
		h.publish(know.Article{Title: "Descaling the machine", Body: "Every three months, with citric acid."})
		h.publish(know.Article{Title: "Grinder settings", Body: "After descaling nothing changes here."})
		h.publish(know.Article{Title: "Entkalken der Maschine", Body: "Alle drei Monate.", Lang: "de"})
		h.publish(know.Article{Title: "清洗咖啡机", Body: "每三个月一次。", Lang: "zh"})
		tests := []struct {
			name, words, lang, first string
			n                        int
		}{
			{"the title counts for more", "descale", "", "Descaling the machine", 2},
			{"as one types", "grin", "", "Grinder settings", 1},
			{"forms of a word", "machines descaled", "", "Descaling the machine", 2},
			{"another language", "maschinen entkalken", "", "Entkalken der Maschine", 1},
			{"a script without spaces", "咖啡机", "", "清洗咖啡机", 1},
			{"only one language", "maschine", "en", "", 0},
			{"nothing", "parking", "", "", 0},
			{"no words", "?! 🙂", "", "", 0},
			{"hostile", strings.Repeat("\"*' OR 1=1 -- descale ", 5000), "", "Descaling the machine", 2},
		}
		for _, tt := range tests {
			got, err := h.lib.Search(h.ctx, tt.words, know.ArticleQuery{Lang: tt.lang})
			h.must(err)
			if len(got) != tt.n || tt.n > 0 && got[0].Title != tt.first {
				t.Errorf("%s: %d found, %+v", tt.name, len(got), got)
			}
		}
	})
}

func TestCategories(t *testing.T) {
	each(t, func(h *house) {
		machines, err := h.lib.AddCategory(h.ctx, "Machines", "")
		h.must(err)
		care, err := h.lib.AddCategory(h.ctx, "Care", machines.ID)
		h.must(err)
		_, err = h.lib.AddCategory(h.ctx, "care", machines.ID)
		h.is(err, social.Conflict)
		_, err = h.lib.AddCategory(h.ctx, "Deeper", care.ID)
		h.is(err, social.Invalid)
		_, err = h.lib.RenameCategory(h.ctx, machines.ID, "Machines", care.ID)
		h.is(err, social.Invalid)
		a := h.add(know.Article{Title: "Clean it", Category: care.ID})
		if list, _, err := h.db.List(h.ctx, know.ArticleQuery{Category: machines.ID}); err != nil || len(list) != 1 {
			t.Error("what stands below a category stands in it")
		}
		_, err = h.lib.Add(h.ctx, know.Article{Title: "x", Lang: "en", Category: "nope"}, "")
		h.is(err, social.NotFound)
		h.must(h.lib.RemoveCategory(h.ctx, care.ID))
		if got, _ := h.db.Article(h.ctx, a.ID); got.Category != "" {
			t.Error("the article should stand without")
		}
	})
}

func TestFiles(t *testing.T) {
	each(t, func(h *house) {
		files := []know.File{
			{"descale.md", "---\ntitle: \"Descale it\"\nlang: en\nvisibility: public\nstate: published\n---\n\nWith acid.\n"},
			{"milch-schaum.md", "# Milchschaum\n\nKalt."},
			{"docs/no-title.md", "Only words."},
			{"bad.md", "---\nlang: nope!\n---\nx"},
		}
		dry, err := h.lib.Import(h.ctx, files, know.Article{Lang: "de"}, true, anybody)
		h.must(err)
		if list, _, _ := h.db.List(h.ctx, know.ArticleQuery{}); len(list) != 0 || dry[0].Act != "add" {
			t.Fatal("a dry run changes nothing")
		}
		done, err := h.lib.Import(h.ctx, files, know.Article{Lang: "de"}, false, anybody)
		h.must(err)
		acts := func(d []know.Imported) (out []string) {
			for _, x := range d {
				out = append(out, x.Title+" "+x.Lang+" "+x.Act)
			}
			return out
		}
		if got := acts(done); !slices.Equal(got, []string{"Descale it en add", "Milchschaum de add", "no title de add", "bad nope! error"}) {
			t.Errorf("%q", got)
		}
		a, err := h.db.Article(h.ctx, done[0].ID)
		h.must(err)
		if !a.Open() || a.Body != "With acid." {
			t.Errorf("%+v", a)
		}
		var out []know.File
		h.must(h.lib.Export(h.ctx, func(name, text string, _ time.Time) error {
			out = append(out, know.File{Name: name, Text: text})
			return nil
		}))
		again, err := h.lib.Import(h.ctx, out, know.Article{Lang: "en"}, false, anybody)
		h.must(err)
		for _, x := range again {
			if x.Act != "same" {
				t.Errorf("what was exported should be the same: %+v", x)
			}
		}
		files[1].Text += " Sehr kalt."
		done, err = h.lib.Import(h.ctx, files[1:2], know.Article{Lang: "de"}, false, anybody)
		h.must(err)
		if done[0].Act != "update" {
			t.Errorf("%+v", done)
		}
	})
}

func TestPages(t *testing.T) {
	each(t, func(h *house) {
		for i := range 7 {
			h.now.Add(time.Second)
			h.add(know.Article{Title: fmt.Sprintf("Article %d", i)})
		}
		var got []string
		for cursor := ""; ; {
			page, next, err := h.db.List(h.ctx, know.ArticleQuery{Cursor: cursor, Limit: 3})
			h.must(err)
			for _, a := range page {
				got = append(got, a.Title[8:])
			}
			if cursor = next; next == "" {
				break
			}
		}
		if strings.Join(got, "") != "6543210" {
			t.Errorf("%v", got)
		}
		_, _, err := h.db.List(h.ctx, know.ArticleQuery{Cursor: "forged"})
		h.is(err, social.Invalid)
	})
}
