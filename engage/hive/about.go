package hive

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/parley-crm/parley/social"
)

// Thing is something that a question is about: a topic, a thing that it
// names, or a word.
type Thing struct {
	Key   string  `json:"key"`
	Label string  `json:"label"`
	Heavy float64 `json:"heavy"` // how much knowing it says
}

// About is what a question is about.
type About struct {
	Lang    string   `json:"lang"`
	Intents []string `json:"intents"`
	Topics  []string `json:"topics"`
	Things  []Thing  `json:"things"`
}

// Said is what somebody asked, and what analysis makes of it.
type Said struct {
	Text   string
	Scores social.Scores
}

// How much it says to know a topic, a named thing, a word.
const (
	heavyTopic  = 0.55
	heavyEntity = 0.8
	heavyWord   = 0.6
)

// most is how many things a question is about at most, and how much of a long
// text is read.
const (
	most     = 24
	mostText = 4000
)

// Read says what words are about.
func Read(s Said) About {
	a := About{Lang: s.Scores.Lang, Intents: []string{}, Topics: []string{}, Things: []Thing{}}
	seen := map[string]bool{}
	add := func(key, label string, heavy float64) {
		if key != "" && !seen[key] && len(a.Things) < most {
			seen[key] = true
			a.Things = append(a.Things, Thing{Key: key, Label: label, Heavy: heavy})
		}
	}
	for _, l := range s.Scores.Intents {
		a.Intents = append(a.Intents, l.Label)
	}
	for _, l := range s.Scores.Topics {
		a.Topics = append(a.Topics, l.Label)
		add("t:"+l.Label, l.Label, heavyTopic)
	}
	for _, e := range s.Scores.Entities {
		switch e.Kind {
		case social.EntityBrand, social.EntityPerson: // what is about everything, and whose name is nobody's expertise
			for _, k := range keysOf(e.Text) {
				seen[k] = true
			}
		case social.EntityProduct, social.EntityPlace, social.EntityHashtag:
			if k := keysOf(strings.TrimPrefix(e.Known(), "#")); len(k) == 1 {
				add(k[0], strings.TrimPrefix(e.Known(), "#"), heavyEntity)
			}
		}
	}
	text := s.Text
	if len(text) > mostText {
		text = strings.ToValidUTF8(text[:mostText], "")
	}
	for _, w := range tokens(text) {
		if k := key(w); k != "" {
			add(k, strings.ToLower(w), heavyWord)
		}
	}
	return a
}

// tokens cuts a text into words; addresses and handles are none.
func tokens(text string) []string {
	var out []string
	for _, f := range strings.Fields(text) {
		if strings.HasPrefix(f, "@") || strings.Contains(f, "://") {
			continue
		}
		out = append(out, strings.FieldsFunc(f, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r) })...)
	}
	return out
}

// long is how many letters of a word tell it apart from others: its forms
// (descale, descaler, descaling) begin alike.
const long = 6

// key is what a word is known by, "" for one that says nothing: small words,
// and numbers alone.
func key(w string) string {
	w = strings.ToLower(strings.ToValidUTF8(w, ""))
	n := utf8.RuneCountInString(w)
	letters, digits := 0, 0
	for _, r := range w {
		if unicode.IsLetter(r) {
			letters++
		} else if unicode.IsNumber(r) {
			digits++
		}
	}
	if letters == 0 || n > 40 || small[w] || (n < 3 && digits == 0 && !dense(w)) {
		return ""
	}
	if n > 3 && strings.HasSuffix(w, "s") && !strings.HasSuffix(w, "ss") {
		w = w[:len(w)-1]
	}
	runes := []rune(w)
	if len(runes) > long {
		runes = runes[:long]
	}
	return "w:" + string(runes)
}

// dense says whether a word is of a writing in which two signs are a word.
func dense(w string) bool {
	for _, r := range w {
		if unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul) {
			return true
		}
	}
	return false
}

// keysOf are the keys of the words of an expertise; all must be met. A topic
// of analysis is known by its own name, too.
func keysOf(s string) []string {
	var out []string
	for _, w := range tokens(s) {
		if k := key(w); k != "" {
			out = append(out, k)
		}
	}
	return out
}

// small are words that say nothing about what a question is about, in the
// languages that are met most.
var small = set(`
a an and are about after again all also always any anybody anyone ask asked at back be because been before but by can cannot could did do does doing done down
even ever every for from get gets getting give given go goes going good got had has have having he hello help her here hey hi him his how if in into is it its
attach attached answer answered answers ago buy bought came come customer customers day days else enough far feel first full happen happened hour hours large last
least leave left little long lot minute minutes money month months nice number pay people person photo picture pictures place rest right second seem seems send sent
several small soon star stars stay stop thought three told tried true turn wait waited waiting wanted whether wrong yesterday tomorrow tonight morning evening
january february march april june july august september october november december monday tuesday wednesday thursday friday saturday sunday
just keep know let like look make many may maybe me mine more most much must my need never new no nobody not now of off ok old on once one only or other our out
over please put question really same say see she should since so some somebody someone something still such sure take tell than thank thanks that the their them
then there these they thing things think this those though to today too try trying two up us use used using very want was way we week weeks well were what when
where which while who whole why will wish with without work works working would year years yes yet you your anything everything day days month months
dear
der die das und oder aber ich du er sie es wir ihr ein eine einen einem einer ist sind war waren hat habe haben wird werden mit ohne von vom zu zum zur im in am an
auf aus bei für über unter nach vor nicht kein keine auch noch nur schon sehr mehr wie was wer wo wann warum wenn dann denn dass mein meine meinen meiner euch
euer eure bitte danke hallo kann kann's könnt muss gibt geht immer wieder seit heute mal
le la les un une des du de et ou mais je tu il elle nous vous ils elles est sont était a ai avez avoir être avec sans pour par sur sous dans ne pas plus très que
qui quoi où quand comment pourquoi mon ma mes votre vos notre nos bonjour merci peut fait faire depuis
el los las una unos y o pero yo tú él ella nosotros ustedes es son era ha he tiene tengo con sin para por sobre en no más muy que qué quién dónde cuándo cómo mi mis
su sus hola gracias puede hacer desde
o os as um uma e mas eu você ele ela nós é são foi tem com sem para por em não mais muito que quem onde quando como meu minha seu sua olá obrigado pode fazer
il lo gli i un uno una e ma io tu lui lei noi voi è sono ha con senza per su in non più molto che chi dove quando come mio mia ciao grazie può fare
`)

func set(s string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(s) {
		out[w] = true
	}
	return out
}
