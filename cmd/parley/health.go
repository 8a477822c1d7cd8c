package main

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"syscall"

	"github.com/parley-crm/parley/evolve"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

// Health is how Parley itself is doing.
type Health struct {
	Version   string          `json:"version"`
	Database  string          `json:"database" enum:"sqlite,postgres"`
	Schema    int64           `json:"schema"`
	Intake    Intake          `json:"intake"`
	Followers []Lag           `json:"followers" doc:"Who is told of what happened, and how far behind they are."`
	Parked    int64           `json:"parked" doc:"Facts that were given up on; the log says why."`
	Channels  []ChannelHealth `json:"channels"`
	Disk      Disk            `json:"disk"`
}

// Intake is how what arrives is coming along.
type Intake struct {
	State   string `json:"state" enum:"ok,waiting"`
	Text    string `json:"text"`
	Backlog int    `json:"backlog" doc:"Batches that were kept and wait to be processed."`
}

// Lag is how many facts a follower has yet to be told.
type Lag struct {
	Name   string `json:"name"`
	Behind int64  `json:"behind"`
}

// ChannelHealth is how a channel is doing.
type ChannelHealth struct {
	Channel social.ChannelRef `json:"channel"`
	State   string            `json:"state"`
	Text    string            `json:"text"`
}

// Disk is the room that is left for the data folder.
type Disk struct {
	Free  uint64 `json:"free" doc:"Bytes."`
	State string `json:"state" enum:"ok,low,unknown"`
}

// low is how little room on the disk is a reason to worry.
const low = 1 << 30

func (h *house) registerHealth(s *server.Server, version string) {
	server.Register(s, server.Op{ID: "get-health", Method: http.MethodGet, Path: "/api/health", Tag: "System", Permission: social.SystemRead,
		Summary: "How Parley itself is doing."}, func(ctx context.Context, _ *struct{}) (*server.Body[Health], error) {
		out := Health{Version: version, Database: string(h.db.Engine), Followers: []Lag{}, Channels: []ChannelHealth{}, Disk: h.disk()}
		var err error
		if out.Schema, err = h.db.Schema(ctx); err != nil {
			return nil, err
		}
		if out.Parked, err = h.db.Parked(ctx); err != nil {
			return nil, err
		}
		if out.Intake.Backlog, err = h.station.Backlog(ctx); err != nil {
			return nil, err
		}
		out.Intake.State, out.Intake.Text = "ok", "Everything that arrived has been processed."
		if out.Intake.Backlog > 0 {
			out.Intake.State, out.Intake.Text = "waiting", "Some of what arrived waits to be processed. It is kept and will be."
		}
		behind, err := h.db.Behind(ctx)
		if err != nil {
			return nil, err
		}
		for name, n := range behind {
			out.Followers = append(out.Followers, Lag{name, n})
		}
		slices.SortFunc(out.Followers, func(a, b Lag) int { return strings.Compare(a.Name, b.Name) })
		for _, c := range h.station.ChannelsSeen(ctx) {
			c.Health = c.Health.At(h.clock.Now())
			out.Channels = append(out.Channels, ChannelHealth{h.station.RefOf(c), string(c.Health.State), c.Health.Text})
		}
		return &server.Body[Health]{Body: out}, nil
	})
}

func (h *house) disk() Disk {
	var s syscall.Statfs_t
	if err := syscall.Statfs(h.db.Dir(), &s); err != nil {
		return Disk{State: "unknown"}
	}
	d := Disk{Free: s.Bavail * uint64(s.Bsize), State: "ok"}
	if d.Free < low {
		d.State = "low"
	}
	return d
}

func quantileOf(waits []evolve.WaitBucket) (int, bool) {
	median, ok := evolve.Quantile(waits, 0.5)
	return int(median + 0.5), ok
}
