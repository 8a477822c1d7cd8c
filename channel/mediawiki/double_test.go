package mediawiki

import (
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/parley-crm/parley/channel/channeltest"
)

// double is a small wiki that speaks the action API as it is documented,
// errors included. Accounts: Brewell (ours) and Maya.
type double struct {
	mu       sync.Mutex
	clock    time.Time
	pages    []*page // by id - 1
	revs     []*rev  // by id - 1
	changes  []map[string]any
	sessions map[string]string // cookie to account
	next     int
	lag      bool
	limit    int // revisions with text in one answer
	asked    []url.Values
}

type page struct {
	id    int64
	ns    int
	title string
	gone  bool
}

type rev struct {
	id, page, parent int64
	user, text       string
	comment          string
	at               time.Time
	gone             bool
}

const (
	login    = "Brewell@parley"
	password = "8egh40r7cphgjjhr60mn80mbqinlcdgd"
)

func newDouble() *double {
	d := &double{clock: time.Now().Add(-24 * time.Hour).Truncate(time.Second).UTC(), sessions: map[string]string{}, limit: 50}
	d.edit("Admin", "Kettle", 0, "A kettle is a [[pot]].\n", "")
	d.edit("Admin", "Talk:Kettle", 1, "== Welcome ==\nSay what you think. "+d.sign("Admin")+"\n", "")
	return d
}

func (d *double) sign(user string) string {
	return fmt.Sprintf("[[User:%s|%s]] ([[User talk:%s|talk]]) %s (UTC)", user, user, user, d.clock.Format("15:04, 2 January 2006"))
}

func (d *double) page(title string) *page {
	for _, p := range d.pages {
		if p.title == title && !p.gone {
			return p
		}
	}
	return nil
}

func (d *double) latest(id int64) *rev {
	for _, r := range slices.Backward(d.revs) {
		if r.page == id && !r.gone {
			return r
		}
	}
	return nil
}

func (d *double) edit(user, title string, ns int, text, comment string) *rev {
	d.clock = d.clock.Add(time.Second)
	return d.editAt(user, title, ns, text, comment, d.clock)
}

func (d *double) editAt(user, title string, ns int, text, comment string, at time.Time) *rev {
	p, kind := d.page(title), "edit"
	if p == nil {
		p = &page{id: int64(len(d.pages) + 1), ns: ns, title: title}
		d.pages = append(d.pages, p)
		kind = "new"
	}
	r := &rev{id: int64(len(d.revs) + 1), page: p.id, user: user, text: text, comment: comment, at: at}
	if old := d.latest(p.id); old != nil {
		r.parent = old.id
	}
	d.revs = append(d.revs, r)
	d.changes = append(d.changes, map[string]any{
		"type": kind, "ns": p.ns, "title": title, "pageid": p.id, "revid": r.id, "old_revid": r.parent, "rcid": len(d.changes) + 1,
		"user": user, "userid": 4, "bot": false, "new": kind == "new", "minor": false, "timestamp": r.at.Format(time.RFC3339), "comment": comment,
	})
	return r
}

// append adds to a talk page, as people do.
func (d *double) append(user, title, words string) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	ns := 1
	if strings.HasPrefix(title, "User talk:") {
		ns = 3
	}
	old := ""
	if p := d.page(title); p != nil {
		old = d.latest(p.id).text
	}
	return revisionID(d.edit(user, title, ns, strings.TrimRight(old, "\n")+"\n"+words+" "+d.sign(user)+"\n", "").id)
}

// say opens a section on the talk page of Kettle.
func (d *double) say(text string) string {
	d.mu.Lock()
	n := len(d.revs)
	d.mu.Unlock()
	return d.append("Maya", "Talk:Kettle", fmt.Sprintf("\n== Question %d ==\n[[User:Brewell|Brewell]], %s", n, written.Replace(text)))
}

// written is how a person types words that look like markup.
var written = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// remove hides a revision, as administrators do.
func (d *double) remove(id string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	r := d.revs[parseID(id)-1]
	r.gone = true
	d.log("revision", d.pages[r.page-1], map[string]any{"type": "revision", "ids": []any{strconv.FormatInt(r.id, 10)}, "old": map[string]any{"content": false}, "new": map[string]any{"content": true}})
}

func (d *double) log(action string, p *page, params map[string]any) {
	d.clock = d.clock.Add(time.Second)
	d.changes = append(d.changes, map[string]any{
		"type": "log", "ns": p.ns, "title": p.title, "pageid": p.id, "revid": 0, "old_revid": 0, "rcid": len(d.changes) + 1, "user": "Admin",
		"timestamp": d.clock.Format(time.RFC3339), "comment": "content was …", "logtype": "delete", "logaction": action, "logparams": params,
	})
}

var stamp = regexp.MustCompile(`\[\[User:Brewell\|Brewell\]\] \(\[\[User talk:Brewell\|talk\]\]\) [^\n]*$`)

func (d *double) ours() (out []string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, r := range d.revs {
		if r.user == "Brewell" {
			before := ""
			if r.parent > 0 {
				before = d.revs[r.parent-1].text
			}
			words, _ := added(before, r.text)
			out = append(out, plain(stamp.ReplaceAllString(words, "")))
		}
	}
	return out
}

func answerError(w http.ResponseWriter, code, info string) {
	w.Header().Set("MediaWiki-API-Error", code)
	reply(w, map[string]any{"error": map[string]any{"code": code, "info": info, "docref": "See <https://wiki.example/api.php> for API usage."}})
}

func reply(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = json.NewEncoder(w).Encode(v)
}

func refuse(w http.ResponseWriter, r *http.Request, t channeltest.Trouble) {
	_ = r.ParseForm()
	switch {
	case t == channeltest.Refused && r.Form.Get("action") == "edit":
		answerError(w, "protectedpage", "This page has been protected to prevent editing or other actions.")
	case r.Form.Get("action") == "login":
		reply(w, map[string]any{"login": map[string]any{"result": "Failed", "reason": "Incorrect username or password entered. Please try again."}})
	case r.Form.Get("type") == "login":
		reply(w, map[string]any{"query": map[string]any{"tokens": map[string]any{"logintoken": `t+\`}}})
	default:
		answerError(w, "assertuserfailed", "You are no longer logged in, so the action could not be completed.")
	}
}

func (d *double) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	form, err := url.ParseQuery(string(body))
	if err != nil {
		http.Error(w, "bad form", http.StatusBadRequest)
		return
	}
	q := r.URL.Query()
	for k, v := range form {
		q[k] = v
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.asked = append(d.asked, q)
	if r.URL.Path != "/w/api.php" {
		fmt.Fprint(w, `<html><head><link rel="EditURI" type="application/rsd+xml" href="/w/api.php?action=rsd"/></head></html>`)
		return
	}
	if q.Get("format") != "json" || q.Get("formatversion") != "2" || !strings.Contains(r.UserAgent(), "Parley") {
		http.Error(w, "no", http.StatusForbidden)
		return
	}
	if d.lag && q.Get("maxlag") != "" {
		w.Header().Set("Retry-After", "7")
		answerError(w, "maxlag", "Waiting for 10.0.0.1: 12 seconds lagged.")
		return
	}
	cookie, who := "", ""
	if c, err := r.Cookie("session"); err == nil {
		cookie, who = c.Value, d.sessions[c.Value]
	}
	if q.Get("assert") == "user" && who == "" {
		answerError(w, "assertuserfailed", "You are no longer logged in, so the action could not be completed.")
		return
	}
	switch {
	case q.Get("action") == "login":
		d.signIn(w, q, cookie, r.Method)
	case q.Get("action") == "edit":
		d.write(w, q, who, r.Method)
	case q.Get("type") == "login":
		d.next++
		cookie = fmt.Sprintf("s%d", d.next)
		d.sessions[cookie] = ""
		http.SetCookie(w, &http.Cookie{Name: "session", Value: cookie, Path: "/", HttpOnly: true})
		reply(w, map[string]any{"query": map[string]any{"tokens": map[string]any{"logintoken": cookie + `+\`}}})
	default:
		d.query(w, q, who)
	}
}

func (d *double) signIn(w http.ResponseWriter, q url.Values, cookie, method string) {
	switch {
	case method != http.MethodPost:
		answerError(w, "mustbeposted", "The \"login\" module requires a POST request.")
	case q.Get("lgtoken") != cookie+`+\`:
		reply(w, map[string]any{"login": map[string]any{"result": "WrongToken"}})
	case q.Get("lgname") != login || q.Get("lgpassword") != password:
		reply(w, map[string]any{"login": map[string]any{"result": "Failed", "reason": "Incorrect username or password entered. Please try again."}})
	default:
		d.sessions[cookie] = "Brewell"
		reply(w, map[string]any{"login": map[string]any{"result": "Success", "lguserid": 3, "lgusername": "Brewell"}})
	}
}

func (d *double) write(w http.ResponseWriter, q url.Values, who, method string) {
	switch {
	case method != http.MethodPost:
		answerError(w, "mustbeposted", "The \"edit\" module requires a POST request.")
		return
	case who == "" || q.Get("token") != who+`+\`:
		answerError(w, "badtoken", "Invalid CSRF token.")
		return
	}
	d.clock = time.Now().UTC().Truncate(time.Second)
	text := strings.ReplaceAll(q.Get("text"), "~~~~", d.sign(who))
	if sum := md5.Sum([]byte(q.Get("text"))); q.Has("md5") && q.Get("md5") != hex.EncodeToString(sum[:]) {
		answerError(w, "badmd5", "The supplied MD5 hash was incorrect.")
		return
	}
	title, ns := q.Get("title"), 1
	if id, err := strconv.ParseInt(q.Get("pageid"), 10, 64); err == nil {
		if id <= 0 || id > int64(len(d.pages)) || d.pages[id-1].gone {
			answerError(w, "nosuchpageid", "There is no page with that ID.")
			return
		}
		title, ns = d.pages[id-1].title, d.pages[id-1].ns
	}
	var old *rev
	if p := d.page(title); p != nil {
		old = d.latest(p.id)
	}
	comment := q.Get("summary")
	switch {
	case q.Get("section") == "new":
		before := ""
		if old != nil {
			before = strings.TrimRight(old.text, "\n") + "\n\n"
		}
		text = before + "== " + q.Get("sectiontitle") + " ==\n\n" + text + "\n"
	case old != nil && q.Get("baserevid") != strconv.FormatInt(old.id, 10):
		answerError(w, "editconflict", "Edit conflict.")
		return
	}
	if len(text) > 2<<20 {
		answerError(w, "contenttoobig", "The content you supplied exceeds the article size limit of 2,048 kibibytes.")
		return
	}
	r := d.editAt(who, title, ns, text, comment, d.clock)
	reply(w, map[string]any{"edit": map[string]any{"result": "Success", "pageid": r.page, "title": title, "oldrevid": r.parent, "newrevid": r.id, "newtimestamp": r.at.Format(time.RFC3339)}})
}

func (d *double) query(w http.ResponseWriter, q url.Values, who string) {
	out := map[string]any{}
	all := map[string]any{"batchcomplete": true, "query": out, "curtimestamp": d.clock.Format(time.RFC3339)}
	meta := strings.Split(q.Get("meta"), "|")
	if slices.Contains(meta, "siteinfo") {
		out["general"] = map[string]any{"sitename": "Kettlepedia", "server": "//wiki.example", "articlepath": "/wiki/$1", "script": "/w/index.php", "lang": "en"}
		out["namespaces"] = map[string]any{
			"0": map[string]any{"id": 0, "name": ""}, "1": map[string]any{"id": 1, "name": "Talk", "canonical": "Talk"},
			"2": map[string]any{"id": 2, "name": "Benutzer", "canonical": "User"}, "3": map[string]any{"id": 3, "name": "User talk", "canonical": "User talk"},
			"12": map[string]any{"id": 12, "name": "Help", "canonical": "Help"}, "13": map[string]any{"id": 13, "name": "Help talk", "canonical": "Help talk"},
		}
		out["namespacealiases"] = []any{map[string]any{"id": 2, "alias": "Benutzerin"}}
	}
	if slices.Contains(meta, "userinfo") {
		out["userinfo"] = map[string]any{"id": 3, "name": who}
		if who == "" {
			out["userinfo"] = map[string]any{"id": 0, "name": "127.0.0.1", "anon": true}
		}
	}
	if slices.Contains(meta, "tokens") {
		out["tokens"] = map[string]any{"csrftoken": who + `+\`}
	}
	switch {
	case q.Get("list") == "recentchanges":
		d.recent(q, out, all)
	case q.Get("list") == "usercontribs":
		list := []any{}
		for _, r := range slices.Backward(d.revs) {
			if r.user == q.Get("ucuser") && !r.gone {
				list = append(list, map[string]any{"revid": r.id, "pageid": r.page, "timestamp": r.at.Format(time.RFC3339), "comment": r.comment})
			}
		}
		from, _ := strconv.Atoi(q.Get("uccontinue"))
		n, _ := strconv.Atoi(q.Get("uclimit"))
		if end := from + n; end < len(list) {
			all["continue"] = map[string]any{"uccontinue": strconv.Itoa(end), "continue": "-||"}
			list = list[:end]
		}
		out["usercontribs"] = list[min(from, len(list)):]
	case q.Get("list") == "users":
		out["users"] = []any{map[string]any{"name": q.Get("ususers"), "userid": 4}}
		if q.Get("ususers") == "Nobody" {
			out["users"] = []any{map[string]any{"name": "Nobody", "missing": true}}
		}
	case q.Get("prop") == "revisions":
		d.revisions(q, out, all)
	}
	reply(w, all)
}

func (d *double) recent(q url.Values, out, all map[string]any) {
	list := []any{}
	from := 0
	if s := q.Get("rccontinue"); s != "" {
		from, _ = strconv.Atoi(s)
	}
	limit, _ := strconv.Atoi(q.Get("rclimit"))
	sorted := slices.Clone(d.changes)
	slices.SortStableFunc(sorted, func(a, b map[string]any) int {
		return strings.Compare(a["timestamp"].(string), b["timestamp"].(string))
	})
	if q.Get("rcdir") != "newer" {
		slices.Reverse(sorted)
	}
	for i, c := range sorted {
		if i < from || q.Get("rcdir") == "newer" && c["timestamp"].(string) < q.Get("rcstart") {
			continue
		}
		if len(list) == limit {
			all["continue"] = map[string]any{"rccontinue": strconv.Itoa(i), "continue": "-||"}
			break
		}
		list = append(list, c)
	}
	out["recentchanges"] = list
}

func (d *double) revisions(q url.Values, out, all map[string]any) {
	byPage := map[int64][]any{}
	var order []int64
	add := func(r *rev) {
		if _, ok := byPage[r.page]; !ok {
			order = append(order, r.page)
		}
		slot := map[string]any{"contentmodel": "wikitext", "content": r.text}
		if r.gone {
			slot = map[string]any{"texthidden": true}
		}
		byPage[r.page] = append(byPage[r.page], map[string]any{"revid": r.id, "parentid": r.parent, "user": r.user, "timestamp": r.at.Format(time.RFC3339), "slots": map[string]any{"main": slot}})
	}
	n := 0
	for s := range strings.SplitSeq(q.Get("revids"), "|") {
		if id, err := strconv.Atoi(s); err == nil && id > 0 && id <= len(d.revs) && !d.pages[d.revs[id-1].page-1].gone {
			if n++; n > d.limit {
				all["continue"] = map[string]any{"rvcontinue": s, "continue": "||"}
				break
			}
			add(d.revs[id-1])
		}
	}
	if id, err := strconv.ParseInt(q.Get("pageids"), 10, 64); err == nil && id <= int64(len(d.pages)) && !d.pages[id-1].gone {
		add(d.latest(id))
	}
	pages := []any{}
	for _, id := range order {
		p := d.pages[id-1]
		pages = append(pages, map[string]any{"pageid": id, "ns": p.ns, "title": p.title, "revisions": byPage[id]})
	}
	out["pages"] = pages
}
