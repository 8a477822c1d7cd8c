// Package visit is what a public page needs towards strangers: tokens that
// only we can have made, an allow-list of sites, and a limit on how often
// somebody may do something. It keeps nothing that outlives the process.
package visit

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// Signer makes and checks tokens.
type Signer struct{ key []byte }

// NewSigner takes a secret of at least 16 bytes, as text.
func NewSigner(secret string) (Signer, error) {
	if len(secret) < 16 {
		return Signer{}, errors.New("the key is too short")
	}
	return Signer{[]byte(secret)}, nil
}

// Sign makes a token that says v, for one use only: what was signed for one
// is not good for another.
func (s Signer) Sign(use string, v any) string {
	body, err := json.Marshal(v)
	if err != nil {
		panic(err) // a struct of ours
	}
	text := base64.RawURLEncoding.EncodeToString(body)
	return text + "." + s.mac(use, text)
}

func (s Signer) mac(use, text string) string {
	m := hmac.New(sha256.New, s.key)
	fmt.Fprintf(m, "%d:%s.%s", len(use), use, text)
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil))
}

// Check reads a token into v and reports whether we made it for this use.
// Nothing of it is read before that is known.
func (s Signer) Check(use, token string, v any) bool {
	text, sig, ok := strings.Cut(token, ".")
	if !ok || len(token) > 4096 || !hmac.Equal([]byte(sig), []byte(s.mac(use, text))) {
		return false
	}
	body, err := base64.RawURLEncoding.DecodeString(text)
	return err == nil && json.Unmarshal(body, v) == nil
}

// New is a random name that nobody can guess.
func New() string {
	b := make([]byte, 18)
	rand.Read(b)
	return base64.RawURLEncoding.EncodeToString(b)
}

// Origins are the sites that may use something.
type Origins []string

// ParseOrigins reads sites, one a line: https://www.example.com, or a bare
// host for its https site. The line that is no site comes back with an error.
func ParseOrigins(lines string) (Origins, error) {
	var out Origins
	for line := range strings.FieldsSeq(lines) {
		full := line
		if !strings.Contains(full, "://") {
			full = "https://" + full
		}
		u, err := url.Parse(full)
		if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || strings.Trim(u.Path, "/") != "" ||
			u.User != nil || u.RawQuery != "" || strings.ContainsAny(u.Host, "*;,'\" ") {
			return nil, fmt.Errorf("“%s” is not a site such as https://www.example.com", line)
		}
		out = append(out, strings.ToLower(u.Scheme+"://"+u.Host))
	}
	return out, nil
}

// Has reports whether a site is among them. "null" never is.
func (o Origins) Has(origin string) bool {
	for _, x := range o {
		if strings.EqualFold(x, origin) {
			return true
		}
	}
	return false
}

// Frames is the policy of who may frame a page.
func (o Origins) Frames() string {
	if len(o) == 0 {
		return "frame-ancestors 'none'"
	}
	return "frame-ancestors 'self' " + strings.Join(o, " ")
}

// Of is the site that a request comes from, "" if it is our own page or the
// address was typed in; ok is false when a browser says that it comes from
// elsewhere and does not say from where. at is our own public address, where
// a proxy may call us by another name.
func Of(r *http.Request, at string) (origin string, ok bool) {
	origin = r.Header.Get("Origin")
	site := r.Header.Get("Sec-Fetch-Site")
	if u, err := url.Parse(origin); err == nil && origin != "" && (strings.EqualFold(u.Host, r.Host) || hostOf(at) != "" && strings.EqualFold(u.Host, hostOf(at))) {
		return "", true
	}
	if origin != "" {
		return origin, true
	}
	return "", site == "" || site == "none" || site == "same-origin"
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}

// Rate lets somebody do something so many times within a span.
type Rate struct {
	Burst int
	Span  time.Duration

	mu   sync.Mutex
	left map[string]*bucket
}

type bucket struct {
	left float64
	at   time.Time
}

// mostNames is how many are remembered; beyond, all begin anew.
const mostNames = 20_000

// Take takes one and returns how long to wait when there is none left.
func (r *Rate) Take(name string, now time.Time) time.Duration { return r.TakeMany(name, 1, now) }

// TakeMany takes so many, or none and returns how long to wait until there are.
func (r *Rate) TakeMany(name string, n int, now time.Time) time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.left == nil || len(r.left) > mostNames {
		r.left = map[string]*bucket{}
	}
	b := r.left[name]
	if b == nil {
		b = &bucket{float64(r.Burst), now}
		r.left[name] = b
	}
	a := float64(r.Burst) / r.Span.Seconds()
	b.left = min(float64(r.Burst), b.left+max(0, now.Sub(b.at).Seconds())*a)
	b.at = now
	if want := float64(n); b.left < want {
		return time.Duration((want - b.left) / a * float64(time.Second))
	}
	b.left -= float64(n)
	return 0
}
