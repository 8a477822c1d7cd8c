package main

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/parley-crm/parley/cmd/parley/forget"
	"github.com/parley-crm/parley/engage/deletion"
	"github.com/parley-crm/parley/engage/engageapi"
	"github.com/parley-crm/parley/engage/hivedb"
	"github.com/parley-crm/parley/engage/knowdb"
	"github.com/parley-crm/parley/engage/pacedb"
	"github.com/parley-crm/parley/engage/publishdb"
	"github.com/parley-crm/parley/engage/surveydb"
	"github.com/parley-crm/parley/people"
	"github.com/parley-crm/parley/people/consent"
	"github.com/parley-crm/parley/people/dealdb"
	"github.com/parley-crm/parley/people/foreseedb"
	"github.com/parley-crm/parley/people/mend"
	"github.com/parley-crm/parley/people/privacy"
	"github.com/parley-crm/parley/people/privacyapi"
	"github.com/parley-crm/parley/people/privacydb"
	"github.com/parley-crm/parley/people/retain"
	"github.com/parley-crm/parley/people/segmentdb"
	"github.com/parley-crm/parley/people/selfservice"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
)

// openPrivacy builds what keeps consents, and what answers for them to whom
// they are about. It reads whom we forgot before anything is heard.
func (h *house) openPrivacy(ctx context.Context) error {
	kept := privacydb.New(h.db)
	h.consents = &consent.Ledger{Store: kept, People: h.book, Clock: h.clock}
	h.keeper = &privacy.Keeper{Store: kept, People: h.book, Sweeper: forget.Sweeper{DB: h.db, Box: h.box, Heard: h.heard, Persons: h.persons, Reindex: h.reindex,
		Drop: map[string]func(context.Context, string) error{"history": h.shelf.Remove, "imports": h.imports.Remove}}, Herald: h.office, Box: h.box, Clock: h.clock, Log: h.log,
		Keepers: forget.Keepers(h.office), Backups: h.backups,
		// In this order: who asks the rows of another comes before it.
		Holders: []privacy.Holder{
			knowdb.New(h.db).Personal(), hivedb.New(h.db).Personal(), surveydb.New(h.db).Personal(), h.scores.Personal(), h.heard.Personal(), h.governdb.Personal(), publishdb.New(h.db).Personal(),
			h.outcomes.Personal(), foreseedb.New(h.db).Personal(), segmentdb.New(h.db).Personal(), dealdb.New(h.db).Personal(), kept.Personal(), h.talks.Personal(), h.persons.Personal(),
		}}
	h.keeper.Things = forget.Things{DB: h.talks, Persons: h.persons, Programmed: func(ctx context.Context, id social.ProgrammeID) error {
		_, err := h.office.Programme(ctx, id)
		return err
	}}
	h.keeper.Ledger = privacy.Ledger{Path: filepath.Join(h.db.Dir(), "forgotten"), Key: h.box.Derive("people/forgotten")}
	h.retention = h.openRetention()
	h.mends = &mend.Desk{Store: h.persons, Book: h.book, Fields: h.deals.Store, Values: h.deals, Herald: h.office, Clock: h.clock}
	h.self = &selfservice.Service{Store: h.persons, Desk: selfDesk{h}, Keeper: h.keeper, Ledger: h.consents, Mends: h.mends, Herald: h.office, Box: h.box, Clock: h.clock, Log: h.log, Base: h.desk.Base}
	return h.keeper.Load(ctx)
}

func (h *house) registerPrivacy(s *server.Server) {
	privacyapi.RegisterConsent(s, h.consents, around{h})
	privacyapi.RegisterRequests(s, h.keeper, around{h})
	privacyapi.RegisterMends(s, h.mends, around{h})
	privacyapi.RegisterRetention(s, h.retention, around{h})
	engageapi.RegisterDeletions(s, h.deletions)
	privacyapi.RegisterSelf(s, h.self, func(ctx context.Context) string { return h.brand(ctx).Name })
}

// forgetAgain forgets whom a backup that was restored has brought back, before
// anything is served. Commands that run beside leave the ledger alone.
func (h *house) forgetAgain(ctx context.Context) error {
	n, err := h.keeper.Again(asParley(ctx))
	if errors.Is(err, privacy.ErrSealed) {
		h.log.Error("the file “forgotten” in the data folder can't be read with this key; whom it names is not forgotten again", "error", err)
		return nil
	}
	if n > 0 {
		h.log.Info("the database is older than some erasures; they were done again", "accounts", n)
	}
	return err
}

// openRetention builds what lets go of what is old.
func (h *house) openRetention() *retain.Office {
	rooms := forget.Rooms{Heard: h.heard, Talks: h.talks, Scores: h.scores, Hive: hivedb.New(h.db), Surveys: surveydb.New(h.db), Persons: h.persons, Outcomes: h.outcomes,
		Library: knowdb.New(h.db), Press: publishdb.New(h.db), Keeper: h.keeper, Paces: pacedb.New(h.db), Notices: h.governdb}
	h.deletions = &deletion.Office{Store: h.talks, Desk: h.desk, Holds: forget.Holds{Rooms: rooms, Members: around{h}.Members}, Clock: h.clock, Log: h.log,
		Rooms: forget.Everywhere{Rooms: rooms, Sweeper: h.keeper.Sweeper, Memory: h.station.Forget}}
	return &retain.Office{Store: privacydb.Retention{DB: h.db}, Shelves: rooms.Shelves(), Holds: h.keeper, Clock: h.clock, Log: h.log, After: h.station.Forget,
		Know: func(_ context.Context, c social.ChannelID) error {
			if _, ok := h.station.Ref(c); !ok {
				return social.Errorf(social.NotFound, "There is no such channel.")
			}
			return nil
		}}
}

// Titles are what conversations are called.
func (a around) Titles(ctx context.Context, ids []social.ConversationID) (map[social.ConversationID]string, error) {
	return a.h.talks.Titles(ctx, ids)
}

// selfDesk sends a link to an account in the newest private conversation with it.
type selfDesk struct{ h *house }

// Write says something by itself; false where we do not talk in private.
func (d selfDesk) Write(ctx context.Context, to social.IdentityID, key string, owner social.MemberID, text string) (bool, error) {
	rows, err := d.h.talks.Of(ctx, []social.IdentityID{to}, 50)
	if err != nil {
		return false, err
	}
	for _, c := range rows {
		if c.Counterpart == to {
			return d.h.desk.Whisper(ctx, c.ID, key, owner, text)
		}
	}
	return false, nil
}

// shields reports whether something is of somebody whom we forgot.
func (h *house) shields(a social.Activity) bool { return h.keeper != nil && h.keeper.Shields(a) }

// takeWishes tells the ledger of consents who asked for STOP or START.
func (h *house) takeWishes(ctx context.Context, facts []store.Fact) error {
	for _, f := range facts {
		if w, ok := f.Fact.(social.Wished); ok {
			if err := h.consents.Wished(asParley(ctx), w); err != nil {
				return err
			}
		}
	}
	return nil
}

// keepCopies is how long a copy that was made for somebody is kept.
const keepCopies = 30 * 24 * time.Hour

// dropCopies forgets copies that were made long ago.
func (h *house) dropCopies(ctx context.Context) error {
	_, err := privacydb.New(h.db).DropCopies(ctx, h.clock.Now().Add(-keepCopies))
	return err
}

// backups says where names stand besides.
func (h *house) backups() string {
	return "Backups that were made before still hold this person. Let them run out. If one is restored beside the file “forgotten” of this data folder, they are erased again at the next start."
}

// reindex makes the words of activities anew for the search.
func (h *house) reindex(ctx context.Context, ids []social.ActivityID) error {
	h.station.Forget()
	for part := range slices.Chunk(ids, 200) {
		if err := h.db.InTx(ctx, func(ctx context.Context) error { return h.station.Index(asParley(ctx), part) }); err != nil {
			return err
		}
	}
	return nil
}

// agree lets the example company keep what its customers agreed to and asked for.
func (s *stage) agree(ctx context.Context) error {
	in, err := s.as(ctx, s.first, social.PrivacyWrite)
	if err != nil {
		return err
	}
	persons, _, err := s.book.People(asParley(ctx), people.Query{Limit: 40})
	if err != nil {
		return err
	}
	if err := forget.Example(in, *s.consents, s.keeper, persons); err != nil {
		return err
	}
	if err := forget.Correct(asParley(ctx), s.mends, s.first, persons); err != nil {
		return err
	}
	programmes, _, err := s.office.Programmes(asParley(ctx), "", 100)
	if err != nil {
		return err
	}
	var recall social.ProgrammeID
	for _, p := range programmes {
		if strings.Contains(strings.ToLower(p.Name), "safety") {
			recall = p.ID
		}
	}
	return forget.Keep(in, s.keeper, s.retention, recall)
}
