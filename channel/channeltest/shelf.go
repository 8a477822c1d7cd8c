package channeltest

import (
	"bytes"
	"context"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/kit/sniff"
	"github.com/parley-crm/parley/social"
)

// Shelf keeps the files of a Door in memory.
type Shelf struct {
	mu   sync.Mutex
	all  []*kept
	Away bool // nothing can be kept or read
}

type kept struct {
	channel.Brought
	visitor string
	n       int
	data    []byte
}

func (s *Shelf) find(visitor, id string) *kept {
	for _, k := range s.all {
		if k.visitor == visitor && k.ID == id {
			return k
		}
	}
	return nil
}

func (s *Shelf) enter() (func(), error) {
	s.mu.Lock()
	if s.Away {
		s.mu.Unlock()
		return nil, errLost
	}
	return s.mu.Unlock, nil
}

// Put keeps a file.
func (s *Shelf) Put(_ context.Context, _ social.ChannelID, visitor string, b channel.Brought, data []byte, most int) (channel.Brought, error) {
	leave, err := s.enter()
	if err != nil {
		return channel.Brought{}, err
	}
	defer leave()
	if k := s.find(visitor, b.ID); k != nil {
		return k.Brought, nil
	}
	waiting := 0
	for _, k := range s.all {
		if k.visitor == visitor && k.Line == "" {
			waiting++
		}
	}
	if most > 0 && waiting >= most {
		return channel.Brought{}, social.Errorf(social.Conflict, "So many wait already.")
	}
	b.Type, b.Size = sniff.Type(b.Name, data), int64(len(data))
	b.Picture = strings.HasPrefix(b.Type, "image/")
	s.all = append(s.all, &kept{b, visitor, 0, bytes.Clone(data)})
	return b, nil
}

// Hold gives files to a line.
func (s *Shelf) Hold(_ context.Context, _ social.ChannelID, visitor, line string, ids []string) ([]channel.Brought, error) {
	leave, err := s.enter()
	if err != nil {
		return nil, err
	}
	defer leave()
	for _, id := range ids {
		if k := s.find(visitor, id); k == nil || k.Line != "" && k.Line != line {
			return nil, social.Errorf(social.NotFound, "This file is not here any more.")
		}
	}
	for _, k := range s.all {
		if k.visitor == visitor && k.Line == line {
			k.Line = ""
		}
	}
	for n, id := range ids {
		k := s.find(visitor, id)
		k.Line, k.n = line, n
	}
	return s.of(visitor, line), nil
}

func (s *Shelf) of(visitor, line string) (out []channel.Brought) {
	var all []*kept
	for _, k := range s.all {
		if k.visitor == visitor && k.Line == line {
			all = append(all, k)
		}
	}
	slices.SortStableFunc(all, func(a, b *kept) int { return a.n - b.n })
	for _, k := range all {
		out = append(out, k.Brought)
	}
	return out
}

// With returns the files of lines.
func (s *Shelf) With(_ context.Context, _ social.ChannelID, visitor string, lines []string) (map[string][]channel.Brought, error) {
	leave, err := s.enter()
	if err != nil {
		return nil, err
	}
	defer leave()
	out := map[string][]channel.Brought{}
	for _, l := range lines {
		if bs := s.of(visitor, l); len(bs) > 0 {
			out[l] = bs
		}
	}
	return out, nil
}

// Waiting returns the files that no line has.
func (s *Shelf) Waiting(_ context.Context, _ social.ChannelID, visitor string) ([]channel.Brought, error) {
	leave, err := s.enter()
	if err != nil {
		return nil, err
	}
	defer leave()
	return s.of(visitor, ""), nil
}

// Open opens a file.
func (s *Shelf) Open(_ context.Context, _ social.ChannelID, visitor, id string) (channel.Brought, io.ReadSeeker, error) {
	leave, err := s.enter()
	if err != nil {
		return channel.Brought{}, nil, err
	}
	defer leave()
	k := s.find(visitor, id)
	if k == nil {
		return channel.Brought{}, nil, social.Errorf(social.NotFound, "This file is not here any more.")
	}
	return k.Brought, bytes.NewReader(k.data), nil
}

// Drop forgets a file that waits.
func (s *Shelf) Drop(_ context.Context, _ social.ChannelID, visitor, id string) error {
	leave, err := s.enter()
	if err != nil {
		return err
	}
	defer leave()
	s.all = slices.DeleteFunc(s.all, func(k *kept) bool { return k.visitor == visitor && k.ID == id && k.Line == "" })
	return nil
}

// Beside returns the files of a line, whosever it is.
func (s *Shelf) Beside(line string) (out []File) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, k := range s.all {
		if k.Line == line {
			out = append(out, File{k.Name, k.Type, k.Alt, k.data})
		}
	}
	return out
}

// Lose forgets the files of a line.
func (s *Shelf) Lose(line string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all = slices.DeleteFunc(s.all, func(k *kept) bool { return k.Line == line })
}
