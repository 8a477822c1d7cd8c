package listendb

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"github.com/parley-crm/parley/listen/presence"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

var _ presence.Store = (*DB)(nil)

// LockPresence makes the transaction of ctx the only one that changes the register.
func (s *DB) LockPresence(ctx context.Context) error {
	return s.DB.Dialect.Lock(ctx, s.DB.IDB(ctx), presenceLock)
}

// presenceLock is the key of the lock behind LockPresence.
const presenceLock = 0x70726573 // "pres"

type profileRow struct {
	bun.BaseModel `bun:"table:presence_profile"`
	ID            string `bun:"id,pk"`
	Kind          string `bun:"kind"`
	Network       string `bun:"network"`
	Name          string `bun:"name"`
	Handle        string `bun:"handle"`
	URL           string `bun:"url"`
	Address       string `bun:"address"`
	Region        string `bun:"region"`
	Status        string `bun:"status"`
	Owner         string `bun:"owner_id"`
	Programme     string `bun:"programme_id"`
	Sponsor       string `bun:"sponsor"`
	Purpose       string `bun:"purpose"`
	Note          string `bun:"note"`
	Done          string `bun:"done"`
	Channel       string `bun:"channel_id"`
	AuditedAt     int64  `bun:"audited_at"`
	CreatedAt     int64  `bun:"created_at"`
	UpdatedAt     int64  `bun:"updated_at"`
}

// Profiles returns all but removed ones, by id.
func (s *DB) Profiles(ctx context.Context) ([]presence.Profile, error) {
	var rows []profileRow
	err := s.DB.IDB(ctx).NewSelect().Model(&rows).Where("status <> 'removed'").Order("id").Scan(ctx)
	out := make([]presence.Profile, len(rows))
	for i, r := range rows {
		out[i] = presence.Profile{ID: social.ProfileID(r.ID), Kind: presence.Kind(r.Kind), Network: r.Network, Name: r.Name, Handle: r.Handle, URL: r.URL, Address: r.Address,
			Region: r.Region, Status: presence.Status(r.Status), Owner: social.MemberID(r.Owner), Programme: social.ProgrammeID(r.Programme), Sponsor: r.Sponsor,
			Purpose: r.Purpose, Note: r.Note, Done: r.Done, Channel: social.ChannelID(r.Channel), Audited: store.Time(r.AuditedAt),
			Created: store.Time(r.CreatedAt), Updated: store.Time(r.UpdatedAt)}
	}
	return out, err
}

// KeepProfile adds a profile, or replaces it.
func (s *DB) KeepProfile(ctx context.Context, p presence.Profile) error {
	r := profileRow{ID: string(p.ID), Kind: string(p.Kind), Network: p.Network, Name: p.Name, Handle: p.Handle, URL: p.URL, Address: p.Address, Region: p.Region,
		Status: string(p.Status), Owner: string(p.Owner), Programme: string(p.Programme), Sponsor: p.Sponsor, Purpose: p.Purpose, Note: p.Note, Done: p.Done,
		Channel: string(p.Channel), AuditedAt: store.At(p.Audited), CreatedAt: store.At(p.Created), UpdatedAt: store.At(p.Updated)}
	return s.upsert(ctx, &r, "id", "kind", "network", "name", "handle", "url", "address", "region", "status", "owner_id", "programme_id", "sponsor", "purpose", "note", "done",
		"channel_id", "audited_at", "updated_at")
}

// upsert writes a row; where its key is there already, the columns change.
func (s *DB) upsert(ctx context.Context, row any, key string, columns ...string) error {
	q := s.DB.IDB(ctx).NewInsert().Model(row).On("CONFLICT (?) DO UPDATE", bun.Safe(key))
	for _, c := range columns {
		q = q.Set("? = EXCLUDED.?", bun.Ident(c), bun.Ident(c))
	}
	_, err := q.Returning("NULL").Exec(ctx)
	return err
}

type cellRow struct {
	bun.BaseModel `bun:"table:presence_cell"`
	Kind          string `bun:"kind,pk"`
	Region        string `bun:"region,pk"`
	Note          string `bun:"note"`
	By            string `bun:"by_id"`
	At            int64  `bun:"at"`
}

// Cells returns where somebody said that there is nothing.
func (s *DB) Cells(ctx context.Context) ([]presence.Cell, error) {
	var rows []cellRow
	err := s.DB.IDB(ctx).NewSelect().Model(&rows).Order("kind", "region").Scan(ctx)
	out := make([]presence.Cell, len(rows))
	for i, r := range rows {
		out[i] = presence.Cell{Kind: presence.Kind(r.Kind), Region: r.Region, Note: r.Note, By: social.MemberID(r.By), At: store.Time(r.At)}
	}
	return out, err
}

// SaveCell keeps that there is nothing.
func (s *DB) SaveCell(ctx context.Context, c presence.Cell) error {
	return s.upsert(ctx, &cellRow{Kind: string(c.Kind), Region: c.Region, Note: c.Note, By: string(c.By), At: store.At(c.At)}, "kind, region", "note", "by_id", "at")
}

// DropCell forgets it.
func (s *DB) DropCell(ctx context.Context, kind presence.Kind, region string) error {
	_, err := s.DB.IDB(ctx).NewDelete().Model((*cellRow)(nil)).Where("kind = ? AND region = ?", string(kind), region).Exec(ctx)
	return err
}

type searchRow struct {
	bun.BaseModel `bun:"table:presence_search"`
	ID            string `bun:"id,pk"`
	Ask           string `bun:"ask"`
	State         string `bun:"state"`
	Done          int    `bun:"done"`
	Of            int    `bun:"of_all"`
	Unclear       string `bun:"unclear"`
	By            string `bun:"by_id"`
	CreatedAt     int64  `bun:"created_at"`
	EndedAt       int64  `bun:"ended_at"`
}

func (r *searchRow) search() (presence.Search, error) {
	out := presence.Search{ID: r.ID, State: r.State, Done: r.Done, Of: r.Of, By: social.MemberID(r.By), Created: store.Time(r.CreatedAt), Ended: store.Time(r.EndedAt)}
	return out, errors.Join(json.Unmarshal([]byte(r.Ask), &out.Ask), json.Unmarshal([]byte(r.Unclear), &out.Unclear))
}

// Searches returns the newest searches.
func (s *DB) Searches(ctx context.Context, limit int) ([]presence.Search, error) {
	var rows []searchRow
	if err := s.DB.IDB(ctx).NewSelect().Model(&rows).Order("id DESC").Limit(int64(limit)).Scan(ctx); err != nil {
		return nil, err
	}
	out := make([]presence.Search, len(rows))
	for i := range rows {
		var err error
		if out[i], err = rows[i].search(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// SearchByID returns one search.
func (s *DB) SearchByID(ctx context.Context, id string) (presence.Search, error) {
	var r searchRow
	err := s.DB.IDB(ctx).NewSelect().Model(&r).Where("id = ?", id).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return presence.Search{}, social.Errorf(social.NotFound, "There is no such search.")
	}
	if err != nil {
		return presence.Search{}, err
	}
	return r.search()
}

// SaveSearch keeps how far a search is.
func (s *DB) SaveSearch(ctx context.Context, x presence.Search) error {
	ask, err := json.Marshal(x.Ask)
	if err != nil {
		return err
	}
	if x.Unclear == nil {
		x.Unclear = []presence.Unclear{}
	}
	unclear, err := json.Marshal(x.Unclear)
	if err != nil {
		return err
	}
	return s.upsert(ctx, &searchRow{ID: x.ID, Ask: string(ask), State: x.State, Done: x.Done, Of: x.Of, Unclear: string(unclear), By: string(x.By),
		CreatedAt: store.At(x.Created), EndedAt: store.At(x.Ended)}, "id", "state", "done", "of_all", "unclear", "ended_at")
}

type candidateRow struct {
	bun.BaseModel `bun:"table:presence_candidate"`
	Address       string  `bun:"address,pk"`
	Search        string  `bun:"search_id"`
	Kind          string  `bun:"kind"`
	Network       string  `bun:"network"`
	Name          string  `bun:"name"`
	Handle        string  `bun:"handle"`
	URL           string  `bun:"url"`
	Evidence      string  `bun:"evidence"`
	Confidence    float64 `bun:"confidence"`
	State         string  `bun:"state"`
	Profile       string  `bun:"profile_id"`
	FoundAt       int64   `bun:"found_at"`
}

// Candidates returns all that was ever proposed.
func (s *DB) Candidates(ctx context.Context) ([]presence.Candidate, error) {
	var rows []candidateRow
	if err := s.DB.IDB(ctx).NewSelect().Model(&rows).Order("address").Scan(ctx); err != nil {
		return nil, err
	}
	out := make([]presence.Candidate, len(rows))
	for i, r := range rows {
		out[i] = presence.Candidate{Address: r.Address, Search: r.Search, Kind: presence.Kind(r.Kind), Network: r.Network, Name: r.Name, Handle: r.Handle, URL: r.URL,
			Confidence: r.Confidence, State: r.State, Profile: social.ProfileID(r.Profile), Found: store.Time(r.FoundAt)}
		if err := json.Unmarshal([]byte(r.Evidence), &out[i].Evidence); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// SaveCandidate keeps a proposal.
func (s *DB) SaveCandidate(ctx context.Context, c presence.Candidate) error {
	evidence, err := json.Marshal(c.Evidence)
	if err != nil {
		return err
	}
	return s.upsert(ctx, &candidateRow{Address: c.Address, Search: c.Search, Kind: string(c.Kind), Network: c.Network, Name: c.Name, Handle: c.Handle, URL: c.URL,
		Evidence: string(evidence), Confidence: c.Confidence, State: c.State, Profile: string(c.Profile), FoundAt: store.At(c.Found)},
		"address", "search_id", "name", "handle", "evidence", "confidence", "state", "profile_id")
}

type roundRow struct {
	bun.BaseModel `bun:"table:presence_round"`
	ID            string `bun:"id,pk"`
	Name          string `bun:"name"`
	Questions     string `bun:"questions"`
	DueAt         int64  `bun:"due_at"`
	Owner         string `bun:"owner_id"`
	State         string `bun:"state"`
	By            string `bun:"by_id"`
	CreatedAt     int64  `bun:"created_at"`
	ClosedAt      int64  `bun:"closed_at"`
}

// Rounds returns all rounds of audits.
func (s *DB) Rounds(ctx context.Context) ([]presence.Round, error) {
	var rows []roundRow
	if err := s.DB.IDB(ctx).NewSelect().Model(&rows).Order("id").Scan(ctx); err != nil {
		return nil, err
	}
	out := make([]presence.Round, len(rows))
	for i, r := range rows {
		out[i] = presence.Round{ID: r.ID, Name: r.Name, Due: store.Time(r.DueAt), Owner: social.MemberID(r.Owner), State: r.State, By: social.MemberID(r.By),
			Created: store.Time(r.CreatedAt), Closed: store.Time(r.ClosedAt)}
		if err := json.Unmarshal([]byte(r.Questions), &out[i].Questions); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// SaveRound keeps a round.
func (s *DB) SaveRound(ctx context.Context, x presence.Round) error {
	questions, err := json.Marshal(x.Questions)
	if err != nil {
		return err
	}
	return s.upsert(ctx, &roundRow{ID: x.ID, Name: x.Name, Questions: string(questions), DueAt: store.At(x.Due), Owner: string(x.Owner), State: x.State, By: string(x.By),
		CreatedAt: store.At(x.Created), ClosedAt: store.At(x.Closed)}, "id", "name", "due_at", "owner_id", "state", "closed_at")
}

type auditRow struct {
	bun.BaseModel `bun:"table:presence_audit"`
	Round         string `bun:"round_id,pk"`
	Profile       string `bun:"profile_id,pk"`
	Answers       string `bun:"answers"`
	Note          string `bun:"note"`
	By            string `bun:"by_id"`
	At            int64  `bun:"at"`
}

// Audits returns those of a round, or of a profile.
func (s *DB) Audits(ctx context.Context, round string, profile social.ProfileID) ([]presence.Audit, error) {
	var rows []auditRow
	q := s.DB.IDB(ctx).NewSelect().Model(&rows)
	if round != "" {
		q = q.Where("round_id = ?", round)
	}
	if profile != "" {
		q = q.Where("profile_id = ?", string(profile))
	}
	if err := q.Order("round_id", "profile_id").Scan(ctx); err != nil {
		return nil, err
	}
	out := make([]presence.Audit, len(rows))
	for i, r := range rows {
		out[i] = presence.Audit{Round: r.Round, Profile: social.ProfileID(r.Profile), Note: r.Note, By: social.MemberID(r.By), At: store.Time(r.At)}
		if err := json.Unmarshal([]byte(r.Answers), &out[i].Answers); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// SaveAudit keeps the answers for a profile in a round.
func (s *DB) SaveAudit(ctx context.Context, a presence.Audit) error {
	if a.Answers == nil {
		a.Answers = []presence.Reply{}
	}
	answers, err := json.Marshal(a.Answers)
	if err != nil {
		return err
	}
	return s.upsert(ctx, &auditRow{Round: a.Round, Profile: string(a.Profile), Answers: string(answers), Note: a.Note, By: string(a.By), At: store.At(a.At)},
		"round_id, profile_id", "answers", "note", "by_id", "at")
}
