package social

import (
	"context"
	"slices"
)

// Role is what a member may do, in one word. govern holds the table from
// roles to permissions.
type Role string

// The roles, from most to least.
const (
	Admin     Role = "admin"
	Manager   Role = "manager"
	Responder Role = "responder"
	Viewer    Role = "viewer"
	NoRole    Role = "" // only what programmes grant
)

// Permission names one thing that may be done, as "noun.verb".
type Permission string

// The permissions that operations declare.
const (
	PublicAccess Permission = "public"    // nobody need be signed in
	SignedIn     Permission = "signed_in" // any member

	InboxRead      Permission = "inbox.read"
	InboxWork      Permission = "inbox.work"  // claim, assign, note, resolve, snooze, draft
	InboxReply     Permission = "inbox.reply" // speak for the brand; the gate is asked as well
	ListenRead     Permission = "listen.read"
	ListenWrite    Permission = "listen.write"
	ChannelWrite   Permission = "channel.write"
	KnowRead       Permission = "know.read"
	KnowWrite      Permission = "know.write"   // write articles, keep answers
	KnowPublish    Permission = "know.publish" // change what the world reads on the help page
	PublishRead    Permission = "publish.read"
	PublishWrite   Permission = "publish.write"   // write, plan and publish posts, invite to events; the gate is asked as well
	PublishApprove Permission = "publish.approve" // approve what others wrote, hold, set what must be approved
	PeopleRead     Permission = "people.read"
	PeopleWrite    Permission = "people.write"
	PrivacyWrite   Permission = "privacy.write" // texts of consent, requests, export and erasure of persons, retention
	PrivacyHold    Permission = "privacy.hold"  // keep persons, conversations and programmes from going
	PeopleImport   Permission = "people.import" // take persons over from files, and take that back
	EvolveRead     Permission = "evolve.read"
	EvolveWrite    Permission = "evolve.write"
	ScoreCorrect   Permission = "score.correct" // say what a text means instead of the model
	ModelTrain     Permission = "model.train"   // let models learn from corrections
	OutcomeWrite   Permission = "outcome.write" // report a conversion
	GovernRead     Permission = "govern.read"
	GovernWrite    Permission = "govern.write"
	MemberWrite    Permission = "member.write"
	TokenWrite     Permission = "token.write"
	DataExport     Permission = "data.export" // take everything out
	HookWrite      Permission = "hook.write"  // tell other systems what happens, see what was told
	RecordRead     Permission = "record.read"
	SystemRead     Permission = "system.read"
	SystemWrite    Permission = "system.write"
)

// Grant gives a role within one programme.
type Grant struct {
	Programme ProgrammeID `json:"programme"`
	Role      Role        `json:"role"`
}

// Actor is whoever asks: a signed-in member, an API token acting for one, or
// the system itself.
type Actor struct {
	Member MemberID
	Name   string
	Email  string
	Role   Role         // everywhere
	Grants []Grant      // more, within programmes
	Token  string       // id of the API token, if one was used
	Scopes []Permission // of that token; empty means all that the role allows
	System bool
}

// Scope limits a query to what the actor may see. It is applied in the query
// itself, never afterwards.
type Scope struct {
	All        bool
	Programmes []ProgrammeID // rows without a programme are seen only with All
}

// Sees reports whether a row of the programme is inside the scope.
func (s Scope) Sees(p ProgrammeID) bool {
	return s.All || (p != "" && slices.Contains(s.Programmes, p))
}

type actorKey struct{}

// WithActor returns a context that carries who asks.
func WithActor(ctx context.Context, a Actor) context.Context {
	return context.WithValue(ctx, actorKey{}, a)
}

// ActorOf returns who asks, and whether anybody does.
func ActorOf(ctx context.Context) (Actor, bool) {
	a, ok := ctx.Value(actorKey{}).(Actor)
	return a, ok
}

// SystemActor is Parley acting by itself.
func SystemActor() Actor { return Actor{Name: "Parley", Role: Admin, System: true} }

type scopeKey struct{}

// WithScope returns a context that carries what may be seen for the
// permission that is being used. The server sets it for every operation.
func WithScope(ctx context.Context, s Scope) context.Context {
	return context.WithValue(ctx, scopeKey{}, s)
}

// ScopeOf returns what may be seen; nothing, when nobody said.
func ScopeOf(ctx context.Context) Scope {
	s, _ := ctx.Value(scopeKey{}).(Scope)
	return s
}
