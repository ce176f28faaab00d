//! Drivers as tables: side by side, and one with its reasons.

use crate::render::style::{Styles, paint};
use crate::render::text::page::{columns, pad, wrap};
use crate::render::view::matrix::{LEGEND, MatrixRow, NOTHING, matrix, proof};
use crate::render::view::{DriverView, KindView};
use anstyle::Style;

/// Room for the label of a row.
const LABEL_COLUMNS: usize = 26;
/// Least room for a driver.
const CELL_COLUMNS: usize = 16;

/// All drivers side by side, on a page so wide.
#[must_use]
pub fn drivers(all: &[DriverView], width: usize, styles: Styles) -> String {
    let sections = matrix(all);
    let cells = |at: usize| sections.iter().flat_map(|s| &s.rows).filter_map(move |r| r.cells.get(at)).map(|c| columns(c));
    let widths: Vec<usize> =
        all.iter().enumerate().map(|(at, d)| cells(at).chain([columns(&d.name)]).max().unwrap_or(0).max(CELL_COLUMNS) + 2).collect();
    let mut out = String::new();
    for driver in all {
        out.push_str(&format!("{}  {}\n", paint(styles.strong, &driver.name), driver.about));
    }
    for section in &sections {
        let names: String = all.iter().zip(&widths).map(|(d, width)| pad(&d.name, *width)).collect();
        let head = format!("{}{names}", pad(section.title, LABEL_COLUMNS));
        out.push_str(&format!("\n{}\n", paint(styles.strong, head.trim_end())));
        section.rows.iter().for_each(|row| out.push_str(&side_by_side(row, &widths, styles)));
    }
    out.push('\n');
    for line in LEGEND.iter().flat_map(|line| wrap(line, width, 0)) {
        out.push_str(&format!("{}\n", paint(styles.dim, &line)));
    }
    out.push_str(&format!("{}\n", paint(styles.dim, "`mailwright drivers NAME` says why.")));
    out
}

fn side_by_side(row: &MatrixRow, widths: &[usize], styles: Styles) -> String {
    let label = if row.part { format!("  {}", row.label) } else { row.label.clone() };
    let cells: String = row.cells.iter().zip(widths).map(|(cell, width)| paint(style(cell, styles), &pad(cell, *width))).collect();
    format!("{}{cells}", pad(&label, LABEL_COLUMNS)).trim_end().to_owned() + "\n"
}

fn style(cell: &str, styles: Styles) -> Style {
    match cell.split(' ').next().unwrap_or_default() {
        "managed" | "exact" | "yes" => styles.good,
        "absent" | "no" | NOTHING => styles.dim,
        "readable" | "hand-off" | "not" => styles.warn,
        _ => Style::new(),
    }
}

/// One driver, with its reasons.
#[must_use]
pub fn driver(driver: &DriverView, styles: Styles) -> String {
    let mut out = format!("{}  {}\n\n", paint(styles.strong, &driver.name), driver.about);
    driver.kinds.iter().for_each(|k| kind(&mut out, k, styles));
    if !driver.operations.is_empty() {
        out.push('\n');
    }
    for operation in &driver.operations {
        let exact = if operation.exact { paint(styles.good, "exact    ") } else { paint(styles.warn, "not exact") };
        let line = format!("  {}{exact}  {}", pad(operation.operation.word(), 17), operation.by.join(", "));
        out.push_str(&format!("{}\n", line.trim_end()));
    }
    out.push('\n');
    for line in sentences(driver) {
        out.push_str(&format!("  {line}\n"));
    }
    out
}

fn kind(out: &mut String, kind: &KindView, styles: Styles) {
    let line = |label: &str, support: &str, rest: &str| {
        let cell = paint(style(support, styles), &pad(support, 9));
        format!("  {}{cell}  {rest}", pad(label, 17)).trim_end().to_owned() + "\n"
    };
    out.push_str(&line(kind.kind.word(), &kind.support, kind.why.as_deref().unwrap_or(&kind.can.join(", "))));
    for attribute in kind.attributes.iter().filter(|a| a.support != kind.support || a.why != kind.why) {
        out.push_str(&line(&format!("  {}", attribute.name), &attribute.support, attribute.why.as_deref().unwrap_or_default()));
    }
}

/// The panel as a whole, in words.
fn sentences(driver: &DriverView) -> Vec<String> {
    let has = |name: &str| driver.services.iter().any(|s| s.name == name && s.offered);
    let choice = |name: &str, yes: &str, no: &str| if has(name) { yes.to_owned() } else { no.to_owned() };
    let mut all = vec![
        format!("a list proves that it is complete by: {}; pages of {}", proof(driver.pages.proof), driver.pages.size),
        choice("lease", "writers exclude each other by a lease", "single writer not enforced by this panel"),
        choice("counts-mail", "counts mail per recipient", "does not count mail: what would bounce is not judged"),
        choice("asks-directories", "asks directories before their settings change", "does not ask directories"),
        choice("probes-catch-all", "asks destinations whether they take every address", "does not ask destinations"),
        choice("tells-access", "tells how users sign in", "does not tell how users sign in"),
    ];
    all.extend(driver.bulk.map(|most| format!("up to {most} users in one bulk call")));
    all.extend(driver.import.map(|most| format!("up to {most} users in one import, which acts later")));
    if let Some(rate) = driver.rate {
        let said = [("reads", rate.reads), ("writes", rate.writes), ("requests in all", rate.all)];
        let said = said.iter().filter_map(|(what, a)| a.map(|a| format!("{} {what} a minute, {} at once", a.per_minute, a.burst)));
        all.push(format!("one credential sends at most {}", said.collect::<Vec<_>>().join("; ")));
    }
    all
}
