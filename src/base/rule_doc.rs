//! What a rule says about itself, so that `explain` can print it.
//!
//! Each room that finds something keeps a table of these; ids are stable and unique across the house. Deliberately
//! absent: the code that finds it.

use crate::base::finding::{Finding, RuleId, Severity};

/// A rule in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleDoc {
    /// Its stable id, for example `MW0103`.
    pub id: RuleId,
    /// How grave a finding of it is; the gravest, where it depends.
    pub severity: Severity,
    /// What is wrong, in one line without a full stop.
    pub title: &'static str,
    /// Why it matters: some sentences of plain English.
    pub doc: &'static str,
    /// A short text that breaks the rule, as a person would write it.
    pub example: &'static str,
    /// What to do about it, imperative; may hold the corrected text.
    pub fix: &'static str,
}

impl RuleDoc {
    /// A finding of this rule, with its severity.
    #[must_use]
    pub fn finding(&self, title: impl Into<String>) -> Finding {
        Finding::new(self.id, self.severity, title)
    }
}
