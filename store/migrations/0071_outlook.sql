-- What is foreseen of persons, and how well.

CREATE TABLE outlook (
  what       TEXT PRIMARY KEY,          -- buys_again, goes_quiet, speaks_well
  active     BOOLEAN NOT NULL,
  asked_at   BIGINT NOT NULL DEFAULT 0, -- when somebody asked that it be learned now
  learned_at BIGINT NOT NULL DEFAULT 0,
  version    BIGINT NOT NULL DEFAULT 0,
  figures    TEXT NOT NULL,             -- JSON, how well it did on people and days that it did not learn from
  model      TEXT NOT NULL              -- JSON, '' where it is not worth showing
);

-- As of the last night; whoever opens a person is told as of now.
CREATE TABLE person_outlook (
  person_id TEXT NOT NULL,
  what      TEXT NOT NULL,
  share     {{real}} NOT NULL,          -- how likely, 0 to 1
  usual     {{real}} NOT NULL,          -- how often it happens
  reasons   TEXT NOT NULL,              -- JSON
  version   BIGINT NOT NULL,            -- of what was learned
  at        BIGINT NOT NULL,
  PRIMARY KEY (person_id, what)
);
CREATE INDEX person_outlook_what ON person_outlook (what);

-- Segments ask for it, in hundredths.
ALTER TABLE person_profile ADD COLUMN buys_again {{real}};
ALTER TABLE person_profile ADD COLUMN goes_quiet {{real}};
ALTER TABLE person_profile ADD COLUMN speaks_well {{real}};
