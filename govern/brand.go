package govern

import (
	"context"
	"slices"
	"strings"

	"github.com/parley-crm/parley/social"
)

const brandSetting = "brand"

// Brand is what the company is called and by what it is recognized.
type Brand struct {
	Name    string   `json:"name"`
	Terms   []string `json:"terms"`   // words by which people speak of it
	Handles []string `json:"handles"` // its own accounts, without the @
}

// Brand returns the brand; empty before anybody has named it.
func (o *Office) Brand(ctx context.Context) (Brand, error) {
	b := Brand{}
	_, err := o.store.Setting(ctx, brandSetting, &b)
	if b.Terms == nil {
		b.Terms = []string{}
	}
	if b.Handles == nil {
		b.Handles = []string{}
	}
	return b, err
}

// SetBrand names the brand. The starter policy takes the first name that is
// given.
func (o *Office) SetBrand(ctx context.Context, b Brand) (Brand, error) {
	var err error
	if b.Name, err = short("body.name", "The brand's name", b.Name, 80); err != nil {
		return b, err
	}
	if b.Terms, err = words("body.terms", b.Terms, ""); err != nil {
		return b, err
	}
	if b.Handles, err = words("body.handles", b.Handles, "@"); err != nil {
		return b, err
	}
	err = o.change(ctx, "brand", func(ctx context.Context) (e social.Entry, err error) {
		old, err := o.Brand(ctx)
		if err != nil {
			return e, err
		}
		if old.Name == b.Name && slices.Equal(old.Terms, b.Terms) && slices.Equal(old.Handles, b.Handles) {
			return e, nil
		}
		if old.Name == "" {
			if err := o.nameStarter(ctx, b.Name); err != nil {
				return e, err
			}
		}
		return social.Entry{Verb: "update", Object: "brand", ID: "brand", Detail: map[string]any{"before": old, "after": b}},
			o.store.SetSetting(ctx, brandSetting, b)
	})
	return b, err
}

func (o *Office) nameStarter(ctx context.Context, brand string) error {
	var id social.PolicyID
	found, err := o.store.Setting(ctx, starterSetting, &id)
	if err != nil || !found {
		return err
	}
	p, err := o.store.Policy(ctx, social.Scope{All: true}, "", id)
	if social.NotFound.Is(err) || err == nil && p.Name != starterPolicy {
		return nil
	}
	if err != nil {
		return err
	}
	p.Name = "Speaking for " + brand
	if err := o.store.SavePolicy(ctx, p); err != nil {
		return err
	}
	if p.Version != 1 || p.Acknowledged > 0 {
		return nil // words that somebody has agreed to stay as they are
	}
	return o.store.RewordVersion(ctx, id, 1, strings.Replace(starterText, "speaks for all of us", "speaks for all of "+brand, 1))
}

// words tidies a list of words and drops repetitions.
func words(field string, list []string, prefix string) ([]string, error) {
	out := []string{}
	for _, w := range list {
		w = tidy(strings.TrimPrefix(tidy(w), prefix))
		if len([]rune(w)) > 200 {
			return nil, invalid(field, "One of these is too long.")
		}
		if w != "" && !slices.ContainsFunc(out, func(s string) bool { return strings.EqualFold(s, w) }) {
			out = append(out, w)
		}
	}
	if len(out) > 100 {
		return nil, invalid(field, "These are too many; a hundred fit.")
	}
	return out, nil
}
