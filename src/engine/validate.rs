//! Validation: everything of the route that needs neither network nor secret. All four waves of findings.

use crate::base::nearest::nearest;
use crate::base::{ExitCode, Finding, Findings, RuleId, Severity};
use crate::drivers::audit::capability_audit_on;
use crate::engine::load::{self, Loaded};
use crate::engine::observe::comparable;
use crate::engine::rows::{self, Files};
use crate::engine::setup::{Engine, Offline};
use crate::engine::told::{ExitCodeOrDone, Planned, Trouble, Wish};
use crate::model::Fault;
use crate::model::Kind;
use crate::resolve::{AllowedSecrets, Heads};
use std::time::Instant;

/// A driver that does not exist.
pub const NO_SUCH_DRIVER: RuleId = RuleId("MW0503");

impl Engine {
    /// Checks the workspace. No plan is made; `Planned::exit` is 0 or 1.
    pub async fn validate(&self, wish: &Wish) -> Planned {
        let started = Instant::now();
        let loaded = match load::load(self.setup().source.as_ref()) {
            Ok(loaded) => loaded,
            Err(fault) => return Planned::failed(fault),
        };
        let mut planned = Planned::of(&loaded, self.setup().source.describe());
        self.unknown_drivers(&loaded, &mut planned.findings);
        for heads in self.choose(&loaded, wish, &mut planned) {
            match self.check(&loaded, heads) {
                Ok(findings) => {
                    if findings.has_errors() {
                        planned.troubles.insert(heads.name().clone(), Trouble::Findings);
                    } else {
                        planned.exits.insert(heads.name().clone(), ExitCode::Done);
                    }
                    planned.findings.append(findings);
                }
                Err(fault) => drop(planned.troubles.insert(heads.name().clone(), Trouble::Local(fault))),
            }
        }
        planned.close(self.setup().source.as_ref(), &loaded.files, started.elapsed());
        planned.exit = ExitCodeOrDone(planned.exit.0);
        planned
    }

    /// Rows, capabilities and the driver's own audit of one tenant.
    fn check(&self, loaded: &Loaded, heads: &Heads) -> Result<Findings, Fault> {
        let workspace = &loaded.declared.workspace;
        let offline = workspace.providers.get(&heads.tenant.inbound.value).and_then(|p| self.setup().connect.offline(p));
        let (Some(offline), Some(declared)) = (offline, loaded.declared.tenants.get(heads.name())) else {
            return Ok(Findings::new());
        };
        let Offline { capabilities, audit } = offline;
        let files = Files { source: self.setup().source.as_ref(), names: &loaded.files };
        let allowed = AllowedSecrets::from_policy(workspace.allowed_secrets.as_deref());
        match rows::desired(files, declared, heads, &allowed, comparable(&capabilities), self.setup().key)? {
            Err(findings) => Ok(findings),
            Ok((desired, mut findings)) => {
                findings.append(capability_audit_on(heads.provider(Kind::Tenant), &capabilities, &desired));
                findings.append(audit(&desired));
                let other = Some(heads.provider(Kind::SendingDomain)).filter(|p| *p != heads.provider(Kind::Tenant));
                let other = other.and_then(|name| Some((name, self.setup().connect.offline(workspace.providers.get(name)?)?)));
                if let Some((name, offline)) = other {
                    findings.append(capability_audit_on(name, &offline.capabilities, &desired));
                }
                Ok(findings)
            }
        }
    }

    fn unknown_drivers(&self, loaded: &Loaded, findings: &mut Findings) {
        let names = self.setup().connect.drivers();
        for provider in loaded.declared.workspace.providers.values() {
            if self.setup().connect.offline(provider).is_none() {
                let title = format!("there is no driver `{}`", provider.driver.value);
                let finding = Finding::new(NO_SUCH_DRIVER, Severity::Error, title).at(provider.driver.span, "not known");
                findings.push(match nearest(&provider.driver.value, names.iter().copied()) {
                    Some(near) => finding.replace("did you mean", provider.driver.span, format!("\"{near}\"")),
                    None => finding.fix(format!("drivers are: {}", names.join(", "))),
                });
            }
        }
    }
}
