-- Webhooks out: who is told facts, and each telling.

CREATE TABLE hook_endpoint (
  id            TEXT PRIMARY KEY,
  name          TEXT NOT NULL,
  url           TEXT NOT NULL,
  facts         TEXT NOT NULL,              -- JSON: the types that are told; [] for all
  state         TEXT NOT NULL,              -- on, off, broken
  secret        TEXT NOT NULL,              -- sealed
  old_secret    TEXT NOT NULL DEFAULT '',   -- sealed; signs as well until old_until
  old_until     BIGINT NOT NULL DEFAULT 0,
  failing_since BIGINT NOT NULL DEFAULT 0,
  last_at       BIGINT NOT NULL DEFAULT 0,  -- when it took something last
  note          TEXT NOT NULL DEFAULT '',   -- why it is broken
  by_id         TEXT NOT NULL DEFAULT '',
  created_at    BIGINT NOT NULL
);

CREATE TABLE hook_delivery (
  id          TEXT PRIMARY KEY,
  endpoint_id TEXT NOT NULL,
  event_id    TEXT NOT NULL,                -- the same for every try, and for every endpoint
  type        TEXT NOT NULL,
  subject     TEXT NOT NULL,
  body        TEXT NOT NULL,
  state       TEXT NOT NULL,                -- open, done, failed
  attempts    BIGINT NOT NULL DEFAULT 0,
  next_at     BIGINT NOT NULL,              -- of the next try; 0 where there is none
  status      BIGINT NOT NULL DEFAULT 0,    -- of the last answer; 0 where there was none
  problem     TEXT NOT NULL DEFAULT '',
  answer      TEXT NOT NULL DEFAULT '',     -- its beginning
  took        BIGINT NOT NULL DEFAULT 0,    -- microseconds
  created_at  BIGINT NOT NULL,
  tried_at    BIGINT NOT NULL DEFAULT 0,
  ended_at    BIGINT NOT NULL DEFAULT 0,
  CHECK (state <> 'open' OR next_at > 0)
);
CREATE UNIQUE INDEX hook_delivery_event ON hook_delivery (endpoint_id, event_id);
CREATE INDEX hook_delivery_due ON hook_delivery (endpoint_id, next_at) WHERE state = 'open';
CREATE INDEX hook_delivery_list ON hook_delivery (endpoint_id, id);
CREATE INDEX hook_delivery_ended ON hook_delivery (ended_at) WHERE ended_at > 0;
