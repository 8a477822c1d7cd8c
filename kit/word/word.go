// Package word cuts a text of any language into words as a search compares
// them: without case and accents, brought to their stem where the language
// has a stemmer. Scripts that put no spaces between words are cut into pairs
// of signs.
//
// It promises that the same text always gives the same words, that it takes
// any text, and that its work is linear.
package word

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/danish"
	"github.com/blevesearch/snowballstem/dutch"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/finnish"
	"github.com/blevesearch/snowballstem/french"
	"github.com/blevesearch/snowballstem/german"
	"github.com/blevesearch/snowballstem/hungarian"
	"github.com/blevesearch/snowballstem/italian"
	"github.com/blevesearch/snowballstem/norwegian"
	"github.com/blevesearch/snowballstem/portuguese"
	"github.com/blevesearch/snowballstem/romanian"
	"github.com/blevesearch/snowballstem/russian"
	"github.com/blevesearch/snowballstem/spanish"
	"github.com/blevesearch/snowballstem/swedish"
	"github.com/blevesearch/snowballstem/turkish"
	"golang.org/x/text/unicode/norm"
)

// longest is how much of a word is kept, in runes; longer ones are no words.
const longest = 40

// unspaced are the scripts that put no spaces between words.
var unspaced = []*unicode.RangeTable{unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Bopomofo, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar}

// accented are the scripts whose marks are accents; elsewhere they are letters.
var accented = []*unicode.RangeTable{unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Hebrew, unicode.Arabic}

// Split returns the words of a text, folded, in their order.
func Split(text string) []string {
	var out []string
	var run []rune
	signs, plain := false, false
	flush := func() {
		switch {
		case len(run) == 0:
		case !signs:
			out = append(out, norm.NFC.String(string(run[:min(len(run), longest)])))
		case len(run) == 1:
			out = append(out, string(run))
		default:
			for i := range len(run) - 1 {
				out = append(out, string(run[i:i+2]))
			}
		}
		run, signs = run[:0], false
	}
	for _, r := range norm.NFKC.String(strings.ToValidUTF8(text, " ")) {
		if plain = plain && unicode.IsMark(r); unicode.IsOneOf(accented, r) {
			r, _ = utf8.DecodeRuneInString(norm.NFD.String(string(r)))
		}
		switch {
		case unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Mc, r):
			if len(run) > 0 && !plain {
				run = append(run, r)
			}
		case r == '\'' || r == '’' || r == '\u00ad' || unicode.Is(unicode.Cf, r): // within a word as if it were not there
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			sign := unicode.IsOneOf(unspaced, r)
			if sign != signs {
				flush()
			}
			if plain = unicode.IsOneOf(accented, r); r == 'ß' || r == 'ẞ' {
				run = append(run, 's', 's')
				continue
			}
			run, signs = append(run, unicode.ToLower(r)), sign
		default:
			flush()
		}
	}
	flush()
	return out
}

var stemmers = map[string]func(*snowballstem.Env) bool{
	"en": english.Stem, "da": danish.Stem, "nl": dutch.Stem, "fi": finnish.Stem, "fr": french.Stem, "de": german.Stem, "hu": hungarian.Stem,
	"it": italian.Stem, "no": norwegian.Stem, "nb": norwegian.Stem, "nn": norwegian.Stem, "pt": portuguese.Stem, "ro": romanian.Stem,
	"ru": russian.Stem, "es": spanish.Stem, "sv": swedish.Stem, "tr": turkish.Stem,
}

// Primary is the language of a BCP 47 tag: "pt" of "pt-BR".
func Primary(tag string) string {
	p, _, _ := strings.Cut(tag, "-")
	return strings.ToLower(p)
}

// Stems returns the stems of the words of a text in a language, without the
// words that every sentence has.
func Stems(text, lang string) []string {
	lang = Primary(lang)
	words := Split(text)
	stop, stem := common[lang], stemmers[lang]
	var env *snowballstem.Env
	if stem != nil {
		env = snowballstem.NewEnv("")
	}
	out := words[:0]
	for _, w := range words {
		if stop[w] {
			continue
		}
		if stem != nil {
			env.SetCurrent(w)
			stem(env)
			w = env.Current()
		}
		if w != "" {
			out = append(out, w)
		}
	}
	return out
}

// common are the words that every sentence has, folded.
var common = func() map[string]map[string]bool {
	out := map[string]map[string]bool{}
	for lang, words := range map[string]string{
		"en": "long much many today now still really one thing take know want need like make ever cant im also only even any a about am an and any are as at be been but by can could did do does doing dont for from get got had has have hello hey hi how i if im in into is isnt it its ive just me my no not of on or our please so some than thank thanks that the their them then there they this to too up us was we were what when where which who why will with would you your youre",
		"de": "lange viel viele heute jetzt brauche brauchen braucht gibt neue neuer neuen etwas endlich mal denn diese dieser dieses sie mehr aber alle als am an auch auf aus bei bin bis bitte da danke das dass dein dem den der des die dies dir doch du ein eine einem einen einer er es euch euer fur hab habe haben hallo hat hi ich ihr ihre im in ist ja kann kein keine man mein meine meinem meinen meiner mich mir mit nach nicht noch nun nur ob oder schon sehr sich sie sind so und uns unser von vor war was wenn wer werden wie wir wird wo zu zum zur",
		"fr": "a ai au aux avec avez bonjour c ce ces cest comment d dans de des du elle en est et etes eu il ils j jai je l la le les leur lui ma mais me mes mon n ne nous on ou par pas pour qu que qui s sa se ses si son sur ta te tes ton tu un une vos votre vous y",
		"es": "a al como con de del el ella en es esta este esto gracias ha hay he hola la las le les lo los me mi mis mucho muy no nos o para pero por porque que se si sin sobre son su sus te tengo tu un una y ya yo",
		"it": "a ad ai al alla anche che chi ci ciao come con da dei del della di e ed grazie ha ho i il in io la le lo ma mi mia mio ne nel non o per piu quando questa questo se si sono sua suo sul ti tu un una vi",
		"nl": "aan als bij dan dat de den die dit een en er hallo heb hebben heeft het hij hoe ik in is je kan maar me met mijn naar niet nog nu of om ons ook op over te tot u uit van voor was wat we wel wij ze zich zijn zo",
		"pt": "a ao aos as com como da das de do dos e ela ele em essa esse esta este eu foi ha isso ja mais mas me meu minha muito na nao nas no nos o obrigado ola os ou para pela pelo por que se sem ser seu so sua tem um uma voce",
	} {
		set := map[string]bool{}
		for w := range strings.FieldsSeq(words) {
			set[w] = true
		}
		out[lang] = set
	}
	return out
}()
