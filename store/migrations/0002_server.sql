-- The HTTP edge's own table: answers that were given under an
-- Idempotency-Key. answer is sealed; state is 'working' until it is there.
CREATE TABLE idempotency (
  actor   TEXT NOT NULL,
  key     TEXT NOT NULL,
  request TEXT NOT NULL,
  state   TEXT NOT NULL,
  status  INTEGER NOT NULL DEFAULT 0,
  type    TEXT NOT NULL DEFAULT '',
  answer  TEXT NOT NULL DEFAULT '',
  at      BIGINT NOT NULL,
  PRIMARY KEY (actor, key)
);
CREATE INDEX idempotency_at ON idempotency (at);
