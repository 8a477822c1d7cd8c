package govern_test

import (
	"slices"
	"testing"

	"github.com/parley-crm/parley/govern"
	"github.com/parley-crm/parley/social"
)

func TestWhoMayDoWhat(t *testing.T) {
	// a: admin, m: manager, r: responder, v: viewer
	want := map[social.Permission]string{
		social.InboxRead: "amrv", social.ListenRead: "amrv", social.PeopleRead: "amrv", social.EvolveRead: "amrv", social.GovernRead: "amrv",
		social.InboxWork: "amr", social.InboxReply: "amr", social.PeopleWrite: "amr", social.ScoreCorrect: "amr",
		social.KnowRead: "amrv", social.KnowWrite: "amr", social.KnowPublish: "am",
		social.PublishRead: "amrv", social.PublishWrite: "amr", social.PublishApprove: "am",
		social.ListenWrite: "am", social.ChannelWrite: "am", social.EvolveWrite: "am", social.OutcomeWrite: "am",
		social.PrivacyWrite: "am", social.PrivacyHold: "am",
		social.GovernWrite: "am", social.RecordRead: "am", social.PeopleImport: "am",
		social.MemberWrite: "a", social.TokenWrite: "a", social.HookWrite: "a", social.DataExport: "a", social.SystemRead: "a", social.SystemWrite: "a", social.ModelTrain: "a",
		"made.up": "",
	}
	letter := map[social.Role]rune{social.Admin: 'a', social.Manager: 'm', social.Responder: 'r', social.Viewer: 'v', social.NoRole: '-', "king": '-'}
	for permission, roles := range want {
		for role, l := range letter {
			allowed := slices.Contains([]rune(roles), l)
			if got := govern.Allows(role, permission); got != allowed {
				t.Errorf("%s for %q: %v, want %v", permission, role, got, allowed)
			}
		}
	}
	for _, p := range govern.Permissions() {
		if _, ok := want[p]; !ok {
			t.Errorf("this test does not say who may %s", p)
		}
	}
}

func TestWhereOneMay(t *testing.T) {
	insider := social.Actor{Grants: []social.Grant{{Programme: "care", Role: social.Manager}, {Programme: "press", Role: social.Viewer}}}
	tests := []struct {
		name  string
		actor social.Actor
		p     social.Permission
		ok    bool
		all   bool
		in    []social.ProgrammeID
	}{
		{"a role counts everywhere", social.Actor{Role: social.Responder}, social.InboxReply, true, true, nil},
		{"without a role nothing", social.Actor{}, social.InboxRead, false, false, nil},
		{"a role in programmes counts there", insider, social.InboxRead, true, false, []social.ProgrammeID{"care", "press"}},
		{"and only as far as it goes", insider, social.InboxReply, true, false, []social.ProgrammeID{"care"}},
		{"what belongs to no programme is not given inside one", insider, social.RecordRead, false, false, nil},
		{"nor are members", social.Actor{Grants: []social.Grant{{Programme: "care", Role: social.Admin}}}, social.MemberWrite, false, false, nil},
		{"a token is narrowed to its scopes", social.Actor{Role: social.Admin, Scopes: []social.Permission{social.OutcomeWrite}}, social.InboxRead, false, false, nil},
		{"and may what they say", social.Actor{Role: social.Admin, Scopes: []social.Permission{social.OutcomeWrite}}, social.OutcomeWrite, true, true, nil},
		{"but never more than the role", social.Actor{Role: social.Viewer, Scopes: []social.Permission{social.OutcomeWrite}}, social.OutcomeWrite, false, false, nil},
		{"signed in with a role reaches everything", social.Actor{Role: social.Viewer}, social.SignedIn, true, true, nil},
		{"signed in with a narrow token reaches nothing", social.Actor{Role: social.Admin, Scopes: []social.Permission{social.OutcomeWrite}}, social.SignedIn, true, false, nil},
		{"signed in without a role reaches one's programmes", insider, social.SignedIn, true, false, []social.ProgrammeID{"care", "press"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			scope, ok := govern.Scope(tt.actor, tt.p)
			if ok != tt.ok || scope.All != tt.all || !slices.Equal(scope.Programmes, tt.in) {
				t.Errorf("got %v %+v", ok, scope)
			}
		})
	}
}

func TestTheLesserOfTwoRoles(t *testing.T) {
	if govern.AtMost(social.Admin, social.Viewer) != social.Viewer || govern.AtMost(social.NoRole, social.Manager) != social.NoRole {
		t.Error("AtMost should give the lesser")
	}
}
