package engagedb

import (
	"slices"
	"strings"

	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/kit/cond"
	"github.com/parley-crm/parley/social"
)

// narrow takes from conditions what must hold of a field in any case: the
// values that it may have. Only tests that stand at the top, all of which must
// hold, say so.
func narrow(n cond.Node) map[string][]string {
	out := map[string][]string{}
	var take func(n cond.Node)
	take = func(n cond.Node) {
		if n.Field == "" {
			if n.Join == cond.All {
				for _, c := range n.Nodes {
					take(c)
				}
			}
			return
		}
		if n.Op != cond.Is || !slices.Contains([]string{"state", "programme", "assignee", "team"}, n.Field) {
			return
		}
		values := slices.Compact(slices.Sorted(slices.Values(n.Values)))
		if had, ok := out[n.Field]; ok {
			values = slices.DeleteFunc(values, func(v string) bool { return !slices.Contains(had, v) })
		}
		out[n.Field] = values
	}
	take(n)
	return out
}

// served reports whether the ranges of the index say all that conditions ask,
// so that nothing need be sifted: they ask for states and programmes alone.
func served(q engage.Query) bool {
	if q.View != engage.ViewAll && q.View != "" || q.Team != "" || q.Programme != "" {
		return false
	}
	var plain func(n cond.Node) bool
	plain = func(n cond.Node) bool {
		if n.Field != "" {
			return n.Op == cond.Is && (n.Field == "state" || n.Field == "programme")
		}
		return n.Join == cond.All && !slices.ContainsFunc(n.Nodes, func(c cond.Node) bool { return !plain(c) })
	}
	return plain(q.Where)
}

// labelled finds a label in the JSON of a score.
func labelled(column, label string) string {
	return column + ` LIKE '%"label":"` + label + `"%'`
}

// column says how SQL gets at the fields of a conversation c, as a member
// sees it.
func column(m social.MemberID) func(string) (cond.Column, bool) {
	plain := map[string]string{
		"state": "c.state", "turn": "c.turn", "assignee": "c.assignee_id", "team": "c.team_id", "priority": "c.priority",
		"channel": "c.channel_id", "programme": "c.programme_id", "language": "c.lang", "visibility": "c.visibility", "delivery": "c.delivery",
		"began": "c.began_at", "last": "c.last_at", "waiting_since": "c.waiting_since", "first_answer": "c.first_answer_at", "messages": "c.messages",
		"sentiment": "CASE WHEN " + labelled("c.sentiment", social.Negative) + " THEN 'negative' WHEN " + labelled("c.sentiment", social.Neutral) +
			" THEN 'neutral' WHEN " + labelled("c.sentiment", social.Positive) + " THEN 'positive' ELSE '' END",
		"first_answer_minutes": "CASE WHEN c.first_answer_at = 0 THEN NULL WHEN c.first_answer_at < c.began_at THEN 0 ELSE (c.first_answer_at - c.began_at) / 60000000.0 END",
	}
	return func(field string) (cond.Column, bool) {
		switch field {
		case "unread":
			return cond.Column{Expr: "(c.heard_at > COALESCE((SELECT r.at FROM conversation_read AS r WHERE r.member_id = ? AND r.conversation_id = c.id), 0))",
				Args: []any{string(m)}}, true
		case "draft":
			return cond.Column{Expr: "EXISTS (SELECT 1 FROM draft AS w WHERE w.member_id = ? AND w.conversation_id = c.id)", Args: []any{string(m)}}, true
		case "named":
			return cond.Column{Expr: "EXISTS (SELECT 1 FROM conversation_mention AS n WHERE n.member_id = ? AND n.conversation_id = c.id)", Args: []any{string(m)}}, true
		case "tags":
			return cond.Column{Many: has("c.tags", func(v string) string { return "% " + v + " %" })}, true
		case "intent":
			return cond.Column{Many: has("c.intents", func(v string) string { return `%"label":"` + v + `"%` })}, true
		}
		e, ok := plain[field]
		return cond.Column{Expr: e}, ok
	}
}

// has finds values in a text that holds several.
func has(column string, like func(string) string) func([]string) (string, []any) {
	escape := strings.NewReplacer("!", "!!", "%", "!%", "_", "!_")
	return func(values []string) (string, []any) {
		if len(values) == 0 {
			return column + " <> ''", nil
		}
		var parts []string
		var args []any
		for _, v := range values {
			parts = append(parts, column+" LIKE ? ESCAPE '!'")
			args = append(args, like(escape.Replace(v)))
		}
		return strings.Join(parts, " OR "), args
	}
}
