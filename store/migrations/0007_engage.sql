-- Conversations, with all that the inbox shows of one in the row itself, so
-- that a page of the list is one range of an index.
CREATE TABLE conversation (
  id              TEXT PRIMARY KEY,
  channel_id      TEXT NOT NULL,
  thread          TEXT NOT NULL, -- external id of the thread's first activity
  counterpart     TEXT NOT NULL, -- identity at the other end of direct messages, '' for a public thread
  visibility      TEXT NOT NULL,
  programme_id    TEXT NOT NULL,
  monitor_id      TEXT NOT NULL,
  identity_id     TEXT NOT NULL, -- who began, and whom a reply goes to
  author          TEXT NOT NULL, -- the same as JSON
  subject         TEXT NOT NULL,
  preview         TEXT NOT NULL,
  preview_by      TEXT NOT NULL,
  preview_at      BIGINT NOT NULL,
  url             TEXT NOT NULL,
  lang            TEXT NOT NULL,
  sentiment       TEXT NOT NULL, -- JSON, '' when unknown
  intents         TEXT NOT NULL, -- JSON
  state           TEXT NOT NULL,
  turn            TEXT NOT NULL,
  assignee_id     TEXT NOT NULL,
  messages        INTEGER NOT NULL,
  delivery        TEXT NOT NULL,
  last_at         BIGINT NOT NULL,
  began_at        BIGINT NOT NULL,
  asked_at        BIGINT NOT NULL, -- their newest words that want an answer
  answered_to     BIGINT NOT NULL, -- up to which of them we have answered
  waiting_since   BIGINT NOT NULL, -- their oldest unanswered words
  heard_at        BIGINT NOT NULL, -- when we heard their newest words
  first_answer_at BIGINT NOT NULL,
  snoozed_until   BIGINT NOT NULL,
  resolved_at     BIGINT NOT NULL,
  parent          TEXT NOT NULL, -- external id that a reply answers
  parent_at       BIGINT NOT NULL,
  version         BIGINT NOT NULL,
  ours_version    BIGINT NOT NULL, -- the version that our newest words made
  folded          TEXT NOT NULL, -- what a search looks through
  created_at      BIGINT NOT NULL,
  UNIQUE (channel_id, thread, counterpart)
);
CREATE INDEX conversation_state ON conversation (state, last_at, id);
CREATE INDEX conversation_programme ON conversation (programme_id, state, last_at, id);
CREATE INDEX conversation_assignee ON conversation (assignee_id, last_at, id) WHERE state IN ('open', 'waiting');
CREATE INDEX conversation_desk ON conversation (programme_id, assignee_id, last_at, id) WHERE state IN ('open', 'waiting');
CREATE INDEX conversation_waiting ON conversation (state, waiting_since, id) WHERE waiting_since > 0;
CREATE INDEX conversation_queue ON conversation (programme_id, state, waiting_since, id) WHERE waiting_since > 0;
CREATE INDEX conversation_snoozed ON conversation (snoozed_until) WHERE state = 'snoozed';
CREATE INDEX conversation_identity ON conversation (identity_id);

-- How many conversations stand where; kept up with every change, so that
-- nobody counts a million rows.
CREATE TABLE conversation_tally (
  programme_id TEXT NOT NULL,
  assignee_id  TEXT NOT NULL,
  state        TEXT NOT NULL,
  n            BIGINT NOT NULL,
  PRIMARY KEY (programme_id, assignee_id, state)
);

-- What was said in a conversation, by them, by us, or among us, and what
-- happened to it. The id of what was heard is the id of the activity.
CREATE TABLE message (
  id              TEXT PRIMARY KEY,
  conversation_id TEXT NOT NULL REFERENCES conversation (id),
  kind            TEXT NOT NULL,
  visibility      TEXT NOT NULL,
  channel_id      TEXT NOT NULL,
  external_id     TEXT NOT NULL, -- '' while it does not stand on the network
  activity_id     TEXT NOT NULL, -- '' until it was heard
  identity_id     TEXT NOT NULL,
  author          TEXT NOT NULL, -- JSON
  member_id       TEXT NOT NULL,
  text            TEXT NOT NULL,
  title           TEXT NOT NULL,
  url             TEXT NOT NULL,
  lang            TEXT NOT NULL,
  sentiment       TEXT NOT NULL,
  intents         TEXT NOT NULL,
  parent          TEXT NOT NULL,
  rating          {{real}} NOT NULL,
  asks            BOOLEAN NOT NULL, -- wants an answer
  at              BIGINT NOT NULL,
  edited_at       BIGINT NOT NULL,
  deleted_at      BIGINT NOT NULL,
  key             TEXT NOT NULL, -- chosen by the caller, '' for what was heard
  event           TEXT NOT NULL  -- JSON, '' when it is none
);
CREATE INDEX message_conversation ON message (conversation_id, at, id);
CREATE UNIQUE INDEX message_external ON message (channel_id, external_id) WHERE external_id <> '';
CREATE UNIQUE INDEX message_echo ON message (activity_id) WHERE kind = 'ours' AND activity_id <> '';
CREATE UNIQUE INDEX message_key ON message (key) WHERE key <> '';

-- The way of our words to the network. next_at is set for every state that
-- is not an end.
CREATE TABLE delivery (
  seq             {{serial}}, -- the order of replies within a conversation
  message_id      TEXT NOT NULL UNIQUE REFERENCES message (id),
  conversation_id TEXT NOT NULL,
  channel_id      TEXT NOT NULL,
  member_id       TEXT NOT NULL,
  token           TEXT NOT NULL, -- of the API, if one was used
  recipient       TEXT NOT NULL, -- JSON, fixed when queued
  parent          TEXT NOT NULL,
  root            TEXT NOT NULL,
  written         TEXT NOT NULL, -- the words before links were shortened
  state           TEXT NOT NULL,
  attempts        INTEGER NOT NULL,
  checks          INTEGER NOT NULL,
  upto            BIGINT NOT NULL, -- asked_at of the conversation when this was written
  queued_at       BIGINT NOT NULL,
  undo_until      BIGINT NOT NULL,
  next_at         BIGINT NOT NULL,
  attempted_at    BIGINT NOT NULL,
  sent_at         BIGINT NOT NULL,
  changed_at      BIGINT NOT NULL,
  told            BOOLEAN NOT NULL, -- the answer was counted
  problem         TEXT NOT NULL
);
CREATE INDEX delivery_due ON delivery (next_at) WHERE next_at > 0;
CREATE INDEX delivery_conversation ON delivery (conversation_id, seq);

CREATE TABLE draft (
  member_id       TEXT NOT NULL,
  conversation_id TEXT NOT NULL REFERENCES conversation (id),
  text            TEXT NOT NULL,
  visibility      TEXT NOT NULL,
  at              BIGINT NOT NULL,
  PRIMARY KEY (member_id, conversation_id)
);

-- How far each member has read.
CREATE TABLE conversation_read (
  member_id       TEXT NOT NULL,
  conversation_id TEXT NOT NULL REFERENCES conversation (id),
  at              BIGINT NOT NULL,
  PRIMARY KEY (member_id, conversation_id)
);
