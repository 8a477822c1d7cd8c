// Package segments tells the story of a segment in a real browser: it is put
// together while the number follows, kept, joined and left by itself, and used
// to find people.
package segments
