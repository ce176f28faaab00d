//! One rule in full, and all rules in a list.

use crate::base::rule_doc::RuleDoc;
use crate::render::findings::severity_word;
use crate::render::style::{Styles, paint};
use crate::render::text::page::wrap;

/// A rule: title, why it matters, an example that breaks it, what to do.
#[must_use]
pub fn rule(doc: &RuleDoc, styles: Styles, width: usize) -> String {
    let style = if severity_word(doc.severity) == "error" { styles.alarm } else { styles.warn };
    let mut out =
        format!("{} {}\n", paint(style, &format!("{}[{}]", severity_word(doc.severity), doc.id)), paint(styles.strong, doc.title));
    paragraphs(&mut out, doc.doc, width);
    section(&mut out, styles, "For example", doc.example, width);
    section(&mut out, styles, "What to do", doc.fix, width);
    out
}

/// All rules, a line each.
#[must_use]
pub fn rules<'a>(all: impl Iterator<Item = &'a RuleDoc>, styles: Styles) -> String {
    let mut all: Vec<&RuleDoc> = all.collect();
    all.sort_by_key(|d| d.id);
    let line = |d: &&RuleDoc| format!("{}  {:<7}  {}\n", paint(styles.strong, d.id.0), severity_word(d.severity), d.title);
    all.iter().map(line).collect()
}

fn section(out: &mut String, styles: Styles, title: &str, text: &str, width: usize) {
    if text.trim().is_empty() {
        return;
    }
    out.push_str(&format!("\n{}\n", paint(styles.strong, title)));
    // A text of several lines is code: its line breaks mean something.
    if text.trim().contains('\n') {
        for line in text.trim_matches('\n').lines() {
            out.push_str(format!("    {line}").trim_end());
            out.push('\n');
        }
    } else {
        for line in wrap(text.trim(), width.saturating_sub(4), 0) {
            out.push_str(&format!("    {line}\n"));
        }
    }
}

fn paragraphs(out: &mut String, text: &str, width: usize) {
    for paragraph in text.split("\n\n").filter(|p| !p.trim().is_empty()) {
        let words = paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
        out.push('\n');
        for line in wrap(&words, width, 0) {
            out.push_str(&format!("{line}\n"));
        }
    }
}
