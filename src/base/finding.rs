//! Findings: what is wrong or remarkable in what a person wrote, with place, reason and fix.
//!
//! Pure floors never return `Err(String)`: they push findings and go on, so that all of a wave are shown at once. Per
//! rule the first [`FINDINGS_PER_RULE`] are kept, the others are counted. Drawing them is `render`'s work.

use crate::base::limits::FINDINGS_PER_RULE;
use crate::base::span::{FileId, Span};
use std::collections::BTreeMap;
use std::fmt;

/// The stable id of a rule, for example `MW0103`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(transparent)]
pub struct RuleId(pub &'static str);

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// How grave a finding is. Errors stop the tenant; warnings and notes are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Nothing is planned for the tenant.
    Error,
    /// Shown, and planned all the same.
    Warning,
    /// Good to know.
    Note,
}

/// A marked place with a few words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What stands there, or what it has to do with it.
    pub text: String,
}

/// What to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// In words, imperative.
    pub text: String,
    /// The text that would replace a span, where we know it: drawn as a diff.
    pub replace: Option<(Span, String)>,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule that found it.
    pub rule: RuleId,
    /// How grave.
    pub severity: Severity,
    /// One line: what is wrong.
    pub title: String,
    /// The place that it is about; `None` for the workspace as a whole.
    pub at: Option<Label>,
    /// Other places that belong to it.
    pub also: Vec<Label>,
    /// Reasons and background, a line each.
    pub notes: Vec<String>,
    /// What to do.
    pub fix: Option<Fix>,
    /// The tenant that it concerns, where it is known: other tenants go on.
    pub tenant: Option<crate::base::names::TenantName>,
    /// A stretch of the file that must not be shown: a secret that was written inline (S10.1). Whoever draws an
    /// excerpt masks it, in the excerpts of all findings.
    pub conceal: Option<Span>,
}

impl Finding {
    /// A finding with a title and nothing else yet.
    #[must_use]
    pub fn new(rule: RuleId, severity: Severity, title: impl Into<String>) -> Self {
        Self { rule, severity, title: title.into(), at: None, also: Vec::new(), notes: Vec::new(), fix: None, tenant: None, conceal: None }
    }
    /// Names the place, with a few words.
    #[must_use]
    pub fn at(mut self, span: Span, text: impl Into<String>) -> Self {
        self.at = Some(Label { span, text: text.into() });
        self
    }
    /// Adds another place.
    #[must_use]
    pub fn also(mut self, span: Span, text: impl Into<String>) -> Self {
        self.also.push(Label { span, text: text.into() });
        self
    }
    /// Adds a reason.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(text.into());
        self
    }
    /// Says what to do.
    #[must_use]
    pub fn fix(mut self, text: impl Into<String>) -> Self {
        self.fix = Some(Fix { text: text.into(), replace: None });
        self
    }
    /// Says what to do and what the text would be.
    #[must_use]
    pub fn replace(mut self, text: impl Into<String>, span: Span, with: impl Into<String>) -> Self {
        self.fix = Some(Fix { text: text.into(), replace: Some((span, with.into())) });
        self
    }
    /// Names a stretch that must not be shown.
    #[must_use]
    pub fn conceal(mut self, span: Span) -> Self {
        self.conceal = Some(span);
        self
    }
    /// Says whom it concerns.
    #[must_use]
    pub fn of(mut self, tenant: &crate::base::names::TenantName) -> Self {
        self.tenant = Some(tenant.clone());
        self
    }
}

/// Findings of a wave: kept, counted, sorted by file, offset and rule when asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings {
    kept: Vec<Finding>,
    count: BTreeMap<RuleId, u64>,
    errors: u64,
    general_errors: u64,
    error_tenants: std::collections::BTreeSet<crate::base::names::TenantName>,
}

impl Findings {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
    /// Adds one; beyond the limit of its rule it is only counted.
    pub fn push(&mut self, finding: Finding) {
        let count = self.count.entry(finding.rule).or_default();
        *count += 1;
        if finding.severity == Severity::Error {
            self.errors += 1;
            match &finding.tenant {
                Some(tenant) => drop(self.error_tenants.insert(tenant.clone())),
                None => self.general_errors += 1,
            }
        }
        if *count <= FINDINGS_PER_RULE as u64 {
            self.kept.push(finding);
        }
    }
    /// Adds all of another collection.
    pub fn append(&mut self, other: Findings) {
        let Findings { kept, count, errors, general_errors, mut error_tenants } = other;
        for finding in kept {
            let have = self.kept.iter().filter(|f| f.rule == finding.rule).count();
            if have < FINDINGS_PER_RULE {
                self.kept.push(finding);
            }
        }
        for (rule, n) in count {
            *self.count.entry(rule).or_default() += n;
        }
        self.errors += errors;
        self.general_errors += general_errors;
        self.error_tenants.append(&mut error_tenants);
    }
    /// Says that all of them concern a tenant: those that name none yet get it, so that other tenants go on.
    #[must_use]
    pub fn of(mut self, tenant: &crate::base::names::TenantName) -> Self {
        for finding in self.kept.iter_mut().filter(|f| f.tenant.is_none()) {
            finding.tenant = Some(tenant.clone());
        }
        if std::mem::take(&mut self.general_errors) > 0 {
            self.error_tenants.insert(tenant.clone());
        }
        self
    }
    /// Whether at least one is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.errors > 0
    }
    /// Whether at least one error concerns the workspace as a whole.
    #[must_use]
    pub fn stops_all(&self) -> bool {
        self.general_errors > 0
    }
    /// Number of errors, also those beyond the limit.
    #[must_use]
    pub fn errors(&self) -> u64 {
        self.errors
    }
    /// Whether an error concerns this tenant, or the workspace as a whole.
    #[must_use]
    pub fn stops(&self, tenant: &crate::base::names::TenantName) -> bool {
        self.general_errors > 0 || self.error_tenants.contains(tenant)
    }
    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count.is_empty()
    }
    /// The kept ones, sorted by file, offset, rule and title.
    #[must_use]
    pub fn sorted(&self) -> Vec<&Finding> {
        let mut all: Vec<&Finding> = self.kept.iter().collect();
        let key = |f: &Finding| f.at.as_ref().map_or((FileId(u32::MAX), 0), |l| (l.span.place.file(), l.span.place.offset()));
        all.sort_by(|a, b| key(a).cmp(&key(b)).then(a.rule.cmp(&b.rule)).then_with(|| a.title.cmp(&b.title)));
        all
    }
    /// Per rule how many were not kept.
    #[must_use]
    pub fn beyond(&self) -> BTreeMap<RuleId, u64> {
        let most = FINDINGS_PER_RULE as u64;
        self.count.iter().filter(|(_, n)| **n > most).map(|(rule, n)| (*rule, n - most)).collect()
    }
    /// Per rule how many there are in all.
    #[must_use]
    pub fn counts(&self) -> &BTreeMap<RuleId, u64> {
        &self.count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_are_kept_and_all_are_counted() {
        let mut findings = Findings::new();
        for i in 0..150 {
            findings.push(Finding::new(RuleId("MW0001"), Severity::Error, format!("n{i}")));
        }
        assert_eq!(findings.sorted().len(), FINDINGS_PER_RULE);
        assert_eq!(findings.errors(), 150);
        assert_eq!(findings.beyond()[&RuleId("MW0001")], 50);
    }

    #[test]
    fn a_tenants_findings_stop_no_other() {
        let mut findings = Findings::new();
        findings.push(Finding::new(RuleId("MW0001"), Severity::Error, "bad"));
        let (acme, beta) = ("acme", "beta");
        let name = |text| crate::base::names::TenantName::parse(text).unwrap();
        assert!(findings.stops(&name(beta)));
        let findings = findings.of(&name(acme));
        assert!(findings.stops(&name(acme)) && !findings.stops(&name(beta)));
    }
}
