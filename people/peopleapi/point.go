package peopleapi

import (
	"strconv"
	"strings"
	"time"

	"github.com/parley-crm/parley/people"
	"github.com/parley-crm/parley/social"
)

// A point on a timeline is "microseconds.id".
func encodePoint(m people.Moment) string {
	return strconv.FormatInt(m.At.UnixMicro(), 10) + "." + m.ID
}

func decodePoint(cursor string) (time.Time, string, error) {
	if cursor == "" {
		return time.Time{}, "", nil
	}
	at, id, ok := strings.Cut(cursor, ".")
	us, err := strconv.ParseInt(at, 10, 64)
	if !ok || err != nil {
		return time.Time{}, "", &social.Error{Kind: social.Invalid, Field: "cursor", Text: "This cursor is not one of ours; start again without it."}
	}
	return time.UnixMicro(us).UTC(), id, nil
}
