// Package listenapi serves channels, monitors and the wall over HTTP.
package listenapi

import (
	"context"
	"net/http"

	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/listen/explore"
	"github.com/parley-crm/parley/listen/warn"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

// Around answers what the listen room itself does not know.
type Around interface {
	// Scores returns what analysis says; activities without are left out.
	Scores(ctx context.Context, ids []social.ActivityID) (map[social.ActivityID]social.Scores, error)
	// Conversations says in which conversation activities stand, of those
	// that the actor may see.
	Conversations(ctx context.Context, ids []social.ActivityID) (map[social.ActivityID]social.ConversationID, error)
	// Persons says who is behind identities.
	Persons(ctx context.Context, ids []social.IdentityID) (map[social.IdentityID]social.PersonID, error)
	// Programmes names programmes.
	Programmes(ctx context.Context, ids []social.ProgrammeID) (map[social.ProgrammeID]string, error)
}

type api struct {
	station  *listen.Station
	watch    *warn.Watch
	around   Around
	explorer *explore.Explorer // of RegisterExplore alone
}

// Register adds the room's operations, and the door for webhooks.
func Register(s *server.Server, station *listen.Station, around Around) {
	a := &api{station: station, around: around}
	a.channels(s)
	a.monitors(s)
	a.wall(s)
	a.sharing(s)
	s.Door(listen.DoorPath, a.door)
	for _, method := range []string{http.MethodGet, http.MethodPost} { // some networks prove themselves by GET
		s.Mux.HandleFunc(method+" "+listen.HookPath+"{id}", a.hook)
		s.Mux.HandleFunc(method+" "+listen.HookPath+"{id}/{rest...}", a.hook)
	}
}

func (a *api) channels(s *server.Server) {
	const tag = "Listen"
	server.Register(s, server.Op{ID: "list-channel-kinds", Method: http.MethodGet, Path: "/api/channel-kinds", Tag: tag, Permission: social.ListenRead,
		Summary: "The networks that a channel can be connected to, and how."}, a.listKinds)
	server.Register(s, server.Op{ID: "list-channels", Method: http.MethodGet, Path: "/api/channels", Tag: tag, Permission: social.ListenRead,
		Summary: "Connected channels with their health."}, a.listChannels)
	server.Register(s, server.Op{ID: "add-channel", Method: http.MethodPost, Path: "/api/channels", Tag: tag, Permission: social.ChannelWrite, Status: http.StatusCreated,
		Summary: "Connect a channel and listen to it at once."}, a.addChannel)
	server.Register(s, server.Op{ID: "test-channel", Method: http.MethodPost, Path: "/api/channels/test", Tag: tag, Permission: social.ChannelWrite,
		Summary: "Try settings against the network; nothing is kept."}, a.testChannel)
	server.Register(s, server.Op{ID: "get-channel", Method: http.MethodGet, Path: "/api/channels/{id}", Tag: tag, Permission: social.ListenRead,
		Summary: "One channel, with what could not be read lately."}, a.getChannel)
	server.Register(s, server.Op{ID: "edit-channel", Method: http.MethodPatch, Path: "/api/channels/{id}", Tag: tag, Permission: social.ChannelWrite,
		Summary: "Change a channel. What is left out stays; an empty secret keeps the stored one."}, a.editChannel)
	server.Register(s, server.Op{ID: "remove-channel", Method: http.MethodDelete, Path: "/api/channels/{id}", Tag: tag, Permission: social.ChannelWrite, Status: http.StatusNoContent,
		Summary: "Take a channel away. What was heard on it stays."}, a.removeChannel)
	server.Register(s, server.Op{ID: "pause-channel", Method: http.MethodPost, Path: "/api/channels/{id}/pause", Tag: tag, Permission: social.ChannelWrite,
		Summary: "Stop listening for now."}, a.pauseChannel)
	server.Register(s, server.Op{ID: "resume-channel", Method: http.MethodPost, Path: "/api/channels/{id}/resume", Tag: tag, Permission: social.ChannelWrite,
		Summary: "Listen again, from where it stopped if the network allows."}, a.resumeChannel)
	server.Register(s, server.Op{ID: "poll-channel", Method: http.MethodPost, Path: "/api/channels/{id}/poll", Tag: tag, Permission: social.ChannelWrite,
		Summary: "Ask the network now instead of waiting."}, a.pollChannel)
	server.Register(s, server.Op{ID: "check-channel", Method: http.MethodPost, Path: "/api/channels/{id}/check", Tag: tag, Permission: social.ChannelWrite,
		Summary: "Ask now what the channel depends on and when that ends."}, a.checkChannel)
	server.Register(s, server.Op{ID: "rotate-secret", Method: http.MethodPost, Path: "/api/channels/{id}/secrets/{field}/rotate", Tag: tag, Permission: social.ChannelWrite,
		Summary: "Make a new secret; the former one counts beside it until it is dropped."}, a.rotateSecret)
	server.Register(s, server.Op{ID: "drop-former-secret", Method: http.MethodDelete, Path: "/api/channels/{id}/secrets/{field}/former", Tag: tag, Permission: social.ChannelWrite,
		Summary: "Let the former secret count no more."}, a.dropFormer)
}

func (a *api) monitors(s *server.Server) {
	const tag = "Listen"
	server.Register(s, server.Op{ID: "list-monitors", Method: http.MethodGet, Path: "/api/monitors", Tag: tag, Permission: social.ListenRead,
		Summary: "Saved queries with how much they matched lately."}, a.listMonitors)
	server.Register(s, server.Op{ID: "add-monitor", Method: http.MethodPost, Path: "/api/monitors", Tag: tag, Permission: social.ListenWrite, Status: http.StatusCreated,
		Summary: "Save a query. It matches at once, and what was heard before is looked through behind it."}, a.addMonitor)
	server.Register(s, server.Op{ID: "check-query", Method: http.MethodPost, Path: "/api/monitors/check", Tag: tag, Permission: social.ListenRead,
		Summary: "Read a query while it is being written, and show what it would have found."}, a.checkQuery)
	server.Register(s, server.Op{ID: "get-monitor", Method: http.MethodGet, Path: "/api/monitors/{id}", Tag: tag, Permission: social.ListenRead,
		Summary: "One monitor."}, a.getMonitor)
	server.Register(s, server.Op{ID: "edit-monitor", Method: http.MethodPatch, Path: "/api/monitors/{id}", Tag: tag, Permission: social.ListenWrite,
		Summary: "Change a monitor. With a new query the past is looked through again."}, a.editMonitor)
	server.Register(s, server.Op{ID: "remove-monitor", Method: http.MethodDelete, Path: "/api/monitors/{id}", Tag: tag, Permission: social.ListenWrite, Status: http.StatusNoContent,
		Summary: "Take a monitor away. What it matched stays."}, a.removeMonitor)
	server.Register(s, server.Op{ID: "get-monitor-series", Method: http.MethodGet, Path: "/api/monitors/{id}/series", Tag: tag, Permission: social.ListenRead,
		Summary: "How much a monitor matched, step by step, with moods, languages, intents and authors."}, a.monitorSeries)
	server.Register(s, server.Op{ID: "get-wall-series", Method: http.MethodGet, Path: "/api/wall/series", Tag: tag, Permission: social.ListenRead,
		Summary: "The same of all that is kept."}, a.wallSeries)
}

func (a *api) wall(s *server.Server) {
	const tag = "Listen"
	server.Register(s, server.Op{ID: "list-mentions", Method: http.MethodGet, Path: "/api/mentions", Tag: tag, Permission: social.ListenRead,
		Summary: "The wall: what others said in public, newest first. A page may be short and yet have a next one."}, a.listMentions)
	server.Register(s, server.Op{ID: "get-mention", Method: http.MethodGet, Path: "/api/mentions/{id}", Tag: tag, Permission: social.ListenRead,
		Summary: "One mention with its thread."}, a.getMention)
}

// RegisterExplore adds the operations of the explorer.
func RegisterExplore(s *server.Server, explorer *explore.Explorer, around Around) {
	a := &api{station: explorer.Heard, around: around, explorer: explorer}
	const tag = "Listen"
	server.Register(s, server.Op{ID: "count-mentions", Method: http.MethodGet, Path: "/api/mentions/facets", Tag: tag, Permission: social.ListenRead,
		Summary: "What a search finds, counted by channel, language, feeling and so on. Each counts leave their own choice out."}, a.countMentions)
	server.Register(s, server.Op{ID: "explore", Method: http.MethodGet, Path: "/api/explore", Tag: tag, Permission: social.ListenRead,
		Summary: "What a monitor, a channel, a programme or everything comes to in a stretch of time, compared with the two before. From rollups; agrees with the list to the unit."}, a.exploreSpan)
	server.Register(s, server.Op{ID: "explore-trend", Method: http.MethodGet, Path: "/api/explore/trend", Tag: tag, Permission: social.ListenRead,
		Summary: "One value's way through a stretch of time."}, a.exploreTrend)
	server.Register(s, server.Op{ID: "explore-bursts", Method: http.MethodGet, Path: "/api/explore/bursts", Tag: tag, Permission: social.ListenRead,
		Summary: "What people suddenly speak of: words that go together and are said far more than in the weeks before."}, a.exploreBursts)
	server.Register(s, server.Op{ID: "explore-voice", Method: http.MethodGet, Path: "/api/explore/voice", Tag: tag, Permission: social.ListenRead,
		Summary: "Monitors compared with each other: brands and competitors, or those of a kind, or chosen ones."}, a.exploreVoice)
}

// Ref names a thing.
type Ref struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// ByID is the input of whatever speaks of one thing.
type ByID struct {
	ID string `path:"id" maxLength:"64"`
}

// programmes names programmes; those without a name are left out.
func (a *api) programmes(ctx context.Context, ids []social.ProgrammeID) (map[social.ProgrammeID]*Ref, error) {
	var some []social.ProgrammeID
	for _, id := range ids {
		if id != "" {
			some = append(some, id)
		}
	}
	out := map[social.ProgrammeID]*Ref{}
	if len(some) == 0 {
		return out, nil
	}
	names, err := a.around.Programmes(ctx, some)
	for id, name := range names {
		out[id] = &Ref{ID: string(id), Name: name}
	}
	return out, err
}
