package privacy

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"html/template"
	"slices"
	"time"

	"github.com/parley-crm/parley/social"
)

// Dossier is a copy of all that we know of somebody.
type Dossier struct {
	Person social.PersonID             `json:"person"`
	Made   time.Time                   `json:"made"`
	Rooms  map[string][]social.Portion `json:"rooms"`
}

// copyOf makes the copy that a request asks for, as JSON and as a page that
// one can read, in one zip, and closes the request.
func (k *Keeper) copyOf(ctx context.Context, r Request) (Request, error) {
	err := k.Store.InTx(ctx, func(ctx context.Context) error {
		s, err := k.Subject(ctx, r.Person)
		if err != nil {
			return err
		}
		rooms, err := k.Gather(ctx, s)
		if err != nil {
			return err
		}
		data, err := Zip(Dossier{Person: r.Person, Made: k.now(), Rooms: rooms})
		if err != nil {
			return err
		}
		if err := k.Store.PutCopy(ctx, r.ID, "what-we-know-of-you.zip", data); err != nil {
			return err
		}
		r.State, r.StartedAt, r.ClosedAt = Done, k.now(), k.now()
		if err := k.Store.SaveRequest(ctx, r); err != nil {
			return err
		}
		if err := k.Herald.Unnotify(ctx, "privacy:"+r.ID); err != nil {
			return err
		}
		return k.told(ctx, "export", r, nil)
	})
	return r, err
}

// Zip packs a dossier.
func Zip(d Dossier) ([]byte, error) {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	j, err := z.Create("data.json")
	if err != nil {
		return nil, err
	}
	e := json.NewEncoder(j)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	if err := e.Encode(d); err != nil {
		return nil, err
	}
	h, err := z.Create("read-me.html")
	if err != nil {
		return nil, err
	}
	if err := page.Execute(h, readable(d)); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

type leaf struct {
	Made  string
	Parts []part
}
type part struct {
	Name  string
	Heads []string
	Rows  [][]string
}

func readable(d Dossier) leaf {
	l := leaf{Made: d.Made.Format("2 January 2006, 15:04 UTC")}
	var rooms []string
	for r := range d.Rooms {
		rooms = append(rooms, r)
	}
	slices.Sort(rooms)
	for _, r := range rooms {
		for _, p := range d.Rooms[r] {
			x := part{Name: p.Name}
			had := map[string]bool{}
			for _, row := range p.Rows {
				for k := range row {
					if !had[k] {
						had[k] = true
						x.Heads = append(x.Heads, k)
					}
				}
			}
			slices.Sort(x.Heads)
			for _, row := range p.Rows {
				cells := make([]string, len(x.Heads))
				for i, k := range x.Heads {
					switch v := row[k].(type) {
					case nil:
					case json.RawMessage:
						cells[i] = string(v)
					default:
						cells[i] = fmt.Sprint(v)
					}
				}
				x.Rows = append(x.Rows, cells)
			}
			l.Parts = append(l.Parts, x)
		}
	}
	return l
}

var page = template.Must(template.New("page").Parse(`<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>What we know of you</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#162224}h2{margin-top:2.5rem;text-transform:capitalize}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%}th,td{text-align:start;vertical-align:top;padding:.4rem .8rem .4rem 0;border-bottom:1px solid #dde3e4;overflow-wrap:anywhere}th{font-weight:600;color:#566}
@media (prefers-color-scheme:dark){body{background:#12191b;color:#e8eeef}th,td{border-color:#2c383a}th{color:#9ab}}</style>
<h1>What we know of you</h1><p>A copy of everything that we hold about you, made on {{.Made}}. The same stands in data.json, for programs.</p>
{{range .Parts}}<h2>{{.Name}}</h2><div class="scroll"><table><thead><tr>{{range .Heads}}<th>{{.}}</th>{{end}}</tr></thead><tbody>{{range .Rows}}<tr>{{range .}}<td dir="auto">{{.}}</td>{{end}}</tr>{{end}}</tbody></table></div>
{{else}}<p>We hold nothing.</p>{{end}}</html>
`))
