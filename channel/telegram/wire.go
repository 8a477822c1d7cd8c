package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/kit/text"
	"github.com/parley-crm/parley/social"
)

// scheme is that of Telegram's numbers for accounts.
const scheme = "telegram"

type user struct {
	ID       int64  `json:"id"`
	Bot      bool   `json:"is_bot"`
	First    string `json:"first_name"`
	Last     string `json:"last_name"`
	Username string `json:"username"`
	Language string `json:"language_code"`
}

func (u user) author() social.Author {
	a := social.Author{Scheme: scheme, Value: strconv.FormatInt(u.ID, 10), Handle: text.Cut(u.Username), Name: oneLine(u.First + " " + u.Last), Bot: u.Bot}
	if a.Name == "" && a.Handle == "" {
		a.Name = a.Value
	}
	if u.Username != "" {
		a.URL = "https://t.me/" + url.PathEscape(u.Username)
	}
	return a
}

type chat struct {
	ID       int64  `json:"id"`
	Type     string `json:"type"`
	Title    string `json:"title"`
	Username string `json:"username"`
}

type file struct {
	ID   string `json:"file_id"`
	Name string `json:"file_name"`
	Type string `json:"mime_type"`
	Size int64  `json:"file_size"`
}

type entity struct {
	Type   string `json:"type"`
	Offset int    `json:"offset"`
	Length int    `json:"length"`
	User   *user  `json:"user"`
}

// post is a message.
type post struct {
	ID       int64    `json:"message_id"`
	From     *user    `json:"from"`
	Sender   *chat    `json:"sender_chat"`
	Chat     chat     `json:"chat"`
	Date     int64    `json:"date"`
	Edited   int64    `json:"edit_date"`
	Text     string   `json:"text"`
	Caption  string   `json:"caption"`
	Entities []entity `json:"entities"`
	Captions []entity `json:"caption_entities"`
	Reply    *post    `json:"reply_to_message"`
	Photo    []file   `json:"photo"`
	Document *file    `json:"document"`
	Video    *file    `json:"video"`
	Audio    *file    `json:"audio"`
	Voice    *file    `json:"voice"`
	Sticker  *struct {
		Emoji string `json:"emoji"`
	} `json:"sticker"`
	Location *struct {
		Latitude  float64 `json:"latitude"`
		Longitude float64 `json:"longitude"`
	} `json:"location"`
	Contact *struct {
		Phone string `json:"phone_number"`
		First string `json:"first_name"`
	} `json:"contact"`
}

type update struct {
	ID      int64 `json:"update_id"`
	Message *post `json:"message"`
	Edit    *post `json:"edited_message"`
}

func (u update) message() *post {
	if u.Message != nil {
		return u.Message
	}
	return u.Edit
}

func (m post) name() string {
	return strconv.FormatInt(m.Chat.ID, 10) + ":" + strconv.FormatInt(m.ID, 10)
}

// place reads a name back.
func place(s string) (chat, message int64, ok bool) {
	c, n, found := strings.Cut(s, ":")
	chat, err := strconv.ParseInt(c, 10, 64)
	message, err2 := strconv.ParseInt(n, 10, 64)
	return chat, message, found && err == nil && err2 == nil && chat != 0 && message > 0
}

func (m post) when() time.Time {
	at := max(m.Date, 1)
	return time.Unix(min(at, 1<<33), 0).UTC()
}

// url is where everybody can see a message: in public groups only.
func (m post) url() string {
	if m.Chat.Username == "" || m.Chat.ID > 0 {
		return ""
	}
	return fmt.Sprintf("https://t.me/%s/%d", url.PathEscape(m.Chat.Username), m.ID)
}

func oneLine(s string) string { return strings.Join(strings.Fields(text.Cut(s)), " ") }

// Read gives what an update says.
func (b *bot) Read(ev channel.Event) ([]social.Activity, error) {
	var u update
	if err := json.Unmarshal(ev.Raw, &u); err != nil || u.ID <= 0 {
		return nil, social.Because(social.Invalid, err, "This is no update of Telegram's.")
	}
	m := u.message()
	if m == nil {
		return nil, nil
	}
	if m.ID <= 0 || m.Chat.ID == 0 {
		return nil, social.Errorf(social.Invalid, "This message does not say where it stands.")
	}
	a := social.Activity{ExternalID: m.name(), Verb: social.Create, URL: m.url(), Published: m.when()}
	switch {
	case m.Sender != nil && m.Sender.ID != 0 && m.Chat.ID < 0: // in the name of a channel or of the group
		a.Author = social.Author{Scheme: scheme, Value: strconv.FormatInt(m.Sender.ID, 10), Name: oneLine(m.Sender.Title), Handle: text.Cut(m.Sender.Username)}
		if a.Author.Name == "" {
			a.Author.Name = a.Author.Value
		}
	case m.From != nil && m.From.ID != 0:
		a.Author, a.Lang = m.From.author(), text.Cut(m.From.Language)
	default:
		return nil, social.Errorf(social.Invalid, "This message does not say who wrote it.")
	}
	if a.Text = m.words(); a.Text == "" {
		return nil, nil // somebody joined, a picture changed
	}
	if u.Message == nil {
		a.Verb = social.Update
	}
	a.Version = fmt.Sprintf("%012d", max(m.Edited, m.Date, 0))
	a.Own = a.Author.Value == b.id
	if m.Reply != nil && m.Reply.ID > 0 {
		m.Reply.Chat.ID = m.Chat.ID
		a.Parent = m.Reply.name()
	}
	if m.Chat.ID > 0 {
		a.Form, a.Visibility, a.Root, a.Directed = social.FormDirect, social.Direct, "chat:"+strconv.FormatInt(m.Chat.ID, 10), !a.Own
		return []social.Activity{a}, nil
	}
	a.Form, a.Visibility = social.FormPost, social.Public
	if a.Parent != "" {
		a.Form = social.FormComment
	}
	a.Directed = !a.Own && b.meant(m)
	return []social.Activity{a}, nil
}

// meant reports whether something in a group is said to the bot: in answer to
// it, to its name, or as a command.
func (b *bot) meant(m *post) bool {
	if m.Reply != nil && m.Reply.From != nil && strconv.FormatInt(m.Reply.From.ID, 10) == b.id {
		return true
	}
	words, entities := m.Text, m.Entities
	if words == "" {
		words, entities = m.Caption, m.Captions
	}
	for _, e := range entities {
		switch e.Type {
		case "bot_command":
			return true
		case "mention": // of a user name; bots' names end so, and only what names this bot comes here in privacy mode
			u := utf16.Encode([]rune(words))
			if e.Offset >= 0 && e.Length > 0 && e.Offset < len(u) && e.Length <= len(u)-e.Offset &&
				strings.HasSuffix(strings.ToLower(string(utf16.Decode(u[e.Offset:e.Offset+e.Length]))), "bot") {
				return true
			}
		case "text_mention":
			if e.User != nil && strconv.FormatInt(e.User.ID, 10) == b.id {
				return true
			}
		}
	}
	return false
}

// words are what a message says, and in words what it shows, unless that comes
// as a file under words of its own.
func (m post) words() string {
	out := text.Cut(m.Text + m.Caption)
	add := func(s string) { out = strings.TrimSpace(out + "\n" + s) }
	named := func(what string, f *file) {
		if f == nil || out != "" && fileIDs.MatchString(f.ID) {
			return
		}
		s := what
		if n := oneLine(f.Name); n != "" {
			s = n
		}
		if f.Type != "" {
			s += " (" + oneLine(f.Type) + ")"
		}
		add("Attached: " + s)
	}
	if n := len(m.Photo); n > 0 && (out == "" || !fileIDs.MatchString(m.Photo[n-1].ID)) {
		add("Attached: photo")
	}
	named("document", m.Document)
	named("video", m.Video)
	named("audio", m.Audio)
	named("voice message", m.Voice)
	if m.Sticker != nil {
		add(strings.TrimSpace("Sticker: " + text.Cut(m.Sticker.Emoji)))
	}
	if m.Location != nil {
		add(fmt.Sprintf("Place: %.5f, %.5f", m.Location.Latitude, m.Location.Longitude))
	}
	if m.Contact != nil {
		add("Contact: " + oneLine(m.Contact.First+" "+m.Contact.Phone))
	}
	return strings.TrimSpace(out)
}

// call asks the API. Its addresses bear the token, so no error may name one.
func (b *bot) call(ctx context.Context, method string, in any, changes bool, into any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	return b.post(ctx, method, "application/json", body, changes, into)
}

// post sends a body of any kind.
func (b *bot) post(ctx context.Context, method, kind string, body []byte, changes bool, into any) error {
	ctx, sent := channel.Watch(ctx)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, b.url+"/bot"+b.token+"/"+method, bytes.NewReader(body))
	if err != nil {
		return social.Errorf(social.Invalid, "The address of Telegram's API is wrong.")
	}
	req.GetBody = nil // a broken connection must not send it twice
	req.Header.Set("Content-Type", kind)
	resp, err := b.env.HTTP.Do(req)
	if err != nil {
		var with *url.Error
		if errors.As(err, &with) {
			err = with.Err
		}
		return channel.Failed(title, err, changes, sent)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(resp.Body, 32<<20))
	var out struct {
		OK          bool            `json:"ok"`
		Result      json.RawMessage `json:"result"`
		Description string          `json:"description"`
		Parameters  struct {
			RetryAfter int `json:"retry_after"`
		} `json:"parameters"`
	}
	if err == nil {
		err = json.Unmarshal(raw, &out)
	}
	if resp.StatusCode == http.StatusOK {
		if err == nil && out.OK {
			err = json.Unmarshal(out.Result, into)
		}
		switch {
		case err == nil && out.OK:
			return nil
		case changes:
			return social.Because(social.Unknown, err, "Telegram's answer broke off, so nobody can tell whether it was sent.")
		}
		return social.Because(social.Busy, err, "Telegram's answer could not be read.")
	}
	why := strings.NewReplacer("<", "", ">", "").Replace(strings.TrimRight(oneLine(out.Description), ". "))
	switch resp.StatusCode {
	case http.StatusTooManyRequests:
		if n := out.Parameters.RetryAfter; n > 0 {
			return &channel.Later{Err: social.Errorf(social.Busy, "Telegram asks us to wait."), Wait: time.Duration(min(n, 6*3600)) * time.Second}
		}
	case http.StatusNotFound: // a token of nobody
		return social.Errorf(social.Unauth, "Telegram does not know this bot. Paste the token that @BotFather gave you.")
	case http.StatusConflict:
		return social.Errorf(social.Busy, "Something else asks for this bot's messages, or a webhook is set: %s.", why)
	}
	return channel.Status(title, resp, why, changes, b.clock.Now())
}
