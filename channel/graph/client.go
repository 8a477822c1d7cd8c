package graph

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// client speaks to the Graph API with one token.
type client struct {
	title   string // of the network, in sentences
	base    *url.URL
	version string
	app     string // id of the app
	secret  string // of the app
	token   string
	env     channel.Env
}

// proof shows that whoever bears the token knows the app's secret too
// (https://developers.facebook.com/docs/graph-api/guides/secure-requests/).
func proof(token, secret string) string {
	m := hmac.New(sha256.New, []byte(secret))
	m.Write([]byte(token))
	return hex.EncodeToString(m.Sum(nil))
}

func (c *client) get(ctx context.Context, path string, query url.Values, out any) error {
	return c.call(ctx, http.MethodGet, path, query, nil, out)
}

// call asks the Graph API and reads its JSON answer into out.
func (c *client) call(ctx context.Context, method, path string, query url.Values, body, out any) error {
	changes := method != http.MethodGet
	if err := ctx.Err(); err != nil {
		return social.Because(social.Busy, err, "%s was not asked: the request was cancelled.", c.title)
	}
	u := *c.base
	u.Path += "/" + c.version + "/" + path
	if query == nil {
		query = url.Values{}
	}
	query.Set("appsecret_proof", proof(c.token, c.secret))
	u.RawQuery = query.Encode()
	var content io.Reader
	kind := "application/json"
	if file, ok := body.(form); ok {
		content, kind = bytes.NewReader(file.data), file.kind
	} else if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			return social.Because(social.Fault, err, "The request for %s cannot be written.", c.title)
		}
		content = bytes.NewReader(b)
	}
	watched, sent := channel.Watch(ctx)
	req, err := http.NewRequestWithContext(watched, method, u.String(), content)
	if err != nil {
		return social.Because(social.Invalid, err, "The address of %s is not one that can be asked.", c.title)
	}
	req.GetBody = nil // so that nothing is sent twice by the transport itself
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Authorization", "Bearer "+c.token) // and not in the address, which proxies write down
	if body != nil {
		req.Header.Set("Content-Type", kind)
	}
	resp, err := c.env.HTTP.Do(req)
	if err != nil {
		return channel.Failed(c.title, err, changes, sent)
	}
	defer resp.Body.Close()
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return c.refusal(resp, changes)
	}
	if err := json.NewDecoder(resp.Body).Decode(out); err != nil {
		var bad *json.SyntaxError
		var wrong *json.UnmarshalTypeError
		if !changes && (errors.As(err, &bad) || errors.As(err, &wrong) || errors.Is(err, io.ErrUnexpectedEOF)) {
			return social.Because(social.Busy, err, "%s answered with something that is not the Graph API’s.", c.title)
		}
		return channel.Failed(c.title, err, changes, sent)
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 4096))
	return nil
}

// form is the body of a call that sends a file.
type form struct {
	kind string
	data []byte
}

// digits is what most ids of the Graph API are made of.
var digits = regexp.MustCompile(`^[0-9]{1,40}$`)

// comment is an id of a comment or post: figures, or those of the Page and
// those of the post. Messages have longer ones with letters.
var comment = regexp.MustCompile(`^[0-9]{1,40}(_[0-9]{1,40})?$`)

// setting reads a field that is a number of Meta's.
func setting(s channel.Settings, name, label string) (string, error) {
	v := strings.TrimSpace(s[name])
	if !digits.MatchString(v) {
		return "", invalid(name, label+" is a number, such as 102290129340398.")
	}
	return v, nil
}

// word reads a secret, which is one word.
func word(s channel.Settings, name, label string) (string, error) {
	v := strings.TrimSpace(s[name])
	if v == "" || strings.ContainsAny(v, " \t\r\n") {
		return "", invalid(name, label+" is one word without spaces.")
	}
	return v, nil
}

func invalid(field, text string) error {
	return &social.Error{Kind: social.Invalid, Field: field, Text: text}
}

// versions looks like a version of the Graph API.
var versions = regexp.MustCompile(`^v[1-9][0-9]?\.[0-9]$`)

// connect makes the client and the hook of a channel from its settings.
func connect(title, object string, s channel.Settings, e channel.Env) (*client, *hook, error) {
	c := &client{title: title, env: e}
	h := &hook{object: object}
	var err error
	if c.app, err = setting(s, "app", "The app’s id"); err != nil {
		return nil, nil, err
	}
	if c.secret, err = word(s, "secret", "The app secret"); err != nil {
		return nil, nil, err
	}
	if c.token, err = word(s, "token", "The access token"); err != nil {
		return nil, nil, err
	}
	if h.verify, err = word(s, "verify", "The verify token"); err != nil {
		return nil, nil, err
	}
	h.secret = c.secret
	c.version = strings.TrimSpace(s["version"])
	if c.version == "" {
		c.version = usual
	}
	if !versions.MatchString(c.version) {
		return nil, nil, invalid("version", "The version of the Graph API is written like "+usual+".")
	}
	address := strings.TrimRight(strings.TrimSpace(s["address"]), "/")
	if address == "" {
		address = "https://graph.facebook.com"
	}
	c.base, err = url.Parse(address)
	if err != nil || c.base.Host == "" || (c.base.Scheme != "https" && c.base.Scheme != "http") || c.base.User != nil || c.base.RawQuery != "" {
		return nil, nil, invalid("address", "The address of the Graph API is one such as https://graph.facebook.com.")
	}
	return c, h, nil
}

// fields are the settings that all four kinds need, around their own.
func fields(own ...channel.Field) []channel.Field {
	all := append(own,
		channel.Field{Name: "token", Label: "Access token", Type: "secret", Required: true},
		channel.Field{Name: "app", Label: "App ID", Type: "text", Required: true, Help: "Under App settings → Basic."},
		channel.Field{Name: "secret", Label: "App secret", Type: "secret", Required: true,
			Help: "Under App settings → Basic. Webhooks are signed with it, and our requests proved."},
		channel.Field{Name: "verify", Label: "Verify token", Type: "secret", Required: true, Make: "key",
			Help: "A word of your own choice; enter the same at Meta, beside the webhook’s address."},
		channel.Field{Name: "version", Label: "Version of the Graph API", Type: "text", Default: usual,
			Help: "Each lives about two years; Parley warns before yours ends."},
		channel.Field{Name: "address", Label: "Address of the Graph API", Type: "url", Default: "https://graph.facebook.com",
			Help: "Leave it as it is, unless a gateway of yours stands between."})
	return all
}
