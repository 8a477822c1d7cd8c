package listenapi

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

// Sharer is somebody who passed a mention on.
type Sharer struct {
	Author
	Kind social.ShareKind `json:"kind" enum:"share,quote"`
	At   time.Time        `json:"at"`
	Own  bool             `json:"own,omitempty" doc:"Shared by our own profile."`
}

func (a *api) sharing(s *server.Server) {
	server.Register(s, server.Op{ID: "list-shares", Method: http.MethodGet, Path: "/api/mentions/{id}/shares", Tag: "Listen", Permission: social.ListenRead,
		Summary: "Who passed a mention on, the latest first, as far as the network tells who: reposts, boosts and quotes that stand."}, a.listShares)
}

func (a *api) listShares(ctx context.Context, in *struct {
	ByID
	server.Paging
}) (*server.Body[server.Page[Sharer]], error) {
	item, err := a.station.MentionByID(ctx, social.ActivityID(in.ID))
	if err != nil {
		return nil, err
	}
	before, err := sharePlace(in.Cursor)
	if err != nil {
		return nil, err
	}
	size := pageSize(in.Limit)
	found, err := a.station.SharesTo(ctx, item, before, size+1)
	if err != nil {
		return nil, err
	}
	next := ""
	if len(found) > size {
		found = found[:size]
		last := found[size-1]
		next = toCursor(strconv.FormatInt(last.At.UnixMicro(), 10) + " " + last.ExternalID)
	}
	ids := make([]social.IdentityID, len(found))
	for i, s := range found {
		ids[i] = s.By.ID()
	}
	persons := map[social.IdentityID]social.PersonID{}
	if len(ids) > 0 {
		if persons, err = a.around.Persons(ctx, ids); err != nil {
			return nil, err
		}
	}
	rows := make([]Sharer, len(found))
	for i, s := range found {
		rows[i] = Sharer{Kind: s.Kind, At: s.At, Own: s.Own, Author: Author{Identity: ids[i], Person: persons[ids[i]], Name: s.By.Label(),
			Handle: s.By.Handle, URL: s.By.URL, Avatar: s.By.Avatar, Followers: s.By.Followers, Bot: s.By.Bot}}
	}
	return &server.Body[server.Page[Sharer]]{Body: server.NewPage(rows, next)}, nil
}

func sharePlace(cursor string) (*listen.SharePlace, error) {
	if cursor == "" {
		return nil, nil
	}
	text, err := fromCursor(cursor)
	if err != nil {
		return nil, err
	}
	at, name, ok := strings.Cut(text, " ")
	us, err := strconv.ParseInt(at, 10, 64)
	if !ok || err != nil || us < 0 {
		return nil, foreign()
	}
	return &listen.SharePlace{At: time.UnixMicro(us).UTC(), ExternalID: name}, nil
}
