package warn

import (
	"context"
	"time"

	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/social"
)

// Store is what warning needs of the database. Reading alerts happens within
// the scope of ctx.
type Store interface {
	listen.Book
	Tallies(ctx context.Context, subjects []string, from, to time.Time) ([]listen.Tally, error)
	Wall(ctx context.Context, w listen.WallQuery, limit int) ([]listen.Line, error)
	PostsBySeq(ctx context.Context, seqs []int64) ([]listen.Post, error)

	Rules(ctx context.Context) ([]Rule, error)
	SaveRule(ctx context.Context, r Rule) error
	AddAlert(ctx context.Context, a Alert) error
	// SaveFigures writes what is found, and nothing of the state.
	SaveFigures(ctx context.Context, a Alert) error
	// SaveState writes the state, and nothing of what is found.
	SaveState(ctx context.Context, a Alert) error
	// Alert returns one within the scope, kind NotFound otherwise.
	Alert(ctx context.Context, id social.AlertID) (Alert, error)
	Alerts(ctx context.Context, q Query) ([]Alert, error)
	// OpenAlerts counts those that are open within the scope.
	OpenAlerts(ctx context.Context) (int, error)
	// Latest returns the newest alert of each subject, of those since a time.
	Latest(ctx context.Context, since time.Time) ([]Alert, error)
	// Due returns alerts that were snoozed until a time at most.
	DueAlerts(ctx context.Context, at time.Time) ([]Alert, error)
	// SetCauses replaces the posts that caused an alert, the weightiest first.
	SetCauses(ctx context.Context, id social.AlertID, seqs []int64) error
	Causes(ctx context.Context, id social.AlertID) ([]int64, error)
	AddStep(ctx context.Context, s Step) error
	// Steps returns an alert's history, the oldest first.
	Steps(ctx context.Context, id social.AlertID) ([]Step, error)
}

// Query chooses alerts, the newest first.
type Query struct {
	States    []State // none for all
	Monitor   social.MonitorID
	Programme social.ProgrammeID
	Before    social.AlertID // the last of the page before
	Limit     int
}

// Hearing is what the station knows.
type Hearing interface {
	MonitorsSeen(ctx context.Context) []listen.Monitor
	MonitorByID(ctx context.Context, id social.MonitorID) (listen.Monitor, error)
	ChannelsSeen(ctx context.Context) []listen.Channel
	ChannelInfo(id social.ChannelID) (listen.Channel, bool)
}

// Audience says who is to be told of what happens in a programme.
type Audience interface {
	AtDesk(ctx context.Context, p social.ProgrammeID) ([]social.MemberRef, error)
}
