//! Drivers for declared providers: by the registry, with `embedded:` served by this very process.

use crate::base::limits::REQUESTS_IN_FLIGHT;
use crate::base::{BoxFuture, Clock};
use crate::config::Provider;
use crate::drivers::{self, Settings};
use crate::engine::{Connect, Offline};
use crate::model::Fault;
use crate::port::{Driver, Secrets};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

/// How a URL says that the panel runs in this process.
pub const EMBEDDED: &str = "embedded:";

/// Makes drivers.
pub struct Connector {
    root: PathBuf,
    secrets: Arc<dyn Secrets>,
    clock: Arc<dyn Clock>,
    #[cfg(feature = "panel")]
    panels: crate::cli::embedded::Panels,
}

impl Connector {
    /// For a workspace; `writes`: tokens of embedded panels may write.
    #[must_use]
    pub fn new(root: PathBuf, secrets: Arc<dyn Secrets>, clock: Arc<dyn Clock>, writes: bool) -> Self {
        #[cfg(not(feature = "panel"))]
        let _ = writes;
        Self {
            root,
            secrets,
            #[cfg(feature = "panel")]
            panels: crate::cli::embedded::Panels::new(clock.clone(), writes),
            clock,
        }
    }
    /// Stops the embedded panels.
    pub async fn close(&self) {
        #[cfg(feature = "panel")]
        self.panels.close().await;
    }

    async fn driver(&self, provider: &Provider) -> Result<Box<dyn Driver>, Fault> {
        let local = |text: String| Fault::Local { text };
        let name = &provider.driver.value;
        let row = drivers::find(name).ok_or_else(|| local(format!("provider {}: there is no driver `{name}`", provider.name)))?;
        let embedded = provider.url.value.strip_prefix(EMBEDDED);
        if embedded.is_some() && !row.embedded {
            return Err(local(format!("provider {}: only the driver `panel` takes a url `{EMBEDDED}…`, not `{name}`", provider.name)));
        }
        let (url, token) = match embedded {
            Some(path) => self.embedded(path).await?,
            None => {
                let token = provider.token.as_ref().map(|t| self.secrets.get(&t.value)).transpose()?;
                (provider.url.value.clone(), token)
            }
        };
        let ca_pem = provider.ca_file.as_ref().map(|file| self.read(&file.value)).transpose()?;
        let settings = Settings {
            provider: &provider.name,
            url: &url,
            token,
            ca_pem,
            in_flight: provider.in_flight.as_ref().map_or(u32::try_from(REQUESTS_IN_FLIGHT).unwrap_or(1), |n| n.value),
            clock: self.clock.clone(),
            requests_per_minute: provider.requests_per_minute.as_ref().map(|n| n.value),
            creates_tenants: embedded.is_some(),
            deadline: None,
        };
        (row.connect)(settings).await
    }

    #[cfg(feature = "panel")]
    async fn embedded(&self, path: &str) -> Result<(String, Option<crate::base::Secret>), Fault> {
        let (url, token) = self.panels.open(&self.inside(path)?).await?;
        Ok((url, Some(token)))
    }

    #[cfg(not(feature = "panel"))]
    async fn embedded(&self, path: &str) -> Result<(String, Option<crate::base::Secret>), Fault> {
        Err(Fault::Local { text: format!("{EMBEDDED}{path}: this build has no embedded panel; it needs the feature `panel`") })
    }

    fn read(&self, file: &str) -> Result<Vec<u8>, Fault> {
        let path = self.inside(file)?;
        std::fs::read(&path).map_err(|e| Fault::Local { text: format!("{} cannot be read: {e}", path.display()) })
    }

    /// A path below the workspace (S19.2).
    fn inside(&self, path: &str) -> Result<PathBuf, Fault> {
        let plain = !path.is_empty() && Path::new(path).components().all(|c| matches!(c, Component::Normal(_) | Component::CurDir));
        let full = self.root.join(path);
        let parent = full.parent().and_then(|p| p.canonicalize().ok());
        let real = full.canonicalize().ok().or_else(|| Some(parent?.join(full.file_name()?)));
        match real {
            Some(real) if plain && real.starts_with(&self.root) => Ok(real),
            _ => Err(Fault::Local { text: format!("`{path}` is not a path inside the workspace, or its folder is not there") }),
        }
    }
}

impl Connect for Connector {
    fn connect<'a>(&'a self, provider: &'a Provider) -> BoxFuture<'a, Result<Box<dyn Driver>, Fault>> {
        Box::pin(self.driver(provider))
    }
    fn offline(&self, provider: &Provider) -> Option<Offline> {
        let row = drivers::find(&provider.driver.value)?;
        let mut capabilities = (row.capabilities)();
        capabilities.creates_tenants |= provider.url.value.starts_with(EMBEDDED);
        Some(Offline { capabilities, audit: row.audit })
    }
    fn drivers(&self) -> Vec<&'static str> {
        drivers::REGISTRY.iter().map(|row| row.name).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::clock::SystemClock;
    use crate::store::EnvironmentSecrets;

    #[test]
    fn paths_stay_inside() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().canonicalize().unwrap();
        let connector = Connector::new(root.clone(), Arc::new(EnvironmentSecrets::new(root.clone())), Arc::new(SystemClock), false);
        assert_eq!(connector.inside("panel.db").unwrap(), root.join("panel.db"));
        for bad in ["", "../panel.db", "/tmp/panel.db", "a/../../x", "no/panel.db"] {
            assert!(connector.inside(bad).is_err(), "{bad}");
        }
    }
}
