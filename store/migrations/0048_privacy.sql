-- What people ask of us about themselves, how it was done, and what is kept
-- back from being forgotten.

CREATE TABLE privacy_request (
  id         TEXT PRIMARY KEY,
  person_id  TEXT NOT NULL,
  kind       TEXT NOT NULL,              -- export, erasure
  state      TEXT NOT NULL,              -- open, running, held, done, refused
  asked_by   TEXT NOT NULL,              -- customer, member
  how        TEXT NOT NULL DEFAULT '',   -- how they asked
  why        TEXT NOT NULL DEFAULT '',   -- why it was refused or waits
  by_id      TEXT NOT NULL DEFAULT '',
  asked_at   BIGINT NOT NULL,
  due_at     BIGINT NOT NULL,
  told_at    BIGINT NOT NULL DEFAULT 0,  -- when somebody was told that it is due soon
  started_at BIGINT NOT NULL DEFAULT 0,
  closed_at  BIGINT NOT NULL DEFAULT 0,
  step       BIGINT NOT NULL DEFAULT 0,  -- how far the work has come
  subject    TEXT NOT NULL DEFAULT '',   -- sealed: who it is about, while it is worked at
  receipt    TEXT NOT NULL DEFAULT '',   -- JSON: what went where
  signature  TEXT NOT NULL DEFAULT ''
);
CREATE INDEX privacy_request_list ON privacy_request (asked_at, id);
CREATE INDEX privacy_request_person ON privacy_request (person_id, asked_at);
CREATE INDEX privacy_request_running ON privacy_request (state) WHERE state IN ('open', 'running', 'held');

-- Whom we were asked to forget, as a number that says nothing without our key.
CREATE TABLE suppression (
  hash   TEXT PRIMARY KEY,
  reason TEXT NOT NULL,
  at     BIGINT NOT NULL
);

-- What may not be erased while something is under way.
CREATE TABLE legal_hold (
  id        TEXT PRIMARY KEY,
  person_id TEXT NOT NULL,
  reason    TEXT NOT NULL,
  by_id     TEXT NOT NULL,
  at        BIGINT NOT NULL,
  ended_by  TEXT NOT NULL DEFAULT '',
  ended_at  BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX legal_hold_person ON legal_hold (person_id, at);
CREATE INDEX legal_hold_list ON legal_hold (at, id);

ALTER TABLE person ADD COLUMN erased_at BIGINT NOT NULL DEFAULT 0;
