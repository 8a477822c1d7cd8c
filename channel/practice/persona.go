package practice

import (
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"time"

	"github.com/parley-crm/parley/social"
)

// Mood is how a persona takes an answer.
type Mood string

// The moods.
const (
	Calm    Mood = "calm"
	Happy   Mood = "happy"
	Curious Mood = "curious"
	Annoyed Mood = "annoyed"
	Angry   Mood = "angry"
)

// answer is something that a persona will say when its time comes.
type answer struct {
	At     time.Time `json:"at"`
	By     string    `json:"by"`
	Parent string    `json:"parent"`
	Text   string    `json:"text"` // "" is a like
}

// Lively says whether personas answer back when we answer them. They begin
// silent, so that a script stays what it is.
func (n *Network) Lively(on bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.lively = on
}

// Settle says everything that personas meant to say by now. Listening does
// so by itself.
func (n *Network) Settle() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.settle()
}

func (n *Network) settle() {
	now := n.clock.Now()
	for len(n.due) > 0 && !n.due[0].At.After(now) {
		a := n.due[0]
		n.due = n.due[1:]
		if a.Text == "" {
			if p, err := n.standing(a.Parent); err == nil {
				p.Likes++
			}
			continue
		}
		// Whoever was deleted in the meantime stays silent.
		_, _ = n.reply(a.By, a.Parent, Said{Text: a.Text})
	}
}

// next is how long a stream may wait before it looks again by itself.
func (n *Network) next() time.Duration {
	if len(n.due) == 0 {
		return time.Hour
	}
	return max(time.Second, n.due[0].At.Sub(n.clock.Now()))
}

// answerTo decides what the persona whom we have answered will do. It depends
// on the seed, the post, the mood and how often we have answered them in this
// thread, and on nothing else.
func (n *Network) answerTo(ours *Post) {
	if !n.lively || ours.Parent == "" {
		return
	}
	p, ok := n.people[fold(ours.ParentBy)]
	if !ok || n.brands[fold(p.Handle)] {
		return
	}
	turn := 0
	for _, id := range n.order {
		if q := n.posts[id]; q.thread() == ours.thread() && q.Key != "" && fold(q.ParentBy) == fold(p.Handle) {
			turn++
		}
	}
	h := n.roll(ours.ID, p.Handle)
	act := react(p.Mood, turn, ours.Text, h)
	a := answer{At: n.clock.Now().Add(time.Duration(20+h%100) * time.Second), By: p.Handle, Parent: ours.ID}
	switch act {
	case silent:
		return
	case likes:
	default:
		lines := phrases[language(p.Lang)][act]
		a.Text = lines[(h>>8)%uint64(len(lines))]
		if act == details {
			a.Text = fmt.Sprintf(a.Text, 4000+h%6000)
		}
		if ours.Site == Microblog && ours.Visibility == social.Public {
			a.Text = "@" + ours.By + " " + a.Text
		}
	}
	i, _ := slices.BinarySearchFunc(n.due, a, func(x, y answer) int {
		if c := x.At.Compare(y.At); c != 0 {
			return c
		}
		return -1 // behind those of the same moment
	})
	n.due = slices.Insert(n.due, i, a)
}

// roll is a number that depends on the seed and the parts only.
func (n *Network) roll(parts ...string) uint64 {
	h := fnv.New64a()
	fmt.Fprintf(h, "%d\x00%s", n.seed, strings.Join(parts, "\x00"))
	x := h.Sum64()
	x ^= x >> 31 // FNV leaves the high bits of short words alike
	x *= 0x9e3779b97f4a7c15
	return x ^ x>>29
}

// act is what somebody does when we have answered them.
type act int

const (
	silent act = iota
	likes
	thanks
	asks
	details
	grumbles
)

// react is the personality: angry people want more than words, curious ones
// ask on, and nobody goes on for ever.
func react(m Mood, turn int, ours string, h uint64) act {
	low := strings.ToLower(ours)
	asked := strings.Contains(ours, "?")
	helped := false
	for _, w := range []string{"refund", "replace", "sorry", "http", "erstatt", "ersatz", "tut uns leid", "rembours", "désolé", "reembols", "sentimos"} {
		helped = helped || strings.Contains(low, w)
	}
	switch {
	case turn > 4:
		return silent
	case asked && turn <= 3:
		return details
	case m == Angry && (!helped || turn == 1):
		return grumbles
	case m == Annoyed && !helped:
		return asks
	case m == Curious && turn <= 2:
		return asks
	case m == Happy && h%3 == 0:
		return likes
	case turn > 2 && h%2 == 0:
		return likes
	case turn > 3:
		return silent
	}
	return thanks
}

func language(lang string) string {
	lang, _, _ = strings.Cut(strings.ToLower(lang), "-")
	if _, ok := phrases[lang]; !ok {
		return "en"
	}
	return lang
}

var phrases = map[string]map[act][]string{
	"en": {
		thanks:   {"Thank you, that helps!", "That was quick. Thanks a lot.", "Perfect, thanks for sorting this out.", "Great, that works for me."},
		asks:     {"And how long will that take?", "What do I have to do now?", "Is that the same for the older model?", "Do I need the receipt for that?"},
		details:  {"Sure, the order number is %d.", "I bought it in March, order %d.", "It says %d on the bottom.", "Yes. My customer number is %d."},
		grumbles: {"I have heard that before. When exactly?", "Words are nice, but I still have no working product.", "This is the third time I am explaining this."},
	},
	"de": {
		thanks:   {"Danke, das hilft mir!", "Das ging schnell, vielen Dank.", "Super, danke für die Hilfe."},
		asks:     {"Und wie lange dauert das?", "Was muss ich jetzt tun?", "Brauche ich dafür den Kassenzettel?"},
		details:  {"Klar, die Bestellnummer ist %d.", "Gekauft im März, Bestellung %d.", "Unten steht %d."},
		grumbles: {"Das habe ich schon einmal gehört. Wann genau?", "Ich erkläre das jetzt zum dritten Mal.", "Schöne Worte, aber das Gerät geht immer noch nicht."},
	},
	"fr": {
		thanks:   {"Merci, cela m’aide beaucoup !", "C’était rapide, merci.", "Parfait, merci pour votre aide."},
		asks:     {"Et combien de temps cela prendra-t-il ?", "Que dois-je faire maintenant ?", "Faut-il le ticket de caisse ?"},
		details:  {"Bien sûr, le numéro de commande est %d.", "Acheté en mars, commande %d."},
		grumbles: {"On m’a déjà dit cela. Quand exactement ?", "C’est la troisième fois que je l’explique."},
	},
	"es": {
		thanks:   {"¡Gracias, eso me ayuda!", "Qué rápido, muchas gracias.", "Perfecto, gracias por resolverlo."},
		asks:     {"¿Y cuánto tardará?", "¿Qué tengo que hacer ahora?", "¿Necesito el recibo?"},
		details:  {"Claro, el número de pedido es %d.", "Lo compré en marzo, pedido %d."},
		grumbles: {"Eso ya lo he oído. ¿Cuándo exactamente?", "Es la tercera vez que lo explico."},
	},
}
