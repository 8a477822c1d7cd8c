package word_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/parley-crm/parley/kit/word"
)

func TestSplit(t *testing.T) {
	tests := []struct {
		name, text string
		want       []string
	}{
		{"case and accents do not matter", "Crème BRÛLÉE", []string{"creme", "brulee"}},
		{"an apostrophe is no end", "it isn’t", []string{"it", "isnt"}},
		{"German sharp s", "Straße", []string{"strasse"}},
		{"Chinese in pairs", "咖啡机 清洗", []string{"咖啡", "啡机", "清洗"}},
		{"one sign alone", "茶", []string{"茶"}},
		{"Japanese keeps its marks", "ガラス", []string{"ガラ", "ラス"}},
		{"Arabic without its points", "قَهْوَة", []string{"قهوة"}},
		{"figures are words", "Model K2, 230 V", []string{"model", "k2", "230", "v"}},
		{"emoji are none", "☕️🙂", nil},
		{"what is no text", "a\xffb", []string{"a", "b"}},
	}
	for _, tt := range tests {
		if got := word.Split(tt.text); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q", tt.name, got)
		}
	}
	if got := word.Split(strings.Repeat("x", 1_000_000)); len(got) != 1 || len(got[0]) > 60 {
		t.Errorf("a word without end stays whole: %d words", len(got))
	}
}

func TestStems(t *testing.T) {
	tests := []struct {
		lang, a, b string
		same       bool
	}{
		{"en", "descaling the machines", "descale machine", true},
		{"de", "Reparaturen", "Reparatur", true},
		{"en-GB", "deliveries", "delivery", true},
		{"xx", "deliveries", "delivery", false},
		{"en", "how do I", "", true},
	}
	for _, tt := range tests {
		if got := slices.Equal(word.Stems(tt.a, tt.lang), word.Stems(tt.b, tt.lang)); got != tt.same {
			t.Errorf("%s: %q and %q: %v and %v", tt.lang, tt.a, tt.b, word.Stems(tt.a, tt.lang), word.Stems(tt.b, tt.lang))
		}
	}
}
