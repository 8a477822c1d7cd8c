package know

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/social"
)

// Library is all that is known. Fill in Store and Clock and use it; it is safe
// for concurrent use.
type Library struct {
	Store Store
	Clock clock.Clock
	Log   *slog.Logger // may be nil

	Senses Senses   // read texts for their meaning; nil: words alone decide
	Others []Source // further sources of suggestions

	senses   senses
	watch    watch
	index    index
	catching sync.Mutex // held by whoever brings the index up to date
}

func (l *Library) now() time.Time { return l.Clock.Now().UTC().Truncate(time.Microsecond) }

func (l *Library) log() *slog.Logger {
	if l.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return l.Log
}

func member(ctx context.Context) social.MemberID {
	a, _ := social.ActorOf(ctx)
	return a.Member
}

// placed says whether the actor may put something into a programme.
func placed(ctx context.Context, p social.ProgrammeID) error {
	scope := social.ScopeOf(ctx)
	switch {
	case scope.All || scope.Sees(p):
		return nil
	case p == "":
		return wrong("programme", "Choose one of your programmes; only those who may do this everywhere can leave it out.")
	}
	return &social.Error{Kind: social.NotFound, Field: "programme", Text: "There is no such programme."}
}

// mine returns an article that the actor may change.
func (l *Library) mine(ctx context.Context, id ArticleID) (Article, error) {
	a, err := l.Store.Article(ctx, id)
	if err == nil && !social.ScopeOf(ctx).All && !social.ScopeOf(ctx).Sees(a.Programme) {
		err = social.Errorf(social.Forbidden, "This article belongs to the whole house, or to another programme. Whoever may write everywhere can change it.")
	}
	return a, err
}

// Add begins an article. With of, it is a translation of that one. Where the
// address is taken already and was not asked for, it gets a number.
func (l *Library) Add(ctx context.Context, a Article, of ArticleID) (Article, error) {
	now := l.now()
	a.ID, a.Set, a.Version, a.CreatedAt, a.UpdatedAt, a.State = ArticleID(id.At(now)), id.At(now), 1, now, now, Draft
	a.PublishedAt, a.DeletedAt = time.Time{}, time.Time{}
	if a.Owner == "" {
		a.Owner = member(ctx)
	}
	asked := a.Slug != ""
	if of != "" {
		first, err := l.mine(ctx, of)
		if err != nil {
			return a, err
		}
		a.Set, a.Programme, a.Category = first.Set, first.Programme, first.Category
		if a.Visibility == "" {
			a.Visibility = first.Visibility
		}
	}
	if err := a.Check(); err != nil {
		return a, err
	}
	if err := placed(ctx, a.Programme); err != nil {
		return a, err
	}
	err := l.change(ctx, func(ctx context.Context) error {
		if err := l.category(ctx, a.Category); err != nil {
			return err
		}
		if !asked {
			if err := l.free(ctx, &a); err != nil {
				return err
			}
		}
		if err := l.save(ctx, &a); err != nil {
			return err
		}
		if err := l.Store.SaveVersion(ctx, Version{Article: a.ID, N: 1, Title: a.Title, Body: a.Body, By: member(ctx), At: now}); err != nil {
			return err
		}
		return l.record(ctx, "create", a, nil)
	})
	return a, err
}

// free gives the article an address that nobody has.
func (l *Library) free(ctx context.Context, a *Article) error {
	taken, err := l.Store.Slugs(ctx, a.Lang, a.Slug)
	if err != nil {
		return err
	}
	slug := a.Slug
	for n := 2; slices.Contains(taken, a.Slug); n++ {
		a.Slug = fmt.Sprintf("%s-%d", slug, n)
	}
	return nil
}

func (l *Library) category(ctx context.Context, id CategoryID) error {
	if id == "" {
		return nil
	}
	all, err := l.Store.Categories(ctx)
	if err == nil && !slices.ContainsFunc(all, func(c Category) bool { return c.ID == id }) {
		err = &social.Error{Kind: social.NotFound, Field: "category", Text: "There is no such category."}
	}
	return err
}

// change runs f alone in a transaction.
func (l *Library) change(ctx context.Context, f func(ctx context.Context) error) error {
	return l.Store.InTx(ctx, func(ctx context.Context) error {
		if err := l.Store.Lock(ctx); err != nil {
			return err
		}
		return f(ctx)
	})
}

// save gives the article the number of this change and keeps it.
func (l *Library) save(ctx context.Context, a *Article) (err error) {
	if a.Change, err = l.Store.Next(ctx); err != nil {
		return err
	}
	return l.Store.Save(ctx, *a)
}

func (l *Library) record(ctx context.Context, verb string, a Article, more map[string]any) error {
	detail := map[string]any{"name": a.Title, "lang": a.Lang, "version": a.Version, "state": a.State, "visibility": a.Visibility}
	for k, v := range more {
		detail[k] = v
	}
	return l.Store.Record(ctx, social.Entry{Verb: verb, Object: "article", ID: string(a.ID), Detail: detail})
}

// Patch changes what stands around the words; nil leaves a thing as it is.
type Patch struct {
	Slug       *string
	Visibility *social.Visibility
	Category   *CategoryID
	Programme  *social.ProgrammeID
	Owner      *social.MemberID
	ReviewBy   *time.Time
}

func set[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}

// May says whether the actor may publish to the world; asked by whoever changes
// what the world reads.
type May func(ctx context.Context, p social.ProgrammeID) bool

func (m May) outward(ctx context.Context, was, is Article) error {
	if !was.Open() && !is.Open() || m(ctx, is.Programme) {
		return nil
	}
	return social.Errorf(social.Forbidden, "This is on the public help page. Changing it takes the permission know.publish, which managers have.")
}

// Change changes what stands around the words.
func (l *Library) Change(ctx context.Context, id ArticleID, x Patch, may May) (Article, error) {
	var a Article
	err := l.change(ctx, func(ctx context.Context) (err error) {
		if a, err = l.mine(ctx, id); err != nil {
			return err
		}
		was := a
		set(&a.Slug, x.Slug)
		if x.Slug != nil && *x.Slug == "" {
			return wrong("slug", "The address needs letters or figures.")
		}
		set(&a.Visibility, x.Visibility)
		set(&a.Category, x.Category)
		set(&a.Programme, x.Programme)
		set(&a.Owner, x.Owner)
		set(&a.ReviewBy, x.ReviewBy)
		if err := a.Check(); err != nil {
			return err
		}
		if x.Programme != nil {
			if err := placed(ctx, a.Programme); err != nil {
				return err
			}
		}
		if x.Category != nil {
			if err := l.category(ctx, a.Category); err != nil {
				return err
			}
		}
		if a == was {
			return nil
		}
		if err := may.outward(ctx, was, a); err != nil {
			return err
		}
		a.UpdatedAt = l.now()
		if err := l.save(ctx, &a); err != nil {
			return err
		}
		return l.record(ctx, "update", a, map[string]any{"slug": a.Slug, "category": a.Category, "owner": a.Owner})
	})
	return a, err
}

// Keep keeps words as the next version. Seen is the version that the words
// began with: where another was kept meanwhile, it is a Conflict.
func (l *Library) Keep(ctx context.Context, id ArticleID, title, body, note string, seen int64, may May) (Article, error) {
	return l.version(ctx, id, "update", may, func(a *Article) (string, error) {
		if seen != a.Version {
			return "", social.Errorf(social.Conflict, "Somebody kept version %d while you wrote. Compare it with yours, then keep yours over it.", a.Version)
		}
		a.Title, a.Body = title, body
		return tidy(note), nil
	})
}

// Restore makes the words of an older version the next one.
func (l *Library) Restore(ctx context.Context, id ArticleID, n int64, may May) (Article, error) {
	return l.version(ctx, id, "restore", may, func(a *Article) (string, error) {
		v, err := l.Store.Version(ctx, id, n)
		if err != nil {
			return "", err
		}
		a.Title, a.Body = v.Title, v.Body
		return fmt.Sprintf("As in version %d", n), nil
	})
}

// version makes the next version of an article, where its words change.
func (l *Library) version(ctx context.Context, id ArticleID, verb string, may May, do func(a *Article) (note string, err error)) (Article, error) {
	var a Article
	err := l.change(ctx, func(ctx context.Context) (err error) {
		if a, err = l.mine(ctx, id); err != nil {
			return err
		}
		was := a
		note, err := do(&a)
		if err != nil {
			return err
		}
		if err := a.Check(); err != nil {
			return err
		}
		if len(note) > mostNote {
			return wrong("note", "The note is too long.")
		}
		if err := l.Store.DropWriting(ctx, id, member(ctx)); err != nil || a == was {
			return err
		}
		if err := may.outward(ctx, was, a); err != nil {
			return err
		}
		a.Version++
		a.UpdatedAt = l.now()
		if err := l.save(ctx, &a); err != nil {
			return err
		}
		if err := l.Store.SaveVersion(ctx, Version{Article: id, N: a.Version, Title: a.Title, Body: a.Body, Note: note, By: member(ctx), At: a.UpdatedAt}); err != nil {
			return err
		}
		return l.record(ctx, verb, a, nil)
	})
	return a, err
}

// Turn publishes an article, archives it, or makes it a draft again.
func (l *Library) Turn(ctx context.Context, id ArticleID, to State, may May) (Article, error) {
	verbs := map[State]string{Published: "publish", Archived: "archive", Draft: "withdraw"}
	if verbs[to] == "" {
		return Article{}, wrong("state", "An article is a draft, published, or archived.")
	}
	var a Article
	err := l.change(ctx, func(ctx context.Context) (err error) {
		if a, err = l.mine(ctx, id); err != nil || a.State == to {
			return err
		}
		was := a
		if to == Published && strings.TrimSpace(a.Body) == "" {
			return wrong("body", "There are no words to publish yet.")
		}
		a.State, a.UpdatedAt = to, l.now()
		if to == Published && a.PublishedAt.IsZero() {
			a.PublishedAt = a.UpdatedAt
		}
		if err := may.outward(ctx, was, a); err != nil {
			return err
		}
		if err := l.save(ctx, &a); err != nil {
			return err
		}
		return l.record(ctx, verbs[to], a, nil)
	})
	return a, err
}

// Remove deletes an article; Bring brings it back within thirty days.
func (l *Library) Remove(ctx context.Context, id ArticleID, may May) error {
	return l.change(ctx, func(ctx context.Context) error {
		a, err := l.mine(ctx, id)
		if err != nil {
			return err
		}
		was := a
		a.DeletedAt = l.now()
		a.UpdatedAt = a.DeletedAt
		if err := may.outward(ctx, was, a); err != nil {
			return err
		}
		if err := l.save(ctx, &a); err != nil {
			return err
		}
		return l.record(ctx, "delete", a, nil)
	})
}

// Bring brings a deleted article back as it was.
func (l *Library) Bring(ctx context.Context, id ArticleID, may May) (Article, error) {
	var a Article
	err := l.change(ctx, func(ctx context.Context) (err error) {
		if a, err = l.Store.Gone(ctx, id); err != nil {
			return err
		}
		if err := placed(ctx, a.Programme); err != nil {
			return social.Errorf(social.NotFound, "There is no such article.")
		}
		was := a
		a.DeletedAt, a.UpdatedAt = time.Time{}, l.now()
		if err := may.outward(ctx, was, a); err != nil {
			return err
		}
		if err := l.save(ctx, &a); err != nil {
			return err
		}
		return l.record(ctx, "restore", a, nil)
	})
	return a, err
}

// keepDeleted is how long a deleted article can be brought back.
const keepDeleted = 30 * 24 * time.Hour

// Tidy forgets for good what was deleted long ago, and who came on the days
// before this one.
func (l *Library) Tidy(ctx context.Context) error {
	return l.Store.InTx(ctx, func(ctx context.Context) error {
		if err := l.Store.ForgetVisits(ctx, dayOf(l.now())); err != nil {
			return err
		}
		return l.Store.Forget(ctx, l.now().Add(-keepDeleted))
	})
}

// Write keeps what the actor is writing, without making a version of it. What
// is the same as the article is no longer kept.
func (l *Library) Write(ctx context.Context, id ArticleID, title, body string, seen int64) (Writing, error) {
	a, err := l.mine(ctx, id)
	if err != nil {
		return Writing{}, err
	}
	w := Writing{Article: id, Member: member(ctx), Version: seen, Title: tidy(title), Body: words(body), At: l.now()}
	if w.Member == "" {
		return w, social.Errorf(social.Forbidden, "Only a member can do this: sign in, or use a token that acts for a member.")
	}
	if len(w.Body) >= MostBody || len(w.Title) > 4*MostTitle {
		return w, wrong("body", "The article is too long; %d characters fit.", MostBody)
	}
	return w, l.Store.InTx(ctx, func(ctx context.Context) error {
		if w.Title == a.Title && w.Body == a.Body {
			return l.Store.DropWriting(ctx, id, w.Member)
		}
		return l.Store.SaveWriting(ctx, w)
	})
}

// Drop throws away what the actor was writing.
func (l *Library) Drop(ctx context.Context, id ArticleID) error {
	if _, err := l.mine(ctx, id); err != nil {
		return err
	}
	return l.Store.InTx(ctx, func(ctx context.Context) error { return l.Store.DropWriting(ctx, id, member(ctx)) })
}

// Written is what the actor is writing; ok is false when nothing.
func (l *Library) Written(ctx context.Context, id ArticleID) (w Writing, ok bool, err error) {
	w, err = l.Store.Writing(ctx, id, member(ctx))
	if social.NotFound.Is(err) {
		return w, false, nil
	}
	return w, err == nil, err
}

// mostCategories is how many subjects there may be.
const mostCategories = 200

// AddCategory adds a subject.
func (l *Library) AddCategory(ctx context.Context, name string, parent CategoryID) (Category, error) {
	now := l.now()
	c := Category{ID: CategoryID(id.At(now)), Name: tidy(name), Parent: parent, Created: now}
	return c, l.saveCategory(ctx, "create", &c)
}

// RenameCategory gives a subject another name or place.
func (l *Library) RenameCategory(ctx context.Context, id CategoryID, name string, parent CategoryID) (Category, error) {
	all, err := l.Store.Categories(ctx)
	if err != nil {
		return Category{}, err
	}
	i := slices.IndexFunc(all, func(c Category) bool { return c.ID == id })
	if i < 0 {
		return Category{}, social.Errorf(social.NotFound, "There is no such category.")
	}
	c := all[i]
	c.Name, c.Parent = tidy(name), parent
	return c, l.saveCategory(ctx, "update", &c)
}

func everywhere(ctx context.Context) error {
	if social.ScopeOf(ctx).All {
		return nil
	}
	return social.Errorf(social.Forbidden, "Categories are for the whole house; whoever may write everywhere can change them.")
}

func (l *Library) saveCategory(ctx context.Context, verb string, c *Category) error {
	if err := everywhere(ctx); err != nil {
		return err
	}
	if c.Name == "" || len(c.Name) > 200 {
		return wrong("name", "A category needs a name of at most 200 characters.")
	}
	return l.change(ctx, func(ctx context.Context) error {
		all, err := l.Store.Categories(ctx)
		if err != nil {
			return err
		}
		if len(all) >= mostCategories {
			return social.Errorf(social.Invalid, "There are %d categories; that is as many as fit.", mostCategories)
		}
		for _, o := range all {
			if o.ID != c.ID && o.Parent == c.Parent && strings.EqualFold(o.Name, c.Name) {
				return &social.Error{Kind: social.Conflict, Field: "name", Text: "There is a category of this name."}
			}
			if o.ID == c.Parent && o.Parent != "" {
				return wrong("parent", "Categories go two levels deep.")
			}
			if c.Parent != "" && o.Parent == c.ID {
				return wrong("parent", "Categories go two levels deep.")
			}
			c.Position = max(c.Position, o.Position+1)
		}
		if c.Parent != "" && (c.Parent == c.ID || !slices.ContainsFunc(all, func(o Category) bool { return o.ID == c.Parent })) {
			return wrong("parent", "There is no such category.")
		}
		if err := l.Store.SaveCategory(ctx, *c); err != nil {
			return err
		}
		return l.Store.Record(ctx, social.Entry{Verb: verb, Object: "category", ID: string(c.ID), Detail: map[string]any{"name": c.Name}})
	})
}

// RemoveCategory removes a subject; its articles stay, without one.
func (l *Library) RemoveCategory(ctx context.Context, id CategoryID) error {
	if err := everywhere(ctx); err != nil {
		return err
	}
	return l.change(ctx, func(ctx context.Context) error {
		if err := l.category(ctx, id); err != nil {
			return err
		}
		if err := l.Store.DropCategory(ctx, id); err != nil {
			return err
		}
		return l.Store.Record(ctx, social.Entry{Verb: "delete", Object: "category", ID: string(id)})
	})
}
