package text

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestFromHTML(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"plain", "just words", "just words"},
		{"less than", "1 < 2 & 3 > 2", "1 < 2 & 3 > 2"},
		{"paragraphs", "<p>one</p><p>two</p>", "one\n\ntwo"},
		{"line breaks", "one<br>two<br/>three<br /><br />four", "one\ntwo\nthree\n\nfour"},
		{"many line breaks", "one<br><br><br><br>two", "one\n\ntwo"},
		{"entities", "Tom &amp; Jerry &lt;3 &#39;x&#39; &eacute;&nbsp;!", "Tom & Jerry <3 'x' é\u00a0!"},
		{"white space", "  one \n\t two  <b> three</b> four ", "one two three four"},
		{"a mention", `<p><span class="h-card"><a href="https://x.example/@brewell" class="u-url mention">@<span>brewell</span></a></span> hello</p>`, "@brewell hello"},
		{"a link cut for the eye", `<a href="https://x.example/abcdef"><span class="invisible">https://</span><span class="ellipsis">x.example/abc</span><span class="invisible">def</span></a>`, "https://x.example/abcdef"},
		{"script and style", "a<script>alert('x')</script><style>p{}</style>b", "ab"},
		{"a script that never ends", "a<script>alert('x')", "a"},
		{"a head that never ends", "<head><title>t</title><body>words", "words"},
		{"svg", "a<svg><title>t</title><text>t</text></svg>b", "ab"},
		{"a list", "<ul><li>one</li><li>two</li></ul>after", "- one\n- two\nafter"},
		{"a table", "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"},
		{"pictures", `see <img src="x" alt="a kettle"> there <img src="y" alt="">`, "see a kettle there"},
		{"preformatted", "<pre>a\n  b</pre>c", "a\n  b\n\nc"},
		{"comments", "a<!-- not this -->b", "ab"},
		{"cut off", "<p>one</p><a href=\"", "one"},
		{"nothing", "", ""},
		{"control characters", "a\x00b\x1bc&#8;d", "abcd"},
		{"not UTF-8", "a\xffb", "a\uFFFDb"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := FromHTML(tt.in); got != tt.want {
				t.Fatalf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestCut(t *testing.T) {
	long := Cut(strings.Repeat("ä", Most))
	if len(long) > Most+len("…") || !utf8.ValidString(long) || !strings.HasSuffix(long, "ä…") {
		t.Fatalf("%d bytes, ends %q", len(long), long[len(long)-6:])
	}
	if s := "short\nlines\tstay"; Cut(s) != s {
		t.Fatalf("got %q", Cut(s))
	}
	if n := len(FromHTML("<p>" + strings.Repeat("word<br>", 2<<20))); n > Most+10 {
		t.Fatalf("%d bytes", n)
	}
}

func FuzzFromHTML(f *testing.F) {
	for _, s := range []string{"<p>a</p>", "<svg><p>", "a&b;", "<a <b>", "\xff<pre>\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := FromHTML(s)
		if !utf8.ValidString(got) || len(got) > Most+10 {
			t.Fatalf("%d bytes: %q", len(got), got)
		}
	})
}
