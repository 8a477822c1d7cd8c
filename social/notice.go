package social

// NoticeID names a notice.
type NoticeID string

// Notice is something that a member of ours ought to know and that waits
// until they have seen it: they were mentioned, something was given to them,
// a question is offered to them.
type Notice struct {
	Key       string // the same key for the same member is one notice, however often it is told
	Kind      string // "mention", "assigned", "offer", "due", "approval", "alert"; what the screen makes an icon of
	Text      string // one sentence
	Link      string // where in the app it leads, beginning with a slash
	Programme ProgrammeID
	Members   []MemberID // whom it is for; who caused it is left out
}

// Noticed: members have something new to see. Govern tells it.
type Noticed struct {
	Members []MemberID `json:"members"`
}

// FactName is the word under which the fact is kept.
func (Noticed) FactName() string { return "noticed" }
