package demo

import (
	"time"

	"github.com/parley-crm/parley/channel/practice"
	"github.com/parley-crm/parley/social"
)

// Do is what happens in an act.
type Do string

// What people on the network do.
const (
	Post   Do = "post"   // says something new
	Answer Do = "answer" // answers a post, ours too
	Direct Do = "direct" // writes to us alone
	Quote  Do = "quote"  // passes on a post with words of their own
	Edit   Do = "edit"
	Delete Do = "delete"

	Share   Do = "share" // passes on a post as it is
	Unshare Do = "unshare"
)

// What the company's people do.
const (
	Claim       Do = "claim"
	Assign      Do = "assign"
	Note        Do = "note"
	Reply       Do = "reply"
	Resolve     Do = "resolve"
	Snooze      Do = "snooze"
	Merge       Do = "merge" // finds that two accounts are one person
	Know        Do = "know"  // writes down what they know of a person
	Listen      Do = "listen"
	Revise      Do = "revise"
	LookAfter   Do = "look after" // acknowledges the alert of a monitor
	FalseAlarm  Do = "false alarm"
	Acknowledge Do = "acknowledge"
	Grow        Do = "grow"       // a programme reaches the next level
	TeachHive   Do = "teach hive" // from now on what comes in goes to those who may know
	OpenHive    Do = "open hive"  // and what waits does
	Speak       Do = "speak"      // says something by itself
	WorkHive    Do = "work hive"  // some of those who are asked take a question, ask on, or pass
)

// What customers do with the links in our answers.
const (
	Click   Do = "click"
	Convert Do = "convert" // clicks and then buys
)

// Act is one thing that happens.
type Act struct {
	At  time.Time
	Do  Do
	Key string // what later acts call the post that this one makes
	Of  string // key of the post that is answered, changed or worked on; name of a policy or programme
	By  string // handle of a persona, key of a member

	Said   practice.Said     // of Post, Answer and Direct; Text of Edit, Note and Reply too
	Seen   social.Visibility // of Reply; "" for that of the conversation
	To     string            // key of the member to assign to; of the other post to merge; place of Know
	Of100  []string          // keys of further posts to resolve, at most a hundred in all
	Until  time.Time         // of Snooze
	Value  int64             // of Convert, in cents
	Level  int               // of Grow
	Listen Monitor           // of Listen

	Topic  string // what it is about, and
	Want   string // what they want: question, complaint, praise, idea, intent, churn, danger, remark, noise
	Recall bool
}

// Spoken reports whether the act puts words of the public on the network.
func (a Act) Spoken() bool { return a.Do == Post || a.Do == Answer || a.Do == Direct || a.Do == Quote }

// Script is everything that is to happen.
type Script struct {
	From, To time.Time // the ninety days
	Crisis   time.Time // when the recall breaks

	Brand      Brand
	Members    []Member // the first is the administrator
	Programmes []Programme
	Policies   []Policy
	Channels   []Channel
	Monitors   []Monitor // from the first day
	Branches   []Branch
	Profiles   []Profile
	Nowhere    []Profile // what the company knows that it has not
	People     []practice.Persona
	Acts       []Act // in order
}

// Brand is what the company is called.
type Brand struct {
	Name           string
	Terms, Handles []string
}

// Member is somebody who works at the company.
type Member struct {
	Key        string // also the first part of the address
	Name       string
	Role       social.Role // everywhere; NoRole: only within programmes
	Programmes []string
	Langs      []string // that they answer in besides English
	Away       bool     // has been invited and never came
	Slack      bool     // does not read what there is to acknowledge
}

// Email is the address to sign in with.
func (m Member) Email() string { return m.Key + "@brewell.example" }

// Programme is an undertaking with a charter.
type Programme struct {
	Name, Mission, Sponsor string
	Lead                   string // key of a member
	Maturity               int
}

// Policy is a text to agree to.
type Policy struct {
	Name, Programme string
	Required        bool
	Versions        []Version // the first holds from the first day
}

// Version is one wording of a policy.
type Version struct{ Body, Summary string }

// Channel is a place on the practice network where the company has an account.
type Channel struct {
	Name, Programme string
	Site            practice.Site
	Handle          string
	Signature       string // below each letter
}

// Monitor is what the company listens for.
type Monitor struct {
	Name, Query, Programme string
	Inbox                  bool
	Kind                   string // brand, competitor, topic; "" for other
}

// Handle is what the company is called on the network.
const Handle = "brewell"

// Days is how long the script runs.
const Days = 90
