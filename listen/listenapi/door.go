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
	r.Body = http.MaxBytesReader(w, r.Body, doorMost)
	inner := r.Clone(r.Context())
	inner.URL.Path, inner.URL.RawPath = "/"+rest, ""
	d.Serve(w, inner, listen.Visitor{IP: server.CredentialsOf(r.Context()).IP})
}
