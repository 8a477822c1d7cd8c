package engage

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/engage/part"
	words "github.com/parley-crm/parley/kit/text"
	"github.com/parley-crm/parley/social"
)

// Shown is how words will stand on a network.
type Shown = channel.Shown

// Preview is how an answer would go out, as far as that is known before.
type Preview struct {
	Room  Room
	Title string  // of a mail
	Parts []Shown // one, or several where it is too long and the channel takes it in parts
	Onto  bool    // each part answers the one before
}

// Preview says how an answer in a conversation would stand on its network. It
// writes nothing and asks no network. Links count as they were written: those
// that are tracked may change their length.
func (d *Desk) Preview(ctx context.Context, cid social.ConversationID, w Words) (Preview, error) {
	a, _ := social.ActorOf(ctx)
	row, err := d.Store.Row(ctx, cid, a.Member)
	if err != nil {
		return Preview{}, err
	}
	if w.Text = clean(w.Text); len(w.Text) > maxWords {
		return Preview{}, invalid("text", "This is longer than anything that can be kept here.")
	}
	at, err := d.way(ctx, &row.Conversation, w)
	if err != nil {
		return Preview{}, err
	}
	line, err := d.sender(ctx, at.Channel)
	if err != nil {
		return Preview{}, err
	}
	if w.Visibility == "" {
		w.Visibility = at.Visibility
	}
	w.Text = signed(line, a.Name, w.Text)
	out := Preview{Room: channel.Measure(line, w.Visibility, w.Text), Title: d.Title(ctx, *at)}
	texts := []string{w.Text}
	if !out.Room.Fits {
		if parts, onto := parted(line, w.Visibility, w.Text); len(parts) > 1 {
			texts, out.Onto = parts, onto
		}
	}
	for _, t := range texts {
		out.Parts = append(out.Parts, channel.Show(line, social.Reply{Channel: at.Channel, To: at.Author, Parent: at.Parent, Text: t, Visibility: w.Visibility}))
	}
	return out, nil
}

// signed is a text with the signature of its channel below, once, in the name
// of whoever writes.
func signed(line channel.Sender, name, text string) string {
	sign := channel.SignatureOf(line)
	if sign == "" || strings.TrimSpace(text) == "" {
		return text
	}
	sign = clean(strings.NewReplacer("{{member}}", name, "{{first}}", words.FirstName(name)).Replace(sign))
	text = strings.TrimRight(text, " \n")
	if strings.HasSuffix(text, "\n"+sign) {
		return text // it was put there by hand
	}
	return text + "\n\n-- \n" + sign
}

// parted cuts a long answer into what a channel takes one after the other.
func parted(line channel.Sender, v social.Visibility, text string) (parts []string, onto bool) {
	most, onto := channel.Threads(line, v)
	if most < 2 {
		return nil, false
	}
	return part.Split(text, most, func(s string) bool { return channel.Measure(line, v, s).Fits }), onto
}

// parts are the words of each message that an answer becomes: all of them,
// or what they are cut into where that was asked for.
func (w Words) parts(line channel.Sender) ([]string, error) {
	if !w.Parted || channel.Measure(line, w.Visibility, w.Text).Fits {
		return []string{w.Text}, nil
	}
	out, _ := parted(line, w.Visibility, w.Text)
	if len(out) == 0 {
		return nil, invalid("text", "This can't be parted so that each part fits. Shorten it.")
	}
	return out, nil
}

// partKey is the key of one part of an answer.
func partKey(key string, n int) string {
	if n == 1 {
		return key
	}
	return fmt.Sprintf("part/%d/%s", n, key)
}

// chain makes messages the parts of one answer. Each waits for the one before.
// The whole is one answer: its first part counts as such, and with its last
// what was asked is answered.
func chain(ms []*Message, whole string) {
	for i, m := range ms {
		dl := m.Delivery
		dl.Part, dl.Parts = i+1, len(ms)
		if i == 0 {
			dl.Written = whole
		} else {
			dl.Written, dl.After, dl.Told = part.Bare(dl.Written), ms[i-1].ID, true
		}
		if i < len(ms)-1 {
			dl.Upto = time.Time{}
		}
	}
}

// follows lets a part go after the one before it. It says why it may not go
// at all, or that it must wait.
func (d *Desk) follows(ctx context.Context, f *fold, c *Conversation, m *Message, line channel.Sender) (why string, wait bool, err error) {
	dl := m.Delivery
	if dl.After == "" {
		return "", false, nil
	}
	before, err := d.Store.Message(ctx, dl.After)
	if social.NotFound.Is(err) {
		return "The part before it is not there any more.", false, nil
	}
	switch {
	case err != nil:
		return "", false, err
	case before.Delivery == nil || before.Delivery.Stage.Open():
		return "", true, nil
	case !before.Delivery.Stage.Out():
		return "The part before it did not get there.", false, nil
	}
	if _, onto := channel.Threads(line, m.Visibility); onto && before.ExternalID != "" && dl.Parent != before.ExternalID {
		dl.Parent, m.Parent = before.ExternalID, before.ExternalID
		f.change(c, m)
	}
	return "", false, nil
}

// behind are the parts behind one that have not left, in their order.
func (d *Desk) behind(ctx context.Context, m *Message) ([]Message, error) {
	var out []Message
	key := m.Key
	if m.Delivery.Part > 1 {
		key = key[len(partKey("", m.Delivery.Part)):]
	}
	for n := m.Delivery.Part + 1; n <= m.Delivery.Parts; n++ {
		x, err := d.Store.Keyed(ctx, partKey(key, n))
		if social.NotFound.Is(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if x.Conversation == m.Conversation && x.Delivery != nil && x.Delivery.Stage == Queued {
			out = append(out, x)
		}
	}
	return out, nil
}

// cancel takes a message back that has not left, and the parts behind it. It
// returns the words that were not sent.
func (d *Desk) cancel(ctx context.Context, f *fold, c *Conversation, m *Message) (string, error) {
	behind, err := d.behind(ctx, m)
	if err != nil {
		return "", err
	}
	all := []*Message{m}
	for i := range behind {
		all = append(all, &behind[i])
	}
	words := m.Delivery.Written
	for i, x := range all {
		x.Delivery.Goes(Cancelled, f.now, time.Time{}, "")
		f.moved(c, x.Delivery)
		f.change(c, x)
		c.Messages--
		if i > 0 && m.Delivery.Part > 1 {
			words += "\n\n" + x.Delivery.Written
		}
	}
	f.stale[c] = true
	return words, nil
}
