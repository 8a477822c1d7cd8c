package store

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/parley-crm/parley/social"
	"github.com/uptrace/bun"
)

// recordRow is one line of the record, before it is sealed. govern seals and
// verifies the table; every room writes to it through Record.
type recordRow struct {
	bun.BaseModel `bun:"table:record"`
	Seq           int64  `bun:"seq,pk,autoincrement"`
	At            int64  `bun:"at"`
	Actor         string `bun:"actor"`      // member id, "" for Parley itself
	ActorName     string `bun:"actor_name"` // as it was then
	Token         string `bun:"token"`
	Verb          string `bun:"verb"`
	Object        string `bun:"object"`
	ObjectID      string `bun:"object_id"`
	Detail        string `bun:"detail"`
}

// Record writes one line of the record in the transaction of ctx: who (the
// actor of ctx) did what to which thing. Every change of business data has one.
func (db *DB) Record(ctx context.Context, e social.Entry) error {
	t := db.txOf(ctx)
	if t == nil {
		return errors.New("store: Record outside a transaction")
	}
	actor, ok := social.ActorOf(ctx)
	if !ok {
		actor = social.SystemActor()
	}
	detail := []byte("{}")
	if len(e.Detail) > 0 {
		var err error
		if detail, err = json.Marshal(e.Detail); err != nil {
			return err
		}
	}
	t.entries = append(t.entries, recordRow{
		At: At(db.Clock.Now()), Actor: string(actor.Member), ActorName: actor.Name, Token: actor.Token,
		Verb: e.Verb, Object: e.Object, ObjectID: e.ID, Detail: string(detail),
	})
	return nil
}
