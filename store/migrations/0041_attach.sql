-- Listen: what came with an activity besides its words.

CREATE TABLE attachment (
  activity_id TEXT NOT NULL,
  n           BIGINT NOT NULL,           -- in the order in which they came
  channel_id  TEXT NOT NULL,
  handle      TEXT NOT NULL,             -- by which its channel fetches it
  name        TEXT NOT NULL,
  type        TEXT NOT NULL,             -- as the sender claims
  alt         TEXT NOT NULL,
  size        BIGINT NOT NULL,           -- as the network says, 0 where it does not
  state       TEXT NOT NULL,             -- noted, waiting, kept, refused
  reason      TEXT NOT NULL,
  tries       BIGINT NOT NULL,
  next_at     BIGINT NOT NULL,           -- when to fetch it; far off while somebody does
  file_id     TEXT NOT NULL,             -- once it is kept
  PRIMARY KEY (activity_id, n)
);
CREATE INDEX attachment_next ON attachment (state, next_at);

CREATE TABLE enclosed (
  activity_id TEXT PRIMARY KEY,
  rest        TEXT NOT NULL,             -- what is quoted below
  html        TEXT NOT NULL,             -- as it came: unsafe
  cc          TEXT NOT NULL              -- JSON, addresses
);

-- Engage: what goes out with a message of ours, and what a draft holds.

CREATE TABLE message_file (
  message_id TEXT NOT NULL,
  n          BIGINT NOT NULL,
  file_id    TEXT NOT NULL,
  alt        TEXT NOT NULL,
  PRIMARY KEY (message_id, n)
);
ALTER TABLE draft ADD COLUMN files TEXT NOT NULL DEFAULT '[]';   -- JSON: files with what they show
