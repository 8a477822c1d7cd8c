package email

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"mime"
	"net/mail"
	"net/textproto"
	"strings"
	"unicode"

	"golang.org/x/net/html/charset"
)

// mostHeader is how much of a mail's head is read, and mostFields how many
// fields of it.
const (
	mostHeader = 128 << 10
	mostFields = 500
)

// field is one line of a mail's head, unfolded.
type field struct{ name, value string }

// header is the head of a mail, in its order. Lines that are none are passed
// over: hostile mail has many.
type header []field

// headerOf reads the head of a mail.
func headerOf(raw []byte) header {
	if len(raw) > mostHeader {
		raw = raw[:mostHeader]
	}
	var h header
	for len(raw) > 0 && len(h) < mostFields {
		line, rest, _ := bytes.Cut(raw, []byte("\n"))
		raw = rest
		line = bytes.TrimSuffix(line, []byte("\r"))
		if len(line) == 0 {
			break
		}
		if (line[0] == ' ' || line[0] == '\t') && len(h) > 0 {
			h[len(h)-1].value += " " + strings.TrimSpace(string(line))
			continue
		}
		name, value, ok := bytes.Cut(line, []byte(":"))
		if !ok || len(name) == 0 || len(name) > 76 || bytes.ContainsAny(name, " \t\x00") {
			continue
		}
		h = append(h, field{textproto.CanonicalMIMEHeaderKey(string(name)), strings.TrimSpace(string(value))})
	}
	return h
}

// Get is the first field of a name.
func (h header) Get(name string) string {
	for _, f := range h {
		if f.name == name {
			return f.value
		}
	}
	return ""
}

// all are the fields of a name.
func (h header) all(name string) (out []string) {
	for _, f := range h {
		if f.name == name {
			out = append(out, f.value)
		}
	}
	return out
}

var words = &mime.WordDecoder{CharsetReader: func(label string, in io.Reader) (io.Reader, error) {
	return charset.NewReaderLabel(label, in)
}}

// decoded is a field for people, whatever its sender did to it.
func decoded(s string, n int) string {
	if len(s) > 8*n {
		s = s[:8*n]
	}
	if d, err := words.DecodeHeader(s); err == nil {
		s = d
	}
	return clean(s, n)
}

// clean makes one line of at most n characters that is what it looks like: no
// control characters, nothing that turns the direction of writing, nothing
// invisible.
func clean(s string, n int) string {
	if len(s) > 16*n {
		s = s[:16*n]
	}
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.Is(unicode.Cc, r), unicode.Is(unicode.Cf, r) && r != '\u200d', r == unicode.ReplacementChar && false:
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	r := []rune(strings.Join(strings.Fields(s), " "))
	if len(r) > n {
		r = append(r[:n-1], '…')
	}
	return string(r)
}

// addressOf reads one address. The name is shown only if it does not pretend
// to be an address itself.
func addressOf(s string) (address, name string, ok bool) {
	if len(s) > 4096 {
		return "", "", false
	}
	p := mail.AddressParser{WordDecoder: words}
	list, err := p.ParseList(s)
	if err != nil || len(list) == 0 {
		// Names with signs that must be quoted and are not: take what stands in brackets.
		i, j := strings.LastIndexByte(s, '<'), strings.LastIndexByte(s, '>')
		if i < 0 || j < i {
			return "", "", false
		}
		a, err := mail.ParseAddress(s[i : j+1])
		if err != nil {
			return "", "", false
		}
		a.Name = decoded(s[:i], 100)
		list = []*mail.Address{a}
	}
	address = strings.ToLower(list[0].Address)
	local, domain, at := strings.Cut(address, "@")
	if !at || local == "" || domain == "" || len(address) > 254 || clean(address, 254) != address || strings.ContainsAny(address, " <>,;") {
		return "", "", false
	}
	name = clean(strings.Trim(list[0].Name, `"' `), 100)
	if strings.Contains(name, "@") && !strings.EqualFold(name, address) {
		name = ""
	}
	return address, name, true
}

// idOf takes the first Message-ID out of a field, without angle brackets.
func idOf(s string) string {
	ids := idsOf(s)
	if len(ids) == 0 {
		return ""
	}
	return ids[0]
}

// idsOf takes Message-IDs out of a field, at most fifty.
func idsOf(s string) (out []string) {
	for len(out) < 50 {
		i := strings.IndexByte(s, '<')
		if i < 0 {
			break
		}
		j := strings.IndexByte(s[i:], '>')
		if j < 0 {
			break
		}
		if id := s[i+1 : i+j]; id != "" && len(id) <= 500 && clean(id, 500) == id && !strings.ContainsAny(id, " <") {
			out = append(out, id)
		}
		s = s[i+j+1:]
	}
	return out
}

func digest(raw []byte) string {
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}

func ascii(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII || r < ' ' })
}
