-- An answer that is too long for its network goes out in parts, each a message of its own that waits for the one before.
ALTER TABLE delivery ADD COLUMN after_id TEXT NOT NULL DEFAULT '';   -- the message that must have got there before
ALTER TABLE delivery ADD COLUMN part     INTEGER NOT NULL DEFAULT 0; -- which one it is
ALTER TABLE delivery ADD COLUMN parts    INTEGER NOT NULL DEFAULT 0; -- of how many; 0 for an answer in one
