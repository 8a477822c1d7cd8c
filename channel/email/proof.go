package email

import (
	"bytes"
	"context"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-msgauth/authres"
	"github.com/emersion/go-msgauth/dkim"
	"golang.org/x/net/publicsuffix"
)

// proof is what is known of a mail's sender when it is taken. It is kept with
// the mail, since DNS may say something else later.
type proof struct {
	Domains []string `json:"domains,omitempty"` // that vouch for the mail
	Fails   bool     `json:"fails,omitempty"`   // the sender's domain says that it is forged (DMARC)
	By      string   `json:"by,omitempty"`      // "server" or "dkim"
}

// covers reports whether a domain that vouches is the author's: the same, or
// of the same organization (RFC 7489 calls that relaxed alignment).
func (p proof) covers(address string) bool {
	_, domain, _ := strings.Cut(address, "@")
	return !p.Fails && domain != "" && slices.ContainsFunc(p.Domains, func(d string) bool { return organization(d) == organization(domain) })
}

func organization(domain string) string {
	domain = strings.ToLower(strings.TrimSuffix(domain, "."))
	if org, err := publicsuffix.EffectiveTLDPlusOne(domain); err == nil {
		return org
	}
	return domain
}

// mostSignatures is how many signatures of one mail are checked.
const mostSignatures = 5

// check finds out who vouches for a mail: the mailbox's own server where one
// is trusted, otherwise the signatures in it, of which a cut mail has none.
func (b *box) check(ctx context.Context, raw []byte, whole bool) proof {
	h := headerOf(raw)
	if b.trust != "" {
		return serverSays(h, b.trust)
	}
	if !whole || h.Get("Dkim-Signature") == "" {
		return proof{}
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	lookup := b.txt
	if lookup == nil {
		lookup = func(name string) ([]string, error) { return net.DefaultResolver.LookupTXT(ctx, name) }
	}
	found, _ := dkim.VerifyWithOptions(bytes.NewReader(crlf(raw)), &dkim.VerifyOptions{LookupTXT: lookup, MaxVerifications: mostSignatures})
	p := proof{By: "dkim"}
	for _, v := range found {
		if v.Err == nil && (v.Expiration.IsZero() || v.Expiration.After(b.now())) && onePerName(h, "From", "Subject") {
			p.Domains = append(p.Domains, strings.ToLower(v.Domain))
		}
	}
	return p
}

// onePerName: a second field of a name could be shown instead of the signed one.
func onePerName(h header, names ...string) bool {
	for _, n := range names {
		if len(h.all(n)) > 1 {
			return false
		}
	}
	return true
}

// serverSays reads the first Authentication-Results in the name of the trusted
// server. Such a server takes away what others claim in its name (RFC 8601, 5).
func serverSays(h header, trust string) proof {
	p := proof{By: "server"}
	for _, v := range h.all("Authentication-Results") {
		id, results, err := authres.Parse(v)
		name, _, _ := strings.Cut(strings.TrimSpace(id), " ")
		if err != nil || !strings.EqualFold(name, trust) {
			continue
		}
		for _, r := range results {
			switch r := r.(type) {
			case *authres.DMARCResult:
				switch r.Value {
				case authres.ResultPass:
					p.Domains = append(p.Domains, domainOf(r.From))
				case authres.ResultFail:
					p.Fails = true
				}
			case *authres.DKIMResult:
				if r.Value == authres.ResultPass {
					p.Domains = append(p.Domains, domainOf(r.Domain))
				}
			case *authres.SPFResult:
				if r.Value == authres.ResultPass && r.From != "" {
					p.Domains = append(p.Domains, domainOf(r.From))
				}
			}
		}
		break
	}
	p.Domains = slices.DeleteFunc(p.Domains, func(d string) bool { return d == "" })
	return p
}

func domainOf(s string) string {
	if i := strings.LastIndexByte(s, '@'); i >= 0 {
		s = s[i+1:]
	}
	return strings.ToLower(strings.Trim(s, "<> "))
}

// crlf gives a mail the line ends that are signed.
func crlf(raw []byte) []byte {
	if bytes.Contains(raw, []byte("\r\n")) {
		return raw
	}
	return bytes.ReplaceAll(raw, []byte("\n"), []byte("\r\n"))
}
