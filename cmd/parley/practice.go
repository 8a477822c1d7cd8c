package main

import (
	"bytes"
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/parley-crm/parley/channel/practice"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

// networkName is the setting that keeps the practice network.
const networkName = "practice.network"

// loadNetwork brings the practice network back as it was.
func (h *house) loadNetwork(ctx context.Context) error {
	var kept string
	ok, err := h.db.Setting(ctx, networkName, &kept)
	if err != nil || !ok {
		return err
	}
	err = h.network.Load(strings.NewReader(kept))
	h.keptLines, _ = h.network.Grown()
	return err
}

// keepNetwork keeps the practice network soon after it has changed, until ctx
// ends.
func (h *house) keepNetwork(ctx context.Context) {
	for ctx.Err() == nil {
		lines, more := h.network.Grown()
		if lines != h.keptLines {
			if err := h.saveNetwork(ctx); err != nil && ctx.Err() == nil {
				h.log.Warn("the practice network could not be kept", "error", err)
			}
			select { // several changes in a row are kept at once
			case <-time.After(200 * time.Millisecond):
			case <-ctx.Done():
			}
			continue
		}
		select {
		case <-more:
		case <-ctx.Done():
		}
	}
}

// saveNetwork keeps the practice network as it is.
func (h *house) saveNetwork(ctx context.Context) error {
	lines, _ := h.network.Grown()
	var b bytes.Buffer
	if err := h.network.Save(&b); err != nil {
		return err
	}
	if err := h.db.SetSetting(ctx, networkName, b.String()); err != nil {
		return err
	}
	h.keptLines = lines
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
		Place   string `json:"place,omitempty" maxLength:"200" doc:"On reviews: the id under which the site knows the place."`
		Direct  bool   `json:"direct,omitempty" doc:"To us alone."`
		Answers string `json:"answers,omitempty" maxLength:"200" doc:"The id of what is answered; it is as visible as that."`
		Files   []struct {
			File social.FileID `json:"file"`
			Alt  string        `json:"alt,omitempty" maxLength:"1500"`
		} `json:"files,omitempty" maxItems:"10" doc:"That you added and that go with the words."`
		CC      []string `json:"cc,omitempty" maxItems:"20" doc:"In messages: addresses that get it too."`
		HTML    string   `json:"html,omitempty" maxLength:"200000" doc:"In messages: how it looks."`
		Channel string   `json:"channel,omitempty" doc:"The practice channel that is spoken to; the first if left out."`
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
	server.Register(s, server.Op{ID: "practise-crisis", Method: http.MethodPost, Path: "/api/practice/crisis", Tag: "Practice", Permission: social.InboxWork, Status: http.StatusCreated,
		Summary: "Let a crowd on the practice network be angry with us, all at once."}, h.practiseCrisis)
}

// Crisis is how much was said in a crisis.
type Crisis struct {
	Posts int `json:"posts"`
}

type crisisIn struct {
	Body struct {
		Channel string `json:"channel,omitempty" doc:"The practice channel that is spoken to; the first if left out."`
	}
}

func (h *house) practiseCrisis(ctx context.Context, in *crisisIn) (*server.Body[Crisis], error) {
	handle, site, err := h.practiceChannel(ctx, in.Body.Channel)
	if err != nil {
		return nil, err
	}
	n, err := h.network.Crisis(site, handle)
	return &server.Body[Crisis]{Body: Crisis{n}}, err
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
	switch in.Body.Text {
	case "":
		said, err = h.network.Stir(site, handle)
	default:
		if len(h.network.People()) == 0 {
			h.network.Join(practice.Cast()...)
		}
		by := in.Body.Persona
		if by == "" {
			by = h.network.People()[0].Handle
		}
		words := practice.Said{Site: site, Text: in.Body.Text, Rating: float64(in.Body.Rating), To: handle, Place: social.Place{ExternalID: in.Body.Place}, CC: in.Body.CC, HTML: in.Body.HTML}
		for _, f := range in.Body.Files {
			if err := h.practiseFile(ctx, &words, f.File, f.Alt); err != nil {
				return nil, err
			}
		}
		if in.Body.Answers != "" {
			said, err = h.network.Reply(by, in.Body.Answers, words)
		} else if in.Body.Direct {
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
