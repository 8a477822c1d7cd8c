package social

// ChannelRef names a channel for a screen.
type ChannelRef struct {
	ID   ChannelID `json:"id"`
	Kind string    `json:"kind"`
	Name string    `json:"name"`
	Mark string    `json:"mark,omitempty" doc:"A picture of its own, where the kind's says too little."`
}

// MemberRef names a member for a screen.
type MemberRef struct {
	ID   MemberID `json:"id"`
	Name string   `json:"name"`
}

// ProgrammeRef names a programme for a screen.
type ProgrammeRef struct {
	ID   ProgrammeID `json:"id"`
	Name string      `json:"name"`
}
