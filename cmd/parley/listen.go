package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"github.com/parley-crm/parley/cmd/parley/shell"
	"io"
	"log/slog"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/channel/bluesky"
	"github.com/parley-crm/parley/channel/feed"
	"github.com/parley-crm/parley/channel/mastodon"
	"github.com/parley-crm/parley/channel/x"
	"github.com/parley-crm/parley/channel/youtube"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/kit/safe"
	"github.com/parley-crm/parley/listen/query"
	"github.com/parley-crm/parley/social"
)

type listenCmd struct {
	Bluesky  listenBluesky  `cmd:"" help:"Bluesky's public stream; no account needed."`
	Mastodon listenMastodon `cmd:"" help:"The public timeline of a server with the Mastodon API."`
	Feed     listenFeed     `cmd:"" help:"A feed: RSS, Atom or JSON Feed."`
	Youtube  listenYoutube  `cmd:"" name:"youtube" help:"Comments below a YouTube channel's videos; an API key is needed."`
	X        listenX        `cmd:"" name:"x" help:"The filtered stream of X; an app's bearer token is needed."`
}

// listenFlags are shared by all networks.
type listenFlags struct {
	Monitor string   `required:"" help:"What to listen for, in the query language of monitors." placeholder:"QUERY" env:"-"`
	Allow   []string `help:"Hosts to reach besides the public internet, such as localhost." placeholder:"HOST"`
}

type listenBluesky struct {
	listenFlags
	URL string `arg:"" optional:"" help:"Address of a Jetstream; Bluesky's own if left out."`
}

type listenMastodon struct {
	listenFlags
	URL   string `arg:"" help:"Address of the server."`
	Token string `help:"Access token; without one only what the server shows to strangers is heard."`
}

type listenFeed struct {
	listenFlags
	URL string `arg:"" help:"Address of the feed."`
}

type listenYoutube struct {
	listenFlags
	Channel string   `arg:"" help:"Id of the channel; it begins with UC."`
	Key     string   `required:"" help:"API key." env:"YOUTUBE_API_KEY"`
	Video   []string `help:"Only below this video; may be repeated." placeholder:"ID"`
	Address string   `hidden:""`
}

type listenX struct {
	listenFlags
	Bearer  string   `required:"" help:"The app's bearer token." env:"X_BEARER_TOKEN"`
	Rule    []string `required:"" help:"A rule of the stream; may be repeated." sep:"none" placeholder:"RULE"`
	Address string   `hidden:""`
}

// Help is shown with --help.
func (listenCmd) Help() string {
	return `Writes what matches, live, as JSON lines, until it is interrupted. No server, no
database and no account at Parley are needed.

  parley listen bluesky --monitor 'kettle AND (loose OR broken)'
  parley listen feed https://example.org/feed.xml --monitor recall`
}

// Run listens to Bluesky.
func (c listenBluesky) Run(ctx context.Context, s *streams) error {
	set := channel.Settings{}
	if c.URL != "" {
		set["jetstream"] = c.URL
	}
	return c.listen(ctx, s, bluesky.Kind(), set)
}

// Run listens to a server with the Mastodon API.
func (c listenMastodon) Run(ctx context.Context, s *streams) error {
	return c.listen(ctx, s, mastodon.Kind(), channel.Settings{"server": c.URL, "token": c.Token, "public": "all"})
}

// Run listens to a feed.
func (c listenFeed) Run(ctx context.Context, s *streams) error {
	return c.listen(ctx, s, feed.Kind(), channel.Settings{"urls": c.URL})
}

// Run listens to comments on YouTube.
func (c listenYoutube) Run(ctx context.Context, s *streams) error {
	return c.listen(ctx, s, youtube.Kind(), channel.Settings{"channel": c.Channel, "key": c.Key, "videos": strings.Join(c.Video, "\n"), "address": c.Address})
}

// Run listens to the filtered stream of X.
func (c listenX) Run(ctx context.Context, s *streams) error {
	return c.listen(ctx, s, x.Kind(), channel.Settings{"bearer": c.Bearer, "rules": strings.Join(c.Rule, "\n"), "address": c.Address})
}

// heardLine is what is written for a post that matches.
type heardLine struct {
	ID      string    `json:"id"`
	At      time.Time `json:"at"`
	Author  string    `json:"author"`
	Name    string    `json:"name,omitempty"`
	Lang    string    `json:"lang,omitempty"`
	Title   string    `json:"title,omitempty"`
	Text    string    `json:"text"`
	URL     string    `json:"url,omitempty"`
	Channel string    `json:"channel"`
}

func (f listenFlags) listen(ctx context.Context, s *streams, kind channel.Kind, set channel.Settings) error {
	q, err := query.Parse(f.Monitor)
	if err != nil {
		fmt.Fprintf(s.Err, "parley: column %d: %v\n", columnOf(err), err)
		return shell.Quit(shell.ExitUsage)
	}
	client, err := safe.New(safe.Options{Allow: f.Allow, UserAgent: userAgent})
	if err != nil {
		return err
	}
	for _, field := range kind.Form {
		if set[field.Name] == "" {
			set[field.Name] = field.Default
		}
	}
	conn, err := kind.New(set, channel.Env{HTTP: client.HTTP, Dial: client.Dial, Clock: clock.System{}, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		fmt.Fprintln(s.Err, "parley:", err)
		return shell.Quit(shell.ExitUsage)
	}
	e := ear{kind: kind.Name, conn: conn, query: q, out: json.NewEncoder(s.Out), err: s.Err}
	e.out.SetEscapeHTML(false)
	return e.listen(ctx)
}

func columnOf(err error) int {
	var e *social.Error
	if errors.As(err, &e) {
		return e.At
	}
	return 0
}

// ear listens to one channel and writes what matches.
type ear struct {
	kind  string
	conn  channel.Channel
	query *query.Query
	out   *json.Encoder
	err   io.Writer
	doc   query.Doc
}

// listen goes on until ctx ends, and comes back after every trouble, later
// each time; but not to where it may not go.
func (e *ear) listen(ctx context.Context) error {
	cursor, failed := "", 0
	for ctx.Err() == nil {
		wait, err := e.once(ctx, &cursor)
		if ctx.Err() != nil {
			return nil
		}
		if social.Forbidden.Is(err) {
			return err
		}
		if err != nil {
			failed++
			back := min(time.Second<<min(failed, 6), time.Minute)
			wait = max(wait, back/2+rand.N(back))
			fmt.Fprintf(e.err, "parley: %v Trying again in %s.\n", err, wait.Round(time.Second))
		} else {
			failed = 0
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
		}
	}
	return nil
}

func (e *ear) once(ctx context.Context, cursor *string) (time.Duration, error) {
	if s, ok := e.conn.(channel.Streamer); ok {
		return 0, s.Stream(ctx, *cursor, func(ev channel.Event) error {
			if ev.Cursor != "" {
				*cursor = ev.Cursor
			}
			return e.take(ev)
		})
	}
	p, ok := e.conn.(channel.Poller)
	if !ok {
		return time.Hour, social.Errorf(social.Invalid, "This network can only be listened to by a server that it reaches.")
	}
	b, err := p.Poll(ctx, *cursor)
	if err != nil {
		return 0, err
	}
	for _, ev := range b.Events {
		if err := e.take(ev); err != nil {
			return 0, err
		}
	}
	*cursor = b.Cursor
	if b.More {
		return 0, nil
	}
	return max(b.Wait, p.Interval()), nil
}

// take reads an event and writes what matches. An event that can't be read
// is passed over: it is nobody's here.
func (e *ear) take(ev channel.Event) error {
	activities, err := e.conn.Read(ev)
	if err != nil {
		return nil
	}
	for _, a := range activities {
		if a.Verb == social.Delete || a.Visibility == social.Direct {
			continue
		}
		text := a.Text
		if a.Title != "" {
			text = a.Title + "\n" + a.Text
		}
		handle := a.Author.Handle
		if handle == "" {
			handle = a.Author.Value
		}
		e.doc.Reset(text, a.Lang, handle, e.kind)
		if !e.query.Match(&e.doc) {
			continue
		}
		err := e.out.Encode(heardLine{ID: a.ExternalID, At: a.Published, Author: handle, Name: a.Author.Name, Lang: a.Lang,
			Title: a.Title, Text: a.Text, URL: a.URL, Channel: e.kind})
		if err != nil {
			return err
		}
	}
	return nil
}
