-- The presence register: where the company is on the networks, by whom, and
-- what was found.

CREATE TABLE presence_profile (
  id           TEXT PRIMARY KEY,
  kind         TEXT NOT NULL,             -- network, media, microblog, wiki, blog, review, bookmark, forum, owned
  network      TEXT NOT NULL DEFAULT '',  -- "mastodon", "youtube" …
  name         TEXT NOT NULL,
  handle       TEXT NOT NULL DEFAULT '',
  url          TEXT NOT NULL DEFAULT '',
  address      TEXT NOT NULL,             -- the url or handle as it is compared
  region       TEXT NOT NULL DEFAULT '',
  status       TEXT NOT NULL,             -- claimed, unclaimed, orphaned, impostor, closed, removed
  owner_id     TEXT NOT NULL DEFAULT '',  -- a member
  programme_id TEXT NOT NULL DEFAULT '',
  sponsor      TEXT NOT NULL DEFAULT '',
  purpose      TEXT NOT NULL DEFAULT '',
  note         TEXT NOT NULL DEFAULT '',
  done         TEXT NOT NULL DEFAULT '',  -- what was done about an impostor
  channel_id   TEXT NOT NULL DEFAULT '',
  audited_at   BIGINT NOT NULL DEFAULT 0,
  created_at   BIGINT NOT NULL,
  updated_at   BIGINT NOT NULL
);
CREATE UNIQUE INDEX presence_profile_address ON presence_profile (address) WHERE status <> 'removed';

-- That somebody looked and there is nothing: a cell of the matrix.
CREATE TABLE presence_cell (
  kind   TEXT NOT NULL,
  region TEXT NOT NULL,
  note   TEXT NOT NULL DEFAULT '',
  by_id  TEXT NOT NULL,
  at     BIGINT NOT NULL,
  PRIMARY KEY (kind, region)
);

-- A search for profiles.
CREATE TABLE presence_search (
  id         TEXT PRIMARY KEY,
  ask        TEXT NOT NULL,              -- JSON: names and domains
  state      TEXT NOT NULL,              -- running, done, stopped
  done       BIGINT NOT NULL DEFAULT 0,  -- questions asked
  of_all     BIGINT NOT NULL DEFAULT 0,
  unclear    TEXT NOT NULL DEFAULT '[]', -- JSON: what could not be told, and why
  by_id      TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  ended_at   BIGINT NOT NULL DEFAULT 0
);

-- A profile that was found and waits for somebody to say whose it is.
CREATE TABLE presence_candidate (
  address    TEXT PRIMARY KEY,
  search_id  TEXT NOT NULL,
  kind       TEXT NOT NULL,
  network    TEXT NOT NULL,
  name       TEXT NOT NULL,
  handle     TEXT NOT NULL,
  url        TEXT NOT NULL,
  evidence   TEXT NOT NULL,              -- JSON
  confidence {{real}} NOT NULL,
  state      TEXT NOT NULL,              -- open, claimed, dismissed, impostor
  profile_id TEXT NOT NULL DEFAULT '',
  found_at   BIGINT NOT NULL
);

-- A round of audits.
CREATE TABLE presence_round (
  id         TEXT PRIMARY KEY,
  name       TEXT NOT NULL,
  questions  TEXT NOT NULL,              -- JSON
  due_at     BIGINT NOT NULL,
  owner_id   TEXT NOT NULL DEFAULT '',
  state      TEXT NOT NULL,              -- open, closed
  by_id      TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  closed_at  BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE presence_audit (
  round_id   TEXT NOT NULL,
  profile_id TEXT NOT NULL,
  answers    TEXT NOT NULL DEFAULT '[]', -- JSON
  note       TEXT NOT NULL DEFAULT '',
  by_id      TEXT NOT NULL DEFAULT '',
  at         BIGINT NOT NULL DEFAULT 0,  -- 0: not answered yet
  PRIMARY KEY (round_id, profile_id)
);
CREATE INDEX presence_audit_profile ON presence_audit (profile_id, at);
