package main

import (
	"context"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"github.com/parley-crm/parley/cmd/parley/demo"
	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/engage/know"
	"github.com/parley-crm/parley/social"
)

// AddSubject makes a category of articles.
func (s *stage) AddSubject(ctx context.Context, name string) error {
	ctx, err := s.as(ctx, s.first, social.KnowWrite)
	if err == nil {
		_, err = s.library.AddCategory(ctx, name, "")
	}
	return err
}

// everybodyMay lets the first member publish.
func everybodyMay(context.Context, social.ProgrammeID) bool { return true }

// AddArticle brings in a Markdown file. Where an article of the same name is
// there in another language, it becomes a translation of that one.
func (s *stage) AddArticle(ctx context.Context, a demo.Sheet, owner social.MemberID) error {
	ctx, err := s.as(ctx, s.first, social.KnowWrite)
	if err != nil {
		return err
	}
	subjects, err := s.library.Store.Categories(ctx)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(subjects, func(c know.Category) bool { return c.Name == a.Subject })
	read := know.Read(know.File{Name: a.Name, Text: a.Text}, know.Article{Category: subjects[i].ID, Owner: owner})
	read.ReviewBy = s.clock.Now().AddDate(0, 5, len(a.Name)%60)
	if a.Of == "travel" {
		read.ReviewBy = s.clock.Now().AddDate(0, 0, 80) // has come when the script ends
	}
	made, err := s.library.Add(ctx, read, s.sheets[a.Of])
	if err != nil {
		return err
	}
	if s.sheets[a.Of] == "" {
		s.sheets[a.Of] = made.ID
	}
	_, err = s.library.Turn(ctx, made.ID, read.State, everybodyMay)
	return err
}

// lookedUp lets some who answer have looked into what is known before.
func (s *stage) lookedUp(ctx context.Context, by social.MemberID, c social.ConversationID) error {
	if s.answered++; s.answered%4 != 0 {
		return nil
	}
	reads, err := s.as(ctx, by, social.KnowRead)
	if err != nil {
		return err
	}
	row, err := s.desk.Conversation(ctx, c)
	if err != nil {
		return err
	}
	found, err := s.library.Suggest(reads, know.Question{Said: []string{row.Subject}, Lang: row.Lang}, 1)
	if err != nil || len(found) == 0 {
		return err
	}
	return s.library.Insert(ctx, c, found[0].Kind, found[0].ID)
}

// keepGood keeps some answers of conversations that are resolved.
func (s *stage) keepGood(ctx context.Context, by social.MemberID, talks []social.ConversationID) error {
	const every, most = 5, 60
	for i, c := range talks {
		if (s.answered+i)%every != 0 || s.answered/every > most {
			continue
		}
		inbox, err := s.as(ctx, by, social.InboxRead)
		if err != nil {
			return err
		}
		writes, err := s.as(ctx, by, social.KnowWrite)
		if err != nil {
			return nil //nolint:nilerr // not everybody may; then nothing is kept
		}
		row, err := s.desk.Conversation(inbox, c)
		if err != nil {
			return err
		}
		messages, _, err := s.desk.Messages(inbox, c, "", 20)
		if err != nil {
			return err
		}
		for j, m := range messages {
			if m.Kind != engage.FromUs || len(m.Text) < 60 || !social.ScopeOf(writes).All && !social.ScopeOf(writes).Sees(row.Programme) {
				continue
			}
			a := know.Answer{Question: row.Subject, Text: m.Text, Lang: row.Lang, Programme: row.Programme, Conversation: c, Message: m.ID, Why: know.WhyResolved}
			if m.Delivery != nil && m.Delivery.Written != "" {
				a.Text = m.Delivery.Written
			}
			if j > 0 && slices.ContainsFunc(messages[:j], func(x engage.Message) bool { return x.Kind == engage.FromThem }) {
				a.Why = know.WhyThanked
			}
			if _, err := s.library.KeepAnswer(writes, a); err != nil {
				return err
			}
			break
		}
	}
	return nil
}

// An hour brings the help page so many visitors; each does what one in a
// hundred decides.
const visitorsPerHour = 2

// visits lets visitors come to the help page, for the time since they came last.
func (s *stage) visits(ctx context.Context) error {
	now := s.set.Now()
	if len(s.sheets) == 0 || s.visited.IsZero() {
		s.visited = now
		return nil
	}
	hours := int(now.Sub(s.visited) / time.Hour)
	if hours == 0 {
		return nil
	}
	s.visited = s.visited.Add(time.Duration(hours) * time.Hour)
	world, err := s.library.Store.World(ctx, "")
	if err != nil || len(world) == 0 {
		return err
	}
	for i := range hours * visitorsPerHour {
		rng := rand.New(rand.NewPCG(uint64(s.visited.Unix()), uint64(i)))
		who, err := s.library.Visitor(ctx, strconv.Itoa(rng.IntN(4000)), "a browser")
		if err != nil {
			return err
		}
		if err := s.visit(ctx, rng, world, who); err != nil {
			return err
		}
	}
	return s.library.Flush(ctx)
}

func (s *stage) visit(ctx context.Context, rng *rand.Rand, world []know.Article, who string) error {
	s.library.Note(know.Event{Do: "visit", Visitor: who})
	a := world[min(len(world)-1, int(rng.ExpFloat64()*float64(len(world))/4))] // some are read far more than others
	if rng.IntN(100) < 45 {
		words, lang := demo.Searched(rng)
		hits, err := s.library.FindWorld(ctx, words, lang, false, false, 8)
		if err != nil {
			return err
		}
		s.library.Note(know.Event{Do: "search", Visitor: who, Words: words, Lang: lang, Found: len(hits)})
		if len(hits) == 0 {
			if rng.IntN(100) < 40 {
				s.library.Note(know.Event{Do: "ask", Visitor: who})
			}
			return nil
		}
		a.ID = know.ArticleID(hits[0].ID)
	} else if rng.IntN(100) < 20 {
		return nil
	}
	s.library.Note(know.Event{Do: "read", Visitor: who, Article: a.ID})
	helps := 55 + int(a.ID[len(a.ID)-1])%4*12 // each article helps as well as it does
	switch x := rng.IntN(100); {
	case x < 34 && rng.IntN(100) < helps:
		s.library.Note(know.Event{Do: "vote", Visitor: who, Article: a.ID, Vote: "yes"})
	case x < 34:
		s.library.Note(know.Event{Do: "vote", Visitor: who, Article: a.ID, Vote: "no"})
		if rng.IntN(100) < 25 {
			if err := s.library.Say(ctx, who, a.ID, "no", demo.Missing(rng)); err != nil {
				return err
			}
		}
		if rng.IntN(100) < 50 {
			s.library.Note(know.Event{Do: "ask", Visitor: who, Article: a.ID})
		}
	}
	return nil
}
