package mark_test

import (
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/kit/mark"
)

func TestHTML(t *testing.T) {
	tests := []struct{ name, text, has, hasNot string }{
		{"headings move down", "# One\n\n## Two", "<h2>One</h2>", "<h1"},
		{"emphasis", "**strong** and *soft*", "<strong>strong</strong> and <em>soft</em>", ""},
		{"a list", "1. a\n2. b", "<ol>", ""},
		{"a table", "|a|b|\n|-|-|\n|1|2|", "<td>1</td>", "style="},
		{"a link", "[here](https://example.com/a?b=1&c=2)", `href="https://example.com/a?b=1&amp;c=2"`, ""},
		{"a bare address", "see https://example.com/x.", `href="https://example.com/x"`, ""},
		{"raw HTML is not there", "a <script>alert(1)</script> <b onclick=x>b</b>", "a ", "<script"},
		{"no handlers", `<img src=x onerror=alert(1)>`, "", "onerror"},
		{"no script address", "[x](javascript:alert(1)) [y](JaVaScRiPt:alert(1)) [z](data:text/html,x) [q](vbscript:x)", "x", "script:"},
		{"no coded script address", "[x](&#106;avascript:alert(1))", "x", "javascript"},
		{"a picture from https", "![a cup](https://example.com/c.png)", `alt="a cup"`, "onerror"},
		{"no other picture", "![a](http://example.com/c.png) ![b](data:image/svg+xml,x)", "", "src="},
		{"a title does not get out", `[a](https://e.com "x\" onmouseover=\"alert(1)")`, "<a", "onmouseover="},
		{"entities are words", "&lt;script&gt;", "&lt;script&gt;", "<script"},
		{"emoji and right to left", "☕️ **قهوة**", "<strong>قهوة</strong>", ""},
		{"no style", "a <i style='x'>hm</i>", "hm", "style"},
		{"no frame", "<iframe src=https://evil.example></iframe>ok", "", "iframe"},
	}
	for _, tt := range tests {
		got := mark.HTML(tt.text)
		if !strings.Contains(got, tt.has) || tt.hasNot != "" && strings.Contains(strings.ToLower(got), tt.hasNot) {
			t.Errorf("%s: %s", tt.name, got)
		}
	}
}

func TestHostileMarkdown(t *testing.T) {
	for name, s := range map[string]string{
		"quotes": strings.Repeat(">", 90_000) + "x", "lists": strings.Repeat("- ", 45_000) + "x", "brackets": strings.Repeat("[", 90_000),
		"stars": strings.Repeat("*a ", 30_000), "ticks": strings.Repeat("`", 90_000), "links": strings.Repeat("[a](", 20_000), "large": strings.Repeat("word ", 1_000_000),
		"pictures": strings.Repeat("![", 40_000), "table": strings.Repeat("|", 90_000) + "\n" + strings.Repeat("|-", 40_000), "no text": "\xff\xfe\x00a",
		"quoted lists": strings.Repeat("> - ", 20_000) + "x", "underscores": strings.Repeat("_a__b", 18_000), "html": strings.Repeat("<a", 40_000), "refs": strings.Repeat("[a]: x\n", 12_000) + strings.Repeat("[a]", 4_000),
	} {
		began := time.Now()
		out := mark.HTML(s)
		if took := time.Since(began); took > 2*time.Second {
			t.Errorf("%s took %v", name, took)
		}
		if strings.Contains(out, "<script") {
			t.Errorf("%s: a script", name)
		}
	}
}

func TestLead(t *testing.T) {
	if got := mark.Lead("# Descale\n\nEvery **three** months.\n\nThen more.", 80); got != "Every three months." {
		t.Errorf("%q", got)
	}
	if got := mark.Short("one two three four", 10); got != "one two…" {
		t.Errorf("%q", got)
	}
}
