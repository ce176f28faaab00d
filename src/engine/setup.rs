//! What an engine is made of. Everything that differs between a command line, a test and a simulation is an argument.

use crate::base::{BoxFuture, Clock, Findings, PrintKey, ProviderName};
use crate::config;
use crate::engine::provider::Provider;
use crate::engine::told::Progress;
use crate::model::{Capabilities, Fault, Reason, Remembered};
use crate::port::{Driver, Memory, Secrets, Sinks, Source};
use crate::resolve::Desired;
use crate::store::MemoryFolder;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::{Mutex, watch};

/// Makes a driver from a declared provider: by the registry, and `embedded:` where there is a panel.
pub trait Connect: Send + Sync {
    /// Connects.
    fn connect<'a>(&'a self, provider: &'a config::Provider) -> BoxFuture<'a, Result<Box<dyn Driver>, Fault>>;
    /// What the driver can do and what it refuses, without any call: for `validate`. `None`: there is no such driver.
    fn offline(&self, provider: &config::Provider) -> Option<Offline>;
    /// The names of all drivers, for messages.
    fn drivers(&self) -> Vec<&'static str>;
}

/// A driver without a connection.
pub struct Offline {
    /// What it can do; the origin is empty.
    pub capabilities: Capabilities,
    /// What it refuses of what is desired.
    pub audit: fn(&Desired) -> Findings,
}

/// Where memory is: read by plans, opened for writing by an apply.
pub trait Memories: Send + Sync {
    /// What memory tells, without a lock.
    ///
    /// # Errors
    /// [`Fault::Local`]; also for a memory of a newer version.
    fn recall(&self) -> Result<Remembered, Fault>;
    /// Opens and locks it. `holder` is a fresh id, used only where memory has none yet.
    ///
    /// # Errors
    /// [`Fault::Local`]: not writable, or held by another process.
    fn open(&self, holder: &str) -> Result<Box<dyn Memory>, Fault>;
}

/// Memory in a folder.
#[derive(Debug, Clone)]
pub struct FolderMemory(pub PathBuf);

impl Memories for FolderMemory {
    fn recall(&self) -> Result<Remembered, Fault> {
        MemoryFolder::read_only(&self.0).recall()
    }
    fn open(&self, holder: &str) -> Result<Box<dyn Memory>, Fault> {
        Ok(Box::new(MemoryFolder::writable(&self.0, holder)?))
    }
}

/// The parts of an engine.
#[derive(Clone)]
pub struct Setup {
    /// Where declarations come from.
    pub source: Arc<dyn Source>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Secrets.
    pub secrets: Arc<dyn Secrets>,
    /// Where minted credentials are kept (S10.3).
    pub sinks: Arc<dyn Sinks>,
    /// Whether nobody is there (`CI` is set): only durable sinks take a credential (S10.3).
    pub unattended: bool,
    /// Memory (S11).
    pub memory: Arc<dyn Memories>,
    /// Drivers.
    pub connect: Arc<dyn Connect>,
    /// Who watches.
    pub progress: Arc<dyn Progress>,
    /// The key of row prints: random in production.
    pub key: PrintKey,
    /// The id of this run: sortable and unique.
    pub run: String,
    /// Becomes true with Ctrl-C or SIGTERM (S12.3).
    pub interrupted: watch::Receiver<bool>,
}

/// The engine: loads, observes, plans, approves, executes, verifies.
pub struct Engine {
    pub(super) setup: Setup,
    providers: Mutex<BTreeMap<ProviderName, Result<Arc<Provider>, Reason>>>,
}

impl Engine {
    /// An engine from its parts.
    #[must_use]
    pub fn new(setup: Setup) -> Self {
        Self { setup, providers: Mutex::new(BTreeMap::new()) }
    }

    /// The parts.
    #[must_use]
    pub fn setup(&self) -> &Setup {
        &self.setup
    }

    /// A connected provider, connected once in a run.
    ///
    /// # Errors
    /// Why it cannot be used: no token, not reachable.
    pub async fn provider(&self, declared: &config::Provider) -> Result<Arc<Provider>, Reason> {
        let mut providers = self.providers.lock().await;
        if let Some(have) = providers.get(&declared.name) {
            return have.clone();
        }
        let made = self.connect(declared).await;
        providers.insert(declared.name.clone(), made.clone());
        made
    }

    /// The same engine for another look, with the same connections: nothing that was read is kept.
    pub(super) async fn again(&self) -> Engine {
        let mut again = BTreeMap::new();
        for (name, made) in self.providers.lock().await.iter() {
            let secrets = self.setup.secrets.as_ref();
            let fresh = made.clone().and_then(|have| have.again(secrets).map(Arc::new).map_err(|fault| fault.reason()));
            again.insert(name.clone(), fresh);
        }
        Engine { setup: self.setup.clone(), providers: Mutex::new(again) }
    }

    /// The same connections with other parts.
    pub(super) fn with(self, setup: Setup) -> Engine {
        Engine { setup, providers: self.providers }
    }

    async fn connect(&self, declared: &config::Provider) -> Result<Arc<Provider>, Reason> {
        let driver = self.setup.connect.connect(declared).await.map_err(|fault| fault.reason())?;
        let provider = Provider::new(declared.name.clone(), Arc::from(driver), self.setup.secrets.as_ref(), self.setup.clock.clone());
        provider.map(Arc::new).map_err(|fault| fault.reason())
    }
}

/// A run id and a print key from the operating system's randomness.
///
/// # Errors
/// [`Fault::Local`] where the system has none.
pub fn fresh() -> Result<(String, PrintKey), Fault> {
    let mut bytes = [0u8; 16];
    getrandom::fill(&mut bytes).map_err(|e| Fault::Local { text: format!("no randomness: {e}") })?;
    let (a, b) = bytes.split_at(8);
    let half = |s: &[u8]| s.iter().fold(0u64, |n, byte| n << 8 | u64::from(*byte));
    Ok((uuid::Uuid::now_v7().simple().to_string(), PrintKey(half(a), half(b))))
}
