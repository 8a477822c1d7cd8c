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
}

var spoken = map[string]words{
	"en": {"Open the chat", "Close the chat", "Your message", "Send", "Name", "Email", "(optional)", "Begin", "You", "sending …", "Not sent yet. Trying again.", "That was a lot at once. One moment, please.",
		"Not here right now", "No connection. Trying again …", "Privacy notice", "New message", "Please fill in your name and a valid email address."},
	"de": {"Chat öffnen", "Chat schließen", "Ihre Nachricht", "Senden", "Name", "E-Mail", "(freiwillig)", "Beginnen", "Sie", "wird gesendet …", "Noch nicht gesendet. Neuer Versuch.", "Das war viel auf einmal. Einen Moment bitte.",
		"Gerade nicht da", "Keine Verbindung. Neuer Versuch …", "Datenschutz", "Neue Nachricht", "Bitte geben Sie Ihren Namen und eine gültige E-Mail-Adresse an."},
	"fr": {"Ouvrir la discussion", "Fermer la discussion", "Votre message", "Envoyer", "Nom", "E-mail", "(facultatif)", "Commencer", "Vous", "envoi …", "Pas encore envoyé. Nouvel essai.", "Beaucoup à la fois. Un instant, s’il vous plaît.",
		"Absents pour le moment", "Pas de connexion. Nouvel essai …", "Confidentialité", "Nouveau message", "Indiquez votre nom et une adresse e-mail valable."},
	"es": {"Abrir el chat", "Cerrar el chat", "Su mensaje", "Enviar", "Nombre", "Correo electrónico", "(opcional)", "Empezar", "Usted", "enviando …", "Aún no enviado. Otro intento.", "Ha sido mucho a la vez. Un momento, por favor.",
		"Ahora no estamos", "Sin conexión. Otro intento …", "Privacidad", "Mensaje nuevo", "Indique su nombre y un correo válido."},
}

func languages() []string { return slices.Sorted(maps.Keys(spoken)) }
