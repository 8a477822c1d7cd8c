// Package sheet reads the first worksheet of an Excel workbook (.xlsx, ECMA-376)
// row by row.
//
// It promises that the sheet is never whole in memory, that what is unpacked
// is bounded whatever the archive claims, and that nothing in the workbook is
// run or fetched: of a formula only its last value is read. Dates come out as
// 2027-03-31 or 2027-03-31 14:05:00.
package sheet

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/parley-crm/parley/social"
)

// The most that is read of a workbook.
const (
	mostUnpacked = 1 << 30   // bytes of the sheet
	mostShared   = 256 << 20 // bytes of its shared texts
	mostPart     = 4 << 20   // bytes of each other part
	mostColumns  = 200
	mostCell     = 100_000 // bytes of one cell
)

// Read gives each row that holds something, with its number, until each
// returns an error, which Read returns then.
func Read(r io.ReaderAt, size int64, each func(line int64, cells []string) error) error {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return social.Because(social.Invalid, err, "This is no Excel workbook that can be read.")
	}
	b := book{parts: map[string]*zip.File{}}
	for _, f := range z.File {
		b.parts[strings.ToLower(strings.TrimPrefix(path.Clean(f.Name), "/"))] = f
	}
	name, err := b.open()
	if err != nil {
		return err
	}
	if err := b.texts(); err != nil {
		return err
	}
	if err := b.styles(); err != nil {
		return err
	}
	return b.rows(name, each)
}

// book is an open workbook.
type book struct {
	parts  map[string]*zip.File
	shared []string
	dates  []bool // of each cell format, whether it shows a date
	apple  bool   // days are counted from 1904
}

var errFull = errors.New("sheet: the part is larger than may be")

// bounded is a part that ends with an error where it is too large.
type bounded struct {
	r    io.Reader
	left int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errFull
	}
	n, err := b.r.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, err
}

// read runs f on a part; a part that is not there is none.
func (b *book) read(name string, most int64, f func(d *xml.Decoder) error) error {
	part := b.parts[strings.ToLower(name)]
	if part == nil {
		return nil
	}
	in, err := part.Open()
	if err != nil {
		return social.Because(social.Invalid, err, "The workbook is packed in a way that can't be read.")
	}
	defer in.Close()
	d := xml.NewDecoder(&bounded{in, most})
	d.Strict = true
	d.Entity = nil
	err = f(d)
	var known *social.Error
	switch {
	case err == nil, errors.As(err, &known):
		return err
	case errors.Is(err, errFull):
		return social.Because(social.Invalid, err, "The workbook is too large. Save the sheet as CSV UTF-8.")
	}
	var broken *xml.SyntaxError
	if errors.As(err, &broken) || errors.Is(err, zip.ErrFormat) || errors.Is(err, zip.ErrChecksum) || errors.Is(err, io.ErrUnexpectedEOF) {
		return social.Because(social.Invalid, err, "The workbook is damaged.")
	}
	return err
}

// open finds the part of the first sheet.
func (b *book) open() (string, error) {
	id := ""
	err := b.read("xl/workbook.xml", mostPart, func(d *xml.Decoder) error {
		var w struct {
			Pr struct {
				Date1904 string `xml:"date1904,attr"`
			} `xml:"workbookPr"`
			Sheets []struct {
				ID    string `xml:"http://schemas.openxmlformats.org/officeDocument/2006/relationships id,attr"`
				State string `xml:"state,attr"`
			} `xml:"sheets>sheet"`
		}
		if err := d.Decode(&w); err != nil {
			return err
		}
		b.apple = w.Pr.Date1904 == "1" || w.Pr.Date1904 == "true"
		for _, s := range w.Sheets {
			if id == "" && s.State != "hidden" && s.State != "veryHidden" {
				id = s.ID
			}
		}
		return nil
	})
	if err != nil {
		return "", err
	}
	name := ""
	err = b.read("xl/_rels/workbook.xml.rels", mostPart, func(d *xml.Decoder) error {
		var r struct {
			All []struct {
				ID     string `xml:"Id,attr"`
				Target string `xml:"Target,attr"`
				Mode   string `xml:"TargetMode,attr"`
			} `xml:"Relationship"`
		}
		if err := d.Decode(&r); err != nil {
			return err
		}
		for _, x := range r.All {
			if x.ID == id && id != "" && x.Mode != "External" {
				name = strings.TrimPrefix(path.Join("/xl", x.Target), "/")
				if strings.HasPrefix(x.Target, "/") {
					name = strings.TrimPrefix(path.Clean(x.Target), "/")
				}
			}
		}
		return nil
	})
	if err == nil && (name == "" || b.parts[strings.ToLower(name)] == nil) {
		err = social.Errorf(social.Invalid, "The file has no worksheet. Save it as .xlsx or as CSV UTF-8.")
	}
	return name, err
}

// text is a text of several runs; how it is pronounced is left out.
type text struct {
	T string `xml:"t"`
	R []struct {
		T string `xml:"t"`
	} `xml:"r"`
}

func (t text) all() string {
	s := t.T
	for _, r := range t.R {
		s += r.T
	}
	return s
}

// texts reads the texts that cells share.
func (b *book) texts() error {
	return b.read("xl/sharedStrings.xml", mostShared, func(d *xml.Decoder) error {
		return elements(d, "si", func(e *xml.StartElement) error {
			var t text
			if err := d.DecodeElement(&t, e); err != nil {
				return err
			}
			b.shared = append(b.shared, cut(t.all()))
			return nil
		})
	})
}

// styles finds out which formats of cells show dates.
func (b *book) styles() error {
	return b.read("xl/styles.xml", mostPart, func(d *xml.Decoder) error {
		var s struct {
			Formats []struct {
				ID   int    `xml:"numFmtId,attr"`
				Code string `xml:"formatCode,attr"`
			} `xml:"numFmts>numFmt"`
			Cells []struct {
				Format int `xml:"numFmtId,attr"`
			} `xml:"cellXfs>xf"`
		}
		if err := d.Decode(&s); err != nil {
			return err
		}
		own := map[int]bool{}
		for _, f := range s.Formats {
			own[f.ID] = dated(f.Code)
		}
		for _, c := range s.Cells {
			n := c.Format
			b.dates = append(b.dates, n >= 14 && n <= 22 || n >= 27 && n <= 36 || n >= 45 && n <= 47 || n >= 50 && n <= 58 || own[n])
		}
		return nil
	})
}

// dated reports whether a format of numbers shows a date: letters of days and
// years outside of quotation marks and brackets.
func dated(code string) bool {
	quoted, bracket := false, false
	for i := 0; i < len(code); i++ {
		switch c := code[i]; {
		case c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '[':
			bracket = true
		case c == ']':
			bracket = false
		case bracket:
		case strings.IndexByte("dDyYmMhH", c) >= 0:
			return true
		}
	}
	return false
}

// cell is a cell as the sheet holds it.
type cell struct {
	Ref    string `xml:"r,attr"`
	Type   string `xml:"t,attr"`
	Style  int    `xml:"s,attr"`
	Value  string `xml:"v"`
	Inline text   `xml:"is"`
}

func (b *book) rows(name string, each func(int64, []string) error) error {
	line := int64(0)
	return b.read(name, mostUnpacked, func(d *xml.Decoder) error {
		return elements(d, "row", func(e *xml.StartElement) error {
			line++
			for _, a := range e.Attr {
				if n, err := strconv.ParseInt(a.Value, 10, 64); a.Name.Local == "r" && err == nil && n >= line && n <= 1<<21 {
					line = n
				}
			}
			var cells []string
			at := 0
			err := within(d, "row", "c", func(e *xml.StartElement) error {
				var c cell
				if err := d.DecodeElement(&c, e); err != nil {
					return err
				}
				if n := column(c.Ref); n >= 0 {
					at = n
				}
				if v := cut(b.value(c)); v != "" && at < mostColumns {
					for len(cells) <= at {
						cells = append(cells, "")
					}
					cells[at] = v
				}
				at++
				return nil
			})
			if err != nil || len(cells) == 0 {
				return err
			}
			return each(line, cells)
		})
	})
}

func (b *book) value(c cell) string {
	switch c.Type {
	case "s":
		if n, err := strconv.Atoi(c.Value); err == nil && n >= 0 && n < len(b.shared) {
			return b.shared[n]
		}
		return ""
	case "inlineStr":
		return c.Inline.all()
	case "b":
		if c.Value == "1" {
			return "true"
		}
		return "false"
	case "e": // #N/A and the like say nothing
		return ""
	case "str", "d":
		return c.Value
	}
	n, err := strconv.ParseFloat(c.Value, 64)
	if err != nil {
		return c.Value
	}
	if c.Style >= 0 && c.Style < len(b.dates) && b.dates[c.Style] {
		return b.date(n)
	}
	return strconv.FormatFloat(n, 'f', -1, 64) // 4.917012345678E+12 is a telephone number
}

// date is what a number of days stands for. Excel believes that there was a
// 29th of February 1900; days before that are none.
func (b *book) date(n float64) string {
	if n < 0 || n > 2958466 || math.IsNaN(n) {
		return ""
	}
	from := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	if b.apple {
		from = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	days := math.Floor(n)
	at := from.AddDate(0, 0, int(days)).Add(time.Duration(math.Round((n-days)*86400)) * time.Second)
	switch {
	case n < 1 && !b.apple:
		return at.Format("15:04:05")
	case at.Hour() == 0 && at.Minute() == 0 && at.Second() == 0:
		return at.Format(time.DateOnly)
	}
	return at.Format(time.DateTime)
}

// column is the number of the column of a reference such as AB12, from 0; -1
// where there is none.
func column(ref string) int {
	n := 0
	for i := 0; i < len(ref) && i < 4; i++ {
		c := ref[i]
		if c < 'A' || c > 'Z' {
			break
		}
		n = n*26 + int(c-'A') + 1
	}
	return n - 1
}

// elements calls f for each element of a name in the whole part.
func elements(d *xml.Decoder, name string, f func(*xml.StartElement) error) error {
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if e, ok := t.(xml.StartElement); ok && e.Name.Local == name {
			if err := f(&e); err != nil {
				return err
			}
		}
	}
}

// within calls f for each element of a name until an outer one ends.
func within(d *xml.Decoder, outer, name string, f func(*xml.StartElement) error) error {
	for {
		t, err := d.Token()
		if err != nil {
			return err
		}
		switch e := t.(type) {
		case xml.StartElement:
			if e.Name.Local == name {
				if err := f(&e); err != nil {
					return err
				}
			}
		case xml.EndElement:
			if e.Name.Local == outer {
				return nil
			}
		}
	}
}

func cut(s string) string {
	if len(s) > mostCell {
		s = strings.ToValidUTF8(s[:mostCell], "")
	}
	return s
}
