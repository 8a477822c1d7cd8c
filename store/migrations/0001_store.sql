-- The store's own tables. Times are microseconds since 1970 UTC, 0 for none.

CREATE TABLE outbox (
  pos  {{serial}},
  name TEXT NOT NULL,
  data TEXT NOT NULL,
  at   BIGINT NOT NULL
);
CREATE INDEX outbox_at ON outbox (at);

CREATE TABLE follower (
  name TEXT PRIMARY KEY,
  pos  BIGINT NOT NULL
);

CREATE TABLE parked (
  id       {{serial}},
  follower TEXT NOT NULL,
  pos      BIGINT NOT NULL,
  name     TEXT NOT NULL,
  data     TEXT NOT NULL,
  problem  TEXT NOT NULL,
  at       BIGINT NOT NULL
);

-- The record: every change of business data, sealed in order behind the
-- transactions (seal and hash are empty until then). Rows are never changed
-- otherwise and never deleted.
CREATE TABLE record (
  seq        {{serial}},
  at         BIGINT NOT NULL,
  actor      TEXT NOT NULL,
  actor_name TEXT NOT NULL,
  token      TEXT NOT NULL DEFAULT '',
  verb       TEXT NOT NULL,
  object     TEXT NOT NULL,
  object_id  TEXT NOT NULL,
  detail     TEXT NOT NULL,
  hash       TEXT NOT NULL DEFAULT ''
);
CREATE INDEX record_object ON record (object, object_id, seq);
CREATE INDEX record_actor ON record (actor, seq);
CREATE INDEX record_unsealed ON record (seq) WHERE hash = '';

-- Small settings of the whole deployment, as JSON.
CREATE TABLE setting (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
);
