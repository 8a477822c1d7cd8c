package practice

import (
	"context"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// Trouble is what goes wrong with requests to the network, so that one can
// practise that as well.
type Trouble string

// The troubles. They last until Trouble is called again.
const (
	NoTrouble   Trouble = ""
	Away        Trouble = "away"         // cannot be reached at all
	Limited     Trouble = "limited"      // asks us to wait
	Failing     Trouble = "failing"      // answers with an error of its own, having done nothing
	FailingLate Trouble = "failing late" // does what it is asked and then answers with an error
	Broken      Trouble = "broken"       // the connection breaks before anything is done
	BrokenLate  Trouble = "broken late"  // does what it is asked, and the connection breaks
	Revoked     Trouble = "revoked"      // does not accept our credentials
	Refused     Trouble = "refused"      // refuses what we say
	Silent      Trouble = "silent"       // never answers
)

// Trouble sets what goes wrong from now on. Open streams break when the
// network goes away.
func (n *Network) Trouble(t Trouble) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.trouble = t
	if t != NoTrouble {
		n.drop()
	}
}

// Drop breaks the open streams once.
func (n *Network) Drop() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.drop()
}

func (n *Network) drop() {
	close(n.breaks)
	n.breaks = make(chan struct{})
}

// call does something with the network as over a wire: it may fail before,
// and after. do runs with the lock held.
func (n *Network) call(ctx context.Context, s Site, changes bool, do func() error) error {
	title := rules[s].title
	if err := ctx.Err(); err != nil {
		return social.Because(social.Busy, err, "%s was not asked: the request was cancelled.", title)
	}
	n.mu.Lock()
	t := n.trouble
	n.mu.Unlock()
	lost := social.Errorf(social.Busy, "%s did not answer.", title)
	if changes {
		lost = social.Errorf(social.Unknown, "%s did not answer, so nobody can tell whether it was done.", title)
	}
	switch t {
	case Away:
		return social.Errorf(social.Busy, "%s cannot be reached right now.", title)
	case Limited:
		return &channel.Later{Err: social.Errorf(social.Busy, "%s asks us to wait.", title), Wait: 7 * time.Second}
	case Revoked:
		return social.Errorf(social.Unauth, "%s does not accept our credentials any more.", title)
	case Refused:
		if changes {
			return social.Errorf(social.Forbidden, "%s refuses this.", title)
		}
	case Failing, Broken:
		return lost
	case Silent:
		<-ctx.Done()
		return lost
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.settle()
	err := do()
	if changes && err == nil && (t == FailingLate || t == BrokenLate) {
		return lost
	}
	return err
}
