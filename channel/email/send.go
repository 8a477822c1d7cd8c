package email

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"mime"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"strings"
	"time"

	"github.com/emersion/go-msgauth/dkim"
	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// submission is a connection to the server that sends.
type submission struct {
	*smtp.Client
	conn net.Conn
	stop func() bool
}

func (s *submission) close() {
	s.stop()
	_ = s.Client.Close()
}

// submit opens and proves a connection; it closes with ctx.
func (b *box) submit(ctx context.Context) (*submission, error) {
	conn, err := b.dial(ctx, b.smtp)
	if err != nil {
		return nil, refusal(err)
	}
	s := &submission{conn: conn, stop: context.AfterFunc(ctx, func() { conn.Close() })}
	secure := &tls.Config{ServerName: b.smtp.host, MinVersion: tls.VersionTLS12}
	if b.smtp.security == "starttls" {
		if s.Client, err = smtp.NewClientStartTLS(conn, secure); err != nil {
			s.stop()
			conn.Close()
			return nil, refusal(err)
		}
	} else {
		s.Client = smtp.NewClient(conn)
	}
	s.CommandTimeout, s.SubmissionTimeout = answers, 2*answers
	if err = s.Hello(b.domain); err == nil && b.password != "" {
		if ok, _ := s.Extension("AUTH"); ok {
			err = s.Auth(sasl.NewPlainClient("", b.user, b.password))
		}
	}
	if err != nil {
		s.close()
		return nil, refusal(err)
	}
	return s, nil
}

// refusal sorts what went wrong before anything was handed over: nothing was
// sent then.
func refusal(err error) error {
	var said *smtp.SMTPError
	if !errors.As(err, &said) {
		return trouble(err)
	}
	text := clean(strings.NewReplacer("<", "", ">", "").Replace(strings.ReplaceAll(said.Message, "\n", " ")), 200)
	text = strings.TrimRight(text, ". ") + "."
	switch {
	case said.Code == 535 || said.Code == 534 || said.Code == 530 || said.Code == 538:
		return social.Because(social.Unauth, err, "The mail server does not accept the user or the password.")
	case said.Code < 500:
		return later(said.Message, err)
	case said.EnhancedCode[0] == 5 && said.EnhancedCode[1] == 1:
		return social.Because(social.NotFound, err, "The mail server does not know this address: %s", text)
	case said.EnhancedCode[0] == 5 && said.EnhancedCode[1] == 7:
		return social.Because(social.Forbidden, err, "The mail server does not allow this: %s", text)
	}
	return social.Because(social.Invalid, err, "The mail server refuses this (%d): %s", said.Code, text)
}

// Send answers a mail. It goes to the customer and, in the same transaction,
// to our own mailbox: both or neither.
func (b *box) Send(ctx context.Context, r social.Reply) (channel.Receipt, error) {
	if r.Visibility != social.Direct {
		return channel.Receipt{}, social.Errorf(social.Invalid, "A mail goes to one person; it cannot be public.")
	}
	if !b.Fit(r.Text).Fits {
		return channel.Receipt{}, social.Errorf(social.Invalid, "A mail has between one and %d characters.", most)
	}
	if err := channel.Bear(b.Carries(r.Visibility), r.Media); err != nil {
		return channel.Receipt{}, err
	}
	to, _, ok := addressOf(r.To.Value)
	if !ok || r.To.Scheme != "mailto" || !ascii(to) {
		return channel.Receipt{}, social.Errorf(social.Invalid, "This is no address that mail can be sent to.")
	}
	copies, err := b.copied(r, to)
	if err != nil {
		return channel.Receipt{}, err
	}
	stamp := stampOf(r.Key, r.Attempted)
	raw, err := b.compose(r, stamp, to, copies...)
	if err != nil {
		return channel.Receipt{}, err
	}
	s, err := b.submit(ctx)
	if err != nil {
		return channel.Receipt{}, err
	}
	defer s.close()
	if err := b.envelope(s, stamp, to, copies); err != nil {
		return channel.Receipt{}, err
	}
	w, err := s.Data()
	if err != nil {
		return channel.Receipt{}, refusal(err)
	}
	if _, err = w.Write(raw); err != nil {
		return channel.Receipt{}, trouble(err) // without its end nothing is taken
	}
	if err := w.Close(); err != nil {
		var said *smtp.SMTPError
		if errors.As(err, &said) {
			return channel.Receipt{}, refusal(err)
		}
		return channel.Receipt{}, social.Because(social.Unknown, err, "The mail server did not say whether it took the mail.")
	}
	_ = s.Quit()
	return channel.Receipt{ExternalID: b.messageID(stamp), At: b.now()}, nil
}

// envelope says from whom and to whom, and asks for reports where the server
// can give them (RFC 3461).
func (b *box) envelope(s *submission, stamp []byte, to string, copies []string) error {
	from, rcpt, copied, own := &smtp.MailOptions{}, &smtp.RcptOptions{}, &smtp.RcptOptions{}, &smtp.RcptOptions{}
	if ok, _ := s.Extension("DSN"); ok {
		from.Return = smtp.DSNReturnHeaders
		from.EnvelopeID, _, _ = strings.Cut(b.messageID(stamp), "@")
		rcpt.Notify = []smtp.DSNNotify{smtp.DSNNotifyFailure}
		if b.receipts {
			rcpt.Notify = append(rcpt.Notify, smtp.DSNNotifySuccess)
		}
		copied.Notify = []smtp.DSNNotify{smtp.DSNNotifyFailure}
		own.Notify = []smtp.DSNNotify{smtp.DSNNotifyNever}
	}
	if err := s.Mail(b.address, from); err != nil {
		return refusal(err)
	}
	if err := s.Rcpt(to, rcpt); err != nil {
		return refusal(err)
	}
	for _, a := range copies {
		if err := s.Rcpt(a, copied); err != nil {
			if err = refusal(err); social.Busy.Is(err) || social.Unauth.Is(err) {
				return err
			}
			return social.Because(social.KindOf(err), err, "Nobody got it, since it cannot go to %s. %s Write it again without that address.", a, err)
		}
	}
	if to == b.address {
		return nil
	}
	if err := s.Rcpt(b.address, own); err != nil {
		return refusal(err)
	}
	return nil
}

// compose writes the mail. The same reply and attempt give the same mail.
func (b *box) compose(r social.Reply, stamp []byte, to string, copies ...string) ([]byte, error) {
	var w bytes.Buffer
	field := func(name, value string) {
		if value != "" {
			w.WriteString(name + ": " + value + "\r\n")
		}
	}
	name := clean(r.To.Name, 100)
	if strings.EqualFold(name, to) {
		name = ""
	}
	field("From", (&mail.Address{Name: b.name, Address: b.address}).String())
	field("To", (&mail.Address{Name: name, Address: to}).String())
	field("Cc", strings.Join(copies, ",\r\n "))
	subject := b.Title(r.Title)
	if title := clean(r.Title, 300); r.Parent == "" && title != "" { // it begins a thread
		subject = title
	}
	field("Subject", strings.ReplaceAll(mime.QEncoding.Encode("utf-8", subject), "?= =?", "?=\r\n =?"))
	at := r.Attempted
	if at.IsZero() {
		at = b.now()
	}
	field("Date", at.UTC().Format(time.RFC1123Z))
	field("Message-ID", "<"+b.messageID(stamp)+">")
	parent := r.Parent
	if i := strings.LastIndexByte(parent, '/'); i > 0 && len(parent)-i == 17 {
		parent = parent[:i]
	}
	if id := idOf("<" + parent + ">"); id != "" && ascii(id) {
		field("In-Reply-To", "<"+id+">")
		refs := "<" + id + ">"
		if root := idOf("<" + r.Root + ">"); root != "" && root != id && ascii(root) {
			refs = "<" + root + ">\r\n " + refs
		}
		field("References", refs)
	}
	if ascii(r.Parent) && len(r.Parent) < 700 && !strings.ContainsAny(r.Parent, "\r\n") {
		field("X-Parley-Answers", r.Parent)
	}
	reply := b.replyTo(stamp, r.To)
	if len(copies) > 0 {
		reply = b.replyToAll(stamp) // theirs alone would be known to others
	}
	if reply != b.address {
		field("Reply-To", (&mail.Address{Name: b.name, Address: reply}).String())
	}
	field("MIME-Version", "1.0")
	boundary := ""
	if len(r.Media) > 0 {
		boundary = "parley-" + hex.EncodeToString(stamp)
		field("Content-Type", `multipart/mixed; boundary="`+boundary+`"`)
		w.WriteString("\r\n--" + boundary + "\r\n")
	}
	field("Content-Type", "text/plain; charset=utf-8")
	field("Content-Transfer-Encoding", "quoted-printable")
	if r.Lang != "" && r.Lang != "und" && ascii(r.Lang) && len(r.Lang) < 36 {
		field("Content-Language", r.Lang)
	}
	w.WriteString("\r\n")
	q := quotedprintable.NewWriter(&w)
	_, _ = q.Write([]byte(strings.ReplaceAll(strings.ReplaceAll(r.Text, "\r\n", "\n"), "\n", "\r\n")))
	_ = q.Close() // a buffer takes all
	w.WriteString("\r\n")
	if err := enclose(&w, boundary, r.Media); err != nil {
		return nil, err
	}
	if b.signer == nil {
		return w.Bytes(), nil
	}
	var signed bytes.Buffer
	err := dkim.Sign(&signed, &w, &dkim.SignOptions{
		Domain: b.domain, Selector: b.selector, Signer: b.signer,
		HeaderCanonicalization: dkim.CanonicalizationRelaxed, BodyCanonicalization: dkim.CanonicalizationRelaxed,
		HeaderKeys: []string{"From", "From", "To", "Cc", "Subject", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Reply-To", "MIME-Version", "Content-Type", "Content-Transfer-Encoding"},
	})
	if err != nil {
		return nil, social.Because(social.Invalid, err, "The mail could not be signed with this DKIM key.")
	}
	return signed.Bytes(), nil
}
