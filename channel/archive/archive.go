// Package archive is a channel without a network: it keeps history that was
// brought in from files, of a place that Parley cannot listen to.
package archive

import (
	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// Kind is an archive as a kind of channel.
func Kind() channel.Kind {
	return channel.Kind{
		Name:  "archive",
		Title: "History",
		Site:  channel.SiteDirect,
		About: "Keep what people said before Parley listened: an export of another tool, old surveys, a list of reviews.",
		Steps: []channel.Step{{Text: "Have a CSV file or JSON lines ready: one row for each thing that was said, with its words and its time."}},
		New:   func(channel.Settings, channel.Env) (channel.Channel, error) { return shelf{}, nil },
	}
}

type shelf struct{}

// Read refuses: what was brought in is read without it.
func (shelf) Read(channel.Event) ([]social.Activity, error) {
	return nil, social.Errorf(social.Invalid, "An archive hears nothing by itself.")
}
