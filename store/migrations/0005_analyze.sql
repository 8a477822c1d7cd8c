-- Analyze: what the methods say of each activity, with the model that said it.

CREATE TABLE score (
  activity_id          TEXT PRIMARY KEY,
  lang                 TEXT NOT NULL,
  lang_confidence      {{real}} NOT NULL,
  sentiment            TEXT NOT NULL,  -- "" where the language has no model
  sentiment_score      {{real}} NOT NULL,
  sentiment_confidence {{real}} NOT NULL,
  why                  TEXT NOT NULL,  -- the words that carried the sentiment, JSON
  intents              TEXT NOT NULL,  -- labels with scores, strongest first, JSON
  model                TEXT NOT NULL,  -- every method and version that took part
  scored_at            BIGINT NOT NULL
);
