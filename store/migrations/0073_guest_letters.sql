-- What guests of events are told by mail.

ALTER TABLE event ADD COLUMN no_reminder  BIGINT NOT NULL DEFAULT 1; -- nobody is reminded; so it is for those that stand already
ALTER TABLE event ADD COLUMN reminded_for BIGINT NOT NULL DEFAULT 0; -- the beginning of which guests were reminded

CREATE TABLE event_letter (
  guest_id TEXT NOT NULL,
  kind     TEXT NOT NULL,                  -- confirm, place, moved, off, on, reminder
  version  BIGINT NOT NULL,                -- of what is told: of the event, of the answer, the beginning
  event_id TEXT NOT NULL,
  state    TEXT NOT NULL,                  -- waiting, sending, sent, unknown, failed, unwanted, over
  due      BIGINT NOT NULL,
  tries    BIGINT NOT NULL DEFAULT 0,
  at       BIGINT NOT NULL,                -- of its state
  note     TEXT NOT NULL DEFAULT '',       -- why it did not go
  key_hash TEXT NOT NULL DEFAULT '',       -- of the word of the link in it
  PRIMARY KEY (guest_id, kind, version)
);
CREATE INDEX event_letter_due ON event_letter (state, due);
CREATE INDEX event_letter_event ON event_letter (event_id, kind);
CREATE INDEX event_letter_key ON event_letter (key_hash) WHERE key_hash <> '';
