-- What the parts of articles and kept answers mean, so that each text is read
-- once: by which model, out of which text. It is made anew out of them.
-- derived know_sense
CREATE TABLE know_sense (
  kind    TEXT NOT NULL,   -- article, answer
  id      TEXT NOT NULL,
  model   TEXT NOT NULL,   -- name and version
  sum     TEXT NOT NULL,   -- of what was read
  vectors {{blob}} NOT NULL, -- one after the other, 32-bit floats, little-endian
  n       BIGINT NOT NULL, -- how many
  PRIMARY KEY (kind, id)
);
