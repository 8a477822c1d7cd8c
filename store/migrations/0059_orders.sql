-- Evolve: an outcome that is taken back has a reversing entry of its own, of
-- the same day, channel and credit, so that whatever is counted agrees.
ALTER TABLE conversion ADD COLUMN reverses TEXT NOT NULL DEFAULT ''; -- the conversion that it takes back
CREATE UNIQUE INDEX conversion_reverses ON conversion (reverses) WHERE reverses <> '';

-- People: where orders come from, words by which they are found, and what they
-- come to by day of their time.
ALTER TABLE customer_order ADD COLUMN source TEXT NOT NULL DEFAULT '';     -- the system that told of it; '' unknown
CREATE INDEX customer_order_status ON customer_order (status, at, id);
CREATE INDEX customer_order_nobody ON customer_order (at, id) WHERE person_id = '';

-- derived order_day
CREATE TABLE order_day (
  day          BIGINT NOT NULL, -- days since 1970
  status       TEXT NOT NULL,
  currency     TEXT NOT NULL,
  source       TEXT NOT NULL,
  programme_id TEXT NOT NULL,
  n            BIGINT NOT NULL,
  amount       BIGINT NOT NULL, -- minor units
  PRIMARY KEY (day, status, currency, source, programme_id)
);
