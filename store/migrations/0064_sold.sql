-- Orders that are taken over from files.

ALTER TABLE bring_file ADD COLUMN nobody BIGINT NOT NULL DEFAULT 0; -- orders without a person
