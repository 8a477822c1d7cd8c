package social

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// Ids are UUIDv7 in their usual text form, except where said otherwise. Each
// noun has its own type, so that one cannot be passed for another.
type (
	MemberID       string // somebody who works with Parley
	ProgrammeID    string
	PolicyID       string
	VersionID      string // one version of a policy
	ChannelID      string // one configured connection to a network
	MonitorID      string
	AlertID        string
	ActivityID     string
	IdentityID     string // derived from what it names, see Author.ID
	PersonID       string
	ConversationID string
	MessageID      string
	LinkID         string
	KPIID          string
	PlaceID        string // a branch of ours, or "geo:" and a GeoNames id
	ProfileID      string // an entry of the presence register
	TagID          string
	TeamID         string
	ViewID         string // a saved view of the inbox
	MacroID        string
	SegmentID      string // a set of persons for whom conditions hold
)

// derived makes a stable UUID (version 8, RFC 9562) from parts.
func derived(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x1f")))
	b := sum[:16]
	b[6] = b[6]&0x0f | 0x80
	b[8] = b[8]&0x3f | 0x80
	s := hex.EncodeToString(b)
	return s[:8] + "-" + s[8:12] + "-" + s[12:16] + "-" + s[16:20] + "-" + s[20:]
}
