package bluesky

import (
	"bytes"
	"context"
	"errors"
	"runtime"
	"testing"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// hears streams until a text is heard, and returns how it ended.
func hears(t *testing.T, ch channel.Channel, text string) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	enough := errors.New("enough")
	err := ch.(channel.Streamer).Stream(ctx, "1", func(e channel.Event) error {
		as, err := ch.Read(e)
		if err == nil && len(as) > 0 && as[0].Text == text {
			return enough
		}
		return err
	})
	if errors.Is(err, enough) {
		return nil
	}
	return err
}

func TestTheStreamComesCompressedWhereTheServerCan(t *testing.T) {
	for _, plain := range []bool{false, true} {
		d := newDouble(t)
		d.plain = plain
		ch, _ := connect(t, d, channel.Settings{})
		d.say("Ein Kessel 🫖, كتلة, 壶")
		if err := hears(t, ch, "Ein Kessel 🫖, كتلة, 壶"); err != nil {
			t.Errorf("plain %t: %v", plain, err)
		}
		if (d.packed.Load() == 0) != plain {
			t.Errorf("plain %t: %d events came compressed", plain, d.packed.Load())
		}
	}
}

func TestWhatCannotBeUnpackedBreaksTheConnectionOnly(t *testing.T) {
	for name, bomb := range map[string][]byte{
		"no zstd":                    []byte("\x28\xb5 not at all"),
		"cut off":                    packs.EncodeAll(bytes.Repeat([]byte("abcdefg"), 1000), nil)[:30],
		"what becomes 1 GB":          packs.EncodeAll(make([]byte, 1<<30), nil),
		"another dictionary's words": {0x28, 0xb5, 0x2f, 0xfd, 0x23, 0x01, 0x02, 0x03, 0x04, 0x05, 0x01, 0x00, 0x00},
	} {
		d := newDouble(t)
		d.bomb = bomb
		ch, _ := connect(t, d, channel.Settings{})
		d.say("hello")
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		err := hears(t, ch, "hello")
		runtime.ReadMemStats(&after)
		if !social.Busy.Is(err) {
			t.Errorf("%s: %v", name, err)
		}
		if n := (after.TotalAlloc - before.TotalAlloc) >> 20; n > 100 {
			t.Errorf("%s: it asked for %d MB", name, n)
		}
	}
}
