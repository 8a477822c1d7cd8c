package deal

import (
	"context"
	"slices"
	"time"

	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/social"
)

// State is how an opportunity stands.
type State string

// The states; each stage has one.
const (
	Open State = "open"
	Won  State = "won"
	Lost State = "lost"
)

// Stage is a step on the way to an order.
type Stage struct {
	ID          StageID
	Pipeline    PipelineID
	Name        string
	Kind        State
	Probability int // percent that somebody believes in
	Position    int
}

// Pipeline is a way with its stages, in order.
type Pipeline struct {
	ID       PipelineID
	Name     string
	Position int
	Reasons  []string // why something is lost, to choose from
	Archived bool
	Stages   []Stage
	Created  time.Time
}

// Stage finds a stage.
func (p Pipeline) Stage(which StageID) (Stage, bool) {
	i := slices.IndexFunc(p.Stages, func(s Stage) bool { return s.ID == which })
	if i < 0 {
		return Stage{}, false
	}
	return p.Stages[i], true
}

// first is the pipeline that a house begins with.
func first() Pipeline {
	p := Pipeline{ID: "sales", Name: "Sales", Reasons: []string{"Price", "Timing", "Chose another", "No answer", "Not a fit"}}
	for i, s := range []Stage{{ID: "sales-new", Name: "New", Kind: Open, Probability: 10}, {ID: "sales-qualified", Name: "Qualified", Kind: Open, Probability: 25},
		{ID: "sales-offer", Name: "Offer sent", Kind: Open, Probability: 50}, {ID: "sales-talks", Name: "Negotiation", Kind: Open, Probability: 75},
		{ID: "sales-won", Name: "Won", Kind: Won, Probability: 100}, {ID: "sales-lost", Name: "Lost", Kind: Lost}} {
		s.Pipeline, s.Position = p.ID, i
		p.Stages = append(p.Stages, s)
	}
	return p
}

// Open gives a house that has no pipeline its first.
func (b *Books) Open(ctx context.Context) error {
	return b.Store.InTx(ctx, func(ctx context.Context) error {
		if err := b.Store.Lock(ctx); err != nil {
			return err
		}
		if err := b.Store.Recount(ctx); err != nil {
			return err
		}
		all, err := b.Store.Pipelines(ctx)
		if err != nil || len(all) > 0 {
			return err
		}
		p := first()
		p.Created = b.now()
		return b.Store.SavePipeline(ctx, p, nil)
	})
}

// KeepPipeline adds a pipeline (without an id) or changes one: its name,
// reasons and stages, which stand in the order given. A stage without an id is
// new; one that is missing goes, unless something stands in it.
func (b *Books) KeepPipeline(ctx context.Context, p Pipeline) (Pipeline, error) {
	if err := everywhere(ctx, "Pipelines"); err != nil {
		return p, err
	}
	err := b.Store.InTx(ctx, func(ctx context.Context) error {
		if err := b.Store.Lock(ctx); err != nil {
			return err
		}
		all, err := b.Store.Pipelines(ctx)
		if err != nil {
			return err
		}
		var was Pipeline
		verb := "update"
		if p.ID == "" {
			verb = "create"
			p.ID, p.Created, p.Position = PipelineID(id.At(b.now())), b.now(), len(all)
		} else {
			i := slices.IndexFunc(all, func(x Pipeline) bool { return x.ID == p.ID })
			if i < 0 {
				return social.Errorf(social.NotFound, "There is no such pipeline.")
			}
			was = all[i]
			p.Created, p.Position = was.Created, was.Position
		}
		if err := b.checkPipeline(&p, was); err != nil {
			return err
		}
		var gone []StageID
		for _, s := range was.Stages {
			if now, ok := p.Stage(s.ID); !ok || now.Kind != s.Kind {
				n, err := b.Store.Standing(ctx, s.ID)
				if err != nil {
					return err
				}
				if n > 0 {
					return &social.Error{Kind: social.Conflict, Field: "stages", Text: "Opportunities stand in " + s.Name + "; move them first."}
				}
				if !ok {
					gone = append(gone, s.ID)
				}
			}
		}
		if p.Archived && !was.Archived {
			for _, s := range p.Stages {
				if n, err := b.Store.Standing(ctx, s.ID); err != nil || n > 0 && s.Kind == Open {
					if err == nil {
						err = &social.Error{Kind: social.Conflict, Field: "archived", Text: "Something is open in " + s.Name + "; close or move it first."}
					}
					return err
				}
			}
		}
		if err := b.Store.SavePipeline(ctx, p, gone); err != nil {
			return err
		}
		return b.told(ctx, verb, "pipeline", string(p.ID), map[string]any{"name": p.Name, "stages": len(p.Stages)})
	})
	return p, err
}

func (b *Books) checkPipeline(p *Pipeline, was Pipeline) error {
	if err := tidy("name", &p.Name, 1, 60); err != nil {
		return err
	}
	if len(p.Stages) > 20 || len(p.Reasons) > 40 {
		return invalid("stages", "A pipeline has at most 20 stages and 40 reasons.")
	}
	for i := range p.Reasons {
		if err := tidy("reasons", &p.Reasons[i], 1, 100); err != nil {
			return err
		}
	}
	kinds := map[State]int{}
	names := map[string]bool{}
	for i := range p.Stages {
		s := &p.Stages[i]
		if err := tidy("stages", &s.Name, 1, 40); err != nil {
			return err
		}
		switch s.Kind {
		case Open:
			if s.Probability < 0 || s.Probability > 100 {
				return invalid("stages", "A probability is a percentage from 0 to 100.")
			}
		case Won:
			s.Probability = 100
		case Lost:
			s.Probability = 0
		default:
			return invalid("stages", "A stage is open, won or lost.")
		}
		if names[s.Name] {
			return invalid("stages", "Two stages are called %s.", s.Name)
		}
		kinds[s.Kind]++
		names[s.Name] = true
		if s.ID == "" {
			s.ID = StageID(id.At(b.now()))
		} else if _, ok := was.Stage(s.ID); !ok {
			return invalid("stages", "A stage of another pipeline can't stand here.")
		}
		s.Pipeline, s.Position = p.ID, i
	}
	if kinds[Open] == 0 || kinds[Won] == 0 || kinds[Lost] == 0 {
		return invalid("stages", "A pipeline needs an open stage, one for what is won and one for what is lost.")
	}
	return nil
}

// Total is what stands in a stage in one currency, of one month.
type Total struct {
	Stage    StageID
	Currency string // "" for those without an amount
	Month    string // of the day on which they should close, "2027-03"; "" without a day
	N        int
	Amount   int64
}

// Outcome is how those ended that once stood in a stage.
type Outcome struct {
	Stage     StageID
	Won, Lost int
}

// Totals adds up the stages of a pipeline, out of the rollup, within the scope.
func (b *Books) Totals(ctx context.Context, p Pipeline) ([]Total, []Outcome, error) {
	stages := make([]StageID, len(p.Stages))
	for i, s := range p.Stages {
		stages[i] = s.ID
	}
	totals, err := b.Store.Totals(ctx, stages)
	if err != nil {
		return nil, nil, err
	}
	outcomes, err := b.Store.Outcomes(ctx, stages)
	return totals, outcomes, err
}
