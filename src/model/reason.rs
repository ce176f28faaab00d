//! Why something is unknown or was not done: variants, not texts, so that reports can group them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Why a read is unknown (S1.1) or a step was not taken.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema, thiserror::Error)]
#[serde(rename_all = "kebab-case", tag = "reason")]
pub enum Reason {
    /// No answer in time.
    #[error("the panel did not answer within {seconds} s")]
    TimedOut {
        /// The limit, in seconds.
        seconds: u64,
    },
    /// No connection.
    #[error("no connection to the panel: {text}")]
    Unreachable {
        /// What the client said, made printable.
        text: String,
    },
    /// An error status.
    #[error("the panel answered {status}: {text}")]
    Status {
        /// HTTP status.
        status: u16,
        /// The panel's own words, cut and made printable.
        text: String,
    },
    /// 401 or 403.
    #[error("the panel denied access ({status}): {text}")]
    Denied {
        /// HTTP status.
        status: u16,
        /// The panel's own words.
        text: String,
    },
    /// The body could not be read as what it should be.
    #[error("the answer is not what it should be: {text}")]
    Malformed {
        /// What is wrong with it.
        text: String,
    },
    /// Fewer or more distinct objects than the panel's total.
    #[error("the panel said {said} objects and showed {seen}")]
    CountMismatch {
        /// The panel's total.
        said: u64,
        /// Distinct objects read.
        seen: u64,
    },
    /// The same object twice in one listing.
    #[error("`{name}` was listed twice")]
    ListedTwice {
        /// Which.
        name: String,
    },
    /// The listing changed while it was read.
    #[error("the listing changed while it was read")]
    Moved,
    /// More pages or bytes than the limit.
    #[error("the listing exceeds the limit of {limit}")]
    Endless {
        /// The limit in words.
        limit: String,
    },
    /// The panel gives no proof of completeness.
    #[error("this panel cannot prove that the list is complete")]
    NoProof,
    /// Another scope that this one needs is incomplete.
    #[error("{scope} was not read completely")]
    DependsOn {
        /// The scope in words.
        scope: String,
    },
    /// The provider's breaker is open.
    #[error("not read: the panel failed before ({text})")]
    BreakerOpen {
        /// What failed.
        text: String,
    },
    /// The declared row changed between two reads.
    #[error("{place} changed while it was read")]
    SourceChanged {
        /// file:line
        place: String,
    },
    /// The tenant does not exist and may not be created.
    #[error("the panel has no tenant of this name; write `create = true` to create it, or `remote = {{ id = … }}` to bind it")]
    TenantMissing,
    /// Several tenants of one name.
    #[error("the panel has {count} tenants of this name; write `remote = {{ id = … }}`")]
    TenantAmbiguous {
        /// How many.
        count: u64,
    },
    /// A name that the object needs is held by another that is not ours to change (S4.5).
    #[error("`{name}` is held by {holder}; {remedy}")]
    NameHeld {
        /// The address or domain.
        name: String,
        /// Who holds it.
        holder: String,
        /// What to do.
        remedy: String,
    },
    /// Two objects want each other's names and the panel cannot do it atomically.
    #[error("`{one}` and `{other}` swap names, which this panel cannot do without a gap")]
    Swap {
        /// One side.
        one: String,
        /// The other.
        other: String,
    },
    /// Over a deletion budget (S7.5, S7.6).
    #[error("{wanted} deletions in 24 h exceed the budget of {budget} in {scope}")]
    OverBudget {
        /// domain, tenant or run, in words
        scope: String,
        /// Planned and recent deletions.
        wanted: u64,
        /// What is allowed.
        budget: u64,
    },
    /// The set would be empty (S7.5).
    #[error("every one of {count} in {scope} would go")]
    Emptied {
        /// Whose set.
        scope: String,
        /// How many there are.
        count: u64,
    },
    /// The set would shrink by more than the guard allows.
    #[error("{scope} would shrink by {percent} %, more than {limit} %")]
    Shrunk {
        /// Whose set.
        scope: String,
        /// By how many percent.
        percent: u64,
        /// The guard.
        limit: u64,
    },
    /// Too many tenants of the provider delete (S7.7).
    #[error("fleet brake: {tenants} of {of} tenants on {provider} would delete")]
    FleetBrake {
        /// Tenants that would delete.
        tenants: u64,
        /// Tenants planned.
        of: u64,
        /// On which provider.
        provider: String,
    },
    /// Too many declared tenants vanished (S9.1).
    #[error("{gone} of {known} tenants known from earlier runs are no longer declared")]
    TenantsVanished {
        /// How many.
        gone: u64,
        /// Of how many.
        known: u64,
    },
    /// The panel's kind or operation is not there.
    #[error("{text}")]
    Unsupported {
        /// What the panel cannot do.
        text: String,
    },
    /// A local port failed (a file, memory, a secret); no call was made.
    #[error("{text}")]
    Local {
        /// What failed, with the remedy.
        text: String,
    },
    /// Left out by `--only`, `--exclude` or `--max-risk` (S7.8).
    #[error("left out by {option}")]
    LeftOut {
        /// The option.
        option: String,
    },
    /// Memory is missing where only it could tell (S11.2).
    #[error("memory cannot tell whether this was done before; it is not done twice")]
    NoMemory,
    /// A relay check would be futile for a deletion (S13.1).
    #[error("{text}")]
    Futile {
        /// Why and when the object returns.
        text: String,
    },
    /// What was accepted did not take effect, and not for the first time (S6.3).
    #[error("overdue for the {losses}. time: {text}; it is not sent again before somebody has looked at the panel")]
    Overdue {
        /// How often it was lost.
        losses: u64,
        /// What became of the last one.
        text: String,
    },
    /// What a directory answered cannot be built on: it failed, is empty, or is below its floor (S16.1).
    #[error("the directory: {text}")]
    Directory {
        /// Its own words, or what is wrong with its answer.
        text: String,
    },
    /// It waits for a person longer than `waiting_days` (S6.5).
    #[error("{who}: it waits since {since}, longer than {days} days (`waiting_days`)")]
    WaitedTooLong {
        /// Who, and what to do.
        who: String,
        /// Since when: a day, in words.
        since: String,
        /// The guard.
        days: u64,
    },
    /// Two candidates for one identity.
    #[error("{text}")]
    Ambiguous {
        /// Between what.
        text: String,
    },
}
