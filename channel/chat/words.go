package chat

import (
	"maps"
	"slices"
)

// words are what the chat says by itself.
type words struct {
	Open     string `json:"open"`
	Close    string `json:"close"`
	Message  string `json:"message"`
	Send     string `json:"send"`
	Name     string `json:"name"`
	Email    string `json:"email"`
	Optional string `json:"optional"`
	Begin    string `json:"begin"`
	You      string `json:"you"`
	Sending  string `json:"sending"`
	Failed   string `json:"failed"`
	Slow     string `json:"slow"`
	Away     string `json:"away"`
	Lost     string `json:"lost"`
	Privacy  string `json:"privacy"`
	New      string `json:"new"`
	Needed   string `json:"needed"`

	Add    string `json:"add"`
	Limit  string `json:"limit"` // {n} files, {s} megabytes
	Large  string `json:"large"`
	Kind   string `json:"kind"`
	Many   string `json:"many"`
	Broken string `json:"broken"`
	Again  string `json:"again"`
	Remove string `json:"remove"`
	Coming string `json:"coming"`
	Gone   string `json:"gone"`
	Show   string `json:"show"`
	Save   string `json:"save"`
}

var spoken = map[string]words{
	"en": {"Open the chat", "Close the chat", "Your message", "Send", "Name", "Email", "(optional)", "Begin", "You", "sending …", "Not sent yet. Trying again.", "That was a lot at once. One moment, please.",
		"Not here right now", "No connection. Trying again …", "Privacy notice", "New message", "Please fill in your name and a valid email address.",
		"Add files", "Up to {n} files, {s} MB each: pictures, PDF, office documents, sound, video", "Too large: {s} MB at most", "Not of a kind that can be taken", "{n} files at a time at most", "Did not arrive", "Try again", "Remove",
		"One moment: your files are still on their way.", "A file could not be kept that long. Please add it again.", "Show", "Save"},
	"de": {"Chat öffnen", "Chat schließen", "Ihre Nachricht", "Senden", "Name", "E-Mail", "(freiwillig)", "Beginnen", "Sie", "wird gesendet …", "Noch nicht gesendet. Neuer Versuch.", "Das war viel auf einmal. Einen Moment bitte.",
		"Gerade nicht da", "Keine Verbindung. Neuer Versuch …", "Datenschutz", "Neue Nachricht", "Bitte geben Sie Ihren Namen und eine gültige E-Mail-Adresse an.",
		"Dateien hinzufügen", "Bis zu {n} Dateien, je {s} MB: Bilder, PDF, Office-Dokumente, Ton, Video", "Zu groß: höchstens {s} MB", "Diese Art von Datei wird nicht angenommen", "Höchstens {n} Dateien auf einmal", "Nicht angekommen", "Noch einmal versuchen", "Entfernen",
		"Einen Moment: Ihre Dateien sind noch unterwegs.", "Eine Datei konnte nicht so lange aufgehoben werden. Bitte fügen Sie sie noch einmal hinzu.", "Zeigen", "Speichern"},
	"fr": {"Ouvrir la discussion", "Fermer la discussion", "Votre message", "Envoyer", "Nom", "E-mail", "(facultatif)", "Commencer", "Vous", "envoi …", "Pas encore envoyé. Nouvel essai.", "Beaucoup à la fois. Un instant, s’il vous plaît.",
		"Absents pour le moment", "Pas de connexion. Nouvel essai …", "Confidentialité", "Nouveau message", "Indiquez votre nom et une adresse e-mail valable.",
		"Ajouter des fichiers", "Jusqu’à {n} fichiers de {s} Mo : images, PDF, documents, son, vidéo", "Trop grand : {s} Mo au plus", "Ce type de fichier n’est pas accepté", "{n} fichiers à la fois au plus", "N’est pas arrivé", "Réessayer", "Retirer",
		"Un instant : vos fichiers sont encore en route.", "Un fichier n’a pas pu être gardé si longtemps. Veuillez l’ajouter de nouveau.", "Afficher", "Enregistrer"},
	"es": {"Abrir el chat", "Cerrar el chat", "Su mensaje", "Enviar", "Nombre", "Correo electrónico", "(opcional)", "Empezar", "Usted", "enviando …", "Aún no enviado. Otro intento.", "Ha sido mucho a la vez. Un momento, por favor.",
		"Ahora no estamos", "Sin conexión. Otro intento …", "Privacidad", "Mensaje nuevo", "Indique su nombre y un correo válido.",
		"Añadir archivos", "Hasta {n} archivos de {s} MB: imágenes, PDF, documentos, sonido, vídeo", "Demasiado grande: {s} MB como máximo", "Este tipo de archivo no se acepta", "{n} archivos a la vez como máximo", "No ha llegado", "Intentar de nuevo", "Quitar",
		"Un momento: sus archivos aún están en camino.", "Un archivo no pudo guardarse tanto tiempo. Añádalo de nuevo, por favor.", "Mostrar", "Guardar"},
}

func languages() []string { return slices.Sorted(maps.Keys(spoken)) }
