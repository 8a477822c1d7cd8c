package form

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/mail"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/kit/text"
	"github.com/parley-crm/parley/kit/visit"
	"github.com/parley-crm/parley/social"
)

// fresh is how long a page may stay open before it is sent.
const fresh = 24 * time.Hour

// The most that is taken of a field.
const (
	mostShort = 300
	mostText  = 10_000
)

// once is what makes a form sent twice one message.
type once struct {
	ID string    `json:"i"`
	At time.Time `json:"t"`
}

// talk is what the address of a talk proves.
type talk struct {
	ID    string `json:"i"`
	Name  string `json:"n,omitempty"`
	Email string `json:"e,omitempty"`
}

// said is a message as it is kept raw.
type said struct {
	Once    string    `json:"once"`
	Talk    talk      `json:"talk"`
	Phone   string    `json:"phone,omitempty"`
	Topic   string    `json:"topic,omitempty"`
	Text    string    `json:"text"`
	Answers []answer  `json:"answers,omitempty"`
	Consent string    `json:"consent,omitempty"` // the words that were agreed to
	At      time.Time `json:"at"`

	Files []channel.Noted `json:"files,omitempty"`
}

type answer struct {
	Question string `json:"question"`
	Answer   string `json:"answer"`
}

// Serve answers whoever comes.
func (p *page) Serve(w http.ResponseWriter, r *http.Request, from channel.Visitor) {
	get := r.Method == http.MethodGet || r.Method == http.MethodHead
	token, isTalk := strings.CutPrefix(r.URL.Path, "/talk/")
	token, file, isFile := strings.Cut(token, "/file/")
	origin, known := visit.Of(r, p.env.Door)
	switch {
	case !get && r.Method != http.MethodPost:
		w.Header().Set("Allow", "GET, HEAD, POST")
		http.Error(w, "This page takes GET and POST.", http.StatusMethodNotAllowed)
	case !get && (origin != "" || !known): // our page posts to itself, also where it is framed
		http.Error(w, "This form can only be sent from its own page.", http.StatusForbidden)
	case r.URL.Path == "/" && get:
		p.show(w, r, "form", http.StatusOK, view{Once: p.once(), Fields: p.fields(nil, nil)})
	case r.URL.Path == "/":
		p.submit(w, r, from)
	case r.URL.Path == "/thanks" && get:
		var t talk
		v := view{Title: p.words.Thanks, Private: true}
		if s := r.URL.Query().Get("talk"); p.sign.Check("talk", s, &t) {
			v.Token = s
		}
		p.show(w, r, "thanks", http.StatusOK, v)
	case isTalk && isFile && get:
		p.file(w, r, token, file)
	case isTalk && !isFile:
		p.talk(w, r, token, get, from)
	default:
		http.NotFound(w, r)
	}
}

// goTo leads to a page beside this one, which may be reloaded safely.
func goTo(w http.ResponseWriter, to string) {
	w.Header().Set("Location", to)
	w.WriteHeader(http.StatusSeeOther)
}

func (p *page) once() string {
	return p.sign.Sign("once", once{visit.New(), p.now()})
}

// stamp reads what makes a message one message.
func (p *page) stamp(r *http.Request) (once, bool) {
	var o once
	ok := p.sign.Check("once", r.PostFormValue("once"), &o) && o.ID != "" && p.now().Sub(o.At) < fresh
	return o, ok
}

// fields are the form's, with what was typed and what is wrong with it.
func (p *page) fields(typed map[string]string, wrong map[string]string) []input {
	var out []input
	add := func(id, label, kind, fill string, n need, most int) {
		if n.Asked() {
			out = append(out, input{ID: id, Label: label, Kind: kind, Fill: fill, Must: n.Must(), Max: most, Value: typed[id], Error: wrong[id], W: p.words})
		}
	}
	add("name", p.words.Name, "text", "name", p.name, mostShort)
	add("email", p.words.Email, "email", "email", p.email, mostShort)
	add("phone", p.words.Phone, "tel", "tel", p.phone, mostShort)
	if len(p.topics) > 0 {
		out = append(out, input{ID: "topic", Label: p.words.Topic, Kind: "select", Must: true, Choices: p.topics, Value: typed["topic"], Error: wrong["topic"], W: p.words})
	}
	for i, q := range p.questions {
		n := need("may")
		if q.Must {
			n = "must"
		}
		add("q"+strconv.Itoa(i), q.Text, "text", "off", n, mostShort)
	}
	add("text", p.words.Message, "area", "", "must", mostText)
	return out
}

// submit takes what was typed, or shows it again with what is wrong.
func (p *page) submit(w http.ResponseWriter, r *http.Request, from channel.Visitor) {
	came, err := p.bring(w, r, from, p.stamped)
	if err != nil {
		status := http.StatusBadRequest
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			status = http.StatusRequestEntityTooLarge
		}
		p.show(w, r, "form", status, view{Once: p.once(), Fields: p.fields(nil, nil), Notice: p.words.TooLong})
		return
	}
	typed, wrong := p.read(r)
	agreed := r.PostFormValue("consent") != ""
	v := view{Fields: p.fields(typed, wrong), Errors: len(wrong) > 0 || came.Error != "", Agreed: agreed, Once: r.PostFormValue("once"), Files: came}
	if p.consent != "" && !agreed {
		v.Errors, v.ConsentError = true, p.words.Consent
	}
	o, ok := p.stamp(r)
	switch {
	case r.PostFormValue("website") != "": // only a machine fills what nobody sees
		goTo(w, "thanks")
		return
	case !ok:
		v.Once, v.Notice = p.once(), p.words.Stale
		p.show(w, r, "form", http.StatusUnprocessableEntity, v)
		return
	case v.Errors:
		p.show(w, r, "form", http.StatusUnprocessableEntity, v)
		return
	case p.perVisitor.Take(from.IP, p.now()) > 0:
		v.Notice = p.words.Slow
		p.show(w, r, "form", http.StatusTooManyRequests, v)
		return
	}
	s := said{Once: o.ID, Talk: talk{ID: o.ID, Name: typed["name"], Email: strings.ToLower(typed["email"])}, Phone: typed["phone"], Topic: typed["topic"],
		Text: typed["text"], Consent: p.consent, At: p.now()}
	for i, q := range p.questions {
		if a := typed["q"+strconv.Itoa(i)]; a != "" {
			s.Answers = append(s.Answers, answer{q.Text, a})
		}
	}
	if err := p.take(r, s, came.ids()); err != nil {
		v.Notice = p.words.Away
		p.show(w, r, "form", http.StatusServiceUnavailable, v)
		return
	}
	goTo(w, "thanks?talk="+p.sign.Sign("talk", s.Talk))
}

// read gives what was typed, tidied, and what is wrong with it.
func (p *page) read(r *http.Request) (typed, wrong map[string]string) {
	typed, wrong = map[string]string{}, map[string]string{}
	for _, f := range p.fields(nil, nil) {
		v := strings.TrimSpace(text.Cut(strings.ReplaceAll(r.PostFormValue(f.ID), "\r\n", "\n")))
		if f.Kind != "area" {
			v = strings.Join(strings.Fields(v), " ")
		}
		typed[f.ID] = v
		switch {
		case v == "" && f.Must && f.Kind == "select":
			wrong[f.ID] = p.words.BadChoice
		case v == "" && f.Must:
			wrong[f.ID] = p.words.Needed
		case v == "":
		case f.Kind == "select" && !slices.Contains(p.topics, v):
			wrong[f.ID] = p.words.BadChoice
		case f.Max > 0 && len([]rune(v)) > f.Max:
			wrong[f.ID] = p.words.TooLong
		case f.Kind == "email" && !isEmail(v):
			wrong[f.ID] = p.words.BadEmail
		case f.Kind == "tel" && !isPhone(v):
			wrong[f.ID] = p.words.BadPhone
		}
	}
	return typed, wrong
}

func isEmail(s string) bool {
	m, err := mail.ParseAddress(s)
	return err == nil && m.Address == s && strings.Contains(s[strings.LastIndexByte(s, '@'):], ".")
}

func isPhone(s string) bool {
	digits := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -()/.", r) {
			return -1
		}
		return r
	}, strings.TrimPrefix(s, "+"))
	return len(digits) >= 5 && len(digits) <= 15 && strings.Trim(digits, "0123456789") == ""
}

// take keeps a message, its files before it; the same again changes nothing.
func (p *page) take(r *http.Request, s said, files []string) error {
	id := "said/" + s.Once
	if p.stands(r.Context(), once{ID: s.Once}) {
		return nil // whatever came along with it now
	}
	if p.files.On() {
		held, err := p.env.Shelf.Hold(r.Context(), p.env.ID, s.Talk.ID, id, files)
		if err != nil {
			p.warn(err)
			return err
		}
		s.Files = channel.Note(held)
	}
	raw, err := json.Marshal(s)
	if err != nil {
		return err
	}
	e := channel.Event{Key: id, Raw: raw, At: s.At}
	if err := p.env.Take(r.Context(), []channel.Event{e}); err != nil {
		p.warn(err)
		return err
	}
	_, _, err = p.env.Lines.Add(r.Context(), p.env.ID, channel.Line{ID: id, Visitor: s.Talk.ID, Text: s.words(), At: s.At})
	if err != nil {
		p.warn(err)
	}
	return err
}

func (p *page) warn(err error) {
	if p.env.Log != nil {
		p.env.Log.Warn("a form could not take a message", "channel", p.env.ID, "error", err)
	}
}

const shownLines = 200

// talk shows what was said, and takes more.
func (p *page) talk(w http.ResponseWriter, r *http.Request, token string, get bool, from channel.Visitor) {
	var t talk
	if !p.sign.Check("talk", token, &t) || t.ID == "" {
		p.show(w, r, "gone", http.StatusNotFound, view{Private: true, Notice: "404"})
		return
	}
	v := view{Private: true, Once: p.once()}
	status := http.StatusOK
	if !get {
		v.Files, _ = p.bring(w, r, from, func(*http.Request) (string, bool) { return t.ID, true }) // what cannot be read is empty
		words := strings.TrimSpace(text.Cut(strings.ReplaceAll(r.PostFormValue("text"), "\r\n", "\n")))
		o, ok := p.stamp(r)
		switch {
		case !ok:
			v.Notice, status = p.words.Stale, http.StatusUnprocessableEntity
		case v.Files.Error != "":
			v.Notice, status = v.Files.Error, http.StatusUnprocessableEntity
		case words == "":
			v.Notice, status = p.words.Needed, http.StatusUnprocessableEntity
		case len([]rune(words)) > mostText:
			v.Notice, status = p.words.TooLong, http.StatusUnprocessableEntity
		case p.perTalk.Take(t.ID, p.now()) > 0:
			v.Notice, status = p.words.Slow, http.StatusTooManyRequests
		case p.take(r, said{Once: o.ID, Talk: t, Text: words, At: p.now()}, v.Files.ids()) != nil:
			v.Notice, status = p.words.Away, http.StatusServiceUnavailable
		default:
			goTo(w, token)
			return
		}
		v.Fields = []input{{ID: "text", Label: p.words.More, Kind: "area", Must: true, Max: mostText, Value: words, W: p.words}}
	} else {
		v.Fields = []input{{ID: "text", Label: p.words.More, Kind: "area", Must: true, Max: mostText, W: p.words}}
	}
	lines, err := p.env.Lines.Last(r.Context(), p.env.ID, t.ID, shownLines)
	if err == nil {
		v.Lines, err = p.with(r.Context(), t.ID, token, lines)
	}
	if err != nil {
		p.warn(err)
		http.Error(w, p.words.Away, http.StatusServiceUnavailable)
		return
	}
	v.Answered = slices.ContainsFunc(lines, func(l channel.Line) bool { return l.Ours })
	p.show(w, r, "talk", status, v)
}

// words are the message with what was asked besides.
func (s said) words() string {
	var b strings.Builder
	b.WriteString(s.Text)
	for _, a := range s.Answers {
		b.WriteString("\n\n" + a.Question + "\n" + a.Answer)
	}
	return b.String()
}

// Read takes a message out of what was kept.
func (p *page) Read(e channel.Event) ([]social.Activity, error) {
	var s said
	if err := json.Unmarshal(e.Raw, &s); err != nil {
		return nil, social.Because(social.Invalid, err, "The form brought something that is not its own.")
	}
	if s.Once == "" || s.Talk.ID == "" || s.Text == "" || s.At.IsZero() || s.At.Year() < 1970 || s.At.Year() > 9999 {
		return nil, social.Errorf(social.Invalid, "The form brought a message without words, time or name.")
	}
	a := social.Activity{
		ExternalID: "said/" + s.Once, Root: "talk/" + s.Talk.ID, Verb: social.Create, Form: social.FormDirect, Visibility: social.Direct, Directed: true,
		Title: text.Cut(s.Topic), Text: text.Cut(s.words()), Published: s.At.UTC(),
		Author: social.Author{Scheme: "form", Issuer: string(p.env.ID), Value: s.Talk.ID, Name: text.Cut(s.Talk.Name)},
	}
	if s.Phone != "" {
		a.Text = text.Cut(a.Text + "\n\n☎ " + s.Phone)
	}
	if s.Talk.Email != "" {
		a.Author.Scheme, a.Author.Issuer, a.Author.Value = "mailto", "", s.Talk.Email
	}
	return []social.Activity{a}, nil
}
