package dealdb

import (
	"github.com/parley-crm/parley/kit/extract"
	"github.com/parley-crm/parley/store"
)

// Extracts are the tables of business that can be taken out.
func (d *DB) Extracts() []extract.Table {
	id := []string{"id"}
	var out []extract.Table
	for _, e := range []store.Extract{
		{Name: "organizations", From: "organization", Keys: id, Columns: []string{"id", "name", "domain", "industry", "parent_id", "programme_id", "owner_id", "source", "external_id", "created_at:time", "updated_at:time"}},
		{Name: "affiliations", From: "affiliation", Keys: id, Columns: []string{"id", "person_id", "organization_id", "title", "since", "until", "member_id=by_id", "created_at:time"}},
		{Name: "fields", From: "field_def", Keys: id, Columns: []string{"id", "of=subject", "key", "name", "type", "choices:json", "archived:bool", "customers_correct=customer:bool", "created_at:time"}},
		{Name: "field_values", From: "field_value", Keys: []string{"owner_id", "field_id"}, Columns: []string{"owner_id", "field_id", "value", "source", "member_id=by_id", "at:time"}},
		{Name: "pipelines", From: "pipeline", Keys: id, Columns: []string{"id", "name", "position:int", "reasons:json", "archived:bool", "created_at:time"}},
		{Name: "stages", From: "stage", Keys: id, Columns: []string{"id", "pipeline_id", "name", "kind", "probability:int", "position:int"}},
		{Name: "opportunities", From: "opportunity", Keys: id, Columns: []string{"id", "name", "pipeline_id", "stage_id", "state", "person_id", "organization_id", "programme_id", "owner_id", "amount:int", "currency", "close_on", "next_step", "next_on", "reason", "created_at:time", "updated_at:time", "closed_at:time"}},
		{Name: "opportunity_conversations", From: "opportunity_conversation", Keys: []string{"opportunity_id", "conversation_id"}, Columns: []string{"opportunity_id", "conversation_id", "member_id=by_id", "at:time"}},
		{Name: "opportunity_steps", From: "opportunity_step", Keys: []string{"opportunity_id", "n:int"}, Columns: []string{"opportunity_id", "n:int", "from_stage", "to_stage", "amount:int", "currency", "reason", "member_id=by_id", "at:time"}},
		{Name: "orders", From: "customer_order", Keys: id, Columns: []string{"id", "external_id", "number", "status", "person_id", "organization_id", "opportunity_id", "conversation_id", "programme_id", "amount:int", "currency", "url", "source", "at:time", "created_at:time", "updated_at:time"}},
		{Name: "order_lines", From: "order_line", Keys: []string{"order_id", "n:int"}, Columns: []string{"order_id", "n:int", "sku", "name", "quantity:real", "amount:int"}},
	} {
		out = append(out, d.Table(e))
	}
	return out
}
