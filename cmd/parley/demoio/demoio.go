// Package demoio lets the example company bring along whom it knew before,
// and tell its warehouse what happens: through the rooms' public methods.
package demoio

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/parley-crm/parley/cmd/parley/demo"
	"github.com/parley-crm/parley/govern/relay"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/people/bring"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
)

// TakeOver brings along whom the company knew before: the guests of its
// tastings are taken in three weeks ago, the firms met at a fair the day before
// yesterday, so that either can be undone, and a list of the shop waits to be.
func TakeOver(ctx context.Context, imports *bring.Desk, in social.ProgrammeID, now time.Time) error {
	desk := *imports
	desk.Clock = clock.NewSet(now.AddDate(0, 0, -21))
	if err := takeIn(ctx, &desk, "tasting-guests.csv", demo.Guests(), bring.Settings{System: "tastings", Programme: in, Wins: bring.FileWins}); err != nil {
		return err
	}
	desk.Clock = clock.NewSet(now.AddDate(0, 0, -2))
	if err := takeIn(ctx, &desk, "coffee-fair-firms.csv", demo.Fair(), bring.Settings{System: "fair", Programme: in, Wins: bring.WeWin}); err != nil {
		return err
	}
	desk.Clock = clock.NewSet(now)
	_, err := upload(ctx, &desk, "shop-newsletter.csv", demo.Newsletter())
	return err
}

// takeIn brings a file in as its columns are guessed to be.
func takeIn(ctx context.Context, desk *bring.Desk, name string, table [][]string, as bring.Settings) error {
	f, err := upload(ctx, desk, name, table)
	if err != nil {
		return err
	}
	set := f.Settings
	set.System, set.Programme, set.Wins = as.System, as.Programme, as.Wins
	if _, err := desk.Start(ctx, f.ID, set, false); err != nil {
		return err
	}
	return desk.Work(ctx, f.ID, nil)
}

func upload(ctx context.Context, desk *bring.Desk, name string, table [][]string) (bring.Import, error) {
	var text strings.Builder
	for _, row := range table {
		fmt.Fprintln(&text, strings.Join(row, ";"))
	}
	f, err := desk.Add(ctx, name, int64(text.Len()))
	if err != nil {
		return f, err
	}
	return desk.Put(ctx, f.ID, 0, []byte(text.String()))
}

// warehouse stands for the company's warehouse: it takes what it is told, but
// for the first message, which comes too early in the morning.
type warehouse struct{ asked *int }

// RoundTrip answers as the warehouse does.
func (w warehouse) RoundTrip(r *http.Request) (*http.Response, error) {
	*w.asked++
	status, words := http.StatusOK, `{"noted":true}`
	if *w.asked == 1 {
		status, words = http.StatusServiceUnavailable, "the warehouse opens at six"
	}
	return &http.Response{StatusCode: status, Proto: "HTTP/1.1", Header: http.Header{}, Request: r, Body: io.NopCloser(strings.NewReader(words))}, nil
}

// TellWarehouse shows what it looks like when another system is told: a
// webhook with what it took. It is off, so that nothing leaves the example.
func TellWarehouse(ctx context.Context, h *relay.Relay, db *store.DB, now time.Time) error {
	asked := 0
	set := clock.NewSet(now.AddDate(0, 0, -1))
	r := relay.New(&relay.Relay{Store: h.Store, Herald: h.Herald, Admins: h.Admins, Sealer: h.Sealer, HTTP: &http.Client{Transport: warehouse{&asked}}, Clock: set, Log: h.Log})
	e, _, err := r.Add(ctx, "Warehouse", "https://warehouse.brewell.example/parley", []string{"order.paid", "conversation.resolved", "alert.changed"})
	if err != nil {
		return err
	}
	if _, err := r.Ping(ctx, e.ID); err != nil {
		return err
	}
	if _, err := r.Send(ctx); err != nil { // too early
		return err
	}
	set.Move(now)
	head, err := db.Head(ctx)
	if err != nil {
		return err
	}
	facts, err := db.Facts(ctx, max(0, head-400), 400)
	if err != nil {
		return err
	}
	told := make([]relay.Told, len(facts))
	for i, f := range facts {
		told[i] = relay.Told{Pos: f.Pos, At: now, Fact: f.Fact}
	}
	if err := db.InTx(ctx, func(ctx context.Context) error { return r.Hear(ctx, told) }); err != nil {
		return err
	}
	for n := 1; n > 0; {
		if n, err = r.Send(ctx); err != nil {
			return err
		}
	}
	off := false
	_, err = r.Edit(ctx, e.ID, relay.Change{On: &off})
	return err
}
