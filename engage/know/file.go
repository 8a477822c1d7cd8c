package know

import (
	"context"
	"fmt"
	"path"
	"regexp"
	"strings"
	"time"

	"github.com/parley-crm/parley/social"
)

// File is an article as a Markdown file. It may begin with a block of settings
// between two lines of three hyphens: title, lang, slug, visibility, state.
type File struct{ Name, Text string }

// Imported is what became of a file.
type Imported struct {
	Name, Title, Lang string
	ID                ArticleID
	Act               string // add, update, same or error
	Problem           string
}

var heading = regexp.MustCompile(`^#\s+(.+?)\s*#*$`)

// Read reads a file; what it does not say is as in base.
func Read(f File, base Article) Article {
	a := base
	body := strings.TrimPrefix(words(f.Text), "\ufeff")
	if rest, ok := strings.CutPrefix(body, "---\n"); ok {
		if head, after, ok := strings.Cut(rest, "\n---"); ok {
			for line := range strings.Lines(head) {
				name, value, _ := strings.Cut(line, ":")
				value = strings.Trim(strings.TrimSpace(value), `"'`)
				switch strings.ToLower(strings.TrimSpace(name)) {
				case "title":
					a.Title = value
				case "lang", "language", "locale":
					a.Lang = value
				case "slug":
					a.Slug = value
				case "visibility":
					a.Visibility = social.Visibility(strings.ToLower(value))
				case "state":
					a.State = State(strings.ToLower(value))
				}
			}
			body = strings.TrimLeft(after, "-\n")
		}
	}
	first, rest, _ := strings.Cut(strings.TrimLeft(body, "\n"), "\n")
	if m := heading.FindStringSubmatch(first); m != nil && (a.Title == "" || a.Title == m[1]) {
		a.Title, body = m[1], strings.TrimLeft(rest, "\n")
	}
	if a.Title == "" {
		base := path.Base(strings.ReplaceAll(f.Name, `\`, "/"))
		a.Title = strings.NewReplacer("-", " ", "_", " ").Replace(strings.TrimSuffix(base, path.Ext(base)))
	}
	a.Body = body
	return a
}

// Import brings files in: a file whose address is there in its language makes
// the next version of that article, others begin one. What cannot be taken is
// said file by file, and the others are taken. A dry run changes nothing.
func (l *Library) Import(ctx context.Context, files []File, base Article, dry bool, may May) ([]Imported, error) {
	if err := placed(ctx, base.Programme); err != nil {
		return nil, err
	}
	there, err := l.mineBySlug(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]Imported, len(files))
	for i, f := range files {
		a := Read(f, base)
		to := a.State
		err := a.Check()
		done := Imported{Name: f.Name, Title: a.Title, Lang: a.Lang, Act: "add"}
		old, known := there[a.Lang+"/"+a.Slug]
		if known {
			done.ID, done.Act = old.ID, "update"
			if old.Title == a.Title && old.Body == a.Body {
				done.Act = "same"
			}
		}
		switch {
		case err != nil:
		case dry:
			there[a.Lang+"/"+a.Slug] = Article{Title: a.Title, Body: a.Body}
		case done.Act == "update":
			var kept Article
			kept, err = l.Keep(ctx, old.ID, a.Title, a.Body, "From "+tidy(f.Name), old.Version, may)
			there[a.Lang+"/"+a.Slug] = kept
		case done.Act == "add":
			var made Article
			if made, err = l.Add(ctx, a, ""); err == nil {
				done.ID, there[a.Lang+"/"+a.Slug] = made.ID, made
				if to == Published {
					_, err = l.Turn(ctx, made.ID, Published, may)
				}
			}
		}
		if err != nil {
			if k := social.KindOf(err); k == social.Fault || k == social.Busy {
				return nil, err
			}
			done.Act, done.Problem = "error", err.Error()
		}
		out[i] = done
	}
	return out, nil
}

// mineBySlug lists what the actor sees, by language and address.
func (l *Library) mineBySlug(ctx context.Context) (map[string]Article, error) {
	out := map[string]Article{}
	for cursor := ""; ; {
		page, next, err := l.Store.List(ctx, ArticleQuery{Cursor: cursor, Limit: 100})
		if err != nil {
			return nil, err
		}
		for _, a := range page {
			out[a.Lang+"/"+a.Slug] = a
		}
		if cursor = next; next == "" {
			return out, nil
		}
	}
}

// Export gives every article that the actor sees as a file.
func (l *Library) Export(ctx context.Context, file func(name, text string, at time.Time) error) error {
	for cursor := ""; ; {
		page, next, err := l.Store.List(ctx, ArticleQuery{Cursor: cursor, Limit: 100})
		if err != nil {
			return err
		}
		for _, a := range page {
			text := fmt.Sprintf("---\ntitle: %s\nlang: %s\nslug: %s\nvisibility: %s\nstate: %s\n---\n\n%s\n", a.Title, a.Lang, a.Slug, a.Visibility, a.State, a.Body)
			if err := file(a.Lang+"/"+a.Slug+".md", text, a.UpdatedAt); err != nil {
				return err
			}
		}
		if cursor = next; next == "" {
			return nil
		}
	}
}
