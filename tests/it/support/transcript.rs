//! Transcripts: documents of commands and what they say, run anew in a folder of their own.
//!
//! A `console` block of a file of `tests/cmd` holds commands (`$ …`, lines that end with `\` go on), what each prints on
//! stdout and stderr, and `? N` where it does not end 0. A line `<!-- workspace: FOLDER -->` says what the folder starts
//! with. `MAILWRIGHT_OVERWRITE=1` writes the documents anew; whoever commits them has read them.

use crate::support::binary;
use crate::support::normal::normal;
use std::path::Path;
use std::process::{Command, Stdio};

/// Runs a document and gives it back as it should be.
pub fn run(document: &str, env: &[(&str, &str)]) -> String {
    let dir = tempfile::tempdir().expect("a folder");
    if let Some(folder) = document.lines().find_map(|l| l.strip_prefix("<!-- workspace: ")?.strip_suffix(" -->")) {
        binary::copy(&binary::repository(folder), dir.path());
    }
    let mut out = String::new();
    let mut lines = document.lines();
    while let Some(line) = lines.next() {
        out.push_str(&format!("{line}\n"));
        if line != "```console" {
            continue;
        }
        let block: Vec<&str> = lines.by_ref().take_while(|l| *l != "```").collect();
        for command in commands(&block) {
            let said = shell(dir.path(), &command, env);
            out.push_str(&format!("$ {command}\n{}", normal(&said, dir.path())));
        }
        out.push_str("```\n");
    }
    out
}

/// The commands of a block, without what they said.
fn commands(block: &[&str]) -> Vec<String> {
    let mut commands: Vec<String> = Vec::new();
    let mut goes_on = false;
    for line in block {
        match line.strip_prefix("$ ") {
            Some(command) => commands.push(command.to_owned()),
            None if goes_on => commands.last_mut().expect("a first line").push_str(&format!("\n{line}")),
            None => continue,
        }
        goes_on = line.ends_with('\\');
    }
    commands
}

fn shell(dir: &Path, command: &str, env: &[(&str, &str)]) -> String {
    let script = format!("mailwright() {{ \"$MAILWRIGHT\" \"$@\"; }}\nexec 2>&1\n{command}\n");
    let mut bash = Command::new("bash");
    bash.args(["-c", &script]).current_dir(dir).stdin(Stdio::null());
    bash.env("MAILWRIGHT", binary::path()).env("NO_COLOR", "1").env("COLUMNS", "100").env("USER", "ann").env_remove("CI");
    bash.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_SYSTEM", "/dev/null").envs(env.iter().copied());
    let ran = binary::Ran::from(bash.output().expect("bash runs"));
    let gap = if ran.out.is_empty() || ran.out.ends_with('\n') { "" } else { "\n" };
    let ended = if ran.code == 0 { String::new() } else { format!("? {}\n", ran.code) };
    format!("{}{gap}{ended}", ran.out)
}

/// Compares with what is written, or writes it.
///
/// # Panics
/// Where they differ.
pub fn check(path: &Path, now: &str) {
    if std::env::var_os("MAILWRIGHT_OVERWRITE").is_some() {
        std::fs::write(path, now).expect("it can be written");
        return;
    }
    let written = std::fs::read_to_string(path).unwrap_or_default();
    let diff = similar::TextDiff::from_lines(&written, now).unified_diff().context_radius(3).to_string();
    assert!(written == now, "{} is not what is said now (MAILWRIGHT_OVERWRITE=1 writes it anew):\n{diff}", path.display());
}
