// Package presence tells the story of the presence register in a real browser:
// a search finds profiles on loopback, one is claimed, one is dismissed, one is
// an impostor, the matrix shows it, and a round of audits is answered.
package presence
