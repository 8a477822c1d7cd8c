package main

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/engage/hive"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
)

// hiveEvery is how often the hive looks for what time has brought.
const hiveEvery = 2 * time.Second

// tickHive does all that is due in the hive.
func (h *house) tickHive(ctx context.Context) error {
	for ctx.Err() == nil {
		more, err := h.hive.Tick(ctx)
		if err != nil || !more {
			return err
		}
	}
	return ctx.Err()
}

// tellHive gives the hive the facts that it follows.
func (h *house) tellHive(ctx context.Context, facts []store.Fact) error {
	var in hive.Heard
	seen := map[social.ConversationID]bool{}
	for _, f := range facts {
		switch f := f.Fact.(type) {
		case social.Changed:
			for _, id := range f.Conversations {
				if !seen[id] {
					seen[id] = true
					in.Changed = append(in.Changed, id)
				}
			}
		case social.Answered:
			in.Answered = append(in.Answered, f)
		case social.Resolved:
			in.Resolved = append(in.Resolved, f)
		case social.Governed:
			in.Governed = true
		}
	}
	return h.hive.Hear(ctx, in)
}

// hiveReader lets the hive read conversations.
type hiveReader struct{ h *house }

// Talks reads conversations within the scope of ctx.
func (r hiveReader) Talks(ctx context.Context, ids []social.ConversationID) ([]engage.Conversation, error) {
	return r.h.talks.Rows(ctx, ids)
}

// saidLast is how many of their newest messages make the question.
const saidLast = 3

// Said reads what they said since our last answer, and its scores.
func (r hiveReader) Said(ctx context.Context, ids []social.ConversationID) (map[social.ConversationID]hive.Said, error) {
	out := make(map[social.ConversationID]hive.Said, len(ids))
	newest := map[social.ConversationID]social.ActivityID{}
	var acts []social.ActivityID
	for _, id := range ids {
		live, err := r.h.talks.Live(ctx, id, 20)
		if err != nil {
			return nil, err
		}
		var words []string
		for _, m := range live { // newest first
			if m.Kind == engage.FromUs && len(words) > 0 || len(words) == saidLast {
				break
			}
			if m.Kind != engage.FromThem {
				continue
			}
			if len(words) == 0 && m.Activity != "" {
				newest[id] = m.Activity
				acts = append(acts, m.Activity)
			}
			words = append([]string{strings.TrimSpace(m.Title + "\n" + m.Text)}, words...)
		}
		out[id] = hive.Said{Text: strings.Join(words, "\n\n")}
	}
	scores, err := r.h.scores.Scores(ctx, acts)
	if err != nil {
		return nil, err
	}
	for id, act := range newest {
		s := out[id]
		s.Scores = scores[act]
		out[id] = s
	}
	return out, nil
}

// Writing says when a member last wrote at a draft.
func (r hiveReader) Writing(ctx context.Context, m social.MemberID, id social.ConversationID) (time.Time, error) {
	d, err := r.h.talks.Draft(ctx, m, id)
	if social.NotFound.Is(err) {
		return time.Time{}, nil
	}
	return d.At, err
}

// hiveCrew lets the hive ask who may answer.
type hiveCrew struct{ h *house }

// Certified lists who may answer in a programme.
func (c hiveCrew) Certified(ctx context.Context, p social.ProgrammeID) ([]social.MemberRef, error) {
	return c.h.governdb.Certified(ctx, p)
}

// Names names members.
func (c hiveCrew) Names(ctx context.Context, ids []social.MemberID) (map[social.MemberID]string, error) {
	refs, err := c.h.governdb.Names(ctx, ids)
	out := make(map[social.MemberID]string, len(refs))
	for id, r := range refs {
		out[id] = r.Name
	}
	return out, err
}

// Programmes lists the programmes in the scope of ctx.
func (c hiveCrew) Programmes(ctx context.Context) ([]social.ProgrammeRef, error) {
	var out []social.ProgrammeRef
	for cursor := ""; ; {
		page, next, err := c.h.office.Programmes(ctx, cursor, 100)
		if err != nil {
			return nil, err
		}
		for _, p := range page {
			out = append(out, social.ProgrammeRef{ID: p.ID, Name: p.Name})
		}
		if cursor = next; next == "" {
			slices.SortFunc(out, func(a, b social.ProgrammeRef) int { return strings.Compare(a.Name, b.Name) })
			return out, nil
		}
	}
}

// hiveNotices tells members of offers by the bell.
type hiveNotices struct{ h *house }

func hiveKey(c social.ConversationID) string { return "hive:" + string(c) }

// Offered tells members that they are asked.
func (n hiveNotices) Offered(ctx context.Context, to []social.MemberID, c social.ConversationID, kind hive.OfferKind, by social.MemberID, about string) error {
	rows, err := n.h.talks.Rows(asParley(ctx), []social.ConversationID{c})
	if err != nil || len(rows) == 0 {
		return err
	}
	text := "You may know this: " + rows[0].Subject
	switch kind {
	case hive.ByCentre:
		text = "Nobody has answered this yet: " + rows[0].Subject
	case hive.ByAsking:
		names, err := n.h.governdb.Names(ctx, []social.MemberID{by})
		if err != nil {
			return err
		}
		text = names[by].Name + " asks you: " + about
	}
	key := hiveKey(c)
	if kind == hive.ByAsking {
		key += ":asked" // besides the offer that they may have
	}
	return n.h.office.Notify(ctx, social.Notice{Key: key, Kind: "offer", Text: text, Link: "/hive?q=" + string(c), Programme: rows[0].Programme, Members: to})
}

// Over takes back what was told of conversations.
func (n hiveNotices) Over(ctx context.Context, ids []social.ConversationID) error {
	var keys []string
	for _, c := range ids {
		keys = append(keys, hiveKey(c), hiveKey(c)+":asked")
	}
	return n.h.office.Unnotify(ctx, keys...)
}
