-- Satisfaction: whether customers are asked how well they were helped, and
-- what they answered.
CREATE TABLE survey (
  programme_id TEXT PRIMARY KEY,   -- '' for what belongs to none
  active       BOOLEAN NOT NULL,
  words        TEXT NOT NULL,      -- of the message, with {{link}}
  question     TEXT NOT NULL,      -- on the page
  after_min    BIGINT NOT NULL,    -- minutes from resolving to asking
  every_days   BIGINT NOT NULL,    -- one person is asked at most once in so many days
  owner_id     TEXT NOT NULL,      -- in whose name it is asked
  changed_at   BIGINT NOT NULL
);
CREATE TABLE survey_ask (
  id              TEXT PRIMARY KEY,
  conversation_id TEXT NOT NULL,
  programme_id    TEXT NOT NULL,
  channel_id      TEXT NOT NULL,
  identity_id     TEXT NOT NULL,
  person_id       TEXT NOT NULL,    -- who it was when it was asked; '' before
  member_id       TEXT NOT NULL,    -- who looked after the conversation then
  state           TEXT NOT NULL,    -- planned, asked, answered, dropped
  why             TEXT NOT NULL,    -- it was dropped
  due_at          BIGINT NOT NULL,
  asked_at        BIGINT NOT NULL,
  answered_at     BIGINT NOT NULL,
  key_hash        TEXT NOT NULL,    -- of the link, '' before it was asked
  score           BIGINT NOT NULL,  -- 1 to 5, 0 before
  comment         TEXT NOT NULL
);
CREATE UNIQUE INDEX survey_ask_planned ON survey_ask (conversation_id) WHERE state = 'planned';
CREATE INDEX survey_ask_due ON survey_ask (due_at) WHERE state = 'planned';
CREATE UNIQUE INDEX survey_ask_key ON survey_ask (key_hash) WHERE key_hash <> '';
CREATE INDEX survey_ask_person ON survey_ask (person_id, asked_at) WHERE person_id <> '';
CREATE INDEX survey_ask_identity ON survey_ask (identity_id, asked_at);
CREATE INDEX survey_ask_conversation ON survey_ask (conversation_id, asked_at);
CREATE INDEX survey_ask_answered ON survey_ask (answered_at, id) WHERE state = 'answered';
CREATE INDEX survey_ask_programme ON survey_ask (programme_id, answered_at, id) WHERE state = 'answered';
-- By the day (UTC) on which it was asked.
CREATE TABLE survey_day (
  day          BIGINT NOT NULL,
  programme_id TEXT NOT NULL,
  asked        BIGINT NOT NULL,
  s1           BIGINT NOT NULL,
  s2           BIGINT NOT NULL,
  s3           BIGINT NOT NULL,
  s4           BIGINT NOT NULL,
  s5           BIGINT NOT NULL,
  PRIMARY KEY (day, programme_id)
);
