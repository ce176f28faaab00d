//! A run of plans as text: each tenant with head, steps, foot and last line; quiet tenants together in one line.

use crate::render::style::paint;
use crate::render::text::footer::{footer, last_line};
use crate::render::text::header::header;
use crate::render::text::page::{Page, TextOptions};
use crate::render::text::steps::steps;
use crate::render::view::words::count;
use crate::render::view::{RunView, TenantView, TroubleView};

/// The plans of a run as text. Findings are drawn apart, by `render::findings`.
#[must_use]
pub fn plan(run: &RunView, options: TextOptions) -> String {
    let mut page = Page::new(options);
    let alone = run.tenants.len() + run.troubles.len() == 1;
    let fold = !options.full && run.tenants.len() > 1;
    let (quiet, loud): (Vec<&TenantView>, Vec<&TenantView>) = run.tenants.iter().partition(|t| fold && t.is_quiet());
    let written = if options.nothing_written { " Nothing was written." } else { "" };
    for tenant in loud {
        page.blank();
        header(&mut page, tenant, alone.then_some(run.elapsed_ms));
        steps(&mut page, &tenant.steps, &tenant.stopped);
        footer(&mut page, tenant);
        last_line(&mut page, tenant, if alone { written } else { "" });
    }
    troubles(&mut page, &run.troubles);
    if run.tenants.is_empty() && run.troubles.is_empty() {
        page.line(&format!("No tenant was planned.{written}"));
    }
    if !alone && !run.tenants.is_empty() {
        page.blank();
        if !quiet.is_empty() {
            let names: Vec<String> = quiet.iter().map(|t| t.name.clone()).collect();
            let text = format!("nothing to do: {}", page.listed(&names));
            page.text(0, 2, options.styles.dim, &text);
        }
        let line = format!("{}.{written}", sum(run));
        page.text(0, 2, options.styles.strong, &line);
    }
    page.finish()
}

/// Tenants without plan, and why.
pub fn troubles(page: &mut Page, all: &[TroubleView]) {
    let styles = page.styles();
    if !all.is_empty() {
        page.blank();
    }
    for trouble in all {
        page.line(&format!("{}  {}", paint(styles.strong, &trouble.tenant), paint(styles.alarm, "not planned")));
        page.text(3, 0, anstyle::Style::new(), &trouble.text);
    }
}

fn sum(run: &RunView) -> String {
    let of = |n: usize, what: &str| (n > 0).then(|| format!("{n} {what}"));
    let tenants = &run.tenants;
    let incomplete = tenants.iter().filter(|t| !t.observed.complete).count();
    let changing = tenants.iter().filter(|t| !t.steps.is_empty()).count();
    let idle = tenants.iter().filter(|t| t.steps.is_empty() && t.observed.complete).count();
    let parts = [
        of(changing, "with changes"),
        of(idle, "with nothing to do"),
        of(incomplete, "not read completely"),
        of(run.troubles.len(), "not planned"),
    ];
    let all = count((tenants.len() + run.troubles.len()) as u64, "tenant", "tenants");
    format!("{all}: {}", parts.into_iter().flatten().collect::<Vec<_>>().join(" · "))
}
