//! `mailwright undo`: what undoes a run, as lines to paste, from its receipts. Never writes to a panel.

use crate::base::ExitCode;
use crate::base::Timestamp;
use crate::cli::failure::{Ended, Failure};
use crate::cli::output::write;
use crate::cli::terminal::Terminal;
use crate::engine::undo::undo;
use crate::model::Entry;
use clap::Args;
use std::path::{Path, PathBuf};

const EXAMPLES: &str = "Examples:
  mailwright apply --receipts receipts.jsonl      keeps what is needed
  mailwright undo receipts.jsonl                  prints TOML to paste, and what cannot be undone
  mailwright undo receipts.jsonl --into undo      a file for each tenant
Nothing is sent to a panel: paste, then plan and apply as always. Ends 2 where something cannot be undone.";

/// Options of `undo`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct UndoArgs {
    /// What `apply --receipts FILE` wrote
    #[arg(value_name = "RECEIPTS")]
    pub receipts: PathBuf,
    /// Write a file for each tenant into this folder; none is overwritten
    #[arg(long, value_name = "DIR")]
    pub into: Option<PathBuf>,
}

/// Says what undoes a run.
///
/// # Errors
/// Receipts that cannot be read; a file that is there already.
pub fn run(args: &UndoArgs, terminal: Terminal) -> Ended {
    let entries = read(&args.receipts)?;
    let today = Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let all = undo(&entries, today);
    let mut code = ExitCode::Done;
    for (tenant, undone) in &all {
        if !undone.text.is_empty() {
            let text = format!("# {tenant}: paste what you want back, in the place of what is declared\n{}", undone.text);
            match &args.into {
                None => terminal.print(&format!("{text}\n")),
                Some(folder) => into(folder, &format!("undo-{tenant}.toml"), &text, terminal)?,
            }
        }
        for what in &undone.by_hand {
            terminal.say(&crate::base::printable::printable(&format!("{tenant}: {what}")));
        }
        for what in &undone.cannot {
            terminal.complain(&crate::base::printable::printable(&format!("cannot be undone: {what}")));
            code = ExitCode::Pending;
        }
    }
    if all.values().all(|u| u.text.is_empty() && u.cannot.is_empty()) {
        terminal.say("nothing in it took effect");
    }
    Ok(code)
}

fn read(file: &Path) -> Result<Vec<Entry>, Failure> {
    let text = std::fs::read_to_string(file).map_err(|e| Failure::file(file, "read", &e))?;
    let line = |(at, line): (usize, &str)| {
        serde_json::from_str::<Entry>(line).map_err(|e| Failure::new(format!("{}:{}: no receipt: {e}", file.display(), at + 1)))
    };
    text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()).map(line).collect()
}

fn into(folder: &Path, name: &str, text: &str, terminal: Terminal) -> Result<(), Failure> {
    std::fs::create_dir_all(folder).map_err(|e| Failure::file(folder, "made", &e))?;
    let path = folder.join(name);
    if path.exists() {
        return Err(Failure::new(format!("{} is there already; nothing was written", path.display())));
    }
    write(&path, text)?;
    terminal.print(&format!("{}\n", path.display()));
    Ok(())
}
