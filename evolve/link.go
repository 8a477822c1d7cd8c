package evolve

import (
	"context"
	"crypto/rand"
	"net/url"
	"strings"

	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/social"
	"mvdan.cc/xurls/v2"
)

// codeAlphabet leaves out what is easily misread; 7 letters give 3·10^10 codes.
const codeAlphabet = "23456789abcdefghjkmnpqrstuvwxyz"

const codeLength = 7

func newCode() string {
	raw := make([]byte, codeLength)
	_, _ = rand.Read(raw) // never fails
	for i, b := range raw {
		raw[i] = codeAlphabet[int(b)%len(codeAlphabet)]
	}
	return string(raw)
}

// NewLink makes a tracked link to a web address.
func (g *Ledger) NewLink(ctx context.Context, l Link) (Link, error) {
	u, err := url.Parse(strings.TrimSpace(l.Target))
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" {
		return Link{}, &social.Error{Kind: social.Invalid, Field: "target", Text: "Give a whole web address, beginning with https://."}
	}
	if len(l.Target) > 2000 {
		return Link{}, &social.Error{Kind: social.Invalid, Field: "target", Text: "This address is longer than 2,000 characters, more than browsers take."}
	}
	actor, _ := social.ActorOf(ctx)
	l.ID, l.Code, l.Target = social.LinkID(id.At(g.Clock.Now())), newCode(), u.String()
	l.By, l.CreatedAt = actor.Member, g.Clock.Now()
	err = g.Store.InTx(ctx, func(ctx context.Context) error {
		if err := g.Store.AddLink(ctx, l); err != nil {
			return err
		}
		return g.Store.Record(ctx, social.Entry{Verb: "create", Object: "link", ID: string(l.ID),
			Detail: map[string]any{"host": u.Host, "conversation": l.Conversation}})
	})
	return l, err
}

// URL is the short address of a link.
func (g *Ledger) URL(l Link) string { return g.Base + "/l/" + l.Code }

// Origin says which conversation and message a text belongs to.
type Origin struct {
	Conversation social.ConversationID
	Message      social.MessageID
	Channel      social.ChannelID
	ChannelKind  string
	Identity     social.IdentityID
	Programme    social.ProgrammeID
	Campaign     string
}

// Track replaces the web addresses in a text by tracked links, in the
// transaction of ctx. Without a public address to lead through, and for links
// that are ours already, the text stays as it is.
func (g *Ledger) Track(ctx context.Context, o Origin, text string) (string, error) {
	tracked, _, err := g.TrackAll(ctx, o, text)
	return tracked, err
}

// Sketch is a text as long as Track would make it, without making links.
func (g *Ledger) Sketch(text string) string {
	if g.Base == "" {
		return text
	}
	return xurls.Strict().ReplaceAllStringFunc(text, func(address string) string {
		if !g.trackable(address) {
			return address
		}
		return g.Base + "/l/" + strings.Repeat("x", codeLength)
	})
}

func (g *Ledger) trackable(address string) bool {
	return (strings.HasPrefix(address, "https://") || strings.HasPrefix(address, "http://")) && !strings.HasPrefix(address, g.Base+"/l/")
}

// TrackAll is Track, and says which links it made.
func (g *Ledger) TrackAll(ctx context.Context, o Origin, text string) (string, []social.LinkID, error) {
	if g.Base == "" {
		return text, nil, nil
	}
	var problem error
	var links []social.LinkID
	made := map[string]string{} // the same address twice in one text is one link
	tracked := xurls.Strict().ReplaceAllStringFunc(text, func(address string) string {
		if problem != nil || !g.trackable(address) {
			return address
		}
		if short, ok := made[address]; ok {
			return short
		}
		l, err := g.NewLink(ctx, Link{Target: address, Conversation: o.Conversation, Message: o.Message, Channel: o.Channel,
			ChannelKind: o.ChannelKind, Identity: o.Identity, Programme: o.Programme, Campaign: o.Campaign})
		if err != nil {
			problem = err
			return address
		}
		made[address] = g.URL(l)
		links = append(links, l.ID)
		return made[address]
	})
	return tracked, links, problem
}

// Visit is a request for a short link.
type Visit struct {
	Code     string
	Agent    string
	Referrer string
	Prefetch bool // HEAD, or the browser says that it only looks ahead
}

// Follow counts a visit and returns where it leads: the target with the usual
// UTM parameters, unless it has its own, and the click's id. Machines that
// only preview a link are led on without being counted.
func (g *Ledger) Follow(ctx context.Context, v Visit) (string, error) {
	l, err := g.Store.LinkByCode(ctx, v.Code)
	if err != nil {
		return "", err
	}
	target, err := url.Parse(l.Target)
	if err != nil {
		return "", social.Because(social.Fault, err, "This link is broken.")
	}
	query := target.Query()
	set := func(key, value string) {
		if value != "" && !query.Has(key) {
			query.Set(key, value)
		}
	}
	set("utm_source", l.ChannelKind)
	set("utm_medium", "social")
	set("utm_campaign", l.Campaign)
	if v.Prefetch || isMachine(v.Agent) {
		target.RawQuery = query.Encode()
		return target.String(), nil
	}
	now := g.Clock.Now()
	click := Click{ID: id.At(now), Link: l.ID, At: now}
	if u, err := url.Parse(v.Referrer); err == nil {
		click.Referrer = u.Host
	}
	err = g.Store.InTx(ctx, func(ctx context.Context) error {
		if err := g.Store.AddClick(ctx, click); err != nil {
			return err
		}
		if err := g.Store.Add(ctx, []Sum{{Day: Day(now), What: "click", Channel: l.Channel, Programme: l.Programme, N: 1}}, nil); err != nil {
			return err
		}
		return g.Store.Tell(ctx, social.Clicked{Link: l.ID, Conversation: l.Conversation, At: now})
	})
	if err != nil {
		return "", err
	}
	query.Set("parley_click", click.ID)
	target.RawQuery = query.Encode()
	return target.String(), nil
}

// machines are parts of the names under which previewers and crawlers go.
var machines = []string{"bot", "crawler", "spider", "preview", "fetch", "slurp", "facebookexternalhit", "mastodon/", "gotosocial", "pleroma", "misskey", "curl/", "wget/", "python-", "go-http-client", "headlesspreview"}

func isMachine(agent string) bool {
	agent = strings.ToLower(agent)
	if agent == "" {
		return true
	}
	for _, m := range machines {
		if strings.Contains(agent, m) {
			return true
		}
	}
	return false
}
