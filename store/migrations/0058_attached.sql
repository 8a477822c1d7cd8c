-- People: why two persons were found to be one, and whether that was decided
-- by a colleague or followed from what both had proven.
ALTER TABLE person_merge ADD COLUMN reasons TEXT NOT NULL DEFAULT '[]';   -- sentences, JSON
ALTER TABLE person_merge ADD COLUMN automatic BOOLEAN NOT NULL DEFAULT FALSE;
