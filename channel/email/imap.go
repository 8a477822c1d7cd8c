package email

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// What is taken of a mailbox.
const (
	mostOf  = 512 << 10 // of one mail; words come first, attachments after
	page    = 50        // mails at once
	recent  = 50        // of what was there before we came
	answers = 30 * time.Second
)

// envelope is how a mail is kept: what the server says of it on the first
// line, then the mail as it came, cut where it is very long.
type envelope struct {
	UID      uint32    `json:"uid"`
	Validity uint32    `json:"validity"`
	At       time.Time `json:"at"`
	Size     int64     `json:"size"`
	Parts    []part    `json:"parts,omitempty"`
	Proof    proof     `json:"proof"`
}

// part is an attachment, as the server lists it.
type part struct {
	Name string `json:"name,omitempty"`
	Type string `json:"type"`
	Size int64  `json:"size"` // as it travels
	Alt  string `json:"alt,omitempty"`

	Path     []int  `json:"path,omitempty"` // where in the mail; mails that were taken before this was kept have none
	Encoding string `json:"encoding,omitempty"`
	CID      string `json:"cid,omitempty"` // by which the mail's HTML names it
}

// session is one connection to the mailbox.
type session struct {
	b      *box
	c      *imapclient.Client
	conn   net.Conn
	news   chan struct{}
	folder *imap.SelectData
	stop   func() bool
}

// connect opens the mailbox; the connection closes with ctx.
func (b *box) connect(ctx context.Context) (*session, error) {
	s := &session{b: b, news: make(chan struct{}, 1)}
	ready, cancel := context.WithTimeout(ctx, answers)
	defer cancel()
	conn, err := b.dial(ready, b.imap)
	if err != nil {
		return nil, trouble(err)
	}
	s.conn = conn
	s.stop = context.AfterFunc(ctx, func() { conn.Close() })
	undo := context.AfterFunc(ready, func() { conn.Close() })
	defer undo()
	options := &imapclient.Options{
		TLSConfig: &tls.Config{ServerName: b.imap.host, MinVersion: tls.VersionTLS12},
		UnilateralDataHandler: &imapclient.UnilateralDataHandler{Mailbox: func(*imapclient.UnilateralDataMailbox) {
			select {
			case s.news <- struct{}{}:
			default:
			}
		}},
	}
	if b.imap.security == "starttls" {
		if s.c, err = imapclient.NewStartTLS(conn, options); err != nil {
			s.close()
			return nil, trouble(err)
		}
	} else {
		s.c = imapclient.New(conn, options)
	}
	if err = s.c.Login(b.user, b.password).Wait(); err == nil {
		s.folder, err = s.c.Select(b.folder, nil).Wait()
	}
	if err != nil {
		s.close()
		return nil, trouble(err)
	}
	return s, nil
}

func (s *session) close() {
	s.stop()
	if s.c != nil {
		_ = s.c.Close()
	}
	_ = s.conn.Close()
}

// dial opens a connection through the safe dialer, with TLS where it begins so.
func (b *box) dial(ctx context.Context, to server) (net.Conn, error) {
	if b.env.Dial == nil {
		return nil, social.Errorf(social.Busy, "Parley has no way out.")
	}
	conn, err := b.env.Dial(ctx, "tcp", to.addr)
	if err != nil || to.security != "tls" {
		return conn, err
	}
	secure := tls.Client(conn, &tls.Config{ServerName: to.host, MinVersion: tls.VersionTLS12})
	if err := secure.HandshakeContext(ctx); err != nil {
		conn.Close()
		return nil, err
	}
	return secure, nil
}

var waits = regexp.MustCompile(`(?i)\b(?:in|after|for|wait) (\d{1,5}) ?(s|sec|seconds?|m|min|minutes?)\b`)

// later turns a server's refusal for now into the wait that it names, a minute
// if it names none.
func later(text string, err error) error {
	wait := time.Minute
	if m := waits.FindStringSubmatch(text); m != nil {
		n, _ := strconv.Atoi(m[1])
		wait = time.Duration(n) * time.Second
		if m[2][0] == 'm' || m[2][0] == 'M' {
			wait *= 60
		}
	}
	return &channel.Later{Err: social.Because(social.Busy, err, "%s asks us to wait.", title), Wait: wait}
}

// trouble sorts what went wrong while listening.
func trouble(err error) error {
	var known *social.Error
	var refused *imap.Error
	var cert *tls.CertificateVerificationError
	switch {
	case errors.As(err, &known):
		return err
	case errors.As(err, &cert):
		return social.Because(social.Forbidden, err, "The certificate of the mail server is not valid for this name, so nothing was sent to it.")
	case errors.As(err, &refused):
		switch refused.Code {
		case imap.ResponseCodeAuthenticationFailed, imap.ResponseCodeAuthorizationFailed, imap.ResponseCodeExpired:
			return social.Because(social.Unauth, err, "The mail server does not accept the user or the password.")
		case imap.ResponseCodeUnavailable, imap.ResponseCodeInUse, imap.ResponseCodeLimit, imap.ResponseCodeServerBug:
			return later(refused.Text, err)
		case imap.ResponseCodeNonExistent:
			return social.Because(social.Invalid, err, "There is no such folder in this mailbox.")
		}
		if l := strings.ToLower(refused.Text); strings.Contains(l, "authentication failed") || strings.Contains(l, "login failed") || strings.Contains(l, "invalid credentials") {
			return social.Because(social.Unauth, err, "The mail server does not accept the user or the password.")
		}
		return later(refused.Text, err)
	}
	return channel.Failed(title, err, false, nil)
}

// place is a cursor: "validity:uid", the last mail that was taken. When the
// server gives its mails new numbers (another validity), all are looked at
// again; their keys are the same.
type place struct{ validity, uid uint32 }

func (p place) String() string { return fmt.Sprintf("%d:%d", p.validity, p.uid) }

func (s *session) place(cursor string) place {
	v, u, _ := strings.Cut(cursor, ":")
	validity, _ := strconv.ParseUint(v, 10, 32)
	uid, _ := strconv.ParseUint(u, 10, 32)
	now := s.folder.UIDValidity
	if cursor != "" && uint32(validity) == now {
		return place{now, uint32(uid)}
	}
	if cursor != "" {
		return place{now, 0}
	}
	return place{now, 0}
}

// after lists the mails behind a place, the oldest first. What was there
// before the channel is heard only so far as it is recent.
func (s *session) after(cursor string) (place, []imap.UID, error) {
	at := s.place(cursor)
	set := imap.UIDSet{imap.UIDRange{Start: imap.UID(at.uid + 1), Stop: 0}}
	found, err := s.c.UIDSearch(&imap.SearchCriteria{UID: []imap.UIDSet{set}}, nil).Wait()
	if err != nil {
		return at, nil, trouble(err)
	}
	uids := slices.DeleteFunc(found.AllUIDs(), func(u imap.UID) bool { return uint32(u) <= at.uid }) // “n:*” holds the last one always
	slices.Sort(uids)
	if old := len(uids) - recent; cursor == "" && old > 0 {
		uids = uids[old:]
	}
	return at, uids, nil
}

// fetch takes some mails.
func (s *session) fetch(ctx context.Context, uids []imap.UID) ([]channel.Event, error) {
	whole := &imap.FetchItemBodySection{Peek: true, Partial: &imap.SectionPartial{Offset: 0, Size: mostOf}}
	cmd := s.c.Fetch(imap.UIDSetNum(uids...), &imap.FetchOptions{UID: true, InternalDate: true, RFC822Size: true,
		BodyStructure: &imap.FetchItemBodyStructure{Extended: true}, BodySection: []*imap.FetchItemBodySection{whole}})
	got, err := cmd.Collect()
	if err != nil {
		return nil, trouble(err)
	}
	slices.SortFunc(got, func(a, b *imapclient.FetchMessageBuffer) int { return int(int64(a.UID) - int64(b.UID)) })
	var out []channel.Event
	for _, m := range got {
		var raw []byte
		for _, section := range m.BodySection {
			raw = section.Bytes
		}
		e := envelope{UID: uint32(m.UID), Validity: s.folder.UIDValidity, At: m.InternalDate.UTC(), Size: m.RFC822Size, Parts: partsOf(m.BodyStructure)}
		e.Proof = s.b.check(ctx, raw, int64(len(raw)) >= m.RFC822Size)
		out = append(out, s.b.event(e, raw))
	}
	return out, nil
}

// event keeps a mail. Its key is its content: the same mail has it wherever it
// lies, and another with the same Message-ID has not.
func (b *box) event(e envelope, raw []byte) channel.Event {
	head, _ := json.Marshal(e)
	return channel.Event{Key: "mail:" + digest(raw), Raw: slices.Concat(head, []byte("\n"), raw), At: e.At,
		Cursor: place{e.Validity, e.UID}.String()}
}

// cidOf is a Content-ID as a link names it.
func cidOf(id string) string { return strings.ToLower(clean(strings.Trim(id, "<> "), 200)) }

// partsOf lists the attachments.
func partsOf(s imap.BodyStructure) []part {
	if s == nil {
		return nil
	}
	var out []part
	n := 0
	s.Walk(func(path []int, p imap.BodyStructure) bool {
		if n++; n > 200 {
			return false
		}
		one, ok := p.(*imap.BodyStructureSinglePart)
		if !ok {
			return true
		}
		name := one.Filename()
		d := one.Disposition()
		shown := strings.EqualFold(one.Type, "image") // in the middle of the words
		if name == "" && !shown && (d == nil || !strings.EqualFold(d.Value, "attachment")) {
			return true
		}
		if len(out) < 20 {
			out = append(out, part{Name: clean(name, 120), Type: strings.ToLower(clean(one.MediaType(), 80)), Size: int64(one.Size),
				Alt: clean(one.Description, 500), Path: slices.Clone(path), Encoding: clean(one.Encoding, 40), CID: cidOf(one.ID)})
		}
		return true
	})
	return out
}

// Poll asks for new mail.
func (b *box) Poll(ctx context.Context, cursor string) (channel.Batch, error) {
	s, err := b.connect(ctx)
	if err != nil {
		return channel.Batch{}, err
	}
	defer s.close()
	limit := context.AfterFunc(ctx, func() { s.conn.Close() })
	defer limit()
	timer := time.AfterFunc(4*answers, func() { s.conn.Close() })
	defer timer.Stop()
	at, uids, err := s.after(cursor)
	if err != nil {
		return channel.Batch{}, err
	}
	out := channel.Batch{Cursor: at.String()}
	if len(uids) > page {
		uids, out.More = uids[:page], true
	}
	if len(uids) == 0 {
		return out, nil
	}
	if out.Events, err = s.fetch(ctx, uids); err != nil {
		return channel.Batch{}, err
	}
	s.file(out.Events)
	out.Cursor = place{at.validity, uint32(uids[len(uids)-1])}.String()
	return out, nil
}

// Stream hears new mail at once, by IDLE; where the server has none, by asking
// every half minute on one connection.
func (b *box) Stream(ctx context.Context, cursor string, take func(channel.Event) error) error {
	s, err := b.connect(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	for {
		_, uids, err := s.after(cursor)
		if err != nil {
			return err
		}
		for part := range slices.Chunk(uids, page) {
			events, err := s.fetch(ctx, part)
			if err != nil {
				return err
			}
			for _, e := range events {
				if err := take(e); err != nil {
					return err
				}
				cursor = e.Cursor
			}
			s.file(events)
		}
		if cursor == "" {
			cursor = place{s.folder.UIDValidity, uint32(s.folder.UIDNext) - 1}.String()
		}
		if err := s.wait(ctx); err != nil {
			return err
		}
	}
}

// idleMost is how long one IDLE lasts: a connection that died without a word
// is found out then.
const idleMost = 5 * time.Minute

// wait returns when there may be new mail.
func (s *session) wait(ctx context.Context) error {
	if !s.c.Caps().Has(imap.CapIdle) {
		t := time.NewTimer(answers)
		defer t.Stop()
		select {
		case <-t.C:
		case <-ctx.Done():
			return ctx.Err()
		case <-s.c.Closed():
			return trouble(io.ErrUnexpectedEOF)
		}
		if err := s.c.Noop().Wait(); err != nil {
			return trouble(err)
		}
		return nil
	}
	select {
	case <-s.news:
		return nil
	default:
	}
	idle, err := s.c.Idle()
	if err != nil {
		return trouble(err)
	}
	t := time.NewTimer(idleMost)
	defer t.Stop()
	select {
	case <-s.news:
	case <-t.C:
	case <-ctx.Done():
		return ctx.Err()
	case <-s.c.Closed():
		return trouble(io.ErrUnexpectedEOF)
	}
	if err := idle.Close(); err != nil {
		return trouble(err)
	}
	limit := time.AfterFunc(answers, func() { s.conn.Close() })
	defer limit.Stop()
	if err := idle.Wait(); err != nil {
		return trouble(err)
	}
	return nil
}

// file moves copies of our own mails to the folder of what was sent. That is
// for people's eyes only, so trouble with it is none of ours.
func (s *session) file(events []channel.Event) {
	var mine imap.UIDSet
	for _, e := range events {
		env, raw, err := open2(e.Raw)
		if err != nil {
			continue
		}
		if _, ok := s.b.ours(idOf(headerOf(raw).Get("Message-Id"))); ok && s.b.fromUs(raw) {
			mine.AddNum(imap.UID(env.UID))
		}
	}
	if len(mine) == 0 {
		return
	}
	store := s.c.Store(mine, &imap.StoreFlags{Op: imap.StoreFlagsAdd, Silent: true, Flags: []imap.Flag{imap.FlagSeen}}, nil)
	if store.Close() != nil {
		return
	}
	if sent := s.sent(); sent != "" && sent != s.b.folder && s.c.Caps().Has(imap.CapMove) {
		_, _ = s.c.Move(mine, sent).Wait()
	}
}

var sentNames = []string{"Sent", "Sent Items", "Sent Messages", "INBOX.Sent", "Gesendet", "Gesendete Objekte"}

// sent is the folder of what was sent, "" when there is none.
func (s *session) sent() string {
	if s.b.sent != "" {
		return s.b.sent
	}
	all, err := s.c.List("", "*", nil).Collect()
	if err != nil {
		return ""
	}
	for _, l := range all {
		if slices.Contains(l.Attrs, imap.MailboxAttrSent) {
			return l.Mailbox
		}
	}
	for _, name := range sentNames {
		if slices.ContainsFunc(all, func(l *imap.ListData) bool { return l.Mailbox == name }) {
			return name
		}
	}
	return ""
}

// Find looks for the copy of a mail of ours, in the mailbox and in the folder
// of what was sent.
func (b *box) Find(ctx context.Context, r social.Reply) (channel.Receipt, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*answers)
	defer cancel()
	s, err := b.connect(ctx)
	if err != nil {
		return channel.Receipt{}, err
	}
	defer s.close()
	id := b.messageID(stampOf(r.Key, r.Attempted))
	folders := []string{b.folder}
	if sent := s.sent(); sent != "" && sent != b.folder {
		folders = append(folders, sent)
	}
	for i, folder := range folders {
		if i > 0 {
			if _, err := s.c.Select(folder, &imap.SelectOptions{ReadOnly: true}).Wait(); err != nil {
				return channel.Receipt{}, trouble(err)
			}
		}
		found, err := s.c.UIDSearch(&imap.SearchCriteria{Header: []imap.SearchCriteriaHeaderField{{Key: "Message-Id", Value: id}}}, nil).Wait()
		if err != nil {
			return channel.Receipt{}, trouble(err)
		}
		if len(found.AllUIDs()) > 0 {
			return channel.Receipt{ExternalID: id, At: b.now()}, nil
		}
	}
	return channel.Receipt{}, social.Errorf(social.NotFound, "No copy of this mail has come back to our mailbox.")
}

// Self is our own address; asking proves the password.
func (b *box) Self(ctx context.Context) (social.Author, error) {
	ctx, cancel := context.WithTimeout(ctx, answers)
	defer cancel()
	s, err := b.connect(ctx)
	if err != nil {
		return social.Author{}, err
	}
	s.close()
	c, err := b.submit(ctx)
	if err != nil {
		return social.Author{}, err
	}
	c.close()
	return b.self(), nil
}

func (b *box) self() social.Author {
	name := b.name
	if name == "" {
		name = b.address
	}
	return social.Author{Scheme: "mailto", Value: b.address, Name: name}
}

// Profile knows no more of an author than the mail does.
func (b *box) Profile(_ context.Context, a social.Author) (social.Author, error) { return a, nil }

func open2(raw []byte) (envelope, []byte, error) {
	head, rest, ok := bytes.Cut(raw, []byte("\n"))
	var e envelope
	if !ok || json.Unmarshal(head, &e) != nil || e.UID == 0 || len(rest) == 0 {
		return e, nil, social.Errorf(social.Invalid, "This is no mail as it was kept.")
	}
	return e, rest, nil
}
