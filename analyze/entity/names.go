package entity

import (
	"strings"
	"sync"
)

// brandNames are brands that people write to and about anywhere.
const brandNames = `Adidas, Adobe, Airbnb, Aldi, Alibaba, Amazon, Amex, American Airlines, American Express, Android, AOL, Apple, Apple Pay, Asda, Asus, AT&T, Audi, Barclays, Bentley, Best Buy, BlackBerry,
Bluesky, BMW, Boeing, Booking.com, Bosch, Bose, Boots, Bolt, BP, British Airways, British Gas, Burger King, BT, Cadbury, Canon, Canva, Carrefour, Chanel, Chase, Chipotle, Chrome, Citibank, Citroën, Coca-Cola, Coke,
Comcast, Costa Coffee, Costco, Crocs, Currys, Decathlon, Deliveroo, Dell, Delta Air Lines, Deutsche Bahn, Deutsche Bank, DHL, Discord, Disney, Domino's, DoorDash, DPD, Dropbox, Dunkin, Dyson, EasyJet, eBay, Etsy, Evri, Expedia,
Facebook, Fanta, FedEx, Ferrari, Fiat, Fitbit, Ford, GitHub, Gmail, Google, Google Maps, GoPro, Greggs, Gucci, H&M, Harley-Davidson, Heineken, Heinz, Hermes, Hilton, Honda, HSBC, Huawei, Hyundai, IBM, IKEA, Instagram, Intel,
iPad, iPhone, Jeep, JetBlue, John Lewis, KFC, Kia, Kindle, KLM, Lego, Lenovo, Levi's, LG, Lidl, LinkedIn, Lloyds, L'Oréal, Lufthansa, Lululemon, Lyft, MacBook, Marks & Spencer, M&S, Mastercard, Mastodon, Mazda, McDonald's,
McDonalds, Mercedes, Mercedes-Benz, Microsoft, Monzo, Morrisons, Motorola, Nando's, NatWest, Nescafé, Nespresso, Nestlé, Netflix, New Balance, Nike, Nikon, Nintendo, Nissan, Nokia, Nutella, Nvidia, Ocado, Office 365, OpenAI, Oreo,
PayPal, Panasonic, Pepsi, Peugeot, Philips, Pinterest, Pizza Hut, PlayStation, Porsche, Pret, Primark, Puma, Qantas, Reddit, Red Bull, Renault, Revolut, Ryanair, Safeway, Sainsbury's, Samsung, Samsung Galaxy, Santander, Shopify, Siemens, Škoda,
Skype, Slack, Snapchat, Sony, Southwest Airlines, Spotify, Starbucks, Subway, Superdrug, Tesco, Tesla, TikTok, T-Mobile, Toyota, TripAdvisor, Trustpilot, Twitch, Twitter, Uber, Uber Eats, Under Armour, Uniqlo, United Airlines, UPS, Vauxhall,
Verizon, Virgin Media, Virgin Atlantic, Visa, Vodafone, Volkswagen, Volvo, Waitrose, Walmart, WeChat, Wells Fargo, WhatsApp, Wikipedia, Windows, Wizz Air, WordPress, Xbox, Xiaomi, Yahoo, Yelp, YouTube, Zalando, Zara, Zoom`

// countryNames are countries as English posts write them.
const countryNames = `Argentina, Australia, Austria, Bangladesh, Belgium, Brazil, Bulgaria, Canada, Chile, China, Colombia, Croatia, Cyprus, Czechia, Denmark, Egypt, England, Estonia, Ethiopia, Finland, France, Germany, Ghana, Greece,
Hungary, Iceland, India, Indonesia, Iran, Iraq, Ireland, Israel, Italy, Jamaica, Japan, Kenya, Latvia, Lebanon, Lithuania, Luxembourg, Malaysia, Malta, Mexico, Morocco, Nepal, Netherlands, New Zealand, Nigeria, Northern Ireland, Norway, Pakistan, Peru,
Philippines, Poland, Portugal, Romania, Russia, Saudi Arabia, Scotland, Serbia, Singapore, Slovakia, Slovenia, South Africa, South Korea, Spain, Sri Lanka, Sweden, Switzerland, Taiwan, Thailand, Tunisia, Turkey, Uganda, Ukraine, United Kingdom,
United States, Uruguay, Vietnam, Wales`

// otherNames are names of large cities that the table has under another one.
const otherNames = `new york=New York City, nyc=New York City, münchen=Munich, wien=Vienna, praha=Prague, warszawa=Warsaw, roma=Rome, milano=Milan, firenze=Florence, torino=Turin, napoli=Naples,
venezia=Venice, genève=Geneva, bruxelles=Brussels, antwerp=Antwerpen, københavn=Copenhagen, gothenburg=Göteborg, cologne=Köln, zurich=Zürich, lisboa=Lisbon, sevilla=Sevilla, mexico city=Mexico City,
the hague=The Hague, washington dc=Washington, saint petersburg=Saint Petersburg, são paulo=São Paulo, sao paulo=São Paulo, bengaluru=Bengaluru, bangalore=Bengaluru, bombay=Mumbai, montreal=Montréal, malmo=Malmö`

// givenNames are frequent given names of many countries, without those that
// are more often a word (will, mark, grace, hope).
const givenNames = `aaron abdul abdullah abigail adam adele ahmed aisha alan albert alejandro alex alexander alexandra alfred alice alicia alina amanda amber amelia amina amir amy ana anastasia andrea andreas andrew andy angela anika anita anna anne
anthony antoine anton antonio anya arjun arthur ashley astrid ayesha barbara beatrice ben benjamin bernard beth bianca bill bjorn bob boris brandon brenda brian bridget bruno camila carl carla carlos carmen caroline catherine cecilia charles charlie charlotte
chen chloe chris christian christina christine christopher claire clara claudia colin connor craig cynthia daniel daniela danny dario david deborah debbie declan deepak denise dennis derek diana diego dimitri dmitri dominic donald dora doris dorothy douglas
duncan dylan eduardo edward eileen elaine elena eleanor elias elif elijah elisa elizabeth ella ellen elsa emil emilia emily emma emmanuel enrique eric erica erik ernest esther ethan eva evelyn fatima felix fernando finn fiona florence francesca francis
francisco francois frank fred freya fritz gabriel gareth gary gavin geoff george georgia gerald gerard giulia giovanni gloria gordon graham greta gregory guillermo gunther gustav hamza hannah hans harold harriet harry hassan heather hector heidi helen helena henrik
henry hilda hiroshi howard hugo hussein ian ibrahim ida imani imran ines inga ingrid irene isaac isabel isabella ivan jack jackie jacob jacqueline jaime jakub james jan jane janet janice jason jasmine javier jean jeff jeffrey jennifer jenny jeremy jerome
jesse jessica jim jing joan joanna joe joel johan johanna johannes john jonas jonathan jorge jose joseph josephine joshua juan judith julia julian julie julius justin kamal karen karim karl karolina kate katherine kathleen katie katja keith kelly kenneth kenji
kevin khalid kirsten klaus kofi kristina kumar kwame kyle lars laura lauren lea leah lena leo leon leonardo leslie liam lily linda lisa liz louis louise luca lucas lucia lucy luis lukas luna lydia magdalena maja malik manuel marco marcus margaret maria marie
marina mario marion marius marta martha martin martina mary mateo matilda matteo matthew matthias maurice maya megan mehmet mei melanie melissa mia michael michelle miguel mikael mike mila milan miriam mohamed mohammed monica muhammad nadia nancy naomi natalie
natasha nathan neil nia nicholas nick nicola nicole nigel nikolai nina noah noor nora norman olga oliver olivia omar oscar otto owen pablo pamela paolo patricia patrick paul paula pauline pedro peter petra philip philipp phoebe pierre pieter piotr priya rachel
rafael rahul ralph raj rashid raymond rebecca ricardo richard robert roberto robin rodrigo roger roland roman ronald rosa rosie roxana rupert russell ruth ryan saad sabrina sadie sally salma sam samantha samuel sandra sanjay sara sarah sebastian selina sergei
sharon sheila shirley sibylle simon simone sofia sonia sophia sophie stefan stella stephanie stephen steve steven stuart susan suzanne svetlana sven sylvia takeshi tamara tania tanya tariq tatiana teresa terry thandi theo theodore theresa thomas tiffany tim
timothy tobias tom tomasz tommy tony tracy trevor ursula valentina valeria vanessa vera verena veronica victor victoria vijay vincent viola virginia vivian vladimir walter wanda wendy werner wolfgang xavier yasmin yolanda yuki yusuf yvonne zainab zara zoe`

// ordinary are words of English that are names of brands or cities as well.
const ordinary = `a about above after again all also am an and any are as at back bad bar bath bay be beach bean because been before best better big black blue bolt boots boston both boy break bridge bright brown burn bus but buy by call can canon car care
center central change chase chester china chrome city clay close cloud cobalt cold come cook cool corner could cup dale day deal delta did do does dog door down dublin east easy eat end enter even ever every evening fair fall family far fast few field
find fine fire first five flag flat food for ford fort four free fresh friday from full game garden gate get gift give go gold good grand gray great green grand gulf guide half hall halle hand happy hard has have he heart help her here high hill him his
hit hold home hope hot house how hull i if in into is issue it its job jump just keep king lady lake large last late leave left less let life light like line link list little live lives lone long look lot love low lucky made main make man many march
march mark market may me mean meet men metro might mine miss mobile monday moon more morning most move much must my name natural need new next nice night no noon normal north not nothing now of off office old on one only open or orange orchard other our
out over own page paradise park part pass pay peace people pet place plan play point police poor port power present price pride puma problem queen quick quiet rain read reading ready real red rest rich right ring river road rock room rose round royal
run sale salt same sandwich saturday say school sea second see seem self send sense set several she ship shop short should show side sign silver simple since sister site size slack small smart so some song soon sort south space spain spring square star
start state stay steel step still stone stop store street strong subway such summer sun sunday super sure surprise table take talk target tea team tell than thank that the their them then there they thing think this three through thursday time to today
together tomorrow too top total town trail train tree trip true try tuesday turkey turn two under union up us use valley van very victory view village visa visit wait wales walk wall want warm was watch water wave way we wednesday week well wells west
what wheel when where which white who why wide wild will win windows wing winter wish with woman wood word work world would write year yes yesterday you young your zoom york` +
	` apple coke crocs kindle pret twitch hermes fanta etsy nelson lincoln jackson austin madison troy aurora eden savannah florence paris sydney charlotte victoria santiago jordan israel chad georgia martin logan houston carson dakota`

// commonWords are those that count as a name only with good evidence.
var commonWords = sync.OnceValue(func() map[string]bool {
	out := map[string]bool{}
	for w := range strings.FieldsSeq(ordinary) {
		out[w] = true
	}
	return out
})
