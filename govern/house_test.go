package govern_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/alexedwards/argon2id"
	"github.com/parley-crm/parley/govern"
	"github.com/parley-crm/parley/govern/governdb"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/kit/secret"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

const password = "kettle on the hob"

var (
	cheap = &argon2id.Params{Memory: 8, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}
	here  = govern.From{IP: "192.0.2.1", Agent: "test"}
)

type house struct {
	*testing.T
	db      *store.DB
	rows    *governdb.DB
	now     *clock.Set
	office  *govern.Office
	gate    *govern.Gate
	archive *govern.Archive
	admin   social.Actor
	starter govern.Programme
	policy  govern.Policy
}

// each opens a house with its first administrator on every engine.
func each(t *testing.T, f func(h *house)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		h := empty(t, db, now)
		m, err := h.office.AddAdmin(h.system(), "ada@brewell.example", "Ada", password)
		h.must(err)
		m, err = h.office.Member(h.system(), m.ID)
		h.must(err)
		h.admin = m.Actor()
		programmes, _, err := h.office.Programmes(h.as(h.admin), "", 0)
		h.must(err)
		policies, _, err := h.office.Policies(h.as(h.admin), "", 0)
		h.must(err)
		if len(programmes) != 1 || len(policies) != 1 {
			t.Fatalf("the first administrator finds %d programmes and %d policies, want one of each", len(programmes), len(policies))
		}
		h.starter, h.policy = programmes[0], policies[0]
		f(h)
	})
}

func empty(t *testing.T, db *store.DB, now *clock.Set) *house {
	t.Helper()
	h := &house{T: t, db: db, rows: governdb.New(db), now: now}
	var err error
	h.office, err = govern.New(h.rows, govern.Options{Clock: now, Hash: cheap})
	h.must(err)
	h.gate = &govern.Gate{Store: h.rows, Clock: now}
	h.archive, err = govern.NewArchive(h.rows, secret.Random(), now)
	h.must(err)
	return h
}

func (h *house) system() context.Context {
	return social.WithScope(social.WithActor(context.Background(), social.SystemActor()), social.Scope{All: true})
}

// as is the context of somebody who may see what their roles let them see.
func (h *house) as(a social.Actor) context.Context {
	scope, _ := govern.Scope(a, social.GovernRead)
	return social.WithScope(social.WithActor(context.Background(), a), scope)
}

func (h *house) must(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

// refused wants an error of a kind whose sentence contains words.
func (h *house) refused(err error, kind social.Kind, words string) {
	h.Helper()
	if err == nil {
		h.Fatalf("it was allowed; want %s with %q", kind, words)
	}
	var e *social.Error
	if !errors.As(err, &e) || e.Kind != kind || !strings.Contains(err.Error(), words) {
		h.Fatalf("got %s %q; want %s with %q", social.KindOf(err), err, kind, words)
	}
}

// join makes an active member.
func (h *house) join(email string, role social.Role, grants ...social.Grant) social.Actor {
	h.Helper()
	_, token, _, err := h.office.Invite(h.as(h.admin), email, "", role, grants)
	h.must(err)
	o, err := h.office.Enter(context.Background(), token, strings.Split(email, "@")[0], "", password, here)
	h.must(err)
	return o.Member.Actor()
}

// lines counts the record's lines about an object.
func (h *house) lines(verb, object string) int {
	h.Helper()
	page, _, err := h.archive.Lines(h.system(), govern.Query{Verb: verb, Object: object}, "", 100)
	h.must(err)
	return len(page)
}
