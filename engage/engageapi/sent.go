package engageapi

import (
	"context"

	"github.com/parley-crm/parley/kit/markup"
	"github.com/parley-crm/parley/server"
)

// AsSent is a mail as its sender made it look, as a page.
type AsSent struct {
	Type   string `header:"Content-Type"`
	Policy string `header:"Content-Security-Policy"`
	Frame  string `header:"X-Frame-Options"`
	Cache  string `header:"Cache-Control"`
	Body   []byte
}

// sentPolicy: nothing runs, nothing is loaded, nothing is sent; links open elsewhere.
const sentPolicy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"

// sentHead makes a mail readable on a light ground, whatever the app looks like: that is
// what senders have in mind.
const sentHead = `<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="referrer" content="no-referrer"><title>A mail</title>
<style>:root{color-scheme:light}html{background:#fff}body{margin:16px;font:15px/1.5 system-ui,sans-serif;color:#1b2426;overflow-wrap:anywhere}img{max-width:100%;height:auto}table{max-width:100%}
blockquote{margin:8px 0 8px 2px;padding-inline-start:12px;border-inline-start:2px solid #c5cfcf}pre{white-space:pre-wrap}a{color:#0b5f8a}summary{cursor:pointer;color:#53605f;min-height:28px}:focus-visible{outline:2px solid #0a6ebd;outline-offset:2px}</style>
`

func (a *api) asSent(ctx context.Context, in *MessagePath) (markup.Page, error) {
	html, pictures, err := a.desk.AsSent(ctx, in.ID)
	if err != nil {
		return markup.Page{}, err
	}
	return markup.Show(html, pictures, "Earlier words"), nil
}

func (a *api) sent(ctx context.Context, in *MessagePath) (*AsSent, error) {
	p, err := a.asSent(ctx, in)
	if err != nil {
		return nil, err
	}
	return &AsSent{Type: "text/html; charset=utf-8", Policy: sentPolicy, Frame: "SAMEORIGIN", Cache: "private, no-store", Body: []byte(sentHead + p.HTML)}, nil
}

// SentFacts is what one cannot see in a mail as its sender made it look.
type SentFacts struct {
	Left   int      `json:"left" doc:"Pictures that are left out: they lie elsewhere, and loading them would tell their owners who reads when."`
	Hosts  []string `json:"hosts" doc:"Where they lie, the first five."`
	Height int      `json:"height" doc:"About how many pixels high it is, where it is 600 wide."`
}

func (a *api) sentFacts(ctx context.Context, in *MessagePath) (*server.Body[SentFacts], error) {
	p, err := a.asSent(ctx, in)
	return &server.Body[SentFacts]{Body: SentFacts{Left: p.Left, Hosts: append([]string{}, p.Hosts...), Height: p.Height()}}, err
}
