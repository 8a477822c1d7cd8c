package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/parley-crm/parley/analyze/encoder"
	"github.com/parley-crm/parley/cmd/parley/demo"
	"github.com/parley-crm/parley/engage/know"
	"github.com/parley-crm/parley/engage/knowdb"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/store"
)

type evalAnswersCmd struct {
	Missed bool `help:"Also print the questions for which the right article was not among the first three."`
}

// Run prints how well the right article is suggested.
func (c evalAnswersCmd) Run(ctx context.Context, s *streams) error {
	m, err := measureAnswers(asParley(ctx))
	if err != nil {
		return err
	}
	fmt.Fprintf(s.Out, "%d questions in customers' words, %d articles, %d remarks that ask nothing\n\n", m.questions, m.articles, m.remarks)
	fmt.Fprintln(s.Out, "                        recall@1  recall@3    MRR  none  needless")
	for _, r := range []rated{m.words, m.both} {
		fmt.Fprintf(s.Out, "%-24s   %.3f     %.3f  %.3f  %.3f    %d of %d\n", r.name, r.at1, r.at3, r.mrr, r.none, r.needless, m.remarks)
	}
	if c.Missed {
		fmt.Fprintln(s.Out)
		for _, q := range m.both.missed {
			fmt.Fprintln(s.Out, q)
		}
	}
	return nil
}

// rated is how well a way of suggesting does.
type rated struct {
	name          string
	at1, at3, mrr float64 // the right article is first, among three; mean of 1/rank
	none          float64 // nothing was suggested
	needless      int     // remarks that ask nothing and got something
	missed        []string
}

type answersMeasure struct {
	questions, articles, remarks int
	words, both                  rated
}

// smallTalk asks nothing that an article answers.
var smallTalk = []string{"Lovely weather today, isn't it?", "Good morning everybody", "I love this company", "Who won the match last night?", "Happy birthday to my sister", "lol same",
	"Congratulations on the new store manager", "First day at university, wish me luck", "My dog ate my homework", "See you on Saturday!", "The train is late again", "What a beautiful photo"}

// measureAnswers asks customers' questions of the example company's articles,
// by words alone and together with the encoder.
func measureAnswers(ctx context.Context) (answersMeasure, error) {
	m := answersMeasure{remarks: len(smallTalk)}
	dir, err := os.MkdirTemp("", "parley-answers")
	if err != nil {
		return m, err
	}
	defer os.RemoveAll(dir)
	db, err := openStore(ctx, store.Options{Dir: dir})
	if err != nil {
		return m, err
	}
	defer db.Close()
	model, err := encoder.Default()
	if err != nil {
		return m, err
	}
	kept := knowdb.New(db)
	words := &know.Library{Store: kept, Clock: clock.System{}}
	var files []know.File
	for _, s := range demo.Sheets() {
		files = append(files, know.File{Name: s.Name, Text: s.Text})
	}
	done, err := words.Import(ctx, files, know.Article{}, false, everybodyMay)
	if err != nil {
		return m, err
	}
	m.articles = len(done)
	right := map[string]string{} // id → slug and language
	for i, d := range done {
		right[string(d.ID)] = strings.TrimSuffix(files[i].Name, ".md")
	}
	both := &know.Library{Store: kept, Clock: clock.System{}, Senses: senses{model}}
	if _, err := both.Find(ctx, know.Ask{Text: "fill the index"}); err != nil {
		return m, err
	}
	for more := true; more; {
		if more, err = both.Sense(ctx); err != nil {
			return m, err
		}
	}
	questions := demo.Questions()
	m.questions = len(questions)
	if m.words, err = rate(ctx, words, questions, right); err != nil {
		return m, err
	}
	m.words.name = "words alone"
	m.both, err = rate(ctx, both, questions, right)
	m.both.name = "words and the encoder"
	return m, err
}

func rate(ctx context.Context, lib *know.Library, questions []demo.Question, right map[string]string) (rated, error) {
	var r rated
	for _, q := range questions {
		got, err := lib.Suggest(ctx, know.Question{Said: []string{q.Text}, Lang: q.Lang}, 5)
		if err != nil {
			return r, err
		}
		rank := slices.IndexFunc(got, func(s know.Suggestion) bool { return right[s.ID] == q.Of+"."+q.Lang })
		if len(got) == 0 {
			r.none++
		}
		if rank >= 0 {
			r.mrr += 1 / float64(rank+1)
		}
		if rank == 0 {
			r.at1++
		}
		if rank >= 0 && rank < 3 {
			r.at3++
		} else {
			r.missed = append(r.missed, q.Of+"."+q.Lang+": "+q.Text)
		}
	}
	n := float64(len(questions))
	r.at1, r.at3, r.mrr, r.none = r.at1/n, r.at3/n, r.mrr/n, r.none/n
	for _, text := range smallTalk {
		got, err := lib.Suggest(ctx, know.Question{Said: []string{text}, Lang: "en"}, 5)
		if err != nil {
			return r, err
		}
		if len(got) > 0 {
			r.needless++
		}
	}
	return r, nil
}
