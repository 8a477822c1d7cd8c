//go:build browser

package doors

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/parley-crm/parley/e2e/browser"
)

// aFile brings in history: a row that is wrong is shown before, everything is
// looked at, then brought in over a crash; the same file again changes nothing.
func aFile(p *place) {
	w := p.ada
	path := filepath.Join(p.TempDir(), "Old reviews.csv")
	var text strings.Builder
	text.WriteString("Reviewer;Date;Stars;Comment\nMaya;2024-03-01;5;Lovely kettle, sings in tune\nTom;someday;1;Broken\n")
	for i := range 30_000 {
		fmt.Fprintf(&text, "Person %d;2024-04-%02d 10:00;%d;Review number %d of the small kettle\n", i%900, 1+i%28, 1+i%5, i)
	}
	if err := os.WriteFile(path, []byte(text.String()), 0o600); err != nil {
		p.Fatal(err)
	}
	bring := func() {
		p.Helper()
		w.Open(p.h.URL + "/settings/history")
		w.See("Bring in a file")
		w.Upload("/^File$/", path)
		w.See("The first rows")
		w.See("Lovely kettle, sings in tune")
	}
	w.Open(p.h.URL + "/settings/history")
	w.See("No file was brought in yet.")
	w.Accessible()
	bring()
	w.See("/“someday” is no time that can be read/")
	w.Accessible()
	w.Click("button", "Only look at every row")
	w.SeeWithin("/30,001 rows can be brought in; nothing was kept yet/", 60_000)
	w.Click("button", "Bring it in")
	w.See("Bringing it in …")
	w.Accessible()
	p.h.Kill() // in the middle of it
	p.b.Forgive(browser.Outage)
	p.h.Run()
	w.Reload()
	w.SeeWithin("Brought in: 30,001 new.", 120_000)
	w.SeeRole("link", "/Download them/")
	w.Accessible()
	w.Click("link", "See it on the wall")
	w.See("/of the small kettle/")

	bring()
	w.Click("button", "Bring it in")
	w.SeeWithin("Brought in: 0 new.", 120_000)
	w.Resize(390, 844)
	w.Accessible()
	w.Resize(1440, 900)
	w.Open(p.h.URL + "/engage?view=all")
	w.SeeRole("region", "Conversations")
	if n := w.Count("link", "/small kettle/"); n != 0 {
		p.Fatalf("%d of them entered the inbox", n)
	}
}
