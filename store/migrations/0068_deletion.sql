-- Conversations that somebody deletes: they wait a little, and then their words go.

ALTER TABLE conversation ADD COLUMN goes_at BIGINT NOT NULL DEFAULT 0; -- when it is deleted, unless that is taken back

CREATE TABLE deletion (
  conversation_id TEXT PRIMARY KEY,
  state           TEXT NOT NULL,            -- waits, back, kept, gone, done
  by_id           TEXT NOT NULL,
  asked_at        BIGINT NOT NULL,
  due_at          BIGINT NOT NULL,          -- when something is to be done next; 0 for never
  gone_at         BIGINT NOT NULL DEFAULT 0,
  why             TEXT NOT NULL DEFAULT ''  -- of what was kept after all
);
CREATE INDEX deletion_due ON deletion (due_at) WHERE due_at > 0;
