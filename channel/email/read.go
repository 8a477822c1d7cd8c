package email

import (
	"slices"
	"strings"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// Read turns a mail into what its author said.
func (b *box) Read(ev channel.Event) ([]social.Activity, error) {
	e, raw, err := open2(ev.Raw)
	if err != nil {
		return nil, err
	}
	h := headerOf(raw)
	if isReport(h) {
		return nil, nil // Reports reads it
	}
	address, name, ok := addressOf(h.Get("From"))
	if !ok {
		return nil, social.Errorf(social.Invalid, "This mail does not say who wrote it.")
	}
	id := idOf(h.Get("Message-Id"))
	if stamp, ok := b.ours(id); ok && b.fromUs(raw) {
		return []social.Activity{b.own(e, h, raw, stamp)}, nil
	}
	if id == "" {
		id = digest(raw)[:32]
	}
	a := social.Activity{
		ExternalID: id + "/" + digest(raw)[:16], Verb: social.Create, Form: social.FormDirect, Visibility: social.Direct,
		Title: decoded(h.Get("Subject"), 300), Published: e.At, Directed: !automatic(h),
	}
	if a.Published.IsZero() || a.Published.Year() < 1970 {
		a.Published = ev.At
	}
	a.Published = a.Published.UTC()
	a.Author = b.author(e, h, address, name)
	a.Author.Bot = !a.Directed
	refs := append(idsOf(h.Get("References")), idsOf(h.Get("In-Reply-To"))...)
	a.Root = id
	if len(refs) > 0 {
		a.Root = refs[0]
	}
	if stamp, _, ok := b.proven(recipients(h), address); ok {
		a.Parent = b.messageID(stamp)
	} else if stamp, ok := b.shared(recipients(h)); ok {
		a.Parent = b.messageID(stamp)
	} else {
		for _, r := range slices.Backward(refs) {
			if stamp, ok := b.ours(r); ok {
				a.Parent = b.messageID(stamp)
				break
			}
		}
	}
	if a.Text = b.text(raw, h); a.Text == "" && a.Title == "" && len(e.Parts) == 0 {
		a.Text = "(an empty mail)"
	}
	a.Text = strings.TrimSpace(a.Text + listed(e.Parts))
	return []social.Activity{a}, nil
}

// own is a copy of a mail of ours.
func (b *box) own(e envelope, h header, raw []byte, stamp []byte) social.Activity {
	a := social.Activity{
		ExternalID: b.messageID(stamp), Verb: social.Create, Form: social.FormDirect, Visibility: social.Direct, Own: true,
		Author: b.self(), Title: decoded(h.Get("Subject"), 300), Text: b.text(raw, h), Published: e.At.UTC(),
	}
	if refs := idsOf(h.Get("References")); len(refs) > 0 {
		a.Root = refs[0]
	}
	a.Parent = h.Get("X-Parley-Answers")
	return a
}

// author is who wrote, and whether that is sure: our reply address says as
// whom we wrote to them; otherwise the signature of their domain.
func (b *box) author(e envelope, h header, address, name string) social.Author {
	a := social.Author{Scheme: "mailto", Value: address, Name: name}
	if a.Name == "" {
		a.Name = address
	}
	alone := len(h.all("From")) == 1 && !e.Proof.Fails
	_, issuer, known := b.proven(recipients(h), address)
	switch {
	case known && alone:
		a.Issuer = issuer
	case !alone || !e.Proof.covers(address):
		a.Issuer = unverified
	}
	a.Unverified = a.Issuer == unverified
	return a
}

// recipients are the addresses that a mail came to, as far as its head says.
func recipients(h header) (out []string) {
	for _, name := range []string{"Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc"} {
		for _, v := range h.all(name) {
			for _, s := range strings.Split(v, ",") {
				if len(out) >= 100 {
					return out
				}
				if a, _, ok := addressOf(s); ok {
					out = append(out, a)
				} else if s = strings.TrimSpace(s); strings.Count(s, "@") == 1 && len(s) < 255 {
					out = append(out, s)
				}
			}
		}
	}
	return out
}

// fromUs reports whether a mail bears our own address.
func (b *box) fromUs(raw []byte) bool {
	a, _, ok := addressOf(headerOf(raw).Get("From"))
	return ok && a == b.address
}

// automatic reports whether a machine wrote: an answering machine, a list, a
// loop. Nobody waits for an answer to that, and answering may never end.
func automatic(h header) bool {
	if v := strings.ToLower(h.Get("Auto-Submitted")); v != "" && !strings.HasPrefix(v, "no") {
		return true
	}
	switch strings.ToLower(h.Get("Precedence")) {
	case "bulk", "list", "junk", "auto_reply":
		return true
	}
	for _, name := range []string{"List-Id", "List-Unsubscribe", "X-Autoreply", "X-Autorespond", "X-Auto-Reply", "X-Loop", "Feedback-Id"} {
		if h.Get(name) != "" {
			return true
		}
	}
	return strings.ReplaceAll(h.Get("Return-Path"), " ", "") == "<>"
}
