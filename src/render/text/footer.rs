//! What stands after the steps: what was not done and why, and the line that sums up.

use crate::render::text::page::Page;
use crate::render::text::step::attributes;
use crate::render::view::words::count;
use crate::render::view::{Counts, NoteView, TenantView};
use anstyle::Style;

/// Draws what was not done and why.
pub fn footer(page: &mut Page, tenant: &TenantView) {
    let styles = page.styles();
    page.blank();
    let plain = Style::new();
    if !tenant.left_alone.is_empty() {
        page.labelled("left alone", plain, &tenant.left_alone.join(" · "));
    }
    if page.options.undeclared {
        page.entries("undeclared", plain, &tenant.undeclared);
    }
    page.entries("in flight", plain, &tenant.in_flight);
    page.entries("overdue", styles.warn, &tenant.overdue);
    page.entries("crept back", styles.warn, &tenant.crept_back);
    page.entries("left out", plain, &tenant.left_out);
    differs(page, tenant);
    page.entries("cannot tell", plain, &tenant.cannot_tell);
    notes(page, "warning", styles.warn, &tenant.warnings);
    notes(page, "note", plain, &tenant.notes);
    if tenant.counts.needs_approval > 0 {
        let command = format!("mailwright approve {} {} --reason \"…\"", tenant.name, tenant.short);
        page.labelled("to approve", styles.strong, &command);
    }
    page.blank();
}

fn differs(page: &mut Page, tenant: &TenantView) {
    let (shown, rest) = page.cut(&tenant.differs);
    let shown = shown.to_vec();
    for (at, one) in shown.iter().enumerate() {
        let place = one.place.as_ref().map(|p| format!("  {p}")).unwrap_or_default();
        let text = format!("{}: {}{place}", one.object, one.why);
        page.labelled(if at == 0 { "differs" } else { "" }, Style::new(), &text);
        attributes(page, 20, &one.attributes);
    }
    if rest > 0 {
        page.labelled("", page.styles().dim, &format!("… and {rest} more"));
    }
}

fn notes(page: &mut Page, label: &str, style: Style, all: &[NoteView]) {
    let (shown, rest) = page.cut(all);
    let shown = shown.to_vec();
    for (at, note) in shown.iter().enumerate() {
        let text = note.object.as_ref().map_or_else(|| note.text.clone(), |o| format!("{o}: {}", note.text));
        page.labelled(if at == 0 { label } else { "" }, style, &text);
        for line in &note.paste {
            page.line(&format!("{}{line}", " ".repeat(20)));
        }
    }
    if rest > 0 {
        page.labelled("", page.styles().dim, &format!("… and {rest} more"));
    }
}

/// `1 to add · 2 to change · 1 needs approval`; empty where there is no step.
#[must_use]
pub fn counted(counts: &Counts) -> Vec<String> {
    let parts = [
        (counts.add, "to add", "to add"),
        (counts.change, "to change", "to change"),
        (counts.delete, "to delete", "to delete"),
        (counts.moves, "to move", "to move"),
        (counts.hand_off, "for a person", "for a person"),
        (counts.needs_approval, "needs approval", "need approval"),
        (counts.approved, "approved", "approved"),
        (counts.blocked, "blocked", "blocked"),
        (counts.waiting, "waiting", "waiting"),
        (counts.left_out, "left out", "left out"),
    ];
    parts.iter().filter(|(n, ..)| *n > 0).map(|(n, one, many)| count(*n, one, many)).collect()
}

/// The last line of a tenant.
pub fn last_line(page: &mut Page, tenant: &TenantView, closing: &str) {
    let styles = page.styles();
    let counts = counted(&tenant.counts);
    let what = match (counts.is_empty(), tenant.observed.complete) {
        (false, true) => counts.join(" · "),
        (false, false) => format!("{} · not everything could be read", counts.join(" · ")),
        (true, true) => "nothing to do".to_owned(),
        (true, false) => "not everything could be read, so nobody can say that nothing is to do".to_owned(),
    };
    let style = if tenant.observed.complete { styles.strong } else { styles.alarm };
    page.together(style, &format!("Plan {} {} · {what}.{closing}", tenant.name, tenant.short));
}
