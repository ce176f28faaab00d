//! Findings as data, for machine outputs and tables; drawing them with their lines is `render::findings`.

use crate::base::span::Span;
use crate::base::{Finding, Findings};
use crate::render::view::words::one_line;
use crate::render::{Excerpt, Excerpts};
use schemars::JsonSchema;
use serde::Serialize;

/// A place with a few words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PlaceView {
    /// File name relative to the workspace.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// What stands there.
    pub text: String,
}

/// What to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FixView {
    /// In words.
    pub text: String,
    /// The text that would stand at `at` instead.
    pub replacement: Option<String>,
    /// What it would replace.
    pub at: Option<PlaceView>,
}

/// A finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FindingView {
    /// The rule's stable id.
    pub rule: String,
    /// `error`, `warning` or `note`.
    pub severity: String,
    /// What is wrong.
    pub title: String,
    /// Where.
    pub at: Option<PlaceView>,
    /// Other places that belong to it.
    pub also: Vec<PlaceView>,
    /// Reasons.
    pub notes: Vec<String>,
    /// What to do.
    pub fix: Option<FixView>,
    /// Whom it concerns.
    pub tenant: Option<String>,
}

/// The kept findings, sorted by file, offset and rule.
#[must_use]
pub fn findings(all: &Findings, excerpts: &Excerpts) -> Vec<FindingView> {
    all.sorted().into_iter().map(|f| finding(f, excerpts)).collect()
}

fn finding(finding: &Finding, excerpts: &Excerpts) -> FindingView {
    let place = |span: Span, text: &str| excerpts.get(&span).map(|e| place(e, text));
    FindingView {
        rule: finding.rule.to_string(),
        severity: crate::render::findings::severity_word(finding.severity).to_owned(),
        title: one_line(&finding.title),
        at: finding.at.as_ref().and_then(|l| place(l.span, &l.text)),
        also: finding.also.iter().filter_map(|l| place(l.span, &l.text)).collect(),
        notes: finding.notes.iter().map(|n| one_line(n)).collect(),
        fix: finding.fix.as_ref().map(|fix| FixView {
            text: one_line(&fix.text),
            replacement: fix.replace.as_ref().map(|(_, with)| with.clone()),
            at: fix.replace.as_ref().and_then(|(span, _)| place(*span, "")),
        }),
        tenant: finding.tenant.as_ref().map(ToString::to_string),
    }
}

fn place(excerpt: &Excerpt, text: &str) -> PlaceView {
    PlaceView { file: one_line(&excerpt.file), line: excerpt.line, column: excerpt.column, text: one_line(text) }
}
