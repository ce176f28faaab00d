//! `mailwright undo`: what undoes a run, as files of lines to paste, from its receipts (S17.3). Never writes to a panel, and
//! never into the files of the workspace: which line of which list made a change is the user's to know.

use crate::base::printable::printable;
use crate::base::{ExitCode, TenantName, Timestamp};
use crate::cli::args::Global;
use crate::cli::failure::{Ended, Failure};
use crate::cli::output::write;
use crate::cli::terminal::Terminal;
use crate::cli::{receipts, session, workspace};
use crate::engine::undo::{Undone, undo};
use crate::model::Entry;
use clap::Args;
use std::path::{Path, PathBuf};

/// The folder below the workspace that takes the files, one folder for each run.
const FOLDER: &str = "undo";

const EXAMPLES: &str = "Examples:
  mailwright undo                                 undoes the last run that memory knows
  mailwright undo 01a20328                        the run whose id begins so
  mailwright undo receipts.jsonl                  what `apply --receipts receipts.jsonl` kept
  mailwright undo --print                         on stdout, no file
Nothing is sent to a panel: paste, then plan and apply as always. Ends 2 where something cannot be undone.";

/// Options of `undo`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct UndoArgs {
    /// What `apply --receipts FILE` wrote, or the id of a run in memory; otherwise the last run in memory
    #[arg(value_name = "RECEIPTS|RUN")]
    pub receipts: Option<String>,
    /// Write a file for each tenant into this folder instead of undo/RUN in the workspace; none is overwritten
    #[arg(long, value_name = "DIR")]
    pub into: Option<PathBuf>,
    /// Print instead of writing files
    #[arg(long, conflicts_with = "into")]
    pub print: bool,
}

/// Says what undoes a run.
///
/// # Errors
/// Receipts that cannot be read; no such run; a file that is there already.
pub fn run(args: &UndoArgs, global: &Global, terminal: Terminal) -> Ended {
    let entries = entries(args, global)?;
    let today = Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let all = undo(&entries, today);
    let files: Vec<(String, String)> = all.iter().map(|(name, undone)| (format!("undo-{name}.toml"), file(name, undone))).collect();
    if args.print {
        files.iter().for_each(|(_, text)| terminal.print(&format!("{text}\n")));
    } else if !files.is_empty() {
        let run = entries.last().map_or("", |e| e.run.as_str());
        let folder = match &args.into {
            Some(folder) => folder.clone(),
            None => workspace::find(global)?.join(FOLDER).join(run),
        };
        into(&folder, &files, terminal)?;
    }
    let mut code = ExitCode::Done;
    for (tenant, undone) in &all {
        undone.by_hand.iter().for_each(|what| terminal.say(&printable(&format!("{tenant}: {what}"))));
        for what in &undone.cannot {
            terminal.complain(&printable(&format!("cannot be undone: {what}")));
            code = ExitCode::Pending;
        }
    }
    if files.is_empty() {
        terminal.say("nothing in it took effect");
    }
    Ok(code)
}

/// The text of a tenant: what to do and what stays done as comments, then the lines to paste.
fn file(tenant: &TenantName, undone: &Undone) -> String {
    let mut text = format!("# {tenant}: paste what you want back, in the place of what is declared\n");
    let notes = undone.by_hand.iter().map(|what| ("by hand", what)).chain(undone.cannot.iter().map(|what| ("cannot be undone", what)));
    notes.for_each(|(how, what)| text.push_str(&format!("# {how}: {}\n", printable(what))));
    text + &undone.text
}

/// The entries of the run that is meant.
fn entries(args: &UndoArgs, global: &Global) -> Result<Vec<Entry>, Failure> {
    if let Some(file) = args.receipts.as_ref().map(Path::new).filter(|path| path.is_file()) {
        return read(file);
    }
    let memory = session::memory_of(global)?;
    let (known, found) = receipts::of_run(&memory, args.receipts.as_deref())?;
    match (&args.receipts, found.is_empty()) {
        (_, false) => Ok(found),
        (Some(run), true) => {
            Err(Failure::new(format!("{run} is no file, and {known} runs in the memory {} have no id that begins so", memory.display())))
        }
        (None, true) => Err(Failure::new(format!("the memory {} knows no run that changed anything", memory.display()))),
    }
}

fn read(file: &Path) -> Result<Vec<Entry>, Failure> {
    let text = std::fs::read_to_string(file).map_err(|e| Failure::file(file, "read", &e))?;
    let line = |(at, line): (usize, &str)| {
        serde_json::from_str::<Entry>(line).map_err(|e| Failure::new(format!("{}:{}: no receipt: {e}", file.display(), at + 1)))
    };
    text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()).map(line).collect()
}

/// Writes the files; where one is there already, none.
fn into(folder: &Path, files: &[(String, String)], terminal: Terminal) -> Result<(), Failure> {
    if let Some((name, _)) = files.iter().find(|(name, _)| folder.join(name).exists()) {
        return Err(Failure::new(format!("{} is there already; nothing was written", folder.join(name).display())));
    }
    std::fs::create_dir_all(folder).map_err(|e| Failure::file(folder, "made", &e))?;
    for (name, text) in files {
        let path = folder.join(name);
        write(&path, text)?;
        terminal.print(&format!("{}\n", path.display()));
    }
    Ok(())
}
