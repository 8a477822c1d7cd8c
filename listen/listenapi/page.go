package listenapi

import (
	"encoding/base64"
	"strconv"
	"strings"
	"time"

	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/social"
)

func pageSize(n int) int {
	switch {
	case n <= 0:
		return 30
	case n > 100:
		return 100
	}
	return n
}

func toCursor(key string) string { return base64.RawURLEncoding.EncodeToString([]byte(key)) }

func fromCursor(cursor string) (string, error) {
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return "", foreign()
	}
	return string(b), nil
}

func foreign() error {
	return &social.Error{Kind: social.Invalid, Field: "cursor", Text: "This cursor is not one of ours; start again without it."}
}

// placeOf reads a cursor of the wall.
func placeOf(cursor string) (*listen.Place, error) {
	if cursor == "" {
		return nil, nil
	}
	text, err := fromCursor(cursor)
	if err != nil {
		return nil, err
	}
	at, seq, ok := strings.Cut(text, " ")
	us, err1 := strconv.ParseInt(at, 10, 64)
	n, err2 := strconv.ParseInt(seq, 10, 64)
	if !ok || err1 != nil || err2 != nil {
		return nil, foreign()
	}
	return &listen.Place{Published: time.UnixMicro(us).UTC(), Seq: n}, nil
}

func cursorOf(p *listen.Place) string {
	if p == nil {
		return ""
	}
	return toCursor(strconv.FormatInt(p.Published.UnixMicro(), 10) + " " + strconv.FormatInt(p.Seq, 10))
}
