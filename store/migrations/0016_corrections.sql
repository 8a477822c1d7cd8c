-- What people said of a score instead of the model, and what was learned from
-- it. The words themselves stay with the activity.

CREATE TABLE correction (
  id          TEXT PRIMARY KEY,
  activity_id TEXT NOT NULL,
  part        TEXT NOT NULL,            -- sentiment, emotions, intents, toxicity
  was         TEXT NOT NULL,            -- labels before, JSON
  labels      TEXT NOT NULL,            -- labels now, JSON
  member_id   TEXT NOT NULL,
  member_name TEXT NOT NULL,
  at          BIGINT NOT NULL,
  undone_at   BIGINT NOT NULL DEFAULT 0 -- taken back, or another took its place
);
CREATE UNIQUE INDEX correction_pin ON correction (activity_id, part) WHERE undone_at = 0;
CREATE INDEX correction_at ON correction (at, id);

ALTER TABLE score ADD COLUMN corrected TEXT NOT NULL DEFAULT '[]'; -- the parts that a person said, JSON

-- A round of learning from corrections: models for this house alone.
CREATE TABLE tuning (
  id          TEXT PRIMARY KEY,
  number      BIGINT NOT NULL UNIQUE,
  state       TEXT NOT NULL,            -- waiting, ready, failed, used, left
  member_id   TEXT NOT NULL,
  member_name TEXT NOT NULL,
  at          BIGINT NOT NULL,
  done_at     BIGINT NOT NULL DEFAULT 0,
  used_at     BIGINT NOT NULL DEFAULT 0,
  problem     TEXT NOT NULL DEFAULT '', -- why it failed
  figures     TEXT NOT NULL DEFAULT '[]' -- what each part was measured at, JSON
);

CREATE TABLE tuned_model (
  tuning_id TEXT NOT NULL REFERENCES tuning (id),
  part      TEXT NOT NULL,
  name      TEXT NOT NULL,
  file      {{blob}} NOT NULL,
  PRIMARY KEY (tuning_id, part)
);
