package social

import (
	"io"
	"slices"
)

// Media is a file that goes out with words of ours.
type Media struct {
	Name   string
	Type   string // by its bytes
	Size   int64
	Width  int // of a picture, in pixels; 0 where nobody knows
	Height int
	Alt    string // what it shows, for those who do not see it
	Open   func() io.ReadSeeker
}

// Load is what files a network takes with one post or reply.
type Load struct {
	Types []string `json:"types"`         // media types; none: all
	Most  int      `json:"most"`          // how many
	Size  int64    `json:"size"`          // bytes of each
	Sum   int64    `json:"sum,omitempty"` // bytes of all together; 0: no more than each allows
	Alt   int      `json:"alt"`           // characters of a description; 0 where the network shows none
}

// Check refuses files that do not go along, with a sentence.
func (l Load) Check(files []File) error {
	if len(files) == 0 {
		return nil
	}
	refuse := func(format string, args ...any) error {
		e := Errorf(Invalid, format, args...)
		e.Field = "files"
		return e
	}
	switch {
	case l.Most == 0:
		return refuse("This channel takes no files along.")
	case len(files) > l.Most && l.Most == 1:
		return refuse("This channel takes one file with a message.")
	case len(files) > l.Most:
		return refuse("This channel takes at most %d files with a message.", l.Most)
	}
	var sum int64
	for _, f := range files {
		sum += f.Size
		switch {
		case len(l.Types) > 0 && !slices.Contains(l.Types, f.Type):
			return refuse("This channel does not take %s: it is not of a kind that it shows.", f.Name)
		case f.Size > l.Size:
			return refuse("%s is larger than %d MB, the most that this channel takes.", f.Name, l.Size>>20)
		}
	}
	if l.Sum > 0 && sum > l.Sum {
		return refuse("Together the files are larger than %d MB, the most that this channel takes.", l.Sum>>20)
	}
	return nil
}
