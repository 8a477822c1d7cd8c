-- Segments: persons for whom typed conditions hold, kept as persons change.

CREATE TABLE segment (
  id         TEXT PRIMARY KEY,
  name       TEXT NOT NULL,
  folded     TEXT NOT NULL UNIQUE,
  about      TEXT NOT NULL DEFAULT '',
  conditions TEXT NOT NULL,               -- JSON
  by_id      TEXT NOT NULL,
  filling    BOOLEAN NOT NULL,            -- everybody is being looked at, because the conditions are new
  fill_after TEXT NOT NULL DEFAULT '',    -- persons up to this id were
  fill_done  BIGINT NOT NULL DEFAULT 0,
  fill_of    BIGINT NOT NULL DEFAULT 0,
  members    BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);

CREATE TABLE segment_member (
  segment_id TEXT NOT NULL,
  person_id  TEXT NOT NULL,
  since      BIGINT NOT NULL,
  PRIMARY KEY (segment_id, person_id)
);
CREATE INDEX segment_member_person ON segment_member (person_id);

-- Who joined and who left since the conditions were set.
CREATE TABLE segment_step (
  id         TEXT PRIMARY KEY,
  segment_id TEXT NOT NULL,
  person_id  TEXT NOT NULL,
  joined     BOOLEAN NOT NULL,
  at         BIGINT NOT NULL
);
CREATE INDEX segment_step_segment ON segment_step (segment_id, at, id);
CREATE INDEX segment_step_person ON segment_step (person_id);

-- The rollup of each UTC day: who came and went, and how many there were.
CREATE TABLE segment_day (
  segment_id TEXT NOT NULL,
  day        BIGINT NOT NULL,
  joined     BIGINT NOT NULL,
  gone       BIGINT NOT NULL,
  size       BIGINT NOT NULL,
  PRIMARY KEY (segment_id, day)
);

-- Persons of whom something changed and who wait to be looked at.
CREATE TABLE segment_mark (
  person_id TEXT PRIMARY KEY,
  n         BIGINT NOT NULL,              -- grows with each change meanwhile
  at        BIGINT NOT NULL
);
CREATE INDEX segment_mark_at ON segment_mark (at, person_id);

-- What segments ask of a person, gathered from all rooms. Texts are folded;
-- of many values each stands between two line breaks.
CREATE TABLE person_profile (
  person_id         TEXT PRIMARY KEY,
  name              TEXT NOT NULL,
  place             TEXT NOT NULL,
  language          TEXT NOT NULL,
  mood              TEXT NOT NULL,
  networks          TEXT NOT NULL,
  reach             TEXT NOT NULL,
  programmes        TEXT NOT NULL,
  tags              TEXT NOT NULL,
  organizations     TEXT NOT NULL,
  intents           TEXT NOT NULL,
  topics            TEXT NOT NULL,
  refuses           TEXT NOT NULL,
  agreed            TEXT NOT NULL,
  waiting           BOOLEAN NOT NULL,
  accounts          {{real}},
  followers         {{real}},
  influence         {{real}},
  said              {{real}},
  negative          {{real}},
  positive          {{real}},
  conversations     {{real}},
  open              {{real}},
  clicks            {{real}},
  conversions       {{real}},
  orders            {{real}},
  opportunities     {{real}},
  won               {{real}},
  goals             {{real}},
  promises          {{real}},
  broken            {{real}},
  known_since       BIGINT NOT NULL,
  first_heard       BIGINT NOT NULL,
  last_heard        BIGINT NOT NULL,
  last_conversation BIGINT NOT NULL,
  last_answered     BIGINT NOT NULL,
  last_click        BIGINT NOT NULL,
  last_conversion   BIGINT NOT NULL,
  last_order        BIGINT NOT NULL,
  due_at            BIGINT NOT NULL       -- when time alone may change a segment of theirs; 0 for never
);
CREATE INDEX person_profile_due ON person_profile (due_at) WHERE due_at > 0;

-- The same of what a company added: its own fields, and what was spent in each currency.
CREATE TABLE person_extra (
  person_id TEXT NOT NULL,
  field     TEXT NOT NULL,
  text      TEXT NOT NULL,
  number    {{real}},
  at        BIGINT NOT NULL,
  PRIMARY KEY (person_id, field)
);
