-- Early warning. Times are microseconds since 1970 UTC, 0 for none.

-- An incident about a subject: a monitor (its id) or all that is heard in a
-- programme ('programme-' and its id).
CREATE TABLE alert (
  id            TEXT PRIMARY KEY,
  subject       TEXT NOT NULL,
  monitor_id    TEXT NOT NULL DEFAULT '',
  programme_id  TEXT NOT NULL DEFAULT '',
  state         TEXT NOT NULL,              -- open, acknowledged, snoozed, resolved, false
  raised_at     BIGINT NOT NULL,
  last_at       BIGINT NOT NULL,            -- when it was last out of the ordinary
  snoozed_until BIGINT NOT NULL DEFAULT 0,
  by_member     TEXT NOT NULL DEFAULT '',
  by_name       TEXT NOT NULL DEFAULT '',
  surge         BOOLEAN NOT NULL,           -- more than usual
  mood          BOOLEAN NOT NULL,           -- more negative than usual
  span          BIGINT NOT NULL,            -- microseconds that were counted
  count         BIGINT NOT NULL,
  usual         {{real}} NOT NULL,
  negative      BIGINT NOT NULL,
  scored        BIGINT NOT NULL,
  sour          {{real}} NOT NULL,          -- the usual share of negative ones
  rare          {{real}} NOT NULL,
  score         {{real}} NOT NULL,
  words         TEXT NOT NULL,              -- JSON
  sensitive     TEXT NOT NULL
);
CREATE INDEX alert_subject ON alert (subject, id);
CREATE INDEX alert_state ON alert (state, id);

-- The posts that caused an alert, the weightiest first.
CREATE TABLE alert_cause (
  alert_id TEXT NOT NULL,
  rank     BIGINT NOT NULL,
  seq      BIGINT NOT NULL,
  PRIMARY KEY (alert_id, rank)
);

-- What became of it, and who was told.
CREATE TABLE alert_step (
  id        {{serial}},
  alert_id  TEXT NOT NULL,
  at        BIGINT NOT NULL,
  verb      TEXT NOT NULL,
  member_id TEXT NOT NULL DEFAULT '',
  name      TEXT NOT NULL DEFAULT '',
  detail    TEXT NOT NULL DEFAULT '{}'
);
CREATE INDEX alert_step_alert ON alert_step (alert_id, id);

-- What a subject needs for an alert; without a row, the usual.
CREATE TABLE alert_rule (
  subject      TEXT PRIMARY KEY,
  monitor_id   TEXT NOT NULL DEFAULT '',
  programme_id TEXT NOT NULL DEFAULT '',
  level        TEXT NOT NULL,
  minimum      BIGINT NOT NULL,
  taught       BIGINT NOT NULL,
  updated_at   BIGINT NOT NULL
);
