// Package translate has words put into another language by a machine: what
// customers wrote, for those who read it, and what a member wrote, before it is
// sent. It is off until an administrator says which machine. It changes and
// sends nothing; what the machine returns is plain text from a stranger.
package translate
