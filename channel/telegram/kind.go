// Package telegram hears and answers what is said to a bot, by Telegram's Bot
// API (https://core.telegram.org/bots/api), with a thin client of its own.
//
// What somebody writes to the bot in private is one conversation; in a group
// it is the chain of answers, and only what is said to the bot counts as said
// to us. The API has neither keys nor a way to read what a bot has sent, so a
// reply whose outcome was lost is for a person to look at.
package telegram

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/social"
)

const title = "Telegram"

// Kind is a bot as a kind of channel.
func Kind() channel.Kind {
	return channel.Kind{
		Name:  "telegram",
		Title: "Telegram",
		Site:  "direct",
		About: "Hear what people write to your bot, in private or in groups, and answer as the bot.",
		Steps: []channel.Step{
			{Text: "Write /newbot to @BotFather in Telegram and choose a name and a picture. Copy the token that it gives you.", URL: "https://t.me/BotFather"},
			{Text: "Paste the token here. Leave “ask” as it is, unless Parley is reached from outside and you want messages to be brought."},
			{Text: "Test it, connect, and write to your bot: the message appears in the inbox."},
			{Text: "To hear what is said to the bot in a group, add it as a member. What people say among themselves there is not heard, unless you switch off the bot's privacy mode.", URL: "https://core.telegram.org/bots/features#privacy-mode"},
		},
		Form: []channel.Field{
			{Name: "token", Label: "Token", Type: "secret", Required: true, Help: "Looks like 110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw."},
			{Name: "way", Label: "How messages come", Type: "choice", Choices: []string{"ask", "webhook"}, Default: "ask", Help: "Webhook: Parley tells Telegram the address of this channel when it connects."},
			{Name: "secret", Label: "Secret of the webhook", Type: "secret", Hidden: true, Make: "key", Help: "Only for the webhook: Telegram repeats it with each message."},
			{Name: "url", Label: "Address of the API", Type: "url", Default: "https://api.telegram.org", Help: "Another one only if you run your own Bot API server."},
		},
		New: open,
	}
}

// bot is what both ways of listening have in common.
type bot struct {
	token, url, id string
	secret         string
	hook           bool
	env            channel.Env
	clock          clock.Clock
}

// asking is a bot that asks for what is new, called one to which it is brought.
type (
	asking struct{ *bot }
	called struct{ *bot }
)

func open(s channel.Settings, e channel.Env) (channel.Channel, error) {
	b := &bot{token: strings.TrimSpace(s["token"]), url: strings.TrimRight(s["url"], "/"), secret: s["secret"], env: e, clock: e.Clock}
	if b.clock == nil {
		b.clock = clock.System{}
	}
	if b.url == "" {
		b.url = "https://api.telegram.org"
	}
	if u, err := url.Parse(b.url); err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" {
		return nil, &social.Error{Kind: social.Invalid, Field: "url", Text: "This is no address of an API."}
	}
	id, rest, ok := strings.Cut(b.token, ":")
	if _, err := strconv.ParseInt(id, 10, 64); err != nil || !ok || len(rest) < 10 || url.PathEscape(b.token) != b.token {
		return nil, &social.Error{Kind: social.Invalid, Field: "token", Text: "This is no bot's token; it looks like 110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw."}
	}
	b.id = id
	if s["way"] != "webhook" {
		return asking{b}, nil
	}
	if len(b.secret) < 16 || len(b.secret) > 256 || strings.Trim(b.secret, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-") != "" {
		return nil, &social.Error{Kind: social.Invalid, Field: "secret", Text: "The secret of the webhook has 16 to 256 letters, digits, - or _: let one be made."}
	}
	b.hook = true
	return called{b}, nil
}

// page is how many updates come at once, and patient how long Telegram waits
// for one before it says that there is none.
const (
	page    = 100
	patient = 20 * time.Second
)

// Interval is short, since asking lasts until there is something.
func (b asking) Interval() time.Duration { return time.Second }

// Poll asks for what came after the cursor: the number of the last update.
func (b asking) Poll(ctx context.Context, cursor string) (channel.Batch, error) {
	in := map[string]any{"limit": page, "timeout": int(patient / time.Second), "allowed_updates": wanted}
	last, err := strconv.ParseInt(cursor, 10, 64)
	if err == nil {
		in["offset"] = last + 1
	} else {
		in["offset"] = -page // what is recent
		in["timeout"] = 0
	}
	var updates []json.RawMessage
	if err := b.call(ctx, "getUpdates", in, false, &updates); err != nil {
		return channel.Batch{}, err
	}
	out := channel.Batch{Cursor: cursor, More: len(updates) >= page}
	for _, u := range updates {
		e, id, err := eventOf(u)
		if err != nil {
			continue // without a number it is nothing that Telegram sends
		}
		out.Events = append(out.Events, e)
		if id > last {
			last = id
			out.Cursor = e.Cursor
		}
	}
	if out.Cursor == "" {
		out.Cursor = "0"
	}
	return out, nil
}

var wanted = []string{"message", "edited_message"}

func eventOf(raw []byte) (channel.Event, int64, error) {
	var u update
	if err := json.Unmarshal(raw, &u); err != nil || u.ID <= 0 {
		return channel.Event{}, 0, social.Because(social.Invalid, err, "This is no update of Telegram's.")
	}
	n := strconv.FormatInt(u.ID, 10)
	e := channel.Event{Key: "update:" + n, Raw: raw, Cursor: n}
	if m := u.message(); m != nil {
		e.At = m.when()
	}
	return e, u.ID, nil
}

// Receive takes an update that Telegram brings. It repeats our secret in a
// header (https://core.telegram.org/bots/api#setwebhook).
func (b called) Receive(r channel.Request) (channel.Answer, error) {
	vs := r.Header.Values("X-Telegram-Bot-Api-Secret-Token")
	if len(vs) != 1 || subtle.ConstantTimeCompare([]byte(vs[0]), []byte(b.secret)) != 1 {
		return channel.Answer{}, social.Errorf(social.Unauth, "The secret of this request is missing or wrong.")
	}
	if r.Method != http.MethodPost {
		return channel.Answer{}, social.Errorf(social.Invalid, "This address takes POST.")
	}
	e, _, err := eventOf(r.Body)
	if err != nil {
		return channel.Answer{}, err
	}
	e.Cursor = "" // what is brought is not asked for
	return channel.Answer{Events: []channel.Event{e}}, nil
}

// Self is the bot; asking proves the token. A bot to which messages are
// brought tells Telegram our address here: the same again changes nothing.
func (b *bot) Self(ctx context.Context) (social.Author, error) {
	var me user
	if err := b.call(ctx, "getMe", map[string]any{}, false, &me); err != nil {
		return social.Author{}, err
	}
	if b.hook {
		if b.env.Hook == "" {
			return social.Author{}, social.Errorf(social.Invalid, "Parley has no public address, so nothing can be brought to it. Choose “ask”.")
		}
		var done bool
		if err := b.call(ctx, "setWebhook", map[string]any{"url": b.env.Hook, "secret_token": b.secret, "allowed_updates": wanted}, false, &done); err != nil {
			return social.Author{}, err
		}
	}
	return me.author(), nil
}

// Profile knows what came with the message.
func (b *bot) Profile(_ context.Context, a social.Author) (social.Author, error) { return a, nil }

// Visibilities: in private, or to all of a group.
func (b *bot) Visibilities() []social.Visibility {
	return []social.Visibility{social.Direct, social.Public}
}

// Ways: what was said in a private chat has no public answer.
func (b *bot) Ways(externalID string) []social.Visibility {
	if chat, _, ok := place(externalID); ok && chat < 0 {
		return []social.Visibility{social.Public, social.Direct}
	}
	return []social.Visibility{social.Direct}
}

// most is the length of a message, in UTF-16 code units.
const most = 4096

// Fit counts as Telegram does.
func (b *bot) Fit(text string) channel.Room {
	n := len(utf16.Encode([]rune(text)))
	return channel.Room{Fits: n <= most && strings.TrimSpace(text) != "", Left: most - n, Max: most, Unit: "characters"}
}

// Threads: several messages, one after the other, each to the same words.
func (b *bot) Threads(social.Visibility) (int, bool) { return 5, false }

// Send answers, once. In a group the answer hangs on what it answers.
func (b *bot) Send(ctx context.Context, r social.Reply) (channel.Receipt, error) {
	if !b.Fit(r.Text).Fits {
		return channel.Receipt{}, social.Errorf(social.Invalid, "A message has between one and %d characters.", most)
	}
	if err := channel.Bear(b.Carries(r.Visibility), r.Media); err != nil {
		return channel.Receipt{}, err
	}
	if n := len(utf16.Encode([]rune(r.Text))); len(r.Media) > 0 && n > mostBelow {
		return channel.Receipt{}, social.Errorf(social.Invalid, "With files the words may have %d characters on Telegram; these have %d.", mostBelow, n)
	}
	chat, message, ok := place(r.Parent)
	if !ok || r.To.Scheme != scheme {
		return channel.Receipt{}, social.Errorf(social.Invalid, "Nobody on Telegram is answered by this.")
	}
	in := map[string]any{"text": r.Text, "link_preview_options": map[string]any{"is_disabled": true}}
	group := chat < 0
	switch r.Visibility {
	case social.Public:
		if !group {
			return channel.Receipt{}, social.Errorf(social.Invalid, "This is a private chat; there is nobody else who could read it.")
		}
		in["chat_id"] = chat
		in["reply_parameters"] = map[string]any{"message_id": message, "allow_sending_without_reply": true}
	case social.Direct:
		to, err := strconv.ParseInt(r.To.Value, 10, 64)
		if err != nil || to <= 0 {
			return channel.Receipt{}, social.Errorf(social.Invalid, "This account of Telegram's cannot be written to.")
		}
		in["chat_id"] = to
		if !group {
			in["reply_parameters"] = map[string]any{"message_id": message, "allow_sending_without_reply": true}
		}
	default:
		return channel.Receipt{}, social.Errorf(social.Invalid, "Telegram cannot carry a %s message.", r.Visibility)
	}
	var m post
	if len(r.Media) > 0 {
		m, err := b.enclose(ctx, in, r.Media)
		if err != nil {
			return channel.Receipt{}, err
		}
		return channel.Receipt{ExternalID: m.name(), URL: m.url(), At: m.when()}, nil
	}
	if err := b.call(ctx, "sendMessage", in, true, &m); err != nil {
		return channel.Receipt{}, err
	}
	if m.ID == 0 || m.Chat.ID == 0 {
		return channel.Receipt{}, social.Errorf(social.Unknown, "Telegram did not say where the message stands.")
	}
	return channel.Receipt{ExternalID: m.name(), URL: m.url(), At: m.when()}, nil
}
