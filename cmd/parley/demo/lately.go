package demo

import (
	"fmt"
	"strings"
	"time"

	"github.com/parley-crm/parley/channel/practice"
)

// lately is what comes up in a week at such a desk besides: letters that went
// to others too and that their sender has laid out, and a question whose answer
// is too long for one post. It throws no dice, and comes behind all that does.
func (w *writer) lately() {
	days := func(n float64) time.Time { return w.script.To.Add(-time.Duration(n * 24 * float64(time.Hour))) }
	second := order{"Second café, Westlands", [][3]string{{"K3 kettle, 1.5 l", "6", "534.00"}, {"G1 grinder", "1", "295.00"}, {"Descaler, five litres", "2", "48.00"}}, "877.00"}
	bar := order{"Bar at the harbour, Aarhus", [][3]string{{"K3 kettle, 1.5 l", "6", "534.00"}, {"Carafe, 0.8 l", "12", "288.00"}}, "822.00"}
	w.tell(
		line{at: days(2.6), do: Direct, key: "gw20", by: "gracewanjiru", site: mail, want: "intent", title: "Order for the second café",
			cc:   []string{"peter@wanjiru-roasters.example", "accounts@wanjiru-roasters.example"},
			text: second.plain("Hello Wen,\n\nour second café opens on the tenth. This is what we would like:", "Peter and our accounts read along. Can it be here by the eighth?\n\nGrace Wanjiru"),
			html: second.laid("Hello Wen,", "our second café opens on the tenth. This is what we would like:", "Peter and our accounts read along. <b>Can it be here by the eighth?</b>", "Grace Wanjiru", "Wanjiru Roasters, Nairobi")},
		line{at: days(2.57), do: Reply, key: "gw21", of: "gw20", by: "wen.li", text: "Hello Grace, hello Peter,\n\nit can: everything is on the shelf and leaves tomorrow, so count on the sixth. The invoice goes to your accounts with the parcel, thirty days as before.\n\nAll the best,\nWen"},

		line{at: days(2.3), do: Post, key: "ha20", by: "hana", site: micro, want: "question", likes: 23, text: "@brewell the water in Brno is so hard that my K3 grows stones of its own. How do I get rid of them properly, step by step?"},
		line{at: days(2.28), do: Reply, key: "ha21", of: "ha20", by: "marcus.bell", text: "Happily, Hana, this is what we do in the workshop.\n\n" +
			"First: fill the kettle to the lower mark with cold water and stir in two level spoons of citric acid. Never use it hot from the start: above sixty degrees the acid and the limescale make a salt that sits more firmly than the scale did.\n\n" +
			"Second: warm it until you can just hold your hand on the steel, switch it off, and leave it for half an hour. It fizzes, and that is as it should be. Where a crust is left, do not scrape; repeat it with half as much.\n\n" +
			"Third: pour it out, take the sieve from the spout and lay it in the rest for ten minutes. Rinse both, boil a full kettle of clear water, pour that away too, and the next cup tastes of tea again.\n\n" +
			"With water as hard as yours, every four weeks. If you fill it in the evening and empty it in the morning, every two. A jug with a filter doubles both."},
		line{at: days(2.2), do: Answer, key: "ha22", of: "ha21", by: "hana", want: "praise", text: "Now that is an answer. It fizzes, and I am watching it like television."},
		line{at: days(2.1), do: Resolve, of: "ha20", by: "marcus.bell"},

		line{at: w.ago(33), do: Direct, key: "soren20", by: "soren", site: mail, want: "intent", title: "Wholesale: six kettles for our bar",
			cc:   []string{"regnskab@bach-son.example", "mette@bach-son.example"},
			text: bar.plain("Hello,\n\nwe open a bar at the harbour in March and would like, at the wholesale price:", "Mette looks after the bar and reads along. When could it be in Aarhus?\n\nSøren Bach"),
			html: bar.laid("Hello,", "we open a bar at the harbour in March and would like, at the wholesale price:", "Mette looks after the bar and reads along. <b>When could it be in Aarhus?</b>", "Søren Bach", "Bach &amp; Søn, Aarhus")},
	)
}

// order is what somebody would like to have: what, how many, for how much.
type order struct {
	title string
	lines [][3]string
	total string
}

// plain is a letter with an order in it, as plain text.
func (o order) plain(before, after string) string {
	var s strings.Builder
	fmt.Fprintf(&s, "%s\n\n%s\n", before, o.title)
	for _, l := range o.lines {
		fmt.Fprintf(&s, "%s × %s: EUR %s\n", l[1], l[0], l[2])
	}
	fmt.Fprintf(&s, "Together EUR %s\n\n%s", o.total, after)
	return s.String()
}

// laid is the same letter as its sender laid it out.
func (o order) laid(hello, before, after, name, firm string) string {
	var s strings.Builder
	fmt.Fprintf(&s, `<div style="font-family: Georgia, serif; font-size: 15px; color: #2b2622"><p>%s</p><p>%s</p>`, hello, before)
	fmt.Fprintf(&s, `<table style="border-collapse: collapse; width: 100%%; max-width: 520px"><tr><th colspan="3" style="text-align: left; padding: 8px; background-color: #7a3b1d; color: #ffffff">%s</th></tr>`, o.title)
	for i, l := range o.lines {
		shade := []string{"#ffffff", "#f6efe9"}[i%2]
		fmt.Fprintf(&s, `<tr style="background-color: %s"><td style="padding: 8px">%s</td><td style="padding: 8px; text-align: right">%s</td><td style="padding: 8px; text-align: right">€ %s</td></tr>`, shade, l[0], l[1], l[2])
	}
	fmt.Fprintf(&s, `<tr><td style="padding: 8px; border-top: 2px solid #7a3b1d" colspan="2"><b>Together</b></td><td style="padding: 8px; border-top: 2px solid #7a3b1d; text-align: right"><b>€ %s</b></td></tr></table>`, o.total)
	fmt.Fprintf(&s, `<p>%s</p><p>%s<br><span style="color: #8a7f76">%s</span></p></div>`, after, name, firm)
	return s.String()
}

// Chatted is what a visitor of the shop's page asks in its chat.
type Chatted struct {
	Name, Page, Text string
	Picture          practice.File
}

// InTheShop is what a visitor asks there.
func InTheShop() Chatted {
	return Chatted{"Tamsin Ives", "/cups/harbour",
		"Hello! This is the harbour cup that came this morning. The glaze is lighter on the left, is it meant to be like that? If not, I would rather swap it in the store than send it back.",
		practice.File{Name: "harbour-cup.png", Type: "image/png", Bytes: cup([3]float64{0.92, 0.90, 0.86}, [3]float64{0.13, 0.40, 0.45})}}
}
