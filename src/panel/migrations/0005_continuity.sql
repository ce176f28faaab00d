-- How users sign in. The password is an argon2id text (PHC form); the label is the caller's and says nothing of it.
ALTER TABLE users ADD COLUMN password_hash TEXT;
ALTER TABLE users ADD COLUMN password_changed_at INTEGER;
ALTER TABLE users ADD COLUMN password_label TEXT;
ALTER TABLE users ADD COLUMN signed_in_at INTEGER;
-- The last request-password mail, whether its link was followed, and how many were sent.
ALTER TABLE users ADD COLUMN invited_at INTEGER;
ALTER TABLE users ADD COLUMN invite_confirmed_at INTEGER;
ALTER TABLE users ADD COLUMN mails_sent INTEGER NOT NULL DEFAULT 0;

-- Continuity per domain, for all its users. Absent: never touched. `failing_since`: the destination answers 4xx now;
-- `taking_over`: the service acted when that began, so it takes mail; one that is switched on later does not.
CREATE TABLE continuity (
    domain_id     TEXT PRIMARY KEY REFERENCES domains (id) ON DELETE CASCADE,
    enabled       INTEGER NOT NULL DEFAULT 0,
    outgoing      INTEGER NOT NULL DEFAULT 0,
    failing_since INTEGER,
    taking_over   INTEGER NOT NULL DEFAULT 0,
    version       INTEGER NOT NULL DEFAULT 1
) STRICT, WITHOUT ROWID;

-- Terms that were bought; days as YYYY-MM-DD, `until_day` is the first day after.
CREATE TABLE continuity_terms (
    domain_id TEXT NOT NULL REFERENCES domains (id) ON DELETE CASCADE,
    from_day  TEXT NOT NULL,
    until_day TEXT NOT NULL,
    months    INTEGER NOT NULL,
    PRIMARY KEY (domain_id, from_day)
) STRICT, WITHOUT ROWID;

-- Mails that the service stored: `archived` went their usual way, `pending` wait for the destination, `redelivered` went
-- there afterwards, `deleted` were deleted in webmail and never go.
CREATE TABLE continuity_mails (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    domain_id TEXT NOT NULL REFERENCES domains (id) ON DELETE CASCADE,
    user_id   TEXT NOT NULL,
    outbound  INTEGER NOT NULL,
    at        INTEGER NOT NULL,
    fate      TEXT NOT NULL
) STRICT;
CREATE INDEX continuity_mails_of ON continuity_mails (domain_id, at);
