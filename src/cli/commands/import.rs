//! `mailwright import`: files for a tenant that a panel has already. Never overwrites.

use crate::base::ExitCode;
use crate::cli::args::Global;
use crate::cli::failure::{Ended, Failure};
use crate::cli::output::write;
use crate::cli::session::{Wanted, with_session};
use crate::cli::terminal::Terminal;
use clap::Args;

const EXAMPLES: &str = "Examples:
  mailwright import acme                     from the only provider of the workspace
  mailwright import acme --provider edge
  mailwright import acme --print             onto stdout instead of files
Passwords are never read. Ends 2 where something could not be expressed; it is listed on stderr.";

/// Options of `import`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ImportArgs {
    /// The tenant, by the panel's name of it
    pub tenant: String,
    /// The provider, where there are several
    #[arg(long, short)]
    pub provider: Option<String>,
    /// Print the files instead of writing them
    #[arg(long)]
    pub print: bool,
}

/// Imports.
///
/// # Errors
/// A tenant that the panel does not have; a file that is there already.
pub fn run(args: &ImportArgs, global: &Global, terminal: Terminal) -> Ended {
    with_session(global, terminal, &Wanted::default(), async |session| {
        let imported = session.engine.import(&args.tenant, args.provider.as_deref()).await?;
        for (scope, why) in &imported.incomplete {
            let why: Vec<String> = why.iter().map(ToString::to_string).collect();
            terminal.error(&crate::base::printable::printable(&format!("not known: {scope}: {}", why.join("; "))));
        }
        if !imported.incomplete.is_empty() {
            return Err(Failure { text: "nothing was imported: not everything could be read".to_owned(), code: ExitCode::Incomplete });
        }
        let there = imported.files.iter().map(|(name, _)| session.root.join(name)).find(|path| path.exists());
        if let (Some(there), false) = (there, args.print) {
            return Err(Failure::new(format!("{} is there already; nothing was written", there.display())));
        }
        for (name, text) in &imported.files {
            if args.print {
                terminal.print(&format!("# {name}\n{text}\n"));
                continue;
            }
            let path = session.root.join(name);
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder).map_err(|e| Failure::file(folder, "made", &e))?;
            }
            write(&path, text)?;
            terminal.print(&format!("{name}\n"));
        }
        if !args.print {
            terminal.say(&format!("next: mailwright plan {}", args.tenant));
        }
        for what in &imported.not_expressed {
            terminal.complain(&crate::base::printable::printable(&format!("not expressed: {what}")));
        }
        Ok(imported.exit)
    })
}
