package demo

import (
	"context"
	"embed"
	"io/fs"
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
