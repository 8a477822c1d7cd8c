package demo

import (
	"context"
	"time"

	"github.com/parley-crm/parley/channel/practice"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/social"
)

// Password lets every member of the example company in.
const Password = "the kettle is on"

// House is a Parley in which the script is played, by the public methods of
// its rooms. Whoever acts is named by the member; a post is named by the id
// that the practice network gave it.
type House interface {
	Ground
	Office
	Desk
	Market
	Library
	Press
}

// Ground is the world that the house stands in.
type Ground interface {
	Clock() *clock.Set
	Network() *practice.Network
	// Settle hears all that was said until now and understands it; reading
	// takes a while, by which the clock goes on. What is due is sent and
	// confirmed.
	Settle(ctx context.Context, reading time.Duration) error
}

// Office sets the company up.
type Office interface {
	// SetBrand, like all that names nobody, is done by the first member.
	SetBrand(ctx context.Context, b Brand) error
	// AddMember makes a member who can sign in with Password, unless they are
	// away. The first becomes administrator.
	AddMember(ctx context.Context, m Member, grants []social.Grant) (social.MemberID, error)
	AddProgramme(ctx context.Context, p Programme, lead social.MemberID) (social.ProgrammeID, error)
	Enrol(ctx context.Context, p social.ProgrammeID, m social.MemberID, r social.Role) error
	Grow(ctx context.Context, p social.ProgrammeID, maturity int) error
	AddPolicy(ctx context.Context, by social.MemberID, p Policy, programme social.ProgrammeID) (social.PolicyID, error)
	Revise(ctx context.Context, by social.MemberID, p social.PolicyID, v Version) error
	// Acknowledge agrees to the version of a policy that is in force.
	Acknowledge(ctx context.Context, by social.MemberID, p social.PolicyID) error
	AddChannel(ctx context.Context, c Channel, p social.ProgrammeID) error
	AddMonitor(ctx context.Context, by social.MemberID, m Monitor, p social.ProgrammeID) error
	AddBranch(ctx context.Context, b Branch, p social.ProgrammeID) error
	AddProfile(ctx context.Context, x Profile, p social.ProgrammeID, owner social.MemberID) error
	// Promise says when the company is there and what it promises about time.
	Promise(ctx context.Context) error
	// SayNowhere keeps that there is nothing of a kind in a region.
	SayNowhere(ctx context.Context, x Profile) error
}

// Desk works on conversations. What is not in the inbox yet is taken in by
// hand, except by Resolve.
type Desk interface {
	Claim(ctx context.Context, by social.MemberID, post string) error
	Assign(ctx context.Context, by social.MemberID, post string, to social.MemberID) error
	Note(ctx context.Context, by social.MemberID, post, text string) error
	// Reply answers the conversation of a post, and all who got that post, and
	// returns the post that our words became: the first of them where they are
	// too long for one.
	Reply(ctx context.Context, by social.MemberID, post, text string, v social.Visibility) (string, error)
	// Resolve closes conversations. Posts without one are passed over.
	Resolve(ctx context.Context, by social.MemberID, posts ...string) error
	Snooze(ctx context.Context, by social.MemberID, post string, until time.Time) error
	// Merge says that the authors of two posts are one person.
	Merge(ctx context.Context, by social.MemberID, post, other string) error
	Know(ctx context.Context, by social.MemberID, post, place, notes string) error
	// LookAfter acknowledges the newest alert of a monitor, FalseAlarm calls it
	// one. Where there is none, nothing happens.
	LookAfter(ctx context.Context, by social.MemberID, monitor, note string) error
	FalseAlarm(ctx context.Context, by social.MemberID, monitor, note string) error
	// TeachHive lets people say what they know, and the hive take what comes
	// from now on, OpenHive also what waits; WorkHive lets those who are asked
	// do something.
	TeachHive(ctx context.Context, by social.MemberID) error
	OpenHive(ctx context.Context, by social.MemberID) error
	WorkHive(ctx context.Context, by social.MemberID) error
}

// Market is what customers do with the links in our words.
type Market interface {
	// Click follows the tracked link in a post of ours; "" when it has none.
	Click(ctx context.Context, post string) (click string, err error)
	Convert(ctx context.Context, click, order string, cents int64) error
}
