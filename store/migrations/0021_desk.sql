-- Files that people add, in parts, so that one engine, one backup and one
-- transaction hold everything. The same bytes are kept once.
CREATE TABLE file (
  id         TEXT PRIMARY KEY,
  hash       TEXT NOT NULL,
  name       TEXT NOT NULL,
  type       TEXT NOT NULL,           -- as the bytes say, not as the sender says
  size       BIGINT NOT NULL,
  width      INTEGER NOT NULL DEFAULT 0,
  height     INTEGER NOT NULL DEFAULT 0,
  owner      TEXT NOT NULL DEFAULT '', -- what it belongs to, as "message:ID"; '' until it is used
  member     TEXT NOT NULL DEFAULT '', -- who added it
  created_at BIGINT NOT NULL
);
CREATE INDEX file_owner ON file (owner, id);
CREATE INDEX file_hash ON file (hash);
CREATE INDEX file_loose ON file (created_at) WHERE owner = '';

CREATE TABLE file_part (
  hash TEXT NOT NULL,
  n    INTEGER NOT NULL,
  data {{blob}} NOT NULL,
  PRIMARY KEY (hash, n)
);

-- What one member is told. key makes the same news one notice.
CREATE TABLE notice (
  id         TEXT PRIMARY KEY,
  member     TEXT NOT NULL,
  key        TEXT NOT NULL,
  kind       TEXT NOT NULL,
  text       TEXT NOT NULL,
  link       TEXT NOT NULL,
  by_member  TEXT NOT NULL,
  programme  TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  read_at    BIGINT NOT NULL DEFAULT 0,
  UNIQUE (member, key)
);
CREATE INDEX notice_member ON notice (member, id);
CREATE INDEX notice_unread ON notice (member) WHERE read_at = 0;
CREATE INDEX notice_key ON notice (key);
CREATE INDEX notice_old ON notice (created_at);
