//! A run of plans as a comment.

use crate::render::markdown::escape::{code, fence};
use crate::render::text::{self, TextOptions};
use crate::render::view::words::{count, said_above, sign};
use crate::render::view::{Held, RunView, StepView, TenantView};

/// Most characters of a comment; the hosts accept 65,536, and whoever posts adds a line of their own.
pub const COMMENT_CHARS: usize = 60_000;
/// Steps in one table; the folded text has them all, as far as there is room.
const TABLE_STEPS: usize = 60;
/// Width of the text in fences.
const FENCE_WIDTH: usize = 110;

/// The plans of a run as markdown. `findings` is the text that `render::findings` drew, empty where there are none.
#[must_use]
pub fn plan(run: &RunView, findings_text: &str) -> String {
    let mut parts = Vec::new();
    let title = if run.tenants.iter().all(TenantView::is_quiet) && run.troubles.is_empty() && run.errors == 0 {
        "### mailwright: nothing to do\n".to_owned()
    } else {
        format!("### mailwright: plan for {}\n", count((run.tenants.len() + run.troubles.len()) as u64, "tenant", "tenants"))
    };
    parts.push(title);
    parts.push(findings(run, findings_text));
    for trouble in &run.troubles {
        parts.push(format!("**{}** was not planned: {}\n", code(&trouble.tenant), code(&trouble.text)));
    }
    let quiet: Vec<String> = run.tenants.iter().filter(|t| t.is_quiet()).map(|t| code(&t.name)).collect();
    parts.extend(run.tenants.iter().filter(|t| !t.is_quiet()).flat_map(|t| [table(t), folded(run, t)]));
    if !quiet.is_empty() {
        let rest = quiet.len().saturating_sub(TABLE_STEPS);
        let more = if rest > 0 { format!(" … and {rest} more") } else { String::new() };
        parts.push(format!("Nothing to do: {}{more}\n", quiet[..quiet.len() - rest].join(", ")));
    }
    parts.push(format!("Exit code {} ({}). Nothing was written.\n", run.exit.number(), run.exit.meaning()));
    capped(&parts)
}

/// The findings, folded where they are no errors.
#[must_use]
pub fn findings(run: &RunView, text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    let all = run.findings.len() as u64 + run.findings_beyond.values().sum::<u64>();
    let open = if run.errors > 0 { " open" } else { "" };
    format!("<details{open}><summary>{}</summary>\n\n{}\n</details>\n", count(all, "finding", "findings"), fence("text", text))
}

fn table(tenant: &TenantView) -> String {
    let mut out = format!("#### {} on {} · plan {}\n\n", code(&tenant.name), code(&tenant.provider), code(&tenant.short));
    for scope in &tenant.observed.not_known {
        out.push_str(&format!("> ⚠️ **not known**: {}: {}\n", code(&scope.scope), code(&scope.reasons.join("; "))));
    }
    for reason in &tenant.stopped {
        out.push_str(&format!("> 🛑 **stopped**: {}\n", code(reason)));
    }
    if !tenant.mail.stops.is_empty() {
        let (shown, rest) = cut(&tenant.mail.stops, 10);
        let names: Vec<String> = shown.iter().map(|s| code(&s.address)).collect();
        out.push_str(&format!("> ✉️ **mail stops** for {}{rest}\n", names.join(", ")));
    }
    if tenant.mails > 0 {
        out.push_str(&format!("> 📨 **mails** {} (request-password mail)\n", count(tenant.mails, "person", "people")));
    }
    if let Some(pace) = &tenant.pace {
        out.push_str(&format!("> ⏳ **takes** {}, at the panel's rate\n", pace.text));
    }
    if out.ends_with("\n") && !out.ends_with("\n\n") {
        out.push('\n');
    }
    if !tenant.steps.is_empty() {
        out.push_str("| | object | risk | verdict | what | where |\n|---|---|---|---|---|---|\n");
        let (shown, _) = cut(&tenant.steps, TABLE_STEPS);
        shown.iter().for_each(|s| out.push_str(&row(s, &tenant.stopped)));
        if tenant.steps.len() > shown.len() {
            out.push_str(&format!("| | … and {} more steps | | | | |\n", tenant.steps.len() - shown.len()));
        }
        out.push('\n');
    }
    let counts = text_counts(tenant);
    out.push_str(&format!("**{counts}**\n"));
    if tenant.counts.needs_approval > 0 {
        out.push_str(&format!("\nTo approve: {}\n", code(&format!("mailwright approve {} {} --reason …", tenant.name, tenant.short))));
    }
    out
}

fn text_counts(tenant: &TenantView) -> String {
    let counts = &tenant.counts;
    let parts = [
        (counts.add, "to add"),
        (counts.change, "to change"),
        (counts.delete, "to delete"),
        (counts.moves, "to move"),
        (counts.hand_off, "for a person"),
        (counts.needs_approval, "in need of approval"),
        (counts.approved, "approved"),
        (counts.blocked, "blocked"),
        (counts.waiting, "waiting"),
        (counts.left_out, "left out"),
    ];
    let parts: Vec<String> = parts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")).collect();
    match (parts.is_empty(), tenant.observed.complete) {
        (true, true) => "nothing to do".to_owned(),
        (true, false) => "not everything could be read".to_owned(),
        (false, true) => parts.join(" · "),
        (false, false) => format!("{} · not everything could be read", parts.join(" · ")),
    }
}

fn row(step: &StepView, stopped: &[String]) -> String {
    let mut what: Vec<String> = step.attributes.iter().take(3).map(attribute).collect();
    if step.attributes.len() > 3 {
        what.push(format!("and {} more", step.attributes.len() - 3));
    }
    if !step.summary.is_empty() {
        what.push(code(&step.summary.join(" · ")));
    }
    what.extend(step.hand_off.as_ref().map(|t| code(t)));
    what.extend(step.reasons.iter().filter(|r| !said_above(r, stopped)).map(|r| code(r)));
    let verdict = match step.held {
        Held::Go => step.verdict.clone(),
        Held::Waiting => format!("⏳ {}", step.verdict),
        Held::Gated => format!("⚠️ **{}**", step.verdict),
        Held::Approved | Held::LeftOut => step.verdict.clone(),
        Held::Blocked => format!("🛑 **{}**", step.verdict),
    };
    let place = [step.cause.as_str(), step.place.as_deref().unwrap_or_default()].map(code).join(" ");
    let kind = step.kind.word();
    format!(
        "| `{}` | {kind} {} | {:?} | {verdict} | {} | {} |\n",
        sign(step.action),
        code(&step.name),
        step.risk,
        what.join("<br>"),
        place.trim()
    )
}

fn attribute(one: &crate::render::view::AttributeView) -> String {
    if one.added.is_empty() && one.removed.is_empty() {
        let side = |v: &Option<String>| v.as_deref().map_or_else(String::new, code);
        let arrow = if one.before.is_some() { " → " } else { " " };
        return format!("{}: {}{arrow}{}", one.name, side(&one.before), side(&one.after));
    }
    let signed = |sign: char, all: &[String]| all.iter().map(|m| code(&format!("{sign} {m}"))).collect::<Vec<_>>();
    let mut members = signed('-', &one.removed);
    members.extend(signed('+', &one.added));
    let (shown, rest) = cut(&members, 5);
    format!("{}: {}{rest}", one.name, shown.join(" "))
}

fn folded(run: &RunView, tenant: &TenantView) -> String {
    let alone = RunView { tenants: vec![tenant.clone()], troubles: Vec::new(), ..run.clone() };
    let text = text::plan(&alone, TextOptions { nothing_written: false, ..TextOptions::plain(FENCE_WIDTH) });
    format!("<details><summary>the plan in full</summary>\n\n{}\n</details>\n", fence("text", &text))
}

fn cut<T>(all: &[T], most: usize) -> (&[T], String) {
    if all.len() <= most { (all, String::new()) } else { (&all[..most], format!(" … and {} more", all.len() - most)) }
}

/// Whole parts as long as there is room, so that no fence or table is cut open; the last part is always kept.
fn capped(parts: &[String]) -> String {
    let Some((last, parts)) = parts.split_last() else { return String::new() };
    let mut out = String::new();
    let mut dropped = 0;
    let mut room = COMMENT_CHARS.saturating_sub(last.chars().count() + 200);
    for part in parts.iter().filter(|p| !p.is_empty()) {
        let length = part.chars().count() + 1;
        if length > room {
            dropped += 1;
            continue;
        }
        room -= length;
        out.push_str(part);
        out.push('\n');
    }
    if dropped > 0 {
        out.push_str(&format!(
            "{} left out: this comment would be too long. `mailwright plan` shows all.\n\n",
            count(dropped, "part was", "parts were")
        ));
    }
    out.push_str(last);
    out
}
