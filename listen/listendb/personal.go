package listendb

import (
	"context"
	"strings"
	"unicode"

	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

// Personal is what was heard of somebody: it leaves the wall, the search and what
// is kept as it arrived; the counts stay.
func (s *DB) Personal() store.Holder {
	const theirs = "(SELECT seq FROM activity WHERE identity_id = ?1)"
	return store.Holder{DB: s.DB, Room: "listening", Also: s.unindex, Holds: []store.Held{
		{Name: "what was read into it", Erase: []string{"UPDATE activity_reading SET entities = '' WHERE seq IN " + theirs}},
		{Name: "as it arrived", Erase: []string{"UPDATE inbound SET raw = '' WHERE seq IN " + theirs}},
		{Name: "where it was", Erase: []string{"UPDATE activity_place SET others = '', why = '' WHERE seq IN " + theirs}},
		{Name: "enclosed", Erase: []string{"DELETE FROM enclosed WHERE activity_id IN (SELECT id FROM activity WHERE identity_id = ?1)",
			`UPDATE enclosed SET cc = REPLACE(cc, '"' || ?6 || '"', '""') WHERE ?6 <> '' AND cc LIKE '%"' || ?6 || '"%'`}},
		{Name: "attachments", Gather: "SELECT t.name, t.type, t.size, a.published_at FROM attachment t JOIN activity a ON a.id = t.activity_id WHERE a.identity_id IN (?1) ORDER BY a.published_at",
			Erase: []string{"DELETE FROM attachment WHERE activity_id IN (SELECT id FROM activity WHERE identity_id = ?1)"}},
		{Name: "what was said at our doors", Gather: `SELECT d.said_at, d.ours, d.name, d.body FROM door_line d WHERE ` + atDoors + `
ORDER BY d.said_at`, Erase: []string{"DELETE FROM door_line WHERE (channel_id, visitor) IN (SELECT w.channel_id, w.visitor FROM door_line w JOIN activity a ON a.channel_id = w.channel_id AND a.external_id = w.id WHERE a.identity_id = ?1)",
			"DELETE FROM door_line WHERE visitor = ?5"}},
		{Name: "posts", Gather: "SELECT published_at, form, visibility, title, body, url, lang, rating, likes, shares FROM activity WHERE identity_id IN (?1) AND deleted_at = 0 ORDER BY published_at, seq",
			Erase: []string{"UPDATE activity SET title = '', body = '', url = '', place = '', author = ?3, deleted_at = ?4, identity_id = ?2 WHERE identity_id = ?1"}},
		{Name: "shares", Gather: "SELECT kind, at FROM share WHERE identity_id IN (?1) ORDER BY at", Erase: []string{"UPDATE share SET author = ?3, identity_id = ?2 WHERE identity_id = ?1"}},
	}}
}

// atDoors chooses the lines of whole talks (d) at our doors in which somebody
// was the visitor, by whichever account they were known there.
const atDoors = `EXISTS (SELECT 1 FROM identity i WHERE i.id IN (?1) AND i.value = d.visitor AND i.issuer = d.channel_id)
OR EXISTS (SELECT 1 FROM door_line w JOIN activity a ON a.channel_id = w.channel_id AND a.external_id = w.id WHERE a.identity_id IN (?1) AND w.channel_id = d.channel_id AND w.visitor = d.visitor)`

// unindex takes their words out of the search, and their name out of the
// words that were said most.
func (s *DB) unindex(ctx context.Context, who social.Subject) ([]social.Gone, error) {
	n := 0
	said := map[string]bool{}
	for _, a := range who.Accounts {
		var rows []struct {
			Seq  int64  `bun:"seq"`
			Text string `bun:"t"`
		}
		if err := s.DB.IDB(ctx).NewRaw("SELECT seq, title || ' ' || body AS t FROM activity WHERE identity_id = ?", string(a.Author.ID())).Scan(ctx, &rows); err != nil {
			return nil, err
		}
		words := make(map[int64]string, len(rows))
		for _, r := range rows {
			words[r.Seq] = ""
			for _, w := range strings.FieldsFunc(strings.ToLower(r.Text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
				if len(said) < 5000 {
					said[w] = true
				}
			}
		}
		if err := s.DB.Index(ctx, indexTable, words); err != nil {
			return nil, err
		}
		n += len(rows)
		if _, err := s.DB.DropOwned(ctx, "SELECT 'message:' || id FROM activity WHERE identity_id = ?", string(a.Author.ID())); err != nil {
			return nil, err
		}
		theirs := "visitor = ? OR (channel_id, visitor) IN (SELECT w.channel_id, w.visitor FROM door_line w JOIN activity a ON a.channel_id = w.channel_id AND a.external_id = w.id WHERE a.identity_id = ?)"
		if err := s.dropBrought(ctx, theirs, a.Author.Value, string(a.Author.ID())); err != nil {
			return nil, err
		}
	}
	var out []social.Gone
	if n > 0 {
		out = append(out, social.Gone{Place: "search", Rows: n})
	}
	if terms := who.Words(); len(terms) > 0 {
		if _, err := s.DB.IDB(ctx).NewRaw("DELETE FROM term_day WHERE term IN (?)", bun.List(terms)).Exec(ctx); err != nil {
			return nil, err
		}
	}
	return out, s.onlyTheirs(ctx, said)
}

// onlyTheirs takes words that nobody else said out of those that were said most.
func (s *DB) onlyTheirs(ctx context.Context, said map[string]bool) error {
	for w := range said {
		others, err := s.DB.Indexed(ctx, indexTable, [][]store.Word{{{Text: w}}}, 1)
		if err != nil {
			return err
		}
		if len(others) > 0 {
			continue
		}
		if _, err := s.DB.IDB(ctx).NewRaw("DELETE FROM term_day WHERE term = ? OR term LIKE ? OR term LIKE ?", w, w+" %", "% "+w).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

// Naming lists the activities in whose words a name stands, for the search to
// be made anew once it is gone.
func (s *DB) Naming(ctx context.Context, names []string) ([]social.ActivityID, error) {
	var out []social.ActivityID
	for _, n := range names {
		var ids []social.ActivityID
		if err := s.DB.IDB(ctx).NewRaw("SELECT id FROM activity WHERE LOWER(body) LIKE ? OR LOWER(title) LIKE ? OR body LIKE ?", "%"+strings.ToLower(n)+"%", "%"+strings.ToLower(n)+"%", "%"+n+"%").Scan(ctx, &ids); err != nil {
			return nil, err
		}
		out = append(out, ids...)
	}
	return out, nil
}
