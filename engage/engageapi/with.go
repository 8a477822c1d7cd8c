package engageapi

import (
	"path/filepath"
	"strings"

	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

// With is a file that goes with a message.
type With struct {
	Name   string                 `json:"name,omitempty" doc:"Nothing where its sender gave it none."`
	Type   string                 `json:"type,omitempty" doc:"Media type: by the bytes once they are here, before as its sender says."`
	Size   int64                  `json:"size,omitempty" doc:"Bytes; nothing where nobody knows."`
	Alt    string                 `json:"alt,omitempty" doc:"What it shows, as whoever sent it describes it."`
	State  social.AttachmentState `json:"state" enum:"waiting,kept,refused" doc:"Whether it is here; what is refused never will be."`
	Reason string                 `json:"reason,omitempty" doc:"Why it is not here."`
	Risky  bool                   `json:"risky,omitempty" doc:"By its name, something that a computer may run when it is opened."`
	File   *server.File           `json:"file,omitempty" doc:"Once it is here."`
}

func (a *api) with(all []engage.With) []With {
	return collect(all, func(w engage.With) With {
		out := With{Name: w.Name, Type: w.Type, Size: w.Size, Alt: w.Alt, State: w.State, Reason: w.Reason, Risky: risky[strings.ToLower(filepath.Ext(w.Name))]}
		if w.File != nil {
			f := a.show(*w.File)
			out.File = &f
		}
		return out
	})
}

// risky are the endings of what a computer may run.
var risky = func() map[string]bool {
	out := map[string]bool{}
	for s := range strings.FieldsSeq(`exe com bat cmd scr pif msi msp ps1 psm1 vbs vbe js jse wsf wsh hta cpl jar lnk url reg dll sys
		app dmg pkg command sh bash run bin deb rpm apk appimage iso img vhd chm docm dotm xlsm xltm xlam pptm ppsm potm html htm svg xhtml mht scf inf gadget`) {
		out["."+s] = true
	}
	return out
}()
