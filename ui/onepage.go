package ui

import (
	"bytes"
	"io/fs"
	"time"
)

// OnePage is a file system with nothing but an index.html: the page that
// stands in where the app was not built.
type OnePage []byte

// Open opens the page.
func (p OnePage) Open(name string) (fs.File, error) {
	if name != "index.html" {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return &pageFile{Reader: bytes.NewReader(p), size: int64(len(p))}, nil
}

type pageFile struct {
	*bytes.Reader
	size int64
}

func (f *pageFile) Stat() (fs.FileInfo, error) { return f, nil }
func (f *pageFile) Close() error               { return nil }
func (f *pageFile) Name() string               { return "index.html" }
func (f *pageFile) Size() int64                { return f.size }
func (f *pageFile) Mode() fs.FileMode          { return 0o444 }
func (f *pageFile) ModTime() time.Time         { return time.Time{} }
func (f *pageFile) IsDir() bool                { return false }
func (f *pageFile) Sys() any                   { return nil }
