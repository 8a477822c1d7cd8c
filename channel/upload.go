package channel

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/parley-crm/parley/kit/picture"
	"github.com/parley-crm/parley/social"
)

// Bytes reads what is to be sent, made smaller where a network wants that.
func Bytes(l Load, m Media) (Media, []byte, error) {
	data, err := io.ReadAll(m.Open())
	if err != nil {
		return m, nil, social.Because(social.Busy, err, "A file that goes along cannot be read.")
	}
	if l.Shrinks <= 0 || int64(len(data)) <= l.Shrinks || !strings.HasPrefix(m.Type, "image/") {
		return m, data, nil
	}
	small, err := picture.Shrink(data, int(l.Shrinks))
	if err != nil {
		return m, nil, social.Because(social.Invalid, err, "%s is too large for this network, and cannot be made smaller.", m.Name)
	}
	m.Type, m.Width, m.Height, m.Size = "image/jpeg", small.Width, small.Height, int64(len(small.JPEG))
	m.Open = func() io.ReadSeeker { return bytes.NewReader(small.JPEG) }
	return m, small.JPEG, nil
}

// kept is how long a network is trusted to keep a file that nothing uses yet.
const kept = time.Hour

// Uploads remembers under which names a network took the files of a post that
// does not stand yet, so that another attempt does not send them again.
type Uploads struct {
	mu  sync.Mutex
	had map[string]upload
}

type upload struct {
	name string
	at   time.Time
}

// Once uploads a file of a post, unless that was done within the last hour.
func (u *Uploads) Once(ctx context.Context, now time.Time, key string, m Media, data []byte, do func(context.Context) (string, error)) (string, error) {
	sum := sha256.Sum256(append([]byte(key+"\x00"+m.Alt+"\x00"), data...))
	of := hex.EncodeToString(sum[:])
	u.mu.Lock()
	had, ok := u.had[of]
	u.mu.Unlock()
	if ok && key != "" && now.Sub(had.at) < kept {
		return had.name, nil
	}
	name, err := do(ctx)
	if err != nil {
		return "", err
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.had == nil {
		u.had = map[string]upload{}
	}
	for k, x := range u.had {
		if now.Sub(x.at) >= kept {
			delete(u.had, k)
		}
	}
	u.had[of] = upload{name, now}
	return name, nil
}

// Forget forgets names that the network does not know any more.
func (u *Uploads) Forget(names ...string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for k, x := range u.had {
		for _, n := range names {
			if x.name == n {
				delete(u.had, k)
			}
		}
	}
}

// Unposted turns an unknown outcome of an upload into Busy: a file alone is
// seen by nobody, so that it may be sent again.
func Unposted(title string, err error) error {
	if social.Unknown.Is(err) {
		return social.Because(social.Busy, err, "%s did not say whether it took the file.", title)
	}
	return err
}
