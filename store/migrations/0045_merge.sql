-- Merged conversations: one that was merged is a pointer, and its words
-- remember in which conversation they were said.
ALTER TABLE conversation ADD COLUMN merged_into TEXT NOT NULL DEFAULT '';
ALTER TABLE conversation ADD COLUMN root TEXT NOT NULL DEFAULT ''; -- the network's thread, of one that was split off
ALTER TABLE message ADD COLUMN origin_id TEXT NOT NULL DEFAULT '';
CREATE INDEX conversation_merged ON conversation (merged_into) WHERE merged_into <> '';
CREATE INDEX message_origin ON message (origin_id) WHERE origin_id <> '';
