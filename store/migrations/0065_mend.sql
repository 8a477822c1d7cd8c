-- Customers propose what is right about them; a colleague accepts or declines.

ALTER TABLE field_def ADD COLUMN customer BOOLEAN NOT NULL DEFAULT FALSE; -- customers may correct it

CREATE TABLE person_mend (
  id          TEXT PRIMARY KEY,
  identity_id TEXT NOT NULL,              -- the account that was proven
  field_id    TEXT NOT NULL DEFAULT '',   -- '' is the name
  value       TEXT NOT NULL,
  state       TEXT NOT NULL,              -- open, accepted, declined, replaced
  words       TEXT NOT NULL DEFAULT '',   -- of whoever decided, to the customer
  asked_at    BIGINT NOT NULL,
  by_id       TEXT NOT NULL DEFAULT '',
  closed_at   BIGINT NOT NULL DEFAULT 0,
  person_id   TEXT NOT NULL DEFAULT '',   -- about whom it was decided
  was         TEXT NOT NULL DEFAULT '',   -- what stood there until then, and where from
  was_source  TEXT NOT NULL DEFAULT '',
  was_by      TEXT NOT NULL DEFAULT '',
  was_at      BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX person_mend_open ON person_mend (identity_id, field_id) WHERE state = 'open';
CREATE INDEX person_mend_account ON person_mend (identity_id, asked_at);
CREATE INDEX person_mend_person ON person_mend (person_id) WHERE person_id <> '';
