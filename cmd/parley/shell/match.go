package shell

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"github.com/parley-crm/parley/kit/lines"
	"github.com/parley-crm/parley/listen/place"
	"github.com/parley-crm/parley/listen/query"
	"github.com/parley-crm/parley/social"
)

// Match says which monitors match.
type Match struct {
	Monitors string `required:"" help:"JSON lines {\"id\",\"query\"}, one monitor each." placeholder:"FILE" env:"-"`
}

// Help is shown with --help.
func (Match) Help() string {
	return `Reads posts as JSON lines {"id","text","lang"?,"author"?,"channel"?,"place"?} and
writes {"id","monitors":[…]} for those that at least one monitor matches, with
the monitors in the order of their file. Where a post names no place, place:
goes by its words, as in the app.

  echo '{"id":"1","text":"The K2 handle is loose"}' | parley match --monitors monitors.jsonl

A query that is wrong ends the command with exit code 2 before anything is
matched; a post that can't be read is told on standard error, and the exit code
is then 1.`
}

type matchIn struct {
	ID      json.RawMessage `json:"id"`
	Text    *string         `json:"text"`
	Lang    string          `json:"lang"`
	Author  string          `json:"author"`
	Channel string          `json:"channel"`
	Place   string          `json:"place"`
}

type matchOut struct {
	ID       json.RawMessage `json:"id"`
	Monitors []string        `json:"monitors"`
}

// Run matches posts.
func (c Match) Run(ctx context.Context, s *Streams) error {
	set, err := readMonitors(c.Monitors)
	if err != nil {
		fmt.Fprintln(s.Err, "parley:", err)
		return Quit(ExitUsage)
	}
	nowhere := place.NewAtlas(nil) // no branches: cities only
	failed, err := lines.Map(ctx, s.In, s.Out, func() func(*lines.Line) {
		var doc query.Doc
		var found []string
		return func(l *lines.Line) {
			var post matchIn
			if why := readLine(l.In, &post); why != "" {
				fail(s, l, why)
				return
			}
			if post.Text == nil {
				fail(s, l, "it has no text")
				return
			}
			doc.Reset(*post.Text, post.Lang, post.Author, post.Channel)
			doc.At(func() []string {
				if post.Place != "" {
					return place.Called(post.Place)
				}
				return nowhere.Names(nowhere.Resolve(place.Said{Activity: social.Activity{Text: *post.Text, Lang: post.Lang}}).Place)
			})
			if found = set.AppendMatch(found[:0], &doc); len(found) > 0 {
				l.Out, _ = json.Marshal(matchOut{post.ID, found}) // raw JSON and strings always marshal
			}
		}
	})
	if err != nil {
		return err
	}
	if failed > 0 {
		return Quit(ExitFailed)
	}
	return nil
}

// readLine decodes a line and says in a few words why it can't, "" if it can.
func readLine(text []byte, into any) string {
	if text == nil {
		return fmt.Sprintf("it is longer than %d MB", lines.Max>>20)
	}
	if err := json.Unmarshal(text, into); err != nil {
		return "it is not the JSON that is wanted: " + err.Error()
	}
	return ""
}

func fail(s *Streams, l *lines.Line, why string) {
	l.Failed = true
	fmt.Fprintf(s.Err, "parley: line %d: %s\n", l.Number, why)
}

func readMonitors(path string) (*query.Set, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	monitors, err := query.ReadMonitors(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	set := query.NewSet()
	for _, m := range monitors {
		set.Add(m.ID, m.Query)
	}
	return set, nil
}
