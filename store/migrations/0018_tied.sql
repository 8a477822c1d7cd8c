-- Of which place an activity speaks, as it is counted: a copy of its tie that
-- changes with the counts, in one transaction.
ALTER TABLE activity ADD COLUMN tied TEXT NOT NULL DEFAULT '';
UPDATE activity SET tied = (SELECT t.place_id FROM activity_place AS t WHERE t.seq = activity.seq)
WHERE seq IN (SELECT seq FROM activity_place WHERE place_id <> '');
CREATE INDEX activity_tied ON activity (tied, published_at, seq) WHERE tied <> '';
