//! Where the workspace is: the folder that was named, or the nearest one above with a `mailwright.toml`.

use crate::cli::args::Global;
use crate::cli::failure::Failure;
use std::path::{Path, PathBuf};

/// The file that makes a folder a workspace.
pub const WORKSPACE_FILE: &str = "mailwright.toml";

/// The workspace of this run.
///
/// # Errors
/// A [`Failure`] that says where it was looked for.
pub fn find(global: &Global) -> Result<PathBuf, Failure> {
    if let Some(named) = &global.directory {
        if !named.join(WORKSPACE_FILE).is_file() {
            let text = format!("{} has no {WORKSPACE_FILE}; `mailwright init {0}` writes a first one", named.display());
            return Err(Failure::new(text));
        }
        return Ok(named.clone());
    }
    let here = std::env::current_dir().map_err(|e| Failure::new(format!("the present folder cannot be read: {e}")))?;
    above(&here).ok_or_else(|| {
        let text = format!(
            "there is no {WORKSPACE_FILE} in {} or above; go to a workspace, name it with -C, or write a first one with `mailwright init`",
            here.display()
        );
        Failure::new(text)
    })
}

fn above(here: &Path) -> Option<PathBuf> {
    here.ancestors().find(|folder| folder.join(WORKSPACE_FILE).is_file()).map(Path::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_one_above_is_taken() {
        let dir = tempfile::tempdir().unwrap();
        let deep = dir.path().join("a/b");
        std::fs::create_dir_all(&deep).unwrap();
        std::fs::write(dir.path().join(WORKSPACE_FILE), "").unwrap();
        assert_eq!(above(&deep).as_deref(), Some(dir.path()));
        std::fs::write(dir.path().join("a").join(WORKSPACE_FILE), "").unwrap();
        assert_eq!(above(&deep).as_deref(), Some(dir.path().join("a").as_path()));
    }
}
