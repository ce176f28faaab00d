//! S5.4 on the memory driver, through the whole route: live equals desired in all managed attributes afterwards, the plan
//! is settled, a second apply makes no call, and another way of writing the same wish makes the same plan.

use crate::check::{blocked, brief, bytes, differences, first_difference, live, tenant};
use crate::files::files;
use crate::generate::{case, start};
use crate::later::{kinds, later};
use crate::law::{Conflict, Law, judge};
use crate::rig::{Rig, apply, approved, plan};
use crate::rig_kinds::{place, waits_for_a_person};
use crate::sweep::{COMPUTING, sweep};
use crate::world::{Case, Live, Names};
use jiff::SignedDuration;
use mailwright::base::Severity;
use mailwright::drivers::memory::MemoryTenant;
use mailwright::engine::{Applied, Planned};
use mailwright::model::{JobStage, Key, Kind, StepOutcome};
use mailwright::plan::{Plan, Unfinished};
use mailwright::port::Source;
use std::collections::BTreeSet;

pub const PAIRS: u64 = 10_000;
/// Kinds of which there must be steps in at least two pairs of a hundred.
pub const TOUCHED: [&str; 10] =
    ["password-policy", "domain", "user", "password", "invite", "sending-domain", "smtp-user", "continuity", "directory", "discovery"];
pub const MEMORY: &str = "driver = \"memory\"\nurl = \"embedded:sim.db\"";

/// What a pair was.
#[derive(Debug, Default)]
pub struct Told {
    pub empty: bool,
    pub blocked: bool,
    pub gated: bool,
    pub waiting: bool,
    pub excluded: bool,
    pub imported: usize,
    pub steps: usize,
    /// Moments to which the clock was moved.
    pub moments: usize,
    /// Kinds of which there was a step.
    pub kinds: BTreeSet<&'static str>,
}

/// The one plan of a workspace that is without fault.
pub fn only(planned: &Planned) -> Result<&Plan, String> {
    let sound = planned.fault.is_none() && planned.troubles.is_empty() && !planned.findings.has_errors();
    match planned.plans.as_slice() {
        [plan] if sound => Ok(plan),
        _ => {
            let found = planned.findings.sorted();
            let titles: Vec<String> =
                found.iter().filter(|f| f.severity == Severity::Error).map(|f| format!("{} {}", f.rule, f.title)).collect();
            Err(format!("no plan: {:?} {:?} {titles:?}", planned.fault, planned.troubles))
        }
    }
}

fn describe(case: &Case, law: &Law, plan: &Plan) -> String {
    format!(
        "\n  want {:#?}\n  live {:#?}\n  options {:?}\n  law: {:?}\n  plan:\n{}",
        case.want,
        case.live,
        case.options,
        law.conflicts,
        brief(plan)
    )
}

async fn pair(seed: u64) -> Result<Told, String> {
    let case = case(seed);
    let law = judge(&case, start());
    let rig = Rig::new(&case, None);
    let source = files(&case, 0, MEMORY);
    let planned = plan(&rig.engine(source.clone(), 0, "r0")).await;
    let first =
        only(&planned).map_err(|text| format!("{text}\n  want {:#?}\n  live {:#?}\n  options {:?}", case.want, case.live, case.options))?;
    let fail = |what: String| Err(format!("{what}{}", describe(&case, &law, first)));
    let stuck = blocked(first);
    // two live users at both ends of a rename: what is blocked is what else would be done with them, if anything
    let certain = law.conflicts.iter().any(|c| !matches!(c, Conflict::Renamed(_)));
    if (certain && stuck.is_empty()) || (law.conflicts.is_empty() && !stuck.is_empty()) {
        return fail(format!("the law names {:?}, the plan blocks {stuck:?}", law.conflicts));
    }
    // the apply is of another way of writing, with an approval beside it, on a panel that pages in another way
    let source = approved(files(&case, 1 + seed % 5, MEMORY), first);
    let rig = Rig::new(&case, Some([1, 2, 3, 5, 8, 13, 1000][(seed % 7) as usize]));
    let applied = apply(&rig.engine(source.clone(), 1 + seed, "r1")).await;
    if let Some(text) = another(first, only(&applied.planned)?) {
        return fail(text);
    }
    if let Some(text) = not_carried_out(&case, first, &applied) {
        return fail(text);
    }
    let imported = applied.tenants.values().filter_map(|t| t.outcome.as_ref()).flat_map(|o| &o.done);
    let imported = imported.filter(|(_, o)| matches!(o, StepOutcome::Accepted { .. })).count();
    if imported > 0
        && let Some(text) = in_its_window(&rig, source.clone(), !stuck.is_empty() || law.again).await?
    {
        return fail(text);
    }
    if let Some(text) = afterwards(&case, &law, &rig, !law.conflicts.is_empty()) {
        return fail(text);
    }
    if let (true, Err(text)) = (law.conflicts.is_empty(), credentials(&case, &law, &rig)) {
        return fail(text);
    }
    // where this plan switched what had held another, that one comes at once
    if let (false, true, Some(text)) = (law.again, stuck.is_empty(), once_more(&case, &law, &rig, source).await?) {
        return fail(text);
    }
    let mut met = Default::default();
    if stuck.is_empty() && law.conflicts.is_empty() && (law.again || law.next.is_some()) {
        met = match later(&case, &law, &rig, &files(&case, 1 + seed % 5, MEMORY)).await {
            Ok(met) => met,
            Err(text) => return fail(text),
        };
    }
    let gated = first.steps.iter().any(|s| matches!(first.verdict(s.id), mailwright::plan::Verdict::Gated { .. }));
    Ok(Told {
        empty: first.is_empty(),
        blocked: !stuck.is_empty(),
        gated,
        waiting: law.waiting > 0,
        excluded: case.excluded,
        imported,
        steps: first.steps.len(),
        moments: met.moments,
        kinds: met.kinds.into_iter().chain(kinds(first)).collect(),
    })
}

/// What of an apply was not done.
fn not_carried_out(case: &Case, first: &Plan, applied: &Applied) -> Option<String> {
    let outcome = applied.tenants.values().find_map(|t| t.outcome.as_ref())?;
    // what the policy of a tenant is that does not exist yet, nobody knows
    let known = |id| first.step(id).is_none_or(|s| !comes_with_its_owner(case, &s.key));
    let is_done = |o: &StepOutcome| matches!(o, StepOutcome::Done | StepOutcome::Accepted { .. });
    let fits = |id, o: &StepOutcome| is_done(o) || (*o == StepOutcome::AlreadyDone && !known(id));
    let wrong: Vec<_> = outcome.done.iter().filter(|(id, o)| !fits(*id, o)).collect();
    let bad = outcome.unfinished != Unfinished::No || !wrong.is_empty();
    bad.then(|| format!("not carried out: {:?} {wrong:?} {:?}", outcome.unfinished, outcome.left))
}

/// Applying twice makes no call; what is left waits, and nothing is left where nothing waits.
async fn once_more(case: &Case, law: &Law, rig: &Rig, source: impl Source + 'static) -> Result<Option<String>, String> {
    let writes = rig.panel.calls().1;
    let again = apply(&rig.engine(source, 0, "r2")).await;
    let last = only(&again.planned)?;
    let waits = law.waiting + waits_for_a_person(&rig.panel, case);
    Ok(if !last.is_settled() {
        Some(format!("not settled afterwards:\n{}", brief(last)))
    } else if (waits == 0) != last.is_empty() {
        Some(format!("empty afterwards: {}, and {waits} things wait:\n{}", last.is_empty(), brief(last)))
    } else {
        (rig.panel.calls().1 != writes).then(|| "applying twice makes a call".into())
    })
}

/// Whether an object is there as soon as its owner is: of what the panel then holds of it, nobody knows before.
fn comes_with_its_owner(case: &Case, key: &Key) -> bool {
    let domain = key.domain().and_then(|d| d.split('/').next());
    match key.kind {
        Kind::PasswordPolicy => case.live.is_none(),
        Kind::Discovery | Kind::Continuity => !case.live.as_ref().is_some_and(|l| domain.is_some_and(|d| l.domains.contains_key(d))),
        Kind::Tenant | Kind::Domain | Kind::User | Kind::Directory | Kind::SendingDomain | Kind::SmtpUser => false,
    }
}

/// Whether an import is under way.
pub fn flies(rig: &Rig) -> bool {
    tenant(&rig.panel, "acme").is_some_and(|t| t.jobs.iter().any(|j| j.job.stage == JobStage::Accepted))
}

/// Each minted password is where the files say, and works; no other sink was written (S10).
pub fn credentials(case: &Case, law: &Law, rig: &Rig) -> Result<(), String> {
    let Some(tenant) = tenant(&rig.panel, "acme") else { return Ok(()) };
    for (name, login) in case.want.outbound.logins.iter().filter(|(_, l)| l.credential) {
        let held = rig.sinks.held(&place(name).place);
        let Some(label) = law.minted.get(name) else {
            let is = held.map(|c| c.username);
            // one that was minted at an earlier moment is held as well
            let earlier = is.as_ref().is_some_and(|u| !case.live.as_ref().is_some_and(|l| l.logins.contains_key(u)));
            if is != login.held && earlier {
                return Err(format!("the sink of {name} holds {is:?}, before {:?}", login.held));
            }
            continue;
        };
        let user = held.as_ref().and_then(|c| tenant.smtp_users.get(&c.username));
        let works = user.is_some_and(|u| u.label == *label && held.as_ref() == Some(&u.credential()));
        if !works {
            return Err(format!("{name} was minted as `{label}`, and its sink holds {:?}", held.map(|c| c.username)));
        }
    }
    Ok(())
}

/// Files, rows, forms, the order of objects on pages, the size of pages and approvals change neither id nor bytes.
fn another(first: &Plan, other: &Plan) -> Option<String> {
    if other.id != first.id {
        return Some(format!("another way of writing has another id:\n{}", brief(other)));
    }
    let difference = first_difference(&bytes(first), &bytes(other));
    difference.map(|text| format!("another way of writing has other bytes: {text}"))
}

/// S6.2: while an import is in flight nothing is sent, and all of it acts when its window is over.
async fn in_its_window(rig: &Rig, source: impl Source + 'static, goes_on: bool) -> Result<Option<String>, String> {
    // a run's own timers move the clock as well: the window may be over by now
    let open = |t: MemoryTenant| t.jobs.iter().filter(|j| j.job.stage == JobStage::Accepted).count();
    let flying = tenant(&rig.panel, "acme").map_or(0, open);
    let within = plan(&rig.engine(source, 3, "r1w")).await;
    let plan = only(&within)?;
    if plan.report.in_flight.len() != flying {
        let jobs = tenant(&rig.panel, "acme").map(|t| t.jobs);
        let told = (&plan.report.in_flight, &plan.report.incomplete);
        return Ok(Some(format!("{flying} imports are in flight, shown are {told:?}; {jobs:?}\n{}", brief(plan))));
    }
    if flying > 0 && !goes_on && !plan.is_settled() {
        return Ok(Some(format!("something goes while an import is in flight:\n{}", brief(plan))));
    }
    rig.clock.jump(SignedDuration::from_hours(1));
    Ok(None)
}

/// What the panel holds after the apply.
fn afterwards(case: &Case, law: &Law, rig: &Rig, is_blocked: bool) -> Option<String> {
    let fresh = Rig::new(case, None);
    if tenant(&rig.panel, "other") != tenant(&fresh.panel, "other") {
        return Some("another tenant was touched".into());
    }
    let got = tenant(&rig.panel, "acme").map(|t| live(&t));
    if !is_blocked {
        let wrong = differences(law.expected.as_ref(), got.as_ref());
        return (!wrong.is_empty()).then(|| format!("live is not as desired:\n   {}", wrong.join("\n   ")));
    }
    let (Some(before), Some(got)) = (&case.live, &got) else {
        return None;
    };
    untouched(case, law, before, got)
}

/// Where something is blocked: whoever is not ours is as before, and no declared address is lost.
fn untouched(case: &Case, law: &Law, before: &Live, got: &Live) -> Option<String> {
    let spoken = |a: &String| case.want.users.contains_key(a) || law.deleted.contains(a) || case.want.renamed.iter().any(|r| r.from == *a);
    for (address, user) in &before.users {
        let ours = user.is_ours(address, &case.want, before) && !case.want.ignores("user", address);
        if (!ours || !spoken(address)) && got.users.get(address) != Some(user) {
            return Some(format!("{address} is not ours and is {:?} now", got.users.get(address)));
        }
    }
    let names = |live: &Live| live.users.iter().flat_map(|(a, u)| u.names(a)).collect::<Names>();
    let lost: Vec<String> = names(before).difference(&names(got)).filter(|n| case.want.row_of(n).is_some()).cloned().collect();
    (!lost.is_empty()).then(|| format!("declared, live before and gone now: {lost:?}"))
}

#[test]
fn every_pair_converges() {
    let all = sweep(COMPUTING, 0..PAIRS, pair);
    if all.len() < 100 {
        return; // one seed alone
    }
    let count = |of: fn(&Told) -> bool| all.iter().filter(|t| of(t)).count();
    let (empty, blocked, gated, waiting) = (count(|t| t.empty), count(|t| t.blocked), count(|t| t.gated), count(|t| t.waiting));
    let excluded = count(|t| t.excluded);
    assert!(excluded * 100 <= all.len() * 15, "{excluded} of {} had an alias domain that is in use", all.len());
    let steps: usize = all.iter().map(|t| t.steps).sum();
    println!("{} pairs: {empty} empty, {blocked} blocked, {gated} gated, {waiting} waiting, {excluded} excluded, {steps} steps", all.len());
    assert!(blocked * 100 <= all.len() * 10, "{blocked} of {} have a blocked step", all.len());
    assert!(blocked * 100 >= all.len() * 2, "the law's refusals are hardly met: {blocked}");
    assert!(empty * 100 <= all.len() * 10, "{empty} of {} start with an empty plan", all.len());
    let imports = count(|t| t.imported > 0);
    let (moments, later) = (all.iter().map(|t| t.moments).sum::<usize>(), count(|t| t.moments > 0));
    println!("{later} pairs with a clock that moves on, to {moments} moments");
    for kind in TOUCHED {
        let touched = all.iter().filter(|t| t.kinds.contains(kind)).count();
        println!("{touched} pairs with a step of {kind}");
        assert!(touched * 100 >= all.len() * 2, "{kind} is hardly ever touched: {touched}");
    }
    assert!(later * 100 >= all.len() * 5, "the clock hardly ever moves: {later}");
    println!("{imports} pairs with an import of the whole list");
    assert!(imports * 100 >= all.len(), "the whole list is hardly ever imported: {imports}");
    assert!(gated * 100 >= all.len() * 30 && waiting > 0, "{gated} gated, {waiting} waiting");
}
