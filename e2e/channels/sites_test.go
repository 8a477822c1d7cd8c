//go:build networks

package channels

import (
	"fmt"
	"html"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/channel/channeltest"
	"github.com/parley-crm/parley/channel/mediawiki"
	"github.com/parley-crm/parley/channel/shaarli"
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
			Carried: func(id string) (out []channeltest.File) {
				for _, f := range blog.Figures(number(id)) {
					out = append(out, channeltest.File{Alt: f.Alt, Bytes: f.Bytes})
				}
				return out
			},
			Ours: func() (out []string) {
				for _, c := range blog.Comments(0) {
					if c.ID > before && c.Author == brand.ID {
						out = append(out, c.Text())
					}
				}
				titles := blog.Titles()
				return append(out, titles[:len(titles)-posts]...)
			},
			Stands: func(id string) (there, hidden bool) {
				status := brand.Status(number(id))
				return status != "" && status != "trash", status == "hold"
			},
			Many: 120, Tells: true, Real: true,
		}
	})
}

// wikitext is how a person types words that look like markup.
var wikitext = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

func TestMediaWiki(t *testing.T) {
	took(t, "MediaWiki")
	wiki := networks.StartMediaWiki(t)
	admin, brand, maya := wiki.Account("Admin"), wiki.Account("Brewell"), wiki.Account("Maya")
	login, password := brand.BotPassword("parley")
	n := 0
	channeltest.Run(t, func(t *testing.T) *channeltest.Rig {
		g := newGate(t, map[string]string{"": wiki.URL})
		ch, srv := connect(t, g, mediawiki.Kind(), func(url string) channel.Settings {
			return channel.Settings{"site": url + "/api.php", "user": login, "password": password}
		})
		before := int64(0)
		if all := admin.Edits("Brewell", 0); len(all) > 0 {
			before = all[len(all)-1].Revision
		}
		n++
		page, said := fmt.Sprintf("Talk:Kettle %d", n), 0
		return &channeltest.Rig{
			Channel: ch,
			Say: func(text string) string {
				said++
				return fmt.Sprintf("r%d", maya.Section(page, fmt.Sprintf("Question %d", said), "[[User:Brewell|Brewell]], "+wikitext.Replace(short(text, 20_000))))
			},
			Delete: func(id string) {
				n, _ := strconv.ParseInt(id[1:], 10, 64)
				admin.Append(page, "Thank you.") // the newest words of a page cannot be hidden
				admin.Hide(n)
			}, Trouble: srv.Trouble,
			Ours: func() (out []string) {
				for _, e := range admin.Edits("Brewell", before) {
					out = append(out, html.UnescapeString(newest(e.Text)))
				}
				return out
			},
			Many: 60, Keyed: true, Tells: true, Real: true,
		}
	})
}

// newest is the answer of ours that an edit wrote: the last line that bears
// our signature.
func newest(page string) string {
	lines := strings.Split(page, "\n")
	for i := len(lines) - 1; i >= 0; i-- {
		if words, _, signed := strings.Cut(lines[i], "[[User:Brewell|Brewell]] ([[User talk:Brewell|talk]])"); signed {
			return words
		}
	}
	return page
}

func TestShaarli(t *testing.T) {
	took(t, "Shaarli")
	list := networks.StartShaarli(t)
	n := 0
	said := map[string]networks.Bookmark{}
	channeltest.Run(t, func(t *testing.T) *channeltest.Rig {
		g := newGate(t, map[string]string{"": list.URL})
		ch, srv := connect(t, g, shaarli.Kind(), func(url string) channel.Settings {
			return channel.Settings{"site": url, "secret": list.Secret, "pages": "brewell.example"}
		})
		before := map[string]bool{}
		for _, b := range list.Bookmarks() {
			before[b.Short] = true
		}
		return &channeltest.Rig{
			Channel: ch,
			Say: func(text string) string {
				n++
				b := list.Add(networks.Bookmark{URL: fmt.Sprintf("https://brewell.example/kettle/%d", n), Title: "A kettle", Description: short(text, 100_000), Tags: []string{"tea"}})
				said[b.Short] = b
				return b.Short
			},
			Edit: func(id, text string) {
				b := said[id]
				b.Description = text
				list.Change(b)
			},
			Delete: func(id string) { list.Delete(said[id].ID) }, Trouble: srv.Trouble,
			Ours: func() (out []string) {
				all := list.Bookmarks()
				for i := range all {
					b := all[len(all)-1-i]
					if _, theirs := said[b.Short]; !theirs && !before[b.Short] {
						out = append(out, b.Title+"\n"+b.Description)
					}
				}
				return out
			},
			Many: 60, Tells: true, Real: true,
		}
	})
}
