//! From the process's arguments to its exit code.

use crate::base::ExitCode;
use crate::cli::args::{Cli, Command};
use crate::cli::commands;
use crate::cli::failure::Ended;
use crate::cli::terminal::Terminal;
use clap::Parser;

/// Runs the program. Also ends with 1 where the command line is wrong: 2 means that changes are pending (S18.2).
#[must_use]
pub fn main() -> std::process::ExitCode {
    // The one TLS provider of the process; a second installation could only come from ourselves.
    drop(rustls::crypto::ring::default_provider().install_default());
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let code = if error.use_stderr() { ExitCode::Error } else { ExitCode::Done };
            // A closed pipe while help is printed is no error.
            drop(error.print());
            return code.number().into();
        }
    };
    let terminal = Terminal::new(cli.global.color, cli.global.quiet);
    log(cli.global.verbose);
    match run(cli, terminal) {
        Ok(code) => code.number().into(),
        Err(failure) => {
            terminal.error(&failure.text);
            failure.code.number().into()
        }
    }
}

fn run(cli: Cli, terminal: Terminal) -> Ended {
    let global = cli.global;
    match cli.command {
        Command::Init(args) => commands::init::run(&args, &global, terminal),
        Command::Validate(args) => commands::validate::run(&args, &global, terminal),
        Command::Fmt(args) => commands::fmt::run(&args, &global, terminal),
        Command::Plan(args) => commands::plan::run(&args, &global, terminal),
        Command::Apply(args) => commands::apply::run(&args, &global, terminal),
        Command::Undo(args) => commands::undo::run(&args, &global, terminal),
        Command::Approve(args) => commands::approve::run(&args, &global, terminal),
        Command::Credential(args) => commands::credential::run(&args, &global, terminal),
        Command::Drift(args) => commands::drift::run(&args, &global, terminal),
        Command::Diff(args) => commands::diff::run(&args, &global, terminal),
        Command::Import(args) => commands::import::run(&args, &global, terminal),
        Command::Explain(args) => commands::explain::run(&args, terminal),
        Command::Schema(args) => commands::schema::run(&args, terminal),
        Command::Drivers(args) => commands::drivers::run(&args, terminal),
        Command::Completions(args) => commands::completions::run(&args, terminal),
        #[cfg(feature = "panel")]
        Command::Panel(args) => commands::panel::run(&args, terminal),
    }
}

/// Traces of the library on stderr, for `-v`.
fn log(verbose: u8) {
    use tracing_subscriber::filter::{LevelFilter, Targets};
    use tracing_subscriber::layer::SubscriberExt;
    use tracing_subscriber::util::SubscriberInitExt;
    let level = match verbose {
        0 => return,
        1 => LevelFilter::INFO,
        2 => LevelFilter::DEBUG,
        _ => LevelFilter::TRACE,
    };
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_target(false);
    let filter = Targets::new().with_target("mailwright", level);
    // A second subscriber could only come from ourselves; tracing is talk, so it must not stop the program.
    drop(tracing_subscriber::registry().with(filter).with(lines).try_init());
}
