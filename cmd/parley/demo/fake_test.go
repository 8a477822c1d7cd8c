package demo

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/channel/practice"
	"github.com/parley-crm/parley/engage/part"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/social"
)

// fake is a house with no rooms: a real practice network, and as much memory
// as it needs to say when the script asks for what a house would refuse.
type fake struct {
	t        *testing.T
	clock    *clock.Set
	network  *practice.Network
	channels map[practice.Site]channel.Sender
	cursors  map[practice.Site]string
	heard    map[string]bool // posts that were settled
	policies map[social.PolicyID]int
	agreed   map[social.MemberID]map[social.PolicyID]int
	required []social.PolicyID
	monitors []Monitor
	branches []Branch
	acts     map[Do]int
	clicks   int
	cents    int64
	parts    int // of the longest answer
}

// Promise promises nothing.
func (f *fake) Promise(context.Context) error { return nil }

func newFake(t *testing.T, at time.Time) *fake {
	c := clock.NewSet(at)
	return &fake{t: t, clock: c, network: practice.NewNetwork(1, c), channels: map[practice.Site]channel.Sender{}, cursors: map[practice.Site]string{}, heard: map[string]bool{},
		policies: map[social.PolicyID]int{}, agreed: map[social.MemberID]map[social.PolicyID]int{}, acts: map[Do]int{}}
}

func (f *fake) Clock() *clock.Set          { return f.clock }
func (f *fake) Network() *practice.Network { return f.network }

func (f *fake) Settle(ctx context.Context, reading time.Duration) error {
	for site, ch := range f.channels {
		for more := true; more; {
			b, err := ch.(channel.Poller).Poll(ctx, f.cursors[site])
			if err != nil {
				return err
			}
			for _, e := range b.Events {
				post, _, _ := strings.Cut(e.Key, ".")
				f.heard[post] = true
			}
			f.cursors[site], more = b.Cursor, b.More
		}
	}
	f.clock.Add(reading)
	return nil
}

func (f *fake) AddSubject(context.Context, string) error { return nil }

func (f *fake) AddArticle(_ context.Context, a Sheet, owner social.MemberID) error {
	if a.Subject == "" || a.Lang == "" || f.agreed[owner] == nil {
		return fmt.Errorf("%s has no subject, language or owner", a.Name)
	}
	return nil
}

func (f *fake) SetBrand(context.Context, Brand) error { return nil }

func (f *fake) AddMember(_ context.Context, m Member, _ []social.Grant) (social.MemberID, error) {
	id := social.MemberID("member " + m.Key)
	f.agreed[id] = map[social.PolicyID]int{}
	return id, nil
}

func (f *fake) AddProgramme(_ context.Context, p Programme, lead social.MemberID) (social.ProgrammeID, error) {
	if f.agreed[lead] == nil {
		return "", fmt.Errorf("%s is led by nobody", p.Name)
	}
	return social.ProgrammeID(p.Name), nil
}

func (f *fake) Enrol(_ context.Context, p social.ProgrammeID, m social.MemberID, _ social.Role) error {
	if p == "" || f.agreed[m] == nil {
		return fmt.Errorf("nobody joins nothing: %q, %q", p, m)
	}
	return nil
}

func (f *fake) Grow(_ context.Context, p social.ProgrammeID, level int) error {
	f.acts[Grow]++
	return nil
}

func (f *fake) AddPolicy(_ context.Context, _ social.MemberID, p Policy, programme social.ProgrammeID) (social.PolicyID, error) {
	id := social.PolicyID(p.Name)
	f.policies[id] = 1
	if p.Required && programme == "" {
		f.required = append(f.required, id)
	}
	return id, nil
}

func (f *fake) Revise(_ context.Context, _ social.MemberID, p social.PolicyID, v Version) error {
	f.policies[p]++
	return nil
}

func (f *fake) Acknowledge(_ context.Context, by social.MemberID, p social.PolicyID) error {
	f.agreed[by][p] = f.policies[p]
	return nil
}

func (f *fake) AddChannel(_ context.Context, c Channel, _ social.ProgrammeID) error {
	ch, err := practice.Kind(f.network).New(channel.Settings{"site": string(c.Site), "handle": c.Handle}, channel.Env{Clock: f.clock})
	if err == nil {
		f.channels[c.Site] = ch.(channel.Sender)
	}
	return err
}

func (f *fake) AddMonitor(_ context.Context, _ social.MemberID, m Monitor, _ social.ProgrammeID) error {
	f.monitors = append(f.monitors, m)
	return nil
}

func (f *fake) AddBranch(_ context.Context, b Branch, _ social.ProgrammeID) error {
	f.branches = append(f.branches, b)
	return nil
}

func (f *fake) AddProfile(_ context.Context, x Profile, p social.ProgrammeID, owner social.MemberID) error {
	if x.Status == "" && (p == "" || owner == "") {
		return errors.New(x.Name + " is claimed, so somebody must answer for it")
	}
	return nil
}

func (f *fake) SayNowhere(context.Context, Profile) error { return nil }

// known notes an act on a post, which must have been heard.
func (f *fake) known(d Do, by social.MemberID, post string) error {
	f.acts[d]++
	if f.agreed[by] == nil {
		return fmt.Errorf("nobody is %q", by)
	}
	if !f.heard[post] {
		return fmt.Errorf("%q was not heard yet", post)
	}
	return nil
}

func (f *fake) Claim(_ context.Context, by social.MemberID, post string) error {
	return f.known(Claim, by, post)
}

func (f *fake) Assign(_ context.Context, by social.MemberID, post string, to social.MemberID) error {
	if f.agreed[to] == nil {
		return fmt.Errorf("nobody is %q", to)
	}
	return f.known(Assign, by, post)
}

func (f *fake) Note(_ context.Context, by social.MemberID, post, text string) error {
	return f.known(Note, by, post)
}

func (f *fake) Reply(ctx context.Context, by social.MemberID, post, text string, v social.Visibility) (string, error) {
	if err := f.known(Reply, by, post); err != nil {
		return "", err
	}
	for _, p := range f.required {
		if f.agreed[by][p] != f.policies[p] {
			return "", fmt.Errorf("%s has not acknowledged %s", by, p)
		}
	}
	site, _, _ := strings.Cut(post, "-")
	line := f.channels[practice.Site(site)]
	if !slices.Contains(line.Visibilities(), v) {
		v = line.Visibilities()[0]
	}
	most, _ := channel.Threads(line, v)
	parts := part.Split(text, max(1, most), func(s string) bool { return line.Fit(s + strings.Repeat("x", 20)).Fits })
	if len(parts) == 0 {
		return "", fmt.Errorf("too long: %s", text)
	}
	first := ""
	for i, text := range parts {
		r, err := line.Send(ctx, social.Reply{Key: fmt.Sprint(f.acts[Reply], "/", i), Parent: post, Text: text, Visibility: v})
		if err != nil {
			return "", err
		}
		f.heard[r.ExternalID] = true
		first = cmp.Or(first, r.ExternalID)
		f.parts = max(f.parts, i+1)
	}
	return first, nil
}

func (f *fake) Resolve(_ context.Context, by social.MemberID, posts ...string) error {
	f.acts[Resolve]++
	if len(posts) > 100 {
		return fmt.Errorf("%d posts at once", len(posts))
	}
	return nil
}

func (f *fake) Snooze(_ context.Context, by social.MemberID, post string, until time.Time) error {
	if !until.After(f.clock.Now()) {
		return fmt.Errorf("snoozed until the past")
	}
	return f.known(Snooze, by, post)
}

func (f *fake) Merge(_ context.Context, by social.MemberID, post, other string) error {
	if !f.heard[other] {
		return fmt.Errorf("%q was not heard yet", other)
	}
	return f.known(Merge, by, post)
}

func (f *fake) Know(_ context.Context, by social.MemberID, post, place, notes string) error {
	return f.known(Know, by, post)
}

func (f *fake) Click(_ context.Context, post string) (string, error) {
	f.clicks++
	return "click", nil
}

func (f *fake) Convert(_ context.Context, click, order string, cents int64) error {
	f.cents += cents
	return nil
}

func (f *fake) Say(_ context.Context, s Say, by, manager social.MemberID, p social.ProgrammeID) error {
	if s.Text == "" || f.agreed[by] == nil || f.agreed[manager] == nil || p == "" {
		return fmt.Errorf("nobody says %q: %q, %q, %q", s.Text, by, manager, p)
	}
	return nil
}

func (f *fake) TeachHive(context.Context, social.MemberID) error { return nil }
func (f *fake) OpenHive(context.Context, social.MemberID) error  { return nil }
func (f *fake) WorkHive(context.Context, social.MemberID) error  { return nil }

func (f *fake) LookAfter(context.Context, social.MemberID, string, string) error {
	f.acts[LookAfter]++
	return nil
}

func (f *fake) FalseAlarm(context.Context, social.MemberID, string, string) error {
	f.acts[FalseAlarm]++
	return nil
}
