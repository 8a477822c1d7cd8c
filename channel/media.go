package channel

import (
	"context"
	"io"
	"mime"
	"net/http"
	"strings"

	"github.com/parley-crm/parley/social"
)

// MostAttached is how many files of one activity are taken.
const MostAttached = 10

// Encloser is a Channel whose events bring more than words: files, what was
// quoted below, who got it too.
type Encloser interface {
	Channel
	// Enclosed takes out of a raw event what came with its activities. Like
	// Read it is a pure function of the event, and called beside it.
	Enclosed(e Event) ([]social.Enclosed, error)
	// Fetch opens the bytes of a file that Enclosed told of; whoever called
	// reads no more than it wants, and closes it. An error of kind Busy means
	// that asking again later may help; any other that it will not, and is a
	// sentence for people.
	Fetch(ctx context.Context, a social.Attachment) (io.ReadCloser, error)
}

// Download opens the bytes at an address, as Encloser.Fetch promises. Title is
// the network's, for people.
func Download(ctx context.Context, client *http.Client, title, url string, header http.Header) (io.ReadCloser, error) {
	if client == nil {
		return nil, social.Errorf(social.Busy, "Parley has no way out.")
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil || !strings.HasPrefix(req.URL.Scheme, "http") || req.URL.Host == "" {
		return nil, social.Errorf(social.Invalid, "The address of this file is none that can be asked.")
	}
	for name, values := range header {
		req.Header[name] = values
	}
	resp, err := client.Do(req)
	if err != nil {
		return nil, Failed(title, err, false, nil)
	}
	if resp.StatusCode >= 200 && resp.StatusCode < 300 {
		return resp.Body, nil
	}
	resp.Body.Close()
	switch {
	case resp.StatusCode == http.StatusNotFound || resp.StatusCode == http.StatusGone:
		return nil, social.Errorf(social.NotFound, "%s no longer has this file.", title)
	case resp.StatusCode == http.StatusTooManyRequests || resp.StatusCode >= 500:
		return nil, social.Errorf(social.Busy, "%s cannot give this file right now.", title)
	}
	return nil, social.Errorf(social.Forbidden, "%s does not give this file to us.", title)
}

// FileType is a media type without its parameters, in lower case; "" where it
// is none.
func FileType(s string) string {
	kind, _, err := mime.ParseMediaType(s)
	if err != nil {
		return ""
	}
	return kind
}

// Media is a file that goes out with words of ours.
type Media = social.Media

// Load is what media a network takes with one post or reply.
type Load = social.Load

// Bearer is a Publisher that sends media along. Publish keeps its promises for
// words and media together: both stand, or neither.
type Bearer interface {
	Load() Load
}

// Carrier is a Sender that takes files along with a reply. Send keeps its
// promises for words and files together: both stand, or neither.
type Carrier interface {
	Sender
	// Carries says what goes with a reply of a visibility; none where Most is 0.
	Carries(v social.Visibility) Load
}

// Bear refuses files that a network does not take, before anything is sent.
func Bear(l Load, media []Media) error {
	files := make([]social.File, len(media))
	for i, m := range media {
		files[i] = social.File{Name: m.Name, Type: m.Type, Size: m.Size, Width: m.Width, Height: m.Height}
	}
	return l.Check(files)
}
