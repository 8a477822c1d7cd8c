package listenapi

import (
	"net/http"
	"strings"

	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

// doorMost is the most that a stranger may bring at once.
const doorMost = 256 << 10

// door hands a request to the channel whose page it is.
func (a *api) door(w http.ResponseWriter, r *http.Request) {
	id, rest, whole := strings.Cut(strings.TrimPrefix(r.URL.Path, listen.DoorPath), "/")
	d, err := a.station.DoorOf(social.ChannelID(id))
	if err != nil {
		p := server.ProblemOf(err)
		http.Error(w, p.Detail, p.Status)
		return
	}
	if !whole { // relative addresses on the page need the slash
		http.Redirect(w, r, r.URL.Path+"/", http.StatusMovedPermanently)
		return
	}
	most := int64(doorMost)
	if b, ok := d.(interface{ MostBody(r *http.Request) int64 }); ok {
		most = max(most, b.MostBody(inner(r, rest)))
	}
	r.Body = http.MaxBytesReader(w, r.Body, most)
	d.Serve(w, inner(r, rest), listen.Visitor{IP: server.CredentialsOf(r.Context()).IP})
}

// inner is a request as the door sees it.
func inner(r *http.Request, path string) *http.Request {
	in := r.Clone(r.Context())
	in.URL.Path, in.URL.RawPath = "/"+path, ""
	return in
}
