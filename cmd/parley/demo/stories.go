package demo

import (
	"time"

	"github.com/parley-crm/parley/channel/practice"
	"github.com/parley-crm/parley/social"
)

// line is one act of a story, written down by hand.
type line struct {
	at   time.Time
	do   Do
	key  string
	of   string
	by   string
	site practice.Site
	text string

	title         string
	want          string
	rating        float64
	likes, shares int
	seen          social.Visibility
	recall        bool
	to            string
	files         []practice.File
	cc            []string
	html          string
}

func (w *writer) tell(lines ...line) {
	for _, l := range lines {
		a := Act{At: l.at, Do: l.do, Key: l.key, Of: l.of, By: l.by, Seen: l.seen, Topic: "story", Want: l.want, Recall: l.recall, To: l.to}
		a.Said = practice.Said{Site: l.site, Text: l.text, Title: l.title, Rating: l.rating, Likes: l.likes, Shares: l.shares, Files: l.files, CC: l.cc, HTML: l.html}
		if l.do == Direct || l.site == practice.Reviews {
			a.Said.To = Handle
		}
		if l.do == Convert {
			a.Value = 11_900
		}
		if l.do == Snooze {
			a.Until = w.script.To.Add(26 * time.Hour)
		}
		w.put(a)
	}
}

const (
	micro  = practice.Microblog
	table  = practice.Forum
	review = practice.Reviews
	mail   = practice.Messages
)

// stories writes what the people of the cast say and live through.
func (w *writer) stories() {
	days := func(n float64) time.Time { return w.script.To.Add(-time.Duration(n * 24 * float64(time.Hour))) }
	w.before(days)
	w.amara(days)
	w.lucia(days)
	w.recallVoices()
}

// before is what they said in the weeks before.
func (w *writer) before(days func(float64) time.Time) {
	w.tell(
		line{at: days(83), do: Post, key: "club1", by: Club, site: micro, want: "remark", likes: 210, shares: 44, text: "Forty years of the whistling kettle: our summer test is out. Winner by a whisker: the Brewell K3. Runner-up: your grandmother’s."},
		line{at: days(47), do: Post, key: "club2", by: Club, site: micro, want: "question", likes: 96, shares: 12, text: "Members keep asking us about kettle handles that creak. Which brand, which year? Answer below, we collect."},
		line{at: days(46.9), do: Answer, key: "club2a", of: "club2", by: "kwabena_o", want: "remark", text: "Mine creaks a bit when it’s full. Thought it was the floor."},
		line{at: days(19), do: Post, key: "club3", by: Club, site: micro, want: "idea", likes: 180, shares: 21, text: "Dear makers of kettles: marks on the inside, please. We fill from above. Yours, 41,000 tired necks."},

		line{at: days(18), do: Post, key: "latch", by: "mele.f", site: table, want: "idea", likes: 284, title: "A lid that opens with the hand that holds the kettle", text: "My right hand has been slow since the stroke. Every kettle I own wants two: one to hold, one for the lid. Put the latch under the thumb and I can make tea for guests again. @brewell"},
		line{at: days(17.6), do: Answer, key: "latch1", of: "latch", by: "soren", want: "idea", likes: 41, text: "Left-handed here. Please, please mirror it."},
		line{at: days(17.2), do: Reply, key: "latch2", of: "latch", by: "idris.bakare", text: "The thumb latch passed 20,000 openings. Eighty of you have one at home now; tell us what annoys you until Christmas, because after that the tool is cut. Thank you, Mele."},
		line{at: days(4), do: Answer, key: "latch3", of: "latch", by: "yuki.h", want: "idea", likes: 64, text: "The latch is lovely. The click is so soft that I don’t hear it is shut. Could it be louder?"},
		line{at: days(3.8), do: Reply, key: "latch4", of: "latch3", by: "jiwoo.park", text: "Changed because of this: a firmer click, in the next eighty. Thank you, Yuki."},
		line{at: days(3.6), do: Resolve, of: "latch", by: "jiwoo.park"},

		line{at: days(70), do: Post, key: "fa1", by: "fatima", site: table, want: "remark", likes: 52, title: "Descaling, one table for all of us", text: "Collected what 30 of you wrote: citric acid 24, vinegar 4, prayer 2. Method and amounts below, corrections welcome."},
		line{at: days(55), do: Post, key: "fa2", by: "fatima", site: table, want: "praise", likes: 23, title: "They listened", text: "The cable rest that we asked for in spring is in the new bases. Thank you, Brewell, and thank you, everyone who drew one."},
		line{at: days(29), do: Post, key: "fa3", by: "fatima", site: micro, want: "remark", likes: 18, text: "Reminder: the Brewell parts shop has every gasket since 2014. Repair first, then shout at the sky."},
		line{at: days(62), do: Post, key: "mo1", by: "oberg", site: micro, want: "praise", likes: 131, shares: 9, text: "Seven things from Brewell in this kitchen by now. I write about design for a living and none of them has annoyed me yet."},
		line{at: days(24), do: Post, key: "ha1", by: "hana", site: micro, want: "remark", likes: 17, text: "My K2 looks at me as if I were late."},
		line{at: days(38), do: Post, key: "ir1", by: "imran.r", site: review, want: "praise", rating: 4, title: "Good coffee, tight parking", text: "Came for a gasket, stayed for the chat. Dolores knows her kettles. Parking is a sport."},
		line{at: days(37.95), do: Reply, key: "ir2", of: "ir1", by: "dolores.whitfield", text: "There are two spaces behind the house, and now you know. Thank you, Imran!"},
		line{at: days(37.5), do: Resolve, of: "ir1", by: "dolores.whitfield"},
		line{at: days(33), do: Post, key: "tm1", by: "tmajewski", site: micro, want: "question", text: "@brewell do the Portland stores take old kettles for parts? I have a K1 that only the basement remembers."},
		line{at: days(32.98), do: Reply, key: "tm2", of: "tm1", by: "dolores.whitfield", text: "We do, and we’d love a K1. Bring it to NW 23rd, coffee is on us."},
		line{at: days(32.9), do: Answer, key: "tm3", of: "tm2", by: "tmajewski", want: "praise", text: "On my way on Saturday. Thank you!"},
		line{at: days(32.7), do: Resolve, of: "tm1", by: "dolores.whitfield"},
		line{at: days(50), do: Direct, key: "gw1", by: "gracewanjiru", site: mail, want: "intent", title: "Four kettles for a guest house", text: "Hello,\n\nwe open a small guest house in Nairobi in January and would like four K3. Do you ship to Kenya?\n\nGrace Wanjiru"},
		line{at: days(49.98), do: Reply, key: "gw2", of: "gw1", by: "wen.li", text: "Hello Grace,\n\nwe do, within eight days, and four of them come at the wholesale price: https://brewell.example/business\n\nAll the best,\nWen"},
		line{at: days(49), do: Convert, of: "gw2", by: "gracewanjiru"},
		line{at: days(48), do: Resolve, of: "gw1", by: "wen.li"},
		line{at: days(1), do: Direct, key: "ps0", by: "psikora", site: mail, want: "question", title: "Pickup this evening?", text: "Hello,\n\nis the K2 that I reserved ready for pickup this evening?\n\nBest,\nPaweł Sikora\nTel. +48 601 234 567"},
		line{at: days(.985), do: Reply, key: "ps0a", of: "ps0", by: "dolores.whitfield", text: "Hello Paweł,\n\nit is, under your name at the counter until seven.\n\nDolores"},
		line{at: days(.9), do: Resolve, of: "ps0", by: "dolores.whitfield"},
		// Three who write from a second account, and say so.
		line{at: days(1.2), do: Post, key: "ps9", by: "psikora", site: micro, want: "question", text: "@brewell when can I pick up the K2 that I reserved? My mail is pawel.sikora@poczta.example"},
		line{at: days(1.1), do: Resolve, of: "ps9", by: "dolores.whitfield"}, // she answers by mail
		line{at: days(30), do: Post, key: "gw9", by: "gracewanjiru", site: micro, want: "question", text: "@brewell do the four kettles for the guest house come with a plug for Kenya? Please write to gracewanjiru@mail.example"},
		line{at: days(29.9), do: Resolve, of: "gw9", by: "wen.li"},
		line{at: w.ago(21), do: Post, key: "lc9", by: "lucia.cardenas", site: micro, want: "complaint", text: "@brewell I mailed you a photo of my cracked sight glass on Thursday, from lucia.cardenas@correo.example. Nobody has answered."},
	)
}

// amara is the story of the inbox's screen.
func (w *writer) amara(days func(float64) time.Time) {
	w.tell(
		line{at: days(72), do: Post, key: "am1", by: "amara", site: review, want: "praise", rating: 5, title: "Grinder repaired while I waited", text: "My grinder is older than my car. Marcus fixed it in ten minutes and charged me for a spring."},
		line{at: days(71.96), do: Reply, key: "am2", of: "am1", by: "marcus.bell", text: "It was a good spring. Thank you, Amara, and drive carefully!"},
		line{at: days(71), do: Resolve, of: "am1", by: "marcus.bell"},
		line{at: days(18.3), do: Post, key: "am3", by: "amara", site: table, want: "idea", title: "One-handed lid, for my mum", text: "I’d vote twice for a one-handed lid. My mum is 81 and makes the best tea of the street, with both hands."},
		line{at: days(40), do: Direct, key: "am4", by: "amara", site: mail, want: "question", title: "Filter for the K2", text: "Hello,\n\nwhich filter fits the K2 of this spring? The shop shows two.\n\nAmara Okafor"},
		line{at: days(39.985), do: Reply, key: "am5", of: "am4", by: "jonas.lindqvist", text: "Hello Amara,\n\nthe round one, 0412. Postage is free: https://brewell.example/parts\n\nJonas"},
		line{at: days(39.9), do: Convert, of: "am5", by: "amara"},
		line{at: days(39.5), do: Resolve, of: "am4", by: "jonas.lindqvist"},

		line{at: w.ago(40), do: Post, key: "amara", by: "amara", site: micro, want: "question", recall: true, likes: 64, shares: 38, text: "@brewell I’ve had the K2 kettle for my mum since March and just read that the handle can come loose. The leaflet has no serial numbers. Is hers one of them? She uses it every morning."},
		line{at: w.ago(35), do: Claim, of: "amara", by: "jonas.lindqvist"},
		line{at: w.ago(33.4), do: Reply, key: "amara2", of: "amara", by: "jonas.lindqvist", text: "Amara, please let her leave it cold for now. Only kettles made from January to April are affected; the number is on the base. I’m writing to you directly so you needn’t post it here."},
		line{at: w.ago(32), do: Reply, key: "amara3", of: "amara", by: "jonas.lindqvist", seen: social.Direct, text: "Here I am. What does the number on the base say?"},
		line{at: w.ago(30), do: Answer, key: "amara4", of: "amara3", by: "amara", want: "question", recall: true, text: "It says K2-2309-04417. She’s 81. What should she use until then?"},
		line{at: w.ago(26), do: Note, of: "amara4", by: "priya.raman", text: "In range (2301–2317). Portland has 40 loan kettles; Dolores can drop one off before noon. Don’t name a refund date until the wording for Germany is signed."},
		line{at: w.ago(25), do: Assign, of: "amara4", by: "ines.duarte", to: "maya"},
		line{at: w.ago(24), do: Merge, of: "amara", by: "jonas.lindqvist", to: "am4"},
		line{at: w.ago(24), do: Merge, of: "amara", by: "jonas.lindqvist", to: "am1"},
		line{at: w.ago(24), do: Merge, of: "amara", by: "jonas.lindqvist", to: "am3"},
		line{at: w.ago(23.5), do: Know, of: "amara", by: "jonas.lindqvist", to: "Portland, OR", text: "Asks for her mother, who is 81 and lives alone. Customer since 2021. Research consent withdrawn on 2 May."},
	)
}

func (w *writer) lucia(days func(float64) time.Time) {
	w.tell(
		line{at: days(4.1), do: Direct, key: "lc1", by: "lucia.cardenas", site: mail, want: "complaint", title: "Crack in the sight glass", text: "Hello,\n\nthe sight glass of my K3 has a crack, about two centimetres. It does not leak yet. What do I do?\n\nLucía Cárdenas"},
		line{at: days(4.08), do: Reply, key: "lc2", of: "lc1", by: "rosa.lindgren", text: "Hello Lucía,\n\nplease don’t fill it above the crack, and send us a photo; then we know which glass it is.\n\nRosa"},
		line{at: days(2.2), do: Answer, key: "lc3", of: "lc2", by: "lucia.cardenas", want: "remark", text: "Hello Rosa,\n\nhere is the photo.\n\nLucía", files: []practice.File{sightGlass(), receipt()}},
		line{at: days(1.9), do: Resolve, of: "lc3", by: "tariq.aziz"},
		line{at: w.ago(22), do: Answer, key: "lucia", of: "lc2", by: "lucia.cardenas", want: "complaint", text: "I sent the photo you asked for on Thursday. Has anyone looked?"},
	)
}

// recallVoices is what the cast says on the last morning.
func (w *writer) recallVoices() {
	s := w.script
	w.tell(
		line{at: s.Crisis, do: Post, key: "club", by: Club, site: micro, want: "danger", recall: true, likes: 3120, shares: 2106, text: "Brewell is recalling the K2 kettle: the handle can come loose. No list of serial numbers that I can find. Check yours before you pour."},
		line{at: w.since(.12), do: Claim, of: "club", by: "idris.bakare"},
		line{at: w.since(.3), do: Reply, key: "club9", of: "club", by: "idris.bakare", text: "It’s true, and we should have had the list up first. Here it is, with what you get: https://brewell.example/k2 The number is under the base, next to the little drop. Loan kettles are in every store from now on."},
		line{at: w.since(.33), do: Click, of: "club9"}, line{at: w.since(.36), do: Click, of: "club9"}, line{at: w.since(.4), do: Click, of: "club9"}, line{at: w.since(.47), do: Click, of: "club9"},

		line{at: w.ago(118), do: Post, key: "yuki", by: "yuki.h", site: table, want: "question", likes: 31, title: "K3 clicks off before it boils", text: "@brewell My K3 clicks off before it boils above 1,500 m. Is that the sensor?"},
		line{at: w.ago(75), do: Post, key: "rebecca", by: "rstein", site: review, want: "complaint", recall: true, rating: 2, title: "Brewell recall and no answer", text: "Two stars until somebody tells me when I get my money back."},
		line{at: w.ago(74), do: Post, key: "hana", by: "hana", site: micro, want: "question", recall: true, likes: 45, shares: 3, text: "So which K2 kettle is it? Mine says January and nothing else. Is mine affected or do I just look at it sternly?"},
		line{at: w.ago(58), do: Reply, key: "hana2", of: "hana", by: "tariq.aziz", text: "Sternly will do until you have turned it over: the number is next to the little drop under the base. K2-2301 to K2-2317 stays cold: https://brewell.example/k2"},
		line{at: w.ago(70), do: Post, key: "an", by: "nguyenvanan", site: micro, want: "question", recall: true, text: "@brewell Is the K2 Mini kettle affected too? Same handle as far as I can see."},
		line{at: w.ago(62), do: Post, key: "oberg", by: "oberg", site: micro, want: "remark", recall: true, likes: 204, shares: 31, text: "Customer since 2019, seven orders. The K2 kettle goes back today, the other six stay. How they handle this decides about the eighth."},
		line{at: w.ago(55), do: Resolve, of: "oberg", by: "maya"},
		line{at: w.ago(60), do: Post, key: "soren", by: "soren", site: micro, want: "question", recall: true, text: "@brewell my K2 kettle has the number K2-2304-00981, so it is one of them. Do you want the old one back?"},
		line{at: w.ago(37), do: Reply, key: "soren2", of: "soren", by: "hannah.vogt", text: "A new one is on its way, you can throw the old one out."},
		line{at: w.ago(44), do: Post, key: "grace", by: "gracewanjiru", site: micro, want: "question", recall: true, text: "@brewell one of our guest house kettles is a K2 kettle from February. Can you swap it in Nairobi?"},
		line{at: w.ago(38), do: Reply, key: "grace2", of: "grace", by: "wen.li", text: "We can: a courier brings a K3 on Monday and takes the K2 along, at no cost. Please leave it unplugged until then."},
		line{at: w.ago(29), do: Answer, key: "grace3", of: "grace2", by: "gracewanjiru", want: "praise", recall: true, text: "Great, then I’ll wait for the courier on Monday."},
		line{at: w.ago(27), do: Snooze, of: "grace3", by: "wen.li"},
		line{at: w.ago(46), do: Post, key: "imran", by: "imran.r", site: review, want: "praise", recall: true, rating: 5, likes: 2, title: "Brewell recall, done kindly", text: "Walked in without a receipt, walked out with a loan kettle and a coffee. Dolores is a gem. Still want my K2 back."},
		line{at: w.ago(41), do: Reply, key: "imran2", of: "imran", by: "dolores.whitfield", text: "Thank you, Imran. You’ll have it back with a handle that stays on."},
		line{at: w.ago(35), do: Post, key: "kwabena", by: "kwabena_o", site: micro, want: "question", recall: true, likes: 12, text: "K2 kettle from April here. Tightened the screw myself, holds fine. Is that a stupid idea?"},
		line{at: w.ago(32), do: Note, of: "kwabena", by: "priya.raman", text: "Advice needed: the screw is not the cause. Ji-woo checks with the bench what we can say; I answer after that."},
		line{at: w.ago(31), do: Snooze, of: "kwabena", by: "priya.raman"},
		line{at: w.ago(26), do: Post, key: "tomasz", by: "tmajewski", site: review, want: "praise", recall: true, rating: 5, title: "Brewell recall in two minutes", text: "Dolores swapped my kettle on the spot. That is how you do it."},
		line{at: w.ago(23), do: Post, key: "fatima", by: "fatima", site: table, want: "remark", recall: true, likes: 88, title: "K2 kettle recall: the serial ranges", text: "I put the serial ranges in one table for everyone, see first post. Corrections welcome."},
		line{at: w.ago(21), do: Resolve, of: "fatima", by: "tariq.aziz"},
		line{at: w.ago(20), do: Direct, key: "pawel", by: "psikora", site: mail, want: "danger", recall: true, title: "K2 kettle bought yesterday", text: "Your own shop still sold me a K2 yesterday evening. Is that one safe or should I carry it straight back?"},
		line{at: w.ago(14), do: Post, key: "mele", by: "mele.f", site: micro, want: "question", recall: true, text: "@brewell Brewell recall: can I bring it to the NW 23rd store without the receipt"},
		line{at: w.ago(6), do: Post, key: "deniz", by: "denizkaya", site: micro, want: "question", recall: true, text: "@brewell my K2 kettle is from the January batch but the base is blank?? Photo attached"},
	)
	// Many answer the post by which it began.
	for i := range 26 {
		t := w.topics["affected"]
		w.peer(Act{Key: "club", By: Club}, t, w.since(.01+float64(i*i)*.0013))
	}
}
