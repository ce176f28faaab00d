//! `mailwright fmt`: TOML and CSV in one form. Comments stay; what cannot be read for certain is left as it is.

use crate::base::{ExitCode, FileId, Findings};
use crate::cli::args::Global;
use crate::cli::failure::{Ended, Failure};
use crate::cli::output::write;
use crate::cli::terminal::Terminal;
use crate::cli::workspace;
use crate::config::{self, Role};
use crate::engine;
use crate::port::Source;
use crate::render;
use crate::store::WorkTree;
use clap::Args;
use std::path::Path;

const EXAMPLES: &str = "Examples:
  mailwright fmt                         all files of the workspace
  mailwright fmt --check                 names the files that would change and ends 2; for pipelines
  mailwright fmt tenants/acme.toml";

/// Options of `fmt`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct FmtArgs {
    /// Files, relative to the workspace; otherwise all
    pub files: Vec<String>,
    /// Write nothing; end 2 where a file would change
    #[arg(long)]
    pub check: bool,
}

/// Formats.
///
/// # Errors
/// No workspace; a file that is not there or cannot be written.
pub fn run(args: &FmtArgs, global: &Global, terminal: Terminal) -> Ended {
    let tree = WorkTree::open(&workspace::find(global)?)?;
    let listed = tree.list()?;
    let chosen = |name: &str| args.files.is_empty() || args.files.iter().any(|f| f.trim_start_matches("./") == name);
    if let Some(lost) = args.files.iter().find(|f| !listed.iter().any(|l| l.name == f.trim_start_matches("./"))) {
        return Err(Failure::new(format!("{lost} is no TOML or CSV file of the workspace {}", tree.root().display())));
    }
    let mut code = ExitCode::Done;
    for file in listed.iter().filter(|f| chosen(&f.name)) {
        let mut bytes = Vec::new();
        tree.read(&file.name, 0..file.len, &mut bytes)?;
        match formatted(&file.name, &bytes) {
            None => {}
            Some(Err(findings)) => {
                let excerpts = engine::excerpts(&tree, std::slice::from_ref(&file.name), &findings)?;
                terminal.complain(&render::findings::findings(&findings, &excerpts, terminal.talk_styles(), terminal.width()));
                code = code.gravest(ExitCode::Error);
            }
            Some(Ok(text)) if text == bytes => {}
            Some(Ok(text)) => {
                terminal.print(&format!("{}\n", file.name));
                if args.check {
                    code = code.gravest(ExitCode::Pending);
                } else {
                    save(&tree.root().join(&file.name), &text)?;
                }
            }
        }
    }
    Ok(code)
}

/// The file in its form; `None`: it is none of ours.
fn formatted(name: &str, bytes: &[u8]) -> Option<Result<Vec<u8>, Findings>> {
    match config::role(name) {
        Role::Workspace | Role::Approvals | Role::Tenant { .. } | Role::BadTenant { .. } => {
            let mut findings = Findings::new();
            let Some(text) = config::text_of(bytes.to_vec(), FileId(0), &mut findings) else { return Some(Err(findings)) };
            if findings.has_errors() {
                return Some(Err(findings));
            }
            Some(config::fmt_toml(&text).map(String::into_bytes))
        }
        Role::Csv => Some(config::fmt_csv(bytes, FileId(0))),
        Role::Other => None,
    }
}

fn save(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let text = std::str::from_utf8(bytes).map_err(|e| Failure::new(format!("{}: {e}", path.display())))?;
    write(path, text)
}
