//! What a panel says of a directory beside its settings: how its synchronisations went, and what it answers to a
//! question. Never compared, never in a digest; shown verbatim (S16.1).

use crate::base::Timestamp;
use crate::model::reason::Reason;
use std::collections::BTreeMap;

/// How a directory's synchronisations went.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DirectoryFacts {
    /// Users that it has brought and keeps now.
    pub users: u64,
    /// When it is read next; `None` while it is off.
    pub next_run_at: Option<Timestamp>,
    /// When it was read last, well or not.
    pub last_run_at: Option<Timestamp>,
    /// When an answer was last taken over.
    pub last_success_at: Option<Timestamp>,
    /// Users of that answer.
    pub last_count: Option<u64>,
    /// Why the last reading was not taken over, verbatim.
    pub last_error: Option<String>,
    /// What the last success left out, verbatim.
    pub last_notes: Option<String>,
    /// Whether an administrator has consented (`entra`).
    pub consent: bool,
    /// What it answers to the settings that are declared, where these differ and the panel could ask.
    pub answer: Option<DirectoryAnswer>,
}

/// Addresses that stop when a directory selects otherwise (S7.4), as far as they are named.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DirectoryStops {
    /// The address, or alias, and the address of the user who has it now.
    pub named: BTreeMap<String, String>,
    /// How many there are.
    pub total: u64,
}

/// What came of a panel's connection test with the declared settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DirectoryAnswer {
    /// It answered to the end.
    Answered {
        /// Users of this domain in the answer.
        count: u64,
        /// Users of now that the answer does not hold.
        gone: u64,
        /// Users of now.
        users: u64,
        /// Addresses of now that nobody would have afterwards.
        stops: DirectoryStops,
    },
    /// It could not be asked, or did not answer to the end; the words of whoever refused.
    Failed(String),
    /// The panel did not ask, and says why.
    NotAsked(String),
    /// The panel itself could not be asked.
    Unknown(Reason),
}

/// How a domain's discovery goes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DiscoveryFacts {
    /// Users of the domain that discovery has made.
    pub finds: u64,
    /// The last catch-all probe that the panel keeps.
    pub probe: Option<CatchAllProbe>,
}

/// What a destination said to an address that nobody has; no message was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatchAllProbe {
    /// When it was asked, by the panel's clock.
    pub at: Timestamp,
    /// Whether it takes the address, and so every one; `None`: it could not be told.
    pub takes_all: Option<bool>,
    /// Who said what, verbatim.
    pub said: String,
}
