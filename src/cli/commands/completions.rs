//! `mailwright completions`: a script that lets a shell complete commands and options.

use crate::base::ExitCode;
use crate::cli::args::Cli;
use crate::cli::failure::Ended;
use crate::cli::terminal::Terminal;
use clap::{Args, CommandFactory};
use clap_complete::Shell;

const EXAMPLES: &str = "Examples:
  mailwright completions bash > ~/.local/share/bash-completion/completions/mailwright
  mailwright completions zsh > ~/.zfunc/_mailwright
  mailwright completions fish > ~/.config/fish/completions/mailwright.fish";

/// Options of `completions`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct CompletionsArgs {
    /// The shell
    pub shell: Shell,
}

/// Prints the script.
///
/// # Errors
/// None; a shell that is not known is refused before.
pub fn run(args: &CompletionsArgs, terminal: Terminal) -> Ended {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "mailwright", &mut script);
    terminal.print(&String::from_utf8_lossy(&script));
    Ok(ExitCode::Done)
}
