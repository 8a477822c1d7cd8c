package listenapi

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

// Kind is a network that a channel can be connected to.
type Kind struct {
	Name      string         `json:"name"`
	Title     string         `json:"title"`
	Site      string         `json:"site" doc:"Which sort of site: microblog, blog, practice …"`
	About     string         `json:"about"`
	Abilities []string       `json:"abilities" doc:"What its channels can do with usual settings; empty when that depends on them."`
	Steps     []listen.Step  `json:"steps"`
	Form      []listen.Field `json:"form"`
}

// Profile is who we are on a network.
type Profile struct {
	Handle string `json:"handle"`
	Name   string `json:"name"`
	URL    string `json:"url,omitempty"`
	Avatar string `json:"avatar,omitempty"`
}

// Health says how a channel is.
type Health struct {
	State       listen.HealthState `json:"state" doc:"ok, waiting, soon (something that it needs ends within 14 days), trouble or off."`
	Text        string             `json:"text" doc:"A sentence."`
	LastHeard   *time.Time         `json:"last_heard_at,omitempty"`
	LastError   string             `json:"last_error,omitempty"`
	LastErrorAt *time.Time         `json:"last_error_at,omitempty"`
	Retry       *time.Time         `json:"retry_at,omitempty"`
	Heard24     int                `json:"heard_24h"`
	Dropped24   int                `json:"dropped_24h" doc:"Heard but about somebody else, so only counted."`
	Limit       *Limit             `json:"limit,omitempty" doc:"That the network asks us to wait."`
	SendLimit   *Limit             `json:"send_limit,omitempty" doc:"That it asks us to wait before we send again."`
	Endings     []Ending           `json:"endings" doc:"What it depends on that ends some day, the nearest first."`
	CheckedAt   *time.Time         `json:"endings_checked_at,omitempty"`
	CheckError  string             `json:"endings_error,omitempty" doc:"Why the network could not tell."`
}

// Limit is that a network asks us to wait.
type Limit struct {
	Text  string    `json:"text"`
	Until time.Time `json:"until"`
}

// Ending is the end of something that a channel depends on.
type Ending struct {
	What  string    `json:"what"`
	At    time.Time `json:"at"`
	Help  string    `json:"help"`
	Soon  bool      `json:"soon" doc:"Within 14 days."`
	Ended bool      `json:"ended"`
}

func healthOf(h listen.Health, heard listen.Count, now time.Time) Health {
	out := Health{
		LastHeard: server.When(h.LastHeard), LastError: h.LastError, LastErrorAt: server.When(h.LastErrorAt), Retry: server.When(h.Retry),
		Heard24: heard.Heard, Dropped24: heard.Dropped, Endings: []Ending{}, CheckedAt: server.When(h.ExpiriesAt), CheckError: h.ExpiriesError,
	}
	if h.Limit.Until.After(now) {
		out.Limit = &Limit{Text: h.Limit.Text, Until: h.Limit.Until}
	}
	if h.Send.Until.After(now) {
		out.SendLimit = &Limit{Text: h.Send.Text, Until: h.Send.Until}
	}
	for _, e := range h.Endings(now) {
		out.Endings = append(out.Endings, Ending{What: e.What, At: e.At, Help: e.Help, Soon: e.Soon, Ended: e.Ended})
	}
	h = h.At(now)
	out.State, out.Text = h.State, h.Text
	return out
}

// Channel is a connected channel. Secrets never leave; has_secret says which
// there are.
type Channel struct {
	ID           social.ChannelID    `json:"id"`
	Kind         string              `json:"kind"`
	Title        string              `json:"title"`
	Name         string              `json:"name"`
	Mark         string              `json:"mark,omitempty" doc:"A picture of its own, where the kind's says too little."`
	State        listen.State        `json:"state" doc:"active or paused."`
	Keep         bool                `json:"keep" doc:"All that is heard is kept, not only what is about us."`
	Abilities    []string            `json:"abilities"`
	Visibilities []social.Visibility `json:"visibilities" doc:"How a reply may be sent here, the usual way first."`
	Programme    *Ref                `json:"programme,omitempty"`
	Profile      *Profile            `json:"profile,omitempty"`
	Settings     map[string]any      `json:"settings" doc:"Without secrets; has_secret says which there are."`
	Health       Health              `json:"health"`
	Hook         string              `json:"hook,omitempty" doc:"Where its network sends to, if it hears by webhook; only a path where Parley has no public address."`
	Door         string              `json:"door,omitempty" doc:"Address of its own page, if it has one; only a path where Parley has no public address."`
	CreatedAt    time.Time           `json:"created_at"`
}

// Broken is an event that could not be read.
type Broken struct {
	Key   string    `json:"key"`
	At    time.Time `json:"at"`
	Error string    `json:"error"`
}

// ChannelDetail is a channel on its own page.
type ChannelDetail struct {
	Channel
	Broken []Broken `json:"broken" doc:"The newest events that could not be read; they are kept."`
}

func (a *api) listKinds(context.Context, *struct{}) (*server.Body[server.Page[Kind]], error) {
	var out []Kind
	for _, k := range a.station.Kinds() {
		kind := Kind{Name: k.Name, Title: k.Title, Site: k.Site, About: k.About, Abilities: []string{}, Steps: k.Steps, Form: k.Form}
		if kind.Steps == nil {
			kind.Steps = []listen.Step{}
		}
		if kind.Form == nil {
			kind.Form = []listen.Field{}
		}
		if able := a.station.KindAbilities(k.Name); able != nil {
			kind.Abilities = able
		}
		out = append(out, kind)
	}
	return &server.Body[server.Page[Kind]]{Body: server.NewPage(out, "")}, nil
}

func (a *api) listChannels(ctx context.Context, in *struct{ server.Paging }) (*server.Body[server.Page[Channel]], error) {
	all := a.station.ChannelsSeen(ctx)
	page, next, err := cut(all, in.Paging, func(c listen.Channel) string { return string(c.ID) })
	if err != nil {
		return nil, err
	}
	rows, err := a.channelRows(ctx, page)
	if err != nil {
		return nil, err
	}
	return &server.Body[server.Page[Channel]]{Body: server.NewPage(rows, next)}, nil
}

func (a *api) channelRows(ctx context.Context, all []listen.Channel) ([]Channel, error) {
	heard, err := a.station.HeardLately(ctx)
	if err != nil {
		return nil, err
	}
	var ids []social.ProgrammeID
	for _, c := range all {
		ids = append(ids, c.Programme)
	}
	programmes, err := a.programmes(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make([]Channel, len(all))
	for i, c := range all {
		row := Channel{
			ID: c.ID, Kind: c.Kind, Title: c.Kind, Name: c.Name, Mark: a.station.RefOf(c).Mark, State: c.State, Keep: c.Keep,
			Abilities: []string{}, Visibilities: []social.Visibility{}, Programme: programmes[c.Programme],
			Settings: map[string]any{}, CreatedAt: c.Created, Health: healthOf(c.Health, heard[c.ID], a.station.Now()),
		}
		if k, err := a.station.Kind(c.Kind); err == nil {
			row.Title = k.Title
		}
		for k, v := range c.Settings {
			row.Settings[k] = v
		}
		secrets := map[string]bool{}
		for _, name := range c.SecretNames {
			secrets[name] = true
		}
		row.Settings["has_secret"] = secrets
		if p := c.Profile; p != nil {
			row.Profile = &Profile{Handle: p.Handle, Name: p.Label(), URL: p.URL, Avatar: p.Avatar}
		}
		able, visibilities := a.station.Able(c.ID)
		row.Abilities = append(row.Abilities, able...)
		if slices.Contains(able, "receive") {
			if row.Hook = a.station.Hook(c.ID); row.Hook == "" {
				row.Hook = listen.HookPath + string(c.ID)
			}
		}
		if slices.Contains(able, "door") {
			row.Door = a.station.Door(c.ID)
		}
		row.Visibilities = append(row.Visibilities, visibilities...)
		out[i] = row
	}
	return out, nil
}

func (a *api) channelRow(ctx context.Context, c listen.Channel, err error) (*server.Body[Channel], error) {
	if err != nil {
		return nil, err
	}
	rows, err := a.channelRows(ctx, []listen.Channel{c})
	if err != nil {
		return nil, err
	}
	return &server.Body[Channel]{Body: rows[0]}, nil
}

type addChannelIn struct {
	Body struct {
		Kind      string             `json:"kind" maxLength:"40"`
		Name      string             `json:"name" maxLength:"200"`
		Programme social.ProgrammeID `json:"programme,omitempty"`
		Keep      *bool              `json:"keep,omitempty"`
		Settings  map[string]string  `json:"settings"`
	}
}

func (a *api) addChannel(ctx context.Context, in *addChannelIn) (*server.Body[Channel], error) {
	c, err := a.station.AddChannel(ctx, listen.Draft{Kind: in.Body.Kind, Name: in.Body.Name, Programme: in.Body.Programme,
		Keep: in.Body.Keep, Settings: in.Body.Settings})
	return a.channelRow(ctx, c, err)
}

type testChannelIn struct {
	Body struct {
		Kind     string            `json:"kind" maxLength:"40"`
		ID       social.ChannelID  `json:"id,omitempty" doc:"Of a channel whose stored settings and secrets stand in for what is left out."`
		Settings map[string]string `json:"settings"`
	}
}

// Trial is what a test found.
type Trial struct {
	OK      bool     `json:"ok"`
	Profile *Profile `json:"profile,omitempty"`
	Text    string   `json:"text"`
}

func (a *api) testChannel(ctx context.Context, in *testChannelIn) (*server.Body[Trial], error) {
	t, err := a.station.TestChannel(ctx, in.Body.Kind, in.Body.ID, in.Body.Settings)
	if err != nil {
		return nil, err
	}
	out := Trial{OK: t.OK, Text: t.Text}
	if p := t.Profile; p != nil {
		out.Profile = &Profile{Handle: p.Handle, Name: p.Label(), URL: p.URL, Avatar: p.Avatar}
	}
	return &server.Body[Trial]{Body: out}, nil
}

func (a *api) getChannel(ctx context.Context, in *ByID) (*server.Body[ChannelDetail], error) {
	c, err := a.station.ChannelByID(ctx, social.ChannelID(in.ID))
	row, err := a.channelRow(ctx, c, err)
	if err != nil {
		return nil, err
	}
	out := ChannelDetail{Channel: row.Body, Broken: []Broken{}}
	broken, err := a.station.Broken(ctx, c.ID)
	for _, b := range broken {
		out.Broken = append(out.Broken, Broken{Key: b.Key, At: b.Received, Error: b.Error})
	}
	return &server.Body[ChannelDetail]{Body: out}, err
}

type editChannelIn struct {
	ByID
	Body struct {
		Name      *string             `json:"name,omitempty" maxLength:"200"`
		Programme *social.ProgrammeID `json:"programme,omitempty"`
		Keep      *bool               `json:"keep,omitempty"`
		Settings  map[string]string   `json:"settings,omitempty"`
	}
}

func (a *api) editChannel(ctx context.Context, in *editChannelIn) (*server.Body[Channel], error) {
	c, err := a.station.ChangeChannel(ctx, social.ChannelID(in.ID), listen.Patch{
		Name: in.Body.Name, Programme: in.Body.Programme, Keep: in.Body.Keep, Settings: in.Body.Settings})
	return a.channelRow(ctx, c, err)
}

func (a *api) removeChannel(ctx context.Context, in *ByID) (*struct{}, error) {
	return nil, a.station.RemoveChannel(ctx, social.ChannelID(in.ID))
}

func (a *api) pauseChannel(ctx context.Context, in *ByID) (*server.Body[Channel], error) {
	return a.setState(ctx, in, listen.Paused)
}

func (a *api) resumeChannel(ctx context.Context, in *ByID) (*server.Body[Channel], error) {
	return a.setState(ctx, in, listen.Active)
}

func (a *api) setState(ctx context.Context, in *ByID, state listen.State) (*server.Body[Channel], error) {
	_, err := a.station.ChangeChannel(ctx, social.ChannelID(in.ID), listen.Patch{State: &state})
	if err != nil {
		return nil, err
	}
	c, err := a.station.ChannelByID(ctx, social.ChannelID(in.ID))
	return a.channelRow(ctx, c, err)
}

func (a *api) pollChannel(ctx context.Context, in *ByID) (*server.Body[Channel], error) {
	if err := a.station.PollNow(ctx, social.ChannelID(in.ID)); err != nil {
		return nil, err
	}
	c, err := a.station.ChannelByID(ctx, social.ChannelID(in.ID))
	return a.channelRow(ctx, c, err)
}

func (a *api) checkChannel(ctx context.Context, in *ByID) (*server.Body[Channel], error) {
	c, err := a.station.CheckChannel(ctx, social.ChannelID(in.ID))
	return a.channelRow(ctx, c, err)
}

type secretIn struct {
	ByID
	Field string `path:"field" maxLength:"40"`
}

// Rotated is a new secret, which is shown this once.
type Rotated struct {
	Secret string `json:"secret"`
}

func (a *api) rotateSecret(ctx context.Context, in *secretIn) (*server.Body[Rotated], error) {
	_, secret, err := a.station.Rotate(ctx, social.ChannelID(in.ID), in.Field)
	if err != nil {
		return nil, err
	}
	return &server.Body[Rotated]{Body: Rotated{secret}}, nil
}

func (a *api) dropFormer(ctx context.Context, in *secretIn) (*server.Body[Channel], error) {
	c, err := a.station.DropFormer(ctx, social.ChannelID(in.ID), in.Field)
	return a.channelRow(ctx, c, err)
}

// hookMost is the most that a webhook may bring.
const hookMost = 4 << 20

// hook takes what a network sends. The channel verifies it before anything is
// read; only then is it kept and acknowledged.
func (a *api) hook(w http.ResponseWriter, r *http.Request) {
	id := social.ChannelID(r.PathValue("id"))
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, hookMost))
	var answer listen.Answer
	if err == nil {
		answer, err = a.station.Receive(r.Context(), id, listen.Request{
			Method: r.Method, URL: a.called(id, r), Path: r.PathValue("rest"), Header: r.Header, Body: body})
	} else {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			err = social.Errorf(social.Invalid, "That is too large; %d bytes at most.", large.Limit)
		} else {
			err = social.Because(social.Busy, err, "The request broke off.")
		}
	}
	if err != nil {
		p := server.ProblemOf(err)
		http.Error(w, p.Detail, p.Status)
		return
	}
	if answer.Type != "" {
		w.Header().Set("Content-Type", answer.Type)
	}
	switch {
	case answer.Status != 0:
		w.WriteHeader(answer.Status)
	case len(answer.Body) == 0:
		w.WriteHeader(http.StatusNoContent)
	}
	w.Write(answer.Body)
}

// called is the address that the network called, as signatures cover it: the
// public one, whatever stands between.
func (a *api) called(id social.ChannelID, r *http.Request) string {
	hook := a.station.Hook(id)
	if hook == "" {
		return "http://" + r.Host + r.URL.RequestURI()
	}
	return hook + strings.TrimPrefix(r.URL.RequestURI(), listen.HookPath+string(id))
}
