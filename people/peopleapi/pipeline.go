package peopleapi

import (
	"context"

	"github.com/parley-crm/parley/people/deal"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

// Pipeline is a way with its stages, in order.
type Pipeline struct {
	ID       deal.PipelineID `json:"id"`
	Name     string          `json:"name"`
	Stages   []Stage         `json:"stages"`
	Reasons  []string        `json:"reasons" doc:"Why something is lost, to choose from."`
	Archived bool            `json:"archived"`
}

// Stage is a step on the way to an order.
type Stage struct {
	ID          deal.StageID `json:"id,omitempty" maxLength:"64"`
	Name        string       `json:"name" maxLength:"100"`
	Kind        deal.State   `json:"kind" enum:"open,won,lost"`
	Probability int          `json:"probability" doc:"Percent that somebody believes in."`
}

func pipelineShape(p deal.Pipeline) Pipeline {
	out := Pipeline{ID: p.ID, Name: p.Name, Reasons: p.Reasons, Archived: p.Archived, Stages: make([]Stage, len(p.Stages))}
	if out.Reasons == nil {
		out.Reasons = []string{}
	}
	for i, s := range p.Stages {
		out.Stages[i] = Stage{s.ID, s.Name, s.Kind, s.Probability}
	}
	return out
}

// Pipelines lists all.
type Pipelines struct {
	Items []Pipeline `json:"items"`
}

func (a *dealAPI) pipelines(ctx context.Context, _ *struct{}) (*server.Body[Pipelines], error) {
	all, err := a.books.Store.Pipelines(ctx)
	out := Pipelines{Items: make([]Pipeline, len(all))}
	for i, p := range all {
		out.Items[i] = pipelineShape(p)
	}
	return &server.Body[Pipelines]{Body: out}, err
}

// PipelineWritten is a pipeline as it is written.
type PipelineWritten struct {
	Name     string   `json:"name" maxLength:"200"`
	Stages   []Stage  `json:"stages" maxItems:"40"`
	Reasons  []string `json:"reasons,omitempty" maxItems:"80"`
	Archived bool     `json:"archived,omitempty"`
}

func (w PipelineWritten) pipeline(id deal.PipelineID) deal.Pipeline {
	p := deal.Pipeline{ID: id, Name: w.Name, Reasons: w.Reasons, Archived: w.Archived, Stages: make([]deal.Stage, len(w.Stages))}
	for i, s := range w.Stages {
		p.Stages[i] = deal.Stage{ID: s.ID, Name: s.Name, Kind: s.Kind, Probability: s.Probability}
	}
	return p
}

func (a *dealAPI) addPipeline(ctx context.Context, in *struct{ Body PipelineWritten }) (*server.Body[Pipeline], error) {
	p, err := a.books.KeepPipeline(ctx, in.Body.pipeline(""))
	return &server.Body[Pipeline]{Body: pipelineShape(p)}, err
}

func (a *dealAPI) editPipeline(ctx context.Context, in *struct {
	ID   deal.PipelineID `path:"id" maxLength:"64"`
	Body PipelineWritten
}) (*server.Body[Pipeline], error) {
	p, err := a.books.KeepPipeline(ctx, in.Body.pipeline(in.ID))
	return &server.Body[Pipeline]{Body: pipelineShape(p)}, err
}

// Forecast is what a pipeline adds up to.
type Forecast struct {
	Stages []StageTotal  `json:"stages"`
	Months []MonthTotal  `json:"months" doc:"What is open, by the month in which it should close, in order; those without a day come last."`
	Ends   []StageEnding `json:"ends" doc:"How those ended that once stood in a stage."`
}

// StageTotal is what stands in a stage in one currency.
type StageTotal struct {
	Stage    deal.StageID `json:"stage"`
	Currency string       `json:"currency" doc:"Empty for those without an amount."`
	N        int          `json:"n"`
	Amount   int64        `json:"amount"`
}

// MonthTotal is what should close in a month.
type MonthTotal struct {
	Month    string `json:"month" doc:"2027-03; empty without a day."`
	Currency string `json:"currency"`
	N        int    `json:"n"`
	Amount   int64  `json:"amount"`
	Weighted int64  `json:"weighted" doc:"Each amount times the probability of its stage: what somebody believes, not what happened."`
}

// StageEnding is how those ended that once stood in a stage.
type StageEnding struct {
	Stage deal.StageID `json:"stage"`
	Won   int          `json:"won"`
	Lost  int          `json:"lost"`
}

func (a *dealAPI) totals(ctx context.Context, in *struct {
	ID deal.PipelineID `path:"id" maxLength:"64"`
}) (*server.Body[Forecast], error) {
	all, err := a.books.Store.Pipelines(ctx)
	if err != nil {
		return nil, err
	}
	for _, p := range all {
		if p.ID == in.ID {
			totals, ends, err := a.books.Totals(ctx, p)
			return &server.Body[Forecast]{Body: forecast(p, totals, ends)}, err
		}
	}
	return nil, social.Errorf(social.NotFound, "There is no such pipeline.")
}

func forecast(p deal.Pipeline, totals []deal.Total, ends []deal.Outcome) Forecast {
	out := Forecast{Stages: []StageTotal{}, Months: []MonthTotal{}, Ends: []StageEnding{}}
	for _, t := range deal.ByStage(totals) {
		out.Stages = append(out.Stages, StageTotal{t.Stage, t.Currency, t.N, t.Amount})
	}
	for _, m := range deal.ByMonth(p, totals) {
		out.Months = append(out.Months, MonthTotal{m.Month, m.Currency, m.N, m.Amount, m.Weighted})
	}
	for _, e := range ends {
		out.Ends = append(out.Ends, StageEnding(e))
	}
	return out
}
