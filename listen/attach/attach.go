// Package attach keeps the files that customers send.
//
// What an event says of files is noted with its activity. A file is fetched
// only when somebody wants it: once its activity is in a conversation. It is
// fetched behind the processing, a few at a time, within a time and a size;
// what fails for now is tried again, later each time, and given up with a
// reason. A crash loses nothing: what was being fetched is fetched again. The
// bytes are never opened, unpacked or run; of pictures the places and makers
// that cameras write into them are taken out before they are kept.
package attach

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/kit/picture"
	"github.com/parley-crm/parley/social"
)

// The limits of what is fetched.
const (
	Most      = 10       // files of one activity
	Largest   = 20 << 20 // bytes of one
	patience  = 90 * time.Second
	lease     = 10 * time.Minute // how long somebody who fetches has it alone
	atOnce    = 3
	mostField = 2 << 10
	mostRest  = 256 << 10
	mostBelow = 4 << 10 // characters that are read for a signature
)

// waits is how long is waited after each failure; after the last it is given up.
var waits = []time.Duration{time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 6 * time.Hour}

// File is an attachment as it is kept.
type File struct {
	social.Attached
	N       int
	Channel social.ChannelID
	Tries   int
	Next    time.Time
}

// Store is what keeping attachments needs of the database.
type Store interface {
	InTx(ctx context.Context, f func(ctx context.Context) error) error
	Tell(ctx context.Context, facts ...social.Fact) error
	After(ctx context.Context, f func())
	// Attachments returns the files of activities, in their order.
	Attachments(ctx context.Context, ids []social.ActivityID) ([]File, error)
	// NoteAttachments makes these the files of an activity.
	NoteAttachments(ctx context.Context, id social.ActivityID, files []File) error
	// NoteWords makes these what came with an activity; empty ones are forgotten.
	NoteWords(ctx context.Context, id social.ActivityID, in social.Enclosed) error
	WordsOf(ctx context.Context, id social.ActivityID) (social.Enclosed, error)
	// RestsOf returns the first characters, at most so many, of what was left
	// out of activities.
	RestsOf(ctx context.Context, ids []social.ActivityID, most int) (map[social.ActivityID]string, error)
	// WithWords says which of the activities came with such words, and HTML.
	WithWords(ctx context.Context, ids []social.ActivityID) (map[social.ActivityID]social.Beside, error)
	// WantAttachments makes what is noted of activities wait to be fetched,
	// and says how many are.
	WantAttachments(ctx context.Context, ids []social.ActivityID, now time.Time) (int, error)
	// DueAttachments takes files that are to be fetched now, and keeps them
	// from others until a time.
	DueAttachments(ctx context.Context, now, until time.Time, limit int) ([]File, error)
	// SettleAttachment writes what became of fetching a file; false when it is
	// not waited for any more.
	SettleAttachment(ctx context.Context, f File) (bool, error)
	PutFile(ctx context.Context, name, owner string, by social.MemberID, r io.Reader) (social.File, error)
	DropFile(ctx context.Context, f social.FileID) error
}

// Fetch opens the bytes of a file, as channel.Encloser promises.
type Fetch func(ctx context.Context, c social.ChannelID, a social.Attachment) (io.ReadCloser, error)

// Keeper keeps attachments. It is safe for use by many goroutines.
type Keeper struct {
	Store Store
	Fetch Fetch
	Clock clock.Clock
	Log   *slog.Logger

	once sync.Once
	wake chan struct{}
}

func (k *Keeper) woken() chan struct{} {
	k.once.Do(func() { k.wake = make(chan struct{}, 1) })
	return k.wake
}

// Note keeps what came with an activity, instead of what was noted of it
// before. What is here already stays. It joins the transaction of ctx, in
// which the activity is kept.
func (k *Keeper) Note(ctx context.Context, c social.ChannelID, id social.ActivityID, in social.Enclosed) error {
	return k.Store.InTx(ctx, func(ctx context.Context) error { return k.note(ctx, c, id, in) })
}

func (k *Keeper) note(ctx context.Context, c social.ChannelID, id social.ActivityID, in social.Enclosed) error {
	old, err := k.Store.Attachments(ctx, []social.ActivityID{id})
	if err != nil {
		return err
	}
	had := map[string]File{}
	wanted := false
	for _, f := range old {
		had[f.Handle] = f
		wanted = wanted || f.State != social.AttachmentNoted
	}
	var files []File
	for i, a := range in.Files {
		if a.Handle == "" || len(a.Handle) > mostField || slices.ContainsFunc(files, func(f File) bool { return f.Handle == a.Handle }) {
			continue
		}
		f, was := had[a.Handle]
		delete(had, a.Handle)
		f.Name, f.Type, f.Alt = line(a.Name, 200), line(a.Type, 100), clip(a.Alt, mostField)
		if !was {
			f.Handle, f.Size, f.State = a.Handle, max(a.Size, 0), social.AttachmentNoted
			if wanted {
				f.State, f.Next = social.AttachmentWaiting, k.Clock.Now()
			}
		}
		switch {
		case f.State == social.AttachmentKept || f.State == social.AttachmentRefused:
		case i >= Most:
			f.State, f.Reason = social.AttachmentRefused, "More than ten files came at once; only the first ten were taken."
		case f.Size > Largest+Largest/2: // what a mail server says is a third more than the bytes
			f.State, f.Reason = social.AttachmentRefused, tooLarge
		}
		f.Activity, f.Channel, f.N = id, c, len(files)
		if files = append(files, f); len(files) == 2*Most {
			break
		}
	}
	for _, f := range had {
		if f.File != "" {
			if err := k.Store.DropFile(ctx, f.File); err != nil {
				return err
			}
		}
	}
	if len(files) > 0 || len(old) > 0 {
		if err := k.Store.NoteAttachments(ctx, id, files); err != nil {
			return err
		}
	}
	if wanted {
		k.soon(ctx)
	}
	return k.Store.NoteWords(ctx, id, social.Enclosed{Rest: clip(in.Rest, mostRest), HTML: clip(in.HTML, mostRest), CC: in.CC[:min(len(in.CC), 50)]})
}

const tooLarge = "It is larger than 20 MB, the most that is taken."

// Forget drops all that came with activities.
func (k *Keeper) Forget(ctx context.Context, c social.ChannelID, ids ...social.ActivityID) error {
	for _, id := range ids {
		if err := k.Note(ctx, c, id, social.Enclosed{}); err != nil {
			return err
		}
	}
	return nil
}

// Want lets what came with activities be fetched: they are in a conversation
// now. It joins the transaction of ctx.
func (k *Keeper) Want(ctx context.Context, ids []social.ActivityID) error {
	return k.Store.InTx(ctx, func(ctx context.Context) error {
		n, err := k.Store.WantAttachments(ctx, ids, k.Clock.Now())
		if err == nil && n > 0 {
			k.soon(ctx)
		}
		return err
	})
}

func (k *Keeper) soon(ctx context.Context) {
	wake := k.woken()
	k.Store.After(ctx, func() {
		select {
		case wake <- struct{}{}:
		default:
		}
	})
}

// Of returns what came with activities. It asks nobody's permission: it is
// for other rooms, which ask their own.
func (k *Keeper) Of(ctx context.Context, ids []social.ActivityID) (map[social.ActivityID][]social.Attached, error) {
	files, err := k.Store.Attachments(ctx, ids)
	out := map[social.ActivityID][]social.Attached{}
	for _, f := range files {
		out[f.Activity] = append(out[f.Activity], f.Attached)
	}
	return out, err
}

// Words returns what came with an activity besides its words and files: what
// is quoted below, and who got it too. Like Of it asks nobody's permission.
func (k *Keeper) Words(ctx context.Context, id social.ActivityID) (social.Enclosed, error) {
	return k.Store.WordsOf(ctx, id)
}

// Below returns the beginning of what was left out of the words of activities,
// where something was: a mail's signature, and what it quotes.
func (k *Keeper) Below(ctx context.Context, ids []social.ActivityID) (map[social.ActivityID]string, error) {
	return k.Store.RestsOf(ctx, ids, mostBelow)
}

// More says which of the activities came with more words than are shown.
func (k *Keeper) More(ctx context.Context, ids []social.ActivityID) (map[social.ActivityID]social.Beside, error) {
	return k.Store.WithWords(ctx, ids)
}

// Run fetches until ctx ends.
func (k *Keeper) Run(ctx context.Context) {
	for ctx.Err() == nil {
		n, err := k.Work(ctx)
		if err != nil && ctx.Err() == nil {
			k.Log.Warn("files of customers wait to be fetched", "error", err)
		}
		if n > 0 && err == nil {
			continue
		}
		t := time.NewTimer(30 * time.Second)
		select {
		case <-t.C:
		case <-k.woken():
		case <-ctx.Done():
		}
		t.Stop()
	}
}

// Work fetches some of what is due, and says how many it looked at.
func (k *Keeper) Work(ctx context.Context) (int, error) {
	now := k.Clock.Now()
	due, err := k.Store.DueAttachments(ctx, now, now.Add(lease), atOnce)
	if err != nil {
		return 0, err
	}
	errs := make([]error, len(due))
	var all sync.WaitGroup
	for i, f := range due {
		all.Go(func() { errs[i] = k.one(ctx, f) })
	}
	all.Wait()
	return len(due), errors.Join(errs...)
}

func (k *Keeper) one(ctx context.Context, f File) error {
	data, err := k.bytes(ctx, f)
	switch {
	case ctx.Err() != nil:
		return ctx.Err() // we end; another will fetch it
	case err == nil:
		return k.keep(ctx, f, data)
	}
	f.Reason = sentence(err)
	if social.KindOf(err) != social.Busy || f.Tries > len(waits) {
		f.State = social.AttachmentRefused
	} else {
		f.Next = k.Clock.Now().Add(waits[max(f.Tries, 1)-1])
	}
	return k.settle(ctx, f)
}

func (k *Keeper) bytes(ctx context.Context, f File) (data []byte, err error) {
	defer func() {
		if p := recover(); p != nil {
			k.Log.Error("a channel panicked while fetching a file", "channel", f.Channel, "panic", p)
			err = social.Errorf(social.Invalid, "Fetching it failed; the log says why.")
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	r, err := k.Fetch(ctx, f.Channel, f.Attachment)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	data, err = io.ReadAll(io.LimitReader(r, Largest+1))
	var big interface{ TooLarge() string }
	var known *social.Error
	switch {
	case errors.As(err, &big), err == nil && len(data) > Largest:
		return nil, social.Errorf(social.Invalid, tooLarge)
	case errors.As(err, &known):
		return nil, err
	case err != nil:
		return nil, social.Because(social.Busy, err, "It did not arrive whole.")
	case len(data) == 0:
		return nil, social.Errorf(social.Invalid, "It is empty.")
	}
	return picture.Bare(data), nil
}

// errOver rolls back a file that nobody waits for any more.
var errOver = errors.New("not waited for")

func (k *Keeper) keep(ctx context.Context, f File, data []byte) error {
	err := k.Store.InTx(ctx, func(ctx context.Context) error {
		kept, err := k.Store.PutFile(ctx, called(f), social.FileOwner(string(f.Activity)), "", strings.NewReader(string(data)))
		if err != nil {
			return err
		}
		f.State, f.Reason, f.File = social.AttachmentKept, "", kept.ID
		ok, err := k.Store.SettleAttachment(ctx, f)
		if err == nil && !ok {
			err = errOver
		}
		if err != nil {
			return err
		}
		return k.Store.Tell(ctx, social.Fetched{Activities: []social.ActivityID{f.Activity}})
	})
	if errors.Is(err, errOver) {
		return nil
	}
	return err
}

func (k *Keeper) settle(ctx context.Context, f File) error {
	return k.Store.InTx(ctx, func(ctx context.Context) error {
		ok, err := k.Store.SettleAttachment(ctx, f)
		if err != nil || !ok {
			return err
		}
		return k.Store.Tell(ctx, social.Fetched{Activities: []social.ActivityID{f.Activity}})
	})
}

// called is the name of a file; of one without a name, what it is.
func called(f File) string {
	if f.Name != "" {
		return f.Name
	}
	kind, what, _ := strings.Cut(f.Type, "/")
	name := map[string]string{"image": "picture", "audio": "recording", "video": "video"}[kind]
	if name == "" {
		name = "file"
	}
	if ext := endings[what]; ext != "" {
		name += "." + ext
	}
	return name
}

var endings = map[string]string{"jpeg": "jpg", "png": "png", "gif": "gif", "webp": "webp", "heic": "heic", "ogg": "ogg", "mpeg": "mp3",
	"mp4": "mp4", "quicktime": "mov", "webm": "webm", "pdf": "pdf", "plain": "txt", "vcard": "vcf", "x-vcard": "vcf"}

func sentence(err error) string {
	var known *social.Error
	if errors.As(err, &known) && known.Text != "" {
		return clip(known.Text, 500)
	}
	return "It could not be fetched."
}

func line(s string, n int) string { return strings.Join(strings.Fields(clip(s, n)), " ") }

func clip(s string, n int) string {
	if len(s) > n {
		s = s[:n]
	}
	return strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\x00", "")
}
