package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"time"

	"github.com/parley-crm/parley/analyze"
	"github.com/parley-crm/parley/analyze/analyzedb"
	"github.com/parley-crm/parley/analyze/encoder"
	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/channel/archive"
	"github.com/parley-crm/parley/channel/bluesky"
	"github.com/parley-crm/parley/channel/chat"
	"github.com/parley-crm/parley/channel/email"
	"github.com/parley-crm/parley/channel/feed"
	"github.com/parley-crm/parley/channel/form"
	"github.com/parley-crm/parley/channel/google"
	"github.com/parley-crm/parley/channel/graph"
	"github.com/parley-crm/parley/channel/mastodon"
	"github.com/parley-crm/parley/channel/mediawiki"
	"github.com/parley-crm/parley/channel/practice"
	"github.com/parley-crm/parley/channel/shaarli"
	"github.com/parley-crm/parley/channel/sms"
	"github.com/parley-crm/parley/channel/telegram"
	"github.com/parley-crm/parley/channel/webhook"
	"github.com/parley-crm/parley/channel/wordpress"
	"github.com/parley-crm/parley/channel/x"
	"github.com/parley-crm/parley/channel/youtube"
	"github.com/parley-crm/parley/cmd/parley/forget"
	"github.com/parley-crm/parley/cmd/parley/past"
	"github.com/parley-crm/parley/cmd/parley/sorting"
	"github.com/parley-crm/parley/cmd/parley/story"
	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/engage/deletion"
	"github.com/parley-crm/parley/engage/engagedb"
	"github.com/parley-crm/parley/engage/hive"
	"github.com/parley-crm/parley/engage/hivedb"
	"github.com/parley-crm/parley/engage/know"
	"github.com/parley-crm/parley/engage/knowdb"
	"github.com/parley-crm/parley/engage/moderate"
	"github.com/parley-crm/parley/engage/pacedb"
	"github.com/parley-crm/parley/engage/parcel"
	"github.com/parley-crm/parley/engage/pledge"
	"github.com/parley-crm/parley/engage/publish"
	"github.com/parley-crm/parley/engage/rule"
	"github.com/parley-crm/parley/engage/shelf"
	"github.com/parley-crm/parley/engage/survey"
	"github.com/parley-crm/parley/engage/surveydb"
	"github.com/parley-crm/parley/engage/translate"
	"github.com/parley-crm/parley/evolve"
	"github.com/parley-crm/parley/evolve/evolvedb"
	"github.com/parley-crm/parley/govern"
	"github.com/parley-crm/parley/govern/export"
	"github.com/parley-crm/parley/govern/governdb"
	"github.com/parley-crm/parley/govern/relay"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/kit/safe"
	"github.com/parley-crm/parley/kit/secret"
	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/listen/attach"
	"github.com/parley-crm/parley/listen/history"
	"github.com/parley-crm/parley/listen/letter"
	"github.com/parley-crm/parley/listen/listendb"
	"github.com/parley-crm/parley/listen/place"
	"github.com/parley-crm/parley/listen/presence"
	"github.com/parley-crm/parley/listen/warn"
	"github.com/parley-crm/parley/people"
	"github.com/parley-crm/parley/people/bring"
	"github.com/parley-crm/parley/people/card"
	"github.com/parley-crm/parley/people/consent"
	"github.com/parley-crm/parley/people/deal"
	"github.com/parley-crm/parley/people/dealdb"
	"github.com/parley-crm/parley/people/foresee"
	"github.com/parley-crm/parley/people/mend"
	"github.com/parley-crm/parley/people/peopledb"
	"github.com/parley-crm/parley/people/privacy"
	"github.com/parley-crm/parley/people/retain"
	"github.com/parley-crm/parley/people/segment"
	"github.com/parley-crm/parley/people/segmentdb"
	"github.com/parley-crm/parley/people/selfservice"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
)

// house is all rooms, built and wired.
type house struct {
	db      *store.DB
	clock   clock.Clock
	log     *slog.Logger
	client  *safe.Client
	box     *secret.Box
	network *practice.Network // the simulated network behind practice channels
	chats   *chat.Hub         // wakes the pages of visitors

	keptLines int    // how much of the practice network's log is kept
	jetstream string // where Bluesky's stream is heard, "" for its own address
	demo      bool   // whether this is the example company

	office   *govern.Office
	governdb *governdb.DB
	gate     *govern.Gate
	archive  *govern.Archive
	station  *listen.Station
	shelf    *history.Shelf
	files    *attach.Keeper
	heard    *listendb.DB
	places   *place.Book
	profiles *presence.Register
	watch    *warn.Watch
	reader   *analyze.Reader
	scores   *analyzedb.DB
	deepener *analyze.Deepener // nil where the encoder is not asked
	binder   *analyze.Binder
	weaver   *analyze.Weaver
	book     *people.Book
	persons  *peopledb.DB
	deals    *deal.Books
	imports  *bring.Desk
	relay    *relay.Relay
	exports  *export.Desk
	cards    *card.Box
	consents *consent.Ledger
	segments *segment.Keeper
	seer     *foresee.Seer
	past     past.Rooms
	sorting  sorting.Rooms
	told     story.Rooms
	keeper   *privacy.Keeper
	desk     *engage.Desk
	views    *shelf.Shelf // and macros
	talks    *engagedb.DB
	library  *know.Library
	press    *publish.Press
	hive     *hive.Hive
	surveys  *survey.Book
	self     *selfservice.Service
	mends    *mend.Desk
	letters  *letter.Box
	drafter  *know.Drafter
	tongues  *translate.Translator

	moderator *moderate.Moderator
	ledger    *evolve.Ledger
	outcomes  *evolvedb.DB

	reading     reading // what scores now
	asksEncoder bool
	corrector   *analyze.Corrector
	tuner       *analyze.Tuner

	retention *retain.Office   // lets go of what is old
	deletions *deletion.Office // lets go of what somebody deletes
}

// plan says how a house is built.
type plan struct {
	store  store.Options
	key    string   // sealing key, "" for the file in the data folder
	allow  []string // hosts besides the public internet
	base   string   // public address for tracked links; "" leaves links as they are
	timing engage.Timing
	deep   bool // what matters is read again with the encoder
	clock  clock.Clock
	log    *slog.Logger
}

// userAgent names us to networks.
const userAgent = "Parley (https://github.com/parley-crm/parley)"

// build opens the store, brings its schema up to date (after a backup) and
// builds the rooms.
func build(ctx context.Context, p plan) (*house, error) {
	if p.clock == nil {
		p.clock = clock.System{}
	}
	if p.log == nil {
		p.log = slog.New(slog.DiscardHandler)
	}
	p.store.Clock, p.store.Log = p.clock, p.log
	db, err := openStore(ctx, p.store)
	if err != nil {
		return nil, err
	}
	h := &house{db: db, clock: p.clock, log: p.log}
	if err := h.furnish(ctx, p); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	if err := store.Settle(ctx, db, h.desk.Restored, func(ctx context.Context) error { return h.station.Reindex(asParley(ctx)) }); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	if err := h.recount(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return h, nil
}

// countsVersion is the way in which listening counts now. A database that was
// counted in another way is counted anew when it is opened.
const countsVersion = 2

func (h *house) recount(ctx context.Context) error {
	const name = "listen.counts"
	var version int
	if _, err := h.db.Setting(ctx, name, &version); err != nil || version == countsVersion {
		return err
	}
	if err := h.station.Recount(asParley(ctx)); err != nil {
		return err
	}
	return h.db.SetSetting(ctx, name, countsVersion)
}

// openStore opens the database and brings its schema up to date, with a
// backup before that.
func openStore(ctx context.Context, o store.Options) (*store.DB, error) {
	db, err := store.Open(ctx, o)
	if err != nil {
		return nil, err
	}
	pending, fresh, err := db.Pending(ctx)
	if err == nil && pending && !fresh {
		err = store.BackupBeforeMigrate(ctx, db)
	}
	if err == nil && pending {
		err = db.Migrate(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

func (h *house) furnish(ctx context.Context, p plan) error {
	var err error
	if h.box, err = secret.Open(h.db.Dir(), p.key); err != nil {
		return err
	}
	if h.client, err = safe.New(safe.Options{Allow: p.allow, UserAgent: userAgent}); err != nil {
		return err
	}
	h.chats = chat.NewHub()
	h.network = practice.NewNetwork(1, h.clock)
	h.network.Lively(true)
	if err := h.loadNetwork(ctx); err != nil {
		return err
	}

	h.governdb = governdb.New(h.db)
	if h.office, err = govern.New(h.governdb, govern.Options{Clock: h.clock}); err != nil {
		return err
	}
	h.gate = &govern.Gate{Store: h.governdb, Clock: h.clock}
	if h.archive, err = govern.NewArchive(h.governdb, h.box, h.clock); err != nil {
		return err
	}

	language, err := analyze.NewScorer(analyze.Options{Only: []analyze.Part{analyze.PartLang}})
	if err != nil {
		return err
	}
	h.heard = listendb.New(h.db)
	h.profiles = &presence.Register{Store: h.heard, Clock: h.clock, HTTP: h.client.HTTP, Places: presence.Everyone()}
	h.places = &place.Book{Store: h.heard, Clock: h.clock, Scores: func(ctx context.Context, ids []social.ActivityID) (map[social.ActivityID]social.Scores, error) {
		return h.scores.Scores(ctx, ids)
	}}
	h.station = listen.New(listen.Options{
		Store: h.heard, Kinds: h.kinds(), Sealer: h.box, Clock: h.clock, Log: h.log,
		Env:     channel.Env{HTTP: h.client.HTTP, Dial: h.client.Dial, Clock: h.clock, Log: h.log, Lines: listendb.Lines{DB: h.heard}, Shelf: listendb.Shelf{DB: h.heard}, Brand: h.brand},
		KeepAll: []string{"email", "feed", "practice", "shaarli", "wordpress"}, Base: p.base, Language: func(text string) string { return language.Score(text).Lang },
		Places: h.places, Files: h.openFiles(), Shield: h.shields,
	})
	h.places.Station = h.station
	if err := h.station.Open(ctx); err != nil {
		return err
	}
	if err := h.places.Open(ctx); err != nil {
		return err
	}
	h.watch = &warn.Watch{Store: h.heard, Hearing: h.station, Audience: h.governdb, Clock: h.clock, Log: h.log}
	if err := h.watch.Open(asParley(ctx)); err != nil {
		return err
	}

	h.shelf = history.New(listendb.History{DB: h.heard}, h.station, filepath.Join(h.db.Dir(), "history"), h.clock, h.log)

	h.scores = analyzedb.New(h.db)
	h.asksEncoder = p.deep
	if err := h.openScores(ctx); err != nil {
		return err
	}
	h.binder = &analyze.Binder{Store: h.scores, Hearing: h.station}
	h.weaver = &analyze.Weaver{Store: h.scores, Speakers: speakers{h}, Clock: h.clock}

	h.persons = peopledb.New(h.db)
	h.outcomes = evolvedb.New(h.db)
	h.ledger = &evolve.Ledger{Store: h.outcomes, Clock: h.clock, Base: p.base}
	h.talks = engagedb.New(h.db)
	paces := pacedb.New(h.db)
	promises := &pledge.Book{Store: paces, Clock: h.clock, Fields: engage.PledgeFields()}
	rules := &rule.Book{Store: paces, Clock: h.clock, Fields: engage.RuleFields(), Hours: promises.Calendar}
	known := knowdb.New(h.db)
	h.library = &know.Library{Store: known, Clock: h.clock, Log: h.log}
	if p.deep {
		model, err := encoder.Default()
		if err != nil {
			return err
		}
		h.library.Senses = senses{model}
	}
	h.drafter = &know.Drafter{Store: known, HTTP: h.client.HTTP, Sealer: h.box, Clock: h.clock}
	h.tongues = &translate.Translator{Store: h.talks, Model: h.drafter, HTTP: h.client.HTTP, Sealer: h.box, Clock: h.clock}
	h.desk = &engage.Desk{
		Store: h.talks, Heard: h.station, Understood: h.scores, Gate: gate{h}, Networks: h.station, Mates: mates{h},
		Links: links{h}, Tags: h.office, Kinds: kindsOf{h}, Notices: h.office, Base: p.base, Pace: promises, Rules: rules, Leads: leads{h},
		Consents: forget.Serving(func() (*people.Book, *consent.Ledger) { return h.book, h.consents }), Parcels: &parcel.Box{Came: h.files, Files: h.db, Rows: h.talks},
		Clock: h.clock, Log: h.log, Timing: p.timing,
		Limited: func(ctx context.Context, c social.ChannelID, said string, until time.Time) {
			if err := h.station.SendLimited(asParley(ctx), c, listen.Limit{Text: said, Until: until}); err != nil {
				h.log.Warn("a limit of sending was not kept", "channel", c, "error", err)
			}
		},
	}
	h.moderator = &moderate.Moderator{Store: h.talks, Gate: gate{h}, Networks: h.station, Clock: h.clock, Log: h.log, Timing: p.timing}
	h.views = &shelf.Shelf{Store: h.talks, Desk: h.desk}
	h.hive = &hive.Hive{Store: hivedb.New(h.db), Desk: h.desk, Reader: hiveReader{h}, Crew: hiveCrew{h}, Gate: gate{h}, Notices: hiveNotices{h}, Dues: h.desk, Clock: h.clock}
	h.surveys = &survey.Book{Store: surveydb.New(h.db), Desk: surveyDesk{h}, Persons: h.persons, Consents: surveyDesk{h}, Clock: h.clock, Base: p.base}
	h.openPress()
	h.openLetters(p.base)
	h.openRelay(p.base)
	h.book = &people.Book{Store: h.persons, Hints: h.persons, Hearing: h.station, Clock: h.clock, Tags: h.office, Aliases: h.persons, Below: h.files.Below}
	business := dealdb.New(h.db)
	h.deals = &deal.Books{Store: business, People: h.book, Talks: dealTalks{h}, Meeting: h.persons, Clock: h.clock}
	h.imports = bring.New(bring.Desk{Store: peopledb.Bring{DB: h.persons}, Sales: h.deals, Organizations: h.deals, Members: byName{h}.all, Tags: h.book, Fields: business, Dir: filepath.Join(h.db.Dir(), "imports"),
		Clock: h.clock, Log: h.log, Known: h.book.Reconsider})
	h.cards = &card.Box{Store: h.persons, People: h.book, Herald: h.office, Mates: byName{h}, Clock: h.clock}
	if err := h.openPrivacy(ctx); err != nil {
		return err
	}
	h.openStory(business)
	h.sorting = sorting.Rooms{People: h.book, Persons: h.persons, Business: business, Consents: h.consents, Heard: h.heard, Talks: h.talks, Outcomes: h.outcomes, Scores: h.scores, Ref: h.station.Ref, Sorted: segmentdb.New(h.db)}
	h.segments = h.sorting.Open(h.clock, h.log)
	h.openSeer()
	h.openExports(business)
	return h.deals.Open(ctx)
}

// kinds is the one list of networks.
func (h *house) kinds() []channel.Kind {
	return []channel.Kind{
		mastodon.Kind(), bluesky.Kind(), wordpress.Kind(), mediawiki.Kind(), shaarli.Kind(), feed.Kind(),
		graph.Facebook(), graph.Messenger(), graph.Instagram(), graph.WhatsApp(), x.Kind(), youtube.Kind(), google.Kind(),
		email.Kind(), sms.Kannel(), sms.Twilio(), telegram.Kind(), webhook.Kind(),
		form.Kind(), chat.Kind(h.chats), archive.Kind(),
		practice.Kind(h.network),
	}
}

// tidy forgets what is old, until ctx ends.
func (h *house) tidy(ctx context.Context) {
	h.every(ctx, time.Hour, "prune", h.prune)
	h.every(ctx, 10*time.Minute, "files at doors", h.heard.SweepBrought)
}

// every calls f now and then until ctx ends; a failure is logged and tried
// again the next time.
func (h *house) every(ctx context.Context, d time.Duration, name string, f func(context.Context) error) {
	go func() {
		t := time.NewTicker(d)
		defer t.Stop()
		for {
			if err := f(ctx); err != nil && ctx.Err() == nil {
				h.log.Warn("housekeeping failed", "task", name, "error", err)
			}
			select {
			case <-t.C:
			case <-ctx.Done():
				return
			}
		}
	}()
}

// keepRaw is how long what arrived is kept as it arrived, keepFacts how long
// facts are kept for whoever resumes.
const (
	keepRaw   = 90 * 24 * time.Hour
	keepFacts = 7 * 24 * time.Hour
	keepTerms = 400 * 24 * time.Hour // the words that were said most in a day
)

func (h *house) prune(ctx context.Context) error {
	if _, err := h.station.Prune(ctx, h.clock.Now().Add(-keepRaw)); err != nil {
		return fmt.Errorf("raw events: %w", err)
	}
	if err := h.db.InTx(ctx, func(ctx context.Context) error { return h.heard.PruneTerms(ctx, h.clock.Now().Add(-keepTerms)) }); err != nil {
		return fmt.Errorf("words: %w", err)
	}
	if err := h.library.Tidy(ctx); err != nil {
		return fmt.Errorf("articles: %w", err)
	}
	if err := errors.Join(h.heard.SweepAttached(ctx), h.talks.SweepMessageFiles(ctx)); err != nil {
		return fmt.Errorf("what came with words: %w", err)
	}
	if head, err := h.db.Head(ctx); err != nil || head == 0 {
		return err
	}
	if err := errors.Join(h.db.SweepFiles(ctx), h.office.SweepNotices(ctx), h.dropCopies(ctx), h.relay.Sweep(ctx), h.exports.Sweep(ctx)); err != nil {
		return err
	}
	return h.db.Prune(ctx, h.clock.Now().Add(-keepFacts))
}

// asParley is ctx for what Parley does by itself.
func asParley(ctx context.Context) context.Context {
	return social.WithScope(social.WithActor(ctx, social.SystemActor()), social.Scope{All: true})
}
