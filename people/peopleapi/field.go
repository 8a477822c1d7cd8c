package peopleapi

import (
	"context"
	"time"

	"github.com/parley-crm/parley/people/deal"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

// CustomField is one that a company added.
type CustomField struct {
	ID       deal.FieldID `json:"id"`
	Of       deal.Subject `json:"of" doc:"person, organization or opportunity."`
	Key      string       `json:"key" doc:"Its name in the API."`
	Name     string       `json:"name"`
	Type     string       `json:"type" doc:"text, number, date, bool or choice."`
	Choices  []string     `json:"choices"`
	Archived bool         `json:"archived"`
	Customer bool         `json:"customers_correct" doc:"Customers may propose what is right of them, on the page about themselves; a colleague accepts it."`
}

// Value is what a field holds, and where from.
type Value struct {
	Field  CustomField       `json:"field"`
	Value  string            `json:"value"`
	Source deal.Source       `json:"source,omitempty" doc:"member, customer, api, import or enrichment."`
	By     *social.MemberRef `json:"by,omitempty"`
	At     *time.Time        `json:"at,omitempty"`
}

func fieldShape(f deal.Field) CustomField {
	out := CustomField{f.ID, f.Of, f.Key, f.Name, f.Type, f.Choices, f.Archived, f.Customer}
	if out.Choices == nil {
		out.Choices = []string{}
	}
	return out
}

// CustomFields lists all.
type CustomFields struct {
	Items []CustomField `json:"items"`
}

func (a *dealAPI) fields(ctx context.Context, in *struct {
	Of deal.Subject `query:"of" enum:"person,organization,opportunity"`
}) (*server.Body[CustomFields], error) {
	all, err := a.books.Store.Fields(ctx, in.Of)
	out := CustomFields{Items: make([]CustomField, len(all))}
	for i, f := range all {
		out.Items[i] = fieldShape(f)
	}
	return &server.Body[CustomFields]{Body: out}, err
}

func (a *dealAPI) addField(ctx context.Context, in *struct {
	Body struct {
		Of      deal.Subject `json:"of" enum:"person,organization,opportunity"`
		Name    string       `json:"name" maxLength:"200"`
		Key     string       `json:"key,omitempty" maxLength:"40" doc:"Made of the name where left out; never changed."`
		Type    string       `json:"type" enum:"text,number,date,bool,choice"`
		Choices []string     `json:"choices,omitempty" maxItems:"200"`
		Correct bool         `json:"customers_correct,omitempty"`
	}
}) (*server.Body[CustomField], error) {
	x := in.Body
	f, err := a.books.AddField(ctx, deal.Field{Of: x.Of, Name: x.Name, Key: x.Key, Type: x.Type, Choices: x.Choices, Customer: x.Correct})
	return &server.Body[CustomField]{Body: fieldShape(f)}, err
}

func (a *dealAPI) editField(ctx context.Context, in *struct {
	ID   deal.FieldID `path:"id" maxLength:"64"`
	Body struct {
		Name     *string  `json:"name,omitempty" maxLength:"200"`
		Choices  []string `json:"choices,omitempty" maxItems:"200"`
		Position *int     `json:"position,omitempty"`
		Archived *bool    `json:"archived,omitempty"`
		Correct  *bool    `json:"customers_correct,omitempty"`
	}
}) (*server.Body[CustomField], error) {
	x := in.Body
	f, err := a.books.EditField(ctx, in.ID, x.Name, x.Choices, x.Position, x.Archived, x.Correct)
	return &server.Body[CustomField]{Body: fieldShape(f)}, err
}

// shown gives each field with what it holds; those put away only where they hold something.
func (a *dealAPI) shown(ctx context.Context, of deal.Subject, owner string) ([]Value, error) {
	all, err := a.books.Store.Fields(ctx, of)
	if err != nil || len(all) == 0 {
		return []Value{}, err
	}
	held, err := a.books.Values(ctx, of, owner)
	if err != nil {
		return nil, err
	}
	var by []social.MemberID
	for _, v := range held {
		by = append(by, v.By)
	}
	m, err := a.around.Members(ctx, by)
	out := []Value{}
	for _, f := range all {
		v := held[f.ID]
		if f.Archived && v.Value == "" {
			continue
		}
		x := Value{Field: fieldShape(f), Value: v.Value}
		if v.Value != "" {
			x.Source, x.By, x.At = v.Source, ref(m, v.By), &v.At
		}
		out = append(out, x)
	}
	return out, err
}

// ValuesPath names whose values are meant.
type ValuesPath struct {
	Of deal.Subject `path:"of" enum:"person,organization,opportunity"`
	ID string       `path:"id" maxLength:"64"`
}

// Values is what fields hold of one.
type Values struct {
	Items []Value  `json:"items"`
	Kept  []string `json:"kept" doc:"Keys that were left alone, because a member wrote what stands there."`
}

func (a *dealAPI) values(ctx context.Context, in *ValuesPath) (*server.Body[Values], error) {
	return a.valuesOf(ctx, in, []string{})
}

func (a *dealAPI) valuesOf(ctx context.Context, in *ValuesPath, kept []string) (*server.Body[Values], error) {
	if _, err := a.books.Values(ctx, in.Of, in.ID); err != nil { // in scope, also where there are no fields
		return nil, err
	}
	items, err := a.shown(ctx, in.Of, in.ID)
	return &server.Body[Values]{Body: Values{items, kept}}, err
}

func (a *dealAPI) fill(ctx context.Context, in *struct {
	ValuesPath
	Body struct {
		Values map[string]string `json:"values"`
		Source deal.Source       `json:"source,omitempty" enum:"api,import,enrichment" doc:"Of a token only; what a member writes by hand stays against these."`
	}
}) (*server.Body[Values], error) {
	source := deal.ByMember
	if actor, _ := social.ActorOf(ctx); actor.Token != "" {
		if source = deal.ByAPI; in.Body.Source != "" {
			source = in.Body.Source
		}
	}
	kept, err := a.books.Fill(ctx, in.Of, in.ID, in.Body.Values, source)
	if err != nil {
		return nil, err
	}
	if kept == nil {
		kept = []string{}
	}
	return a.valuesOf(ctx, &in.ValuesPath, kept)
}
