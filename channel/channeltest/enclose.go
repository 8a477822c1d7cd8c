package channeltest

import (
	"bytes"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// Picture is a small picture, and Letter bytes that are none.
var (
	Picture = []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89" +
		"\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99=\x1d\x00\x00\x00\x00IEND\xaeB`\x82")
	Letter = slices.Concat([]byte("%PDF-1.4\n"), bytes.Repeat([]byte("a line of it\r\n\x00\xff"), 400))
)

// enclosing holds a channel to what it must do with files that customers send.
func enclosing(t *testing.T, make Make) {
	t.Run("a file comes with its words, byte by byte", func(t *testing.T) {
		rig := make(t)
		enc := rig.Channel.(channel.Encloser)
		want := File{Name: "kettle.png", Type: "image/png", Alt: "A kettle with a crack", Bytes: Picture}
		files := rig.attach(t, "Look at this", want)
		if len(files) != 1 {
			t.Fatalf("%d files came, one was sent", len(files))
		}
		f := files[0]
		if kind, _, _ := strings.Cut(f.Type, "/"); f.Type != "" && kind != "image" || f.Handle == "" || strings.ContainsAny(f.Name, "/\\") {
			t.Errorf("it came as %+v", f)
		}
		for range 2 { // and once more, as after a crash
			if got := fetched(t, enc, f); !rig.same(got, want.Bytes) {
				t.Errorf("%d bytes came of %d: %.80q", len(got), len(want.Bytes), got)
			}
		}
	})
	t.Run("words without files bring none", func(t *testing.T) {
		rig := make(t)
		if files := rig.attach(t, "Only words"); len(files) != 0 {
			t.Errorf("%+v", files)
		}
	})
	t.Run("while the network is away, asking again later helps", func(t *testing.T) {
		rig := make(t)
		files := rig.attach(t, "Look", File{Name: "a.png", Type: "image/png", Bytes: Picture})
		troubles := []Trouble{Away, Failing}
		if rig.Real {
			troubles = troubles[:1] // files come past the gate
		}
		for _, trouble := range troubles {
			rig.Trouble(trouble)
			for _, f := range files {
				if r, err := rig.Channel.(channel.Encloser).Fetch(t.Context(), f); !social.Busy.Is(err) {
					if err == nil {
						r.Close()
					}
					t.Errorf("%s: %v", trouble, err)
				}
			}
		}
		rig.Trouble(NoTrouble)
		for _, f := range files {
			if !rig.same(fetched(t, rig.Channel.(channel.Encloser), f), Picture) {
				t.Error("and then it is not there")
			}
		}
	})
	t.Run("what the network has forgotten is given up with a sentence", func(t *testing.T) {
		rig := make(t)
		if rig.Detach == nil {
			t.Skip("this network forgets no files")
		}
		var id string
		files := rig.attached(t, &id, "Look", File{Name: "a.png", Type: "image/png", Bytes: Picture})
		rig.Detach(id)
		for _, f := range files {
			r, err := rig.Channel.(channel.Encloser).Fetch(t.Context(), f)
			if err == nil {
				r.Close()
			}
			if err == nil || social.Busy.Is(err) || social.Fault.Is(err) || !strings.HasSuffix(err.Error(), ".") {
				t.Errorf("%v", err)
			}
		}
	})
	t.Run("a handle that nobody gave leads nowhere", func(t *testing.T) {
		rig := make(t)
		for _, h := range []string{"", "x", "{}", "{\"u\":1,\"p\":[-1]}", "file:///etc/passwd", "http://", "\x00", "../../x", strings.Repeat("h", 5000)} {
			r, err := rig.Channel.(channel.Encloser).Fetch(t.Context(), social.Attachment{Handle: h})
			if err == nil {
				r.Close()
				t.Errorf("%.40q gave something", h)
			}
		}
	})
	t.Run("malformed events bring nothing and harm nothing", func(t *testing.T) {
		rig := make(t)
		for _, raw := range append(rig.Malformed, nil, []byte("{"), []byte("null"), []byte("\xff\xfe")) {
			out, _ := rig.Channel.(channel.Encloser).Enclosed(channel.Event{Key: "k", Raw: raw})
			for _, e := range out {
				if len(e.Files) > 0 {
					t.Errorf("%.60q brought %+v", raw, e.Files)
				}
			}
		}
	})
}

// same reports whether bytes came as they were sent; a real network may write
// a picture anew.
func (rig *Rig) same(got, sent []byte) bool {
	return bytes.Equal(got, sent) || rig.Real && len(got) > 8 && bytes.Equal(got[:8], sent[:8])
}

func fetched(t *testing.T, enc channel.Encloser, f social.Attachment) []byte {
	t.Helper()
	r, err := enc.Fetch(t.Context(), f)
	if err != nil {
		t.Fatalf("fetching %+v: %v", f, err)
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// attach lets a customer say something with files, and returns what the
// channel makes of them.
func (rig *Rig) attach(t *testing.T, text string, files ...File) []social.Attachment {
	t.Helper()
	var id string
	return rig.attached(t, &id, text, files...)
}

func (rig *Rig) attached(t *testing.T, id *string, text string, files ...File) []social.Attachment {
	t.Helper()
	if rig.Attach == nil {
		t.Fatal("the rig of a channel that takes files needs Attach")
	}
	_, stream := rig.Channel.(channel.Streamer)
	_, poll := rig.Channel.(channel.Poller)
	ear := listen(t, rig, stream && !poll)
	cursor := ear.hello()
	*id = rig.Attach(text, files...)
	events, _ := ear.hear(cursor, *id)
	var out []social.Attachment
	for _, ev := range events {
		once, err := rig.Channel.(channel.Encloser).Enclosed(ev)
		if err != nil {
			t.Fatal(err)
		}
		if again, _ := rig.Channel.(channel.Encloser).Enclosed(ev); !reflect.DeepEqual(once, again) {
			t.Errorf("the same event brings %+v, then %+v", once, again)
		}
		for _, e := range once {
			if e.Of == *id {
				out = e.Files
			}
		}
	}
	return out
}
