package social

import "strings"

// Attachment is a file that came with an activity, as its network tells of it.
type Attachment struct {
	Handle string // by which its channel fetches it: an address, or what the channel made of it; see CID
	Name   string
	Type   string // media type as the sender claims; may be wrong
	Alt    string // what it shows, as whoever sent it describes it
	Size   int64  // bytes as the network says; 0 where it does not
}

// CID is by which the HTML of a mail names the file, in lower case: a second
// line of its handle. It is "" where nothing does.
func (a Attachment) CID() string {
	_, id, _ := strings.Cut(a.Handle, "\n")
	return id
}

// Enclosed is what came with an activity besides its words.
type Enclosed struct {
	Of    string // external id of the activity
	Files []Attachment
	Rest  string   // what was said before and is quoted below: plain text
	HTML  string   // how its sender made it look; as safe as kit/markup makes it
	CC    []string // who got it too: addresses
}

// Beside is whether an activity came with more than is shown.
type Beside struct {
	Words bool // what it quotes, who got it too
	HTML  bool
}

// AttachmentState says whether a file that came is here.
type AttachmentState string

// The states of an attachment. Noted ones are known and not wanted by anybody.
const (
	AttachmentNoted   AttachmentState = "noted"
	AttachmentWaiting AttachmentState = "waiting" // to be fetched
	AttachmentKept    AttachmentState = "kept"
	AttachmentRefused AttachmentState = "refused" // for good; the reason says why
)

// Attached is a file that came with an activity, and whether it is here.
type Attached struct {
	Attachment
	Activity ActivityID
	State    AttachmentState
	Reason   string // why it is not here, in a sentence
	File     FileID // once it is kept
}

// FileOwner is to whom the files of an activity or a message belong, as
// File.Owner names it: a message that was heard has the id of its activity.
func FileOwner(id string) string { return "message:" + id }
