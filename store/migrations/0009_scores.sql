-- Analyze says more: emotions, toxicity, what is named, what it is about. What
-- was read before has none of them until it is read again.

ALTER TABLE score ADD COLUMN emotions TEXT NOT NULL DEFAULT 'null'; -- labels with scores, strongest first, JSON; null where the language has no model
ALTER TABLE score ADD COLUMN toxicity TEXT NOT NULL DEFAULT 'null'; -- a label, JSON, or null
ALTER TABLE score ADD COLUMN entities TEXT NOT NULL DEFAULT '[]';   -- JSON, in the order of the text
ALTER TABLE score ADD COLUMN topics   TEXT NOT NULL DEFAULT 'null'; -- labels with scores, strongest first, JSON, or null

-- The short copy for filters and counts.
ALTER TABLE activity_reading ADD COLUMN emotion  TEXT NOT NULL DEFAULT ''; -- the one that stands out
ALTER TABLE activity_reading ADD COLUMN toxicity TEXT NOT NULL DEFAULT ''; -- offensive, not-offensive; '' where the language has no model
ALTER TABLE activity_reading ADD COLUMN topics   TEXT NOT NULL DEFAULT ''; -- labels, strongest first, a space between
ALTER TABLE activity_reading ADD COLUMN entities TEXT NOT NULL DEFAULT ''; -- kind:name, a line each
