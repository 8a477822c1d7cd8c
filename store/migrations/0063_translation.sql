-- What a machine made of a message in another language, so that it is asked
-- once. It goes with the words that it was made from.
CREATE TABLE message_translation (
  message_id TEXT NOT NULL,
  to_lang    TEXT NOT NULL,
  from_lang  TEXT NOT NULL,
  words      TEXT NOT NULL,
  provider   TEXT NOT NULL,
  made_from  TEXT NOT NULL,   -- a sum of the words
  at         BIGINT NOT NULL,
  PRIMARY KEY (message_id, to_lang)
);
