-- How users sign in. The password is an argon2id text (PHC form); the label is the caller's and says nothing of it.
ALTER TABLE users ADD COLUMN password_hash TEXT;
ALTER TABLE users ADD COLUMN password_changed_at INTEGER;
ALTER TABLE users ADD COLUMN password_label TEXT;
ALTER TABLE users ADD COLUMN signed_in_at INTEGER;
-- The last request-password mail, whether its link was followed, and how many were sent.
ALTER TABLE users ADD COLUMN invited_at INTEGER;
ALTER TABLE users ADD COLUMN invite_confirmed_at INTEGER;
ALTER TABLE users ADD COLUMN mails_sent INTEGER NOT NULL DEFAULT 0;

-- Continuity per domain, for all its users. Absent: never bought. `failing_since`: the destination answers 4xx now.
-- `taking_over`: mail is taken since then; a service that is switched on during a failure does not act for that one.
CREATE TABLE continuity (
    domain_id     TEXT PRIMARY KEY REFERENCES domains (id) ON DELETE CASCADE,
    enabled       INTEGER NOT NULL DEFAULT 0,
    outgoing      INTEGER NOT NULL DEFAULT 0,
    term_months   INTEGER,
    term_from     TEXT,
    bought_at     INTEGER,
    enabled_at    INTEGER,
    failing_since INTEGER,
    taking_over   INTEGER NOT NULL DEFAULT 0,
    version       INTEGER NOT NULL DEFAULT 1
) STRICT, WITHOUT ROWID;

-- Mails that the service stored: for the archive of 90 days, and those that wait for redelivery.
CREATE TABLE continuity_mails (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    domain_id TEXT NOT NULL REFERENCES domains (id) ON DELETE CASCADE,
    address   TEXT NOT NULL,
    outbound  INTEGER NOT NULL,
    at        INTEGER NOT NULL,
    -- 'archived': went its usual way; 'pending': waits; 'redelivered'; 'deleted': deleted in webmail, never redelivered
    fate      TEXT NOT NULL
) STRICT;
CREATE INDEX continuity_mails_of ON continuity_mails (domain_id, at);
CREATE INDEX continuity_mails_fate ON continuity_mails (domain_id, fate);
