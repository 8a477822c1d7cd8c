// Package past tells whoever foresees what every room keeps of persons with
// its time. It belongs to the front door: only there rooms meet.
package past

import (
	"context"
	"log/slog"
	"time"

	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/engage/engagedb"
	"github.com/parley-crm/parley/engage/surveydb"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/listen/listendb"
	"github.com/parley-crm/parley/people"
	"github.com/parley-crm/parley/people/card"
	"github.com/parley-crm/parley/people/foresee"
	"github.com/parley-crm/parley/people/foreseedb"
	"github.com/parley-crm/parley/people/peopleapi"
	"github.com/parley-crm/parley/people/segment"
	"github.com/parley-crm/parley/people/segmentdb"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
)

// Rooms is everybody who keeps something of persons.
type Rooms struct {
	DB    *store.DB
	Heard *listendb.DB
	Talks *engagedb.DB
	Clock clock.Clock
	Log   *slog.Logger
	// Reads narrows ctx to the letters that the actor may read; false: none.
	Reads func(ctx context.Context) (context.Context, bool)
}

// Open makes whoever foresees.
func (r *Rooms) Open(book *people.Book, changed func(context.Context, ...social.PersonID) error) *foresee.Seer {
	kept := foreseedb.New(r.DB)
	return &foresee.Seer{Store: kept, Crowd: segmentdb.New(r.DB), People: book, Changed: changed, Clock: r.Clock, Log: r.Log,
		Sources: []foresee.Source{kept, foresee.SourceFunc(r.said), foresee.SourceFunc(r.turns), foresee.SourceFunc(r.graded)}}
}

// Register adds the operations.
func (r *Rooms) Register(s *server.Server, seer *foresee.Seer, cards *card.Box) {
	peopleapi.RegisterOutlooks(s, seer, cards, r)
}

// Told lets whoever foresees look again at persons who were joined, taken
// apart, or written down something of.
func Told(seer *foresee.Seer) func(ctx context.Context, facts []store.Fact) error {
	return func(ctx context.Context, facts []store.Fact) error {
		var who []social.PersonID
		for _, f := range facts {
			if d, ok := f.Fact.(social.Dealt); ok && d.Object == "person" {
				who = append(who, social.PersonID(d.ID))
			}
		}
		return seer.Refresh(ctx, who...)
	}
}

func (r *Rooms) said(ctx context.Context, who []segment.Who, since time.Time, of func(social.PersonID) *foresee.Past) error {
	ids, whose := segment.Accounts(who)
	rows, err := r.Heard.Uttered(ctx, ids, since)
	for _, x := range rows {
		p := of(whose[x.Identity])
		p.Said = append(p.Said, foresee.Said{At: x.At, Channel: x.Channel, Public: x.Public, Feeling: x.Feeling, Complaint: x.Complaint})
	}
	return err
}

func (r *Rooms) turns(ctx context.Context, who []segment.Who, since time.Time, of func(social.PersonID) *foresee.Past) error {
	ids, whose := segment.Accounts(who)
	rows, err := r.Talks.Turns(ctx, ids, since)
	for _, x := range rows {
		p := of(whose[x.Identity])
		p.Messages = append(p.Messages, foresee.Message{At: x.At, Talk: x.Conversation, Ours: x.Ours, Asks: x.Asks})
	}
	return err
}

func (r *Rooms) graded(ctx context.Context, who []segment.Who, since time.Time, of func(social.PersonID) *foresee.Past) error {
	ids, whose := segment.Accounts(who)
	rows, err := surveydb.New(r.DB).Graded(ctx, ids, since)
	for _, x := range rows {
		p := of(whose[x.Identity])
		p.Answers = append(p.Answers, foresee.Answer{At: x.At, Score: x.Score})
	}
	return err
}

// mostTalks is how many conversations of somebody are looked at for what is to be done.
const mostTalks = 50

// Talked implements peopleapi.OutlookAround.
func (r *Rooms) Talked(ctx context.Context, who []social.IdentityID) ([]foresee.Talk, error) {
	ctx, ok := r.Reads(ctx)
	if !ok || len(who) == 0 {
		return nil, nil
	}
	rows, err := r.Talks.Of(ctx, who, mostTalks)
	if err != nil {
		return nil, err
	}
	out := make([]foresee.Talk, len(rows))
	for i, c := range rows {
		out[i] = foresee.Talk{ID: c.ID, Last: c.LastAt}
		if c.State == engage.Open || c.State == engage.Waiting {
			out[i].Waiting = c.WaitingSince
		}
	}
	return out, nil
}
