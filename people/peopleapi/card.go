package peopleapi

import (
	"context"
	"net/http"
	"time"

	"github.com/parley-crm/parley/people/card"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

type cardAPI struct {
	box    *card.Box
	srv    *server.Server
	around DealAround
}

// RegisterCards adds what is known of persons by hand.
func RegisterCards(s *server.Server, box *card.Box, around DealAround) {
	a := &cardAPI{box, s, around}
	op := func(id, method, path string, p social.Permission, summary string) server.Op {
		return server.Op{ID: id, Method: method, Path: path, Tag: "People", Permission: p, Summary: summary}
	}
	made := func(o server.Op) server.Op { o.Status = http.StatusCreated; return o }
	empty := func(o server.Op) server.Op { o.Status = http.StatusNoContent; return o }
	const get, post, patch, del = http.MethodGet, http.MethodPost, http.MethodPatch, http.MethodDelete
	const read, write = social.PeopleRead, social.PeopleWrite
	const person = "/api/people/{id}"
	server.Register(s, op("get-card", get, person+"/card", read, "What somebody wants, what we promised them, and their files."), a.card)
	server.Register(s, op("list-person-notes", get, person+"/notes", read, "Notes about somebody, pinned ones first."), a.notes)
	server.Register(s, made(op("add-person-note", post, person+"/notes", write, "Write a note about somebody; colleagues named with an @ are told.")), a.addNote)
	server.Register(s, op("edit-person-note", patch, "/api/person-notes/{id}", write, "Change one's own note, or pin one."), a.editNote)
	server.Register(s, empty(op("remove-person-note", del, "/api/person-notes/{id}", write, "Take one's own note away.")), a.dropNote)
	server.Register(s, made(op("add-goal", post, person+"/goals", write, "Keep what somebody wants; of one message there is one goal.")), a.addGoal)
	server.Register(s, op("edit-goal", patch, "/api/goals/{id}", write, "Change a goal's words or how it stands."), a.editGoal)
	server.Register(s, empty(op("remove-goal", del, "/api/goals/{id}", write, "Take a goal away that was never one.")), a.dropGoal)
	server.Register(s, made(op("add-promise", post, person+"/promises", write, "Keep what we promised somebody; its owner is told when it is due.")), a.addPromise)
	server.Register(s, op("edit-promise", patch, "/api/promises/{id}", write, "Change a promise, or say that it was kept."), a.editPromise)
	server.Register(s, empty(op("remove-promise", del, "/api/promises/{id}", write, "Take a promise away that was never made.")), a.dropPromise)
	server.Register(s, op("attach-person-files", post, person+"/files", write, "Put files that you added to somebody."), a.attach)
	server.Register(s, empty(op("remove-person-file", del, person+"/files/{file}", write, "Take a file away, for good.")), a.detach)
}

// PersonNote is what a colleague wrote down about somebody.
type PersonNote struct {
	ID        string            `json:"id"`
	Text      string            `json:"text"`
	Pinned    bool              `json:"pinned"`
	By        *social.MemberRef `json:"by,omitempty"`
	Mine      bool              `json:"mine"`
	CreatedAt time.Time         `json:"created_at"`
	UpdatedAt time.Time         `json:"updated_at"`
}

// Goal is what somebody wants, as they said it.
type Goal struct {
	ID           string                `json:"id"`
	Text         string                `json:"text"`
	Status       string                `json:"status" doc:"open, met or dropped."`
	Conversation social.ConversationID `json:"conversation,omitempty"`
	Message      social.MessageID      `json:"message,omitempty" doc:"In which they said it."`
	By           *social.MemberRef     `json:"by,omitempty"`
	CreatedAt    time.Time             `json:"created_at"`
}

// Promise is something that we said we would do.
type Promise struct {
	ID           string                `json:"id"`
	Text         string                `json:"text"`
	State        string                `json:"state" doc:"open, kept or broken."`
	Due          *time.Time            `json:"due_at,omitempty"`
	Late         bool                  `json:"late"`
	Owner        *social.MemberRef     `json:"owner,omitempty"`
	Conversation social.ConversationID `json:"conversation,omitempty"`
	CreatedAt    time.Time             `json:"created_at"`
}

// Card is what is known of somebody by hand, but for the notes.
type Card struct {
	Goals    []Goal        `json:"goals"`
	Promises []Promise     `json:"promises"`
	Files    []server.File `json:"files"`
}

func (a *cardAPI) names(ctx context.Context, ids ...social.MemberID) (map[social.MemberID]social.MemberRef, error) {
	return a.around.Members(ctx, ids)
}

func (a *cardAPI) card(ctx context.Context, in *idIn) (*server.Body[Card], error) {
	files, err := a.box.Files(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	goals, promises, err := a.box.Wanted(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	var by []social.MemberID
	for _, g := range goals {
		by = append(by, g.By)
	}
	for _, p := range promises {
		by = append(by, p.Owner)
	}
	m, err := a.names(ctx, by...)
	out := Card{Goals: []Goal{}, Promises: []Promise{}, Files: a.srv.ShowFiles(files)}
	for _, g := range goals {
		out.Goals = append(out.Goals, goalShape(g, m))
	}
	for _, p := range promises {
		out.Promises = append(out.Promises, a.promiseShape(p, m))
	}
	return &server.Body[Card]{Body: out}, err
}

func goalShape(g card.Goal, m map[social.MemberID]social.MemberRef) Goal {
	return Goal{g.ID, g.Text, g.Status, g.Conversation, g.Message, ref(m, g.By), g.CreatedAt}
}

func (a *cardAPI) promiseShape(p card.Promise, m map[social.MemberID]social.MemberRef) Promise {
	out := Promise{ID: p.ID, Text: p.Text, State: p.State, Owner: ref(m, p.Owner), Conversation: p.Conversation, CreatedAt: p.CreatedAt}
	if !p.Due.IsZero() {
		out.Due, out.Late = &p.Due, p.State == "open" && p.Due.Before(a.box.Clock.Now())
	}
	return out
}

func (a *cardAPI) notes(ctx context.Context, in *struct {
	ID social.PersonID `path:"id" maxLength:"64"`
	server.Paging
}) (*server.Body[server.Page[PersonNote]], error) {
	found, next, err := a.box.Notes(ctx, in.ID, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	var by []social.MemberID
	for _, n := range found {
		by = append(by, n.By)
	}
	m, err := a.names(ctx, by...)
	out := make([]PersonNote, len(found))
	for i, n := range found {
		out[i] = noteShape(ctx, n, m)
	}
	return &server.Body[server.Page[PersonNote]]{Body: server.NewPage(out, next)}, err
}

func noteShape(ctx context.Context, n card.Note, m map[social.MemberID]social.MemberRef) PersonNote {
	actor, _ := social.ActorOf(ctx)
	return PersonNote{n.ID, n.Text, n.Pinned, ref(m, n.By), n.By == actor.Member, n.CreatedAt, n.UpdatedAt}
}

func (a *cardAPI) note(ctx context.Context, n card.Note, err error) (*server.Body[PersonNote], error) {
	if err != nil {
		return nil, err
	}
	m, err := a.names(ctx, n.By)
	return &server.Body[PersonNote]{Body: noteShape(ctx, n, m)}, err
}

func (a *cardAPI) addNote(ctx context.Context, in *struct {
	ID   social.PersonID `path:"id" maxLength:"64"`
	Body struct {
		Text   string `json:"text" maxLength:"40000"`
		Pinned bool   `json:"pinned,omitempty"`
	}
}) (*server.Body[PersonNote], error) {
	n, err := a.box.AddNote(ctx, card.Note{Person: in.ID, Text: in.Body.Text, Pinned: in.Body.Pinned})
	return a.note(ctx, n, err)
}

func (a *cardAPI) editNote(ctx context.Context, in *struct {
	ID   string `path:"id" maxLength:"64"`
	Body struct {
		Text   *string `json:"text,omitempty" maxLength:"40000"`
		Pinned *bool   `json:"pinned,omitempty"`
	}
}) (*server.Body[PersonNote], error) {
	n, err := a.box.EditNote(ctx, in.ID, in.Body.Text, in.Body.Pinned)
	return a.note(ctx, n, err)
}

type cardPath struct {
	ID string `path:"id" maxLength:"64"`
}

func (a *cardAPI) dropNote(ctx context.Context, in *cardPath) (*struct{}, error) {
	return nil, a.box.DropNote(ctx, in.ID)
}

func (a *cardAPI) goal(ctx context.Context, g card.Goal, err error) (*server.Body[Goal], error) {
	if err != nil {
		return nil, err
	}
	m, err := a.names(ctx, g.By)
	return &server.Body[Goal]{Body: goalShape(g, m)}, err
}

func (a *cardAPI) addGoal(ctx context.Context, in *struct {
	ID   social.PersonID `path:"id" maxLength:"64"`
	Body struct {
		Text         string                `json:"text" maxLength:"4000"`
		Conversation social.ConversationID `json:"conversation,omitempty" maxLength:"64"`
		Message      social.MessageID      `json:"message,omitempty" maxLength:"64"`
	}
}) (*server.Body[Goal], error) {
	g, err := a.box.AddGoal(ctx, card.Goal{Person: in.ID, Text: in.Body.Text, Conversation: in.Body.Conversation, Message: in.Body.Message})
	return a.goal(ctx, g, err)
}

func (a *cardAPI) editGoal(ctx context.Context, in *struct {
	ID   string `path:"id" maxLength:"64"`
	Body struct {
		Text   *string `json:"text,omitempty" maxLength:"4000"`
		Status *string `json:"status,omitempty" enum:"open,met,dropped"`
	}
}) (*server.Body[Goal], error) {
	g, err := a.box.EditGoal(ctx, in.ID, in.Body.Text, in.Body.Status)
	return a.goal(ctx, g, err)
}

func (a *cardAPI) dropGoal(ctx context.Context, in *cardPath) (*struct{}, error) {
	return nil, a.box.DropGoal(ctx, in.ID)
}

func (a *cardAPI) promise(ctx context.Context, p card.Promise, err error) (*server.Body[Promise], error) {
	if err != nil {
		return nil, err
	}
	m, err := a.names(ctx, p.Owner)
	return &server.Body[Promise]{Body: a.promiseShape(p, m)}, err
}

// owner checks that somebody works here.
func (a *cardAPI) owner(ctx context.Context, m social.MemberID) error {
	if m == "" {
		return nil
	}
	found, err := a.names(ctx, m)
	if _, ok := found[m]; err == nil && !ok {
		err = &social.Error{Kind: social.Invalid, Field: "owner", Text: "There is no such member."}
	}
	return err
}

func (a *cardAPI) addPromise(ctx context.Context, in *struct {
	ID   social.PersonID `path:"id" maxLength:"64"`
	Body struct {
		Text         string                `json:"text" maxLength:"4000"`
		Due          *time.Time            `json:"due_at,omitempty"`
		Owner        social.MemberID       `json:"owner,omitempty" maxLength:"64" doc:"Yourself where nobody is named."`
		Conversation social.ConversationID `json:"conversation,omitempty" maxLength:"64"`
		Message      social.MessageID      `json:"message,omitempty" maxLength:"64"`
	}
}) (*server.Body[Promise], error) {
	if err := a.owner(ctx, in.Body.Owner); err != nil {
		return nil, err
	}
	p := card.Promise{Person: in.ID, Text: in.Body.Text, Owner: in.Body.Owner, Conversation: in.Body.Conversation, Message: in.Body.Message}
	if in.Body.Due != nil {
		p.Due = in.Body.Due.UTC().Truncate(time.Microsecond)
	}
	p, err := a.box.AddPromise(ctx, p)
	return a.promise(ctx, p, err)
}

func (a *cardAPI) editPromise(ctx context.Context, in *struct {
	ID   string `path:"id" maxLength:"64"`
	Body struct {
		Text  *string          `json:"text,omitempty" maxLength:"4000"`
		State *string          `json:"state,omitempty" enum:"open,kept,broken"`
		Due   *time.Time       `json:"due_at,omitempty"`
		Owner *social.MemberID `json:"owner,omitempty" maxLength:"64"`
	}
}) (*server.Body[Promise], error) {
	if in.Body.Owner != nil {
		if err := a.owner(ctx, *in.Body.Owner); err != nil {
			return nil, err
		}
	}
	p, err := a.box.EditPromise(ctx, in.ID, card.PromiseChange{Text: in.Body.Text, State: in.Body.State, Due: in.Body.Due, Owner: in.Body.Owner})
	return a.promise(ctx, p, err)
}

func (a *cardAPI) dropPromise(ctx context.Context, in *cardPath) (*struct{}, error) {
	return nil, a.box.DropPromise(ctx, in.ID)
}

func (a *cardAPI) attach(ctx context.Context, in *struct {
	ID   social.PersonID `path:"id" maxLength:"64"`
	Body struct {
		Files []social.FileID `json:"files" maxItems:"20"`
	}
}) (*server.Body[Card], error) {
	if err := a.box.Attach(ctx, in.ID, in.Body.Files...); err != nil {
		return nil, err
	}
	return a.card(ctx, &idIn{in.ID})
}

func (a *cardAPI) detach(ctx context.Context, in *struct {
	ID   social.PersonID `path:"id" maxLength:"64"`
	File social.FileID   `path:"file" maxLength:"64"`
}) (*struct{}, error) {
	return nil, a.box.Detach(ctx, in.ID, in.File)
}
