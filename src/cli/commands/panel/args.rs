//! The options of `mailwright panel`, and the way to its parts.

use crate::cli::commands::panel::serve::{ServeArgs, serve};
use crate::cli::commands::panel::token::{TokenArgs, TokenCommand, create};
use crate::cli::failure::{Ended, Failure};
use crate::cli::terminal::Terminal;
use clap::{Args, Subcommand};

const EXAMPLES: &str = "Examples:
  mailwright panel token create --db panel.db --name ci --write
  mailwright panel serve --db panel.db --listen 127.0.0.1:8080";

/// Options of `panel`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct PanelArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: PanelCommand,
}

/// What can be done with a panel.
#[derive(Debug, Subcommand)]
pub enum PanelCommand {
    /// Serve a panel over HTTP until it is stopped
    Serve(ServeArgs),
    /// Make tokens
    Token(TokenArgs),
}

/// Does it.
///
/// # Errors
/// A database or an address that cannot be used.
pub fn run(args: &PanelArgs, terminal: Terminal) -> Ended {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|e| Failure::new(format!("the runtime cannot be started: {e}")))?;
    runtime.block_on(async {
        match &args.command {
            PanelCommand::Serve(args) => serve(args, terminal).await,
            PanelCommand::Token(TokenArgs { command: TokenCommand::Create(args) }) => create(args, terminal).await,
        }
    })
}
