//! `mailwright panel token create`: a token for a panel's database, shown once.

use crate::base::ExitCode;
use crate::cli::failure::{Ended, Failure};
use crate::cli::terminal::Terminal;
use crate::engine::clock::SystemClock;
use crate::panel::{self, PanelClock, PanelOptions, TokenScope};
use clap::{Args, Subcommand};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

const EXAMPLES: &str = "Examples:
  mailwright panel token create --db panel.db --name ci                reads only
  mailwright panel token create --db panel.db --name deploy --write --days 30
  export MAILWRIGHT_TOKEN=$(mailwright panel token create --db panel.db --name me --write --quiet)";

const DAY_SECONDS: u64 = 86_400;

/// Options of `panel token`.
#[derive(Debug, Args)]
pub struct TokenArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: TokenCommand,
}

/// What can be done with tokens.
#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Make a token; stdout is the token and nothing else
    Create(CreateArgs),
}

/// Options of `panel token create`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct CreateArgs {
    /// The panel's database file
    #[arg(long, value_name = "PATH", default_value = "panel.db")]
    pub db: PathBuf,
    /// Whose it is, for the audit trail
    #[arg(long)]
    pub name: String,
    /// May write as well as read
    #[arg(long)]
    pub write: bool,
    /// The panel's id of the only tenant that it may see
    #[arg(long, value_name = "ID")]
    pub tenant: Option<String>,
    /// Days until it ends; otherwise it does not
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u64).range(1..=3650))]
    pub days: Option<u64>,
}

/// Makes it.
///
/// # Errors
/// A database that cannot be opened; a tenant that is not there.
pub async fn create(args: &CreateArgs, terminal: Terminal) -> Ended {
    let fail = |e: panel::PanelError| Failure::new(format!("{}: {e}", args.db.display()));
    let clock = PanelClock::Given(Arc::new(SystemClock));
    let panel = panel::open(&args.db, clock, PanelOptions::default()).await.map_err(fail)?;
    let scopes: &[TokenScope] = if args.write { &[TokenScope::Read, TokenScope::Write] } else { &[TokenScope::Read] };
    let life = args.days.map(|days| Duration::from_secs(days * DAY_SECONDS));
    let minted = panel.mint_token(&args.name, scopes, args.tenant.as_deref(), life).await;
    panel.close().await;
    let token = minted.map_err(fail)?;
    // The one moment at which it can be seen: it was asked for on this terminal (S10).
    terminal.print(&format!("{}\n", token.expose()));
    terminal.say("keep it now: it is stored hashed and cannot be shown again");
    Ok(ExitCode::Done)
}
