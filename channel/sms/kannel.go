package sms

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

const kannelTitle = "Kannel"

// Kannel is a gateway of one's own as a kind of channel: Kannel's smsbox
// (https://www.kannel.org/download/kannel-userguide-snapshot/userguide.html).
func Kannel() channel.Kind {
	return channel.Kind{
		Name:  "kannel",
		Title: "SMS (Kannel)",
		Site:  "direct",
		About: "Hear and answer text messages through a Kannel gateway of your own.",
		Steps: []channel.Step{
			{Text: "In kannel.conf, give Parley a sendsms-user with concatenation = true and max-messages = 10.", URL: "https://www.kannel.org"},
			{Text: "Enter here where smsbox takes messages, such as http://kannel.internal:13013/sendsms, with that user and your number. Let a key be made."},
			{Text: "Connect, then let Kannel bring messages to this channel's address: an sms-service with keyword = default, catch-all = true, max-messages = 0, omit-empty = true, and get-url = ADDRESS?key=KEY&from=%p&to=%P&text=%b&epoch=%T&id=%I&coding=%c&charset=%C"},
			{Text: "In the smsbox group set http-request-retry = 20 and http-queue-delay = 1: otherwise what comes while Parley is down is lost."},
			{Text: "Send a message to your number: it appears in the inbox."},
		},
		Form: append([]channel.Field{
			{Name: "url", Label: "Address of sendsms", Type: "url", Required: true, Help: "Such as http://kannel.internal:13013/sendsms. An administrator must allow hosts that are not public."},
			{Name: "username", Label: "User", Type: "text", Required: true},
			{Name: "password", Label: "Password", Type: "secret", Required: true},
			{Name: "from", Label: "Your number", Type: "text", Required: true, Help: "With the country's code, such as +491701234567, or a short code."},
			{Name: "key", Label: "Key of the address", Type: "secret", Required: true, Make: "key", Help: "Stands in the address that Kannel calls, and proves that it is yours."},
			{Name: "smsc", Label: "Line", Type: "text", Help: "smsc-id to send by, if you have several."},
		}, stopping("Usual: You get no more messages from us. Write START to get them again.")...),
		New: func(s channel.Settings, e channel.Env) (channel.Channel, error) {
			k := &kannel{base: newBase(s, e), user: s["username"], password: s["password"], key: s["key"], smsc: s["smsc"]}
			u, err := url.Parse(s["url"])
			if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
				return nil, &social.Error{Kind: social.Invalid, Field: "url", Text: "This is no address; it looks like http://kannel.internal:13013/sendsms."}
			}
			k.url = u.String()
			if len(k.key) < 16 || url.QueryEscape(k.key) != k.key {
				return nil, &social.Error{Kind: social.Invalid, Field: "key", Text: "The key has at least 16 letters, digits, - or _: let one be made."}
			}
			if k.from == "" {
				return nil, &social.Error{Kind: social.Invalid, Field: "from", Text: "Your number is needed."}
			}
			return k, nil
		},
	}
}

type kannel struct {
	base
	url, user, password, key, smsc string
}

// Receive takes what smsbox brings: a message, or a report.
func (k *kannel) Receive(r channel.Request) (channel.Answer, error) {
	u, err := url.Parse(r.URL)
	if err != nil {
		return channel.Answer{}, notKannel()
	}
	q, err := url.ParseQuery(u.RawQuery)
	if keys := q["key"]; err != nil || len(keys) != 1 || subtle.ConstantTimeCompare([]byte(keys[0]), []byte(k.key)) != 1 {
		return channel.Answer{}, notKannel()
	}
	if r.Method != http.MethodGet {
		return channel.Answer{}, social.Errorf(social.Invalid, "Kannel calls this address by GET (get-url).")
	}
	answer := channel.Answer{Status: http.StatusOK, Type: "text/plain"} // an empty answer: nothing is sent back
	if d := q.Get("dlr"); d != "" {
		if e, ok := k.report(q, d); ok {
			answer.Events = []channel.Event{e}
		}
		return answer, nil
	}
	e := event{Kind: "in", ID: line(q.Get("id"), 100), From: number(q.Get("from")), To: line(q.Get("to"), 40),
		Text: words(q.Get("text"), q.Get("coding"), q.Get("charset")), At: seconds(q.Get("epoch"), k.clock.Now())}
	if e.From == "" {
		return channel.Answer{}, social.Errorf(social.Invalid, "This message does not say who sent it.")
	}
	if e.ID == "" {
		sum := sha256.Sum256([]byte(e.From + "\x00" + e.Text + "\x00" + q.Get("epoch")))
		e.ID = hex.EncodeToString(sum[:16])
	}
	answer.Events = []channel.Event{e.kept("in:" + e.ID)}
	return answer, nil
}

func notKannel() error {
	return social.Errorf(social.Unauth, "The key in this address is not the one of this channel.")
}

// report reads a delivery report: 1 delivered, 2 undeliverable, 4 buffered,
// 8 taken by the network, 16 refused by the network (user guide, 6.6). 1 often
// comes before 8.
func (k *kannel) report(q url.Values, d string) (channel.Event, bool) {
	e := event{Kind: "report", ID: line(q.Get("ours"), 500), Key: decoded(q.Get("k")), At: seconds(q.Get("epoch"), k.clock.Now())}
	switch d {
	case "1":
		e.State = string(social.ReportDelivered)
	case "2":
		e.State, e.Reason = string(social.ReportFailed), "The network could not deliver it"
	case "16":
		e.State, e.Reason = string(social.ReportFailed), "The network refused it"
	default:
		return channel.Event{}, false
	}
	if e.ID == "" {
		return channel.Event{}, false
	}
	if e.Reason != "" {
		if why := line(strings.TrimPrefix(q.Get("why"), "NACK/"), 200); why != "" {
			e.Reason += ": " + strings.TrimRight(why, ". ")
		}
		e.Reason += "."
	}
	return e.kept("report:" + e.ID + ":" + d), true
}

// words are what was sent, in whatever alphabet.
func words(s, coding, charset string) string {
	if coding == "2" || strings.EqualFold(charset, "UTF-16BE") || strings.EqualFold(charset, "UCS-2") {
		b := []byte(s)
		if len(b)%2 == 1 {
			b = append(b, 0)
		}
		u := make([]uint16, len(b)/2)
		for i := range u {
			u[i] = uint16(b[2*i])<<8 | uint16(b[2*i+1])
		}
		return string(utf16.Decode(u))
	}
	if !utf8.ValidString(s) { // ISO 8859-1, which older gateways speak
		r := make([]rune, len(s))
		for i := range len(s) {
			r[i] = rune(s[i])
		}
		return string(r)
	}
	return s
}

// Send hands a message to smsbox, once.
func (k *kannel) Send(ctx context.Context, r social.Reply) (channel.Receipt, error) {
	to, err := k.check(r)
	if err != nil {
		return channel.Receipt{}, err
	}
	ours := "out:" + coded(r.Key) + ":" + strconv.FormatInt(r.Attempted.Unix(), 36)
	ctx, sent := channel.Watch(ctx)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, k.url, strings.NewReader(r.Text))
	if err != nil {
		return channel.Receipt{}, social.Because(social.Invalid, err, "The address of sendsms is wrong.")
	}
	req.GetBody = nil // a broken connection must not send it twice
	h := req.Header
	h.Set("Content-Type", "text/plain; charset=UTF-8")
	set := func(name, value string) { h["X-Kannel-"+name] = []string{value} }
	set("Username", k.user)
	set("Password", k.password)
	set("From", k.from)
	set("To", to)
	set("Charset", "UTF-8")
	set("Coding", "0")
	if _, ok := septets(r.Text); !ok {
		set("Coding", "2")
	}
	if k.smsc != "" {
		set("SMSC", k.smsc)
	}
	if k.env.Hook != "" {
		set("DLR-Mask", "31")
		set("DLR-Url", k.env.Hook+"?key="+k.key+"&ours="+ours+"&k="+coded(r.Key)+"&dlr=%d&epoch=%T&why=%A")
	}
	resp, err := k.env.HTTP.Do(req)
	if err != nil {
		return channel.Receipt{}, channel.Failed(kannelTitle, err, true, sent)
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(io.LimitReader(resp.Body, 2000))
	said := strings.NewReplacer("<", "", ">", "").Replace(strings.TrimRight(line(string(body), 200), ". "))
	switch {
	case resp.StatusCode == http.StatusAccepted || resp.StatusCode == http.StatusOK:
		return channel.Receipt{ExternalID: ours, At: k.clock.Now().UTC()}, nil
	case (resp.StatusCode == http.StatusForbidden || resp.StatusCode == http.StatusUnauthorized) && strings.Contains(strings.ToLower(said), "authori"):
		return channel.Receipt{}, social.Errorf(social.Unauth, "Kannel does not accept the user or the password.")
	}
	return channel.Receipt{}, channel.Status(kannelTitle, resp, said, true, k.clock.Now())
}
