//! The head of a tenant's plan: who, how far it could be read, mail and billable mailboxes before and after.

use crate::render::style::paint;
use crate::render::text::page::{Page, columns};
use crate::render::view::words::count;
use crate::render::view::{BillableView, MailView, Observation, TenantView};
use anstyle::Style;

/// Where the observation stands on a page that is wide enough.
const OBSERVED_COLUMN: usize = 49;

/// The room kept for how long it took, ` · 999 ms` or ` · 59.9 s`: runs that differ only in time line up alike.
const TOOK_COLUMNS: usize = 9;

/// Draws the head. `elapsed_ms` is told where the run is about one tenant.
pub fn header(page: &mut Page, tenant: &TenantView, elapsed_ms: Option<u64>) {
    let styles = page.styles();
    let name = format!("{} on {}", tenant.name, tenant.provider);
    let observed = observed(&tenant.observed);
    let took = elapsed_ms.map(|ms| format!(" · {}", crate::render::view::moment::took(std::time::Duration::from_millis(ms))));
    let took = took.unwrap_or_default();
    let kept = if took.is_empty() { 0 } else { TOOK_COLUMNS.max(columns(&took)) };
    let gap = gap(page, &name, columns(&observed) + kept);
    let looks = if tenant.observed.complete { styles.dim } else { styles.alarm };
    page.line(&format!("{}{gap}{}", paint(styles.strong, &name), paint(looks, &format!("{observed}{took}"))));
    page.blank();
    for scope in &tenant.observed.not_known {
        page.alarmed("not known", &format!("{}: {}", scope.scope, scope.reasons.join("; ")));
    }
    let lifted = tenant.counts.approved > 0 && tenant.counts.needs_approval == 0;
    for reason in &tenant.stopped {
        if lifted {
            page.labelled("approved", styles.warn, reason);
        } else {
            page.alarmed("stopped", reason);
        }
    }
    mail(page, &tenant.mail);
    billable(page, &tenant.billable);
    if tenant.mails > 0 {
        page.labelled("mails", styles.warn, &format!("{} (request-password mail)", count(tenant.mails, "person", "people")));
    }
    if let Some(pace) = &tenant.pace {
        page.labelled("takes", Style::new(), &format!("{}, at the panel's rate", pace.text));
    }
    page.blank();
}

/// The blanks between who and how it was read: to the usual column, less where the page is narrow.
#[must_use]
pub fn gap(page: &Page, left: &str, right_columns: usize) -> String {
    let room = page.width().saturating_sub(columns(left) + right_columns);
    let usual = OBSERVED_COLUMN.min(page.width() / 2).saturating_sub(columns(left));
    " ".repeat(usual.min(room).max(3))
}

fn observed(observed: &Observation) -> String {
    let parts = observed.not_known.len() as u64;
    let how = if observed.complete {
        "observed completely".to_owned()
    } else {
        format!("not observed completely: {} not known", count(parts, "part", "parts"))
    };
    format!("{how} · {}", count(observed.requests, "request", "requests"))
}

fn mail(page: &mut Page, mail: &MailView) {
    let stops: Vec<String> = mail.stops.iter().map(|s| s.address.clone()).collect();
    let text = match (mail.before, mail.after) {
        (Some(before), Some(after)) if before == after && stops.is_empty() => {
            format!("{} accepted, none stops", count(before, "address", "addresses"))
        }
        (Some(before), Some(after)) => format!("{} accepted → {after}", count(before, "address", "addresses")),
        (Some(before), None) => format!("{} accepted → not known", count(before, "address", "addresses")),
        (None, Some(after)) => format!("accepted addresses not known → {after}"),
        (None, None) => "accepted addresses not known".to_owned(),
    };
    if stops.is_empty() {
        page.labelled("mail", Style::new(), &text);
    } else {
        let style = page.styles().alarm;
        page.labelled("mail", Style::new(), &text);
        let stops = format!("stop: {}", page.listed(&stops));
        page.labelled("", style, &stops);
    }
}

fn billable(page: &mut Page, billable: &BillableView) {
    let number = |n: Option<u64>| n.map_or_else(|| "not known".to_owned(), |n| n.to_string());
    if billable.before.is_none() && billable.after.is_none() {
        return;
    }
    let says_nothing = billable.causes.is_empty() && billable.finds == 0 && billable.expected.is_empty();
    if billable.before == Some(0) && billable.after == Some(0) && says_nothing {
        return;
    }
    let by = if billable.causes.is_empty() { String::new() } else { format!("   ({})", billable.causes.join(", ")) };
    let text = if billable.before == billable.after && by.is_empty() {
        billable.before.map_or_else(|| "not known".to_owned(), |n| format!("{}, unchanged", count(n, "mailbox", "mailboxes")))
    } else {
        format!("{} → {}{by}", number(billable.before), number(billable.after))
    };
    page.labelled("billable", Style::new(), &text);
    if billable.finds > 0 {
        page.labelled("", Style::new(), &format!("{} of them found by discovery", billable.finds));
    }
    if !billable.expected.is_empty() {
        page.labelled("", page.styles().dim, &format!("expected besides: {}", billable.expected.join(", ")));
    }
}
