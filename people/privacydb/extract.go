package privacydb

import (
	"github.com/parley-crm/parley/kit/extract"
	"github.com/parley-crm/parley/store"
)

// Extracts are the tables of privacy, besides the consents themselves, that can be taken out.
func (d *DB) Extracts() []extract.Table {
	var out []extract.Table
	for _, e := range []store.Extract{
		{Name: "consent_texts", From: "consent_text", Keys: []string{"id"}, Columns: []string{"id", "purpose", "lang", "version:int", "name", "text=body", "member_id=by_id", "at:time"}},
		{Name: "consent_verdicts", From: "consent_verdict", Keys: []string{"id"}, Columns: []string{"id", "identity_id", "channel_id", "purpose", "reference", "clear:bool", "why", "consent_id", "member_id=by_id", "at:time"}},
		{Name: "privacy_requests", From: "privacy_request", Keys: []string{"id"}, Columns: []string{"id", "person_id", "kind", "state", "asked_by", "how", "why", "member_id=by_id", "asked_at:time", "due_at:time", "closed_at:time", "receipt:json", "signature"}},
		{Name: "legal_holds", From: "legal_hold", Keys: []string{"id"}, Columns: []string{"id", "kind", "object_id", "reason", "member_id=by_id", "at:time", "ended_by", "ended_at:time", "ended_why"}},
		{Name: "retention_rules", From: "retention_rule", Keys: []string{"id"}, Columns: []string{"id", "kind", "channel_id", "months:int", "even_with_business=even:bool", "active:bool", "member_id=by_id", "changed_at:time"}},
		{Name: "retention_runs", From: "retention_run", Keys: []string{"id"}, Columns: []string{"id", "dry:bool", "state", "member_id=by_id", "began_at:time", "ended_at:time", "lines:json", "signature"}},
	} {
		out = append(out, d.Table(e))
	}
	return out
}
