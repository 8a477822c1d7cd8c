package email

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

func copiesOf(addresses ...string) (out []social.Author) {
	for _, a := range addresses {
		out = append(out, social.Author{Scheme: "mailto", Value: a})
	}
	return out
}

// TestAMailGoesToEachOnce: to the customer, to each of the others and to
// ourselves, in one transaction; the head names all of them but us.
func TestAMailGoesToEachOnce(t *testing.T) {
	p := newPost(t)
	r := social.Reply{Key: "01890000-0000-7000-8000-000000000001", Parent: "m1@home.example/0123456789abcdef", Title: "My kettle", Text: "Which one?", Visibility: social.Direct, Attempted: noon,
		To: social.Author{Scheme: "mailto", Value: "maya@home.example", Name: "Maya Lind"}, Copies: copiesOf("noah@home.example", "NOAH@home.example", "maya@home.example", "care+code@brewell.example", "ana@home.example")}
	sent, err := p.box.Send(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"maya@home.example", "noah@home.example", "ana@home.example", "care@brewell.example"}
	if !slices.Equal(p.rcpt, want) {
		t.Fatalf("it went to %q, want %q", p.rcpt, want)
	}
	var raw []byte
	for _, m := range p.mails {
		raw = m
	}
	h := headerOf(raw)
	if h.Get("Cc") != "noah@home.example, ana@home.example" || h.Get("Bcc") != "" || !strings.Contains(h.Get("To"), "maya@home.example") {
		t.Errorf("the head: %v", h)
	}
	// Everybody who got it knows its reply address, so that address proves nobody.
	reply, _, _ := addressOf(h.Get("Reply-To"))
	in := []string{"Delivered-To: " + reply}
	if a := p.box.heard(t, letter(2, "The red one.", in...)); !a.Author.Unverified || a.Parent != sent.ExternalID {
		t.Errorf("an answer in the customer's name: %+v", a)
	}
	noah := p.box.heard(t, bytes.ReplaceAll(letter(3, "Mine leaks too.", in...), []byte("Maya Lind <maya@home"), []byte("Noah Lind <noah@home")))
	if noah.Parent != sent.ExternalID || noah.Author.Name != "Noah Lind" || !noah.Author.Unverified {
		t.Errorf("an answer of another: %+v", noah)
	}
}

func TestWhoCannotGetACopy(t *testing.T) {
	p := newPost(t)
	for address, kind := range map[string]social.Kind{
		"no address": social.Invalid, "": social.Invalid, "noah@home.example\r\nBcc: eve@evil.example": social.Invalid, "noah@home.example, eve@evil.example": social.Invalid,
		"<noah@home.example>;eve@evil.example": social.Invalid, "noäh@home.example": social.Invalid, "care@brewell.example": social.Conflict, "Care+code@Brewell.example": social.Conflict,
	} {
		if who, err := p.box.Copy(address); !kind.Is(err) {
			t.Errorf("%q: %v, %v", address, who, err)
		}
	}
	if who, err := p.box.Copy("Noah <Noah@Home.example>"); err != nil || who[0].Value != "noah@home.example" || who[0].Unverified || !who[1].Unverified {
		t.Errorf("%v, %v", who, err)
	}
	reply := social.Reply{Key: "k", Text: "Hello", Visibility: social.Direct, Attempted: noon, To: social.Author{Scheme: "mailto", Value: "maya@home.example"}}
	// An address that the server does not know keeps the mail from everybody.
	p.refuse = "gone@home.example"
	reply.Copies = copiesOf("gone@home.example")
	if _, err := p.box.Send(t.Context(), reply); !social.NotFound.Is(err) || !strings.Contains(err.Error(), "gone@home.example") || len(p.taken) != 0 {
		t.Errorf("%v, and %d were taken", err, len(p.taken))
	}
	for i := range mostCopies + 1 {
		reply.Copies = append(reply.Copies, social.Author{Scheme: "mailto", Value: string(rune('a'+i)) + "@home.example"})
	}
	if _, err := p.box.Send(t.Context(), reply); !social.Invalid.Is(err) {
		t.Errorf("more than %d: %v", mostCopies, err)
	}
}

// TestABounceSaysOfWhom: that a copy came back says nothing of the customer.
func TestABounceSaysOfWhom(t *testing.T) {
	b := mailbox1(t)
	id := b.messageID(stampOf("01890000-0000-7000-8000-000000000001", noon))
	block := func(final, original, action string) string {
		s := "\r\nFinal-Recipient: rfc822; " + final + "\r\nAction: " + action + "\r\nStatus: 5.1.1\r\n"
		if original != "" {
			s = "\r\nOriginal-Recipient: rfc822;" + original + s
		}
		return s
	}
	raw := []byte("Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example\r\nSubject: Undelivered\r\nAuto-Submitted: auto-replied\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n" +
		"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n" + block("maya@home.example", "", "delivered") + block("n.lind@elsewhere.example", "Noah@home.example", "failed") + block("care@brewell.example", "", "failed") +
		"\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <" + id + ">\r\n\r\n--b--\r\n")
	got, err := b.Reports(b.taken(raw))
	if err != nil || len(got) != 2 || got[0].To != "maya@home.example" || got[0].State != social.ReportDelivered || got[1].To != "noah@home.example" || got[1].State != social.ReportFailed {
		t.Fatalf("%+v, %v", got, err)
	}
}

var _ channel.Copier = (*box)(nil)
