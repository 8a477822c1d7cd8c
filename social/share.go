package social

import "time"

// ShareKind says how somebody passed on what another said.
type ShareKind string

// The kinds of shares. A quote adds words of one's own, which are an activity
// by themselves.
const (
	Reshared ShareKind = "share" // a repost, a boost
	Quoted   ShareKind = "quote"
)

// Share says that somebody passed on what another said. It is unique by
// (channel, ExternalID), and once taken back it stays taken back. A channel
// hands it over without Post and Said; whoever keeps it fills them in.
type Share struct {
	ExternalID string    // of the share itself; of a quote that of the quoting activity
	Of         string    // external id of what was shared; an undo need not say it
	Kind       ShareKind // an undo need not say it
	By         Author    // an undo need not say it
	Own        bool      // shared by our own profile
	At         time.Time // when the network says that it was shared, or taken back
	Undone     bool      // taken back

	Post ActivityID // what was shared, as it is kept
	Said IdentityID // who had said it
}
