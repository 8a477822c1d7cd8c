-- People: a person behind every identity, joined by hand, never by name.

CREATE TABLE person (
  id          TEXT PRIMARY KEY,
  name        TEXT NOT NULL,
  name_edited BOOLEAN NOT NULL DEFAULT FALSE, -- a colleague wrote it; networks no longer change it
  notes       TEXT NOT NULL DEFAULT '',
  place       TEXT NOT NULL DEFAULT '',
  lang        TEXT NOT NULL DEFAULT '',
  merged_into TEXT NOT NULL DEFAULT '',       -- "" unless absorbed; the id stays as an alias
  seen_at     BIGINT NOT NULL,
  created_at  BIGINT NOT NULL
);
CREATE INDEX person_seen ON person (seen_at DESC, id DESC) WHERE merged_into = '';

CREATE TABLE identity (
  id           TEXT PRIMARY KEY, -- derived from scheme, issuer and folded value
  person_id    TEXT NOT NULL,
  scheme       TEXT NOT NULL,
  issuer       TEXT NOT NULL,
  value        TEXT NOT NULL,
  value_folded TEXT NOT NULL,
  handle       TEXT NOT NULL,
  name         TEXT NOT NULL,
  url          TEXT NOT NULL,
  avatar       TEXT NOT NULL,
  followers    BIGINT NOT NULL,
  channel_id   TEXT NOT NULL,    -- where it was heard last
  first_seen   BIGINT NOT NULL,
  last_seen    BIGINT NOT NULL,
  UNIQUE (scheme, issuer, value_folded)
);
CREATE INDEX identity_person ON identity (person_id);

-- In which programmes a person was heard: the scope of who may see them.
CREATE TABLE person_programme (
  person_id    TEXT NOT NULL,
  programme_id TEXT NOT NULL,
  PRIMARY KEY (programme_id, person_id)
);

-- The words by which a person is found.
CREATE TABLE person_term (
  term      TEXT NOT NULL,
  person_id TEXT NOT NULL,
  PRIMARY KEY (term, person_id)
);
CREATE INDEX person_term_person ON person_term (person_id);

CREATE TABLE person_merge (
  id        TEXT PRIMARY KEY,
  survivor  TEXT NOT NULL,
  absorbed  TEXT NOT NULL,
  absorbed_name TEXT NOT NULL,
  moved     TEXT NOT NULL, -- ids of the identities that moved, JSON
  before    TEXT NOT NULL, -- the survivor's fields before, JSON
  by_member TEXT NOT NULL,
  at        BIGINT NOT NULL,
  undone_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX person_merge_survivor ON person_merge (survivor, at);
