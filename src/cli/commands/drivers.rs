//! `mailwright drivers`: what each kind of panel can do, from the drivers' own data.

use crate::base::ExitCode;
use crate::cli::failure::{Ended, Failure};
use crate::cli::output::{Format, Outputs, as_json};
use crate::cli::terminal::Terminal;
use crate::drivers::REGISTRY;
use crate::render::view::{DriverView, driver};
use crate::render::{Styles, markdown, text};
use clap::Args;

const EXAMPLES: &str = "Examples:
  mailwright drivers                 all drivers side by side
  mailwright drivers panel           one of them, with its reasons
  mailwright drivers --output json";

/// Options of `drivers`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct DriversArgs {
    /// Only this driver
    pub driver: Option<String>,
    /// Forms.
    #[command(flatten)]
    pub outputs: Outputs,
}

/// Prints the matrix.
///
/// # Errors
/// A driver that this build does not have.
pub fn run(args: &DriversArgs, terminal: Terminal) -> Ended {
    let all = views(args.driver.as_deref());
    if all.is_empty() {
        let names: Vec<&str> = REGISTRY.iter().map(|row| row.name).collect();
        return Err(Failure::new(format!("this build has no such driver; it has {}", names.join(", "))));
    }
    args.outputs.deliver(terminal, &mut |format, to_file| match (format, all.as_slice()) {
        (Format::Json, all) => as_json(&all),
        (Format::Text, all) => {
            let styles = if to_file { Styles::plain() } else { terminal.styles() };
            Ok(drawn(args.driver.is_some(), all, terminal.width(), styles))
        }
        (Format::Markdown, [one]) if args.driver.is_some() => Ok(markdown::fence("text", &text::driver(one, Styles::plain()))),
        (Format::Markdown, all) => Ok(markdown::drivers(all)),
    })?;
    Ok(ExitCode::Done)
}

fn drawn(one: bool, all: &[DriverView], width: usize, styles: Styles) -> String {
    match all {
        [driver] if one => text::driver(driver, styles),
        all => text::drivers(all, width, styles),
    }
}

/// The drivers of this build, or the one of that name.
fn views(only: Option<&str>) -> Vec<DriverView> {
    let chosen = REGISTRY.iter().filter(|row| only.is_none_or(|name| name == row.name));
    chosen.map(|row| driver(row.about, &(row.capabilities)())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEGIN: &str = "<!-- drivers: written by MAILWRIGHT_WRITE=1 cargo test --lib drivers_matrix -->\n";
    const END: &str = "<!-- /drivers -->";

    #[test]
    fn the_readme_has_the_drivers_matrix() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
        let stored = std::fs::read_to_string(&path).unwrap();
        let (before, rest) = stored.split_once(BEGIN).expect("README.md has the first mark");
        let (_, after) = rest.split_once(END).expect("README.md has the second mark");
        let fresh = format!("{before}{BEGIN}\n{}\n{END}{after}", markdown::drivers(&views(None)));
        if std::env::var_os("MAILWRIGHT_WRITE").is_some() {
            std::fs::write(&path, &fresh).unwrap();
        }
        let stored = std::fs::read_to_string(&path).unwrap();
        assert!(stored == fresh, "README.md does not say what the drivers can: MAILWRIGHT_WRITE=1 cargo test --lib drivers_matrix");
    }

    #[test]
    fn drivers_stand_side_by_side() {
        let mut all = views(None);
        let other = DriverView { name: "other".into(), about: "another one".into(), rate: None, ..all[0].clone() };
        all.push(other);
        let page = drawn(false, &all, 80, Styles::plain());
        let row =
            |label: &str| page.lines().find(|l| l.trim_start().starts_with(label)).unwrap_or_else(|| panic!("{label}: {page}")).to_owned();
        assert_eq!(row("relay_check").split_whitespace().collect::<Vec<_>>(), ["relay_check", "managed", "managed"], "{page}");
        assert!(row("create").contains("exact k p t a") && row("group").contains("absent"), "{page}");
        let one = drawn(true, &all[..1], 80, Styles::plain());
        assert!(one.contains("this panel has no groups") && !one.contains("side by side"), "{one}");
    }
}
