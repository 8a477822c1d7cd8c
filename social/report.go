package social

import "time"

// Report is what a network told of a message of ours.
type Report struct {
	ExternalID string      `json:"external_id"`   // as in the receipt of sending
	Key        string      `json:"key,omitempty"` // of the Reply, where the network carries it; it settles what is unknown too
	State      ReportState `json:"state"`
	At         time.Time   `json:"at"`
	Text       string      `json:"text,omitempty"` // why it failed, in a sentence; "" otherwise
	To         string      `json:"to,omitempty"`   // about whom of several that got it; "" where the network does not say
}

// ReportState is what became of a message.
type ReportState string

// The states of a report, in the order in which they usually come.
const (
	ReportDelivered ReportState = "delivered" // it reached the customer's device or mailbox
	ReportRead      ReportState = "read"
	ReportFailed    ReportState = "failed" // for good
)

// Wish is what somebody asks by a word that the law or the trade has set for it.
type Wish string

// The wishes. Whoever said Stop gets nothing more until they say Start.
const (
	WishStop  Wish = "stop"
	WishStart Wish = "start"
	WishHelp  Wish = "help"
)
