// Package channeltest is the suite that defines what a channel must do. Every
// network runs it against a double of its network: a small server that speaks
// as the network's documentation says and can be told to misbehave.
//
// A rule that a channel must keep starts here, as a case that fails.
package channeltest

import (
	"testing"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// Trouble is how a double misbehaves.
type Trouble string

// The troubles. One lasts until the next is set.
const (
	NoTrouble   Trouble = ""
	Away        Trouble = "away"         // no connection can be made
	Limited     Trouble = "limited"      // 429 with a wait of Wait
	Failing     Trouble = "failing"      // 500 before anything is done
	FailingLate Trouble = "failing late" // what changes something is done, then 500
	Broken      Trouble = "broken"       // the connection closes before anything is done
	BrokenLate  Trouble = "broken late"  // what changes something is done, then the connection closes
	Revoked     Trouble = "revoked"      // the credentials are not accepted
	Refused     Trouble = "refused"      // what changes something is refused for good
	Silent      Trouble = "silent"       // no answer ever comes
)

// Wait is how long a limited double asks to wait.
const Wait = 7 * time.Second

// Rig is one channel wired to a double of its network, and the strings by
// which the double is pulled. Every test makes a new one. Nil strings mean
// that the network cannot do that, and what depends on them is not tested.
type Rig struct {
	Channel channel.Channel

	// Say lets a customer say something that the channel hears, and returns
	// the external id by which Read knows it.
	Say func(text string) string
	// Past lets a customer have said something long ago.
	Past func(text string)
	// Edit and Delete change what was said.
	Edit   func(id, text string)
	Delete func(id string)
	// Repeat makes the network tell once more of something said.
	Repeat func(id string)
	// Share lets somebody pass on something that was said, in a way that the
	// channel hears, and returns the external ids of the share and of what was
	// shared. Unshare takes the share back. Quote passes on with words.
	Share   func() (id, of string)
	Unshare func(id string)
	Quote   func(words string) (id, of string)
	// Attach lets a customer say something with files, in a way that the
	// channel hears, and returns the external id by which Read knows it.
	// Detach makes the network forget the files of something said.
	Attach func(text string, files ...File) string
	Detach func(id string)
	// Carried returns the files of a reply or post of ours, by its external id.
	Carried func(externalID string) []File
	// Aimed is for whom a post of ours is, by its external id.
	Aimed func(externalID string) social.Audience
	// Fumble makes the network take files, but for once not the next words.
	// Uploads counts the files that it was given.
	Fumble  func()
	Uploads func() int
	// Live returns what waits until a stream connects from now on.
	Live func() (wait func())
	// Drop breaks open streams.
	Drop func()
	// Trouble makes the network misbehave from now on.
	Trouble func(Trouble)
	// Ours lists the texts that the network has taken from us, oldest first.
	Ours func() []string
	// Likes counts likes of ours on something said.
	Likes func(id string) int

	// Below lets a customer say something at our place, where Say does not, and
	// returns its external id and that of its thread. Stands says whether what
	// was said stands, and whether it is hidden.
	Below  func(text string) (id, root string)
	Stands func(id string) (there, hidden bool)

	// Hook is the strings of a channel that is told by webhook. Where it is
	// told in no other way, Say may be nil: what is said comes by webhook.
	Hook *Hook
	// Came returns what a Door has taken since it was asked last.
	Came func() []channel.Event
	// Report lets the network tell what became of something of ours, by the
	// way on which it is polled. A channel that hears it by webhook has
	// Hook.Report instead.
	Report func(externalID string, s channel.ReportState)
	// Now is the time of the channel's clock; the system's when nil.
	Now func() time.Time
	// States are the states that this network reports; nil means all.
	States []channel.ReportState

	Malformed [][]byte // raw events that this network should never send
	Many      int      // how many posts make several pages; 120 when 0
	Keyed     bool     // the same key twice is one post even if Send is called twice
	Rewinds   bool     // resuming gives some of what was heard once more
	Light     bool     // a sister of another rig that is tested with ten megabytes already
	Real      bool     // a real network: it tells in its own time and order
	Tells     bool     // a poll tells of edits and deletions, not only a stream
	Flat      bool     // a chat: nothing says which words an answer answers, so the same words twice cannot be told apart
	Anonymous bool     // listening needs no credentials, so they cannot be revoked

	salt string            // makes our keys unique, as rigs may share a network
	told []channel.Request // on their way to the webhook
}

// File is a file that a customer sends. A network may drop the name or the
// description, never the bytes.
type File struct {
	Name, Type, Alt string
	Bytes           []byte
}

// Hook is how a network calls a webhook. Every request is signed as the
// network signs; the suite tampers with it.
type Hook struct {
	// Say returns the request that tells of something a customer said, and
	// the external id by which Read knows it.
	Say func(text string) (id string, r channel.Request)
	// Edit and Delete tell of a change.
	Edit   func(id, text string) channel.Request
	Delete func(id string) channel.Request
	// Report tells what became of something of ours.
	Report func(externalID string, s channel.ReportState) channel.Request
	// Attach is Say with files.
	Attach func(text string, files ...File) (id string, r channel.Request)
	// Sign signs a body of our own choice. Nil where that makes no sense, for
	// instance because the words stand in the address.
	Sign func(body []byte) channel.Request
	// At tells of something said in a request signed at another time than
	// now. Nil where nothing that is signed says when.
	At func(text string, at time.Time) channel.Request
	// Shakes are what the network asks before it sends anything.
	Shakes []Shake

	// Signed are the parts of a request that prove where it comes from: names
	// of headers, "?name" for a part of the query, "/" for the path. Each may
	// be missing, cut, forged or doubled; then the request is refused.
	Signed []string
	// Bare means that a secret travels with the request but nothing covers
	// its words; so changed words cannot be found out.
	Bare bool
	// Address means that the address is signed too.
	Address bool
	// Same reports whether two bodies are the same to the signature, where
	// that covers what stands in them; nil: only the same bytes are.
	Same func(a, b []byte) bool
}

// Shake is a handshake and what it is answered.
type Shake struct {
	Name    string
	Request channel.Request
	Refused bool   // the wrong secret: Unauth or Forbidden
	Body    string // what the answer must contain
}

// Make makes a fresh rig.
type Make func(t *testing.T) *Rig
