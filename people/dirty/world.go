package dirty

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"

	"github.com/parley-crm/parley/people/resolve"
)

// world is where people live: names in the order of how common they are, and
// places with their codes.
type world struct {
	r                     *rand.Rand
	name                  string
	givens, families      []string
	streets, towns, kinds []string
	regions               []string
	invented              []string
	taken                 map[string]bool // addresses: each is one person's
}

func newWorld(name string, n int, seed uint64) *world {
	w := &world{r: rand.New(rand.NewPCG(seed, 77)), name: name, taken: map[string]bool{}}
	lists := worlds[name]
	switch name {
	case "flat":
		return w.flat(n)
	case "mixed":
		lists = worlds["europe"]
		w.invented = w.invent(300+n/20, 2)
	}
	// Rare names are made of syllables; a larger population has more.
	w.givens = append(strings.Fields(lists.given), w.invent(300+n/100, 2)...)
	w.families = append(strings.Fields(lists.family), w.invent(2000+n/10, 3)...)
	w.streets = append(strings.Fields(lists.street), w.invent(1500+n/20, 3)...)
	w.towns = append(strings.Fields(lists.town), w.invent(400+n/200, 3)...)
	w.kinds = strings.Fields(lists.kind)
	w.regions = strings.Fields(lists.region)
	return w
}

// flat is a world such as programs make that invent customers: all names of
// its lists are equally common, and addresses have nothing to do with names.
func (w *world) flat(n int) *world {
	a, b := worlds["north"], worlds["south"]
	w.givens = append(strings.Fields(a.given), strings.Fields(b.given)...)
	w.families = append(append(strings.Fields(a.family), strings.Fields(b.family)...), w.invent(500, 3)...)
	w.streets = append(strings.Fields(a.street), w.invent(1500+n/20, 3)...)
	w.towns = append(strings.Fields(a.town), strings.Fields(b.town)...)
	w.kinds, w.regions = strings.Fields(a.kind), strings.Fields(a.region)
	return w
}

func (w *world) chance(p float64) bool { return w.r.Float64() < p }

var (
	onsets = strings.Fields("b br c ch d dr f fl g gr h j k l m n p qu r s sh st t th tr v w")
	vowels = strings.Fields("a e i o u ai ea ee ie oo ou")
	codas  = append(strings.Fields("n r l s t m ck nd rt ng ld x"), "", "", "", "")
)

func (w *world) invent(n, most int) []string {
	out := make([]string, n)
	for i := range out {
		var b strings.Builder
		for range 1 + w.r.IntN(most) {
			b.WriteString(onsets[w.r.IntN(len(onsets))] + vowels[w.r.IntN(len(vowels))])
		}
		b.WriteString(codas[w.r.IntN(len(codas))])
		if b.Len() < 4 {
			b.WriteString("son")
		}
		out[i] = b.String()
	}
	return out
}

// common draws from a list in which the first are the commonest.
func (w *world) common(list []string) string {
	if w.name == "flat" {
		return list[w.r.IntN(len(list))]
	}
	// Zipf with an exponent near 1, by inverting its distribution roughly.
	x := math.Exp(w.r.Float64()*math.Log(float64(len(list)+8))) - 1
	return list[min(int(x*.98), len(list)-1)]
}

func (w *world) family() string { return w.common(w.families) }

// person makes up somebody.
func (w *world) person() resolve.Record {
	if w.name == "mixed" {
		return w.mixed()
	}
	var r resolve.Record
	r.Given, r.Family = w.common(w.givens), w.family()
	if w.chance(.08) && w.name != "flat" {
		r.Given += " " + w.common(w.givens)
	}
	w.house(&r)
	r.Birth = w.born()
	r.Phone = w.phone()
	w.accounts(&r)
	switch w.name {
	case "europe":
		r.Country = "DE"
	case "north", "flat":
		r.Country = "US"
	default:
		r.Country = "Australia"
	}
	return r
}

func (w *world) born() string {
	return fmt.Sprintf("%04d%02d%02d", 1925+w.r.IntN(85), 1+w.r.IntN(12), 1+w.r.IntN(28))
}

func (w *world) house(r *resolve.Record) {
	town := w.r.IntN(len(w.towns))
	if w.name != "flat" && w.chance(.6) {
		town = int(float64(town) * w.r.Float64() * w.r.Float64())
	}
	r.City = w.towns[town]
	code := 1000 + (town*37+w.r.IntN(3))%8999
	r.Postcode = fmt.Sprint(code)
	if w.name != "south" {
		r.Postcode = fmt.Sprintf("%05d", code*7%99999)
	}
	r.Region = w.regions[town%len(w.regions)]
	r.Street = fmt.Sprintf("%d %s %s", 1+int(math.Abs(w.r.NormFloat64())*60), w.common(w.streets), w.kinds[w.r.IntN(len(w.kinds))])
}

func (w *world) phone() string {
	switch w.name {
	case "europe":
		return fmt.Sprintf("+49 1%d %07d", 50+w.r.IntN(30), w.r.IntN(10_000_000))
	case "north", "flat":
		return fmt.Sprintf("(%d) %03d-%04d", 201+w.r.IntN(700), 200+w.r.IntN(800), w.r.IntN(10_000))
	}
	return fmt.Sprintf("04%08d", w.r.IntN(100_000_000))
}

func (w *world) accounts(r *resolve.Record) {
	bare := func(s string) string { return letters.Replace(plain.Replace(s)) }
	given, family := bare(r.Given), bare(r.Family)
	if w.name == "flat" {
		given, family = w.common(w.givens), w.common(w.families)
	}
	short := w.chance(.3)
	r.Email = w.free(func(most int) string {
		if short {
			return fmt.Sprintf("%s%d@%s", given[:1]+family, w.r.IntN(10*most), w.hosts())
		}
		return fmt.Sprintf("%s.%s%d@%s", given, family, w.r.IntN(most), w.hosts())
	})
	r.Handle = w.free(func(most int) string { return fmt.Sprintf("%s_%s%d", given, family[:2], w.r.IntN(10*most)) })
}

// free returns an address that nobody has yet.
func (w *world) free(try func(most int) string) string {
	for most := 100; ; most *= 2 {
		if s := try(most); !w.taken[s] {
			w.taken[s] = true
			return s
		}
	}
}

// letters leaves out what parts names.
var letters = strings.NewReplacer(" ", "", "-", "", "'", "")

func (w *world) hosts() string {
	hosts := []string{"mail.example", "post.example", "inbox.example", "web.example"}
	return hosts[w.r.IntN(len(hosts))]
}

// mate makes up somebody of the same household.
func (w *world) mate(of resolve.Record, traps float64) resolve.Record {
	r := w.person()
	r.Country = of.Country
	r.Street, r.City, r.Postcode, r.Region = of.Street, of.City, of.Postcode, of.Region
	if w.chance(.8) {
		r.Family = of.Family
	}
	if w.chance(.4) {
		r.Phone = of.Phone
	}
	if w.chance(traps) {
		r.Family = of.Family
		if w.chance(.5) {
			r.Birth = of.Birth // a twin
		} else {
			r.Given = of.Given // a child of the same name
		}
	}
	w.accounts(&r)
	return r
}

// petName shortens a given name, as friends do.
func (w *world) petName(s string) string {
	for i := 0; i+1 < len(pets); i += 2 {
		if s == pets[i] {
			return pets[i+1]
		}
	}
	if runes := []rune(s); len(runes) > 5 {
		return string(runes[:4])
	}
	return s + "y"
}

var pets = strings.Fields("william bill thomas tom james jim robert bob joshua josh benjamin ben samuel sam matthew matt nicholas nick michael mike daniel dan alexander alex elizabeth liz emily em isabella bella jessica jess charlotte charlie olivia liv katherine kate margaret maggie patricia trish jennifer jenny johannes hans friedrich fritz maximilian max katharina kathi elisabeth lisi sebastian basti")

type lists struct{ given, family, street, town, kind, region string }

var worlds = map[string]lists{
	"south": {
		given:  "jack joshua thomas lachlan william james ethan samuel daniel benjamin emily matthew nicholas ryan jessica sophie isabella luke liam jacob georgia chloe sarah olivia michael hannah ella charlotte alexander ruby grace mitchell emma lucy dylan caitlin harrison cooper zoe madison max angus bailey tyler jordan riley connor jake adam oliver aidan noah joel zachary brayden blake hayden mia abbey lauren amy lily rachel holly amelia imogen alice kate brooke claire eliza lara tahlia jasmine phoebe paige nathan isaac finn oscar henry archie xavier logan hugo sebastian sam charlie toby hamish beau jayden kayla bianca taylah mikayla laura anna eva erin maddison isabelle stephanie natalie rebecca",
		family: "smith white jones clarke campbell brown green taylor thomas wilson webb miller ryan martin johnson williams anderson nguyen king harris lee thompson robinson walker hall young mitchell turner scott kelly wright hill cooper ward bailey edwards carter evans roberts baker moore parker collins stewart murphy cook rogers morgan reid ross gray hughes watson brooks bennett wood barnes henderson coleman jenkins perry powell long patterson flores washington butler simmons foster bryant russell griffin hayes myers ford hamilton graham sullivan wallace woods cole west owens reynolds fisher ellis harrison gibson mcdonald cruz marshall ortiz gomez murray freeman wells donald obrien matthews dixon fraser beaumont",
		street: "ellenborough dunstan macgregor burnie chappell carnegie kingsford hawkesbury mirrool wattle banksia acacia jarrah grevillea hakea waratah boronia telopea macarthur monash bradman melba barton deakin curtin menzies forrest scullin lyons chifley holt fadden page cook gowrie hopetoun tennyson shakespeare burns keats byron wordsworth",
		town:   "kambah ainslie lyneham tuggeranong belconnen wanniassa dickson braddon rivett latham newtown parramatta bondi manly penrith cronulla geelong ballarat bendigo shepparton frankston dandenong toowoomba cairns townsville mackay bundaberg fremantle joondalup rockingham bunbury albany glenelg salisbury elizabeth hobart launceston devonport darwin palmerston",
		kind:   "street place crescent circuit court close avenue road drive parade", region: "nsw nsw nsw vic vic qld qld wa sa act tas nt",
	},
	"north": {
		given:  "james mary robert patricia john jennifer michael linda david elizabeth william barbara richard susan joseph jessica thomas sarah christopher karen charles lisa daniel nancy matthew betty anthony sandra mark margaret donald ashley steven kimberly andrew emily paul donna joshua michelle kenneth carol kevin amanda brian melissa george deborah timothy stephanie ronald rebecca jason laura edward sharon jeffrey cynthia ryan dorothy jacob amy nicholas kathleen gary angela eric shirley jonathan emma stephen brenda larry pamela justin nicole scott anna brandon samantha benjamin katherine samuel christine gregory debra alexander rachel patrick carolyn frank janet raymond maria jack olivia dennis heather",
		family: "smith johnson williams brown jones garcia miller davis rodriguez martinez hernandez lopez gonzalez wilson anderson thomas taylor moore jackson martin lee perez thompson white harris sanchez clark ramirez lewis robinson walker young allen king wright scott torres nguyen hill flores green adams nelson baker hall rivera campbell mitchell carter roberts gomez phillips evans turner diaz parker cruz edwards collins reyes stewart morris morales murphy cook rogers gutierrez ortiz morgan cooper peterson bailey reed kelly howard ramos kim cox ward richardson watson brooks chavez wood james bennett gray mendoza ruiz hughes price alvarez castillo sanders patel myers long ross foster jimenez",
		street: "main oak maple cedar pine elm washington lake hill walnut spring ridge church willow mill sunset railroad jackson highland johnson forest river meadow chestnut franklin dogwood hickory laurel lincoln park cherry valley lakeview jefferson cleveland broad madison",
		town:   "raleigh charlotte durham greensboro asheville wilmington fayetteville cary concord gastonia apex huntersville burlington kannapolis hickory wilson statesville sanford goldsboro matthews cornelius garner monroe salisbury clayton shelby lumberton boone carrboro mebane graham asheboro",
		kind:   "st rd ave dr ln ct cir way blvd pl", region: "NC NC NC SC VA GA TN",
	},
	"europe": {
		given:  "maria peter anna thomas ursula michael monika andreas petra wolfgang elisabeth klaus sabine jürgen renate günther helga stefan karin christian brigitte uwe ingrid werner erika horst andrea frank gisela dieter claudia manfred susanne gerhard gabriele hans christa bernd christine ralf hildegard alexander birgit martin angelika heinz anja katharina stefanie jan julia daniel lena lukas laura jonas hannah leon mia finn emma paul sofia felix marie maximilian leonie elias clara noah johanna moritz charlotte david amelie niklas emilia tim frieda simon ida",
		family: "müller schmidt schneider fischer weber meyer wagner becker schulz hoffmann schäfer koch bauer richter klein wolf schröder neumann schwarz zimmermann braun krüger hofmann hartmann lange schmitt werner schmitz krause meier lehmann schmid schulze maier köhler herrmann könig walter mayer huber kaiser fuchs peters lang scholz möller weiß jung hahn schubert vogel friedrich keller günther frank berger winkler roth beck lorenz baumann franke albrecht schuster simon ludwig böhm winter kraus martin schumacher krämer vogt stein jäger otto sommer groß seidel heinrich brandt haas schreiber graf schulte dietrich ziegler kuhn",
		street: "haupt schul garten bahnhof dorf berg birken linden kirch wald ring schiller goethe jahn buchen wiesen eichen flieder rosen mozart beethoven feld mühlen tannen lessing amsel post brunnen tulpen kastanien",
		town:   "berlin hamburg münchen köln frankfurt stuttgart düsseldorf leipzig dortmund essen bremen dresden hannover nürnberg duisburg bochum wuppertal bielefeld bonn münster mannheim karlsruhe augsburg wiesbaden kiel aachen halle magdeburg freiburg krefeld mainz lübeck erfurt rostock kassel hagen potsdam",
		kind:   "straße weg gasse allee platz ring", region: "BE HH BY NW HE BW SN NI HB RP SH ST TH MV BB",
	},
}
