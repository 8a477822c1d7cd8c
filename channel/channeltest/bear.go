package channeltest

import (
	"bytes"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// Film begins as a video does; what follows is none.
var Film = slices.Concat([]byte("\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"), bytes.Repeat([]byte("\x00frame"), 300))

// Noise is a picture of some megabytes.
func Noise(t testing.TB) []byte {
	t.Helper()
	r := rand.New(rand.NewPCG(4, 2))
	m := image.NewNRGBA(image.Rect(0, 0, 1200, 800))
	for i := range m.Pix {
		m.Pix[i] = byte(r.Uint32()) | 1
	}
	var w bytes.Buffer
	if err := png.Encode(&w, m); err != nil {
		t.Fatal(err)
	}
	return w.Bytes()
}

// bearing holds a channel to what it must do with files that go with a post.
func bearing(t *testing.T, make Make) {
	picture := File{Name: "lid.png", Type: "image/png", Alt: "The lid on the kettle, “at last” & well", Bytes: Picture}
	below := File{Name: "below.png", Type: "image/png", Alt: "From below", Bytes: slices.Concat(Picture, []byte("\x00"))}
	post := func(rig *Rig, key string, files ...File) channel.Post {
		p := channel.Post{Key: rig.salt + key, Text: "We have news of " + key + ".", Lang: "en", Attempted: rig.clock()}
		for _, f := range files {
			p.Media = append(p.Media, media(f))
		}
		return p
	}
	t.Run("files go with a post, byte by byte and in order", func(t *testing.T) {
		rig := make(t)
		p := post(rig, "lids", picture, File{Name: "second.png", Type: "image/png", Alt: "Once more", Bytes: Picture})
		r, err := rig.Channel.(channel.Publisher).Publish(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		took(t, rig, "We have news of lids.", 1)
		got := rig.Carried(r.ExternalID)
		if len(got) != 2 {
			t.Fatalf("%d files went along, not 2", len(got))
		}
		for i, f := range got {
			if want := p.Media[i].Alt; !rig.same(f.Bytes, Picture) || f.Alt != want {
				t.Errorf("file %d came with %q, not %q, and %d bytes", i, f.Alt, want, len(f.Bytes))
			}
		}
		if f, ok := rig.Channel.(channel.PostFinder); ok {
			if found, err := f.FindPost(t.Context(), p); err != nil || found.ExternalID != r.ExternalID {
				t.Errorf("it is found as %+v, %v", found, err)
			}
		}
	})
	t.Run("another attempt sends no file again", func(t *testing.T) {
		rig := make(t)
		if rig.Fumble == nil {
			t.Skip("this double cannot refuse only the words")
		}
		pub := rig.Channel.(channel.Publisher)
		p := post(rig, "retries", picture, below)
		rig.Fumble()
		_, err := pub.Publish(t.Context(), p)
		kinds(t, err, social.Busy)
		r, err := pub.Publish(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		took(t, rig, p.Text, 1)
		if n := rig.Uploads(); n != 2 || len(rig.Carried(r.ExternalID)) != 2 {
			t.Errorf("two files were sent %d times, and %d stand there", n, len(rig.Carried(r.ExternalID)))
		}
	})
	t.Run("a video goes alone", func(t *testing.T) {
		rig := make(t)
		load := rig.Channel.(channel.Bearer).Load()
		if load.Video == nil || rig.Real {
			t.Skip("this network takes no video, or would look into it")
		}
		film := File{Name: "film.mp4", Type: load.Video.Types[0], Alt: "The kettle boils", Bytes: Film}
		r, err := rig.Channel.(channel.Publisher).Publish(t.Context(), post(rig, "films", film))
		if err != nil {
			t.Fatal(err)
		}
		if got := rig.Carried(r.ExternalID); len(got) != 1 || !bytes.Equal(got[0].Bytes, Film) {
			t.Errorf("%d files went along", len(got))
		}
		_, err = rig.Channel.(channel.Publisher).Publish(t.Context(), post(rig, "both", film, picture))
		kinds(t, err, social.Invalid)
		took(t, rig, "We have news of both.", 0)
	})
	t.Run("a picture that is too large goes smaller", func(t *testing.T) {
		rig := make(t)
		load := rig.Channel.(channel.Bearer).Load()
		if load.Shrinks == 0 {
			t.Skip("this network takes large pictures as they are")
		}
		noise := Noise(t)
		if short := load.Shrinks + 1 - int64(len(noise)); short > 0 {
			noise = append(noise, bytes.Repeat([]byte{0}, int(short))...) // behind its end, where no program looks
		}
		p := post(rig, "noise", File{Name: "noise.png", Type: "image/png", Alt: "Snow", Bytes: noise})
		p.Media[0].Width, p.Media[0].Height = 1200, 800
		if int64(len(noise)) <= load.Shrinks {
			t.Fatalf("%d bytes are not too many", len(noise))
		}
		r, err := rig.Channel.(channel.Publisher).Publish(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		got := rig.Carried(r.ExternalID)
		if len(got) != 1 || int64(len(got[0].Bytes)) > load.Shrinks {
			t.Fatalf("%d files, the first of %d bytes", len(got), len(got[0].Bytes))
		}
		if c, err := jpeg.DecodeConfig(bytes.NewReader(got[0].Bytes)); err != nil || c.Width*2 != c.Height*3 {
			t.Errorf("it came as %+v, %v", c, err)
		}
		p = post(rig, "gifs", File{Name: "large.webp", Type: "image/webp", Bytes: noise})
		_, err = rig.Channel.(channel.Publisher).Publish(t.Context(), p)
		kinds(t, err, social.Invalid)
	})
	t.Run("what it does not take is refused before anything is sent", func(t *testing.T) {
		rig := make(t)
		load := rig.Channel.(channel.Bearer).Load()
		large := post(rig, "size", picture)
		large.Media[0].Size = load.Size + 1
		for _, p := range []channel.Post{post(rig, "number", slices.Repeat([]File{picture}, load.Most+1)...), large,
			post(rig, "type", File{Name: "a.bin", Type: "application/octet-stream", Bytes: Letter})} {
			_, err := rig.Channel.(channel.Publisher).Publish(t.Context(), p)
			kinds(t, err, social.Invalid)
			took(t, rig, p.Text, 0)
		}
		if rig.Uploads != nil && rig.Uploads() != 0 {
			t.Errorf("%d files were sent all the same", rig.Uploads())
		}
	})
	t.Run("a file that cannot be read leaves nothing behind", func(t *testing.T) {
		rig := make(t)
		p := post(rig, "holes", picture)
		p.Media[0].Open = func() io.ReadSeeker { return broken{} }
		_, err := rig.Channel.(channel.Publisher).Publish(t.Context(), p)
		kinds(t, err, social.Busy)
		took(t, rig, p.Text, 0)
	})
	for _, trouble := range []Trouble{Away, Limited} {
		t.Run("nothing is posted while the network is "+string(trouble), func(t *testing.T) {
			rig := make(t)
			rig.Trouble(trouble)
			p := post(rig, string(trouble), picture)
			_, err := rig.Channel.(channel.Publisher).Publish(t.Context(), p)
			kinds(t, err, social.Busy)
			rig.Trouble(NoTrouble)
			took(t, rig, p.Text, 0)
		})
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error)       { return 0, io.ErrUnexpectedEOF }
func (broken) Seek(int64, int) (int64, error) { return 0, io.ErrUnexpectedEOF }

// findingPosts tests FindPost.
func findingPosts(t *testing.T, make Make) {
	t.Run("tells whether a post stands", func(t *testing.T) {
		rig := make(t)
		f := rig.Channel.(channel.PostFinder)
		p := channel.Post{Key: rig.salt + "found", Text: "Tea & <biscuits> at “four” -- don't be late", Lang: "en", Attempted: rig.clock()}
		_, err := f.FindPost(t.Context(), p)
		kinds(t, err, social.NotFound)
		r, err := rig.Channel.(channel.Publisher).Publish(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		if found, err := f.FindPost(t.Context(), p); err != nil || found.ExternalID != r.ExternalID {
			t.Errorf("it is found as %+v, %v; it stands as %+v", found, err, r)
		}
		p.Key, p.Text = rig.salt+"other", "Tea is off"
		_, err = f.FindPost(t.Context(), p)
		kinds(t, err, social.NotFound)
	})
	t.Run("cannot tell while the network is away", func(t *testing.T) {
		rig := make(t)
		rig.Trouble(Away)
		_, err := rig.Channel.(channel.PostFinder).FindPost(t.Context(), channel.Post{Key: rig.salt + "away", Text: "Tea", Attempted: rig.clock()})
		kinds(t, err, social.Busy)
	})
}

// aiming holds a channel to whom a post is for.
func aiming(t *testing.T, make Make) {
	t.Run("a post is for whom it is meant, and found again", func(t *testing.T) {
		rig := make(t)
		all := rig.Channel.(channel.Aimer).Audiences()
		if len(all) < 2 || all[0] != social.Everybody {
			t.Fatalf("%v", all)
		}
		for _, a := range append(all, "") {
			p := channel.Post{Key: rig.salt + "aim-" + string(a), Text: "News for " + string(a) + "!", Audience: a, Attempted: rig.clock()}
			r, err := rig.Channel.(channel.Publisher).Publish(t.Context(), p)
			if err != nil {
				t.Fatal(err)
			}
			if a == "" {
				a = social.Everybody
			}
			if rig.Aimed != nil {
				if got := rig.Aimed(r.ExternalID); got != a {
					t.Errorf("it is for %q, not %q", got, a)
				}
			} else if !rig.Real {
				t.Error("the rig of such a channel needs Aimed")
			}
			if f, ok := rig.Channel.(channel.PostFinder); ok {
				if found, err := f.FindPost(t.Context(), p); err != nil || found.ExternalID != r.ExternalID {
					t.Errorf("%s: found %+v, %v", a, found, err)
				}
			}
		}
	})
	t.Run("an audience that there is not is refused before anything is sent", func(t *testing.T) {
		rig := make(t)
		_, err := rig.Channel.(channel.Publisher).Publish(t.Context(), channel.Post{Key: rig.salt + "aim", Text: "For somebody.", Audience: "circle", Attempted: rig.clock()})
		kinds(t, err, social.Invalid)
		took(t, rig, "For somebody.", 0)
	})
}
