package server

import (
	"errors"
	"net/http"
	"regexp"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/parley-crm/parley/social"
)

// speak makes huma's own errors leave as problems; huma has one place for
// that in the whole process.
var speak sync.Once

// problemOfHuma turns an error that huma found by itself (a body that is not
// JSON, an unknown field, a number out of its range) into a problem.
func problemOfHuma(status int, msg string, errs ...error) huma.StatusError {
	p := &Problem{Title: http.StatusText(status), Status: status, Kind: social.Invalid}
	switch status {
	case http.StatusNotFound:
		p.Kind = social.NotFound
	case http.StatusRequestTimeout, http.StatusServiceUnavailable, http.StatusTooManyRequests:
		p.Kind = social.Busy
	}
	if status >= 500 {
		q := ProblemOf(errors.Join(errs...))
		if q.Status >= 500 {
			q.Status, q.Title = status, http.StatusText(status)
		}
		return q
	}
	for _, err := range errs {
		var d huma.ErrorDetailer
		if !errors.As(err, &d) {
			if err != nil {
				p.Errors = append(p.Errors, ProblemLocation{Message: err.Error()})
			}
			continue
		}
		detail := d.ErrorDetail()
		p.Errors = append(p.Errors, ProblemLocation{Message: detail.Message, Location: detail.Location})
	}
	p.Detail = sentence(status, msg)
	if len(p.Errors) > 0 && p.Detail == "" {
		p.Field = p.Errors[0].Location
		p.Detail = phrase(p.Errors[0])
	}
	if p.Detail == "" {
		p.Detail = "This request is not understood: " + msg + "."
	}
	return p
}

func sentence(status int, msg string) string {
	switch {
	case status == http.StatusRequestEntityTooLarge:
		return "This is too large to be taken."
	case status == http.StatusRequestTimeout:
		return "The request took too long to arrive."
	case status == http.StatusUnsupportedMediaType:
		return "The body must be application/json."
	case strings.Contains(msg, "body is required"):
		return "The request needs a body of JSON."
	}
	return ""
}

var required = regexp.MustCompile(`^expected required property (\S+) to be present$`)

// phrase says a mistake as a sentence.
func phrase(l ProblemLocation) string {
	place, name, _ := strings.Cut(l.Location, ".")
	if name == "" {
		name = place
	}
	if m := required.FindStringSubmatch(l.Message); m != nil {
		return "“" + m[1] + "” is missing."
	}
	switch {
	case l.Message == "unexpected property":
		return "There is no field “" + name + "” here."
	case l.Message == "unknown query parameter":
		return "There is no parameter “" + name + "” here."
	case strings.HasPrefix(l.Message, "required ") && strings.HasSuffix(l.Message, " parameter is missing"):
		return "“" + name + "” is missing."
	case place == "body" && name == "body" && strings.HasPrefix(l.Message, "expected "):
		return "The body must be " + article(strings.TrimPrefix(l.Message, "expected ")) + " of JSON."
	case place == "body" && name == "body":
		return "The body is not JSON: " + l.Message + "."
	case strings.HasPrefix(l.Message, "expected "):
		return "“" + name + "” is wrong: it must be " + strings.TrimPrefix(strings.TrimPrefix(l.Message, "expected "), "string to be ") + "."
	}
	return "“" + name + "” is wrong: " + l.Message + "."
}

func article(noun string) string {
	if strings.ContainsAny(noun[:1], "aeiou") {
		return "an " + noun
	}
	return "a " + noun
}
