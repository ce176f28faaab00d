//! One run: the workspace, its engine, and what must be closed at the end.

use crate::base::{FileId, Timestamp};
use crate::cli::args::Global;
use crate::cli::connect::Connector;
use crate::cli::failure::{Ended, Failure};
use crate::cli::progress::Bars;
use crate::cli::terminal::Terminal;
use crate::cli::{interrupt, workspace};
use crate::engine::clock::SystemClock;
use crate::engine::{Engine, FolderMemory, Setup, fresh};
use crate::port::Source;
use crate::store::{EnvironmentSecrets, FileSinks, WorkTree};
use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where memory is unless somebody says otherwise, below the workspace.
const MEMORY_FOLDER: &str = ".mailwright";

/// What a command wants of its run.
#[derive(Debug, Clone, Default)]
pub struct Wanted<'a> {
    /// A git revision instead of the work tree.
    pub at: Option<&'a str>,
    /// Whether writers may be made: tokens of the embedded panel can write only then.
    pub writes: bool,
}

/// A run.
pub struct Session {
    /// The engine.
    pub engine: Engine,
    /// The workspace, absolute.
    pub root: PathBuf,
    /// The folder of memory.
    pub memory: PathBuf,
    /// Its id.
    pub run: String,
    connector: Arc<Connector>,
}

impl Session {
    /// Opens the workspace and makes the engine. Nothing is read from a panel yet.
    ///
    /// # Errors
    /// No workspace, no such revision, no randomness.
    pub fn open(global: &Global, terminal: Terminal, wanted: &Wanted<'_>) -> Result<Self, Failure> {
        let tree = WorkTree::open(&workspace::find(global)?)?;
        let root = tree.root().to_owned();
        let source: Arc<dyn Source> = match wanted.at {
            None => Arc::new(tree),
            Some(revision) => at_revision(&root, revision)?,
        };
        let memory = memory_folder(global, &root, source.as_ref())?;
        let (run, key) = fresh()?;
        let clock = Arc::new(SystemClock);
        let secrets = Arc::new(EnvironmentSecrets::new(root.clone()));
        let connector = Arc::new(Connector::new(root.clone(), secrets.clone(), clock.clone(), wanted.writes));
        let setup = Setup {
            source,
            clock,
            secrets,
            sinks: Arc::new(FileSinks::new(root.clone())),
            unattended: std::env::var_os("CI").is_some_and(|v| !v.is_empty()),
            memory: Arc::new(FolderMemory(memory.clone())),
            connect: connector.clone(),
            progress: Arc::new(Bars::new(terminal)),
            key,
            run: run.clone(),
            interrupted: interrupt::watched(),
        };
        Ok(Self { engine: Engine::new(setup), root, memory, run, connector })
    }
    /// The present moment of this run.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.engine.setup().clock.now()
    }
    /// Stops what this process serves itself.
    pub async fn close(self) {
        let Self { engine, connector, .. } = self;
        drop(engine);
        connector.close().await;
    }
}

/// Runs a command that needs an engine, on a runtime of its own, and closes the run whatever came of it.
///
/// # Errors
/// What the command says; no workspace; no runtime.
pub fn with_session<F>(global: &Global, terminal: Terminal, wanted: &Wanted<'_>, command: impl FnOnce(Arc<Session>) -> F) -> Ended
where
    F: Future<Output = Ended>,
{
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|e| Failure::new(format!("the runtime cannot be started: {e}")))?;
    runtime.block_on(async {
        let session = Arc::new(Session::open(global, terminal, wanted)?);
        let ended = command(session.clone()).await;
        if let Some(session) = Arc::into_inner(session) {
            session.close().await;
        }
        ended
    })
}

#[cfg(feature = "git")]
fn at_revision(root: &Path, revision: &str) -> Result<Arc<dyn Source>, Failure> {
    Ok(Arc::new(crate::store::GitTree::open(root, revision)?))
}

#[cfg(not(feature = "git"))]
fn at_revision(_: &Path, _: &str) -> Result<Arc<dyn Source>, Failure> {
    Err(Failure::new("this build cannot read git: --at needs the feature `git`"))
}

/// The folder of memory, for a command that needs nothing else of a run.
///
/// # Errors
/// No workspace.
pub fn memory_of(global: &Global) -> Result<PathBuf, Failure> {
    let tree = WorkTree::open(&workspace::find(global)?)?;
    let root = tree.root().to_owned();
    memory_folder(global, &root, &tree)
}

/// The command line's word, else `[memory] path`, else the usual folder.
fn memory_folder(global: &Global, root: &Path, source: &dyn Source) -> Result<PathBuf, Failure> {
    if let Some(folder) = &global.memory {
        return Ok(folder.clone());
    }
    let mut bytes = Vec::new();
    source.read(workspace::WORKSPACE_FILE, 0..crate::base::limits::HEAD_BYTES as u64, &mut bytes)?;
    // Findings of this file are told by the engine, which reads it again.
    let (declared, _) = crate::config::workspace(FileId(0), &String::from_utf8_lossy(&bytes));
    Ok(declared.memory.map_or_else(|| root.join(MEMORY_FOLDER), |path| root.join(path.value)))
}
