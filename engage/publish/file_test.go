package publish_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/engage/publish"
	"github.com/parley-crm/parley/social"
)

// picture adds a file that begins as a PNG does.
func (w *world) picture(name, more string) social.FileID {
	w.Helper()
	f, err := w.db.PutFile(as(ida), name, "", ida, strings.NewReader("\x89PNG\r\n\x1a\n"+more))
	w.must(err)
	return f.ID
}

// film adds a file that begins as a video does.
func (w *world) film() social.FileID {
	w.Helper()
	f, err := w.db.PutFile(as(ida), "film.mp4", "", ida, strings.NewReader("\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"))
	w.must(err)
	return f.ID
}

// rewrite gives a content other media; its posts are kept as they are.
func (w *world) rewrite(c publish.Content, media []publish.Media) publish.Content {
	w.Helper()
	c, err := w.press.Write(as(ida), c.ID, publish.Change{Text: c.Text, Programme: c.Programme, Media: media, Posts: c.Posts, Seen: c.Version})
	w.must(err)
	return c
}

func (w *world) here(f social.FileID) bool {
	_, err := w.db.File(context.Background(), f)
	return err == nil
}

func TestMediaLeaveWithTheirPost(t *testing.T) {
	each(t, func(w *world) {
		a, b := w.picture("a.png", "a"), w.picture("b.png", "b")
		c := w.rewrite(w.add("tea", blog), []publish.Media{{File: b, Alt: "The second, said first"}, {File: a, Alt: "The first"}})
		w.schedule(c, time.Hour)
		w.later(time.Hour)
		p := w.stands(c.ID, publish.Published)[0]
		want := []string{"The second, said first=\x89PNG\r\n\x1a\nb", "The first=\x89PNG\r\n\x1a\na"}
		if got := w.net.files[string(p.ID)]; !slices.Equal(got, want) {
			t.Errorf("%q went along", got)
		}
	})
}

func TestAChannelHasMediaOfItsOwn(t *testing.T) {
	each(t, func(w *world) {
		a, b := w.picture("a.png", "a"), w.picture("b.png", "b")
		c, err := w.press.Add(as(ida), publish.Content{Text: "tea", Programme: care, Media: []publish.Media{{File: a, Alt: "everywhere"}},
			Posts: []*publish.Post{{Channel: blog, OwnMedia: true, Media: []publish.Media{{File: b, Alt: "here"}}}, {Channel: mute, OwnMedia: true}}})
		w.must(err)
		w.schedule(c, time.Hour)
		w.later(time.Hour)
		posts := w.stands(c.ID, publish.Published, publish.Published)
		if got := w.net.files[string(posts[0].ID)]; len(got) != 1 || !strings.HasPrefix(got[0], "here=") {
			t.Errorf("%q went to the blog", got)
		}
		if got := w.net.files[string(posts[1].ID)]; len(got) != 0 {
			t.Errorf("%q went where none were wanted", got)
		}
	})
}

func TestLimitsAreSaidBefore(t *testing.T) {
	each(t, func(w *world) {
		long := strings.Repeat("a", 101)
		one, two, three, film := w.picture("1.png", "1"), w.picture("2.png", "2"), w.picture("3.png", "3"), w.film()
		theirs, err := w.db.PutFile(as(max), "theirs.png", "", max, strings.NewReader("\x89PNG\r\n\x1a\n"))
		w.must(err)
		big, err := w.db.PutFile(as(ida), "big.png", "", ida, strings.NewReader("\x89PNG\r\n\x1a\n"+strings.Repeat("b", 1<<20)))
		w.must(err)
		words, err := w.db.PutFile(as(ida), "words.txt", "", ida, strings.NewReader("words"))
		w.must(err)
		for _, c := range []struct {
			name  string
			media []publish.Media
			says  string
		}{
			{"two pictures", []publish.Media{{File: one}, {File: two}}, ""},
			{"three", []publish.Media{{File: one}, {File: two}, {File: three}}, "at most 2 files"},
			{"a video alone", []publish.Media{{File: film}}, ""},
			{"a video and a picture", []publish.Media{{File: one}, {File: film}}, "A video goes alone"},
			{"too many bytes", []publish.Media{{File: big.ID}}, "larger than"},
			{"of no kind that is shown", []publish.Media{{File: words.ID}}, "does not take words.txt"},
			{"described at too great length", []publish.Media{{File: one, Alt: long}}, "longer than this network's 100"},
			{"of somebody else", []publish.Media{{File: theirs.ID}}, "not there any more"},
			{"of nobody", []publish.Media{{File: "nothing"}}, "does not exist"},
		} {
			fits, err := w.press.Fits(as(ida), publish.Content{Text: "tea", Programme: care, Media: c.media, Posts: []*publish.Post{{Channel: blog}}})
			w.must(err)
			if got := fits[0].Problem; (got == "") != (c.says == "") || !strings.Contains(got, c.says) {
				t.Errorf("%s: it says %q", c.name, got)
			}
		}
	})
}

func TestMediaAreGoneWithWhatTheyBelongTo(t *testing.T) {
	each(t, func(w *world) {
		a, b := w.picture("a.png", "a"), w.picture("b.png", "b")
		c := w.rewrite(w.add("tea", blog), []publish.Media{{File: a}, {File: b}})
		c = w.rewrite(c, []publish.Media{{File: b}})
		w.now.Add(25 * time.Hour)
		w.must(w.db.SweepFiles(context.Background()))
		if w.here(a) || !w.here(b) {
			t.Fatalf("a day after one was taken out: it is there %v, the other %v", w.here(a), w.here(b))
		}
		w.must(w.press.Remove(as(ida), c.ID))
		if w.here(b) {
			t.Error("a file is there without what it belonged to")
		}
	})
}

func TestWhatHasLeftKeepsItsMedia(t *testing.T) {
	each(t, func(w *world) {
		a := w.picture("a.png", "a")
		c := w.rewrite(w.add("tea", blog), []publish.Media{{File: a, Alt: "tea"}})
		w.schedule(c, 0)
		w.later(time.Minute)
		w.stands(c.ID, publish.Published)
		w.rewrite(w.read(c.ID), nil)
		w.now.Add(25 * time.Hour)
		w.must(w.db.SweepFiles(context.Background()))
		c = w.read(c.ID)
		if got := c.Pictures(c.Posts[0]); len(got) != 1 || !w.here(a) {
			t.Errorf("it left with a picture and stands there with %d, kept %v", len(got), w.here(a))
		}
	})
}

func TestApprovedPicturesAreWhatLeaves(t *testing.T) {
	each(t, func(w *world) {
		w.rule(true, true)
		a, b := w.picture("a.png", "a"), w.picture("b.png", "b")
		c := w.rewrite(w.add("tea", blog), []publish.Media{{File: a, Alt: "tea"}})
		_, err := w.press.Submit(as(ida), c.ID, "")
		w.must(err)
		_, err = w.press.Review(as(max), c.ID, publish.Approve, "")
		w.must(err)
		for what, media := range map[string][]publish.Media{"another picture": {{File: b, Alt: "tea"}}, "other words about it": {{File: a, Alt: "coffee"}}} {
			w.rewrite(w.read(c.ID), media)
			if p := w.read(c.ID).Posts[0]; p.State != publish.Draft {
				t.Errorf("with %s it is still %s", what, p.State)
			}
		}
	})
}

func TestWhereAPictureWasTakenStaysHere(t *testing.T) {
	each(t, func(w *world) {
		chunk := func(kind, body string) string {
			return string([]byte{0, 0, 0, byte(len(body))}) + kind + body + "sums"
		}
		taken := w.picture("taken.png", chunk("IHDR", strings.Repeat("h", 13))+chunk("tEXt", "GPS 52.5200 13.4050")+chunk("IEND", ""))
		c := w.rewrite(w.add("tea", blog), []publish.Media{{File: taken, Alt: "tea"}})
		w.schedule(c, 0)
		w.later(time.Minute)
		p := w.stands(c.ID, publish.Published)[0]
		got := w.net.files[string(p.ID)]
		if len(got) != 1 || !strings.Contains(got[0], "IHDR") || strings.Contains(got[0], "GPS") {
			t.Errorf("it left as %q", got)
		}
	})
}
