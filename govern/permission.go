package govern

import (
	"slices"

	"github.com/parley-crm/parley/social"
)

// everyone may read what the company listens to and does.
var everyone = []social.Permission{
	social.InboxRead, social.ListenRead, social.PeopleRead, social.EvolveRead, social.GovernRead, social.KnowRead, social.PublishRead,
}

// table says what each role may do. What is not here is refused.
var table = map[social.Role][]social.Permission{
	social.Viewer: everyone,
	social.Responder: slices.Concat(everyone, []social.Permission{
		social.InboxWork, social.InboxReply, social.PeopleWrite, social.ScoreCorrect, social.KnowWrite, social.PublishWrite,
	}),
	social.Manager: slices.Concat(everyone, []social.Permission{
		social.InboxWork, social.InboxReply, social.PeopleWrite, social.ScoreCorrect, social.KnowWrite, social.KnowPublish, social.PrivacyWrite, social.PrivacyHold,
		social.PublishWrite, social.PublishApprove,
		social.ListenWrite, social.ChannelWrite, social.EvolveWrite, social.OutcomeWrite,
		social.GovernWrite, social.RecordRead, social.PeopleImport,
	}),
	social.Admin: slices.Concat(everyone, []social.Permission{
		social.InboxWork, social.InboxReply, social.PeopleWrite, social.ScoreCorrect, social.KnowWrite, social.KnowPublish, social.PrivacyWrite, social.PrivacyHold,
		social.PublishWrite, social.PublishApprove,
		social.ListenWrite, social.ChannelWrite, social.EvolveWrite, social.OutcomeWrite,
		social.GovernWrite, social.RecordRead, social.PeopleImport,
		social.MemberWrite, social.TokenWrite, social.HookWrite, social.DataExport, social.SystemRead, social.SystemWrite, social.ModelTrain,
	}),
}

// everywhere lists permissions about things that belong to no programme, so
// that a role inside a programme never gives them.
var everywhere = []social.Permission{
	social.MemberWrite, social.TokenWrite, social.HookWrite, social.DataExport, social.SystemRead, social.SystemWrite, social.ModelTrain,
	social.RecordRead, social.OutcomeWrite, social.PrivacyWrite, social.PrivacyHold, social.PeopleImport,
}

// rank orders the roles.
var rank = map[social.Role]int{social.NoRole: 0, social.Viewer: 1, social.Responder: 2, social.Manager: 3, social.Admin: 4}

// Known reports whether the role exists (NoRole does not count).
func Known(r social.Role) bool { return rank[r] > 0 }

// AtMost returns the lesser of two roles.
func AtMost(a, b social.Role) social.Role {
	if rank[a] < rank[b] {
		return a
	}
	return b
}

// Allows reports whether the role includes the permission.
func Allows(r social.Role, p social.Permission) bool { return slices.Contains(table[r], p) }

// Permissions lists all permissions that can be given to a token.
func Permissions() []social.Permission { return slices.Clone(table[social.Admin]) }

// Scope says within which programmes the actor has the permission; ok is
// false when nowhere. A token's own scopes narrow what the role gives.
func Scope(a social.Actor, p social.Permission) (scope social.Scope, ok bool) {
	if p == social.PublicAccess {
		return social.Scope{}, true
	}
	if p == social.SignedIn {
		return reach(a), true
	}
	if len(a.Scopes) > 0 && !slices.Contains(a.Scopes, p) {
		return social.Scope{}, false
	}
	if Allows(a.Role, p) {
		return social.Scope{All: true}, true
	}
	if slices.Contains(everywhere, p) {
		return social.Scope{}, false
	}
	for _, g := range a.Grants {
		if Allows(g.Role, p) {
			scope.Programmes = append(scope.Programmes, g.Programme)
		}
	}
	return scope, len(scope.Programmes) > 0
}

// reach is the scope of whoever is signed in, for operations that need no
// more than that. A token with scopes of its own reaches nothing that way.
func reach(a social.Actor) (scope social.Scope) {
	if len(a.Scopes) > 0 {
		return scope
	}
	scope.All = a.Role != social.NoRole
	for _, g := range a.Grants {
		scope.Programmes = append(scope.Programmes, g.Programme)
	}
	return scope
}

// May lists everything that the actor may do somewhere.
func May(a social.Actor) []social.Permission {
	may := []social.Permission{}
	for _, p := range table[social.Admin] {
		if _, ok := Scope(a, p); ok {
			may = append(may, p)
		}
	}
	return may
}
