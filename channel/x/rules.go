package x

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"strings"

	"github.com/parley-crm/parley/social"
)

// wireRule is a rule of the stream
// (https://docs.x.com/x-api/stream/get-stream-rules).
type wireRule struct {
	ID    string `json:"id,omitempty"`
	Value string `json:"value"`
	Tag   string `json:"tag,omitempty"`
}

// tag tells the rules of this channel from those of others of the same app,
// and from those that somebody made by hand.
func (l *line) tag() string { return "parley:" + string(l.env.ID) }

func digest(raw []byte) string {
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:12])
}

// keep makes the app's rules with our tag the same as those wanted: what is
// not wanted is taken away first, as their number is limited.
func (l *line) keep(ctx context.Context, wanted []string) error {
	var have struct {
		Data []wireRule `json:"data"`
	}
	if err := l.call(ctx, l.bearer, http.MethodGet, "/2/tweets/search/stream/rules", nil, nil, &have); err != nil {
		return err
	}
	var drop []string
	var had []string
	for _, r := range have.Data {
		switch {
		case r.Tag != l.tag():
		case slices.Contains(wanted, r.Value) && !slices.Contains(had, r.Value):
			had = append(had, r.Value)
		default:
			drop = append(drop, r.ID)
		}
	}
	var add []wireRule
	for _, w := range wanted {
		if !slices.Contains(had, w) {
			add = append(add, wireRule{Value: w, Tag: l.tag()})
		}
	}
	if len(drop) > 0 {
		var out wireKept
		if err := l.rule(ctx, map[string]any{"delete": map[string]any{"ids": drop}}, &out); err != nil {
			return err
		}
	}
	if len(add) == 0 {
		return nil
	}
	var out wireKept
	if err := l.rule(ctx, map[string]any{"add": add}, &out); err != nil {
		return err
	}
	for _, e := range out.Errors {
		if e.Title != "DuplicateRule" { // the same rule under another tag serves as well
			return social.Errorf(social.Invalid, "X does not take the rule “%s”%s.", readable(e.Value), colon(readable(first(strings.Join(e.Details, " "), e.Detail, e.Title))))
		}
	}
	return nil
}

type wireKept struct {
	Errors []struct {
		Title   string   `json:"title"`
		Value   string   `json:"value"`
		Detail  string   `json:"detail"`
		Details []string `json:"details"`
	} `json:"errors"`
}

// rule changes rules. That may be done again, so what has no answer is Busy.
func (l *line) rule(ctx context.Context, body any, out *wireKept) error {
	err := l.call(ctx, l.bearer, http.MethodPost, "/2/tweets/search/stream/rules", nil, body, out)
	if social.Unknown.Is(err) {
		return social.Because(social.Busy, err, "X did not say whether it took the rules of the stream.")
	}
	return err
}
