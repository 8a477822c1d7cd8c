package main

import (
	"context"
	"time"

	"github.com/parley-crm/parley/cmd/parley/past"
	"github.com/parley-crm/parley/govern/relay"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
)

// atOnce is how many facts of the hot path are told at once. Each speaks of up
// to 500 activities, and a transaction that is too long holds up the others.
const atOnce = 4

// followers is the one table of who is told what. The facts arrive in order,
// in the transaction that moves the follower's place.
func (h *house) followers() []store.Follower {
	return []store.Follower{
		{Name: "people.meet", Facts: []string{"heard"}, Batch: atOnce, Tell: ids(h.sorting.Meet)},
		{Name: "analyze.read", Facts: []string{"heard"}, Batch: atOnce, Tell: ids(h.reader.Read)},
		{Name: "listen.words", Facts: []string{"heard"}, Batch: atOnce, Tell: ids(h.station.Index)},
		{Name: "analyze.bonds", Facts: []string{"heard", "shared"}, Batch: atOnce, Tell: h.takeBonds},
		{Name: "listen.terms", Facts: []string{"heard"}, Batch: atOnce, Tell: ids(h.station.CountTerms)},
		{Name: "listen.scores", Facts: []string{"understood"}, Batch: atOnce, Tell: ids(h.takeScores)},
		{Name: "listen.places", Facts: []string{"heard", "understood"}, Batch: atOnce, Tell: ids(h.places.Hear)},
		{Name: "listen.settle", Facts: []string{"monitor_saved"}, Tell: h.settleAlerts},
		{Name: "listen.letters", Facts: []string{"alerted"}, Tell: h.tellLetters},
		{Name: "listen.answered", Facts: []string{"answered"}, Tell: h.placeAnswers},
		{Name: "engage.inbox", Facts: []string{"understood"}, Batch: atOnce, Tell: ids(h.desk.Hear)},
		{Name: "engage.files", Facts: []string{"fetched"}, Batch: 64, Tell: ids(h.desk.Fetched)},
		{Name: "know.uses", Facts: []string{"resolved"}, Tell: h.countResolved},
		{Name: "engage.reports", Facts: []string{"reported"}, Batch: 16, Tell: h.takeReports},
		{Name: "engage.hive", Facts: []string{"changed", "answered", "resolved", "governed"}, Batch: 32, Tell: h.tellHive},
		{Name: "engage.survey", Facts: []string{"resolved"}, Batch: 32, Tell: h.tellSurveys},
		{Name: "people.wishes", Facts: []string{"wished"}, Tell: h.takeWishes},
		{Name: "people.segments", Facts: []string{"understood", "changed", "answered", "resolved", "delivery", "clicked", "converted", "dealt", "brought", "governed"}, Batch: 16, Tell: h.sorting.Mark},
		{Name: "people.outlooks", Facts: []string{"dealt"}, Batch: 16, Tell: past.Told(h.seer)},
		{Name: "govern.relay", Facts: relay.Facts, Batch: 64, Tell: h.tellOthers},
		{Name: "evolve.orders", Facts: []string{"bought", "returned"}, Tell: h.creditOrders},
		{Name: "evolve.sums", Facts: []string{"opened", "answered"}, Tell: func(ctx context.Context, facts []store.Fact) error {
			told := make([]social.Fact, len(facts))
			for i, f := range facts {
				told[i] = f.Fact
			}
			return h.ledger.Hear(ctx, told)
		}},
	}
}

// ids gathers the activities of a run of facts and hands them on in one go.
func ids(take func(context.Context, []social.ActivityID) error) func(context.Context, []store.Fact) error {
	return func(ctx context.Context, facts []store.Fact) error {
		var all []social.ActivityID
		had := map[social.ActivityID]bool{}
		for _, f := range facts {
			var some []social.ActivityID
			switch f := f.Fact.(type) {
			case social.Heard:
				some = f.Activities
			case social.Understood:
				some = f.Activities
			case social.Fetched:
				some = f.Activities
			}
			for _, id := range some {
				if !had[id] {
					had[id] = true
					all = append(all, id)
				}
			}
		}
		if len(all) == 0 {
			return nil
		}
		return take(asParley(ctx), all)
	}
}

// takeReports gives the desk what channels told of our messages.
func (h *house) takeReports(ctx context.Context, facts []store.Fact) error {
	for _, f := range facts {
		if r, ok := f.Fact.(social.Reported); ok {
			if err := h.desk.Reported(asParley(ctx), r.Channel, r.Reports); err != nil {
				return err
			}
		}
	}
	return nil
}

// takeBonds keeps who turned to whom: what was heard, then what was shared of it.
func (h *house) takeBonds(ctx context.Context, facts []store.Fact) error {
	if err := ids(h.binder.Hear)(ctx, facts); err != nil {
		return err
	}
	for _, f := range facts {
		if s, ok := f.Fact.(social.Shared); ok {
			if err := h.binder.Share(asParley(ctx), s.Channel, s.Shares); err != nil {
				return err
			}
		}
	}
	return nil
}

// placeAnswers tells places what our desk answered.
func (h *house) placeAnswers(ctx context.Context, facts []store.Fact) error {
	for _, f := range facts {
		a, ok := f.Fact.(social.Answered)
		if !ok {
			continue
		}
		channel, parent, err := h.talks.ParentOf(ctx, a.Message)
		if err != nil {
			return err
		}
		if parent == "" {
			continue
		}
		if err := h.places.Answered(asParley(ctx), channel, parent, a.At); err != nil {
			return err
		}
	}
	return nil
}

// settleAlerts closes the alerts of monitors that were paused or removed.
func (h *house) settleAlerts(ctx context.Context, facts []store.Fact) error {
	var monitors []social.MonitorID
	for _, f := range facts {
		if m, ok := f.Fact.(social.MonitorSaved); ok && m.Monitor != "" {
			monitors = append(monitors, m.Monitor)
		}
	}
	return h.watch.Settle(asParley(ctx), monitors)
}

// watchEvery is how often what was heard is weighed: an alert comes within
// seconds of the posts.
const watchEvery = 5 * time.Second

// takeScores gives listening the scores that its filters and counts need, and
// lets it be weighed for an alert.
func (h *house) takeScores(ctx context.Context, ids []social.ActivityID) error {
	scores, err := h.scores.Scores(ctx, ids)
	if err != nil {
		return err
	}
	if err := h.station.Understood(ctx, scores); err != nil {
		return err
	}
	mentions, err := h.station.Mentions(ctx, ids)
	if err != nil {
		return err
	}
	h.db.After(ctx, func() {
		h.watch.Touch(asParley(context.WithoutCancel(ctx)), mentions)
		if h.deepener != nil {
			h.deepener.Note(ids)
		}
	})
	return nil
}
