package analyzedb_test

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/analyze"
	"github.com/parley-crm/parley/analyze/analyzedb"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

// village is where people talk; it stands in for listening.
type village struct {
	said   map[social.ActivityID]social.Mention
	by     map[string]social.IdentityID
	shares map[string]social.Share
}

func (v *village) SharesOf(_ context.Context, _ social.ChannelID, external []string) (out []social.Share, err error) {
	for _, e := range external {
		if s, ok := v.shares[e]; ok {
			out = append(out, s)
		}
	}
	return out, nil
}

func (v *village) Mentions(_ context.Context, ids []social.ActivityID) ([]social.Mention, error) {
	var out []social.Mention
	for _, id := range ids {
		if m, ok := v.said[id]; ok {
			out = append(out, m)
		}
	}
	return out, nil
}

func (v *village) AuthorsOf(_ context.Context, _ social.ChannelID, external []string) (map[string]social.IdentityID, error) {
	out := map[string]social.IdentityID{}
	for _, e := range external {
		if id, ok := v.by[e]; ok {
			out[e] = id
		}
	}
	return out, nil
}

func (v *village) Speakers(_ context.Context, ids []social.IdentityID, _ time.Time) (map[social.IdentityID]analyze.Speaker, error) {
	out := map[social.IdentityID]analyze.Speaker{}
	for _, id := range ids {
		out[id] = analyze.Speaker{Name: strings.ToUpper(string(id)), Handle: string(id), Posts: 3, Shares: 7}
	}
	return out, nil
}

func (v *village) ChannelsOf(context.Context) (map[social.ProgrammeID][]social.ChannelID, error) {
	return map[social.ProgrammeID][]social.ChannelID{"care": {"c"}, "press": {"other"}}, nil
}

// street is a village with its book-keeping.
type street struct {
	*village
	t      *testing.T
	db     *analyzedb.DB
	ctx    context.Context
	binder *analyze.Binder
	weaver *analyze.Weaver
}

func open(t *testing.T, db *store.DB, now clock.Clock) *street {
	v := &village{said: map[social.ActivityID]social.Mention{}, by: map[string]social.IdentityID{}, shares: map[string]social.Share{}}
	d := analyzedb.New(db)
	return &street{village: v, t: t, db: d, ctx: t.Context(), binder: &analyze.Binder{Store: d, Hearing: v}, weaver: &analyze.Weaver{Store: d, Speakers: v, Clock: now}}
}

// say lets somebody say something, in answer to what has the external id parent.
func (s *street) say(external, who, parent, text string, more ...func(*social.Mention)) {
	s.t.Helper()
	m := social.Mention{Identity: social.IdentityID(who), Activity: social.Activity{ID: social.ActivityID("a-" + external), Channel: "c", ExternalID: external, Parent: parent,
		Text: text, Visibility: social.Public, Author: social.Author{Handle: who}, Published: storetest.Start.Add(-time.Hour)}}
	for _, f := range more {
		f(&m)
	}
	s.said[m.Activity.ID] = m
	s.by[external] = m.Identity
	for range 2 { // told twice
		if err := s.binder.Hear(s.ctx, []social.ActivityID{m.Activity.ID}); err != nil {
			s.t.Fatal(err)
		}
	}
}

// share lets somebody share, quote or take back what has an external id.
func (s *street) share(name, who, of string, more ...func(*social.Share)) {
	s.t.Helper()
	x := social.Share{ExternalID: name, Of: of, Kind: social.Reshared, By: social.Author{Scheme: "acct", Value: who}, At: storetest.Start.Add(-time.Hour),
		Post: social.ActivityID("a-" + of), Said: s.by[of]}
	for _, f := range more {
		f(&x)
	}
	s.shares[name] = x
	for range 2 { // told twice
		if err := s.binder.Share(s.ctx, "c", []string{name}); err != nil {
			s.t.Fatal(err)
		}
	}
}

// bonds writes out who turned to whom.
func (s *street) bonds() string {
	s.t.Helper()
	strands, err := s.db.Strands(s.ctx, nil, storetest.Start.AddDate(0, 0, -90))
	if err != nil {
		s.t.Fatal(err)
	}
	var out []string
	for _, x := range strands {
		out = append(out, fmt.Sprintf("%s %s %s %d", x.From, x.Kind, x.To, x.Times))
	}
	return strings.Join(out, ", ")
}

func TestBonds(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		s := open(t, db, now)
		is := func(what, want string) {
			t.Helper()
			if got := s.bonds(); got != want {
				t.Errorf("%s: %q, want %q", what, got, want)
			}
		}
		s.say("1", "maya", "", "hello")
		s.say("2", "tom", "1", "hello back")
		is("a reply", "tom reply maya 1")
		s.say("3", "tom", "1", "and @Maya, have you met @Zoe? mail me at tom@zoe.example")
		is("a name that nobody bears yet waits", "tom mention maya 1, tom reply maya 2")
		s.say("4", "zoe", "9", "here I am")
		is("until she is heard", "tom mention maya 1, tom reply maya 2, tom mention zoe 1")
		s.say("9", "kim", "", "heard late")
		is("an answer to what is heard later", "tom mention maya 1, tom reply maya 2, tom mention zoe 1, zoe reply kim 1")
		s.say("3", "tom", "1", "no names any more", func(m *social.Mention) { m.Edited = true })
		is("an edit", "tom reply maya 2, zoe reply kim 1")
		s.say("2", "tom", "1", "", func(m *social.Mention) { m.Deleted = true })
		is("what is taken back", "tom reply maya 1, zoe reply kim 1")
		s.say("5", "maya", "", "talking to myself")
		s.say("6", "maya", "5", "yes")
		s.say("7", "lea", "1", "psst", func(m *social.Mention) { m.Activity.Visibility = social.Direct })
		s.say("8", "brewell", "4", "we answer", func(m *social.Mention) { m.Activity.Own = true })
		s.say("10", "kim", "8", "thank you @brewell")
		is("oneself, what is private, and we ourselves", "tom reply maya 1, zoe reply kim 1")
		long := strings.Repeat("@a", 1000) + " @\xff\xfe @" + strings.Repeat("x", 500) + " @@@@ @名前 @\u202eevil"
		s.say("11", "hostile", "", long)
		is("hostile names", "tom reply maya 1, zoe reply kim 1")
	})
}

func TestBondsOfShares(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		s := open(t, db, now)
		tom, zoe := social.Author{Scheme: "acct", Value: "tom"}.ID(), social.Author{Scheme: "acct", Value: "zoe"}.ID()
		is := func(what string, want ...string) {
			t.Helper()
			got := strings.NewReplacer(string(tom), "tom", string(zoe), "zoe").Replace(s.bonds())
			parts := strings.Split(got, ", ")
			slices.Sort(parts)
			if got := strings.Join(parts, ", "); got != strings.Join(want, ", ") {
				t.Errorf("%s: %q, want %q", what, got, want)
			}
		}
		s.say("1", "maya", "", "hello")
		s.say("2", "lea", "1", "hello back")
		s.share("s1", "tom", "1")
		is("a share", "lea reply maya 1", "tom share maya 1")
		s.share("q1", "zoe", "1", func(x *social.Share) { x.Kind = social.Quoted })
		is("a quote", "lea reply maya 1", "tom share maya 1", "zoe quote maya 1")
		s.share("s2", "brewell", "1", func(x *social.Share) { x.Own = true })
		is("our own share", "lea reply maya 1", "tom share maya 1", "zoe quote maya 1")
		s.say("1", "maya", "", "hello, edited", func(m *social.Mention) { m.Edited = true })
		is("an edit of the post leaves its shares", "lea reply maya 1", "tom share maya 1", "zoe quote maya 1")
		s.share("s1", "tom", "1", func(x *social.Share) { x.Undone = true })
		is("a share that is taken back", "lea reply maya 1", "zoe quote maya 1")
		s.say("1", "maya", "", "", func(m *social.Mention) { m.Deleted = true })
		is("a post that is deleted", "lea reply maya 1")
	})
}

func TestAWebOfShares(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		s := open(t, db, now)
		s.say("1", "hub", "", "the news")
		s.say("2", "other", "", "other news")
		for i := range 6 {
			s.share(fmt.Sprint("s", i), fmt.Sprint("fan", i), "1")
			s.say(fmt.Sprint("r", i), fmt.Sprint("pal", i), "2", "really?")
		}
		s.share("q", "fan0", "1", func(x *social.Share) { x.Kind = social.Quoted })
		if err := s.weaver.Weave(s.ctx); err != nil {
			t.Fatal(err)
		}
		who := func(kind analyzedb.Kind) (out []string) {
			t.Helper()
			all, err := s.db.Members(s.ctx, "care", analyzedb.MemberAsk{Circle: -1, Limit: 100, Kind: kind})
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range all {
				out = append(out, string(m.Identity))
			}
			return out
		}
		if got := fmt.Sprint(who(analyzedb.Shared), who(analyzedb.Quoted), who(analyzedb.Answered), who(analyzedb.Named)); got != "[hub] [hub] [other] []" {
			t.Errorf("by kind: %s", got)
		}
		first, err := s.db.Members(s.ctx, "", analyzedb.MemberAsk{Circle: -1, Limit: 1})
		if err != nil || first[0].Why.Shared != 6 || first[0].Why.Quoted != 1 || first[0].Why.People != 6 || first[0].Why.Answered != 0 {
			t.Errorf("%+v, %v", first, err)
		}
		for kind, want := range map[analyzedb.Kind][2]int{"": {14, 12}, analyzedb.Shared: {7, 6}, analyzedb.Quoted: {2, 1}, analyzedb.Answered: {7, 6}, analyzedb.Named: {0, 0}} {
			dots, links, err := s.db.Map(s.ctx, "", 100, kind)
			if err != nil || len(dots) != want[0] || len(links) != want[1] {
				t.Errorf("%q: %d dots and %d links, %v; want %v", kind, len(dots), len(links), err, want)
			}
		}
		kinds, err := s.db.BondKinds(s.ctx, "")
		if err != nil || kinds[analyzedb.Shared] != 6 || kinds[analyzedb.Quoted] != 1 || kinds[analyzedb.Answered] != 6 || kinds[analyzedb.Named] != 0 {
			t.Errorf("%v, %v", kinds, err)
		}
		if w, err := s.db.WebOf(s.ctx, "press"); err != nil || w.People != 0 {
			t.Errorf("nobody shares there: %+v, %v", w, err)
		}
	})
}

func TestAWebExplainsItself(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		s := open(t, db, now)
		s.say("hub", "hub", "", "the news")
		for i := range 12 {
			s.say(fmt.Sprint("r", i), fmt.Sprint("fan", i), "hub", "really?")
		}
		s.say("big", "big", "hub", "well said") // who is listened to themselves
		for i := range 6 {
			s.say(fmt.Sprint("b", i), fmt.Sprint("pal", i), "big", "indeed")
		}
		s.say("bridge", "fan0", "big", "I know them both")
		if err := s.weaver.Weave(s.ctx); err != nil {
			t.Fatal(err)
		}
		first, err := s.db.Members(s.ctx, "", analyzedb.MemberAsk{Circle: -1, Limit: 100})
		if err != nil || len(first) != 20 || first[0].Identity != "hub" || first[0].Place != 1 || first[0].Score != 100 || first[1].Identity != "big" {
			t.Fatalf("%+v, %v", first, err)
		}
		why := first[0].Why
		if why.Answered != 13 || why.People != 13 || why.Listened < 1 || why.Notable[0] != "BIG" || why.Answers != 13 || why.Posts != 3 || why.Shares != 7 {
			t.Errorf("%+v", why)
		}
		if first[0].Name != "HUB" || first[0].Circle == first[1].Circle {
			t.Errorf("%+v, %+v", first[0], first[1])
		}
		bridges, err := s.db.Members(s.ctx, "", analyzedb.MemberAsk{Circle: -1, Bridge: true, Limit: 3})
		if err != nil || bridges[0].Identity != "hub" || bridges[0].BridgeNo != 1 || bridges[1].Identity != "big" {
			t.Errorf("%+v, %v", bridges, err)
		}
		page, err := s.db.Members(s.ctx, "", analyzedb.MemberAsk{Circle: -1, After: 2, Limit: 5})
		if err != nil || len(page) != 5 || page[0].Place != 3 {
			t.Errorf("%+v, %v", page, err)
		}
		circles, all, err := s.db.Circles(s.ctx, "", 10)
		if err != nil || all != 2 || len(circles) != 2 || circles[0].Top[0].Identity != "hub" || circles[0].People+circles[1].People != 20 {
			t.Errorf("%+v, %v", circles, err)
		}
		dots, links, err := s.db.Map(s.ctx, "", 100, "")
		if err != nil || len(dots) != 20 || len(links) != 20 {
			t.Errorf("%d dots, %d links, %v", len(dots), len(links), err)
		}
		near, times, err := s.db.Neighbours(s.ctx, "", 2, 3)
		if err != nil || len(near) != 3 || times[0] != 1 {
			t.Errorf("%+v, %v, %v", near, times, err)
		}
		if w, err := s.db.WebOf(s.ctx, "care"); err != nil || w.People != 20 || w.Bonds != 20 {
			t.Errorf("%+v, %v", w, err)
		}
		if w, err := s.db.WebOf(s.ctx, "press"); err != nil || w.People != 0 {
			t.Errorf("nobody talks there: %+v, %v", w, err)
		}
		if _, err := s.db.WebOf(s.ctx, "nowhere"); !social.NotFound.Is(err) {
			t.Errorf("%v", err)
		}
		// Again, it is the same; three months later nobody is left.
		if err := s.weaver.Weave(s.ctx); err != nil {
			t.Fatal(err)
		}
		again, err := s.db.Members(s.ctx, "", analyzedb.MemberAsk{Circle: -1, Limit: 100})
		if err != nil || !reflect.DeepEqual(first, again) {
			t.Errorf("another time another web: %v", err)
		}
		now.Add(100 * 24 * time.Hour)
		if err := s.weaver.Weave(s.ctx); err != nil {
			t.Fatal(err)
		}
		if w, err := s.db.WebOf(s.ctx, ""); err != nil || w.People != 0 {
			t.Errorf("%+v, %v", w, err)
		}
	})
}
