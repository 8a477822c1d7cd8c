-- Of which place an activity speaks, as it is counted: a copy of its tie that
-- changes with the counts, in one transaction.
ALTER TABLE activity ADD COLUMN tied TEXT NOT NULL DEFAULT '';
UPDATE activity SET tied = (SELECT t.place_id FROM activity_place AS t WHERE t.seq = activity.seq)
WHERE seq IN (SELECT seq FROM activity_place WHERE place_id <> '');
CREATE INDEX activity_tied ON activity (tied, published_at, seq) WHERE tied <> '';

-- An alert may also be about silence: far less than usual. What may be the
-- cause, in a sentence, stands with it. Silence can be switched off.
ALTER TABLE alert ADD COLUMN hush BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE alert ADD COLUMN because TEXT NOT NULL DEFAULT '';
ALTER TABLE alert_rule ADD COLUMN silence BOOLEAN NOT NULL DEFAULT TRUE;

-- Whether a network asks us to wait before we send again.
ALTER TABLE channel ADD COLUMN send_text TEXT NOT NULL DEFAULT '';
ALTER TABLE channel ADD COLUMN send_until BIGINT NOT NULL DEFAULT 0;
