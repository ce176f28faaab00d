//! `--receipts FILE`: the journal entries of this run, where they outlive the machine (S11.3).

use crate::cli::failure::Failure;
use crate::cli::output::write;
use crate::model::entry::{Entry, EntryKind};
use std::collections::BTreeSet;
use std::path::Path;

/// The journal's file in a memory folder.
const JOURNAL: &str = "journal";

/// Copies the entries of `run`, a line of JSON each. No entry holds a secret (S10.1).
///
/// # Errors
/// A journal that cannot be read, or a file that cannot be written.
pub fn copy(memory: &Path, run: &str, to: &Path) -> Result<usize, Failure> {
    let text = journal(memory)?;
    let ours = lines(&text).filter(|(_, entry)| entry.run == run);
    let lines: Vec<String> = ours.map(|(json, _)| format!("{json}\n")).collect();
    write(to, &lines.concat())?;
    Ok(lines.len())
}

/// The entries of the run whose id begins with `run`, else of the last run that has a receipt; and how many runs there are.
/// Where several begin so, of the last of them.
///
/// # Errors
/// A journal that cannot be read.
pub fn of_run(memory: &Path, run: Option<&str>) -> Result<(usize, Vec<Entry>), Failure> {
    let text = journal(memory)?;
    let all: Vec<Entry> = lines(&text).map(|(_, entry)| entry).collect();
    let known: BTreeSet<&str> = all.iter().map(|e| e.run.as_str()).collect();
    let meant = |entry: &&Entry| match run {
        Some(begins) => !begins.is_empty() && entry.run.starts_with(begins),
        None => matches!(entry.kind, EntryKind::Receipt { .. }),
    };
    let found = all.iter().rev().find(meant).map(|e| e.run.clone());
    let known = known.len();
    Ok((known, all.into_iter().filter(|e| Some(&e.run) == found.as_ref()).collect()))
}

/// The text of a journal; empty where there is none.
fn journal(memory: &Path) -> Result<String, Failure> {
    let journal = memory.join(JOURNAL);
    match std::fs::read_to_string(&journal) {
        Ok(text) => Ok(text),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
        Err(e) => Err(Failure::file(&journal, "read", &e)),
    }
}

/// Its entries, each with its JSON; what is torn is left out.
fn lines(text: &str) -> impl Iterator<Item = (&str, Entry)> {
    let json = text.lines().filter_map(|line| line.split_once(' ')).map(|(_, json)| json);
    json.filter_map(|json| Some((json, serde_json::from_str::<Entry>(json).ok()?)))
}
