//! The exit codes (S18.2) and which of two is the graver.

use serde::{Deserialize, Serialize};

/// How a tenant, or a run, ended. The numbers are the process's exit codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(into = "u8", try_from = "u8")]
#[schemars(with = "u8")]
#[repr(u8)]
pub enum ExitCode {
    /// Nothing to do, or done.
    Done = 0,
    /// An error; nothing was written to that tenant.
    Error = 1,
    /// Changes are pending, a chosen remainder is left, or steps wait.
    Pending = 2,
    /// Blocked; no approval can lift it.
    Blocked = 3,
    /// An approval would lift it.
    NeedsApproval = 4,
    /// The observation is incomplete.
    Incomplete = 5,
    /// Something was written to that tenant and a call failed or was rejected.
    Partial = 6,
    /// Stale: the tenant changed, or a saved plan no longer fits.
    Stale = 7,
}

impl ExitCode {
    /// All codes, gravest first (S18.2).
    pub const BY_GRAVITY: [ExitCode; 8] = [
        ExitCode::Partial,
        ExitCode::Error,
        ExitCode::Incomplete,
        ExitCode::Stale,
        ExitCode::Blocked,
        ExitCode::NeedsApproval,
        ExitCode::Pending,
        ExitCode::Done,
    ];
    /// The number.
    #[must_use]
    pub fn number(self) -> u8 {
        self as u8
    }
    /// The graver of two.
    #[must_use]
    pub fn gravest(self, other: ExitCode) -> ExitCode {
        let rank = |code| Self::BY_GRAVITY.iter().position(|c| *c == code);
        if rank(self) <= rank(other) { self } else { other }
    }
    /// One line for people.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            ExitCode::Done => "nothing to do, or done",
            ExitCode::Error => "an error; nothing was written to that tenant",
            ExitCode::Pending => "changes pending, a chosen remainder, or waiting",
            ExitCode::Blocked => "blocked; no approval can lift it",
            ExitCode::NeedsApproval => "an approval is needed",
            ExitCode::Incomplete => "the observation is incomplete",
            ExitCode::Partial => "something was written and a call failed",
            ExitCode::Stale => "stale: the tenant or the saved plan changed",
        }
    }
}

impl From<ExitCode> for u8 {
    fn from(code: ExitCode) -> u8 {
        code.number()
    }
}
impl TryFrom<u8> for ExitCode {
    type Error = String;
    fn try_from(number: u8) -> Result<Self, String> {
        Self::BY_GRAVITY.into_iter().find(|c| c.number() == number).ok_or_else(|| format!("{number} is no exit code of mailwright"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gravest_wins() {
        assert_eq!(ExitCode::Done.gravest(ExitCode::Pending), ExitCode::Pending);
        assert_eq!(ExitCode::Stale.gravest(ExitCode::Partial), ExitCode::Partial);
        assert_eq!(ExitCode::NeedsApproval.gravest(ExitCode::Incomplete), ExitCode::Incomplete);
    }
}
