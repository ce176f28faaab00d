//! What the executor's brain asks for, and what it is told: the whole language between `Run::step` and the shell.

use crate::base::Timestamp;
use crate::base::digest::Digest;
use crate::model::{Answer, Credential, EntryKind, Fault, Key, LastConnection, Lease, OpId, Seq, Sink, StepOutcome};
use crate::plan::step::{Batch, StepId};
use std::time::Duration;

/// What the shell is to do. Several at once may be carried out side by side, except that an append that stands before
/// a call in the same answer is durable before the call is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Write to the journal, durably.
    Append(EntryKind),
    /// Take the tenant's lease.
    Lease,
    /// Renew it.
    Renew,
    /// Read one object again, immediately before its delete. Answered by [`Input::Reread`].
    Read {
        /// For which step.
        step: StepId,
        /// The object.
        key: Key,
    },
    /// Prove that a sink can be written, before its credential is minted. Answered by [`Input::Proven`].
    Prove {
        /// For which step.
        step: StepId,
        /// The sink.
        sink: Sink,
    },
    /// Put a minted credential into its sink, durably. Answered by [`Input::Stored`].
    Store {
        /// For which step.
        step: StepId,
        /// The sink.
        sink: Sink,
        /// The credential.
        credential: Credential,
    },
    /// Read the sink anew and compare. Answered by [`Input::ReadBack`].
    ReadBack {
        /// For which step.
        step: StepId,
        /// The sink.
        sink: Sink,
        /// The credential.
        credential: Credential,
    },
    /// Make a call. Answered by [`Input::Answered`].
    Call {
        /// What.
        batch: Batch,
        /// Under which operation id.
        op: OpId,
        /// Which attempt, from 1.
        attempt: u32,
    },
    /// Wait, then answer [`Input::Woken`].
    Sleep {
        /// Which timer.
        timer: u64,
        /// How long.
        span: Duration,
    },
    /// Give the lease back.
    Release,
    /// The run is over.
    Done(Outcome),
}

/// What the brain is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// The first.
    Start,
    /// All entries of the last answer are durable, or not.
    Appended(Result<Seq, Fault>),
    /// The lease was taken or renewed, or not.
    Leased(Result<Lease, Fault>),
    /// An object was read again; `Ok(None)`: it is not there.
    Reread {
        /// For which step.
        step: StepId,
        /// What was seen: (incarnation, version).
        seen: Result<Option<Reread>, Fault>,
    },
    /// A call was answered.
    Answered {
        /// Which.
        op: OpId,
        /// How.
        answer: Result<Answer, Fault>,
    },
    /// A sink can be written, or not.
    Proven {
        /// For which step.
        step: StepId,
        /// Whether.
        result: Result<(), Fault>,
    },
    /// A credential is in its sink, or not.
    Stored {
        /// For which step.
        step: StepId,
        /// Whether.
        result: Result<(), Fault>,
    },
    /// A sink was read anew: whether it holds the credential.
    ReadBack {
        /// For which step.
        step: StepId,
        /// Whether.
        result: Result<bool, Fault>,
    },
    /// A timer went off.
    Woken {
        /// Which.
        timer: u64,
    },
    /// Ctrl-C or SIGTERM: finish the call in hand, name what is left (S12.3).
    Interrupted,
}

/// What a read again tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reread {
    /// The panel's immutable id.
    pub incarnation: Option<String>,
    /// The version.
    pub version: Option<String>,
    /// When a login last signed in; [`LastConnection::Unknown`] for everything else.
    pub last_connection: LastConnection,
}

impl Reread {
    /// What is no login.
    #[must_use]
    pub fn of(incarnation: Option<String>, version: Option<String>) -> Self {
        Self { incarnation, version, last_connection: LastConnection::Unknown }
    }
}

/// Why a run did not do all that it was to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unfinished {
    /// Everything went.
    No,
    /// The tenant changed since it was observed (7).
    Stale(String),
    /// Another writer holds the lease.
    Locked(String),
    /// A call failed or was rejected (6 if something was written, else 1).
    Failed(String),
    /// Nothing failed, but an approval ended before the call that it covered (S8.4: 4).
    Expired(String),
    /// Interrupted.
    Interrupted,
    /// The journal could not be written: nothing more is sent.
    Journal(String),
}

/// The end of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The plan.
    pub plan: Digest,
    /// Per step what became of it, in order of completion.
    pub done: Vec<(StepId, StepOutcome)>,
    /// Steps that were not sent, and why.
    pub left: Vec<(StepId, String)>,
    /// Whether anything was written to the tenant.
    pub wrote: bool,
    /// Why not all was done.
    pub unfinished: Unfinished,
    /// When it ended.
    pub at: Timestamp,
}

impl Outcome {
    /// Whether another panel of the tenant may be written after this one: nobody wants to stop, and the journal is whole.
    #[must_use]
    pub fn may_go_on(&self) -> bool {
        match self.unfinished {
            Unfinished::No | Unfinished::Failed(_) | Unfinished::Expired(_) | Unfinished::Stale(_) | Unfinished::Locked(_) => true,
            Unfinished::Interrupted | Unfinished::Journal(_) => false,
        }
    }
}
