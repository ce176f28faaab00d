//! Why a command could not do its work, for people: a sentence, a remedy, an exit code.

use crate::base::ExitCode;
use crate::model::Fault;

/// A command's end before its time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What happened, and what helps.
    pub text: String,
    /// The process's exit code.
    pub code: ExitCode,
}

impl Failure {
    /// An error: nothing was written (1).
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), code: ExitCode::Error }
    }
    /// A file that cannot be read or written.
    #[must_use]
    pub fn file(path: &std::path::Path, what: &str, why: &std::io::Error) -> Self {
        Self::new(format!("{} cannot be {what}: {why}", path.display()))
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::new(fault.to_string())
    }
}

/// What a command returns.
pub type Ended = Result<ExitCode, Failure>;
