//! The panel's own limits, each named, with its unit and its reason.

/// Items of a page where the client does not say.
pub const PAGE_DEFAULT: u32 = 100;
/// Most items of a page; a thousand users are about 300 KB.
pub const PAGE_MOST: u32 = 1000;
/// Largest body of a request in bytes.
pub const BODY_BYTES: usize = 1 << 20;
/// Largest body of a bulk call in bytes; 100,000 rows of some 300 bytes.
pub const BULK_BODY_BYTES: usize = 32 << 20;
/// Most rows of a bulk call.
pub const BULK_ROWS: usize = 100_000;
/// Most destinations of a domain.
pub const DESTINATIONS: usize = 10;
/// Most alias domains of a domain.
pub const ALIAS_DOMAINS: usize = 200;
/// Longest first or last name in characters.
pub const PERSON_NAME_CHARS: usize = 200;
/// Longest name of a tenant or token in characters.
pub const LABEL_CHARS: usize = 100;
/// Longest name of a lease holder in characters.
pub const HOLDER_CHARS: usize = 200;
/// Days over which continuity archives mails.
pub const ARCHIVE_DAYS: u32 = 90;
/// Shortest and longest term of continuity in months.
pub const TERM_MONTHS: std::ops::RangeInclusive<u32> = 12..=120;
/// How many days ago a term may have begun when it is bought.
pub const TERM_LATE_DAYS: i32 = 14;
/// Longest password in characters: hashing is slow, and nobody types more.
pub const PASSWORD_CHARS: usize = 256;
/// How long the link of a request-password mail can be followed, in seconds: a week.
pub const INVITE_SECONDS: i64 = 7 * 24 * 3600;
/// Longest idempotency key in bytes.
pub const KEY_BYTES: usize = 200;
/// How long a stored outcome is kept, in seconds of the panel's clock.
pub const OPERATION_SECONDS: i64 = 24 * 3600;
/// Longest life of a lease without renewal, in seconds of real time (S12.1).
pub const LEASE_SECONDS: u64 = 60;
/// Longest life of a token, in seconds: ten years. Beyond it, mint one that does not end.
pub const TOKEN_SECONDS: u64 = 315_360_000;
/// Days over which mails are counted.
pub const MAIL_DAYS: i64 = 30;
/// Most mails of one test call.
pub const MAILS: u64 = 1_000_000;
/// Longest before → after text of an audit entry in characters.
pub const AUDIT_CHARS: usize = 500;
/// How long one question to the DNS may take, in seconds; each is asked twice at most.
pub const DNS_SECONDS: u64 = 3;
/// Longest text of somebody else's in an answer, in characters.
pub const PROBLEM_CHARS: usize = 200;
/// Connections that read; writes go through one of their own.
pub const READERS: u32 = 4;
/// How long a writer of another process is waited for, in seconds.
pub const BUSY_SECONDS: u64 = 5;
/// How long one request may take, in seconds; beyond it the answer is 503 and nothing was written.
pub const REQUEST_SECONDS: u64 = 120;
/// Tenants whose counts are kept in memory.
pub const CACHED_TENANTS: usize = 20_000;
/// How long a connection to a directory, and a bind, may take, in seconds.
pub const LDAP_CONNECT_SECONDS: u64 = 10;
/// How long one page of a directory may take, in seconds.
pub const LDAP_SEARCH_SECONDS: u64 = 30;
/// Entries of a page that a directory is asked for first; Active Directory allows a thousand.
pub const LDAP_PAGE: i32 = 500;
/// The smallest page that is tried where a directory refuses larger ones.
pub const LDAP_PAGE_LEAST: i32 = 10;
/// Most entries of a directory.
pub const LDAP_ENTRIES: usize = 100_000;
/// Longest words of a directory that are kept, in characters.
pub const LDAP_TEXT_CHARS: usize = 500;
/// Most directories of a domain.
pub const DIRECTORIES: i64 = 20;
/// Longest distinguished name in characters.
pub const DN_CHARS: usize = 1000;
/// Longest filter in characters.
pub const FILTER_CHARS: usize = 4000;
/// Earliest moment after its taking at which an import job acts, in seconds of the panel's clock (seeds: 30–60 minutes).
pub const IMPORT_EARLIEST_SECONDS: i64 = 30 * 60;
/// Latest moment, in seconds of the panel's clock.
pub const IMPORT_LATEST_SECONDS: i64 = 60 * 60;
/// How long an ended import job is kept, in seconds of the panel's clock: 30 days.
pub const IMPORT_KEPT_SECONDS: i64 = 30 * 24 * 3600;
/// Clean mails in the period from which the nightly creation makes a user (seeds: 2).
pub const NIGHTLY_MAILS: i64 = 2;
/// How long one destination is asked about a recipient, in seconds.
pub const CALLOUT_SECONDS: u64 = 5;
/// Longest line of a destination's reply in bytes; RFC 5321 allows 512.
pub const CALLOUT_LINE_BYTES: u64 = 2048;
/// Most lines of one reply.
pub const CALLOUT_LINES: u32 = 100;
/// How often the panel looks for jobs that are due, in seconds of real time.
pub const JOB_TICK_SECONDS: u64 = 1;
/// Longest time for which discovery may be switched on, in days (S16.2).
pub const DISCOVERY_DAYS: i64 = 60;
