-- Publishing: contents, their posts on channels, reviews, holds and queues.

CREATE TABLE publish_content (
  id           TEXT PRIMARY KEY,
  title        TEXT NOT NULL,
  text         TEXT NOT NULL,
  lang         TEXT NOT NULL DEFAULT '',
  campaign     TEXT NOT NULL DEFAULT '',
  programme_id TEXT NOT NULL DEFAULT '',
  author_id    TEXT NOT NULL,
  media        TEXT NOT NULL,              -- JSON
  version      BIGINT NOT NULL,
  created_at   BIGINT NOT NULL,
  updated_at   BIGINT NOT NULL
);
CREATE INDEX publish_content_list ON publish_content (updated_at DESC, id DESC);
CREATE INDEX publish_content_programme ON publish_content (programme_id, updated_at DESC, id DESC);

CREATE TABLE publish_post (
  id           TEXT PRIMARY KEY,           -- its key at the network too: at most once
  content_id   TEXT NOT NULL,
  channel_id   TEXT NOT NULL,
  programme_id TEXT NOT NULL DEFAULT '',   -- of the content
  position     BIGINT NOT NULL,
  own          BIGINT NOT NULL DEFAULT 0,  -- says it in words of its own
  text         TEXT NOT NULL DEFAULT '',
  own_media    BIGINT NOT NULL DEFAULT 0,
  media        TEXT NOT NULL,              -- JSON
  source       TEXT NOT NULL DEFAULT '',
  medium       TEXT NOT NULL DEFAULT '',
  state        TEXT NOT NULL,              -- draft, in_review, approved, scheduled, publishing, unknown, published, failed, held
  was          TEXT NOT NULL DEFAULT '',
  why          TEXT NOT NULL DEFAULT '',
  hold_id      TEXT NOT NULL DEFAULT '',
  passed       TEXT NOT NULL DEFAULT '',
  at           BIGINT NOT NULL DEFAULT 0,
  member_id    TEXT NOT NULL DEFAULT '',
  token        TEXT NOT NULL DEFAULT '',
  sent         TEXT NOT NULL DEFAULT '',
  sent_of      TEXT NOT NULL DEFAULT '',
  problem      TEXT NOT NULL DEFAULT '',
  attempts     BIGINT NOT NULL DEFAULT 0,
  checks       BIGINT NOT NULL DEFAULT 0,
  next_at      BIGINT NOT NULL DEFAULT 0,  -- when Parley will next do something
  attempted_at BIGINT NOT NULL DEFAULT 0,
  changed_at   BIGINT NOT NULL,
  queued_at    BIGINT NOT NULL DEFAULT 0,
  external_id  TEXT NOT NULL DEFAULT '',
  url          TEXT NOT NULL DEFAULT '',
  published_at BIGINT NOT NULL DEFAULT 0,
  shown_at     BIGINT NOT NULL DEFAULT 0,  -- where it stands in the calendar
  likes        BIGINT NOT NULL DEFAULT -1, -- negative: the network does not tell
  shares       BIGINT NOT NULL DEFAULT -1,
  replies      BIGINT NOT NULL DEFAULT -1,
  read_at      BIGINT NOT NULL DEFAULT 0,
  reads_at     BIGINT NOT NULL DEFAULT 0,  -- when the numbers are read next
  read_problem TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX publish_post_once ON publish_post (content_id, channel_id);
CREATE INDEX publish_post_due ON publish_post (next_at) WHERE next_at > 0;
CREATE INDEX publish_post_reads ON publish_post (reads_at) WHERE reads_at > 0;
CREATE INDEX publish_post_shown ON publish_post (shown_at, id) WHERE shown_at > 0;
CREATE INDEX publish_post_state ON publish_post (state, shown_at, id);
CREATE INDEX publish_post_channel ON publish_post (channel_id, shown_at);
CREATE INDEX publish_post_hold ON publish_post (hold_id) WHERE hold_id <> '';

-- One try to publish a post.
CREATE TABLE publish_attempt (
  post_id  TEXT NOT NULL,
  n        BIGINT NOT NULL,
  at       BIGINT NOT NULL,
  ended_at BIGINT NOT NULL DEFAULT 0,
  outcome  TEXT NOT NULL DEFAULT '',
  said     TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (post_id, n)
);

CREATE TABLE publish_link (
  post_id TEXT NOT NULL,
  link_id TEXT NOT NULL,
  PRIMARY KEY (post_id, link_id)
);

-- The steps of a review; never changed.
CREATE TABLE publish_remark (
  id         TEXT PRIMARY KEY,
  content_id TEXT NOT NULL,
  act        TEXT NOT NULL,                -- submit, approve, request_changes, reject, withdraw, comment
  text       TEXT NOT NULL DEFAULT '',
  member_id  TEXT NOT NULL,
  hashes     TEXT NOT NULL DEFAULT '',     -- of exactly what was approved or rejected
  at         BIGINT NOT NULL
);
CREATE INDEX publish_remark_content ON publish_remark (content_id, id);

-- What a programme ('' the house) asks before something is published.
CREATE TABLE publish_rule (
  programme_id TEXT PRIMARY KEY,
  review       BIGINT NOT NULL,
  four_eyes    BIGINT NOT NULL
);

CREATE TABLE publish_hold (
  id           TEXT PRIMARY KEY,
  programme_id TEXT NOT NULL,
  reason       TEXT NOT NULL,
  by_id        TEXT NOT NULL,
  at           BIGINT NOT NULL,
  ended_by     TEXT NOT NULL DEFAULT '',
  ended_at     BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX publish_hold_once ON publish_hold (programme_id) WHERE ended_at = 0;

CREATE TABLE publish_queue (
  channel_id TEXT PRIMARY KEY,
  zone       TEXT NOT NULL,
  slots      TEXT NOT NULL                 -- JSON
);
