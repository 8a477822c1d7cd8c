-- Persons who are taken over from files, and how to take a whole file back.

CREATE TABLE bring_file (
  id         TEXT PRIMARY KEY,
  name       TEXT NOT NULL,
  size       BIGINT NOT NULL,             -- bytes, as told beforehand
  stored     BIGINT NOT NULL DEFAULT 0,   -- bytes that are here
  state      TEXT NOT NULL,               -- uploading, ready, running, done, cancelled, failed, undoing, undone
  format     TEXT NOT NULL DEFAULT '',    -- csv, xlsx, vcard
  settings   TEXT NOT NULL DEFAULT '',    -- JSON: columns and how they are read
  dry        BOOLEAN NOT NULL DEFAULT FALSE,
  length     BIGINT NOT NULL DEFAULT 0,   -- bytes of what is read
  position   BIGINT NOT NULL DEFAULT 0,   -- bytes that are read; of an undo, the steps that are left
  rows_read  BIGINT NOT NULL DEFAULT 0,
  created    BIGINT NOT NULL DEFAULT 0,
  updated    BIGINT NOT NULL DEFAULT 0,
  same       BIGINT NOT NULL DEFAULT 0,
  passed     BIGINT NOT NULL DEFAULT 0,
  wrong      BIGINT NOT NULL DEFAULT 0,
  steps      BIGINT NOT NULL DEFAULT 0,
  undone     BIGINT NOT NULL DEFAULT 0,
  kept       BIGINT NOT NULL DEFAULT 0,   -- persons who stay after an undo
  worked     BIGINT NOT NULL DEFAULT 0,   -- microseconds of work
  note       TEXT NOT NULL DEFAULT '',
  member_id  TEXT NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  started_at BIGINT NOT NULL DEFAULT 0,
  ended_at   BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX bring_file_state ON bring_file (state, created_at);

CREATE TABLE bring_error (
  file_id TEXT NOT NULL,
  line    BIGINT NOT NULL,
  why     TEXT NOT NULL,
  source  TEXT NOT NULL,                  -- the beginning of the line
  PRIMARY KEY (file_id, line)
);

-- What each row did to a person.
CREATE TABLE bring_step (
  file_id   TEXT NOT NULL,
  n         BIGINT NOT NULL,
  person_id TEXT NOT NULL,
  detail    TEXT NOT NULL,                -- JSON: what was written, and what stood there before
  PRIMARY KEY (file_id, n)
);
CREATE INDEX bring_step_person ON bring_step (person_id);
