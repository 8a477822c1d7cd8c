package main

import (
	"bytes"
	"context"
	"net/http"
	"strings"

	"github.com/parley-crm/parley/channel/practice"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

// loadNetwork brings the practice network back as it was.
func (h *house) loadNetwork(ctx context.Context) error {
	var kept string
	ok, err := h.db.Setting(ctx, networkName, &kept)
	if err != nil || !ok {
		return err
	}
	h.lastNetwork = kept
	return h.network.Load(strings.NewReader(kept))
}

// saveNetwork keeps the practice network when it has changed.
func (h *house) saveNetwork(ctx context.Context) error {
	var b bytes.Buffer
	if err := h.network.Save(&b); err != nil {
		return err
	}
	if b.String() == h.lastNetwork {
		return nil
	}
	if err := h.db.SetSetting(ctx, networkName, b.String()); err != nil {
		return err
	}
	h.lastNetwork = b.String()
	return nil
}

// Persona is somebody on the practice network.
type Persona struct {
	Handle    string `json:"handle"`
	Name      string `json:"name"`
	Lang      string `json:"lang"`
	Place     string `json:"place,omitempty"`
	Mood      string `json:"mood"`
	Followers int    `json:"followers"`
}

// Practice is the sandbox: a simulated network to practise on.
type Practice struct {
	Personas []Persona `json:"personas"`
	Sites    []string  `json:"sites"`
	Posts    int       `json:"posts" doc:"How much stands on it."`
}

type sayIn struct {
	Body struct {
		Site    string `json:"site,omitempty" enum:"microblog,forum,reviews,messages" doc:"Where; microblog if left out."`
		Persona string `json:"persona,omitempty" doc:"Handle of who speaks; somebody of the cast with something to say if left out."`
		Text    string `json:"text,omitempty" maxLength:"5000"`
		Rating  int    `json:"rating,omitempty" minimum:"0" maximum:"5"`
		Direct  bool   `json:"direct,omitempty" doc:"To us alone."`
		Channel string `json:"channel,omitempty" doc:"The practice channel that is spoken to; the first if left out."`
	}
}

// Said answers what was said in practice.
type Said struct {
	ID string `json:"id"`
}

// registerPractice adds the sandbox's operations. What is said there runs
// through the same intake, inbox and gate as on any network.
func (h *house) registerPractice(s *server.Server) {
	server.Register(s, server.Op{ID: "get-practice", Method: http.MethodGet, Path: "/api/practice", Tag: "Practice", Permission: social.ListenRead,
		Summary: "The practice network: who lives on it."}, func(context.Context, *struct{}) (*server.Body[Practice], error) {
		p := Practice{Personas: []Persona{}}
		people := h.network.People()
		if len(people) == 0 {
			people = practice.Cast()
		}
		for _, x := range people {
			if len(p.Personas) == 100 {
				break
			}
			p.Personas = append(p.Personas, Persona{Handle: x.Handle, Name: x.Name, Lang: x.Lang, Place: x.Place, Mood: string(x.Mood), Followers: x.Followers})
		}
		for _, x := range practice.Sites() {
			p.Sites = append(p.Sites, string(x))
			p.Posts += len(h.network.Posts(x))
		}
		return &server.Body[Practice]{Body: p}, nil
	})
	server.Register(s, server.Op{ID: "practise", Method: http.MethodPost, Path: "/api/practice/say", Tag: "Practice", Permission: social.InboxWork, Status: http.StatusCreated,
		Summary: "Let somebody on the practice network say something to us."}, h.practise)
}

func (h *house) practise(ctx context.Context, in *sayIn) (*server.Body[Said], error) {
	handle, site, err := h.practiceChannel(ctx, in.Body.Channel)
	if err != nil {
		return nil, err
	}
	if in.Body.Site != "" {
		site = practice.Site(in.Body.Site)
	}
	var said string
	switch {
	case in.Body.Text == "":
		said, err = h.network.Stir(site, handle)
	default:
		if len(h.network.People()) == 0 {
			h.network.Join(practice.Cast()...)
		}
		by := in.Body.Persona
		if by == "" {
			by = h.network.People()[0].Handle
		}
		words := practice.Said{Site: site, Text: in.Body.Text, Rating: float64(in.Body.Rating), To: handle}
		if in.Body.Direct {
			said, err = h.network.Direct(by, words)
		} else {
			said, err = h.network.Post(by, words)
		}
	}
	if err != nil {
		return nil, err
	}
	return &server.Body[Said]{Body: Said{ID: said}}, nil
}

// practiceChannel finds the practice channel that is meant: our handle there
// and its site.
func (h *house) practiceChannel(ctx context.Context, id string) (handle string, site practice.Site, err error) {
	for _, c := range h.station.ChannelsSeen(ctx) {
		if c.Kind == "practice" && (id == "" || string(c.ID) == id) {
			return c.Settings["handle"], practice.Site(c.Settings["site"]), nil
		}
	}
	return "", "", &social.Error{Kind: social.Invalid, Text: "There is no practice channel to speak to. Connect one first.", Fix: "/settings/channels"}
}
