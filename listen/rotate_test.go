package listen_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/listen/listendb"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

// rotating is a network whose channels renew their token.
type rotating struct {
	mu   sync.Mutex
	envs []channel.Env
	sets []channel.Settings
}

func (r *rotating) kind() channel.Kind {
	return channel.Kind{
		Name: "turning", Title: "The turning", Site: "test",
		Form: []channel.Field{{Name: "token", Label: "Token", Type: "secret", Required: true}, {Name: "other", Label: "Other", Type: "secret"}, {Name: "note", Label: "Note", Type: "text"}},
		New: func(s channel.Settings, e channel.Env) (channel.Channel, error) {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.envs, r.sets = append(r.envs, e), append(r.sets, s)
			return &polling{&wire{net: &network{}}}, nil
		},
	}
}

func (r *rotating) last() (channel.Env, channel.Settings) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.envs[len(r.envs)-1], r.sets[len(r.sets)-1]
}

// failing is a store that cannot write secrets while it is told so.
type failing struct {
	listen.Store
	fails int
}

func (f *failing) SaveSecrets(ctx context.Context, id social.ChannelID, sealed string, names []string, at time.Time) error {
	if f.fails != 0 {
		f.fails--
		return errors.New("the disk is full")
	}
	return f.Store.SaveSecrets(ctx, id, sealed, names, at)
}

func turningHouse(t *testing.T, w *world, s listen.Store, r *rotating) *listen.Station {
	t.Helper()
	st := listen.New(listen.Options{Store: s, Kinds: []channel.Kind{r.kind()}, Sealer: box, Clock: w.now})
	st.OnWait(func(context.Context, time.Duration, <-chan struct{}) error { return nil })
	if err := st.Open(w.ctx); err != nil {
		t.Fatal(err)
	}
	return st
}

// to turns any secret into next and notes what it was given.
func to(next string, was *string) func(context.Context, string) (string, error) {
	return func(_ context.Context, now string) (string, error) {
		*was = now
		return next, nil
	}
}

func TestARotatedSecretIsStoredBeforeItIsUsed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		w, r := open(t, db, now), &rotating{}
		broken := &failing{Store: listendb.New(db)}
		st := turningHouse(t, w, broken, r)
		c, err := st.AddChannel(w.ctx, listen.Draft{Kind: "turning", Name: "Turning", Settings: map[string]string{"token": "one", "other": "kept"}})
		if err != nil {
			t.Fatal(err)
		}
		env, _ := r.last()
		stored := func(want string) {
			t.Helper()
			turningHouse(t, w, listendb.New(db), r) // a restart
			if _, set := r.last(); set["token"] != want || set["other"] != "kept" {
				t.Fatalf("stored %q, want %q", set, want)
			}
		}
		var was string
		if err := env.Rotate(t.Context(), "token", to("two", &was)); err != nil || was != "one" {
			t.Fatalf("was %q, %v", was, err)
		}
		stored("two")
		if n := w.count("SELECT COUNT(*) FROM record WHERE verb = 'rotate'"); n != 1 {
			t.Fatalf("%d entries in the record, want one", n)
		}

		// Nothing empty is stored, nor what is the same, nor anything after an error.
		for name, turn := range map[string]func(context.Context, string) (string, error){
			"empty": to("", &was), "the same": to("two", &was),
			"an error": func(context.Context, string) (string, error) { return "three", errBoom },
		} {
			err := env.Rotate(t.Context(), "token", turn)
			if (name == "an error") != errors.Is(err, errBoom) {
				t.Errorf("%s: %v", name, err)
			}
			stored("two")
		}
		// Only secrets of the form can be turned.
		for _, name := range []string{"note", "nothing", ""} {
			if err := env.Rotate(t.Context(), name, to("x", &was)); !social.Fault.Is(err) {
				t.Errorf("%q: %v", name, err)
			}
		}
		// What turn returned survives the end of ctx.
		ctx, cancel := context.WithCancel(t.Context())
		err = env.Rotate(ctx, "token", func(context.Context, string) (string, error) { cancel(); return "three", nil })
		if err != nil {
			t.Fatal(err)
		}
		stored("three")

		// A passing fault is overcome; a lasting one is no success, and what
		// could not be stored is stored before the next turn, which gets it.
		broken.fails = 2
		if err := env.Rotate(t.Context(), "token", to("four", &was)); err != nil {
			t.Fatal(err)
		}
		stored("four")
		broken.fails = -1
		if err := env.Rotate(t.Context(), "token", to("five", &was)); !social.Busy.Is(err) {
			t.Fatalf("%v", err)
		}
		stored("four")
		if err := env.Rotate(t.Context(), "token", to("six", &was)); !social.Busy.Is(err) {
			t.Fatalf("it turned what is not stored: %v", err)
		}
		broken.fails = 0
		if err := env.Rotate(t.Context(), "token", to("", &was)); err != nil || was != "five" {
			t.Fatalf("was %q, %v", was, err)
		}
		stored("five")

		// Other settings may change meanwhile and overwrite nothing; the
		// channel that was made before gets what is stored now.
		name := "Turned"
		if _, err := st.ChangeChannel(w.ctx, c.ID, listen.Patch{Name: &name, Settings: map[string]string{"token": "", "note": "hello"}}); err != nil {
			t.Fatal(err)
		}
		stored("five")
		if _, err := st.ChangeChannel(w.ctx, c.ID, listen.Patch{Settings: map[string]string{"token": "by hand"}}); err != nil {
			t.Fatal(err)
		}
		if err := env.Rotate(t.Context(), "token", to("seven", &was)); err != nil || was != "by hand" {
			t.Fatalf("was %q, %v", was, err)
		}
		stored("seven")
		if err := st.RemoveChannel(w.ctx, c.ID); err != nil {
			t.Fatal(err)
		}
		if err := env.Rotate(t.Context(), "token", to("eight", &was)); !social.NotFound.Is(err) {
			t.Fatalf("a removed channel: %v", err)
		}
		if n := w.count("SELECT COUNT(*) FROM channel WHERE secrets <> ''"); n != 0 {
			t.Fatal("a removed channel has secrets again")
		}
	})
}

func TestOneTurnAtATime(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		w, r := open(t, db, now), &rotating{}
		st := turningHouse(t, w, listendb.New(db), r)
		if _, err := st.AddChannel(w.ctx, listen.Draft{Kind: "turning", Name: "Turning", Settings: map[string]string{"token": "a"}}); err != nil {
			t.Fatal(err)
		}
		env, _ := r.last()
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				if err := env.Rotate(t.Context(), "token", func(_ context.Context, now string) (string, error) { return now + "a", nil }); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		turningHouse(t, w, listendb.New(db), r)
		if _, set := r.last(); set["token"] != "aaaaaaaaa" {
			t.Fatalf("a turn was lost: %q", set["token"])
		}
	})
}

func TestWhatIsOnlyTriedIsNotTurned(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		w, r := open(t, db, now), &rotating{}
		st := turningHouse(t, w, listendb.New(db), r)
		c, err := st.AddChannel(w.ctx, listen.Draft{Kind: "turning", Name: "Turning", Settings: map[string]string{"token": "a"}})
		if err != nil {
			t.Fatal(err)
		}
		for name, x := range map[string]struct {
			id     social.ChannelID
			values map[string]string
			turns  bool
		}{
			"a new channel":             {"", map[string]string{"token": "b"}, false},
			"a stored one, new secrets": {c.ID, map[string]string{"token": "b"}, false},
			"a stored one as it stands": {c.ID, map[string]string{"token": "", "note": "x"}, true},
		} {
			if _, err := st.TestChannel(w.ctx, "turning", x.id, x.values); err != nil {
				t.Fatal(err)
			}
			if env, _ := r.last(); (env.Rotate != nil) != x.turns {
				t.Errorf("%s: may turn: %v", name, env.Rotate != nil)
			}
		}
	})
}
