-- The hive: questions that go to those who are likely to know.

-- What a programme's hive takes, and how it asks. A programme without a row
-- has no hive.
CREATE TABLE hive_rule (
  programme_id TEXT PRIMARY KEY,
  rules        TEXT NOT NULL, -- JSON
  at           BIGINT NOT NULL
);

-- How a member wants to be asked, and how much lies with them now. The counts
-- change in the transactions that ask, take and end.
CREATE TABLE hive_member (
  member_id   TEXT PRIMARY KEY,
  state       TEXT NOT NULL, -- '' (while the app is open), available, busy, off
  until_at    BIGINT NOT NULL, -- when the state ends; 0 for never
  zone        TEXT NOT NULL,
  days        INTEGER NOT NULL, -- working days, bit 0 is Sunday; 0 for those of the programme
  from_min    INTEGER NOT NULL, -- minutes after midnight
  to_min      INTEGER NOT NULL,
  away_from   BIGINT NOT NULL,
  away_to     BIGINT NOT NULL,
  daily       INTEGER NOT NULL, -- 0 for that of the programme
  langs       TEXT NOT NULL, -- JSON
  expertise   TEXT NOT NULL, -- JSON
  offers      INTEGER NOT NULL, -- open now
  claims      INTEGER NOT NULL, -- open now
  day         TEXT NOT NULL,    -- of taken, in the member's own zone
  taken       INTEGER NOT NULL, -- on that day
  asked_at    BIGINT NOT NULL,  -- last
  at          BIGINT NOT NULL   -- of the last change
);
CREATE INDEX hive_member_at ON hive_member (at);

CREATE TABLE hive_question (
  conversation_id TEXT PRIMARY KEY,
  programme_id TEXT NOT NULL,
  state        TEXT NOT NULL, -- offered, claimed, centre, answered, closed
  ring         INTEGER NOT NULL,
  lang         TEXT NOT NULL,
  about        TEXT NOT NULL, -- JSON: what it is about
  asked_at     BIGINT NOT NULL, -- when they asked
  opened_at    BIGINT NOT NULL, -- when it entered the hive
  due_at       BIGINT NOT NULL, -- by when they should have an answer
  end_at       BIGINT NOT NULL, -- when it goes to the contact centre
  next_at      BIGINT NOT NULL, -- when something is to be done; 0 for never
  claimed_by   TEXT NOT NULL,
  claimed_at   BIGINT NOT NULL,
  claim_until  BIGINT NOT NULL,
  warned       BOOLEAN NOT NULL,
  answered_by  TEXT NOT NULL,
  answered_at  BIGINT NOT NULL,
  closed_at    BIGINT NOT NULL,
  because      TEXT NOT NULL, -- why it was closed
  by_hand      TEXT NOT NULL, -- who asked the hive, '' for the rule
  knew         INTEGER NOT NULL -- how many were found who may know
);
CREATE INDEX hive_question_next ON hive_question (next_at) WHERE next_at > 0;
CREATE INDEX hive_question_open ON hive_question (programme_id, state, asked_at, conversation_id) WHERE state IN ('offered', 'claimed', 'centre');
CREATE INDEX hive_question_list ON hive_question (programme_id, opened_at, conversation_id);
CREATE INDEX hive_question_claimed ON hive_question (claimed_by, conversation_id) WHERE state = 'claimed';

-- Whom the hive asked what, and why them.
CREATE TABLE hive_offer (
  conversation_id TEXT NOT NULL,
  member_id    TEXT NOT NULL,
  kind         TEXT NOT NULL, -- ring, asked (by a colleague), centre
  ring         INTEGER NOT NULL,
  state        TEXT NOT NULL, -- open, taken, lost, passed, over
  knows        {{real}} NOT NULL,
  free         {{real}} NOT NULL,
  load         {{real}} NOT NULL,
  score        {{real}} NOT NULL,
  why          TEXT NOT NULL, -- JSON
  by_member    TEXT NOT NULL,
  words        TEXT NOT NULL,
  at           BIGINT NOT NULL,
  changed_at   BIGINT NOT NULL,
  because      TEXT NOT NULL,
  PRIMARY KEY (conversation_id, member_id)
);
CREATE INDEX hive_offer_member ON hive_offer (member_id, state, at, conversation_id);

-- What somebody has shown to know: answers about a thing, fading with time.
CREATE TABLE hive_skill (
  member_id TEXT NOT NULL,
  thing     TEXT NOT NULL,
  label     TEXT NOT NULL,
  answered  {{real}} NOT NULL,
  solved    {{real}} NOT NULL,
  passed    {{real}} NOT NULL,
  n         INTEGER NOT NULL, -- answers, not faded
  n_solved  INTEGER NOT NULL,
  at        BIGINT NOT NULL,
  PRIMARY KEY (member_id, thing)
);
CREATE INDEX hive_skill_at ON hive_skill (at);

-- Who answered which conversation, and what it was about.
CREATE TABLE hive_answer (
  conversation_id TEXT NOT NULL,
  member_id TEXT NOT NULL,
  about     TEXT NOT NULL,
  at        BIGINT NOT NULL,
  solved_at BIGINT NOT NULL,
  PRIMARY KEY (conversation_id, member_id)
);

-- Sums by day, so that nobody counts questions.
CREATE TABLE hive_sum (
  programme_id TEXT NOT NULL,
  day    TEXT NOT NULL,
  name   TEXT NOT NULL, -- asked, claim, answered, in_time, centre, unknown …
  slot   TEXT NOT NULL, -- what is told apart: a stretch of time, a topic
  n      BIGINT NOT NULL,
  PRIMARY KEY (programme_id, day, name, slot)
);
