package resolve

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"

	"github.com/parley-crm/parley/social"
)

// longestRow is how many bytes a row may have.
const longestRow = 16 << 20

// Table is what was read of a CSV file.
type Table struct {
	IDs []string
	Set *Set
	// Unread are the names of the columns that were left aside.
	Unread []string
}

// raw is a row as it was read, with what stands in columns of its own although
// it is part of another.
type raw struct {
	Record
	house            string
	year, month, day string
}

// joined puts the house number before its street, and a date together.
func (r *raw) joined() Record {
	if r.house != "" && r.Street != "" {
		r.Street = r.house + " " + r.Street
	}
	switch {
	case r.Birth != "":
	case r.year == "":
		r.Birth = r.day // which may be a whole date
	case r.month == "":
		r.Birth = r.year
	default:
		r.Birth = strings.TrimSuffix(r.year+"-"+r.month+"-"+r.day, "-")
	}
	return r.Record
}

// places of the columns that are read, by their names in the header.
var places = map[string]func(*raw) *string{
	"given_name":   func(r *raw) *string { return &r.Given },
	"family_name":  func(r *raw) *string { return &r.Family },
	"email":        func(r *raw) *string { return &r.Email },
	"phone":        func(r *raw) *string { return &r.Phone },
	"handle":       func(r *raw) *string { return &r.Handle },
	"street":       func(r *raw) *string { return &r.Street },
	"city":         func(r *raw) *string { return &r.City },
	"postcode":     func(r *raw) *string { return &r.Postcode },
	"region":       func(r *raw) *string { return &r.Region },
	"country":      func(r *raw) *string { return &r.Country },
	"birth_date":   func(r *raw) *string { return &r.Birth },
	"house_number": func(r *raw) *string { return &r.house },
	"birth_year":   func(r *raw) *string { return &r.year },
	"birth_month":  func(r *raw) *string { return &r.month },
	"birth_day":    func(r *raw) *string { return &r.day },
}

const columnsWanted = "id,given_name,family_name,email,phone,handle,street,city,postcode,region,country,birth_date"

// synonyms of the columns, by what is usual.
var synonyms = func() map[string]string {
	m := map[string]string{}
	for line := range strings.Lines(`
id rec_id record_id unique_id recid customer_id person_id
given_name first_name firstname forename given givenname fname first christian_name vorname prenom nombre
family_name surname last_name lastname familyname family lname last sur_name nachname nom apellido apellidos
email e_mail email_address emailaddress mail e_mail_address
phone telephone tel mobile phone_number phonenumber phone_no telephone_number mobile_number mobile_phone cell cell_phone telefon
handle username user_name account screen_name user
street address street_address address_1 address1 address_line_1 addr street_name strasse
city suburb town locality municipality place ort stadt
postcode zip zip_code zipcode postal_code postalcode post_code plz
region state province county state_code
country country_code nation land
birth_date dob date_of_birth birthdate birthday birth dateofbirth born geburtsdatum
house_number street_number street_no house_no housenumber
birth_year year_of_birth yob by
birth_month month_of_birth mob bm
birth_day day_of_birth bd
`) {
		names := strings.Fields(line)
		for _, n := range names {
			m[n] = names[0]
		}
	}
	return m
}()

// columnNamed is the column that a name in the header means, "" for none.
func columnNamed(name string) string {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return synonyms[strings.Join(words, "_")]
}

// ReadCSV reads records from CSV with a header that names any of the columns
// id, given_name, family_name, email, phone, handle, street, city, postcode,
// region, country and birth_date, in any order; others are left aside. A
// missing id column is replaced by the number of the record, from 1. Commas,
// semicolons and tabulators part columns. Trouble is of kind Invalid.
func ReadCSV(in io.Reader) (Table, error) {
	bounded := &boundedReader{in: in, left: longestRow}
	buffered := bufio.NewReaderSize(bounded, 64<<10)
	head, _ := buffered.Peek(64 << 10)
	if len(head) == 0 {
		return Table{}, wrong("There is nothing to read. The first line must be a header with some of %s.", columnsWanted)
	}
	if bytes.HasPrefix(head, []byte{0xff, 0xfe}) || bytes.HasPrefix(head, []byte{0xfe, 0xff}) {
		return Table{}, wrong("This file is UTF-16; save it as UTF-8.")
	}
	if bytes.HasPrefix(head, []byte("\xef\xbb\xbf")) {
		_, _ = buffered.Discard(3)
		head = head[3:]
	}
	r := csv.NewReader(buffered)
	r.Comma = separator(head)
	r.LazyQuotes, r.ReuseRecord, r.FieldsPerRecord = true, true, -1
	row, err := r.Read()
	if err != nil {
		return Table{}, unreadable(err, 1)
	}
	t := Table{Set: New()}
	id, fields, err := t.header(row)
	if err != nil {
		return Table{}, err
	}
	lines := map[string]int{}
	for {
		bounded.left = longestRow
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return t, nil
		}
		line, _ := r.FieldPos(0)
		if err != nil {
			return Table{}, unreadable(err, line)
		}
		name := strconv.Itoa(len(t.IDs) + 1)
		if id >= 0 {
			if name = ""; id < len(row) {
				name = strings.Clone(row[id])
			}
			if strings.TrimSpace(name) == "" {
				return Table{}, wrong("Line %d has no id. Each record needs one of its own; without an id column they are numbered.", line)
			}
			if had, ok := lines[name]; ok {
				return Table{}, wrong("Line %d has the id %q, which line %d has already. Each record needs one of its own.", line, cut(name, 60), had)
			}
			lines[name] = line
		}
		var rec raw
		for i, f := range fields {
			if f != nil && i < len(row) && !absent[strings.TrimSpace(row[i])] {
				*f(&rec) = row[i]
			}
		}
		t.IDs = append(t.IDs, name)
		t.Set.Add(rec.joined())
	}
}

func wrong(format string, args ...any) error {
	return &social.Error{Kind: social.Invalid, Text: fmt.Sprintf(format, args...)}
}

func unreadable(err error, line int) error {
	if errors.Is(err, errTooLong) {
		return wrong("A row after line %d is longer than %d MB; is a quotation mark missing?", line, longestRow>>20)
	}
	var p *csv.ParseError
	if errors.As(err, &p) {
		return wrong("Line %d is not CSV: %v.", p.Line, p.Err)
	}
	return err
}

// absent are values that programs write where there is none.
var absent = map[string]bool{"NULL": true, "null": true, "N/A": true, "n/a": true, "NA": true, "NaN": true, "nan": true, "None": true, "none": true,
	"NONE": true, "unknown": true, "Unknown": true, "UNKNOWN": true, "-": true, "--": true, "?": true, `\N`: true}

// header says which column is the id, -1 for none, and which are which. A
// column that is named as it should be comes before a synonym.
func (t *Table) header(row []string) (id int, fields []func(*raw) *string, err error) {
	id = -1
	known := 0
	at := map[string]int{}
	for i, name := range row {
		c := columnNamed(name)
		plain := strings.ToLower(strings.TrimSpace(name)) == c
		before, had := at[c]
		switch {
		case c == "":
		case had && plain && strings.ToLower(strings.TrimSpace(row[before])) == c:
			return -1, nil, wrong("The header names the column %s twice.", c)
		case !had || plain:
			at[c] = i
		}
	}
	fields = make([]func(*raw) *string, len(row))
	for i, name := range row {
		c := columnNamed(name)
		switch {
		case c == "" || at[c] != i:
			t.Unread = append(t.Unread, strings.Clone(cut(strings.TrimSpace(name), 60)))
		case c == "id":
			id = i
		default:
			fields[i] = places[c]
			if c != "house_number" {
				known++
			}
		}
	}
	if known == 0 {
		return -1, nil, wrong("The first line must be a header with some of %s; it begins %q.", columnsWanted, cut(strings.Join(row, ","), 80))
	}
	return id, fields, nil
}

// separator looks at the header for what parts its columns.
func separator(head []byte) rune {
	if i := bytes.IndexAny(head, "\r\n"); i >= 0 {
		head = head[:i]
	}
	best, most := ',', 0
	for _, c := range []rune{',', ';', '\t', '|'} {
		n, quoted := 0, false
		for _, b := range head {
			if b == '"' {
				quoted = !quoted
			}
			if rune(b) == c && !quoted {
				n++
			}
		}
		if n > most {
			best, most = c, n
		}
	}
	return best
}

// WriteCSV writes id,person for each record, in order. With why, it adds the
// record by which each was joined to its person, how probable that pair is and
// what speaks for and against it.
func (t Table) WriteCSV(out io.Writer, r Result, why bool) error {
	w := csv.NewWriter(out)
	head := []string{"id", "person"}
	if why {
		head = append(head, "with", "probability", "because")
	}
	if err := w.Write(head); err != nil {
		return err
	}
	links := r.Links
	for i, id := range t.IDs {
		row := []string{id, t.IDs[r.Person[i]]}
		if why {
			row = append(row, "", "", "")
			if len(links) > 0 && links[0].B == i {
				l := links[0]
				row = append(row[:2], t.IDs[l.A], strconv.FormatFloat(l.Probability, 'f', 4, 64), strings.Join(l.Reasons, "; "))
			}
			for len(links) > 0 && links[0].B == i {
				links = links[1:]
			}
		}
		if err := w.Write(row); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

var errTooLong = errors.New("row too long")

// boundedReader ends with errTooLong when more is read than is left.
type boundedReader struct {
	in   io.Reader
	left int
}

func (b *boundedReader) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errTooLong
	}
	n, err := b.in.Read(p)
	b.left -= n
	return n, err
}
