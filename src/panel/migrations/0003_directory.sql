-- Directories and the users that they brought; discovery of a domain's addresses.

-- `bind_password` is kept as it came: the panel itself must use it. It leaves the panel only in a bind.
CREATE TABLE directories (
    id              TEXT PRIMARY KEY,
    domain_id       TEXT NOT NULL REFERENCES domains (id) ON DELETE CASCADE,
    name            TEXT NOT NULL,
    enabled         INTEGER NOT NULL,
    source          TEXT NOT NULL,
    host            TEXT NOT NULL,
    port            INTEGER NOT NULL,
    tls             TEXT NOT NULL,
    bind_dn         TEXT NOT NULL,
    bind_password   TEXT,
    bind_label      TEXT,
    search_base     TEXT NOT NULL,
    filter          TEXT NOT NULL,
    min_users       INTEGER NOT NULL,
    schedule        TEXT NOT NULL,
    consent         INTEGER NOT NULL DEFAULT 0,
    created_at      INTEGER NOT NULL,
    version         INTEGER NOT NULL DEFAULT 1,
    next_run_at     INTEGER,
    last_run_at     INTEGER,
    last_success_at INTEGER,
    last_count      INTEGER,
    last_error      TEXT,
    last_notes      TEXT,
    UNIQUE (domain_id, name)
) STRICT;
CREATE INDEX directories_due ON directories (next_run_at) WHERE next_run_at IS NOT NULL;

-- Who came from where. `guid` is the directory's own immutable id in hex; without one, the address.
CREATE TABLE directory_users (
    user_id      TEXT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    directory_id TEXT NOT NULL REFERENCES directories (id) ON DELETE CASCADE,
    guid         TEXT NOT NULL,
    UNIQUE (directory_id, guid)
) STRICT, WITHOUT ROWID;

-- A domain without a row has discovery off, at version 1.
CREATE TABLE discoveries (
    domain_id   TEXT PRIMARY KEY REFERENCES domains (id) ON DELETE CASCADE,
    enabled     INTEGER NOT NULL,
    until_day   TEXT,
    version     INTEGER NOT NULL,
    seen_to     INTEGER,
    probed_at   INTEGER,
    probe       TEXT,
    probe_said  TEXT
) STRICT, WITHOUT ROWID;
