package knowdb

import (
	"github.com/parley-crm/parley/kit/extract"
	"github.com/parley-crm/parley/store"
)

// Extracts are the tables of knowledge that can be taken out.
func (s *DB) Extracts() []extract.Table {
	var out []extract.Table
	for _, e := range []store.Extract{
		{Name: "articles", From: "know_article", Keys: []string{"id"}, Columns: []string{"id", "set_id", "lang", "slug", "title", "body", "visibility", "state", "category_id", "programme_id", "owner_id", "review_at:time", "version:int", "published_at:time", "created_at:time", "updated_at:time", "deleted_at:time"}},
		{Name: "article_versions", From: "know_version", Keys: []string{"article_id", "n:int"}, Columns: []string{"article_id", "n:int", "title", "body", "note", "member_id=by_id", "at:time"}},
		{Name: "article_categories", From: "know_category", Keys: []string{"id"}, Columns: []string{"id", "name", "parent_id", "position:int", "created_at:time"}},
		{Name: "answers", From: "know_answer", Where: "deleted_at = 0", Keys: []string{"id"}, Columns: []string{"id", "question", "answer", "lang", "programme_id", "conversation_id", "message_id", "why", "member_id=by_id", "at:time"}},
		{Name: "answers_used", From: "know_use", Keys: []string{"conversation_id", "kind", "source_id"}, Columns: []string{"conversation_id", "kind", "source_id", "member_id", "at:time", "resolved_at:time"}},
		{Name: "help_days", From: "know_day", Keys: []string{"day:int", "article_id"}, Columns: []string{"day:time", "article_id", "visits:int", "searched:int", "read:int", "solved:int", "unsolved:int", "asked:int", "inserted:int", "resolved:int"}},
	} {
		out = append(out, s.Table(e))
	}
	return out
}
