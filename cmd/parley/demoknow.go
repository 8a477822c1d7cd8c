package main

import (
	"context"
	"slices"

	"github.com/parley-crm/parley/cmd/parley/demo"
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
