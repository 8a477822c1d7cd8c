package engage_test

import (
	"context"
	"testing"
	"time"

	"github.com/parley-crm/parley/engage"
)

// A backup was written while two replies were on their way. One was posted
// before the restore, the other was not.
func TestAfterARestoreNothingIsSentAgain(t *testing.T) {
	each(t, func(w *world) {
		cid := w.began()
		posted := w.reply(cid, "k1", "It was posted since.")
		waited := w.reply(cid, "k2", "It waited behind the first.")
		w.net.posts[string(posted.ID)] = "out-1"
		w.must(w.desk.Restored(context.Background()))
		for _, m := range []engage.Message{posted, waited} {
			if got := w.stage(m.ID); got != engage.Unknown {
				t.Fatalf("%q is %s, want unknown", m.Text, got)
			}
		}
		for range 5 {
			w.later(time.Minute)
		}
		if got := w.stage(posted.ID); got != engage.Confirmed {
			t.Errorf("what stands on the network is %s, want confirmed", got)
		}
		if got := w.stage(waited.ID); got != engage.Failed {
			t.Errorf("what is not there is %s, want failed, for a person to send again", got)
		}
		if w.net.sends != 0 {
			t.Errorf("the network was sent %d replies, want none", w.net.sends)
		}
		w.must(w.desk.Restored(context.Background())) // what has come to an end stays there
		if got := w.stage(posted.ID); got != engage.Confirmed {
			t.Errorf("once more, and it is %s", got)
		}
		if got := w.count("SELECT COUNT(*) FROM record WHERE verb = 'hold'"); got != 2 {
			t.Errorf("%d entries of the record, want 2", got)
		}
	})
}

func TestAfterARestoreANetworkThatCannotBeAskedNeedsAPerson(t *testing.T) {
	each(t, func(w *world) {
		w.net.finds = false
		m := w.reply(w.began(), "k1", "Who knows.")
		w.must(w.desk.Restored(context.Background()))
		for range 5 {
			w.later(time.Minute)
		}
		if got := w.stage(m.ID); got != engage.NeedsCheck || w.net.sends != 0 {
			t.Errorf("it is %s after %d sends, want needs_check and none", got, w.net.sends)
		}
	})
}
