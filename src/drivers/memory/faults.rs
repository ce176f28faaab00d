//! Trouble on order: which call fails, and how.

use crate::model::Fault;

/// A call that is about to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallInfo {
    /// Counted from 1 over all calls since the panel was made.
    pub number: u64,
    /// Whether it writes; leases count as writes.
    pub writes: bool,
    /// What it is about, for example `fetch users of acme.example` or `create user/jane@acme.example`.
    pub what: String,
}

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Injected {
    /// The call fails and nothing takes effect.
    Before(Fault),
    /// The call takes effect and fails all the same: the answer is lost.
    After(Fault),
    /// A read answers with a body that is not right; a write is not touched by it.
    Damaged(Damage),
}

/// How a page is damaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Damage {
    /// The JSON ends early.
    Truncated,
    /// An HTML page instead.
    Html,
    /// The last object is missing, the total is right.
    Short,
    /// The total is one too many.
    WrongTotal,
    /// No object at all, the total is right.
    Empty,
    /// The last object is there twice.
    Doubled,
}

impl Damage {
    /// All of them.
    pub const ALL: [Damage; 6] = [Damage::Truncated, Damage::Html, Damage::Short, Damage::WrongTotal, Damage::Empty, Damage::Doubled];
}

/// Decides for each call.
pub type FaultPlan = Box<dyn FnMut(&CallInfo) -> Option<Injected> + Send>;
