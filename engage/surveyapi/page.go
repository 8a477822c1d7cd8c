package surveyapi

import (
	"errors"
	"html/template"
	"net/http"
	"strconv"
	"strings"

	"github.com/parley-crm/parley/engage/survey"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

var page = template.Must(template.New("").Parse(`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="robots" content="noindex"><title>{{.Title}}{{with .Brand}} · {{.}}{{end}}</title><style>{{.Style}}</style></head><body><main>
{{with .Brand}}<p class="brand">{{.}}</p>{{end}}<h1>{{.Title}}</h1>
{{with .Bad}}<div class="sum" role="alert"><p>{{.}}</p></div>{{end}}
{{with .Good}}<div class="sum good" role="status"><p>{{.}}</p></div>{{end}}
{{if .Self}}<form method="post" action="{{.Self}}"><fieldset><legend>{{if .Good}}Change your answer{{else}}Choose one{{end}}</legend><div class="pick col">
{{$at := .Score}}{{range .Scores}}<label><input type="radio" name="score" value="{{.N}}" required{{if eq .N $at}} checked{{end}}> {{.N}}, {{.Says}}</label>{{end}}</div></fieldset>
<div><label for="comment">Anything you would like to add? (if you like)</label><textarea id="comment" name="comment" rows="4" maxlength="2000" dir="auto">{{.Comment}}</textarea></div>
<button>{{if .Good}}Change it{{else}}Send{{end}}</button></form>
<p class="brand">Your answer is read by {{with .Brand}}{{.}}{{else}}us{{end}}, beside your conversation, and by nobody else.</p>{{end}}
</main></body></html>`))

type option struct {
	N    int
	Says string
}

var options = []option{{5, "very well"}, {4, "well"}, {3, "so-so"}, {2, "badly"}, {1, "not at all"}}

type view struct {
	Title, Brand, Bad, Good, Self, Comment string
	Score                                  int
	Style                                  template.CSS
	Scores                                 []option
}

// most is how many bytes an answer has at most.
const most = 16 << 10

// door shows the question of a link and takes the answer.
func (a *api) door(w http.ResponseWriter, r *http.Request) {
	key := strings.TrimPrefix(r.URL.Path, survey.Door)
	v := view{Brand: a.around.BrandName(r.Context()), Style: server.PageStyle, Scores: options}
	ask, s, err := a.book.AtDoor(r.Context(), key)
	if err != nil {
		v.Title, v.Bad = "There is nothing here", "This link is over, or never was."
		server.ShowPage(w, server.ProblemOf(err).Status, page, v)
		return
	}
	v.Title, v.Self, v.Score, v.Comment = s.Question, survey.Door+key, ask.Score, ask.Comment
	status := http.StatusOK
	switch r.Method {
	case http.MethodGet, http.MethodHead: // looking changes nothing: mail programs look, too
	case http.MethodPost:
		r.Body = http.MaxBytesReader(w, r.Body, most)
		if err := r.ParseForm(); err != nil {
			v.Bad, status = "This answer did not arrive whole. Try again.", http.StatusBadRequest
			break
		}
		v.Score, _ = strconv.Atoi(r.PostForm.Get("score"))
		v.Comment = r.PostForm.Get("comment")
		if ask, err = a.book.Answer(r.Context(), key, v.Score, v.Comment); err != nil {
			status, v.Bad = server.ProblemOf(err).Status, "It did not work just now. Try again in a while."
			var known *social.Error
			if errors.As(err, &known) && known.Kind != social.Fault {
				v.Bad = known.Text
			}
		}
	default:
		w.Header().Set("Allow", "GET, HEAD, POST")
		http.Error(w, "This page is read, or answered.", http.StatusMethodNotAllowed)
		return
	}
	if ask.State == survey.Answered && v.Bad == "" {
		v.Good = "Thank you. Your answer has arrived."
	}
	server.ShowPage(w, status, page, v)
}
