package graph

import (
	"maps"
	"testing"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/channel/channeltest"
	"github.com/parley-crm/parley/social"
)

// settings are those of a kind at the double.
func settings(address string, more channel.Settings) channel.Settings {
	s := channel.Settings{"token": goodToken, "app": appID, "secret": appSecret, "verify": verify, "address": address}
	maps.Copy(s, more)
	return s
}

// desk is a channel with its double.
type desk struct {
	*double
	server *channeltest.Server
	line   channel.Channel
}

func open4(t *testing.T, kind channel.Kind, more channel.Settings) *desk {
	t.Helper()
	d := newDouble(t)
	s := channeltest.Serve(t, d)
	s.Refuse = refuse
	c, err := kind.New(settings(s.URL, more), s.Env(d.now))
	if err != nil {
		t.Fatal(err)
	}
	return &desk{d, s, c}
}

func (d *desk) rig(hook *channeltest.Hook, states ...channel.ReportState) *channeltest.Rig {
	hook.Sign, hook.Shakes, hook.Signed = signed, shakes(), []string{"X-Hub-Signature-256"}
	return &channeltest.Rig{
		Carried: func(id string) (out []channeltest.File) {
			d.mu.Lock()
			defer d.mu.Unlock()
			if x := d.things[id]; x.File != "" {
				out = append(out, channeltest.File{Bytes: d.files[x.File]})
			}
			for _, p := range d.things[id].Photos {
				out = append(out, channeltest.File{Bytes: d.files[p], Alt: d.alts[p]})
			}
			return out
		},
		Fumble:  func() { d.mu.Lock(); d.fumble = true; d.mu.Unlock() },
		Uploads: func() int { d.mu.Lock(); defer d.mu.Unlock(); return d.given },
		Detach:  d.lost, Channel: d.line, Hook: hook, Trouble: d.server.Trouble, Ours: d.ours, Now: d.now.Now, States: states,
		Likes: func(id string) int {
			d.mu.Lock()
			defer d.mu.Unlock()
			return map[bool]int{true: 1}[d.likes[id]]
		},
		Stands: func(id string) (there, hidden bool) {
			d.mu.Lock()
			defer d.mu.Unlock()
			x := d.things[id]
			return x != nil, x != nil && x.Hidden
		},
		Malformed: [][]byte{
			[]byte(`{"sort":"change","entry":"1","item":{}}`), []byte(`{"sort":"messaging","item":7}`),
			[]byte(`{"sort":"message","item":{"id":"x"}}`), []byte(`{"sort":"new"}`), []byte(`{"object":"page","entry":[7]}`),
		},
	}
}

// feed is a change of the Page's feed.
func feed(field string, value obj) any { return obj{"field": field, "value": value} }

// commented lets Maya comment below a post of the Page.
func (d *desk) commented(text string) (*thing, channel.Request) {
	d.mu.Lock()
	x := d.keep(&thing{ID: d.id(pageID + "_%d"), By: maya, Text: text})
	d.mu.Unlock()
	d.now.Add(time.Second)
	return x, told(d.feed(x, "add"))
}

func (d *desk) feed(x *thing, verb string) any {
	return entry("page", pageID, d.now.Now(), "changes", feed("feed", obj{
		"item": "comment", "verb": verb, "comment_id": x.ID, "post_id": pageID + "_77", "parent_id": pageID + "_77",
		"from": obj{"id": maya, "name": "Maya Lindt"}, "message": x.Text, "created_time": x.At.Unix()}))
}

func (d *desk) wall() *channeltest.Rig {
	return d.rig(&channeltest.Hook{
		Say: func(text string) (string, channel.Request) { x, r := d.commented(text); return x.ID, r },
		Attach: func(text string, files ...channeltest.File) (string, channel.Request) {
			if len(files) == 0 {
				x, r := d.commented(text)
				return x.ID, r
			}
			at := d.lay(files[0])
			d.mu.Lock()
			x := d.keep(&thing{ID: d.id(pageID + "_%d"), By: maya, Text: text})
			d.mu.Unlock()
			d.now.Add(time.Second)
			return x.ID, told(entry("page", pageID, d.now.Now(), "changes", feed("feed", obj{"item": "comment", "verb": "add", "comment_id": x.ID,
				"post_id": pageID + "_77", "parent_id": pageID + "_77", "from": obj{"id": maya, "name": "Maya Lindt"}, "message": text, "photo": at, "created_time": x.At.Unix()})))
		},
		Edit: func(id, text string) channel.Request {
			d.now.Add(time.Minute)
			d.things[id].Text = text
			return told(d.feed(d.things[id], "edited"))
		},
		Delete: func(id string) channel.Request {
			d.now.Add(time.Minute)
			return told(d.feed(&thing{ID: id, At: d.things[id].At}, "remove"))
		},
		Report: d.delivered,
	}, channel.ReportDelivered)
}

func (d *desk) delivered(id string, _ channel.ReportState) channel.Request {
	return told(entry("page", pageID, d.now.Now(), "messaging", obj{"sender": obj{"id": maya}, "recipient": obj{"id": pageID},
		"delivery": obj{"mids": []string{id}, "watermark": d.now.Now().UnixMilli()}}))
}

// written lets Maya write a message.
func (d *desk) written(object, account, text string) (string, channel.Request) {
	d.mu.Lock()
	x := d.keep(&thing{ID: d.id("m_Maya-%d"), By: maya, Text: text})
	d.wrote[maya] = d.now.Now()
	d.mu.Unlock()
	d.now.Add(time.Second)
	return x.ID, told(entry(object, account, d.now.Now(), "messaging", obj{"sender": obj{"id": maya}, "recipient": obj{"id": account},
		"timestamp": x.At.UnixMilli(), "message": obj{"mid": x.ID, "text": text}}))
}

// lay puts a file where Meta would, and returns its address.
func (d *desk) lay(f channeltest.File) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.files == nil {
		d.files = map[string][]byte{}
	}
	id := d.id("f%d.png")
	d.files[id] = f.Bytes
	return d.server.URL + "/cdn/" + id + "?oh=signed&oe=6543"
}

// sentFiles lets Maya write a message with files.
func (d *desk) sentFiles(object, account string) func(string, ...channeltest.File) (string, channel.Request) {
	return func(text string, files ...channeltest.File) (string, channel.Request) {
		var with []any
		for _, f := range files {
			with = append(with, obj{"type": "image", "payload": obj{"url": d.lay(f)}})
		}
		with = append(with, obj{"type": "fallback", "payload": obj{"url": "https://elsewhere.example/page"}})
		d.mu.Lock()
		x := d.keep(&thing{ID: d.id("m_Maya-%d"), By: maya, Text: text})
		d.wrote[maya] = d.now.Now()
		d.mu.Unlock()
		d.now.Add(time.Second)
		return x.ID, told(entry(object, account, d.now.Now(), "messaging", obj{"sender": obj{"id": maya}, "recipient": obj{"id": account},
			"timestamp": x.At.UnixMilli(), "message": obj{"mid": x.ID, "text": text, "attachments": with}}))
	}
}

// lost makes Meta forget all files.
func (d *desk) lost(string) { d.mu.Lock(); d.files = nil; d.mu.Unlock() }

func (d *desk) edited(object, account, id, text string) channel.Request {
	d.now.Add(time.Minute)
	return told(entry(object, account, d.now.Now(), "messaging", obj{"sender": obj{"id": maya}, "recipient": obj{"id": account},
		"timestamp": d.now.Now().UnixMilli(), "message_edit": obj{"mid": id, "text": text, "num_edit": 1}}))
}

func TestFacebook(t *testing.T) {
	channeltest.Run(t, func(t *testing.T) *channeltest.Rig {
		return open4(t, Facebook(), channel.Settings{"page": pageID}).wall()
	})
}

func TestMessenger(t *testing.T) {
	channeltest.Run(t, func(t *testing.T) *channeltest.Rig {
		d := open4(t, Messenger(), channel.Settings{"page": pageID})
		rig := d.rig(&channeltest.Hook{
			Say:    func(text string) (string, channel.Request) { return d.written("page", pageID, text) },
			Attach: d.sentFiles("page", pageID),
			Edit:   func(id, text string) channel.Request { return d.edited("page", pageID, id, text) },
			Report: d.delivered,
		}, channel.ReportDelivered)
		rig.Flat = true
		return rig
	})
}

func TestInstagram(t *testing.T) {
	channeltest.Run(t, func(t *testing.T) *channeltest.Rig {
		d := open4(t, Instagram(), channel.Settings{"account": instaID})
		return d.rig(&channeltest.Hook{
			Attach: d.sentFiles("instagram", instaID),
			Say: func(text string) (string, channel.Request) {
				d.mu.Lock()
				x := d.keep(&thing{ID: d.id("1799%d"), By: maya, Text: text})
				d.mu.Unlock()
				d.now.Add(time.Second)
				return x.ID, told(entry("instagram", instaID, x.At, "changes", feed("comments", obj{
					"id": x.ID, "text": text, "from": obj{"id": maya, "username": "maya"}, "media": obj{"id": "179", "media_product_type": "FEED"}})))
			},
			Report: func(id string, _ channel.ReportState) channel.Request {
				return told(entry("instagram", instaID, d.now.Now(), "messaging", obj{"sender": obj{"id": maya}, "recipient": obj{"id": instaID},
					"timestamp": d.now.Now().UnixMilli(), "read": obj{"mid": id}}))
			},
		}, channel.ReportRead)
	})
}

// TestInstagramMessages is the same account, spoken to in private.
func TestInstagramMessages(t *testing.T) {
	channeltest.Run(t, func(t *testing.T) *channeltest.Rig {
		d := open4(t, Instagram(), channel.Settings{"account": instaID})
		rig := d.rig(&channeltest.Hook{
			Say:    func(text string) (string, channel.Request) { return d.written("instagram", instaID, text) },
			Attach: d.sentFiles("instagram", instaID),
			Edit:   func(id, text string) channel.Request { return d.edited("instagram", instaID, id, text) },
			Delete: func(id string) channel.Request {
				return told(entry("instagram", instaID, d.now.Now(), "messaging", obj{"sender": obj{"id": maya}, "recipient": obj{"id": instaID},
					"timestamp": d.now.Now().UnixMilli(), "message": obj{"mid": id, "is_deleted": true}}))
			},
			Report: func(id string, _ channel.ReportState) channel.Request {
				return told(entry("instagram", instaID, d.now.Now(), "messaging", obj{"sender": obj{"id": maya}, "recipient": obj{"id": instaID},
					"timestamp": d.now.Now().UnixMilli(), "read": obj{"mid": id}}))
			},
		}, channel.ReportRead)
		rig.Flat = true
		rig.Channel, rig.Stands = private{d.line.(*insta)}, nil
		return rig
	})
}

// private is an account on which only messages are answered.
type private struct{ *insta }

func (p private) Fit(s string) channel.Room         { return p.FitAs(social.Direct, s) }
func (p private) Visibilities() []social.Visibility { return []social.Visibility{social.Direct} }
func (p private) Metrics() int                      { return 0 } // a message has no counts

func (d *desk) whatsWrote(m obj, contact obj) channel.Request {
	d.now.Add(time.Second)
	return told(obj{"object": "whatsapp_business_account", "entry": []any{obj{"id": wabaID, "changes": []any{feed("messages", obj{
		"messaging_product": "whatsapp", "metadata": obj{"display_phone_number": "49301234567", "phone_number_id": phoneID},
		"contacts": []any{contact}, "messages": []any{m}})}}}})
}

func (d *desk) whatsMarked(status obj) channel.Request {
	return told(obj{"object": "whatsapp_business_account", "entry": []any{obj{"id": wabaID, "changes": []any{feed("messages", obj{
		"messaging_product": "whatsapp", "metadata": obj{"display_phone_number": "49301234567", "phone_number_id": phoneID},
		"statuses": []any{status}})}}}})
}

func (d *desk) whatsSaid(text string) (string, channel.Request) {
	d.mu.Lock()
	x := d.keep(&thing{ID: d.id("wamid.MAYA%d=="), By: maya, Text: text})
	d.wrote["user:"+mayaUser], d.wrote["tel:"+mayaPhone] = d.now.Now(), d.now.Now()
	d.mu.Unlock()
	return x.ID, d.whatsWrote(obj{"from": mayaPhone, "from_user_id": mayaUser, "id": x.ID, "timestamp": stampOf(x.At), "type": "text", "text": obj{"body": text}},
		obj{"profile": obj{"name": "Maya Lindt"}, "wa_id": mayaPhone, "user_id": mayaUser})
}

// whatsSent is a picture of Maya's.
func (d *desk) whatsSent(text string, files ...channeltest.File) (string, channel.Request) {
	if len(files) == 0 {
		return d.whatsSaid(text)
	}
	d.mu.Lock()
	x := d.keep(&thing{ID: d.id("wamid.MAYA%d=="), By: maya, Text: text})
	file := d.id("99%d")
	if d.files == nil {
		d.files = map[string][]byte{}
	}
	d.files[file] = files[0].Bytes
	d.mu.Unlock()
	return x.ID, d.whatsWrote(obj{"from": mayaPhone, "from_user_id": mayaUser, "id": x.ID, "timestamp": stampOf(x.At), "type": "image", "image": obj{"id": file, "mime_type": "image/png; x=1", "caption": text}},
		obj{"profile": obj{"name": "Maya Lindt"}, "wa_id": mayaPhone, "user_id": mayaUser})
}

func TestWhatsApp(t *testing.T) {
	channeltest.Run(t, func(t *testing.T) *channeltest.Rig {
		d := open4(t, WhatsApp(), channel.Settings{"phone": phoneID, "account": wabaID})
		return d.rig(&channeltest.Hook{
			Say: d.whatsSaid, Attach: d.whatsSent,
			Report: func(id string, s channel.ReportState) channel.Request {
				status := obj{"id": id, "status": string(s), "timestamp": stampOf(d.now.Now()), "recipient_id": mayaPhone, "recipient_user_id": mayaUser}
				if s == channel.ReportFailed {
					status["errors"] = []any{obj{"code": 131026, "title": "Message undeliverable", "error_data": obj{"details": "Message <b>Undeliverable</b>."}}}
				}
				return d.whatsMarked(status)
			},
		})
	})
}
