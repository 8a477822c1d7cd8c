package email

import (
	"bytes"
	"mime"
	"regexp"
	"strings"

	"github.com/jhillyerd/enmime/v2"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// isReport reports whether a mail tells what became of a mail of ours
// (RFC 3464), or is a postmaster's letter of the old kind.
func isReport(h header) bool {
	kind, params, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err == nil && kind == "multipart/report" && strings.EqualFold(params["report-type"], "delivery-status") {
		return true
	}
	from, _, _ := addressOf(h.Get("From"))
	local, _, _ := strings.Cut(from, "@")
	return (local == "mailer-daemon" || local == "postmaster") && automatic(h)
}

// Reports takes out of a delivery report what became of mails of ours. Only
// those count whose Message-ID or envelope id we have signed.
func (b *box) Reports(ev channel.Event) ([]channel.Report, error) {
	e, raw, err := open2(ev.Raw)
	if err != nil {
		return nil, err
	}
	h := headerOf(raw)
	if !isReport(h) {
		return nil, nil
	}
	var status, returned []byte
	if m := parsed(raw); m != nil && m.Root != nil {
		for _, p := range m.Root.DepthMatchAll(func(*enmime.Part) bool { return true }) {
			switch p.ContentType {
			case "message/delivery-status", "message/global-delivery-status":
				status = p.Content
			case "message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers":
				returned = p.Content
			}
		}
	}
	out := channel.Report{At: e.At.UTC()}
	stamp, ok := b.about(status, returned, raw)
	if !ok {
		return nil, nil
	}
	out.ExternalID, out.Key = b.messageID(stamp), keyOf(stamp)
	if status == nil {
		out.State, out.Text = social.ReportFailed, "It came back: "+first(decoded(h.Get("Subject"), 200), "the mail could not be delivered")+"."
		return []channel.Report{out}, nil
	}
	var reports []channel.Report
	for i, block := range bytes.Split(bytes.ReplaceAll(status, []byte("\r\n"), []byte("\n")), []byte("\n\n")) {
		if i > 50 {
			break
		}
		f := headerOf(block)
		if to := domainFree(f.Get("Final-Recipient")); to == b.address {
			continue // of the copy for ourselves
		}
		r := out
		r.To = first(domainFree(f.Get("Original-Recipient")), domainFree(f.Get("Final-Recipient")))
		switch strings.ToLower(f.Get("Action")) {
		case "failed":
			r.State, r.Text = social.ReportFailed, why(f)
		case "delivered":
			r.State = social.ReportDelivered
		default:
			continue // delayed, relayed, expanded: not the end
		}
		reports = append(reports, r)
	}
	return reports, nil
}

// about finds the mail of ours that a report is about.
func (b *box) about(status, returned, raw []byte) ([]byte, bool) {
	if status != nil {
		if stamp, ok := b.open(strings.ToLower(strings.TrimSpace(headerOf(status).Get("Original-Envelope-Id"))), "id"); ok {
			return stamp, true
		}
	}
	if returned != nil {
		if stamp, ok := b.ours(idOf(headerOf(returned).Get("Message-Id"))); ok {
			return stamp, true
		}
	}
	for _, m := range anyOfOurs.FindAll(raw, 20) {
		if stamp, ok := b.ours(string(m)); ok {
			return stamp, true
		}
	}
	return nil, false
}

var anyOfOurs = regexp.MustCompile(`[a-z2-7]{45}@[A-Za-z0-9.-]{1,250}`)

func domainFree(s string) string {
	if _, a, ok := strings.Cut(s, ";"); ok {
		s = a
	}
	return strings.ToLower(strings.Trim(strings.TrimSpace(s), "<>"))
}

// why is the reason of a failure, in the words of the server that refused.
func why(f header) string {
	reason := f.Get("Diagnostic-Code")
	if _, r, ok := strings.Cut(reason, ";"); ok {
		reason = r
	}
	to := clean(domainFree(f.Get("Final-Recipient")), 100)
	text := "It came back from " + first(to, "the recipient") + ": " + first(clean(reason, 300), "status "+first(clean(f.Get("Status"), 20), "unknown"))
	return strings.NewReplacer("<", "", ">", "").Replace(strings.TrimRight(text, ". ")) + "."
}

func first(ss ...string) string {
	for _, s := range ss {
		if s != "" {
			return s
		}
	}
	return ""
}
