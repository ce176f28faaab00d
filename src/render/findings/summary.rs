//! All findings, sorted, with what was only counted and a line that sums up.

use crate::base::{Findings, Severity};
use crate::render::Excerpts;
use crate::render::findings::draw::draw;
use crate::render::style::{Styles, paint};
use crate::render::view::words::count;
use annotate_snippets::Renderer;
use std::collections::BTreeMap;

/// The word of a severity in output.
#[must_use]
pub fn severity_word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

/// All findings as text; empty where there are none. Width in columns.
#[must_use]
pub fn findings(all: &Findings, excerpts: &Excerpts, styles: Styles, width: usize) -> String {
    if all.is_empty() {
        return String::new();
    }
    let renderer = if styles.coloured { Renderer::styled() } else { Renderer::plain() }.term_width(width);
    let mut out = String::new();
    for finding in all.sorted() {
        out.push_str(draw(finding, excerpts, &renderer).trim_end());
        out.push_str("\n\n");
    }
    for (rule, n) in all.beyond() {
        out.push_str(&format!(
            "{rule}: {} not shown, the first {} are above\n",
            count(n, "more finding", "more findings"),
            all.counts()[&rule] - n
        ));
    }
    out.push_str(&summary(all, styles));
    out
}

fn summary(all: &Findings, styles: Styles) -> String {
    let mut kept: BTreeMap<&str, u64> = BTreeMap::new();
    for finding in all.sorted() {
        *kept.entry(severity_word(finding.severity)).or_default() += 1;
    }
    let others: u64 = all.counts().values().sum::<u64>() - all.errors();
    let shown = |word: &str| kept.get(word).copied().unwrap_or_default();
    // Findings beyond the limit have no severity of their own any more; all but errors are told together then.
    let rest = if shown("warning") + shown("note") == others {
        let parts = [(shown("warning"), "warning", "warnings"), (shown("note"), "note", "notes")];
        parts.iter().filter(|(n, ..)| *n > 0).map(|(n, one, many)| count(*n, one, many)).collect::<Vec<_>>()
    } else {
        vec![count(others, "warning or note", "warnings and notes")]
    };
    let mut parts = vec![];
    if all.errors() > 0 {
        parts.push(paint(styles.alarm, &count(all.errors(), "error", "errors")));
    }
    parts.extend(rest.into_iter().map(|t| paint(styles.warn, &t)));
    let mut rules: Vec<String> = all.counts().keys().map(ToString::to_string).collect();
    rules.truncate(3);
    format!("{}. Try: mailwright explain {}\n", parts.join(", "), rules.join(" "))
}
