package channel

import "github.com/parley-crm/parley/social"

// Shown is how words will stand on a network.
type Shown struct {
	Text   string // as it will be read there
	Before int    // how many bytes of it, at the beginning, are put there and were not written
	Link   int    // as how many of the room's units each link counts; 0: as long as it is
	Pieces int    // in how many pieces the network carries it (the segments of an SMS); 0: nobody counts them
	Per    int    // how many units each of several pieces holds
	Wide   string // the first sign that makes pieces hold less; "" when none does
}

// Shower is a Sender on whose network words stand in another way than they
// were written: with a name in front, or cut into pieces.
type Shower interface {
	// Show says how a reply would stand. It is a pure function of the reply and
	// of what the channel knows by now; it asks nobody.
	Show(r social.Reply) Shown
}

// Show says how a reply would stand on a network.
func Show(s Sender, r social.Reply) Shown {
	if w, ok := s.(Shower); ok {
		return w.Show(r)
	}
	return Shown{Text: r.Text}
}

// Threader is a Sender on which an answer that is too long may go out as
// several, one after the other.
type Threader interface {
	// Threads says of how many parts an answer of a visibility may be, 0 when
	// it must be one, and whether each part answers the one before it rather
	// than what all of them answer.
	Threads(v social.Visibility) (most int, onto bool)
}

// Threads says how a long answer may be parted on a network.
func Threads(s Sender, v social.Visibility) (most int, onto bool) {
	if t, ok := s.(Threader); ok {
		return t.Threads(v)
	}
	return 0, false
}

// Signer is a Sender on which what people of ours write ends with a signature.
type Signer interface {
	// Signature is as the settings have it: {{member}} stands for the name of
	// whoever writes, {{first}} for their first name. "" for none.
	Signature() string
}

// SignatureOf is the signature of a network, "" where it has none.
func SignatureOf(s Sender) string {
	if w, ok := s.(Signer); ok {
		return w.Signature()
	}
	return ""
}
