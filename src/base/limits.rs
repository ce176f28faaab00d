//! Every limit of the house, named, with its unit and its reason.
//!
//! A limit that is reached is an error with a name, never a silent cut (threats: huge, deep or endless input).

/// Longest mail address in octets (RFC 5321 4.5.3.1.3: a path of 256 less the angle brackets).
pub const ADDRESS_BYTES: usize = 254;
/// Longest local part in octets (RFC 5321 4.5.3.1.1).
pub const LOCAL_PART_BYTES: usize = 64;
/// Longest name of a tenant or provider in bytes; fits a DNS label and a Kubernetes object name.
pub const NAME_BYTES: usize = 63;
/// Largest single configuration file in bytes; a million users in TOML take 230 MB.
pub const FILE_BYTES: u64 = 4 << 30;
/// Largest text of a TOML file outside `[[users]]` blocks, in bytes; the spanned tree costs about 20 times of it.
pub const HEAD_BYTES: usize = 16 << 20;
/// Most files in a workspace; beyond it somebody pointed us at the wrong folder.
pub const WORKSPACE_FILES: usize = 100_000;
/// Largest block of rows handed to a decoder at once, in bytes; a reused buffer of this size stays in cache.
pub const BLOCK_BYTES: usize = 64 << 10;
/// Largest single row (one `[[users]]` table or CSV line) in bytes; a user has at most a few hundred aliases.
pub const ROW_BYTES: usize = 64 << 10;
/// Most rows in one tenant; row numbers are kept in 31 bits.
pub const TENANT_ROWS: usize = 100_000_000;
/// Most aliases of one user; the panels seen allow far fewer.
pub const USER_ALIASES: usize = 500;
/// Findings kept with excerpt for each rule; the others are counted.
pub const FINDINGS_PER_RULE: usize = 100;
/// Largest body of one page read from a panel, in bytes after decompression.
pub const PAGE_BYTES: usize = 16 << 20;
/// Bodies kept for conditional requests by one client, in bytes, with their URLs: small objects, no lists.
pub const KEPT_BYTES: usize = 4 << 20;
/// Most pages of one scope; 100,000 pages of 1,000 are a hundred million users.
pub const SCOPE_PAGES: usize = 100_000;
/// Longest text taken from a panel's error into a message, in characters.
pub const PANEL_TEXT_CHARS: usize = 300;
/// Requests in flight to one provider at a time; eight fill a link of 20 ms without hurting a panel.
pub const REQUESTS_IN_FLIGHT: usize = 8;
/// Attempts of one read, the first included; four with back-off last about three seconds.
pub const READ_ATTEMPTS: u32 = 4;
/// Failed reads in a row that open a provider's breaker (S18.1).
pub const BREAKER_FAILURES: u32 = 5;
/// Longest wait that a panel's `Retry-After` may ask of one attempt, in seconds; more is a failure of that read.
pub const RETRY_AFTER_SECONDS: u64 = 60;
/// Time allowed to connect to a panel, in seconds.
pub const CONNECT_SECONDS: u64 = 10;
/// Time allowed between two pieces of an answer, in seconds; a bulk call of 10,000 users answers within a few.
pub const STALL_SECONDS: u64 = 30;
/// Largest body of a refusal that is read, in bytes; only some hundred characters of it are shown.
pub const PROBLEM_BYTES: usize = 64 << 10;
/// Time allowed for one request from start to end of body, in seconds.
pub const REQUEST_SECONDS: u64 = 60;
/// Life of a writer's lease without renewal, in seconds of real time (S12.1).
pub const LEASE_SECONDS: u64 = 60;
/// Depth of nested arrays and tables in TOML and JSON; the TOML library's own limit is 80.
pub const NESTING: usize = 80;

/// Objects of a tenant's drift for which a panel's log is asked: one request each.
pub const TRAILS_ASKED: usize = 20;

/// Seconds after which an idle connection is not used again: panels close theirs from two seconds on (gunicorn), and a call that
/// meets the end of a connection has an outcome that nobody knows.
pub const IDLE_SECONDS: u64 = 1;
