package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/parley-crm/parley/analyze/analyzeapi"
	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/engage/engageapi"
	"github.com/parley-crm/parley/engage/publishapi"
	"github.com/parley-crm/parley/engage/surveyapi"
	"github.com/parley-crm/parley/evolve/evolveapi"
	"github.com/parley-crm/parley/govern/governapi"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/listen/explore"
	"github.com/parley-crm/parley/listen/listenapi"
	"github.com/parley-crm/parley/people/peopleapi"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/ui"
)

type serveCmd struct {
	opened
	logFlags
	Addr      string        `default:"127.0.0.1:7340" help:"Where to listen." placeholder:"HOST:PORT"`
	URL       string        `name:"url" help:"Public address such as https://parley.example. Links in answers are tracked only with one." placeholder:"URL"`
	Trust     []string      `help:"Proxies (networks) whose X-Forwarded-For is believed." placeholder:"CIDR"`
	Allow     []string      `help:"Hosts that channels may reach besides the public internet, such as localhost." placeholder:"HOST"`
	Jetstream string        `help:"Where Bluesky's public stream is heard; its own address if left out." placeholder:"URL"`
	Undo      time.Duration `default:"10s" help:"How long a reply can be taken back before it leaves."`
	Deep      bool          `default:"true" negatable:"" help:"Read again with the encoder, when there is time, what is said to us or matched by a monitor."`
	Demo      bool          `help:"Fill an empty database with the example company Brewell first."`
}

// Run serves until ctx ends.
func (c serveCmd) Run(ctx context.Context, s *streams) error {
	log := c.logger()
	base, err := publicAddress(c.URL)
	if err != nil {
		return err
	}
	if c.Demo {
		if err := c.fillDemo(ctx, s, log); err != nil {
			return err
		}
	}
	h, err := build(ctx, plan{store: c.options(log), key: c.Key, allow: c.Allow, base: base,
		timing: engage.Timing{Undo: c.Undo}, deep: c.Deep, clock: clock.System{}, log: log})
	if err != nil {
		return err
	}
	defer h.db.Close()
	h.jetstream, h.demo = c.Jetstream, c.Demo
	if err := h.forgetAgain(ctx); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", c.Addr)
	if err != nil {
		return social.Because(social.Invalid, err, "Parley can't listen at %s: %v. Choose another with --addr.", c.Addr, err)
	}
	trusted, err := networks(c.Trust)
	if err != nil {
		return err
	}
	srv := h.server(server.Options{Log: log, Version: version, Base: base, Trusted: trusted})
	if err := greet(ctx, h, s.Out, listener.Addr().String(), base); err != nil {
		return err
	}
	return h.run(ctx, srv, listener)
}

// greet prints the address and, while there is no administrator, the link
// that makes the first.
func greet(ctx context.Context, h *house, out io.Writer, addr, base string) error {
	if base == "" {
		base = "http://" + addr
	}
	text := fmt.Sprintf("\n  Parley is at     %s\n", base)
	needs, err := h.office.NeedsSetup(ctx)
	if err != nil {
		return err
	}
	if needs {
		token, expires, err := h.office.Setup(asParley(ctx))
		if err != nil {
			return err
		}
		text += fmt.Sprintf("  Begin here       %s/welcome/%s\n                   (works once, until %s)\n", base, token, expires.Local().Format("2 January 15:04"))
	}
	_, err = fmt.Fprintln(out, text) // at once, for whoever reads it line by line
	return err
}

func publicAddress(s string) (string, error) {
	if s == "" {
		return "", nil
	}
	u, err := url.Parse(s)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || strings.Trim(u.Path, "/") != "" {
		return "", social.Errorf(social.Invalid, "The public address %q must be like https://parley.example.", s)
	}
	return u.Scheme + "://" + u.Host, nil
}

func networks(list []string) ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, s := range list {
		p, err := netip.ParsePrefix(s)
		if err != nil {
			a, err := netip.ParseAddr(s)
			if err != nil {
				return nil, social.Errorf(social.Invalid, "%q is not a network such as 10.0.0.0/8.", s)
			}
			p = netip.PrefixFrom(a, a.BitLen())
		}
		out = append(out, p)
	}
	return out, nil
}

// server makes the HTTP server with the operations of all rooms.
func (h *house) server(o server.Options) *server.Server {
	o.Authority, o.Clock, o.DB, o.Box, o.Sight = governapi.Authority{Office: h.office}, h.clock, h.db, h.box, sight{h}
	o.UI = ui.Files()
	if page, built := ui.Index(); !built {
		o.UI = ui.OnePage(page)
	}
	s := server.New(o)
	around := around{h}
	governapi.Register(s, governapi.Options{Office: h.office, Gate: h.gate, Archive: h.archive, Neighbours: around.neighbours(), Demo: h.demo})
	listenapi.RegisterHistory(s, h.shelf, h.station)
	listenapi.Register(s, h.station, heardAround{around})
	analyzeapi.RegisterNetwork(s, h.scores, around)
	listenapi.RegisterExplore(s, &explore.Explorer{Heard: h.station, Store: h.heard, Clock: h.clock}, heardAround{around})
	listenapi.RegisterPlaces(s, h.station, h.places, heardAround{around})
	listenapi.RegisterPresence(s, h.station, h.profiles, heardAround{around})
	listenapi.RegisterAlerts(s, h.station, h.watch, heardAround{around})
	listenapi.RegisterLetters(s, h.letters)
	engageapi.Register(s, h.desk, h.views, h.moderator, around)
	surveyapi.Register(s, h.surveys, hiveReader{h}, around)
	engageapi.RegisterPace(s, h.desk, around)
	engageapi.RegisterRules(s, h.desk, around)
	engageapi.RegisterKnow(s, h.library, around)
	publishapi.RegisterPublish(s, h.press, around)
	publishapi.RegisterEvents(s, h.press, around, o.Base, func(ctx context.Context) string { return h.brand(ctx).Name })
	h.hive.Here = s.Here
	engageapi.RegisterHive(s, h.hive, h.desk, around)
	engageapi.RegisterSuggest(s, h.library, h.desk, around)
	engageapi.RegisterHelp(s, h.library, around)
	engageapi.RegisterDrafts(s, h.library, h.drafter, h.desk, around)
	engageapi.RegisterTranslate(s, h.tongues, h.desk)
	engageapi.RegisterHelpPage(s, h.library, around, h.log)
	analyzeapi.Register(s, h.corrector, h.tuner)
	peopleapi.Register(s, h.book, around)
	peopleapi.RegisterDeals(s, h.deals, around)
	peopleapi.RegisterCards(s, h.cards, around)
	h.past.Register(s, h.seer, h.cards)
	h.registerPrivacy(s)
	governapi.RegisterRelay(s, h.relay)
	governapi.RegisterExports(s, h.exports, h.office)
	peopleapi.RegisterImports(s, h.imports, around)
	peopleapi.RegisterSegments(s, h.segments, h.book, around, around.seen)
	evolveapi.Register(s, h.ledger, around)
	h.registerWelcome(s)
	h.registerPractice(s)
	h.registerHealth(s, o.Version)
	return s
}

// run works until ctx ends: intake, followers, sending, housekeeping and
// HTTP. Then it stops in order: no new requests, then the rest.
func (h *house) run(ctx context.Context, srv *server.Server, listener net.Listener) error {
	work, stop := context.WithCancel(asParley(context.WithoutCancel(ctx)))
	defer stop()
	var wg sync.WaitGroup
	spawn := func(f func(context.Context)) {
		wg.Go(func() { f(work) })
	}
	for _, f := range h.followers() {
		spawn(func(ctx context.Context) { h.db.Follow(ctx, f) })
	}
	spawn(func(ctx context.Context) {
		if err := h.station.Run(ctx); err != nil {
			h.log.Error("listening ended", "error", err)
		}
	})
	spawn(func(ctx context.Context) {
		h.profiles.Run(ctx, func(err error) { h.log.Warn("the search for profiles failed", "error", err) })
	})
	spawn(func(ctx context.Context) {
		h.places.Run(ctx, func(err error) { h.log.Warn("looking for places again failed", "error", err) })
	})
	spawn(func(ctx context.Context) { _ = h.archive.Run(ctx) })
	spawn(h.files.Run)
	spawn(h.desk.Work)
	spawn(h.moderator.Work)
	spawn(h.press.Work)
	spawn(h.segments.Work)
	h.every(work, measureEvery, "numbers of posts", h.measurePosts)
	if h.deepener != nil {
		spawn(h.deepener.Work)
	}
	spawn(h.library.Work)
	spawn(h.keepNetwork)
	spawn(h.shelf.Run)
	spawn(h.imports.Run)
	spawn(func(ctx context.Context) { h.keeper.Run(asParley(ctx)) })
	spawn(h.retention.Serve)
	spawn(h.deletions.Serve)
	spawn(h.seer.Serve)
	spawn(h.relay.Run)
	spawn(h.exports.Run)
	spawn(func(ctx context.Context) { <-ctx.Done(); h.chats.Close() }) // so that the shutdown does not wait for visitors' pages
	spawn(func(ctx context.Context) { _ = srv.Run(ctx) })
	h.every(work, watchEvery, "watch", h.watch.Look)
	h.every(work, hiveEvery, "hive", h.tickHive)
	h.every(work, lettersEvery, "mails of alerts", h.sendLetters)
	h.every(work, lettersEvery, "mails to guests", h.press.WriteToGuests)
	h.every(work, askEvery, "satisfaction", h.surveys.Tick)
	h.every(work, flushEvery, "help", h.library.Flush)
	h.every(work, time.Minute, "promises", h.cards.Remind)
	h.tidy(work)
	h.learn(work)
	h.every(work, lookAgain, "network", func(ctx context.Context) error { return h.sorting.WeaveAgain(ctx, h.weaver.Again) })

	web := srv.HTTP("")
	failed := make(chan error, 1)
	go func() { failed <- web.Serve(listener) }()
	var err error
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	stop() // streams end, so that the shutdown does not wait for them
	down, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if e := web.Shutdown(down); err == nil {
		err = e
	}
	wg.Wait()
	h.self.Wait()
	if e := h.library.Flush(asParley(down)); err == nil {
		err = e
	}
	if e := h.saveNetwork(down); err == nil {
		err = e
	}
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// flushEvery is how often it is written down who came to the help page.
const flushEvery = 5 * time.Second

type openapiCmd struct{}

// Run prints the document, built from the same operations that are served.
func (openapiCmd) Run(ctx context.Context, s *streams) error {
	dir, err := os.MkdirTemp("", "parley-openapi")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	h, err := build(ctx, plan{store: store.Options{Dir: dir}, log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	defer h.db.Close()
	text, err := h.server(server.Options{Version: version}).Document()
	if err != nil {
		return err
	}
	_, err = s.Out.Write(text)
	return err
}
