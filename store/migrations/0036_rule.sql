-- Rules: what Parley does by itself with conversations.
CREATE TABLE inbox_rule (
  id          TEXT PRIMARY KEY,
  name        TEXT NOT NULL,
  active      BOOLEAN NOT NULL,
  event       TEXT NOT NULL,
  after       BIGINT NOT NULL,   -- microseconds
  calendar_id TEXT NOT NULL,
  open        TEXT NOT NULL,     -- there, away, '' for both
  conditions  TEXT NOT NULL,     -- JSON, a tree of kit/cond
  ours        BOOLEAN NOT NULL,  -- also conversations that we started
  acts        TEXT NOT NULL,     -- JSON
  position    BIGINT NOT NULL,
  owner_id    TEXT NOT NULL,     -- who answers for what it says
  created_at  BIGINT NOT NULL,
  changed_at  BIGINT NOT NULL
);

-- What rules are to look at: something that has happened (rule_id is '' and
-- name is its own), or a wait that a rule is about (one row for each).
CREATE TABLE rule_task (
  id              {{serial}},
  rule_id         TEXT NOT NULL,
  conversation_id TEXT NOT NULL,
  name            TEXT NOT NULL,
  event           TEXT NOT NULL,
  since           BIGINT NOT NULL,
  at              BIGINT NOT NULL,
  due_at          BIGINT NOT NULL,
  attempts        BIGINT NOT NULL
);
CREATE INDEX rule_task_due ON rule_task (due_at, id);
CREATE UNIQUE INDEX rule_task_name ON rule_task (rule_id, conversation_id, name);

-- That a rule acted. because makes the same happening one run.
CREATE TABLE rule_run (
  id              TEXT PRIMARY KEY,
  rule_id         TEXT NOT NULL,
  conversation_id TEXT NOT NULL,
  event           TEXT NOT NULL,
  because         TEXT NOT NULL,
  did             TEXT NOT NULL, -- JSON
  at              BIGINT NOT NULL
);
CREATE UNIQUE INDEX rule_run_because ON rule_run (rule_id, conversation_id, because);
CREATE INDEX rule_run_rule ON rule_run (rule_id, id);
