package talk

import (
	"time"

	"github.com/parley-crm/parley/kit/cond"
	"github.com/parley-crm/parley/social"
)

// View names a list of the inbox.
type View string

// The views.
const (
	ViewMine       View = "mine"
	ViewUnassigned View = "unassigned"
	ViewOpen       View = "open"
	ViewWaiting    View = "waiting"
	ViewSnoozed    View = "snoozed"
	ViewResolved   View = "resolved"
	ViewAll        View = "all"
	ViewMentions   View = "mentions" // where a note names the member
)

// Query asks for a page of the inbox.
type Query struct {
	View      View
	Search    string // in author, subject and preview
	Channel   social.ChannelID
	Programme social.ProgrammeID
	Team      social.TeamID
	Where     cond.Node // of Fields; names such as "me" are replaced by the desk
	Longest   bool      // those who wait, longest first; otherwise newest first
	Member    social.MemberID
	Now       time.Time // what Where calls now
	Cursor    string
	Limit     int
}

// Row is a conversation as one member sees it in the list.
type Row struct {
	Conversation
	Unread bool
	Draft  bool
	Named  bool // a note names the member
}

// Counts says how many conversations each view holds.
type Counts struct {
	Mine, Unassigned, Open, Waiting, Snoozed, Resolved int64
}

// Page is a page of the inbox.
type Page struct {
	Rows   []Row
	Next   string
	Looked int // how many conversations were looked through for it, where no index knows which ones fit
}

// Place is by what conversations are counted.
type Place struct {
	Programme social.ProgrammeID
	Assignee  social.MemberID
	State     State
}
