package server

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"html/template"
	"net/http"
)

// PageStyle is how public pages look that need neither scripts nor pictures.
// A page holds it, and nothing else, in its one style element.
const PageStyle = `:root{color-scheme:light dark}*{box-sizing:border-box}
body{margin:0;font:16px/1.5 system-ui,sans-serif;color:light-dark(#1b2426,#e8edee);background:light-dark(#fff,#14191a)}
main{max-width:36rem;margin:0 auto;padding:1.5rem 1rem 3rem}h1{font-size:1.6rem;line-height:1.25;margin:0 0 .5rem}h2{font-size:1.15rem;margin:1.75rem 0 .5rem}summary{cursor:pointer;min-height:2.25rem;text-transform:capitalize}details dl{border-top:1px solid light-dark(#dde3e3,#2e3839);padding-top:.75rem}
p{margin:.5rem 0;white-space:pre-line;overflow-wrap:anywhere}dl{display:grid;grid-template-columns:max-content 1fr;gap:.35rem 1rem;margin:1rem 0}dt{color:light-dark(#53605f,#a7b2b3)}dd{margin:0;overflow-wrap:anywhere}
form{display:grid;gap:1rem;margin-top:1.25rem}label,legend{font-weight:600;display:block;margin-bottom:.25rem}fieldset{border:0;padding:0;margin:0}
input[type=text],input[type=email],input[type=date],select,textarea{width:100%;font:inherit;color:inherit;background:light-dark(#fff,#1c2324);border:1px solid #7b8888;border-radius:6px;padding:.55rem .7rem;min-height:2.75rem}
.pick{display:flex;flex-wrap:wrap;gap:.5rem 1.5rem}.pick label{font-weight:400;display:flex;align-items:center;gap:.5rem;min-height:2rem}.pick input{width:1.25rem;height:1.25rem}.pick.col{flex-direction:column;gap:.25rem}
button{font:inherit;font-weight:600;background:#0b5f66;color:#fff;border:0;border-radius:6px;padding:.7rem 1.4rem;min-height:2.75rem;cursor:pointer;justify-self:start}
:focus-visible{outline:3px solid light-dark(#0a6ebd,#7cc4ff);outline-offset:2px}a{color:light-dark(#0b5f8a,#8fd0ff)}
.sum{border:2px solid light-dark(#a3210f,#ffa08f);border-radius:6px;padding:.5rem 1rem;margin-top:1rem}.good{border-color:light-dark(#17643a,#7fd6a3)}.brand{color:light-dark(#53605f,#a7b2b3);margin:0}
.trap{position:absolute;inset-inline-start:-10000px;height:1px;overflow:hidden}.keep{word-break:break-all}`

// ShowPage answers with a public page: no scripts, no frames, kept by nobody.
func ShowPage(w http.ResponseWriter, status int, page *template.Template, view any) {
	var b bytes.Buffer
	if err := page.Execute(&b, view); err != nil {
		http.Error(w, "This page can't be shown just now.", http.StatusInternalServerError)
		return
	}
	sum := sha256.Sum256([]byte(PageStyle))
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes())
}
