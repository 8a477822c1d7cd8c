package channel

import (
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/parley-crm/parley/kit/picture"
	"github.com/parley-crm/parley/kit/sniff"
	"github.com/parley-crm/parley/kit/visit"
	"github.com/parley-crm/parley/social"
)

// MostBrought is how many files go with one message at a door, and wait for
// one at most.
const MostBrought = 5

// bringing is how long one file may take to arrive.
const bringing = 3 * time.Minute

// Porter takes the files that visitors bring to a door, and gives them out
// again to their own talk. It promises that no more is read than one visitor,
// one address and the house may bring at a time, that what is kept is a
// picture, a document, sound or video by its bytes, bare of what cameras write
// into it, and that only who is in a talk reads what is in it.
type Porter struct {
	Env     Env
	Largest int64 // bytes of one; 0: none are taken

	visitor, address *visit.Rate // files
	weight, all      *visit.Rate // megabytes
}

// BroughtField is the setting of a door that says whether files are taken, and
// how large they may be.
func BroughtField() Field {
	return Field{Name: "files", Label: "Files that visitors may add", Type: "choice", Choices: []string{"no", "5 MB", "10 MB", "20 MB"}, Default: "10 MB",
		Help: "Up to five with a message, each so large at most: pictures, PDF, office documents, sound and video."}
}

// NewPorter reads that setting.
func NewPorter(e Env, setting string) (*Porter, error) {
	p := &Porter{Env: e, visitor: &visit.Rate{Burst: 30, Span: 10 * time.Minute}, address: &visit.Rate{Burst: 60, Span: 10 * time.Minute},
		weight: &visit.Rate{Burst: 200, Span: time.Hour}, all: &visit.Rate{Burst: 3000, Span: time.Hour}}
	if setting == "" {
		setting = "10 MB"
	}
	if setting == "no" {
		return p, nil
	}
	mb, ok := strings.CutSuffix(setting, " MB")
	n, err := strconv.Atoi(mb)
	if !ok || err != nil || n < 1 || n<<20 > social.MaxFile-1<<20 {
		return nil, &social.Error{Kind: social.Invalid, Field: "files", Text: "Files may have 5 MB, 10 MB or 20 MB, or “no”."}
	}
	p.Largest = int64(n) << 20
	return p, nil
}

// On reports whether files are taken.
func (p *Porter) On() bool { return p.Largest > 0 && p.Env.Shelf != nil }

// Refused is why a file was not taken, for a page to say in its language.
type Refused struct {
	Why  string        // one of the reasons below
	Wait time.Duration // before asking again
}

// The reasons.
const (
	TooLarge = "large"
	NoKind   = "kind"
	TooMany  = "many"
	TooFast  = "slow"
	Empty    = "empty"
	NoFiles  = "none"
)

func (r *Refused) Error() string { return "The file was not taken: " + r.Why + "." }

// idLike is a name by which a visitor's page knows a file.
var idLike = regexp.MustCompile(`^[A-Za-z0-9-]{8,64}$`)

// hall is how much strangers bring at the same time, to all doors together: it
// lies in memory until it has come whole.
var hall struct {
	sync.Mutex
	all int64
	of  map[string]int64
}

const (
	hallSize = 160 << 20
	hallPart = 50 << 20 // of one address
)

// enter makes room for a file in the hall.
func enter(ip string, n int64) (leave func(), ok bool) {
	hall.Lock()
	defer hall.Unlock()
	if hall.all+n > hallSize || hall.of[ip]+n > hallPart {
		return nil, false
	}
	if hall.of == nil {
		hall.of = map[string]int64{}
	}
	hall.all += n
	hall.of[ip] += n
	return func() {
		hall.Lock()
		defer hall.Unlock()
		hall.all -= n
		if hall.of[ip] -= n; hall.of[ip] <= 0 {
			delete(hall.of, ip)
		}
	}, true
}

// Take keeps what a visitor brings under an id of theirs, as far as they may;
// otherwise the error is a Refused. The same id again is the same file. size is
// how many bytes are announced, -1 where none are; nothing is read of what may
// not come in.
func (p *Porter) Take(ctx context.Context, visitor string, from Visitor, id, name string, size int64, body io.Reader) (Brought, error) {
	switch {
	case !p.On():
		return Brought{}, &Refused{Why: NoFiles}
	case !idLike.MatchString(id):
		return Brought{}, &Refused{Why: NoKind}
	case size > p.Largest:
		return Brought{}, &Refused{Why: TooLarge}
	case size == 0:
		return Brought{}, &Refused{Why: Empty}
	case size < 0:
		size = p.Largest
	}
	if b, _, err := p.Env.Shelf.Open(ctx, p.Env.ID, visitor, id); err == nil { // what stands already costs nothing
		return b, nil
	}
	now := p.Env.Now()
	if wait := max(p.visitor.Take(visitor, now), p.address.Take(from.IP, now)); wait > 0 {
		return Brought{}, &Refused{TooFast, wait}
	}
	mb := int(size>>20) + 1
	if wait := max(p.weight.TakeMany(from.IP, mb, now), p.all.TakeMany("", mb, now)); wait > 0 {
		return Brought{}, &Refused{TooFast, wait}
	}
	leave, ok := enter(from.IP, size)
	if !ok {
		return Brought{}, &Refused{TooFast, 5 * time.Second}
	}
	defer leave()
	data, err := io.ReadAll(io.LimitReader(body, p.Largest+1))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large), int64(len(data)) > p.Largest:
		return Brought{}, &Refused{Why: TooLarge}
	case err != nil:
		return Brought{}, social.Because(social.Invalid, err, "The file did not arrive whole.")
	case len(data) == 0:
		return Brought{}, &Refused{Why: Empty}
	}
	kind := sniff.Type(name, data)
	if !sniff.Harmless(kind) {
		return Brought{}, &Refused{Why: NoKind}
	}
	if len(name) > 400 { // the end says what it is
		name = name[len(name)-400:]
	}
	b, err := p.Env.Shelf.Put(ctx, p.Env.ID, visitor, Brought{ID: id, Name: sniff.Named(name, kind)}, picture.Bare(data), MostBrought)
	if social.Conflict.Is(err) {
		return Brought{}, &Refused{Why: TooMany}
	}
	return b, err
}

// Patient gives a request time to bring a file.
func (p *Porter) Patient(w http.ResponseWriter) {
	rc := http.NewResponseController(w)
	_ = rc.SetReadDeadline(time.Now().Add(bringing)) // not every writer has one
	_ = rc.SetWriteDeadline(time.Now().Add(bringing + 30*time.Second))
}

// Show writes a file of a talk to whoever has shown that the talk is theirs.
// A picture may be shown; all else is saved, and nothing of it runs.
func (p *Porter) Show(w http.ResponseWriter, r *http.Request, visitor, id string) {
	if p.Env.Shelf == nil {
		http.NotFound(w, r)
		return
	}
	b, data, err := p.Env.Shelf.Open(r.Context(), p.Env.ID, visitor, id)
	switch {
	case social.NotFound.Is(err):
		http.NotFound(w, r)
		return
	case err != nil:
		http.Error(w, http.StatusText(http.StatusServiceUnavailable), http.StatusServiceUnavailable)
		return
	}
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'")
	h.Set("Content-Type", sniff.Stream)
	how := "attachment"
	if b.Picture {
		how = "inline"
		h.Set("Content-Type", b.Type)
	}
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "private, no-store")
	h.Set("Content-Disposition", mime.FormatMediaType(how, map[string]string{"filename": b.Name}))
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(bringing))
	http.ServeContent(w, r, "", time.Time{}, data)
}

// Noted is a file as the raw message of a door names it.
type Noted struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Type string `json:"type"`
	Size int64  `json:"size"`
}

// Note is files as a raw message names them.
func Note(bs []Brought) []Noted {
	var out []Noted
	for _, b := range bs {
		out = append(out, Noted{b.ID, b.Name, b.Type, b.Size})
	}
	return out
}

// Enclosed is what came with an activity of a talk, as Encloser has it.
func (p *Porter) Enclosed(of, visitor string, files []Noted) []social.Enclosed {
	out := social.Enclosed{Of: of}
	for _, f := range files {
		if idLike.MatchString(f.ID) {
			out.Files = append(out.Files, social.Attachment{Handle: visitor + "/" + f.ID, Name: f.Name, Type: f.Type, Size: f.Size})
		}
	}
	if len(out.Files) == 0 {
		return nil
	}
	return []social.Enclosed{out}
}

// Fetch opens a file that a visitor brought, as Encloser has it.
func (p *Porter) Fetch(ctx context.Context, a social.Attachment) (io.ReadCloser, error) {
	visitor, id, ok := strings.Cut(a.Handle, "/")
	if !ok || p.Env.Shelf == nil || visitor == "" || !idLike.MatchString(id) {
		return nil, social.Errorf(social.Invalid, "This is no file of this page.")
	}
	_, data, err := p.Env.Shelf.Open(ctx, p.Env.ID, visitor, id)
	if err != nil {
		if social.KindOf(err) == social.Fault {
			err = social.Because(social.Busy, err, "The file cannot be read right now.")
		}
		return nil, err
	}
	return io.NopCloser(data), nil
}

// Load is what goes with an answer at a door.
func (p *Porter) Load() Load {
	if p == nil || p.Env.Shelf == nil {
		return Load{}
	}
	return Load{Most: MostBrought, Size: 20 << 20, Alt: 1500}
}

// give puts files of ours beside an answer. The key makes them once.
func (p *Porter) give(ctx context.Context, visitor, key string, media []Media) error {
	if len(media) == 0 {
		return nil
	}
	if err := Bear(p.Load(), media); err != nil {
		return err
	}
	var ids []string
	for i, m := range media {
		data, err := io.ReadAll(m.Open())
		if err != nil {
			return social.Because(social.Busy, err, "A file that goes along cannot be read.")
		}
		id := "ours/" + key + "/" + strconv.Itoa(i)
		if _, err := p.Env.Shelf.Put(ctx, p.Env.ID, visitor, Brought{ID: id, Name: m.Name, Alt: m.Alt}, data, 0); err != nil {
			return before(err)
		}
		ids = append(ids, id)
	}
	_, err := p.Env.Shelf.Hold(ctx, p.Env.ID, visitor, "ours/"+key, ids)
	return before(err)
}

// before sorts an error of what comes before the words: files alone are seen by nobody.
func before(err error) error {
	if err != nil && slices.Contains([]social.Kind{social.Fault, social.Unknown}, social.KindOf(err)) {
		return social.Because(social.Busy, err, "The files of the answer could not be kept yet.")
	}
	return err
}
