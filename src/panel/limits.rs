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
pub const TERM_MONTHS: std::ops::RangeInclusive<u32> = 12..=60;
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
/// Connections that read; writes go through one of their own.
pub const READERS: u32 = 4;
/// How long a writer of another process is waited for, in seconds.
pub const BUSY_SECONDS: u64 = 5;
/// How long one request may take, in seconds; beyond it the answer is 503 and nothing was written.
pub const REQUEST_SECONDS: u64 = 120;
/// Tenants whose counts are kept in memory.
pub const CACHED_TENANTS: usize = 20_000;
