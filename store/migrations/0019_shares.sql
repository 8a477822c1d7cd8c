-- Listen: who passed on what of what is kept. Once taken back it stays so.
CREATE TABLE share (
  channel_id  TEXT NOT NULL,
  external_id TEXT NOT NULL,   -- of the share; of a quote that of the quoting activity
  activity_id TEXT NOT NULL,   -- what was shared
  kind        TEXT NOT NULL,   -- share, quote
  identity_id TEXT NOT NULL,   -- who shared
  author      TEXT NOT NULL,   -- JSON
  own         BOOLEAN NOT NULL,
  at          BIGINT NOT NULL,
  undone      BOOLEAN NOT NULL,
  PRIMARY KEY (channel_id, external_id)
);
CREATE INDEX share_activity ON share (activity_id, at DESC, external_id DESC);
CREATE INDEX share_identity ON share (identity_id, at);

-- Analyze: bonds of kind share and quote belong to the activity that was
-- shared; their target is the share. How many people, and how often, by kind.
ALTER TABLE influence ADD COLUMN answered BIGINT NOT NULL DEFAULT 0;
ALTER TABLE influence ADD COLUMN named BIGINT NOT NULL DEFAULT 0;
ALTER TABLE influence ADD COLUMN shared BIGINT NOT NULL DEFAULT 0;
ALTER TABLE influence ADD COLUMN quoted BIGINT NOT NULL DEFAULT 0;
ALTER TABLE influence_bond ADD COLUMN answered BIGINT NOT NULL DEFAULT 0;
ALTER TABLE influence_bond ADD COLUMN named BIGINT NOT NULL DEFAULT 0;
ALTER TABLE influence_bond ADD COLUMN shared BIGINT NOT NULL DEFAULT 0;
ALTER TABLE influence_bond ADD COLUMN quoted BIGINT NOT NULL DEFAULT 0;
