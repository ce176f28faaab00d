//! An apply and a drift report as comments.

use crate::base::ExitCode;
use crate::render::markdown::escape::{code, fence};
use crate::render::markdown::plan::COMMENT_CHARS;
use crate::render::text::{self, TextOptions};
use crate::render::view::{AppliedView, DriftView};

const FENCE_WIDTH: usize = 110;

/// An apply: a table of tenants, and the text folded.
#[must_use]
pub fn applied(view: &AppliedView) -> String {
    let mut out = "### mailwright: applied\n\n| tenant | plan | done | failed | stays | exit |\n|---|---|---|---|---|---|\n".to_owned();
    for tenant in &view.tenants {
        let done = tenant.sent.iter().filter(|s| s.ok).count();
        let failed = tenant.sent.len() - done;
        let stays = tenant.stays.len() + tenant.left.len();
        let (name, plan) = (code(&tenant.name), code(&tenant.short));
        out.push_str(&format!("| {name} | {plan} | {done} | {failed} | {stays} | {} |\n", tenant.exit.number()));
    }
    folded(out, &text::applied(view, TextOptions::plain(FENCE_WIDTH)), view.exit)
}

/// A drift report: a table of tenants, and the text folded.
#[must_use]
pub fn drift(view: &DriftView) -> String {
    let mut out = "### mailwright: drift\n\n| tenant | read | missing | differs | surplus | overdue | crept back | undeclared |\n|---|---|---|---|---|---|---|---|\n".to_owned();
    for tenant in &view.tenants {
        let read = if tenant.not_known.is_empty() { "completely" } else { "⚠️ **not completely**" };
        out.push_str(&format!(
            "| {} | {read} | {} | {} | {} | {} | {} | {} |\n",
            code(&tenant.name),
            tenant.missing.len(),
            tenant.differs.len(),
            tenant.surplus.len(),
            tenant.overdue.len(),
            tenant.crept_back.len(),
            tenant.undeclared.len()
        ));
    }
    folded(out, &text::drift(view, TextOptions::plain(FENCE_WIDTH)), view.exit)
}

fn folded(mut out: String, text: &str, exit: ExitCode) -> String {
    let fenced = fence("text", text);
    if out.chars().count() + fenced.chars().count() + 300 <= COMMENT_CHARS {
        out.push_str(&format!("\n<details><summary>in full</summary>\n\n{fenced}\n</details>\n"));
    } else {
        out.push_str("\nThe details are left out: this comment would be too long.\n");
    }
    out.push_str(&format!("\nExit code {} ({}).\n", exit.number(), exit.meaning()));
    out
}
