package email

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-msgauth/dkim"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

func mailbox1(t testing.TB, more ...string) *box {
	set := channel.Settings{"address": "care@brewell.example", "imap": "mail.brewell.example", "smtp": "mail.brewell.example", "password": "x", "key": testKey}
	for i := 0; i < len(more); i += 2 {
		set[more[i]] = more[i+1]
	}
	c, err := Kind().New(set, channel.Env{})
	if err != nil {
		t.Fatal(err)
	}
	return c.(*box)
}

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// taken is a mail as it is kept.
func (b *box) taken(raw []byte, parts ...part) channel.Event {
	e := envelope{UID: 1, Validity: 1, At: noon, Size: int64(len(raw)), Parts: parts}
	e.Proof = b.check(context.Background(), raw, true)
	return b.event(e, raw)
}

func (b *box) heard(t testing.TB, raw []byte, parts ...part) social.Activity {
	t.Helper()
	as, err := b.Read(b.taken(raw, parts...))
	if err != nil || len(as) != 1 {
		t.Fatalf("%d activities, %v", len(as), err)
	}
	return as[0]
}

func TestWhoWroteIsWhoIsProved(t *testing.T) {
	b := mailbox1(t, "trust", "mx.brewell.example")
	maya := social.Author{Scheme: "mailto", Value: "maya@home.example"}
	guest := social.Author{Scheme: "mailto", Value: "maya@home.example", Issuer: unverified}
	stamp := stampOf("01890000-0000-7000-8000-000000000001", noon)
	pass := "Authentication-Results: mx.brewell.example; dmarc=pass header.from=home.example"
	to := func(a string) string { return "Delivered-To: " + a }
	tests := []struct {
		name   string
		head   []string
		issuer string
	}{
		{"the trusted server says that DMARC passes", []string{pass}, ""},
		{"a signature of a subdomain", []string{"Authentication-Results: mx.brewell.example; dkim=pass header.d=mail.home.example"}, ""},
		{"SPF of the same domain", []string{"Authentication-Results: mx.brewell.example; spf=pass smtp.mailfrom=bounce@home.example"}, ""},
		{"nothing", nil, unverified},
		{"another server says so", []string{"Authentication-Results: mx.evil.example; dmarc=pass header.from=home.example"}, unverified},
		{"a signature of somebody else", []string{"Authentication-Results: mx.brewell.example; dkim=pass header.d=evil.example"}, unverified},
		{"the first verdict counts, not what stands below", []string{"Authentication-Results: mx.brewell.example; dmarc=none", pass}, unverified},
		{"DMARC fails though a signature passes", []string{"Authentication-Results: mx.brewell.example; dkim=pass header.d=home.example; dmarc=fail header.from=home.example"}, unverified},
		{"two senders", []string{pass, "From: ceo@brewell.example"}, unverified},
		{"our reply address, made for them", []string{to(b.replyTo(stamp, maya))}, ""},
		{"our reply address, made for them when nothing proved them", []string{to(b.replyTo(stamp, guest))}, unverified},
		{"our reply address, made for another", []string{to(b.replyTo(stamp, social.Author{Scheme: "mailto", Value: "noah@home.example"}))}, unverified},
		{"a forged reply address", []string{to(strings.Replace(b.replyTo(stamp, maya), "+a", "+b", 1))}, unverified},
		{"a reply address of another key", []string{to(mailbox1(t, "key", base64.RawURLEncoding.EncodeToString(bytes.Repeat([]byte{7}, 32))).replyTo(stamp, maya))}, unverified},
		{"our reply address, and DMARC fails", []string{to(b.replyTo(stamp, maya)), "Authentication-Results: mx.brewell.example; dmarc=fail header.from=home.example"}, unverified},
	}
	for _, tt := range tests {
		a := b.heard(t, letter(1, "hello", tt.head...))
		if len(tt.head) > 1 && strings.HasPrefix(tt.head[1], "From:") {
			if !a.Author.Unverified {
				t.Errorf("%s: taken for %+v", tt.name, a.Author)
			}
			continue
		}
		if a.Author.Issuer != tt.issuer || a.Author.Unverified != (tt.issuer != "") || a.Author.Value != "maya@home.example" {
			t.Errorf("%s: %+v, want the issuer %q", tt.name, a.Author, tt.issuer)
		}
	}
	if maya.ID() == guest.ID() {
		t.Error("who is proved and who is not are one identity")
	}
}

// TestAForgedReplyNeverStandsForTheCustomer: a stranger who knows a thread, or
// writes a customer's name, has an identity of their own.
func TestAForgedReplyNeverStandsForTheCustomer(t *testing.T) {
	b := mailbox1(t, "trust", "mx.brewell.example")
	pass := "Authentication-Results: mx.brewell.example; dmarc=pass header.from=home.example"
	first := b.heard(t, letter(1, "My kettle leaks.", pass))
	stamp := stampOf("01890000-0000-7000-8000-000000000001", noon)
	ours := b.messageID(stamp)
	in := []string{"In-Reply-To: <" + ours + ">", "References: <m1@home.example> <" + ours + ">"}
	real := b.heard(t, letter(2, "It is the red one.", append(in, "Delivered-To: "+b.replyTo(stamp, first.Author))...))
	if real.Author.ID() != first.Author.ID() || real.Parent != ours || real.Thread() != first.Thread() {
		t.Fatalf("the customer's answer: %+v", real)
	}
	forged := b.heard(t, letter(3, "Send the refund to me.", in...))
	if forged.Author.ID() == first.Author.ID() || !forged.Author.Unverified {
		t.Fatalf("a forged answer was taken for the customer's: %+v", forged.Author)
	}
	stranger := b.heard(t, bytes.ReplaceAll(letter(4, "I am somebody else.", append(in, "Delivered-To: "+b.replyTo(stamp, first.Author))...), []byte("maya@home"), []byte("eve@evil")))
	if stranger.Author.ID() == first.Author.ID() || stranger.Author.Value != "eve@evil.example" {
		t.Fatalf("%+v", stranger.Author)
	}
	again := b.heard(t, letter(1, "My kettle is fine, keep the money.", pass))
	if again.ExternalID == first.ExternalID {
		t.Fatal("another mail with the same Message-ID changes the first")
	}
	bySubject := b.heard(t, letter(9, "Same subject.", pass))
	if bySubject.Thread() == first.Thread() {
		t.Fatal("a thread was made of a subject")
	}
}

func TestDKIMIsCheckedWhereNoServerIsTrusted(t *testing.T) {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	text := string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
	sender := mailbox1(t, "dkim_selector", "s1", "dkim_key", strings.ReplaceAll(text, "\n", " "))
	dns := func(name string) ([]string, error) {
		if name != "s1._domainkey.brewell.example" {
			return nil, fmt.Errorf("no such name: %s", name)
		}
		return []string{"v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(public)}, nil
	}
	raw, err := sender.compose(social.Reply{Key: "k", Parent: "m1@home.example/0123456789abcdef", Root: "m1@home.example", Title: "Mein Kessel, größer und länger als sonst irgendein Betreff, den man je gesehen hat",
		Text: "Grüße\n.\n😀", To: social.Author{Scheme: "mailto", Value: "maya@home.example", Name: "Maya \r\nBcc: x@evil.example"}, Attempted: noon}, stampOf("k", noon), "maya@home.example")
	if err != nil {
		t.Fatal(err)
	}
	if found, err := dkim.VerifyWithOptions(bytes.NewReader(raw), &dkim.VerifyOptions{LookupTXT: dns}); err != nil || len(found) != 1 || found[0].Err != nil {
		t.Fatalf("%+v, %v", found, err)
	}
	if h := headerOf(raw); h.Get("Bcc") != "" || idOf(h.Get("In-Reply-To")) != "m1@home.example" || !strings.HasPrefix(decoded(h.Get("Subject"), 300), "Re: Mein Kessel, größer") {
		t.Fatalf("the head: %v", h)
	}
	if begun, err := sender.compose(social.Reply{Key: "n", Title: "Alert: Kettles", Text: "Look.", To: social.Author{Scheme: "mailto", Value: "ana@home.example"}, Attempted: noon}, stampOf("n", noon), "ana@home.example"); err != nil || headerOf(begun).Get("Subject") != "Alert: Kettles" || headerOf(begun).Get("In-Reply-To") != "" {
		t.Fatalf("a mail that answers nothing: %s %v", begun, err)
	}
	other := mailbox1(t, "address", "shop@other.example")
	other.txt = dns
	if a := other.heard(t, raw); a.Author.Unverified || a.Author.Value != "care@brewell.example" || !strings.Contains(a.Text, "😀") {
		t.Fatalf("signed: %+v", a)
	}
	for name, changed := range map[string][]byte{
		"another text":         bytes.Replace(raw, []byte("Gr"), []byte("gr"), 1),
		"another sender":       bytes.Replace(raw, []byte("From: "), []byte("From: ceo@bank.example\r\nX-Was: "), 1),
		"a second From":        append([]byte("From: ceo@bank.example\r\n"), raw...),
		"another subject":      bytes.Replace(raw, []byte("Subject: "), []byte("Subject: Urgent "), 1),
		"a subject put before": append([]byte("Subject: Pay now\r\n"), raw...),
	} {
		if a := other.heard(t, changed); !a.Author.Unverified {
			t.Errorf("%s: %+v", name, a.Author)
		}
	}
}

func TestWhatIsNew(t *testing.T) {
	tests := []struct{ name, mail, want string }{
		{"an answer above what is quoted", "It works now.\n\nOn Mon, 2 Mar 2026 at 10:00, Brewell Care <care@brewell.example> wrote:\n> Did it help?\n> Brewell", "It works now."},
		{"over two lines", "Thanks!\n\nOn Mon, 2 Mar 2026 at 10:00, Brewell Care\n<care+abc@brewell.example> wrote:\n\n> Did it help?", "Thanks!"},
		{"in German", "Danke!\n\nAm 02.03.2026 um 10:00 schrieb Brewell Care <care@brewell.example>:\n> Hilft das?", "Danke!"},
		{"Outlook", "See below.\n\nFrom: Brewell Care <care@brewell.example>\nSent: Monday\nTo: Maya\nSubject: Kettle\n\nDid it help?", "See below."},
		{"an original message", "No.\n\n-----Original Message-----\nFrom: x", "No."},
		{"a signature", "It leaks.\n-- \nMaya Lind\nHead of Tea", "It leaks."},
		{"from a telephone", "It leaks.\n\nSent from my iPhone", "It leaks."},
		{"answers between the lines", "> Which one?\nThe red one.\n> Since when?\nMonday.", "> Which one?\nThe red one.\n> Since when?\nMonday."},
		{"only quoted", "> Which one?", "> Which one?"},
		{"nothing quoted", "On Monday I wrote: it leaks.\nIt still does.", "On Monday I wrote: it leaks.\nIt still does."},
		{"from the start of a sentence", "From: my heart\nthank you", "From: my heart\nthank you"},
	}
	b := mailbox1(t)
	for _, tt := range tests {
		if got := b.heard(t, letter(1, tt.mail)).Text; got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
	html := func(body string) []byte {
		return []byte("From: maya@home.example\r\nMessage-ID: <h@x>\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + body)
	}
	for in, want := range map[string]string{
		`<p>It <b>leaks</b>.</p><div class="gmail_quote"><p>Did it help?</p></div>`: "It leaks.",
		`<script>alert(1)</script><p onclick=x>Hi &amp; bye</p><style>p{}</style>`:  "Hi & bye",
		`<blockquote>all quoted</blockquote>`:                                       "all quoted",
	} {
		if got := b.heard(t, html(in)).Text; got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestMachinesWantNoAnswer(t *testing.T) {
	b := mailbox1(t)
	for head, auto := range map[string]bool{
		"Auto-Submitted: auto-replied": true, "Auto-Submitted: auto-generated; x=1": true, "Precedence: bulk": true, "List-Id: <news.example>": true,
		"X-Autoreply: yes": true, "Return-Path: <>": true, "Auto-Submitted: no": false, "Precedence: first-class": false, "X-Nothing: yes": false,
	} {
		if a := b.heard(t, letter(1, "I am away.", head)); a.Directed == auto || a.Author.Bot != auto {
			t.Errorf("%s: directed %v, bot %v", head, a.Directed, a.Author.Bot)
		}
	}
}

func TestBounces(t *testing.T) {
	b := mailbox1(t)
	key := "01890000-0000-7000-8000-000000000001"
	id := b.messageID(stampOf(key, noon))
	foreign := mailbox1(t, "key", base64.RawURLEncoding.EncodeToString(bytes.Repeat([]byte{7}, 32))).messageID(stampOf(key, noon))
	dsn := func(id, status string) []byte {
		return []byte("Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example\r\nSubject: Undelivered\r\nAuto-Submitted: auto-replied\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nSorry\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n" +
			status + "\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: care@brewell.example\r\nMessage-ID: <" + id + ">\r\n\r\nHello\r\n--b--\r\n")
	}
	failed := "Reporting-MTA: dns; mx\r\n\r\nFinal-Recipient: rfc822; maya@home.example\r\nAction: failed\r\nStatus: 5.2.2\r\nDiagnostic-Code: smtp; 552 5.2.2 mailbox full\r\n"
	old := []byte("Return-Path: <>\r\nFrom: postmaster@mx.example\r\nSubject: failure notice\r\n\r\nHi. I could not deliver.\r\n\r\nMessage-ID: <" + id + ">\r\n")
	tests := []struct {
		name  string
		raw   []byte
		state social.ReportState
		text  string
	}{
		{"failed", dsn(id, failed), social.ReportFailed, "mailbox full"},
		{"delayed", dsn(id, strings.Replace(failed, "failed", "delayed", 1)), "", ""},
		{"relayed", dsn(id, strings.Replace(failed, "failed", "relayed", 1)), "", ""},
		{"delivered", dsn(id, strings.Replace(failed, "failed", "delivered", 1)), social.ReportDelivered, ""},
		{"about the copy for ourselves", dsn(id, strings.Replace(failed, "maya@home.example", "care@brewell.example", 1)), "", ""},
		{"about a mail of somebody else", dsn("m1@home.example", failed), "", ""},
		{"about an id that we have not signed", dsn(foreign, failed), "", ""},
		{"of the old kind", old, social.ReportFailed, "failure notice"},
		{"a customer's mail", letter(1, "it came back"), "", ""},
	}
	for _, tt := range tests {
		got, err := b.Reports(b.taken(tt.raw))
		if err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		if tt.state == "" {
			if len(got) != 0 {
				t.Errorf("%s: %+v", tt.name, got)
			}
			continue
		}
		if len(got) != 1 || got[0].State != tt.state || got[0].ExternalID != id || got[0].Key != key || !strings.Contains(got[0].Text, tt.text) {
			t.Errorf("%s: %+v", tt.name, got)
		}
		if as, err := b.Read(b.taken(tt.raw)); err != nil || len(as) != 0 {
			t.Errorf("%s was heard as %+v, %v", tt.name, as, err)
		}
	}
}

func TestHostileMail(t *testing.T) {
	b := mailbox1(t)
	deep := "From: a@b.example\r\n"
	for i := range 3000 {
		deep += fmt.Sprintf("Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n", i, i)
	}
	wide := "From: a@b.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" + strings.Repeat("--b\r\nContent-Type: text/plain\r\n\r\nx\r\n", 15_000)
	tests := map[string]string{
		"nested 3,000 deep":          deep,
		"15,000 parts":               wide,
		"a head of 500 kB":           "From: a@b.example\r\nX-Long: " + strings.Repeat("x", 500<<10) + "\r\n\r\nhello",
		"100,000 fields":             "From: a@b.example\r\n" + strings.Repeat("X: y\r\n", 80_000) + "\r\nhello",
		"a charset that is none":     "From: a@b.example\r\nContent-Type: text/plain; charset=klingon\r\n\r\nhello \xff\xfe",
		"base64 that is none":        "From: a@b.example\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!! hello ====",
		"null bytes":                 "From: a@b.example\r\nSubject: he\x00llo\r\n\r\nhe\x00llo",
		"a name that turns around":   "From: \"gpj.\u202Eexe.example\" <a@b.example>\r\n\r\nhello",
		"a name that is an address":  "From: \"ceo@bank.example\" <a@b.example>\r\n\r\nhello",
		"an encoded word for a name": "From: =?utf-8?q?=E2=80=AEevil?= <a@b.example>\r\n\r\nhello",
		"a boundary of nothing":      "From: a@b.example\r\nContent-Type: multipart/mixed; boundary=\"\"\r\n\r\nhello",
		"lone line ends":             "From: a@b.example\rX: y\n\nhello",
		"a subject of encoded words": "From: a@b.example\r\nSubject: " + strings.Repeat("=?utf-8?q?=41?= ", 20_000) + "\r\n\r\nhello",
		"quotes without end":         "From: a@b.example\r\n\r\n" + strings.Repeat("On a wrote:\n> ", 30_000),
		"many references":            "From: a@b.example\r\nReferences: " + strings.Repeat("<a@b> ", 20_000) + "\r\n\r\nhello",
	}
	for name, raw := range tests {
		cut := []byte(raw)[:min(len(raw), mostOf)]
		began := time.Now()
		as, err := b.Read(b.taken(cut))
		if took := time.Since(began); took > 3*time.Second {
			t.Errorf("%s took %v", name, took)
		}
		if err != nil {
			if !social.Invalid.Is(err) {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		for _, a := range as {
			for _, s := range []string{a.Author.Name, a.Title, a.Text} {
				if strings.ContainsAny(s, "\x00\u202e") && s != a.Text || strings.Contains(a.Text, "\x00") {
					t.Errorf("%s: %.60q", name, s)
				}
			}
			if strings.Contains(a.Author.Name, "bank") || strings.Contains(a.Author.Name, "\u202e") {
				t.Errorf("%s: is called %q", name, a.Author.Name)
			}
		}
	}
}

// Mails that were taken before anybody kept where their parts lie.
func TestAttachmentsAreListedAsWhatTheyAre(t *testing.T) {
	b := mailbox1(t)
	a := b.heard(t, letter(1, "See the picture."), part{Name: "kettle.jpg", Type: "image/jpeg", Size: 123456}, part{Type: "application/pdf", Size: 12},
		part{Name: "invoice\u202efdp.exe", Type: "application/pdf", Size: 2500000})
	want := "See the picture.\n\nAttached: kettle.jpg (image/jpeg, 123 kB)\nAttached: without a name (application/pdf, 12 bytes)\nAttached: invoicefdp.exe (application/pdf, 2.5 MB)"
	if a.Text != want {
		t.Errorf("%q", a.Text)
	}
}

func TestSettings(t *testing.T) {
	good := map[string]string{"address": "care@brewell.example", "imap": "mail.brewell.example:993", "smtp": "mail.brewell.example", "password": "x", "key": testKey}
	for field, value := range map[string]string{"address": "no address", "imap": "https://x/y", "key": "short", "dkim_selector": "s1", "dkim_key": "-----BEGIN X-----"} {
		set := channel.Settings{}
		for k, v := range good {
			set[k] = v
		}
		set[field] = value
		_, err := Kind().New(set, channel.Env{})
		if !social.Invalid.Is(err) {
			t.Errorf("%s %q: %v", field, value, err)
		}
	}
}

// TestNewNumbersLoseNothing: when the server numbers its mails anew, the
// cursor of before is worth nothing, and what was heard keeps its keys.
func TestNewNumbersLoseNothing(t *testing.T) {
	p := newPost(t)
	p.say("one")
	b, err := p.box.Poll(t.Context(), "")
	if err != nil || len(b.Events) != 1 {
		t.Fatalf("%+v, %v", b, err)
	}
	p.say("two")
	again, err := p.box.Poll(t.Context(), "77:900")
	if err != nil || len(again.Events) != 2 || again.Events[0].Key != b.Events[0].Key {
		t.Fatalf("%d events, %v", len(again.Events), err)
	}
}

func TestWhatAMailQuotesIsKeptBesideIt(t *testing.T) {
	b := mailbox1(t)
	for name, c := range map[string]struct{ body, rest string }{
		"a quotation":    {"The red one.\n\nOn Sunday, Brewell Care <care@brewell.example> wrote:\n> Which one is it?", "On Sunday, Brewell Care <care@brewell.example> wrote:\n> Which one is it?"},
		"a signature":    {"The red one.\n\n-- \nMaya Lind\n+49 30 1234", "-- \nMaya Lind\n+49 30 1234"},
		"nothing":        {"The red one.", ""},
		"nothing but it": {"> Which one is it?", ""},
	} {
		out, err := b.Enclosed(b.taken(letter(1, c.body, "Cc: Noah <noah@home.example>, care+code@brewell.example, =?broken, <x")))
		if err != nil || len(out) != 1 || out[0].Rest != c.rest || len(out[0].CC) != 1 || out[0].CC[0] != "noah@home.example" {
			t.Errorf("%s: %+v, %v", name, out, err)
		}
	}
}

func TestHowAMailLooksIsKeptSafe(t *testing.T) {
	b := mailbox1(t)
	raw := []byte("From: maya@home.example\r\nMessage-ID: <h@x>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nIt leaks.\r\n" +
		"--b\r\nContent-Type: text/html; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<p onclick=3Dx style=3D\"color:red;position:fixed\">It <b>le=E4ks</b>.<script>x</script><img src=3D\"cid:lid@x\"></p>\r\n--b--\r\n")
	photo := part{Name: "lid.png", Type: "image/png", Size: 100, Path: []int{2}, CID: cidOf("<Lid@X>")}
	out, err := b.Enclosed(b.taken(raw, photo))
	if err != nil || len(out) != 1 || out[0].HTML != `<p style="color: red">It <b>leäks</b>.<img src="cid:lid@x"></p>` {
		t.Fatalf("%+v, %v", out, err)
	}
	if f := out[0].Files[0]; f.CID() != "lid@x" {
		t.Errorf("the picture is named %q", f.CID())
	}
	if out, err := b.Enclosed(b.taken(letter(2, "It leaks."))); err != nil || len(out) != 0 {
		t.Errorf("plain words: %+v, %v", out, err)
	}
}
