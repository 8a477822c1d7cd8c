package form

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"html/template"
	"net/http"
	"strings"
)

const styles = `
:root { color-scheme: light dark; --brand: BRAND; --ink: INK; }
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; color: light-dark(#1b2426, #e8edee); background: light-dark(#fff, #14191a); }
main { max-width: 36rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .5rem; }
p { margin: .5rem 0; white-space: pre-line; overflow-wrap: anywhere; }
form { display: grid; gap: 1.1rem; margin-top: 1.25rem; }
label, legend { font-weight: 600; display: block; margin-bottom: .25rem; }
label small { font-weight: 400; color: light-dark(#53605f, #a7b2b3); }
input:not([type=checkbox]), select, textarea { width: 100%; font: inherit; color: inherit; background: light-dark(#fff, #1c2324); border: 1px solid light-dark(#7b8888, #7b8888); border-radius: 6px; padding: .55rem .7rem; min-height: 2.75rem; }
textarea { min-height: 9rem; resize: vertical; }
:focus-visible { outline: 3px solid light-dark(#0a6ebd, #7cc4ff); outline-offset: 2px; }
.tick { display: flex; gap: .6rem; align-items: flex-start; }
.tick input { width: 1.35rem; height: 1.35rem; margin: .1rem 0 0; flex: none; }
.tick label { font-weight: 400; margin: 0; white-space: pre-line; }
button, .button { font: inherit; font-weight: 600; background: var(--brand); color: var(--ink); border: 0; border-radius: 6px; padding: .7rem 1.4rem; min-height: 2.75rem; cursor: pointer; justify-self: start; text-decoration: none; display: inline-block; }
.bad { color: light-dark(#a3210f, #ffa08f); margin: .25rem 0 0; }
[aria-invalid=true] { border-color: light-dark(#a3210f, #ffa08f) !important; border-width: 2px !important; }
.sum { border: 2px solid light-dark(#a3210f, #ffa08f); border-radius: 6px; padding: .75rem 1rem; margin-top: 1rem; }
.sum ul { margin: .25rem 0 0; padding-inline-start: 1.2rem; }
a { color: light-dark(#0b5f8a, #8fd0ff); }
.trap { position: absolute; inset-inline-start: -10000px; height: 1px; overflow: hidden; }
.say { border-radius: 10px; padding: .6rem .9rem; margin: .6rem 0; background: light-dark(#eef2f2, #232b2c); max-width: 85%; width: fit-content; }
.say.us { background: light-dark(#fff, #14191a); border: 1px solid light-dark(#c8d1d1, #455051); margin-inline-start: auto; }
.say b { display: block; font-size: .85rem; }
.brand { color: light-dark(#53605f, #a7b2b3); margin: 0 0 .25rem; }
.keep { word-break: break-all; }
.hint { color: light-dark(#53605f, #a7b2b3); margin: 0 0 .35rem; font-size: .9rem; }
input[type=file] { padding: .5rem; }
.had { list-style: none; padding: 0; margin: 0 0 .5rem; display: grid; gap: .35rem; }
.files { display: grid; gap: .4rem; margin-top: .4rem; }
.files img { display: block; max-width: 100%; max-height: 16rem; border-radius: 6px; }
.files a { overflow-wrap: anywhere; }
`

var pages = template.Must(template.New("").Funcs(template.FuncMap{"field": field}).Parse(`
{{define "head"}}<!doctype html><html lang="{{.P.Lang}}" dir="ltr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="robots" content="{{if .Private}}noindex{{else}}index{{end}}"><title>{{.Title}}{{with .Brand}} · {{.}}{{end}}</title><style>{{.Style}}</style></head><body><main>
{{with .Brand}}<p class="brand">{{.}}</p>{{end}}{{end}}
{{define "foot"}}</main></body></html>{{end}}

{{define "input"}}<div>{{if eq .Kind "area"}}<label for="{{.ID}}">{{.Label}}{{if not .Must}} <small>{{.W.Optional}}</small>{{end}}</label>
<textarea id="{{.ID}}" name="{{.ID}}" maxlength="{{.Max}}" dir="auto"{{template "marks" .}}>{{.Value}}</textarea>
{{else if eq .Kind "select"}}<label for="{{.ID}}">{{.Label}}</label><select id="{{.ID}}" name="{{.ID}}"{{template "marks" .}}><option value="">{{.W.Choose}}</option>
{{$v := .Value}}{{range .Choices}}<option{{if eq . $v}} selected{{end}}>{{.}}</option>{{end}}</select>
{{else}}<label for="{{.ID}}">{{.Label}}{{if not .Must}} <small>{{.W.Optional}}</small>{{end}}</label>
<input id="{{.ID}}" name="{{.ID}}" type="{{.Kind}}" value="{{.Value}}" maxlength="{{.Max}}" dir="auto"{{with .Fill}} autocomplete="{{.}}"{{end}}{{template "marks" .}}>{{end}}
{{with .Error}}<p class="bad" id="{{$.ID}}-bad">{{.}}</p>{{end}}</div>{{end}}
{{define "marks"}}{{if .Must}} required{{end}}{{if .Error}} aria-invalid="true" aria-describedby="{{.ID}}-bad"{{end}}{{end}}

{{define "files"}}{{if .Files.On}}<div><label for="files">{{.W.Files}} <small>{{.W.Optional}}</small></label><p class="hint" id="files-hint">{{.Files.Limit}}</p>
{{with .Files.Had}}<ul class="had">{{range .}}<li class="tick"><input id="had-{{.ID}}" name="had" type="checkbox" value="{{.ID}}" checked><label for="had-{{.ID}}">{{.Name}} ({{.Size}})</label></li>{{end}}</ul>{{end}}
<input id="files" name="files" type="file" multiple accept="{{.Files.Accept}}" aria-describedby="files-hint{{if .Files.Error}} files-bad{{end}}"{{if .Files.Error}} aria-invalid="true"{{end}}>
{{with .Files.Error}}<p class="bad" id="files-bad">{{.}}</p>{{end}}</div>{{end}}{{end}}

{{define "form"}}{{template "head" .}}<h1>{{.P.Title}}</h1>{{with .P.Intro}}<p>{{.}}</p>{{end}}
{{if .Notice}}<div class="sum" role="alert"><p>{{.Notice}}</p></div>{{else if .Errors}}<div class="sum" role="alert"><b>{{.W.Mistakes}}</b><ul>
{{range .Fields}}{{if .Error}}<li><a href="#{{.ID}}">{{.Label}}</a></li>{{end}}{{end}}{{with .Files.Error}}<li><a href="#files">{{.}}</a></li>{{end}}{{if .ConsentError}}<li><a href="#consent">{{.ConsentError}}</a></li>{{end}}</ul></div>{{end}}
<form method="post" action="./"{{if .Files.On}} enctype="multipart/form-data"{{end}} novalidate><input type="hidden" name="once" value="{{.Once}}">
<div class="trap" aria-hidden="true"><label for="website">Website</label><input id="website" name="website" type="text" tabindex="-1" autocomplete="off"></div>
{{range .Fields}}{{template "input" .}}{{end}}{{template "files" .}}
{{if .P.Consent}}<div><div class="tick"><input id="consent" name="consent" type="checkbox" value="yes" required{{if .Agreed}} checked{{end}}{{if .ConsentError}} aria-invalid="true" aria-describedby="consent-bad"{{end}}><label for="consent">{{.P.Consent}}</label></div>{{with .ConsentError}}<p class="bad" id="consent-bad">{{.}}</p>{{end}}</div>{{end}}
{{with .P.Privacy}}<p><a href="{{.}}" target="_blank" rel="noopener noreferrer">{{$.W.Privacy}}</a></p>{{end}}
<button>{{.W.Send}}</button></form>{{template "foot"}}{{end}}

{{define "thanks"}}{{template "head" .}}<h1>{{.W.Thanks}}</h1>{{with .P.Thanks}}<p>{{.}}</p>{{end}}
{{with .Token}}<p>{{$.W.LinkHelp}}</p><p><a class="button" href="talk/{{.}}">{{$.W.Link}}</a></p>{{end}}
<p><a href="./">{{.W.Another}}</a></p>{{template "foot"}}{{end}}

{{define "talk"}}{{template "head" .}}<h1>{{.P.Title}}</h1>
{{range .Lines}}<div class="say{{if .Ours}} us{{end}}"><b>{{if .Ours}}{{or $.Brand $.P.Title}}{{else}}{{$.W.You}}{{end}} · <time datetime="{{.At.Format "2006-01-02T15:04:05Z07:00"}}">{{.At.Format "2006-01-02 15:04"}} UTC</time></b><p dir="auto">{{.Text}}</p>
{{with .Files}}<div class="files">{{range .}}{{if .Picture}}<a href="{{.URL}}"><img src="{{.URL}}" alt="{{or .Alt .Name}}" loading="lazy"></a>{{else}}<a href="{{.URL}}">{{.Name}} ({{.Size}})</a>{{end}}{{end}}</div>{{end}}</div>{{end}}
{{if not .Answered}}<p>{{.W.Waiting}}</p>{{end}}
{{with .Notice}}<div class="sum" role="alert"><p>{{.}}</p></div>{{end}}
<form method="post"{{if .Files.On}} enctype="multipart/form-data"{{end}}><input type="hidden" name="once" value="{{.Once}}">{{range .Fields}}{{template "input" .}}{{end}}{{template "files" .}}<button>{{.W.Send}}</button></form>{{template "foot"}}{{end}}

{{define "gone"}}{{template "head" .}}<h1>{{.Notice}}</h1><p><a href="../">{{.P.Title}}</a></p>{{template "foot"}}{{end}}
`))

// view is what a page shows.
type view struct {
	P       shown
	W       words
	Brand   string
	Title   string
	Style   template.CSS
	Private bool

	Once         string
	Fields       []input
	Errors       bool
	Notice       string
	Agreed       bool
	ConsentError string
	Token        string
	Lines        []line
	Files        bringing
	Answered     bool
}

// shown is what the settings say.
type shown struct{ Title, Intro, Consent, Thanks, Privacy, Lang string }

// input is one field of the form.
type input struct {
	ID, Label, Kind, Value, Fill, Error string
	Must                                bool
	Max                                 int
	Choices                             []string
	W                                   words
}

func field(i input) input { return i }

// show writes a page, with who may frame it.
func (p *page) show(w http.ResponseWriter, r *http.Request, name string, status int, v view) {
	v.P = shown{p.title, p.intro, p.consent, p.thanks, p.privacy, p.lang}
	p.offer(&v.Files)
	v.W, v.Brand, v.Style = p.words, p.brand(r.Context()), p.style()
	if v.Title == "" {
		v.Title = p.title
	}
	var b bytes.Buffer
	if err := pages.ExecuteTemplate(&b, name, v); err != nil {
		if p.env.Log != nil {
			p.env.Log.Error("a form's page could not be made", "error", err)
		}
		http.Error(w, p.words.Away, http.StatusInternalServerError)
		return
	}
	sum := sha256.Sum256([]byte(string(v.Style)))
	h := w.Header()
	frames := p.origins.Frames()
	if len(p.origins) > 0 {
		h.Del("X-Frame-Options") // the policy says it, site by site
		h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	}
	h.Set("Content-Security-Policy", strings.Join([]string{"default-src 'none'", "style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'",
		"form-action 'self'", "img-src 'self'", "base-uri 'none'", frames}, "; "))
	h.Set("Referrer-Policy", "same-origin") // with none a browser would not say that the form came from its own page
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(b.Bytes())
	}
}
