package social

// Mention is an activity with what we know of it by listening: which monitors
// matched it and whether one of them sends it to the inbox.
type Mention struct {
	Activity  Activity    `json:"activity"`
	Monitors  []MonitorID `json:"monitors"`
	Inbox     bool        `json:"inbox"`               // directed at us, or a monitor says so
	Monitor   MonitorID   `json:"monitor,omitempty"`   // the first monitor that sent it to the inbox
	Programme ProgrammeID `json:"programme,omitempty"` // of that monitor, otherwise of the channel
	Identity  IdentityID  `json:"identity"`
	Deleted   bool        `json:"deleted"`
	Edited    bool        `json:"edited"`
}
