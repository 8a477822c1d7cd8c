package engagedb

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/social"
)

// Seed fills an empty store with n conversations for benchmarks, the same for
// the same seed: of four programmes and two channels, one in fifty-one open,
// as many waiting, the rest resolved, with one to four messages each. It writes
// no facts and no record.
func Seed(ctx context.Context, d *DB, n int, until time.Time, seed uint64) error {
	r := rand.New(rand.NewPCG(seed, 7))
	const run = 1000
	for from := 0; from < n; from += run {
		err := d.InTx(ctx, func(ctx context.Context) error {
			var b engage.Batch
			for i := from; i < min(n, from+run); i++ {
				at := until.Add(-time.Duration(n-i) * 7 * time.Second)
				seedOne(&b, r, i, at)
			}
			if err := d.Save(ctx, b); err != nil {
				return err
			}
			return d.Count(ctx, b.Conversations)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func seedOne(b *engage.Batch, r *rand.Rand, i int, at time.Time) {
	who := social.Author{Scheme: "acct", Value: fmt.Sprintf("user%d@example.org", i%90_000), Handle: fmt.Sprintf("user%d", i%90_000), Name: fmt.Sprintf("User %d", i%90_000)}
	text := fmt.Sprintf("%s %s %s since %s, order %d", seedWords[r.IntN(len(seedWords))], seedWords[r.IntN(len(seedWords))],
		seedWords[r.IntN(len(seedWords))], at.Weekday(), r.IntN(1e6))
	c := &engage.Conversation{
		ID: social.ConversationID(id.At(at)), Channel: social.ChannelID(fmt.Sprintf("bench-%d", i%2)), Thread: fmt.Sprintf("t%d", i),
		Visibility: social.Public, Programme: social.ProgrammeID(fmt.Sprintf("bench-%d", i%4)), Identity: who.ID(), Author: who,
		Subject: text, Preview: text, PreviewBy: engage.ByThem, PreviewAt: at, Lang: "en", State: engage.Resolved, Turn: engage.Settled,
		Messages: 1 + r.IntN(4), Parent: fmt.Sprintf("t%d", i), ParentAt: at, LastAt: at, BeganAt: at, AskedAt: at, HeardAt: at, CreatedAt: at, Version: 1,
	}
	switch i % 51 {
	case 0:
		c.State, c.Turn, c.WaitingSince = engage.Open, engage.Ours, at
	case 1:
		c.State, c.Turn, c.AnsweredTo = engage.Waiting, engage.Theirs, at
	default:
		c.ResolvedAt, c.AnsweredTo = at.Add(time.Hour), at
	}
	if i%3 == 0 {
		c.Assignee = social.MemberID(fmt.Sprintf("bench-%d", i%8))
	}
	b.Conversations = append(b.Conversations, c)
	for k := range c.Messages {
		b.New = append(b.New, &engage.Message{
			ID: social.MessageID(id.At(at)), Conversation: c.ID, Kind: engage.FromThem, Visibility: social.Public, Channel: c.Channel,
			ExternalID: fmt.Sprintf("t%d.%d", i, k), Identity: c.Identity, Author: who, Text: text, Lang: "en", Asks: true,
			At: at.Add(time.Duration(k) * time.Second),
		})
	}
}

var seedWords = []string{"kettle", "lid", "cable", "leaks", "broken", "refund", "thanks", "delivery", "late", "warranty", "noise", "colour", "where", "when", "again", "praise"}
