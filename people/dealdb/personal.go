package dealdb

import "github.com/parley-crm/parley/store"

// Personal is what business holds about somebody. Orders and opportunities stay for
// the books, without what was written about the person.
func (d *DB) Personal() store.Holder {
	const theirs = "(SELECT id FROM opportunity WHERE person_id IN (?0))"
	return store.Holder{DB: d.DB, Room: "business", Holds: []store.Held{
		{Name: "fields", Gather: "SELECT f.name, v.value, v.source, v.at FROM field_value v JOIN field_def f ON f.id = v.field_id WHERE v.owner_id IN (?0) ORDER BY f.name",
			Erase: []string{"DELETE FROM field_value WHERE owner_id IN (?0)"}},
		{Name: "where they work", Gather: "SELECT o.name, a.title, a.since, a.until FROM affiliation a JOIN organization o ON o.id = a.organization_id WHERE a.person_id IN (?0) ORDER BY a.created_at",
			Erase: []string{"DELETE FROM affiliation WHERE person_id IN (?0)"}},
		{Name: "opportunities", Gather: "SELECT name, state, amount, currency, close_on, next_step, reason, created_at FROM opportunity WHERE person_id IN (?0) ORDER BY created_at",
			Erase: []string{"DELETE FROM business_term WHERE object_id IN " + theirs, "UPDATE opportunity_step SET reason = '' WHERE opportunity_id IN " + theirs,
				"DELETE FROM field_value WHERE owner_id IN " + theirs, "UPDATE opportunity SET name = 'Erased', next_step = '', reason = '' WHERE person_id IN (?0)"}},
		{Name: "orders", Gather: "SELECT number, status, amount, currency, url, at FROM customer_order WHERE person_id IN (?0) ORDER BY at",
			Erase: []string{"UPDATE customer_order SET url = '' WHERE person_id IN (?0)"}},
		{Name: "ordered things", Gather: "SELECT o.number, l.sku, l.name, l.quantity, l.amount FROM order_line l JOIN customer_order o ON o.id = l.order_id WHERE o.person_id IN (?0) ORDER BY o.at, l.n"},
	}}
}
