package mastodon

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/channel/channeltest"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/social"
)

func connect(t *testing.T, d *double, s channel.Settings) (channel.Channel, *channeltest.Server) {
	t.Helper()
	srv := channeltest.Serve(t, d)
	srv.Refuse = func(w http.ResponseWriter, _ *http.Request, tr channeltest.Trouble) {
		if tr == channeltest.Revoked {
			refuse(w, 401, "The access token was revoked")
			return
		}
		refuse(w, 403, "This action is not allowed")
	}
	s["server"] = srv.URL
	ch, err := Kind().New(s, srv.Env(clock.System{}))
	if err != nil {
		t.Fatal(err)
	}
	return ch, srv
}

func rig(t *testing.T, d *double, s channel.Settings, say string) *channeltest.Rig {
	ch, srv := connect(t, d, s)
	var share func() (string, string)
	if s["token"] != "" {
		share = func() (string, string) {
			of := d.post("brand", "from the kitchen", "", "public")
			d.boost(of)
			return "boost/" + of.ID + "/2", of.ID
		}
	}
	return &channeltest.Rig{
		Channel: ch,
		Share:   share,
		Quote: func(words string) (string, string) {
			of := d.say(say + "worth quoting")
			d.mu.Lock()
			defer d.mu.Unlock()
			return d.add(of, "maya", say+words, "", "public").ID, of.ID
		},
		Say:    func(text string) string { return d.say(say + text).ID },
		Attach: func(text string, files ...channeltest.File) string { return d.attach(srv.URL, say+text, files) },
		Detach: d.lose, Carried: d.carried,
		Aimed: func(id string) social.Audience {
			d.mu.Lock()
			defer d.mu.Unlock()
			return map[string]social.Audience{"public": social.Everybody, "unlisted": social.Quietly, "private": social.Followers}[d.find(id).Visibility]
		},
		Fumble:  func() { d.mu.Lock(); d.fumbles = true; d.mu.Unlock() },
		Uploads: func() int { d.mu.Lock(); defer d.mu.Unlock(); return d.given },
		Past: func(text string) {
			d.backdate = 1000 * time.Hour
			d.say(say + text)
			d.backdate = 0
		},
		Edit:   func(id, text string) { d.edit(id, say+text) },
		Delete: d.remove,
		Live: func() func() {
			for len(d.live) > 0 {
				<-d.live
			}
			return func() { <-d.live }
		},
		Drop:    d.drop,
		Trouble: srv.Trouble,
		Ours: func() (out []string) {
			d.mu.Lock()
			defer d.mu.Unlock()
			for _, s := range d.statuses {
				if s.By == "brand" && !s.Gone {
					out = append(out, s.Text)
				}
			}
			return out
		},
		Likes: func(id string) int {
			d.mu.Lock()
			defer d.mu.Unlock()
			return len(d.find(id).Faves)
		},
		Malformed: [][]byte{
			[]byte(`{"event":"status","payload":null}`),
			[]byte(`{"event":"status","payload":{"id":"1","content":"x"}}`),
			[]byte(`{"event":"status","payload":{"id":1,"created_at":"yesterday"}}`),
			[]byte(`{"event":"delete","payload":""}`),
			[]byte(`{"event":"delete","payload":{"id":"1"}}`),
			[]byte(`{"event":"explode","payload":"1"}`),
		},
		Keyed: d.keyed, Rewinds: true,
	}
}

func TestMastodon(t *testing.T) {
	channeltest.Run(t, func(t *testing.T) *channeltest.Rig {
		return rig(t, newDouble(t), channel.Settings{"token": token}, "@brand ")
	})
}

func TestGoToSocial(t *testing.T) {
	channeltest.Run(t, func(t *testing.T) *channeltest.Rig {
		d := newDouble(t)
		d.gts, d.keyed = true, false
		r := rig(t, d, channel.Settings{"token": token, "public": "all", "tags": "kettle"}, "#kettle @brand ")
		r.Light = true
		return r
	})
}

func TestStranger(t *testing.T) {
	channeltest.Run(t, func(t *testing.T) *channeltest.Rig {
		r := rig(t, newDouble(t), channel.Settings{"tags": "kettle\n#tea", "public": "local"}, "#kettle ")
		r.Anonymous, r.Light = true, true
		return r
	})
}

func TestAbilities(t *testing.T) {
	ch, _ := connect(t, newDouble(t), channel.Settings{"tags": "x"})
	if got := channel.Abilities(ch); !slices.Equal(got, []string{"listen", "poll", "metrics", "files"}) {
		t.Fatalf("a stranger: %v", got)
	}
	ch, _ = connect(t, newDouble(t), channel.Settings{"token": token})
	if got := channel.Abilities(ch); len(got) != 11 {
		t.Fatalf("an account: %v", got)
	}
}
