-- Listen: the files of talks at our own doors, of visitors and of us.

CREATE TABLE door_file (
  channel_id TEXT NOT NULL,
  visitor    TEXT NOT NULL,
  id         TEXT NOT NULL,             -- within the talk
  line_id    TEXT NOT NULL DEFAULT '',  -- with which words; '' while it waits for them
  n          BIGINT NOT NULL DEFAULT 0, -- in the order of the line's
  alt        TEXT NOT NULL DEFAULT '',
  file_id    TEXT NOT NULL,
  created_at BIGINT NOT NULL,           -- or when words took it
  PRIMARY KEY (channel_id, visitor, id)
);
CREATE INDEX door_file_line ON door_file (channel_id, line_id, n);
CREATE INDEX door_file_age ON door_file (created_at);
