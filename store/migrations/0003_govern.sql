-- Members and what lets them in. Secrets are kept as hashes only.
CREATE TABLE member (
  id           TEXT PRIMARY KEY,
  email        TEXT NOT NULL,
  folded       TEXT NOT NULL UNIQUE,
  name         TEXT NOT NULL,
  role         TEXT NOT NULL,
  state        TEXT NOT NULL,
  password     TEXT NOT NULL DEFAULT '',
  last_seen_at BIGINT NOT NULL DEFAULT 0,
  created_at   BIGINT NOT NULL,
  updated_at   BIGINT NOT NULL
);

CREATE TABLE session (
  id           TEXT PRIMARY KEY,
  hash         TEXT NOT NULL UNIQUE,
  member       TEXT NOT NULL REFERENCES member (id),
  created_at   BIGINT NOT NULL,
  last_seen_at BIGINT NOT NULL,
  agent        TEXT NOT NULL,
  ip           TEXT NOT NULL
);
CREATE INDEX session_member ON session (member);

-- Wrong passwords, by a hash of who was tried from where.
CREATE TABLE attempt (
  key        TEXT PRIMARY KEY,
  failed     INTEGER NOT NULL,
  last_at    BIGINT NOT NULL,
  blocked_to BIGINT NOT NULL
);

-- API tokens. member is who they act for, '' when nobody.
CREATE TABLE token (
  id           TEXT PRIMARY KEY,
  hash         TEXT NOT NULL UNIQUE,
  name         TEXT NOT NULL,
  role         TEXT NOT NULL,
  scopes       TEXT NOT NULL,
  member       TEXT NOT NULL,
  created_at   BIGINT NOT NULL,
  expires_at   BIGINT NOT NULL,
  last_used_at BIGINT NOT NULL DEFAULT 0
);

-- One-time links: setup, invite, reset.
CREATE TABLE door (
  id         TEXT PRIMARY KEY,
  hash       TEXT NOT NULL UNIQUE,
  kind       TEXT NOT NULL,
  member     TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at    BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX door_member ON door (member, kind);

CREATE TABLE programme (
  id         TEXT PRIMARY KEY,
  name       TEXT NOT NULL,
  folded     TEXT NOT NULL UNIQUE,
  mission    TEXT NOT NULL,
  sponsor    TEXT NOT NULL,
  lead       TEXT NOT NULL,
  state      TEXT NOT NULL,
  maturity   INTEGER NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);

-- Who belongs to a programme, with the role that this grants inside it.
CREATE TABLE programme_member (
  programme TEXT NOT NULL REFERENCES programme (id),
  member    TEXT NOT NULL REFERENCES member (id),
  role      TEXT NOT NULL,
  added_at  BIGINT NOT NULL,
  PRIMARY KEY (programme, member)
);
CREATE INDEX programme_member_member ON programme_member (member);

-- programme '' means that a policy holds everywhere. version is the current one.
CREATE TABLE policy (
  id         TEXT PRIMARY KEY,
  name       TEXT NOT NULL,
  programme  TEXT NOT NULL,
  required   BOOLEAN NOT NULL,
  version    INTEGER NOT NULL,
  created_at BIGINT NOT NULL
);

CREATE TABLE policy_version (
  id           TEXT PRIMARY KEY,
  policy       TEXT NOT NULL REFERENCES policy (id),
  n            INTEGER NOT NULL,
  body         TEXT NOT NULL,
  summary      TEXT NOT NULL,
  effective_at BIGINT NOT NULL,
  author       TEXT NOT NULL,
  author_name  TEXT NOT NULL,
  UNIQUE (policy, n)
);

CREATE TABLE acknowledgement (
  policy TEXT NOT NULL,
  n      INTEGER NOT NULL,
  member TEXT NOT NULL,
  at     BIGINT NOT NULL,
  PRIMARY KEY (policy, n, member)
);
CREATE INDEX acknowledgement_member ON acknowledgement (member);

-- Signed statements of how far the record reached and what its last hash was.
CREATE TABLE checkpoint (
  seq     BIGINT PRIMARY KEY,
  entries BIGINT NOT NULL,
  root    TEXT NOT NULL,
  at      BIGINT NOT NULL,
  note    TEXT NOT NULL
);
