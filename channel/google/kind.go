// Package google connects the reviews of a Google Business Profile
// (https://developers.google.com/my-business/content/review-data): it hears
// reviews of every place of an account with their stars, and answers.
//
// A review bears one answer of ours: a second one takes the place of the
// first. Google does not tell when a review is taken back, nor who somebody
// is beyond a name; so each review has an author of its own.
package google

import (
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// Kind is Google reviews as a kind of channel.
func Kind() channel.Kind {
	return channel.Kind{
		Name: "google", Title: "Google reviews", Site: channel.SiteReview,
		About: "Hear reviews of your places on Google Maps and Search, with their stars, and answer them.",
		Steps: []channel.Step{
			{Text: "Have your places verified in a Google Business Profile account for which you are an owner or manager.", URL: "https://business.google.com/"},
			{Text: "In the Google Cloud console make a project and ask Google for access to the Business Profile APIs; until it is granted, the quota is nought.", URL: "https://developers.google.com/my-business/content/prereqs"},
			{Text: "Enable the My Business Account Management, the My Business Business Information and the Google My Business API. Make an OAuth client of the type Web application, with https://developers.google.com/oauthplayground as a redirect address, and publish the consent screen: tokens of an app in testing end after a week.", URL: "https://console.cloud.google.com/apis/credentials"},
			{Text: "In the OAuth Playground, under the gear, use your own client; allow the scope https://www.googleapis.com/auth/business.manage as the account’s manager, and exchange the code for a refresh token.", URL: "https://developers.google.com/oauthplayground/"},
			{Text: "Copy the client’s id and secret, the refresh token and the account’s name into the fields below."},
		},
		Form: []channel.Field{
			{Name: "account", Label: "Account", Type: "text", Required: true, Help: "Its name, such as accounts/110562364813293648233, from GET https://mybusinessaccountmanagement.googleapis.com/v1/accounts."},
			{Name: "locations", Label: "Places", Type: "lines", Help: "Only these, one a line, such as locations/6511212333112302443. Left empty, all of the account."},
			{Name: "client_id", Label: "OAuth client ID", Type: "text", Required: true},
			{Name: "client_secret", Label: "OAuth client secret", Type: "secret", Required: true},
			{Name: "refresh", Label: "Refresh token", Type: "secret", Required: true},
			{Name: "address", Label: "Address of a gateway", Type: "url", Help: "Leave it empty, unless a gateway of yours stands between."},
		},
		New: open,
	}
}

var (
	accountName  = regexp.MustCompile(`^accounts/[0-9]{1,40}$`)
	locationName = regexp.MustCompile(`^locations/[0-9]{1,40}$`)
	reviewName   = regexp.MustCompile(`^accounts/[0-9]{1,40}/locations/[0-9]{1,40}/reviews/[A-Za-z0-9_-]{1,300}$`)
)

// house is one account with its places.
type house struct {
	account string
	only    map[string]bool // places; nil for all
	base    *url.URL        // of a gateway; nil for Google's own addresses
	oauth   *channel.OAuth
	env     channel.Env

	mu     sync.Mutex
	places []place // as Google listed them
	listed time.Time
}

const title = "Google"

func open(s channel.Settings, e channel.Env) (channel.Channel, error) {
	h := &house{account: strings.TrimSpace(s["account"]), env: e}
	if !accountName.MatchString(h.account) {
		return nil, invalid("account", "The account is a name such as accounts/110562364813293648233.")
	}
	for l := range strings.FieldsFuncSeq(s["locations"], func(r rune) bool { return r == '\n' || r == '\r' || r == ',' || r == ' ' }) {
		l = strings.TrimPrefix(l, h.account+"/")
		if !locationName.MatchString(l) {
			return nil, invalid("locations", "A place is a name such as locations/6511212333112302443.")
		}
		if h.only == nil {
			h.only = map[string]bool{}
		}
		h.only[l] = true
	}
	for name, label := range map[string]string{"client_id": "The client’s id", "client_secret": "The client’s secret", "refresh": "The refresh token"} {
		if v := strings.TrimSpace(s[name]); v == "" || strings.ContainsAny(v, " \t\r\n") {
			return nil, invalid(name, label+" is one word without spaces.")
		}
	}
	token := "https://oauth2.googleapis.com/token"
	if a := strings.TrimRight(strings.TrimSpace(s["address"]), "/"); a != "" {
		u, err := url.Parse(a)
		if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") || u.User != nil || u.RawQuery != "" {
			return nil, invalid("address", "The gateway is an address such as https://gateway.example.")
		}
		h.base, token = u, a+"/token"
	}
	h.oauth = &channel.OAuth{Title: title, Endpoint: token, ClientID: strings.TrimSpace(s["client_id"]), ClientSecret: strings.TrimSpace(s["client_secret"]),
		Secret: "refresh", Refresh: strings.TrimSpace(s["refresh"]), Env: e}
	return h, nil
}

func invalid(field, text string) error {
	return &social.Error{Kind: social.Invalid, Field: field, Text: text}
}
