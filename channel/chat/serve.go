package chat

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"net/mail"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/kit/text"
	"github.com/parley-crm/parley/kit/visit"
	"github.com/parley-crm/parley/social"
)

const (
	tokenLife = 180 * 24 * time.Hour
	mostText  = 4000
	lastLines = 100
	atOnce    = 100
	heartbeat = 20 * time.Second
	longest   = 15 * time.Minute // then the page comes back
)

// visitor is what a token proves.
type visitor struct {
	ID     string    `json:"v"`
	Origin string    `json:"o"` // the site on which the talk began, "" for our own page
	At     time.Time `json:"t"`
}

// said is a message as it is kept raw.
type said struct {
	Visitor string    `json:"visitor"`
	ID      string    `json:"id"`
	Text    string    `json:"text"`
	Name    string    `json:"name,omitempty"`
	Email   string    `json:"email,omitempty"`
	Page    string    `json:"page,omitempty"`
	At      time.Time `json:"at"`

	Files []channel.Noted `json:"files,omitempty"`
}

// line is a message as a page shows it.
type line struct {
	ID   string    `json:"id"`
	N    int64     `json:"n"`
	Ours bool      `json:"ours"`
	Text string    `json:"text"`
	At   time.Time `json:"at"`

	Files []file `json:"files,omitempty"`
}

// Serve answers whoever comes.
func (d *desk) Serve(w http.ResponseWriter, r *http.Request, from channel.Visitor) {
	if r.URL.Path == "/chat.js" && (r.Method == http.MethodGet || r.Method == http.MethodHead) { // a script is nobody's secret
		w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
		w.Header().Set("Cache-Control", "public, max-age=300")
		w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
		sendScript(w, r)
		return
	}
	origin, ok := visit.Of(r, d.env.Door)
	if !ok || origin != "" && !d.origins.Has(origin) {
		http.Error(w, "This site may not use the chat.", http.StatusForbidden)
		return
	}
	h := w.Header()
	h.Set("Vary", "Origin")
	if origin != "" {
		h.Set("Access-Control-Allow-Origin", origin)
		h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	}
	h.Set("Cache-Control", "no-store")
	switch {
	case r.Method == http.MethodOptions:
		h.Set("Access-Control-Allow-Methods", "GET, POST, DELETE")
		h.Set("Access-Control-Allow-Headers", "Authorization, Content-Type")
		h.Set("Access-Control-Max-Age", "600")
		w.WriteHeader(http.StatusNoContent)
	case r.URL.Path == "/" && r.Method == http.MethodGet:
		d.page(w, r)
	case r.URL.Path == "/hello" && r.Method == http.MethodPost:
		d.hello(w, r, origin, from)
	case r.URL.Path == "/say" && r.Method == http.MethodPost:
		d.say(w, r, origin, from)
	case r.URL.Path == "/file" && r.Method == http.MethodPost:
		d.bring(w, r, origin, from)
	case strings.HasPrefix(r.URL.Path, "/file/") && (r.Method == http.MethodGet || r.Method == http.MethodDelete):
		d.file(w, r, origin)
	case r.URL.Path == "/live" && r.Method == http.MethodGet:
		d.live(w, r, origin, from)
	default:
		http.NotFound(w, r)
	}
}

var own = template.Must(template.New("").Parse(`<!doctype html><html lang="{{.Lang}}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">
<title>{{.Title}}{{with .Brand}} · {{.}}{{end}}</title><style>:root{color-scheme:light dark}body{margin:0;font:16px/1.5 system-ui,sans-serif}main{max-width:36rem;margin:0 auto;padding:3rem 1rem}</style></head>
<body><main><h1>{{.Title}}</h1><p>{{.Greeting}}</p></main><script src="chat.js" data-open async></script></body></html>`))

// page is the chat on a page of our own.
func (d *desk) page(w http.ResponseWriter, r *http.Request) {
	brand := ""
	if d.env.Brand != nil {
		brand = d.env.Brand(r.Context()).Name
	}
	w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_ = own.Execute(w, map[string]string{"Lang": d.lang, "Title": d.title, "Brand": brand, "Greeting": d.greeting})
}

// who is the visitor whose token a request brings, for this site.
func (d *desk) who(r *http.Request, origin string) (visitor, bool) {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	var v visitor
	ok = ok && d.sign.Check("visitor", token, &v) && v.ID != "" && v.Origin == origin && d.now().Sub(v.At) < tokenLife
	return v, ok
}

func (d *desk) answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

func (d *desk) refuse(w http.ResponseWriter, status int, wait time.Duration) {
	if wait > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(wait.Seconds())+1))
	}
	d.answer(w, status, map[string]string{"error": http.StatusText(status)})
}

// hello gives a visitor who comes for the first time a token, and everybody
// how the chat looks and what was said.
func (d *desk) hello(w http.ResponseWriter, r *http.Request, origin string, from channel.Visitor) {
	v, known := d.who(r, origin)
	if !known {
		if wait := d.newVisitor.Take(from.IP, d.now()); wait > 0 {
			d.refuse(w, http.StatusTooManyRequests, wait)
			return
		}
		v = visitor{ID: visit.New(), Origin: origin}
	}
	v.At = d.now()
	lines, err := d.env.Lines.Last(r.Context(), d.env.ID, v.ID, lastLines)
	if err != nil {
		d.warn(err)
		d.refuse(w, http.StatusServiceUnavailable, time.Second)
		return
	}
	shown, err := d.linesOf(r.Context(), v.ID, lines)
	if err != nil {
		d.warn(err)
		d.refuse(w, http.StatusServiceUnavailable, time.Second)
		return
	}
	var waiting []file
	if d.files.On() && known {
		bs, err := d.env.Shelf.Waiting(r.Context(), d.env.ID, v.ID)
		if err != nil {
			d.warn(err)
		}
		for _, b := range bs {
			waiting = append(waiting, fileOf(b))
		}
	}
	out := map[string]any{
		"token": d.sign.Sign("visitor", v), "lines": shown, "files": d.limits(), "waiting": waiting, "title": d.title, "greeting": d.greeting, "colour": d.colour, "lang": d.lang,
		"ask": d.ask, "open": d.open(), "offline": d.offline, "privacy": d.privacy, "words": spoken[d.lang], "brand": "",
	}
	if d.env.Brand != nil {
		out["brand"] = d.env.Brand(r.Context()).Name
	}
	d.answer(w, http.StatusOK, out)
}

// linesOf are lines of a visitor's talk with their files, as a page shows them.
func (d *desk) linesOf(ctx context.Context, visitor string, lines []channel.Line) ([]line, error) {
	files, err := d.with(ctx, visitor, lines)
	out := make([]line, len(lines))
	for i, l := range lines {
		id := l.ID
		if _, rest, ok := strings.Cut(l.ID, "~"); ok {
			id = rest // the visitor's own name for it
		}
		out[i] = line{id, l.Position, l.Ours, l.Text, l.At, files[l.ID]}
	}
	return out, err
}

var name = regexp.MustCompile(`^[A-Za-z0-9-]{8,64}$`)

// say keeps a message. The same id again changes nothing.
func (d *desk) say(w http.ResponseWriter, r *http.Request, origin string, from channel.Visitor) {
	v, ok := d.who(r, origin)
	if !ok {
		d.refuse(w, http.StatusUnauthorized, 0)
		return
	}
	var in struct {
		ID, Text, Name, Email, Page string
		Files                       []string
	}
	dec := json.NewDecoder(r.Body)
	dec.DisallowUnknownFields()
	if err := dec.Decode(&in); err != nil {
		status := http.StatusBadRequest
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			status = http.StatusRequestEntityTooLarge
		}
		d.refuse(w, status, 0)
		return
	}
	in.Text = strings.TrimSpace(text.Cut(in.Text))
	in.Name, in.Email = strings.Join(strings.Fields(text.Cut(in.Name)), " "), strings.ToLower(strings.TrimSpace(in.Email))
	m, err := mail.ParseAddress(in.Email)
	switch {
	case !name.MatchString(in.ID), in.Text == "" && len(in.Files) == 0, len(in.Files) > channel.MostBrought, len([]rune(in.Text)) > mostText, len(in.Name) > 200, len(in.Email) > 320, len(in.Page) > 2000,
		in.Email != "" && (err != nil || m.Address != in.Email), d.ask == "must" && (in.Name == "" || in.Email == ""):
		d.refuse(w, http.StatusUnprocessableEntity, 0)
		return
	}
	if _, err := d.env.Lines.ByID(r.Context(), d.env.ID, v.ID+"~"+in.ID); err != nil { // what stands already costs nothing
		if wait := max(d.perVisitor.Take(v.ID, d.now()), d.perAddress.Take(from.IP, d.now())); wait > 0 {
			d.refuse(w, http.StatusTooManyRequests, wait)
			return
		}
	}
	l, err := d.keep(r.Context(), said{Visitor: v.ID, ID: in.ID, Text: in.Text, Name: in.Name, Email: in.Email, Page: text.Cut(in.Page), At: d.now()}, in.Files)
	if social.NotFound.Is(err) { // a file went meanwhile: the visitor adds it again
		d.refuse(w, http.StatusGone, 0)
		return
	}
	if err != nil {
		d.warn(err)
		d.refuse(w, http.StatusServiceUnavailable, time.Second)
		return
	}
	d.hub.wake(seat{d.env.ID, v.ID})
	d.answer(w, http.StatusOK, l)
}

// keep holds the files of a message for it, puts the message into the inbox's
// way, and then onto the page: after a crash in between the browser sends it
// again, and all three know it.
func (d *desk) keep(ctx context.Context, s said, files []string) (line, error) {
	key := s.Visitor + "~" + s.ID
	if len(files) > 0 {
		if d.env.Shelf == nil {
			return line{}, social.Errorf(social.NotFound, "No files are taken here.")
		}
		held, err := d.env.Shelf.Hold(ctx, d.env.ID, s.Visitor, key, files)
		if err != nil {
			return line{}, err
		}
		s.Files = channel.Note(held)
	}
	raw, err := json.Marshal(s)
	if err != nil {
		return line{}, err
	}
	if err := d.env.Take(ctx, []channel.Event{{Key: key, Raw: raw, At: s.At}}); err != nil {
		return line{}, err
	}
	l, _, err := d.env.Lines.Add(ctx, d.env.ID, channel.Line{ID: key, Visitor: s.Visitor, Text: s.Text, At: s.At})
	if err != nil {
		return line{}, err
	}
	out, err := d.linesOf(ctx, s.Visitor, []channel.Line{l})
	if err != nil {
		return line{}, err
	}
	return out[0], nil
}

func (d *desk) warn(err error) {
	if d.env.Log != nil {
		d.env.Log.Warn("a chat could not do what a visitor asked", "channel", d.env.ID, "error", err)
	}
}

// live tells what is new after a position, as it comes, as server-sent
// events. It is read with fetch, so that the token stands in no address.
func (d *desk) live(w http.ResponseWriter, r *http.Request, origin string, from channel.Visitor) {
	v, ok := d.who(r, origin)
	if !ok {
		d.refuse(w, http.StatusUnauthorized, 0)
		return
	}
	after, err := strconv.ParseInt(r.URL.Query().Get("after"), 10, 64)
	if err != nil || after < 0 {
		d.refuse(w, http.StatusBadRequest, 0)
		return
	}
	s := seat{d.env.ID, v.ID}
	p, ok := d.hub.enter(s, from.IP)
	if !ok {
		d.refuse(w, http.StatusTooManyRequests, 30*time.Second)
		return
	}
	defer d.hub.leave(s, from.IP, p)
	rc := http.NewResponseController(w)
	_ = rc.SetReadDeadline(time.Time{}) // not every writer has one
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no")
	w.WriteHeader(http.StatusOK)
	write := func(text string) error {
		_ = rc.SetWriteDeadline(time.Now().Add(10 * time.Second))
		if _, err := w.Write([]byte(text)); err != nil {
			return err
		}
		return rc.Flush()
	}
	if write(": hello\n\n") != nil {
		return
	}
	beat, end := time.NewTicker(heartbeat), time.NewTimer(longest)
	defer beat.Stop()
	defer end.Stop()
	for {
		lines, err := d.env.Lines.After(r.Context(), d.env.ID, v.ID, after, atOnce)
		if err != nil {
			return // the page comes back
		}
		news, err := d.linesOf(r.Context(), v.ID, lines)
		if err != nil {
			return
		}
		for _, l := range news {
			body, err := json.Marshal(l)
			if err != nil {
				return
			}
			if write(fmt.Sprintf("id: %d\nevent: line\ndata: %s\n\n", l.N, body)) != nil {
				return
			}
			after = l.N
		}
		if len(lines) == atOnce {
			continue
		}
		select {
		case _, open := <-p.wake:
			if !open {
				return
			}
		case <-beat.C:
			if write(": still here\n\n") != nil {
				return
			}
		case <-end.C:
			return
		case <-r.Context().Done():
			return
		}
	}
}

// Read takes a message out of what was kept.
func (d *desk) Read(e channel.Event) ([]social.Activity, error) {
	var s said
	if err := json.Unmarshal(e.Raw, &s); err != nil {
		return nil, social.Because(social.Invalid, err, "The chat brought something that is not its own.")
	}
	if s.Visitor == "" || s.ID == "" || s.Text == "" && len(s.Files) == 0 || s.At.IsZero() || s.At.Year() < 1970 || s.At.Year() > 9999 {
		return nil, social.Errorf(social.Invalid, "The chat brought a message without words, time or name.")
	}
	who := text.Cut(s.Name)
	if who == "" {
		who = "Visitor " + strings.ToUpper(text.Cut(s.Visitor)[:min(4, len(text.Cut(s.Visitor)))])
	}
	if s.Email != "" {
		who += " · " + text.Cut(s.Email)
	}
	a := social.Activity{
		ExternalID: s.Visitor + "~" + s.ID, Root: "talk/" + s.Visitor, Verb: social.Create, Form: social.FormDirect, Visibility: social.Direct, Directed: true,
		Text: text.Cut(s.Text), Published: s.At.UTC(),
		Author: social.Author{Scheme: "chat", Issuer: string(d.env.ID), Value: s.Visitor, Name: strings.ToValidUTF8(who, "")},
	}
	if strings.HasPrefix(s.Page, "https://") || strings.HasPrefix(s.Page, "http://") {
		a.URL = s.Page
	}
	return []social.Activity{a}, nil
}
