package graph

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/kit/text"
	"github.com/parley-crm/parley/social"
)

// whats is one business phone number of WhatsApp's Cloud API.
type whats struct {
	*client
	*hook
	account string // of the business
	phone   string // id of the number
	uploads channel.Uploads
}

// WhatsApp is the Cloud API as a kind of channel.
func WhatsApp() channel.Kind {
	return channel.Kind{
		Name: "whatsapp", Title: "WhatsApp", Site: channel.SiteDirect,
		About: "Hear what customers write to your business number on WhatsApp, and answer within a day of their last words.",
		Steps: []channel.Step{
			{Text: "At Meta for Developers, make an app of the type Business, or open yours, and add the product WhatsApp. Connect your business number.", URL: "https://developers.facebook.com/docs/whatsapp/cloud-api/get-started"},
			{Text: "In Meta Business Suite, make a system user, give it the app and the WhatsApp account, and generate a token that does not end, with whatsapp_business_messaging and whatsapp_business_management."},
			{Text: "Under WhatsApp → API setup, copy the id of the phone number and the id of the WhatsApp business account; under App settings → Basic, the app’s id and secret. Choose a verify token. Connect."},
			{Text: "Under WhatsApp → Configuration, enter the address of this channel’s webhook, which its page shows after connecting, and your verify token, and subscribe to messages (and to smb_message_echoes, if people also answer from the WhatsApp Business app).", URL: "https://developers.facebook.com/docs/whatsapp/cloud-api/guides/set-up-webhooks"},
		},
		Form: fields(
			channel.Field{Name: "phone", Label: "Phone number ID", Type: "text", Required: true, Help: "Not the number itself: a number such as 106540352242922."},
			channel.Field{Name: "account", Label: "WhatsApp business account ID", Type: "text", Required: true},
		),
		New: func(s channel.Settings, e channel.Env) (channel.Channel, error) {
			c, h, err := connect("WhatsApp", "whatsapp_business_account", s, e)
			if err != nil {
				return nil, err
			}
			w := &whats{client: c, hook: h}
			if w.phone, err = setting(s, "phone", "The phone number’s id"); err != nil {
				return nil, err
			}
			if w.account, err = setting(s, "account", "The business account’s id"); err != nil {
				return nil, err
			}
			return w, nil
		},
	}
}

// Receive takes what Meta tells.
func (w *whats) Receive(r channel.Request) (channel.Answer, error) { return w.receive(r, w.sort) }

// wireValue is what a change of the field messages brings: several messages
// and several marks
// (https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/components).
type wireValue struct {
	Metadata struct {
		Display string `json:"display_phone_number"`
		Phone   ident  `json:"phone_number_id"`
	} `json:"metadata"`
	Contacts json.RawMessage   `json:"contacts"`
	Messages []json.RawMessage `json:"messages"`
	Statuses []json.RawMessage `json:"statuses"`
	Echoes   []json.RawMessage `json:"message_echoes"`
}

// wireContact names somebody. Since 2026 people may go by a name of their own;
// then there is no phone number, but an id that holds for one business
// (https://developers.facebook.com/documentation/business-messaging/whatsapp/business-scoped-user-ids).
type wireContact struct {
	Profile struct {
		Name     string `json:"name"`
		Username string `json:"username"`
	} `json:"profile"`
	Phone ident `json:"wa_id"`
	User  ident `json:"user_id"`
}

type wireWords struct {
	ID        ident  `json:"id"`
	From      ident  `json:"from"`
	FromUser  ident  `json:"from_user_id"`
	To        ident  `json:"to"`
	ToUser    ident  `json:"to_user_id"`
	Group     ident  `json:"group_id"`
	Timestamp stamp  `json:"timestamp"`
	Type      string `json:"type"`
	Context   struct {
		ID ident `json:"id"`
	} `json:"context"`
	Text struct {
		Body string `json:"body"`
	} `json:"text"`
	Button struct {
		Text string `json:"text"`
	} `json:"button"`
	Interactive struct {
		Button wireTitle `json:"button_reply"`
		List   wireTitle `json:"list_reply"`
	} `json:"interactive"`
	Image    wireMedia `json:"image"`
	Video    wireMedia `json:"video"`
	Document wireMedia `json:"document"`
	Audio    wireMedia `json:"audio"`
	Sticker  wireMedia `json:"sticker"`
	Location struct {
		Name    string `json:"name"`
		Address string `json:"address"`
	} `json:"location"`
	System struct {
		Body  string `json:"body"`
		Type  string `json:"type"`
		User  ident  `json:"user_id"`
		Was   ident  `json:"previous_user_id"`
		Phone ident  `json:"wa_id"`
	} `json:"system"`
}

type wireTitle struct {
	Title string `json:"title"`
}

type wireMedia struct {
	ID      ident  `json:"id"`
	Type    string `json:"mime_type"`
	Caption string `json:"caption"`
	Name    string `json:"filename"`
}

// wireStatus is a mark of one of our messages.
type wireStatus struct {
	ID        ident  `json:"id"`
	Status    string `json:"status"`
	Timestamp stamp  `json:"timestamp"`
	Key       string `json:"biz_opaque_callback_data"` // ours, handed back
	Errors    []struct {
		Code    int    `json:"code"`
		Title   string `json:"title"`
		Message string `json:"message"`
		Data    struct {
			Details string `json:"details"`
		} `json:"error_data"`
	} `json:"errors"`
}

func (w *whats) sort(entry ident, at time.Time, part string, item json.RawMessage) []channel.Event {
	if string(entry) != w.account || part != "change" {
		return nil
	}
	var c wireChange
	if json.Unmarshal(item, &c) != nil {
		return []channel.Event{broken(item)}
	}
	if c.Field != "messages" && c.Field != "smb_message_echoes" {
		return nil
	}
	var v wireValue
	if json.Unmarshal(c.Value, &v) != nil {
		return []channel.Event{broken(item)}
	}
	if string(v.Metadata.Phone) != w.phone {
		return nil // of another number of the same business
	}
	var out []channel.Event
	add := func(sort, mark string, items []json.RawMessage, with json.RawMessage) {
		for _, raw := range items {
			in := envelope{Sort: sort, Entry: entry, At: millis(at), Item: raw, With: with}
			var x struct {
				ID        ident  `json:"id"`
				Status    string `json:"status"`
				Timestamp stamp  `json:"timestamp"`
			}
			key := "?" + digest(raw)
			if json.Unmarshal(raw, &x) == nil && x.ID != "" {
				key = mark + string(x.ID)
				if sort == "status" {
					key += ":" + text.Cut(x.Status)
				}
			}
			out = append(out, event(key, in, x.Timestamp.Time))
		}
	}
	add("message", "m:", v.Messages, v.Contacts)
	add("echo", "m:", v.Echoes, v.Contacts)
	add("status", "s:", v.Statuses, nil)
	return out
}

// Read makes an activity of a message.
func (w *whats) Read(e channel.Event) ([]social.Activity, error) {
	in, err := open(e)
	if err != nil {
		return nil, err
	}
	switch in.Sort {
	case "status":
		_, err := w.Reports(e)
		return nil, err
	case "message", "echo":
	default:
		return nil, social.Errorf(social.Invalid, "Meta sent an event of an unknown sort.")
	}
	var m wireWords
	if err := json.Unmarshal(in.Item, &m); err != nil {
		return nil, unreadable(err, "message")
	}
	if m.ID == "" || m.Timestamp.IsZero() {
		return nil, social.Errorf(social.Invalid, "Meta sent a message without an id or a time.")
	}
	if m.Group != "" || m.Type == "reaction" {
		return nil, nil // groups are not answered here, and a reaction says nothing that wants an answer
	}
	a := social.Activity{
		ExternalID: string(m.ID), Verb: social.Create, Form: social.FormDirect, Visibility: social.Direct,
		Parent: string(m.Context.ID), Text: m.words(), Published: m.Timestamp.Time, Version: version(m.Timestamp.Time),
		Own: in.Sort == "echo",
	}
	them := w.author(m, in)
	if them.Value == "" {
		return nil, social.Errorf(social.Invalid, "Meta sent a message without an author.")
	}
	a.Root = "chat:" + them.Value
	// What the network says about somebody wants no answer.
	a.Directed = !a.Own && m.Type != "system"
	if a.Author = them; a.Own {
		a.Author = w.own()
	}
	return []social.Activity{a}, nil
}

// author is the customer: by the id that the business knows them by, which
// comes with every message; by phone number where there is none. That id is
// another one when they change their number; a message of the type system
// tells, and stands in the chat under the id from before.
func (w *whats) author(m wireWords, in envelope) social.Author {
	user, phone := m.FromUser, m.From
	if in.Sort == "echo" {
		user, phone = m.ToUser, m.To
	}
	if m.Type == "system" && m.System.Was != "" {
		user = m.System.Was
	}
	var contacts []wireContact
	_ = json.Unmarshal(in.With, &contacts) // a name is not worth losing words over
	var who wireContact
	for _, c := range contacts {
		if c.User != "" && c.User == user || c.Phone != "" && c.Phone == phone {
			who = c
			break
		}
	}
	if m.Type != "system" {
		user = ident(first(string(user), string(who.User)))
	}
	a := social.Author{Name: text.Cut(who.Profile.Name), Handle: text.Cut(who.Profile.Username)}
	if digits.MatchString(string(phone)) {
		a.URL = "https://wa.me/" + string(phone)
		a.Name = first(a.Name, "+"+string(phone))
	}
	switch {
	case user != "":
		a.Scheme, a.Issuer, a.Value = "whatsapp", w.account, string(user)
	case digits.MatchString(string(phone)):
		a.Scheme, a.Value = "tel", "+"+string(phone)
	}
	return a
}

func (w *whats) own() social.Author { return social.Author{Scheme: "whatsapp", Value: w.phone} }

// words is what a reader sees of a message.
func (m wireWords) words() string {
	for _, x := range []wireMedia{m.Image, m.Video, m.Document} {
		if x.Caption != "" && digits.MatchString(string(x.ID)) {
			return text.Cut(x.Caption) // what it shows comes as a file
		}
	}
	switch m.Type {
	case "text":
		return text.Cut(m.Text.Body)
	case "button":
		return text.Cut(m.Button.Text)
	case "interactive":
		return words(first(m.Interactive.Button.Title, m.Interactive.List.Title))
	case "image":
		return words(m.Image.Caption, "image")
	case "video":
		return words(m.Video.Caption, "video")
	case "document":
		return words(m.Document.Caption, strings.TrimSuffix("document: "+text.Cut(m.Document.Name), ": "))
	case "location":
		return words("", strings.TrimSuffix("location: "+text.Cut(strings.TrimSpace(m.Location.Name+" "+m.Location.Address)), ": "))
	case "system":
		return text.Cut(m.System.Body)
	case "audio", "sticker", "contacts", "order":
		return words("", m.Type)
	}
	return words("", "something that Parley cannot show")
}

// Reports tells what became of one of our messages. That it was sent, the
// receipt has told already.
func (w *whats) Reports(e channel.Event) ([]channel.Report, error) {
	in, err := open(e)
	if err != nil || in.Sort != "status" {
		return nil, err
	}
	var s wireStatus
	if err := json.Unmarshal(in.Item, &s); err != nil {
		return nil, unreadable(err, "mark")
	}
	if s.ID == "" || s.Timestamp.IsZero() {
		return nil, social.Errorf(social.Invalid, "Meta sent a mark without an id or a time.")
	}
	r := channel.Report{ExternalID: string(s.ID), Key: text.Cut(s.Key), At: s.Timestamp.Time}
	switch s.Status {
	case "delivered":
		r.State = channel.ReportDelivered
	case "read", "played":
		r.State = channel.ReportRead
	case "failed":
		r.State = channel.ReportFailed
		r.Text = "WhatsApp could not deliver it."
		if len(s.Errors) > 0 {
			x := s.Errors[0]
			if sorted(x.Code, 0) == window {
				r.Text = "WhatsApp takes an answer only within a day of the customer’s last words, and that was over."
			} else if d := readable(first(x.Data.Details, x.Message, x.Title)); d != "" {
				r.Text = "WhatsApp could not deliver it: " + d + "."
			}
		}
	default:
		return nil, nil
	}
	return []channel.Report{r}, nil
}

// whatsMost is how many characters a text may have
// (https://developers.facebook.com/docs/whatsapp/cloud-api/messages/text-messages).
const whatsMost = 4096

// Visibilities is direct alone.
func (w *whats) Visibilities() []social.Visibility { return []social.Visibility{social.Direct} }

// Fit counts characters.
func (w *whats) Fit(s string) channel.Room { return count(s, whatsMost) }

// Window is a day
// (https://developers.facebook.com/docs/whatsapp/cloud-api/guides/send-messages#customer-service-windows).
func (w *whats) Window(_, _ social.Visibility) time.Duration { return day }

// wireOut is a message of ours.
type wireOut struct {
	Product   string    `json:"messaging_product"`
	Kind      string    `json:"recipient_type"`
	To        string    `json:"to,omitempty"`        // a phone number
	Recipient string    `json:"recipient,omitempty"` // or an id that holds for the business
	Type      string    `json:"type"`
	Text      *wireText `json:"text,omitempty"`
	Image     *wireFile `json:"image,omitempty"`
	Video     *wireFile `json:"video,omitempty"`
	Document  *wireFile `json:"document,omitempty"`
	Key       string    `json:"biz_opaque_callback_data,omitempty"` // comes back with every mark
}

type wireText struct {
	Body    string `json:"body"`
	Preview bool   `json:"preview_url"`
}

type wireFile struct {
	ID      string `json:"id"`
	Caption string `json:"caption,omitempty"`
	Name    string `json:"filename,omitempty"` // of a document
}

// Send writes to the one who wrote.
func (w *whats) Send(ctx context.Context, r social.Reply) (channel.Receipt, error) {
	if r.Visibility != social.Direct {
		return channel.Receipt{}, social.Errorf(social.Invalid, "A reply on WhatsApp is direct.")
	}
	if err := fits(w.title, r.Text, w.Fit(r.Text)); err != nil {
		return channel.Receipt{}, err
	}
	if err := channel.Bear(w.Carries(r.Visibility), r.Media); err != nil {
		return channel.Receipt{}, err
	}
	if n := utf8.RuneCountInString(r.Text); len(r.Media) > 0 && n > whatsBelow {
		return channel.Receipt{}, social.Errorf(social.Invalid, "With a file the words may have %d characters on WhatsApp; these have %d.", whatsBelow, n)
	}
	in := wireOut{Product: "whatsapp", Kind: "individual", Type: "text", Key: r.Key}
	if len(in.Key) > 512 {
		in.Key = ""
	}
	switch {
	case r.To.Scheme == "whatsapp" && r.To.Issuer == w.account && r.To.Value != "":
		in.Recipient = r.To.Value
	case r.To.Scheme == "tel" && digits.MatchString(strings.TrimPrefix(r.To.Value, "+")):
		in.To = strings.TrimPrefix(r.To.Value, "+")
	default:
		return channel.Receipt{}, social.Errorf(social.Invalid, "This person is known by an id that does not hold for this WhatsApp account.")
	}
	if err := w.fill(ctx, &in, r); err != nil {
		return channel.Receipt{}, err
	}
	var out struct {
		Messages []struct {
			ID ident `json:"id"`
		} `json:"messages"`
	}
	if err := w.call(ctx, http.MethodPost, w.phone+"/messages", nil, in, &out); err != nil {
		return channel.Receipt{}, err
	}
	if len(out.Messages) != 1 || out.Messages[0].ID == "" {
		return channel.Receipt{}, w.nowhere()
	}
	return channel.Receipt{ExternalID: string(out.Messages[0].ID), At: w.env.Clock.Now()}, nil
}

// Self is our number.
func (w *whats) Self(ctx context.Context) (social.Author, error) {
	var out struct {
		ID      ident  `json:"id"`
		Display string `json:"display_phone_number"`
		Name    string `json:"verified_name"`
	}
	if err := w.get(ctx, w.phone, url.Values{"fields": {"id,display_phone_number,verified_name"}}, &out); err != nil {
		return social.Author{}, err
	}
	if string(out.ID) != w.phone {
		return social.Author{}, social.Errorf(social.Busy, "WhatsApp does not say who we are.")
	}
	a := w.own()
	a.Name = strings.TrimSpace(text.Cut(out.Name) + " " + text.Cut(out.Display))
	return a, nil
}

// Profile adds nothing: WhatsApp tells of people only what comes with their
// messages.
func (w *whats) Profile(_ context.Context, who social.Author) (social.Author, error) {
	if who.Handle == "" && who.Name == "" {
		return social.Author{}, social.Errorf(social.NotFound, "WhatsApp tells of people only what comes with their messages.")
	}
	return who, nil
}
