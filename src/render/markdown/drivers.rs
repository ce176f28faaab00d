//! Drivers side by side, for documents. All text of it is ours.

use crate::render::view::DriverView;
use crate::render::view::matrix::{LEGEND, matrix};

/// The matrix of drivers.
#[must_use]
pub fn drivers(all: &[DriverView]) -> String {
    let mut out = String::new();
    for driver in all {
        out.push_str(&format!("* `{}`: {}\n", driver.name, driver.about));
    }
    for section in matrix(all) {
        let names: String = all.iter().map(|d| format!(" `{}` |", d.name)).collect();
        out.push_str(&format!("\n| {} |{names}\n|---|{}\n", section.title, "---|".repeat(all.len())));
        for row in &section.rows {
            let label = if row.part { format!("· {}", row.label) } else { format!("**{}**", row.label) };
            out.push_str(&format!("| {label} | {} |\n", row.cells.join(" | ")));
        }
    }
    out.push('\n');
    for line in LEGEND {
        out.push_str(&format!("* {line}\n"));
    }
    out
}
