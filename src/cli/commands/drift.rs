//! `mailwright drift`: what is not as declared, by class; also what authority keeps a plan from changing.

use crate::cli::args::Global;
use crate::cli::choice::Choice;
use crate::cli::failure::Ended;
use crate::cli::output::{Format, Outputs, as_json};
use crate::cli::session::{Wanted, with_session};
use crate::cli::shown::{Looks, Shown, text_options};
use crate::cli::terminal::Terminal;
use crate::engine::Wish;
use crate::render::{markdown, text, view};
use clap::Args;

const EXAMPLES: &str = "Examples:
  mailwright drift                                      all tenants
  mailwright drift acme --output json=drift.json
Ends 2 where any class is not empty, 5 where not everything could be read: it never says \"no drift\" then.";

/// Options of `drift`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct DriftArgs {
    /// Tenants; otherwise all
    pub tenants: Vec<String>,
    /// A part.
    #[command(flatten)]
    pub choice: Choice,
    /// A git revision instead of the files as they are
    #[arg(long, value_name = "REV")]
    pub at: Option<String>,
    /// Cut nothing
    #[arg(long)]
    pub full: bool,
    /// Forms.
    #[command(flatten)]
    pub outputs: Outputs,
}

/// Compares.
///
/// # Errors
/// No workspace; an output that cannot be written.
pub fn run(args: &DriftArgs, global: &Global, terminal: Terminal) -> Ended {
    args.outputs.all()?;
    let wanted = Wanted { at: args.at.as_deref(), writes: false };
    with_session(global, terminal, &wanted, async |session| {
        let planned = session.engine.plan(&Wish { trail: true, ..args.choice.wish(&args.tenants, true) }).await;
        let shown = Shown::new(&planned, session.now());
        shown.tell(terminal);
        let drift = view::drift(&shown.given());
        let looks = Looks { full: args.full, undeclared: true, nothing_written: true };
        args.outputs.deliver(terminal, &mut |format, plain| {
            Ok(match format {
                Format::Text => text::drift(&drift, text_options(terminal, plain, looks)),
                Format::Json => as_json(&drift)?,
                Format::Markdown => markdown::drift(&drift),
            })
        })?;
        Ok(drift.exit)
    })
}
