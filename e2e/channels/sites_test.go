//go:build networks

package channels

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/channel/channeltest"
	"github.com/parley-crm/parley/channel/wordpress"
	"github.com/parley-crm/parley/e2e/networks"
)

// took prints how long a server's tests took, its start included.
func took(t *testing.T, name string) {
	began := time.Now()
	t.Cleanup(func() { t.Logf("%s: %v in all", name, time.Since(began).Round(100*time.Millisecond)) })
}

func TestWordPress(t *testing.T) {
	took(t, "WordPress")
	blog := networks.StartWordPress(t)
	brand, maya := blog.Account("brewell", ""), blog.Account("maya", "subscriber")
	post := brand.Post("The new kettle", "It whistles at 96 degrees.")
	n := 0
	channeltest.Run(t, func(t *testing.T) *channeltest.Rig {
		g := newGate(t, map[string]string{"": blog.URL})
		ch, srv := connect(t, g, wordpress.Kind(), func(url string) channel.Settings {
			return channel.Settings{"site": url, "user": brand.Name, "password": brand.Password}
		})
		before, posts := int64(0), len(blog.Titles())
		if all := blog.Comments(0); len(all) > 0 {
			before = all[len(all)-1].ID
		}
		number := func(id string) int64 { n, _ := strconv.ParseInt(id[1:], 10, 64); return n }
		return &channeltest.Rig{
			Channel: ch,
			Say: func(text string) string {
				n++ // the blog refuses the same words twice
				return fmt.Sprintf("c%d", maya.Comment(post, 0, fmt.Sprintf("%s (%d)", short(text, 60_000), n)).ID)
			},
			Edit:   func(id, text string) { brand.EditComment(number(id), text) },
			Delete: func(id string) { brand.Delete(number(id)) }, Trouble: srv.Trouble,
			Ours: func() (out []string) {
				for _, c := range blog.Comments(0) {
					if c.ID > before && c.Author == brand.ID {
						out = append(out, c.Text())
					}
				}
				titles := blog.Titles()
				return append(out, titles[:len(titles)-posts]...)
			},
			Many: 120, Tells: true, Real: true,
		}
	})
}
