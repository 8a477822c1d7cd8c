-- What is heard. Times are microseconds since 1970 UTC, 0 for none.

-- A configured connection to a network. A removed one stays as a name for what
-- was heard on it, without its settings and secrets.
CREATE TABLE channel (
  id            TEXT PRIMARY KEY,
  kind          TEXT NOT NULL,
  name          TEXT NOT NULL,
  programme_id  TEXT NOT NULL DEFAULT '',
  state         TEXT NOT NULL,            -- active, paused, removed
  keep          BOOLEAN NOT NULL,         -- everything heard is kept, not only what is about us
  settings      TEXT NOT NULL,            -- JSON, without secrets
  secrets       TEXT NOT NULL DEFAULT '', -- sealed JSON
  secret_names  TEXT NOT NULL DEFAULT '', -- which secrets there are
  position      TEXT NOT NULL DEFAULT '', -- the network's cursor
  profile       TEXT NOT NULL DEFAULT '', -- JSON of our own author there
  health        TEXT NOT NULL DEFAULT '',
  health_text   TEXT NOT NULL DEFAULT '',
  last_heard_at BIGINT NOT NULL DEFAULT 0,
  last_error    TEXT NOT NULL DEFAULT '',
  last_error_at BIGINT NOT NULL DEFAULT 0,
  retry_at      BIGINT NOT NULL DEFAULT 0,
  created_at    BIGINT NOT NULL,
  updated_at    BIGINT NOT NULL
);

-- Events as they arrived, before anything is made of them; pruned by age.
CREATE TABLE inbound (
-- sqlite
  seq         INTEGER PRIMARY KEY,
-- end
-- postgres
  seq         BIGINT PRIMARY KEY,
-- end
  channel_id  TEXT NOT NULL,
  event_key   TEXT NOT NULL,
  at          BIGINT NOT NULL,
  received_at BIGINT NOT NULL,
  error       TEXT NOT NULL DEFAULT '',
  raw         {{blob}} NOT NULL,
  UNIQUE (channel_id, event_key)
);
CREATE INDEX inbound_error ON inbound (channel_id, seq) WHERE error <> '';

-- Runs of events that are kept but not yet processed.
CREATE TABLE inbound_waiting (
  first      BIGINT PRIMARY KEY,
  last       BIGINT NOT NULL,
  channel_id TEXT NOT NULL,
  events     BIGINT NOT NULL,
  at         BIGINT NOT NULL
);

-- What somebody said or did, as it stands now.
CREATE TABLE activity (
-- sqlite
  seq          INTEGER PRIMARY KEY,
-- end
-- postgres
  seq          BIGINT PRIMARY KEY,
-- end
  id           TEXT NOT NULL UNIQUE,
  channel_id   TEXT NOT NULL,
  external_id  TEXT NOT NULL,
  identity_id  TEXT NOT NULL,
  published_at BIGINT NOT NULL,
  received_at  BIGINT NOT NULL,
  told_at      BIGINT NOT NULL,            -- when the network says that this version was made
  edited_at    BIGINT NOT NULL DEFAULT 0,
  deleted_at   BIGINT NOT NULL DEFAULT 0,  -- a tombstone: the words are gone
  version      TEXT NOT NULL DEFAULT '',
  form         TEXT NOT NULL,
  visibility   TEXT NOT NULL,
  directed     BOOLEAN NOT NULL,
  own          BOOLEAN NOT NULL,
  rating       {{real}} NOT NULL DEFAULT 0,
  reach        BIGINT NOT NULL DEFAULT 0,
  likes        BIGINT NOT NULL DEFAULT 0,
  shares       BIGINT NOT NULL DEFAULT 0,
  lang         TEXT NOT NULL DEFAULT '',   -- as the network claims
  thread       TEXT NOT NULL,
  parent       TEXT NOT NULL DEFAULT '',
  root         TEXT NOT NULL DEFAULT '',
  url          TEXT NOT NULL DEFAULT '',
  author       TEXT NOT NULL,              -- JSON, as it was then
  title        TEXT NOT NULL DEFAULT '',
  body         TEXT NOT NULL,
  UNIQUE (channel_id, external_id)
);
CREATE INDEX activity_published ON activity (published_at, seq);
CREATE INDEX activity_identity ON activity (identity_id, published_at, seq);
CREATE INDEX activity_thread ON activity (channel_id, thread) WHERE thread <> external_id;

-- The words of activities, folded, for preselection.
-- derived activity_text
-- sqlite
CREATE VIRTUAL TABLE activity_text USING fts5(words, content='', contentless_delete=1, detail=none, tokenize="ascii tokenchars '_'");
-- end
-- postgres
CREATE TABLE activity_text (
  seq   BIGINT PRIMARY KEY,
  words TSVECTOR NOT NULL
);
CREATE INDEX activity_text_words ON activity_text USING GIN (words);
-- end

-- A short copy of what analysis made of an activity, for filters and counts.
CREATE TABLE activity_reading (
-- sqlite
  seq       INTEGER PRIMARY KEY,
-- end
-- postgres
  seq       BIGINT PRIMARY KEY,
-- end
  lang      TEXT NOT NULL,
  sentiment TEXT NOT NULL,
  intents   TEXT NOT NULL  -- labels, strongest first, a space between
);

CREATE TABLE monitor (
  id           TEXT PRIMARY KEY,
  name         TEXT NOT NULL,
  query        TEXT NOT NULL,
  programme_id TEXT NOT NULL DEFAULT '',
  inbox        BOOLEAN NOT NULL,
  state        TEXT NOT NULL,             -- active, paused, removed
  past         TEXT NOT NULL DEFAULT '',  -- what is under way on what was heard before: clear, fill, or nothing
  past_from    BIGINT NOT NULL DEFAULT 0, -- seq at which that began
  past_at      BIGINT NOT NULL DEFAULT 0, -- seq down to which it is done
  past_done    BIGINT NOT NULL DEFAULT 0,
  past_of      BIGINT NOT NULL DEFAULT 0,
  created_at   BIGINT NOT NULL,
  updated_at   BIGINT NOT NULL
);

-- A monitor's match.
CREATE TABLE mention (
  monitor_id   TEXT NOT NULL,
  published_at BIGINT NOT NULL,
  seq          BIGINT NOT NULL,
  past         BOOLEAN NOT NULL,          -- found among what was heard before
  PRIMARY KEY (monitor_id, published_at, seq)
)
-- sqlite
WITHOUT ROWID
-- end
;
CREATE INDEX mention_seq ON mention (seq);

-- How much was published in an hour: for each channel and each monitor.
CREATE TABLE tally (
  subject  TEXT NOT NULL,
  hour     BIGINT NOT NULL,
  count    BIGINT NOT NULL DEFAULT 0,
  negative BIGINT NOT NULL DEFAULT 0,
  neutral  BIGINT NOT NULL DEFAULT 0,
  positive BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (subject, hour)
)
-- sqlite
WITHOUT ROWID
-- end
;

-- The same for languages and intents.
CREATE TABLE facet (
  subject TEXT NOT NULL,
  hour    BIGINT NOT NULL,
  name    TEXT NOT NULL,
  value   TEXT NOT NULL,
  count   BIGINT NOT NULL,
  PRIMARY KEY (subject, hour, name, value)
)
-- sqlite
WITHOUT ROWID
-- end
;

-- How much arrived in an hour, what became of it included.
CREATE TABLE heard_hour (
  channel_id TEXT NOT NULL,
  hour       BIGINT NOT NULL,
  heard      BIGINT NOT NULL DEFAULT 0,
  directed   BIGINT NOT NULL DEFAULT 0,
  matched    BIGINT NOT NULL DEFAULT 0,
  dropped    BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (channel_id, hour)
)
-- sqlite
WITHOUT ROWID
-- end
;
