//! `mailwright diff`: what changes, as unified diffs of documents that look like the files.

use crate::cli::args::Global;
use crate::cli::choice::Choice;
use crate::cli::failure::Ended;
use crate::cli::session::{Wanted, with_session};
use crate::cli::shown::Shown;
use crate::cli::terminal::Terminal;
use crate::render::diff;
use clap::Args;

const EXAMPLES: &str = "Examples:
  mailwright diff                     live against declared, all tenants
  mailwright diff acme --only 'domain/*'
  mailwright diff --at HEAD~1";

/// Options of `diff`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct DiffArgs {
    /// Tenants; otherwise all
    pub tenants: Vec<String>,
    /// A part.
    #[command(flatten)]
    pub choice: Choice,
    /// A git revision instead of the files as they are
    #[arg(long, value_name = "REV")]
    pub at: Option<String>,
}

/// Compares. Ends as `plan` does.
///
/// # Errors
/// No workspace.
pub fn run(args: &DiffArgs, global: &Global, terminal: Terminal) -> Ended {
    let wanted = Wanted { at: args.at.as_deref(), writes: false };
    with_session(global, terminal, &wanted, async |session| {
        let planned = session.engine.plan(&args.choice.wish(&args.tenants, false)).await;
        let shown = Shown::new(&planned, session.now());
        shown.tell(terminal);
        for (name, why) in shown.troubles() {
            terminal.error(&format!("{name}: {why}"));
        }
        for plan in &planned.plans {
            for (scope, why) in &plan.report.incomplete {
                let why: Vec<String> = why.iter().map(ToString::to_string).collect();
                terminal.complain(&crate::base::printable::printable(&format!("{}: not known: {scope}: {}", plan.tenant, why.join("; "))));
            }
            terminal.print(&diff::unified(&diff::objects(plan), terminal.styles()));
        }
        Ok(planned.exit.0)
    })
}
