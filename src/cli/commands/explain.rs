//! `mailwright explain`: a rule in full, the list of rules, the exit codes.

use crate::base::ExitCode;
use crate::cli::failure::{Ended, Failure};
use crate::cli::rules;
use crate::cli::terminal::Terminal;
use crate::render::{explain, paint};
use clap::Args;

const EXAMPLES: &str = "Examples:
  mailwright explain MW0103        what the rule is about, an example, the fix
  mailwright explain list          all rules, a line each
  mailwright explain exit-codes    what the exit codes mean";

/// Options of `explain`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ExplainArgs {
    /// Ids of rules, or `list`, or `exit-codes`
    #[arg(required = true, value_name = "ID|list|exit-codes")]
    pub what: Vec<String>,
}

/// Prints what was asked for.
///
/// # Errors
/// An id that no rule has.
pub fn run(args: &ExplainArgs, terminal: Terminal) -> Ended {
    let mut out = Vec::new();
    for what in &args.what {
        out.push(match what.as_str() {
            "list" => explain::rules(rules::all().into_iter(), terminal.styles()),
            "exit-codes" => exit_codes(terminal),
            id => rule(id, terminal)?,
        });
    }
    terminal.print(&out.join("\n"));
    Ok(ExitCode::Done)
}

fn rule(id: &str, terminal: Terminal) -> Result<String, Failure> {
    let id = id.to_uppercase();
    if let Some(doc) = rules::all().into_iter().find(|d| d.id.0 == id) {
        return Ok(explain::rule(doc, terminal.styles(), terminal.width()));
    }
    let near = rules::nearest(&id).map_or_else(String::new, |near| format!(" (did you mean {near}?)"));
    Err(Failure::new(format!("no rule has the id {}{near}; `mailwright explain list` shows all", crate::base::printable::printable(&id))))
}

fn exit_codes(terminal: Terminal) -> String {
    let styles = terminal.styles();
    let mut codes = ExitCode::BY_GRAVITY;
    codes.sort_by_key(|code| code.number());
    let mut out = String::new();
    for code in codes {
        out.push_str(&format!("{}  {}\n", paint(styles.strong, &code.number().to_string()), code.meaning()));
    }
    let order: Vec<String> = ExitCode::BY_GRAVITY.iter().map(|c| c.number().to_string()).collect();
    out.push_str(&format!("\nJudged per tenant; a run ends with the gravest, in the order {}.\n", order.join(", ")));
    out.push_str("`drift` ends 2 when any class is not empty; `import` ends 2 when something could not be expressed.\n");
    out
}
