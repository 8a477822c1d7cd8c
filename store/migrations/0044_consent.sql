-- What people agreed to, line by line: nothing is ever changed, and the
-- newest line says how it stands. The texts that were shown keep their versions.

CREATE TABLE consent_text (
  id      TEXT PRIMARY KEY,          -- of one version
  purpose TEXT NOT NULL,             -- service, marketing, research, sampling, topic:…
  lang    TEXT NOT NULL,             -- BCP 47
  version BIGINT NOT NULL,
  name    TEXT NOT NULL,             -- of the purpose, as a customer reads it
  body    TEXT NOT NULL,
  by_id   TEXT NOT NULL,
  at      BIGINT NOT NULL,
  UNIQUE (purpose, lang, version)
);

CREATE TABLE consent (
  id           TEXT PRIMARY KEY,
  identity_id  TEXT NOT NULL,
  channel_id   TEXT NOT NULL DEFAULT '',  -- '' for every channel that reaches the identity
  purpose      TEXT NOT NULL,             -- as above, or all
  state        TEXT NOT NULL,             -- requested, granted, refused, withdrawn
  text_id      TEXT NOT NULL DEFAULT '',  -- the version that was shown
  shown        TEXT NOT NULL DEFAULT '',  -- its words, where they are not one of ours
  source       TEXT NOT NULL,             -- member, message, page, import, api
  evidence     TEXT NOT NULL DEFAULT '',  -- the message's id, the page's address, what a colleague says
  jurisdiction TEXT NOT NULL DEFAULT '',  -- ISO 3166-1 or 3166-2
  expires_at   BIGINT NOT NULL DEFAULT 0,
  by_id        TEXT NOT NULL DEFAULT '',
  at           BIGINT NOT NULL,           -- when they said so
  created_at   BIGINT NOT NULL,           -- when it was written down
  same         TEXT NOT NULL UNIQUE       -- of what it says: the same twice is one
);
CREATE INDEX consent_identity ON consent (identity_id, purpose, at, id);

-- How it stands: the newest line of each.
CREATE VIEW consent_now AS
SELECT c.* FROM consent c WHERE NOT EXISTS (
  SELECT 1 FROM consent n WHERE n.identity_id = c.identity_id AND n.purpose = c.purpose AND n.channel_id = c.channel_id
  AND (n.at > c.at OR (n.at = c.at AND n.id > c.id)));

-- What was said to whoever asked whether they may write, kept with the answer.
CREATE TABLE consent_verdict (
  id          TEXT PRIMARY KEY,
  identity_id TEXT NOT NULL,
  channel_id  TEXT NOT NULL DEFAULT '',
  purpose     TEXT NOT NULL,
  reference   TEXT NOT NULL,              -- what is to be sent, by the asker's own name: asked once
  clear       BOOLEAN NOT NULL,
  why         TEXT NOT NULL,
  consent_id  TEXT NOT NULL DEFAULT '',   -- the line that decided
  by_id       TEXT NOT NULL DEFAULT '',
  at          BIGINT NOT NULL
);
CREATE INDEX consent_verdict_identity ON consent_verdict (identity_id, id);
CREATE UNIQUE INDEX consent_verdict_reference ON consent_verdict (reference, identity_id, purpose, channel_id);
