package channeltest

import (
	"bytes"
	"io"
	"testing"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

func media(f File) channel.Media {
	return channel.Media{Name: f.Name, Type: f.Type, Alt: f.Alt, Size: int64(len(f.Bytes)), Width: 1, Height: 1,
		Open: func() io.ReadSeeker { return bytes.NewReader(f.Bytes) }}
}

// carrying holds a channel to what it must do with files of ours.
func carrying(t *testing.T, make Make) {
	picture := File{Name: "how it fits.png", Type: "image/png", Alt: "The lid on the kettle", Bytes: Picture}
	t.Run("files go with a reply, byte by byte", func(t *testing.T) {
		rig := make(t)
		c := rig.Channel.(channel.Carrier)
		a := asked(t, rig, "How does it fit?")
		r := answer(rig, a, "1", "Like this.", rig.clock())
		load := c.Carries(r.Visibility)
		r.Media = []channel.Media{media(picture), media(File{Name: "second.png", Type: "image/png", Alt: "From below", Bytes: Picture})}
		r.Media = r.Media[:min(len(r.Media), load.Most)]
		receipt, err := c.Send(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		took(t, rig, "Like this.", 1)
		got := rig.Carried(receipt.ExternalID)
		if len(got) != len(r.Media) {
			t.Fatalf("%d files went along, not %d", len(got), len(r.Media))
		}
		for i, f := range got {
			if !rig.same(f.Bytes, Picture) || load.Alt > 0 && f.Alt != r.Media[i].Alt {
				t.Errorf("file %d came as %q, %q, %d bytes", i, f.Name, f.Alt, len(f.Bytes))
			}
		}
		if f, ok := c.(channel.Finder); ok {
			if _, err := f.Find(t.Context(), r); err != nil {
				t.Errorf("it is not found: %v", err)
			}
		}
	})
	t.Run("what it does not take is refused before anything is sent", func(t *testing.T) {
		rig := make(t)
		c := rig.Channel.(channel.Carrier)
		a := asked(t, rig, "How does it fit?")
		load := c.Carries(a.Visibility)
		many := []channel.Media{}
		for range load.Most + 1 {
			many = append(many, media(picture))
		}
		large := media(picture)
		large.Size = load.Size + 1
		odd := media(File{Name: "a.bin", Type: "application/octet-stream", Bytes: Letter})
		for name, m := range map[string][]channel.Media{"too many": many, "too large": {large}, "of no kind that it shows": {odd}} {
			if name == "of no kind that it shows" && len(load.Types) == 0 {
				continue
			}
			r := answer(rig, a, name, "With "+name, rig.clock())
			r.Media = m
			if _, err := c.Send(t.Context(), r); !social.Invalid.Is(err) {
				t.Errorf("%s: %v", name, err)
			}
			took(t, rig, "With "+name, 0)
		}
	})
	t.Run("while the network is away nothing is posted", func(t *testing.T) {
		rig := make(t)
		a := asked(t, rig, "How does it fit?")
		for _, trouble := range []Trouble{Away, Limited} {
			rig.Trouble(trouble)
			r := answer(rig, a, string(trouble), "Like this while "+string(trouble), rig.clock())
			r.Media = []channel.Media{media(picture)}
			if _, err := rig.Channel.(channel.Carrier).Send(t.Context(), r); !social.Busy.Is(err) {
				t.Errorf("%s: %v", trouble, err)
			}
			took(t, rig, r.Text, 0)
		}
	})
}

func (r *Rig) clock() time.Time {
	if r.Now != nil {
		return r.Now()
	}
	return time.Now()
}
