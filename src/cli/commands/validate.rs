//! `mailwright validate`: all findings, without network and without secrets.

use crate::cli::args::Global;
use crate::cli::failure::Ended;
use crate::cli::output::{Format, Outputs, as_json};
use crate::cli::session::{Wanted, with_session};
use crate::cli::shown::Shown;
use crate::cli::terminal::Terminal;
use crate::engine::Wish;
use crate::render::view::words::count;
use crate::render::{Styles, findings, markdown};
use clap::Args;

const EXAMPLES: &str = "Examples:
  mailwright validate                 the whole workspace
  mailwright validate acme            one tenant
  mailwright validate --output json   findings for machines";

/// Options of `validate`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ValidateArgs {
    /// Tenants; otherwise all
    pub tenants: Vec<String>,
    /// A git revision instead of the files as they are
    #[arg(long, value_name = "REV")]
    pub at: Option<String>,
    /// Forms.
    #[command(flatten)]
    pub outputs: Outputs,
}

/// Validates.
///
/// # Errors
/// No workspace; an output that cannot be written.
pub fn run(args: &ValidateArgs, global: &Global, terminal: Terminal) -> Ended {
    let wanted = Wanted { at: args.at.as_deref(), writes: false };
    with_session(global, terminal, &wanted, async |session| {
        let wish = Wish { tenants: args.tenants.clone(), ..Wish::default() };
        let planned = session.engine.validate(&wish).await;
        let shown = Shown::new(&planned, session.now());
        shown.tell(terminal);
        args.outputs.deliver(terminal, &mut |format, _| {
            let view = shown.view();
            Ok(match format {
                Format::Text => {
                    let good = planned.exits.values().filter(|code| **code == crate::base::ExitCode::Done).count() as u64;
                    let bad = planned.exits.len() as u64 - good;
                    let bad = if bad > 0 { format!(", {bad} with errors") } else { String::new() };
                    format!("{} valid{bad}\n", count(good, "tenant", "tenants"))
                }
                Format::Json => as_json(&view)?,
                Format::Markdown => {
                    let drawn = findings::findings(&planned.findings, &planned.excerpts, Styles::plain(), 110);
                    format!("### mailwright: {}\n\n{}", count(view.errors, "error", "errors"), markdown::findings(&view, &drawn))
                }
            })
        })?;
        Ok(planned.exit.0)
    })
}
