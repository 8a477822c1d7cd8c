package engage_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/engage/shelf"
	"github.com/parley-crm/parley/kit/cond"
	"github.com/parley-crm/parley/social"
)

// vocabulary is tags and channels of the world.
type vocabulary []social.Tag

func (v vocabulary) Vocabulary(context.Context) ([]social.Tag, error) { return v, nil }

func (v vocabulary) ChannelKinds(context.Context) (map[social.ChannelID]string, error) {
	return map[social.ChannelID]string{line: "mastodon", "ch-2": "email"}, nil
}

var words = vocabulary{{ID: "warranty", Name: "Warranty", Color: "red"}, {ID: "guarantee", Name: "Guarantee", Into: "warranty"},
	{ID: "vip", Name: "VIP", Closed: true}, {ID: "old", Name: "Old", Archived: true}, {ID: "press", Name: "Press"}, {ID: "news", Name: "News"}}

func (w *world) do(ids []social.ConversationID, e ...engage.Deed) engage.Outcome {
	w.t.Helper()
	out, err := w.desk.Do(as(ana), ids, e...)
	w.must(err)
	return out
}

func TestTagsOnConversations(t *testing.T) {
	each(t, func(w *world) {
		ids := w.many(3)
		tag := func(act engage.Act, tags ...social.TagID) engage.Deed { return engage.Deed{Act: act, Tags: tags} }
		w.do(ids[:2], tag(engage.ActTag, "warranty", "press"))
		w.do(ids[:1], tag(engage.ActTag, "guarantee")) // the same by another name
		if got := w.row(ids[0]).Tags; !slices.Equal(got, []social.TagID{"warranty", "press"}) {
			w.t.Errorf("it bears %v", got)
		}
		w.do(ids[2:], engage.Deed{Act: engage.ActTag, Tags: []social.TagID{"guarantee"}})
		if got := w.row(ids[2]).Tags; !slices.Equal(got, []social.TagID{"warranty"}) {
			w.t.Errorf("a merged tag was put on as %v", got)
		}
		n, err := w.desk.Store.TagUses(as(ana), []social.TagID{"warranty"}, 1000)
		if w.must(err); n != 3 {
			w.t.Errorf("counted %d uses", n)
		}
		w.do(ids[:1], tag(engage.ActUntag, "warranty"))
		if got := w.row(ids[0]).Tags; !slices.Equal(got, []social.TagID{"press"}) {
			w.t.Errorf("it bears %v", got)
		}
		for name, c := range map[string]struct {
			deed engage.Deed
			kind social.Kind
		}{
			"one that there is not":        {tag(engage.ActTag, "nothing"), social.NotFound},
			"one for managers only":        {tag(engage.ActTag, "vip"), social.Forbidden},
			"one for managers, taken away": {tag(engage.ActUntag, "vip"), social.Forbidden},
			"one in the archive":           {tag(engage.ActTag, "old"), social.Conflict},
			"none":                         {tag(engage.ActTag), social.Invalid},
			"a priority that there is not": {engage.Deed{Act: engage.ActPriority, Priority: "panic"}, social.Invalid},
			"a team that there is not":     {engage.Deed{Act: engage.ActTeam, Team: "x"}, social.NotFound},
			"a snooze until now":           {engage.Deed{Act: engage.ActSnooze, Until: w.now.Now()}, social.Invalid},
		} {
			_, err := w.desk.Do(as(ana), ids, c.deed)
			if social.KindOf(err) != c.kind {
				w.t.Errorf("%s: %v", name, err)
			}
		}
		_, err = w.desk.Do(within(ana, other), ids[:1], engage.Deed{Act: engage.ActMove, Programme: care})
		w.want(social.NotFound, err)
		w.tallied()
	})
}

// Whatever was done with many, taking it back restores each, except for what
// somebody has changed since.
func TestTakingBackWhatWasDoneWithMany(t *testing.T) {
	each(t, func(w *world) {
		r := rand.New(rand.NewPCG(1, 2))
		ids := w.many(5)
		strip := func() (out []string) {
			for _, id := range ids {
				c := w.row(id)
				slices.Sort(c.Tags)
				out = append(out, fmt.Sprint(c.State, c.Turn, c.Assignee, c.Team, c.Priority, c.Programme, c.Tags, c.SnoozedUntil, c.ResolvedAt, c.WaitingSince, c.AnsweredTo))
			}
			return out
		}
		deeds := func() engage.Deed {
			return []engage.Deed{{Act: engage.ActResolve}, {Act: engage.ActReopen}, {Act: engage.ActSnooze, Until: w.now.Now().Add(time.Hour)},
				{Act: engage.ActAssign, Member: ben}, {Act: engage.ActAssign}, {Act: engage.ActPriority, Priority: engage.Urgent}, {Act: engage.ActMove, Programme: other},
				{Act: engage.ActTag, Tags: []social.TagID{"press", "warranty"}}, {Act: engage.ActUntag, Tags: []social.TagID{"press"}}}[r.IntN(9)]
		}
		for range 12 {
			some := ids[:1+r.IntN(len(ids))]
			w.do(some, deeds()) // how things are before
			before := strip()
			w.now.Add(time.Second)
			out := w.do(some, deeds(), deeds())
			if out.Undo == "" {
				continue // nothing changed
			}
			w.now.Add(time.Second)
			back, err := w.desk.TakeBack(as(ana), out.Undo)
			w.must(err)
			if after := strip(); !slices.Equal(before, after) || len(back.Refused) > 0 {
				w.t.Fatalf("not as it was:\n%v\n%v\n%v", before, after, back)
			}
			_, err = w.desk.TakeBack(as(ana), out.Undo)
			w.want(social.Conflict, err)
		}
		w.tallied()

		out := w.do(ids, engage.Deed{Act: engage.ActPriority, Priority: engage.High})
		_, err := w.desk.TakeBack(as(ben), out.Undo)
		w.want(social.NotFound, err)
		w.do(ids[:1], engage.Deed{Act: engage.ActPriority, Priority: engage.Low})
		back, err := w.desk.TakeBack(as(ana), out.Undo)
		w.must(err)
		if len(back.Refused) != 1 || back.Refused[0].Conversation != ids[0] || w.row(ids[0]).Priority != engage.Low {
			w.t.Errorf("what changed since was not left: %+v", back)
		}
		out = w.do(ids, engage.Deed{Act: engage.ActPriority, Priority: engage.Urgent})
		w.now.Add(25 * time.Hour)
		_, err = w.desk.TakeBack(as(ana), out.Undo)
		w.want(social.NotFound, err)
	})
}

func TestTeamsShare(t *testing.T) {
	each(t, func(w *world) {
		team := func(t engage.Team) engage.Team {
			w.t.Helper()
			t, err := w.desk.KeepTeam(as(ana), t)
			w.must(err)
			return t
		}
		ids := w.many(6)
		turns := team(engage.Team{Name: "Care", Sharing: engage.ByTurns, Members: []social.MemberID{ben, ana}})
		w.do(ids[:3], engage.Deed{Act: engage.ActTeam, Team: turns.ID})
		var got []social.MemberID
		for _, id := range ids[:3] {
			got = append(got, w.row(id).Assignee)
		}
		slices.Sort(got)
		if !slices.Equal(got, []social.MemberID{ana, ana, ben}) {
			w.t.Errorf("by turns they went to %v", got)
		}
		load := team(engage.Team{Name: "Shop", Sharing: engage.ByLoad, Members: []social.MemberID{ana, ben}})
		w.do(ids[3:], engage.Deed{Act: engage.ActTeam, Team: load.ID})
		n := map[social.MemberID]int{}
		for _, id := range ids {
			n[w.row(id).Assignee]++
		}
		if n[ana] != 3 || n[ben] != 3 {
			w.t.Errorf("by load they have %v", n)
		}
		hand := team(engage.Team{Name: "Second line", Members: []social.MemberID{ben}})
		w.do(ids[:1], engage.Deed{Act: engage.ActTeam, Team: hand.ID})
		if c := w.row(ids[0]); c.Team != hand.ID || c.Assignee == "" {
			w.t.Errorf("a team that takes by hand: %+v", c.Conversation)
		}
		_, err := w.desk.KeepTeam(as(ana), engage.Team{Name: " care "})
		w.want(social.Conflict, err)
		_, err = w.desk.KeepTeam(as(ana), engage.Team{Name: "Strangers", Members: []social.MemberID{"eve"}})
		w.want(social.Invalid, err)
		_, err = w.desk.KeepTeam(within(ana, care), engage.Team{Name: "Everybody's"})
		w.want(social.Forbidden, err)
		page, err := w.desk.List(as(ana), engage.Query{View: engage.ViewAll, Team: load.ID})
		if w.must(err); len(page.Rows) != 3 {
			w.t.Errorf("the team's list has %d", len(page.Rows))
		}
		counts, err := w.desk.Store.TeamCounts(as(ana), []social.TeamID{load.ID, hand.ID}, 100)
		if w.must(err); counts[load.ID] != 3 || counts[hand.ID] != 1 {
			w.t.Errorf("counts %v", counts)
		}
		elsewhere := team(engage.Team{Name: "Elsewhere", Programme: other, Members: []social.MemberID{ben}})
		out, err := w.desk.Do(as(ana), ids, engage.Deed{Act: engage.ActTeam, Team: elsewhere.ID})
		if w.must(err); len(out.Refused) != 3 {
			w.t.Errorf("a team of another programme got %d", out.Done)
		}
		hand.Archived = w.now.Now()
		team(hand)
		if all, _ := w.desk.Teams(as(ana)); len(all) != 3 { // three of four
			w.t.Errorf("%d teams are offered", len(all))
		}
	})
}

// What a view lists is what its conditions hold of, decided in memory, for
// random conditions, on each engine, page by page.
func TestViewsListWhatHolds(t *testing.T) {
	each(t, func(w *world) {
		r := rand.New(rand.NewPCG(3, 4))
		ids := w.many(24)
		pick := func(of ...string) string { return of[r.IntN(len(of))] }
		for _, id := range ids {
			w.now.Add(time.Minute)
			d := []engage.Deed{{Act: engage.ActPriority, Priority: engage.Priority(pick("low", "normal", "high"))}}
			if r.IntN(2) == 0 {
				d = append(d, engage.Deed{Act: engage.ActTag, Tags: []social.TagID{social.TagID(pick("press", "warranty"))}})
			}
			if r.IntN(2) == 0 {
				d = append(d, engage.Deed{Act: engage.ActAssign, Member: social.MemberID(pick(string(ana), string(ben)))})
			}
			if r.IntN(3) == 0 {
				d = append(d, engage.Deed{Act: engage.ActResolve})
			} else if r.IntN(3) == 0 {
				d = append(d, engage.Deed{Act: engage.ActSnooze, Until: w.now.Now().Add(time.Hour)})
			}
			if r.IntN(3) == 0 {
				w.must(w.desk.Read(as(ana), id))
			}
			w.do([]social.ConversationID{id}, d...)
		}
		test := func() cond.Node {
			fields := engage.Fields()
			f := fields[r.IntN(len(fields))]
			ops := cond.Ops(f.Type)
			n := cond.Node{Field: f.Name, Op: ops[r.IntN(len(ops))]}
			value := func() string {
				switch f.Name {
				case "assignee":
					return pick(string(ana), string(ben), "nobody")
				case "tags":
					return pick("press", "warranty", "old")
				case "programme":
					return pick(string(care), string(other))
				case "channel":
					return pick(string(line), "ch-2")
				case "language":
					return pick("en", "und")
				case "intent", "team", "network":
					return pick("praise", "complaint")
				}
				switch f.Type {
				case cond.Bool:
					return pick("true", "false")
				case cond.Number:
					return pick("0", "1", "5")
				case cond.Date:
					if n.Op == cond.Within || n.Op == cond.Older {
						return pick("1h", "2d")
					}
					return "2026-11-21"
				}
				return pick(f.Choices...)
			}
			switch n.Op {
			case cond.Set, cond.Unset:
			case cond.Between:
				n.Values = []string{"0", "3"}
			default:
				n.Values = []string{value()}
			}
			return n
		}
		var tree func(depth int) cond.Node
		tree = func(depth int) cond.Node {
			if depth == 0 || r.IntN(3) == 0 {
				return test()
			}
			n := cond.Node{Join: []cond.Join{cond.All, cond.All, cond.Any, cond.None}[r.IntN(4)]}
			for range 1 + r.IntN(3) {
				n.Nodes = append(n.Nodes, tree(depth-1))
			}
			return n
		}
		everything := w.all()
		for range 150 {
			n := tree(3)
			if slices.Contains(n.Fields(), "network") {
				continue // what it stands for is tested below
			}
			longest := r.IntN(4) == 0
			var want []social.ConversationID
			for _, c := range everything {
				if cond.Holds(n, engage.Fields(), c.Value, w.now.Now()) && (!longest || !c.WaitingSince.IsZero()) {
					want = append(want, c.ID)
				}
			}
			var got []social.ConversationID
			q := engage.Query{View: engage.ViewAll, Where: n, Longest: longest, Limit: 5}
			for {
				page, err := w.desk.List(as(ana), q)
				w.must(err)
				for _, c := range page.Rows {
					got = append(got, c.ID)
				}
				if q.Cursor = page.Next; q.Cursor == "" {
					break
				}
			}
			if longest {
				slices.Sort(got)
				slices.Sort(want)
			}
			if !slices.Equal(got, want) {
				w.t.Fatalf("%+v lists\n%v, want\n%v", n, got, want)
			}
			if !longest {
				some, err := w.desk.CountWhere(as(ana), n)
				w.must(err)
				if some.N != len(want) || !some.Sure {
					w.t.Fatalf("%+v counts %+v, want %d", n, some, len(want))
				}
			}
		}
		is := func(field string, op cond.Op, v ...string) cond.Node {
			return cond.Node{Field: field, Op: op, Values: v}
		}
		count := func(ctx context.Context, n cond.Node) int {
			w.t.Helper()
			some, err := w.desk.CountWhere(ctx, n)
			w.must(err)
			return some.N
		}
		if a, b := count(as(ana), is("assignee", cond.Is, "me")), count(as(ben), is("assignee", cond.Is, "me")); a+b == 0 || a != count(as(ben), is("assignee", cond.Is, string(ana))) {
			w.t.Errorf("mine: %d and %d", a, b)
		}
		if count(as(ana), is("network", cond.Is, "mastodon")) != len(ids) || count(as(ana), is("network", cond.Is, "sms")) != 0 || count(as(ana), is("network", cond.IsNot, "sms")) != len(ids) {
			w.t.Error("networks are not what their channels are")
		}
		if count(as(ana), is("tags", cond.HasAll, "guarantee")) != count(as(ana), is("tags", cond.Has, "warranty")) {
			w.t.Error("a merged tag is not the one that it was merged into")
		}
		if count(within(ana, "nowhere"), is("state", cond.Set)) != 0 || count(within(ana, other), is("programme", cond.Is, string(care))) != 0 {
			w.t.Error("a view leads out of the scope")
		}
		_, err := w.desk.List(as(ana), engage.Query{Where: is("salary", cond.Set)})
		w.want(social.Invalid, err)
	})
}

func TestViewsAreKept(t *testing.T) {
	each(t, func(w *world) {
		mine := shelf.Saved{Name: " Mine  and  late ", Where: cond.Node{Field: "assignee", Op: cond.Is, Values: []string{"me"}}}
		v, err := w.shelf().KeepView(within(ana, care), mine)
		w.must(err)
		w.now.Add(time.Second)
		shared, err := w.shelf().KeepView(within(ana, care), shelf.Saved{Name: "Ours", Shared: true, Programme: care})
		w.must(err)
		_, err = w.shelf().KeepView(within(ana, care), shelf.Saved{Name: "All", Shared: true})
		w.want(social.Forbidden, err)
		_, err = w.shelf().KeepView(as(ana), shelf.Saved{Name: "Bad", Where: cond.Node{Field: "x", Op: cond.Set}})
		w.want(social.Invalid, err)
		names := func(ctx context.Context) (out []string) {
			vs, _, err := w.shelf().Views(ctx)
			w.must(err)
			for _, v := range vs {
				out = append(out, v.Name)
			}
			return out
		}
		if got := names(within(ana, care)); !slices.Equal(got, []string{"Mine and late", "Ours"}) {
			w.t.Errorf("ana sees %v", got)
		}
		if got := names(within(ben, care)); !slices.Equal(got, []string{"Ours"}) {
			w.t.Errorf("ben sees %v", got)
		}
		if got := names(within(ben, other)); len(got) != 0 {
			w.t.Errorf("somebody elsewhere sees %v", got)
		}
		v.Name = "Not ben's"
		_, err = w.shelf().KeepView(within(ben, care), v)
		w.want(social.NotFound, err)
		shared.Shared = false
		_, err = w.shelf().KeepView(within(ben, care), shared)
		w.want(social.Conflict, err)
		w.must(w.shelf().Shelve(within(ana, care), shelf.Shelved{Views: []social.ViewID{shared.ID, v.ID}, First: string(shared.ID)}))
		vs, shelf, err := w.shelf().Views(within(ana, care))
		w.must(err)
		if vs[0].ID != shared.ID || shelf.First != string(shared.ID) {
			w.t.Error("the order was not kept")
		}
		w.want(social.NotFound, w.shelf().DropView(within(ben, other), shared.ID))
		w.must(w.shelf().DropView(within(ben, care), shared.ID))
		if got := names(within(ana, care)); !slices.Equal(got, []string{"Mine and late"}) {
			w.t.Errorf("left are %v", got)
		}
	})
}
