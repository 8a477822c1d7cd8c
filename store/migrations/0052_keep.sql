-- What is kept back from going besides persons, and what goes by itself once
-- it is old.

ALTER TABLE legal_hold RENAME COLUMN person_id TO object_id;
ALTER TABLE legal_hold ADD COLUMN kind TEXT NOT NULL DEFAULT 'person'; -- person, conversation, programme
ALTER TABLE legal_hold ADD COLUMN ended_why TEXT NOT NULL DEFAULT '';

-- How long a kind of data is kept; off until somebody says otherwise.
CREATE TABLE retention_rule (
  id         TEXT PRIMARY KEY,
  kind       TEXT NOT NULL,              -- conversations, posts, raw, files, persons, visits
  channel_id TEXT NOT NULL DEFAULT '',   -- '' for all
  months     BIGINT NOT NULL,
  even       BOOLEAN NOT NULL,           -- persons with orders, opportunities, goals or promises as well
  active     BOOLEAN NOT NULL,
  by_id      TEXT NOT NULL,
  changed_at BIGINT NOT NULL,
  UNIQUE (kind, channel_id)
);

-- What a run of the rules took away, or would have. It names nobody.
CREATE TABLE retention_run (
  id        TEXT PRIMARY KEY,
  dry       BOOLEAN NOT NULL,
  state     TEXT NOT NULL,               -- running, done
  by_id     TEXT NOT NULL,               -- '' for the night
  began_at  BIGINT NOT NULL,
  ended_at  BIGINT NOT NULL DEFAULT 0,
  lines     TEXT NOT NULL,               -- JSON, a line for each rule
  signature TEXT NOT NULL DEFAULT ''
);
CREATE INDEX retention_run_list ON retention_run (began_at, id);

-- Conversations whose words went, and up to when.
CREATE TABLE conversation_aged (
  conversation_id TEXT PRIMARY KEY,
  at              BIGINT NOT NULL
);
CREATE INDEX conversation_ended ON conversation (resolved_at, id) WHERE state = 'resolved';
