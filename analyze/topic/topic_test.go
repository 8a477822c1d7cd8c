package topic

import (
	"bufio"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/parley-crm/parley/analyze/linear"
)

func find(t *testing.T) *Finder {
	t.Helper()
	f, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// The floor under the topics: posts labelled for the test. Most are put in
// usual words, so this says that the list does what it says, not how much of
// all talk it finds.
func TestFloor(t *testing.T) {
	f := find(t)
	file, err := os.Open("testdata/posts.tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var right, wrong, missed, rows int
	sc := bufio.NewScanner(file)
	var d linear.Doc
	for sc.Scan() {
		labels, text, ok := strings.Cut(sc.Text(), "\t")
		if !ok {
			t.Fatalf("no tab: %q", sc.Text())
		}
		rows++
		want := strings.FieldsFunc(labels, func(r rune) bool { return r == ',' })
		d.Read(text)
		for _, l := range f.Read(&d, 0, nil) {
			if slices.Contains(want, l.Label) {
				right++
			} else {
				wrong++
				t.Logf("%q is not about %s", text, l.Label)
			}
			want = slices.DeleteFunc(want, func(s string) bool { return s == l.Label })
		}
		for _, w := range want {
			t.Logf("%q is about %s", text, w)
		}
		missed += len(want)
	}
	precision, recall := float64(right)/float64(right+wrong), float64(right)/float64(right+missed)
	t.Logf("%d posts: precision %.2f, recall %.2f", rows, precision, recall)
	if rows < 60 || precision < 0.75 || recall < 0.80 {
		t.Errorf("%d posts: precision %.2f, recall %.2f", rows, precision, recall)
	}
}

func TestWhyAndBounds(t *testing.T) {
	f := find(t)
	var d linear.Doc
	d.Read("The courier lost my parcel and nobody answers the phone line")
	got := f.Read(&d, 2, nil)
	if len(got) != 2 || got[1].Label != Delivery || !slices.Contains(got[1].Why, "courier") || len(got[0].Why) > 2 {
		t.Errorf("%+v", got)
	}
	d.Read("")
	if got := f.Read(&d, 2, nil); got == nil || len(got) != 0 {
		t.Errorf("no text: %+v", got)
	}
	d.Read(strings.Repeat("delivery parcel courier ", 50_000))
	if got := f.Read(&d, 3, nil); len(got) != 1 || got[0].Score > 0.99 || len(got[0].Why) != 3 {
		t.Errorf("the same again and again: %+v", got)
	}
	if f.Speaks("de") || !f.Speaks("en") {
		t.Error("it speaks English only")
	}
	if len(Labels()) != topics || slices.Contains(Labels(), "") {
		t.Errorf("%v", Labels())
	}
}
