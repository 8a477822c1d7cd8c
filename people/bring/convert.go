package bring

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/emersion/go-vcard"
	"github.com/parley-crm/parley/kit/sheet"
	"github.com/parley-crm/parley/social"
)

// hidden begins the names of columns that we add: the number of a row in its
// own file, and why it can't be read.
const (
	hidden     = "\x01"
	lineColumn = hidden + "line"
	whyColumn  = hidden + "why"
)

// packed says which format other than CSV begins like this, "" for none.
func packed(head []byte) string {
	head = bytes.TrimPrefix(head, []byte("\xef\xbb\xbf"))
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return Excel
	case len(head) >= 11 && strings.EqualFold(string(bytes.TrimLeft(head, " \t\r\n")[:min(11, len(bytes.TrimLeft(head, " \t\r\n")))]), "BEGIN:VCARD"):
		return VCard
	}
	return ""
}

// unpack makes a CSV file of a workbook or an address book, in its place.
func (d *Desk) unpack(in *os.File, f *Import) error {
	if f.Size > mostPacked {
		return social.Errorf(social.Invalid, "A workbook or address book may have 100 MB. Save it as CSV UTF-8.")
	}
	name := d.path(f.ID) + ".csv"
	out, err := os.OpenFile(name, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	buffer := bufio.NewWriterSize(out, 1<<20)
	w := csv.NewWriter(buffer)
	if f.Format == Excel {
		err = fromExcel(in, f.Size, w)
	} else {
		err = fromCards(in, w)
	}
	w.Flush()
	if err = errors.Join(err, w.Error(), buffer.Flush(), out.Sync(), out.Close()); err != nil {
		_ = os.Remove(name)
		var known *social.Error
		if errors.As(err, &known) {
			return known
		}
		return err
	}
	return os.Rename(name, d.path(f.ID))
}

// fromExcel writes the rows of a workbook. The first that holds something has
// the names.
func fromExcel(in io.ReaderAt, size int64, w *csv.Writer) error {
	width := 0
	err := sheet.Read(in, size, func(line int64, cells []string) error {
		for i, c := range cells {
			cells[i] = strings.ToValidUTF8(strings.ReplaceAll(c, "\x00", ""), "\uFFFD")
		}
		if width == 0 {
			width = len(cells)
			return w.Write(append([]string{lineColumn}, cells...))
		}
		for len(cells) < width {
			cells = append(cells, "")
		}
		return w.Write(append([]string{strconv.FormatInt(line, 10)}, cells[:width]...))
	})
	if err == nil && width == 0 {
		err = social.Errorf(social.Invalid, "The sheet is empty.")
	}
	return err
}

// cardColumns are the columns of an address book.
var cardColumns = []string{"UID", "Name", "Email", "Email 2", "Phone", "Phone 2", "Place", "Language", "Organization", "Title", "Note", "URL", "Tags"}

// mostCard is the most that one card may have, without its pictures.
const mostCard = 256 << 10

// fromCards writes the cards of an address book, each as a row. A card that
// can't be read becomes a row that says so.
func fromCards(in io.ReadSeeker, w *csv.Writer) error {
	if _, err := in.Seek(0, io.SeekStart); err != nil {
		return err
	}
	if err := w.Write(append([]string{lineColumn, whyColumn}, cardColumns...)); err != nil {
		return err
	}
	r := bufio.NewReaderSize(in, 64<<10)
	var card bytes.Buffer
	line, began := int64(0), int64(0)
	inside, skipping, long, any := false, false, false, false
	flush := func() error {
		cells, why := []string(nil), ""
		if long {
			why = "The card is longer than 256 kB."
		} else if c, err := vcard.NewDecoder(&card).Decode(); err != nil {
			why = "The card can't be read."
		} else {
			cells = cellsOf(c)
		}
		for len(cells) < len(cardColumns) {
			cells = append(cells, "")
		}
		card.Reset()
		inside, long, any = false, false, true
		return w.Write(append([]string{strconv.FormatInt(began, 10), why}, cells...))
	}
	for {
		text, err := r.ReadSlice('\n')
		whole := !errors.Is(err, bufio.ErrBufferFull)
		if err != nil && whole && !errors.Is(err, io.EOF) {
			return err
		}
		if len(text) > 0 {
			line++
			upper := strings.ToUpper(string(bytes.TrimRight(text[:min(len(text), 64)], "\r\n")))
			upper = strings.TrimPrefix(upper, "\uFEFF")
			folded := text[0] == ' ' || text[0] == '\t'
			switch {
			case upper == "BEGIN:VCARD":
				if inside { // the last one never ended
					if err := flush(); err != nil {
						return err
					}
				}
				inside, began, skipping = true, line, false
				card.WriteString("BEGIN:VCARD\r\n")
			case inside && upper == "END:VCARD":
				card.WriteString("END:VCARD\r\n")
				if err := flush(); err != nil {
					return err
				}
			case inside && folded && skipping:
			case inside:
				key, _, _ := strings.Cut(strings.TrimSpace(upper), ":")
				if !folded {
					key, _, _ = strings.Cut(key, ";")
					if at := strings.LastIndexByte(key, '.'); at >= 0 {
						key = key[at+1:]
					}
					skipping = key == "PHOTO" || key == "LOGO" || key == "SOUND" || key == "KEY"
				}
				if !skipping && card.Len()+len(text) > mostCard {
					long = true
				}
				if !skipping && !long {
					card.Write(text)
				}
			}
			for !whole { // the rest of a very long line
				var more []byte
				more, err = r.ReadSlice('\n')
				whole = !errors.Is(err, bufio.ErrBufferFull)
				if inside && !skipping && !long {
					if long = card.Len()+len(more) > mostCard; !long {
						card.Write(more)
					}
				}
			}
		}
		if errors.Is(err, io.EOF) {
			break
		}
	}
	if inside {
		if err := flush(); err != nil {
			return err
		}
	}
	if !any {
		return social.Errorf(social.Invalid, "The file has no card.")
	}
	return nil
}

// cellsOf makes a row of a card, in the order of cardColumns.
func cellsOf(c vcard.Card) []string {
	clean := func(s string) string {
		return strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), "\uFFFD"))
	}
	values := func(key string, scheme string) []string {
		var out []string
		fields := slices.Clone(c[key])
		slices.SortStableFunc(fields, func(a, b *vcard.Field) int { return preference(a) - preference(b) })
		for _, f := range fields {
			v := clean(f.Value)
			if len(v) > len(scheme) && strings.EqualFold(v[:len(scheme)], scheme) {
				v = v[len(scheme):]
			}
			if v != "" && !slices.Contains(out, v) {
				out = append(out, v)
			}
		}
		return append(out, "", "")
	}
	name := clean(c.Value(vcard.FieldFormattedName))
	if n := c.Name(); name == "" && n != nil {
		name = clean(strings.Join(strings.Fields(n.GivenName+" "+n.AdditionalName+" "+n.FamilyName), " "))
	}
	place := ""
	if a := c.Address(); a != nil {
		place = clean(joined(a.Locality, a.Country))
	}
	org, _, _ := strings.Cut(c.Value(vcard.FieldOrganization), ";")
	mails, phones := values(vcard.FieldEmail, "mailto:"), values(vcard.FieldTelephone, "tel:")
	return []string{clean(c.Value(vcard.FieldUID)), name, mails[0], mails[1], phones[0], phones[1], place, clean(c.Value(vcard.FieldLanguage)), clean(org),
		clean(c.Value(vcard.FieldTitle)), clean(c.Value(vcard.FieldNote)), clean(c.Value(vcard.FieldURL)), clean(c.Value(vcard.FieldCategories))}
}

func joined(a, b string) string {
	if a != "" && b != "" {
		return a + ", " + b
	}
	return a + b
}

// preference orders the fields of a card: what is preferred stands first.
func preference(f *vcard.Field) int {
	if n, err := strconv.Atoi(f.Params.Get(vcard.ParamPreferred)); err == nil {
		return n
	}
	if f.Params.HasType("pref") { // vCard 3
		return 0
	}
	return 101
}
