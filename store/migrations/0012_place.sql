-- Places: our own branches, and which place an activity speaks of. Cities of
-- the world are not kept here; their ids begin with "geo:".

-- What the network says of where an activity is about, JSON, '' if nothing.
ALTER TABLE activity ADD COLUMN place TEXT NOT NULL DEFAULT '';

-- A branch of our own. A removed one stays as a name for what was tied to it.
CREATE TABLE place (
  id           TEXT PRIMARY KEY,
  code         TEXT NOT NULL DEFAULT '',  -- our own number of it
  name         TEXT NOT NULL,
  street       TEXT NOT NULL DEFAULT '',
  city         TEXT NOT NULL DEFAULT '',
  postcode     TEXT NOT NULL DEFAULT '',
  region       TEXT NOT NULL DEFAULT '',
  country      TEXT NOT NULL DEFAULT '',  -- ISO 3166-1 alpha-2
  lat          {{real}} NOT NULL,
  lon          {{real}} NOT NULL,
  phone        TEXT NOT NULL DEFAULT '',
  refs         TEXT NOT NULL DEFAULT '[]', -- JSON: how networks know it
  programme_id TEXT NOT NULL DEFAULT '',
  state        TEXT NOT NULL,             -- open, closed, removed
  town         TEXT NOT NULL DEFAULT '',  -- the city that it lies in
  created_at   BIGINT NOT NULL,
  updated_at   BIGINT NOT NULL
);
CREATE UNIQUE INDEX place_code ON place (code) WHERE code <> '' AND state <> 'removed';

-- Which place an activity speaks of, with the evidence, and as what it is
-- counted. A row without a place is open: it has candidates, or a person said
-- that it is about none.
CREATE TABLE activity_place (
-- sqlite
  seq          INTEGER PRIMARY KEY,
-- end
-- postgres
  seq          BIGINT PRIMARY KEY,
-- end
  activity_id  TEXT NOT NULL UNIQUE,
  place_id     TEXT NOT NULL DEFAULT '',
  via          TEXT NOT NULL DEFAULT '',
  confidence   {{real}} NOT NULL DEFAULT 0,
  why          TEXT NOT NULL DEFAULT '',
  others       TEXT NOT NULL DEFAULT '',  -- JSON: what else it could be
  pinned_by    TEXT NOT NULL DEFAULT '',  -- the member who said so
  pinned_at    BIGINT NOT NULL DEFAULT 0, -- 0: not corrected by hand
  channel_id   TEXT NOT NULL,
  published_at BIGINT NOT NULL,
  rating       {{real}} NOT NULL DEFAULT 0,
  sentiment    TEXT NOT NULL DEFAULT '',
  answered_at  BIGINT NOT NULL DEFAULT 0, -- when we answered
  desk_at      BIGINT NOT NULL DEFAULT 0  -- the same as our desk told it: not every network lets us hear ourselves
);
CREATE INDEX activity_place_place ON activity_place (place_id, published_at, seq);

-- How much was said of a place on a UTC day, on a channel.
CREATE TABLE place_day (
  place_id   TEXT NOT NULL,
  channel_id TEXT NOT NULL,
  day        BIGINT NOT NULL,
  count      BIGINT NOT NULL DEFAULT 0,
  negative   BIGINT NOT NULL DEFAULT 0,
  neutral    BIGINT NOT NULL DEFAULT 0,
  positive   BIGINT NOT NULL DEFAULT 0,
  reviews    BIGINT NOT NULL DEFAULT 0,  -- of count, those with a rating
  stars      BIGINT NOT NULL DEFAULT 0,  -- sum of ratings, in hundredths
  squares    BIGINT NOT NULL DEFAULT 0,  -- sum of their squares, in ten thousandths
  star1      BIGINT NOT NULL DEFAULT 0,
  star2      BIGINT NOT NULL DEFAULT 0,
  star3      BIGINT NOT NULL DEFAULT 0,
  star4      BIGINT NOT NULL DEFAULT 0,
  star5      BIGINT NOT NULL DEFAULT 0,
  answered   BIGINT NOT NULL DEFAULT 0,  -- of reviews, those that we answered
  PRIMARY KEY (place_id, channel_id, day)
)
-- sqlite
WITHOUT ROWID
-- end
;

-- How far the look through the past is after branches changed.
CREATE TABLE place_past (
  id         BIGINT PRIMARY KEY,
  below      BIGINT NOT NULL,            -- seq down to which it is done
  done       BIGINT NOT NULL,
  of_all     BIGINT NOT NULL
);
