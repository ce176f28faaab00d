//! Floor 4: where texts, memory and secrets live: work tree, git tree, memory folder, environment.
//!
//! Invariant: paths never leave the workspace (S19.2), and what a writer is told is durable is durable. Deliberately
//! absent: what the texts mean.

mod journal;
pub mod memory_folder;
pub mod memory_source;
pub mod secrets;
pub mod sinks;
pub mod work_tree;

#[cfg(feature = "git")]
pub mod git_tree;

#[cfg(feature = "git")]
pub use git_tree::GitTree;
pub use memory_folder::{MemoryFolder, NoMemory};
pub use memory_source::MemorySource;
pub use secrets::EnvironmentSecrets;
pub use sinks::{FileSinks, MemorySinks};
pub use work_tree::WorkTree;
