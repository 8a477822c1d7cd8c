package evidence

import "strings"

func set(words string) map[string]bool {
	out := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		out[w] = true
	}
	return out
}

// Words that stand before numbers, in small letters.
var (
	phones = set(`tel tél tlf tfn tfno telf tels phone ph fon fono call ring text sms whatsapp signal mobile mobil mob móvil movil cel cell celular cellulare
		portable gsm handy komórka kom puh puhelin tlmv natel cep direct direkt durchwahl dw
		телефон тел моб мобильный мобільний мобилен κινητό κιν τηλ τηλέφωνο đt`)
	faxes  = set(`fax telefax téléfax faks faxe telekopie факс φαξ`)
	shared = set(`zentrale telefonzentrale switchboard reception rezeption receptie recepción recepcja hotline helpline infoline support kundenservice kundendienst
		standard accueil centralita centralino centrala santral vaihde växel sentralbord omstilling geral приёмная приемная коммутатор headquarters iban bic ust hrb vat siret nif cif`)
	// What longer words begin with.
	beginnings = []string{"telefo", "telephon", "teléfon", "téléphon", "telemó", "telemov", "phone", "mobiltel", "mobilnummer", "mobiel", "mobilní", "handynummer", "cellphone",
		"matkapuh", "мобіл", "телефон", "κινητ", "τηλέφ"}
)

// signs are of scripts that don't part words, and pictures.
var signs = []struct{ text, means string }{
	{"传真", elsewhere}, {"傳真", elsewhere}, {"ファックス", elsewhere}, {"ファクス", elsewhere}, {"팩스", elsewhere}, {"فاكس", elsewhere}, {"פקס", elsewhere}, {"📠", elsewhere}, {"แฟกซ์", elsewhere},
	{"总机", elsewhere}, {"總機", elsewhere}, {"代表", elsewhere},
	{"电话", phone}, {"電話", phone}, {"手机", phone}, {"手機", phone}, {"携帯", phone}, {"전화", phone}, {"휴대폰", phone}, {"핸드폰", phone}, {"هاتف", phone}, {"جوال", phone}, {"موبايل", phone},
	{"تلفون", phone}, {"טלפון", phone}, {"טל'", phone}, {"נייד", phone}, {"फ़ोन", phone}, {"फोन", phone}, {"मोबाइल", phone}, {"โทร", phone}, {"มือถือ", phone},
	{"☎", phone}, {"📞", phone}, {"📱", phone}, {"✆", phone}, {"☏", phone},
}

// desks are names before the @ of addresses that belong to nobody alone.
var desks = set(`info office kontakt contact contacto contato contatti hello hallo hi mail post team support service services help helpdesk sales vertrieb ventas shop store orders
	admin administration webmaster postmaster noreply no-reply donotreply do-not-reply jobs careers hr press presse media billing invoice invoices accounts accounting buchhaltung
	rechnung datenschutz privacy gdpr dpo security abuse marketing newsletter news reception rezeption zentrale accueil secretariat sekretariat biuro firma company enquiries inquiries
	feedback customercare customerservice kundenservice care unsubscribe all everyone`)

// notThem are words of fields that tell of somebody else.
var notThem = set(`employer employee work works company job arbeitgeber arbeit firma employeur entreprise empresa trabajo trabajo lavoro azienda werkgever praca firma arbete jobb
	partner partnerin wife husband spouse married frau mann ehefrau ehemann familie family kids mother father friend friends conjoint femme mari marido esposa moglie marito
	organisation organization organisationen verein club team project projekt projet proyecto progetto band admin instance server hosted moderator mods maintainer founder
	donate donation spenden support sponsor patreon kofi pronouns pronomen`)

// closers are words with which a letter ends, in small letters.
var closers = []string{
	"best", "best regards", "best wishes", "kind regards", "kindest regards", "warm regards", "warmly", "regards", "many thanks", "thanks", "thank you", "thx", "cheers", "sincerely",
	"yours sincerely", "yours faithfully", "yours truly", "yours", "all the best", "cordially", "respectfully", "take care", "br", "rgds",
	"mit freundlichen grüßen", "mit freundlichen grüssen", "mit freundlichem gruß", "freundliche grüße", "freundliche grüsse", "viele grüße", "viele grüsse", "beste grüße", "beste grüsse",
	"liebe grüße", "liebe grüsse", "herzliche grüße", "herzliche grüsse", "schöne grüße", "mit besten grüßen", "grüße", "grüsse", "gruß", "gruss", "mfg", "lg", "vg", "danke", "vielen dank", "hochachtungsvoll", "servus",
	"cordialement", "bien cordialement", "bien à vous", "sincères salutations", "salutations", "meilleures salutations", "merci", "merci d'avance", "amicalement", "respectueusement",
	"saludos", "un saludo", "un cordial saludo", "saludos cordiales", "atentamente", "cordialmente", "gracias", "muchas gracias",
	"cordiali saluti", "distinti saluti", "saluti", "un saluto", "grazie", "cordialmente",
	"atenciosamente", "cumprimentos", "com os melhores cumprimentos", "melhores cumprimentos", "obrigado", "obrigada", "abraço", "um abraço", "att",
	"met vriendelijke groet", "met vriendelijke groeten", "vriendelijke groet", "vriendelijke groeten", "groeten", "groet", "mvg", "bedankt",
	"pozdrawiam", "z poważaniem", "serdecznie pozdrawiam", "dziękuję",
	"med vänlig hälsning", "med vänliga hälsningar", "vänliga hälsningar", "hälsningar", "mvh", "med venlig hilsen", "venlig hilsen", "med vennlig hilsen", "vennlig hilsen", "hilsen", "vh", "tack", "tak", "takk",
	"ystävällisin terveisin", "terveisin", "kiitos", "s pozdravem", "děkuji", "üdvözlettel", "tisztelettel", "köszönöm", "cu stimă", "mulțumesc",
	"saygılarımla", "saygılar", "teşekkürler", "iyi çalışmalar", "с уважением", "спасибо", "з повагою", "дякую", "με εκτίμηση", "ευχαριστώ",
	"よろしくお願いいたします", "よろしくお願いします", "宜しくお願い致します", "敬具", "此致", "谢谢", "謝謝", "祝好", "감사합니다", "드림", "مع تحياتي", "مع أطيب التحيات", "شكرا", "تحياتي", "בברכה", "תודה", "धन्यवाद", "सादर",
}

// forwards begin the subject of a mail that is passed on.
var forwards = set(`fwd fw wg tr rv i vs doorst pd enc vb vl tov továbbítás fs ilt yml 转发 轉寄 転送 wtr`)

// passedOn are lines after which the words of somebody else stand.
var passedOn = []string{
	"begin forwarded message", "forwarded message", "anfang der weitergeleiteten nachricht", "weitergeleitete nachricht", "début du message réexpédié", "début du message transféré",
	"message transféré", "inicio del mensaje reenviado", "mensaje reenviado", "inizio messaggio inoltrato", "messaggio inoltrato", "início da mensagem reencaminhada", "mensagem encaminhada",
	"begin doorgestuurd bericht", "doorgestuurd bericht", "początek przekazywanej wiadomości", "przekazana wiadomość", "vidarebefordrat brev", "vidarebefordrat meddelande", "videresendt meddelelse", "videresendt melding",
	"original message", "ursprüngliche nachricht", "message d'origine", "mensaje original", "messaggio originale", "oorspronkelijk bericht", "пересылаемое сообщение", "転送されたメッセージ", "转发的邮件", "以下の転送メッセージ",
}
