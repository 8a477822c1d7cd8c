package engage

import (
	"github.com/parley-crm/parley/engage/talk"
	"github.com/parley-crm/parley/kit/cond"
)

// The nouns of the desk, which package talk holds.
type (
	State        = talk.State
	Turn         = talk.Turn
	Priority     = talk.Priority
	By           = talk.By
	Conversation = talk.Conversation
	MessageKind  = talk.MessageKind
	Message      = talk.Message
	Event        = talk.Event
	Draft        = talk.Draft
	View         = talk.View
	Query        = talk.Query
	Row          = talk.Row
	Counts       = talk.Counts
	Page         = talk.Page
	Place        = talk.Place
	Sum          = talk.Sum
	Stage        = talk.Stage
	Delivery     = talk.Delivery
	Timing       = talk.Timing
	Act          = talk.Act
	Deed         = talk.Deed
	Standing     = talk.Standing
	Change       = talk.Change
	Done         = talk.Done
)

// What the nouns can be.
const (
	Open, Waiting, Snoozed, Resolved, Merged, Deleted                                                   = talk.Open, talk.Waiting, talk.Snoozed, talk.Resolved, talk.Merged, talk.Deleted
	Ours, Theirs, Settled                                                                               = talk.Ours, talk.Theirs, talk.Settled
	Low, Normal, High, Urgent                                                                           = talk.Low, talk.Normal, talk.High, talk.Urgent
	ByThem, ByUs                                                                                        = talk.ByThem, talk.ByUs
	FromThem, FromUs, Noted, Happened                                                                   = talk.FromThem, talk.FromUs, talk.Noted, talk.Happened
	ViewMine, ViewUnassigned, ViewOpen, ViewWaiting, ViewSnoozed, ViewResolved, ViewAll, ViewMentions   = talk.ViewMine, talk.ViewUnassigned, talk.ViewOpen, talk.ViewWaiting, talk.ViewSnoozed, talk.ViewResolved, talk.ViewAll, talk.ViewMentions
	Queued, Sending, Unknown, Sent, Confirmed, Delivered, Read, Returned, NeedsCheck, Failed, Cancelled = talk.Queued, talk.Sending, talk.Unknown, talk.Sent, talk.Confirmed, talk.Delivered, talk.Read, talk.Returned, talk.NeedsCheck, talk.Failed, talk.Cancelled
	ActResolve, ActReopen, ActSnooze, ActAssign, ActTeam, ActPriority, ActTag, ActUntag, ActMove        = talk.ActResolve, talk.ActReopen, talk.ActSnooze, talk.ActAssign, talk.ActTeam, talk.ActPriority, talk.ActTag, talk.ActUntag, talk.ActMove
)

// Priorities lists them, the least first.
var Priorities = talk.Priorities

// Fields lists what views ask of conversations.
func Fields() []cond.Field { return talk.Fields() }

// PledgeFields lists what pledges ask of conversations.
func PledgeFields() []cond.Field { return talk.PledgeFields() }

// RuleFields lists what rules ask of conversations.
func RuleFields() []cond.Field { return talk.RuleFields() }
