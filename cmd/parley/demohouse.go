package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/parley-crm/parley/channel/practice"
	"github.com/parley-crm/parley/cmd/parley/demo"
	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/engage/know"
	"github.com/parley-crm/parley/evolve"
	"github.com/parley-crm/parley/govern"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/listen/place"
	"github.com/parley-crm/parley/listen/presence"
	"github.com/parley-crm/parley/listen/warn"
	"github.com/parley-crm/parley/people"
	"github.com/parley-crm/parley/social"
)

// demoName is the setting that says that the example company is complete.
const demoName = "demo.complete"

// fillDemo fills an empty database with the example company, and tells how to
// sign in. Done again, it changes nothing.
func (c serveCmd) fillDemo(ctx context.Context, s *streams, log *slog.Logger) error {
	base := c.URL
	if base == "" {
		base = "http://" + c.Addr
	}
	now := clock.System{}.Now()
	set := clock.NewSet(now)
	h, err := build(ctx, plan{store: c.options(log), key: c.Key, base: strings.TrimRight(base, "/"),
		timing: engage.Timing{Undo: time.Millisecond}, clock: set, log: log})
	if err != nil {
		return err
	}
	defer h.db.Close()
	var complete bool
	begun, err := h.db.Setting(ctx, demoName, &complete)
	if err != nil {
		return err
	}
	if begun && !complete {
		return social.Errorf(social.Invalid, "The example company was interrupted while it was made. Remove the data folder and start again.")
	}
	if !begun {
		if err := h.fillEmpty(asParley(ctx), set, demo.Write(1, now), s); err != nil {
			return err
		}
	}
	first := demo.First()
	_, err = fmt.Fprintf(s.Out, "  Sign in as       %s\n  Password         %s\n", first.Email(), demo.Password)
	return err
}

// fillEmpty plays a script in a house that has nobody in it yet.
func (h *house) fillEmpty(ctx context.Context, set *clock.Set, script demo.Script, s *streams) error {
	if empty, err := h.office.NeedsSetup(ctx); err != nil {
		return err
	} else if !empty {
		return social.Errorf(social.Invalid, "The example company needs a data folder of its own, and this one holds something already. Choose another with --data.")
	}
	if err := h.db.SetSetting(ctx, demoName, false); err != nil {
		return err
	}
	fmt.Fprintln(s.Err, "parley: making the example company, ninety days of it. This takes a minute or two.")
	told := -1
	err := h.playDemo(ctx, set, script, func(done, of int, what string) {
		if part := done * 10 / of; part > told {
			told = part
			fmt.Fprintf(s.Err, "parley: %3d%%, %s\n", 10*part, what)
		}
	})
	if err != nil {
		return fmt.Errorf("the example company: %w", err)
	}
	return h.db.SetSetting(ctx, demoName, true)
}

// playDemo plays a script, seals the record of it and keeps the network.
func (h *house) playDemo(ctx context.Context, set *clock.Set, script demo.Script, progress func(done, of int, what string)) error {
	set.Move(script.From)
	s := &stage{house: h, set: set, actors: map[social.MemberID]social.Actor{}, channels: map[practice.Site]social.ChannelID{}, sheets: map[string]know.ArticleID{}}
	if err := demo.Play(ctx, s, script, progress); err != nil {
		return err
	}
	if err := s.teach(ctx, s.first); err != nil {
		return err
	}
	if err := s.arrange(ctx); err != nil {
		return err
	}
	if err := s.trade(ctx); err != nil {
		return err
	}
	if err := s.agree(ctx); err != nil {
		return err
	}
	if err := s.tidyDesk(ctx); err != nil {
		return err
	}
	if err := s.moderate(ctx); err != nil {
		return err
	}
	if err := s.Settle(ctx, 0); err != nil { // counts follow
		return err
	}
	if err := h.weaver.Weave(ctx); err != nil {
		return err
	}
	if err := s.sorting.WeaveAgain(ctx, func(context.Context) error { return nil }); err != nil {
		return err
	}
	if err := s.sortNow(ctx); err != nil {
		return err
	}
	if err := s.db.Drain(ctx, s.followers()...); err != nil { // nothing is left untold
		return err
	}
	if err := h.archive.Seal(ctx); err != nil {
		return err
	}
	return h.saveNetwork(ctx)
}

// stage is the house as the demo's script acts in it: the rooms' public
// methods, each called as the member who acts and within what that member may.
type stage struct {
	*house
	set      *clock.Set
	first    social.MemberID
	actors   map[social.MemberID]social.Actor
	channels map[practice.Site]social.ChannelID
	sheets   map[string]know.ArticleID // the first article of each name
	visited  time.Time                 // up to when visitors came to the help page
	answered int                       // replies so far
	sortedAt time.Time                 // when segments were kept up last
	asked    *asked                    // how well we helped; nil before
}

// Clock is the clock of the whole house.
func (s *stage) Clock() *clock.Set { return s.set }

// Network is where the people of the script speak.
func (s *stage) Network() *practice.Network { return s.network }

// Settle hears, understands, sends and confirms all that is due.
func (s *stage) Settle(ctx context.Context, reading time.Duration) error {
	for _, c := range s.station.ChannelsSeen(ctx) {
		if c.Kind != "practice" { // it is told by itself
			continue
		}
		if err := s.station.PollNow(ctx, c.ID); err != nil {
			return err
		}
	}
	if err := s.visits(ctx); err != nil {
		return err
	}
	s.set.Add(reading)
	if err := s.sortDaily(ctx); err != nil {
		return err
	}
	if err := s.db.Drain(ctx, s.followers()...); err != nil {
		return err
	}
	if err := s.watch.Look(ctx); err != nil {
		return err
	}
	if err := s.tickHive(ctx); err != nil {
		return err
	}
	if _, err := s.files.Work(ctx); err != nil {
		return err
	}
	if err := s.surveys.Tick(ctx); err != nil {
		return err
	}
	if err := s.give(ctx); err != nil {
		return err
	}
	_, err := s.desk.Post(ctx)
	return err
}

// as is ctx for a member who uses a permission.
func (s *stage) as(ctx context.Context, m social.MemberID, p social.Permission) (context.Context, error) {
	a, ok := s.actors[m]
	if !ok {
		member, err := s.office.Member(ctx, m)
		if err != nil {
			return ctx, err
		}
		a = member.Actor()
		s.actors[m] = a
	}
	scope, ok := govern.Scope(a, p)
	if !ok {
		return ctx, social.Errorf(social.Forbidden, "%s lacks %s.", a.Name, p)
	}
	return social.WithScope(social.WithActor(ctx, a), scope), nil
}

// SetBrand names the company.
func (s *stage) SetBrand(ctx context.Context, b demo.Brand) error {
	ctx, err := s.as(ctx, s.first, social.SystemWrite)
	if err == nil {
		_, err = s.office.SetBrand(ctx, govern.Brand{Name: b.Name, Terms: b.Terms, Handles: b.Handles})
	}
	if err == nil {
		err = s.readNames(ctx)
	}
	return err
}

// AddMember makes the first member administrator, and lets the others in by
// an invitation.
func (s *stage) AddMember(ctx context.Context, m demo.Member, grants []social.Grant) (social.MemberID, error) {
	if s.first == "" {
		admin, err := s.office.AddAdmin(ctx, m.Email(), m.Name, demo.Password)
		s.first = admin.ID
		return admin.ID, err
	}
	host, err := s.as(ctx, s.first, social.MemberWrite)
	if err != nil {
		return "", err
	}
	added, token, _, err := s.office.Invite(host, m.Email(), m.Name, m.Role, grants)
	if err != nil || m.Away {
		return added.ID, err
	}
	if _, err = s.office.Enter(ctx, token, "", "", demo.Password, govern.From{Agent: "Brewell"}); err != nil {
		return "", err
	}
	return added.ID, s.office.EndSessions(host, added.ID) // nobody sits at that browser
}

// AddProgramme begins a programme. The one that the first administrator found
// here becomes the first of the script.
func (s *stage) AddProgramme(ctx context.Context, p demo.Programme, lead social.MemberID) (social.ProgrammeID, error) {
	ctx, err := s.as(ctx, s.first, social.GovernWrite)
	if err != nil {
		return "", err
	}
	page, _, err := s.office.Programmes(ctx, "", 10)
	if err != nil {
		return "", err
	}
	var g govern.Programme
	if i := slices.IndexFunc(page, func(g govern.Programme) bool { return g.Name == "Customer care" }); i >= 0 {
		g, err = s.office.ChangeProgramme(ctx, page[i].ID, govern.ProgrammeChange{Name: &p.Name, Mission: &p.Mission, Sponsor: &p.Sponsor, Lead: &lead, Maturity: &p.Maturity})
	} else {
		g, err = s.office.AddProgramme(ctx, govern.Programme{Name: p.Name, Mission: p.Mission, Sponsor: p.Sponsor, Lead: lead, Maturity: p.Maturity})
	}
	if err == nil {
		err = s.beginHive(ctx, p.Name, g.ID)
	}
	return g.ID, err
}

// Enrol puts a member into a programme.
func (s *stage) Enrol(ctx context.Context, p social.ProgrammeID, m social.MemberID, r social.Role) error {
	ctx, err := s.as(ctx, s.first, social.GovernWrite)
	if err == nil {
		err = s.office.Enrol(ctx, p, m, r)
	}
	delete(s.actors, m)
	return err
}

// Grow sets how mature a programme is.
func (s *stage) Grow(ctx context.Context, p social.ProgrammeID, maturity int) error {
	ctx, err := s.as(ctx, s.first, social.GovernWrite)
	if err == nil {
		_, err = s.office.ChangeProgramme(ctx, p, govern.ProgrammeChange{Maturity: &maturity})
	}
	return err
}

// AddPolicy puts a policy into force. One of that name that is there already
// gets the wording instead.
func (s *stage) AddPolicy(ctx context.Context, by social.MemberID, p demo.Policy, programme social.ProgrammeID) (social.PolicyID, error) {
	ctx, err := s.as(ctx, by, social.GovernWrite)
	if err != nil {
		return "", err
	}
	page, _, err := s.office.Policies(ctx, "", 100)
	if err != nil {
		return "", err
	}
	v := p.Versions[0]
	if i := slices.IndexFunc(page, func(x govern.Policy) bool { return x.Name == p.Name }); i >= 0 {
		x, err := s.office.Revise(ctx, page[i].ID, v.Body, v.Summary)
		return x.ID, err
	}
	x, err := s.office.AddPolicy(ctx, govern.Policy{Name: p.Name, Programme: programme, Required: p.Required}, v.Body, v.Summary)
	return x.ID, err
}

// Revise gives a policy a new wording.
func (s *stage) Revise(ctx context.Context, by social.MemberID, p social.PolicyID, v demo.Version) error {
	ctx, err := s.as(ctx, by, social.GovernWrite)
	if err == nil {
		_, err = s.office.Revise(ctx, p, v.Body, v.Summary)
	}
	return err
}

// Acknowledge agrees to a policy as it is in force.
func (s *stage) Acknowledge(ctx context.Context, by social.MemberID, p social.PolicyID) error {
	ctx, err := s.as(ctx, by, social.SignedIn)
	if err != nil {
		return err
	}
	x, err := s.office.Policy(ctx, p)
	if err == nil {
		_, err = s.office.Acknowledge(ctx, p, x.Version)
	}
	return err
}

// AddChannel connects a site of the practice network.
func (s *stage) AddChannel(ctx context.Context, c demo.Channel, p social.ProgrammeID) error {
	ctx, err := s.as(ctx, s.first, social.ChannelWrite)
	if err != nil {
		return err
	}
	made, err := s.station.AddChannel(ctx, listen.Draft{Kind: "practice", Name: c.Name, Programme: p,
		Settings: map[string]string{"site": string(c.Site), "handle": c.Handle, "signature": c.Signature}})
	s.channels[c.Site] = made.ID
	return err
}

// AddMonitor begins to listen for something, and looks through the past.
func (s *stage) AddMonitor(ctx context.Context, by social.MemberID, m demo.Monitor, p social.ProgrammeID) error {
	ctx, err := s.as(ctx, by, social.ListenWrite)
	if err != nil {
		return err
	}
	if _, err := s.station.AddMonitor(ctx, listen.MonitorDraft{Name: m.Name, Query: m.Query, Programme: p, Kind: listen.MonitorKind(m.Kind), Inbox: m.Inbox}); err != nil {
		return err
	}
	for {
		if more, err := s.station.WorkPast(asParley(ctx)); err != nil || !more {
			return err
		}
	}
}

// AddBranch adds a shop, which the review site knows by its own id.
func (s *stage) AddBranch(ctx context.Context, b demo.Branch, p social.ProgrammeID) error {
	ctx, err := s.as(ctx, s.first, social.ListenWrite)
	if err != nil {
		return err
	}
	_, err = s.places.Add(ctx, place.Branch{Code: b.Code, Name: b.Name, Street: b.Street, City: b.City, Postcode: b.Postcode, Region: b.Region, Country: b.Country,
		Phone: b.Phone, Lat: b.Lat, Lon: b.Lon, Programme: p, Refs: []place.Ref{{Network: "practice", Value: b.Location()}}})
	if err != nil {
		return err
	}
	for {
		if more, err := s.places.WorkPast(asParley(ctx)); err != nil || !more {
			return err
		}
	}
}

// AddProfile puts a profile into the register of presence.
func (s *stage) AddProfile(ctx context.Context, x demo.Profile, p social.ProgrammeID, owner social.MemberID) error {
	ctx, err := s.as(ctx, s.first, social.ListenWrite)
	if err == nil {
		_, err = s.profiles.Add(ctx, presence.Profile{Kind: presence.Kind(x.Kind), Network: x.Network, Name: x.Name, Handle: x.Handle, URL: x.URL, Region: x.Region,
			Status: presence.Status(x.Status), Programme: p, Owner: owner, Sponsor: x.Sponsor, Purpose: x.Purpose, Done: x.Done})
	}
	return err
}

// SayNowhere keeps that there is nothing of a kind in a region.
func (s *stage) SayNowhere(ctx context.Context, x demo.Profile) error {
	ctx, err := s.as(ctx, s.first, social.ListenWrite)
	if err == nil {
		err = s.profiles.Say(ctx, presence.Kind(x.Kind), x.Region, presence.No, x.Purpose)
	}
	return err
}

// errUnheard means that a post is in no conversation.
var errUnheard = social.Errorf(social.NotFound, "This post is in no conversation.")

// message finds what a post on the network is here.
func (s *stage) message(ctx context.Context, post string) (engage.Message, error) {
	site, _, _ := strings.Cut(post, "-")
	return s.talks.External(asParley(ctx), s.channels[practice.Site(site)], post)
}

// talk finds the conversation of a post, and takes it into the inbox if need be.
func (s *stage) talk(ctx context.Context, post string) (social.ConversationID, error) {
	m, err := s.message(ctx, post)
	if err == nil || !social.NotFound.Is(err) {
		return m.Conversation, err
	}
	site, _, _ := strings.Cut(post, "-")
	heard, err := s.heard.Stored(ctx, s.channels[practice.Site(site)], []string{post})
	if err != nil {
		return "", err
	}
	if heard[post].ID == "" {
		return "", errUnheard
	}
	return s.desk.Take(ctx, heard[post].ID)
}

// at lets a member do something with the conversation of a post.
func (s *stage) at(ctx context.Context, by social.MemberID, post string, do func(context.Context, social.ConversationID) error) error {
	ctx, err := s.as(ctx, by, social.InboxWork)
	if err != nil {
		return err
	}
	c, err := s.talk(ctx, post)
	if err != nil {
		return err
	}
	return do(ctx, c)
}

// LookAfter acknowledges the newest alert of a monitor.
func (s *stage) LookAfter(ctx context.Context, by social.MemberID, monitor, note string) error {
	return s.onAlert(ctx, by, monitor, func(ctx context.Context, id social.AlertID) error {
		_, err := s.watch.Acknowledge(ctx, id, note)
		return err
	})
}

// FalseAlarm calls the newest alert of a monitor a false alarm.
func (s *stage) FalseAlarm(ctx context.Context, by social.MemberID, monitor, note string) error {
	return s.onAlert(ctx, by, monitor, func(ctx context.Context, id social.AlertID) error {
		_, err := s.watch.FalseAlarm(ctx, id, note)
		return err
	})
}

func (s *stage) onAlert(ctx context.Context, by social.MemberID, monitor string, act func(context.Context, social.AlertID) error) error {
	ctx, err := s.as(ctx, by, social.InboxWork)
	if err != nil {
		return err
	}
	alerts, err := s.heard.Alerts(asParley(ctx), warn.Query{States: []warn.State{warn.Open}, Limit: 20})
	if err != nil {
		return err
	}
	for _, a := range alerts {
		if s.station.MonitorName(a.Subject.Monitor) == monitor {
			return act(ctx, a.ID)
		}
	}
	return nil
}

// Claim takes a conversation, unless a colleague has it.
func (s *stage) Claim(ctx context.Context, by social.MemberID, post string) error {
	err := s.at(ctx, by, post, s.desk.Claim)
	if social.Conflict.Is(err) {
		return nil
	}
	return err
}

// Assign gives a conversation to somebody.
func (s *stage) Assign(ctx context.Context, by social.MemberID, post string, to social.MemberID) error {
	return s.at(ctx, by, post, func(ctx context.Context, c social.ConversationID) error { return s.desk.Assign(ctx, c, to) })
}

// Note writes a note among colleagues.
func (s *stage) Note(ctx context.Context, by social.MemberID, post, text string) error {
	return s.at(ctx, by, post, func(ctx context.Context, c social.ConversationID) error {
		_, err := s.desk.Note(ctx, c, engage.Remark{Key: id.At(s.set.Now()), Text: text})
		return err
	})
}

// Reply answers a conversation, and all who got what is answered. What is too
// long goes in parts.
func (s *stage) Reply(ctx context.Context, by social.MemberID, post, text string, v social.Visibility) (string, error) {
	ctx, err := s.as(ctx, by, social.InboxReply)
	if err != nil {
		return "", err
	}
	c, err := s.talk(ctx, post)
	if err != nil {
		return "", err
	}
	if err := s.take(ctx, c); err != nil {
		return "", err
	}
	all, err := s.desk.Recipients(ctx, c, "")
	if err != nil {
		return "", err
	}
	m, err := s.desk.Reply(ctx, c, engage.Words{Key: id.At(s.set.Now()), Text: text, Visibility: v, Copies: all.Others, Parted: true})
	if err != nil {
		return "", err
	}
	s.set.Add(time.Millisecond) // the time to undo
	if _, err := s.desk.Post(ctx); err != nil {
		return "", err
	}
	m, err = s.talks.Message(asParley(ctx), m.ID)
	if err == nil && m.ExternalID == "" {
		err = errors.New("an answer did not leave the house")
	}
	if err == nil {
		err = s.lookedUp(ctx, by, c)
	}
	return m.ExternalID, err
}

// Resolve closes the conversations of posts that have one.
func (s *stage) Resolve(ctx context.Context, by social.MemberID, posts ...string) error {
	ctx, err := s.as(ctx, by, social.InboxWork)
	if err != nil {
		return err
	}
	var ids []social.ConversationID
	for _, p := range posts {
		m, err := s.message(ctx, p)
		if social.NotFound.Is(err) {
			continue
		}
		if err != nil {
			return err
		}
		ids = append(ids, m.Conversation)
	}
	if len(ids) == 0 {
		return nil
	}
	if err := s.keepGood(ctx, by, ids); err != nil {
		return err
	}
	_, err = s.desk.Do(ctx, ids, engage.Deed{Act: engage.ActResolve})
	return err
}

// Snooze puts a conversation away for a while.
func (s *stage) Snooze(ctx context.Context, by social.MemberID, post string, until time.Time) error {
	return s.at(ctx, by, post, func(ctx context.Context, c social.ConversationID) error { return s.desk.Snooze(ctx, c, until) })
}

// person is who wrote a post.
func (s *stage) person(ctx context.Context, post string) (social.PersonID, error) {
	site, _, _ := strings.Cut(post, "-")
	heard, err := s.heard.Stored(ctx, s.channels[practice.Site(site)], []string{post})
	if err != nil {
		return "", err
	}
	who := heard[post].Author.ID()
	found, err := s.persons.Persons(asParley(ctx), []social.IdentityID{who})
	return found[who], err
}

// Merge finds that the authors of two posts are one person.
func (s *stage) Merge(ctx context.Context, by social.MemberID, post, other string) error {
	ctx, err := s.as(ctx, by, social.PeopleWrite)
	if err != nil {
		return err
	}
	survivor, err := s.person(ctx, post)
	if err != nil {
		return err
	}
	absorbed, err := s.person(ctx, other)
	if err != nil {
		return err
	}
	_, err = s.book.Join(ctx, survivor, absorbed)
	return err
}

// Know writes down what is known of whoever wrote a post.
func (s *stage) Know(ctx context.Context, by social.MemberID, post, place, notes string) error {
	ctx, err := s.as(ctx, by, social.PeopleWrite)
	if err != nil {
		return err
	}
	who, err := s.person(ctx, post)
	if err == nil {
		_, err = s.book.Edit(ctx, who, people.Change{Place: &place, Notes: &notes})
	}
	return err
}

// Click follows the first tracked link of a post of ours, as a browser does.
func (s *stage) Click(ctx context.Context, post string) (string, error) {
	m, err := s.message(ctx, post)
	if err != nil {
		return "", err
	}
	_, rest, ok := strings.Cut(m.Text, s.ledger.Base+"/l/")
	if !ok || s.ledger.Base == "" {
		return "", nil
	}
	code, _, _ := strings.Cut(rest, " ")
	code, _, _ = strings.Cut(code, "\n")
	target, err := s.ledger.Follow(ctx, evolve.Visit{Code: code, Agent: "Mozilla/5.0", Referrer: m.URL})
	if err != nil {
		return "", err
	}
	u, err := url.Parse(target)
	if err != nil {
		return "", err
	}
	return u.Query().Get("parley_click"), nil
}

// Convert reports an order of the shop.
func (s *stage) Convert(ctx context.Context, click, order string, cents int64) error {
	ctx, err := s.as(ctx, s.first, social.OutcomeWrite)
	if err == nil {
		_, err = s.ledger.Convert(ctx, evolve.Report{ExternalID: order, Kind: "sale", Click: click, Value: evolve.Money{Minor: cents, Currency: "USD"}})
	}
	return err
}
