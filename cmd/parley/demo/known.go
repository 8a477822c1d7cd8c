package demo

import (
	"context"
	"embed"
	"io/fs"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/parley-crm/parley/social"
)

//go:embed help/*.md
var helpFiles embed.FS

// Library is what the company has written down.
type Library interface {
	// AddSubject makes a category of articles.
	AddSubject(ctx context.Context, name string) error
	// AddArticle brings in a Markdown file; translations share what stands
	// before the language in its name.
	AddArticle(ctx context.Context, a Sheet, owner social.MemberID) error
}

// Sheet is an article as a Markdown file.
type Sheet struct {
	Name, Text string
	Subject    string
	Lang       string
	Of         string // what translations share
}

// subjects are the categories, in their order.
func subjects() []string {
	return []string{"Care", "Repairs", "Orders", "Choosing", "Grinders", "Stores", "Inside"}
}

// owners says who looks after a subject.
var owners = map[string]string{"Care": "rosa.lindgren", "Repairs": "marcus.bell", "Orders": "jonas.lindqvist", "Choosing": "camille.roux",
	"Grinders": "rosa.lindgren", "Stores": "dolores.whitfield", "Inside": "maya"}

// Sheets are the articles, English first.
func Sheets() []Sheet {
	names, err := fs.Glob(helpFiles, "help/*.md")
	if err != nil {
		panic(err) // the pattern is well formed
	}
	var out []Sheet
	for _, name := range names {
		text, err := helpFiles.ReadFile(name)
		if err != nil {
			panic(err) // embedded
		}
		parts := strings.Split(strings.TrimPrefix(name, "help/"), ".")
		s := Sheet{Name: strings.TrimPrefix(name, "help/"), Text: string(text), Lang: parts[1], Of: parts[0]}
		_, rest, _ := strings.Cut(s.Text, "\nsubject: ")
		s.Subject, _, _ = strings.Cut(rest, "\n")
		out = append(out, s)
	}
	slices.SortStableFunc(out, func(a, b Sheet) int { return strings.Compare(b.Lang, a.Lang) }) // en before de
	return out
}

// write brings in what was written down before the script begins.
func (p *player) write(ctx context.Context) error {
	for _, s := range subjects() {
		if err := p.AddSubject(ctx, s); err != nil {
			return err
		}
	}
	for _, s := range Sheets() {
		owner := owners[s.Subject]
		if s.Lang == "de" {
			owner = "hannah.vogt"
		}
		if err := p.AddArticle(ctx, s, p.members[owner]); err != nil {
			return err
		}
	}
	return nil
}

// searched is what visitors of the help page look for, with how often: some of
// it is written down, some is not.
var searched = []struct {
	words, lang string
	weight      int
}{
	{"descale", "en", 20}, {"limescale", "en", 9}, {"warranty", "en", 9}, {"spare parts", "en", 8}, {"return", "en", 10}, {"refund", "en", 8}, {"delivery time", "en", 9},
	{"leaks", "en", 6}, {"k3 temperature", "en", 5}, {"which kettle green tea", "en", 5}, {"travel voltage", "en", 4}, {"grinder stuck", "en", 4}, {"opening hours", "en", 5},
	{"entkalken", "de", 9}, {"garantie", "de", 6}, {"rückgabe", "de", 5}, {"lieferzeit", "de", 4}, {"ersatzteile", "de", 4},
	{"student discount", "en", 7}, {"newsletter unsubscribe", "en", 5}, {"induction hob", "en", 4}, {"dishwasher safe?", "en", 6}, {"app bluetooth", "en", 3}, {"rechnung", "de", 5}, {"farben", "de", 3},
}

// Searched draws what somebody looks for.
func Searched(rng *rand.Rand) (words, lang string) {
	sum := 0
	for _, s := range searched {
		sum += s.weight
	}
	x := rng.IntN(sum)
	for _, s := range searched {
		if x -= s.weight; x < 0 {
			return s.words, s.lang
		}
	}
	return "", ""
}

// Missing draws what a reader missed.
func Missing(rng *rand.Rand) string {
	said := []string{
		"It says two tablespoons, but how many grams is that?", "My kettle is not in the list.", "I did all of it and the ring is still there.", "Does this also hold for kettles bought in the shop?",
		"Ein Bild vom Filter wäre schön.", "I can't find the serial number anywhere.", "The link to print the label asks for a password I never had.", "Answered half of it. And if the parcel is lost?",
	}
	return said[rng.IntN(len(said))]
}

//go:embed help/questions.tsv
var questionFile string

// Question is one in a customer's words, with the article that answers it.
type Question struct{ Of, Lang, Text string }

// Questions are asked of the articles to see how well they are found.
func Questions() []Question {
	var out []Question
	for line := range strings.Lines(questionFile) {
		f := strings.SplitN(strings.TrimSpace(line), "\t", 3)
		out = append(out, Question{f[0], f[1], f[2]})
	}
	return out
}
