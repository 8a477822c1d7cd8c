package email

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/channel/channeltest"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/social"
)

const testKey = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY"

// post is a mailbox with its servers, in memory.
type post struct {
	t       testing.TB
	user    *imapmemserver.User
	box     *box
	mu      sync.Mutex
	trouble channeltest.Trouble
	taken   []string
	rcpt    []string // of the last mail that was sent
	refuse  string   // an address that the server does not know
	conns   map[net.Conn]bool
	n       int
	end     chan struct{}
	mails   map[string][]byte // by external id
	carried map[string][]channeltest.File
}

// listener remembers its connections, so that they can be cut.
type listener struct {
	net.Listener
	p *post
}

func (l listener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err == nil {
		l.p.mu.Lock()
		l.p.conns[c] = true
		l.p.mu.Unlock()
	}
	return c, err
}

func (p *post) drop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.conns {
		c.Close()
		delete(p.conns, c)
	}
}

func (p *post) now() channeltest.Trouble {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.trouble
}

func (p *post) setTrouble(t channeltest.Trouble) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.trouble = t
}

var errCut = errors.New("cut")

// mailbox is one that can be told to misbehave.

type mailbox struct {
	imapserver.Session
	p *post
}

func (s *mailbox) Login(user, password string) error {
	no := func(code imap.ResponseCode, text string) error {
		return &imap.Error{Type: imap.StatusResponseTypeNo, Code: code, Text: text}
	}
	switch s.p.now() {
	case channeltest.Limited:
		return no(imap.ResponseCodeLimit, "Too many connections, try again in 7 seconds")
	case channeltest.Failing:
		return no(imap.ResponseCodeServerBug, "Internal error")
	case channeltest.Revoked:
		return no(imap.ResponseCodeAuthenticationFailed, "Authentication failed.")
	case channeltest.Broken:
		s.p.drop()
		return errCut
	case channeltest.Silent:
		<-s.p.end
		return errCut
	}
	return s.Session.Login(user, password)
}

// outbox takes what is sent.
type outbox struct {
	p  *post
	to []string
}

func (o *outbox) AuthMechanisms() []string { return []string{sasl.Plain} }
func (o *outbox) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		switch o.p.now() {
		case channeltest.Limited:
			return &smtp.SMTPError{Code: 421, EnhancedCode: smtp.EnhancedCode{4, 7, 0}, Message: "Too many connections, try again in 7 seconds"}
		case channeltest.Failing:
			return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "Local error"}
		case channeltest.Broken:
			o.p.drop()
			return errCut
		case channeltest.Silent:
			<-o.p.end
			return errCut
		}
		if o.p.now() == channeltest.Revoked || password != "secret" {
			return &smtp.SMTPError{Code: 535, EnhancedCode: smtp.EnhancedCode{5, 7, 8}, Message: "Authentication failed"}
		}
		return nil
	}), nil
}
func (o *outbox) Mail(string, *smtp.MailOptions) error { o.to = nil; return nil }
func (o *outbox) Rcpt(to string, _ *smtp.RcptOptions) error {
	if o.p.now() == channeltest.Refused || to == o.p.refuse {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "No such user"}
	}
	o.to = append(o.to, to)
	return nil
}
func (o *outbox) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	text, files, err := unpacked(raw)
	if err != nil {
		return err
	}
	o.p.mu.Lock()
	o.p.taken, o.p.rcpt = append(o.p.taken, text), o.to
	o.p.carried[idOf(headerOf(raw).Get("Message-Id"))] = files
	o.p.mu.Unlock()
	if slices.Contains(o.to, o.p.box.address) {
		o.p.deliver(append([]byte("Return-Path: <care@brewell.example>\r\n"), raw...))
	}
	if t := o.p.now(); t == channeltest.FailingLate || t == channeltest.BrokenLate {
		o.p.drop()
		return errCut
	}
	return nil
}

// unpacked reads a mail of ours as another program would.
func unpacked(raw []byte) (text string, files []channeltest.File, err error) {
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return "", nil, err
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		return "", nil, err
	}
	if kind != "multipart/mixed" {
		b, err := io.ReadAll(quotedprintable.NewReader(m.Body))
		return string(b), nil, err
	}
	parts := multipart.NewReader(m.Body, params["boundary"])
	for {
		p, err := parts.NextPart()
		if err == io.EOF {
			return text, files, nil
		}
		if err != nil {
			return "", nil, err
		}
		if p.FileName() == "" {
			b, err := io.ReadAll(p) // quoted-printable is read by itself
			if err != nil {
				return "", nil, err
			}
			text = string(b)
			continue
		}
		b, err := io.ReadAll(base64.NewDecoder(base64.StdEncoding, p))
		if err != nil {
			return "", nil, err
		}
		files = append(files, channeltest.File{Name: p.FileName(), Alt: p.Header.Get("Content-Description"), Bytes: b})
	}
}

func (o *outbox) Reset()        {}
func (o *outbox) Logout() error { return nil }

type literal struct{ *bytes.Reader }

func (l literal) Size() int64 { return l.Reader.Size() }

// deliver puts a mail into the mailbox and returns its external id.
func (p *post) deliver(raw []byte) string {
	if _, err := p.user.Append("INBOX", literal{bytes.NewReader(raw)}, &imap.AppendOptions{Time: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}); err != nil {
		p.t.Fatal(err)
	}
	cut := raw[:min(len(raw), mostOf)]
	id := idOf(headerOf(raw).Get("Message-Id")) + "/" + digest(cut)[:16]
	p.mu.Lock()
	p.mails[id] = raw
	p.mu.Unlock()
	return id
}

// letter is a mail of a customer.
func letter(n int, body string, more ...string) []byte {
	var w strings.Builder
	for _, h := range more {
		w.WriteString(h + "\r\n")
	}
	fmt.Fprintf(&w, "From: Maya Lind <maya@home.example>\r\nTo: care@brewell.example\r\nSubject: My kettle\r\nMessage-ID: <m%d@home.example>\r\nDate: Sun, 01 Mar 2026 12:00:00 +0000\r\n", n)
	w.WriteString("MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n")
	q := quotedprintable.NewWriter(&w)
	_, _ = q.Write([]byte(body))
	_ = q.Close()
	return []byte(w.String())
}

func (p *post) say(text string) string {
	p.mu.Lock()
	p.n++
	n := p.n
	p.mu.Unlock()
	return p.deliver(letter(n, text))
}

// attach is a mail with files.
func (p *post) attach(text string, files ...channeltest.File) string {
	p.mu.Lock()
	p.n++
	n := p.n
	p.mu.Unlock()
	return p.deliver(parcel(n, text, files...))
}

func parcel(n int, text string, files ...channeltest.File) []byte {
	var w strings.Builder
	fmt.Fprintf(&w, "From: Maya Lind <maya@home.example>\r\nTo: care@brewell.example\r\nCc: Noah <noah@home.example>\r\nSubject: My kettle\r\nMessage-ID: <m%d@home.example>\r\nDate: Sun, 01 Mar 2026 12:00:00 +0000\r\n", n)
	w.WriteString("MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=frontier\r\n\r\n--frontier\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + text + "\r\n")
	for _, f := range files {
		fmt.Fprintf(&w, "--frontier\r\nContent-Type: %s; name=%q\r\nContent-Description: %s\r\nContent-Disposition: attachment; filename=%q\r\nContent-Transfer-Encoding: base64\r\n\r\n", f.Type, f.Name, f.Alt, f.Name)
		b := base64.StdEncoding.EncodeToString(f.Bytes)
		for len(b) > 76 {
			w.WriteString(b[:76] + "\r\n")
			b = b[76:]
		}
		w.WriteString(b + "\r\n")
	}
	w.WriteString("--frontier--\r\n")
	return []byte(w.String())
}

// empty takes every mail out of the mailbox, as somebody who tidies up does.
func (p *post) empty() {
	if err := p.user.Rename("INBOX", "Elsewhere", nil); err != nil {
		p.t.Fatal(err)
	}
	if err := p.user.Create("INBOX", nil); err != nil {
		p.t.Fatal(err)
	}
}

func (p *post) report(external string, s channel.ReportState) {
	action, code := "failed", "5.1.1"
	if s == social.ReportDelivered {
		action, code = "delivered", "2.0.0"
	}
	envid, _, _ := strings.Cut(external, "@")
	p.deliver([]byte(fmt.Sprintf("Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example\r\nTo: care@brewell.example\r\nSubject: Delivery report\r\nMessage-ID: <dsn-%s@mx.example>\r\n"+
		"Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"+
		"--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\nOriginal-Envelope-Id: %s\r\n\r\n"+
		"Final-Recipient: rfc822; maya@home.example\r\nAction: %s\r\nStatus: %s\r\nDiagnostic-Code: smtp; 550 5.1.1 <maya@home.example> no such user\r\n\r\n"+
		"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <%s>\r\n\r\n--b--\r\n", s, envid, action, code, external)))
}

func newPost(t testing.TB, more ...string) *post {
	p := &post{t: t, conns: map[net.Conn]bool{}, end: make(chan struct{}), mails: map[string][]byte{}, carried: map[string][]channeltest.File{}}
	p.user = imapmemserver.NewUser("care@brewell.example", "secret")
	if err := p.user.Create("INBOX", nil); err != nil {
		t.Fatal(err)
	}
	mem := imapmemserver.New()
	mem.AddUser(p.user)
	quiet := slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	in := imapserver.New(&imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return &mailbox{mem.NewSession(), p}, nil, nil
		},
		Caps: imap.CapSet{imap.CapIMAP4rev1: {}}, InsecureAuth: true, Logger: quiet,
	})
	out := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &outbox{p: p}, nil }))
	out.AllowInsecureAuth, out.EnableDSN, out.ErrorLog = true, true, quiet
	listen := func() net.Listener {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		return listener{l, p}
	}
	li, lo := listen(), listen()
	go func() { _ = in.Serve(li) }()
	go func() { _ = out.Serve(lo) }()
	t.Cleanup(func() {
		close(p.end)
		p.drop()
		in.Close()
		out.Close()
	})
	set := channel.Settings{"address": "care@brewell.example", "name": "Brewell Care", "imap": li.Addr().String(), "imap_security": "none",
		"smtp": lo.Addr().String(), "smtp_security": "none", "password": "secret", "key": testKey}
	for i := 0; i < len(more); i += 2 {
		set[more[i]] = more[i+1]
	}
	dial := func(ctx context.Context, network, addr string) (net.Conn, error) {
		if p.now() == channeltest.Away {
			return nil, &net.OpError{Op: "dial", Net: network, Err: io.ErrClosedPipe}
		}
		return (&net.Dialer{}).DialContext(ctx, network, addr)
	}
	c, err := Kind().New(set, channel.Env{Dial: dial, Clock: clock.System{}, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	p.box = c.(*box)
	p.box.txt = func(string) ([]string, error) { return nil, errors.New("no such name") }
	return p
}

func TestChannel(t *testing.T) {
	channeltest.Run(t, func(t *testing.T) *channeltest.Rig {
		p := newPost(t)
		return &channeltest.Rig{
			Channel: p.box, Say: p.say, Past: func(text string) { p.say(text) },
			Repeat: func(id string) { p.deliver(p.mails[id]) },
			Drop:   p.drop, Trouble: p.setTrouble, Report: p.report,
			Carried: func(id string) []channeltest.File {
				p.mu.Lock()
				defer p.mu.Unlock()
				return p.carried[id]
			},
			Attach: p.attach, Detach: func(string) { p.empty() },
			Ours: func() []string {
				p.mu.Lock()
				defer p.mu.Unlock()
				return slices.Clone(p.taken)
			},
			States: []channel.ReportState{social.ReportDelivered, social.ReportFailed}, Many: 60,
			Malformed: [][]byte{[]byte("{\"uid\":1}\n"), []byte("{\"uid\":1}\nno head at all"), []byte("{\"uid\":0}\nFrom: a@b.example\n\nhello")},
		}
	})
}
