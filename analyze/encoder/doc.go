// Package encoder reads a text with a small transformer and says its
// sentiment, emotion and toxicity, better and a thousand times slower than
// the linear models do.
//
// The network is the Universal Sentence Encoder lite (two layers, about seven
// million weights), trained further on English posts with a head for each
// task; one pass through it serves all three. Its weights are kept in bytes
// and read at the first call. It is good for English only.
//
// What it says is blended with what the linear models say: the two err in
// different places. docs/models.md is the card of the result.
package encoder
