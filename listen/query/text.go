package query

import (
	"math/rand/v2"
	"slices"
	"strings"
	"sync/atomic"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxText is as much of a text as is read; positions fit 32 bits.
const maxText = 1 << 30

// A Doc is one post, cut into words once and matched against any number of
// queries. Many goroutines may match the same Doc.
type Doc struct {
	text     string
	lang     string
	author   string
	channels []string
	where    func() []string // names of the place, asked for once and only when a query does
	at       atomic.Pointer[[]string]

	toks  []token
	buf   []byte  // the folded words, one after another
	slots []int32 // hash table: 1 + the first token of each word
	shift uint
	sig   sig
	words int32

	seen   [mostLenses]atomic.Pointer[forms] // through each lens, made when a query needs it
	sorted atomic.Pointer[[]int32]           // first tokens in alphabetical order, made when a long text needs it
}

// token is a word or an emoji at its place.
type token struct {
	hash       uint64
	start, end int32 // bytes in the text
	from, to   int32 // bytes in buf
	before     int32 // words before it
	next       int32 // the next token with the same word, or -1
	sigil      byte  // '#' or '@' when one stands before it
	emoji      bool
	again      bool // the word stood earlier already
}

// after is the number of words up to and with the token.
func (t *token) after() int32 {
	if t.emoji {
		return t.before
	}
	return t.before + 1
}

// NewDoc reads a post. The language is a BCP 47 tag or empty when it is not
// known; the author is the handle; the channels are what channel: may call the
// place it was heard at (its kind and its name).
func NewDoc(text, lang, author string, channels ...string) *Doc {
	d := new(Doc)
	d.Reset(text, lang, author, channels...)
	return d
}

// Reset makes d the given post and reuses its memory. Nobody else may be using
// d meanwhile.
func (d *Doc) Reset(text, lang, author string, channels ...string) {
	d.text, d.lang, d.author = text[:min(len(text), maxText)], foldLang(lang), ""
	if author != "" {
		d.author = foldHandle(author)
	}
	d.channels = d.channels[:0]
	for _, c := range channels {
		if c != "" {
			d.channels = append(d.channels, foldName(c))
		}
	}
	d.where = nil
	d.at.Store(nil)
	d.sorted.Store(nil)
	for i := range d.seen {
		if d.seen[i].Load() != nil {
			d.seen[i].Store(nil)
		}
	}
	d.scan()
	d.index()
}

// At says what the place that the post speaks of may be called by: the
// branch, the city, the region, the country. The names are asked for when a
// query wants to know; asking twice must give the same. It holds until Reset.
func (d *Doc) At(names func() []string) {
	d.where = names
	d.at.Store(nil)
}

// places returns the folded names of the post's place.
func (d *Doc) places() []string {
	if d.where == nil {
		return nil
	}
	if p := d.at.Load(); p != nil {
		return *p
	}
	var out []string
	for _, n := range d.where() {
		if n = foldName(n); n != "" && !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	d.at.Store(&out)
	return out
}

// Text returns the text as it was given.
func (d *Doc) Text() string { return d.text }

// Words are hashed byte by byte (FNV-1a from a secret start), so that the hash
// of every beginning of a word comes on the way.
const prime = 0x100000001b3

var seed = rand.Uint64()

func hashOf[T string | []byte](s T) uint64 {
	h := seed
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * prime
	}
	return h
}

// mix spreads a hash, so that its high bits depend on all of it.
func mix(h uint64) uint64 { return h * 0x9e3779b97f4a7c15 }

// ascii gives the folded form of an ASCII letter or digit, and 0 for the rest.
var ascii = func() (t [128]byte) {
	for c := range byte(128) {
		switch {
		case c >= '0' && c <= '9', c >= 'a' && c <= 'z':
			t[c] = c
		case c >= 'A' && c <= 'Z':
			t[c] = c + 'a' - 'A'
		}
	}
	return t
}()

// scan cuts the text into tokens.
func (d *Doc) scan() {
	d.toks, d.buf, d.words = d.toks[:0], d.buf[:0], 0
	text := d.text
	var sigil byte
	sigilAt, wordEnd := -1, -1
	for i := 0; i < len(text); {
		c := text[i]
		cl, size, sign := parts, 1, byte(0)
		if c < utf8.RuneSelf {
			if ascii[c] != 0 {
				cl = letter
			} else if c == '#' || c == '@' {
				sign = c
			}
		} else {
			var r rune
			r, size = utf8.DecodeRuneInString(text[i:])
			cl = lookup(r).class
			if r == '＃' || r == '＠' {
				sign = byte(r - '＃' + '#')
			}
		}
		switch {
		case cl == letter || cl == hangul || cl == solo:
			t := token{start: int32(i)}
			if sigilAt == i {
				t.sigil = sigil
			}
			i = d.word(&t, i, cl)
			if cl != solo {
				wordEnd = i
			}
		case cl == emoji:
			i = d.emoji(i)
		case cl == skip && sigilAt == i:
			i += size
			sigilAt = i
		default:
			if sign != 0 && wordEnd != i {
				sigil, sigilAt = sign, i+size
			}
			i += size
		}
	}
}

// word reads the word of class cl that begins at i, and returns its end.
func (d *Doc) word(t *token, i int, cl class) int {
	text := d.text
	from := len(d.buf)
	h := seed
	whole, first := false, true
	end := i
	for i < len(text) {
		c := text[i]
		if c < utf8.RuneSelf {
			if cl != letter {
				break
			}
			if k := ascii[c]; k != 0 {
				d.buf = append(d.buf, k)
				h = (h ^ uint64(k)) * prime
				i++
				end, first = i, false
				continue
			}
			if c != '_' {
				break
			}
			j := i
			for j < len(text) && text[j] == '_' {
				j++
			}
			if !letterAt(text, j) {
				break
			}
			for ; i < j; i++ {
				d.buf = append(d.buf, '_')
				h = (h ^ '_') * prime
			}
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		f := lookup(r)
		if f.class == skip {
			i += size
			continue
		}
		if f.class != mark && (f.class != cl || cl == solo && !first) {
			break
		}
		for k := range len(f.out) {
			h = (h ^ uint64(f.out[k])) * prime
		}
		d.buf = append(d.buf, f.out...)
		whole = whole || f.whole
		i += size
		end, first = i, false
	}
	if whole {
		n := norm.NFC.Bytes(d.buf[from:])
		d.buf = append(d.buf[:from], n...)
		h = hashOf(n)
	}
	if n := linkNoise(d.buf[from:], text[end:]); n > 0 {
		d.buf = d.buf[:from]
		return end + n
	}
	t.hash, t.end = h, int32(end)
	t.from, t.to = int32(from), int32(len(d.buf))
	t.before = d.words
	d.words++
	d.toks = append(d.toks, *t)
	return end
}

// letterAt tells whether a letter of a word with spaces stands at i.
func letterAt(text string, i int) bool {
	if i >= len(text) {
		return false
	}
	if c := text[i]; c < utf8.RuneSelf {
		return ascii[c] != 0
	}
	r, _ := utf8.DecodeRuneInString(text[i:])
	return lookup(r).class == letter
}

// linkNoise tells how much to leap when the word is only how links begin.
func linkNoise(word []byte, rest string) int {
	switch string(word) {
	case "http", "https":
		if strings.HasPrefix(rest, "://") {
			return 3
		}
	case "www":
		if rest != "" && rest[0] == '.' && letterAt(rest, 1) {
			return 1
		}
	}
	return 0
}

const (
	joiner = '\u200d'
	tone0  = 0x1f3fb
	tone1  = 0x1f3ff
	flagA  = 0x1f1e6
	flagZ  = 0x1f1ff
)

// emoji reads the emoji at i with all that belongs to it, and returns its end.
// Skin tones and variation selectors are not kept.
func (d *Doc) emoji(i int) int {
	from, start := len(d.buf), i
	r, size := utf8.DecodeRuneInString(d.text[i:])
	d.buf = utf8.AppendRune(d.buf, r)
	i += size
	flag := r >= flagA && r <= flagZ
	for i < len(d.text) {
		r, size = utf8.DecodeRuneInString(d.text[i:])
		switch {
		case r == '\ufe0e', r == '\ufe0f', r >= tone0 && r <= tone1:
		case r >= 0xe0020 && r <= 0xe007f: // the flags of England, Scotland and Wales
			d.buf = utf8.AppendRune(d.buf, r)
		case flag && r >= flagA && r <= flagZ:
			d.buf = utf8.AppendRune(d.buf, r)
			flag = false
		case r == joiner && i+size < len(d.text):
			n, w := utf8.DecodeRuneInString(d.text[i+size:])
			if lookup(n).class != emoji {
				return d.picture(start, i, from)
			}
			d.buf = utf8.AppendRune(utf8.AppendRune(d.buf, r), n)
			size += w
		default:
			return d.picture(start, i, from)
		}
		i += size
	}
	return d.picture(start, i, from)
}

func (d *Doc) picture(start, end, from int) int {
	d.toks = append(d.toks, token{
		hash: hashOf(d.buf[from:]), emoji: true, before: d.words,
		start: int32(start), end: int32(end), from: int32(from), to: int32(len(d.buf)),
	})
	return end
}
