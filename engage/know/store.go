package know

import (
	"context"
	"time"

	"github.com/parley-crm/parley/social"
)

// Transactions group what belongs together.
type Transactions interface {
	InTx(ctx context.Context, f func(ctx context.Context) error) error
	Record(ctx context.Context, e social.Entry) error
}

// ArticleQuery chooses articles.
type ArticleQuery struct {
	State      State
	Lang       string
	Category   CategoryID
	Visibility social.Visibility
	Owner      social.MemberID
	Due        time.Time   // to be looked at by then; zero: all
	IDs        []ArticleID // nil: all
	Cursor     string
	Limit      int
}

// Articles keeps articles. What is read is limited to what social.ScopeOf(ctx)
// sees, and to what the whole house may read: published articles that are
// public or of no programme. What lies outside is NotFound.
type Articles interface {
	// List reads a page, the newest change first, and the cursor of the next.
	List(ctx context.Context, q ArticleQuery) ([]Article, string, error)
	Article(ctx context.Context, id ArticleID) (Article, error)
	// Lock makes the transaction of ctx the only one that changes knowledge.
	Lock(ctx context.Context) error
	// Next gives the number of the next change; call it after Lock.
	Next(ctx context.Context) (int64, error)
	// Save adds or replaces an article. The same address or language twice is
	// a Conflict.
	Save(ctx context.Context, a Article) error
	// Slugs lists the addresses in a language that begin so.
	Slugs(ctx context.Context, lang, begin string) ([]string, error)
	// Set lists the translations of an article, by language.
	Set(ctx context.Context, set string) ([]Article, error)
	// Gone finds an article that was deleted.
	Gone(ctx context.Context, id ArticleID) (Article, error)
	// Forget removes what was deleted before a time for good.
	Forget(ctx context.Context, before time.Time) error
	// Counts says how many articles stand in each state.
	Counts(ctx context.Context, now time.Time) (Counts, error)

	SaveVersion(ctx context.Context, v Version) error
	Versions(ctx context.Context, id ArticleID, cursor string, limit int) ([]Version, string, error)
	Version(ctx context.Context, id ArticleID, n int64) (Version, error)

	Writing(ctx context.Context, id ArticleID, m social.MemberID) (Writing, error)
	SaveWriting(ctx context.Context, w Writing) error
	DropWriting(ctx context.Context, id ArticleID, m social.MemberID) error

	Categories(ctx context.Context) ([]Category, error)
	SaveCategory(ctx context.Context, c Category) error
	DropCategory(ctx context.Context, id CategoryID) error
}

// Counts is how many articles there are.
type Counts struct {
	Draft, Published, Archived, Public, Due int
	Langs                                   []string
}

// Store is what knowledge needs of the database.
type Store interface {
	Transactions
	Articles
	Filed
	Answers
	Uses
	Meanings
	Counting
	Help
	Providers
}
