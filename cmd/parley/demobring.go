package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/parley-crm/parley/cmd/parley/demo"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/people/bring"
	"github.com/parley-crm/parley/social"
)

// takeOver lets the example company bring along whom it knew before: the
// guests of its tastings are taken in, and a list of the shop waits to be.
func (t *trader) takeOver(ctx context.Context) error {
	ctx, err := t.as(ctx, t.first, social.PeopleImport)
	if err != nil {
		return err
	}
	desk := *t.imports
	desk.Clock = t.past
	t.ago(21)
	if _, err := t.bringIn(ctx, &desk, "tasting-guests.csv", demo.Guests(), true); err != nil {
		return err
	}
	desk.Clock = clock.NewSet(t.now)
	_, err = t.bringIn(ctx, &desk, "shop-newsletter.csv", demo.Newsletter(), false)
	return err
}

// bringIn hands a table over, and takes it in where it should.
func (t *trader) bringIn(ctx context.Context, desk *bring.Desk, name string, table [][]string, take bool) (bring.Import, error) {
	var text strings.Builder
	for _, row := range table {
		fmt.Fprintln(&text, strings.Join(row, ";"))
	}
	f, err := desk.Add(ctx, name, int64(text.Len()))
	if err != nil {
		return f, err
	}
	if f, err = desk.Put(ctx, f.ID, 0, []byte(text.String())); err != nil || !take {
		return f, err
	}
	set := f.Settings
	set.System, set.Programme = "tastings", t.in
	if _, err := desk.Start(ctx, f.ID, set, false); err != nil {
		return f, err
	}
	return f, desk.Work(ctx, f.ID, nil)
}
