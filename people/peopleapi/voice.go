package peopleapi

import (
	"context"
	"time"

	"github.com/parley-crm/parley/people/segment"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

// SegmentVoice is what the members of a segment said in a stretch of days, and
// in the stretch of the same length before.
type SegmentVoice struct {
	ID       social.SegmentID `json:"id"`
	Name     string           `json:"name"`
	From     string           `json:"from" doc:"The first UTC day."`
	To       string           `json:"to" doc:"The last UTC day."`
	Members  int              `json:"members" doc:"Of those that you may see, now."`
	Speakers int              `json:"speakers" doc:"Of them, who said something."`
	Total    SegmentSaid      `json:"total"`
	Before   SegmentSaid      `json:"before" doc:"What the same persons said in as many days before."`
	Days     []SegmentSaidDay `json:"days"`
}

// SegmentSaid is how many activities there were, and how many sounded how.
type SegmentSaid struct {
	Said     int `json:"said"`
	Negative int `json:"negative"`
	Neutral  int `json:"neutral"`
	Positive int `json:"positive"`
}

func (s *SegmentSaid) add(x segment.Spoken) {
	s.Said, s.Negative, s.Neutral, s.Positive = s.Said+x.Said, s.Negative+x.Negative, s.Neutral+x.Neutral, s.Positive+x.Positive
}

// SegmentSaidDay is the same of one day.
type SegmentSaidDay struct {
	Day string `json:"day"`
	SegmentSaid
	Before int `json:"before" doc:"How many there were as many days before."`
}

func (a *segmentAPI) voice(ctx context.Context, in *struct {
	SegmentPath
	Days int `query:"days" minimum:"1" maximum:"180" default:"30" doc:"How many days back from today, in UTC."`
}) (*server.Body[SegmentVoice], error) {
	s, err := a.keeper.Store.Segment(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	to := a.keeper.Clock.Now().UTC().Truncate(24 * time.Hour)
	from := to.AddDate(0, 0, 1-in.Days)
	on := a.on(ctx)
	said, err := a.keeper.Store.Voice(ctx, s.ID, from.AddDate(0, 0, -in.Days), to, on)
	if err != nil {
		return nil, err
	}
	sizes, err := a.keeper.Store.Sizes(ctx, []social.SegmentID{s.ID})
	if err != nil {
		return nil, err
	}
	out := SegmentVoice{ID: s.ID, Name: s.Name, From: from.Format(time.DateOnly), To: to.Format(time.DateOnly), Members: sizes[s.ID], Days: make([]SegmentSaidDay, in.Days)}
	if out.Speakers, err = a.keeper.Store.Speakers(ctx, s.ID, from, to, on); err != nil {
		return nil, err
	}
	for i := range out.Days {
		out.Days[i].Day = from.AddDate(0, 0, i).Format(time.DateOnly)
	}
	for _, x := range said {
		i := int(x.Day.Sub(from) / (24 * time.Hour))
		if i < 0 {
			out.Before.add(x)
			out.Days[i+in.Days].Before += x.Said
			continue
		}
		out.Total.add(x)
		out.Days[i].add(x)
	}
	return &server.Body[SegmentVoice]{Body: out}, nil
}
