package publishapi

import (
	"context"
	"errors"
	"html/template"
	"net/http"
	"strings"

	"github.com/parley-crm/parley/engage/publish"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

var eventPage = template.Must(template.New("").Parse(`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="robots" content="noindex"><title>{{.Title}}{{with .Brand}} · {{.}}{{end}}</title><style>{{.Style}}</style></head><body><main>
{{with .Brand}}<p class="brand">{{.}}</p>{{end}}<h1>{{.Title}}</h1>
{{if .E}}<dl><dt>When</dt><dd>{{.When}}</dd>{{with .E.Place}}<dt>Where</dt><dd>{{.}}</dd>{{end}}{{with .E.Link}}<dt>More</dt><dd><a href="{{.}}" rel="noopener noreferrer">{{.}}</a></dd>{{end}}
{{if .Left}}<dt>Room</dt><dd>{{.Left}}</dd>{{end}}</dl>{{with .E.About}}<p>{{.}}</p>{{end}}<p><a href="{{.Self}}/event.ics">Add it to your calendar</a></p>{{end}}
{{with .Bad}}<div class="sum" role="alert"><p>{{.}}</p></div>{{end}}
{{if .G}}<div class="sum good" role="status"><p>{{.Is}}</p></div>
{{if .Fresh}}<p>Keep this link: with it you can change your answer, or take it back.</p><p class="keep"><a href="{{.Own}}">{{.Own}}</a></p>{{if .Writes}}<p>We write to you at {{.G.Email}}.</p>{{end}}{{end}}
<form method="post" action="{{.OwnPath}}"><fieldset><legend>Change your answer</legend><div class="pick">{{template "pick" .}}</div></fieldset><button>Change it</button></form>
{{else if .Open}}<form method="post" action="{{.Self}}"><div class="trap" aria-hidden="true"><label for="website">Website</label><input id="website" name="website" type="text" tabindex="-1" autocomplete="off"></div>
<div><label for="name">Your name</label><input id="name" name="name" type="text" required maxlength="120" autocomplete="name" dir="auto" value="{{.Name}}"></div>
<div><label for="email">Your email address</label><input id="email" name="email" type="email" required maxlength="254" autocomplete="email" value="{{.Email}}"></div>
<fieldset><legend>Will you come?</legend><div class="pick">{{template "pick" .}}</div></fieldset><button>Answer</button></form>
<p class="brand">{{if .Writes}}We write to you at this address about this event: that your answer arrived, when something changes{{if not .E.NoReminder}}, and the day before{{end}}. {{end}}Your name and address are used for this event alone.</p>{{end}}
</main></body></html>{{define "pick"}}<label><input type="radio" name="coming" value="yes" required{{if eq .Coming "yes"}} checked{{end}}> Yes</label>
<label><input type="radio" name="coming" value="maybe"{{if eq .Coming "maybe"}} checked{{end}}> Maybe</label><label><input type="radio" name="coming" value="no"{{if eq .Coming "no"}} checked{{end}}> No</label>{{end}}`))

type eventView struct {
	Title, Brand, When, Left, Self, Own, OwnPath, Is, Bad, Name, Email, Coming string
	Style                                                                      template.CSS
	E                                                                          *publish.Event
	G                                                                          *publish.Guest
	Open, Fresh, Writes                                                        bool
	origin                                                                     string
}

// doorMost is how many bytes an answer has at most.
const doorMost = 16 << 10

// door shows the page of an event and takes answers.
func (a *eventAPI) door(w http.ResponseWriter, r *http.Request) {
	slug, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, publish.EventDoor), "/")
	file := rest == "event.ics"
	key := rest
	if file {
		key = ""
	}
	v := eventView{Brand: a.brand(r.Context()), Style: server.PageStyle, Self: publish.EventDoor + slug, origin: a.base}
	if v.origin == "" { // nobody told us our address: it is the one that was asked for
		v.origin = "http://" + r.Host
	}
	e, g, err := a.press.AtDoor(r.Context(), slug, key)
	if err != nil {
		v.Title, v.Bad = "There is nothing here", "This link is over, or never was."
		a.show(w, statusOf(err), v)
		return
	}
	if file && r.Method != http.MethodPost {
		w.Header().Set("Content-Type", "text/calendar; charset=utf-8")
		w.Header().Set("Content-Disposition", `attachment; filename="event.ics"`)
		_, _ = w.Write(publish.Calendar(e, a.base+publish.EventDoor+e.Slug, a.press.Clock.Now()))
		return
	}
	switch r.Method {
	case http.MethodGet, http.MethodHead:
		a.fill(r.Context(), &v, e, g, key)
		a.show(w, http.StatusOK, v)
	case http.MethodPost:
		a.answer(w, r, &v, e, g, key)
	default:
		w.Header().Set("Allow", "GET, HEAD, POST")
		http.Error(w, "This page is read, or answered.", http.StatusMethodNotAllowed)
	}
}

func (a *eventAPI) answer(w http.ResponseWriter, r *http.Request, v *eventView, e publish.Event, g *publish.Guest, key string) {
	r.Body = http.MaxBytesReader(w, r.Body, doorMost)
	if err := r.ParseForm(); err != nil {
		v.Bad = "This answer did not arrive whole. Try again."
		a.fill(r.Context(), v, e, g, key)
		a.show(w, http.StatusBadRequest, *v)
		return
	}
	v.Name, v.Email, v.Coming = r.PostForm.Get("name"), r.PostForm.Get("email"), r.PostForm.Get("coming")
	var err error
	switch {
	case key != "":
		var now publish.Guest
		now, err = a.press.Reconsider(r.Context(), e.Slug, key, publish.Coming(v.Coming))
		if err == nil {
			g = &now
		}
	case r.PostForm.Get("website") != "": // no person fills what nobody sees
		err = social.Errorf(social.Invalid, "This looks like an answer of a machine.")
	default:
		var now publish.Guest
		now, key, err = a.press.Reply(r.Context(), e.Slug, publish.Answer{Name: v.Name, Email: v.Email, Coming: publish.Coming(v.Coming)})
		if err == nil {
			g, v.Fresh = &now, true
		}
	}
	status := http.StatusOK
	if err != nil {
		status = statusOf(err)
		v.Bad = "It did not work just now. Try again in a while."
		var known *social.Error
		if errors.As(err, &known) && known.Kind != social.Fault {
			v.Bad = known.Text
		}
	}
	if again, _, err := a.press.AtDoor(r.Context(), e.Slug, ""); err == nil {
		e = again
	}
	a.fill(r.Context(), v, e, g, key)
	a.show(w, status, *v)
}

func statusOf(err error) int { return server.ProblemOf(err).Status }

func (a *eventAPI) fill(ctx context.Context, v *eventView, e publish.Event, g *publish.Guest, key string) {
	v.Title, v.E, v.G = e.Title, &e, g
	v.When = e.When()
	_, v.Writes = a.press.Writes(ctx, e)
	now := a.press.Clock.Now()
	v.Open = e.Standing == publish.Open && now.Before(e.End)
	switch {
	case e.Standing == publish.Cancelled:
		v.Bad = "This event is cancelled."
	case now.After(e.End):
		v.Left = "It is over."
	case !v.Open:
		v.Left = "No answers are taken just now."
	case e.Capacity > 0 && e.Tally.Yes >= e.Capacity:
		v.Left = "Every place is taken. If you say yes you are on the waiting list."
	}
	if g == nil {
		return
	}
	again := "look here again."
	if v.Writes {
		again = "we write to you then."
	}
	v.OwnPath = publish.EventDoor + e.Slug + "/" + key
	v.Own, v.Coming = v.origin+v.OwnPath, string(g.Coming)
	switch {
	case g.Waiting:
		v.Is = "You are on the waiting list, " + g.Name + ". If somebody cancels, a place is yours; " + again
	case g.Coming == publish.Yes:
		v.Is = "You are coming, " + g.Name + "."
	case g.Coming == publish.Maybe:
		v.Is = "Perhaps you come, " + g.Name + "."
	default:
		v.Is = "You are not coming, " + g.Name + "."
	}
}

func (a *eventAPI) show(w http.ResponseWriter, status int, v eventView) {
	server.ShowPage(w, status, eventPage, v)
}
