package channel

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"

	"github.com/parley-crm/parley/social"
)

// Exchange is one question in JSON and its answer. What goes wrong is sorted
// by Failed, and by Refusal where there is an answer that is not a success.
type Exchange struct {
	Title   string // of the network, for people
	Method  string
	URL     string
	Header  http.Header // besides those that JSON needs
	Body    any         // nil: none
	Out     any         // into which the answer is read; nil: it says nothing
	Refusal func(r *http.Response, changes bool) error
}

// Do asks once.
func (x Exchange) Do(ctx context.Context, client *http.Client) error {
	changes := x.Method != http.MethodGet
	var content io.Reader
	if x.Body != nil {
		b, err := json.Marshal(x.Body)
		if err != nil {
			return social.Because(social.Fault, err, "The request for %s cannot be written.", x.Title)
		}
		content = bytes.NewReader(b)
	}
	watched, sent := Watch(ctx)
	req, err := http.NewRequestWithContext(watched, x.Method, x.URL, content)
	if err != nil {
		return social.Because(social.Invalid, err, "The address of %s is not one that can be asked.", x.Title)
	}
	req.GetBody = nil // a lost connection must not send it a second time
	for name, values := range x.Header {
		req.Header[name] = values
	}
	req.Header.Set("Accept", "application/json")
	if x.Body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := client.Do(req)
	if err != nil {
		return Failed(x.Title, err, changes, sent)
	}
	defer resp.Body.Close()
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return x.Refusal(resp, changes)
	}
	if x.Out == nil {
		_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 4096))
		return nil
	}
	if err := json.NewDecoder(resp.Body).Decode(x.Out); err != nil {
		var bad *json.SyntaxError
		var wrong *json.UnmarshalTypeError
		if !changes && (errors.As(err, &bad) || errors.As(err, &wrong) || errors.Is(err, io.ErrUnexpectedEOF)) {
			return social.Because(social.Busy, err, "%s answered with something that is not its own.", x.Title)
		}
		return Failed(x.Title, err, changes, sent)
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 4096))
	return nil
}
