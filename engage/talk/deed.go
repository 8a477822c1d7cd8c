package talk

import (
	"slices"
	"time"

	"github.com/parley-crm/parley/social"
)

// Act is what can be done with conversations, one or many.
type Act string

// The acts.
const (
	ActResolve  Act = "resolve"
	ActReopen   Act = "reopen"
	ActSnooze   Act = "snooze"
	ActAssign   Act = "assign"
	ActTeam     Act = "team"
	ActPriority Act = "priority"
	ActTag      Act = "tag"
	ActUntag    Act = "untag"
	ActMove     Act = "move"
)

// Deed is an act with what it takes.
type Deed struct {
	Act       Act                `json:"act"`
	Member    social.MemberID    `json:"member,omitempty"` // of assign, "" for nobody
	Team      social.TeamID      `json:"team,omitempty"`   // "" for none
	Priority  Priority           `json:"priority,omitempty"`
	Tags      []social.TagID     `json:"tags,omitempty"`
	Programme social.ProgrammeID `json:"programme,omitempty"` // "" for none
	Until     time.Time          `json:"until,omitzero"`
	After     int                `json:"after,omitempty"` // of a macro's snooze, in hours
}

// Standing is what deeds change of a conversation.
type Standing struct {
	State        State              `json:"state"`
	Turn         Turn               `json:"turn"`
	Assignee     social.MemberID    `json:"assignee,omitempty"`
	Team         social.TeamID      `json:"team,omitempty"`
	Priority     Priority           `json:"priority"`
	Programme    social.ProgrammeID `json:"programme,omitempty"`
	Tags         []social.TagID     `json:"tags,omitempty"`
	SnoozedUntil time.Time          `json:"snoozed_until,omitzero"`
	ResolvedAt   time.Time          `json:"resolved_at,omitzero"`
	WaitingSince time.Time          `json:"waiting_since,omitzero"`
	AnsweredTo   time.Time          `json:"answered_to,omitzero"`
	AskedAt      time.Time          `json:"asked_at,omitzero"`
}

// Change is how a conversation stood before and after.
type Change struct {
	Conversation social.ConversationID `json:"conversation"`
	Before       Standing              `json:"before"`
	After        Standing              `json:"after"`
}

// Done is something that was done and can be taken back.
type Done struct {
	ID      string
	Member  social.MemberID
	At      time.Time
	Undone  time.Time
	Changes []Change

	Joined []social.ConversationID `json:",omitempty"` // that were merged into the one that changed
	Split  social.ConversationID   `json:",omitempty"` // that was split off From, whose words were said in Origin
	From   social.ConversationID   `json:",omitempty"`
	Origin social.ConversationID   `json:",omitempty"`
}

// Stands is how a conversation stands now.
func (c *Conversation) Stands() Standing {
	return Standing{State: c.State, Turn: c.Turn, Assignee: c.Assignee, Team: c.Team, Priority: c.Priority, Programme: c.Programme,
		Tags: slices.Clone(c.Tags), SnoozedUntil: c.SnoozedUntil, ResolvedAt: c.ResolvedAt, WaitingSince: c.WaitingSince,
		AnsweredTo: c.AnsweredTo, AskedAt: c.AskedAt}
}

// Now is a deed with the moment that it means now.
func (e Deed) Now(now time.Time) Deed {
	if e.Act == ActSnooze && e.After > 0 {
		e.Until = now.Add(time.Duration(e.After) * time.Hour)
	}
	return e
}
