// Package email hears and answers one mailbox: IMAP (RFC 9051, with IDLE) and
// SMTP submission (RFC 6409).
//
// What belongs together is told by Message-ID and by a reply address that we
// signed, never by the subject. Anybody can write any name into a mail, so an
// author counts as themselves only when a signature of their own domain
// (DKIM), the mailbox's own server (Authentication-Results, RFC 8601) or our
// signed reply address proves it; everybody else is another, unverified
// author, and never enters somebody else's conversation.
//
// A mail of ours goes to our own mailbox too, in the same transaction as to
// the customer. The copy is the proof that it was taken: Find looks for it.
package email

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"net"
	"net/mail"
	"strconv"
	"strings"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/social"
)

const title = "The mail server"

// Kind is a mailbox as a kind of channel.
func Kind() channel.Kind {
	return channel.Kind{
		Name:  "email",
		Title: "Email",
		Site:  "direct",
		About: "Hear and answer what customers write to one of your addresses, with every thread kept together and forged senders marked.",
		Steps: []channel.Step{
			{Text: "Choose the mailbox that customers write to, such as care@yourcompany.example. Best is one that nobody else empties."},
			{Text: "If your provider asks for it, allow IMAP and make a password for this app alone (an app password)."},
			{Text: "Enter the addresses of the servers and the password."},
			{Text: "Say which server's checks you trust: the first word of “Authentication-Results” in any mail that you have received.", URL: "https://www.rfc-editor.org/rfc/rfc8601"},
			{Text: "Test it. If you sign your mail (DKIM), give the key too; otherwise your provider does it."},
		},
		Form: []channel.Field{
			{Name: "address", Label: "Address", Type: "text", Required: true, Help: "What customers write to, such as care@yourcompany.example."},
			{Name: "name", Label: "Name", Type: "text", Help: "What customers see beside the address, such as Your Company Care."},
			{Name: "signature", Label: "Signature", Type: "lines", Help: "Stands below each answer that somebody writes. {{member}} is their name, {{first}} their first name."},
			{Name: "imap", Label: "IMAP server", Type: "text", Required: true, Help: "With its port, such as imap.yourcompany.example:993."},
			{Name: "imap_security", Label: "IMAP security", Type: "choice", Choices: []string{"tls", "starttls", "none"}, Default: "tls", Help: "None only on your own machine."},
			{Name: "smtp", Label: "SMTP server", Type: "text", Required: true, Help: "With its port, such as smtp.yourcompany.example:465."},
			{Name: "smtp_security", Label: "SMTP security", Type: "choice", Choices: []string{"tls", "starttls", "none"}, Default: "tls"},
			{Name: "username", Label: "User", Type: "text", Help: "The address if left out."},
			{Name: "password", Label: "Password", Type: "secret", Required: true, Help: "Better an app password than your own."},
			{Name: "key", Label: "Key of reply addresses", Type: "secret", Hidden: true, Make: "key", Help: "By it Parley knows its own reply addresses again. Answers to mails that were sent with another key begin conversations of their own."},
			{Name: "reply", Label: "Reply address", Type: "choice", Choices: []string{"plus", "plain"}, Default: "plus", Help: "Plus: care+code@yourcompany.example; most servers deliver that to care@. Plain where yours does not."},
			{Name: "trust", Label: "Server whose checks are trusted", Type: "text", Help: "As “Authentication-Results” names it, such as mx.yourcompany.example. It must remove what others claim in its name. Without it Parley checks DKIM signatures itself."},
			{Name: "folder", Label: "Folder", Type: "text", Default: "INBOX"},
			{Name: "sent", Label: "Folder of what was sent", Type: "text", Help: "Found by itself if left out."},
			{Name: "receipts", Label: "Ask for delivery reports", Type: "choice", Choices: []string{"yes", "failures"}, Default: "yes", Help: "Failures are always reported; yes asks servers to report success too (RFC 3461)."},
			{Name: "dkim_selector", Label: "DKIM selector", Type: "text", Help: "Only if Parley should sign what it sends."},
			{Name: "dkim_key", Label: "DKIM private key", Type: "secret", Help: "In PEM, on one line or several."},
		},
		New: open,
	}
}

// box is one mailbox.
type box struct {
	address, local, domain string // folded
	name                   string
	signature              string
	imap, smtp             server
	user, password         string
	key                    []byte
	plus                   bool
	trust                  string
	folder, sent           string
	receipts               bool
	selector               string
	signer                 crypto.Signer
	env                    channel.Env
	txt                    func(string) ([]string, error) // nil: ask the system's DNS
}

type server struct{ addr, host, security string }

func open(s channel.Settings, e channel.Env) (channel.Channel, error) {
	b := &box{name: clean(s["name"], 200), signature: signature(s["signature"]), user: s["username"], password: s["password"], plus: s["reply"] != "plain",
		trust: strings.ToLower(s["trust"]), folder: s["folder"], sent: s["sent"], receipts: s["receipts"] != "failures", selector: s["dkim_selector"], env: e}
	if b.env.Clock == nil {
		b.env.Clock = clock.System{}
	}
	a, err := mail.ParseAddress(s["address"])
	if err != nil || !ascii(a.Address) {
		return nil, wrong("address", "This is no mail address; it looks like care@yourcompany.example.")
	}
	b.address = strings.ToLower(a.Address)
	i := strings.LastIndexByte(b.address, '@')
	b.local, b.domain = b.address[:i], b.address[i+1:]
	if b.user == "" {
		b.user = a.Address
	}
	if b.imap, err = serverOf("imap", s["imap"], s["imap_security"], "993", "143"); err != nil {
		return nil, err
	}
	if b.smtp, err = serverOf("smtp", s["smtp"], s["smtp_security"], "465", "587"); err != nil {
		return nil, err
	}
	if b.key, err = base64.RawURLEncoding.DecodeString(strings.TrimRight(s["key"], "=")); err != nil || len(b.key) < 16 {
		return nil, wrong("key", "This is no key: let one be made.")
	}
	if b.folder == "" {
		b.folder = "INBOX"
	}
	if (s["dkim_key"] == "") != (b.selector == "") {
		return nil, wrong("dkim_selector", "To sign mail, both the DKIM selector and its private key are needed.")
	}
	if s["dkim_key"] != "" {
		if b.signer, err = signerOf(s["dkim_key"]); err != nil {
			return nil, err
		}
	}
	return b, nil
}

func serverOf(field, addr, security, secure, open string) (server, error) {
	if security == "" {
		security = "tls"
	}
	addr = strings.TrimSpace(addr)
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		host, port = addr, secure
		if security != "tls" {
			port = open
		}
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 || host == "" || strings.ContainsAny(host, "/ @") {
		return server{}, wrong(field, "This is no server; it looks like mail.yourcompany.example:"+secure+".")
	}
	return server{net.JoinHostPort(host, port), host, security}, nil
}

// signerOf reads a private key in PEM, whose lines a form may have joined.
func signerOf(s string) (crypto.Signer, error) {
	bad := wrong("dkim_key", "This is no private key in PEM.")
	head, rest, ok := strings.Cut(strings.TrimPrefix(strings.TrimSpace(s), "-----BEGIN "), "-----")
	body, _, ok2 := strings.Cut(rest, "-----END")
	if !ok || !ok2 {
		return nil, bad
	}
	block, _ := pem.Decode([]byte("-----BEGIN " + head + "-----\n" + strings.Join(strings.Fields(body), "\n") + "\n-----END " + head + "-----\n"))
	if block == nil {
		return nil, bad
	}
	if k, err := x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
		return k, nil
	}
	k, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, bad
	}
	switch k := k.(type) {
	case *rsa.PrivateKey:
		return k, nil
	case ed25519.PrivateKey:
		return k, nil
	}
	return nil, wrong("dkim_key", "DKIM knows RSA and Ed25519 keys only.")
}

func wrong(field, text string) error {
	return &social.Error{Kind: social.Invalid, Field: field, Text: text}
}

func (b *box) now() time.Time { return b.env.Clock.Now().UTC() }

// Interval is the usual time between two polls; where the server has IDLE, it
// tells us sooner.
func (b *box) Interval() time.Duration { return time.Minute }

// Firehose is false: all of a mailbox is for us.
func (b *box) Firehose() bool { return false }

// Visibilities: a mail is for whom it is addressed to.
func (b *box) Visibilities() []social.Visibility { return []social.Visibility{social.Direct} }

// most is how many characters a mail of ours may have.
const most = 50_000

// Fit counts characters; mail has no limit, people do.
func (b *box) Fit(text string) channel.Room {
	n := len([]rune(text))
	return channel.Room{Fits: n > 0 && n <= most && strings.TrimSpace(text) != "", Left: most - n, Max: most, Unit: "characters"}
}

// Signature stands below what people of ours write.
func (b *box) Signature() string { return b.signature }

// mostSignature is how many characters of a signature are kept.
const mostSignature = 2000

func signature(s string) string {
	s = strings.TrimSpace(strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\r\n", "\n"))
	if r := []rune(s); len(r) > mostSignature {
		s = strings.TrimSpace(string(r[:mostSignature]))
	}
	return s
}

// Title is the subject of a reply.
func (b *box) Title(thread string) string {
	thread = clean(thread, 300)
	if thread == "" {
		return "Re:"
	}
	for _, p := range []string{"re:", "aw:", "sv:", "antw:", "rif:", "r:"} {
		if len(thread) >= len(p) && strings.EqualFold(thread[:len(p)], p) {
			return thread
		}
	}
	return "Re: " + thread
}
