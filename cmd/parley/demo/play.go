package demo

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/parley-crm/parley/social"
)

// Play lets the script happen in a house whose clock stands at its beginning
// or before. It tells how many acts are done, of how many, and what day it is.
func Play(ctx context.Context, h House, s Script, progress func(done, of int, what string)) error {
	p := &player{House: h, script: s, posts: map[string]string{}, members: map[string]social.MemberID{},
		programmes: map[string]social.ProgrammeID{}, policies: map[string]social.PolicyID{}, fresh: map[string]bool{}}
	p.move(s.From)
	h.Network().Lively(false) // people say what the script says, and nothing else
	h.Network().Join(s.People...)
	if err := p.found(ctx); err != nil {
		return fmt.Errorf("founding the company: %w", err)
	}
	for i, a := range s.Acts {
		if err := ctx.Err(); err != nil {
			return err
		}
		if progress != nil && i%50 == 0 {
			progress(i, len(s.Acts), a.At.Format("2 January"))
		}
		if err := p.act(ctx, a); err != nil {
			return fmt.Errorf("act %d, %s at %s by %s: %w", i, a.Do, a.At.Format(time.DateTime), a.By, err)
		}
	}
	p.move(s.To)
	if err := p.settle(ctx); err != nil {
		return err
	}
	if err := p.settle(ctx); err != nil { // hears the last of our own words
		return err
	}
	h.Network().Lively(true)
	if progress != nil {
		progress(len(s.Acts), len(s.Acts), "ready")
	}
	return nil
}

// player plays a script.
type player struct {
	House
	script     Script
	posts      map[string]string // ids on the network, by key
	members    map[string]social.MemberID
	programmes map[string]social.ProgrammeID
	policies   map[string]social.PolicyID
	fresh      map[string]bool // keys of what the house has not heard yet
	settled    time.Time
	orders     int
}

// move moves the clock on, never back.
func (p *player) move(t time.Time) {
	if t.After(p.Clock().Now()) {
		p.Clock().Move(t)
	}
}

// reading is how long the house takes to read what it has heard. In a day
// that is still very young there is less time for everything.
func (p *player) reading() time.Duration {
	return min(3*time.Second, p.script.To.Sub(p.script.Crisis)/2500)
}

func (p *player) settle(ctx context.Context) error {
	clear(p.fresh)
	err := p.Settle(ctx, p.reading())
	p.settled = p.Clock().Now()
	return err
}

// often is how long the house may go without listening.
func (p *player) often(at time.Time) time.Duration {
	if at.Before(p.script.To.Add(-hiveWeek)) {
		return 4 * time.Hour
	}
	if at.Before(p.script.Crisis.Add(-time.Minute)) {
		return 20 * time.Minute
	}
	return max(5*time.Second, p.script.To.Sub(p.script.Crisis)/60)
}

// found sets the company up, as it was ninety days ago.
func (p *player) found(ctx context.Context) error {
	s := p.script
	for _, m := range s.Members {
		if m.Role != social.NoRole {
			if err := p.hire(ctx, m, nil); err != nil {
				return err
			}
		}
		if len(p.members) == 1 {
			if err := p.SetBrand(ctx, s.Brand); err != nil {
				return err
			}
		}
	}
	for _, g := range s.Programmes {
		id, err := p.AddProgramme(ctx, g, p.members[g.Lead])
		if err != nil {
			return err
		}
		p.programmes[g.Name] = id
	}
	for _, m := range s.Members {
		var grants []social.Grant
		for _, name := range m.Programmes {
			grants = append(grants, social.Grant{Programme: p.programmes[name], Role: p.roleIn(name, m)})
		}
		if m.Role == social.NoRole {
			if err := p.hire(ctx, m, grants); err != nil {
				return err
			}
			continue
		}
		for _, g := range grants {
			if err := p.Enrol(ctx, g.Programme, p.members[m.Key], g.Role); err != nil {
				return err
			}
		}
	}
	if err := p.Promise(ctx); err != nil {
		return err
	}
	if err := p.open(ctx); err != nil {
		return err
	}
	return p.write(ctx)
}

func (p *player) hire(ctx context.Context, m Member, grants []social.Grant) error {
	id, err := p.AddMember(ctx, m, grants)
	p.members[m.Key] = id
	return err
}

func (p *player) roleIn(programme string, m Member) social.Role {
	i := slices.IndexFunc(p.script.Programmes, func(g Programme) bool { return g.Name == programme })
	if p.script.Programmes[i].Lead == m.Key {
		return social.Manager
	}
	return social.Responder
}

// open puts policies into force and begins to listen.
func (p *player) open(ctx context.Context) error {
	s := p.script
	first := p.members[s.Members[0].Key]
	for _, x := range s.Policies {
		id, err := p.AddPolicy(ctx, first, x, p.programmes[x.Programme])
		if err != nil {
			return err
		}
		p.policies[x.Name] = id
	}
	for _, c := range s.Channels {
		if err := p.AddChannel(ctx, c, p.programmes[c.Programme]); err != nil {
			return err
		}
	}
	for _, b := range s.Branches {
		if err := p.AddBranch(ctx, b, p.programmes[b.Programme]); err != nil {
			return err
		}
	}
	for _, x := range s.Profiles {
		if err := p.AddProfile(ctx, x, p.programmes[x.Programme], p.members[x.Owner]); err != nil {
			return err
		}
	}
	for _, x := range s.Nowhere {
		if err := p.SayNowhere(ctx, x); err != nil {
			return err
		}
	}
	for _, m := range s.Monitors {
		if err := p.AddMonitor(ctx, first, m, p.programmes[m.Programme]); err != nil {
			return err
		}
	}
	return nil
}

// act lets one act happen.
func (p *player) act(ctx context.Context, a Act) error {
	if p.fresh[a.Of] && !a.speaks() || a.At.Sub(p.settled) > p.often(a.At) && len(p.fresh) > 0 {
		if err := p.settle(ctx); err != nil {
			return err
		}
	}
	p.move(a.At)
	if a.speaks() {
		return p.speak(a)
	}
	return p.work(ctx, a)
}

// speaks reports whether the act happens on the network.
func (a Act) speaks() bool {
	return a.Spoken() || a.Do == Edit || a.Do == Delete || a.Do == Share || a.Do == Unshare
}

func (p *player) speak(a Act) error {
	n := p.Network()
	var id string
	var err error
	switch a.Do {
	case Post:
		id, err = n.Post(a.By, a.Said)
	case Direct:
		id, err = n.Direct(a.By, a.Said)
	case Answer:
		id, err = n.Reply(a.By, p.posts[a.Of], a.Said)
	case Quote:
		id, err = n.Quote(a.By, p.posts[a.Of], a.Said)
	case Share:
		_, err := n.Share(a.By, p.posts[a.Of])
		return err
	case Unshare:
		return n.Unshare(a.By, p.posts[a.Of])
	case Edit:
		return n.Edit(p.posts[a.Of], a.Said.Text)
	case Delete:
		return n.Delete(p.posts[a.Of])
	}
	p.posts[a.Key] = id
	p.fresh[a.Key] = true
	return err
}

func (p *player) work(ctx context.Context, a Act) error {
	by, post := p.members[a.By], p.posts[a.Of]
	switch a.Do {
	case Claim:
		return p.Claim(ctx, by, post)
	case Assign:
		return p.Assign(ctx, by, post, p.members[a.To])
	case Note:
		return p.Note(ctx, by, post, a.Said.Text)
	case Reply:
		id, err := p.Reply(ctx, by, post, a.Said.Text, a.Seen)
		p.posts[a.Key] = id
		return err
	case Resolve:
		posts := []string{post}
		for _, key := range a.Of100 {
			posts = append(posts, p.posts[key])
		}
		return p.Resolve(ctx, by, posts...)
	case Snooze:
		return p.Snooze(ctx, by, post, a.Until)
	case Merge:
		return p.Merge(ctx, by, post, p.posts[a.To])
	case LookAfter:
		return p.LookAfter(ctx, by, a.Of, a.Said.Text)
	case FalseAlarm:
		return p.FalseAlarm(ctx, by, a.Of, a.Said.Text)
	case Know:
		return p.Know(ctx, by, post, a.To, a.Said.Text)
	}
	return p.manage(ctx, by, post, a)
}

func (p *player) manage(ctx context.Context, by social.MemberID, post string, a Act) error {
	switch a.Do {
	case TeachHive:
		return p.TeachHive(ctx, by)
	case OpenHive:
		return p.OpenHive(ctx, by)
	case Speak:
		x := Saying(a.Level)
		return p.Say(ctx, x, by, p.members[speaker], p.programmes[x.In])
	case WorkHive:
		return p.WorkHive(ctx, by)
	case Click:
		_, err := p.Click(ctx, post)
		return err
	case Convert:
		click, err := p.Click(ctx, post)
		if err != nil || click == "" {
			return err
		}
		p.orders++
		return p.Convert(ctx, click, fmt.Sprintf("BW-%05d", 40_000+p.orders), a.Value)
	case Listen:
		return p.AddMonitor(ctx, by, a.Listen, p.programmes[a.Listen.Programme])
	case Grow:
		return p.Grow(ctx, p.programmes[a.Of], a.Level)
	case Acknowledge:
		return p.Acknowledge(ctx, by, p.policies[a.Of])
	case Revise:
		i := slices.IndexFunc(p.script.Policies, func(x Policy) bool { return x.Name == a.Of })
		return p.Revise(ctx, by, p.policies[a.Of], p.script.Policies[i].Versions[a.Level-1])
	}
	return fmt.Errorf("nobody knows how to %s", a.Do)
}
