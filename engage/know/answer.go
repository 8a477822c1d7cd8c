package know

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/kit/word"
	"github.com/parley-crm/parley/social"
)

// AnswerID names an answer that was kept.
type AnswerID string

// Why an answer is thought to be good.
const (
	WhyKept     = "kept"     // a colleague says so
	WhyThanked  = "thanked"  // the customer thanked for it
	WhyResolved = "resolved" // the conversation was resolved after it
)

// Answer is an answer of ours that was found good, with what it answered.
type Answer struct {
	ID           AnswerID
	Question     string
	Text         string
	Lang         string
	Programme    social.ProgrammeID
	Conversation social.ConversationID
	Message      social.MessageID
	Same         string // of the folded words: the same answer is kept once
	Why          string
	By           social.MemberID
	Change       int64
	At           time.Time
	DeletedAt    time.Time
}

// The most that fits.
const (
	mostQuestion = 1000
	mostAnswer   = 5000
)

var (
	mailAddress = regexp.MustCompile(`[\p{L}\d._%+-]+@[\p{L}\d-]+(\.[\p{L}\d-]+)+`)
	handle      = regexp.MustCompile(`(^|[^\p{L}\d])@[\p{L}\d_][\p{L}\d_.-]*(@[\p{L}\d.-]+)?`)
	figures     = regexp.MustCompile(`\+?\d[\d ()/.-]{5,}\d`)
)

// Bare takes out of a text what points at a person: addresses, handles, and
// long figures such as numbers of telephones and orders. Web addresses stay.
func Bare(s string) string {
	var out []string
	for line := range strings.Lines(s) {
		fields := strings.Split(line, " ")
		for i, f := range fields {
			if strings.Contains(f, "://") {
				fields[i] = strings.ReplaceAll(f, "@", "\x00")
			}
		}
		line = strings.Join(fields, " ")
		line = mailAddress.ReplaceAllString(line, "…")
		line = handle.ReplaceAllString(line, "$1…")
		if !strings.Contains(line, "://") {
			line = figures.ReplaceAllString(line, "…")
		}
		out = append(out, strings.ReplaceAll(line, "\x00", "@"))
	}
	s = strings.TrimSpace(strings.Join(out, ""))
	for strings.HasPrefix(s, "… ") { // an answer begins by naming whom it is for
		s = strings.TrimPrefix(s, "… ")
	}
	return s
}

// greeting is how a letter begins, and farewell how it ends.
var (
	greeting = regexp.MustCompile(`^[^\n.?]{1,40}[,!:،、。]\n+`)
	farewell = regexp.MustCompile(`\n\n[^\n]{1,40}[,\pL]\n[^\n]{1,40}$`)
)

// letterless takes the greeting and the farewell off a letter, with the names
// in them.
func letterless(s string) string {
	bare := greeting.ReplaceAllString(s, "")
	if bare = strings.TrimSpace(farewell.ReplaceAllString(bare, "")); bare != "" {
		return bare
	}
	return s
}

func (a *Answer) check() error {
	a.Question, a.Text = strings.TrimSpace(words(a.Question)), strings.TrimSpace(words(a.Text))
	switch {
	case a.Text == "":
		return wrong("answer", "There are no words in this answer.")
	case utf8.RuneCountInString(a.Text) > mostAnswer:
		return wrong("answer", "The answer is too long; %d characters fit.", mostAnswer)
	}
	if r := []rune(a.Question); len(r) > mostQuestion {
		a.Question = string(r[:mostQuestion])
	}
	sum := sha256.Sum256([]byte(strings.Join(word.Split(a.Text), " ")))
	a.Same = hex.EncodeToString(sum[:16])
	if a.Lang == "" {
		a.Lang = "und"
	}
	return nil
}

// Answers keeps answers. What is read is limited to social.ScopeOf(ctx).
type Answers interface {
	Answer(ctx context.Context, id AnswerID) (Answer, error)
	// AnswerLike finds an answer out of the same message, or with the same
	// words in the programme; NotFound if there is none.
	AnswerLike(ctx context.Context, a Answer) (Answer, error)
	AnswersByID(ctx context.Context, ids []AnswerID) ([]Answer, error)
	// AnswerList reads a page, the newest first.
	AnswerList(ctx context.Context, cursor string, limit int) ([]Answer, string, error)
	GoneAnswer(ctx context.Context, id AnswerID) (Answer, error)
	SaveAnswer(ctx context.Context, a Answer) error
	// KeptOf says which messages of a conversation are kept as answers.
	KeptOf(ctx context.Context, c social.ConversationID) (map[social.MessageID]AnswerID, error)
}

// KeepAnswer keeps an answer. The same words are kept once: then what is there
// already comes back.
func (l *Library) KeepAnswer(ctx context.Context, a Answer) (Answer, error) {
	now := l.now()
	a.ID, a.By, a.At, a.DeletedAt = AnswerID(id.At(now)), member(ctx), now, time.Time{}
	a.Question, a.Text = Bare(a.Question), letterless(Bare(a.Text))
	if err := a.check(); err != nil {
		return a, err
	}
	if err := placed(ctx, a.Programme); err != nil {
		return a, social.Errorf(social.Forbidden, "This conversation lies outside of what you may write about.")
	}
	err := l.change(ctx, func(ctx context.Context) error {
		old, err := l.Store.AnswerLike(ctx, a)
		if err == nil {
			a = old
			return nil
		}
		if !social.NotFound.Is(err) {
			return err
		}
		return l.saveAnswer(ctx, "create", &a)
	})
	return a, err
}

func (l *Library) saveAnswer(ctx context.Context, verb string, a *Answer) (err error) {
	if a.Change, err = l.Store.Next(ctx); err != nil {
		return err
	}
	if err := l.Store.SaveAnswer(ctx, *a); err != nil {
		return err
	}
	return l.Store.Record(ctx, social.Entry{Verb: verb, Object: "answer", ID: string(a.ID), Detail: map[string]any{
		"conversation": a.Conversation, "message": a.Message, "lang": a.Lang, "why": a.Why}})
}

// EditAnswer changes the words of an answer that was kept.
func (l *Library) EditAnswer(ctx context.Context, id AnswerID, question, text *string) (Answer, error) {
	var a Answer
	err := l.change(ctx, func(ctx context.Context) (err error) {
		if a, err = l.Store.Answer(ctx, id); err != nil {
			return err
		}
		set(&a.Question, question)
		set(&a.Text, text)
		if err := a.check(); err != nil {
			return err
		}
		if old, err := l.Store.AnswerLike(ctx, Answer{ID: id, Programme: a.Programme, Same: a.Same}); err == nil && old.ID != id {
			return social.Errorf(social.Conflict, "The same answer is kept already.")
		} else if err != nil && !social.NotFound.Is(err) {
			return err
		}
		return l.saveAnswer(ctx, "update", &a)
	})
	return a, err
}

// DropAnswer keeps an answer no longer.
func (l *Library) DropAnswer(ctx context.Context, id AnswerID) error {
	return l.change(ctx, func(ctx context.Context) error {
		a, err := l.Store.Answer(ctx, id)
		if err != nil {
			return err
		}
		a.DeletedAt = l.now()
		return l.saveAnswer(ctx, "delete", &a)
	})
}

// BringAnswer takes that back.
func (l *Library) BringAnswer(ctx context.Context, id AnswerID) (Answer, error) {
	var a Answer
	err := l.change(ctx, func(ctx context.Context) (err error) {
		if a, err = l.Store.GoneAnswer(ctx, id); err != nil {
			return err
		}
		if _, err := l.Store.AnswerLike(ctx, a); err == nil {
			return social.Errorf(social.Conflict, "The same answer is kept already.")
		}
		a.DeletedAt = time.Time{}
		return l.saveAnswer(ctx, "restore", &a)
	})
	return a, err
}

// SearchAnswers finds answers by words, best first.
func (l *Library) SearchAnswers(ctx context.Context, words string) ([]Answer, error) {
	hits, err := l.Find(ctx, Ask{Text: words, Typing: true, Kinds: []Kind{KindAnswer}, Limit: 100})
	if err != nil || len(hits) == 0 {
		return nil, err
	}
	order := map[AnswerID]int{}
	var ids []AnswerID
	for i, h := range hits {
		order[AnswerID(h.ID)] = i
		ids = append(ids, AnswerID(h.ID))
	}
	out, err := l.Store.AnswersByID(ctx, ids)
	slices.SortFunc(out, func(a, b Answer) int { return order[a.ID] - order[b.ID] })
	return out, err
}
