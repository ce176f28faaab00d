//! The command line as a type: commands, options, their help and examples.

use crate::cli::commands;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

const EXAMPLES: &str = "Examples:
  mailwright init customers            a small workspace to start from
  mailwright plan                      what would change, for all tenants
  mailwright plan acme --output json=plan.json --output markdown=comment.md
  mailwright apply plan.json           apply what was reviewed
  mailwright explain exit-codes        what the exit codes mean

stdout is data, stderr is talk. NO_COLOR is heeded.";

/// Configuration as code for hosted mail filtering and mail relay.
#[derive(Debug, Parser)]
#[command(name = "mailwright", version, about, after_help = EXAMPLES, disable_help_subcommand = true, max_term_width = 110)]
pub struct Cli {
    /// What holds for every command.
    #[command(flatten)]
    pub global: Global,
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

/// Options of every command.
#[derive(Debug, Clone, Args)]
pub struct Global {
    /// Folder of the workspace; otherwise this folder or the nearest one above with a mailwright.toml
    #[arg(short = 'C', long = "directory", global = true, value_name = "DIR", help_heading = "Global options")]
    pub directory: Option<PathBuf>,
    /// When to use colours
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", help_heading = "Global options")]
    pub color: Colour,
    /// Say more on stderr; twice for more
    #[arg(short, long, global = true, action = clap::ArgAction::Count, help_heading = "Global options")]
    pub verbose: u8,
    /// Say nothing on stderr but errors and findings
    #[arg(short, long, global = true, help_heading = "Global options")]
    pub quiet: bool,
    /// Folder of what outlives a run; otherwise [memory] path, otherwise .mailwright in the workspace
    #[arg(long, global = true, value_name = "DIR", help_heading = "Global options")]
    pub memory: Option<PathBuf>,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Colour {
    /// Where a terminal reads.
    Auto,
    /// Also into files and pipes.
    Always,
    /// Not at all.
    Never,
}

/// The commands, in the order in which people meet them.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write a small workspace to start from
    Init(commands::init::InitArgs),
    /// Check all files, without network and secrets
    Validate(commands::validate::ValidateArgs),
    /// Bring TOML and CSV files into one form
    Fmt(commands::fmt::FmtArgs),
    /// Show what would change, and why
    Plan(commands::plan::PlanArgs),
    /// Show the plan, ask, do it, and read again
    Apply(commands::apply::ApplyArgs),
    /// Print what undoes a run, from its receipts; never writes to a panel
    Undo(commands::undo::UndoArgs),
    /// Write an approval of a plan's gated steps
    Approve(commands::approve::ApproveArgs),
    /// Look after minted credentials
    Credential(commands::credential::CredentialArgs),
    /// Report what is not as declared, by class
    Drift(commands::drift::DriftArgs),
    /// Show what changes as unified diffs
    Diff(commands::diff::DiffArgs),
    /// Write files for a tenant that a panel has already
    Import(commands::import::ImportArgs),
    /// Say what a rule means and how to fix what it finds; or list rules and exit codes
    Explain(commands::explain::ExplainArgs),
    /// Print or write the JSON Schemas of all files
    Schema(commands::schema::SchemaArgs),
    /// List the drivers of this build and what each panel can do
    Drivers(commands::drivers::DriversArgs),
    /// Print a completion script for a shell
    Completions(commands::completions::CompletionsArgs),
    /// Serve the embedded control panel, and make tokens for it
    #[cfg(feature = "panel")]
    Panel(commands::panel::PanelArgs),
}
