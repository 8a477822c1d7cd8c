package engageapi

import (
	"context"
	"path/filepath"
	"strings"

	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/engage/parcel"
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

func (a *api) with(all []parcel.With) []With {
	return collect(all, func(w parcel.With) With {
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

// Going is a file that is to go with what one writes.
type Going struct {
	server.File
	Alt string `json:"alt,omitempty"`
}

func (a *api) drafted(ctx context.Context, d engage.Draft) (*server.Body[Draft], error) {
	out := Draft{Text: d.Text, Visibility: d.Visibility, At: server.When(d.At), Files: []Going{}}
	if d.Copies != nil {
		out.CC = &d.Copies
	}
	if len(d.Files) > 0 {
		files, err := a.desk.DraftFiles(ctx)
		if err != nil {
			return nil, err
		}
		byID := make(map[social.FileID]social.File, len(files))
		for _, f := range files {
			byID[f.ID] = f
		}
		for _, x := range d.Files {
			if f, ok := byID[x.File]; ok {
				out.Files = append(out.Files, Going{a.show(f), x.Alt})
			}
		}
	}
	return &server.Body[Draft]{Body: out}, nil
}

// Takes is what files go with a reply.
type Takes struct {
	Types   []string      `json:"types" doc:"Media types; none: all."`
	Most    int           `json:"most" doc:"How many."`
	Size    int64         `json:"size" doc:"Bytes of each."`
	Sum     int64         `json:"sum,omitempty" doc:"Bytes of all together, if that is less."`
	Shrinks int64         `json:"shrinks,omitempty" doc:"Pictures of more bytes are made smaller on their way."`
	Words   int           `json:"words,omitempty" doc:"Characters of the words that files go with, if that is less than without."`
	Alt     int           `json:"alt" doc:"Characters of what it shows; 0 where the network shows none."`
	Video   *social.Video `json:"video,omitempty" doc:"What video goes alone, instead of pictures."`
}

// able says how a conversation can be answered.
func able(d engage.Doors) Abilities {
	out := Abilities{Public: d.Public, Direct: d.Direct, PublicUntil: server.When(d.PublicUntil), DirectUntil: server.When(d.DirectUntil), Copies: d.Copies}
	if d.PublicFiles.Most > 0 {
		out.PublicFiles = (*Takes)(&d.PublicFiles)
	}
	if d.DirectFiles.Most > 0 {
		out.DirectFiles = (*Takes)(&d.DirectFiles)
	}
	return out
}

// Rest is what came with a message besides the words that are shown.
type Rest struct {
	Text string   `json:"text" doc:"What it quotes, and the signature under it; plain text."`
	CC   []string `json:"cc" doc:"Addresses that got it too, as it says."`
}

func (a *api) rest(ctx context.Context, in *MessagePath) (*server.Body[Rest], error) {
	w, err := a.desk.Rest(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &server.Body[Rest]{Body: Rest{Text: w.Rest, CC: append([]string{}, w.CC...)}}, nil
}

// more says which messages came with more words than are shown.
func (a *api) more(ctx context.Context, ms []engage.Message) (map[social.ActivityID]social.Beside, error) {
	var ids []social.ActivityID
	for _, m := range ms {
		if m.Kind == engage.FromThem && m.DeletedAt.IsZero() {
			ids = append(ids, m.Activity)
		}
	}
	return a.desk.Parcels.More(ctx, ids)
}
