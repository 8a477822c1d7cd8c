package govern_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/parley-crm/parley/govern"
	"github.com/parley-crm/parley/kit/secret"
	"github.com/parley-crm/parley/social"
)

// write writes n lines as somebody with details of every sort.
func (h *house) write(n int) {
	h.Helper()
	ctx := h.as(h.admin)
	for i := range n {
		h.must(h.db.InTx(ctx, func(ctx context.Context) error {
			return h.db.Record(ctx, social.Entry{Verb: "update", Object: "thing", ID: fmt.Sprint("thing-", i), Detail: map[string]any{"n": i, "text": "“ü” <&>"}})
		}))
	}
}

func (h *house) exec(query string, args ...any) {
	h.Helper()
	h.must(h.db.InTx(context.Background(), func(ctx context.Context) error {
		_, err := h.db.IDB(ctx).NewRaw(query, args...).Exec(ctx)
		return err
	}))
}

func (h *house) seqs() []int64 {
	h.Helper()
	var seqs []int64
	h.must(h.db.IDB(context.Background()).NewRaw("SELECT seq FROM record ORDER BY seq").Scan(context.Background(), &seqs))
	return seqs
}

func (h *house) verify() govern.Verification {
	h.Helper()
	v, err := h.archive.Verify(context.Background())
	h.must(err)
	return v
}

func TestAWholeRecordIsWhole(t *testing.T) {
	each(t, func(h *house) {
		h.must(h.archive.Seal(context.Background()))
		for range 3 {
			h.write(4)
			h.must(h.archive.Seal(context.Background()))
		}
		h.write(2)
		v := h.verify()
		if !v.OK || v.Problem != "" || v.Unsealed != 2 || v.Checkpoints != 4 || v.Entries+v.Unsealed != int64(len(h.seqs())) {
			h.Fatalf("%+v over %d lines", v, len(h.seqs()))
		}
		h.must(h.archive.Seal(context.Background()))
		if v := h.verify(); !v.OK || v.Unsealed != 0 || v.Checkpoints != 5 {
			h.Fatalf("%+v", v)
		}
		s, err := h.archive.Status(context.Background())
		h.must(err)
		if s.Entries != s.Sealed || s.Checkpoint == nil || !s.OK || !s.Verified.Equal(h.now.Now()) {
			h.Fatalf("%+v", s)
		}
		if !strings.HasPrefix(s.Checkpoint.Note, fmt.Sprintf("parley/record\n%d\n", s.Entries)) || !strings.Contains(s.Checkpoint.Note, "\n\n— parley/record ") {
			h.Fatalf("the note is no signed note:\n%s", s.Checkpoint.Note)
		}
	})
}

// Every way to tamper with the record is found, at the line where it was done.
func TestTamperingIsFound(t *testing.T) {
	text := func(column string) func(h *house, seqs []int64) (int64, string) {
		return func(h *house, seqs []int64) (int64, string) {
			h.exec("UPDATE record SET "+column+" = "+column+" || 'x' WHERE seq = ?", seqs[5])
			return seqs[5], "not as it was sealed"
		}
	}
	tests := map[string]func(h *house, seqs []int64) (int64, string){
		"actor": text("actor"), "actor_name": text("actor_name"), "token": text("token"), "verb": text("verb"),
		"object": text("object"), "object_id": text("object_id"), "detail": text("detail"), "hash": text("hash"),
		"time": func(h *house, seqs []int64) (int64, string) {
			h.exec("UPDATE record SET at = at + 1 WHERE seq = ?", seqs[5])
			return seqs[5], "not as it was sealed"
		},
		"one letter between two columns": func(h *house, seqs []int64) (int64, string) {
			h.exec("UPDATE record SET object = 'thin', object_id = 'g' || object_id WHERE seq = ?", seqs[5])
			return seqs[5], "not as it was sealed"
		},
		"the first line": func(h *house, seqs []int64) (int64, string) {
			h.exec("UPDATE record SET verb = 'x' WHERE seq = ?", seqs[0])
			return seqs[0], "not as it was sealed"
		},
		"the last line": func(h *house, seqs []int64) (int64, string) {
			last := seqs[len(seqs)-1]
			h.exec("UPDATE record SET verb = 'x' WHERE seq = ?", last)
			return last, "not as it was sealed"
		},
		"one removed": func(h *house, seqs []int64) (int64, string) {
			h.exec("DELETE FROM record WHERE seq = ?", seqs[5])
			return seqs[6], "removed"
		},
		"the first removed": func(h *house, seqs []int64) (int64, string) {
			h.exec("DELETE FROM record WHERE seq = ?", seqs[0])
			return seqs[1], "removed"
		},
		"two swapped": func(h *house, seqs []int64) (int64, string) {
			h.exec("UPDATE record SET seq = -1 WHERE seq = ?", seqs[5])
			h.exec("UPDATE record SET seq = ? WHERE seq = ?", seqs[5], seqs[6])
			h.exec("UPDATE record SET seq = ? WHERE seq = -1", seqs[6])
			return seqs[5], "not as it was sealed"
		},
		"one put in between": func(h *house, seqs []int64) (int64, string) {
			h.exec("UPDATE record SET seq = seq + 1000 WHERE seq > ?", seqs[5])
			h.exec("INSERT INTO record (seq, at, actor, actor_name, verb, object, object_id, detail, hash) SELECT ?, at, actor, actor_name, verb, object, object_id, detail, hash FROM record WHERE seq = ?", seqs[5]+1, seqs[5])
			return seqs[5] + 1, "added"
		},
		"a seal taken off": func(h *house, seqs []int64) (int64, string) {
			h.exec("UPDATE record SET hash = '' WHERE seq = ?", seqs[5])
			return seqs[5], "lost its seal"
		},
		"the last seal taken off": func(h *house, seqs []int64) (int64, string) {
			last := seqs[len(seqs)-1]
			h.exec("UPDATE record SET hash = '' WHERE seq = ?", last)
			return last, "cut off"
		},
		"the tail cut": func(h *house, seqs []int64) (int64, string) {
			h.exec("DELETE FROM record WHERE seq >= ?", seqs[len(seqs)-3])
			return seqs[len(seqs)-1], "cut off"
		},
		"all of it removed": func(h *house, seqs []int64) (int64, string) {
			h.exec("DELETE FROM record")
			return 0, "cut off"
		},
		"the last sealed anew with other words": func(h *house, seqs []int64) (int64, string) {
			last := seqs[len(seqs)-1]
			h.exec("UPDATE record SET hash = '', verb = 'x' WHERE seq = ?", last)
			h.must(h.archive.Seal(context.Background()))
			return last, "rewritten"
		},
		"the whole chain sealed anew": func(h *house, seqs []int64) (int64, string) {
			h.exec("UPDATE record SET hash = '', verb = 'x'")
			h.must(h.archive.Seal(context.Background()))
			return 0, "rewritten"
		},
		"the whole chain and the checkpoints made anew with another key": func(h *house, seqs []int64) (int64, string) {
			h.exec("UPDATE record SET hash = '', verb = 'x'")
			h.exec("DELETE FROM checkpoint")
			forger, err := govern.NewArchive(h.rows, secret.Random(), h.now)
			h.must(err)
			h.must(forger.Seal(context.Background()))
			return seqs[len(seqs)-1], "this deployment's key"
		},
		"a checkpoint's number": func(h *house, seqs []int64) (int64, string) {
			h.exec("UPDATE checkpoint SET entries = entries - 1")
			return 0, "checkpoint"
		},
		"a checkpoint's note": func(h *house, seqs []int64) (int64, string) {
			h.exec("UPDATE checkpoint SET note = REPLACE(note, 'seq ', 'seq 1')")
			return 0, "signature is wrong"
		},
		"a checkpoint's seq moved beyond": func(h *house, seqs []int64) (int64, string) {
			h.exec("UPDATE checkpoint SET seq = seq + 1000")
			return 0, "cut off"
		},
	}
	each(t, func(h *house) {
		h.write(5)
		h.must(h.archive.Seal(context.Background()))
		h.write(5)
		h.must(h.archive.Seal(context.Background()))
		for _, table := range []string{"record", "checkpoint"} {
			h.exec("CREATE TABLE kept_" + table + " AS SELECT * FROM " + table)
		}
		for name, tamper := range tests {
			if v := h.verify(); !v.OK {
				h.Fatalf("%s: wrong before it was touched: %+v", name, v)
			}
			seq, words := tamper(h, h.seqs())
			v := h.verify()
			if v.OK || seq != 0 && v.Seq != seq || !strings.Contains(v.Problem, words) {
				h.Errorf("%s: got %+v, want line %d and %q", name, v, seq, words)
			}
			for _, table := range []string{"record", "checkpoint"} {
				h.exec("DELETE FROM " + table)
				h.exec("INSERT INTO " + table + " SELECT * FROM kept_" + table)
			}
		}
	})
}

func TestACheckpointKeptElsewhereFindsWhatTheDatabaseCannotTell(t *testing.T) {
	each(t, func(h *house) {
		ctx := context.Background()
		h.write(5)
		h.must(h.archive.Seal(ctx))
		h.write(5)
		h.must(h.archive.Seal(ctx))
		s, err := h.archive.Status(ctx)
		h.must(err)
		seqs, note := h.seqs(), s.Checkpoint.Note
		if v, err := h.archive.VerifyWith(ctx, note); err != nil || !v.OK {
			h.Fatalf("%+v %v", v, err)
		}
		h.write(1)
		h.must(h.archive.Seal(ctx))
		if v, err := h.archive.VerifyWith(ctx, note); err != nil || !v.OK {
			h.Fatalf("a longer record: %+v %v", v, err)
		}
		h.exec("DELETE FROM checkpoint WHERE seq >= ?", seqs[len(seqs)-1])
		h.exec("DELETE FROM record WHERE seq >= ?", seqs[len(seqs)-1])
		if v := h.verify(); !v.OK {
			h.Fatalf("this cut can't be seen from inside: %+v", v)
		}
		if v, err := h.archive.VerifyWith(ctx, note); err != nil || v.OK || !strings.Contains(v.Problem, "cut off") {
			h.Fatalf("%+v %v", v, err)
		}
		if v, err := h.archive.VerifyWith(ctx, strings.Replace(note, "seq", "set", 1)); err != nil || v.OK {
			h.Fatalf("a forged witness: %+v %v", v, err)
		}
	})
}

func TestSealingGoesOnWhereItStopped(t *testing.T) {
	each(t, func(h *house) {
		ctx := context.Background()
		h.write(3)
		h.must(h.archive.Seal(ctx))
		var before []string
		h.must(h.db.IDB(ctx).NewRaw("SELECT hash FROM record ORDER BY seq").Scan(ctx, &before))
		h.write(3)
		h.must(h.archive.Seal(ctx))
		var after []string
		h.must(h.db.IDB(ctx).NewRaw("SELECT hash FROM record ORDER BY seq").Scan(ctx, &after))
		if fmt.Sprint(after[:len(before)]) != fmt.Sprint(before) || len(after) != len(before)+3 {
			h.Fatal("sealing again changed what was sealed")
		}
		if signed, err := h.archive.Checkpoint(ctx, true); err != nil || signed {
			h.Fatalf("a checkpoint with nothing new: %v %v", signed, err)
		}
	})
}

func TestTheRecordIsSearchedAndReadOn(t *testing.T) {
	each(t, func(h *house) {
		ctx := context.Background()
		h.write(5)
		page, next, err := h.archive.Lines(ctx, govern.Query{Object: "thing"}, "", 2)
		h.must(err)
		rest, end, err := h.archive.Lines(ctx, govern.Query{Object: "thing"}, next, 10)
		h.must(err)
		if len(page) != 2 || page[0].ObjectID != "thing-4" || len(rest) != 3 || rest[2].ObjectID != "thing-0" || end != "" {
			h.Fatalf("%+v then %+v", page, rest)
		}
		one, _, err := h.archive.Lines(ctx, govern.Query{Object: "thing", ID: "thing-3", Actor: string(h.admin.Member)}, "", 0)
		h.must(err)
		if len(one) != 1 || one[0].ActorName != "Ada" {
			h.Fatalf("%+v", one)
		}
		none, _, err := h.archive.Lines(ctx, govern.Query{Actor: "nobody"}, "", 0)
		h.must(err)
		if len(none) != 0 {
			h.Fatalf("%+v", none)
		}
	})
}
