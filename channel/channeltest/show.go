package channeltest

import (
	"strings"
	"testing"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// showing holds a Sender to what it says of words before they are sent.
func showing(t *testing.T, s channel.Sender) {
	to := social.Author{Scheme: "acct", Value: "maya@elsewhere.example", Handle: "@maya@elsewhere.example", Name: "Maya"}
	for _, words := range []string{"", "It is on its way.", "See https://example.org/a/very/long/address?with=1", "Grüße 👩‍👩‍👧‍👦 ж", "مرحبا", strings.Repeat("On its way. ", 500)} {
		for _, v := range s.Visibilities() {
			shown := channel.Show(s, social.Reply{To: to, Text: words, Visibility: v})
			if shown.Before < 0 || shown.Before > len(shown.Text) || shown.Text[shown.Before:] != words {
				t.Errorf("%.20q stands as %.60q of which %d bytes were put in front", words, shown.Text, shown.Before)
			}
			if shown.Link < 0 || shown.Pieces < 0 || (shown.Pieces > 1 && shown.Per <= 0) {
				t.Errorf("%.20q: %+v", words, shown)
			}
			if again := channel.Show(s, social.Reply{To: to, Text: words, Visibility: v}); again != shown {
				t.Errorf("%.20q is shown in two ways: %+v and %+v", words, shown, again)
			}
		}
	}
	for _, v := range s.Visibilities() {
		if most, _ := channel.Threads(s, v); most < 0 || most == 1 || most > 25 {
			t.Errorf("a long %s answer may be of %d parts", v, most)
		}
	}
}
