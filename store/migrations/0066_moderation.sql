-- What we do about messages where they stand: hide, show, take away, take
-- back, like. Kept before the network is called.
CREATE TABLE moderation (
  message_id TEXT NOT NULL,
  lane       TEXT NOT NULL,               -- sight, liking
  want       TEXT NOT NULL,               -- hide, show, remove, retract, like, unlike
  had        TEXT NOT NULL,               -- what it certainly was
  tried      TEXT NOT NULL,               -- what it may have become; '' for none
  reason     TEXT NOT NULL,
  words      TEXT NOT NULL,               -- of whoever wants it, to colleagues
  member_id  TEXT NOT NULL,
  token      TEXT NOT NULL,
  asked_at   BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  next_at    BIGINT NOT NULL,             -- 0: nothing is left to do
  busy_until BIGINT NOT NULL,
  attempts   BIGINT NOT NULL,
  failures   BIGINT NOT NULL,
  problem    TEXT NOT NULL,
  PRIMARY KEY (message_id, lane)
);
CREATE INDEX moderation_due ON moderation (next_at) WHERE next_at > 0;
