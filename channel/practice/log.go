package practice

import (
	"encoding/json"
	"time"
)

// entry is one line of the network's log. Its place in the log, counted from
// one, is its sequence number and the cursor to resume after it.
type entry struct {
	Seq  int       `json:"seq"`
	Type string    `json:"type"` // "create", "update", "delete", "hide", "show", "share", "unshare"
	At   time.Time `json:"at"`
	Post Post      `json:"post"` // of a share its site alone
	By   Persona   `json:"by"`   // the author, or who shared, as of then

	Share *passing `json:"share,omitempty"`
}

// write adds a line to the log and wakes whoever waits for it.
func (n *Network) write(kind string, p *Post) {
	n.log = append(n.log, entry{
		Seq: len(n.log) + 1, Type: kind, At: n.clock.Now(), Post: p.copy(), By: n.people[fold(p.By)],
	})
	close(n.stir)
	n.stir = make(chan struct{})
}

// after returns up to limit entries of a site behind seq, the sequence number
// up to which it has looked, and whether there are more.
func (n *Network) after(s Site, seq, limit int) (out []entry, reached int, more bool) {
	n.settle()
	for i := max(0, seq); i < len(n.log); i++ {
		if n.log[i].Post.Site != s {
			continue
		}
		if len(out) == limit {
			return out, out[limit-1].Seq, true
		}
		out = append(out, n.log[i])
	}
	return out, max(seq, len(n.log)), false
}

// recent returns the sequence number behind which the site's last few entries
// of the past week stand.
func (n *Network) recent(s Site, few int) int {
	since := n.clock.Now().Add(-7 * 24 * time.Hour)
	for i := len(n.log) - 1; i >= 0; i-- {
		if n.log[i].Post.Site != s {
			continue
		}
		if few == 0 || n.log[i].At.Before(since) {
			return i + 1
		}
		few--
	}
	return 0
}

func (e entry) raw() []byte {
	b, err := json.Marshal(e)
	if err != nil {
		panic(err) // plain data: it cannot fail
	}
	return b
}

// Grown returns how many lines the log has, and a channel that is closed when
// there is another: for whoever keeps the network (Save).
func (n *Network) Grown() (lines int, more <-chan struct{}) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return len(n.log), n.stir
}
