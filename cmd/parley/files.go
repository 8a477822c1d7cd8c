package main

import (
	"context"
	"io"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/channel/practice"
	"github.com/parley-crm/parley/listen/attach"
	"github.com/parley-crm/parley/social"
)

// openFiles makes the keeper of what comes with words.
func (h *house) openFiles() *attach.Keeper {
	h.files = &attach.Keeper{Store: h.heard, Clock: h.clock, Log: h.log, Fetch: h.fetchFile}
	return h.files
}

// fetchFile asks a file of the channel that told of it.
func (h *house) fetchFile(ctx context.Context, c social.ChannelID, a social.Attachment) (io.ReadCloser, error) {
	line, err := h.station.Channel(ctx, c)
	if err != nil {
		return nil, err
	}
	from, ok := line.(channel.Encloser)
	if !ok {
		return nil, social.Errorf(social.Invalid, "This channel gives no files.")
	}
	return from.Fetch(ctx, a)
}

// practiseFile lets a file that the actor added go with words on the practice
// network.
func (h *house) practiseFile(ctx context.Context, words *practice.Said, id social.FileID, alt string) error {
	f, err := h.db.File(ctx, id)
	if a, _ := social.ActorOf(ctx); err == nil && (f.Member != a.Member || f.Owner != "" || a.Member == "") {
		err = social.Errorf(social.NotFound, "One of the files is not there any more. Add it again.")
	}
	if err != nil {
		return err
	}
	data, err := io.ReadAll(h.db.OpenFile(ctx, f))
	if err != nil {
		return err
	}
	words.Files = append(words.Files, practice.File{Name: f.Name, Type: f.Type, Alt: alt, Bytes: data})
	return nil
}
