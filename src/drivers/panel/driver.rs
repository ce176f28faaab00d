//! The driver itself: what it is connected to, and its two ports.

use crate::base::{Findings, ProviderName};
use crate::drivers::panel::api::Api;
use crate::drivers::panel::apply::Writer;
use crate::drivers::panel::observe::Reader;
use crate::drivers::panel::{audit, capabilities};
use crate::drivers::row::DriverRow;
use crate::http::{Client, ClientSettings};
use crate::model::{Capabilities, Fault};
use crate::plan::ApprovedPlan;
use crate::port::{Apply, Driver, Observe, Secrets};
use crate::resolve::Desired;
use std::sync::Arc;

/// The problem codes of 409 and 423 by which the panel says that another writer holds the lease (S12.1).
pub const FENCED_CODES: &[&str] = &["fenced", "lease_held"];

/// The row of this driver.
pub const ROW: DriverRow = DriverRow {
    name: "panel",
    about: "mailwright's own control panel, embedded or served (HTTP API /v1)",
    embedded: true,
    capabilities: capabilities::capabilities,
    audit: audit::audit,
    rules: audit::RULES,
    connect: |settings| {
        Box::pin(async move {
            let client = ClientSettings { fenced_codes: FENCED_CODES, ..settings.client() };
            let driver = connect(settings.provider, client, settings.creates_tenants).await?;
            Ok(Box::new(driver) as Box<dyn Driver>)
        })
    },
};

/// A connected panel.
pub struct PanelDriver {
    provider: ProviderName,
    api: Arc<Api>,
    capabilities: Capabilities,
}

/// Connects to a panel: learns its origin and what the instance offers. `creates_tenants` is the provider's default for
/// `create` (S4.3).
///
/// # Errors
/// [`Fault::Local`] where the settings are refused; else what the read of `GET /panel` says.
pub async fn connect(provider: &ProviderName, settings: ClientSettings, creates_tenants: bool) -> Result<PanelDriver, Fault> {
    let (in_flight, clock) = (settings.in_flight, settings.clock.clone());
    let api = Api { client: Client::new(settings)? };
    let info = api.panel().await.map_err(|fault| match fault {
        Fault::Missing { .. } => {
            let text =
                format!("{} answers, but has no panel at the url of provider {provider}; it usually ends in /v1", api.client.origin());
            Fault::Missing { text }
        }
        other => other,
    })?;
    if info.id.is_empty() {
        return Err(super::convert::malformed("the panel does not say who it is"));
    }
    let mut capabilities = capabilities::capabilities();
    capabilities::narrow(&mut capabilities, &info, clock.now());
    capabilities.pages.in_flight = in_flight.max(1);
    capabilities.creates_tenants = creates_tenants;
    Ok(PanelDriver { provider: provider.clone(), api: Arc::new(api), capabilities })
}

#[cfg(test)]
impl PanelDriver {
    pub(super) fn api(&self) -> Arc<Api> {
        self.api.clone()
    }
}

impl Driver for PanelDriver {
    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }
    fn audit(&self, desired: &Desired) -> Findings {
        audit::audit(desired)
    }
    fn reader(&self, _: &dyn Secrets) -> Result<Box<dyn Observe>, Fault> {
        Ok(Box::new(Reader::new(self.api.clone(), self.provider.clone())))
    }
    fn writer(&self, plan: &ApprovedPlan, secrets: Arc<dyn Secrets>) -> Result<Box<dyn Apply>, Fault> {
        Ok(Box::new(Writer::new(self.api.clone(), plan, self.capabilities.lease, secrets)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Code;

    #[test]
    fn fenced_codes_are_the_panels() {
        let codes: Vec<&str> = [Code::Fenced, Code::LeaseHeld].iter().map(|c| c.as_str()).collect();
        assert_eq!(codes, FENCED_CODES);
    }
}
