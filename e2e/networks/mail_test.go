//go:build networks

package networks_test

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/channel/channeltest"
	"github.com/parley-crm/parley/e2e/browser"
	"github.com/parley-crm/parley/e2e/house"
	"github.com/parley-crm/parley/e2e/networks"
)

type said struct {
	ID, Kind, Text string
	Author         struct {
		Name       string
		Unverified bool
	}
	Delivery *struct {
		State, Text string
		CC          []struct{ Address, Problem string }
	}
}

func talkOf(c *house.Client, id string) []said {
	var page struct{ Items []said }
	c.Must(http.MethodGet, "/api/conversations/"+id+"/messages?limit=100", nil, &page)
	return page.Items
}

// oursIn waits until our newest words in a conversation have come to a stage.
func oursIn(t *testing.T, c *house.Client, id string, stages ...string) said {
	t.Helper()
	var out said
	networks.Until(t, 90*time.Second, "our words are "+strings.Join(stages, " or "), func() bool {
		for _, m := range talkOf(c, id) {
			if m.Kind == "ours" && m.Delivery != nil {
				out = m
				for _, s := range stages {
					if m.Delivery.State == s {
						return true
					}
				}
				return false
			}
		}
		return false
	})
	return out
}

func directly(c *house.Client, id, key, text string) {
	c.Must(http.MethodPost, "/api/conversations/"+id+"/replies", map[string]any{"key": key, "text": text, "visibility": "direct"}, nil)
}

// with are the mails of a box that hold some words.
func with(mails []string, words string) (out []string) {
	for _, m := range mails {
		if strings.Contains(m, words) {
			out = append(out, m)
		}
	}
	return out
}

var replyTo = regexp.MustCompile(`(?m)^Reply-To: .*<(.+)>$`)

// TestMailStory goes round through Postfix and Dovecot: a customer writes, we
// answer through a crash after the server took the mail, they answer that, a
// forged answer and a stranger's stay outside, and what cannot be delivered
// comes back.
func TestMailStory(t *testing.T) {
	once(t, "Postfix and Dovecot")
	mail := networks.StartMail(t)
	gate := networks.NewGate(t, mail.SMTP)
	h, c := sitesHouse(t)
	join(t, c, "email", map[string]string{"address": networks.MailBrand, "name": "Brewell Care", "imap": mail.IMAP, "imap_security": "none",
		"smtp": gate.Addr, "smtp_security": "none", "password": mail.Password, "key": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY", "trust": "mx.brewell.test"})
	began := time.Now()
	// The verdict is what a filter at the server would write: Postfix alone writes none.
	mail.Send(networks.MailCustomer, networks.MailBrand, "Authentication-Results: mx.brewell.test; dmarc=pass header.from=home.test", "From: Maya Lind <maya@home.test>", "To: care@brewell.test", "Subject: My kettle", "Message-ID: <one@home.test>",
		"Content-Type: text/plain; charset=utf-8", "", "My kettle leaks & nobody answers 😠", "", "-- ", "Maya")
	talk := arrives(t, c, "My kettle leaks & nobody answers 😠")
	t.Logf("in the inbox by IDLE after %v", time.Since(began).Round(10*time.Millisecond))
	if m := talkOf(c, talk.ID)[0]; strings.Contains(m.Text, "--") || m.Author.Unverified {
		t.Errorf("their words: %+v", m)
	}

	// Killed after the server has taken the mail and before we learn of it.
	gate.Armed <- true
	directly(c, talk.ID, "k1", "We're sorry, Maya.\n.\nWhich one is it?")
	<-gate.Kept
	h.Kill()
	h.Run()
	oursIn(t, c, talk.ID, "confirmed", "delivered")
	var got []string
	networks.Until(t, time.Minute, "the customer has our answer", func() bool {
		got = with(mail.Box(networks.MailCustomer), "Which one is it?")
		return len(got) > 0
	})
	if len(got) != 1 || !strings.Contains(got[0], "\nSubject: Re: My kettle\n") || !strings.Contains(got[0], "\nIn-Reply-To: <one@home.test>\n") {
		t.Fatalf("the customer has %d answers: %q", len(got), got)
	}

	// They answer to the signed address.
	address := replyTo.FindStringSubmatch(got[0])
	ours := regexp.MustCompile(`(?m)^Message-ID: <(.+)>$`).FindStringSubmatch(got[0])
	if address == nil || ours == nil {
		t.Fatalf("no reply address in %s", got[0])
	}
	mail.Send(networks.MailCustomer, address[1], "From: maya@home.test", "Subject: whatever", "Message-ID: <two@home.test>", "In-Reply-To: <"+ours[1]+">", "References: <one@home.test> <"+ours[1]+">",
		"", "The red one.", "", "On Sunday, Brewell Care <care@brewell.test> wrote:", "> Which one is it?")
	if joined := arrives(t, c, "The red one."); joined.ID != talk.ID || strings.Contains(joined.Preview, "Which one") {
		t.Errorf("their answer is in %s (%q), not in %s", joined.ID, joined.Preview, talk.ID)
	}

	// They send a photo and a letter; both are here, byte by byte.
	mail.Send(networks.MailCustomer, address[1], "From: maya@home.test", "Subject: whatever", "Message-ID: <photo@home.test>", "References: <one@home.test> <"+ours[1]+">",
		"MIME-Version: 1.0", "Content-Type: multipart/mixed; boundary=frontier", "", "--frontier", "Content-Type: text/plain; charset=utf-8", "", "This is how it looks.", "",
		"On Sunday, Brewell Care <care@brewell.test> wrote:", "> Which one is it?", "--frontier", "Content-Type: image/png", `Content-Disposition: attachment; filename="kettle.png"`,
		"Content-Transfer-Encoding: base64", "", base64.StdEncoding.EncodeToString(channeltest.Picture), "--frontier",
		"Content-Type: application/pdf", `Content-Disposition: attachment; filename="=?utf-8?q?Br=C3=BCcke.pdf?="`, "Content-Transfer-Encoding: quoted-printable", "", "%PDF-1.4=0D=0A=FF", "--frontier--")
	if joined := arrives(t, c, "This is how it looks."); joined.ID != talk.ID {
		t.Errorf("their photo is in %s, not in %s", joined.ID, talk.ID)
	}
	files := came(t, c, talk.ID, 2)
	if files["kettle.png"] != string(channeltest.Picture) || files["Brücke.pdf"] != "%PDF-1.4\r\n\xff" {
		t.Errorf("what they sent came as %q", files)
	}

	// Ours goes out with a picture, which their program reads.
	c.Must(http.MethodPost, "/api/conversations/"+talk.ID+"/replies", map[string]any{"key": "kfile", "text": "It fits like this.", "visibility": "direct",
		"files": []any{map[string]any{"file": c.File("Deckel über Kessel.png", channeltest.Picture), "alt": "The lid"}}}, nil)
	oursIn(t, c, talk.ID, "confirmed", "delivered")
	networks.Until(t, time.Minute, "the customer has our picture", func() bool {
		got = with(mail.Box(networks.MailCustomer), "It fits like this.")
		return len(got) > 0
	})
	if len(got) != 1 || !strings.Contains(strings.ReplaceAll(got[0], "\n", ""), base64.StdEncoding.EncodeToString(channeltest.Picture)) || !strings.Contains(got[0], "filename*=utf-8''Deckel%20%C3%BCber%20Kessel.png") {
		t.Errorf("the customer has %q", got)
	}

	// A stranger who has the address, one who forges it, and one who only knows the thread.
	thread := []string{"Subject: Re: My kettle", "In-Reply-To: <" + ours[1] + ">", "References: <one@home.test> <" + ours[1] + ">"}
	mail.Send(networks.MailStranger, address[1], append(thread, "From: eve@evil.test", "Message-ID: <e1@evil.test>", "", "Refund it to me.")...)
	forged := strings.Replace(address[1], address[1][len(address[1])-20:len(address[1])-14], "aaaaaa", 1)
	mail.Send(networks.MailStranger, forged, append(thread, "From: Maya Lind <maya@home.test>", "Message-ID: <e2@evil.test>", "", "I forged it.")...)
	for _, words := range []string{"Refund it to me.", "I forged it."} {
		if other := arrives(t, c, words); other.ID == talk.ID {
			t.Errorf("%q stands in the customer's conversation", words)
		} else if m := talkOf(c, other.ID)[0]; !m.Author.Unverified {
			t.Errorf("%q is taken for %+v", words, m.Author)
		}
	}

	// Noah got her next mail too. An answer to all reaches both, once each; his answer to it stands in the same
	// conversation with his name, the next answer still goes to Maya, and a copy that comes back takes nothing from her.
	pass := "Authentication-Results: mx.brewell.test; dmarc=pass header.from=home.test"
	mail.Send(networks.MailCustomer, networks.MailBrand, pass, "From: Maya Lind <maya@home.test>", "To: Brewell Care <care@brewell.test>", `Cc: "Lind, Noah" <noah@home.test>`, "Subject: Our kettles", "Message-ID: <both@home.test>",
		"", "Mine and Noah's both leak.")
	both := arrives(t, c, "Mine and Noah's both leak.")
	var recipients struct{ Others []string }
	c.Must(http.MethodGet, "/api/conversations/"+both.ID+"/recipients", nil, &recipients)
	if len(recipients.Others) != 1 || recipients.Others[0] != networks.MailFriend {
		t.Fatalf("an answer can go to %q", recipients.Others)
	}
	c.Must(http.MethodPost, "/api/conversations/"+both.ID+"/replies", map[string]any{"key": "kall", "text": "Which two are they?", "visibility": "direct", "cc": []string{networks.MailFriend, networks.MailNobody}}, nil)
	networks.Until(t, time.Minute, "both have it", func() bool {
		return len(with(mail.Box(networks.MailCustomer), "Which two are they?")) > 0 && len(with(mail.Box(networks.MailFriend), "Which two are they?")) > 0
	})
	hers, his := with(mail.Box(networks.MailCustomer), "Which two are they?"), with(mail.Box(networks.MailFriend), "Which two are they?")
	if len(hers) != 1 || len(his) != 1 || !strings.Contains(his[0], "\nCc: noah@home.test,\n gone@home.test\n") || strings.Contains(hers[0], "Bcc") {
		t.Fatalf("she has it %d times, he %d times: %q", len(hers), len(his), his)
	}
	all, id := replyTo.FindStringSubmatch(his[0]), regexp.MustCompile(`(?m)^Message-ID: <(.+)>$`).FindStringSubmatch(his[0])
	if all == nil || id == nil {
		t.Fatalf("no reply address in %s", his[0])
	}
	mail.Send(networks.MailFriend, all[1], pass, "From: Noah Lind <noah@home.test>", "To: "+all[1], "Cc: maya@home.test", "Message-ID: <n1@home.test>", "In-Reply-To: <"+id[1]+">", "References: <both@home.test> <"+id[1]+">", "", "The red and the blue one.")
	if joined := arrives(t, c, "The red and the blue one."); joined.ID != both.ID {
		t.Errorf("Noah's answer is in %s, not in %s", joined.ID, both.ID)
	} else if m := talkOf(c, both.ID)[0]; m.Author.Name != "Noah Lind" || m.Author.Unverified {
		t.Errorf("Noah's answer is by %+v", m.Author)
	}
	mail.Send(networks.MailStranger, all[1], "From: Noah Lind <noah@home.test>", "Message-ID: <n2@evil.test>", "In-Reply-To: <"+id[1]+">", "References: <both@home.test> <"+id[1]+">", "", "Send Noah's money here.")
	if other := arrives(t, c, "Send Noah's money here."); other.ID == both.ID {
		t.Error("who forges a copied address stands in the conversation")
	}
	networks.Until(t, 90*time.Second, "the copy that nobody has came back, and hers is with her", func() bool {
		for _, m := range talkOf(c, both.ID) {
			if m.Delivery != nil && len(m.Delivery.CC) == 2 {
				return m.Delivery.State == "delivered" && m.Delivery.CC[0].Problem == "" && strings.Contains(m.Delivery.CC[1].Problem, networks.MailNobody)
			}
		}
		return false
	})

	// The next answer is delivered, the servers say; and stands in Sent.
	directly(c, talk.ID, "k2", "A new one is on its way.")
	if last := oursIn(t, c, talk.ID, "delivered"); last.Text != "A new one is on its way." {
		t.Errorf("delivered: %+v", last)
	}
	networks.Until(t, time.Minute, "our copies lie in Sent", func() bool { return len(mail.Sent(networks.MailBrand)) == 4 })
	if n := len(with(mail.Box(networks.MailCustomer), "A new one is on its way.")); n != 1 {
		t.Errorf("the customer has it %d times", n)
	}

	// What cannot be delivered comes back, and it is our turn again.
	mail.Send(networks.MailStranger, networks.MailBrand, "From: gone@home.test", "Subject: I am leaving", "Message-ID: <g1@home.test>", "", "Write to me before I am gone.")
	gone := arrives(t, c, "Write to me before I am gone.")
	directly(c, gone.ID, "k3", "Here we are.")
	back := oursIn(t, c, gone.ID, "failed")
	if !strings.Contains(back.Delivery.Text, "gone@home.test") {
		t.Errorf("it came back because: %q", back.Delivery.Text)
	}
	// What a colleague sees of it: where an answer goes, how far it came, and who is not proved to be who they say.
	b := browser.Open(t)
	b.Forgive(browser.Outage)
	ada := b.Page("ada")
	h.SignIn(ada, "ada@brewell.example")
	for _, width := range []int{1440, 390} {
		ada.Resize(width, 900)
		ada.Open(h.URL + "/engage?view=all&c=" + talk.ID)
		ada.SeeIn("log", "Messages", "delivered")
		ada.See("To maya@home.test")
		ada.See("Re: whatever")
		ada.Click("button", "Show the rest")
		ada.SeeIn("log", "Messages", "/^--\\s+Maya$/") // the signature of their first mail
		if dir := os.Getenv("PARLEY_SHOTS"); dir != "" {
			ada.Shot(filepath.Join(dir, fmt.Sprintf("quoted-%d.png", width)))
		}
		ada.Accessible()
		ada.Open(h.URL + "/engage?view=all&c=" + both.ID)
		ada.SeeIn("log", "Messages", "Noah Lind")
		ada.SeeIn("log", "Messages", "/Cc gone@home.test did not get it/")
		ada.SeeRole("button", "Leave out noah@home.test")
		if dir := os.Getenv("PARLEY_SHOTS"); dir != "" {
			ada.Shot(filepath.Join(dir, fmt.Sprintf("copies-%d.png", width)))
		}
		ada.Accessible()
		ada.Open(h.URL + "/engage?view=all&c=" + gone.ID)
		ada.SeeIn("log", "Messages", "/It came back from gone@home.test/")
		ada.SeeIn("log", "Messages", "unverified sender")
		ada.SeeRole("button", "Send it again")
		ada.Accessible()
	}
	for _, r := range rows(c) {
		if strings.Contains(r.Preview, "Delivery") || r.ID == gone.ID && r.Delivery != "failed" {
			t.Errorf("in the inbox: %+v", r)
		}
	}
}

// came waits until files of a conversation are here, and returns their bytes
// by their names.
func came(t *testing.T, c *house.Client, id string, n int) map[string]string {
	t.Helper()
	var out map[string]string
	networks.Until(t, time.Minute, "the files are here", func() bool {
		var page struct {
			Items []struct {
				Files []struct {
					State, Reason string
					File          *struct{ Name, URL string }
				}
			}
		}
		c.Must(http.MethodGet, "/api/conversations/"+id+"/messages", nil, &page)
		out = map[string]string{}
		for _, m := range page.Items {
			for _, f := range m.Files {
				if f.File == nil {
					if f.State == "refused" {
						t.Fatalf("a file is refused: %s", f.Reason)
					}
					continue
				}
				_, text := c.Do(http.MethodGet, f.File.URL, nil, nil)
				out[f.File.Name] = text
			}
		}
		return len(out) >= n
	})
	return out
}

// arrives waits for words in the inbox without asking for them.
func arrives(t *testing.T, c *house.Client, words string) row {
	t.Helper()
	var found row
	networks.Until(t, time.Minute, words+" in the inbox", func() bool {
		for _, r := range rows(c) {
			if strings.Contains(r.Preview, words) {
				found = r
				return true
			}
		}
		return false
	})
	return found
}
