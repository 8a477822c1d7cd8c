package practice

import (
	"fmt"
	"strings"
)

// crowd is who speaks in a crisis, besides the cast.
var crowd = []string{
	"Amy Holt", "Ben Sutter", "Carla Reyes", "Dan Whitlock", "Elif Kaya", "Fay Brooks", "Gus Marten", "Hana Sato",
	"Ivan Petrov", "Jess Romero", "Kofi Mensah", "Lena Vogt", "Milo Hart", "Nora Finch", "Omar Haddad", "Pia Lund",
}

// outcry is what they say: one thing has gone wrong, and everybody is angry.
var outcry = []string{
	"@us my kettle's lid melted and boiling water went over my hand. This is dangerous!",
	"Never buy from @name again. The lid melted on the second day. Terrible.",
	"@us the lid melted. My kid was standing right there. I am furious.",
	"The lid of my @name kettle melted too. Awful product, they must recall it.",
	"@us recall it now! Melted lid, ruined kitchen, no answer from anybody.",
	"Horrible. The @name kettle smokes and the lid melts. Do not use it!",
	"@us this is the third melted lid in my street. Shame on you.",
	"Disgusted with @name. A melted lid and a burnt hand, and their hotline hangs up.",
	"@us I want my money back. The lid melted, the handle is hot, I hate this thing.",
	"Worst kettle ever. @name sells rubbish that melts.",
	"@us is anybody awake there? Lids melt and you say nothing. Unacceptable.",
	"My @name kettle nearly set the kitchen on fire. Terrifying. The lid just melted.",
	"@us you knew that the lids melt and sold it anyway. Disgraceful.",
	"Burnt fingers thanks to @name. Melted lid. Very angry.",
	"@us melted lid here as well. Dangerous junk. Recall!",
	"I am so disappointed in @name. The lid melted and they ignore everyone.",
	"@us what a disaster. The lid melts and the steam burns you. Awful, awful, awful.",
	"Throw your @name kettle away, the lid melts. Horrible smell, ruined counter.",
	"@us my mother burnt herself on your broken lid. I am shaking with anger.",
	"The @name lid melted again after the repair. Useless. Terrible service.",
	"@us stop selling it! The lid melts. People get hurt.",
	"Bad, bad, bad: @name lid melted in my hand. Never again.",
	"@us no answer for three hours while lids melt. Pathetic.",
	"Another melted lid. @name has to recall these dangerous kettles today.",
}

// Crisis lets a crowd be angry about one thing within a moment: a scene for
// practising what one does then. It returns how much was said.
func (n *Network) Crisis(s Site, handle string) (int, error) {
	if s == "" || s == Messages { // a crisis is public
		s = Microblog
	}
	people := make([]Persona, len(crowd))
	for i, name := range crowd {
		people[i] = Persona{Handle: strings.ToLower(strings.ReplaceAll(name, " ", ".")), Name: name, Followers: 40 + 137*i%900, Lang: "en", Mood: Angry}
	}
	n.Join(people...)
	name := strings.ToUpper(handle[:1]) + handle[1:]
	for i, text := range outcry {
		said := Said{Site: s, Text: strings.NewReplacer("@us", "@"+handle, "@name", name).Replace(text)}
		if s == Reviews {
			said.To, said.Rating, said.Title = handle, 1, "The lid melts"
		}
		if _, err := n.Post(people[i%len(people)].Handle, said); err != nil {
			return i, fmt.Errorf("scene %d: %w", i, err)
		}
	}
	return len(outcry), nil
}
