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

-- Mails as the filter saw them, for the nightly creation of users. `target` as in mail_days. 31 days are kept.
CREATE TABLE mail_seen (
    domain_id TEXT NOT NULL REFERENCES domains (id) ON DELETE CASCADE,
    at        INTEGER NOT NULL,
    target    TEXT NOT NULL,
    mails     INTEGER NOT NULL
) STRICT;
CREATE INDEX mail_seen_of ON mail_seen (domain_id, at);

-- The last instant up to which a domain's mails were looked at by the nightly creation.
CREATE TABLE nightly (
    domain_id TEXT PRIMARY KEY REFERENCES domains (id) ON DELETE CASCADE,
    seen_to   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
