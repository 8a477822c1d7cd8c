package topic

// A cue list is what speaks for a topic: surely, and only in company.
type cue struct {
	topic      string
	sure, weak string
}

// topics is how many there are; linear.Phrases finds at most 32 kinds, two for
// each topic.
const topics = 16

// The phrases have at most three words and are divided by commas.
var cues = [topics]cue{
	{Delivery,
		`delivery, deliveries, delivered, deliver, delivers, courier, couriers, parcel, parcels, shipping, shipment, shipped, ship to, ships to, tracking number, tracking says, my package, the package, postage, postal, out for delivery, dispatched, dispatch, arrived late, never arrived, not arrived, hasn't arrived, hasnt arrived, has not arrived, still waiting for, doorstep, delivery driver, next day, delivery slot, left it outside, neighbour's, driver left, in transit, collection point, pick up point, click and collect`,
		`package, driver, van, arrive, arrives, arrived, tracking, post, customs, waiting, order, address, express, late, letterbox, porch`},
	{Price,
		`price, prices, pricing, priced, overpriced, expensive, too dear, pricey, cheaper, discount, discounts, discounted, voucher, coupon, promo code, promo codes, price increase, price hike, rip off, ripoff, rip-off, good value, value for money, worth the money, costs more, how much is, how much are, how much does, how much for, costs a fortune, black friday, half price, on sale, afford, affordable, shrinkflation, student rate, gone up`,
		`cheap, cost, costs, deal, deals, offer, offers, sale, worth, money, bargain, quid, dollars, euros, fee, fees, tariff, rates, paid`},
	{Billing,
		`bill, bills, billing, billed, invoice, invoices, overcharged, charged me, charged twice, double charged, charged again, got charged, been charged, direct debit, payment failed, card declined, declined, receipt, my statement, standing order, payment method, payment went, unauthorised, unauthorized, auto renew, auto-renew, renewal, money taken, took money, take payment, subscription fee, chargeback, hidden fees, vat, bank statement, paypal, apple pay, credit card, debit card`,
		`payment, payments, charge, charged, charges, charging, card, paid, fee, fees, account, subscription, refund, refunded, instalments`},
	{Quality,
		`quality, broke, broken, breaks, fell apart, falls apart, faulty, defect, defects, defective, flimsy, durable, durability, well made, well built, build quality, badly made, poorly made, cracked, cracks, ripped, torn, scratched, came off, fell off, worn out, wore out, stopped working, doesn't work, doesnt work, not working, leaks, leaking, leaked, leaky, wobbly, wobbles, rust, rusty, rusted, shoddy, cheap plastic, sturdy, solid build, craftsmanship, stitching, the zip, seams, fraying, faded, loose handle, snapped, peeling, built to last`,
		`material, fabric, battery, handle, lid, plastic, finish, works, working, zip, screen, lasted, sole, loose, months, weeks`},
	{Safety,
		`safety, unsafe, dangerous, danger, hazard, hazardous, recall, recalled, recalls, injured, injury, injuries, burned my, burnt my, electric shock, caught fire, on fire, smoke coming, sparks, sparked, sparking, exploded, explodes, allergic, allergen, allergens, allergy, food poisoning, choking, toxic, fumes, mould, mold, mouldy, glass in, piece of metal, scalded, scalding, overheating, overheats, overheated, health risk, sharp edge, carbon monoxide, safe for kids, child safe, safe to use`,
		`safe, risk, burn, burned, burnt, smoke, fire, hot, sharp, sick, ill, contaminated, hospital, nuts, kids`},
	{Support,
		`customer service, customer care, customer support, support team, your support, help desk, helpdesk, call centre, call center, on hold, chatbot, chat bot, the bot, no reply, no response, never replied, nobody answers, no one answers, nobody replies, call back, callback, called back, live chat, ticket number, my ticket, phone line, helpline, hotline, answered my, sorted it, sorted my, sorted out, support was, support agent, still no answer, passed around, emailed you, emailed three, dm'd you, get through to, speak to someone, talk to someone, speak to a, human being`,
		`support, service, help, helpful, unhelpful, reply, replied, response, respond, contact, agent, ticket, answer, answers, call, called, calls, email, emails, resolved, manager, queue`},
	{Digital,
		`app, apps, website, web site, web page, webpage, login, log in, log-in, logged out, logs me out, logging in, log into, sign in, signing in, password, passwords, crashes, crash, crashing, crashed, bug, bugs, buggy, glitch, glitches, glitchy, error message, error code, error 500, 404, dark mode, update, firmware, bluetooth, pairing, interface, ui, homepage, checkout page, two factor, 2fa, verification code, notification, notifications, android, ios, iphone, ipad, the site, your site, page won't load, reset link, online account`,
		`online, account, site, page, download, install, screen, software, version, load, loading, loads, button, menu, code, link, sync, search, widget, cart, basket`},
	{Availability,
		`out of stock, in stock, back in stock, sold out, stock, restock, restocked, restocking, unavailable, discontinued, available in, still available, is available, when will you, pre order, preorder, pre-order, waiting list, waitlist, backorder, can't find it, cant find, couldn't find, nowhere to be, bring back, empty shelves, ship to, limited edition, run out of, ran out of, not available`,
		`available, availability, stores, shelf, sizes, launch, release, released, sell, stocked, waiting, left`},
	{Staff,
		`staff, employee, employees, cashier, barista, waiter, waitress, receptionist, front desk, shop assistant, sales assistant, salesperson, salesman, saleswoman, manager was, the manager, rude, so polite, so friendly, very friendly, very helpful, was helpful, so helpful, lovely lady, lovely man, lovely team, member of staff, your team, the team, technician, engineer, stewardess, crew, steward, rep was, your colleague, your driver, conductor, security guard, bouncer, the lady at, the guy at, the man at, the woman at, the girl at, the chap`,
		`friendly, polite, helpful, attitude, kind, lovely, lady, guy, team, agent, driver, smiling, smile, patient, professional, ignored`},
	{Place,
		`your store, your shop, the store, the shop, your branch, the branch, local branch, local store, local shop, opening hours, opening times, what time do, closing time, open on sunday, open on sundays, open late, parking, car park, the queue, queues, queue, fitting room, fitting rooms, changing room, toilet, toilets, restroom, lobby, the terrace, our table, the restaurant, your restaurant, the café, the cafe, the lounge, hotel room, our room, my room, the gym, the playground, wheelchair, step free, air con, too loud, high street`,
		`store, shop, branch, open, opens, close, closes, closed, sunday, bank holiday, clean, dirty, filthy, location, room, table, crowded, busy, music, counter, till, tills, breakfast, bed`},
	{Returns,
		`return it, returning it, return policy, returns, return label, send it back, sent it back, sending it back, refund, refunds, refunded, refunding, money back, exchange it, exchanged, replacement, replacements, replace it, replaced it, replaced, warranty, guarantee, guaranteed for, under warranty, repair, repaired, repairs, store credit, swap it, restocking fee`,
		`return, returned, exchange, fix, fixed, replace, swap, receipt, days, label`},
	{Environment,
		`environment, environmental, environmentally, sustainable, sustainability, recycle, recycled, recycling, recyclable, plastic free, single use, single-use, packaging, carbon, carbon neutral, climate, emissions, eco friendly, eco-friendly, ecofriendly, eco, greenwash, greenwashing, compostable, biodegradable, refill, refills, refillable, reusable, palm oil, fair trade, fairtrade, organic, cruelty free, food waste, landfill, microplastics, deforestation`,
		`plastic, waste, green, planet, wasteful, bags, wrapped, ethical, local, energy, vegan`},
	{Privacy,
		`privacy, personal data, my data, gdpr, data breach, breach, hacked, hack, phishing, scam email, scam text, leaked my, sold my, spam calls, spam emails, cookies, cookie banner, tracking me, consent, identity theft, my details, delete my data, delete my account, unsubscribe, unsubscribed, opt out, third parties, mailing list, marketing emails, share my number`,
		`data, security, secure, details, stolen, fraud, fraudulent, suspicious, leak, emails, spam, newsletter`},
	{Features,
		`feature, features, feature request, would be great, would be nice, would be handy, would be useful, would love to, wish you, wish there, i wish, option to, an option, please add, pls add, add a, add an, integration, integrate, compatible, compatibility, works with, support for, settings, setting, mode, timer, widget, export, import, shortcut, customise, customize, template, suggestion, idea`,
		`add, adding, option, button, colour, color, size, version, allow, let us, let me, function, button, calendar`},
	{Outage,
		`outage, outages, is down, are down, went down, down again, down for, no internet, no signal, no service, no power, power cut, no wifi, no connection, connection drops, keeps dropping, cuts out, offline, no heating, no hot water, no water, internet is, wifi is, broadband, server error, servers are, service status, network is, cancelled trains, train cancelled, flight cancelled, cancelled again, was cancelled, replacement bus, delayed again, delays, delayed`,
		`down, working, signal, wifi, internet, network, router, speed, slow, hours, train, trains, flight, bus, line, power, street, area`},
	{Taste,
		`taste, tastes, tasted, tasty, tasteless, delicious, flavour, flavours, flavor, flavors, yummy, yum, bland, soggy, stale, undercooked, overcooked, raw chicken, cold food, salty, too sweet, too salty, bitter, recipe, recipes, the menu, gluten free, gluten-free, vegan option, vegan options, vegetarian, ingredients, portion, portions, roast, the blend, coffee beans, dark roast, crispy, juicy, rubbery, the sauce, the crust`,
		`coffee, pizza, burger, food, eat, ate, meal, lunch, dinner, breakfast, tea, cake, bread, chocolate, fresh, eggs, salad, soup, milk, beer, wine, menu, drink`},
}

// confidence is how often a topic that was given with such a score was right
// on the posts labelled for it.
func confidence(score float64) float64 { return min(0.95, 0.2+0.72*score) }
