package graph

import (
	"errors"
	"net/http"
	"net/http/httptest"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// httpAnswer is a refusal of Meta's.
func httpAnswer(status, code, sub int) *http.Response {
	w := httptest.NewRecorder()
	fail(w, status, code, sub, "They <say> so.")
	return w.Result()
}

func asLater(err error, to *channel.RetryAfter) bool { return errors.As(err, to) }
func asError(err error, to **social.Error) bool      { return errors.As(err, to) }
