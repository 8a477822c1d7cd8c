package resolve

import (
	"strings"
	"unicode"
)

// petNames are given names that one person goes by, one group a line.
const petNames = `
alexander alex alec sandy alexandre alejandro aleksander
alexandra alex sandra sasha alexa
alfred alf alfie fred
amanda mandy
andrew andy drew andreas andre
anne ann anna annie anita hannah
anthony tony anton antonio
antonia toni
arthur art
barbara barb babs bobbie
benjamin ben benny benji
bernard bernie
bridget biddy bridie
bradley brad
cameron cam
caroline carol carrie carolyn
catherine katherine kathryn cathy kathy kate katie katy cath kathleen katharina karen
charles charlie chuck carl karl carlos chas
charlotte charlie lottie
christina tina chris christine christie kristina
christopher chris kit christoph topher
clifford cliff
cynthia cindy
daniel dan danny
danielle dani
david dave davey davie
deborah debbie deb debra
dennis denny
derek derrick
donald don donnie
dorothy dot dottie dolly
douglas doug
edward ed eddie ted ned teddy eduard
eleanor ellie nell nora helen ellen
elizabeth liz lizzie beth betty eliza elsie libby lisa elisabeth bess betsy elise
emily em emma millie
eugene gene
florence flo
frances fran frankie francesca
francis frank franz francisco
frederick fred freddie freddy friedrich
gabriel gabe
gabrielle gabby
gary gareth
geoffrey geoff jeff jeffrey
george georgie jorge georg
gerald gerry jerry gerard
gregory greg gregor
gwendolyn gwen
harold harry hal
harriet hattie
henry harry hank heinrich hal
herbert herb bert
hugh hugo
isabella isabel bella izzy isabelle
jacob jake jakob
jacqueline jackie jacqui
james jim jimmy jamie jem
jane janet jenny janey
janice jan
jasmine jas
jennifer jen jenny jenna
jessica jess jessie
joan joanie
joanna jo joanne
john jack johnny jon jonathan johannes hans juan johann
jonathan jon jonny
joseph joe joey jose josef
josephine jo josie
joshua josh
judith judy
julia julie jules juliet
kenneth ken kenny
kimberly kim kimberley
lachlan lachie
lauren laurie
lawrence larry laurie laurence
leonard len lenny leo
leslie les
lewis louis lou
louise lou lulu
lucy lucinda
madeline maddie maddy madeleine madison
margaret maggie meg peggy marge margie greta margarete daisy
maria mary marie mia molly polly
martha marty
martin marty
matthew matt matty matthias mathew
maureen mo
maxwell max maximilian
megan meg
melanie mel
melissa mel missy
michael mike mick mickey micky michel miguel
michelle shelly
mitchell mitch
nancy nan
natalie nat natasha
nathaniel nate nathan nat
nicholas nick nicky nicolas nico klaus nicholaus
nicole nicky nikki
norman norm
oliver ollie
olivia liv livvy
pamela pam
patricia pat patty trish tricia trisha
patrick pat paddy
paula pauline
penelope penny
peter pete pedro pieter
philip phil phillip pip
phillipa pip pippa
rachel rach rachael
raymond ray
rebecca becky becca bec
richard rick dick ricky rich richie ricardo
robert rob bob bobby robbie bert roberto
roberta bobbie
rodney rod
roger rodge
ronald ron ronnie
rosemary rose rosie rosa
russell russ
samantha sam sammy
samuel sam sammy
sandra sandy
sarah sally sara sadie
sebastian seb bastian
sharon shaz
sophia sophie
stanley stan
stephanie steph stefanie
stephen steve steven stefan
stuart stu stewart
susan sue susie suzanne susanna
sydney sid
sylvia sylvie
terence terry terrance
theodore ted theo teddy
theresa terri tess tessa teresa
thomas tom tommy
timothy tim timmy
tobias toby
valerie val
veronica ronnie vera
victor vic
victoria vicky vicki tori
vincent vince vinnie
virginia ginny
walter walt wally
wendy gwen
wilhelm willi will
william bill billy will willie liam
winifred win winnie
yvonne eve
zachary zach zac zak
`

// nicks leads from a name to the groups that it belongs to.
var nicks = func() map[string][]int32 {
	groups := map[string][]int32{}
	n := int32(0)
	for line := range strings.Lines(petNames) {
		names := strings.Fields(line)
		if len(names) == 0 {
			continue
		}
		n++
		for _, name := range names {
			groups[name] = append(groups[name], n)
		}
	}
	return groups
}()

// samePet says whether two given names may be one person's.
func samePet(a, b string) bool {
	for _, x := range nicks[a] {
		for _, y := range nicks[b] {
			if x == y {
				return true
			}
		}
	}
	return false
}

// titles are left out of names.
var titles = map[string]bool{"mr": true, "mrs": true, "ms": true, "miss": true, "dr": true, "prof": true, "sir": true, "jr": true,
	"sr": true, "ii": true, "iii": true, "iv": true, "phd": true, "herr": true, "frau": true, "unknown": true, "null": true, "none": true, "nan": true}

// foldName folds a name and leaves titles out.
func foldName(s string) string {
	s = fold(s)
	words := strings.Fields(s)
	kept := words[:0]
	for _, w := range words {
		if !titles[w] {
			kept = append(kept, unscanned(w))
		}
	}
	return strings.Join(kept, " ")
}

// unscanned puts letters for the digits that scanners, and fingers on a
// telephone, leave in words.
func unscanned(s string) string {
	if !strings.ContainsAny(s, "015689") || strings.IndexFunc(s, unicode.IsLetter) < 0 {
		return s
	}
	return digitLetters.Replace(s)
}

var digitLetters = strings.NewReplacer("0", "o", "1", "l", "5", "s", "6", "b", "8", "b", "9", "g")
