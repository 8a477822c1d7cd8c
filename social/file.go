package social

import "time"

// FileID names a file that somebody added.
type FileID string

// File is what is known of a file without its bytes.
type File struct {
	ID     FileID
	Name   string // as whoever added it called it; never a path
	Type   string // media type by the bytes themselves
	Size   int64  // bytes
	Width  int    // of a picture, in pixels; 0 otherwise
	Height int
	Hash   string // SHA-256 of the bytes, in hex
	Owner  string // what it belongs to, as "message:ID"; "" while nothing uses it
	Member MemberID
	At     time.Time // when it was added
}

// MaxFile is how large a file may be, in bytes.
const MaxFile = 25 << 20

// MaxPixels is how many pixels a picture may have to be shown in place.
const MaxPixels = 40_000_000

// Picture reports whether a browser may show the file in place: formats that
// hold pixels only, never a program, and not so many pixels that they fill its
// memory.
func (f File) Picture() bool {
	if int64(f.Width)*int64(f.Height) > MaxPixels {
		return false
	}
	switch f.Type {
	case "image/png", "image/jpeg", "image/gif", "image/webp":
		return true
	}
	return false
}
