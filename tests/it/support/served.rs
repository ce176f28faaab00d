//! `mailwright panel serve` as a process of its own, on a free port, until it is dropped.

use crate::support::binary;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ExitStatus, Stdio};

/// A served panel; its database is `panel.db` in the folder.
pub struct Served {
    /// As `mailwright.toml` takes it.
    pub url: String,
    child: Option<Child>,
}

impl Served {
    pub fn start(folder: &Path, more: &[&str]) -> Self {
        let mut command = binary::command(folder, &["panel", "serve", "--quiet", "--listen", "127.0.0.1:0", "--db"]);
        let mut child = command.arg(folder.join("panel.db")).args(more).stdout(Stdio::piped()).spawn().expect("it starts");
        let mut url = String::new();
        BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut url).expect("its address");
        assert!(url.starts_with("http://127.0.0.1:"), "`{url}`");
        Self { url: url.trim().to_owned(), child: Some(child) }
    }
    /// Makes a token with the program, as people do.
    pub fn token(folder: &Path, more: &[&str]) -> String {
        let mut command = binary::command(folder, &["panel", "token", "create", "--quiet", "--name", "test", "--db"]);
        let made = binary::Ran::from(command.arg(folder.join("panel.db")).args(more).output().expect("it runs"));
        assert!(made.code == 0 && made.err.is_empty(), "{made:?}");
        made.out.trim().to_owned()
    }
    /// Sends SIGINT and waits for the end.
    pub fn interrupt(mut self) -> ExitStatus {
        let mut child = self.child.take().expect("it runs");
        interrupt(&child);
        child.wait().expect("it ends")
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            // It may have ended by itself.
            drop(child.kill());
            drop(child.wait());
        }
    }
}

/// Ctrl-C, to one process.
pub fn interrupt(child: &Child) {
    let sent = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill runs");
    assert!(sent.success());
}
