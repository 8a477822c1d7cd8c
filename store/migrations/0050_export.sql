-- What is taken out of the house, as files.

CREATE TABLE export_job (
  id         TEXT PRIMARY KEY,
  format     TEXT NOT NULL,             -- csv, jsonl
  tables     TEXT NOT NULL,             -- JSON
  state      TEXT NOT NULL,             -- running, done, cancelled, failed, gone
  doing      TEXT NOT NULL DEFAULT '',  -- the table that is being written
  done_rows  BIGINT NOT NULL DEFAULT 0,
  total_rows BIGINT NOT NULL DEFAULT 0, -- roughly
  size       BIGINT NOT NULL DEFAULT 0, -- bytes of the file
  note       TEXT NOT NULL DEFAULT '',
  member_id  TEXT NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  ended_at   BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX export_job_state ON export_job (state, created_at);
