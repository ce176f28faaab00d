//! `mailwright plan`: what would change, and why. Nothing is written.

use crate::cli::args::Global;
use crate::cli::choice::Choice;
use crate::cli::failure::Ended;
use crate::cli::output::Outputs;
use crate::cli::session::{Wanted, with_session};
use crate::cli::shown::{Looks, Shown};
use crate::cli::terminal::Terminal;
use clap::Args;

const EXAMPLES: &str = "Examples:
  mailwright plan                                   all tenants
  mailwright plan acme --only user/bob@acme.example
  mailwright plan --exclude 'domain/*' --max-risk R2
  mailwright plan --at origin/main                  the files of a commit
  mailwright plan --output json=plan.json --output markdown=comment.md

Ends 0 where nothing is to do, 2 where changes are pending, 4 where an approval is needed;
`mailwright explain exit-codes` tells all.";

/// Options of `plan`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct PlanArgs {
    /// Tenants; otherwise all
    pub tenants: Vec<String>,
    /// A part.
    #[command(flatten)]
    pub choice: Choice,
    /// A git revision instead of the files as they are
    #[arg(long, value_name = "REV")]
    pub at: Option<String>,
    /// List addresses that no file names
    #[arg(long)]
    pub undeclared: bool,
    /// Fold and cut nothing
    #[arg(long)]
    pub full: bool,
    /// Forms.
    #[command(flatten)]
    pub outputs: Outputs,
}

/// Plans.
///
/// # Errors
/// No workspace; an output that cannot be written.
pub fn run(args: &PlanArgs, global: &Global, terminal: Terminal) -> Ended {
    args.outputs.all()?;
    let wanted = Wanted { at: args.at.as_deref(), writes: false };
    with_session(global, terminal, &wanted, async |session| {
        let planned = session.engine.plan(&args.choice.wish(&args.tenants, args.undeclared)).await;
        let shown = Shown::new(&planned, session.now());
        shown.tell(terminal);
        let looks = Looks { full: args.full, undeclared: args.undeclared, nothing_written: true };
        args.outputs.deliver(terminal, &mut |format, plain| shown.draw(terminal, format, plain, looks))?;
        Ok(planned.exit.0)
    })
}
