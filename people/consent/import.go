package consent

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/parley-crm/parley/people"
	"github.com/parley-crm/parley/social"
)

// maxRows is how many rows one import takes.
const maxRows = 5000

// Wrong is a row that could not be taken in.
type Wrong struct {
	Row int // 1 is the first after the heading
	Why string
}

// Imported says what came of an import.
type Imported struct {
	Rows    int
	Added   int
	Same    int // here already
	Unknown int // persons who were not known before
	Wrong   []Wrong
}

// Import takes in consents that were gathered elsewhere, from CSV with a
// heading: address, purpose, state, at, shown, evidence, jurisdiction,
// expires, name. An address is an email address, a telephone number that begins
// with a plus, or handle@server. Whoever is not known is made. Nothing is
// written when dry. The same file twice changes nothing the second time.
func (l *Ledger) Import(ctx context.Context, from io.Reader, dry bool) (Imported, error) {
	var out Imported
	rows, err := l.read(from, &out)
	if err != nil || len(rows) == 0 {
		return out, err
	}
	err = l.Store.InTx(ctx, func(ctx context.Context) error {
		out.Added, out.Same, out.Unknown = 0, 0, 0
		met := map[social.IdentityID]bool{}
		for _, r := range rows {
			p, err := l.People.Behind(ctx, r.line.Identity)
			if social.NotFound.Is(err) {
				if !met[r.line.Identity] {
					out.Unknown++
					met[r.line.Identity] = true
				}
				if dry {
					out.Added++
					continue
				}
				if err = l.People.Know(ctx, []people.Seen{{Author: r.author, At: r.line.At}}); err == nil {
					p, err = l.People.Behind(ctx, r.line.Identity)
				}
			}
			if err != nil {
				return err
			}
			fresh, err := l.add(ctx, p.ID, &r.line)
			if err != nil {
				return err
			}
			if fresh {
				out.Added++
			} else {
				out.Same++
			}
		}
		if dry {
			return errDry
		}
		return nil
	})
	if errors.Is(err, errDry) {
		err = nil
	}
	return out, err
}

var errDry = errors.New("nothing is kept of a dry run")

type row struct {
	author social.Author
	line   Line
}

func (l *Ledger) read(from io.Reader, out *Imported) ([]row, error) {
	r := csv.NewReader(from)
	r.FieldsPerRecord, r.TrimLeadingSpace = -1, true
	head, err := r.Read()
	if err != nil {
		return nil, invalid("csv", "This is no CSV with a heading.")
	}
	at := map[string]int{}
	for i, h := range head {
		at[strings.ToLower(strings.TrimSpace(strings.TrimPrefix(h, "\ufeff")))] = i
	}
	for _, need := range []string{"address", "purpose", "state"} {
		if _, ok := at[need]; !ok {
			return nil, invalid("csv", "The heading needs a column “%s”; it knows address, purpose, state, at, shown, evidence, jurisdiction, expires and name.", need)
		}
	}
	var rows []row
	for n := 1; ; n++ {
		fields, err := r.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if n > maxRows {
			return nil, invalid("csv", "One import takes %d rows; cut the file into parts.", maxRows)
		}
		out.Rows++
		if err != nil {
			out.Wrong = append(out.Wrong, Wrong{n, "This row is no CSV."})
			continue
		}
		get := func(name string) string {
			if i, ok := at[name]; ok && i < len(fields) {
				return strings.TrimSpace(strings.ToValidUTF8(fields[i], ""))
			}
			return ""
		}
		x, err := l.row(get)
		if err != nil {
			var e *social.Error
			if !errors.As(err, &e) {
				return nil, err
			}
			out.Wrong = append(out.Wrong, Wrong{n, e.Text})
			continue
		}
		rows = append(rows, x)
	}
}

func (l *Ledger) row(get func(string) string) (row, error) {
	a, err := Address(get("address"))
	if err != nil {
		return row{}, err
	}
	a.Name = get("name")
	if err := within("name", &a.Name, 200); err != nil {
		return row{}, err
	}
	x := Line{Identity: a.ID(), Purpose: strings.ToLower(get("purpose")), State: strings.ToLower(get("state")), Shown: get("shown"), Source: ByImport,
		Evidence: get("evidence"), Jurisdiction: get("jurisdiction")}
	for _, f := range []struct {
		name string
		at   *time.Time
	}{{"at", &x.At}, {"expires", &x.Expires}} {
		s := get(f.name)
		if s == "" {
			continue
		}
		t, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t, err = time.Parse(time.DateOnly, s)
		}
		if err != nil {
			return row{}, invalid(f.name, "“%s” is no time such as 2026-05-17 or 2026-05-17T09:30:00Z.", short(s))
		}
		*f.at = t.UTC()
	}
	if x.At.IsZero() {
		return row{}, invalid("at", "When did they say so? The column “at” is empty.")
	}
	return row{a, x}, l.check(&x)
}

// Address reads how somebody is reached: an email address, a telephone number
// that begins with a plus, or handle@server of the fediverse after an @.
func Address(s string) (social.Author, error) {
	s = strings.TrimSpace(s)
	user, host, ok := strings.Cut(strings.TrimPrefix(s, "@"), "@")
	mail := ok && user != "" && strings.Contains(host, ".") && !strings.ContainsAny(s, " \t\n<>,;") && len(s) <= 254
	switch {
	case mail && strings.HasPrefix(s, "@"):
		v := strings.ToLower(s[1:])
		return social.Author{Scheme: "acct", Value: v, Handle: v}, nil
	case mail:
		v := strings.ToLower(s)
		return social.Author{Scheme: "mailto", Value: v}, nil
	case strings.HasPrefix(s, "+"):
		digits := strings.Map(func(r rune) rune {
			if r >= '0' && r <= '9' {
				return r
			}
			return -1
		}, s)
		if len(digits) >= 7 && len(digits) <= 15 {
			return social.Author{Scheme: "tel", Value: "+" + digits}, nil
		}
	}
	return social.Author{}, invalid("address", "%s", fmt.Sprintf("“%s” is no email address, telephone number with a plus, or @handle@server.", short(s)))
}
