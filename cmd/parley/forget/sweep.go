// Package forget takes somebody's name out of everything that no room answers
// for: every text of every table, and the files of the data folder.
//
// It promises that what belongs together by a name still does afterwards, that
// a name which somebody else bears as well is left alone, and that what a team wrote
// about its own work is not changed behind its back: it says where a name is left.
package forget

import (
	"bufio"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/parley-crm/parley/kit/secret"
	"github.com/parley-crm/parley/listen/listendb"
	"github.com/parley-crm/parley/people/peopledb"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
)

// Sweeper takes names out of what no room answers for.
type Sweeper struct {
	DB      *store.DB
	Box     *secret.Box
	Heard   *listendb.DB
	Persons *peopledb.DB
	// Reindex makes the words of activities anew for the search.
	Reindex func(ctx context.Context, ids []social.ActivityID) error
	// Drop forgets a file of a folder of the data folder, by the folder's name.
	Drop map[string]func(ctx context.Context, id string) error
}

// spared is what a team wrote about its own work. A name is never taken out of
// it behind their back; it is said where one stands.
var spared = []string{
	"member", "session", "token", "door", "programme", "policy", "policy_version", "record", "checkpoint", "channel", "monitor", "tag", "team", "macro", "inbox_view", "inbox_rule",
	"pledge", "business_calendar", "know_article", "know_version", "know_category", "field_def", "pipeline", "stage", "organization", "place", "presence_profile", "presence_cell",
	"publish_content", "publish_post", "publish_link", "publish_remark", "event", "consent_text", "hive_rule", "hive_member", "history_file", "legal_hold",
}

// fields hold somebody's name and nothing else.
var fields = []string{
	"influence.name", "influence.handle", "conversation.preview_by", "know_search.words", "know_search.asked", "event_guest.name", "door_line.name", "hive_skill.label", "account.handle", "term_day.term",
}

// whole are the forms of somebody's name that no other word is written like;
// exact those that are only taken out where they stand alone.
// A name that somebody else bears as well is left alone: it would be taken from them.
func whole(s social.Subject, borne map[string]bool) (names, exact []string) {
	add := func(to *[]string, n string) {
		if n = strings.TrimSpace(n); n != "" && !slices.Contains(*to, n) {
			*to = append(*to, n)
		}
	}
	for _, n := range s.Names {
		if borne[n] {
			continue
		}
		if strings.ContainsAny(n, " \u00a0") && utf8.RuneCountInString(n) >= 5 {
			add(&names, n)
		}
		add(&exact, n)
	}
	for _, a := range s.Accounts {
		if utf8.RuneCountInString(a.Author.Value) >= 6 {
			add(&names, a.Author.Value)
		}
		add(&exact, a.Author.Value)
		if a.Author.Handle != "" && !borne[a.Author.Handle] {
			add(&names, "@"+a.Author.Handle)
			add(&exact, a.Author.Handle)
		}
		if len(a.Author.URL) > 12 {
			add(&names, a.Author.URL)
		}
	}
	return names, exact
}

// Sweep implements privacy.Sweeper.
func (w Sweeper) Sweep(ctx context.Context, s social.Subject) (gone, left []social.Gone, err error) {
	called := slices.Clone(s.Names)
	for _, a := range s.Accounts {
		if a.Author.Handle != "" {
			called = append(called, a.Author.Handle)
		}
	}
	borne, err := w.Persons.Borne(ctx, called)
	if err != nil {
		return nil, nil, err
	}
	names, exact := whole(s, borne)
	scrub := &store.Scrubber{DB: w.DB, Names: names, Exact: exact, Parts: s.Words(), Fields: fields, Spare: spared, Key: w.Box.Derive("people/scrub/" + string(s.Persons[0]))}
	named, err := w.Heard.Naming(ctx, names)
	if err != nil {
		return nil, nil, err
	}
	if gone, err = scrub.Scrub(ctx); err != nil {
		return nil, nil, err
	}
	if err := w.Reindex(ctx, named); err != nil {
		return nil, nil, err
	}
	if left, err = scrub.Look(ctx); err != nil {
		return nil, nil, err
	}
	for _, n := range called {
		if borne[n] {
			left = append(left, social.Gone{Place: "a name that somebody else bears as well was not taken out of what others wrote", Rows: 1})
			break
		}
	}
	files, kept, err := w.files(ctx, names)
	if files > 0 {
		gone = append(gone, social.Gone{Place: "files of history and imports", Rows: files})
	}
	if kept > 0 {
		left = append(left, social.Gone{Place: "files in the data folder", Rows: kept})
	}
	return gone, left, err
}

// files forgets files of history and of imports that name somebody, and counts other files of
// the data folder that do: not the database, which is swept, and not backups.
func (w Sweeper) files(ctx context.Context, names []string) (gone, kept int, err error) {
	dir := w.DB.Dir()
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) || (err == nil && d.IsDir()) {
			return nil
		}
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(dir, path)
		if strings.HasPrefix(rel, "parley.db") || strings.HasPrefix(rel, "backup") || rel == "key" {
			return nil
		}
		has, err := namesIn(path, names)
		if err != nil || !has {
			return err
		}
		if drop := w.Drop[filepath.Dir(rel)]; drop != nil && drop(ctx, filepath.Base(rel)) == nil {
			gone++
			return nil
		}
		kept++
		return nil
	})
	return gone, kept, err
}

func namesIn(path string, names []string) (bool, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer f.Close()
	r := bufio.NewReaderSize(f, 1<<20)
	before := ""
	for {
		part := make([]byte, 1<<20)
		n, err := r.Read(part)
		text := before + strings.ToLower(string(part[:n]))
		for _, x := range names {
			if strings.Contains(text, strings.ToLower(x)) {
				return true, nil
			}
		}
		if err != nil {
			return false, nil //nolint:nilerr // its end
		}
		before = text[max(0, len(text)-1024):]
	}
}

// Scour implements privacy.Sweeper.
func (w Sweeper) Scour(ctx context.Context) error { return w.DB.Scour(ctx, "activity_text") }
