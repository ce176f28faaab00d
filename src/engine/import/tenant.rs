//! Import of one tenant: bind, gather, write, plan the written text again.

use crate::base::{ExitCode, TenantName};
use crate::config;
use crate::engine::import::{gather, text};
use crate::engine::load;
use crate::engine::setup::{Engine, Setup};
use crate::engine::told::{Imported, Wish};
use crate::model::{Fault, Reason, Seen};
use crate::plan::Action;
use crate::store::MemorySource;
use std::sync::Arc;

impl Engine {
    /// Writes files (in memory) for a live tenant. `provider` may be left out where there is only one.
    ///
    /// # Errors
    /// [`Fault::Local`]: no such provider, a bad name, files that cannot be read.
    pub async fn import(&self, tenant: &str, provider: Option<&str>) -> Result<Imported, Fault> {
        let local = |text: String| Fault::Local { text };
        let name = TenantName::parse(tenant).map_err(|e| local(format!("`{tenant}`: {e}")))?;
        let loaded = load::load(self.setup().source.as_ref())?;
        let declared = choose(&loaded.declared.workspace, provider)?;
        let connected = match self.provider(declared).await {
            Ok(connected) => connected,
            Err(Reason::Local { text }) => return Err(local(text)),
            Err(reason) => return Ok(incomplete(vec![(format!("provider {}", declared.name), vec![reason])])),
        };
        let live = match connected.bind(name.as_str(), None).await {
            Seen::Present(live) => live,
            Seen::Absent(_) => return Err(local(format!("the panel has no tenant `{name}`"))),
            Seen::Unknown(reason) => return Ok(incomplete(vec![(format!("tenants of {}", declared.name), vec![reason])])),
        };
        let gathered = match gather::gather(&connected, &name, &live).await {
            Ok(gathered) => gathered,
            Err(scopes) => return Ok(incomplete(scopes)),
        };
        let caps = connected.driver.capabilities();
        let written = text::write(name.as_str(), declared.name.as_str(), &live.id, &gathered, caps);
        let mut not_expressed = written.not_expressed;
        not_expressed.extend(self.plan_again(&name, &written.files).await?);
        let exit = if not_expressed.is_empty() { ExitCode::Done } else { ExitCode::Pending };
        Ok(Imported { files: written.files, not_expressed, incomplete: Vec::new(), exit })
    }

    /// The written text as a workspace of its own: its plan must be empty. What is not is told.
    async fn plan_again(&self, name: &TenantName, files: &[(String, String)]) -> Result<Vec<String>, Fault> {
        let mut head = Vec::new();
        self.setup().source.read("mailwright.toml", 0..u64::MAX, &mut head)?;
        let mut source = MemorySource::new(files.iter().map(|(name, text)| (name.clone(), text.clone().into_bytes())));
        source.put("mailwright.toml", head);
        let again = self.again().await;
        let setup = Setup { source: Arc::new(source), ..self.setup().clone() };
        let planned = again.with(setup).plan(&Wish { tenants: vec![name.to_string()], ..Wish::default() }).await;
        let mut told: Vec<String> = planned.fault.iter().map(|f| f.to_string()).collect();
        told.extend(planned.findings.sorted().into_iter().map(|f| format!("{}: {}", f.rule, f.title)));
        for plan in &planned.plans {
            let by_us = plan.steps.iter().filter(|s| s.action != Action::HandOff);
            told.extend(by_us.map(|s| format!("{} would still {} after import", s.key, s.action.word())));
        }
        Ok(told)
    }
}

fn choose<'a>(workspace: &'a config::Workspace, provider: Option<&str>) -> Result<&'a config::Provider, Fault> {
    let names: Vec<&str> = workspace.providers.keys().map(crate::base::ProviderName::as_str).collect();
    let found = match provider {
        Some(wanted) => workspace.providers.values().find(|p| p.name.as_str() == wanted),
        None if names.len() == 1 => workspace.providers.values().next(),
        None => None,
    };
    found.ok_or_else(|| Fault::Local { text: format!("say which provider with --provider: {}", names.join(", ")) })
}

fn incomplete(scopes: Vec<(String, Vec<Reason>)>) -> Imported {
    Imported { files: Vec::new(), not_expressed: Vec::new(), incomplete: scopes, exit: ExitCode::Incomplete }
}
