package analyze

import (
	"cmp"
	"context"
	"fmt"
	"hash/fnv"
	"slices"
	"time"

	"github.com/parley-crm/parley/analyze/choice"
	"github.com/parley-crm/parley/analyze/intent"
	"github.com/parley-crm/parley/analyze/linear"
	"github.com/parley-crm/parley/analyze/sentiment"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/social"
)

// The states of a tuning.
const (
	TuningWaiting = "waiting" // it is learning, or about to
	TuningReady   = "ready"   // it may be used
	TuningFailed  = "failed"
	TuningUsed    = "used" // its models score what is heard
)

// A Tuning is a round of learning from corrections: models of this house
// alone, and how they did on corrections that they did not learn from.
type Tuning struct {
	ID      string
	Number  int64
	State   string
	Member  social.MemberID
	Name    string // of the member
	At      time.Time
	Done    time.Time
	Used    time.Time
	Problem string
	Figures []TuningFigure
}

// A TuningFigure says what came of one part. Before and After are the shares
// of the held-out corrections that the models in use and the new one read as
// the person did. Changed is how many of Others, recent posts that nobody
// corrected, the new one reads otherwise.
type TuningFigure struct {
	Part    Part    `json:"part"`
	Model   string  `json:"model"` // "" where there was too little to learn from
	Learned int     `json:"learned"`
	Held    int     `json:"held"`
	Before  float64 `json:"before"`
	After   float64 `json:"after"`
	Others  int     `json:"others"`
	Changed int     `json:"changed"`
}

// A TunedModel is a model that learned from corrections.
type TunedModel struct {
	Part Part
	Name string
	File []byte
}

// The least that a part must have to learn from, and to be measured by.
const (
	LearnLeast = 8
	HeldLeast  = 3
	// TuningLeast is about how many corrections that takes.
	TuningLeast = HeldLeast * heldEvery
)

const (
	heldEvery  = 4    // so many corrections are one held out
	othersMost = 400  // posts that keep a model near where it was
	tunePasses = 12   // over corrections and other posts
	tuneRate   = 0.08 // how far an example moves it
)

// Tunings keeps rounds of learning. All methods take part in the transaction
// of ctx.
type Tunings interface {
	Tunings(ctx context.Context) ([]Tuning, error) // the newest first
	AddTuning(ctx context.Context, t Tuning) error
	SaveTuning(ctx context.Context, t Tuning, models []TunedModel) error
	TunedModels(ctx context.Context, tuning string) ([]TunedModel, error)
	// Recent returns the activities that were scored last.
	Recent(ctx context.Context, limit int) ([]social.ActivityID, error)
}

// Tuner lets models learn from corrections. It always begins with the models
// that Parley comes with, so what is learned can always be left again.
type Tuner struct {
	Store interface {
		Corrections
		Tunings
		InTx(ctx context.Context, f func(ctx context.Context) error) error
		Record(ctx context.Context, e social.Entry) error
	}
	Hearing Hearing
	Clock   clock.Clock
	// Changed is told, once it is committed, that other models are to be used.
	Changed func(ctx context.Context) error
}

// Start begins a round of learning; while one is under way, that one.
func (t *Tuner) Start(ctx context.Context) (Tuning, error) {
	a, err := member(ctx)
	if err != nil {
		return Tuning{}, err
	}
	var out Tuning
	err = t.Store.InTx(ctx, func(ctx context.Context) error {
		all, err := t.Store.Tunings(ctx)
		if err != nil {
			return err
		}
		number := int64(1)
		for _, o := range all {
			if o.State == TuningWaiting {
				out = o
				return nil
			}
			number = max(number, o.Number+1)
		}
		out = Tuning{ID: id.At(t.Clock.Now()), Number: number, State: TuningWaiting, Member: a.Member, Name: a.Name, At: t.Clock.Now()}
		if err := t.Store.AddTuning(ctx, out); err != nil {
			return err
		}
		return t.Store.Record(ctx, social.Entry{Verb: "create", Object: "tuning", ID: out.ID, Detail: map[string]any{"number": number}})
	})
	return out, err
}

// Run does what waits to be done, if anything does.
func (t *Tuner) Run(ctx context.Context) error {
	all, err := t.Store.Tunings(ctx)
	if err != nil {
		return err
	}
	for _, o := range all {
		if o.State != TuningWaiting {
			continue
		}
		models, err := t.learn(ctx, all, &o)
		o.Done, o.State = t.Clock.Now(), TuningReady
		if err != nil {
			o.State, o.Problem = TuningFailed, "It could not be done; the log says why."
		} else if len(models) == 0 {
			o.State = TuningFailed
			o.Problem = fmt.Sprintf("There is too little to learn from yet: a part needs about %d corrections of English posts.", TuningLeast)
		}
		if save := t.Store.SaveTuning(ctx, o, models); save != nil {
			return save
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Use lets the models of a tuning score what is heard from now on; "" stands
// for those that Parley comes with.
func (t *Tuner) Use(ctx context.Context, tuning string) error {
	err := t.Store.InTx(ctx, func(ctx context.Context) error {
		all, err := t.Store.Tunings(ctx)
		if err != nil {
			return err
		}
		found := tuning == ""
		for _, o := range all {
			switch {
			case o.ID == tuning && (o.State == TuningReady || o.State == TuningUsed):
				found = true
				o.State, o.Used = TuningUsed, t.Clock.Now()
			case o.ID == tuning:
				return social.Errorf(social.Conflict, "This round of learning has no models to use.")
			case o.State == TuningUsed:
				o.State = TuningReady
			default:
				continue
			}
			if err := t.Store.SaveTuning(ctx, o, nil); err != nil {
				return err
			}
		}
		if !found {
			return social.Errorf(social.NotFound, "There is no such round of learning.")
		}
		return t.Store.Record(ctx, social.Entry{Verb: "use", Object: "tuning", ID: tuning})
	})
	if err != nil {
		return err
	}
	return t.Changed(ctx)
}

// InUse returns the models that were learned and are used.
func (t *Tuner) InUse(ctx context.Context) ([]TunedModel, error) {
	all, err := t.Store.Tunings(ctx)
	if err != nil {
		return nil, err
	}
	return t.inUse(ctx, all)
}

func (t *Tuner) inUse(ctx context.Context, all []Tuning) ([]TunedModel, error) {
	for _, o := range all {
		if o.State == TuningUsed {
			return t.Store.TunedModels(ctx, o.ID)
		}
	}
	return nil, nil
}

// learn makes the models of a tuning and its figures.
func (t *Tuner) learn(ctx context.Context, all []Tuning, o *Tuning) ([]TunedModel, error) {
	used, err := t.inUse(ctx, all)
	if err != nil {
		return nil, err
	}
	now, err := NewScorer(Options{Tuned: used})
	if err != nil {
		return nil, err
	}
	taught, others, err := t.texts(ctx, now)
	if err != nil {
		return nil, err
	}
	var models []TunedModel
	o.Figures = nil
	for _, p := range []Part{PartSentiment, PartEmotions, PartIntents, PartToxicity} {
		f := TuningFigure{Part: p}
		var learn, held []taughtText
		for _, x := range taught[p] {
			if x.held {
				held = append(held, x)
			} else {
				learn = append(learn, x)
			}
		}
		f.Learned, f.Held = len(learn), len(held)
		if len(learn) >= LearnLeast && len(held) >= HeldLeast {
			m, err := tune(p, o.Number, learn, others)
			if err != nil {
				return nil, err
			}
			next, err := NewScorer(Options{Tuned: []TunedModel{m}})
			if err != nil {
				return nil, err
			}
			f.Model = m.Name
			f.Before, f.After = agreed(now, held, p), agreed(next, held, p)
			f.Others = len(others)
			for _, text := range others {
				a, b := now.Score(text), next.Score(text)
				if !slices.Equal(labelsOf(&a, p), labelsOf(&b, p)) {
					f.Changed++
				}
			}
			models = append(models, m)
		}
		o.Figures = append(o.Figures, f)
	}
	return models, nil
}

// A taughtText is a text with what a person said of it.
type taughtText struct {
	text   string
	labels []string
	held   bool
}

// texts gathers what was corrected and what was not. Only texts in a language
// that the models speak teach something.
func (t *Tuner) texts(ctx context.Context, s *Scorer) (taught map[Part][]taughtText, others []string, err error) {
	standing, err := t.Store.Standing(ctx)
	if err != nil {
		return nil, nil, err
	}
	recent, err := t.Store.Recent(ctx, 2*othersMost)
	if err != nil {
		return nil, nil, err
	}
	pinned := map[social.ActivityID]bool{}
	ids := slices.Clone(recent)
	for _, c := range standing {
		if !pinned[c.Activity] {
			pinned[c.Activity] = true
			ids = append(ids, c.Activity)
		}
	}
	texts := map[social.ActivityID]string{}
	for part := range slices.Chunk(ids, 500) {
		mentions, err := t.Hearing.Mentions(ctx, part)
		if err != nil {
			return nil, nil, err
		}
		for _, m := range mentions {
			if !m.Deleted && !m.Activity.Own {
				texts[m.Activity.ID] = text(m.Activity)
			}
		}
	}
	english := func(text string) bool { return s.detector.Detect(text).Tag == "en" }
	taught = map[Part][]taughtText{}
	slices.SortFunc(standing, func(a, b Correction) int { return cmp.Compare(a.ID, b.ID) })
	for _, c := range standing {
		if text, ok := texts[c.Activity]; ok && english(text) {
			taught[c.Part] = append(taught[c.Part], taughtText{text, c.Labels, heldOut(c.Activity)})
		}
	}
	for _, id := range recent {
		if text, ok := texts[id]; ok && !pinned[id] && len(others) < othersMost && english(text) {
			others = append(others, text)
		}
	}
	return taught, others, nil
}

// heldOut says whether a correction measures instead of teaching. It goes by
// the activity, so that no round ever learns what another is measured by.
func heldOut(id social.ActivityID) bool {
	h := fnv.New32a()
	h.Write([]byte(id))
	return h.Sum32()%heldEvery == 0
}

// agreed is the share of texts that a scorer reads as the person did.
func agreed(s *Scorer, held []taughtText, p Part) float64 {
	n := 0
	for _, x := range held {
		got := s.Score(x.text)
		if slices.Equal(labelsOf(&got, p), x.labels) {
			n++
		}
	}
	return float64(n) / float64(len(held))
}

// tune makes a model of a part from the embedded one.
func tune(p Part, number int64, learn []taughtText, others []string) (TunedModel, error) {
	base, err := baseOf(p)
	if err != nil {
		return TunedModel{}, err
	}
	feeling, err := sentiment.Default()
	if err != nil {
		return TunedModel{}, err
	}
	mapped := map[string]int{}
	for i, l := range base.Labels {
		mapped[l] = i
	}
	var examples []linear.Example
	add := func(text string, labels []string, weight float32) error {
		var d linear.Doc
		d.Read(text)
		bits, first := uint32(0), -1
		for _, l := range labels {
			bits |= 1 << mapped[l]
			if first < 0 {
				first = mapped[l]
			}
		}
		if !base.Multi && first < 0 {
			return nil // that there is none teaches such a model nothing
		}
		e, err := exampleOf(p, &d, feeling.Read(&d), first, bits)
		if err != nil {
			return err
		}
		e.Weight = weight
		examples = append(examples, e)
		return nil
	}
	for _, x := range learn {
		if err := add(x.text, x.labels, 1); err != nil {
			return TunedModel{}, err
		}
	}
	own, err := NewScorer(Options{Only: []Part{p}})
	if err != nil {
		return TunedModel{}, err
	}
	for _, text := range others {
		s := own.Score(text)
		if err := add(text, labelsOf(&s, p), 0.3); err != nil {
			return TunedModel{}, err
		}
	}
	m := linear.Tune(base, fmt.Sprintf("%s.house%d", base.Name, number), examples, tunePasses, tuneRate)
	file, err := m.Bytes()
	return TunedModel{Part: p, Name: m.Name, File: file}, err
}

func exampleOf(p Part, d *linear.Doc, feeling sentiment.Reading, label int, bits uint32) (linear.Example, error) {
	switch p {
	case PartSentiment:
		e := sentiment.Example(d)
		e.Label = label
		return e, nil
	case PartIntents:
		return intent.Example(d, feeling, bits)
	}
	mean, err := choice.Mean(d)
	return choice.Example(d, feeling, &mean, label), err
}
