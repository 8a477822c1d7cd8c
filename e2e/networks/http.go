package networks

import (
	"bytes"
	"encoding/json"
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
)

// client is a customer's: nothing of Parley's is in it.
var client = &http.Client{Timeout: 30 * time.Second}

// GoToSocial refuses whoever does not say what they are.
const userAgent = "a-customer/1.0"

func do(t testing.TB, c *http.Client, req *http.Request) (*http.Response, []byte) {
	t.Helper()
	res, err := c.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatalf("%s %s: %v", req.Method, req.URL, err)
	}
	return res, body
}

func request(t testing.TB, method, address, kind, token string, body io.Reader) *http.Request {
	t.Helper()
	req, err := http.NewRequest(method, address, body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("User-Agent", userAgent)
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	return req
}

// formRequest sends a form, or nothing when it is nil.
func formRequest(t testing.TB, method, address string, form url.Values, token string) *http.Request {
	t.Helper()
	if form == nil {
		return request(t, method, address, "", token, http.NoBody)
	}
	return request(t, method, address, "application/x-www-form-urlencoded", token, strings.NewReader(form.Encode()))
}

// jsonRequest sends a JSON body.
func jsonRequest(t testing.TB, method, address string, body any, token string) *http.Request {
	t.Helper()
	b, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	return request(t, method, address, "application/json", token, bytes.NewReader(b))
}

var (
	anchors = regexp.MustCompile(`(?s)<a\s([^>]*)>`)
	hrefs   = regexp.MustCompile(`href="([^"]*)"`)
	classes = regexp.MustCompile(`class="([^"]*)"`)
	breaks  = regexp.MustCompile(`<br\s*/?>`)
	tags    = regexp.MustCompile(`<[^>]*>`)
)

// plain turns a status's HTML into what a person reads, and the links that they
// can follow, without mentions and hashtags.
func plain(content string) (text string, links []string) {
	for _, a := range anchors.FindAllStringSubmatch(content, -1) {
		href, class := hrefs.FindStringSubmatch(a[1]), classes.FindStringSubmatch(a[1])
		if href == nil || class != nil && (strings.Contains(class[1], "mention") || strings.Contains(class[1], "hashtag")) {
			continue
		}
		links = append(links, html.UnescapeString(href[1]))
	}
	text = breaks.ReplaceAllString(content, "\n")
	text = strings.ReplaceAll(text, "</p><p>", "\n\n")
	return strings.TrimSpace(html.UnescapeString(tags.ReplaceAllString(text, ""))), links
}
