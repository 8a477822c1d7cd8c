package form

import (
	"maps"
	"slices"
)

// words are what the page says by itself.
type words struct {
	Name, Email, Phone, Topic, Choose, Message, Send, Optional, Privacy string
	Needed, BadEmail, BadPhone, TooLong, BadChoice, Consent             string
	Mistakes, Stale, Slow, Away                                         string
	Thanks, Link, LinkHelp, More, You, Waiting, Another                 string
	Files, Limit, Large, Kind, Many, Broken                             string // {n} files, {s} megabytes, {f} a name
}

var spoken = map[string]words{
	"en": {
		"Name", "Email", "Phone", "Topic", "Please choose", "Message", "Send", "(optional)", "Privacy notice",
		"This is needed.", "This is not an email address.", "This is not a phone number, such as +44 20 7946 0000.", "This is too long.", "Please choose one of these.", "Please tick this so that we may answer you.",
		"Please look at these again:", "The page had been open for very long. Please send it once more.", "These were many messages at once. Please wait a few minutes and send it again.", "We cannot take your message at the moment. It is still here: please send it again in a little while.",
		"Thank you. Your message has arrived.", "Come back to your message", "Keep this address: you find our answer there, and can write more. Only who has it can read it.", "Write more", "You", "We have not answered yet.", "Send another message",
		"Files", "Up to {n} files, {s} MB each: pictures, PDF, office documents, sound, video.", "“{f}” is too large: {s} MB at most.", "“{f}” is not of a kind that we take.", "{n} files at a time at most.", "“{f}” did not arrive. Please add it again.",
	},
	"de": {
		"Name", "E-Mail", "Telefon", "Thema", "Bitte wählen", "Nachricht", "Senden", "(freiwillig)", "Datenschutz",
		"Das wird gebraucht.", "Das ist keine E-Mail-Adresse.", "Das ist keine Telefonnummer wie +49 30 123456.", "Das ist zu lang.", "Bitte wählen Sie eines davon.", "Bitte ankreuzen, damit wir antworten dürfen.",
		"Bitte sehen Sie hier noch einmal nach:", "Die Seite war sehr lange offen. Bitte senden Sie noch einmal.", "Das waren viele Nachrichten auf einmal. Bitte warten Sie einige Minuten und senden Sie dann noch einmal.", "Wir können Ihre Nachricht gerade nicht annehmen. Sie steht noch hier: Bitte senden Sie sie etwas später noch einmal.",
		"Danke. Ihre Nachricht ist angekommen.", "Zu Ihrer Nachricht zurückkommen", "Bewahren Sie diese Adresse auf: Dort finden Sie unsere Antwort und können weiterschreiben. Nur wer sie hat, kann es lesen.", "Weiterschreiben", "Sie", "Wir haben noch nicht geantwortet.", "Noch eine Nachricht senden",
		"Dateien", "Bis zu {n} Dateien, je {s} MB: Bilder, PDF, Office-Dokumente, Ton, Video.", "„{f}“ ist zu groß: höchstens {s} MB.", "„{f}“ ist von einer Art, die wir nicht annehmen.", "Höchstens {n} Dateien auf einmal.", "„{f}“ ist nicht angekommen. Bitte noch einmal hinzufügen.",
	},
	"fr": {
		"Nom", "E-mail", "Téléphone", "Sujet", "Veuillez choisir", "Message", "Envoyer", "(facultatif)", "Confidentialité",
		"Ce champ est nécessaire.", "Ce n’est pas une adresse e-mail.", "Ce n’est pas un numéro tel que +33 1 23 45 67 89.", "C’est trop long.", "Veuillez choisir dans la liste.", "Veuillez cocher pour que nous puissions répondre.",
		"Veuillez revoir ces champs :", "La page est restée ouverte très longtemps. Veuillez envoyer encore une fois.", "Beaucoup de messages à la fois. Veuillez attendre quelques minutes puis renvoyer.", "Nous ne pouvons pas recevoir votre message pour l’instant. Il est encore là : veuillez le renvoyer un peu plus tard.",
		"Merci. Votre message est arrivé.", "Revenir à votre message", "Gardez cette adresse : vous y trouverez notre réponse et pourrez écrire la suite. Seul qui la possède peut lire.", "Écrire la suite", "Vous", "Nous n’avons pas encore répondu.", "Envoyer un autre message",
		"Fichiers", "Jusqu’à {n} fichiers de {s} Mo : images, PDF, documents, son, vidéo.", "« {f} » est trop grand : {s} Mo au plus.", "« {f} » est d’un type que nous n’acceptons pas.", "{n} fichiers à la fois au plus.", "« {f} » n’est pas arrivé. Veuillez l’ajouter de nouveau.",
	},
	"es": {
		"Nombre", "Correo electrónico", "Teléfono", "Tema", "Elija, por favor", "Mensaje", "Enviar", "(opcional)", "Privacidad",
		"Esto es necesario.", "No es una dirección de correo.", "No es un número como +34 912 345 678.", "Es demasiado largo.", "Elija una opción de la lista.", "Márquelo para que podamos responder.",
		"Revise, por favor:", "La página llevaba mucho tiempo abierta. Envíelo otra vez, por favor.", "Han sido muchos mensajes a la vez. Espere unos minutos y vuelva a enviar.", "Ahora no podemos recibir su mensaje. Sigue aquí: envíelo de nuevo dentro de un rato.",
		"Gracias. Su mensaje ha llegado.", "Volver a su mensaje", "Guarde esta dirección: ahí encontrará nuestra respuesta y podrá escribir más. Solo quien la tiene puede leerlo.", "Escribir más", "Usted", "Aún no hemos respondido.", "Enviar otro mensaje",
		"Archivos", "Hasta {n} archivos de {s} MB: imágenes, PDF, documentos, sonido, vídeo.", "«{f}» es demasiado grande: {s} MB como máximo.", "«{f}» es de un tipo que no aceptamos.", "{n} archivos a la vez como máximo.", "«{f}» no ha llegado. Añádalo de nuevo, por favor.",
	},
}

func languages() []string { return slices.Sorted(maps.Keys(spoken)) }
