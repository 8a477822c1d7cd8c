package server

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/parley-crm/parley/social"
)

// fileLife is how long an address of a file works at least; addresses change
// once in that time, so that a browser may keep what it has.
const fileLife = 24 * time.Hour

// File is a file as the app sees it.
type File struct {
	ID     social.FileID `json:"id"`
	Name   string        `json:"name"`
	Type   string        `json:"type" doc:"Media type, by the bytes themselves."`
	Size   int64         `json:"size" doc:"Bytes."`
	Width  int           `json:"width,omitempty" doc:"Of a picture, in pixels."`
	Height int           `json:"height,omitempty"`
	URL    string        `json:"url" doc:"Where its bytes are, for a day or two, for whoever has the address; no cookie is asked."`
	Shown  bool          `json:"shown" doc:"A picture that a browser may show in place; anything else is saved."`
}

// ShowFile gives a file an address. Call it only for whoever may read the
// file: the address is all that the bytes ask for.
func (s *Server) ShowFile(f social.File) File {
	return File{ID: f.ID, Name: f.Name, Type: f.Type, Size: f.Size, Width: f.Width, Height: f.Height, Shown: f.Picture(), URL: s.fileURL(f)}
}

// ShowFiles gives files addresses; never nil.
func (s *Server) ShowFiles(fs []social.File) []File {
	out := make([]File, len(fs))
	for i, f := range fs {
		out[i] = s.ShowFile(f)
	}
	return out
}

func (s *Server) fileURL(f social.File) string {
	until := s.Clock.Now().Truncate(fileLife).Add(2 * fileLife).Unix()
	return "/files/" + string(f.ID) + "/" + strconv.FormatInt(until, 36) + "-" + s.fileMark(string(f.ID), until) + "/" + url.PathEscape(f.Name)
}

func (s *Server) fileMark(id string, until int64) string {
	h := hmac.New(sha256.New, s.Box.Derive("files"))
	h.Write([]byte(id + "\x00" + strconv.FormatInt(until, 36)))
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:18])
}

// files serves uploads: into the store by whoever is signed in, and out of it
// by an address that cannot be guessed. What is sent out can run nothing: no
// cookie is read, pictures are shown, all else is saved.
func (s *Server) files() {
	Register(s, Op{ID: "add-file", Method: http.MethodPost, Path: "/api/files", Tag: "Files", Permission: social.SignedIn, Status: http.StatusCreated,
		MaxBody: social.MaxFile + 1, Summary: "Add a file, at most 25 MB. What nothing uses after a day is dropped."}, s.addFile)
	s.Mux.HandleFunc("GET /files/{id}/{mark}/{name}", s.sendFile)
}

type addFileInput struct {
	Name    string `query:"name" required:"true" minLength:"1" maxLength:"400"`
	RawBody []byte `contentType:"application/octet-stream"`
}

func (s *Server) addFile(ctx context.Context, in *addFileInput) (*Body[File], error) {
	a, ok := social.ActorOf(ctx)
	if !ok || a.Member == "" {
		return nil, social.Errorf(social.Forbidden, "Only a member can add files: sign in, or use a token that acts for a member.")
	}
	f, err := s.DB.PutFile(ctx, in.Name, "", a.Member, bytes.NewReader(in.RawBody))
	if err != nil {
		return nil, err
	}
	return &Body[File]{s.ShowFile(f)}, nil
}

func (s *Server) sendFile(w http.ResponseWriter, r *http.Request) {
	gone := social.Errorf(social.NotFound, "This address of a file is over. Open the page that it was on again.")
	id := r.PathValue("id")
	when, mark, _ := strings.Cut(r.PathValue("mark"), "-")
	until, err := strconv.ParseInt(when, 36, 64)
	if err != nil || !hmac.Equal([]byte(mark), []byte(s.fileMark(id, until))) || s.Clock.Now().Unix() > until {
		s.refuse(w, r, gone)
		return
	}
	f, err := s.DB.File(r.Context(), social.FileID(id))
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'")
	h.Set("Cache-Control", "private, max-age=86400, immutable")
	h.Set("ETag", `"`+f.Hash+`"`)
	h.Set("Content-Type", "application/octet-stream")
	how := "attachment"
	if f.Picture() {
		how = "inline"
	}
	if f.Picture() || f.Type == "application/pdf" || strings.HasPrefix(f.Type, "text/plain") || strings.HasPrefix(f.Type, "audio/") || strings.HasPrefix(f.Type, "video/") {
		h.Set("Content-Type", f.Type)
	}
	h.Set("Content-Disposition", mime.FormatMediaType(how, map[string]string{"filename": f.Name}))
	if r.URL.Query().Has("small") {
		if data := s.thumbs.of(f, func() io.Reader { return s.DB.OpenFile(r.Context(), f) }); data != nil {
			h.Set("Content-Type", "image/jpeg")
			h.Set("ETag", `"`+f.Hash+`-small"`)
			http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(data))
			return
		}
	}
	http.ServeContent(w, r, "", time.Time{}, s.DB.OpenFile(r.Context(), f))
}
