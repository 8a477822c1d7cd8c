// Package publish is what we say by ourselves, in answer to nobody: one
// content, a post of it on each channel, their plan, their review and their
// way to the networks; and events, to which people come.
//
// It promises that a post leaves at its time and at most once; that whatever
// nobody can tell is settled by reading the network, never by posting again;
// that what must be approved leaves only in the words that were approved; and
// that a hold stops everything that has not left, at once.
package publish
