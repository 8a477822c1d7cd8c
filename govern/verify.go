package govern

import (
	"context"
	"fmt"
)

// Verification is what came out of verifying the record.
type Verification struct {
	OK          bool   `json:"ok"`
	Entries     int64  `json:"entries"` // that were checked
	Checkpoints int64  `json:"checkpoints"`
	Unsealed    int64  `json:"unsealed"`          // the newest, which are not sealed yet
	Seq         int64  `json:"seq,omitempty"`     // of the first line that is wrong
	Problem     string `json:"problem,omitempty"` // what is wrong, in a sentence
}

const verifyBatch = 2000

// Verify walks the whole record and says whether every sealed line is as it
// was written: each hash fits the line and the one before, every checkpoint
// is signed by us and agrees with the chain, and no line that a checkpoint
// counted is missing.
func (r *Archive) Verify(ctx context.Context) (Verification, error) { return r.VerifyWith(ctx, "") }

// VerifyWith does the same, and checks that the record still reaches as far
// as a checkpoint's note that was kept elsewhere says.
func (r *Archive) VerifyWith(ctx context.Context, witness string) (Verification, error) {
	w := walk{r: r}
	if witness != "" {
		c, err := r.read(witness)
		if err != nil {
			return Verification{Problem: "The checkpoint that was kept elsewhere is no use: " + err.Error() + "."}, nil
		}
		w.witness = &c
	}
	v, err := w.run(ctx)
	if err != nil {
		return v, err
	}
	err = r.Store.SetSetting(ctx, verifiedSetting, verified{At: r.Clock.Now(), OK: v.OK})
	return v, err
}

// walk is one walk along the chain.
type walk struct {
	r       *Archive
	v       Verification
	seq     int64
	hash    string
	witness *Checkpoint
	next    []Checkpoint // read ahead
	read    int64        // seq of the last one that was read
	ended   bool
}

func (w *walk) wrong(seq int64, format string, args ...any) {
	if w.v.Problem == "" {
		w.v.Seq, w.v.Problem = seq, fmt.Sprintf(format, args...)
	}
}

func (w *walk) run(ctx context.Context) (Verification, error) {
	unsealed := int64(0)
	for w.v.Problem == "" {
		lines, err := w.r.Store.Lines(ctx, w.seq, verifyBatch)
		if err != nil {
			return w.v, err
		}
		for _, l := range lines {
			w.seq = l.Seq
			if l.Hash == "" {
				if unsealed == 0 {
					unsealed = l.Seq
				}
				w.v.Unsealed++
				continue
			}
			if unsealed > 0 {
				w.wrong(unsealed, "Line %d has lost its seal.", unsealed)
				break
			}
			if err := w.line(ctx, l); err != nil {
				return w.v, err
			}
			if w.v.Problem != "" {
				break
			}
		}
		if len(lines) < verifyBatch {
			break
		}
	}
	if w.v.Problem == "" {
		if err := w.tail(ctx); err != nil {
			return w.v, err
		}
	}
	w.v.OK = w.v.Problem == ""
	return w.v, nil
}

// line checks one sealed line, and the checkpoint that ends with it.
func (w *walk) line(ctx context.Context, l Line) error {
	if l.Hash != l.chained(w.hash) {
		w.wrong(l.Seq, "Line %d is not as it was sealed: it was changed, or a line before it was removed, added or moved.", l.Seq)
		return nil
	}
	w.hash = l.Hash
	w.v.Entries++
	c, err := w.checkpoint(ctx)
	if err != nil {
		return err
	}
	if c != nil && c.Seq < l.Seq {
		w.wrong(c.Seq, "Line %d, which a checkpoint names, is missing.", c.Seq)
		return nil
	}
	if c != nil && c.Seq == l.Seq {
		w.compare(*c, l)
		w.next = w.next[1:]
	}
	if w.witness != nil && w.witness.Seq <= l.Seq {
		if w.witness.Seq < l.Seq {
			w.wrong(w.witness.Seq, "Line %d, which the checkpoint kept elsewhere names, is missing.", w.witness.Seq)
		} else if w.witness.Root != l.Hash || w.witness.Entries != w.v.Entries {
			w.wrong(l.Seq, "The record up to line %d is not the one of the checkpoint that was kept elsewhere.", l.Seq)
		}
		w.witness = nil
	}
	return nil
}

// compare checks a checkpoint against the line that it names.
func (w *walk) compare(c Checkpoint, l Line) {
	w.v.Checkpoints++
	signed, err := w.r.read(c.Note)
	switch {
	case err != nil:
		w.wrong(c.Seq, "The checkpoint at line %d does not hold: %v.", c.Seq, err)
	case signed.Seq != c.Seq || signed.Entries != c.Entries || signed.Root != c.Root:
		w.wrong(c.Seq, "The checkpoint at line %d was changed.", c.Seq)
	case signed.Root != l.Hash:
		w.wrong(c.Seq, "The record up to line %d was rewritten: its hash is not the one that was signed.", c.Seq)
	case signed.Entries != w.v.Entries:
		w.wrong(c.Seq, "Up to line %d there are %d lines, but %d were signed.", c.Seq, w.v.Entries, signed.Entries)
	}
}

// checkpoint is the next one, nil when there is none.
func (w *walk) checkpoint(ctx context.Context) (*Checkpoint, error) {
	if len(w.next) == 0 && !w.ended {
		more, err := w.r.Store.Checkpoints(ctx, w.read, 100)
		if err != nil {
			return nil, err
		}
		w.next = more
		if len(more) == 0 {
			w.ended = true
		} else {
			w.read = more[len(more)-1].Seq
		}
	}
	if len(w.next) == 0 {
		return nil, nil
	}
	return &w.next[0], nil
}

// tail finds a cut tail: a checkpoint that names a line beyond the last.
func (w *walk) tail(ctx context.Context) error {
	c, err := w.checkpoint(ctx)
	if err != nil {
		return err
	}
	if c != nil {
		w.wrong(c.Seq, "The record was cut off: a checkpoint names line %d, which is missing or has lost its seal.", c.Seq)
	}
	if w.witness != nil {
		w.wrong(w.witness.Seq, "The record was cut off: the checkpoint kept elsewhere names line %d.", w.witness.Seq)
	}
	return nil
}
