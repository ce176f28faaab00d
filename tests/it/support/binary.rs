//! The program itself, run as a process: the optimised binary where `tests/all.sh` names it, else the debug one.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The binary under test.
pub fn path() -> PathBuf {
    std::env::var_os("MAILWRIGHT_RELEASE_BIN").map_or_else(|| PathBuf::from(env!("CARGO_BIN_EXE_mailwright")), PathBuf::from)
}

/// A command on a workspace, without colours and without what the caller's environment says.
pub fn command(workspace: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(path());
    command.arg("-C").arg(workspace).args(args).env("NO_COLOR", "1").env_remove("CI").env_remove("CLICOLOR_FORCE");
    command
}

/// Runs it to its end.
pub fn run(workspace: &Path, args: &[&str]) -> Ran {
    let output = command(workspace, args).output().expect("the binary runs");
    Ran::from(output)
}

/// What it said, and how it ended.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

/// Copies a folder with its folders.
pub fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder").map(|e| e.expect("an entry")) {
        let target = to.join(entry.file_name());
        if entry.file_type().expect("a type").is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("a copy");
        }
    }
}

/// A folder of this package.
pub fn repository(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}
