package place

import (
	"context"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/social"
)

// The columns of a file of branches, with other names that they go by. A
// column that is none of these is a network: the branch's id there.
var columns = map[string]string{
	"name": "name", "branch": "name", "store": "name", "shop": "name", "title": "name", "business name": "name",
	"code": "code", "id": "code", "store code": "code", "number": "code", "branch id": "code", "store id": "code",
	"street": "street", "address": "street", "address line 1": "street", "city": "city", "town": "city", "locality": "city",
	"postcode": "postcode", "zip": "postcode", "postal code": "postcode", "zip code": "postcode", "plz": "postcode",
	"region": "region", "state": "region", "province": "region", "county": "region", "administrative area": "region", "country": "country", "country code": "country", "country region": "country",
	"latitude": "latitude", "lat": "latitude", "longitude": "longitude", "lon": "longitude", "lng": "longitude", "long": "longitude",
	"phone": "phone", "telephone": "phone", "primary phone": "phone", "url": "url", "website": "url", "urls": "url", "web": "url", "status": "status", "programme": "programme", "program": "programme",
}

// What becomes of a row of a file.
const (
	New     = "new"
	Changed = "changed"
	Same    = "same"
	Bad     = "bad"
)

// Row is a line of a file of branches as it was read.
type Row struct {
	Line   int // in the file, from 1
	Branch Branch
	What   string
	Field  string // of a bad row, what is wrong
	Text   string // and why
}

// Read is a file of branches as it was read.
type Read struct {
	Rows               []Row
	New, Changed, Same int
	Bad                int
	Ignored            []string // columns without a name
	Networks           []string // columns that are taken for networks
	Columns            map[string]string
	Imported           bool
}

// rowsMost is how many branches a file may have.
const rowsMost = 20_000

// Import reads a file of branches and, unless it is only a preview, adds and
// changes what is right in it; bad rows are passed over and told. Rows are the
// same branch by their code, else by name, street, city and postcode. What a
// file does not say about a branch stays. The same file twice changes nothing.
func (b *Book) Import(ctx context.Context, text string, programme social.ProgrammeID, programmes map[string]social.ProgrammeID, preview bool) (Read, error) {
	if err := placed(ctx, programme); err != nil {
		return Read{}, err
	}
	var out Read
	err := b.change(ctx, func(all []Branch) ([]Branch, []social.Entry, error) {
		var err error
		if out, err = b.read(ctx, all, text, programme, programmes); err != nil || preview {
			return nil, nil, err
		}
		out.Imported = true
		var save []Branch
		var entries []social.Entry
		for _, r := range out.Rows {
			switch r.What {
			case New:
				save, entries = append(save, r.Branch), append(entries, entry("create", r.Branch))
			case Changed:
				save, entries = append(save, r.Branch), append(entries, entry("update", r.Branch))
			}
		}
		return save, entries, nil
	})
	return out, err
}

// header maps the columns of a file.
func header(cells []string) (Read, []string, error) {
	out := Read{Columns: map[string]string{}}
	names := make([]string, len(cells))
	for i, c := range cells {
		f := fold(c)
		switch field, known := columns[f]; {
		case f == "":
			out.Ignored = append(out.Ignored, "column "+strconv.Itoa(i+1))
			continue
		case known:
			names[i] = field
		case len(f) <= 40:
			names[i] = "@" + strings.ReplaceAll(strings.TrimSuffix(strings.TrimSuffix(f, " id"), " handle"), " ", "_")
			out.Networks = append(out.Networks, names[i][1:])
		default:
			out.Ignored = append(out.Ignored, c[:40]+"…")
			continue
		}
		if slices.Contains(names[:i], names[i]) && names[i] != "url" && names[i][0] != '@' {
			return out, nil, wrong("csv", "Two columns mean the same: “"+strings.TrimSpace(c)+"” and another for the "+names[i]+".")
		}
		out.Columns[strings.TrimSpace(c)] = strings.TrimPrefix(names[i], "@")
	}
	if !slices.Contains(names, "name") {
		return out, nil, wrong("csv", "The first line must name the columns, and one of them must be “name”. Others: street, city, postcode, region, country, latitude, longitude, phone, code, url, and one for each network.")
	}
	return out, names, nil
}

// read reads a file against the branches that there are.
func (b *Book) read(ctx context.Context, all []Branch, text string, programme social.ProgrammeID, programmes map[string]social.ProgrammeID) (Read, error) {
	text = strings.TrimPrefix(text, "\ufeff")
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord, r.LazyQuotes, r.TrimLeadingSpace = -1, true, true
	r.Comma = comma(text)
	first, err := r.Read()
	if errors.Is(err, io.EOF) {
		return Read{}, wrong("csv", "The file is empty.")
	}
	if err != nil {
		return Read{}, wrong("csv", "The first line cannot be read: "+err.Error()+".")
	}
	out, names, err := header(first)
	if err != nil {
		return out, err
	}
	known := index(all)
	now := b.Clock.Now()
	met := map[string]int{}
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		line, _ := r.FieldPos(0)
		if err != nil {
			out.add(Row{Line: line, What: Bad, Text: "The line cannot be read: " + err.Error() + "."})
			continue
		}
		if strings.TrimSpace(strings.Join(cells, "")) == "" {
			continue
		}
		if len(out.Rows) == rowsMost {
			return out, wrong("csv", "More than 20,000 rows; cut the file into pieces.")
		}
		row := Row{Line: line, Branch: Branch{Programme: programme}}
		given, err := row.fill(cells, names, programmes)
		if err == nil {
			row.settle(known, given)
			if err = row.Branch.Check(); err == nil {
				err = b.allowed(ctx, row, known)
			}
		}
		if err == nil {
			k := row.Branch.mark()
			if before := met[k]; before > 0 {
				err = wrong("name", "The same branch stands in line "+strconv.Itoa(before)+" already.")
			}
			met[k] = line
		}
		if err == nil {
			err = known.free(row.Branch)
		}
		if err != nil {
			row.What = Bad
			var e *social.Error
			if errors.As(err, &e) {
				row.Field, row.Text = e.Field, e.Text
			} else {
				row.Text = err.Error()
			}
			out.add(row)
			continue
		}
		row.finish(known, now)
		known.put(row.Branch)
		out.add(row)
	}
	return out, nil
}

// mark is what makes a branch the same in one file.
func (b Branch) mark() string {
	if b.Code != "" {
		return "code " + b.Code
	}
	return b.key()
}

// allowed checks that the actor may change a branch that is there, and may
// put it into its programme.
func (b *Book) allowed(ctx context.Context, r Row, known *shelf) error {
	if old, ok := known.byID[r.Branch.ID]; ok && !social.ScopeOf(ctx).Sees(old.Programme) {
		return wrong("name", "This branch belongs to a programme that is not yours.")
	}
	return placed(ctx, r.Branch.Programme)
}

func (o *Read) add(r Row) {
	switch r.What {
	case New:
		o.New++
	case Changed:
		o.Changed++
	case Same:
		o.Same++
	default:
		o.Bad++
	}
	o.Rows = append(o.Rows, r)
}

// comma guesses what parts the cells: spreadsheets of many countries use ;.
func comma(text string) rune {
	first, _, _ := strings.Cut(text, "\n")
	best := ','
	for _, c := range ";\t" {
		if strings.Count(first, string(c)) > strings.Count(first, string(best)) {
			best = c
		}
	}
	return best
}

// fill reads the cells of a row and says which fields were given.
func (r *Row) fill(cells, names []string, programmes map[string]social.ProgrammeID) (map[string]bool, error) {
	given := map[string]bool{}
	b := &r.Branch
	if len(cells) > len(names) && strings.TrimSpace(strings.Join(cells[len(names):], "")) != "" {
		return given, wrong("", "The row has "+strconv.Itoa(len(cells))+" cells, the first line only "+strconv.Itoa(len(names))+": is a quote or a comma missing?")
	}
	for i, name := range names {
		if i >= len(cells) || name == "" {
			continue
		}
		v := strings.TrimSpace(cells[i])
		if v == "" {
			continue
		}
		given[name] = true
		var err error
		switch name {
		case "name":
			b.Name = v
		case "code":
			b.Code = v
		case "street":
			b.Street = v
		case "city":
			b.City = v
		case "postcode":
			b.Postcode = v
		case "region":
			b.Region = v
		case "country":
			b.Country = v
		case "phone":
			b.Phone = v
		case "latitude":
			b.Lat, err = degrees(name, v)
		case "longitude":
			b.Lon, err = degrees(name, v)
		case "status":
			b.State, err = stateOf(v)
		case "programme":
			p, ok := programmes[strings.ToLower(strings.Join(strings.Fields(v), " "))]
			if !ok {
				return given, wrong(name, "There is no programme “"+v+"”.")
			}
			b.Programme = p
		case "url":
			for u := range strings.FieldsSeq(v) {
				b.Refs = append(b.Refs, Ref{"url", u})
			}
		default:
			b.Refs = append(b.Refs, Ref{name[1:], v})
		}
		if err != nil {
			return given, err
		}
	}
	if given["latitude"] != given["longitude"] {
		return given, wrong("latitude", "Latitude and longitude come together.")
	}
	return given, nil
}

func stateOf(v string) (State, error) {
	switch fold(v) {
	case "open", "active", "yes":
		return Open, nil
	case "closed", "permanently closed", "no":
		return Closed, nil
	}
	return "", wrong("status", "A branch is open or closed, not “"+v+"”.")
}

// degrees reads a coordinate, with a point or a comma in it.
func degrees(field, v string) (float64, error) {
	f, err := strconv.ParseFloat(strings.Replace(v, ",", ".", 1), 64)
	if err != nil {
		return 0, wrong(field, "“"+v+"” is no number; write degrees such as 45.5288.")
	}
	if limit := map[string]float64{"latitude": 90, "longitude": 180}[field]; !(f >= -limit && f <= limit) {
		return 0, wrong(field, v+" is out of range: "+field+" is −"+strconv.Itoa(int(limit))+" to "+strconv.Itoa(int(limit))+".")
	}
	return f, nil
}

// shelf is the branches that there are, while a file is read.
type shelf struct {
	byID    map[social.PlaceID]Branch
	byCode  map[string]social.PlaceID
	byKey   map[string]social.PlaceID
	byPlain map[string]social.PlaceID // by key without country
	byRef   map[string]social.PlaceID
}

func index(all []Branch) *shelf {
	s := &shelf{map[social.PlaceID]Branch{}, map[string]social.PlaceID{}, map[string]social.PlaceID{}, map[string]social.PlaceID{}, map[string]social.PlaceID{}}
	for _, b := range all {
		if b.State != Removed {
			s.put(b)
		}
	}
	return s
}

func (s *shelf) put(b Branch) {
	s.byID[b.ID] = b
	if b.Code != "" {
		s.byCode[b.Code] = b.ID
	}
	s.byKey[b.key()] = b.ID
	plain := b
	plain.Country = ""
	s.byPlain[plain.key()] = b.ID
	for _, r := range b.Refs {
		s.byRef[r.Network+" "+r.folded()] = b.ID
	}
}

func (s *shelf) free(b Branch) error {
	for _, r := range b.Refs {
		if o, ok := s.byRef[r.Network+" "+r.folded()]; ok && o != b.ID {
			return wrong(r.Network, "“"+r.Value+"” belongs to “"+s.byID[o].Name+"” already.")
		}
	}
	return nil
}

// settle makes of a row the branch that it will be: what is there already,
// with what the row says.
func (r *Row) settle(known *shelf, given map[string]bool) {
	old, ok := known.byID[known.byCode[r.Branch.Code]]
	if r.Branch.Code == "" || !ok {
		probe := r.Branch
		if probe.Country != "" {
			probe.Country = countryOf(probe.Country)
		}
		old, ok = known.byID[known.byKey[probe.key()]]
		if !ok && probe.Country == "" { // the country was found when it was made
			old, ok = known.byID[known.byPlain[probe.key()]]
		}
		if ok && r.Branch.Code != "" && old.Code != "" {
			ok = false // another code: another branch at the same address
		}
	}
	if !ok {
		return
	}
	b := r.Branch
	next := old
	next.Refs = slices.Clone(old.Refs)
	for name, at := range map[string][2]*string{"name": {&next.Name, &b.Name}, "code": {&next.Code, &b.Code}, "street": {&next.Street, &b.Street}, "city": {&next.City, &b.City},
		"postcode": {&next.Postcode, &b.Postcode}, "region": {&next.Region, &b.Region}, "country": {&next.Country, &b.Country}, "phone": {&next.Phone, &b.Phone}} {
		if given[name] {
			*at[0] = *at[1]
		}
	}
	if given["latitude"] {
		next.Lat, next.Lon = b.Lat, b.Lon
	} else if given["city"] && fold(b.City) != fold(old.City) {
		next.Lat, next.Lon = 0, 0
	}
	if given["status"] {
		next.State = b.State
	}
	if given["programme"] {
		next.Programme = b.Programme
	}
	for _, ref := range b.Refs { // of a network that the row names, its id is the one
		next.Refs = slices.DeleteFunc(next.Refs, func(o Ref) bool { return o.Network == ref.Network && ref.Network != "url" })
	}
	next.Refs = append(next.Refs, b.Refs...)
	r.Branch = next
}

// finish says what becomes of a row.
func (r *Row) finish(known *shelf, now time.Time) {
	old, ok := known.byID[r.Branch.ID]
	switch {
	case ok && old.same(r.Branch):
		r.What, r.Branch = Same, old
	case ok:
		r.What, r.Branch.Updated = Changed, now
	default:
		r.What, r.Branch.ID, r.Branch.Created, r.Branch.Updated = New, social.PlaceID(id.At(now)), now, now
		if r.Branch.State == "" {
			r.Branch.State = Open
		}
	}
}
