package server

import (
	"io"
	"sync"

	"github.com/parley-crm/parley/kit/picture"
	"github.com/parley-crm/parley/social"
)

const (
	thumbSide = 320     // pixels of the longer side
	thumbFrom = 60_000  // bytes: smaller pictures are shown as they are
	thumbKept = 4 << 20 // bytes of small pictures that are kept in memory
)

// thumbs are pictures made small for lists, the latest kept in memory.
type thumbs struct {
	mu   sync.Mutex
	had  map[string][]byte // by the hash of the whole picture
	line []string          // the oldest first
	size int
}

// of is a picture made small; nil where it is shown as it is. The same picture
// is made small once, however many ask.
func (t *thumbs) of(f social.File, open func() io.Reader) []byte {
	if !f.Shrinkable() || f.Size < thumbFrom {
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if data, ok := t.had[f.Hash]; ok {
		return data
	}
	whole, err := io.ReadAll(open())
	if err != nil {
		return nil
	}
	data, err := picture.Thumb(whole, thumbSide)
	if err != nil {
		data = nil // it is shown as it is, now and later
	}
	if t.had == nil {
		t.had = map[string][]byte{}
	}
	t.had[f.Hash], t.line, t.size = data, append(t.line, f.Hash), t.size+len(data)+100
	for t.size > thumbKept {
		t.size -= len(t.had[t.line[0]]) + 100
		delete(t.had, t.line[0])
		t.line = t.line[1:]
	}
	return data
}
