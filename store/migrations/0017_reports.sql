-- What networks report of our messages, and who asked us to stop.

ALTER TABLE delivery ADD COLUMN title TEXT NOT NULL DEFAULT '';          -- of what is answered, where messages bear one
ALTER TABLE delivery ADD COLUMN automatic BOOLEAN NOT NULL DEFAULT FALSE; -- said by Parley itself, as a network's rules demand

-- Reports about messages that are not known yet: a network may be quicker
-- than the answer to the call that sent.
CREATE TABLE delivery_report (
  channel_id  TEXT NOT NULL,
  external_id TEXT NOT NULL,
  state       TEXT NOT NULL,
  at          BIGINT NOT NULL,
  text        TEXT NOT NULL,
  heard_at    BIGINT NOT NULL,
  PRIMARY KEY (channel_id, external_id, state)
);
CREATE INDEX delivery_report_heard ON delivery_report (heard_at);

-- Who wants nothing more on a channel. A row with stopped = FALSE remembers
-- that they changed their mind, and when.
CREATE TABLE opt_out (
  channel_id  TEXT NOT NULL,
  identity_id TEXT NOT NULL,
  stopped     BOOLEAN NOT NULL,
  at          BIGINT NOT NULL, -- of their words
  message_id  TEXT NOT NULL,
  PRIMARY KEY (channel_id, identity_id)
);
