package main

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/engage/engageapi"
	"github.com/parley-crm/parley/evolve"
	"github.com/parley-crm/parley/evolve/evolveapi"
	"github.com/parley-crm/parley/govern"
	"github.com/parley-crm/parley/people/peopleapi"
	"github.com/parley-crm/parley/social"
)

// around answers the questions that rooms have about each other. Each room
// declares what it asks; this is the only place that knows who can answer.
type around struct{ h *house }

// Channels names channels.
func (a around) Channels(_ context.Context, ids []social.ChannelID) (map[social.ChannelID]social.ChannelRef, error) {
	out := make(map[social.ChannelID]social.ChannelRef, len(ids))
	for _, id := range ids {
		if ref, ok := a.h.station.Ref(id); ok {
			out[id] = ref
		}
	}
	return out, nil
}

// seen lists the channels that the actor may see, nil for all.
func (a around) seen(ctx context.Context) []social.ChannelID {
	if social.ScopeOf(ctx).All {
		return nil
	}
	out := []social.ChannelID{}
	for _, c := range a.h.station.ChannelsSeen(ctx) {
		out = append(out, c.ID)
	}
	return out
}

// Tallies counts what accounts said.
func (a around) Tallies(ctx context.Context, ids []social.IdentityID) (map[social.IdentityID]peopleapi.Tally, error) {
	spoken, err := a.h.heard.Spoken(ctx, ids, a.seen(ctx))
	if err != nil {
		return nil, err
	}
	talks, err := a.h.talks.CountsOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[social.IdentityID]peopleapi.Tally, len(ids))
	for _, id := range ids {
		out[id] = peopleapi.Tally{Activities: spoken[id].Activities, Mood: spoken[id].Mood, Conversations: talks[id]}
	}
	return out, nil
}

// Feeling tells how accounts sounded, month by month.
func (a around) Feeling(ctx context.Context, ids []social.IdentityID, since time.Time) ([]peopleapi.Month, error) {
	felt, err := a.h.heard.Felt(ctx, ids, a.seen(ctx), since)
	out := make([]peopleapi.Month, len(felt))
	for i, f := range felt {
		out[i] = peopleapi.Month(f)
	}
	return out, err
}

// HeardDays gives what was heard by day and channel.
func (a around) HeardDays(ctx context.Context, from, to time.Time) ([]evolve.Heard, error) {
	days, err := a.h.station.Days(ctx, from, to)
	out := make([]evolve.Heard, len(days))
	for i, d := range days {
		out[i] = evolve.Heard{Day: d.Day, Channel: d.Channel, Heard: int64(d.Heard), Directed: int64(d.Directed), Matched: int64(d.Matched),
			Negative: int64(d.Negative), Neutral: int64(d.Neutral), Positive: int64(d.Positive)}
	}
	return out, err
}

// Busiest lists the monitors that matched most since a time, with their share
// of all that was about us. The monitor for the brand's own name is left out:
// that people speak about us is no news.
func (a around) Busiest(ctx context.Context, since time.Time, limit int) ([]evolveapi.Busy, error) {
	now := a.h.clock.Now()
	heard, err := a.HeardDays(ctx, since, now)
	if err != nil {
		return nil, err
	}
	var about int64
	for _, h := range heard {
		about += h.Directed + h.Matched
	}
	brand, err := a.h.office.Brand(ctx)
	if err != nil {
		return nil, err
	}
	var subjects []string
	names := map[string]string{}
	for _, m := range a.h.station.MonitorsSeen(ctx) {
		if m.Query == brandQuery(brand) {
			continue
		}
		subjects = append(subjects, string(m.ID))
		names[string(m.ID)] = m.Name
	}
	tallies, err := a.h.heard.Tallies(ctx, subjects, since, now)
	if err != nil {
		return nil, err
	}
	counts := map[string]int64{}
	for _, t := range tallies {
		counts[t.Subject] += int64(t.Count)
	}
	var out []evolveapi.Busy
	for id, n := range counts {
		b := evolveapi.Busy{ID: social.MonitorID(id), Name: names[id], Count: n}
		if about > 0 {
			b.Share = min(1, float64(n)/float64(about))
		}
		out = append(out, b)
	}
	slices.SortFunc(out, func(x, y evolveapi.Busy) int { return int(y.Count - x.Count) })
	return out[:min(limit, len(out))], nil
}

// ReadDelay is the median time from arrival to score of what was heard last.
func (a around) ReadDelay(ctx context.Context) (float64, bool, error) {
	newest, err := a.h.heard.Newest(ctx, 200)
	if err != nil || len(newest) == 0 {
		return 0, false, err
	}
	ids := make([]social.ActivityID, 0, len(newest))
	for id := range newest {
		ids = append(ids, id)
	}
	scored, err := a.h.scores.ScoredAt(ctx, ids)
	if err != nil || len(scored) == 0 {
		return 0, false, err
	}
	var waits []time.Duration
	for id, at := range scored {
		waits = append(waits, max(0, at.Sub(newest[id])))
	}
	slices.Sort(waits)
	return waits[len(waits)/2].Seconds(), true, nil
}

// Members names members.
func (a around) Members(ctx context.Context, ids []social.MemberID) (map[social.MemberID]social.MemberRef, error) {
	return a.h.governdb.Names(ctx, ids)
}

// Names gives subject and author of conversations in scope.
func (a around) Names(ctx context.Context, ids []social.ConversationID) (map[social.ConversationID]evolveapi.Name, error) {
	rows, err := a.h.talks.Rows(ctx, ids)
	out := make(map[social.ConversationID]evolveapi.Name, len(rows))
	for _, c := range rows {
		out[c.ID] = evolveapi.Name{Subject: c.Subject, Author: c.Author.Label()}
	}
	return out, err
}

// Waiting lists the conversations that wait longest for us.
func (a around) Waiting(ctx context.Context, limit int) ([]evolveapi.Waiting, error) {
	ctx, ok := a.reaching(ctx, social.InboxRead)
	if !ok {
		return nil, nil
	}
	page, err := a.h.desk.List(ctx, engage.Query{View: engage.ViewOpen, Longest: true, Limit: limit})
	if err != nil {
		return nil, err
	}
	out := []evolveapi.Waiting{}
	for _, c := range page.Rows {
		if c.WaitingSince.IsZero() {
			continue
		}
		ref, _ := a.h.station.Ref(c.Channel)
		words := c.Preview
		if c.PreviewBy != engage.ByThem {
			words = c.Subject // a note of ours stands last; show what they asked
		}
		out = append(out, evolveapi.Waiting{ID: c.ID, Subject: c.Subject, Preview: words, Visibility: c.Visibility,
			Channel:   ref,
			Author:    evolveapi.WaitingAuthor{Identity: c.Author.ID(), Name: c.Author.Label(), Handle: c.Author.Handle, Avatar: c.Author.Avatar, Followers: c.Author.Followers},
			Sentiment: c.Sentiment, WaitingSince: c.WaitingSince})
	}
	return out, nil
}

// Programmes names programmes.
func (a around) Programmes(ctx context.Context, ids []social.ProgrammeID) (map[social.ProgrammeID]social.ProgrammeRef, error) {
	return a.h.governdb.ProgrammeNames(ctx, ids)
}

// Persons says who is behind identities.
func (a around) Persons(ctx context.Context, ids []social.IdentityID) (map[social.IdentityID]social.PersonID, error) {
	return a.h.persons.Persons(ctx, ids)
}

// Kin lists all accounts of the person behind one.
func (a around) Kin(ctx context.Context, id social.IdentityID) ([]social.IdentityID, error) {
	persons, err := a.h.persons.Persons(ctx, []social.IdentityID{id})
	if err != nil || persons[id] == "" {
		return []social.IdentityID{id}, err
	}
	p, err := a.h.persons.Person(ctx, persons[id])
	if social.NotFound.Is(err) {
		return []social.IdentityID{id}, nil
	}
	out := []social.IdentityID{id}
	for _, x := range p.Identities {
		if x.ID != id {
			out = append(out, x.ID)
		}
	}
	return out, err
}

// MonitorNames names monitors.
func (a around) MonitorNames(_ context.Context, ids []social.MonitorID) (map[social.MonitorID]string, error) {
	out := make(map[social.MonitorID]string, len(ids))
	for _, id := range ids {
		out[id] = a.h.station.MonitorName(id)
	}
	return out, nil
}

// CreditsOf lists what a conversation's links brought.
func (a around) CreditsOf(ctx context.Context, id social.ConversationID) ([]engageapi.Credit, error) {
	moments, err := a.h.outcomes.Credits(ctx, id)
	out := make([]engageapi.Credit, len(moments))
	for i, m := range moments {
		out[i] = engageapi.Credit{Kind: m.Kind, At: m.At, Link: m.Link}
		if m.Value.Currency != "" {
			out[i].Value, out[i].Currency = float64(m.Value.Minor)/100, m.Value.Currency
		}
	}
	return out, err
}

// heardAround answers listening, which asks some things its own way.
type heardAround struct{ around }

// Scores returns what analysis says.
func (a heardAround) Scores(ctx context.Context, ids []social.ActivityID) (map[social.ActivityID]social.Scores, error) {
	return a.h.scores.Scores(ctx, ids)
}

// Conversations says in which conversation activities stand.
func (a heardAround) Conversations(ctx context.Context, ids []social.ActivityID) (map[social.ActivityID]social.ConversationID, error) {
	ctx, ok := a.reaching(ctx, social.InboxRead)
	if !ok {
		return nil, nil
	}
	return a.h.desk.Holding(ctx, ids)
}

// Programmes names programmes.
func (a heardAround) Programmes(ctx context.Context, ids []social.ProgrammeID) (map[social.ProgrammeID]string, error) {
	refs, err := a.h.governdb.ProgrammeNames(ctx, ids)
	out := make(map[social.ProgrammeID]string, len(refs))
	for id, r := range refs {
		out[id] = r.Name
	}
	return out, err
}

// reaching changes the scope of ctx to that of another permission.
func (a around) reaching(ctx context.Context, p social.Permission) (context.Context, bool) {
	actor, ok := social.ActorOf(ctx)
	if !ok {
		return ctx, false
	}
	scope, ok := govern.Scope(actor, p)
	return social.WithScope(ctx, scope), ok
}

// gate lets engage ask whether somebody may speak for the brand.
type gate struct{ h *house }

// Clear asks govern's gate.
func (g gate) Clear(ctx context.Context, a engage.Ask) (engage.Verdict, error) {
	v, err := g.h.gate.Clear(ctx, govern.Ask{Actor: social.Actor{Member: a.Member, Token: a.Token}, Programme: a.Programme, Channel: a.Channel})
	if err != nil {
		return engage.Verdict{}, err
	}
	out := engage.Verdict{Clear: v.Clear, Why: v.Why, Fix: v.Fix}
	for _, m := range v.Missing {
		out.Missing = append(out.Missing, engage.Missing(m))
	}
	return out, nil
}

// links lets engage make links tracked ones.
type links struct{ h *house }

// Track asks evolve; what it needs to know of the conversation is read in the
// same transaction.
func (l links) Track(ctx context.Context, c social.ConversationID, m social.MessageID, text string) (string, error) {
	rows, err := l.h.talks.Rows(asParley(ctx), []social.ConversationID{c})
	if err != nil || len(rows) == 0 {
		return text, err
	}
	o := evolve.Origin{Conversation: c, Message: m, Channel: rows[0].Channel, Programme: rows[0].Programme, Identity: rows[0].Author.ID()}
	if info, ok := l.h.station.ChannelInfo(o.Channel); ok {
		o.ChannelKind = info.Kind
	}
	return l.h.ledger.Track(ctx, o, text)
}

// ProgrammesCalled finds programmes by name.
func (a heardAround) ProgrammesCalled(ctx context.Context) (map[string]social.ProgrammeID, error) {
	out := map[string]social.ProgrammeID{}
	for cursor := ""; ; {
		page, next, err := a.h.office.Programmes(ctx, cursor, 100)
		if err != nil {
			return nil, err
		}
		for _, p := range page {
			out[strings.ToLower(strings.Join(strings.Fields(p.Name), " "))] = p.ID
		}
		if cursor = next; next == "" {
			return out, nil
		}
	}
}
