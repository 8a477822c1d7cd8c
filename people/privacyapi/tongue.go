package privacyapi

import (
	"fmt"
	"net/http"
	"time"

	"golang.org/x/text/language"
)

// tongue is the language in which a page speaks to a customer.
type tongue struct{ Lang string }

// otherTongue leads to the same page in the other language.
type otherTongue struct{ Link, Lang, Name string }

var tongues = language.NewMatcher([]language.Tag{language.English, language.German})

// tongueOf is the language that was chosen on the page, else the one that the
// browser asks for.
func tongueOf(w http.ResponseWriter, r *http.Request) tongue {
	t := tongue{"en"}
	switch r.URL.Query().Get("lang") {
	case "en":
	case "de":
		t.Lang = "de"
	default:
		wanted, _, err := language.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
		if _, at, _ := tongues.Match(wanted...); err == nil && at == 1 {
			t.Lang = "de"
		}
	}
	w.Header().Add("Vary", "Accept-Language")
	w.Header().Set("Content-Language", t.Lang)
	return t
}

// chosen keeps a language that was chosen, for the pages that follow.
func (t tongue) chosen(r *http.Request) string {
	if l := r.URL.Query().Get("lang"); l == "en" || l == "de" {
		return "?lang=" + l
	}
	return ""
}

func (t tongue) other(path string) otherTongue {
	if t.Lang == "de" {
		return otherTongue{path + "?lang=en", "en", "English"}
	}
	return otherTongue{path + "?lang=de", "de", "Deutsch"}
}

// T says a text in the language; what has no other words stays as it is.
func (t tongue) T(text string) string {
	if t.Lang == "de" {
		if g, ok := german[text]; ok {
			return g
		}
	}
	return text
}

var months = [...]string{"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"}

func (t tongue) day(at time.Time) string {
	if t.Lang == "de" {
		return fmt.Sprintf("%d. %s %d", at.Day(), months[at.Month()-1], at.Year())
	}
	return at.Format("2 January 2006")
}

// german is what the customers' page says in German.
var german = map[string]string{
	"What we hold about you": "Was wir über Sie gespeichert haben",
	"We send a link to an account by which you have written to us in private. With it you see what we hold of that account, and decide about it.": "Wir schicken einen Link an ein Konto, über das Sie uns privat geschrieben haben. Damit sehen Sie, was wir zu diesem Konto gespeichert haben, und entscheiden darüber.",
	"Your email address, telephone number or handle": "Ihre E-Mail-Adresse, Telefonnummer oder Ihr Benutzername",
	"Send me the link":                     "Link schicken",
	"What we hold of":                      "Was wir gespeichert haben von",
	"There is more; a copy has all of it:": "Es gibt mehr; eine Kopie enthält alles:",
	"Nothing but the account itself.":      "Nichts außer dem Konto selbst.",
	"What you agree to":                    "Worin Sie einwilligen",
	"You agreed.":                          "Sie haben eingewilligt.",
	"You did not agree.":                   "Sie haben nicht eingewilligt.",
	"Take it back:":                        "Widerrufen:",
	"I agree:":                             "Ich willige ein:",
	"Something is wrong":                   "Etwas stimmt nicht",
	"What should be different?":            "Was soll anders sein?",
	"Tell us":                              "Mitteilen",
	"Write what is right; leave empty what may stay. Of what stands there we show only what you told us by this account, as this link proves no other. A colleague looks at it first.": "Schreiben Sie, was richtig ist; was bleiben darf, lassen Sie leer. Von dem, was bei uns steht, zeigen wir nur, was Sie uns über dieses Konto gesagt haben, denn ein anderes beweist dieser Link nicht. Jemand von uns sieht es sich erst an.",
	"With us stands, as you told us:": "Bei uns steht, wie Sie es gesagt haben:",
	"Known to us; not shown here.":    "Uns bekannt; wird hier nicht gezeigt.",
	"Nothing stands there yet.":       "Da steht noch nichts.",
	"This is right":                   "So ist es richtig", "Name": "Name", "yes": "ja", "no": "nein",
	"You said so on %s; a colleague will look at it.": "Von Ihnen am %s; jemand von uns sieht es sich an.",
	"Taken over on %s.":                           "Übernommen am %s.",
	"Not taken over, on %s.":                      "Nicht übernommen, am %s.",
	"We say:":                                     "Wir sagen dazu:",
	"This is too long.":                           "Das ist zu lang.",
	"Write a number such as 12.5.":                "Schreiben Sie eine Zahl wie 12.5.",
	"Write a day such as 2027-03-31.":             "Schreiben Sie einen Tag wie 2027-03-31.",
	"Choose one of the list.":                     "Wählen Sie etwas aus der Liste.",
	"Write what is right into one of the fields.": "Schreiben Sie in eines der Felder, was richtig ist.",
	"That is much for one day. Try again tomorrow, or write to us.":  "Das ist viel für einen Tag. Versuchen Sie es morgen wieder, oder schreiben Sie uns.",
	"A copy, or to be forgotten":                                     "Eine Kopie, oder vergessen werden",
	"Ask for a copy of everything":                                   "Eine Kopie von allem verlangen",
	"Everything about me goes, for good":                             "Alles über mich wird endgültig gelöscht",
	"Ask to be forgotten":                                            "Verlangen, vergessen zu werden",
	"There is no such page here. Write to us, and we will help you.": "Diese Seite gibt es hier nicht. Schreiben Sie uns, wir helfen Ihnen.",
	"This did not arrive whole. Try again.":                          "Das kam nicht vollständig an. Versuchen Sie es noch einmal.",
	"If we know this account, and have talked with it in private, a link is on its way there. It works for one hour.": "Wenn wir dieses Konto kennen und privat mit ihm geschrieben haben, ist ein Link dorthin unterwegs. Er gilt eine Stunde.",
	"This link is over, or never was. Ask for another.":                                                               "Dieser Link gilt nicht mehr, oder es gab ihn nie. Fordern Sie einen neuen an.",
	"It did not work just now. Try again in a while.":                                                                 "Das hat gerade nicht geklappt. Versuchen Sie es in einer Weile noch einmal.",
	"It can't be shown just now. Try again in a while.":                                                               "Das lässt sich gerade nicht anzeigen. Versuchen Sie es in einer Weile noch einmal.",
	"Thank you, that is written down. You can take it back here at any time.":                                         "Danke, das ist notiert. Sie können es hier jederzeit widerrufen.",
	"Taken back.": "Widerrufen.",
	"Thank you. A colleague will look at it.":                                                  "Danke. Jemand von uns sieht es sich an.",
	"We will send you a copy, within thirty days.":                                             "Wir schicken Ihnen eine Kopie, innerhalb von dreißig Tagen.",
	"Tick that you are sure.":                                                                  "Kreuzen Sie an, dass Sie sicher sind.",
	"This page does not know what you pressed. Load it again.":                                 "Diese Seite weiß nicht, was Sie gedrückt haben. Laden Sie sie neu.",
	"We will forget you, within thirty days, unless a law keeps us from it; then we tell you.": "Wir vergessen Sie, innerhalb von dreißig Tagen, außer ein Gesetz hindert uns daran; dann sagen wir es Ihnen.",
	"Say in 1 to 1,000 characters what is wrong.":                                              "Sagen Sie in 1 bis 1.000 Zeichen, was nicht stimmt.",
	"There is no text for this purpose yet.":                                                   "Zu diesem Zweck gibt es noch keinen Text.",
	"You asked for a copy on %s; it is due on %s.":                                             "Sie haben am %s eine Kopie verlangt; sie ist spätestens am %s fällig.",
	"You asked to be forgotten on %s; it is due on %s.":                                        "Sie haben am %s verlangt, vergessen zu werden; es geschieht spätestens bis zum %s.",

	// What the rooms call what they hold, and its parts.
	"accounts": "Konten", "messages": "Nachrichten", "conversations": "Gespräche", "posts": "Beiträge", "shares": "Geteiltes", "drafts": "Entwürfe", "scores": "Was wir darin erkannt haben",
	"influence": "Einfluss", "attachments": "Anhänge", "consents": "Einwilligungen", "may they be written to": "Anfragen, ob wir schreiben dürfen", "requests": "Verlangen", "kept answers": "Aufbewahrte Antworten",
	"how well we helped": "Wie gut wir geholfen haben", "links they were sent": "Links, die wir geschickt haben", "answers to invitations": "Antworten auf Einladungen", "ways to reach them": "Erreichbarkeit",
	"what was said at our doors": "Was im Chat und in Formularen gesagt wurde",
	"at":                         "Zeit", "kind": "Art", "text": "Text", "title": "Titel", "body": "Text", "name": "Name", "handle": "Benutzername", "value": "Wert", "lang": "Sprache", "visibility": "Sichtbarkeit",
	"state": "Stand", "subject": "Betreff", "began at": "begonnen", "last at": "zuletzt", "published at": "veröffentlicht", "first seen": "zuerst gesehen", "last seen": "zuletzt gesehen",
	"followers": "Follower", "purpose": "Zweck", "shown": "gezeigter Text", "source": "Herkunft", "evidence": "Nachweis", "sentiment": "Stimmung", "emotions": "Gefühle", "topics": "Themen", "intents": "Anliegen",
	"form": "Form", "corrections": "Berichtigungen", "field": "Feld", "words": "Worte dazu", "closed at": "entschieden", "likes": "Gefällt mir", "scored at": "erkannt", "asked at": "gefragt", "answered at": "geantwortet", "score": "Note", "comment": "Bemerkung",
}
