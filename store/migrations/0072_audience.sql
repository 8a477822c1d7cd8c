-- Engage: who sees a post; '' is everybody.

ALTER TABLE publish_post ADD COLUMN audience TEXT NOT NULL DEFAULT '';
