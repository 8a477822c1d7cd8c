package networks

import (
	"slices"
	"testing"
)

func TestPlain(t *testing.T) {
	tests := []struct {
		name, html, text string
		links            []string
	}{
		{"mentions are no links",
			`<p>Hey <span class="h-card"><a href="http://h/@b" class="u-url mention" rel="x">@<span>b</span></a></span> it leaks</p>`,
			"Hey @b it leaks", nil},
		{"hashtags are no links", `<p><a class="mention hashtag" href="http://h/tags/leak">#<span>leak</span></a></p>`, "#leak", nil},
		{"links keep their target", `<p><a href="https://e.org/?a=1&amp;b=2" rel="nofollow">e.org</a></p>`, "e.org", []string{"https://e.org/?a=1&b=2"}},
		{"lines and paragraphs", `<p>one<br>two<br/>three</p><p>four</p>`, "one\ntwo\nthree\n\nfour", nil},
		{"what was written", `<p>leaks & hisses &lt;b></p>`, "leaks & hisses <b>", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			text, links := plain(tt.html)
			if text != tt.text || !slices.Equal(links, tt.links) {
				t.Errorf("got %q %q, want %q %q", text, links, tt.text, tt.links)
			}
		})
	}
}

func TestLinksAndHandles(t *testing.T) {
	tests := []struct{ text, link, handle string }{
		{"see https://e.org/a?b=1.", "https://e.org/a?b=1", ""},
		{"(https://e.org/a)", "https://e.org/a", ""},
		{"Dear @brewell.test, hello", "", "@brewell.test"},
		{"mail me@home", "", ""},
	}
	for _, tt := range tests {
		if got := urls.FindString(tt.text); got != tt.link {
			t.Errorf("%q: link %q, want %q", tt.text, got, tt.link)
		}
		if got := handles.FindString(tt.text); got != tt.handle {
			t.Errorf("%q: handle %q, want %q", tt.text, got, tt.handle)
		}
	}
}

func TestSplit(t *testing.T) {
	repo, key := split("at://did:plc:abc/app.bsky.feed.post/3lz2")
	if repo != "did:plc:abc" || key != "3lz2" {
		t.Errorf("got %q %q", repo, key)
	}
}
