package practice

import (
	"strings"

	"github.com/parley-crm/parley/social"
)

// scene is one thing that somebody says by themselves in the sandbox. @us
// stands for our handle.
type scene struct {
	by     string
	site   Site
	title  string
	text   string
	rating float64
	direct bool
}

// Cast is the people of the sandbox.
func Cast() []Persona {
	return []Persona{
		{Handle: "mara.lind", Name: "Mara Lind", Followers: 412, Lang: "en", Place: "Leeds", Mood: Annoyed},
		{Handle: "teacup_tom", Name: "Tom Okafor", Followers: 1890, Lang: "en", Place: "Bristol", Mood: Curious},
		{Handle: "jonas.k", Name: "Jonas Keller", Followers: 96, Lang: "de", Place: "Köln", Mood: Calm},
		{Handle: "ines_reads", Name: "Inés Prado", Followers: 5310, Lang: "es", Place: "Sevilla", Mood: Happy},
		{Handle: "lucie.b", Name: "Lucie Bernard", Followers: 230, Lang: "fr", Place: "Lyon", Mood: Calm},
		{Handle: "gadgetgrump", Name: "The Gadget Grump", Followers: 48200, Lang: "en", Place: "Toronto", Mood: Angry},
		{Handle: "priya_n", Name: "Priya Nair", Followers: 870, Lang: "en", Place: "Singapore", Mood: Happy},
		{Handle: "oldcharlie", Name: "Charlie Voss", Followers: 12, Lang: "en", Place: "Hull", Mood: Curious},
	}
}

var scenes = []scene{
	{by: "mara.lind", site: Microblog, text: "@us ordered nine days ago and still nothing. Tracking has not moved since Monday. What is going on?"},
	{by: "teacup_tom", site: Microblog, text: "@us does the new one switch itself off when it is empty? The page does not say."},
	{by: "ines_reads", site: Microblog, text: "Me encanta lo bien que me atendió @us hoy. Así da gusto comprar."},
	{by: "jonas.k", site: Messages, title: "Rechnung fehlt", text: "Guten Tag, zu meiner Bestellung habe ich keine Rechnung bekommen. Können Sie sie mir noch einmal schicken?"},
	{by: "gadgetgrump", site: Microblog, text: "Second one from @us that died within a month. Do not buy this. I want my money back."},
	{by: "priya_n", site: Reviews, title: "Lovely", text: "Works exactly as described, arrived early, and support answered within the hour.", rating: 5},
	{by: "oldcharlie", site: Forum, title: "How do I clean it?", text: "Mine has chalk all over the inside. Is vinegar safe or will it eat the seal? @us"},
	{by: "lucie.b", site: Messages, title: "Changement d’adresse", text: "Bonjour, je déménage vendredi. Est-il encore possible de changer l’adresse de livraison ?"},
	{by: "mara.lind", site: Reviews, title: "Late and no answer", text: "The product is fine but it took two weeks and nobody answered my messages.", rating: 2},
	{by: "teacup_tom", site: Microblog, direct: true, text: "Could you look up whether my warranty is still valid? I would rather not post the number in public."},
	{by: "priya_n", site: Forum, title: "Idea: a gift box", text: "Would anybody else buy this with a nice box? I give one every Christmas. @us please think about it."},
	{by: "gadgetgrump", site: Reviews, title: "Broken again", text: "Handle came off. Dangerous when the water is hot. They should recall it.", rating: 1},
	{by: "ines_reads", site: Reviews, title: "Muy contenta", text: "Buena calidad y entrega rápida. Lo recomiendo.", rating: 5},
	{by: "oldcharlie", site: Microblog, text: "@us you were right about the filter, it works again. My daughter helped me with the app, too."},
	{by: "jonas.k", site: Microblog, text: "@us gibt es die Ersatzdichtung auch einzeln? Im Laden konnte mir niemand helfen."},
	{by: "lucie.b", site: Reviews, title: "Correct", text: "Bon produit, emballage un peu abîmé à l’arrivée.", rating: 4},
}

// Stir makes the sandbox move: its cast joins if it has not, and somebody
// says the next thing on a site ("" for whichever comes next), directed at
// our handle. It returns the id of what was said. The lines come round again
// when they are used up.
func (n *Network) Stir(s Site, handle string) (string, error) {
	var use []scene
	for _, sc := range scenes {
		if s == "" || sc.site == s {
			use = append(use, sc)
		}
	}
	if len(use) == 0 {
		return "", social.Errorf(social.Invalid, "The practice network has no site %q.", s)
	}
	n.mu.Lock()
	sc := use[n.scene%len(use)]
	n.scene++
	_, joined := n.people[sc.by]
	n.mu.Unlock()
	if !joined {
		n.Join(Cast()...)
	}
	said := Said{Site: sc.site, Title: sc.title, Rating: sc.rating, Text: strings.ReplaceAll(sc.text, "@us", "@"+handle)}
	if sc.direct || sc.site == Messages {
		said.To = handle
		return n.Direct(sc.by, said)
	}
	if sc.site == Reviews {
		said.To = handle
	}
	return n.Post(sc.by, said)
}
