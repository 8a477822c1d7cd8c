// Package shots takes the pictures in the documents, from the example company
// and in a real browser: scripts/shots.sh.
package shots
