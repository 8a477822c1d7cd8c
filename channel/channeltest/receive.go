package channeltest

import (
	"bytes"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// old is how far the time in a signature is off when it must be refused.
const old = 6 * time.Minute

// onlyHook reports whether the channel is told by webhook and in no other way.
func (r *Rig) onlyHook() bool {
	_, poll := r.Channel.(channel.Poller)
	_, stream := r.Channel.(channel.Streamer)
	return !poll && !stream
}

// hooked lets what is said come by webhook where it comes in no other way.
func (r *Rig) hooked() {
	if r.Hook != nil && r.onlyHook() && r.Say == nil {
		r.Say = func(text string) string {
			id, request := r.Hook.Say(text)
			r.told = append(r.told, request)
			return id
		}
	}
	if r.Hook != nil && r.Hook.Attach != nil && r.Attach == nil {
		r.Attach = func(text string, files ...File) string {
			id, request := r.Hook.Attach(text, files...)
			r.told = append(r.told, request)
			return id
		}
	}
	if r.Trouble == nil {
		r.Trouble = func(Trouble) {}
	}
}

// delivered takes what is on its way to the webhook.
func (r *Rig) delivered(t *testing.T) []channel.Event {
	t.Helper()
	if r.Came != nil {
		return r.Came()
	}
	var out []channel.Event
	for _, request := range r.told {
		out = append(out, received(t, r, request)...)
	}
	r.told = nil
	return out
}

// received is what a good request brings.
func received(t *testing.T, rig *Rig, r channel.Request) []channel.Event {
	t.Helper()
	a, err := rig.Channel.(channel.Receiver).Receive(clone(r))
	if err != nil {
		t.Fatalf("a good request was refused: %v\n%+v", err, r.Header)
	}
	if a.Status != 0 && (a.Status < 200 || a.Status > 299) {
		t.Fatalf("a good request was answered %d", a.Status)
	}
	return a.Events
}

func clone(r channel.Request) channel.Request {
	r.Header, r.Body = r.Header.Clone(), bytes.Clone(r.Body)
	if r.Header == nil {
		r.Header = http.Header{}
	}
	return r
}

// unauth fails unless a request is refused because it proves nothing.
func unauth(t *testing.T, rig *Rig, r channel.Request, what string) {
	t.Helper()
	a, err := rig.Channel.(channel.Receiver).Receive(clone(r))
	if err == nil {
		t.Fatalf("%s: taken, with %d events", what, len(a.Events))
	}
	if len(a.Events) > 0 {
		t.Fatalf("%s: refused, and yet %d events", what, len(a.Events))
	}
	kinds(t, err, social.Unauth)
	for _, part := range rig.Hook.Signed { // what would have been right is told to nobody
		_, good := rig.Hook.Say("what is right?")
		for _, v := range values(good, part) {
			if len(v) > 16 && strings.Contains(err.Error(), v) {
				t.Fatalf("%s: the error tells the %s", what, part)
			}
		}
	}
}

// values are the values of a signed part of a request.
func values(r channel.Request, part string) []string {
	switch {
	case part == "/":
		return []string{r.Path}
	case strings.HasPrefix(part, "?"):
		u, err := url.Parse(r.URL)
		if err != nil {
			return nil
		}
		return u.Query()[part[1:]]
	}
	return r.Header.Values(part)
}

// with returns a request with other values of a signed part.
func with(r channel.Request, part string, vs ...string) channel.Request {
	r = clone(r)
	switch {
	case part == "/":
		was := r.Path
		r.Path = strings.Join(vs, "/")
		r.URL = strings.Replace(r.URL, was, r.Path, 1)
	case strings.HasPrefix(part, "?"):
		if u, err := url.Parse(r.URL); err == nil {
			q := u.Query()
			q[part[1:]] = vs
			if len(vs) == 0 {
				delete(q, part[1:])
			}
			u.RawQuery = q.Encode()
			r.URL = u.String()
		}
	default:
		r.Header[http.CanonicalHeaderKey(part)] = vs
		if len(vs) == 0 {
			delete(r.Header, http.CanonicalHeaderKey(part))
		}
	}
	return r
}

// garbage is what nobody may try to understand before it is proved.
func garbage() [][]byte {
	return [][]byte{nil, {}, []byte("null"), []byte("{"), []byte("[]"), []byte(`""`), []byte("\x00\xff\xfe"), []byte("<html>"), []byte("a=%zz&b"),
		bytes.Repeat([]byte("["), 100_000), bytes.Repeat([]byte(`{"a":`), 100_000), []byte(strings.Repeat("x", 1<<20))}
}

// receiving tests Receive.
func receiving(t *testing.T, make Make) {
	if make(t).Hook == nil {
		t.Fatal("a Receiver needs a Rig with a Hook")
	}
	t.Run("hears what was said", func(t *testing.T) {
		rig := make(t)
		keys := map[string]bool{}
		for _, text := range []string{"one & two", "Grüße 😀", "one & two"} { // the same words again are said again
			id, r := rig.Hook.Say(text)
			events := received(t, rig, r)
			a := find(t, rig, events, id, social.Create)
			if a.Text != text {
				t.Fatalf("said %q, heard %q", text, a.Text)
			}
			for _, e := range events {
				if e.Key == "" || keys[e.Key] {
					t.Fatalf("the key %q is empty, or was had before", e.Key)
				}
				keys[e.Key] = true
			}
		}
	})
	t.Run("a replay changes nothing", func(t *testing.T) {
		rig := make(t)
		_, r := rig.Hook.Say("once")
		first := received(t, rig, r)
		for range 3 {
			again := received(t, rig, r)
			if len(again) != len(first) {
				t.Fatalf("%d events, then %d", len(first), len(again))
			}
			for i := range again {
				if again[i].Key != first[i].Key || !reflect.DeepEqual(read(t, rig, again[i]), read(t, rig, first[i])) {
					t.Fatalf("first %q, then %q", first[i].Key, again[i].Key)
				}
			}
		}
	})
	t.Run("needs no network and changes no request", func(t *testing.T) {
		rig := make(t)
		_, r := rig.Hook.Say("alone")
		rig.Trouble(Away)
		was := clone(r)
		if _, err := rig.Channel.(channel.Receiver).Receive(r); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(was.Body, r.Body) || !reflect.DeepEqual(was.Header, clone(r).Header) {
			t.Fatal("Receive changes the request")
		}
	})
	t.Run("edit and delete", func(t *testing.T) { changes(t, make) })
	t.Run("proof", func(t *testing.T) { proving(t, make) })
	t.Run("time", func(t *testing.T) { timing(t, make) })
	t.Run("method", func(t *testing.T) {
		rig := make(t)
		_, r := rig.Hook.Say("by another door")
		for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete, ""} {
			if method == r.Method {
				continue
			}
			other := clone(r)
			other.Method = method
			if a, err := rig.Channel.(channel.Receiver).Receive(other); len(a.Events) > 0 {
				t.Fatalf("%q brought %d events, %v", method, len(a.Events), err)
			}
		}
	})
	t.Run("nothing is read before it is proved", func(t *testing.T) {
		rig := make(t)
		_, good := rig.Hook.Say("proved")
		for _, body := range garbage() {
			r := clone(good)
			r.Body = body
			for _, part := range rig.Hook.Signed {
				r = with(r, part, "v1,bm8gbm8=")
			}
			unauth(t, rig, r, "garbage with a bad signature")
			for _, part := range rig.Hook.Signed {
				r = with(r, part)
			}
			unauth(t, rig, r, "garbage without a signature")
		}
	})
	t.Run("proved and yet garbage", func(t *testing.T) {
		rig := make(t)
		if rig.Hook.Sign == nil {
			return
		}
		for _, body := range append(garbage(), rig.Malformed...) {
			a, err := rig.Channel.(channel.Receiver).Receive(rig.Hook.Sign(body))
			if err != nil {
				kinds(t, err, social.Invalid)
				continue
			}
			for _, e := range a.Events {
				if as, err := rig.Channel.Read(e); err == nil && len(as) > 0 {
					t.Fatalf("%.80q was heard as %+v", body, as)
				} else if err != nil {
					kinds(t, err, social.Invalid)
				}
			}
		}
	})
	for _, s := range make(t).Hook.Shakes {
		t.Run("handshake: "+s.Name, func(t *testing.T) {
			a, err := make(t).Channel.(channel.Receiver).Receive(clone(s.Request))
			switch {
			case s.Refused:
				kinds(t, err, social.Unauth, social.Forbidden)
			case err != nil:
				t.Fatal(err)
			case len(a.Events) > 0:
				t.Fatalf("a handshake brought %d events", len(a.Events))
			case !strings.Contains(string(a.Body), s.Body):
				t.Fatalf("answered %q, want %q", a.Body, s.Body)
			}
		})
	}
}

// changes tests edits and deletions by webhook.
func changes(t *testing.T, make Make) {
	rig := make(t)
	if rig.Hook.Edit != nil {
		id, r := rig.Hook.Say("I am furious about this")
		first := received(t, rig, r)
		before := find(t, rig, first, id, "")
		edit := received(t, rig, rig.Hook.Edit(id, "I am delighted by this"))
		after := find(t, rig, edit, id, social.Update)
		if !strings.Contains(after.Text, "delighted") || after.Version <= before.Version && !after.Published.After(before.Published) {
			t.Fatalf("before %+v, after %+v", before, after)
		}
		if first[0].Key == edit[0].Key {
			t.Fatalf("the edit has the key of what it edits: %q", edit[0].Key)
		}
	}
	if rig.Hook.Delete != nil {
		id, r := rig.Hook.Say("I should not say this")
		first := received(t, rig, r)
		gone := received(t, rig, rig.Hook.Delete(id))
		if a := find(t, rig, gone, id, social.Delete); a.Text != "" {
			t.Fatalf("what was deleted still says %q", a.Text)
		}
		if first[0].Key == gone[0].Key {
			t.Fatalf("the deletion has the key of what it deletes: %q", gone[0].Key)
		}
	}
}

// proving tampers with what proves a request.
func proving(t *testing.T, make Make) {
	rig := make(t)
	h := rig.Hook
	if len(h.Signed) == 0 {
		t.Fatal("nothing proves where a request comes from")
	}
	_, good := h.Say("the first")
	_, other := h.Say("the second, somewhat longer")
	for _, part := range h.Signed {
		vs := values(good, part)
		if len(vs) != 1 || vs[0] == "" {
			t.Fatalf("the good request has the %s %q", part, vs)
		}
		v := vs[0]
		unauth(t, rig, with(good, part), "no "+part)
		unauth(t, rig, with(good, part, ""), "an empty "+part)
		unauth(t, rig, with(good, part, v[:len(v)/2]), "half a "+part)
		unauth(t, rig, with(good, part, v[:len(v)-1]), part+" cut by one")
		unauth(t, rig, with(good, part, flip(v)), "another "+part)
		unauth(t, rig, with(good, part, strings.Repeat(v, 20_000)), "a huge "+part)
		unauth(t, rig, with(good, part, "\xff\x00"), part+" that is no text")
		if part != "/" {
			unauth(t, rig, with(good, part, flip(v), v), "two of "+part+", the second good")
			unauth(t, rig, with(good, part, v, flip(v)), "two of "+part+", the first good")
		}
	}
	if h.Address {
		moved := clone(good)
		moved.URL += map[bool]string{true: "&", false: "?"}[strings.Contains(moved.URL, "?")] + "more=1"
		unauth(t, rig, moved, "another address")
	}
	if h.Bare {
		return
	}
	swapped := clone(other)
	swapped.Body = good.Body
	unauth(t, rig, swapped, "the words of one under the signature of another")
	same := h.Same
	if same == nil {
		same = bytes.Equal
	}
	for n := range uint64(300) {
		r := clone(good)
		if r.Body = mutate(good.Body, n*2654435761+88172645463325252); same(r.Body, good.Body) {
			continue
		}
		unauth(t, rig, r, "changed words")
	}
	longer := clone(good)
	if longer.Body = append(longer.Body, ' '); !same(longer.Body, good.Body) {
		unauth(t, rig, longer, "a blank more")
	}
}

// flip changes a sign in the middle.
func flip(s string) string {
	b := []byte(s)
	i := len(b) / 2
	switch {
	case b[i] == 'a' || b[i] == '1':
		b[i]++
	case b[i] >= '0' && b[i] <= '9':
		b[i] = '1'
	default:
		b[i] = 'a'
	}
	return string(b)
}

// timing tests that a request signed long ago, or in the future, is refused.
func timing(t *testing.T, make Make) {
	rig := make(t)
	if rig.Hook.At == nil {
		return
	}
	now := now(rig)
	received(t, rig, rig.Hook.At("now", now))
	received(t, rig, rig.Hook.At("a while ago", now.Add(-4*time.Minute)))
	received(t, rig, rig.Hook.At("their clock is ahead", now.Add(4*time.Minute)))
	unauth(t, rig, rig.Hook.At("long ago", now.Add(-old)), "signed long ago")
	unauth(t, rig, rig.Hook.At("in the future", now.Add(old)), "signed in the future")
	unauth(t, rig, rig.Hook.At("at the beginning of time", time.Unix(0, 0)), "signed in 1970")
}

// now is the time of the rig.
func now(rig *Rig) time.Time {
	if rig.Now != nil {
		return rig.Now()
	}
	return time.Now()
}

// reporting tests Reports.
func reporting(t *testing.T, make Make) {
	states := make(t).States
	if states == nil {
		states = []channel.ReportState{channel.ReportDelivered, channel.ReportRead, channel.ReportFailed}
	}
	for _, state := range states {
		t.Run(string(state), func(t *testing.T) {
			rig := make(t)
			a := asked(t, rig, "did you get this?")
			receipt, err := rig.Channel.(channel.Sender).Send(t.Context(), answer(rig, a, "key-report", "Yes, we did.", time.Now()))
			if err != nil {
				t.Fatal(err)
			}
			events := reported(t, rig, receipt.ExternalID, state)
			first := reports(t, rig, events)
			if len(first) != 1 || first[0].ExternalID != receipt.ExternalID || first[0].State != state || first[0].At.IsZero() {
				t.Fatalf("reported %+v, want %s of %q", first, state, receipt.ExternalID)
			}
			if text := first[0].Text; (text != "") != (state == channel.ReportFailed) || strings.ContainsAny(text, "<>\n") {
				t.Fatalf("%s says %q", state, text)
			}
			rig.Trouble(Away)
			if again := reports(t, rig, events); !slices.Equal(again, first) {
				t.Fatalf("first %+v, then %+v", first, again)
			}
			for _, e := range events {
				for _, a := range read(t, rig, e) {
					if a.ExternalID == receipt.ExternalID && !a.Own {
						t.Fatalf("a report was heard as %+v", a)
					}
				}
			}
		})
	}
	t.Run("words are no report", func(t *testing.T) {
		rig := make(t)
		if got := reports(t, rig, some(t, rig)); len(got) > 0 {
			t.Fatalf("reported %+v", got)
		}
	})
	t.Run("malformed", func(t *testing.T) {
		rig := make(t)
		for _, raw := range append(garbage(), rig.Malformed...) {
			got, err := rig.Channel.(channel.Reporter).Reports(channel.Event{Key: "k", Raw: raw, At: time.Unix(1, 0)})
			if len(got) > 0 {
				t.Fatalf("%.80q reports %+v", raw, got)
			}
			if err != nil {
				kinds(t, err, social.Invalid)
			}
		}
		for _, e := range some(t, rig) {
			for n := range uint64(500) {
				m := e
				m.Raw = mutate(e.Raw, n*2654435761+88172645463325252)
				if _, err := rig.Channel.(channel.Reporter).Reports(m); err != nil {
					kinds(t, err, social.Invalid)
				}
			}
		}
	})
}

// reported lets the network report and returns what the channel hears of it.
func reported(t *testing.T, rig *Rig, id string, s channel.ReportState) []channel.Event {
	t.Helper()
	if rig.Hook != nil && rig.Hook.Report != nil {
		r := rig.Hook.Report(id, s)
		events := received(t, rig, r)
		for i, e := range received(t, rig, r) {
			if e.Key != events[i].Key {
				t.Fatalf("the report had the key %q and now %q", events[i].Key, e.Key)
			}
		}
		return events
	}
	e := listen(t, rig, false)
	cursor := e.hello()
	rig.Report(id, s)
	events, _ := e.hear(cursor, rig.Say("after the report"))
	return events
}

func reports(t *testing.T, rig *Rig, events []channel.Event) []channel.Report {
	t.Helper()
	var out []channel.Report
	for _, e := range events {
		rs, err := rig.Channel.(channel.Reporter).Reports(e)
		if err != nil {
			t.Fatalf("reports of %s: %v", e.Key, err)
		}
		out = append(out, rs...)
	}
	return out
}
