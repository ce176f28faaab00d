//! A real panel on loopback for a test: its own database, clock and token.

use jiff::Timestamp;
use mailwright::panel::clock::SettableClock;
use mailwright::panel::{PanelOptions, ServerHandle};
use mailwright::wire::TokenScope;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// A running panel.
pub struct TestPanel {
    pub handle: ServerHandle,
    /// `http://127.0.0.1:PORT`
    pub root: String,
    pub token: String,
    _dir: Option<tempfile::TempDir>,
}

impl TestPanel {
    pub async fn start(options: PanelOptions) -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("panel.db");
        let mut panel = Self::at(&path, options).await;
        panel._dir = Some(dir);
        panel
    }
    pub async fn at(path: &Path, options: PanelOptions) -> Self {
        crypto();
        let start: Timestamp = "2026-12-01T08:00:00Z".parse().expect("a time");
        let clock = Arc::new(SettableClock::new(start));
        let panel = mailwright::panel::open(path, clock, options).await.expect("a panel");
        let scopes = [TokenScope::Read, TokenScope::Write];
        let token = panel.mint_token("test", &scopes, None, Some(Duration::from_secs(400 * 86_400))).await.expect("a token");
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let handle = panel.serve(listener).expect("it serves");
        let root = format!("http://{}", handle.address());
        Self { handle, root, token: token.expose().to_owned(), _dir: None }
    }
    pub fn url(&self) -> String {
        format!("{}/v1", self.root)
    }
}

/// The one TLS provider; a second installation is no error of the test.
pub fn crypto() {
    drop(rustls::crypto::ring::default_provider().install_default());
}
