package engageapi

import (
	"context"
	"net/http"
	"time"

	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/engage/know"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

type suggestAPI struct {
	*knowAPI
	desk *engage.Desk
	srv  *server.Server
}

// RegisterSuggest adds the operations on answers that were kept and on what is
// suggested beside a conversation.
func RegisterSuggest(s *server.Server, lib *know.Library, desk *engage.Desk, around KnowAround) {
	a := &suggestAPI{&knowAPI{lib, around}, desk, s}
	op := func(id, method, path string, p social.Permission, summary string) server.Op {
		return server.Op{ID: id, Method: method, Path: path, Tag: "Engage", Permission: p, Summary: summary}
	}
	empty := func(o server.Op) server.Op { o.Status = http.StatusNoContent; return o }
	made := func(o server.Op) server.Op { o.Status = http.StatusCreated; return o }
	const get, post, patch, del = http.MethodGet, http.MethodPost, http.MethodPatch, http.MethodDelete
	const talk, answers = "/api/conversations/{id}", "/api/know/answers"
	server.Register(s, op("list-suggestions", get, talk+"/suggestions", social.KnowRead, "Articles and answers that may answer a conversation, best first, with their source and why."), a.suggestions)
	server.Register(s, empty(op("insert-suggestion", post, talk+"/suggestions", social.InboxWork, "Note that a suggestion was put into a reply. Nothing is sent by that.")), a.insert)
	server.Register(s, op("list-good-answers", get, talk+"/answers", social.KnowRead, "Which replies of a conversation are kept as answers, and which look good."), a.good)
	server.Register(s, made(op("keep-answer", post, answers, social.KnowWrite, "Keep a reply of ours as a good answer. The same words are kept once.")), a.keepAnswer)
	server.Register(s, op("list-answers", get, answers, social.KnowRead, "Answers that were kept, the newest first; with words, those that suit best."), a.answers)
	server.Register(s, op("edit-answer", patch, answers+"/{id}", social.KnowWrite, "Change the words of an answer that was kept."), a.editAnswer)
	server.Register(s, empty(op("drop-answer", del, answers+"/{id}", social.KnowWrite, "Keep an answer no longer.")), a.dropAnswer)
	server.Register(s, op("bring-answer", post, answers+"/{id}/undelete", social.KnowWrite, "Take that back."), a.bringAnswer)
}

// reach changes to the scope of another permission, and says what is missing.
func (a *knowAPI) reach(ctx context.Context, p social.Permission) (context.Context, error) {
	in, ok := a.around.Reach(ctx, p)
	if !ok {
		return ctx, social.Errorf(social.Forbidden, "Your role does not include %s.", p)
	}
	return in, nil
}

// suggestedMost is how many suggestions stand beside a conversation.
const suggestedMost = 4

// readMost is how many messages are looked at.
const readMost = 30

// Suggestion is something known that may answer.
type Suggestion struct {
	Kind    know.Kind         `json:"kind" doc:"article or answer."`
	ID      string            `json:"id"`
	Title   string            `json:"title" doc:"Of an answer: the question that it answered."`
	Lang    string            `json:"lang"`
	Inside  bool              `json:"inside" doc:"Not for customers to read as it is."`
	Text    string            `json:"text" doc:"What is inserted."`
	Link    string            `json:"link,omitempty" doc:"Where a customer reads it."`
	Passage string            `json:"passage" doc:"The part that suits best."`
	Marks   [][2]int          `json:"marks" doc:"Where in the passage the words stand by which it was found, in characters."`
	Share   float64           `json:"share" doc:"How much of the question is in it, by the weight of its words, 0 to 1."`
	Why     string            `json:"why,omitempty" doc:"Of an answer, why it is thought good: kept, thanked or resolved."`
	Used    int               `json:"used" doc:"In how many conversations it was inserted."`
	By      *social.MemberRef `json:"by,omitempty"`
	At      time.Time         `json:"at"`
}

// question is what a conversation asks, as far as the actor may read it.
func (a *suggestAPI) question(ctx context.Context, id social.ConversationID) (know.Question, []engage.Message, error) {
	ctx, err := a.reach(ctx, social.InboxRead)
	if err != nil {
		return know.Question{}, nil, err
	}
	row, err := a.desk.Conversation(ctx, id)
	if err != nil {
		return know.Question{}, nil, err
	}
	messages, _, err := a.desk.Messages(ctx, id, "", readMost)
	if err != nil {
		return know.Question{}, nil, err
	}
	q := know.Question{Lang: row.Lang}
	if row.Visibility == social.Direct {
		q.Subject = row.Subject
	}
	for _, m := range messages {
		if m.Kind == engage.FromThem && m.DeletedAt.IsZero() && m.Identity == row.Identity {
			q.Said = append(q.Said, m.Text)
		}
	}
	if len(q.Said) == 0 {
		q.Subject = row.Subject
	}
	return q, messages, nil
}

func (a *suggestAPI) suggestions(ctx context.Context, in *struct {
	ConversationPath
	Q string `query:"q" maxLength:"200" doc:"Look for these words instead of theirs."`
}) (*server.Body[server.Page[Suggestion]], error) {
	q, _, err := a.question(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	q.Words = in.Q
	found, err := a.lib.Suggest(ctx, q, suggestedMost)
	if err != nil {
		return nil, err
	}
	rows, err := a.suggested(ctx, found)
	if err != nil {
		return nil, err
	}
	return &server.Body[server.Page[Suggestion]]{Body: server.NewPage(rows, "")}, nil
}

func (a *suggestAPI) suggested(ctx context.Context, found []know.Suggestion) ([]Suggestion, error) {
	var who []social.MemberID
	for _, s := range found {
		who = append(who, s.By)
	}
	members, err := a.around.Members(ctx, who)
	if err != nil {
		return nil, err
	}
	open, err := a.lib.HelpOpen(ctx)
	if err != nil {
		return nil, err
	}
	rows := make([]Suggestion, len(found))
	for i, s := range found {
		rows[i] = Suggestion{Kind: s.Kind, ID: s.ID, Title: s.Title, Lang: s.Lang, Inside: s.Kind == know.KindArticle && s.Visibility != social.Public, Text: s.Text,
			Passage: s.Passage, Marks: s.Marks, Share: s.Share, Why: s.Why, Used: s.Used, At: s.At}
		if open && s.Slug != "" {
			rows[i].Link = server.Origin(ctx, a.srv) + know.HelpPath(s.Lang, s.Slug)
		}
		if m, ok := members[s.By]; ok {
			rows[i].By = &m
		}
	}
	return rows, nil
}

func (a *suggestAPI) insert(ctx context.Context, in *struct {
	ConversationPath
	Body struct {
		Kind know.Kind `json:"kind" enum:"article,answer"`
		ID   string    `json:"id" maxLength:"64"`
	}
}) (*struct{}, error) {
	if _, err := a.desk.Conversation(ctx, in.ID); err != nil {
		return nil, err
	}
	see, err := a.reach(ctx, social.KnowRead)
	if err != nil {
		return nil, err
	}
	if in.Body.Kind == know.KindArticle {
		_, err = a.lib.Store.Article(see, know.ArticleID(in.Body.ID))
	} else {
		_, err = a.lib.Store.Answer(see, know.AnswerID(in.Body.ID))
	}
	if err != nil {
		return nil, err
	}
	return nil, a.lib.Insert(ctx, in.ID, in.Body.Kind, in.Body.ID)
}

// GoodAnswer is a reply of ours that is kept as an answer, or might be.
type GoodAnswer struct {
	Message social.MessageID `json:"message"`
	Answer  know.AnswerID    `json:"answer,omitempty" doc:"As which it is kept."`
	Why     string           `json:"why,omitempty" doc:"Why it looks good: thanked or resolved."`
}

// stands says whether our words reached the network.
func stands(m engage.Message) bool {
	if m.Kind != engage.FromUs || !m.DeletedAt.IsZero() || m.Text == "" {
		return false
	}
	if m.Delivery == nil {
		return true
	}
	switch m.Delivery.Stage {
	case engage.Sent, engage.Confirmed, engage.Delivered, engage.Read:
		return !m.Delivery.Automatic
	}
	return false
}

// whyGood says why a reply looks good by what came after it; messages are
// newest first.
func whyGood(messages []engage.Message, i int, resolved bool) string {
	for j := i - 1; j >= 0; j-- {
		switch m := messages[j]; m.Kind {
		case engage.FromUs:
			return ""
		case engage.FromThem:
			for _, l := range m.Intents {
				if l.Label == "praise" {
					return know.WhyThanked
				}
			}
			return ""
		}
	}
	if resolved {
		return know.WhyResolved
	}
	return ""
}

func (a *suggestAPI) good(ctx context.Context, in *ConversationPath) (*server.Body[server.Page[GoodAnswer]], error) {
	kept, err := a.lib.Store.KeptOf(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	inbox, err := a.reach(ctx, social.InboxRead)
	if err != nil {
		return nil, err
	}
	row, err := a.desk.Conversation(inbox, in.ID)
	if err != nil {
		return nil, err
	}
	messages, _, err := a.desk.Messages(inbox, in.ID, "", 100)
	if err != nil {
		return nil, err
	}
	rows := []GoodAnswer{}
	for i, m := range messages {
		if stands(m) {
			rows = append(rows, GoodAnswer{m.ID, kept[m.ID], whyGood(messages, i, row.State == engage.Resolved)})
		}
	}
	return &server.Body[server.Page[GoodAnswer]]{Body: server.NewPage(rows, "")}, nil
}

// KeptAnswer is an answer that was found good.
type KeptAnswer struct {
	ID           know.AnswerID         `json:"id"`
	Question     string                `json:"question"`
	Answer       string                `json:"answer"`
	Lang         string                `json:"lang"`
	Programme    *social.ProgrammeRef  `json:"programme,omitempty"`
	Conversation social.ConversationID `json:"conversation"`
	Why          string                `json:"why" doc:"kept, thanked or resolved."`
	By           *social.MemberRef     `json:"by,omitempty"`
	Used         int                   `json:"used"`
	At           time.Time             `json:"at"`
}

func (a *suggestAPI) kept(ctx context.Context, all []know.Answer) ([]KeptAnswer, error) {
	var who []social.MemberID
	var where []social.ProgrammeID
	var ids []string
	for _, x := range all {
		who, where, ids = append(who, x.By), append(where, x.Programme), append(ids, string(x.ID))
	}
	members, err := a.around.Members(ctx, who)
	if err != nil {
		return nil, err
	}
	programmes, err := a.around.Programmes(ctx, where)
	if err != nil {
		return nil, err
	}
	used := map[string]int{}
	if len(ids) > 0 {
		if used, err = a.lib.Store.Used(ctx, know.KindAnswer, ids); err != nil {
			return nil, err
		}
	}
	out := make([]KeptAnswer, len(all))
	for i, x := range all {
		out[i] = KeptAnswer{ID: x.ID, Question: x.Question, Answer: x.Text, Lang: x.Lang, Conversation: x.Conversation, Why: x.Why, Used: used[string(x.ID)], At: x.At}
		if m, ok := members[x.By]; ok {
			out[i].By = &m
		}
		if p, ok := programmes[x.Programme]; ok {
			out[i].Programme = &p
		}
	}
	return out, nil
}

func (a *suggestAPI) oneKept(ctx context.Context, x know.Answer, err error) (*server.Body[KeptAnswer], error) {
	if err != nil {
		return nil, err
	}
	rows, err := a.kept(ctx, []know.Answer{x})
	if err != nil {
		return nil, err
	}
	return &server.Body[KeptAnswer]{Body: rows[0]}, nil
}

func (a *suggestAPI) keepAnswer(ctx context.Context, in *struct {
	Body struct {
		Conversation social.ConversationID `json:"conversation" maxLength:"64"`
		Message      social.MessageID      `json:"message" maxLength:"64" doc:"A reply of ours."`
	}
}) (*server.Body[KeptAnswer], error) {
	inbox, err := a.reach(ctx, social.InboxRead)
	if err != nil {
		return nil, err
	}
	row, err := a.desk.Conversation(inbox, in.Body.Conversation)
	if err != nil {
		return nil, err
	}
	for cursor := ""; ; {
		messages, next, err := a.desk.Messages(inbox, row.ID, cursor, 100)
		if err != nil {
			return nil, err
		}
		for i, m := range messages {
			if m.ID != in.Body.Message {
				continue
			}
			if !stands(m) {
				return nil, social.Errorf(social.Invalid, "Only a reply of ours that stands on the network can be kept as an answer.")
			}
			x := know.Answer{Text: m.Text, Lang: row.Lang, Programme: row.Programme, Conversation: row.ID, Message: m.ID, Why: whyGood(messages, i, row.State == engage.Resolved)}
			if m.Delivery != nil && m.Delivery.Written != "" {
				x.Text = m.Delivery.Written
			}
			if x.Why == "" {
				x.Why = know.WhyKept
			}
			x.Question = asked(messages[i+1:], row)
			kept, err := a.lib.KeepAnswer(ctx, x)
			return a.oneKept(ctx, kept, err)
		}
		if cursor = next; next == "" {
			return nil, social.Errorf(social.NotFound, "There is no such message in this conversation.")
		}
	}
}

// asked is what a reply answered: their words up to our reply before.
func asked(before []engage.Message, row engage.Row) string {
	out := ""
	for _, m := range before {
		if m.Kind == engage.FromUs {
			break
		}
		if m.Kind == engage.FromThem && m.DeletedAt.IsZero() {
			out = m.Text + "\n" + out
		}
	}
	if out == "" {
		return row.Subject
	}
	return out
}

// AnswerPath names an answer in an address.
type AnswerPath struct {
	ID know.AnswerID `path:"id" maxLength:"64"`
}

func (a *suggestAPI) answers(ctx context.Context, in *struct {
	server.Paging
	Q string `query:"q" maxLength:"200" doc:"Words; the best hundred come at once, without a next page."`
}) (*server.Body[server.Page[KeptAnswer]], error) {
	var all []know.Answer
	var next string
	var err error
	if in.Q != "" {
		all, err = a.lib.SearchAnswers(ctx, in.Q)
	} else {
		all, next, err = a.lib.Store.AnswerList(ctx, in.Cursor, in.Limit)
	}
	if err != nil {
		return nil, err
	}
	rows, err := a.kept(ctx, all)
	if err != nil {
		return nil, err
	}
	return &server.Body[server.Page[KeptAnswer]]{Body: server.NewPage(rows, next)}, nil
}

func (a *suggestAPI) editAnswer(ctx context.Context, in *struct {
	AnswerPath
	Body struct {
		Question *string `json:"question,omitempty" maxLength:"4000"`
		Answer   *string `json:"answer,omitempty" maxLength:"20000"`
	}
}) (*server.Body[KeptAnswer], error) {
	x, err := a.lib.EditAnswer(ctx, in.ID, in.Body.Question, in.Body.Answer)
	return a.oneKept(ctx, x, err)
}

func (a *suggestAPI) dropAnswer(ctx context.Context, in *AnswerPath) (*struct{}, error) {
	return nil, a.lib.DropAnswer(ctx, in.ID)
}

func (a *suggestAPI) bringAnswer(ctx context.Context, in *AnswerPath) (*server.Body[KeptAnswer], error) {
	x, err := a.lib.BringAnswer(ctx, in.ID)
	return a.oneKept(ctx, x, err)
}
