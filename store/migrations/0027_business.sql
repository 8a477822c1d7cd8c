-- Business: organizations, fields of one's own, pipelines and opportunities.

CREATE TABLE organization (
  id           TEXT PRIMARY KEY,
  name         TEXT NOT NULL,
  name_folded  TEXT NOT NULL,
  domain       TEXT NOT NULL DEFAULT '',
  industry     TEXT NOT NULL DEFAULT '',
  parent_id    TEXT NOT NULL DEFAULT '',
  programme_id TEXT NOT NULL DEFAULT '',
  created_at   BIGINT NOT NULL,
  updated_at   BIGINT NOT NULL
);
CREATE INDEX organization_list ON organization (name_folded, id);
CREATE UNIQUE INDEX organization_domain ON organization (domain) WHERE domain <> '';
CREATE INDEX organization_parent ON organization (parent_id) WHERE parent_id <> '';

-- Who works where, and as what; a person may have had several. What belongs to
-- a person keeps the id that it was given to, through merges and back.
CREATE TABLE affiliation (
  id              TEXT PRIMARY KEY,
  person_id       TEXT NOT NULL,
  organization_id TEXT NOT NULL,
  title           TEXT NOT NULL DEFAULT '',
  since           TEXT NOT NULL DEFAULT '', -- a day, YYYY-MM-DD
  until           TEXT NOT NULL DEFAULT '',
  by_id           TEXT NOT NULL,
  created_at      BIGINT NOT NULL
);
CREATE INDEX affiliation_person ON affiliation (person_id);
CREATE INDEX affiliation_organization ON affiliation (organization_id, id);

CREATE INDEX person_merged ON person (merged_into) WHERE merged_into <> '';

-- Fields that a company adds to persons, organizations and opportunities.
CREATE TABLE field_def (
  id         TEXT PRIMARY KEY,
  subject    TEXT NOT NULL,            -- person, organization, opportunity
  key        TEXT NOT NULL,            -- its name in the API
  name       TEXT NOT NULL,
  type       TEXT NOT NULL,            -- text, number, date, bool, choice
  choices    TEXT NOT NULL DEFAULT '[]',
  position   BIGINT NOT NULL,
  archived   BOOLEAN NOT NULL DEFAULT FALSE,
  created_at BIGINT NOT NULL,
  UNIQUE (subject, key)
);

CREATE TABLE field_value (
  owner_id TEXT NOT NULL,
  field_id TEXT NOT NULL,
  value    TEXT NOT NULL,
  source   TEXT NOT NULL,              -- member, api, import, enrichment
  by_id    TEXT NOT NULL,
  at       BIGINT NOT NULL,
  PRIMARY KEY (owner_id, field_id)
);
CREATE INDEX field_value_field ON field_value (field_id, value);

CREATE TABLE pipeline (
  id         TEXT PRIMARY KEY,
  name       TEXT NOT NULL,
  position   BIGINT NOT NULL,
  reasons    TEXT NOT NULL DEFAULT '[]', -- why something is lost, JSON
  archived   BOOLEAN NOT NULL DEFAULT FALSE,
  created_at BIGINT NOT NULL
);

CREATE TABLE stage (
  id          TEXT PRIMARY KEY,
  pipeline_id TEXT NOT NULL,
  name        TEXT NOT NULL,
  kind        TEXT NOT NULL,           -- open, won, lost
  probability BIGINT NOT NULL,         -- percent
  position    BIGINT NOT NULL
);
CREATE INDEX stage_pipeline ON stage (pipeline_id, position);

CREATE TABLE opportunity (
  id              TEXT PRIMARY KEY,
  name            TEXT NOT NULL,
  pipeline_id     TEXT NOT NULL,
  stage_id        TEXT NOT NULL,
  state           TEXT NOT NULL,       -- open, won, lost
  person_id       TEXT NOT NULL DEFAULT '',
  organization_id TEXT NOT NULL DEFAULT '',
  programme_id    TEXT NOT NULL DEFAULT '',
  owner_id        TEXT NOT NULL DEFAULT '',
  amount          BIGINT NOT NULL DEFAULT 0, -- minor units
  currency        TEXT NOT NULL DEFAULT '',  -- ISO 4217; '' where no amount is known
  close_on        TEXT NOT NULL DEFAULT '',  -- a day
  next_step       TEXT NOT NULL DEFAULT '',
  next_on         TEXT NOT NULL DEFAULT '',
  reason          TEXT NOT NULL DEFAULT '',
  created_by      TEXT NOT NULL,
  created_at      BIGINT NOT NULL,
  updated_at      BIGINT NOT NULL,
  moved_at        BIGINT NOT NULL,     -- into its stage
  closed_at       BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX opportunity_stage ON opportunity (stage_id, moved_at, id);
CREATE INDEX opportunity_list ON opportunity (updated_at, id);
CREATE INDEX opportunity_person ON opportunity (person_id) WHERE person_id <> '';
CREATE INDEX opportunity_organization ON opportunity (organization_id) WHERE organization_id <> '';

CREATE TABLE opportunity_conversation (
  opportunity_id  TEXT NOT NULL,
  conversation_id TEXT NOT NULL,
  by_id           TEXT NOT NULL,
  at              BIGINT NOT NULL,
  PRIMARY KEY (opportunity_id, conversation_id)
);
CREATE INDEX opportunity_conversation_back ON opportunity_conversation (conversation_id);

-- What happened to an opportunity: where it went, and what it was worth then.
CREATE TABLE opportunity_step (
  opportunity_id TEXT NOT NULL,
  n              BIGINT NOT NULL,
  at             BIGINT NOT NULL,
  by_id          TEXT NOT NULL,
  from_stage     TEXT NOT NULL,
  to_stage       TEXT NOT NULL,
  amount         BIGINT NOT NULL,
  currency       TEXT NOT NULL,
  reason         TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (opportunity_id, n)
);

-- The rollup: what stands in each stage, by programme, currency and the month
-- in which it should close.
CREATE TABLE opportunity_sum (
  stage_id     TEXT NOT NULL,
  programme_id TEXT NOT NULL,
  currency     TEXT NOT NULL,
  month        TEXT NOT NULL,
  n            BIGINT NOT NULL,
  amount       BIGINT NOT NULL,
  PRIMARY KEY (stage_id, programme_id, currency, month)
);

-- How many that once stood in a stage were won or lost in the end.
CREATE TABLE stage_outcome (
  stage_id     TEXT NOT NULL,
  programme_id TEXT NOT NULL,
  won          BIGINT NOT NULL,
  lost         BIGINT NOT NULL,
  PRIMARY KEY (stage_id, programme_id)
);

-- The words by which organizations and opportunities are found.
CREATE TABLE business_term (
  kind      TEXT NOT NULL,
  term      TEXT NOT NULL,
  object_id TEXT NOT NULL,
  PRIMARY KEY (kind, term, object_id)
);
CREATE INDEX business_term_object ON business_term (object_id);
