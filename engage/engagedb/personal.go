package engagedb

import (
	"context"

	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
)

// Their conversations are those that they began or that are with them alone.
const (
	Theirs    = "(SELECT id FROM conversation WHERE identity_id = ?1 OR counterpart = ?1)"
	allTheirs = "(SELECT id FROM conversation WHERE identity_id IN (?1) OR counterpart IN (?1))"
)

// Personal is what the inbox holds about somebody. Conversations stay and count;
// nothing that was said in them does. What waits to be sent to them does not
// leave any more. That they asked us to stop stays, so that it is heeded.
func (d *DB) Personal() store.Holder {
	return store.Holder{DB: d.DB, Room: "inbox", Also: d.unreason, Holds: []store.Held{
		{Name: "what was hidden or liked", Gather: `SELECT o.message_id, o.lane, o.had, o.reason, o.words, o.asked_at FROM moderation o JOIN message m ON m.id = o.message_id
WHERE m.identity_id IN (?1) ORDER BY o.message_id, o.lane`,
			Erase: []string{"UPDATE moderation SET words = '', problem = '' WHERE message_id IN (SELECT id FROM message WHERE identity_id = ?1 OR conversation_id IN " + Theirs + " OR origin_id IN " + Theirs + ")"}},
		{Name: "messages", Gather: `SELECT m.at, m.kind, m.visibility, m.title, m.text, m.url, m.lang, m.conversation_id FROM message m
WHERE m.deleted_at = 0 AND m.kind <> 'event' AND (m.identity_id IN (?1) OR (m.kind IN ('ours', 'note') AND (m.origin_id = '' AND m.conversation_id IN ` + allTheirs + ` OR m.origin_id IN ` + allTheirs + `))) ORDER BY m.at, m.id`,
			Erase: []string{
				"UPDATE message SET text = '', title = '', url = '', deleted_at = ?4 WHERE kind IN ('ours', 'note') AND (origin_id = '' AND conversation_id IN " + Theirs + " OR origin_id IN " + Theirs + ")",
				"UPDATE message SET text = '', title = '', url = '', author = ?3, deleted_at = ?4, identity_id = ?2 WHERE identity_id = ?1"}},
		{Name: "translations", Gather: `SELECT t.message_id, t.from_lang, t.to_lang, t.words, t.provider, t.at FROM message_translation t JOIN message m ON m.id = t.message_id
WHERE m.identity_id IN (?1) OR m.conversation_id IN ` + allTheirs + ` OR m.origin_id IN ` + allTheirs + ` ORDER BY t.message_id, t.to_lang`,
			Erase: []string{unworded}}, // after the words themselves: nothing comes between
		{Name: "files of messages", Erase: []string{"DELETE FROM message_file WHERE message_id IN (SELECT id FROM message WHERE conversation_id IN " + Theirs + " OR origin_id IN " + Theirs + ")"}},
		{Name: "copies of messages", Erase: []string{
			"DELETE FROM message_copy WHERE address = ?6",
			"DELETE FROM message_copy WHERE message_id IN (SELECT id FROM message WHERE origin_id = '' AND conversation_id IN " + Theirs + " OR origin_id IN " + Theirs + ")",
			`UPDATE draft SET copies = REPLACE(copies, '"' || ?6 || '"', '""') WHERE copies <> '' AND ?6 <> ''`}},
		{Name: "what waits to be sent", Erase: []string{"UPDATE delivery SET state = 'cancelled', next_at = 0 WHERE state = 'queued' AND message_id IN (SELECT id FROM message WHERE origin_id = '' AND conversation_id IN " + Theirs + " OR origin_id IN " + Theirs + ")"}},
		{Name: "deliveries", Erase: []string{"UPDATE delivery SET recipient = ?3, written = '', title = '', problem = '' WHERE message_id IN (SELECT id FROM message WHERE origin_id = '' AND conversation_id IN " + Theirs + " OR origin_id IN " + Theirs + ")"}},
		{Name: "drafts", Gather: "SELECT text, visibility, at FROM draft WHERE conversation_id IN " + allTheirs + " ORDER BY at", Erase: []string{"DELETE FROM draft WHERE conversation_id IN " + Theirs}},
		{Name: "conversations", Gather: "SELECT id, subject, channel_id, visibility, state, began_at, last_at, messages, url FROM conversation WHERE id IN " + allTheirs + " ORDER BY began_at",
			Erase: []string{
				"UPDATE conversation SET author = ?3, subject = '', preview = '', preview_by = '', url = '', folded = '', identity_id = ?2, version = version + 1 WHERE identity_id = ?1",
				"UPDATE conversation SET subject = '', preview = '', preview_by = '', folded = '', counterpart = ?2, version = version + 1 WHERE counterpart = ?1"}},
	}}
}

const heldFiles = `SELECT 'message:' || id FROM message WHERE identity_id = ? OR conversation_id IN (SELECT id FROM conversation WHERE identity_id = ? OR counterpart = ?)`

// unreason takes their words out of what speaks for a label, and their files away.
func (d *DB) unreason(ctx context.Context, s social.Subject) ([]social.Gone, error) {
	n := 0
	for _, a := range s.Accounts {
		id := string(a.Author.ID())
		for table, where := range map[string]string{"message": "identity_id = ?", "conversation": "identity_id = ?"} {
			if err := d.Unreason(ctx, table, "id", where, []any{id}, "sentiment", "intents"); err != nil {
				return nil, err
			}
		}
		k, err := d.DropOwned(ctx, heldFiles, id, id, id)
		if err != nil {
			return nil, err
		}
		n += k
	}
	if n == 0 {
		return nil, nil
	}
	return []social.Gone{{Place: "attachments", Rows: n}}, nil
}
