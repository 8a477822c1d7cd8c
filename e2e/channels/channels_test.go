//go:build networks

package channels

import (
	"context"
	"net/http"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/channel/bluesky"
	"github.com/parley-crm/parley/channel/channeltest"
	"github.com/parley-crm/parley/channel/mastodon"
	"github.com/parley-crm/parley/e2e/networks"
	"github.com/parley-crm/parley/kit/clock"
)

// gate lets requests through to real servers, and cuts streams when told.
type gate struct {
	routes map[string]*httputil.ReverseProxy // by the beginning of the path
	mu     sync.Mutex
	cut    context.CancelFunc
	ctx    context.Context
	open   chan struct{}
}

func newGate(t *testing.T, routes map[string]string) *gate {
	g := &gate{routes: map[string]*httputil.ReverseProxy{}, open: make(chan struct{}, 100)}
	g.ctx, g.cut = context.WithCancel(context.Background())
	for path, to := range routes {
		u, err := url.Parse(strings.Replace(to, "ws://", "http://", 1))
		if err != nil {
			t.Fatal(err)
		}
		p := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(&url.URL{Scheme: u.Scheme, Host: u.Host})
		}}
		p.ModifyResponse = func(r *http.Response) error {
			if r.StatusCode == http.StatusSwitchingProtocols {
				select {
				case g.open <- struct{}{}:
				default:
				}
			}
			return nil
		}
		g.routes[path] = p
	}
	t.Cleanup(g.drop)
	return g
}

func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Upgrade") != "" {
		g.mu.Lock()
		ends := g.ctx
		g.mu.Unlock()
		ctx, cancel := context.WithCancel(r.Context())
		defer cancel()
		defer context.AfterFunc(ends, cancel)()
		r = r.WithContext(ctx)
	}
	best := ""
	for path := range g.routes {
		if strings.HasPrefix(r.URL.Path, path) && len(path) > len(best) {
			best = path
		}
	}
	g.routes[best].ServeHTTP(w, r)
}

func (g *gate) drop() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.cut()
	g.ctx, g.cut = context.WithCancel(context.Background())
}

func (g *gate) live() func() {
	for len(g.open) > 0 {
		<-g.open
	}
	return func() { <-g.open }
}

func connect(t *testing.T, g *gate, k channel.Kind, set func(url string) channel.Settings) (channel.Channel, *channeltest.Server) {
	srv := channeltest.Serve(t, g)
	ch, err := k.New(set(srv.URL), srv.Env(clock.System{}))
	if err != nil {
		t.Fatal(err)
	}
	return ch, srv
}

func short(s string, most int) string { return s[:min(len(s), most)] }

func TestGoToSocial(t *testing.T) {
	server := networks.StartGoToSocial(t)
	maya, brand := server.Account("maya"), server.Account("brewell")
	channeltest.Run(t, func(t *testing.T) *channeltest.Rig {
		g := newGate(t, map[string]string{"": server.URL})
		ch, srv := connect(t, g, mastodon.Kind(), func(url string) channel.Settings {
			return channel.Settings{"server": url, "token": brand.Token}
		})
		before := map[string]bool{}
		for _, s := range brand.Statuses() {
			before[s.ID] = true
		}
		return &channeltest.Rig{
			Channel: ch,
			Say: func(text string) string {
				return maya.Post("@brewell "+short(text, 4000), "public").ID
			},
			Attach: func(text string, files ...channeltest.File) string {
				pictures := map[string][]byte{}
				for _, f := range files {
					pictures[f.Alt] = f.Bytes
				}
				return maya.PostWith("@brewell "+text, "public", pictures).ID
			},
			Carried: func(id string) (out []channeltest.File) {
				s, ok := maya.Status(id)
				if !ok {
					t.Fatalf("no status %s", id)
				}
				for _, p := range s.Pictures {
					out = append(out, channeltest.File{Alt: p.Description, Bytes: maya.Bytes(p)})
				}
				return out
			},
			Delete: maya.Delete, Live: g.live, Drop: g.drop, Trouble: srv.Trouble,
			Ours: func() (out []string) {
				list := brand.Statuses()
				for i := range list {
					s := list[len(list)-1-i]
					if !before[s.ID] {
						out = append(out, s.Said().Text)
					}
				}
				return out
			},
			Rewinds: true, Real: true,
		}
	})
}

func TestBluesky(t *testing.T) {
	server := networks.StartBluesky(t)
	maya, brand := server.Account("maya"), server.Account("brewell")
	password := brand.AppPassword("parley")
	channeltest.Run(t, func(t *testing.T) *channeltest.Rig {
		g := newGate(t, map[string]string{"": server.URL, "/did:": server.PLC, "/subscribe": server.JetstreamURL()})
		ch, srv := connect(t, g, bluesky.Kind(), func(url string) channel.Settings {
			return channel.Settings{"handle": brand.Handle, "password": password, "service": url, "api": url, "plc": url,
				"jetstream": strings.Replace(url, "http", "ws", 1) + "/subscribe"}
		})
		before := map[string]bool{}
		for _, r := range brand.Records(brand.DID) {
			before[r.URI] = true
		}
		roots := map[string]string{}
		return &channeltest.Rig{
			Channel: ch,
			Say: func(text string) string {
				return maya.Post(brand.Mention() + " " + short(text, 200)).URI
			},
			Attach: func(text string, files ...channeltest.File) string {
				pictures := map[string][]byte{}
				for _, f := range files {
					pictures[f.Alt] = f.Bytes
				}
				return maya.PostWith(brand.Mention()+" "+text, pictures).URI
			},
			Carried: func(uri string) (out []channeltest.File) {
				r, ok := maya.Record(uri)
				if !ok || r.Value.Embed == nil {
					t.Fatalf("no pictures at %s", uri)
				}
				for _, i := range r.Value.Embed.Images {
					out = append(out, channeltest.File{Alt: i.Alt, Bytes: maya.Bytes(brand.DID, i.Image)})
				}
				return out
			},
			Delete: maya.Delete, Live: g.live, Drop: g.drop, Trouble: srv.Trouble,
			Below: func(text string) (id, root string) {
				if _, err := ch.(channel.Profiler).Self(t.Context()); err != nil { // it has signed in by the time that it hears
					t.Fatal(err)
				}
				ours := brand.Post("Our new kettle")
				id = maya.Reply(ours, short(text, 200)).URI
				roots[id] = ours.URI
				return id, ours.URI
			},
			Stands: func(id string) (there, hidden bool) {
				_, there = maya.Record(id)
				return there, slices.Contains(brand.Hidden(roots[id]), id)
			},
			Ours: func() (out []string) {
				for _, r := range brand.Records(brand.DID) {
					if !before[r.URI] {
						out = append(out, r.Value.Text)
					}
				}
				return out
			},
			Keyed: true, Rewinds: true, Real: true,
		}
	})
}
