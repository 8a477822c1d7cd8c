package practice

import (
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/kit/clock"
)

func TestACrisisIsPublicAndAboutUs(t *testing.T) {
	for _, site := range []Site{Microblog, Forum, Reviews, Messages, ""} {
		n := NewNetwork(1, clock.NewSet(time.Date(2031, 5, 1, 9, 0, 0, 0, time.UTC)))
		for round := range 2 { // it may be played again
			said, err := n.Crisis(site, "brewell")
			if err != nil || said < 20 {
				t.Fatalf("%q, round %d: %d, %v", site, round, said, err)
			}
		}
		where := site
		if where == "" || where == Messages {
			where = Microblog
		}
		posts := n.Posts(where)
		if len(posts) < 40 {
			t.Errorf("%q: %d posts stand there", site, len(posts))
		}
		for _, p := range posts {
			if !strings.Contains(strings.ToLower(p.Text), "brewell") || strings.Contains(p.Text, "@us") || strings.Contains(p.Text, "@name") {
				t.Errorf("%q says %q", site, p.Text)
			}
		}
	}
}
