package email

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/parley-crm/parley/social"
)

// A stamp names one attempt to send one reply: 16 bytes of its key and 4 of
// the second in which the attempt began. Signed, it is our Message-ID, and,
// signed for one customer, our reply address.
const (
	stampLen = 20
	macLen   = 8
)

var code = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

func stampOf(key string, attempted time.Time) []byte {
	out := make([]byte, stampLen)
	if id, err := uuid.Parse(key); err == nil {
		copy(out, id[:])
	} else {
		sum := sha256.Sum256([]byte(key))
		copy(out, sum[:16])
	}
	binary.BigEndian.PutUint32(out[16:], uint32(attempted.Unix()))
	return out
}

// keyOf is the key of a reply, if it was a UUID; others match nothing.
func keyOf(stamp []byte) string {
	id, _ := uuid.FromBytes(stamp[:16])
	return id.String()
}

func (b *box) mac(parts ...string) string {
	h := hmac.New(sha256.New, b.key)
	h.Write([]byte(strings.Join(parts, "\x00")))
	return string(h.Sum(nil)[:macLen])
}

// messageID is the name of a mail of ours, without angle brackets.
func (b *box) messageID(stamp []byte) string {
	return code.EncodeToString(slices.Concat(stamp, []byte(b.mac("id", string(stamp))))) + "@" + b.domain
}

// ours takes the stamp out of a Message-ID that we have made.
func (b *box) ours(id string) ([]byte, bool) {
	local, domain, ok := strings.Cut(strings.ToLower(id), "@")
	if !ok || domain != b.domain {
		return nil, false
	}
	return b.open(local, "id")
}

// open verifies coded, which is a stamp and its signature.
func (b *box) open(coded string, parts ...string) ([]byte, bool) {
	raw, err := code.DecodeString(coded)
	if err != nil || len(raw) != stampLen+macLen {
		return nil, false
	}
	stamp := raw[:stampLen]
	if !hmac.Equal(raw[stampLen:], []byte(b.mac(append(parts, string(stamp))...))) {
		return nil, false
	}
	return stamp, true
}

// replyTo is the address that a customer's answer comes back to; it is signed
// for them alone. Where it would become too long it is the plain one.
func (b *box) replyTo(stamp []byte, to social.Author) string {
	return b.answersTo(stamp, "reply", to.Folded(), to.Issuer)
}

// replyToAll is the address that answers to a mail come back to which several
// got. All of them know it, so it says which mail is answered and proves nobody.
func (b *box) replyToAll(stamp []byte) string { return b.answersTo(stamp, "all") }

func (b *box) answersTo(stamp []byte, parts ...string) string {
	coded := code.EncodeToString(slices.Concat(stamp, []byte(b.mac(append(parts, string(stamp))...))))
	if !b.plus || len(b.local)+1+len(coded) > 64 {
		return b.address
	}
	return b.local + "+" + coded + "@" + b.domain
}

// proven looks among the addresses of a mail for a reply address that was
// signed for this author. It says as whom we wrote to them: they are the same
// now.
func (b *box) proven(addresses []string, author string) (stamp []byte, issuer string, ok bool) {
	for coded := range b.codes(addresses) {
		for _, issuer := range []string{"", unverified} {
			if stamp, ok := b.open(coded, "reply", author, issuer); ok {
				return stamp, issuer, true
			}
		}
	}
	return nil, "", false
}

// shared looks among the addresses of a mail for one that replyToAll made.
func (b *box) shared(addresses []string) ([]byte, bool) {
	for coded := range b.codes(addresses) {
		if stamp, ok := b.open(coded, "all"); ok {
			return stamp, true
		}
	}
	return nil, false
}

// codes are what stands behind the plus of addresses of ours.
func (b *box) codes(addresses []string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, a := range addresses {
			rest, found := strings.CutPrefix(strings.ToLower(a), b.local+"+")
			coded, domain, at := strings.Cut(rest, "@")
			if found && at && domain == b.domain && !yield(coded) {
				return
			}
		}
	}
}

// unverified is the issuer of an author whom nothing proves.
const unverified = "unverified"
