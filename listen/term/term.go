// Package term finds the words by which one sees what people speak of, and
// keeps count of those that are said most in a bounded room.
package term

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/parley-crm/parley/listen/query"
)

// Term is how often a word, or two that follow each other, was said by a
// subject's posts of a day.
type Term struct {
	Text  string
	Count int
	Over  int // by how much Count may be too high
}

// Kept is how many terms are kept of a subject in a day.
const Kept = 256

const (
	read = 400 // words of a post that are looked at
	most = 80  // terms of a post that count
)

// Merge counts more into what is kept. When there is no room left, a new
// term takes the place of the rarest and its count, which it may not have
// (Space-Saving, Metwally and others 2005): what is said often is never lost.
func Merge(had []Term, more map[string]int) (put []Term, drop []string) {
	kept := map[string]Term{}
	for _, t := range had {
		kept[t.Text] = t
	}
	add := make([]Term, 0, len(more))
	for text, n := range more {
		add = append(add, Term{Text: text, Count: n})
	}
	slices.SortFunc(add, func(a, b Term) int { return cmp.Or(b.Count-a.Count, strings.Compare(a.Text, b.Text)) })
	changed, gone := map[string]bool{}, map[string]bool{}
	var fresh []Term
	for _, t := range add {
		if k, ok := kept[t.Text]; ok {
			k.Count += t.Count
			kept[t.Text] = k
			changed[t.Text] = true
		} else {
			fresh = append(fresh, t)
		}
	}
	order := make([]Term, 0, len(kept))
	for _, t := range kept {
		order = append(order, t)
	}
	slices.SortFunc(order, func(a, b Term) int { return cmp.Or(a.Count-b.Count, strings.Compare(a.Text, b.Text)) })
	for _, t := range fresh {
		if len(kept) >= Kept {
			if len(order) == 0 {
				break
			}
			rarest := order[0]
			order = order[1:]
			delete(kept, rarest.Text)
			delete(changed, rarest.Text)
			gone[rarest.Text] = true
			t.Count, t.Over = t.Count+rarest.Count, rarest.Count
		}
		kept[t.Text] = t
		changed[t.Text] = true
	}
	for text := range changed {
		put = append(put, kept[text])
		delete(gone, text)
	}
	slices.SortFunc(put, func(a, b Term) int { return strings.Compare(a.Text, b.Text) })
	for _, t := range had {
		if gone[t.Text] {
			drop = append(drop, t.Text)
		}
	}
	return put, drop
}

// Of are the words of a post that may say what it is about, and two of
// them that follow each other; each once.
func Of(d *query.Doc) []string {
	seen := map[string]bool{}
	var out []string
	add := func(t string) {
		if len(out) < most && len(t) <= 120 && !seen[t] {
			seen[t] = true
			out = append(out, t)
		}
	}
	last := ""
	alone := false
	for _, w := range d.Words(read) {
		tells := telling(w)
		if w.Next && last != "" && (tells || w.Alone) {
			switch {
			case w.Alone && alone:
				add(last + w.Text)
			case tells && !alone:
				add(last + " " + w.Text)
			}
		}
		last, alone = "", false
		if tells {
			add(w.Text)
			last = w.Text
		} else if w.Alone {
			last, alone = w.Text, true
		}
	}
	return out
}

// telling reports whether a word may say what a post is about.
func telling(w query.Word) bool {
	if w.Handle || w.Alone || utf8.RuneCountInString(w.Text) < 3 || plainWords[w.Text] {
		return utf8.RuneCountInString(w.Text) == 2 && !w.Handle && strings.ContainsAny(w.Text, "0123456789") && !digits(w.Text)
	}
	return !digits(w.Text)
}

func digits(s string) bool { return strings.Trim(s, "0123456789_") == "" }

// plainWords say nothing by themselves, in the languages that are heard most,
// folded as words are compared.
var plainWords = func() map[string]bool {
	out := map[string]bool{}
	for w := range strings.FieldsSeq(`
about above after again against all also although always among and another any anybody anyone anything are aren around ask asked away back because been before being below best better between both but came can cannot come could couldn did didn does doesn doing don done down during each either else enough ever every everybody everyone everything few first for from gave get gets getting give given goes going gone good got great had hadn has hasn have haven having hello help her here hers herself him himself his how however instead into isn its itself just keep kind knew know known last later least less let like little long look looking lot made make makes making many may maybe mean means might mine more most much must myself need needs never new next nice nobody not nothing now off often okay once one only onto other others our ours out over own part people perhaps please put quite rather really right said same saw say says see seem seems seen she should shouldn show since some somebody someone something sometimes soon sorry still such sure take taken tell than thank thanks that the their theirs them themselves then there these they thing things think this those though thought three through thus till time times today together tomorrow too took toward tried try trying two under until upon use used uses using usual very via want wanted wants was wasn way well went were weren what when where whether which while who whole whom whose why will with within without won work works would wouldn year years yes yesterday yet you your yours yourself day days week weeks month months bit anyway actually already almost two three four five ten here lol don't it's i'm can't won't i've that's https http www com
aber als auch auf aus bei bin bis bist das dass dem den der des die doch dort durch ein eine einem einen einer eines einfach etwas fur ganz gibt habe haben hat hatte hier ich ihm ihn ihr ihre immer ins ist jetzt kann kein keine mal man mehr mein meine mich mir mit nach nein nicht noch nun nur oder ohne schon sehr sein seine seit sich sie sind und uns unser unter vom von vor war waren warum was weil wenn wer wie wieder wir wird wurde zum zur uber
alors aucun aussi autre aux avant avec avoir bien car ces cet cette ceux chez comme dans des deux dire donc elle elles encore entre est etait ete etre fait faire ici ils jamais les leur leurs lui mais merci mes moi mon notre nous oui par pas peu peut plus pour pourquoi quand que quel quelle qui rien sans ses son sont sous sur tes toi ton tous tout toute tres trop une vos votre vous
algo ahora ante aqui asi bien cada como con cual cuando del desde donde dos ella ellos entre era eran eres esa ese eso esta estaba estan este esto estos fue gracias hace hacer hasta hay las les los mas mejor mis mucho muy nada nos nosotros para pero poco por porque pues que quien ser sin sobre solo son sus tambien tan tanto tengo tiene todo todos una uno unos vez yo
agora ainda assim bem cada com como dela dele depois dos ela ele eles era essa esse esta este eu foi gente isso isto mais mas mesmo meu minha muito nao nas nem nos numa obrigado onde para pela pelo por porque quando que quem sao sem ser seu sua tambem tem tinha tudo uma vai voce
aan als ben bij daar dan dat deze die dit door een had heb hebben heeft het hier hoe hun ik jij kan maar meer met mij mijn naar niet nog ook omdat onze ons over toch uit van veel voor waar wat weer wel wie worden wordt zei zijn zou zo
ale bardzo bez byc byl byla bylo czy dla dlaczego jak jako jest jestem juz kiedy kto ktory lub maja mam mnie moze moj moja nie nic nich niz oraz pod po przez sie ten tak tam tego tej ten tez tylko tym wiec wszystko zeby
ama artik bana ben beni bir biz bu cok daha degil gibi hem her hic icin ile ise kadar ki mi mu nasil ne neden olan olarak oldu onlar onu sen seni siz sonra su var ve veya yok
che chi con cosa cui dal dalla dei del della delle degli dove era gli hai hanno loro mai mia mio molto nel nella noi non per perche piu poi qua quale quando quella quello questa questo sei senza sono sta sua suo sulla tra tutti tutto una uno voi`) {
		out[w] = true
	}
	return out
}()

// Likelihood is Dunning's log-Likelihood ratio (1993) of a word that stands in
// k1 of n1 posts and stood in k0 of n0: how sure it is that it became more.
func Likelihood(k1, n1, k0, n0 float64) float64 {
	term := func(k, e float64) float64 {
		if k <= 0 || e <= 0 {
			return 0
		}
		return k * math.Log(k/e)
	}
	k1, k0 = min(k1, n1), min(k0, n0)
	p := (k1 + k0) / (n1 + n0)
	return 2 * (term(k1, n1*p) + term(n1-k1, n1*(1-p)) + term(k0, n0*p) + term(n0-k0, n0*(1-p)))
}
