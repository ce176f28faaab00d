//! The whole way of the data on one screen: from files to plans. Each call says whether it is pure or I/O.

use crate::base::{ExitCode, Findings, TenantName};
use crate::config::DeclaredTenant;
use crate::drivers::audit::capability_audit_on;
use crate::engine::load::{self, Loaded};
use crate::engine::observe::{Watch, comparable, needs_outbound, observe};
use crate::engine::positions::excerpts;
use crate::engine::provider::Provider;
use crate::engine::rows::{self, Files};
use crate::engine::setup::Engine;
use crate::engine::told::{ExitCodeOrDone, Planned, Trouble, Wish};
use crate::engine::trails;
use crate::model::{Capabilities, Key, Kind, Observed, Policy, Reason, Remembered, Seen, Sink, SinkState};
use crate::plan::{self, Plan};
use crate::resolve::{AllowedSecrets, Desired, Heads};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Instant;

/// Tenants planned side by side; each may hold its rows' table in memory.
const TENANTS_AT_A_TIME: usize = 4;
/// Undeclared addresses that are kept by name where they are asked for.
const UNDECLARED_KEPT: usize = 5_000;

/// Why a tenant has no plan, with what was found on the way; boxed, because the good case is the usual one.
type Stopped = Box<(Trouble, Findings)>;

/// One tenant on its way.
struct Job<'a> {
    loaded: &'a Loaded,
    heads: &'a Heads,
    declared: &'a DeclaredTenant,
    remembered: &'a Remembered,
    wish: &'a Wish,
}

impl Engine {
    /// The route: what every tenant would need, and why. No writer exists here (S5.6).
    pub async fn plan(&self, wish: &Wish) -> Planned {
        let started = Instant::now();
        let loaded = match load::load(self.setup.source.as_ref()) {
            // I/O, then pure: config, resolve
            Ok(loaded) => loaded,
            Err(fault) => return Planned::failed(fault),
        };
        let mut planned = Planned::of(&loaded, self.setup.source.describe());
        let remembered = match self.setup.memory.recall() {
            // I/O
            Ok(remembered) => remembered,
            Err(fault) => return Planned::failed(fault),
        };
        let chosen = self.choose(&loaded, wish, &mut planned); // pure
        let mut queue = chosen.into_iter();
        let mut running = Vec::new();
        loop {
            let more = queue.by_ref().take(TENANTS_AT_A_TIME - running.len());
            running.extend(more.map(|heads| Box::pin(self.tenant(&loaded, heads, &remembered, wish))));
            let Some((name, result)) = first(&mut running).await else { break };
            planned.take(name, result);
        }
        planned.plans.sort_by(|a, b| a.tenant.cmp(&b.tenant));
        planned.vanished = plan::judge_fleet(&mut planned.plans, &loaded.named, &remembered, &loaded.declared.workspace.policy); // pure
        plan::note_approvals(&mut planned.plans, &loaded.declared.approvals, &remembered, self.setup.clock.now()); // pure
        planned.close(self.setup.source.as_ref(), &loaded.files, started.elapsed()); // I/O: lines of what is shown
        planned
    }

    /// One tenant's part of the route, with its name.
    async fn tenant(
        &self,
        loaded: &Loaded,
        heads: &Heads,
        remembered: &Remembered,
        wish: &Wish,
    ) -> (TenantName, Result<(Plan, Findings), Stopped>) {
        let name = heads.name().clone();
        let Some(declared) = loaded.declared.tenants.get(&name) else {
            return (name, Err(Box::new((Trouble::Findings, Findings::new()))));
        };
        let job = Job { loaded, heads, declared, remembered, wish };
        (name, self.tenant_plan(&job).await)
    }

    async fn tenant_plan(&self, job: &Job<'_>) -> Result<(Plan, Findings), Stopped> {
        let none = |trouble| Box::new((trouble, Findings::new()));
        let now = self.setup.clock.now();
        let provider = self.provider_of(job).await.map_err(|why| none(Trouble::of_provider(why)))?; // I/O: connect
        let caps = provider.driver.capabilities();
        let (desired, mut findings) = self.desired(job, caps)?; // I/O: rows; pure: resolve
        let outbound = self.outbound_of(job).await; // I/O: connect
        findings.append(capability_audit_on(&provider.name, caps, &desired)); // pure
        if let Some(Ok(other)) = &outbound {
            findings.append(capability_audit_on(&other.name, other.driver.capabilities(), &desired)); // pure
        }
        findings.append(provider.driver.audit(&desired)); // pure
        if findings.stops(job.heads.name()) {
            return Err(Box::new((Trouble::Findings, findings)));
        }
        let keep = if job.wish.undeclared { UNDECLARED_KEPT } else { 0 };
        let watch = Watch { at: now, keep_undeclared: keep, progress: self.setup.progress.as_ref() };
        let mut observed = observe(&provider, &desired, &watch).await; // I/O
        match &outbound {
            None => {}
            Some(Ok(other)) => observed.take_outbound(observe(other, &desired, &watch).await), // I/O
            Some(Err(why)) => observed.outbound = Some(Seen::Unknown(why.clone())),
        }
        let files = Files { source: self.setup.source.as_ref(), names: &job.loaded.files };
        let wanted = needed_rows(&observed);
        let mut details = rows::details(files, job.declared, &desired, &wanted, comparable(caps)) // I/O: rows again
            .map_err(|fault| none(Trouble::Local(fault)))?;
        details.sinks = self.sinks(job.heads); // I/O: who is in the sinks, never what
        details.asked = asked(job.heads, job.wish);
        let used = outbound.iter().flatten().chain([&provider]);
        let by_provider = used.map(|p| (p.name.clone(), p.driver.capabilities().clone())).collect();
        let policy: &Policy = &job.loaded.declared.workspace.policy;
        let mut plan = plan::build(&desired, &observed, &details, job.remembered, &by_provider, policy, now); // pure
        plan::judge(&mut plan, &desired, &observed, job.remembered, policy, now); // pure
        plan::audit(&plan, &desired, &observed, &by_provider, job.remembered, policy, now)
            .map_err(|bug| none(Trouble::Bug(bug.to_string())))?; // pure
        select(&mut plan, job.wish).map_err(|finding| Box::new((Trouble::Findings, finding)))?; // pure
        plan::pace(&mut plan, &by_provider); // pure
        if job.wish.trail {
            plan.report.trails = trails::ask(&provider, &plan).await; // I/O: who changed it
        }
        Ok((plan, findings))
    }

    async fn provider_of(&self, job: &Job<'_>) -> Result<Arc<Provider>, Reason> {
        let name = &job.heads.tenant.inbound.value;
        match job.loaded.declared.workspace.providers.get(name) {
            Some(declared) => self.provider(declared).await,
            None => Err(Reason::Unsupported { text: format!("provider `{name}` is not declared") }),
        }
    }

    /// The provider of outbound mail, where that is another one and something of it is declared.
    async fn outbound_of(&self, job: &Job<'_>) -> Option<Result<Arc<Provider>, Reason>> {
        let name = job.heads.provider(Kind::SendingDomain);
        if name == job.heads.provider(Kind::Tenant) || !needs_outbound(job.heads) {
            return None;
        }
        let missing = || Reason::Unsupported { text: format!("provider `{name}` is not declared") };
        Some(match job.loaded.declared.workspace.providers.get(name) {
            Some(declared) => self.provider(declared).await,
            None => Err(missing()),
        })
    }

    /// What the sinks of declared SMTP users hold.
    fn sinks(&self, heads: &Heads) -> BTreeMap<String, SinkState> {
        let named = heads.smtp_users.values().filter_map(|u| u.sink().map(|sink| (u.name.clone(), sink)));
        named.map(|(name, sink)| (name, self.sink(&sink))).collect()
    }

    fn sink(&self, sink: &Sink) -> SinkState {
        match self.setup.sinks.probe(sink) {
            state @ (SinkState::Empty | SinkState::Holds { .. }) if self.setup.unattended && !sink.durable => {
                let text = "nobody is here (`CI` is set): only a sink with `durable = true` takes a credential".to_owned();
                // what it holds is told all the same: there is nothing to be done then
                if let SinkState::Holds { .. } = state { state } else { SinkState::Refused { text } }
            }
            state => state,
        }
    }

    fn desired(&self, job: &Job<'_>, caps: &Capabilities) -> Result<(Desired, Findings), Stopped> {
        let files = Files { source: self.setup.source.as_ref(), names: &job.loaded.files };
        let allowed = AllowedSecrets::from_policy(job.loaded.declared.workspace.allowed_secrets.as_deref());
        match rows::desired(files, job.declared, job.heads, &allowed, comparable(caps), self.setup.key) {
            Ok(Ok(pair)) => Ok(pair),
            Ok(Err(findings)) => Err(Box::new((Trouble::Findings, findings))),
            Err(fault) => Err(Box::new((Trouble::Local(fault), Findings::new()))),
        }
    }

    /// The tenants that are asked for and may be planned.
    pub(super) fn choose<'a>(&self, loaded: &'a Loaded, wish: &Wish, planned: &mut Planned) -> Vec<&'a Heads> {
        let asked = |name: &TenantName| wish.tenants.is_empty() || wish.tenants.iter().any(|t| t == name.as_str());
        let mut chosen = Vec::new();
        for heads in &loaded.heads {
            if !asked(heads.name()) {
                continue;
            }
            if planned.findings.stops(heads.name()) {
                planned.troubles.insert(heads.name().clone(), Trouble::Findings);
            } else {
                chosen.push(heads);
            }
        }
        for name in loaded.named.iter().filter(|n| asked(n)) {
            if !loaded.heads.iter().any(|h| h.name() == name) {
                planned.troubles.insert(name.clone(), Trouble::Findings);
            }
        }
        load::unknown_tenants(loaded, &wish.tenants, &mut planned.findings);
        chosen
    }
}

/// The rows that must be read again: those that differ, are claimed, or are missing.
fn needed_rows(observed: &Observed) -> BTreeSet<crate::model::RowId> {
    let kept = observed.kept.iter().flat_map(|k| k.row.into_iter().chain(k.claims.iter().map(|(_, row)| *row)));
    kept.chain(observed.missing.iter().copied()).collect()
}

fn select(plan: &mut Plan, wish: &Wish) -> Result<(), Findings> {
    let only = load::selectors(&wish.only)?;
    let exclude = load::selectors(&wish.exclude)?;
    plan::select(plan, &only, &exclude, wish.max_risk);
    Ok(())
}

/// Waits for the first of several futures, and takes it out. `None`: there is none.
async fn first<T>(running: &mut Vec<std::pin::Pin<Box<impl Future<Output = T>>>>) -> Option<T> {
    if running.is_empty() {
        return None;
    }
    let (at, value) = std::future::poll_fn(|cx| {
        for (at, future) in running.iter_mut().enumerate() {
            if let std::task::Poll::Ready(value) = future.as_mut().poll(cx) {
                return std::task::Poll::Ready((at, value));
            }
        }
        std::task::Poll::Pending
    })
    .await;
    drop(running.swap_remove(at));
    Some(value)
}

impl Planned {
    pub(super) fn failed(fault: crate::model::Fault) -> Self {
        Planned { exit: ExitCodeOrDone(ExitCode::Error), fault: Some(fault), ..Planned::default() }
    }
    pub(super) fn of(loaded: &Loaded, source: String) -> Self {
        Planned { source, findings: loaded.findings.clone(), ..Planned::default() }
    }
    fn take(&mut self, name: TenantName, result: Result<(Plan, Findings), Stopped>) {
        match result {
            Ok((plan, findings)) => {
                self.findings.append(findings);
                self.plans.push(plan);
            }
            Err(stopped) => {
                let (trouble, findings) = *stopped;
                self.findings.append(findings);
                self.troubles.insert(name, trouble);
            }
        }
    }
    pub(super) fn close(&mut self, source: &dyn crate::port::Source, files: &[String], elapsed: std::time::Duration) {
        self.elapsed = elapsed;
        match excerpts(source, files, &self.findings) {
            Ok(excerpts) => self.excerpts = excerpts,
            Err(fault) => self.fault = Some(fault),
        }
        for plan in &self.plans {
            self.exits.insert(plan.tenant.clone(), plan::exit_code(plan));
        }
        for (name, trouble) in &self.troubles {
            self.exits.insert(name.clone(), trouble.exit());
        }
        // A tenant that vanished stops the plans of the others (S9.1); where there are none, the run itself.
        let gone = !self.vanished.is_empty() && self.exits.is_empty();
        let start = if self.findings.stops_all() || self.fault.is_some() { ExitCode::Error } else { ExitCode::Done };
        let start = if gone { start.gravest(ExitCode::Blocked) } else { start };
        self.exit = ExitCodeOrDone(self.exits.values().fold(start, |a, b| a.gravest(*b)));
    }
}

impl Trouble {
    /// What kept a provider from being used: its panel (5), or what is missing here, such as its token (1).
    pub(super) fn of_provider(why: Reason) -> Self {
        match why {
            Reason::Local { text } => Trouble::Local(crate::model::Fault::Local { text }),
            panel => Trouble::Provider(panel),
        }
    }
    /// Its exit code.
    #[must_use]
    pub fn exit(&self) -> ExitCode {
        match self {
            Trouble::Findings | Trouble::Local(_) | Trouble::Bug(_) => ExitCode::Error,
            Trouble::Provider(_) => ExitCode::Incomplete,
        }
    }
}

/// The objects that a person named on the command line.
fn asked(heads: &Heads, wish: &Wish) -> BTreeSet<Key> {
    wish.reset.iter().map(|name| Key::new(heads.name(), Kind::SmtpUser, name.clone())).collect()
}
