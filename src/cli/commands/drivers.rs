//! `mailwright drivers`: what each kind of panel can do, from the drivers' own data.

use crate::base::ExitCode;
use crate::cli::failure::{Ended, Failure};
use crate::cli::output::{Format, Outputs, as_json};
use crate::cli::terminal::Terminal;
use crate::drivers::REGISTRY;
use crate::render::text;
use crate::render::view::{DriverView, driver};
use clap::Args;

const EXAMPLES: &str = "Examples:
  mailwright drivers                 a matrix of all drivers
  mailwright drivers panel           one of them
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
    let chosen = |name: &str| args.driver.as_deref().is_none_or(|d| d == name);
    let all: Vec<DriverView> = REGISTRY.iter().filter(|row| chosen(row.name)).map(|row| driver(row.about, &(row.capabilities)())).collect();
    if all.is_empty() {
        let names: Vec<&str> = REGISTRY.iter().map(|row| row.name).collect();
        return Err(Failure::new(format!("this build has no such driver; it has {}", names.join(", "))));
    }
    args.outputs.deliver(terminal, &mut |format, to_file| match format {
        Format::Json => as_json(&all),
        Format::Text | Format::Markdown => {
            let styles = if to_file || format == Format::Markdown { crate::render::Styles::plain() } else { terminal.styles() };
            let drawn = text::drivers(&all, styles);
            Ok(if format == Format::Markdown { crate::render::markdown::fence("text", &drawn) } else { drawn })
        }
    })?;
    Ok(ExitCode::Done)
}
