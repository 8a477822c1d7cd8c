-- Orders, and what we know of a person by hand: notes, goals and promises.
-- What belongs to a person keeps the id that it was given to (ADR 0027).

CREATE TABLE customer_order (
  id              TEXT PRIMARY KEY,
  external_id     TEXT NOT NULL UNIQUE, -- of the shop: the same twice is one
  number          TEXT NOT NULL,        -- as the customer reads it
  status          TEXT NOT NULL,        -- placed, paid, sent, done, cancelled, refunded
  person_id       TEXT NOT NULL DEFAULT '',
  organization_id TEXT NOT NULL DEFAULT '',
  opportunity_id  TEXT NOT NULL DEFAULT '',
  conversation_id TEXT NOT NULL DEFAULT '',
  programme_id    TEXT NOT NULL DEFAULT '',
  amount          BIGINT NOT NULL,      -- minor units
  currency        TEXT NOT NULL,
  url             TEXT NOT NULL DEFAULT '',
  at              BIGINT NOT NULL,      -- when it was placed
  created_at      BIGINT NOT NULL,
  updated_at      BIGINT NOT NULL
);
CREATE INDEX customer_order_person ON customer_order (person_id, at, id) WHERE person_id <> '';
CREATE INDEX customer_order_at ON customer_order (at, id);
CREATE INDEX customer_order_opportunity ON customer_order (opportunity_id) WHERE opportunity_id <> '';

CREATE TABLE order_line (
  order_id TEXT NOT NULL,
  n        BIGINT NOT NULL,
  sku      TEXT NOT NULL DEFAULT '',
  name     TEXT NOT NULL,
  quantity {{real}} NOT NULL,
  amount   BIGINT NOT NULL,             -- of the whole line
  PRIMARY KEY (order_id, n)
);

CREATE TABLE person_note (
  id         TEXT PRIMARY KEY,
  person_id  TEXT NOT NULL,
  text       TEXT NOT NULL,
  pinned     BOOLEAN NOT NULL DEFAULT FALSE,
  by_id      TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE INDEX person_note_person ON person_note (person_id, created_at, id);

-- What somebody wants, as they said it.
CREATE TABLE person_goal (
  id              TEXT PRIMARY KEY,
  person_id       TEXT NOT NULL,
  text            TEXT NOT NULL,
  status          TEXT NOT NULL,        -- open, met, dropped
  conversation_id TEXT NOT NULL DEFAULT '',
  message_id      TEXT NOT NULL DEFAULT '', -- in which they said it
  by_id           TEXT NOT NULL,
  created_at      BIGINT NOT NULL,
  updated_at      BIGINT NOT NULL
);
CREATE INDEX person_goal_person ON person_goal (person_id, created_at, id);
CREATE UNIQUE INDEX person_goal_message ON person_goal (person_id, message_id) WHERE message_id <> '';

-- What we promised.
CREATE TABLE person_promise (
  id              TEXT PRIMARY KEY,
  person_id       TEXT NOT NULL,
  text            TEXT NOT NULL,
  state           TEXT NOT NULL,        -- open, kept, broken
  due_at          BIGINT NOT NULL DEFAULT 0,
  owner_id        TEXT NOT NULL,
  programme_id    TEXT NOT NULL DEFAULT '',
  conversation_id TEXT NOT NULL DEFAULT '',
  message_id      TEXT NOT NULL DEFAULT '',
  told_at         BIGINT NOT NULL DEFAULT 0, -- when its owner was told that it is due
  by_id           TEXT NOT NULL,
  created_at      BIGINT NOT NULL,
  updated_at      BIGINT NOT NULL
);
CREATE INDEX person_promise_person ON person_promise (person_id, created_at, id);
CREATE INDEX person_promise_due ON person_promise (due_at) WHERE state = 'open' AND told_at = 0 AND due_at > 0;
