-- Mails to members of alerts.

-- Who wants them.
CREATE TABLE letter_wish (
  member_id TEXT PRIMARY KEY,
  at        BIGINT NOT NULL
);

-- That somebody is told of an alert by mail: once.
CREATE TABLE letter (
  alert_id  TEXT NOT NULL,
  member_id TEXT NOT NULL,
  state     TEXT NOT NULL,   -- waiting, sending, sent, unknown, failed, over
  due_at    BIGINT NOT NULL,
  tries     BIGINT NOT NULL,
  at        BIGINT NOT NULL, -- of the last change; of what was sent: when
  note      TEXT NOT NULL,   -- why it failed
  PRIMARY KEY (alert_id, member_id)
);
CREATE INDEX letter_due ON letter (due_at) WHERE state = 'waiting';
CREATE INDEX letter_sent ON letter (member_id, at) WHERE state IN ('sending', 'sent', 'unknown');
CREATE INDEX letter_at ON letter (at);
