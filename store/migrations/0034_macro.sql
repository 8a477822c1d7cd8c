-- Macros: several acts under one name, of one's own or shared.
CREATE TABLE macro (
  id           TEXT PRIMARY KEY,
  member_id    TEXT NOT NULL,
  name         TEXT NOT NULL,
  shared       BOOLEAN NOT NULL,
  programme_id TEXT NOT NULL,     -- with whom it is shared, '' for the whole company
  words        TEXT NOT NULL,     -- of a reply, with variables
  note         TEXT NOT NULL,
  deeds        TEXT NOT NULL,     -- JSON
  created_at   BIGINT NOT NULL,
  changed_at   BIGINT NOT NULL
);
CREATE INDEX macro_own ON macro (member_id, id);
CREATE INDEX macro_shared ON macro (programme_id, id) WHERE shared;

-- Which colleagues the notes of a conversation name.
CREATE TABLE conversation_mention (
  member_id       TEXT NOT NULL,
  conversation_id TEXT NOT NULL REFERENCES conversation (id),
  message_id      TEXT NOT NULL,
  at              BIGINT NOT NULL,
  PRIMARY KEY (member_id, conversation_id)
);
