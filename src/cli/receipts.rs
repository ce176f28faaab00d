//! `--receipts FILE`: the journal entries of this run, where they outlive the machine (S11.3).

use crate::cli::failure::Failure;
use crate::cli::output::write;
use crate::model::entry::Entry;
use std::path::Path;

/// The journal's file in a memory folder.
const JOURNAL: &str = "journal";

/// Copies the entries of `run`, a line of JSON each. No entry holds a secret (S10.1).
///
/// # Errors
/// A journal that cannot be read, or a file that cannot be written.
pub fn copy(memory: &Path, run: &str, to: &Path) -> Result<usize, Failure> {
    let journal = memory.join(JOURNAL);
    let text = match std::fs::read_to_string(&journal) {
        Ok(text) => text,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(e) => return Err(Failure::file(&journal, "read", &e)),
    };
    let entries = text.lines().filter_map(|line| line.split_once(' ')).map(|(_, json)| json);
    let ours = entries.filter(|json| serde_json::from_str::<Entry>(json).is_ok_and(|entry| entry.run == run));
    let lines: Vec<String> = ours.map(|json| format!("{json}\n")).collect();
    write(to, &lines.concat())?;
    Ok(lines.len())
}
