package mastodon

import (
	"strconv"
	"strings"
)

// back is how far before its place a source is read again, in milliseconds.
const back = 3000

const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// rewound returns an id that would have been made a little before this one:
// the ids of Mastodon are milliseconds and 16 bits more, those of GoToSocial
// are ULIDs. Any other id is returned as it is.
func rewound(id string) string {
	if n, err := strconv.ParseUint(id, 10, 63); err == nil && len(id) >= 17 {
		return strconv.FormatUint(n-back<<16, 10)
	}
	if len(id) != 26 {
		return id
	}
	var ms uint64
	for _, c := range strings.ToUpper(id[:10]) {
		i := strings.IndexRune(crockford, c)
		if i < 0 {
			return id
		}
		ms = ms<<5 | uint64(i)
	}
	if ms < back {
		return id
	}
	ms -= back
	var out [10]byte
	for i := 9; i >= 0; i-- {
		out[i] = crockford[ms&31]
		ms >>= 5
	}
	return string(out[:]) + id[10:]
}
