package demoio

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/channel/practice"
	"github.com/parley-crm/parley/cmd/parley/demo"
	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/social"
)

// shop is the page on which the company's chat stands.
const shop = "https://shop.brewell.example"

// Chat puts a chat onto the page of the shop, where whoever cares for the
// company's mail answers, and lets a visitor ask something there.
func Chat(ctx context.Context, station *listen.Station) error {
	d := listen.Draft{Kind: "chat", Name: "Chat in the shop", Settings: map[string]string{"origins": shop, "title": "Ask Brewell", "greeting": "Hello! What can we help you with?",
		"hours": "Mon-Fri 07:00-19:00\nSat 09:00-13:00", "zone": "America/Los_Angeles"}}
	all := station.ChannelsSeen(ctx)
	if i := slices.IndexFunc(all, func(c listen.Channel) bool { return c.Settings["site"] == string(practice.Messages) }); i >= 0 {
		d.Programme = all[i].Programme
	}
	c, err := station.AddChannel(ctx, d)
	if err != nil {
		return err
	}
	door, err := station.DoorOf(c.ID)
	if err != nil {
		return err
	}
	v := &visitor{ctx: ctx, door: door}
	var hello struct{ Token string }
	if err := v.ask("/hello", nil, &hello); err != nil {
		return err
	}
	v.token = hello.Token
	says := demo.InTheShop()
	if err := v.ask("/file?id=picture-1&name="+url.QueryEscape(says.Picture.Name), says.Picture.Bytes, nil); err != nil {
		return err
	}
	body, err := json.Marshal(map[string]any{"id": "question-1", "text": says.Text, "name": says.Name, "page": shop + says.Page, "files": []string{"picture-1"}})
	if err != nil {
		return err
	}
	return v.ask("/say", body, nil)
}

// visitor asks a door as the page does on which it stands.
type visitor struct {
	ctx   context.Context
	door  channel.Door
	token string
}

func (v *visitor) ask(path string, body []byte, out any) error {
	r, err := http.NewRequestWithContext(v.ctx, http.MethodPost, "http://door"+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Origin", shop)
	if v.token != "" {
		r.Header.Set("Authorization", "Bearer "+v.token)
	}
	w := &page{head: http.Header{}, status: http.StatusOK}
	v.door.Serve(w, r, channel.Visitor{IP: "192.0.2.7"})
	if w.status >= 300 {
		return social.Errorf(social.Invalid, "The chat answered %s with %d.", r.URL.Path, w.status)
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(w.body.Bytes(), out)
}

// page takes what a door answers.
type page struct {
	head   http.Header
	status int
	body   bytes.Buffer
}

func (p *page) Header() http.Header         { return p.head }
func (p *page) WriteHeader(status int)      { p.status = status }
func (p *page) Write(b []byte) (int, error) { return p.body.Write(b) }
