package listenapi_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/parley-crm/parley/channel/practice"
	"github.com/parley-crm/parley/listen/listenapi"
)

func TestWhoShared(t *testing.T) {
	each(t, func(h *house) {
		var c listenapi.Channel
		h.do("all", "POST", "/api/channels", `{"kind":"practice","name":"Practice","settings":{"handle":"brewell"},"programme":"care"}`, 201, &c)
		h.net.Join(practice.Cast()...)
		who := h.net.People()
		of, err := h.net.Post(who[0].Handle, practice.Said{Text: "My kettle sings"})
		if err != nil {
			t.Fatal(err)
		}
		must := func(err error) {
			if err != nil {
				t.Fatal(err)
			}
		}
		for _, p := range who[1:4] {
			_, err := h.net.Share(p.Handle, of)
			must(err)
		}
		quote, err := h.net.Quote(who[4].Handle, of, practice.Said{Text: "So does mine"})
		must(err)
		must(h.net.Unshare(who[1].Handle, of))
		h.do("all", "POST", "/api/channels/"+string(c.ID)+"/poll", "", 200, nil)

		var wall list[listenapi.Mention]
		h.do("reader", "GET", "/api/mentions", "", 200, &wall)
		var x listenapi.Mention
		for _, m := range wall.Items {
			if m.Text == "My kettle sings" {
				x = m
			}
		}
		if x.Shares != 3 || x.SharedBy != 3 {
			t.Fatalf("shared %d times, %d known: %+v", x.Shares, x.SharedBy, x)
		}
		path := "/api/mentions/" + string(x.ID) + "/shares"
		var got []string
		cursor := ""
		for range 10 {
			var page list[listenapi.Sharer]
			h.do("reader", "GET", path+"?limit=2"+cursor, "", 200, &page)
			for _, s := range page.Items {
				got = append(got, fmt.Sprint(s.Kind, " ", s.Handle, " ", s.Person != ""))
			}
			if page.Next == nil {
				break
			}
			cursor = "&cursor=" + *page.Next
		}
		b, _ := json.Marshal(got)
		want, _ := json.Marshal([]string{"share " + who[3].Handle + " true", "share " + who[2].Handle + " true", "quote " + who[4].Handle + " true"})
		if len(got) != 3 || !sameWords(got, string(want)) {
			t.Errorf("%s, want %s", b, want)
		}
		h.do("", "GET", path, "", 401, nil)
		h.do("press", "GET", path, "", 404, nil) // of another programme
		h.do("care", "GET", path, "", 200, nil)
		h.do("reader", "GET", path+"?cursor=forged", "", 422, nil)
		h.do("reader", "GET", path+"?colour=red", "", 422, nil)
		h.do("reader", "GET", "/api/mentions/nothing/shares", "", 404, nil)

		must(h.net.Delete(quote))
		must(h.net.Delete(of))
		h.do("all", "POST", "/api/channels/"+string(c.ID)+"/poll", "", 200, nil)
		var page list[listenapi.Sharer]
		h.do("reader", "GET", path, "", 200, &page)
		if len(page.Items) != 0 {
			t.Errorf("a deleted post still tells who shared it: %+v", page.Items)
		}
	})
}

// sameWords reports whether each of the words stands in a list of them, in JSON.
func sameWords(got []string, want string) bool {
	var all []string
	_ = json.Unmarshal([]byte(want), &all)
	left := map[string]int{}
	for _, s := range all {
		left[s]++
	}
	for _, s := range got {
		left[s]--
	}
	for _, n := range left {
		if n != 0 {
			return false
		}
	}
	return true
}
