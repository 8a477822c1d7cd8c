-- Where somebody told how else they can be reached; and organizations that
-- other systems tell of.

ALTER TABLE clue ADD COLUMN source TEXT NOT NULL DEFAULT ''; -- signature, profile, linked; '' for the account itself and for words

ALTER TABLE organization ADD COLUMN source      TEXT NOT NULL DEFAULT ''; -- the other system
ALTER TABLE organization ADD COLUMN external_id TEXT NOT NULL DEFAULT ''; -- what it is called there
ALTER TABLE organization ADD COLUMN owner_id    TEXT NOT NULL DEFAULT ''; -- the member who looks after it
CREATE UNIQUE INDEX organization_external ON organization (source, external_id) WHERE external_id <> '';
