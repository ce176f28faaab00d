//! Drift as text, by class.

use crate::render::style::paint;
use crate::render::text::header::gap;
use crate::render::text::page::{Page, TextOptions, columns};
use crate::render::text::plan::troubles;
use crate::render::text::step::attributes;
use crate::render::view::words::count;
use crate::render::view::{DriftItem, DriftTenant, DriftView};
use anstyle::Style;

/// The drift of a run as text.
#[must_use]
pub fn drift(view: &DriftView, options: TextOptions) -> String {
    let mut page = Page::new(options);
    for tenant in &view.tenants {
        one(&mut page, tenant);
    }
    troubles(&mut page, &view.troubles);
    page.finish()
}

fn one(page: &mut Page, tenant: &DriftTenant) {
    let styles = page.styles();
    page.blank();
    let name = format!("{} on {}", tenant.name, tenant.provider);
    let how = if tenant.not_known.is_empty() { "observed completely" } else { "not observed completely" };
    let looks = if tenant.not_known.is_empty() { styles.dim } else { styles.alarm };
    let how = format!("{how} · {}", count(tenant.requests, "request", "requests"));
    let gap = gap(page, &name, columns(&how));
    page.line(&format!("{}{gap}{}", paint(styles.strong, &name), paint(looks, &how)));
    page.blank();
    for scope in &tenant.not_known {
        page.alarmed("not known", &format!("{}: {}", scope.scope, scope.reasons.join("; ")));
    }
    items(page, "missing", styles.add, &tenant.missing);
    items(page, "differs", styles.change, &tenant.differs);
    items(page, "surplus", styles.remove, &tenant.surplus);
    items(page, "overdue", styles.warn, &tenant.overdue);
    items(page, "waiting", styles.dim, &tenant.waiting);
    page.entries("in flight", styles.dim, &tenant.in_flight);
    page.entries("crept back", styles.warn, &tenant.crept_back);
    page.entries("undeclared", Style::new(), &tenant.undeclared);
    page.entries("for a person", styles.dim, &tenant.waiting_for_a_person);
    page.entries("cannot tell", Style::new(), &tenant.cannot_tell);
    page.blank();
    let line = format!("Drift {} · {}. Nothing was written.", tenant.name, summed(tenant));
    let style = if tenant.not_known.is_empty() { styles.strong } else { styles.alarm };
    page.together(style, &line);
}

fn items(page: &mut Page, label: &str, style: Style, all: &[DriftItem]) {
    let dim = page.styles().dim;
    let (shown, rest) = page.cut(all);
    let shown = shown.to_vec();
    for (at, item) in shown.iter().enumerate() {
        let because: Vec<&str> =
            [item.why.as_str(), item.place.as_deref().unwrap_or_default()].into_iter().filter(|t| !t.is_empty()).collect();
        let text = if because.is_empty() { item.object.clone() } else { format!("{}   {}", item.object, because.join("  ")) };
        page.labelled(if at == 0 { label } else { "" }, style, &text);
        if !item.summary.is_empty() {
            let text = item.summary.join(" · ");
            page.text(20, 0, dim, &text);
        }
        attributes(page, 20, &item.attributes);
        for line in &item.trail {
            page.text(20, 0, dim, line);
        }
    }
    if rest > 0 {
        page.labelled("", dim, &format!("… and {rest} more"));
    }
}

fn summed(tenant: &DriftTenant) -> String {
    let parts = [
        (tenant.missing.len(), "missing"),
        (tenant.differs.len(), "different"),
        (tenant.surplus.len(), "surplus"),
        (tenant.overdue.len(), "overdue"),
        (tenant.crept_back.len(), "crept back"),
        (tenant.undeclared.len(), "undeclared"),
    ];
    let parts: Vec<String> = parts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")).collect();
    match (parts.is_empty(), tenant.not_known.is_empty()) {
        (true, true) => "no drift".to_owned(),
        (true, false) => "not everything could be read, so nobody can say that there is none".to_owned(),
        (false, true) => parts.join(" · "),
        (false, false) => format!("{} · not everything could be read", parts.join(" · ")),
    }
}
