-- How a channel is, in full: whether its network asks us to wait, and what it
-- depends on that ends some day.
ALTER TABLE channel ADD COLUMN limit_text TEXT NOT NULL DEFAULT '';     -- what the network said
ALTER TABLE channel ADD COLUMN limit_until BIGINT NOT NULL DEFAULT 0;   -- when it lets us go on
ALTER TABLE channel ADD COLUMN expiries TEXT NOT NULL DEFAULT '';       -- JSON: what ends, when, what to do
ALTER TABLE channel ADD COLUMN expiries_at BIGINT NOT NULL DEFAULT 0;   -- when it was asked
ALTER TABLE channel ADD COLUMN expiries_error TEXT NOT NULL DEFAULT '';

-- History that was brought in, and is no reason to answer now.
ALTER TABLE activity ADD COLUMN quiet BOOLEAN NOT NULL DEFAULT FALSE;

-- What is said at our own doors (chat, web form): both sides, so that a
-- visitor who comes back finds it again. The customer's side is heard as an
-- activity as well.
CREATE TABLE door_line (
  channel_id TEXT NOT NULL,
  id         TEXT NOT NULL,   -- the visitor's own key, or the key of our reply
  visitor    TEXT NOT NULL,
  position   BIGINT NOT NULL, -- grows within a visitor's talk
  ours       BOOLEAN NOT NULL,
  name       TEXT NOT NULL DEFAULT '',
  body       TEXT NOT NULL,
  said_at    BIGINT NOT NULL,
  PRIMARY KEY (channel_id, id)
);
CREATE UNIQUE INDEX door_line_visitor ON door_line (channel_id, visitor, position);

-- Files of history on their way in.
CREATE TABLE history_file (
  id         TEXT PRIMARY KEY,
  channel_id TEXT NOT NULL,
  name       TEXT NOT NULL,
  size       BIGINT NOT NULL,             -- bytes, as told beforehand
  stored     BIGINT NOT NULL DEFAULT 0,   -- bytes that are here
  state      TEXT NOT NULL,               -- uploading, ready, running, done, cancelled, failed
  format     TEXT NOT NULL DEFAULT '',    -- csv, jsonl
  settings   TEXT NOT NULL DEFAULT '',    -- JSON: columns and how they are read
  dry        BOOLEAN NOT NULL DEFAULT FALSE,
  inbox      BOOLEAN NOT NULL DEFAULT FALSE,
  position   BIGINT NOT NULL DEFAULT 0,   -- bytes that are read
  rows_read  BIGINT NOT NULL DEFAULT 0,
  taken      BIGINT NOT NULL DEFAULT 0,   -- new
  same       BIGINT NOT NULL DEFAULT 0,   -- here already
  wrong      BIGINT NOT NULL DEFAULT 0,   -- could not be read
  worked     BIGINT NOT NULL DEFAULT 0,   -- microseconds of work
  note       TEXT NOT NULL DEFAULT '',
  member_id  TEXT NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  started_at BIGINT NOT NULL DEFAULT 0,
  ended_at   BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX history_file_state ON history_file (state, created_at);

CREATE TABLE history_error (
  file_id TEXT NOT NULL,
  line    BIGINT NOT NULL,
  why     TEXT NOT NULL,
  source  TEXT NOT NULL,  -- the beginning of the line
  PRIMARY KEY (file_id, line)
)
-- sqlite
WITHOUT ROWID
-- end
;
