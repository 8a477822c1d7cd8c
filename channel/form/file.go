package form

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// mostWords is how many bytes the fields of a form may have together.
const mostWords = 256 << 10

// bringing is what a form says of files, and those that came with it and wait.
type bringing struct {
	On     bool
	Limit  string
	Accept string
	Error  string
	Had    []had
}

// had is a file that came before and waits: a mistake elsewhere loses nothing.
type had struct{ ID, Name, Size string }

// line is what was said, with its files.
type line struct {
	channel.Line
	Files []shownFile
}

type shownFile struct {
	Name, Size, Alt, URL string
	Picture              bool
}

func (b bringing) ids() []string {
	var out []string
	for _, h := range b.Had {
		out = append(out, h.ID)
	}
	return out
}

// offer fills in what a form says before files are chosen.
func (p *page) offer(b *bringing) {
	b.On = p.files.On()
	b.Limit = p.say(p.words.Limit, "")
	b.Accept = "image/*,audio/*,video/*,.pdf,.txt,.csv,.docx,.xlsx,.pptx,.odt,.ods"
}

func (p *page) say(words, name string) string {
	if r := []rune(name); len(r) > 60 {
		name = string(r[:60]) + "…"
	}
	return strings.NewReplacer("{n}", strconv.Itoa(channel.MostBrought), "{s}", strconv.FormatInt(p.files.Largest>>20, 10), "{f}", name).Replace(words)
}

// MostBody lets files in where they are taken.
func (p *page) MostBody(r *http.Request) int64 {
	if r.Method != http.MethodPost || !p.files.On() || r.URL.Path != "/" && !strings.HasPrefix(r.URL.Path, "/talk/") {
		return 0
	}
	return channel.MostBrought*p.files.Largest + mostWords
}

// stamped is in whose talk a form comes that was not sent before.
func (p *page) stamped(r *http.Request) (string, bool) {
	o, ok := p.stamp(r)
	return o.ID, ok && r.PostFormValue("website") == ""
}

// bring reads what a form brings: its fields as they are asked for
// afterwards, and its files, one at a time, onto the shelf of the talk that
// whose tells. Fields stand before files, so that it is known by then.
func (p *page) bring(w http.ResponseWriter, r *http.Request, from channel.Visitor, whose func(*http.Request) (string, bool)) (bringing, error) {
	var out bringing
	if kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";"); strings.TrimSpace(kind) != "multipart/form-data" || !p.files.On() {
		return out, r.ParseForm()
	}
	p.files.Patient(w)
	r.PostForm = url.Values{}
	r.Form = r.PostForm
	parts, err := r.MultipartReader()
	if err != nil {
		return out, err
	}
	left := int64(mostWords)
	var keep []string // of what came before
	var fresh []channel.Brought
	for files := 0; ; {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return out, err
		}
		if part.FileName() == "" && part.FormName() != "files" {
			v, err := io.ReadAll(io.LimitReader(part, left+1))
			if err != nil {
				return out, err
			}
			if left -= int64(len(v)) + 64; left < 0 {
				return out, &http.MaxBytesError{Limit: mostWords}
			}
			r.PostForm.Add(part.FormName(), string(v))
			if part.FormName() == "had" {
				keep = append(keep, string(v))
			}
			continue
		}
		if part.FileName() == "" { // no file was chosen
			continue
		}
		talk, ok := whose(r)
		if !ok || out.Error != "" {
			continue // it is not read
		}
		if files++; files > channel.MostBrought {
			out.Error = p.say(p.words.Many, "")
			continue
		}
		b, why := p.one(r.Context(), talk, from, part)
		if out.Error = why; why == "" && !slices.ContainsFunc(fresh, func(x channel.Brought) bool { return x.ID == b.ID }) {
			fresh = append(fresh, b)
		}
	}
	talk, ok := whose(r)
	if !ok {
		return out, nil
	}
	waiting, err := p.env.Shelf.Waiting(r.Context(), p.env.ID, talk)
	o, _ := p.stamp(r)
	stands := p.stands(r.Context(), o)
	if err == nil && !stands { // what an attempt that failed has held
		var held map[string][]channel.Brought
		held, err = p.env.Shelf.With(r.Context(), p.env.ID, talk, []string{"said/" + o.ID})
		waiting = append(held["said/"+o.ID], waiting...)
	}
	if err != nil {
		p.warn(err)
		out.Error = p.words.Away
		return out, nil
	}
	for _, b := range waiting {
		if slices.Contains(keep, b.ID) || slices.ContainsFunc(fresh, func(x channel.Brought) bool { return x.ID == b.ID }) {
			out.Had = append(out.Had, had{b.ID, b.Name, amount(b.Size)})
			continue
		}
		if err := p.env.Shelf.Drop(r.Context(), p.env.ID, talk, b.ID); err != nil { // its box was cleared
			p.warn(err)
		}
	}
	for _, id := range keep {
		if out.Error == "" && !stands && !slices.ContainsFunc(out.Had, func(h had) bool { return h.ID == id }) {
			out.Error = p.say(p.words.Broken, p.words.Files) // it waited too long
		}
	}
	return out, nil
}

// stands reports whether a form was taken already.
func (p *page) stands(ctx context.Context, o once) bool {
	_, err := p.env.Lines.ByID(ctx, p.env.ID, "said/"+o.ID)
	return err == nil
}

// one takes one file of a form. The same file again has the same id.
func (p *page) one(ctx context.Context, talk string, from channel.Visitor, part *multipart.Part) (channel.Brought, string) {
	name := part.FileName()
	head := make([]byte, 64<<10)
	n, err := io.ReadFull(part, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return channel.Brought{}, p.say(p.words.Broken, name)
	}
	sum := sha256.Sum256(append([]byte(name+"\x00"), head[:n]...))
	size := int64(-1)
	if n < len(head) {
		size = int64(n)
	}
	b, err := p.files.Take(ctx, talk, from, fmt.Sprintf("%x", sum[:16]), name, size, io.MultiReader(strings.NewReader(string(head[:n])), part))
	var no *channel.Refused
	if errors.As(err, &no) {
		switch no.Why {
		case channel.TooLarge:
			return b, p.say(p.words.Large, name)
		case channel.TooMany:
			return b, p.say(p.words.Many, name)
		case channel.TooFast:
			return b, p.words.Slow
		case channel.Empty, channel.NoKind, channel.NoFiles:
			return b, p.say(p.words.Kind, name)
		}
	}
	if err != nil {
		p.warn(err)
		return b, p.say(p.words.Broken, name)
	}
	return b, ""
}

// file gives a file to whoever has the address of its talk.
func (p *page) file(w http.ResponseWriter, r *http.Request, token, id string) {
	var t talk
	if !p.sign.Check("talk", token, &t) || t.ID == "" {
		http.NotFound(w, r)
		return
	}
	p.files.Show(w, r, t.ID, id)
}

// with are lines with their files, as the page of a talk shows them.
func (p *page) with(ctx context.Context, talk, token string, lines []channel.Line) ([]line, error) {
	out := make([]line, len(lines))
	ids := make([]string, len(lines))
	for i, l := range lines {
		out[i].Line, ids[i] = l, l.ID
	}
	if p.env.Shelf == nil {
		return out, nil
	}
	files, err := p.env.Shelf.With(ctx, p.env.ID, talk, ids)
	for i, l := range lines {
		for _, b := range files[l.ID] {
			parts := strings.Split(b.ID, "/")
			for j := range parts {
				parts[j] = url.PathEscape(parts[j])
			}
			out[i].Files = append(out[i].Files, shownFile{b.Name, amount(b.Size), b.Alt, token + "/file/" + strings.Join(parts, "/"), b.Picture})
		}
	}
	return out, err
}

func amount(n int64) string {
	if n < 1<<20 {
		return strconv.FormatInt((n+999)/1000, 10) + " kB"
	}
	return strconv.FormatFloat(float64(n)/(1<<20), 'f', 1, 64) + " MB"
}

// Enclosed is what came with a form.
func (p *page) Enclosed(e channel.Event) ([]social.Enclosed, error) {
	as, err := p.Read(e)
	if err != nil || len(as) == 0 {
		return nil, err
	}
	var s said
	if err := json.Unmarshal(e.Raw, &s); err != nil {
		return nil, err
	}
	return p.files.Enclosed(as[0].ExternalID, s.Talk.ID, s.Files), nil
}

// Fetch opens a file that came with a form.
func (p *page) Fetch(ctx context.Context, a social.Attachment) (io.ReadCloser, error) {
	return p.files.Fetch(ctx, a)
}
