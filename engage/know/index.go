package know

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"
	"sync"

	"github.com/parley-crm/parley/kit/word"
	"github.com/parley-crm/parley/social"
)

// Kind says what something known is.
type Kind string

// The kinds. Threads of the community have a place here once there are any.
const (
	KindArticle Kind = "article"
	KindAnswer  Kind = "answer"
	KindThread  Kind = "thread"
)

// Entry is something known as the index sees it.
type Entry struct {
	Kind      Kind
	ID        string
	Lang      string
	Head      string // the title, or the question: counts for more
	Text      string // plain, or Markdown
	Programme social.ProgrammeID
	Shown     State // Published where it may be suggested
	World     bool  // everybody may read it
	Gone      bool
	Change    int64
}

// Ask is what somebody wants to find.
type Ask struct {
	Text   string
	Lang   string // what is in this language comes first; "" if unknown
	Only   string // only this language
	Typing bool   // the last word may go on
	Kinds  []Kind // none: all
	Suits  func(e *Entry) bool
	Limit  int
}

// Hit is something found.
type Hit struct {
	Kind  Kind
	ID    string
	Score float64
	// Share is how much of what was asked for is in it, by the weight of the
	// words, from 0 to 1.
	Share float64
	Words []string // stems that it was found by, the weightiest first
	Head  bool     // one of them stands in the head, or often
	Sense float64  // how near the meaning is, -1 to 1; 0 where nobody looked
	Lang  string
}

// BM25's usual figures, and how much a word of the head counts for.
const (
	saturation = 1.2
	evening    = 0.75
	headWeight = 3.0
	headLength = 0.5 // of a head's words, in the length of the whole
	elsewhere  = 0.5 // of what is in another language than asked for
	mostTerms  = 48
	mostForms  = 64 // of a word that is being typed
)

type posting struct {
	doc int32
	tf  float32
}

type filed struct {
	Entry
	length float64
	dead   bool
}

// drawer is the index of one language.
type drawer struct {
	docs   []filed
	at     map[string]int32 // of those that are alive
	post   map[string][]posting
	sorted []string // the terms in order; nil when they changed
	length float64  // of all that are alive
	alive  int
}

// index finds by words. It holds no texts, and catches up with the store by
// the number of the last change, so that several processes may share one
// database.
type index struct {
	mu      sync.RWMutex
	upto    int64
	drawers map[string]*drawer
	where   map[string]string // kind and id → language
}

func key(k Kind, id string) string { return string(k) + " " + id }

// put files entries in the order of their changes.
func (x *index) put(entries []Entry) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.drawers == nil {
		x.drawers, x.where = map[string]*drawer{}, map[string]string{}
	}
	for _, e := range entries {
		k := key(e.Kind, e.ID)
		if lang, ok := x.where[k]; ok {
			x.drawers[lang].drop(e.Kind, e.ID)
			delete(x.where, k)
		}
		if x.upto = max(x.upto, e.Change); e.Gone {
			continue
		}
		lang := word.Primary(e.Lang)
		d := x.drawers[lang]
		if d == nil {
			d = &drawer{post: map[string][]posting{}, at: map[string]int32{}}
			x.drawers[lang] = d
		}
		d.put(e, lang)
		x.where[k] = lang
	}
}

func (d *drawer) put(e Entry, lang string) {
	tf := map[string]float64{}
	head, body := word.Stems(e.Head, lang), word.Stems(e.Text, lang)
	for _, w := range body {
		tf[w]++
	}
	for _, w := range head {
		tf[w] += headWeight
	}
	e.Text = ""
	f := filed{Entry: e, length: float64(len(body)) + headLength*float64(len(head))}
	n := int32(len(d.docs))
	d.docs = append(d.docs, f)
	d.at[key(e.Kind, e.ID)] = n
	for w, k := range tf {
		if _, ok := d.post[w]; !ok {
			d.sorted = nil
		}
		d.post[w] = append(d.post[w], posting{n, float32(k)})
	}
	d.alive++
	d.length += f.length
}

func (d *drawer) drop(k Kind, id string) {
	if i, ok := d.at[key(k, id)]; ok {
		d.docs[i].dead = true
		d.alive--
		d.length -= d.docs[i].length
		delete(d.at, key(k, id))
	}
	if dead := len(d.docs) - d.alive; dead > 64 && dead > d.alive {
		d.compact()
	}
}

// compact throws away what is dead.
func (d *drawer) compact() {
	to := make([]int32, len(d.docs))
	kept := d.docs[:0:0]
	for i, f := range d.docs {
		if to[i] = -1; !f.dead {
			to[i] = int32(len(kept))
			d.at[key(f.Kind, f.ID)] = to[i]
			kept = append(kept, f)
		}
	}
	for w, list := range d.post {
		out := list[:0]
		for _, p := range list {
			if n := to[p.doc]; n >= 0 {
				out = append(out, posting{n, p.tf})
			}
		}
		if d.post[w] = out; len(out) == 0 {
			delete(d.post, w)
		}
	}
	d.docs, d.sorted = kept, nil
}

// term is a word of the question, with the forms that it may go on to.
type term struct {
	word  string
	forms []string
	idf   float64
}

func (d *drawer) idf(n int) float64 {
	return math.Log(1 + (float64(d.alive)-float64(n)+0.5)/(float64(n)+0.5))
}

// beginning lists the terms that begin with a word.
func (d *drawer) beginning(w string) []string {
	if d.sorted == nil {
		d.sorted = make([]string, 0, len(d.post))
		for t := range d.post {
			d.sorted = append(d.sorted, t)
		}
		slices.Sort(d.sorted)
	}
	i, _ := slices.BinarySearch(d.sorted, w)
	to := i
	for to < len(d.sorted) && to-i < mostForms && strings.HasPrefix(d.sorted[to], w) {
		to++
	}
	return d.sorted[i:to]
}

// joins are the languages that write words as one.
var joins = map[string]bool{"de": true, "nl": true, "sv": true, "da": true, "nb": true, "nn": true, "no": true, "fi": true, "hu": true}

// parts are the known words that an unknown one begins or ends with:
// Originalkarton holds Karton.
func (d *drawer) parts(w string) []string {
	const shortest = 4
	r := []rune(w)
	var out []string
	for i := len(r) - shortest; i >= shortest; i-- { // the longest beginning
		if b := string(r[:i]); len(d.post[b]) > 0 {
			out = append(out, b)
			break
		}
	}
	for i := shortest - 1; i <= len(r)-shortest; i++ { // the longest end
		if e := string(r[i:]); len(d.post[e]) > 0 {
			return append(out, e)
		}
	}
	return out
}

func (d *drawer) terms(a Ask, lang string) []term {
	stems := word.Stems(a.Text, lang)
	last := ""
	if a.Typing {
		if all := word.Split(a.Text); len(all) > 0 {
			last = all[len(all)-1]
		}
	}
	had := map[string]bool{}
	var out []term
	for i, w := range stems {
		if had[w] {
			continue
		}
		had[w] = true
		t := term{word: w, forms: []string{w}}
		if last != "" && i == len(stems)-1 {
			t.forms = append(t.forms, d.beginning(last)...)
			slices.Sort(t.forms)
			t.forms = slices.Compact(t.forms)
			last = ""
		}
		if len(d.post[w]) == 0 && len(t.forms) == 1 && joins[lang] {
			t.forms = append(t.forms, d.parts(w)...)
		}
		n := 0
		for _, f := range t.forms {
			n = max(n, len(d.post[f]))
		}
		t.idf = d.idf(min(n, d.alive))
		out = append(out, t)
	}
	if last != "" && len(had) == 0 { // "how d": what is being typed looks like a word that every sentence has
		if forms := d.beginning(last); len(forms) > 0 {
			out = append(out, term{word: last, forms: forms, idf: 1})
		}
	}
	if len(out) > mostTerms {
		slices.SortFunc(out, func(a, b term) int { return cmp.Compare(b.idf, a.idf) })
		out = out[:mostTerms]
	}
	return out
}

// find returns the best hits.
func (x *index) find(a Ask) []Hit {
	if a.Typing {
		x.mu.Lock() // the order of terms may have to be made
		defer x.mu.Unlock()
	} else {
		x.mu.RLock()
		defer x.mu.RUnlock()
	}
	var out []Hit
	for lang, d := range x.drawers {
		if d.alive == 0 || a.Only != "" && lang != word.Primary(a.Only) {
			continue
		}
		out = append(out, d.find(a, lang)...)
	}
	slices.SortFunc(out, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), strings.Compare(a.ID, b.ID))
	})
	if a.Limit > 0 && len(out) > a.Limit {
		out = out[:a.Limit]
	}
	return out
}

func (d *drawer) find(a Ask, lang string) []Hit {
	terms := d.terms(a, lang)
	scores := make([]float64, len(d.docs))
	shares := make([]float64, len(d.docs))
	masks := make([]uint64, len(d.docs))
	heads := make([]bool, len(d.docs))
	mean := max(1, d.length/float64(d.alive))
	total := 0.0
	for i, t := range terms {
		total += t.idf
		for _, f := range t.forms {
			for _, p := range d.post[f] {
				if d.docs[p.doc].dead {
					continue
				}
				tf := float64(p.tf)
				s := t.idf * tf * (saturation + 1) / (tf + saturation*(1-evening+evening*d.docs[p.doc].length/mean))
				if masks[p.doc]&(1<<i) != 0 { // another form of the same word counts once
					continue
				}
				scores[p.doc] += s
				heads[p.doc] = heads[p.doc] || tf >= headWeight
				shares[p.doc] += t.idf
				masks[p.doc] |= 1 << i
			}
		}
	}
	weight := 1.0
	if a.Lang != "" && word.Primary(a.Lang) != lang {
		weight = elsewhere
	}
	var out []Hit
	for i, s := range scores {
		e := &d.docs[i]
		if s == 0 || e.dead || len(a.Kinds) > 0 && !slices.Contains(a.Kinds, e.Kind) || a.Suits != nil && !a.Suits(&e.Entry) {
			continue
		}
		h := Hit{Kind: e.Kind, ID: e.ID, Score: s * weight, Share: shares[i] / total, Head: heads[i], Lang: e.Lang}
		var by []term
		for j, t := range terms {
			if masks[i]&(1<<j) != 0 {
				by = append(by, t)
			}
		}
		slices.SortStableFunc(by, func(a, b term) int { return cmp.Compare(b.idf, a.idf) })
		for _, t := range by {
			h.Words = append(h.Words, t.word)
		}
		out = append(out, h)
	}
	return out
}

// suits returns of a language those keys whose entries suit.
func (x *index) suits(lang string, keys []string, may func(e *Entry) bool) []Hit {
	x.mu.RLock()
	defer x.mu.RUnlock()
	var out []Hit
	d := x.drawers[lang]
	if d == nil {
		return nil
	}
	for _, k := range keys {
		if i, ok := d.at[k]; ok && may(&d.docs[i].Entry) {
			e := &d.docs[i].Entry
			out = append(out, Hit{Kind: e.Kind, ID: e.ID, Lang: e.Lang})
		}
	}
	return out
}

// Filed is what the index is made of.
type Filed interface {
	// Latest is the number of the last change.
	Latest(ctx context.Context) (int64, error)
	// Changes lists what changed after a number, in order, deleted things too,
	// whoever asks: the index holds all and shows to each what they may see.
	Changes(ctx context.Context, after int64, limit int) ([]Entry, error)
}

// changesAtOnce is how many changes are read at once.
const changesAtOnce = 500

// fresh brings the index up to date.
func (l *Library) fresh(ctx context.Context) error {
	latest, err := l.Store.Latest(ctx)
	if err != nil {
		return err
	}
	l.index.mu.RLock()
	upto := l.index.upto
	l.index.mu.RUnlock()
	if upto >= latest {
		return nil
	}
	l.catching.Lock()
	defer l.catching.Unlock()
	for {
		l.index.mu.RLock()
		upto = l.index.upto
		l.index.mu.RUnlock()
		some, err := l.Store.Changes(ctx, upto, changesAtOnce)
		if err != nil || len(some) == 0 {
			return err
		}
		l.index.put(some)
		if l.Senses != nil {
			l.senses.note(some)
		}
	}
}

// sees says what of the index an actor may see, as the store does.
func sees(scope social.Scope) func(e *Entry) bool {
	return func(e *Entry) bool {
		return scope.Sees(e.Programme) || e.Shown == Published && (e.World || e.Programme == "")
	}
}

// Find finds what is known, best first.
func (l *Library) Find(ctx context.Context, a Ask) ([]Hit, error) {
	if err := l.fresh(ctx); err != nil {
		return nil, err
	}
	may, also := sees(social.ScopeOf(ctx)), a.Suits
	a.Suits = func(e *Entry) bool { return may(e) && (also == nil || also(e)) }
	return l.index.find(a), nil
}

// Search finds articles by words, best first, with what else is wanted of them.
func (l *Library) Search(ctx context.Context, words string, q ArticleQuery) ([]Article, error) {
	hits, err := l.Find(ctx, Ask{Text: words, Only: q.Lang, Typing: true, Kinds: []Kind{KindArticle}, Limit: 300})
	if err != nil || len(hits) == 0 {
		return nil, err
	}
	order := map[ArticleID]int{}
	for i, h := range hits {
		id := ArticleID(h.ID)
		order[id] = i
		q.IDs = append(q.IDs, id)
	}
	var out []Article
	for ids := range slices.Chunk(q.IDs, 100) {
		q.IDs, q.Cursor, q.Limit = ids, "", 100
		some, _, err := l.Store.List(ctx, q)
		if err != nil {
			return nil, err
		}
		out = append(out, some...)
	}
	slices.SortFunc(out, func(a, b Article) int { return order[a.ID] - order[b.ID] })
	return out[:min(len(out), 100)], nil
}
