//! `mailwright schema`: the JSON Schemas of all files, for editors and pipelines.

use crate::base::ExitCode;
use crate::cli::failure::{Ended, Failure};
use crate::cli::output::write;
use crate::cli::schemas;
use crate::cli::terminal::Terminal;
use clap::Args;
use std::path::PathBuf;

const EXAMPLES: &str = "Examples:
  mailwright schema list                   the names
  mailwright schema plan.schema.json       one of them on stdout
  mailwright schema --to schemas           all of them into a folder; then open each TOML file with
                                           #:schema ../schemas/tenant.schema.json";

/// Options of `schema`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct SchemaArgs {
    /// `list`, or the name of a schema
    #[arg(value_name = "list|NAME", required_unless_present = "to")]
    pub name: Option<String>,
    /// Write all of them into this folder, which is made if it is not there
    #[arg(long, value_name = "DIR", conflicts_with = "name")]
    pub to: Option<PathBuf>,
}

/// Prints or writes.
///
/// # Errors
/// A name that no schema has; a folder that cannot be written.
pub fn run(args: &SchemaArgs, terminal: Terminal) -> Ended {
    let all = schemas::all();
    if let Some(folder) = &args.to {
        std::fs::create_dir_all(folder).map_err(|e| Failure::file(folder, "made", &e))?;
        for (name, text) in &all {
            write(&folder.join(name), text)?;
        }
        terminal.say(&format!("wrote {} schemas into {}", all.len(), folder.display()));
        return Ok(ExitCode::Done);
    }
    let asked = args.name.as_deref().unwrap_or("list");
    if asked == "list" {
        terminal.print(&all.iter().map(|(name, _)| format!("{name}\n")).collect::<String>());
        return Ok(ExitCode::Done);
    }
    let fits = |name: &str| name == asked || name.strip_suffix(".schema.json") == Some(asked);
    match all.iter().find(|(name, _)| fits(name)) {
        Some((_, text)) => terminal.print(text),
        None => {
            let names: Vec<&str> = all.iter().map(|(name, _)| *name).collect();
            return Err(Failure::new(format!("no schema has this name; there are {}", names.join(", "))));
        }
    }
    Ok(ExitCode::Done)
}
