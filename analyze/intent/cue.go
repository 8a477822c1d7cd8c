package intent

import (
	"strings"
	"sync"

	"github.com/parley-crm/parley/analyze/linear"
)

// The cues are phrases that speak for an intent, or for something that several
// intents have in common. They are evidence that the model weighs, not rules
// that decide. A phrase has at most three words; phrases are divided by commas.
var cueTexts = [...]string{
	cueAsk: `does anyone, does anybody, do you, do they, did you, are you, are there, are the, is there, is it, is the, is this, is that, can i, can you, could you,
could i, may i, what is, what are, what time, what's, whats, what does, what do, what happens, where is, where are, where do, where can, where's, wheres, when is, when are,
when do, when does, when will, when's, whens, how do, how does, how can, how long, how much, how many, how far, how old, how is, how are, hows, how's, which one, which of, which is, which, who do, who is, who can, why is,
why are, why do, why does, why did, why was, any idea, any news, anyone know, anybody know, has anyone, have you, has the, will there, will you, will the, would the, would you, should i, was the, does it, does the, does this, do i,
anyone else, anyone tried, quick question, a question, explain, wondering if, wonder if, curious, tell me`,
	cueTrouble: `broken, broke, breaks, crash, crashes, crashed, crashing, doesn't work, does not work, not working, stopped working, won't work, isn't working, didn't work, never works, error, bug, bugs, buggy, leak, leaks, leaking, leaked,
faulty, defective, damaged, smashed, cracked, scratched, ripped, torn, missing, lost my, you lost, wrong size, wrong order, wrong colour, wrong color, wrong item, overcharged, charged me, charged twice, double charged, billed for, cold food, was cold, arrived cold, dirty, filthy, mould, mold,
late, delayed, delay, delays, cancelled, canceled, waiting for, still waiting, been waiting, waited, waiting, on hold, no reply, no response, no answer, nobody answers, no one answers, nobody called, never arrived, not arrived, hasn't arrived, not received, never received, haven't received, not delivered, still no, still not, still nothing,
is down, down again, outage, outages, no internet, no signal, no heating, no hot, out of order, fell apart, fell off, falls off, came off, stuck, slow, so slow, freezes, froze, frozen, overheats, smells, stinks, tastes like, tasteless, stale, mouldy, burnt, overpriced, rip off, ripoff, hidden fees, too expensive, too loud,
does not close, doesn't fit, too small, logs me out, can't log, cannot log, can't login, locked out, locked me, can't check, can't find, can't use, won't open, won't start, won't turn, again and again, every time, third time, second time, twice, useless, rude, unhelpful, ignored, ignore, ignores, lied, refuse, refused, refuses`,
	cueAnger: `worst, terrible, awful, horrible, disgusting, disgusted, unacceptable, ridiculous, disgrace, disgraceful, shambles, appalling, pathetic, garbage, rubbish, trash, crap, sucks, joke, what a joke, shame on, shame, nightmare, mess, a mess, disaster, disappointed, disappointing, dissapointed, disapointed, dissapointing, disappointment, let down,
unhappy, not happy, not impressed, annoyed, annoying, frustrated, frustrating, fed up, sick of, tired of, had enough, angry, furious, hate, i hate, ruined, ruins, waste of, thanks for nothing, well done, seriously, wtf, ffs, poor, poor service, poor quality, bad service, bad experience, complaint, complain, not good enough, not worth, embarrassing, joke of, scammed, thieves, crooks, fuming, livid`,
	cueThanks: `thank you, thanks, thx, thank u, ty, cheers, kudos, shoutout, shout out, hats off, bravo, well done, big up, props to, much appreciated, grateful, respect, good job, great job, nice job, nice one, credit where, ❤, 👏, 🙌, 👍`,
	cueJoy: `love, loved, loving, love it, love the, love your, love this, i love, best, the best, amazing, awesome, great, excellent, fantastic, wonderful, brilliant, perfect, superb, delicious, tasty, gorgeous, beautiful, lovely, stunning, incredible, outstanding, impressed, so impressed, flawless, spotless, friendly, polite, helpful, kind, comfy, comfortable, smooth,
happy with, so happy, very happy, pleased, delighted, obsessed, recommend, highly recommend, would recommend, worth every, worth it, can't fault, top notch, five stars, 5 stars, 10/10, dream, a dream, works perfectly, works great, works like, game changer, life saver, lifesaver, so good, so comfy, made my, saved my, you rock, guys rock, you guys rock, adore, adores, chuffed, reliable, 😍, 😊, 🥰, 🤩`,
	cueWish: `please, pls, plz, kindly, could you, can you, can u, could u, would you, would you mind, could someone, can someone, could somebody, can somebody, need help, need someone, need somebody, need a replacement, i need, i want, i'd like, i would like, we need, send me, send it, send a, call me, contact me, dm me, email me, mail me, get back to, help me, let me, give me,
refund, refund me, my money back, money back, replace it, replacement, exchange, exchange it, cancel my, cancel the, change my, update my, remove my, delete my, reset my, unlock my, fix it, fix this, fix the, check my, check the, look into, look at, sort it, sort out, forward this, resend, activate, move my, switch my, unsubscribe me, remind, bring, request, requesting, do me a, asap, callback, call back`,
	cueBuy: `buy, buying, buy it, bought, just bought, want to buy, where to buy, can i buy, can i get, could i get, to buy, purchase, purchasing, ordered, just ordered, to order, order one, ordering, i'll take, ill take, i'll have, i'd take, i'd buy, pre order, preorder, preordered, preordering, pre-order, in stock, back in stock, add to cart, added to cart, my cart, checkout, how much, how much is, how much for, price of, the price, what's the price, price list, cost, what does it, quote, a quote,
discount, promo code, promo codes, voucher, coupon, deal, deals, offer, on sale, for sale, take my money, shopping for, looking for a, in the market, looking to get, looking to buy, thinking of getting, thinking about getting, planning to buy, want one, need one, get one, getting one, getting a, upgrade, upgrading, upgrade to, sign up for, signing up, sign me up, subscribe to, book a, book a table, book a room, booked, just booked, reserve, a demo, wholesale, instalments, payday, budget, recommendations, any recommendations, recommend a, recommend me, annual plan, premium plan, pro plan, pro version, put aside, pay tomorrow, still available, which dealer, which should i, which one should, should i buy, should i get, two tickets, treat myself, treating myself`,
	cueIdea: `idea, my idea, idea for, suggestion, suggest, feature request, feature suggestion, proposal, you should, they should, should offer, should add, should make, should have, should be, should let, you could, why not, why don't you, why dont you, how about, what if, what about, would be great, would be nice, would be good, would be cool, would be perfect, would be handy, would be useful, would help, would love to, be great if, be nice if, be cool if, be handy if, be useful if, be even better, even better if,
would make it, would make this, i wish, wish you, wish there, wish the, wish it, if only, please add, pls add, please make, please bring back, pls make, bring back, add a, add an, adding a, add some, maybe add, maybe offer, maybe a, can you add, could you add, could you make, can you make, could you offer, make it, make them, make a version, let us, let me choose, option to, an option, needs a, need to make, need to add, consider, have you thought, have you considered, would love a, imagine a, someone should, somebody should, someone please, next time, in future, hope you'll, wouldn't it be, dark mode, in kids sizes`,
	cueLeave: `cancel my subscription, cancel my contract, cancel my membership, cancel my account, cancel this, cancelling, canceling, canceled my, cancelled my, cancelling my, close my account, closed my account, closing my account, delete my account, deleting, deleted the app, deleting the app, uninstalled, uninstalling, switching, switching to, switched to, switch to, switch provider, switching provider, moving to, moved to, moving our, moving my, moving away, moved my, moved out, go elsewhere, going elsewhere, elsewhere, take my business, took our business,
competitor, your competitor, competitors, another provider, another bank, another network, another company, another brand, another service, different provider, other provider, alternative, alternatives, leaving, i'm leaving, im leaving, leave, leaving for, goodbye, bye, i'm done, im done, done with, i'm out, im out, i'm gone, im gone, never again, never buy, never buying, never using, never coming back, never going back, never fly, never flying, never order, never ordering, not coming back, not renewing, won't renew, not renew, last time i, last order, my last, lost a customer, lost my business,
lost me, no longer a, had enough, i've had it, quit, quitting, unsubscribing, unsubscribe, end my contract, end our, terminate, notice period, port my number, pac code, rid of, jump ship, jumping ship, going back to, went back to, boycott, boycotting, somewhere else, someone else, from now on, stay with you, downgraded, no more`,
	cueJob: `job, jobs, a job, hiring, we're hiring, are hiring, you hiring, vacancy, vacancies, internship, internships, intern, interns, apprenticeship, apprentice, apprentices, trainee, graduate programme, graduate program, graduate scheme, cv, my cv, resume, apply, apply by, apply for, applied for, applying, application, my application, applicants, interview, interviewed, recruit, recruiting, recruiters, recruitment, career, careers, position, positions, open position, opening for, openings, open role, role, the role,
work for you, work with you, working for you, working at, work at your, to work for, to work in, join our team, our team, part time, full time, salary, employer, work experience, looking for work, experienced, first day at, qualified, we need two, now recruiting, years of experience`,
	cueEvent: `event, events, webinar, conference, workshop, meetup, meet up, festival, concert, gig, exhibition, expo, fair, trade fair, book fair, opening night, grand opening, open day, open house, open evening, launch party, launch event, party, gala, tasting, summit, keynote, panel, talk, live stream, livestream, stream, premiere, screening, film night, quiz, pub quiz, class, demo day, marathon, charity run, fun run, the run, tour, show, the show, game night, market, doors open, save the date, join us, join us on, join us for, see you at, see you there, see you in, come to our, come say hi, rsvp, register, registration, tickets, ticket, my ticket, stand, booth, stage, line-up, lineup, set a reminder, free entry, places left, on saturday, this saturday, this sunday, book signing, signing, live music, hackathon, reunion, anniversary`,
	cueSpam: `click the link, click here, click link, link in bio, link in my, in my bio, in bio, dm me now, dm her, dm him, dm for, inbox me, inbox her, inbox him, text me, whatsapp, telegram, join our telegram, free followers, followers, followers for, 10k, likes, sub 4 sub, follow me and, follow back, f4f, subscribe to my, my channel, my profile, in my profile, make money, earn, earn money, per week, a week from, from home, a day, get rich, while you sleep, double your, investment, invest, investing, profit, profits, guaranteed, bitcoin, btc, crypto, forex, signals, eth, airdrop, giveaway, claim, claim your, claim here, claim now,
gift card, win a, you have won, have been selected, selected for, congratulations, winner, lottery, casino, free spins, bonus, loan, loans, bad credit, viagra, pills, no prescription, weight loss, singles, hot singles, sexy, sexy girls, dating, hacker, hacked, recovered my, got my bitcoin, recover your, recovery, seo, first page, 1st page, ranking, shoutouts, promo, promote it on, to be featured, replica, cheap, cheapest, limited offer, limited time, 90 % off, buy now, order now, order today, bulk, instant delivery, iptv, essay, verify here, suspended, see who viewed, thanks to mrs, thanks to mr, trader, this trader, broke until, hmu, 100 %, 🚀, 💰, 💵, 🎁`,
	cueNews: `says, reports, announces, announced, announce, shares of, shares, results, study, article, according to, spoke, founded, was founded, opens its, chief executive, ceo, minister, council, employs, rt, percent, was built, city council, researchers, new episode, blog post`,
}

// The kinds of cues, in the order of their slots.
const (
	cueAsk = iota
	cueTrouble
	cueAnger
	cueThanks
	cueJoy
	cueWish
	cueBuy
	cueIdea
	cueLeave
	cueJob
	cueEvent
	cueSpam
	cueNews
	cueKinds
)

var cues = sync.OnceValues(func() (*linear.Phrases, error) {
	kinds := make([][]string, cueKinds)
	for i, text := range cueTexts {
		for phrase := range strings.SplitSeq(text, ",") {
			kinds[i] = append(kinds[i], strings.TrimSpace(phrase))
		}
	}
	return linear.NewPhrases(kinds)
})
