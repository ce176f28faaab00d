//! `embedded:PATH`: the control panel in this process, over real HTTP on the loopback address, with a token that lives
//! in memory only.

use crate::base::{Clock, Secret};
use crate::model::Fault;
use crate::panel::{self, PanelClock, PanelOptions, ServerHandle, TokenScope};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::Mutex;

/// The panels that this process serves, by database.
pub struct Panels {
    clock: Arc<dyn Clock>,
    writes: bool,
    open: Mutex<BTreeMap<PathBuf, (ServerHandle, Secret)>>,
}

impl Panels {
    /// None yet. Without `writes` their tokens can only read.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>, writes: bool) -> Self {
        Self { clock, writes, open: Mutex::new(BTreeMap::new()) }
    }

    /// Opens and serves a database, once: base URL and token.
    ///
    /// # Errors
    /// [`Fault::Local`]: the database or the loopback address cannot be used.
    pub async fn open(&self, path: &Path) -> Result<(String, Secret), Fault> {
        let mut open = self.open.lock().await;
        if let Some((handle, token)) = open.get(path) {
            return Ok((handle.url(), token.clone()));
        }
        let local = |what: String| Fault::Local { text: format!("embedded panel {}: {what}", path.display()) };
        let clock = PanelClock::Given(self.clock.clone());
        let panel = panel::open(path, clock, PanelOptions::default()).await.map_err(|e| local(e.to_string()))?;
        let scopes: &[TokenScope] = if self.writes { &[TokenScope::Read, TokenScope::Write] } else { &[TokenScope::Read] };
        let token = panel.session_token("mailwright", scopes).map_err(|e| local(e.to_string()))?;
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.map_err(|e| local(e.to_string()))?;
        let handle = panel.serve(listener).map_err(|e| local(e.to_string()))?;
        let url = handle.url();
        open.insert(path.to_owned(), (handle, token.clone()));
        Ok((url, token))
    }

    /// Stops all of them; what is in hand is finished.
    pub async fn close(&self) {
        for (path, (handle, _)) in std::mem::take(&mut *self.open.lock().await) {
            if let Err(error) = handle.shutdown().await {
                tracing::warn!("embedded panel {}: {error}", path.display());
            }
        }
    }
}
