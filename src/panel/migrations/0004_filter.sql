-- Import jobs: taken at once, effective later. `rows` is the list as it was sent. Counts stand for the list as it was
-- when the job was taken, and once it has ended for what it did.
CREATE TABLE import_jobs (
    id           TEXT PRIMARY KEY,
    tenant_id    TEXT NOT NULL,
    domain_id    TEXT NOT NULL REFERENCES domains (id) ON DELETE CASCADE,
    mode         TEXT NOT NULL,
    status       TEXT NOT NULL,
    rows         TEXT NOT NULL,
    fingerprint  TEXT,
    sent         INTEGER NOT NULL,
    accepted     INTEGER NOT NULL,
    created      INTEGER NOT NULL DEFAULT 0,
    updated      INTEGER NOT NULL DEFAULT 0,
    deleted      INTEGER NOT NULL DEFAULT 0,
    ignored      TEXT NOT NULL,
    failure      TEXT,
    submitted_at INTEGER NOT NULL,
    due_at       INTEGER NOT NULL,
    finished_at  INTEGER
) STRICT;
CREATE INDEX import_jobs_due ON import_jobs (status, due_at, id);
CREATE INDEX import_jobs_of ON import_jobs (domain_id, id);
