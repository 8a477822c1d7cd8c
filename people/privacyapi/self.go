package privacyapi

import (
	"context"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/parley-crm/parley/people/consent"
	"github.com/parley-crm/parley/people/deal"
	"github.com/parley-crm/parley/people/mend"
	"github.com/parley-crm/parley/people/privacy"
	"github.com/parley-crm/parley/people/selfservice"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

type selfAPI struct {
	s     *selfservice.Service
	brand func(ctx context.Context) string
}

// RegisterSelf adds the page on which customers see what we hold of them.
func RegisterSelf(s *server.Server, self *selfservice.Service, brand func(ctx context.Context) string) {
	a := &selfAPI{self, brand}
	server.Register(s, server.Op{ID: "get-self-service", Method: http.MethodGet, Path: "/api/privacy/self-service", Tag: "Privacy", Permission: social.PeopleRead,
		Summary: "Whether customers can see for themselves what we hold of them."}, a.get)
	server.Register(s, server.Op{ID: "set-self-service", Method: http.MethodPut, Path: "/api/privacy/self-service", Tag: "Privacy", Permission: social.PrivacyWrite,
		Summary: "Let customers see for themselves what we hold of them, or not. Links are sent in the name of whoever turns it on."}, a.set)
	s.Door(selfservice.Door, a.door)
}

// SelfService says whether customers can help themselves.
type SelfService struct {
	On    bool   `json:"on"`
	Ready bool   `json:"ready" doc:"Parley has a public address, so that links lead somewhere."`
	Page  string `json:"page,omitempty" doc:"Where customers ask for a link."`
}

func (a *selfAPI) shape(x selfservice.Settings) *server.Body[SelfService] {
	out := SelfService{On: x.On, Ready: a.s.Base != ""}
	if out.Ready {
		out.Page = a.s.Base + selfservice.Door
	}
	return &server.Body[SelfService]{Body: out}
}

func (a *selfAPI) get(ctx context.Context, _ *struct{}) (*server.Body[SelfService], error) {
	x, err := a.s.Settings(ctx)
	return a.shape(x), err
}

func (a *selfAPI) set(ctx context.Context, in *server.Body[struct {
	On bool `json:"on"`
}],
) (*server.Body[SelfService], error) {
	x, err := a.s.Keep(ctx, in.Body.On)
	if err != nil {
		return nil, err
	}
	return a.shape(x), nil
}

var selfPage = template.Must(template.New("").Parse(selfText))

const selfText = `<!doctype html><html lang="{{.Lang}}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="robots" content="noindex"><title>{{.Title}}{{with .Brand}} · {{.}}{{end}}</title><style>{{.Style}}</style></head><body><main>
{{with .Brand}}<p class="brand">{{.}}</p>{{end}}<h1>{{.Title}}</h1>
{{with .Bad}}<div class="sum" role="alert"><p>{{.}}</p></div>{{end}}{{with .Good}}<div class="sum good" role="status"><p>{{.}}</p></div>{{end}}
{{if .Ask}}<p>{{.T "We send a link to an account by which you have written to us in private. With it you see what we hold of that account, and decide about it."}}</p>
<form method="post" action="/me/{{.Chosen}}"><div><label for="name">{{.T "Your email address, telephone number or handle"}}</label><input id="name" name="name" type="text" required maxlength="320" autocomplete="email" dir="auto"></div><button>{{.T "Send me the link"}}</button></form>{{end}}
{{if .Self}}{{$v := .}}{{$self := .Self}}<h2>{{.T "What we hold of"}} {{.V.Author.Label}}</h2>
{{range .Held}}<details><summary>{{.Name}}: {{.N}}</summary>{{range .Rows}}<dl>{{range .}}<dt>{{.Name}}</dt><dd>{{.Value}}</dd>{{end}}</dl>{{end}}{{if .More}}<p>{{$v.T "There is more; a copy has all of it:"}} {{.More}}</p>{{end}}</details>{{else}}<p>{{.T "Nothing but the account itself."}}</p>{{end}}
{{if .V.Purposes}}<h2>{{.T "What you agree to"}}</h2>{{range .V.Purposes}}<form method="post" action="{{$self}}"><input type="hidden" name="do" value="agree"><input type="hidden" name="purpose" value="{{.Text.Purpose}}">
<p lang="{{.Text.Lang}}"><b>{{.Text.Name}}</b><br>{{.Text.Body}}</p>{{if eq .State "granted"}}<p>{{$v.T "You agreed."}}</p>{{else if .State}}<p>{{$v.T "You did not agree."}}</p>{{end}}
{{if eq .State "granted"}}<button name="yes" value="no">{{$v.T "Take it back:"}} {{.Text.Name}}</button>{{else}}<button name="yes" value="yes">{{$v.T "I agree:"}} {{.Text.Name}}</button>{{end}}</form>{{end}}{{end}}
<h2>{{.T "Something is wrong"}}</h2>{{range .Mended}}<p>{{.}}</p>{{end}}<p>{{.T "Write what is right; leave empty what may stay. Of what stands there we show only what you told us by this account, as this link proves no other. A colleague looks at it first."}}</p>
<form method="post" action="{{.Self}}"><input type="hidden" name="do" value="propose">{{range .Asked}}<div><label for="{{.ID}}">{{.Name}}</label><p id="{{.ID}}-now">{{.Now}}</p>{{if .Pick}}<select id="{{.ID}}" name="{{.ID}}" aria-describedby="{{.ID}}-now"><option value="">–</option>{{range .Pick}}<option value="{{.Value}}"{{if .On}} selected{{end}}>{{.Name}}</option>{{end}}</select>{{else if eq .Rows 1}}<input id="{{.ID}}" name="{{.ID}}" aria-describedby="{{.ID}}-now" type="text" maxlength="{{.Most}}" value="{{.Value}}" autocomplete="name" dir="auto">{{else if eq .Type "text"}}<textarea id="{{.ID}}" name="{{.ID}}" aria-describedby="{{.ID}}-now" rows="{{.Rows}}" maxlength="{{.Most}}" dir="auto">{{.Value}}</textarea>{{else if eq .Type "date"}}<input id="{{.ID}}" name="{{.ID}}" aria-describedby="{{.ID}}-now" type="date" value="{{.Value}}">{{else}}<input id="{{.ID}}" name="{{.ID}}" aria-describedby="{{.ID}}-now" type="text" inputmode="decimal" maxlength="40" value="{{.Value}}">{{end}}</div>{{end}}<button>{{.T "This is right"}}</button></form>
<form method="post" action="{{.Self}}"><input type="hidden" name="do" value="correct"><div><label for="words">{{.T "What should be different?"}}</label><textarea id="words" name="words" rows="3" maxlength="1000" required dir="auto"></textarea></div><button>{{.T "Tell us"}}</button></form>
<h2>{{.T "A copy, or to be forgotten"}}</h2>{{range .Requests}}<p>{{.}}</p>{{end}}
<form method="post" action="{{.Self}}"><input type="hidden" name="do" value="export"><button>{{.T "Ask for a copy of everything"}}</button></form>
<form method="post" action="{{.Self}}"><input type="hidden" name="do" value="erasure"><div class="pick"><label><input type="checkbox" name="sure" value="yes" required> {{.T "Everything about me goes, for good"}}</label></div><button>{{.T "Ask to be forgotten"}}</button></form>{{end}}
<p><a href="{{.Other.Link}}" lang="{{.Other.Lang}}" hreflang="{{.Other.Lang}}">{{.Other.Name}}</a></p>
</main></body></html>`

type cell struct{ Name, Value string }

type heldView struct {
	Name string
	N    int
	Rows [][]cell
	More int
}

type selfView struct {
	tongue
	Title, Brand, Bad, Good, Self string
	Chosen                        string // ?lang= where one was chosen
	Other                         otherTongue
	Style                         template.CSS
	Ask                           bool
	V                             selfservice.View
	Held                          []heldView
	Requests                      []string
	Asked                         []asked
	Mended                        []string
}

const (
	selfMost = 256 << 10
	rowsMost = 20
)

func (a *selfAPI) door(w http.ResponseWriter, r *http.Request) {
	v := selfView{tongue: tongueOf(w, r), Brand: a.brand(r.Context()), Style: server.PageStyle}
	v.Title, v.Chosen, v.Other = v.T("What we hold about you"), v.chosen(r), v.other(r.URL.Path)
	key := strings.TrimPrefix(r.URL.Path, selfservice.Door)
	if r.Method != http.MethodGet && r.Method != http.MethodHead && r.Method != http.MethodPost {
		w.Header().Set("Allow", "GET, HEAD, POST")
		http.Error(w, "This page is read, or answered.", http.StatusMethodNotAllowed)
		return
	}
	if !a.s.Open(r.Context()) {
		v.Bad = v.T("There is no such page here. Write to us, and we will help you.")
		server.ShowPage(w, http.StatusNotFound, selfPage, v)
		return
	}
	if r.Method == http.MethodPost {
		r.Body = http.MaxBytesReader(w, r.Body, selfMost)
		if err := r.ParseForm(); err != nil {
			v.Bad = v.T("This did not arrive whole. Try again.")
			server.ShowPage(w, http.StatusBadRequest, selfPage, v)
			return
		}
	}
	if key == "" {
		v.Ask = true
		if r.Method == http.MethodPost {
			a.s.KnockLater(r.Context(), r.PostForm.Get("name"), v.Lang)
			v.Good = v.T("If we know this account, and have talked with it in private, a link is on its way there. It works for one hour.")
		}
		server.ShowPage(w, http.StatusOK, selfPage, v)
		return
	}
	who, err := a.s.Whose(r.Context(), key)
	if err != nil {
		v.Ask, v.Bad = true, v.T("This link is over, or never was. Ask for another.")
		server.ShowPage(w, http.StatusNotFound, selfPage, v)
		return
	}
	status := http.StatusOK
	if r.Method == http.MethodPost {
		v.Good, err = a.does(r, who)
		if v.Good = v.T(v.Good); err != nil {
			status, v.Bad, v.Good = server.ProblemOf(err).Status, v.T("It did not work just now. Try again in a while."), ""
			var known *social.Error
			if errors.As(err, &known) && known.Kind != social.Fault {
				v.Bad = v.T(known.Text)
				if r.PostForm.Get("do") == "propose" && known.Field != "" {
					v.Bad = v.T(known.Field) + ": " + v.Bad
				}
			}
		}
	}
	if v.V, err = a.s.View(r.Context(), who); err != nil {
		v.Bad = v.T("It can't be shown just now. Try again in a while.")
		server.ShowPage(w, server.ProblemOf(err).Status, selfPage, v)
		return
	}
	v.Self = selfservice.Door + key + v.Chosen
	v.fill()
	v.offer(r, v.Bad != "")
	server.ShowPage(w, status, selfPage, v)
}

// does what somebody pressed.
func (a *selfAPI) does(r *http.Request, who social.IdentityID) (string, error) {
	ctx, f := r.Context(), r.PostForm
	switch f.Get("do") {
	case "agree":
		yes := f.Get("yes") == "yes"
		if err := a.s.Agree(ctx, who, f.Get("purpose"), yes); err != nil {
			return "", err
		}
		if yes {
			return "Thank you, that is written down. You can take it back here at any time.", nil
		}
		return "Taken back.", nil
	case "correct":
		return "Thank you. A colleague will look at it.", a.s.Correct(ctx, who, f.Get("words"))
	case "propose":
		values := map[deal.FieldID]string{}
		for name := range f {
			if of, ok := strings.CutPrefix(name, mends); ok {
				values[deal.FieldID(of)] = f.Get(name)
			}
		}
		return "Thank you. A colleague will look at it.", a.s.Propose(ctx, who, values)
	case privacy.Export:
		return "We will send you a copy, within thirty days.", a.s.Ask(ctx, who, privacy.Export)
	case privacy.Erasure:
		if f.Get("sure") != "yes" {
			return "", &social.Error{Kind: social.Invalid, Field: "sure", Text: "Tick that you are sure."}
		}
		return "We will forget you, within thirty days, unless a law keeps us from it; then we tell you.", a.s.Ask(ctx, who, privacy.Erasure)
	}
	return "", &social.Error{Kind: social.Invalid, Text: "This page does not know what you pressed. Load it again."}
}

func (v *selfView) fill() {
	for _, h := range v.V.Held {
		x := heldView{Name: v.T(h.Name), N: len(h.Rows), More: max(0, len(h.Rows)-rowsMost)}
		for _, row := range h.Rows[:min(len(h.Rows), rowsMost)] {
			var cells []cell
			for name, value := range row {
				s := strings.TrimSpace(fmt.Sprint(value))
				if at, err := time.Parse(time.RFC3339, s); err == nil {
					s = v.day(at.UTC()) + at.UTC().Format(", 15:04 UTC")
				}
				if value != nil && s != "" && name != "id" && !strings.HasSuffix(name, "_id") { // ids say nothing to them
					cells = append(cells, cell{v.T(strings.ReplaceAll(name, "_", " ")), s})
				}
			}
			slices.SortFunc(cells, func(a, b cell) int { return strings.Compare(a.Name, b.Name) })
			x.Rows = append(x.Rows, cells)
		}
		v.Held = append(v.Held, x)
	}
	for i, p := range v.V.Purposes {
		if p.State == consent.Requested {
			v.V.Purposes[i].State = ""
		}
	}
	for _, r := range v.V.Requests {
		what := "You asked for a copy on %s; it is due on %s."
		if r.Kind == privacy.Erasure {
			what = "You asked to be forgotten on %s; it is due on %s."
		}
		v.Requests = append(v.Requests, fmt.Sprintf(v.T(what), v.day(r.AskedAt), v.day(r.DueAt)))
	}
}

// said is a value as people read it.
func (t tongue) said(kind, value string) string {
	switch kind {
	case "bool":
		return t.T(map[bool]string{true: "yes", false: "no"}[value == "true"])
	case "date":
		if at, err := time.Parse(time.DateOnly, value); err == nil {
			return t.day(at)
		}
	}
	return value
}

// asked is something that they may correct.
type asked struct {
	ID, Name, Type, Value string
	Now                   string // what stands there, as far as they may see it
	Rows, Most            int
	Pick                  []picked
}

type picked struct {
	Value, Name string
	On          bool
}

const mends = "right."

// offer shows what may be corrected, with what was written where it was not
// taken, and what became of what they proposed.
func (v *selfView) offer(r *http.Request, again bool) {
	for _, i := range v.V.Items {
		x := asked{ID: mends + string(i.Field), Name: i.Name, Type: i.Type, Rows: 2, Most: 500}
		if i.Field == "" {
			x.Name, x.Rows, x.Most = v.T("Name"), 1, 200
		}
		if again {
			x.Value = r.PostForm.Get(x.ID)
		}
		switch now := v.V.Stands[i.Field]; {
		case now.Value != "":
			x.Now = v.T("With us stands, as you told us:") + " " + v.said(i.Type, now.Value)
		case now.Known:
			x.Now = v.T("Known to us; not shown here.")
		default:
			x.Now = v.T("Nothing stands there yet.")
		}
		switch i.Type {
		case "bool":
			x.Pick = []picked{{"true", v.T("yes"), x.Value == "true"}, {"false", v.T("no"), x.Value == "false"}}
		case "choice":
			for _, c := range i.Choices {
				x.Pick = append(x.Pick, picked{c, c, x.Value == c})
			}
		}
		v.Asked = append(v.Asked, x)
	}
	for _, m := range v.V.Mends {
		name, value := m.Item.Name, m.Value
		if m.Field == "" {
			name = v.T("Name")
		}
		value = v.said(m.Item.Type, value)
		said, on := v.T("You said so on %s; a colleague will look at it."), m.Asked
		switch m.State {
		case mend.Accepted:
			said, on = v.T("Taken over on %s."), m.Closed
		case mend.Declined:
			said, on = v.T("Not taken over, on %s."), m.Closed
		}
		line := name + ": " + value + "\n" + fmt.Sprintf(said, v.day(on))
		if m.Words != "" {
			line += "\n" + v.T("We say:") + " " + m.Words
		}
		v.Mended = append(v.Mended, line)
	}
}
