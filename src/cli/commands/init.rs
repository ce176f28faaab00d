//! `mailwright init`: a small workspace with comments. Never overwrites.

use crate::base::ExitCode;
use crate::cli::args::Global;
use crate::cli::failure::{Ended, Failure};
use crate::cli::output::write;
use crate::cli::schemas;
use crate::cli::terminal::Terminal;
use clap::Args;
use std::path::{Path, PathBuf};

const EXAMPLES: &str = "Examples:
  mailwright init                  into this folder
  mailwright init customers        into a new folder
Then:
  mailwright -C customers plan     on an embedded panel, without any account";

/// What git must not keep: memory, the embedded panel's database, secrets.
const IGNORED: &[&str] = &[".mailwright/", "panel.db*", "secrets/"];

const WORKSPACE: &str = r#"#:schema schemas/mailwright.schema.json
schema = "mailwright/v1"

# A panel. This one is mailwright's own, embedded: it runs in this process and keeps its data in a file, so everything
# can be tried without an account. For a served panel write its URL and where its token is:
#   url = "https://panel.example/v1"
#   token = { env = "MAILWRIGHT_TOKEN" }
[providers.edge]
driver = "panel"
url = "embedded:panel.db"

# What no tenant may loosen; these are the defaults.
[guards]
delete_budget = { objects = 5, percent = 5, named = 20, run = 25 }
shrink_percent = 20
"#;

const TENANT: &str = r#"#:schema ../schemas/tenant.schema.json
schema = "mailwright/v1"

# A customer. What is not written here is not managed: neither compared nor changed.
[tenant]
name = "acme"
provider = "edge"

[password_policy]
min_length = 12
upper = true
lower = true
digit = true

[domains."acme.example"]
destination = "mx.acme.example:25"
relay_check = "control-panel"

# `add` adds and changes; `add-delete-old` would make this the whole list.
[domains."acme.example".users]
authority = "add"

[[users]]
address = "jane@acme.example"
first_name = "Jane"
last_name = "Doe"
aliases = ["j.doe@acme.example"]
"#;

/// Options of `init`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct InitArgs {
    /// The folder; made if it is not there
    #[arg(value_name = "DIR")]
    pub folder: Option<PathBuf>,
}

/// Writes the workspace, all of it or nothing.
///
/// # Errors
/// A file that is there already; a folder that cannot be written.
pub fn run(args: &InitArgs, global: &Global, terminal: Terminal) -> Ended {
    let here = global.directory.clone().unwrap_or_else(|| PathBuf::from("."));
    let folder = args.folder.as_ref().map_or(here.clone(), |f| here.join(f));
    let mut files = vec![(folder.join("mailwright.toml"), WORKSPACE.to_owned()), (folder.join("tenants/acme.toml"), TENANT.to_owned())];
    if let Some((there, _)) = files.iter().find(|(path, _)| path.exists()) {
        return Err(Failure::new(format!("{} is there already; nothing was written", there.display())));
    }
    files.extend(schemas::all().into_iter().map(|(name, text)| (folder.join("schemas").join(name), text)));
    for (path, text) in &files {
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(|e| Failure::file(parent, "made", &e))?;
        }
        if !path.exists() {
            write(path, text)?;
        }
    }
    ignore(&folder.join(".gitignore"))?;
    terminal.say(&format!("wrote a workspace into {}: mailwright.toml, tenants/acme.toml, schemas/", folder.display()));
    terminal.say(&format!("next: mailwright -C {} plan", folder.display()));
    Ok(ExitCode::Done)
}

/// Adds the lines that are not there yet.
fn ignore(path: &Path) -> Result<(), Failure> {
    let mut text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(e) => return Err(Failure::file(path, "read", &e)),
    };
    let missing: Vec<&&str> = IGNORED.iter().filter(|line| !text.lines().any(|l| l.trim() == **line)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    for line in missing {
        text.push_str(line);
        text.push('\n');
    }
    write(path, &text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_others_stay() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(".gitignore");
        std::fs::write(&path, "target\nsecrets/").unwrap();
        ignore(&path).unwrap();
        ignore(&path).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "target\nsecrets/\n.mailwright/\npanel.db*\n");
    }
}
