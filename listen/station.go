package listen

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/listen/attach"
	"github.com/parley-crm/parley/listen/lately"
	"github.com/parley-crm/parley/listen/query"
	"github.com/parley-crm/parley/listen/share"
	"github.com/parley-crm/parley/social"
)

// Sealer keeps the secrets of channels. What was sealed for one place does
// not open at another.
type Sealer interface {
	Seal(place string, plain []byte) string
	Unseal(place, sealed string) ([]byte, error)
}

// Options say what a station is made of.
type Options struct {
	Store  Store
	Kinds  []channel.Kind // the networks there are
	Env    channel.Env    // what their channels may use of the world
	Sealer Sealer
	Clock  clock.Clock
	Log    *slog.Logger

	// KeepAll names the kinds whose channels keep all that they hear, unless they say
	// otherwise. Others keep what is directed at us or matched by a monitor.
	KeepAll []string
	// Language tells the language of a text where the network does not; nil leaves it unknown.
	Language func(text string) string
	// Base is Parley's public address, "" where it has none. Webhooks stand below it.
	Base string
	// Places knows where things are; where it is nil no post has a place.
	Places Places
	// Files keeps what comes with words; nil where nobody does.
	Files *attach.Keeper
	// Shield says of what no trace is kept: of whom asked to be forgotten.
	Shield func(social.Activity) bool
}

// Station is the room's front. Call Open before anything else.
type Station struct {
	store    Store
	kinds    map[string]channel.Kind
	order    []channel.Kind
	env      channel.Env
	sealer   Sealer
	clock    clock.Clock
	log      *slog.Logger
	keepAll  map[string]bool
	language func(string) string
	base     string
	places   Places
	files    *attach.Keeper
	shield   func(social.Activity) bool
	wait     func(ctx context.Context, d time.Duration, wake <-chan struct{}) error

	set   *query.Set   // the active monitors
	tuned atomic.Int64 // how often they changed

	mu       sync.RWMutex
	live     map[social.ChannelID]*line
	monitors map[social.MonitorID]Monitor
	byLang   int // how many active monitors ask for a language
	byPlace  int // the same for places

	seq    lately.Sequence
	past   chan struct{} // wakes the work on what was heard before
	swept  chan struct{} // wakes the sweeper
	aged   chan struct{} // wakes whoever asks what ends
	shares share.Keeper
	runs   runs
	recent lately.Mentions
}

// New makes a station.
func New(o Options) *Station {
	if o.Clock == nil {
		o.Clock = clock.System{}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	s := &Station{
		store: o.Store, kinds: map[string]channel.Kind{}, order: o.Kinds, env: o.Env, sealer: o.Sealer,
		clock: o.Clock, log: o.Log, keepAll: map[string]bool{}, language: o.Language, base: strings.TrimSuffix(o.Base, "/"), places: o.Places, files: o.Files, shield: o.Shield, wait: wait,
		set: query.NewSet(), live: map[social.ChannelID]*line{}, monitors: map[social.MonitorID]Monitor{},
		past: make(chan struct{}, 1), swept: make(chan struct{}, 1), aged: make(chan struct{}, 1),
	}
	for _, k := range o.Kinds {
		s.kinds[k.Name] = k
	}
	for _, k := range o.KeepAll {
		s.keepAll[k] = true
	}
	s.seq.Clock, s.shares.Store = o.Clock, o.Store
	return s
}

// Open reads channels and monitors into memory.
func (s *Station) Open(ctx context.Context) error {
	last, err := s.store.LastSeq(ctx)
	if err != nil {
		return err
	}
	s.seq.Since(last)
	channels, err := s.store.Channels(ctx)
	if err != nil {
		return err
	}
	for _, c := range channels {
		s.connect(c)
	}
	monitors, err := s.store.Monitors(ctx)
	if err != nil {
		return err
	}
	for _, m := range monitors {
		s.tune(m)
	}
	return nil
}

// wait lasts for d, or until something arrives on wake or ctx ends.
func wait(ctx context.Context, d time.Duration, wake <-chan struct{}) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-wake:
	case <-ctx.Done():
		return ctx.Err()
	}
	return nil
}
