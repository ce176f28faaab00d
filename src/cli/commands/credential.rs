//! `mailwright credential reset`: a new password for an SMTP user, into its sink.

use crate::cli::args::Global;
use crate::cli::choice::Choice;
use crate::cli::commands::apply::{self, ApplyArgs};
use crate::cli::failure::{Ended, Failure};
use crate::cli::output::Outputs;
use crate::cli::terminal::Terminal;
use crate::model::Kind;
use clap::{Args, Subcommand};

const EXAMPLES: &str = "Examples:
  mailwright credential reset smtp-user/crm           asks; the present password ends at once
  mailwright credential reset smtp-user/crm acme --yes";

/// Options of `credential`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct CredentialArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: CredentialCommand,
}

/// What can be done with credentials.
#[derive(Debug, Subcommand)]
pub enum CredentialCommand {
    /// Have a new password minted, and keep it in the declared sink
    Reset(ResetArgs),
}

/// Options of `credential reset`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ResetArgs {
    /// The SMTP user as it is declared: smtp-user/NAME
    #[arg(value_name = "KEY")]
    pub key: String,
    /// Its tenant; otherwise the one that declares it
    #[arg(value_name = "TENANT")]
    pub tenant: Option<String>,
    /// Answer the question with yes; gates stay closed
    #[arg(long, short = 'y')]
    pub yes: bool,
    /// Forms of what was done.
    #[command(flatten)]
    pub outputs: Outputs,
}

/// Does it.
///
/// # Errors
/// A key that is none; no such SMTP user; what `apply` says.
pub fn run(args: &CredentialArgs, global: &Global, terminal: Terminal) -> Ended {
    let CredentialCommand::Reset(reset) = &args.command;
    let name = reset.key.strip_prefix(Kind::SmtpUser.word()).and_then(|rest| rest.strip_prefix('/')).filter(|name| !name.is_empty());
    let name = name.ok_or_else(|| Failure::new(format!("`{}` is no SMTP user: write smtp-user/NAME", reset.key)))?;
    let args = ApplyArgs {
        what: reset.tenant.iter().cloned().collect(),
        choice: Choice { only: vec![reset.key.clone()], ..Choice::default() },
        yes: reset.yes,
        wait: false,
        receipts: None,
        full: false,
        outputs: reset.outputs.clone(),
    };
    apply::run_with(&args, global, terminal, Some(name))
}
