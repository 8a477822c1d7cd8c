package knowdb

import (
	"context"
	"encoding/binary"
	"math"

	"github.com/parley-crm/parley/engage/know"
	"github.com/uptrace/bun"
)

type senseRow struct {
	bun.BaseModel `bun:"table:know_sense"`
	Kind          string `bun:"kind,pk"`
	ID            string `bun:"id,pk"`
	Model         string `bun:"model"`
	Sum           string `bun:"sum"`
	Vectors       []byte `bun:"vectors"`
	N             int    `bun:"n"`
}

// SensesOf implements know.Meanings.
func (s *DB) SensesOf(ctx context.Context, model string, of []know.Filing) ([]know.Meaning, error) {
	by := map[know.Kind][]string{}
	for _, f := range of {
		by[f.Kind] = append(by[f.Kind], f.ID)
	}
	var out []know.Meaning
	for kind, ids := range by {
		var rows []senseRow
		if err := s.IDB(ctx).NewSelect().Model(&rows).Where("kind = ? AND id IN (?) AND model = ?", string(kind), bun.List(ids), model).Scan(ctx); err != nil {
			return nil, err
		}
		for _, r := range rows {
			if v, ok := vectorsOf(r.Vectors, r.N); ok {
				out = append(out, know.Meaning{Filing: know.Filing{Kind: kind, ID: r.ID}, Sum: r.Sum, Vectors: v})
			}
		}
	}
	return out, nil
}

// stands says whether something known is as it was at a change.
const stands = `SELECT COUNT(*) FROM (SELECT id FROM know_article WHERE ? = 'article' AND id = ? AND change = ? AND deleted_at = 0
UNION ALL SELECT id FROM know_answer WHERE ? = 'answer' AND id = ? AND change = ? AND deleted_at = 0) x`

// KeepSenses implements know.Meanings.
func (s *DB) KeepSenses(ctx context.Context, model string, ms []know.Meaning) error {
	// Whoever changes or erases something known writes here first, so that
	// nothing is kept of what goes away at this moment.
	if _, err := s.IDB(ctx).NewRaw("UPDATE know_change SET n = n WHERE id = 1").Exec(ctx); err != nil {
		return err
	}
	for _, m := range ms {
		var n int
		kind := string(m.Kind)
		if err := s.IDB(ctx).NewRaw(stands, kind, m.ID, m.Change, kind, m.ID, m.Change).Scan(ctx, &n); err != nil {
			return err
		}
		if n == 0 {
			continue
		}
		r := senseRow{Kind: kind, ID: m.ID, Model: model, Sum: m.Sum, Vectors: bytesOf(m.Vectors), N: len(m.Vectors)}
		if err := s.upsert(ctx, &r, "kind, id", "model", "sum", "vectors", "n"); err != nil {
			return err
		}
	}
	return nil
}

// dropSense forgets what something meant, together with its words.
func (s *DB) dropSense(ctx context.Context, k know.Kind, id string) error {
	_, err := s.IDB(ctx).NewRaw("DELETE FROM know_sense WHERE kind = ? AND id = ?", string(k), id).Exec(ctx)
	return err
}

func bytesOf(vectors [][]float32) []byte {
	out := []byte{}
	for _, v := range vectors {
		for _, x := range v {
			out = binary.LittleEndian.AppendUint32(out, math.Float32bits(x))
		}
	}
	return out
}

// vectorsOf takes n vectors apart; ok is false where the bytes are not so many.
func vectorsOf(b []byte, n int) ([][]float32, bool) {
	if n < 0 || n == 0 && len(b) > 0 || n > 0 && len(b)%(4*n) != 0 {
		return nil, false
	}
	out := make([][]float32, n)
	for i := range out {
		out[i] = make([]float32, len(b)/4/n)
		for j := range out[i] {
			at := 4 * (i*len(out[i]) + j)
			out[i][j] = math.Float32frombits(binary.LittleEndian.Uint32(b[at:]))
		}
	}
	return out, true
}
