//! The port to declared texts. Deliberately absent: who owns a large text; nobody above a source does.

use crate::model::Fault;
use std::ops::Range;

/// A file of a source.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SourceFile {
    /// Name relative to the workspace, with `/`.
    pub name: String,
    /// Size in bytes.
    pub len: u64,
}

/// Where declared texts come from: a work tree, a git tree at a commit, memory. Lists names and reads ranges; nobody
/// above owns a large text. Paths that leave the workspace are refused (S19.2).
pub trait Source: Send + Sync {
    /// All regular files below the workspace that could be ours (`*.toml`, `*.csv`), sorted by name.
    ///
    /// # Errors
    /// [`Fault::Local`] with path and reason.
    fn list(&self) -> Result<Vec<SourceFile>, Fault>;
    /// Reads a range of a file into `into` (cleared first); fewer bytes only at the end of the file.
    ///
    /// # Errors
    /// [`Fault::Local`]; [`Fault::Missing`] where there is no such file.
    fn read(&self, name: &str, range: Range<u64>, into: &mut Vec<u8>) -> Result<(), Fault>;
    /// What the source is, for people: a folder, or a commit.
    fn describe(&self) -> String;
}
