package social

import (
	"io"
	"slices"
	"strconv"
	"strings"
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

// Audience is who sees a post.
type Audience string

// The audiences. "" is everybody too.
const (
	Everybody Audience = "public"
	Quietly   Audience = "unlisted"  // everybody, but it stands in no list
	Followers Audience = "followers" // who follows us, and nobody else
)

// Load is what files a network takes with one post or reply.
type Load struct {
	Types   []string `json:"types"`             // media types; none: all
	Most    int      `json:"most"`              // how many
	Size    int64    `json:"size"`              // bytes of each
	Sum     int64    `json:"sum,omitempty"`     // bytes of all together; 0: no more than each allows
	Shrinks int64    `json:"shrinks,omitempty"` // above so many bytes pictures are made smaller on their way, and what can't be made smaller is refused; 0: none are
	Words   int      `json:"words,omitempty"`   // characters of the words that files go with; 0: as many as without
	Alt     int      `json:"alt"`               // characters of a description; 0 where the network shows none
	Video   *Video   `json:"video,omitempty"`   // what video goes instead of pictures, alone; nil: none, or as any other file
}

// Video is what video a network takes with a post.
type Video struct {
	Types []string `json:"types"`
	Size  int64    `json:"size"`
}

// Shrinkable reports whether a picture can be made smaller without harm: one
// that does not move, and not so large that it fills the memory.
func (f File) Shrinkable() bool {
	return (f.Type == "image/jpeg" || f.Type == "image/png") && f.Width > 0 && int64(f.Width)*int64(f.Height) <= MaxPixels
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
	if i := slices.IndexFunc(files, l.moves); i >= 0 {
		switch {
		case len(files) > 1:
			return refuse("A video goes alone here: leave out either it or the rest.")
		case files[i].Size > l.Video.Size:
			return refuse("%s is larger than %d MB, the most that a video may have here.", files[i].Name, l.Video.Size>>20)
		}
		return nil
	}
	switch {
	case l.Most == 0:
		return refuse("This channel takes no files along.")
	case len(files) > l.Most && l.Most == 1:
		return refuse("This channel takes one file at a time.")
	case len(files) > l.Most:
		return refuse("This channel takes at most %d files at a time.", l.Most)
	}
	var sum int64
	for _, f := range files {
		sum += f.Size
		switch {
		case len(l.Types) > 0 && !slices.Contains(l.Types, f.Type):
			return refuse("This channel does not take %s: it is not of a kind that it shows.", f.Name)
		case f.Size > l.Size:
			return refuse("%s is larger than %s, the most that this channel takes.", f.Name, amount(l.Size))
		case l.Shrinks > 0 && f.Size > l.Shrinks && strings.HasPrefix(f.Type, "image/") && !f.Shrinkable():
			return refuse("%s is larger than %s, the most that this channel takes, and can’t be made smaller without harm.", f.Name, amount(l.Shrinks))
		}
	}
	if l.Sum > 0 && sum > l.Sum {
		return refuse("Together the files are larger than %s, the most that this channel takes.", amount(l.Sum))
	}
	return nil
}

// moves reports whether a file goes as a video, alone.
func (l Load) moves(f File) bool { return l.Video != nil && slices.Contains(l.Video.Types, f.Type) }

func amount(n int64) string {
	if n < 2<<20 {
		return strconv.FormatInt(n/1000, 10) + " kB"
	}
	return strconv.FormatInt(n>>20, 10) + " MB"
}
