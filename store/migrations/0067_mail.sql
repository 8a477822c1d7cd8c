-- Who else gets a message of ours: the Cc of a mail.
CREATE TABLE message_copy (
  message_id TEXT NOT NULL,
  n          BIGINT NOT NULL,
  address    TEXT NOT NULL,  -- folded
  problem    TEXT NOT NULL,  -- why it did not get there; '' while nothing is known of that
  PRIMARY KEY (message_id, n)
);
CREATE INDEX message_copy_address ON message_copy (address);

-- Who else is to get what somebody has begun to write; '' while nobody has chosen.
ALTER TABLE draft ADD COLUMN copies TEXT NOT NULL DEFAULT '';
