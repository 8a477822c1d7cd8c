package sms

import (
	"context"
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // the signature that this API has
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

const twilioTitle = "Twilio"

// Twilio is an HTTP API of the shape of Twilio's Messaging API
// (https://www.twilio.com/docs/messaging/api/message-resource).
func Twilio() channel.Kind {
	return channel.Kind{
		Name:  "twilio",
		Title: "SMS (Twilio)",
		Site:  "direct",
		About: "Hear and answer text messages through Twilio, or another service with the same API.",
		Steps: []channel.Step{
			{Text: "Copy the Account SID and the Auth Token from the first page of the console.", URL: "https://console.twilio.com"},
			{Text: "Enter them here with your number, or the SID of a messaging service, and connect."},
			{Text: "Copy this channel's address into the number's “A message comes in” field, as a webhook by HTTP POST. Parley must be reached from outside for that."},
			{Text: "Send a message to your number: it appears in the inbox."},
		},
		Form: append([]channel.Field{
			{Name: "account", Label: "Account SID", Type: "text", Required: true, Help: "Begins with AC."},
			{Name: "token", Label: "Auth token", Type: "secret", Required: true},
			{Name: "from", Label: "Your number", Type: "text", Required: true, Help: "With the country's code, such as +15551234567, or a messaging service that begins with MG."},
			{Name: "mms", Label: "Your number sends pictures (MMS)", Type: "choice", Choices: []string{"no", "yes"}, Default: "no",
				Help: "Mostly numbers of the United States and Canada. Twilio fetches each picture from Parley, by an address that works for half an hour; so Parley must be reached from outside by https."},
			{Name: "url", Label: "Address of the API", Type: "url", Default: "https://api.twilio.com"},
		}, stopping("Leave it empty where Twilio answers STOP itself, as it usually does.")...),
		New: func(s channel.Settings, e channel.Env) (channel.Channel, error) {
			t := &twilio{base: newBase(s, e), account: strings.TrimSpace(s["account"]), token: s["token"], url: strings.TrimRight(s["url"], "/"), mms: s["mms"] == "yes"}
			t.most = 1600
			if t.url == "" {
				t.url = "https://api.twilio.com"
			}
			if !strings.HasPrefix(t.account, "AC") || strings.Trim(t.account[2:], "0123456789abcdefABCDEF") != "" || len(t.account) != 34 {
				return nil, &social.Error{Kind: social.Invalid, Field: "account", Text: "The Account SID begins with AC and has 34 signs."}
			}
			if t.from == "" {
				return nil, &social.Error{Kind: social.Invalid, Field: "from", Text: "Your number is needed."}
			}
			return t, nil
		},
	}
}

type twilio struct {
	base
	account, token, url string
	mms                 bool // pictures go with answers
}

// sign is the signature of a request: HMAC-SHA1 over the whole address and the
// sorted fields of the form
// (https://www.twilio.com/docs/usage/security#validating-requests).
func sign(token, address string, form url.Values) string {
	names := make([]string, 0, len(form))
	for n := range form {
		names = append(names, n)
	}
	slices.Sort(names)
	h := hmac.New(sha1.New, []byte(token))
	h.Write([]byte(address))
	for _, n := range names {
		vs := slices.Clone(form[n])
		slices.Sort(vs)
		for _, v := range slices.Compact(vs) {
			h.Write([]byte(n + v))
		}
	}
	return base64.StdEncoding.EncodeToString(h.Sum(nil))
}

// Receive takes a message or a report, if it is signed, and gives the pictures
// of our own messages, by addresses that we signed.
func (t *twilio) Receive(r channel.Request) (channel.Answer, error) {
	if path, ok := strings.CutPrefix(r.Path, "file/"); ok && r.Method == http.MethodGet {
		return t.give(path)
	}
	bad := social.Errorf(social.Unauth, "The signature of this request is missing or wrong.")
	signatures := r.Header.Values("X-Twilio-Signature")
	if len(signatures) != 1 || r.Method != http.MethodPost || len(r.Body) > 256<<10 {
		return channel.Answer{}, bad
	}
	form, err := url.ParseQuery(string(r.Body)) // the signature covers the fields, not the bytes
	if err != nil || len(form) > 200 || subtle.ConstantTimeCompare([]byte(signatures[0]), []byte(sign(t.token, r.URL, form))) != 1 {
		return channel.Answer{}, bad
	}
	sid := line(first(form.Get("MessageSid"), form.Get("SmsSid")), 64)
	if sid == "" || form.Get("AccountSid") != t.account {
		return channel.Answer{}, social.Errorf(social.Invalid, "This is no message of this account.")
	}
	now := t.clock.Now().UTC()
	empty := channel.Answer{Status: http.StatusOK, Type: "text/xml", Body: []byte("<Response></Response>")}
	if form.Get("SmsStatus") != "received" && first(form.Get("MessageStatus"), form.Get("SmsStatus")) != "" {
		e := event{Kind: "report", ID: sid, At: now}
		if u, err := url.Parse(r.URL); err == nil {
			e.Key = decoded(u.Query().Get("k"))
		}
		status := first(form.Get("MessageStatus"), form.Get("SmsStatus"))
		switch status {
		case "delivered":
			e.State = string(social.ReportDelivered)
		case "read":
			e.State = string(social.ReportRead)
		case "undelivered", "failed":
			e.State, e.Reason = string(social.ReportFailed), reason(form.Get("ErrorCode"), form.Get("ErrorMessage"))
		default:
			return empty, nil // on its way
		}
		empty.Events = []channel.Event{e.kept("report:" + sid + ":" + line(status, 20))}
		return empty, nil
	}
	e := event{Kind: "in", ID: sid, From: number(form.Get("From")), To: line(form.Get("To"), 40), Text: form.Get("Body"), At: now}
	if e.From == "" {
		return channel.Answer{}, social.Errorf(social.Invalid, "This message does not say who sent it.")
	}
	n, _ := strconv.Atoi(form.Get("NumMedia"))
	for i := range min(max(n, 0), 10) {
		e.Media = append(e.Media, first(line(form.Get("MediaContentType"+strconv.Itoa(i)), 60), "a file"))
		e.Files = append(e.Files, t.lies(form.Get("MediaUrl"+strconv.Itoa(i))))
	}
	empty.Events = []channel.Event{e.kept("in:" + sid)}
	return empty, nil
}

// reason puts an error of delivery into words
// (https://www.twilio.com/docs/api/errors).
func reason(code, message string) string {
	known := map[string]string{
		"30003": "The telephone is switched off or out of reach.",
		"30004": "The telephone blocks messages.",
		"30005": "The number does not exist any more, or is out of service.",
		"30006": "The number is a landline or cannot get messages.",
		"30007": "The network took the message for unwanted.",
		"21610": "They wrote STOP to this number.",
	}
	if s := known[code]; s != "" {
		return s
	}
	if m := line(message, 200); m != "" {
		return strings.TrimRight(m, ". ") + "."
	}
	if code = line(code, 10); code != "" {
		return "The network could not deliver it (error " + code + ")."
	}
	return ""
}

func first(ss ...string) string {
	for _, s := range ss {
		if s != "" {
			return s
		}
	}
	return ""
}

// call asks the API.
func (t *twilio) call(ctx context.Context, method, path string, form url.Values, into any) error {
	ctx, sent := channel.Watch(ctx)
	var body io.Reader = http.NoBody
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	req, err := http.NewRequestWithContext(ctx, method, t.url+"/2010-04-01/Accounts/"+t.account+path, body)
	if err != nil {
		return social.Because(social.Invalid, err, "The address of the API is wrong.")
	}
	req.GetBody = nil
	req.SetBasicAuth(t.account, t.token)
	req.Header.Set("Accept", "application/json")
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	changes := method != http.MethodGet
	resp, err := t.env.HTTP.Do(req)
	if err != nil {
		return channel.Failed(twilioTitle, err, changes, sent)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if resp.StatusCode >= 200 && resp.StatusCode < 300 {
		if err == nil {
			err = json.Unmarshal(raw, into)
		}
		switch {
		case err == nil:
			return nil
		case changes:
			return social.Because(social.Unknown, err, "Twilio's answer broke off, so nobody can tell whether it was sent.")
		}
		return social.Because(social.Busy, err, "Twilio's answer could not be read.")
	}
	var p struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
	}
	_ = json.Unmarshal(raw, &p) // errors without a code are sorted by their status
	if p.Code == 21610 {
		return social.Errorf(social.Forbidden, "They wrote STOP to this number, so Twilio sends them nothing.")
	}
	return channel.Status(twilioTitle, resp, strings.NewReplacer("<", "", ">", "").Replace(strings.TrimRight(line(p.Message, 200), ". ")), changes, t.clock.Now())
}

// Send sends a message, once.
func (t *twilio) Send(ctx context.Context, r social.Reply) (channel.Receipt, error) {
	to, err := t.check(r)
	if err != nil {
		return channel.Receipt{}, err
	}
	form := url.Values{"To": {to}, "Body": {r.Text}}
	if strings.HasPrefix(t.from, "MG") {
		form.Set("MessagingServiceSid", t.from)
	} else {
		form.Set("From", t.from)
	}
	if t.env.Hook != "" {
		form.Set("StatusCallback", t.env.Hook+"?k="+coded(r.Key))
	}
	if err := t.lay(ctx, form, r); err != nil {
		return channel.Receipt{}, err
	}
	var made struct {
		Sid string `json:"sid"`
	}
	if err := t.call(ctx, http.MethodPost, "/Messages.json", form, &made); err != nil {
		return channel.Receipt{}, err
	}
	if made.Sid == "" {
		return channel.Receipt{}, social.Errorf(social.Unknown, "Twilio did not say under which name it took the message.")
	}
	return channel.Receipt{ExternalID: made.Sid, At: t.clock.Now().UTC()}, nil
}

// Self is our number; asking proves the token.
func (t *twilio) Self(ctx context.Context) (social.Author, error) {
	var account struct {
		Name string `json:"friendly_name"`
	}
	if err := t.call(ctx, http.MethodGet, ".json", nil, &account); err != nil {
		return social.Author{}, err
	}
	return social.Author{Scheme: "tel", Value: t.from, Name: first(line(account.Name, 60), t.from)}, nil
}

// Profile knows no more of a number than the number.
func (t *twilio) Profile(_ context.Context, a social.Author) (social.Author, error) { return a, nil }
