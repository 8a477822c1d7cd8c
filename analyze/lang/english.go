package lang

import "strings"

// commonEnglish are frequent words of English posts, without those that are
// as common in another language of the Latin script (in, so, me, no, come, over).
const commonEnglish = `
the and is are were been being be has have had having does did doing done of to for with from about into after before
between through during without against among this that these those which who whom whose what where when why how there here then than
because while although though if unless until since it its it's i'm i've i'll i'd you your yours you're you've you'll you'd he's she he his hers him they
them their theirs they're they've they'll we our ours we're we've we'll us my myself yourself itself himself herself themselves
not don't doesn't didn't isn't aren't wasn't weren't won't wouldn't can't cannot couldn't shouldn't haven't hasn't hadn't ain't dont doesnt didnt isnt wasnt wont cant
would can could should shall may might must gonna wanna gotta let's lets just only very really too even still again ever never always
often sometimes already yet now today tomorrow yesterday tonight soon later month year years day days night morning afternoon evening
monday tuesday wednesday thursday friday saturday sunday january february april june july august october
any both each every either neither few more most much many other another such some someone somebody something anyone anybody anything everyone everybody everything nobody nothing
one two three four five six seven eight nine ten first second third last next new old good great best better bad worse worst big small little long short high low right wrong left
nice awesome amazing beautiful pretty cute cool love loved loves loving like liked likes hate hated hates happy sad angry sorry thanks thank thx please pls welcome hello hey hi bye
lol lmao omg wtf smh idk tbh imo fyi btw yeah yes yep nope nah ok okay wow damn shit fuck fucking
get gets got getting give gives gave given go goes going gone went comes came coming make makes making take takes took taken taking
see sees saw seen seeing look looks looked looking watch watched watching hear heard listen know knows knew known think thinks thought thinking feel feels felt feeling
want wants wanted need needs needed try tries tried trying use uses used using work works worked working play plays played playing run runs running
say says said saying tell tells told talk talking speak ask asked asking answer call called calling wait waiting waited help helped helping helps start started stop stopped keep keeps kept
buy buying bought sell selling sold pay paid paying cost costs price cheap expensive free order ordered orders ship shipped shipping delivery delivered refund return returned money
found finding lose lost losing win wins won winning break broke broken fix fixed fail failed failing
phone app website store shop product products team company hiring people person men woman women guy guys girl girls boy boys kid kids child children
friend friends family mom dad mother father brother sister wife husband baby life world house school work game games show movie song music book news food coffee tea kettle breakfast lunch dinner
time times way ways thing things places number lot lots bit hope wish excited ready enough maybe perhaps probably actually literally seriously honestly
away back down off out up around near far away inside outside together alone own same different sure true false real full empty easy hard slow
happens happen happened anyone's who's what's that's there's here's where's how's let y'all ya u ur r im ive youre thats whats theyre
red blue green black white birthday christmas holiday holidays goodnight congrats congratulations beautiful wonderful fantastic perfect perfectly
disappointed disappointing awful rubbish garbage useless ridiculous annoying frustrated frustrating boring weird crazy stupid funny hilarious
against behind beside beyond under above across along during per via both whether however therefore
does it'll it'd would've could've should've isn't looks sounds smells tastes anymore forever whatever whenever anyway
`

// englishWords is the list as a set; a value, not state: nothing changes it.
func englishWords() map[string]struct{} {
	set := make(map[string]struct{}, 512)
	for w := range strings.FieldsSeq(commonEnglish) {
		set[w] = struct{}{}
	}
	return set
}
