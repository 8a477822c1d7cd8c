package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/channel/practice"
	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/people/consent"
	"github.com/parley-crm/parley/people/deal"
	"github.com/parley-crm/parley/people/mend"
	"github.com/parley-crm/parley/people/peopledb"
	"github.com/parley-crm/parley/people/privacy"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
)

// A customer asks for a link, is sent it where they wrote in private, sees what
// is held of that account and of no other, agrees, corrects, and asks to be
// forgotten. Whoever asks learns nothing of who is known.
func TestCustomersHelpThemselves(t *testing.T) {
	onBoth(t, helpThemselves)
}

func helpThemselves(t *testing.T, where store.Options) {
	ctx := asParley(context.Background())
	now := clock.NewSet(time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC))
	h, err := build(ctx, plan{store: where, base: "https://parley.example", clock: now, timing: engage.Timing{Undo: time.Millisecond}})
	if err != nil {
		t.Fatal(err)
	}
	defer h.db.Close()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	wide := server.Limit{Burst: 1e6, Second: 1e6}
	door := h.server(server.Options{Version: "test", Limits: server.Limits{Guest: wide, Knock: wide, Member: wide}}).Handler()
	come := func(method, path string, form url.Values) (int, string) {
		t.Helper()
		r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		door.ServeHTTP(w, r)
		return w.Code, w.Body.String()
	}
	if code, _ := come("GET", "/me/", nil); code != http.StatusNotFound {
		t.Errorf("a page that is off answers %d", code)
	}

	admin, err := h.office.AddAdmin(ctx, "ada@brewell.example", "Ada", "correct horse battery staple")
	must(err)
	me := social.WithScope(social.WithActor(ctx, admin.Actor()), social.Scope{All: true})
	policies, _, err := h.office.Policies(me, "", 10)
	must(err)
	for _, p := range policies {
		_, err = h.office.Acknowledge(me, p.ID, p.Version)
		must(err)
	}
	_, err = h.self.Keep(me, true)
	must(err)
	_, err = h.station.AddChannel(me, listen.Draft{Kind: "practice", Name: "Practice", Settings: map[string]string{"site": "microblog", "handle": "brewell"}})
	must(err)
	address, err := h.deals.AddField(me, deal.Field{Of: deal.OfPerson, Name: "Postal address", Type: "text", Customer: true})
	must(err)
	size, err := h.deals.AddField(me, deal.Field{Of: deal.OfPerson, Name: "Cup", Type: "choice", Choices: []string{"Small", "Large"}, Customer: true})
	must(err)
	_, err = h.deals.AddField(me, deal.Field{Of: deal.OfPerson, Name: "Our rating", Type: "number"})
	must(err)
	_, err = h.consents.WriteText(me, consent.Text{Purpose: consent.Marketing, Lang: "en", Name: "News", Body: "We write to you once a month."})
	must(err)
	h.network.Join(practice.Persona{Handle: "maya", Name: "Maya Brook"}, practice.Persona{Handle: "bob", Name: "Bob"})
	_, err = h.network.Direct("maya", practice.Said{Site: practice.Microblog, To: "brewell", Text: "my <b>order</b> is 4711"})
	must(err)
	_, err = h.network.Post("bob", practice.Said{Text: "@brewell hello from Bob"})
	must(err)
	settle := func() {
		t.Helper()
		now.Add(time.Second)
		for _, c := range h.station.ChannelsSeen(ctx) {
			must(h.station.PollNow(ctx, c.ID))
		}
		must(h.db.Drain(ctx, h.followers()...))
		_, err := h.desk.Post(ctx)
		must(err)
	}
	settle()
	talk := h.self.Store.(*peopledb.DB)
	ids, err := talk.Called(ctx, "maya")
	must(err)
	rows, err := h.talks.Of(ctx, ids, 1)
	must(err)
	_, err = h.desk.Note(me, rows[0].ID, engage.Remark{Key: "n", Text: "between us: a difficult one"})
	must(err)
	links := func() []string {
		t.Helper()
		h.self.Wait()
		settle()
		var texts []string
		must(h.db.IDB(ctx).NewRaw("SELECT text FROM message WHERE kind = 'ours' AND text LIKE '%/me/%' ORDER BY at").Scan(ctx, &texts))
		var out []string
		for _, x := range texts {
			out = append(out, regexp.MustCompile(`/me/[\w-]+`).FindString(x))
		}
		return out
	}

	var said string
	for _, name := range []string{"nobody@nowhere.example", "bob", "@maya", "MAYA", "", strings.Repeat("x", 400)} {
		code, body := come("POST", "/me/", url.Values{"name": {name}})
		if said == "" {
			said = body
		}
		if code != http.StatusOK || body != said {
			t.Errorf("%q is answered %d, and otherwise than somebody whom nobody knows", name, code)
		}
	}
	now.Add(5 * time.Minute)
	come("POST", "/me/", url.Values{"name": {"maya"}}) // too soon for another
	got := links()
	if len(got) != 1 {
		t.Fatalf("links that were sent: %q", got)
	}
	link := got[0]
	code, body := come("GET", link, nil)
	if code != http.StatusOK || !strings.Contains(body, "my &lt;b&gt;order&lt;/b&gt; is 4711") || strings.Contains(body, "Bob") || strings.Contains(body, "between us") || !strings.Contains(body, "We write to you once a month.") {
		t.Errorf("%d: %s", code, body)
	}
	for _, bad := range []string{link + "x", "/me/x", link[:len(link)-3]} {
		if code, body := come("GET", bad, nil); code != http.StatusNotFound || strings.Contains(body, "4711") {
			t.Errorf("%s is answered %d", bad, code)
		}
	}

	if code, body := come("GET", link+"?lang=de", nil); code != http.StatusOK || !strings.Contains(body, `<html lang="de">`) || !strings.Contains(body, "Was wir gespeichert haben von Maya Brook") || !strings.Contains(body, "Nachrichten: ") {
		t.Errorf("in German: %d: %s", code, body)
	}
	if code, body := come("POST", link+"?lang=de", url.Values{"do": {"erasure"}}); code != 422 || !strings.Contains(body, "Kreuzen Sie an, dass Sie sicher sind.") || !strings.Contains(body, link+"?lang=de") {
		t.Errorf("pressed in German: %d: %s", code, body)
	}
	press := func(want int, has string, pairs ...string) {
		t.Helper()
		form := url.Values{}
		for i := 0; i < len(pairs); i += 2 {
			form.Set(pairs[i], pairs[i+1])
		}
		if code, body := come("POST", link, form); code != want || !strings.Contains(body, has) {
			t.Errorf("%v: %d: %s", pairs, code, body)
		}
	}
	press(200, "that is written down", "do", "agree", "purpose", consent.Marketing, "yes", "yes")
	press(200, "Taken back.", "do", "agree", "purpose", consent.Marketing, "yes", "no")
	press(404, "", "do", "agree", "purpose", "topic:none", "yes", "yes")
	press(200, "A colleague will look at it", "do", "correct", "words", "My name is Maja")
	press(422, "what is wrong", "do", "correct", "words", " ")
	_, who, err := h.persons.Account(ctx, ids[0])
	must(err)
	_, err = h.deals.Fill(me, deal.OfPerson, string(who), map[string]string{address.Key: "Old Road 1"}, deal.ByMember)
	must(err)
	correctThemselves(t, h, me, who, link, come, now, address.ID, size.ID)
	press(422, "Tick that you are sure", "do", "erasure")
	press(200, "You asked to be forgotten on", "do", "erasure", "sure", "yes")
	press(200, "You asked for a copy on", "do", "export")
	press(422, "does not know", "do", "everything")
	list, _, err := h.keeper.Store.Requests(ctx, privacy.Query{Limit: 10})
	must(err)
	if len(list) != 2 || list[0].AskedBy != "customer" || list[0].State != privacy.Open {
		t.Errorf("the register: %+v", list)
	}
	notices, _, err := h.office.MyNotices(me, false, "", 50)
	must(err)
	var told []string
	for _, n := range notices {
		told = append(told, n.Text)
	}
	for _, want := range []string{"My name is Maja", "Maya Brook says what is right about them: Name, Postal address, Cup."} {
		if !strings.Contains(strings.Join(told, "\n"), want) {
			t.Errorf("colleagues were told %q, without %q", told, want)
		}
	}

	now.Add(66 * time.Minute)
	if code, _ := come("GET", link, nil); code != http.StatusNotFound {
		t.Errorf("a link of an hour ago answers %d", code)
	}
	come("POST", "/me/", url.Values{"name": {"maya"}})
	if got = links(); len(got) != 2 || got[1] == link {
		t.Errorf("links that were sent: %q", got)
	}
	_, err = h.self.Keep(me, false)
	must(err)
	if code, _ := come("GET", got[1], nil); code != http.StatusNotFound {
		t.Errorf("turned off, a link answers %d", code)
	}

	// Another account of what we hold to be the same person has proven nothing of this one.
	bobs, err := talk.Called(ctx, "bob")
	must(err)
	other, err := h.book.Behind(ctx, bobs[0])
	must(err)
	_, err = h.book.Join(me, who, other.ID)
	must(err)
	stands, err := h.mends.Stands(ctx, bobs[0])
	must(err)
	for field, x := range stands {
		if x.Value != "" {
			t.Errorf("%q is shown to an account that never said it: %+v", field, x)
		}
	}
	if !stands[address.ID].Known || !stands[""].Known {
		t.Errorf("what is known of them: %+v", stands)
	}
}

// correctThemselves lets Maya say what is right, and Ada decide.
func correctThemselves(t *testing.T, h *house, me context.Context, who social.PersonID, link string, come func(method, path string, form url.Values) (int, string), now *clock.Set, address, cup deal.FieldID) {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	propose := func(lang string, want int, has string, pairs ...string) {
		t.Helper()
		form := url.Values{"do": {"propose"}}
		for i := 0; i < len(pairs); i += 2 {
			form.Set("right."+pairs[i], pairs[i+1])
		}
		if code, body := come("POST", link+lang, form); code != want || !strings.Contains(body, has) {
			t.Errorf("%v: %d, without %q: %s", pairs, code, has, body)
		}
	}
	if _, body := come("GET", link, nil); !strings.Contains(body, "Known to us; not shown here.") || strings.Contains(body, "as you told us:") || !strings.Contains(body, "Postal address") || strings.Contains(body, "Our rating") || strings.Contains(body, "Old Road") {
		t.Errorf("what may be corrected: %s", body)
	}
	propose("", 422, "into one of the fields", "", " \u202e\x00 ")
	propose("", 422, "Cup: Choose one of the list.", string(cup), "Huge")
	propose("?lang=de", 422, "Name: Das ist zu lang.", "", strings.Repeat("🫖", 201))
	propose("", 422, "into one of the fields", "nothing", "x") // a field that there is not, or not for them
	if list, err := h.mends.About(me, who); err != nil || len(list) != 0 {
		t.Fatalf("what was refused is kept: %+v %v", list, err)
	}
	propose("", 200, "A colleague will look at it", "", "Maja", string(address), "Wrong Road 2", string(cup), "Large")
	now.Add(time.Second)
	propose("?lang=de", 200, "Jemand von uns sieht es sich an.", "", "  Maja\u202e <b>Brook</b>\n", string(address), "New Road 2\r\n1010 Wien")
	if code, body := come("GET", link, nil); code != 200 || strings.Contains(body, "Wrong Road") || !strings.Contains(body, "Maja &lt;b&gt;Brook&lt;/b&gt;") || !strings.Contains(body, "You said so on 20 November 2026") {
		t.Errorf("what waits: %d: %s", code, body)
	}
	of := map[deal.FieldID]mend.Shown{}
	list, err := h.mends.About(me, who)
	must(err)
	for _, x := range list {
		of[x.Field] = x
	}
	if x := of[address]; len(list) != 3 || x.Old != "Old Road 1" || x.Value != "New Road 2\n1010 Wien" || x.Account.Handle != "maya" || of[""].Old != "Maya Brook" {
		t.Fatalf("proposed: %+v", list)
	}
	held := func() string {
		t.Helper()
		p, err := h.book.Person(me, who)
		must(err)
		v, err := h.deals.Values(me, deal.OfPerson, string(who))
		must(err)
		return p.Name + "|" + v[address].Value + "|" + string(v[address].Source) + "|" + v[cup].Value
	}
	if got := held(); got != "Maya Brook|Old Road 1|member|" {
		t.Errorf("changed by a proposal alone: %s", got)
	}
	outside := social.WithScope(me, social.Scope{})
	if _, err := h.mends.Decide(outside, of[address].ID, true, ""); !social.NotFound.Is(err) {
		t.Errorf("decided out of scope: %v", err)
	}
	for _, x := range []mend.Shown{of[""], of[address]} {
		if _, err := h.mends.Decide(me, x.ID, true, ""); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := h.mends.Decide(me, of[address].ID, false, ""); !social.Conflict.Is(err) {
		t.Errorf("decided twice: %v", err)
	}
	if got := held(); got != "Maja <b>Brook</b>|New Road 2\n1010 Wien|customer|" {
		t.Errorf("accepted: %s", got)
	}
	// What this account said itself is shown beside the field; what stands from elsewhere is not.
	if _, body := come("GET", link, nil); !strings.Contains(body, "With us stands, as you told us: Maja &lt;b&gt;Brook&lt;/b&gt;") || !strings.Contains(body, "With us stands, as you told us: New Road 2") || !strings.Contains(body, "Nothing stands there yet.") {
		t.Errorf("what stands as they said it: %s", body)
	}
	address1, err := h.deals.Store.Fields(me, deal.OfPerson)
	must(err)
	if kept, err := h.deals.Fill(me, deal.OfPerson, string(who), map[string]string{address1[0].Key: "by a program"}, deal.ByImport); err != nil || len(kept) != 1 {
		t.Errorf("a program wrote over the customer: %v %v", kept, err)
	}
	_, err = h.mends.Undo(me, of[address].ID)
	must(err)
	_, err = h.mends.Undo(me, of[""].ID)
	must(err)
	if _, body := come("GET", link+"?lang=de", nil); strings.Contains(body, "Old Road") || strings.Contains(body, "wie Sie es gesagt haben") || !strings.Contains(body, "Uns bekannt; wird hier nicht gezeigt.") {
		t.Errorf("what stands from elsewhere: %s", body)
	}
	if got := held(); got != "Maya Brook|Old Road 1|member|" {
		t.Errorf("taken back: %s", got)
	}
	p, err := h.book.Person(me, who)
	must(err)
	if p.NameEdited {
		t.Error("the name that a network gave counts as a colleague's after undo")
	}
	_, err = h.mends.Decide(me, of[address].ID, true, "")
	must(err)
	_, err = h.deals.Fill(me, deal.OfPerson, string(who), map[string]string{address1[0].Key: "By hand 3"}, deal.ByMember)
	must(err)
	if _, err := h.mends.Undo(me, of[address].ID); !social.Conflict.Is(err) {
		t.Errorf("undo wrote over a colleague: %v", err)
	}
	_, err = h.mends.Decide(me, of[cup].ID, false, "We <i>sell</i> one size.")
	must(err)
	if code, body := come("GET", link+"?lang=de", nil); code != 200 || !strings.Contains(body, "Übernommen am 20. November 2026.") || !strings.Contains(body, "Wir sagen dazu: We &lt;i&gt;sell&lt;/i&gt; one size.") {
		t.Errorf("what became of it: %d: %s", code, body)
	}
	for i := range mend.MostDay - 5 {
		propose("", 200, "", "", "Name "+strings.Repeat("i", i+1))
	}
	propose("", 503, "That is much for one day", "", "One more")
	now.Add(time.Second)
}

// Our words to somebody go with them, though their conversation was merged
// into one of somebody else; what was said to that one stays.
func TestErasureReachesMergedConversations(t *testing.T) {
	ctx := asParley(context.Background())
	h, err := build(ctx, plan{store: store.Options{Dir: t.TempDir()}})
	if err != nil {
		t.Fatal(err)
	}
	defer h.db.Close()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	admin, err := h.office.AddAdmin(ctx, "ada@brewell.example", "Ada", "correct horse battery staple")
	must(err)
	me := social.WithScope(social.WithActor(ctx, admin.Actor()), social.Scope{All: true})
	_, err = h.station.AddChannel(me, listen.Draft{Kind: "practice", Name: "Practice", Settings: map[string]string{"site": "microblog", "handle": "brewell"}})
	must(err)
	h.network.Join(practice.Persona{Handle: "maya", Name: "Maya Brook"}, practice.Persona{Handle: "bob", Name: "Bob"})
	_, err = h.network.Direct("maya", practice.Said{Site: practice.Microblog, To: "brewell", Text: "it is about my allergy"})
	must(err)
	_, err = h.network.Post("bob", practice.Said{Text: "@brewell hello"})
	must(err)
	for _, c := range h.station.ChannelsSeen(ctx) {
		must(h.station.PollNow(ctx, c.ID))
	}
	must(h.db.Drain(ctx, h.followers()...))
	talk := map[string]engage.Row{}
	for _, name := range []string{"maya", "bob"} {
		ids, err := h.persons.Called(ctx, name)
		must(err)
		rows, err := h.talks.Of(ctx, ids, 1)
		must(err)
		talk[name] = rows[0]
		_, err = h.desk.Note(me, rows[0].ID, engage.Remark{Key: name, Text: "a note on " + name})
		must(err)
	}
	_, err = h.desk.Merge(me, talk["bob"].ID, []social.ConversationID{talk["maya"].ID})
	must(err)
	_, person, err := h.persons.Account(ctx, talk["maya"].Identity)
	must(err)
	r, err := h.keeper.Ask(ctx, privacy.Request{Person: person, Kind: privacy.Erasure, AskedBy: "customer"})
	must(err)
	_, err = h.keeper.Carry(ctx, r.ID)
	must(err)
	must(h.keeper.Work(ctx))
	var left []string
	must(h.db.IDB(ctx).NewRaw("SELECT text FROM message WHERE text <> '' AND kind <> 'event' ORDER BY text").Scan(ctx, &left))
	if got := strings.Join(left, " | "); got != "@brewell hello | a note on bob" {
		t.Errorf("what is left: %q", got)
	}
}
