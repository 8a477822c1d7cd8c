-- Who may be the same person: clues by which that is found, and suggestions
-- that wait for a colleague.

-- How somebody can be reached, as they told it: the address of their account
-- itself, or what they wrote in a message to us. A clue belongs to the
-- identity, so it goes where the identity goes.
CREATE TABLE clue (
  identity_id TEXT NOT NULL,
  kind        TEXT NOT NULL,             -- email, phone, handle
  value       TEXT NOT NULL,             -- folded
  activity_id TEXT NOT NULL DEFAULT '',  -- where they wrote it; '' for the account itself
  at          BIGINT NOT NULL,
  PRIMARY KEY (identity_id, kind, value)
);
CREATE INDEX clue_value ON clue (kind, value);

CREATE TABLE suggestion (
  id          TEXT PRIMARY KEY,
  a           TEXT NOT NULL,             -- the persons, the smaller id first
  b           TEXT NOT NULL,
  score       BIGINT NOT NULL,           -- probability in ten thousandths
  reasons     TEXT NOT NULL,             -- JSON
  state       TEXT NOT NULL,             -- open, accepted, declined, stale
  merge_id    TEXT NOT NULL DEFAULT '',  -- the merge that settled it
  created_at  BIGINT NOT NULL,
  decided_at  BIGINT NOT NULL DEFAULT 0,
  by_member   TEXT NOT NULL DEFAULT '',
  UNIQUE (a, b)
);
CREATE INDEX suggestion_state ON suggestion (state, score DESC, id);
CREATE INDEX suggestion_b ON suggestion (b);

-- In which programmes each identity was heard, so that those of a person can
-- be told again when a merge is undone.
CREATE TABLE identity_programme (
  identity_id  TEXT NOT NULL,
  programme_id TEXT NOT NULL,
  PRIMARY KEY (identity_id, programme_id)
);
INSERT INTO identity_programme (identity_id, programme_id)
SELECT i.id, p.programme_id FROM identity i JOIN person_programme p ON p.person_id = i.person_id;

ALTER TABLE person_merge ADD COLUMN outcome TEXT NOT NULL DEFAULT ''; -- the survivor's fields after, JSON
