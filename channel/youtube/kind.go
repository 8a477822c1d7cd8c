// Package youtube connects the comments below a YouTube channel's videos
// (https://developers.google.com/youtube/v3/docs/comments).
//
// With an API key it hears them; with an OAuth client and a refresh token it
// answers too. Every question costs units of a daily quota: they are counted
// and kept to, and a part is left for answers. YouTube tells neither of
// deleted comments nor of edits to older ones.
package youtube

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

const title = "YouTube"

// Kind is YouTube as a kind of channel.
func Kind() channel.Kind {
	return channel.Kind{
		Name: "youtube", Title: "YouTube", Site: channel.SiteMedia,
		About: "Hear comments below your channel’s videos, and answer them.",
		Steps: []channel.Step{
			{Text: "In the Google Cloud console make a project and enable the YouTube Data API v3.", URL: "https://console.cloud.google.com/apis/library/youtube.googleapis.com"},
			{Text: "To listen only, make an API key under Credentials and restrict it to that API."},
			{Text: "To answer, make an OAuth client of the type Web application with https://developers.google.com/oauthplayground as a redirect address, and publish the consent screen: tokens of an app in testing end after a week.", URL: "https://console.cloud.google.com/apis/credentials"},
			{Text: "In the OAuth Playground, under the gear, use your own client; allow the scope https://www.googleapis.com/auth/youtube.force-ssl as the channel’s owner, and exchange the code for a refresh token.", URL: "https://developers.google.com/oauthplayground/"},
			{Text: "Copy the channel’s id, from YouTube’s advanced settings, and what you have made into the fields below.", URL: "https://www.youtube.com/account_advanced"},
		},
		Form: []channel.Field{
			{Name: "channel", Label: "Channel ID", Type: "text", Required: true, Help: "It begins with UC; not the @name."},
			{Name: "videos", Label: "Videos", Type: "lines", Help: "Only below these, one id or address a line. Left empty, below all."},
			{Name: "key", Label: "API key", Type: "secret", Help: "Enough to listen."},
			{Name: "client_id", Label: "OAuth client ID", Type: "text", Help: "To answer."},
			{Name: "client_secret", Label: "OAuth client secret", Type: "secret"},
			{Name: "refresh", Label: "Refresh token", Type: "secret"},
			{Name: "quota", Label: "Units a day", Type: "number", Default: "10000", Help: "What Google grants your project. An answer costs 50, a look 1 and more."},
			{Name: "address", Label: "Address of a gateway", Type: "url", Help: "Leave it empty, unless a gateway of yours stands between."},
		},
		New: open,
	}
}

var (
	channelID = regexp.MustCompile(`^UC[A-Za-z0-9_-]{22}$`)
	videoID   = regexp.MustCompile(`^[A-Za-z0-9_-]{11}$`)
	commentID = regexp.MustCompile(`^[A-Za-z0-9_-]{4,100}(\.[A-Za-z0-9_-]{4,100})?$`)
)

// ear hears the comments of one channel.
type ear struct {
	id     string
	videos []string
	key    string
	base   string
	oauth  *channel.OAuth // nil where we only listen
	env    channel.Env
	quota  int

	mu   sync.Mutex
	day  string // in the Pacific zone
	used int    // units of that day, as far as we know
	over time.Time
}

// voice is an ear with a token: it answers too.
type voice struct{ *ear }

func open(s channel.Settings, e channel.Env) (channel.Channel, error) {
	y := &ear{id: strings.TrimSpace(s["channel"]), key: strings.TrimSpace(s["key"]), env: e, base: "https://www.googleapis.com"}
	if !channelID.MatchString(y.id) {
		return nil, invalid("channel", "The channel’s id begins with UC and has 24 signs.")
	}
	for v := range strings.FieldsFuncSeq(s["videos"], func(r rune) bool { return r == '\n' || r == '\r' || r == ',' || r == ' ' }) {
		id := video(v)
		if id == "" {
			return nil, invalid("videos", "A video is an id of eleven signs, or its address.")
		}
		y.videos = append(y.videos, id)
	}
	if len(y.videos) > 50 {
		return nil, invalid("videos", "At most fifty videos can be followed one by one.")
	}
	y.quota = 10_000
	if q := strings.TrimSpace(s["quota"]); q != "" {
		n, err := strconv.Atoi(q)
		if err != nil || n < 100 || n > 100_000_000 {
			return nil, invalid("quota", "The units a day are a number, at least 100.")
		}
		y.quota = n
	}
	token := "https://oauth2.googleapis.com/token"
	if a := strings.TrimRight(strings.TrimSpace(s["address"]), "/"); a != "" {
		u, err := url.Parse(a)
		if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") || u.User != nil || u.RawQuery != "" {
			return nil, invalid("address", "The gateway is an address such as https://gateway.example.")
		}
		y.base, token = a, a+"/token"
	}
	if strings.ContainsAny(y.key, " \t\r\n") {
		return nil, invalid("key", "The API key is one word without spaces.")
	}
	refresh, client, secret := strings.TrimSpace(s["refresh"]), strings.TrimSpace(s["client_id"]), strings.TrimSpace(s["client_secret"])
	if refresh == "" {
		if y.key == "" {
			return nil, invalid("key", "Enter an API key to listen, or an OAuth client and a refresh token to answer too.")
		}
		return y, nil
	}
	for name, v := range map[string]string{"client_id": client, "client_secret": secret, "refresh": refresh} {
		if v == "" || strings.ContainsAny(v, " \t\r\n") {
			return nil, invalid(name, "To answer, the client’s id, its secret and the refresh token are needed, each one word without spaces.")
		}
	}
	y.oauth = &channel.OAuth{Title: title, Endpoint: token, ClientID: client, ClientSecret: secret, Secret: "refresh", Refresh: refresh, Env: e}
	return &voice{y}, nil
}

// video takes an id out of what people enter.
func video(s string) string {
	if u, err := url.Parse(s); err == nil && u.Host != "" {
		if s = u.Query().Get("v"); s == "" {
			s = u.Path[strings.LastIndex(u.Path, "/")+1:]
		}
	}
	if !videoID.MatchString(s) {
		return ""
	}
	return s
}

func invalid(field, text string) error {
	return &social.Error{Kind: social.Invalid, Field: field, Text: text}
}
