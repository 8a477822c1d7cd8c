// Package privacyapi serves over HTTP what people agreed to and what they
// asked of us.
package privacyapi

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/parley-crm/parley/people"
	"github.com/parley-crm/parley/people/consent"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

// Around answers what the room itself does not know.
type Around interface {
	Channels(ctx context.Context, ids []social.ChannelID) (map[social.ChannelID]social.ChannelRef, error)
	Members(ctx context.Context, ids []social.MemberID) (map[social.MemberID]social.MemberRef, error)
}

type consentAPI struct {
	ledger *consent.Ledger
	around Around
}

// RegisterConsent adds the ledger's operations.
func RegisterConsent(s *server.Server, l *consent.Ledger, around Around) {
	a := &consentAPI{l, around}
	op := func(id, method, path string, p social.Permission, summary string) server.Op {
		return server.Op{ID: id, Method: method, Path: path, Tag: "Privacy", Permission: p, Summary: summary}
	}
	made := func(o server.Op) server.Op { o.Status = http.StatusCreated; return o }
	const get, post = http.MethodGet, http.MethodPost
	const read, write, keep = social.PeopleRead, social.PeopleWrite, social.PrivacyWrite
	server.Register(s, op("get-consents", get, "/api/people/{id}/consents", read, "What somebody agreed to, as it stands."), a.of)
	server.Register(s, op("list-consent-lines", get, "/api/people/{id}/consents/lines", read, "Every line of the ledger about somebody, newest first."), a.history)
	server.Register(s, made(op("write-consent", post, "/api/people/{id}/consents", write, "Write down what somebody said about a purpose, with the words and the proof.")), a.write)
	server.Register(s, op("withdraw-consents", post, "/api/people/{id}/consents/withdraw", write, "End what somebody agreed to, of one purpose or of all."), a.withdraw)
	server.Register(s, op("list-consent-purposes", get, "/api/consents/purposes", read, "The purposes, their newest texts, and how many agreed."), a.purposes)
	server.Register(s, op("list-consent-texts", get, "/api/consents/texts", read, "The versions of one text, newest first."), a.versions)
	server.Register(s, made(op("write-consent-text", post, "/api/consents/texts", keep, "Write a version of what is shown to people before they agree. Earlier versions stay.")), a.writeText)
	imports := op("import-consents", post, "/api/consents/import", keep, "Take in consents that were gathered elsewhere, from CSV. Nothing is written when dry.")
	imports.MaxBody = 4 << 20
	server.Register(s, imports, a.imports)
	server.Register(s, op("ask-consent", post, "/api/consents/ask", write, "May this person be written to for a purpose? The answer is kept under your reference."), a.ask)
}

// ConsentText is one version of what is shown to people before they agree.
type ConsentText struct {
	ID      string            `json:"id"`
	Purpose string            `json:"purpose"`
	Lang    string            `json:"lang"`
	Version int               `json:"version"`
	Name    string            `json:"name" doc:"Of the purpose, as a customer reads it."`
	Body    string            `json:"body"`
	By      *social.MemberRef `json:"by,omitempty"`
	At      time.Time         `json:"at"`
}

// Consent is one line: what somebody said about one purpose.
type Consent struct {
	ID           string             `json:"id"`
	Identity     social.IdentityID  `json:"identity"`
	Account      string             `json:"account" doc:"How it is read by people."`
	Scheme       string             `json:"scheme"`
	Channel      *social.ChannelRef `json:"channel,omitempty" doc:"Absent: every channel that reaches the account."`
	Purpose      string             `json:"purpose"`
	Name         string             `json:"name,omitempty" doc:"Of the purpose, from the text that was shown."`
	State        string             `json:"state" enum:"requested,granted,refused,withdrawn,expired"`
	Text         *ConsentText       `json:"text,omitempty" doc:"The version that was shown."`
	Shown        string             `json:"shown,omitempty" doc:"The words, where they are not one of our texts."`
	Source       string             `json:"source" enum:"member,message,page,import,api"`
	Evidence     string             `json:"evidence,omitempty"`
	Jurisdiction string             `json:"jurisdiction,omitempty"`
	ExpiresAt    *time.Time         `json:"expires_at,omitempty"`
	By           *social.MemberRef  `json:"by,omitempty"`
	At           time.Time          `json:"at"`
}

func account(a social.Author) string {
	switch {
	case a.Scheme == "mailto", a.Scheme == "tel", a.Handle == "":
		return a.Value
	}
	return a.Handle
}

func (a *consentAPI) shapes(ctx context.Context, p people.Person, lines []consent.Line, texts map[string]consent.Text) ([]Consent, error) {
	var channels []social.ChannelID
	var members []social.MemberID
	for _, l := range lines {
		channels, members = append(channels, l.Channel), append(members, l.By)
	}
	refs, err := a.around.Channels(ctx, channels)
	if err != nil {
		return nil, err
	}
	names, err := a.around.Members(ctx, members)
	if err != nil {
		return nil, err
	}
	who := map[social.IdentityID]social.Author{}
	for _, i := range p.Identities {
		who[i.ID] = i.Author
	}
	now := a.ledger.Clock.Now()
	out := make([]Consent, len(lines))
	for i, l := range lines {
		c := Consent{ID: l.ID, Identity: l.Identity, Account: account(who[l.Identity]), Scheme: who[l.Identity].Scheme, Purpose: l.Purpose, State: l.State, Shown: l.Shown,
			Source: l.Source, Evidence: l.Evidence, Jurisdiction: l.Jurisdiction, At: l.At}
		if ref, ok := refs[l.Channel]; ok {
			c.Channel = &ref
		}
		if t, ok := texts[l.Text]; ok {
			c.Text, c.Name = &ConsentText{ID: t.ID, Purpose: t.Purpose, Lang: t.Lang, Version: t.Version, Name: t.Name, Body: t.Body, At: t.At}, t.Name
		}
		if m, ok := names[l.By]; ok && l.By != "" {
			c.By = &m
		}
		if !l.Expires.IsZero() {
			c.ExpiresAt = &l.Expires
			if l.State == consent.Granted && !l.Expires.After(now) {
				c.State = "expired"
			}
		}
		out[i] = c
	}
	return out, nil
}

type personIn struct {
	ID social.PersonID `path:"id"`
}

// Consents is how it stands with somebody.
type Consents struct {
	Items []Consent `json:"items"`
}

func (a *consentAPI) of(ctx context.Context, in *personIn) (*server.Body[Consents], error) {
	o, err := a.ledger.Of(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	items, err := a.shapes(ctx, o.Person, o.Now, o.Texts)
	return &server.Body[Consents]{Body: Consents{items}}, err
}

type historyIn struct {
	ID social.PersonID `path:"id"`
	server.Paging
}

func (a *consentAPI) history(ctx context.Context, in *historyIn) (*server.Body[server.Page[Consent]], error) {
	p, err := a.ledger.People.Person(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	lines, texts, next, err := a.ledger.History(ctx, in.ID, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	items, err := a.shapes(ctx, p, lines, texts)
	return &server.Body[server.Page[Consent]]{Body: server.NewPage(items, next)}, err
}

type writeIn struct {
	ID   social.PersonID `path:"id"`
	Body struct {
		Identity     social.IdentityID `json:"identity" minLength:"1"`
		Channel      social.ChannelID  `json:"channel,omitempty"`
		Purpose      string            `json:"purpose" maxLength:"60"`
		State        string            `json:"state" enum:"requested,granted,refused,withdrawn"`
		Text         string            `json:"text,omitempty" doc:"Id of the text that was shown."`
		Shown        string            `json:"shown,omitempty" doc:"Or its words."`
		Evidence     string            `json:"evidence,omitempty"`
		Jurisdiction string            `json:"jurisdiction,omitempty"`
		At           time.Time         `json:"at,omitzero" doc:"When they said so; now if left out."`
		ExpiresAt    time.Time         `json:"expires_at,omitzero"`
	}
}

func (a *consentAPI) write(ctx context.Context, in *writeIn) (*server.Body[Consent], error) {
	b := in.Body
	l := consent.Line{Identity: b.Identity, Channel: b.Channel, Purpose: b.Purpose, State: b.State, Text: b.Text, Shown: b.Shown, Source: source(ctx), Evidence: b.Evidence,
		Jurisdiction: b.Jurisdiction, At: b.At, Expires: b.ExpiresAt}
	l, err := a.ledger.Write(ctx, in.ID, l)
	if err != nil {
		return nil, err
	}
	o, err := a.ledger.Of(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	items, err := a.shapes(ctx, o.Person, []consent.Line{l}, o.Texts)
	if err != nil {
		return nil, err
	}
	return &server.Body[Consent]{Body: items[0]}, nil
}

// source says whether a colleague or a program writes.
func source(ctx context.Context) string {
	if a, _ := social.ActorOf(ctx); a.Token != "" {
		return consent.ByAPI
	}
	return consent.ByMember
}

type withdrawIn struct {
	ID   social.PersonID `path:"id"`
	Body struct {
		Purpose  string `json:"purpose,omitempty" doc:"Left out: every purpose."`
		Evidence string `json:"evidence,omitempty" doc:"How they said so."`
	}
}

// Withdrawals says what ended.
type Withdrawals struct {
	Ended int `json:"ended"`
}

func (a *consentAPI) withdraw(ctx context.Context, in *withdrawIn) (*server.Body[Withdrawals], error) {
	n, err := a.ledger.Withdraw(ctx, in.ID, in.Body.Purpose, source(ctx), in.Body.Evidence)
	return &server.Body[Withdrawals]{Body: Withdrawals{n}}, err
}

// Purpose is something that people may agree to.
type Purpose struct {
	Purpose string         `json:"purpose"`
	Texts   []ConsentText  `json:"texts" doc:"The newest in each language."`
	Tally   map[string]int `json:"tally" doc:"Accounts by state."`
}

// PurposeList is all of them.
type PurposeList struct {
	Items []Purpose `json:"items"`
}

func (a *consentAPI) purposes(ctx context.Context, _ *struct{}) (*server.Body[PurposeList], error) {
	texts, err := a.ledger.Store.Texts(ctx)
	if err != nil {
		return nil, err
	}
	tally := map[string]map[string]int{}
	if social.ScopeOf(ctx).All { // the counts speak of everybody
		if tally, err = a.ledger.Store.Tally(ctx, a.ledger.Clock.Now()); err != nil {
			return nil, err
		}
	}
	shapes, err := a.texts(ctx, texts)
	if err != nil {
		return nil, err
	}
	out := PurposeList{Items: []Purpose{}}
	at := map[string]int{}
	add := func(p string) int {
		if i, ok := at[p]; ok {
			return i
		}
		at[p] = len(out.Items)
		n := tally[p]
		if n == nil {
			n = map[string]int{}
		}
		out.Items = append(out.Items, Purpose{Purpose: p, Texts: []ConsentText{}, Tally: n})
		return at[p]
	}
	for _, p := range consent.Purposes() {
		add(p)
	}
	for _, t := range shapes {
		i := add(t.Purpose)
		out.Items[i].Texts = append(out.Items[i].Texts, t)
	}
	for p := range tally {
		if strings.HasPrefix(p, "topic:") {
			add(p)
		}
	}
	return &server.Body[PurposeList]{Body: out}, nil
}

func (a *consentAPI) texts(ctx context.Context, texts []consent.Text) ([]ConsentText, error) {
	by := make([]social.MemberID, len(texts))
	for i, t := range texts {
		by[i] = t.By
	}
	names, err := a.around.Members(ctx, by)
	out := make([]ConsentText, len(texts))
	for i, t := range texts {
		out[i] = ConsentText{ID: t.ID, Purpose: t.Purpose, Lang: t.Lang, Version: t.Version, Name: t.Name, Body: t.Body, At: t.At}
		if m, ok := names[t.By]; ok {
			out[i].By = &m
		}
	}
	return out, err
}

type versionsIn struct {
	Purpose string `query:"purpose" required:"true"`
	Lang    string `query:"lang" default:"en"`
}

// TextList is the versions of a text.
type TextList struct {
	Items []ConsentText `json:"items"`
}

func (a *consentAPI) versions(ctx context.Context, in *versionsIn) (*server.Body[TextList], error) {
	found, err := a.ledger.Store.Versions(ctx, in.Purpose, in.Lang)
	if err != nil {
		return nil, err
	}
	items, err := a.texts(ctx, found)
	return &server.Body[TextList]{Body: TextList{items}}, err
}

type textIn struct {
	Body struct {
		Purpose string `json:"purpose" maxLength:"60" doc:"service, marketing, research, sampling, profiling, or topic:name for a topic of your own."`
		Lang    string `json:"lang,omitempty" maxLength:"35" doc:"en if left out."`
		Name    string `json:"name"`
		Body    string `json:"body"`
	}
}

func (a *consentAPI) writeText(ctx context.Context, in *textIn) (*server.Body[ConsentText], error) {
	t, err := a.ledger.WriteText(ctx, consent.Text{Purpose: in.Body.Purpose, Lang: in.Body.Lang, Name: in.Body.Name, Body: in.Body.Body})
	if err != nil {
		return nil, err
	}
	shapes, err := a.texts(ctx, []consent.Text{t})
	if err != nil {
		return nil, err
	}
	return &server.Body[ConsentText]{Body: shapes[0]}, nil
}

type importIn struct {
	Body struct {
		CSV string `json:"csv" doc:"With a heading: address, purpose, state, at, shown, evidence, jurisdiction, expires, name."`
		Dry bool   `json:"dry,omitempty" doc:"Say what would come of it and write nothing."`
	}
}

// WrongRow is a row that could not be taken in.
type WrongRow struct {
	Row int    `json:"row"`
	Why string `json:"why"`
}

// ConsentImport says what came of an import.
type ConsentImport struct {
	Rows    int        `json:"rows"`
	Added   int        `json:"added"`
	Same    int        `json:"same" doc:"Here already."`
	Unknown int        `json:"unknown" doc:"Persons who were not known before."`
	Wrong   []WrongRow `json:"wrong"`
}

func (a *consentAPI) imports(ctx context.Context, in *importIn) (*server.Body[ConsentImport], error) {
	got, err := a.ledger.Import(ctx, strings.NewReader(in.Body.CSV), in.Body.Dry)
	if err != nil {
		return nil, err
	}
	out := ConsentImport{Rows: got.Rows, Added: got.Added, Same: got.Same, Unknown: got.Unknown, Wrong: []WrongRow{}}
	for _, w := range got.Wrong {
		out.Wrong = append(out.Wrong, WrongRow{w.Row, w.Why})
	}
	return &server.Body[ConsentImport]{Body: out}, nil
}

type askIn struct {
	Body struct {
		Identity  social.IdentityID `json:"identity,omitempty" doc:"Or an address."`
		Address   string            `json:"address,omitempty" doc:"An email address, a telephone number with a plus, or @handle@server."`
		Channel   social.ChannelID  `json:"channel,omitempty"`
		Purpose   string            `json:"purpose"`
		Reference string            `json:"reference" doc:"Your own name of what is to be sent, such as newsletter-2026-11."`
	}
}

// Verdict says whether somebody may be written to, and why.
type Verdict struct {
	ID        string    `json:"id"`
	Clear     bool      `json:"clear"`
	Why       string    `json:"why"`
	Purpose   string    `json:"purpose"`
	Reference string    `json:"reference"`
	Consent   string    `json:"consent,omitempty" doc:"The line that decided."`
	At        time.Time `json:"at"`
}

func (a *consentAPI) ask(ctx context.Context, in *askIn) (*server.Body[Verdict], error) {
	who := in.Body.Identity
	if who == "" {
		author, err := consent.Address(in.Body.Address)
		if err != nil {
			return nil, err
		}
		who = author.ID()
	}
	v, err := a.ledger.Ask(ctx, who, in.Body.Channel, in.Body.Purpose, in.Body.Reference)
	if err != nil {
		return nil, err
	}
	return &server.Body[Verdict]{Body: Verdict{v.ID, v.Clear, v.Why, v.Purpose, v.Reference, v.Line, v.At}}, nil
}
