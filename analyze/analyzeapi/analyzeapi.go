// Package analyzeapi serves corrections of scores, and what is learned from
// them, and who talks to whom, over HTTP.
package analyzeapi

import (
	"context"
	"net/http"
	"time"

	"github.com/parley-crm/parley/analyze"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

type api struct {
	corrector *analyze.Corrector
	tuner     *analyze.Tuner
}

// Register adds the room's operations.
func Register(s *server.Server, corrector *analyze.Corrector, tuner *analyze.Tuner) {
	a := &api{corrector, tuner}
	op := func(id, method, path string, p social.Permission, summary string) server.Op {
		return server.Op{ID: id, Method: method, Path: path, Tag: "Analyze", Permission: p, Summary: summary}
	}
	const get, post, del = http.MethodGet, http.MethodPost, http.MethodDelete
	server.Register(s, op("get-scores", get, "/api/activities/{id}/scores", social.ListenRead, "All that is said of one text, and whether it can be corrected."), a.scores)
	server.Register(s, op("correct-score", post, "/api/activities/{id}/corrections", social.ScoreCorrect,
		"Say what a text means instead of the model. No later reading changes it; the same again changes nothing."), a.correct)
	server.Register(s, op("undo-correction", del, "/api/activities/{id}/corrections/{part}", social.ScoreCorrect,
		"Take a correction back; the text is read again."), a.undo)
	server.Register(s, op("list-corrections", get, "/api/corrections", social.ModelTrain, "What people corrected, newest first."), a.corrections)
	server.Register(s, op("list-tunings", get, "/api/tunings", social.ModelTrain, "Rounds of learning from corrections, newest first, with how many corrections wait to be learned from."), a.tunings)
	server.Register(s, op("start-tuning", post, "/api/tunings", social.ModelTrain, "Let models learn from the corrections, behind the scenes; while that is under way, the same round."), a.start)
	server.Register(s, op("use-tuning", post, "/api/tunings/{id}/use", social.ModelTrain, "Score what is heard from now on with what was learned in a round."), a.use)
	server.Register(s, op("leave-tuning", post, "/api/tunings/leave", social.ModelTrain, "Go back to the models that Parley comes with."), a.leave)
}

// Scores is what is said of a text.
type Scores struct {
	Lang      string          `json:"lang"`
	Sentiment *social.Label   `json:"sentiment,omitempty"`
	Emotions  []social.Label  `json:"emotions,omitempty"`
	Emotion   *social.Label   `json:"emotion,omitempty" doc:"The emotion that stands out, if one does."`
	Intents   []social.Label  `json:"intents"`
	Toxicity  *social.Label   `json:"toxicity,omitempty"`
	Topics    []social.Label  `json:"topics"`
	Entities  []social.Entity `json:"entities"`
	Model     string          `json:"model"`
	Corrected []string        `json:"corrected" doc:"The parts that a person said instead of a model."`
}

func shape(s social.Scores) Scores {
	return Scores{Lang: s.Lang, Sentiment: s.Sentiment, Emotions: s.Emotions, Emotion: s.Emotion(), Intents: some(s.Intents), Toxicity: s.Toxicity,
		Topics: some(s.Topics), Entities: some(s.Entities), Model: s.Model, Corrected: some(s.Corrected)}
}

func some[T any](v []T) []T {
	if v == nil {
		return []T{}
	}
	return v
}

func (a *api) scores(ctx context.Context, in *struct {
	ID social.ActivityID `path:"id" maxLength:"64"`
}) (*server.Body[Scores], error) {
	s, err := a.corrector.Look(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &server.Body[Scores]{Body: shape(s)}, nil
}

type correctIn struct {
	ID   social.ActivityID `path:"id" maxLength:"64"`
	Body struct {
		Part   string   `json:"part" enum:"sentiment,emotions,intents,toxicity"`
		Labels []string `json:"labels" maxItems:"10" doc:"Of sentiment and toxicity exactly one, of emotions at most one, of intents any."`
	}
}

func (a *api) correct(ctx context.Context, in *correctIn) (*server.Body[Scores], error) {
	s, err := a.corrector.Correct(ctx, in.ID, analyze.Part(in.Body.Part), in.Body.Labels)
	if err != nil {
		return nil, err
	}
	return &server.Body[Scores]{Body: shape(s)}, nil
}

func (a *api) undo(ctx context.Context, in *struct {
	ID   social.ActivityID `path:"id" maxLength:"64"`
	Part string            `path:"part" maxLength:"20"`
}) (*server.Body[Scores], error) {
	s, err := a.corrector.Undo(ctx, in.ID, analyze.Part(in.Part))
	if err != nil {
		return nil, err
	}
	return &server.Body[Scores]{Body: shape(s)}, nil
}

// Correction is what a person said of a text.
type Correction struct {
	ID       string            `json:"id"`
	Activity social.ActivityID `json:"activity"`
	Part     string            `json:"part"`
	Was      []string          `json:"was"`
	Labels   []string          `json:"labels"`
	By       string            `json:"by"`
	At       time.Time         `json:"at"`
	UndoneAt *time.Time        `json:"undone_at,omitempty"`
}

func (a *api) corrections(ctx context.Context, in *struct{ server.Paging }) (*server.Body[server.Page[Correction]], error) {
	all, next, err := a.corrector.Store.Corrections(ctx, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	rows := make([]Correction, len(all))
	for i, c := range all {
		rows[i] = Correction{ID: c.ID, Activity: c.Activity, Part: string(c.Part), Was: some(c.Was), Labels: some(c.Labels), By: c.Name, At: c.At, UndoneAt: server.When(c.Undone)}
	}
	return &server.Body[server.Page[Correction]]{Body: server.NewPage(rows, next)}, nil
}

// Tuning is a round of learning.
type Tuning struct {
	ID      string     `json:"id"`
	Number  int64      `json:"number"`
	State   string     `json:"state" enum:"waiting,ready,failed,used"`
	By      string     `json:"by"`
	At      time.Time  `json:"at"`
	DoneAt  *time.Time `json:"done_at,omitempty"`
	UsedAt  *time.Time `json:"used_at,omitempty"`
	Problem string     `json:"problem,omitempty"`
	Figures []Figure   `json:"figures"`
}

// Figure says what came of one part.
type Figure struct {
	Part    string  `json:"part"`
	Model   string  `json:"model,omitempty" doc:"Left out where there was too little to learn from."`
	Learned int     `json:"learned" doc:"Corrections that it learned from."`
	Held    int     `json:"held" doc:"Corrections that were held out to measure by."`
	Before  float64 `json:"before" doc:"Share of those that the models then in use read as the person did."`
	After   float64 `json:"after" doc:"The same of the new model."`
	Others  int     `json:"others" doc:"Recent posts that nobody corrected."`
	Changed int     `json:"changed" doc:"How many of those the new model reads otherwise."`
}

// Tunings are the rounds of learning, with what there is to learn from.
type Tunings struct {
	Items    []Tuning    `json:"items"`
	Standing []PartCount `json:"standing" doc:"Corrections that stand, by part."`
	Least    int         `json:"least" doc:"About how many a part needs before something is learned."`
}

// PartCount is how many corrections a part has.
type PartCount struct {
	Part  string `json:"part"`
	Count int    `json:"count"`
}

func (a *api) tunings(ctx context.Context, _ *struct{}) (*server.Body[Tunings], error) {
	all, err := a.tuner.Store.Tunings(ctx)
	if err != nil {
		return nil, err
	}
	standing, err := a.tuner.Store.Standing(ctx)
	if err != nil {
		return nil, err
	}
	out := Tunings{Items: make([]Tuning, len(all)), Standing: []PartCount{}, Least: analyze.TuningLeast}
	for i, t := range all {
		out.Items[i] = tuning(t)
	}
	counts := map[analyze.Part]int{}
	for _, c := range standing {
		counts[c.Part]++
	}
	for _, p := range []analyze.Part{analyze.PartSentiment, analyze.PartEmotions, analyze.PartIntents, analyze.PartToxicity} {
		out.Standing = append(out.Standing, PartCount{string(p), counts[p]})
	}
	return &server.Body[Tunings]{Body: out}, nil
}

func tuning(t analyze.Tuning) Tuning {
	out := Tuning{ID: t.ID, Number: t.Number, State: t.State, By: t.Name, At: t.At, DoneAt: server.When(t.Done), UsedAt: server.When(t.Used), Problem: t.Problem,
		Figures: make([]Figure, len(t.Figures))}
	for i, f := range t.Figures {
		out.Figures[i] = Figure{string(f.Part), f.Model, f.Learned, f.Held, f.Before, f.After, f.Others, f.Changed}
	}
	return out
}

func (a *api) start(ctx context.Context, _ *struct{}) (*server.Body[Tuning], error) {
	t, err := a.tuner.Start(ctx)
	if err != nil {
		return nil, err
	}
	return &server.Body[Tuning]{Body: tuning(t)}, nil
}

func (a *api) use(ctx context.Context, in *struct {
	ID string `path:"id" maxLength:"64"`
}) (*server.Body[Tunings], error) {
	if err := a.tuner.Use(ctx, in.ID); err != nil {
		return nil, err
	}
	return a.tunings(ctx, nil)
}

func (a *api) leave(ctx context.Context, _ *struct{}) (*server.Body[Tunings], error) {
	if err := a.tuner.Use(ctx, ""); err != nil {
		return nil, err
	}
	return a.tunings(ctx, nil)
}
