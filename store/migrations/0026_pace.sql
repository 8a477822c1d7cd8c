-- Time in the inbox: when we are there, and what we promise.
CREATE TABLE business_calendar (
  id         TEXT PRIMARY KEY,
  name       TEXT NOT NULL,
  zone       TEXT NOT NULL,      -- of the IANA database
  week       TEXT NOT NULL,      -- JSON: spans of each day, Sunday first
  holidays   TEXT NOT NULL,      -- JSON
  version    BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL
);

CREATE TABLE pledge (
  id          TEXT PRIMARY KEY,
  name        TEXT NOT NULL,
  conditions  TEXT NOT NULL,     -- JSON, a tree of kit/cond
  targets     TEXT NOT NULL,     -- JSON: goal to nanoseconds
  calendar_id TEXT NOT NULL,     -- '' for all of the time
  pause       BOOLEAN NOT NULL,
  warn        BIGINT NOT NULL,   -- microseconds
  steps       TEXT NOT NULL,     -- JSON
  position    BIGINT NOT NULL,
  active      BOOLEAN NOT NULL,
  version     BIGINT NOT NULL,
  created_at  BIGINT NOT NULL,
  changed_at  BIGINT NOT NULL
);

-- The version of all that. done is up to which every conversation that is not
-- resolved was worked out again, at is how far that has come for the next one.
CREATE TABLE pledge_version (
  id   BIGINT PRIMARY KEY,
  n    BIGINT NOT NULL,
  done BIGINT NOT NULL,
  goal BIGINT NOT NULL,          -- the version that is being worked towards
  at   TEXT NOT NULL             -- the last conversation that was
);

ALTER TABLE conversation ADD COLUMN track TEXT NOT NULL DEFAULT '';       -- JSON: how its goals stand
ALTER TABLE conversation ADD COLUMN due_at BIGINT NOT NULL DEFAULT 0;     -- the goal that is due first
ALTER TABLE conversation ADD COLUMN due_what TEXT NOT NULL DEFAULT '';
ALTER TABLE conversation ADD COLUMN stirs_at BIGINT NOT NULL DEFAULT 0;   -- when time will bring something next
ALTER TABLE conversation ADD COLUMN started_by TEXT NOT NULL DEFAULT 'them';
CREATE INDEX conversation_stirs ON conversation (stirs_at) WHERE stirs_at > 0;
CREATE INDEX conversation_due ON conversation (state, due_at, id) WHERE due_at > 0;
CREATE INDEX conversation_due_of ON conversation (programme_id, state, due_at, id) WHERE due_at > 0;
CREATE INDEX conversation_live ON conversation (id) WHERE state IN ('open', 'waiting', 'snoozed');

-- What came of each goal, and the same counted by day.
CREATE TABLE pledge_outcome (
  conversation_id TEXT NOT NULL,
  goal            TEXT NOT NULL,
  start_at        BIGINT NOT NULL,
  pledge_id       TEXT NOT NULL,
  programme_id    TEXT NOT NULL,
  channel_id      TEXT NOT NULL,
  due_at          BIGINT NOT NULL,
  at              BIGINT NOT NULL, -- when it was reached, 0 while it is not
  kept            BOOLEAN NOT NULL,
  PRIMARY KEY (conversation_id, goal, start_at)
);
CREATE INDEX pledge_outcome_start ON pledge_outcome (goal, kept, start_at, conversation_id);
CREATE INDEX pledge_outcome_programme ON pledge_outcome (programme_id, goal, kept, start_at, conversation_id);

CREATE TABLE pledge_day (
  day          BIGINT NOT NULL,  -- UTC, on which the time of the goal began
  programme_id TEXT NOT NULL,
  channel_id   TEXT NOT NULL,
  pledge_id    TEXT NOT NULL,
  goal         TEXT NOT NULL,
  kept         BIGINT NOT NULL,
  missed       BIGINT NOT NULL,
  PRIMARY KEY (day, programme_id, channel_id, pledge_id, goal)
);
