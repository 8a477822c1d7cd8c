-- Evolve: tracked links, what came of them, and the numbers of each day.

CREATE TABLE link (
  id              TEXT PRIMARY KEY,
  code            TEXT NOT NULL UNIQUE,
  target          TEXT NOT NULL,
  campaign        TEXT NOT NULL DEFAULT '',
  conversation_id TEXT NOT NULL DEFAULT '',
  message_id      TEXT NOT NULL DEFAULT '',
  channel_id      TEXT NOT NULL DEFAULT '',
  channel_kind    TEXT NOT NULL DEFAULT '',
  identity_id     TEXT NOT NULL DEFAULT '', -- whom the conversation is with
  programme_id    TEXT NOT NULL DEFAULT '',
  by_member       TEXT NOT NULL DEFAULT '',
  clicks          BIGINT NOT NULL DEFAULT 0,
  created_at      BIGINT NOT NULL
);
CREATE INDEX link_conversation ON link (conversation_id) WHERE conversation_id <> '';
CREATE INDEX link_created ON link (created_at DESC, id DESC);
CREATE INDEX link_identity ON link (identity_id) WHERE identity_id <> '';

CREATE TABLE click (
  id       TEXT PRIMARY KEY, -- travels to the target as parley_click
  link_id  TEXT NOT NULL,
  at       BIGINT NOT NULL,
  referrer TEXT NOT NULL     -- host alone
);
CREATE INDEX click_link ON click (link_id, at);

CREATE TABLE conversion (
  id           TEXT PRIMARY KEY,
  external_id  TEXT NOT NULL UNIQUE, -- of whoever reports it: the same twice is one
  kind         TEXT NOT NULL,
  value        BIGINT NOT NULL,      -- minor units
  currency     TEXT NOT NULL,        -- ISO 4217, "" without a value
  click_id     TEXT NOT NULL,
  link_id      TEXT NOT NULL,
  programme_id TEXT NOT NULL,
  at           BIGINT NOT NULL,
  created_at   BIGINT NOT NULL
);
CREATE INDEX conversion_at ON conversion (at DESC, id DESC);
CREATE INDEX conversion_link ON conversion (link_id, at);

-- Who gets credit for a conversion; the shares of one sum to 1.
CREATE TABLE credit (
  conversion_id   TEXT NOT NULL,
  conversation_id TEXT NOT NULL,
  link_id         TEXT NOT NULL,
  share           {{real}} NOT NULL,
  PRIMARY KEY (conversion_id, conversation_id)
);
CREATE INDEX credit_conversation ON credit (conversation_id);

-- Sums of each UTC day: conversations opened, answered for the first time,
-- clicks, conversions and their value per currency.
CREATE TABLE outcome_day (
  day          BIGINT NOT NULL, -- days since 1970
  what         TEXT NOT NULL,   -- opened, answered, click, conversion, value:EUR …
  channel_id   TEXT NOT NULL,
  programme_id TEXT NOT NULL,
  n            BIGINT NOT NULL,
  PRIMARY KEY (day, what, channel_id, programme_id)
);

-- How long people waited for the first answer, as a histogram: bucket b holds
-- waits from 1.1^b to 1.1^(b+1) seconds, so a median is right within 5%.
CREATE TABLE wait_day (
  day          BIGINT NOT NULL,
  bucket       INTEGER NOT NULL,
  channel_id   TEXT NOT NULL,
  programme_id TEXT NOT NULL,
  n            BIGINT NOT NULL,
  PRIMARY KEY (day, bucket, channel_id, programme_id)
);
