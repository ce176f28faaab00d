//! A defect of ours, found by the auditor.

use crate::plan::step::Step;

/// What the plan should never have held. The plan is refused, nothing is written; please report.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a defect of mailwright, please report: {check}: {text}")]
pub struct Bug {
    /// The check that found it, by name.
    pub check: &'static str,
    /// What is wrong, with the object.
    pub text: String,
}

impl Bug {
    /// A bug of a step.
    #[must_use]
    pub fn of(check: &'static str, step: &Step, text: &str) -> Self {
        Self { check, text: format!("{} {}: {text}", step.action.word(), step.key) }
    }
}
