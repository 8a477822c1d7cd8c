-- The explorer: what a monitor listens for, and counts by day beside those by
-- hour, so that a quarter of a year over a thousand monitors is few rows.

ALTER TABLE monitor ADD COLUMN kind TEXT NOT NULL DEFAULT 'other'; -- brand, competitor, topic, other

-- How what has a language, an intent, a topic … sounds.
ALTER TABLE facet ADD COLUMN negative BIGINT NOT NULL DEFAULT 0;
ALTER TABLE facet ADD COLUMN neutral BIGINT NOT NULL DEFAULT 0;
ALTER TABLE facet ADD COLUMN positive BIGINT NOT NULL DEFAULT 0;

-- How much was published in a day (UTC): for each channel and each monitor.
CREATE TABLE tally_day (
  subject  TEXT NOT NULL,
  day      BIGINT NOT NULL,
  count    BIGINT NOT NULL DEFAULT 0,
  negative BIGINT NOT NULL DEFAULT 0,
  neutral  BIGINT NOT NULL DEFAULT 0,
  positive BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (subject, day)
)
-- sqlite
WITHOUT ROWID
-- end
;

-- The same for what a facet counts, and for authors, who are counted by day alone.
CREATE TABLE facet_day (
  subject  TEXT NOT NULL,
  name     TEXT NOT NULL,
  day      BIGINT NOT NULL,
  value    TEXT NOT NULL,
  count    BIGINT NOT NULL DEFAULT 0,
  negative BIGINT NOT NULL DEFAULT 0,
  neutral  BIGINT NOT NULL DEFAULT 0,
  positive BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (subject, name, day, value)
)
-- sqlite
WITHOUT ROWID
-- end
;

-- The words that were said most in a day, a bounded number for each subject:
-- where more are said, the rarest gives way and its count is carried over.
CREATE TABLE term_day (
  subject TEXT NOT NULL,
  day     BIGINT NOT NULL,
  term    TEXT NOT NULL,
  count   BIGINT NOT NULL,
  over    BIGINT NOT NULL DEFAULT 0, -- by how much the count may be too high
  PRIMARY KEY (subject, day, term)
)
-- sqlite
WITHOUT ROWID
-- end
;
