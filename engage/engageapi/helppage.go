package engageapi

import "html/template"

// helpWords are what the help page says itself.
type helpWords struct {
	Name, Help, Intro, Search, Find, Solved, Yes, No, Thanks, Sorry, Tell, Send, Said, Ask, AskWhy, Related, More, Nothing, Gone, Home, Changed, Languages, Results string
}

var helpSpoken = map[string]helpWords{
	"en": {"English", "Help", "What people ask us most, answered.", "What do you need help with?", "Search", "Did this solve it?", "Yes", "No", "Good to hear. Thank you.",
		"We are sorry.", "What was missing? (may stay empty)", "Send", "Thank you. We read this.", "Ask us", "A person answers you.", "Related", "More", "Nothing was found with these words. Try fewer or other ones.",
		"There is no such page.", "All help", "Changed", "Languages", "Results"},
	"de": {"Deutsch", "Hilfe", "Was wir am häufigsten gefragt werden.", "Wobei brauchst du Hilfe?", "Suchen", "Hat das geholfen?", "Ja", "Nein", "Das freut uns. Danke.",
		"Das tut uns leid.", "Was hat gefehlt? (darf leer bleiben)", "Senden", "Danke. Wir lesen das.", "Frag uns", "Ein Mensch antwortet dir.", "Dazu passt", "Mehr", "Mit diesen Worten wurde nichts gefunden. Versuch es mit weniger oder anderen.",
		"Diese Seite gibt es nicht.", "Alle Hilfe", "Geändert", "Sprachen", "Ergebnisse"},
	"fr": {"Français", "Aide", "Les réponses aux questions les plus fréquentes.", "De quoi avez-vous besoin ?", "Chercher", "Cela vous a-t-il aidé ?", "Oui", "Non", "Tant mieux. Merci.",
		"Nous sommes désolés.", "Que manquait-il ? (peut rester vide)", "Envoyer", "Merci. Nous le lirons.", "Nous écrire", "Une personne vous répond.", "Voir aussi", "Autres", "Rien n’a été trouvé avec ces mots. Essayez-en moins, ou d’autres.",
		"Cette page n’existe pas.", "Toute l’aide", "Modifié", "Langues", "Résultats"},
	"es": {"Español", "Ayuda", "Lo que más nos preguntan.", "¿En qué podemos ayudarte?", "Buscar", "¿Te ha servido?", "Sí", "No", "Nos alegra. Gracias.",
		"Lo sentimos.", "¿Qué faltaba? (puede quedar vacío)", "Enviar", "Gracias. Lo leeremos.", "Escríbenos", "Te responde una persona.", "Relacionado", "Más", "No se encontró nada con estas palabras. Prueba con menos o con otras.",
		"Esta página no existe.", "Toda la ayuda", "Modificado", "Idiomas", "Resultados"},
}

var helpPages = template.Must(template.New("").Parse(`
{{define "head"}}<!doctype html><html lang="{{.Lang}}" dir="{{.Dir}}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>{{.Page}}{{if ne .Page .Title}} · {{.Title}}{{end}}</title>{{with .About}}<meta name="description" content="{{.}}">{{end}}
<meta name="robots" content="{{if .NoIndex}}noindex{{else}}index,follow{{end}}"><meta name="color-scheme" content="light dark">
<meta property="og:title" content="{{.Page}}"><meta property="og:type" content="{{if .Article}}article{{else}}website{{end}}"><meta property="og:site_name" content="{{.Title}}"><meta property="og:locale" content="{{.Lang}}">{{with .About}}<meta property="og:description" content="{{.}}">{{end}}
{{if and .Base .Canonical}}<meta property="og:url" content="{{.Base}}{{.Canonical}}"><link rel="canonical" href="{{.Base}}{{.Canonical}}">{{range .Others}}<link rel="alternate" hreflang="{{.Lang}}" href="{{$.Base}}{{.URL}}">{{end}}{{end}}
<link rel="stylesheet" href="/help/-/help.css?{{.StyleAt}}">{{with .Style}}<style>{{.}}</style>{{end}}<script src="/help/-/help.js?{{.ScriptAt}}" defer></script></head><body>
<header><a class="brand" href="/help/{{.Lang}}">{{.Title}}</a>{{if .Others}}<nav aria-label="{{.W.Languages}}">{{range .Others}}<a href="{{.URL}}" lang="{{.Lang}}" hreflang="{{.Lang}}">{{.Name}}</a>{{end}}</nav>{{end}}</header><main>{{end}}

{{define "search"}}<form class="search" role="search" action="/help/{{.Lang}}" method="get"><label for="q">{{.W.Search}}</label>
<div><input id="q" name="q" type="search" value="{{.Q}}" maxlength="200" autocomplete="off" enterkeyhint="search"><button>{{.W.Find}}</button></div></form>
<div id="found" aria-live="polite" data-lang="{{.Lang}}">{{template "results" .}}</div>{{end}}

{{define "results"}}{{if .Searched}}{{if .Results}}<h2>{{.W.Results}}</h2><ul class="rows">{{range .Results}}<li><a href="{{.URL}}" lang="{{.Lang}}">{{.Title}}</a><p lang="{{.Lang}}">{{.Lead}}</p></li>{{end}}</ul>
{{else}}<p class="none">{{.W.Nothing}}</p>{{template "ask" .}}{{end}}{{end}}{{end}}

{{define "ask"}}{{if .Ask}}<p class="ask"><a class="button" rel="nofollow" href="{{.Ask}}">{{.W.Ask}}</a> <span>{{.W.AskWhy}}</span></p>{{end}}{{end}}

{{define "home"}}{{template "head" .}}<h1>{{.Title}}</h1>{{if .Intro}}<p class="intro">{{.Intro}}</p>{{else}}<p class="intro">{{.W.Intro}}</p>{{end}}{{template "search" .}}
<div class="subjects">{{range .Subjects}}<section><h2>{{.Name}}</h2><ul>{{range .Rows}}<li><a href="{{.URL}}">{{.Title}}</a></li>{{end}}</ul></section>{{end}}</div>
{{if not .Searched}}{{template "ask" .}}{{end}}{{template "foot" .}}{{end}}

{{define "article"}}{{template "head" .}}<p class="up"><a href="/help/{{.Lang}}">{{.W.Home}}</a></p><article><h1 dir="auto">{{.Article.Title}}</h1><div class="read" dir="auto">{{.Body}}</div>
<p class="changed">{{.W.Changed}} <time datetime="{{.Changed}}">{{.Changed}}</time></p></article>
<section id="solved" class="solved">{{if eq .Voted "yes"}}<p role="status"><b>{{.W.Thanks}}</b></p>{{else if eq .Voted "said"}}<p role="status"><b>{{.W.Said}}</b></p>{{template "ask" .}}
{{else if eq .Voted "no"}}<p role="status"><b>{{.W.Sorry}}</b></p><form method="post" action="{{.Canonical}}"><input type="hidden" name="vote" value="no"><label for="words">{{.W.Tell}}</label><textarea id="words" name="words" maxlength="1000" rows="3"></textarea><button>{{.W.Send}}</button></form>{{template "ask" .}}
{{else}}<form method="post" action="{{.Canonical}}"><h2>{{.W.Solved}}</h2><div><button name="vote" value="yes">{{.W.Yes}}</button><button name="vote" value="no">{{.W.No}}</button></div></form>{{template "ask" .}}{{end}}</section>
{{if .Related}}<section><h2>{{.W.Related}}</h2><ul class="rows">{{range .Related}}<li><a href="{{.URL}}">{{.Title}}</a></li>{{end}}</ul></section>{{end}}{{template "foot" .}}{{end}}

{{define "gone"}}{{template "head" .}}<h1>{{.W.Gone}}</h1>{{template "search" .}}<p><a href="/help/{{.Lang}}">{{.W.Home}}</a></p>{{template "foot" .}}{{end}}

{{define "foot"}}</main></body></html>{{end}}
`))
