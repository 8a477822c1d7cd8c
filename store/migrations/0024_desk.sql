-- Tags: one vocabulary for the whole company. A tag that was merged leads to
-- the other; what bears it is read as if it bore that one.
CREATE TABLE tag (
  id          TEXT PRIMARY KEY,
  name        TEXT NOT NULL,
  folded      TEXT NOT NULL,
  color       TEXT NOT NULL,
  about       TEXT NOT NULL,                -- when it is put on
  guarded     BOOLEAN NOT NULL,             -- only managers put it on
  merged_into TEXT NOT NULL DEFAULT '',
  archived_at BIGINT NOT NULL DEFAULT 0,
  created_at  BIGINT NOT NULL
);
CREATE UNIQUE INDEX tag_name ON tag (folded) WHERE merged_into = '';
CREATE INDEX tag_merged ON tag (merged_into) WHERE merged_into <> '';

-- What bears a tag. Conversations carry theirs in the row as well, for the list.
CREATE TABLE conversation_tag (
  tag_id          TEXT NOT NULL,
  conversation_id TEXT NOT NULL REFERENCES conversation (id),
  member_id       TEXT NOT NULL,
  at              BIGINT NOT NULL,
  PRIMARY KEY (tag_id, conversation_id)
);
CREATE INDEX conversation_tag_of ON conversation_tag (conversation_id);
CREATE TABLE person_tag (
  tag_id    TEXT NOT NULL,
  person_id TEXT NOT NULL REFERENCES person (id),
  member_id TEXT NOT NULL,
  at        BIGINT NOT NULL,
  PRIMARY KEY (tag_id, person_id)
);
CREATE INDEX person_tag_of ON person_tag (person_id);

ALTER TABLE conversation ADD COLUMN tags TEXT NOT NULL DEFAULT '';
ALTER TABLE conversation ADD COLUMN team_id TEXT NOT NULL DEFAULT '';
ALTER TABLE conversation ADD COLUMN priority TEXT NOT NULL DEFAULT 'normal';
CREATE INDEX conversation_team ON conversation (team_id, last_at, id) WHERE state IN ('open', 'waiting') AND team_id <> '';

-- Teams: to whom a conversation can be given together.
CREATE TABLE team (
  id           TEXT PRIMARY KEY,
  name         TEXT NOT NULL,
  folded       TEXT NOT NULL,
  programme_id TEXT NOT NULL,     -- '' for the whole company
  sharing      TEXT NOT NULL,     -- '', 'turns' or 'load': how its members get what it is given
  last_member  TEXT NOT NULL,     -- whose turn it was last
  archived_at  BIGINT NOT NULL DEFAULT 0,
  created_at   BIGINT NOT NULL
);
CREATE UNIQUE INDEX team_name ON team (programme_id, folded) WHERE archived_at = 0;
CREATE TABLE team_member (
  team_id   TEXT NOT NULL REFERENCES team (id),
  member_id TEXT NOT NULL,
  PRIMARY KEY (team_id, member_id)
);
CREATE INDEX team_member_of ON team_member (member_id);

-- Views of the inbox that somebody saved, for themselves or for others.
CREATE TABLE inbox_view (
  id           TEXT PRIMARY KEY,
  member_id    TEXT NOT NULL,     -- who made it
  name         TEXT NOT NULL,
  shared       BOOLEAN NOT NULL,
  programme_id TEXT NOT NULL,     -- with whom it is shared, '' for the whole company
  conditions   TEXT NOT NULL,     -- JSON, a tree of kit/cond
  sort         TEXT NOT NULL,
  created_at   BIGINT NOT NULL,
  changed_at   BIGINT NOT NULL
);
CREATE INDEX inbox_view_own ON inbox_view (member_id, id);
CREATE INDEX inbox_view_shared ON inbox_view (programme_id, id) WHERE shared;
-- How one member has arranged them, and with which one begins.
CREATE TABLE inbox_shelf (
  member_id TEXT PRIMARY KEY,
  views     TEXT NOT NULL,        -- JSON list of ids
  first     TEXT NOT NULL         -- a view's id or the word of one that is always there; '' for none
);

-- What was done with several conversations at once, so that one press takes it back.
CREATE TABLE deed (
  id         TEXT PRIMARY KEY,
  member_id  TEXT NOT NULL,
  at         BIGINT NOT NULL,
  undone_at  BIGINT NOT NULL DEFAULT 0,
  body       TEXT NOT NULL        -- JSON: how each stood before and after
);
CREATE INDEX deed_at ON deed (at);
