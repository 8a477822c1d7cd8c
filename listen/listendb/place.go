package listendb

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/parley-crm/parley/listen/place"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

var _ place.Store = (*DB)(nil)

// LockPlaces makes the transaction of ctx the only one that counts places.
func (s *DB) LockPlaces(ctx context.Context) error {
	return s.DB.Dialect.Lock(ctx, s.DB.IDB(ctx), placeLock)
}

// placeLock is the key of the lock behind LockPlaces.
const placeLock = 0x706c616365 // "place"

type branchRow struct {
	bun.BaseModel `bun:"table:place"`
	ID            string  `bun:"id,pk"`
	Code          string  `bun:"code"`
	Name          string  `bun:"name"`
	Street        string  `bun:"street"`
	City          string  `bun:"city"`
	Postcode      string  `bun:"postcode"`
	Region        string  `bun:"region"`
	Country       string  `bun:"country"`
	Lat           float64 `bun:"lat"`
	Lon           float64 `bun:"lon"`
	Phone         string  `bun:"phone"`
	Refs          string  `bun:"refs"`
	Programme     string  `bun:"programme_id"`
	State         string  `bun:"state"`
	Town          string  `bun:"town"`
	CreatedAt     int64   `bun:"created_at"`
	UpdatedAt     int64   `bun:"updated_at"`
}

// Branches returns all branches, removed ones too.
func (s *DB) Branches(ctx context.Context) ([]place.Branch, error) {
	var rows []branchRow
	if err := s.DB.IDB(ctx).NewSelect().Model(&rows).Order("id").Scan(ctx); err != nil {
		return nil, err
	}
	out := make([]place.Branch, len(rows))
	for i, r := range rows {
		out[i] = place.Branch{ID: social.PlaceID(r.ID), Code: r.Code, Name: r.Name, Street: r.Street, City: r.City, Postcode: r.Postcode, Region: r.Region,
			Country: r.Country, Lat: r.Lat, Lon: r.Lon, Phone: r.Phone, Programme: social.ProgrammeID(r.Programme), State: place.State(r.State),
			Town: social.PlaceID(r.Town), Created: store.Time(r.CreatedAt), Updated: store.Time(r.UpdatedAt)}
		if err := json.Unmarshal([]byte(r.Refs), &out[i].Refs); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// SaveBranches adds branches, and replaces those that are there.
func (s *DB) SaveBranches(ctx context.Context, all []place.Branch) error {
	for part := range slices.Chunk(all, atOnce) {
		rows := make([]branchRow, len(part))
		for i, b := range part {
			if b.Refs == nil {
				b.Refs = []place.Ref{}
			}
			refs, err := json.Marshal(b.Refs)
			if err != nil {
				return err
			}
			rows[i] = branchRow{ID: string(b.ID), Code: b.Code, Name: b.Name, Street: b.Street, City: b.City, Postcode: b.Postcode, Region: b.Region,
				Country: b.Country, Lat: b.Lat, Lon: b.Lon, Phone: b.Phone, Refs: string(refs), Programme: string(b.Programme), State: string(b.State),
				Town: string(b.Town), CreatedAt: store.At(b.Created), UpdatedAt: store.At(b.Updated)}
		}
		q := s.DB.IDB(ctx).NewInsert().Model(&rows).On("CONFLICT (id) DO UPDATE")
		for _, c := range []string{"code", "name", "street", "city", "postcode", "region", "country", "lat", "lon", "phone", "refs", "programme_id", "state", "town", "updated_at"} {
			q = q.Set("? = EXCLUDED.?", bun.Ident(c), bun.Ident(c))
		}
		if _, err := q.Returning("NULL").Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

type tieRow struct {
	bun.BaseModel `bun:"table:activity_place"`
	Seq           int64   `bun:"seq,pk"`
	Activity      string  `bun:"activity_id"`
	Place         string  `bun:"place_id"`
	Via           string  `bun:"via"`
	Confidence    float64 `bun:"confidence"`
	Why           string  `bun:"why"`
	Others        string  `bun:"others"`
	PinnedBy      string  `bun:"pinned_by"`
	PinnedAt      int64   `bun:"pinned_at"`
	Channel       string  `bun:"channel_id"`
	PublishedAt   int64   `bun:"published_at"`
	Rating        float64 `bun:"rating"`
	Sentiment     string  `bun:"sentiment"`
	AnsweredAt    int64   `bun:"answered_at"`
	DeskAt        int64   `bun:"desk_at"`
}

func (r *tieRow) tie() (place.Tie, error) {
	t := place.Tie{Seq: r.Seq, Activity: social.ActivityID(r.Activity), Channel: social.ChannelID(r.Channel), Published: store.Time(r.PublishedAt),
		Rating: r.Rating, Sentiment: r.Sentiment, Answered: store.Time(r.AnsweredAt), Desk: store.Time(r.DeskAt),
		Tie: social.Tie{Place: social.PlaceID(r.Place), Via: r.Via, Confidence: r.Confidence, Why: r.Why, PinnedBy: social.MemberID(r.PinnedBy), Pinned: store.Time(r.PinnedAt)}}
	if r.Others != "" {
		return t, json.Unmarshal([]byte(r.Others), &t.Others)
	}
	return t, nil
}

// FullTies returns which places activities speak of.
func (s *DB) FullTies(ctx context.Context, seqs []int64) (map[int64]place.Tie, error) {
	out := map[int64]place.Tie{}
	for part := range slices.Chunk(seqs, atOnce) {
		var rows []tieRow
		if err := s.DB.IDB(ctx).NewSelect().Model(&rows).Where("seq IN (?)", bun.List(part)).Scan(ctx); err != nil {
			return nil, err
		}
		for i := range rows {
			t, err := rows[i].tie()
			if err != nil {
				return nil, err
			}
			out[t.Seq] = t
		}
	}
	return out, nil
}

// Ties returns which places activities speak of, without what is counted.
func (s *DB) Ties(ctx context.Context, seqs []int64) (map[int64]social.Tie, error) {
	full, err := s.FullTies(ctx, seqs)
	out := make(map[int64]social.Tie, len(full))
	for seq, t := range full {
		out[seq] = t.Tie
	}
	return out, err
}

// Pinned returns the place of each activity that was corrected by hand.
func (s *DB) Pinned(ctx context.Context) (map[social.ActivityID]social.PlaceID, error) {
	var rows []tieRow
	err := s.DB.IDB(ctx).NewSelect().Model(&rows).Column("activity_id", "place_id").Where("pinned_at > 0").Scan(ctx)
	out := make(map[social.ActivityID]social.PlaceID, len(rows))
	for _, r := range rows {
		out[social.ActivityID(r.Activity)] = social.PlaceID(r.Place)
	}
	return out, err
}

// answersSQL finds what of ours answers something. The index on threads
// leads to it.
const answersSQL = `SELECT parent, MIN(published_at) AS at FROM activity
WHERE channel_id = ? AND thread IN (?) AND thread <> external_id AND own AND deleted_at = 0 AND parent IN (?) GROUP BY parent`

// OwnAnswers says when we first answered, by the external id that was answered.
func (s *DB) OwnAnswers(ctx context.Context, channel social.ChannelID, external []string) (map[string]time.Time, error) {
	out := map[string]time.Time{}
	for part := range slices.Chunk(external, atOnce) {
		var rows []struct {
			Parent string `bun:"parent"`
			At     int64  `bun:"at"`
		}
		if err := s.DB.IDB(ctx).NewRaw(answersSQL, string(channel), bun.List(part), bun.List(part)).Scan(ctx, &rows); err != nil {
			return nil, err
		}
		for _, r := range rows {
			out[r.Parent] = store.Time(r.At)
		}
	}
	return out, nil
}

type placeDayRow struct {
	bun.BaseModel `bun:"table:place_day,alias:place_day"`
	Place         string `bun:"place_id,pk"`
	Channel       string `bun:"channel_id,pk"`
	Day           int64  `bun:"day,pk"`
	Count         int    `bun:"count"`
	Negative      int    `bun:"negative"`
	Neutral       int    `bun:"neutral"`
	Positive      int    `bun:"positive"`
	Reviews       int    `bun:"reviews"`
	Stars         int64  `bun:"stars"`
	Squares       int64  `bun:"squares"`
	Star1         int    `bun:"star1"`
	Star2         int    `bun:"star2"`
	Star3         int    `bun:"star3"`
	Star4         int    `bun:"star4"`
	Star5         int    `bun:"star5"`
	Answered      int    `bun:"answered"`
}

// WriteTies saves ties, drops others and adds to the counts.
func (s *DB) WriteTies(ctx context.Context, save []place.Tie, drop []int64, add []place.Day) error {
	for part := range slices.Chunk(drop, atOnce) {
		if _, err := s.DB.IDB(ctx).NewDelete().Model((*tieRow)(nil)).Where("seq IN (?)", bun.List(part)).Exec(ctx); err != nil {
			return err
		}
	}
	for part := range slices.Chunk(save, atOnce) {
		rows := make([]tieRow, len(part))
		for i, t := range part {
			rows[i] = tieRow{Seq: t.Seq, Activity: string(t.Activity), Place: string(t.Place), Via: t.Via, Confidence: t.Confidence, Why: t.Why,
				PinnedBy: string(t.PinnedBy), PinnedAt: store.At(t.Pinned), Channel: string(t.Channel), PublishedAt: store.At(t.Published),
				Rating: t.Rating, Sentiment: t.Sentiment, AnsweredAt: store.At(t.Answered), DeskAt: store.At(t.Desk)}
			if len(t.Others) > 0 {
				b, err := json.Marshal(t.Others)
				if err != nil {
					return err
				}
				rows[i].Others = string(b)
			}
		}
		q := s.DB.IDB(ctx).NewInsert().Model(&rows).On("CONFLICT (seq) DO UPDATE")
		for _, c := range []string{"place_id", "via", "confidence", "why", "others", "pinned_by", "pinned_at", "published_at", "rating", "sentiment", "answered_at", "desk_at"} {
			q = q.Set("? = EXCLUDED.?", bun.Ident(c), bun.Ident(c))
		}
		if _, err := q.Returning("NULL").Exec(ctx); err != nil {
			return err
		}
	}
	for part := range slices.Chunk(add, atOnce) {
		rows := make([]placeDayRow, len(part))
		for i, d := range part {
			rows[i] = placeDayRow{Place: string(d.Place), Channel: string(d.Channel), Day: store.At(d.Day), Count: d.Count, Negative: d.Negative, Neutral: d.Neutral,
				Positive: d.Positive, Reviews: d.Reviews, Stars: d.Stars, Squares: d.Squares, Star1: d.Star[0], Star2: d.Star[1], Star3: d.Star[2],
				Star4: d.Star[3], Star5: d.Star[4], Answered: d.Answered}
		}
		q := s.DB.IDB(ctx).NewInsert().Model(&rows).On("CONFLICT (place_id, channel_id, day) DO UPDATE")
		for _, c := range placeCounts {
			q = q.Set("? = place_day.? + EXCLUDED.?", bun.Ident(c), bun.Ident(c), bun.Ident(c))
		}
		if _, err := q.Returning("NULL").Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

// Days returns counts by place, channel and day in a range.
func (s *DB) Days(ctx context.Context, places []social.PlaceID, channels []social.ChannelID, from, to time.Time) ([]place.Day, error) {
	q := s.DB.IDB(ctx).NewSelect().Model((*placeDayRow)(nil)).Where("day >= ? AND day < ? AND count > 0", store.At(from), store.At(to))
	if places != nil {
		q = q.Where("place_id IN (?)", bun.List(places))
	}
	if channels != nil {
		q = q.Where("channel_id IN (?)", bun.List(channels))
	}
	var rows []placeDayRow
	if err := q.Order("place_id", "day", "channel_id").Scan(ctx, &rows); err != nil {
		return nil, err
	}
	return days(rows), nil
}

// PlaceSums returns counts by place over two periods that follow each other.
func (s *DB) PlaceSums(ctx context.Context, channels []social.ChannelID, from, middle, to time.Time) ([]place.Day, error) {
	q := s.DB.IDB(ctx).NewSelect().Model((*placeDayRow)(nil)).ColumnExpr("place_id, (CASE WHEN day >= ? THEN ? ELSE ? END) AS day", store.At(middle), store.At(middle), store.At(from))
	for _, c := range placeCounts {
		q = q.ColumnExpr("SUM(?) AS ?", bun.Ident(c), bun.Ident(c))
	}
	q = q.Where("day >= ? AND day < ? AND count > 0", store.At(from), store.At(to))
	if channels != nil {
		q = q.Where("channel_id IN (?)", bun.List(channels))
	}
	var rows []placeDayRow
	if err := q.GroupExpr("1, 2").OrderExpr("1, 2").Scan(ctx, &rows); err != nil {
		return nil, err
	}
	return days(rows), nil
}

// placeCounts are the columns that are added up.
var placeCounts = []string{"count", "negative", "neutral", "positive", "reviews", "stars", "squares", "star1", "star2", "star3", "star4", "star5", "answered"}

func days(rows []placeDayRow) []place.Day {
	out := make([]place.Day, len(rows))
	for i, r := range rows {
		out[i] = place.Day{Key: place.Key{Place: social.PlaceID(r.Place), Channel: social.ChannelID(r.Channel), Day: store.Time(r.Day)},
			Sum: place.Sum{Count: r.Count, Negative: r.Negative, Neutral: r.Neutral, Positive: r.Positive, Reviews: r.Reviews, Answered: r.Answered,
				Stars: r.Stars, Squares: r.Squares, Star: [5]int{r.Star1, r.Star2, r.Star3, r.Star4, r.Star5}}}
	}
	return out
}

type placePastRow struct {
	bun.BaseModel `bun:"table:place_past"`
	ID            int64 `bun:"id,pk"`
	Below         int64 `bun:"below"`
	Done          int64 `bun:"done"`
	Of            int64 `bun:"of_all"`
}

// PlacePast says how far the look through the past is, if one is under way.
func (s *DB) PlacePast(ctx context.Context) (place.Past, bool, error) {
	var r placePastRow
	err := s.DB.IDB(ctx).NewSelect().Model(&r).Where("id = 1").Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return place.Past{}, false, nil
	}
	return place.Past{Below: r.Below, Done: r.Done, Of: r.Of}, err == nil, err
}

// SavePlacePast keeps how far it is; nil: it is done.
func (s *DB) SavePlacePast(ctx context.Context, p *place.Past) error {
	if p == nil {
		_, err := s.DB.IDB(ctx).NewDelete().Model((*placePastRow)(nil)).Where("id = 1").Exec(ctx)
		return err
	}
	_, err := s.DB.IDB(ctx).NewInsert().Model(&placePastRow{ID: 1, Below: p.Below, Done: p.Done, Of: p.Of}).On("CONFLICT (id) DO UPDATE").
		Set("below = EXCLUDED.below").Set("done = EXCLUDED.done").Set("of_all = EXCLUDED.of_all").Exec(ctx)
	return err
}
