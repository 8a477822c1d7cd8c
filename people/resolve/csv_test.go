package resolve_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/parley-crm/parley/people/resolve"
	"github.com/parley-crm/parley/social"
)

func csvThrough(t *testing.T, in string, why bool) (string, error) {
	t.Helper()
	table, err := resolve.ReadCSV(strings.NewReader(in))
	if err != nil {
		return "", err
	}
	r, err := table.Set.Resolve(context.Background(), resolve.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := table.WriteCSV(&out, r, why); err != nil {
		t.Fatal(err)
	}
	return out.String(), nil
}

func TestCSV(t *testing.T) {
	tests := []struct{ name, in, out string }{
		{"joined, in the order of the input", "id,given_name,phone\nb,Ada,0412345678\nc,Bo,0499999999\na,Ada,0412 345 678\n", "id,person\nb,b\nc,c\na,b\n"},
		{"columns in any order, others left aside, a BOM", "\ufeffPhone,shoe, ID ,given_name\n0412345678,9,x,Ada\n0412345678,7,y,Ada\n", "id,person\nx,x\ny,x\n"},
		{"no id column", "email\na@b.example\nA@B.example\nz@b.example\n", "id,person\n1,1\n2,1\n3,3\n"},
		{"a line within quotes, and a quote within an id", "id,street\n\"a\"\"1\",\"1 Main\nStreet\"\nb,x\n", "id,person\n\"a\"\"1\",\"a\"\"1\"\nb,b\n"},
		{"semicolons", "id;email\n1;a@b.example\n2;a@b.example\n", "id,person\n1,1\n2,1\n"},
		{"bars, and the usual names", "rec_id | First Name | surname | date-of-birth | Suburb\na|Ada|Archer|1980-02-03|Perth\nb|Ada|Archer|1980-02-03|Perth\n", "id,person\na,a\nb,a\n"},
		{"semicolons with a comma in a name", "id;\"x, y\";e-mail\r\n1;;a@b.example\r\n2;;a@b.example\r\n", "id,person\n1,1\n2,1\n"},
		{"what programs write for nothing", "id,phone,email\n1,NULL,a@b.example\n2,NULL,c@d.example\n3,N/A,NULL\n", "id,person\n1,1\n2,2\n3,3\n"},
		{"rows that are short, long or empty", "id,email\n1\n2,a@b.example,x,y\n\n3,\n", "id,person\n1,1\n2,2\n3,3\n"},
		{"dates in any form, the month first by one of them", "id,first_name,dob,zip\n1,Ada,03/04/1980,6160\n2,Ada,1980-03-04,6160\n3,Bo,05/23/1970,6160\n4,Bo,19700523,6160\n5,Cy,12311990,6160\n6,Cy,31 Dec 1990,6160\n", "id,person\n1,1\n2,1\n3,3\n4,3\n5,5\n6,5\n"},
		{"the day first by one of them", "id,first_name,dob,zip\n1,Ada,03/04/1980,6160\n2,Ada,1980-04-03,6160\n3,Bo,23.05.1970,6160\n", "id,person\n1,1\n2,1\n3,3\n"},
		{"a date in three columns", "id,FNAME,by,bm,bd,zip\n1,Ada,1980,3,4,6160\n2,Ada,1980,03,04,6160\n3,Ada,1961,7,9,6160\n4,Bo,1961,,,6160\n", "id,person\n1,1\n2,1\n3,3\n4,4\n"},
		{"tabulators and one row", "ID\tDOB\tZip Code\nx\t1980-03-04\t6160\n", "id,person\nx,x\n"},
		{"ids as they are", "id,email\n 007 ,a@b.example\n7,a@b.example\n", "id,person\n\" 007 \",\" 007 \"\n7,\" 007 \"\n"},
		{"only a header", "id,email\n", "id,person\n"},
		{"letters that are not UTF-8", "id,given_name,phone\n1,J\xfcrgen,0412345678\n2,Jürgen,0412345678\n", "id,person\n1,1\n2,1\n"},
		{"other scripts and emoji", "id,given_name,phone\n1,أمارا 🦊,0412345678\n2,أمارا,0412345678\n3,ஆதி,0499999999\n", "id,person\n1,1\n2,1\n3,3\n"},
		{"a value of a megabyte", "id,street,email\n1," + strings.Repeat("ab ", 350_000) + ",a@b.example\n2,x,a@b.example\n3,y,\n", "id,person\n1,1\n2,1\n3,3\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			out, err := csvThrough(t, test.in, false)
			if err != nil || out != test.out {
				t.Errorf("gave %q, %v\nwant %q", out, err, test.out)
			}
		})
	}
}

func TestWhatIsWrongWithCSV(t *testing.T) {
	tests := []struct{ name, in, says string }{
		{"nothing", "", "nothing to read"},
		{"no header", "1,Ada,Archer\n2,Bo,Bell\n", `it begins "1,Ada,Archer"`},
		{"a header of other words", "name,shoe\nAda,9\n", "some of id,given_name"},
		{"only ids", "id\n1\n2\n", "some of id,given_name"},
		{"a column twice", "id,email,Email\n1,a,b\n", "email twice"},
		{"an id twice, named otherwise", "rec_id,email\n1,a@b.example\n1,c@d.example\n", `Line 3 has the id "1"`},
		{"an id twice", "id,email\n1,a@b.example\n2,\n1,c@d.example\n", `Line 4 has the id "1", which line 2 has already`},
		{"no id in a row", "id,email\n1,a@b.example\n,b@c.example\n", "Line 3 has no id"},
		{"UTF-16", "\xff\xfei\x00d\x00", "UTF-16"},
		{"a quote that is never closed", "id,email\n1,\"" + strings.Repeat("x", 20<<20), "is a quotation mark missing"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := csvThrough(t, test.in, false)
			if !social.Invalid.Is(err) || !strings.Contains(err.Error(), test.says) {
				t.Errorf("said %v, want %q", err, test.says)
			}
		})
	}
}

func TestCSVSaysWhy(t *testing.T) {
	out, err := csvThrough(t, "id,given_name,phone,city\n1,Ada,0412345678,Perth\n2,Ada,0412345678,Hobart\n3,Bo,,Perth\n", true)
	want := "id,person,with,probability,because\n1,1,,,\n2,1,1,"
	if err != nil || !strings.HasPrefix(out, want) || !strings.Contains(out, "same phone; same given name; city differs") {
		t.Errorf("gave %s, %v", out, err)
	}
}

func TestColumnsThatAreNotRead(t *testing.T) {
	table, err := resolve.ReadCSV(strings.NewReader("shoe,surname,family_name,address_2,zip\n9,wrong,Archer,x,6160\n"))
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(table.Unread, "; "); got != "shoe; surname; address_2" {
		t.Errorf("left aside %q", got)
	}
}

// TestAHouseNumberOfItsOwn: where the number has its own column it counts.
func TestAHouseNumberOfItsOwn(t *testing.T) {
	head := "id,given_name,surname,street_number,address_1,suburb,postcode\n"
	out, err := csvThrough(t, head+"1,Ada,Archer,12,harbour road,perth,6160\n2,Ada,Archer,12,harbour road,perth,6160\n3,Ada,Archer,97,harbour road,perth,6160\n", true)
	if err != nil || !strings.Contains(out, "same street") || !strings.Contains(out, "3,3,,,") && !strings.Contains(out, "other number") {
		t.Errorf("gave %s, %v", out, err)
	}
}

// TestWhatTheAddressSays: a name that stands in no column is not said to.
func TestWhatTheAddressSays(t *testing.T) {
	out, err := csvThrough(t, "id,given_name,surname,phone,email\n1,Gwen,Rourke,0412345678,\n2,,Rourke,0412345678,gwen.rourke@x.example\n", true)
	if err != nil || !strings.Contains(out, "same phone; same surname; same given name by the e-mail") {
		t.Errorf("gave %s, %v", out, err)
	}
}
