//! The driver itself: what it is connected to, and its two ports.

use crate::base::{Clock, Findings, ProviderName};
use crate::drivers::modoboa::api::{Api, LOOKS};
use crate::drivers::modoboa::apply::Writer;
use crate::drivers::modoboa::observe::Reader;
use crate::drivers::modoboa::raw::{CoreParameters, Domain, Listing};
use crate::drivers::modoboa::{audit, capabilities};
use crate::drivers::row::DriverRow;
use crate::http::{AuthScheme, Client, ClientSettings};
use crate::model::{Capabilities, Fault};
use crate::plan::ApprovedPlan;
use crate::port::{Apply, Driver, Observe, Secrets};
use crate::resolve::Desired;
use std::sync::Arc;

/// Requests side by side, at most: one worker is usual, and SQLite lets one writer in at a time.
const IN_FLIGHT: u32 = 2;

/// The row of this driver.
pub const ROW: DriverRow = DriverRow {
    name: "modoboa",
    about: "Modoboa 2.12: hosted mailboxes and relay domains (REST API /api/v2)",
    embedded: false,
    capabilities: capabilities::capabilities,
    audit: audit::audit,
    rules: audit::RULES,
    connect: |settings| {
        Box::pin(async move {
            let rate = settings.rate(capabilities::capabilities().rate);
            let client = ClientSettings { rate, ..settings.client() };
            let driver = connect(settings.provider, client).await?;
            Ok(Box::new(driver) as Box<dyn Driver>)
        })
    },
};

/// A connected Modoboa.
pub struct ModoboaDriver {
    provider: ProviderName,
    api: Api,
    clock: Arc<dyn Clock>,
    capabilities: Capabilities,
    only_local: bool,
}

/// Connects: proves the token by reading, and learns where accounts come from.
///
/// # Errors
/// [`Fault::Local`] where the settings are refused; [`Fault::Missing`] where there is no Modoboa at the URL; else what the
/// reads say.
pub async fn connect(provider: &ProviderName, settings: ClientSettings) -> Result<ModoboaDriver, Fault> {
    let (url, clock) = (settings.url.clone(), settings.clock.clone());
    let in_flight = settings.in_flight.clamp(1, IN_FLIGHT);
    let settings = ClientSettings { scheme: AuthScheme::Token, trailing_slash: true, in_flight, ..settings };
    let rate = settings.rate;
    let api = Api::new(Client::new(settings)?);
    let first: Result<Listing<Domain>, Fault> = api.page("domains", "name", None, 1).await.map_err(Fault::from);
    first.map_err(|fault| match fault {
        Fault::Missing { .. } => {
            let text = format!("{} answers, but has no Modoboa at the url of provider {provider}; it ends in /api/v2", api.client.origin());
            Fault::Missing { text }
        }
        other => other,
    })?;
    let parameters = api.parameters(LOOKS).await?;
    let only_local = parameters.as_ref().is_some_and(CoreParameters::only_local);
    let mut capabilities = capabilities::capabilities();
    if parameters.is_none_or(|p| p.generated().is_none()) {
        capabilities::without_parameters(&mut capabilities);
    }
    capabilities.rate = rate;
    capabilities.pages.in_flight = in_flight;
    // Modoboa has no id of its own: the same instance is the one at the same address
    capabilities.origin = url.trim_end_matches('/').to_owned();
    Ok(ModoboaDriver { provider: provider.clone(), api, clock, capabilities, only_local })
}

impl Driver for ModoboaDriver {
    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }
    fn audit(&self, desired: &Desired) -> Findings {
        audit::audit(desired)
    }
    fn reader(&self, _: &dyn Secrets) -> Result<Box<dyn Observe>, Fault> {
        Ok(Box::new(Reader::new(self.api.clone(), self.provider.clone(), self.clock.clone(), self.only_local)))
    }
    fn writer(&self, plan: &ApprovedPlan, secrets: Arc<dyn Secrets>) -> Result<Box<dyn Apply>, Fault> {
        Ok(Box::new(Writer::new(self.api.of(plan.tenant()), self.clock.clone(), secrets, self.only_local)))
    }
}
