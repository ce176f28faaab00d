//! What stands under a step: what changes, what is known, why it is held, what must be told.

use crate::model::Evidence;
use crate::render::style::paint;
use crate::render::text::page::{Page, columns, pad};
use crate::render::view::words::said_above;
use crate::render::view::{AttributeView, Held, StepView};
use anstyle::Style;

const INDENT: usize = 5;
/// Narrowest column of attribute names, so that most plans line up.
const NAME_COLUMN: usize = 12;

/// Draws the details of a step.
///
/// `stopped` is what the head of the plan says of all held steps: it is not said again under each.
pub fn details(page: &mut Page, step: &StepView, stopped: &[String]) {
    let styles = page.styles();
    if !step.summary.is_empty() {
        let text = step.summary.join(" · ");
        page.text(INDENT, 2, Style::new(), &text);
    }
    attributes(page, INDENT, &step.attributes);
    let others: Vec<String> = step.stops.iter().filter(|a| **a != step.name && !told(step, a)).cloned().collect();
    if !others.is_empty() {
        let text = format!("mail stops for {}", page.listed(&others));
        page.text(INDENT, 2, styles.alarm, &text);
    }
    for reason in step.reasons.iter().filter(|r| !said_above(r, stopped)) {
        let (word, style) = match step.held {
            Held::Go => ("", Style::new()),
            Held::Waiting => ("waits for: ", styles.moves),
            Held::Gated => ("approval: ", styles.warn),
            Held::Approved => ("approved: ", styles.dim),
            Held::LeftOut => ("left out: ", styles.dim),
            Held::Blocked => ("blocked: ", styles.alarm),
        };
        page.text(INDENT, 2, style, &format!("{word}{reason}"));
    }
    for evidence in &step.evidence {
        let (shown, rest) = page.cut(&evidence.lines);
        let shown = shown.to_vec();
        for (at, line) in shown.iter().enumerate() {
            let indent = if at == 0 { INDENT } else { INDENT + 2 };
            page.text(indent, 2, Style::new(), line.trim_start());
        }
        if rest > 0 {
            page.text(INDENT + 2, 2, styles.dim, &format!("… and {rest} more"));
        }
        if evidence.name == Evidence::Rejects.word() {
            page.text(INDENT, 2, Style::new(), "declare them, or approve that they bounce");
        }
    }
    if let Some(what) = &step.hand_off {
        page.text(INDENT, 2, styles.moves, &format!("by hand: {what}"));
    }
    for note in &step.notes {
        page.text(INDENT, 2, Style::new(), note);
    }
}

/// Whether the evidence names an address already.
fn told(step: &StepView, address: &str) -> bool {
    step.evidence.iter().any(|e| e.lines.iter().any(|l| l.contains(address)))
}

/// Attributes aligned: `relay_check   smtp → control-panel`, and sets as what comes and what goes.
pub fn attributes(page: &mut Page, indent: usize, all: &[AttributeView]) {
    let names = all.iter().map(|a| columns(&a.name)).max().unwrap_or(0).max(NAME_COLUMN) + 2;
    for one in all {
        if one.added.is_empty() && one.removed.is_empty() {
            value(page, indent, names, one);
        } else {
            members(page, indent, names, one);
        }
    }
}

fn value(page: &mut Page, indent: usize, names: usize, one: &AttributeView) {
    let styles = page.styles();
    let left = format!("{}{}", " ".repeat(indent), paint(styles.dim, &pad(&one.name, names)));
    let (before, after) = (one.before.as_deref(), one.after.as_deref());
    let text = match (before, after) {
        (Some(before), Some(after)) => format!("{before} → {after}"),
        (None, Some(after)) => after.to_owned(),
        (Some(before), None) => format!("{before} → (none)"),
        (None, None) => String::new(),
    };
    if indent + names + columns(&text) <= page.width() || before.is_none() || after.is_none() {
        page.line(&format!("{left}{text}"));
        return;
    }
    page.line(&format!("{left}  {}", before.unwrap_or_default()));
    page.line(&format!("{}→ {}", " ".repeat(indent + names), after.unwrap_or_default()));
}

fn members(page: &mut Page, indent: usize, names: usize, one: &AttributeView) {
    let styles = page.styles();
    let signed =
        |sign: char, all: &[String], style: Style| all.iter().map(move |m| paint(style, &format!("{sign} {m}"))).collect::<Vec<_>>();
    let mut lines = signed('-', &one.removed, styles.remove);
    lines.extend(signed('+', &one.added, styles.add));
    let (shown, rest) = page.cut(&lines);
    let mut lines = shown.to_vec();
    if rest > 0 {
        lines.push(paint(styles.dim, &format!("… and {rest} more")));
    }
    for (at, line) in lines.iter().enumerate() {
        let name = if at == 0 { pad(&one.name, names) } else { " ".repeat(names) };
        page.line(&format!("{}{}{line}", " ".repeat(indent), paint(styles.dim, &name)));
    }
}
