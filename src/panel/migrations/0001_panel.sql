-- Instants are milliseconds since 1970 by the panel's clock, except in leases (real time). Ids are UUIDv7 as text.

CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE tenants (
    id          TEXT PRIMARY KEY,
    name        TEXT NOT NULL UNIQUE,
    version     INTEGER NOT NULL DEFAULT 1,
    change_mark INTEGER NOT NULL DEFAULT 0,
    created_at  INTEGER NOT NULL
) STRICT;

CREATE TABLE password_policies (
    tenant_id  TEXT PRIMARY KEY REFERENCES tenants (id) ON DELETE CASCADE,
    min_length INTEGER NOT NULL DEFAULT 8,
    upper      INTEGER NOT NULL DEFAULT 0,
    lower      INTEGER NOT NULL DEFAULT 0,
    digit      INTEGER NOT NULL DEFAULT 0,
    special    INTEGER NOT NULL DEFAULT 0,
    version    INTEGER NOT NULL DEFAULT 1
) STRICT, WITHOUT ROWID;

-- The last fencing token stays when a lease is released, so that tokens only grow.
CREATE TABLE leases (
    tenant_id     TEXT PRIMARY KEY REFERENCES tenants (id) ON DELETE CASCADE,
    fencing_token INTEGER NOT NULL,
    holder        TEXT NOT NULL,
    until_real    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE domains (
    id           TEXT PRIMARY KEY,
    tenant_id    TEXT NOT NULL REFERENCES tenants (id),
    name         TEXT NOT NULL,
    destinations TEXT NOT NULL,
    relay_check  TEXT NOT NULL,
    version      INTEGER NOT NULL DEFAULT 1,
    created_at   INTEGER NOT NULL,
    UNIQUE (tenant_id, name)
) STRICT;

-- Names and alias domains of all tenants: unique over the whole panel.
CREATE TABLE domain_names (
    name      TEXT PRIMARY KEY,
    domain_id TEXT NOT NULL REFERENCES domains (id) ON DELETE CASCADE,
    is_alias  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX domain_names_of ON domain_names (domain_id);

-- `aliases` is a sorted JSON list, kept in step with user_names, so that a page of users is one range read.
CREATE TABLE users (
    id         TEXT PRIMARY KEY,
    domain_id  TEXT NOT NULL REFERENCES domains (id),
    address    TEXT NOT NULL,
    first_name TEXT NOT NULL,
    last_name  TEXT NOT NULL,
    aliases    TEXT NOT NULL,
    kind       TEXT NOT NULL,
    status     TEXT NOT NULL,
    origin     TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    version    INTEGER NOT NULL DEFAULT 1,
    UNIQUE (domain_id, address)
) STRICT;

-- Addresses and aliases. Domains are unique over the panel, so these are too, and within a tenant all the more.
CREATE TABLE user_names (
    address  TEXT PRIMARY KEY,
    user_id  TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    is_alias INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX user_names_of ON user_names (user_id);

-- Mails per recipient and day. `target` is the recipient with an alias domain replaced by its domain.
CREATE TABLE mail_days (
    domain_id TEXT NOT NULL REFERENCES domains (id) ON DELETE CASCADE,
    recipient TEXT NOT NULL,
    day       INTEGER NOT NULL,
    target    TEXT NOT NULL,
    mails     INTEGER NOT NULL,
    last_at   INTEGER NOT NULL,
    PRIMARY KEY (domain_id, recipient, day)
) STRICT, WITHOUT ROWID;
CREATE INDEX mail_days_target ON mail_days (target, day);
CREATE INDEX mail_days_recipient ON mail_days (recipient, day);

CREATE TABLE tokens (
    id         TEXT PRIMARY KEY,
    name       TEXT NOT NULL,
    hash       TEXT NOT NULL UNIQUE,
    can_read   INTEGER NOT NULL,
    can_write  INTEGER NOT NULL,
    tenant_id  TEXT REFERENCES tenants (id) ON DELETE CASCADE,
    expires_at INTEGER,
    created_at INTEGER NOT NULL
) STRICT;

-- Outcomes of calls that took effect, for 24 hours. No foreign key: the outcome of a delete outlives the tenant.
CREATE TABLE operations (
    key       TEXT PRIMARY KEY,
    tenant_id TEXT,
    method    TEXT NOT NULL,
    path      TEXT NOT NULL,
    digest    TEXT NOT NULL,
    status    INTEGER NOT NULL,
    version   INTEGER,
    location  TEXT,
    body      TEXT,
    at        INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX operations_at ON operations (at);

CREATE TABLE audit (
    seq       INTEGER PRIMARY KEY AUTOINCREMENT,
    at        INTEGER NOT NULL,
    who       TEXT NOT NULL,
    tenant_id TEXT,
    action    TEXT NOT NULL,
    object    TEXT NOT NULL,
    change    TEXT NOT NULL
) STRICT;
CREATE INDEX audit_tenant ON audit (tenant_id, seq);
