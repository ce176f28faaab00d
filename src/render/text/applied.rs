//! An apply as text: what was done, what was not and why, and what reading again showed.

use crate::render::style::paint;
use crate::render::text::page::{Page, TextOptions};
use crate::render::text::plan::troubles;
use crate::render::text::steps::{FOLD_AFTER, looks};
use crate::render::view::words::{count, sign};
use crate::render::view::{AppliedStep, AppliedTenant, AppliedView, Left, Verified, moment};
use anstyle::Style;
use std::time::Duration;

/// An apply as text.
#[must_use]
pub fn applied(view: &AppliedView, options: TextOptions) -> String {
    let mut page = Page::new(options);
    for tenant in &view.tenants {
        one(&mut page, tenant);
    }
    troubles(&mut page, &view.troubles);
    page.finish()
}

fn one(page: &mut Page, tenant: &AppliedTenant) {
    let styles = page.styles();
    page.blank();
    if let Some(refusal) = &tenant.refusal {
        page.text(0, 2, styles.strong, &format!("{}: nothing was written: {refusal}.", tenant.name));
        left(page, "stays", &tenant.stays);
        return;
    }
    let took = moment::took(Duration::from_millis(tenant.elapsed_ms));
    let what = if tenant.sent.is_empty() { "nothing was sent" } else { "applied" };
    page.line(&format!("{}   {}", paint(styles.strong, &format!("{} {what}", tenant.name)), paint(styles.dim, &took)));
    page.blank();
    sent(page, &tenant.sent);
    left(page, "stays", &tenant.stays);
    left(page, "not sent", &tenant.left);
    page.entries("looked", Style::new(), &tenant.looked);
    if let Some(why) = &tenant.unfinished {
        page.alarmed("stopped", why);
    }
    page.blank();
    last_line(page, tenant);
}

/// What took effect, folded where it is long, and everything that did not, in full.
fn sent(page: &mut Page, all: &[AppliedStep]) {
    let styles = page.styles();
    let (good, bad): (Vec<&AppliedStep>, Vec<&AppliedStep>) = all.iter().partition(|s| s.ok);
    let shown = if page.options.full || good.len() <= 2 * FOLD_AFTER { good.len() } else { FOLD_AFTER };
    for step in &good[..shown] {
        let said = step.said.as_ref().map(|t| format!("   {t}")).unwrap_or_default();
        let what = format!("{} {} {}", sign(step.action), step.kind, step.name);
        page.line(&format!(" {} {}{}", paint(styles.good, "✓"), paint(looks(page, step.action), &what), paint(styles.dim, &said)));
    }
    if shown < good.len() {
        page.line(&paint(styles.dim, &format!(" ✓ … and {} more (--full shows all)", good.len() - shown)));
    }
    for step in bad {
        let what = format!("{} {} {}", step.action.word(), step.kind, step.name);
        page.line(&format!(" {}", paint(styles.alarm, &format!("✗ {what}"))));
        page.text(5, 2, Style::new(), step.said.as_deref().unwrap_or("it did not take effect"));
    }
    page.blank();
}

/// Steps that stay for the same reason are named together.
fn left(page: &mut Page, label: &str, all: &[Left]) {
    let mut groups: Vec<(&str, Vec<String>)> = Vec::new();
    for one in all {
        match groups.iter_mut().find(|(why, _)| *why == one.why) {
            Some((_, whats)) => whats.push(one.what.clone()),
            None => groups.push((&one.why, vec![one.what.clone()])),
        }
    }
    let line = |(why, whats): &(&str, Vec<String>)| match whats.as_slice() {
        [one] => format!("{one}: {why}"),
        many => format!("{} steps: {why}: {}", many.len(), page.listed(many)),
    };
    let lines: Vec<String> = groups.iter().map(line).collect();
    page.entries(label, Style::new(), &lines);
}

fn last_line(page: &mut Page, tenant: &AppliedTenant) {
    let styles = page.styles();
    let done = tenant.sent.iter().filter(|s| s.ok).count() as u64;
    let failed = tenant.sent.len() as u64 - done;
    let mut parts = vec![format!("{done} done")];
    parts.extend((failed > 0).then(|| format!("{failed} failed")));
    parts.extend((!tenant.stays.is_empty()).then(|| count(tenant.stays.len() as u64, "step stays", "steps stay")));
    parts.extend((!tenant.left.is_empty()).then(|| format!("{} not sent", tenant.left.len())));
    let (checked, style) = match &tenant.after {
        Verified::Empty => ("read again: everything is as declared".to_owned(), styles.good),
        Verified::InFlight { what } => (format!("read again: everything is as declared, or in flight: {}", what.join("; ")), styles.good),
        Verified::Settled { waiting } => (format!("read again: settled, {}", count(*waiting, "step waits", "steps wait")), styles.good),
        Verified::Residual { steps } if same(steps, &tenant.stays) => {
            ("read again: what stays is left, and nothing else".to_owned(), styles.warn)
        }
        Verified::Residual { steps } => {
            (format!("read again: {} left: {}", count(steps.len() as u64, "step is", "steps are"), page.listed(steps)), styles.warn)
        }
        Verified::NotComplete { scopes } => (format!("read again, but not completely: {}", page.listed(scopes)), styles.alarm),
        Verified::NotMade => ("not read again: whether all took effect is not known".to_owned(), styles.alarm),
    };
    page.text(0, 2, styles.strong, &format!("Applied {} {} · {}.", tenant.name, tenant.short, parts.join(" · ")));
    page.text(0, 2, style, &format!("{}.", capital(&checked)));
}

/// Whether what is left is what was not to go, said above already.
fn same(steps: &[String], stays: &[Left]) -> bool {
    steps.len() == stays.len() && stays.iter().all(|s| steps.contains(&s.what))
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
