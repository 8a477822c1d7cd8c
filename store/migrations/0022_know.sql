-- Knowledge: articles with their versions, answers that were accepted, and
-- what the public help page brought.

-- A list of subjects; a category may stand below another.
CREATE TABLE know_category (
  id         TEXT PRIMARY KEY,
  name       TEXT NOT NULL,
  parent_id  TEXT NOT NULL DEFAULT '',
  position   BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL
);

-- An article in one language, as it is now.
CREATE TABLE know_article (
  id           TEXT PRIMARY KEY,
  set_id       TEXT NOT NULL,             -- translations of one article share it
  lang         TEXT NOT NULL,             -- BCP 47
  slug         TEXT NOT NULL,
  title        TEXT NOT NULL,
  body         TEXT NOT NULL,             -- Markdown
  visibility   TEXT NOT NULL,             -- public, internal
  state        TEXT NOT NULL,             -- draft, published, archived
  category_id  TEXT NOT NULL DEFAULT '',
  programme_id TEXT NOT NULL DEFAULT '',
  owner_id     TEXT NOT NULL DEFAULT '',
  review_at    BIGINT NOT NULL DEFAULT 0, -- by when somebody looks whether it still holds
  version      BIGINT NOT NULL,
  change       BIGINT NOT NULL,           -- grows with every change of any article
  published_at BIGINT NOT NULL DEFAULT 0, -- first
  created_at   BIGINT NOT NULL,
  updated_at   BIGINT NOT NULL,
  deleted_at   BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX know_article_slug ON know_article (lang, slug) WHERE deleted_at = 0;
CREATE UNIQUE INDEX know_article_set ON know_article (set_id, lang) WHERE deleted_at = 0;
CREATE UNIQUE INDEX know_article_change ON know_article (change);
CREATE INDEX know_article_list ON know_article (updated_at, id);
CREATE INDEX know_article_category ON know_article (category_id);

CREATE TABLE know_version (
  article_id TEXT NOT NULL,
  n          BIGINT NOT NULL,
  title      TEXT NOT NULL,
  body       TEXT NOT NULL,
  note       TEXT NOT NULL DEFAULT '',
  by_id      TEXT NOT NULL,
  at         BIGINT NOT NULL,
  PRIMARY KEY (article_id, n)
);

-- What somebody is writing and has not kept as a version yet.
CREATE TABLE know_draft (
  article_id TEXT NOT NULL,
  member_id  TEXT NOT NULL,
  version    BIGINT NOT NULL,             -- that it began with
  title      TEXT NOT NULL,
  body       TEXT NOT NULL,
  at         BIGINT NOT NULL,
  PRIMARY KEY (article_id, member_id)
);

-- An answer of ours that was found good, with the question that it answered.
CREATE TABLE know_answer (
  id              TEXT PRIMARY KEY,
  question        TEXT NOT NULL,
  answer          TEXT NOT NULL,
  lang            TEXT NOT NULL,
  programme_id    TEXT NOT NULL DEFAULT '',
  conversation_id TEXT NOT NULL,
  message_id      TEXT NOT NULL,
  same            TEXT NOT NULL,          -- of the folded words: the same answer is kept once
  why             TEXT NOT NULL,          -- kept: by a press; thanked; resolved
  by_id           TEXT NOT NULL,
  change          BIGINT NOT NULL,
  at              BIGINT NOT NULL,
  deleted_at      BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX know_answer_message ON know_answer (message_id) WHERE deleted_at = 0;
CREATE UNIQUE INDEX know_answer_same ON know_answer (programme_id, same) WHERE deleted_at = 0;
CREATE UNIQUE INDEX know_answer_change ON know_answer (change);

-- The last number that a change was given.
CREATE TABLE know_change (
  id BIGINT PRIMARY KEY,
  n  BIGINT NOT NULL
);

-- That a suggestion was inserted in a conversation; resolved_at once that was
-- resolved.
CREATE TABLE know_use (
  conversation_id TEXT NOT NULL,
  kind            TEXT NOT NULL,          -- article, answer
  source_id       TEXT NOT NULL,
  member_id       TEXT NOT NULL,
  at              BIGINT NOT NULL,
  resolved_at     BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (conversation_id, kind, source_id)
);

CREATE INDEX know_use_source ON know_use (kind, source_id);

-- How far a visit to the help page came: a visitor is a number that means
-- nothing after the day, and the row is forgotten then.
CREATE TABLE know_visit (
  day      BIGINT NOT NULL,
  visitor  TEXT NOT NULL,
  read     BIGINT NOT NULL DEFAULT 0,
  searched BIGINT NOT NULL DEFAULT 0,
  solved   BIGINT NOT NULL DEFAULT 0,
  unsolved BIGINT NOT NULL DEFAULT 0,
  asked    BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (day, visitor)
);

-- What a visitor did with an article on a day; once each.
CREATE TABLE know_visit_article (
  day        BIGINT NOT NULL,
  visitor    TEXT NOT NULL,
  article_id TEXT NOT NULL,
  vote       TEXT NOT NULL DEFAULT '',    -- yes, no
  asked      BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (day, visitor, article_id)
);

-- The rollup: numbers of a UTC day, of the whole help page ('') or an article.
CREATE TABLE know_day (
  day        BIGINT NOT NULL,
  article_id TEXT NOT NULL,
  visits     BIGINT NOT NULL DEFAULT 0,   -- of an article: readers
  searched   BIGINT NOT NULL DEFAULT 0,
  read       BIGINT NOT NULL DEFAULT 0,
  solved     BIGINT NOT NULL DEFAULT 0,
  unsolved   BIGINT NOT NULL DEFAULT 0,
  asked      BIGINT NOT NULL DEFAULT 0,
  inserted   BIGINT NOT NULL DEFAULT 0,   -- into replies
  resolved   BIGINT NOT NULL DEFAULT 0,   -- of those, conversations that were resolved
  PRIMARY KEY (day, article_id)
);
CREATE INDEX know_day_article ON know_day (article_id, day);

-- What was searched for on the help page.
CREATE TABLE know_search (
  day    BIGINT NOT NULL,
  words  TEXT NOT NULL,                   -- folded
  lang   TEXT NOT NULL,
  asked  TEXT NOT NULL,                   -- as somebody typed it last
  n      BIGINT NOT NULL DEFAULT 0,
  none   BIGINT NOT NULL DEFAULT 0,       -- of those, how often nothing was found
  PRIMARY KEY (day, lang, words)
);

-- What a reader wrote with a yes or no.
CREATE TABLE know_word (
  id         TEXT PRIMARY KEY,
  article_id TEXT NOT NULL,
  vote       TEXT NOT NULL,
  words      TEXT NOT NULL,
  at         BIGINT NOT NULL
);
CREATE INDEX know_word_article ON know_word (article_id, id);
