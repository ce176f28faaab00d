-- Outbound relay. A deleted sending domain leaves its history and its users, who are switched off for good.

CREATE TABLE sending_domains (
    id         TEXT PRIMARY KEY,
    tenant_id  TEXT NOT NULL REFERENCES tenants (id),
    name       TEXT NOT NULL UNIQUE,
    cnames     TEXT NOT NULL,
    verified   INTEGER NOT NULL DEFAULT 0,
    checked_at INTEGER,
    version    INTEGER NOT NULL DEFAULT 1,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sending_domains_of ON sending_domains (tenant_id, name);

-- The domain is kept by name beside its id: the id goes with the domain, the name is what people remember.
CREATE TABLE smtp_users (
    id                 TEXT PRIMARY KEY,
    tenant_id          TEXT NOT NULL REFERENCES tenants (id),
    sending_domain_id  TEXT REFERENCES sending_domains (id) ON DELETE SET NULL,
    sending_domain     TEXT NOT NULL,
    username           TEXT NOT NULL UNIQUE,
    label              TEXT NOT NULL,
    hash               TEXT NOT NULL,
    token              TEXT NOT NULL,
    operation_tag      TEXT,
    enabled            INTEGER NOT NULL DEFAULT 1,
    last_connection_at INTEGER,
    password_set_at    INTEGER NOT NULL,
    version            INTEGER NOT NULL DEFAULT 1,
    created_at         INTEGER NOT NULL
) STRICT;
CREATE INDEX smtp_users_of ON smtp_users (tenant_id, username);
CREATE INDEX smtp_users_in ON smtp_users (sending_domain_id);

-- User names that were ever given: none is given twice.
CREATE TABLE smtp_usernames (
    username TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- No foreign key: the history outlives what it is about.
CREATE TABLE sending_events (
    seq            INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant_id      TEXT NOT NULL,
    at             INTEGER NOT NULL,
    sending_domain TEXT NOT NULL,
    username       TEXT,
    what           TEXT NOT NULL
) STRICT;
CREATE INDEX sending_events_of ON sending_events (tenant_id, seq);
