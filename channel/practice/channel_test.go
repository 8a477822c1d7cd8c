package practice_test

import (
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/channel/channeltest"
	"github.com/parley-crm/parley/channel/practice"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/social"
)

func open(t *testing.T, n *practice.Network, site practice.Site, c clock.Clock) channel.Channel {
	t.Helper()
	ch, err := practice.Kind(n).New(channel.Settings{"site": string(site), "handle": "brewell"}, channel.Env{Clock: c})
	if err != nil {
		t.Fatal(err)
	}
	return ch
}

func TestConformance(t *testing.T) {
	for _, site := range practice.Sites() {
		t.Run(string(site), func(t *testing.T) {
			channeltest.Run(t, func(t *testing.T) *channeltest.Rig { return rig(t, site) })
		})
	}
}

func rig(t *testing.T, site practice.Site) *channeltest.Rig {
	c := clock.NewSet(time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC))
	n := practice.NewNetwork(1, c)
	n.Join(practice.Persona{Handle: "maya", Name: "Maya", Followers: 12})
	say := func(text string) string {
		c.Add(time.Second)
		id, err := n.Post("maya", practice.Said{Site: site, Text: text, To: "brewell"})
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	must := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	var share func() (id, of string)
	var unshare func(id string)
	var quote func(words string) (id, of string)
	if site == practice.Microblog || site == practice.Forum {
		n.Join(practice.Persona{Handle: "tom", Name: "Tom"})
		shared := map[string]string{}
		share = func() (string, string) {
			of := say("worth passing on")
			id, err := n.Share("tom", of)
			must(err)
			shared[id] = of
			return id, of
		}
		unshare = func(id string) { must(n.Unshare("tom", shared[id])) }
		quote = func(words string) (string, string) {
			of := say("worth quoting")
			id, err := n.Quote("tom", of, practice.Said{Text: words})
			must(err)
			return id, of
		}
	}
	return &channeltest.Rig{
		Channel: open(t, n, site, c),
		Say:     say,
		Past: func(text string) {
			now := c.Now()
			c.Add(-1000 * time.Hour)
			say(text)
			c.Move(now)
		},
		Edit:   func(id, text string) { must(n.Edit(id, text)) },
		Delete: func(id string) { must(n.Delete(id)) },
		Drop:   n.Drop,
		Share:  share, Unshare: unshare, Quote: quote,
		Trouble: func(tr channeltest.Trouble) { n.Trouble(practice.Trouble(tr)) },
		Ours: func() (out []string) {
			for _, p := range n.Ours() {
				out = append(out, p.Text)
			}
			return out
		},
		Likes: func(id string) int {
			for _, p := range n.Posts(site) {
				if p.ID == id {
					return len(p.LikedBy)
				}
			}
			return -1
		},
		Stands: n.Stands,
		Attach: func(text string, files ...channeltest.File) string {
			c.Add(time.Second)
			s := practice.Said{Site: site, Text: text, To: "brewell"}
			for _, f := range files {
				s.Files = append(s.Files, practice.File{Name: f.Name, Type: f.Type, Alt: f.Alt, Bytes: f.Bytes})
			}
			id, err := n.Post("maya", s)
			must(err)
			return id
		},
		Detach: n.Lose,
		Aimed: func(id string) social.Audience {
			if a := n.AudienceOf(id); a != "" {
				return a
			}
			return social.Everybody
		},
		Carried: func(id string) (out []channeltest.File) {
			for _, f := range n.FilesOf(id) {
				out = append(out, channeltest.File{Name: f.Name, Type: f.Type, Alt: f.Alt, Bytes: f.Bytes})
			}
			return out
		},
		Malformed: [][]byte{
			[]byte(`{"seq":1,"type":"explode","at":"2026-03-01T09:00:00Z","post":{"id":"x","by":"y","at":"2026-03-01T09:00:00Z"}}`),
			[]byte(`{"seq":1,"type":"create","post":{"id":"x"}}`),
			[]byte(strings.Repeat(`{"post":`, 1000)),
		},
		Keyed: true, Tells: true,
	}
}

// TestASignatureIsOfMessages: what stands below our words is for letters only.
func TestASignatureIsOfMessages(t *testing.T) {
	for site, want := range map[practice.Site]string{practice.Messages: "{{member}}\nBrewell", practice.Microblog: "", practice.Forum: "", practice.Reviews: ""} {
		ch, err := practice.Kind(practice.NewNetwork(1, clock.System{})).New(channel.Settings{"site": string(site), "handle": "brewell", "signature": " {{member}}\nBrewell\n"}, channel.Env{})
		if err != nil {
			t.Fatal(err)
		}
		if got := channel.SignatureOf(ch.(channel.Sender)); got != want {
			t.Errorf("%s: %q, want %q", site, got, want)
		}
	}
}
