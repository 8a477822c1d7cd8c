-- Events, and who answered their invitations.

CREATE TABLE event (
  id           TEXT PRIMARY KEY,
  slug         TEXT NOT NULL,
  title        TEXT NOT NULL,
  about        TEXT NOT NULL DEFAULT '',
  place        TEXT NOT NULL DEFAULT '',
  link         TEXT NOT NULL DEFAULT '',
  starts_at    BIGINT NOT NULL,
  ends_at      BIGINT NOT NULL,
  zone         TEXT NOT NULL,
  capacity     BIGINT NOT NULL DEFAULT 0,
  programme_id TEXT NOT NULL DEFAULT '',
  author_id    TEXT NOT NULL,
  standing     TEXT NOT NULL,              -- closed, open, cancelled
  version      BIGINT NOT NULL,
  created_at   BIGINT NOT NULL,
  updated_at   BIGINT NOT NULL
);
CREATE UNIQUE INDEX event_slug ON event (slug);
CREATE INDEX event_ends ON event (ends_at, id);

CREATE TABLE event_guest (
  id       TEXT PRIMARY KEY,
  event_id TEXT NOT NULL,
  name     TEXT NOT NULL,
  email    TEXT NOT NULL,                  -- folded
  coming   TEXT NOT NULL,                  -- yes, maybe, no
  waiting  BIGINT NOT NULL DEFAULT 0,      -- would come, and there is no room yet
  key_hash TEXT NOT NULL,                  -- of the word in their own link
  came     BIGINT NOT NULL DEFAULT 0,
  since    BIGINT NOT NULL,                -- of this answer
  at       BIGINT NOT NULL
);
CREATE UNIQUE INDEX event_guest_email ON event_guest (event_id, email);
CREATE UNIQUE INDEX event_guest_key ON event_guest (key_hash);
CREATE INDEX event_guest_queue ON event_guest (event_id, waiting, since, id);
