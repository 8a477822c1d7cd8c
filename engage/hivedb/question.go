package hivedb

import (
	"context"
	"slices"
	"time"

	"github.com/parley-crm/parley/engage/hive"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

var errNone = social.Errorf(social.NotFound, "This question is not in the hive, or not for you.")

type questionRow struct {
	bun.BaseModel  `bun:"table:hive_question,alias:q"`
	ConversationID string `bun:"conversation_id,pk"`
	ProgrammeID    string `bun:"programme_id"`
	State          string `bun:"state"`
	Ring           int    `bun:"ring"`
	Lang           string `bun:"lang"`
	About          string `bun:"about"`
	AskedAt        int64  `bun:"asked_at"`
	OpenedAt       int64  `bun:"opened_at"`
	DueAt          int64  `bun:"due_at"`
	EndAt          int64  `bun:"end_at"`
	NextAt         int64  `bun:"next_at"`
	ClaimedBy      string `bun:"claimed_by"`
	ClaimedAt      int64  `bun:"claimed_at"`
	ClaimUntil     int64  `bun:"claim_until"`
	Warned         bool   `bun:"warned"`
	AnsweredBy     string `bun:"answered_by"`
	AnsweredAt     int64  `bun:"answered_at"`
	ClosedAt       int64  `bun:"closed_at"`
	Because        string `bun:"because"`
	ByHand         string `bun:"by_hand"`
	Knew           int    `bun:"knew"`
}

var questionColumns = []string{"programme_id", "state", "ring", "lang", "about", "asked_at", "opened_at", "due_at", "end_at", "next_at", "claimed_by", "claimed_at",
	"claim_until", "warned", "answered_by", "answered_at", "closed_at", "because", "by_hand", "knew"}

func (r questionRow) question() hive.Question {
	return hive.Question{Conversation: social.ConversationID(r.ConversationID), Programme: social.ProgrammeID(r.ProgrammeID), State: hive.State(r.State), Ring: r.Ring,
		About: fromJSON[hive.About](r.About), AskedAt: store.Time(r.AskedAt), OpenedAt: store.Time(r.OpenedAt), DueAt: store.Time(r.DueAt), EndAt: store.Time(r.EndAt),
		NextAt: store.Time(r.NextAt), ClaimedBy: social.MemberID(r.ClaimedBy), ClaimedAt: store.Time(r.ClaimedAt), ClaimUntil: store.Time(r.ClaimUntil), Warned: r.Warned,
		AnsweredBy: social.MemberID(r.AnsweredBy), AnsweredAt: store.Time(r.AnsweredAt), ClosedAt: store.Time(r.ClosedAt), Because: r.Because,
		ByHand: social.MemberID(r.ByHand), Knew: r.Knew}
}

func questions(rows []questionRow) []hive.Question {
	out := make([]hive.Question, len(rows))
	for i, r := range rows {
		out[i] = r.question()
	}
	return out
}

// visible limits a query to the scope of ctx; q is the alias of hive_question.
func visible(ctx context.Context, q *bun.SelectQuery) *bun.SelectQuery {
	s := social.ScopeOf(ctx)
	switch {
	case s.All:
		return q
	case len(s.Programmes) == 0:
		return q.Where("1 = 0")
	}
	return q.Where("q.programme_id IN (?)", bun.List(s.Programmes)).Where("q.programme_id <> ''")
}

// Held implements hive.Store.
func (d *DB) Held(ctx context.Context, ids []social.ConversationID, lock bool) (map[social.ConversationID]hive.Question, error) {
	out := make(map[social.ConversationID]hive.Question, len(ids))
	for chunk := range slices.Chunk(ids, 500) {
		var rows []questionRow
		q := d.IDB(ctx).NewSelect().Model(&rows).Where("q.conversation_id IN (?)", bun.List(chunk)).Order("q.conversation_id")
		if err := d.forUpdate(q, lock).Scan(ctx); err != nil {
			return nil, err
		}
		for _, r := range rows {
			out[social.ConversationID(r.ConversationID)] = r.question()
		}
	}
	return out, nil
}

// Question implements hive.Store.
func (d *DB) Question(ctx context.Context, id social.ConversationID) (hive.Question, error) {
	var rows []questionRow
	if err := visible(ctx, d.IDB(ctx).NewSelect().Model(&rows).Where("q.conversation_id = ?", string(id))).Scan(ctx); err != nil {
		return hive.Question{}, err
	}
	if len(rows) == 0 {
		return hive.Question{}, errNone
	}
	return rows[0].question(), nil
}

// SaveQuestion implements hive.Store.
func (d *DB) SaveQuestion(ctx context.Context, q hive.Question) error {
	row := questionRow{ConversationID: string(q.Conversation), ProgrammeID: string(q.Programme), State: string(q.State), Ring: q.Ring, Lang: q.About.Lang,
		About: jsonOf(q.About), AskedAt: store.At(q.AskedAt), OpenedAt: store.At(q.OpenedAt), DueAt: store.At(q.DueAt), EndAt: store.At(q.EndAt), NextAt: store.At(q.NextAt),
		ClaimedBy: string(q.ClaimedBy), ClaimedAt: store.At(q.ClaimedAt), ClaimUntil: store.At(q.ClaimUntil), Warned: q.Warned, AnsweredBy: string(q.AnsweredBy),
		AnsweredAt: store.At(q.AnsweredAt), ClosedAt: store.At(q.ClosedAt), Because: q.Because, ByHand: string(q.ByHand), Knew: q.Knew}
	in := d.IDB(ctx).NewInsert().Model(&row).On("CONFLICT (conversation_id) DO UPDATE")
	for _, c := range questionColumns {
		in = in.Set("? = EXCLUDED.?", bun.Ident(c), bun.Ident(c))
	}
	_, err := in.Exec(ctx)
	return err
}

// DueNow implements hive.Store.
func (d *DB) DueNow(ctx context.Context, now time.Time, limit int) ([]social.ConversationID, error) {
	var ids []social.ConversationID
	err := d.IDB(ctx).NewRaw("SELECT conversation_id FROM hive_question WHERE next_at > 0 AND next_at <= ? ORDER BY next_at, conversation_id LIMIT ?",
		store.At(now), limit).Scan(ctx, &ids)
	return ids, err
}

// List implements hive.Store.
func (d *DB) List(ctx context.Context, ask hive.Ask) ([]hive.Question, string, error) {
	limit := store.Limit(ask.Limit)
	var at int64
	var id string
	on, err := store.FromCursor(ask.Cursor, &at, &id)
	if err != nil {
		return nil, "", err
	}
	var rows []questionRow
	q := visible(ctx, d.IDB(ctx).NewSelect().Model(&rows)).Limit(int64(limit + 1))
	if ask.Programme != "" {
		q = q.Where("q.programme_id = ?", string(ask.Programme))
	}
	key, up := "q.opened_at", false
	switch ask.View {
	case hive.ViewMine: // the colleague's question first would be unfair to the customer: the longest waiting first
		key, up = "q.asked_at", true
		q = q.Join("JOIN hive_offer AS o ON o.conversation_id = q.conversation_id").Where("o.member_id = ?", string(ask.Member)).Where("o.state = 'open'").
			Where("q.state IN ('offered', 'claimed', 'centre')")
	case hive.ViewTaken:
		key, up = "q.asked_at", true
		q = q.Where("q.claimed_by = ?", string(ask.Member)).Where("q.state = 'claimed'")
	case hive.ViewPool:
		key, up = "q.asked_at", true
		q = q.Where("(q.state = 'offered' AND q.ring >= 3 OR q.state = 'centre')").
			Where("NOT EXISTS (SELECT 1 FROM hive_offer o WHERE o.conversation_id = q.conversation_id AND o.member_id = ? AND o.state IN ('open', 'passed'))", string(ask.Member))
	case hive.ViewOffered:
		q = q.Where("q.state = 'offered'")
	case hive.ViewWidened:
		q = q.Where("q.state = 'offered'").Where("q.ring > 1")
	case hive.ViewClaimed:
		q = q.Where("q.state = 'claimed'")
	case hive.ViewCentre:
		q = q.Where("q.state = 'centre'")
	case hive.ViewAnswered:
		q = q.Where("q.state = 'answered'")
	case hive.ViewLate:
		q = q.Where("q.state = 'answered'").Where("q.answered_at > q.due_at")
	case hive.ViewUnknown:
		q = q.Where("q.knew < 0")
	case hive.ViewSent:
		q = q.Where("q.ring = 4")
	case hive.ViewByHive:
		q = q.Where("q.state = 'answered'").Where("q.ring < 4")
	case hive.ViewSolved:
		q = q.Where("q.state = 'answered'").Where("q.ring < 4").Where("EXISTS (SELECT 1 FROM hive_answer a WHERE a.conversation_id = q.conversation_id AND a.solved_at > 0)")
	case hive.ViewInTime:
		q = q.Where("q.state = 'answered'").Where("q.answered_at <= q.due_at")
	}
	if !ask.Since.IsZero() {
		q = q.Where("q.opened_at >= ?", store.At(ask.Since))
	}
	order, after := key+" DESC, q.conversation_id DESC", "("+key+", q.conversation_id) < (?, ?)"
	if up {
		order, after = key+", q.conversation_id", "("+key+", q.conversation_id) > (?, ?)"
	}
	if on {
		q = q.Where(after, at, id)
	}
	if err := q.OrderExpr(order).Scan(ctx); err != nil {
		return nil, "", err
	}
	next := ""
	if len(rows) > limit {
		rows = rows[:limit]
		last := rows[limit-1]
		at := last.OpenedAt
		if up {
			at = last.AskedAt
		}
		next = store.Cursor(at, last.ConversationID)
	}
	return questions(rows), next, nil
}

// Standing implements hive.Store.
func (d *DB) Standing(ctx context.Context, p social.ProgrammeID) (hive.Standing, error) {
	var out hive.Standing
	var rows []struct {
		State string
		Wide  bool
		N     int
	}
	err := d.IDB(ctx).NewRaw(`SELECT state, ring > 1 AS wide, COUNT(*) AS n FROM hive_question
WHERE programme_id = ? AND state IN ('offered', 'claimed', 'centre') GROUP BY state, ring > 1`, string(p)).Scan(ctx, &rows)
	for _, r := range rows {
		switch hive.State(r.State) {
		case hive.Offered:
			out.Offered += r.N
			if r.Wide {
				out.Widened += r.N
			}
		case hive.Claimed:
			out.Claimed += r.N
		case hive.Centre:
			out.Centre += r.N
		}
	}
	return out, err
}

type offerRow struct {
	bun.BaseModel  `bun:"table:hive_offer,alias:o"`
	ConversationID string  `bun:"conversation_id,pk"`
	MemberID       string  `bun:"member_id,pk"`
	Kind           string  `bun:"kind"`
	Ring           int     `bun:"ring"`
	State          string  `bun:"state"`
	Knows          float64 `bun:"knows"`
	Free           float64 `bun:"free"`
	Load           float64 `bun:"load"`
	Score          float64 `bun:"score"`
	Why            string  `bun:"why"`
	ByMember       string  `bun:"by_member"`
	Words          string  `bun:"words"`
	At             int64   `bun:"at"`
	ChangedAt      int64   `bun:"changed_at"`
	Because        string  `bun:"because"`
}

func (r offerRow) offer() hive.Offer {
	return hive.Offer{Conversation: social.ConversationID(r.ConversationID), Member: social.MemberID(r.MemberID), Kind: hive.OfferKind(r.Kind), Ring: r.Ring,
		State: hive.OfferState(r.State), Knows: r.Knows, Free: r.Free, Load: r.Load, Score: r.Score, Why: fromJSON[[]hive.Reason](r.Why), By: social.MemberID(r.ByMember),
		Words: r.Words, At: store.Time(r.At), ChangedAt: store.Time(r.ChangedAt), Because: r.Because}
}

// OffersOf implements hive.Store.
func (d *DB) OffersOf(ctx context.Context, id social.ConversationID) ([]hive.Offer, error) {
	var rows []offerRow
	err := d.IDB(ctx).NewSelect().Model(&rows).Where("o.conversation_id = ?", string(id)).OrderExpr("o.ring, o.score DESC, o.member_id").Scan(ctx)
	out := make([]hive.Offer, len(rows))
	for i, r := range rows {
		out[i] = r.offer()
	}
	return out, err
}

// OffersOn implements hive.Store.
func (d *DB) OffersOn(ctx context.Context, ids []social.ConversationID, m social.MemberID) (map[social.ConversationID]hive.Offer, error) {
	out := make(map[social.ConversationID]hive.Offer, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	var rows []offerRow
	err := d.IDB(ctx).NewSelect().Model(&rows).Where("o.conversation_id IN (?)", bun.List(ids)).Where("o.member_id = ?", string(m)).Scan(ctx)
	for _, r := range rows {
		out[social.ConversationID(r.ConversationID)] = r.offer()
	}
	return out, err
}

// SaveOffers implements hive.Store.
func (d *DB) SaveOffers(ctx context.Context, os []hive.Offer) error {
	rows := make([]offerRow, len(os))
	for i, o := range os {
		rows[i] = offerRow{ConversationID: string(o.Conversation), MemberID: string(o.Member), Kind: string(o.Kind), Ring: o.Ring, State: string(o.State), Knows: o.Knows,
			Free: o.Free, Load: o.Load, Score: o.Score, Why: jsonOf(o.Why), ByMember: string(o.By), Words: o.Words, At: store.At(o.At), ChangedAt: store.At(o.ChangedAt), Because: o.Because}
	}
	for chunk := range slices.Chunk(rows, part) {
		q := d.IDB(ctx).NewInsert().Model(&chunk).On("CONFLICT (conversation_id, member_id) DO UPDATE")
		for _, c := range []string{"kind", "ring", "state", "knows", "free", "load", "score", "why", "by_member", "words", "at", "changed_at", "because"} {
			q = q.Set("? = EXCLUDED.?", bun.Ident(c), bun.Ident(c))
		}
		if _, err := q.Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}
