// Package practice is a simulated network with people in it: a place to learn
// and to show Parley without anybody outside hearing it.
//
// A Network has four sites that behave like four sorts of network: a
// microblog, a forum, a review site and direct messages like mail. It lives
// in memory, follows the clock that it is given and is deterministic: the
// same seed, the same clock and the same calls give the same network. It is
// safe for concurrent use.
//
// The channel of this package (Kind) listens to one site of a Network and
// answers on it, by the same contract as any other channel. Nothing that is
// said here leaves the process.
package practice
