package graph

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

func stampOf(t time.Time) string { return strconv.FormatInt(t.Unix(), 10) }

// heard receives and reads everything in a request; what cannot be read is
// counted.
func (d *desk) heard(r channel.Request) (out []social.Activity, bad int) {
	d.t.Helper()
	a, err := d.line.(channel.Receiver).Receive(r)
	if err != nil {
		d.t.Fatal(err)
	}
	for _, e := range a.Events {
		as, err := d.line.Read(e)
		if err != nil {
			bad++
		}
		out = append(out, as...)
	}
	return out, bad
}

func TestABatchWithOneBadItemKeepsTheOthers(t *testing.T) {
	d := open4(t, Facebook(), channel.Settings{"page": pageID})
	good := obj{"field": "feed", "value": obj{"item": "comment", "verb": "add", "comment_id": "1_2", "post_id": "1_1", "parent_id": "1_1",
		"from": obj{"id": 7}, "message": "hello", "created_time": 1750000000, "new_field": []int{1}}}
	mail := obj{"sender": obj{"id": "7"}, "recipient": obj{"id": pageID}, "timestamp": 1750000000000, "message": obj{"mid": "m_1", "text": "psst"}}
	body := obj{"object": "page", "entry": []any{
		obj{"id": pageID, "time": 1750000001, "changes": []any{7, good, obj{"field": "feed", "value": obj{"item": "comment", "verb": "add", "comment_id": []int{}}}, obj{"field": "unheard of", "value": "?"}},
			"messaging": []any{obj{"message": "?"}, mail, obj{"sender": obj{"id": 7}, "reaction": obj{"emoji": "x"}}}},
		"no entry", obj{"id": "999", "time": 1, "changes": []any{good}}, obj{"id": pageID},
	}}
	got, bad := d.heard(told(body))
	if len(got) != 2 || bad != 4 || got[0].Text != "hello" || got[1].Text != "psst" || got[0].Author.Value != "7" {
		t.Fatalf("%d unreadable, heard %+v", bad, got)
	}
}

func TestWhatAPageHears(t *testing.T) {
	d := open4(t, Facebook(), channel.Settings{"page": pageID})
	at := int64(1750000000)
	from := obj{"id": maya, "name": "Maya"}
	us := obj{"id": pageID, "name": "Brewell"}
	for name, x := range map[string]struct {
		field string
		value obj
		want  *social.Activity // nil: nothing
	}{
		"an answer to a comment":   {"feed", obj{"item": "comment", "verb": "add", "comment_id": "1_3", "post_id": "1_1", "parent_id": "1_2", "from": from, "message": "and?", "created_time": at}, &social.Activity{ExternalID: "1_3", Parent: "1_2", Root: "1_2", Form: social.FormComment, Directed: true}},
		"our own comment":          {"feed", obj{"item": "comment", "verb": "add", "comment_id": "1_4", "post_id": "1_1", "parent_id": "1_2", "from": us, "message": "yes", "created_time": at}, &social.Activity{ExternalID: "1_4", Parent: "1_2", Root: "1_2", Form: social.FormComment, Own: true}},
		"a visitor’s post":         {"feed", obj{"item": "post", "verb": "add", "post_id": "1_5", "from": from, "message": "hi", "created_time": at}, &social.Activity{ExternalID: "1_5", Form: social.FormPost, Directed: true}},
		"a picture in a comment":   {"feed", obj{"item": "comment", "verb": "add", "comment_id": "1_6", "post_id": "1_1", "parent_id": "1_1", "from": from, "photo": "https://x.example/a.jpg", "created_time": at}, &social.Activity{ExternalID: "1_6", Form: social.FormComment, Directed: true, Text: "[image]"}},
		"a mention":                {"mention", obj{"item": "post", "verb": "add", "post_id": "9_9", "sender_id": maya, "sender_name": "Maya", "message": "@Brewell!", "created_time": at}, &social.Activity{ExternalID: "9_9", Form: social.FormPost, Directed: true}},
		"a recommendation":         {"ratings", obj{"item": "rating", "verb": "add", "open_graph_story_id": "55", "reviewer_id": maya, "reviewer_name": "Maya", "review_text": "Good coffee", "recommendation_type": "POSITIVE", "created_time": at}, &social.Activity{ExternalID: "55", Form: social.FormReview, Directed: true, Rating: 5, Text: "Good coffee"}},
		"the opposite":             {"ratings", obj{"item": "rating", "verb": "add", "open_graph_story_id": "56", "reviewer_id": maya, "review_text": "Cold", "recommendation_type": "NEGATIVE", "created_time": at}, &social.Activity{ExternalID: "56", Form: social.FormReview, Directed: true, Rating: 1, Text: "Cold"}},
		"a like":                   {"feed", obj{"item": "reaction", "verb": "add", "post_id": "1_1", "from": from, "created_time": at}, nil},
		"a comment that is hidden": {"feed", obj{"item": "comment", "verb": "hide", "comment_id": "1_2", "post_id": "1_1", "from": from, "created_time": at}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			d.t = t
			got, bad := d.heard(told(entry("page", pageID, time.Unix(at, 0), "changes", feed(x.field, x.value))))
			switch {
			case bad > 0:
				t.Fatal("it cannot be read")
			case x.want == nil && len(got) == 0:
			case x.want == nil || len(got) != 1:
				t.Fatalf("heard %+v", got)
			default:
				g, w := got[0], *x.want
				if g.ExternalID != w.ExternalID || g.Parent != w.Parent || g.Root != w.Root || g.Form != w.Form || g.Own != w.Own || g.Directed != w.Directed ||
					g.Rating != w.Rating || g.Visibility != social.Public || (w.Text != "" && g.Text != w.Text) {
					t.Fatalf("heard %+v, want %+v", g, w)
				}
				if !g.Own && (g.Author.Scheme != "facebook" || g.Author.Issuer != pageID || g.Author.Value != maya) {
					t.Fatalf("by %+v", g.Author)
				}
				if g.Own && g.Author.ID() != d.line.(*wall).own().ID() {
					t.Fatalf("ours, by %+v", g.Author)
				}
			}
		})
	}
}

func TestEchoesAreOurOwnWords(t *testing.T) {
	d := open4(t, Messenger(), channel.Settings{"page": pageID})
	got, bad := d.heard(told(entry("page", pageID, d.now.Now(), "messaging", obj{"sender": obj{"id": pageID}, "recipient": obj{"id": maya},
		"timestamp": d.now.Now().UnixMilli(), "message": obj{"is_echo": true, "app_id": 1, "mid": "m_9", "text": "On its way."}})))
	if bad != 0 || len(got) != 1 || !got[0].Own || got[0].Directed || got[0].Root != "chat:"+maya || got[0].Author.Value != pageID {
		t.Fatalf("%+v", got)
	}
	_, r := d.written("page", pageID, "thanks")
	theirs, _ := d.heard(r)
	if theirs[0].Thread() != got[0].Thread() {
		t.Fatal("our words and theirs are in two threads")
	}

	// On Instagram our account may go by another id as a sender; the mark counts.
	i := open4(t, Instagram(), channel.Settings{"account": instaID})
	got, bad = i.heard(told(entry("instagram", instaID, i.now.Now(), "messaging", obj{"sender": obj{"id": "17800"}, "recipient": obj{"id": maya},
		"timestamp": i.now.Now().UnixMilli(), "message": obj{"is_echo": true, "mid": "m_10", "text": "On its way."}})))
	if bad != 0 || len(got) != 1 || !got[0].Own || got[0].Author.Value != instaID {
		t.Fatalf("%+v", got)
	}

	w := open4(t, WhatsApp(), channel.Settings{"phone": phoneID, "account": wabaID})
	got, bad = w.heard(told(obj{"object": "whatsapp_business_account", "entry": []any{obj{"id": wabaID, "changes": []any{feed("smb_message_echoes", obj{
		"messaging_product": "whatsapp", "metadata": obj{"phone_number_id": phoneID}, "message_echoes": []any{
			obj{"from": "49301234567", "to": mayaPhone, "to_user_id": mayaUser, "id": "wamid.E", "timestamp": stampOf(w.now.Now()), "type": "text", "text": obj{"body": "By hand."}}}})}}}}))
	if bad != 0 || len(got) != 1 || !got[0].Own || got[0].Root != "chat:"+mayaUser {
		t.Fatalf("%+v", got)
	}
}

func TestWhoSomebodyIsOnWhatsApp(t *testing.T) {
	d := open4(t, WhatsApp(), channel.Settings{"phone": phoneID, "account": wabaID})
	words := func(more obj) obj {
		m := obj{"id": d.id("wamid.%d"), "timestamp": stampOf(d.now.Now()), "type": "text", "text": obj{"body": "hi"}}
		for k, v := range more {
			m[k] = v
		}
		return m
	}
	for name, x := range map[string]struct {
		message, contact obj
		scheme, value    string
		handle           string
	}{
		"by phone alone":       {words(obj{"from": mayaPhone}), obj{"profile": obj{"name": "Maya"}, "wa_id": mayaPhone}, "tel", "+" + mayaPhone, ""},
		"by both":              {words(obj{"from": mayaPhone, "from_user_id": mayaUser}), obj{"profile": obj{"name": "Maya"}, "wa_id": mayaPhone, "user_id": mayaUser}, "whatsapp", mayaUser, ""},
		"by a name of her own": {words(obj{"from_user_id": mayaUser}), obj{"profile": obj{"name": "Maya", "username": "maya.l"}, "user_id": mayaUser}, "whatsapp", mayaUser, "maya.l"},
		"the id beside only":   {words(obj{"from": mayaPhone}), obj{"profile": obj{"name": "Maya"}, "wa_id": mayaPhone, "user_id": mayaUser}, "whatsapp", mayaUser, ""},
		"her number has changed, so her id too": {obj{"id": "wamid.S", "from": mayaPhone, "from_user_id": "DE.999", "timestamp": stampOf(d.now.Now()), "type": "system",
			"system": obj{"body": "User Maya changed her number.", "type": "user_changed_number", "wa_id": "4915100", "user_id": "DE.999", "previous_user_id": mayaUser}}, obj{}, "whatsapp", mayaUser, ""},
	} {
		t.Run(name, func(t *testing.T) {
			got, bad := d.heard(d.whatsWrote(x.message, x.contact))
			if bad != 0 || len(got) != 1 {
				t.Fatalf("%d unreadable, %+v", bad, got)
			}
			a := got[0].Author
			if a.Scheme != x.scheme || a.Value != x.value || a.Handle != x.handle || (a.Issuer == wabaID) != (x.scheme == "whatsapp") {
				t.Fatalf("%+v", a)
			}
			if got[0].Directed == (x.message["type"] == "system") {
				t.Fatal("what WhatsApp says wants no answer, what a customer says does")
			}
			if x.message["type"] == "system" {
				return
			}
			d.mu.Lock()
			d.wrote["tel:"+mayaPhone], d.wrote["user:"+mayaUser] = d.now.Now(), d.now.Now()
			d.mu.Unlock()
			if _, err := d.line.(channel.Sender).Send(t.Context(), social.Reply{Key: "k", To: a, Parent: got[0].ExternalID, Root: got[0].Root, Text: "Hello.", Visibility: social.Direct}); err != nil {
				t.Fatal(err)
			}
		})
	}
	_, err := d.line.(channel.Sender).Send(t.Context(), social.Reply{To: social.Author{Scheme: "whatsapp", Issuer: "another", Value: mayaUser}, Parent: "x", Text: "Hello.", Visibility: social.Direct})
	if !social.Invalid.Is(err) {
		t.Fatalf("an id of another business: %v", err)
	}
}

func TestWhatWhatsAppShows(t *testing.T) {
	for kind, x := range map[string]struct {
		part obj
		want string
	}{
		"image":       {obj{"caption": "look"}, "look\n[image]"},
		"document":    {obj{"filename": "bill.pdf"}, "[document: bill.pdf]"},
		"location":    {obj{"name": "Café", "address": "Street 1"}, "[location: Café Street 1]"},
		"button":      {obj{"text": "Yes"}, "Yes"},
		"interactive": {obj{"type": "list_reply", "list_reply": obj{"title": "Monday"}}, "Monday"},
		"audio":       {obj{}, "[audio]"},
		"hologram":    {obj{}, "[something that Parley cannot show]"},
	} {
		d := open4(t, WhatsApp(), channel.Settings{"phone": phoneID, "account": wabaID})
		got, bad := d.heard(d.whatsWrote(obj{"id": "wamid.1", "from": mayaPhone, "timestamp": stampOf(d.now.Now()), "type": kind, kind: x.part}, obj{}))
		if bad != 0 || len(got) != 1 || got[0].Text != x.want {
			t.Errorf("%s: %+v", kind, got)
		}
	}
	d := open4(t, WhatsApp(), channel.Settings{"phone": phoneID, "account": wabaID})
	if got, bad := d.heard(d.whatsWrote(obj{"id": "wamid.1", "from": mayaPhone, "timestamp": stampOf(d.now.Now()), "type": "reaction", "reaction": obj{"emoji": "👍"}}, obj{})); bad != 0 || len(got) != 0 {
		t.Errorf("a reaction: %+v", got)
	}
}

// TestTheWindow: what the channel says of the window is what Meta keeps.
func TestTheWindow(t *testing.T) {
	for name, x := range map[string]struct {
		kind channel.Kind
		set  channel.Settings
		say  func(d *desk) channel.Request
	}{
		"WhatsApp":                     {WhatsApp(), channel.Settings{"phone": phoneID, "account": wabaID}, func(d *desk) channel.Request { _, r := d.whatsSaid("hi"); return r }},
		"Messenger":                    {Messenger(), channel.Settings{"page": pageID}, func(d *desk) channel.Request { _, r := d.written("page", pageID, "hi"); return r }},
		"Messenger with Human Agent":   {Messenger(), channel.Settings{"page": pageID, "agent": "yes"}, func(d *desk) channel.Request { _, r := d.written("page", pageID, "hi"); return r }},
		"Instagram":                    {Instagram(), channel.Settings{"account": instaID}, func(d *desk) channel.Request { _, r := d.written("instagram", instaID, "hi"); return r }},
		"a private reply to a comment": {Facebook(), channel.Settings{"page": pageID}, func(d *desk) channel.Request { _, r := d.commented("hi"); return r }},
	} {
		t.Run(name, func(t *testing.T) {
			for late, kind := range map[bool]social.Kind{false: "", true: social.Forbidden} {
				d := open4(t, x.kind, x.set)
				began := d.now.Now()
				got, _ := d.heard(x.say(d))
				life := d.line.(channel.Windower).Window(got[0].Visibility, social.Direct)
				if life < day {
					t.Fatalf("a window of %v", life)
				}
				d.now.Move(began.Add(life))
				if late {
					d.now.Add(time.Second)
				}
				_, err := d.line.(channel.Sender).Send(t.Context(), social.Reply{Key: "k", To: got[0].Author, Parent: got[0].ExternalID, Root: got[0].Root, Text: "Hello.", Visibility: social.Direct})
				if social.KindOf(err) != kind || late && !strings.Contains(err.Error(), "write again") {
					t.Errorf("late %v: %v", late, err)
				}
			}
		})
	}
}

func TestAPrivateReplyIsTakenOnce(t *testing.T) {
	d := open4(t, Facebook(), channel.Settings{"page": pageID})
	_, r := d.commented("hi")
	got, _ := d.heard(r)
	s := d.line.(channel.Sender)
	reply := social.Reply{Key: "k", To: got[0].Author, Parent: got[0].ExternalID, Root: got[0].Thread(), Text: "Hello.", Visibility: social.Direct}
	if _, err := s.Send(t.Context(), reply); err != nil {
		t.Fatal(err)
	}
	found, err := d.line.(channel.Finder).Find(t.Context(), reply)
	if err != nil || found.ExternalID == "" {
		t.Fatalf("%+v, %v", found, err)
	}
	if _, err := s.Send(t.Context(), reply); !social.Invalid.Is(err) {
		t.Fatalf("a second one: %v", err)
	}
}

func TestErrorsByMetasCodes(t *testing.T) {
	c := &client{title: "Meta", version: usual}
	for _, x := range []struct {
		code, sub int
		kind      social.Kind
	}{
		{190, 460, social.Unauth}, {4, 0, social.Busy}, {613, 0, social.Busy}, {80007, 0, social.Busy}, {130429, 0, social.Busy}, {131056, 0, social.Busy},
		{2, 0, social.Unknown}, {131016, 0, social.Unknown}, {10, 2018278, social.Forbidden}, {10, 2534022, social.Forbidden}, {131047, 0, social.Forbidden},
		{551, 0, social.Forbidden}, {131026, 0, social.Forbidden}, {10, 0, social.Forbidden}, {230, 0, social.Forbidden}, {368, 0, social.Forbidden},
		{100, 33, social.NotFound}, {100, 2018001, social.NotFound}, {803, 0, social.NotFound}, {2635, 0, social.Forbidden}, {100, 0, social.Invalid}, {131009, 0, social.Invalid}, {999999, 0, social.Invalid},
	} {
		w := httpAnswer(400, x.code, x.sub)
		err := c.refusal(w, true)
		if social.KindOf(err) != x.kind || !strings.HasSuffix(err.Error(), ".") {
			t.Errorf("%d/%d: %s, %v", x.code, x.sub, social.KindOf(err), err)
		}
	}
	w := httpAnswer(400, 80007, 0)
	w.Header.Set("X-Business-Use-Case-Usage", `{"102":[{"type":"messenger","call_count":100,"estimated_time_to_regain_access":9}]}`)
	var later channel.RetryAfter
	if err := c.refusal(w, true); !asLater(err, &later) || later.RetryAfter() != 9*time.Minute {
		t.Errorf("%v", err)
	}
}

func TestWhatEnds(t *testing.T) {
	d := open4(t, WhatsApp(), channel.Settings{"phone": phoneID, "account": wabaID, "version": "v21.0"})
	d.now.Move(time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC))
	d.expire = d.now.Now().Add(48 * time.Hour).Unix()
	x := d.line.(channel.Expirer)
	got, err := x.Expiries(t.Context())
	if err != nil || len(got) != 2 || got[0].What != "API version v21.0" || got[0].At.Format(time.DateOnly) != "2027-01-21" || got[1].What != "token" || !got[1].At.Equal(d.now.Now().Add(48*time.Hour)) {
		t.Fatalf("%+v, %v", got, err)
	}
	d.expire = 0
	if got, err = x.Expiries(t.Context()); err != nil || len(got) != 1 {
		t.Fatalf("a token without end: %+v, %v", got, err)
	}
	// After the end calls fail, in a sentence that says what to do.
	d.now.Move(time.Date(2027, 1, 21, 1, 0, 0, 0, time.UTC))
	if _, err := d.line.(channel.Profiler).Self(t.Context()); !social.Forbidden.Is(err) || !strings.Contains(err.Error(), "v21.0") {
		t.Fatalf("%v", err)
	}
	d.valid = false
	d.now.Move(time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC))
	if _, err := x.Expiries(t.Context()); !social.Unauth.Is(err) {
		t.Fatalf("%v", err)
	}
	if _, ok := end(usual); ok {
		at, _ := end(usual)
		if at.Before(time.Date(2027, 6, 1, 0, 0, 0, 0, time.UTC)) {
			t.Errorf("%s ends %v: choose a newer one for new channels", usual, at)
		}
	}
}

func TestARequestWithoutPermissionIsRefused(t *testing.T) {
	d := open4(t, Facebook(), channel.Settings{"page": pageID})
	d.scopes = nil
	_, r := d.commented("hi")
	got, _ := d.heard(r)
	for _, v := range []social.Visibility{social.Public, social.Direct} {
		_, err := d.line.(channel.Sender).Send(t.Context(), social.Reply{To: got[0].Author, Parent: got[0].ExternalID, Text: "Hello.", Visibility: v})
		if !social.Forbidden.Is(err) {
			t.Errorf("%s: %v", v, err)
		}
	}
	// Another secret: the proof is wrong.
	c, err := Facebook().New(settings(d.server.URL, channel.Settings{"page": pageID, "secret": "another"}), d.server.Env(d.now))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.(channel.Profiler).Self(t.Context()); !social.Invalid.Is(err) {
		t.Errorf("a wrong proof: %v", err)
	}
}

func TestInstagramsRulesForComments(t *testing.T) {
	d := open4(t, Instagram(), channel.Settings{"account": instaID})
	for _, text := range []string{"#a #b #c #d #e", "https://a.example https://b.example", "WE ARE HERE"} {
		_, err := d.line.(channel.Sender).Send(t.Context(), social.Reply{Parent: "1799", Text: text, Visibility: social.Public})
		if !social.Invalid.Is(err) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestSettings(t *testing.T) {
	kinds := map[string]channel.Settings{"page": {"page": pageID}, "account": {"account": instaID}, "phone": {"phone": phoneID, "account": wabaID}}
	for field, wrong := range map[string]string{"token": "two words", "app": "x", "secret": "", "verify": "", "version": "latest", "address": "ftp://x", "page": "brewell", "hears": "all"} {
		s := settings("https://graph.facebook.com", kinds["page"])
		s[field] = wrong
		_, err := Facebook().New(s, channel.Env{})
		var e *social.Error
		if !asError(err, &e) || e.Field != field || !social.Invalid.Is(err) {
			t.Errorf("%s=%q: %v", field, wrong, err)
		}
	}
	for _, k := range []channel.Kind{Facebook(), Messenger(), Instagram(), WhatsApp()} {
		if len(k.Steps) < 4 || k.About == "" || k.Site == "" {
			t.Errorf("%s is not explained", k.Name)
		}
		raw, err := json.Marshal(k.Form)
		if err != nil || strings.Count(string(raw), `"secret","required":true`) != 3 {
			t.Errorf("%s: %s", k.Name, raw)
		}
	}
}

func TestMarksComeInAnyOrder(t *testing.T) {
	d := open4(t, WhatsApp(), channel.Settings{"phone": phoneID, "account": wabaID})
	var states []channel.ReportState
	for _, s := range []string{"read", "sent", "delivered", "read", "warning", "failed"} {
		a, err := d.line.(channel.Receiver).Receive(d.whatsMarked(obj{"id": "wamid.1", "status": s, "timestamp": stampOf(d.now.Now()), "errors": []any{obj{"code": 131047, "title": "Re-engagement message"}}}))
		if err != nil || len(a.Events) != 1 {
			t.Fatal(err)
		}
		rs, err := d.line.(channel.Reporter).Reports(a.Events[0])
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rs {
			states = append(states, r.State)
			if (r.Text != "") != (r.State == channel.ReportFailed) {
				t.Errorf("%+v", r)
			}
		}
	}
	if len(states) != 4 || states[0] != channel.ReportRead || states[3] != channel.ReportFailed {
		t.Fatalf("%v", states)
	}
}
