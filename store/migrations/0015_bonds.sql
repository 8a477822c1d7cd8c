-- Analyze: who talks to whom, kept as it is heard, and what was made of it last.

-- Somebody answered or named somebody else in public.
CREATE TABLE bond (
  activity_id TEXT NOT NULL,
  kind        TEXT NOT NULL,            -- reply, mention
  target      TEXT NOT NULL,            -- external id of what was answered, or the handle that was named
  channel_id  TEXT NOT NULL,
  from_id     TEXT NOT NULL,            -- identities
  to_id       TEXT NOT NULL DEFAULT '', -- '' until that somebody is heard
  at          BIGINT NOT NULL,
  PRIMARY KEY (activity_id, kind, target)
);
CREATE INDEX bond_at ON bond (at);
CREATE INDEX bond_open ON bond (channel_id, kind, target) WHERE to_id = '';

-- By which handle an account is named on a channel.
CREATE TABLE account (
  channel_id  TEXT NOT NULL,
  handle      TEXT NOT NULL, -- folded
  identity_id TEXT NOT NULL,
  own         BOOLEAN NOT NULL,
  PRIMARY KEY (channel_id, handle)
);
CREATE INDEX account_own ON account (identity_id) WHERE own;

-- What a web was made of, and when. web is a programme, or '' for all.
CREATE TABLE web (
  web     TEXT PRIMARY KEY,
  at      BIGINT NOT NULL,
  since   BIGINT NOT NULL,
  people  BIGINT NOT NULL,
  bonds   BIGINT NOT NULL,
  took_ms BIGINT NOT NULL
);

CREATE TABLE influence (
  web         TEXT NOT NULL,
  place       BIGINT NOT NULL,    -- 1 is listened to most
  identity_id TEXT NOT NULL,
  score       {{real}} NOT NULL,  -- 0 to 100, of the one who is listened to most
  circle      BIGINT NOT NULL,
  bridge      {{real}} NOT NULL,  -- 0 to 100, of the one on whose way most lies
  bridge_no   BIGINT NOT NULL,
  x           {{real}} NOT NULL,
  y           {{real}} NOT NULL,
  name        TEXT NOT NULL,
  handle      TEXT NOT NULL,
  followers   BIGINT NOT NULL,
  why         TEXT NOT NULL,      -- JSON
  PRIMARY KEY (web, place)
);
CREATE UNIQUE INDEX influence_identity ON influence (identity_id, web);
CREATE INDEX influence_circle ON influence (web, circle, place);
CREATE INDEX influence_bridge ON influence (web, bridge_no);

CREATE TABLE influence_bond (
  web   TEXT NOT NULL,
  a     BIGINT NOT NULL, -- places
  b     BIGINT NOT NULL,
  times BIGINT NOT NULL,
  PRIMARY KEY (web, a, b)
);
