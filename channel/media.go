package channel

import "io"

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

// Bearer is a Publisher that sends media along.
type Bearer interface {
	Load() Load
}

// Load is what media a network takes with one post.
type Load struct {
	Types []string `json:"types"` // media types
	Most  int      `json:"most"`  // how many
	Size  int64    `json:"size"`  // bytes of each
	Alt   int      `json:"alt"`   // characters of a description; 0 where the network shows none
}
