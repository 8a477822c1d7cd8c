package networks

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// MediaWiki is a wiki with a database in a file.
type MediaWiki struct {
	URL string // http://127.0.0.1:PORT
	API string // its api.php

	t        testing.TB
	app, dir string
	env      []string
	server   *process
}

func installMediaWiki(t testing.TB) string {
	t.Helper()
	return installed(t, "debian-mediawiki", func(dir string) error {
		if err := debian(dir, "mediawiki", "mediawiki-classes"); err != nil {
			return err
		}
		app := filepath.Join(dir, "usr/share/mediawiki")
		var all []error
		for _, link := range []string{"LocalSettings.php", "config", "extensions", "images"} { // lead to /var/lib
			all = append(all, os.Remove(filepath.Join(app, link)))
		}
		return errors.Join(append(all, os.Mkdir(filepath.Join(app, "extensions"), 0o755), os.Mkdir(filepath.Join(app, "images"), 0o755))...)
	})
}

// StartMediaWiki starts an empty wiki whose administrator is Admin.
func StartMediaWiki(t testing.TB) *MediaWiki {
	t.Helper()
	needPHP(t, "sqlite3", "pdo_sqlite", "xml", "mbstring", "intl")
	w := &MediaWiki{t: t, app: filepath.Join(installMediaWiki(t), "usr/share/mediawiki"), dir: t.TempDir()}
	host := fmt.Sprintf("127.0.0.1:%d", freePorts(t, 1)[0])
	w.URL, w.API = "http://"+host, "http://"+host+"/api.php"
	script(t, w.dir, nil, filepath.Join(w.app, "maintenance/install.php"), "--dbtype", "sqlite", "--dbpath", filepath.Join(w.dir, "db"), "--dbname", "wiki",
		"--confpath", w.dir, "--server", w.URL, "--scriptpath", "", "--pass", wikiPassword("Admin"), "--skins=Vector", "Brewpedia", "Admin")
	settings, err := os.OpenFile(filepath.Join(w.dir, "LocalSettings.php"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	// The customers of the tests edit faster than people. Jobs run by themselves
	// only where somebody asks for them.
	_, err = settings.WriteString("\n$wgRateLimits = [];\n$wgJobRunRate = 0;\n$wgGroupPermissions['sysop']['deleterevision'] = true;\n")
	if err := errors.Join(err, settings.Close()); err != nil {
		t.Fatal(err)
	}
	w.env = []string{"MW_CONFIG_FILE=" + filepath.Join(w.dir, "LocalSettings.php")}
	w.server = php(t, "mediawiki", w.dir, host, w.app, "", w.env)
	w.server.start()
	w.server.endWithTest()
	return w
}

// Stop ends the wiki; its data stay.
func (w *MediaWiki) Stop() { w.server.end() }

// Start brings it back at the same address, with the same data.
func (w *MediaWiki) Start() {
	w.t.Helper()
	w.server.start()
}

func wikiPassword(name string) string { return "Kettle-" + strings.ToLower(name) + "-whistles-96" }

// WikiAccount is somebody with an account on the wiki, signed in.
type WikiAccount struct {
	Server *MediaWiki
	Name   string

	browser *http.Client
	token   string
}

// Account opens an account, unless it is Admin's, and signs in.
func (w *MediaWiki) Account(name string) *WikiAccount {
	w.t.Helper()
	if name != "Admin" {
		script(w.t, w.dir, w.env, filepath.Join(w.app, "maintenance/createAndPromote.php"), name, wikiPassword(name))
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		w.t.Fatal(err)
	}
	a := &WikiAccount{Server: w, Name: name, browser: &http.Client{Jar: jar, Timeout: 30 * time.Second}}
	var got struct {
		Query struct {
			Tokens struct{ LoginToken, CSRFToken string }
		}
		Login struct{ Result string }
	}
	a.must(url.Values{"action": {"query"}, "meta": {"tokens"}, "type": {"login"}}, &got)
	a.must(url.Values{"action": {"login"}, "lgname": {name}, "lgpassword": {wikiPassword(name)}, "lgtoken": {got.Query.Tokens.LoginToken}}, &got)
	if got.Login.Result != "Success" {
		w.t.Fatalf("signing in %s: %+v", name, got)
	}
	a.must(url.Values{"action": {"query"}, "meta": {"tokens"}, "type": {"csrf"}}, &got)
	a.token = got.Query.Tokens.CSRFToken
	return a
}

// BotPassword makes a password for one app: the name to sign in with, and it.
func (a *WikiAccount) BotPassword(app string) (name, password string) {
	a.Server.t.Helper()
	out := string(script(a.Server.t, a.Server.dir, a.Server.env, filepath.Join(a.Server.app, "maintenance/createBotPassword.php"),
		"--appid", app, "--grants", "basic,editpage,createeditmovepage", a.Name))
	_, rest, _ := strings.Cut(out, "username:'")
	name, rest, _ = strings.Cut(rest, "'")
	_, rest, _ = strings.Cut(rest, "password:'")
	password, _, _ = strings.Cut(rest, "'")
	if name == "" || password == "" {
		a.Server.t.Fatalf("createBotPassword says %q", out)
	}
	return name, password
}

// Section opens a discussion on a page and returns the revision.
func (a *WikiAccount) Section(title, heading, text string) int64 {
	a.Server.t.Helper()
	return a.edit(url.Values{"title": {title}, "section": {"new"}, "sectiontitle": {heading}, "text": {text + " ~~~~"}})
}

// Append writes below what stands on a page.
func (a *WikiAccount) Append(title, text string) int64 {
	a.Server.t.Helper()
	return a.edit(url.Values{"title": {title}, "appendtext": {"\n" + text}})
}

func (a *WikiAccount) edit(form url.Values) int64 {
	a.Server.t.Helper()
	form.Set("action", "edit")
	form.Set("token", a.token)
	var got struct {
		Edit struct {
			Result   string
			NewRevID int64
		}
	}
	body := a.must(form, &got)
	if got.Edit.Result != "Success" {
		a.Server.t.Fatalf("an edit as %s: %s", a.Name, body)
	}
	return got.Edit.NewRevID
}

// Hide takes the words of a revision away, as administrators do.
func (a *WikiAccount) Hide(revision int64) {
	a.Server.t.Helper()
	a.must(url.Values{"action": {"revisiondelete"}, "type": {"revision"}, "ids": {strconv.FormatInt(revision, 10)}, "hide": {"content"}, "token": {a.token}}, nil)
}

// WikiEdit is one edit of somebody, with the page as it stood then.
type WikiEdit struct {
	Revision int64
	Title    string
	Comment  string
	Text     string
}

// Edits are somebody's edits, oldest first, after a revision.
func (a *WikiAccount) Edits(user string, after int64) []WikiEdit {
	a.Server.t.Helper()
	var got struct {
		Query struct {
			UserContribs []struct {
				RevID          int64
				Title, Comment string
			}
		}
	}
	a.must(url.Values{"action": {"query"}, "list": {"usercontribs"}, "ucuser": {user}, "uclimit": {"max"}, "ucdir": {"newer"}, "ucprop": {"ids|title|comment"}}, &got)
	var out []WikiEdit
	for _, c := range got.Query.UserContribs {
		if c.RevID > after {
			out = append(out, WikiEdit{Revision: c.RevID, Title: c.Title, Comment: c.Comment, Text: a.Text(c.RevID)})
		}
	}
	return out
}

// Text is the wikitext of a page as of a revision.
func (a *WikiAccount) Text(revision int64) string {
	a.Server.t.Helper()
	var got struct {
		Query struct {
			Pages []struct {
				Revisions []struct {
					Slots struct{ Main struct{ Content string } }
				}
			}
		}
	}
	a.must(url.Values{"action": {"query"}, "prop": {"revisions"}, "revids": {strconv.FormatInt(revision, 10)}, "rvprop": {"content"}, "rvslots": {"main"}}, &got)
	if len(got.Query.Pages) == 0 || len(got.Query.Pages[0].Revisions) == 0 {
		return ""
	}
	return got.Query.Pages[0].Revisions[0].Slots.Main.Content
}

func (a *WikiAccount) must(form url.Values, into any) []byte {
	t := a.Server.t
	t.Helper()
	form.Set("format", "json")
	form.Set("formatversion", "2")
	_, body := do(t, a.browser, formRequest(t, http.MethodPost, a.Server.API, form, ""))
	var trouble struct{ Error *struct{ Code, Info string } }
	if err := json.Unmarshal(body, &trouble); err != nil || trouble.Error != nil {
		t.Fatalf("%s as %s: %s", form.Get("action"), a.Name, body)
	}
	if into != nil {
		if err := json.Unmarshal(body, into); err != nil {
			t.Fatalf("an answer to %s: %v\n%s", a.Name, err, body)
		}
	}
	return body
}
