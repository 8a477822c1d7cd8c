package engageapi

import (
	"context"
	"net/http"
	"time"

	"github.com/parley-crm/parley/engage/know"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

// HelpAround names the doors at which visitors can ask.
type HelpAround interface {
	KnowAround
	// Doors lists our own public pages on which people can write to us.
	Doors(ctx context.Context) ([]HelpDoor, error)
	// Peers counts the questions that colleagues in the hive answered before the
	// contact centre had them and that were closed after it.
	Peers(ctx context.Context, from, to time.Time) (int64, error)
}

// HelpDoor is a page of ours on which people can write to us.
type HelpDoor struct {
	ID   social.ChannelID `json:"id"`
	Kind string           `json:"kind"`
	Name string           `json:"name"`
}

type reportAPI struct {
	*knowAPI
	doors HelpAround
}

// RegisterHelp adds the operations on the help page and on what it brought.
func RegisterHelp(s *server.Server, lib *know.Library, around HelpAround) {
	a := &reportAPI{&knowAPI{lib, around}, around}
	op := func(id, method, path string, p social.Permission, summary string) server.Op {
		return server.Op{ID: id, Method: method, Path: path, Tag: "Engage", Permission: p, Summary: summary}
	}
	server.Register(s, op("get-help", http.MethodGet, "/api/know/help", social.KnowRead, "The settings of the public help page, and whether it is open."), a.help)
	server.Register(s, op("set-help", http.MethodPut, "/api/know/help", social.KnowPublish, "Change the settings of the public help page."), a.setHelp)
	server.Register(s, op("get-know-report", http.MethodGet, "/api/know/report", social.KnowRead, "What the help page and the suggestions brought, by day and article, and what was searched and not found."), a.report)
}

// HelpPageSettings are those of the public help page.
type HelpPageSettings struct {
	Off    bool             `json:"off"`
	Open   bool             `json:"open" doc:"It is there: not off, and something is published for everybody."`
	Title  string           `json:"title"`
	Intro  string           `json:"intro"`
	Ask    social.ChannelID `json:"ask" doc:"Where “ask us” leads; empty: to the first door that is open."`
	Colour string           `json:"colour"`
	Doors  []HelpDoor       `json:"doors" doc:"Web forms and chats that are open."`
}

func (a *reportAPI) help(ctx context.Context, _ *struct{}) (*server.Body[HelpPageSettings], error) {
	s, err := a.lib.Store.HelpSettings(ctx)
	if err != nil {
		return nil, err
	}
	open, err := a.lib.HelpOpen(ctx)
	if err != nil {
		return nil, err
	}
	doors, err := a.doors.Doors(ctx)
	out := HelpPageSettings{Off: s.Off, Open: open, Title: s.Title, Intro: s.Intro, Ask: s.Ask, Colour: s.Colour, Doors: append([]HelpDoor{}, doors...)}
	return &server.Body[HelpPageSettings]{Body: out}, err
}

func (a *reportAPI) setHelp(ctx context.Context, in *struct {
	Body struct {
		Off    bool             `json:"off"`
		Title  string           `json:"title,omitempty" maxLength:"200"`
		Intro  string           `json:"intro,omitempty" maxLength:"2000"`
		Ask    social.ChannelID `json:"ask,omitempty" maxLength:"64"`
		Colour string           `json:"colour,omitempty" maxLength:"7"`
	}
}) (*server.Body[HelpPageSettings], error) {
	x := in.Body
	if err := a.lib.SetHelp(ctx, know.HelpSettings{Off: x.Off, Title: x.Title, Intro: x.Intro, Ask: x.Ask, Colour: x.Colour}); err != nil {
		return nil, err
	}
	return a.help(ctx, nil)
}

// KnowNumber counts what a time brought. A visit is somebody on a day.
type KnowNumber struct {
	Visits   int64 `json:"visits" doc:"Of an article: its readers."`
	Searched int64 `json:"searched"`
	Read     int64 `json:"read" doc:"Visits that read an article."`
	Solved   int64 `json:"solved" doc:"Said yes to: did this solve it?"`
	Unsolved int64 `json:"unsolved"`
	Asked    int64 `json:"asked" doc:"Went on to ask us."`
	Inserted int64 `json:"inserted" doc:"Suggestions put into replies."`
	Resolved int64 `json:"resolved" doc:"Of those, in conversations that were resolved."`
}

func numberOf(n know.Number) KnowNumber {
	return KnowNumber{n.Visits, n.Searched, n.Read, n.Solved, n.Unsolved, n.Asked, n.Inserted, n.Resolved}
}

// KnowDay is a day of the help page.
type KnowDay struct {
	Day string `json:"day"`
	KnowNumber
}

// KnowArticleNumber is what an article brought.
type KnowArticleNumber struct {
	ID    know.ArticleID `json:"id"`
	Title string         `json:"title"`
	Lang  string         `json:"lang"`
	KnowNumber
}

// KnowSearched is what people searched for.
type KnowSearched struct {
	Words string `json:"words" doc:"As somebody typed it last."`
	Lang  string `json:"lang"`
	N     int64  `json:"n"`
	None  int64  `json:"none" doc:"How often nothing was found."`
}

// KnowRemark is what a reader wrote.
type KnowRemark struct {
	Article know.ArticleID `json:"article"`
	Title   string         `json:"title"`
	Vote    string         `json:"vote"`
	Words   string         `json:"words"`
	At      time.Time      `json:"at"`
}

// KnowReport is what knowledge brought.
type KnowReport struct {
	Days     int                 `json:"days"`
	Total    KnowNumber          `json:"total"`
	Before   KnowNumber          `json:"before" doc:"The same number of days before."`
	Peers    int64               `json:"peers" doc:"Questions that colleagues in the hive answered before the contact centre had them, in conversations that were closed after it."`
	Past     int64               `json:"peers_before"`
	ByDay    []KnowDay           `json:"by_day"`
	Articles []KnowArticleNumber `json:"articles"`
	Missed   []KnowSearched      `json:"missed" doc:"Searched for, and nothing was found."`
	Often    []KnowSearched      `json:"often"`
	Remarks  []KnowRemark        `json:"remarks"`
}

func (a *reportAPI) report(ctx context.Context, in *struct {
	Days int `query:"days" minimum:"1" maximum:"400" default:"30"`
}) (*server.Body[KnowReport], error) {
	if err := a.lib.Flush(ctx); err != nil {
		return nil, err
	}
	today := a.lib.Clock.Now().UTC().Truncate(24 * time.Hour)
	to := today.AddDate(0, 0, 1)
	from := to.AddDate(0, 0, -in.Days)
	r, err := a.lib.Report(ctx, from, to)
	if err != nil {
		return nil, err
	}
	before, err := a.lib.Report(ctx, from.AddDate(0, 0, -in.Days), from)
	if err != nil {
		return nil, err
	}
	out := KnowReport{Days: in.Days, Total: numberOf(r.Total), Before: numberOf(before.Total), ByDay: []KnowDay{}, Articles: []KnowArticleNumber{}, Missed: []KnowSearched{}, Often: []KnowSearched{}, Remarks: []KnowRemark{}}
	if out.Peers, err = a.doors.Peers(ctx, from, to); err != nil {
		return nil, err
	}
	if out.Past, err = a.doors.Peers(ctx, from.AddDate(0, 0, -in.Days), from); err != nil {
		return nil, err
	}
	byDay := map[time.Time]know.Number{}
	for _, d := range r.Days {
		byDay[d.Day] = d
	}
	for day := from; day.Before(to); day = day.AddDate(0, 0, 1) {
		out.ByDay = append(out.ByDay, KnowDay{day.Format(time.DateOnly), numberOf(byDay[day])})
	}
	remarks, err := a.lib.Store.Remarks(ctx, "", 20)
	if err != nil {
		return nil, err
	}
	var ids []know.ArticleID
	for _, n := range r.Articles {
		ids = append(ids, n.Article)
	}
	for _, m := range remarks {
		ids = append(ids, m.Article)
	}
	names, err := a.names(ctx, ids)
	if err != nil {
		return nil, err
	}
	for _, n := range r.Articles {
		if x, ok := names[n.Article]; ok {
			out.Articles = append(out.Articles, KnowArticleNumber{n.Article, x.Title, x.Lang, numberOf(n)})
		}
	}
	for _, m := range remarks {
		out.Remarks = append(out.Remarks, KnowRemark{m.Article, names[m.Article].Title, m.Vote, m.Words, m.At})
	}
	for _, s := range r.Missed {
		out.Missed = append(out.Missed, KnowSearched{s.Asked, s.Lang, s.N, s.None})
	}
	for _, s := range r.Often {
		out.Often = append(out.Often, KnowSearched{s.Asked, s.Lang, s.N, s.None})
	}
	return &server.Body[KnowReport]{Body: out}, nil
}

// names reads the titles of articles that the actor sees.
func (a *knowAPI) names(ctx context.Context, ids []know.ArticleID) (map[know.ArticleID]know.Article, error) {
	out := map[know.ArticleID]know.Article{}
	for len(ids) > 0 {
		n := min(100, len(ids))
		some, _, err := a.lib.Store.List(ctx, know.ArticleQuery{IDs: ids[:n], Limit: 100})
		if err != nil {
			return nil, err
		}
		for _, x := range some {
			out[x.ID] = x
		}
		ids = ids[n:]
	}
	return out, nil
}
