package chat

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// file is a file as a page shows it.
type file struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Size    int64  `json:"size"`
	Picture bool   `json:"picture,omitempty"`
	Alt     string `json:"alt,omitempty"`
}

func fileOf(b channel.Brought) file { return file{b.ID, b.Name, b.Size, b.Picture, b.Alt} }

// limits are what a page says before a file is chosen.
func (d *desk) limits() map[string]int64 {
	if !d.files.On() {
		return nil
	}
	return map[string]int64{"most": channel.MostBrought, "size": d.files.Largest}
}

// with are the files of lines of a visitor's talk, by line.
func (d *desk) with(ctx context.Context, visitor string, lines []channel.Line) (map[string][]file, error) {
	if d.env.Shelf == nil || len(lines) == 0 {
		return nil, nil
	}
	ids := make([]string, len(lines))
	for i, l := range lines {
		ids[i] = l.ID
	}
	all, err := d.env.Shelf.With(ctx, d.env.ID, visitor, ids)
	out := make(map[string][]file, len(all))
	for id, bs := range all {
		for _, b := range bs {
			out[id] = append(out[id], fileOf(b))
		}
	}
	return out, err
}

// MostBody lets a file in where files are taken.
func (d *desk) MostBody(r *http.Request) int64 {
	if r.Method == http.MethodPost && r.URL.Path == "/file" && d.files.On() {
		return d.files.Largest + 1
	}
	return 0
}

// bring keeps a file until the words come with which it goes. The same id
// again changes nothing.
func (d *desk) bring(w http.ResponseWriter, r *http.Request, origin string, from channel.Visitor) {
	v, ok := d.who(r, origin)
	if !ok {
		d.refuse(w, http.StatusUnauthorized, 0)
		return
	}
	d.files.Patient(w)
	q := r.URL.Query()
	b, err := d.files.Take(r.Context(), v.ID, from, q.Get("id"), q.Get("name"), r.ContentLength, r.Body)
	var no *channel.Refused
	switch {
	case errors.As(err, &no):
		status := map[string]int{channel.TooLarge: http.StatusRequestEntityTooLarge, channel.NoKind: http.StatusUnsupportedMediaType, channel.TooMany: http.StatusConflict,
			channel.TooFast: http.StatusTooManyRequests, channel.Empty: http.StatusUnprocessableEntity, channel.NoFiles: http.StatusNotFound}[no.Why]
		w.Header().Set("Connection", "close") // what is not read of it never comes
		d.refuse(w, status, no.Wait)
	case social.Invalid.Is(err):
		d.refuse(w, http.StatusBadRequest, 0)
	case err != nil:
		d.warn(err)
		d.refuse(w, http.StatusServiceUnavailable, time.Second)
	default:
		d.answer(w, http.StatusCreated, fileOf(b))
	}
}

// file gives a file of the visitor's own talk, or lets one go that waits.
func (d *desk) file(w http.ResponseWriter, r *http.Request, origin string) {
	v, ok := d.who(r, origin)
	if !ok {
		d.refuse(w, http.StatusUnauthorized, 0)
		return
	}
	id := strings.TrimPrefix(r.URL.Path, "/file/")
	if r.Method == http.MethodGet {
		d.files.Show(w, r, v.ID, id)
		return
	}
	if d.env.Shelf != nil {
		if err := d.env.Shelf.Drop(r.Context(), d.env.ID, v.ID, id); err != nil {
			d.warn(err)
			d.refuse(w, http.StatusServiceUnavailable, time.Second)
			return
		}
	}
	w.WriteHeader(http.StatusNoContent)
}

// Enclosed is what a visitor brought with a message.
func (d *desk) Enclosed(e channel.Event) ([]social.Enclosed, error) {
	as, err := d.Read(e)
	if err != nil || len(as) == 0 {
		return nil, err
	}
	var s said
	if err := json.Unmarshal(e.Raw, &s); err != nil {
		return nil, err
	}
	return d.files.Enclosed(as[0].ExternalID, s.Visitor, s.Files), nil
}

// Fetch opens a file that a visitor brought.
func (d *desk) Fetch(ctx context.Context, a social.Attachment) (io.ReadCloser, error) {
	return d.files.Fetch(ctx, a)
}
