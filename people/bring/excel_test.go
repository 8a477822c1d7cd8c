package bring_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"
	"testing"

	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/people/bring"
	"github.com/parley-crm/parley/store/storetest"
)

// day is a date as Excel keeps it: a number of days, with a fraction.
type day float64

// excel makes a workbook with the parts, names and attributes that Excel
// writes: texts once in a table of their own, also numbers that are texts;
// dates as numbers with a style; what is shown of formulas beside them.
func excel(t *testing.T, rows [][]any) []byte {
	t.Helper()
	var shared []string
	index := map[string]int{}
	var sheet strings.Builder
	for i, row := range rows {
		fmt.Fprintf(&sheet, `<row r="%d" spans="1:%d" x14ac:dyDescent="0.25">`, i+1, len(row))
		for c, v := range row {
			ref := fmt.Sprintf("%c%d", 'A'+c, i+1)
			switch v := v.(type) {
			case nil:
				fmt.Fprintf(&sheet, `<c r="%s" s="2"/>`, ref)
			case string:
				n, ok := index[v]
				if !ok {
					n = len(shared)
					index[v], shared = n, append(shared, v)
				}
				fmt.Fprintf(&sheet, `<c r="%s" t="s"><v>%d</v></c>`, ref, n)
			case day:
				fmt.Fprintf(&sheet, `<c r="%s" s="1"><v>%v</v></c>`, ref, float64(v))
			case func() float64:
				fmt.Fprintf(&sheet, `<c r="%s" s="2"><f>SUM(E2:F2)</f><v>%v</v></c>`, ref, v())
			default:
				fmt.Fprintf(&sheet, `<c r="%s"><v>%v</v></c>`, ref, v)
			}
		}
		sheet.WriteString(`</row>`)
	}
	var texts strings.Builder
	for _, s := range shared {
		texts.WriteString(`<si><t xml:space="preserve">`)
		if err := xml.EscapeText(&texts, []byte(s)); err != nil {
			t.Fatal(err)
		}
		texts.WriteString(`</t><phoneticPr fontId="1"/></si>`)
	}
	const head = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\r\n"
	const main = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"`
	const rel = `http://schemas.openxmlformats.org/officeDocument/2006/relationships`
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, part := range [][2]string{
		{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>`},
		{"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="` + rel + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", `<workbook ` + main + ` xmlns:r="` + rel + `" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="x15" xmlns:x15="http://schemas.microsoft.com/office/spreadsheetml/2010/11/main"><fileVersion appName="xl" lastEdited="7" lowestEdited="7" rupBuild="27328"/><workbookPr defaultThemeVersion="166925"/><mc:AlternateContent><mc:Choice Requires="x15"><x15ac:absPath url="C:\Users\ana\" xmlns:x15ac="http://schemas.microsoft.com/office/spreadsheetml/2010/11/ac"/></mc:Choice></mc:AlternateContent><bookViews><workbookView xWindow="0" yWindow="0" windowWidth="28800" windowHeight="12225"/></bookViews><sheets><sheet name="Tabelle1" sheetId="1" r:id="rId1"/><sheet name="Tabelle2" sheetId="2" r:id="rId2"/></sheets><calcPr calcId="191029"/></workbook>`},
		{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId3" Type="` + rel + `/styles" Target="styles.xml"/><Relationship Id="rId2" Type="` + rel + `/worksheet" Target="worksheets/sheet2.xml"/><Relationship Id="rId1" Type="` + rel + `/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId4" Type="` + rel + `/sharedStrings" Target="sharedStrings.xml"/></Relationships>`},
		{"xl/worksheets/sheet1.xml", `<worksheet ` + main + ` xmlns:r="` + rel + `" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="x14ac" xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac"><dimension ref="A1"/><sheetViews><sheetView tabSelected="1" workbookViewId="0"><pane ySplit="1" topLeftCell="A2" state="frozen"/></sheetView></sheetViews><sheetFormatPr baseColWidth="10" defaultRowHeight="15" x14ac:dyDescent="0.25"/><cols><col min="1" max="1" width="20.7" customWidth="1"/></cols><sheetData>` + sheet.String() + `</sheetData><autoFilter ref="A1:D4"/><pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/></worksheet>`},
		{"xl/worksheets/sheet2.xml", `<worksheet ` + main + `><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData></worksheet>`},
		{"xl/styles.xml", `<styleSheet ` + main + `><numFmts count="1"><numFmt numFmtId="164" formatCode="#,##0.00\ &quot;€&quot;;[Red]\-#,##0.00\ &quot;€&quot;"/></numFmts><fonts count="1"><font><sz val="11"/></font></fonts><cellStyleXfs count="1"><xf numFmtId="0"/></cellStyleXfs><cellXfs count="3"><xf numFmtId="0" fontId="0" xfId="0"/><xf numFmtId="22" fontId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="164" fontId="0" xfId="0" applyNumberFormat="1"/></cellXfs></styleSheet>`},
		{"xl/sharedStrings.xml", `<sst ` + main + fmt.Sprintf(` count="99" uniqueCount="%d">`, len(shared)) + texts.String() + `</sst>`},
	} {
		w, err := z.Create(part[0])
		if err == nil {
			_, err = w.Write([]byte(head + part[1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestOrdersFromExcel(t *testing.T) {
	w := shop(t, storetest.SQLite(t, clock.NewSet(storetest.Start)), clock.NewSet(storetest.Start))
	f := w.upload("Bestellungen.xlsx", excel(t, [][]any{
		{"Bestellnummer", "Bestelldatum", "E-Mail", "Währung", "Einzelpreis", "Artikel", "Menge", "Bestellstatus"},
		{"00017", day(46112.75), "maya@example.com", "EUR", 12.5, "Kettle & lid <3", 2, "bezahlt"},
		{"00017", nil, nil, nil, func() float64 { return 0.1 + 0.2 }, "Filter", "1", nil},
		{18, "31.03.2026", "ana@example.com", "EUR", "1.299,50", " Grinder ", 1, "storniert"},
		{"19", day(46112), "ana@example.com", "EUR", 1e-7, "Nothing", 1, "offen"},
	}))
	if f.State != bring.Ready || f.Settings.Kind != bring.Orders || f.Settings.Columns["price"] != "Einzelpreis" {
		t.Fatalf("%+v", f)
	}
	f = w.run(f, false, nil)
	for number, want := range map[string]string{
		"00017": "paid 2530EUR 2026-03-31 maya@example.com [2×Kettle & lid <3=2500 1×Filter=30]",
		"18":    "cancelled 129950EUR 2026-03-31 ana@example.com [1×Grinder=129950]",
	} {
		if got := w.orders()[number]; got != want {
			t.Errorf("%s is %q, want %q", number, got, want)
		}
	}
	if f.Created < 2 {
		t.Errorf("%+v\n%s", f, w.mistakes(f.ID))
	}
	again := w.run(w.upload("Bestellungen.xlsx", excel(t, [][]any{{"Bestellnummer", "Bestelldatum", "Währung", "Gesamtbetrag", "Bestellstatus"}, {"18", day(46112), "EUR", 1299.5, "storniert"}})), false, nil)
	if again.Same != 1 {
		t.Errorf("a number that is a text and one that is none are one: %+v\n%s", again, w.mistakes(again.ID))
	}
}

func TestOrganizationsFromExcel(t *testing.T) {
	w := registry(t, storetest.SQLite(t, clock.NewSet(storetest.Start)), clock.NewSet(storetest.Start))
	f := w.upload("Firmen.xlsx", excel(t, [][]any{
		{"Firmennummer", "Firma", "Webseite", "Branche", "Mutterfirma", "Betreuer", "Tier"},
		{1001, "Café Österreich & Söhne", "www.cafe.example", "Gastronomie", nil, "ada@brewell.example", "gold"},
		{"1002", "Zweigstelle", nil, nil, "Café Österreich & Söhne", nil, nil},
		{1003.0, 4711, nil, nil, nil, nil, nil},
	}))
	if f.State != bring.Ready || f.Settings.Kind != bring.Firms || f.Settings.Columns["external_id"] != "Firmennummer" {
		t.Fatalf("%+v", f)
	}
	f = w.run(f, false, nil)
	w.wants("from a workbook", map[string]string{
		"Café Österreich & Söhne": "cafe.example|Gastronomie|1001|ada||gold by import",
		"Zweigstelle":             "||1002||Café Österreich & Söhne|",
		"4711":                    "||1003|||",
	})
	if f.Created != 3 || f.Wrong != 0 {
		t.Errorf("%+v\n%s", f, w.mistakes(f.ID))
	}
}
