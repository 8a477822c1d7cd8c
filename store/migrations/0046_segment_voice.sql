-- What persons said, by UTC day and channel: the rollup behind what the members
-- of a segment say. Kept for 400 days, person by person.
CREATE TABLE person_day (
  person_id  TEXT NOT NULL,
  day        BIGINT NOT NULL,
  channel_id TEXT NOT NULL,
  said       BIGINT NOT NULL,
  negative   BIGINT NOT NULL,
  neutral    BIGINT NOT NULL,
  positive   BIGINT NOT NULL,
  PRIMARY KEY (person_id, day, channel_id)
)
-- sqlite
WITHOUT ROWID
-- end
;
