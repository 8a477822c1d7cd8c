// Package networks starts real social networks that no one here wrote, so that
// Parley's channels are judged by the servers that they will meet: GoToSocial
// (the Mastodon API), and a Bluesky PDS with its directory and Jetstream.
//
// The servers are fetched from the Go and npm registries at a fixed version,
// built once, and kept in the user's cache folder. Every test gets servers of
// its own: free ports on 127.0.0.1, a temporary folder, and an end when the
// test ends. A server that cannot be built or started fails the test; it is
// never skipped.
//
// The accounts speak plain HTTP and share no code with Parley's channels. What
// a customer sees on the network is therefore read independently of what Parley
// believes it has done.
package networks

import "testing"

// A Network is one running social network.
type Network interface {
	// Customer opens an account. The name is short and in small letters: "maya".
	Customer(name string) Customer
	// Stop ends the servers and keeps their data; Start brings them back at the
	// same addresses. A network is running when it is handed out.
	Stop()
	Start()
}

// A Customer is somebody with an account of their own. All methods fail the
// test when the network refuses.
type Customer interface {
	// Mention is how others write this account into a text: "@maya".
	Mention() string
	// Say posts publicly. Mentions and links in the text are made live the way
	// an ordinary app does it.
	Say(text string) Said
	// Answer posts a public answer.
	Answer(to Said, text string) Said
	// Answers are the direct answers to what was said, oldest first, as this
	// customer sees them on the server.
	Answers(to Said) []Said
	// Remove deletes what this customer said.
	Remove(Said)
}

// Said is one post as it stands on a network.
type Said struct {
	ID     string   // the network's own id: a status id, or an at:// URI
	URL    string   // where a person can read it; empty if there is no such page
	Author string   // the author's handle, without a leading @
	Text   string   // plain text
	Links  []string // targets of the live links, in order; mentions and hashtags left out
}

// Both is the list of networks for tests that tell the same story everywhere.
var Both = []struct {
	Name  string
	Start func(testing.TB) Network
}{
	{"mastodon", func(t testing.TB) Network { return StartGoToSocial(t) }},
	{"bluesky", func(t testing.TB) Network { return StartBluesky(t) }},
}
