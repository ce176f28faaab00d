//! The clock moves on: at each moment at which the law says that something happens, the wish is planned and applied again,
//! until nothing waits any more; then the plan is empty (S5.4).

use crate::check::{brief, differences, live, tenant};
use crate::check_kinds::with_answers;
use crate::converge::only;
use crate::law::{Law, judge};
use crate::rig::{Rig, apply, approved_at, plan};
use crate::rig_kinds::person;
use crate::world::Case;
use mailwright::base::Clock as _;
use mailwright::plan::Plan;
use mailwright::store::MemorySource;

/// More moments than any case has.
const MOST: usize = 12;

/// What was met on the way.
#[derive(Debug, Default)]
pub struct Met {
    pub moments: usize,
    pub kinds: std::collections::BTreeSet<&'static str>,
}

/// Kinds of the steps of a plan, passwords and invitations among them.
pub fn kinds(plan: &Plan) -> impl Iterator<Item = &'static str> {
    let of = |s: &mailwright::plan::Step| {
        let password = s.changes.iter().find(|c| c.field == mailwright::model::Field::UserPassword);
        let special = password.map(|c| if c.is_invite() { "invite" } else { "password" });
        std::iter::once(s.key.kind.word()).chain(special)
    };
    plan.steps.iter().flat_map(of).collect::<Vec<_>>().into_iter()
}

/// Goes on from a settled panel. `law` is that of the apply before.
pub async fn later(case: &Case, law: &Law, rig: &Rig, source: &MemorySource) -> Result<Met, String> {
    let (mut case, mut met) = (case.clone(), Met::default());
    let (mut next, mut again, mut waiting) = (law.next, law.again, law.waiting);
    for n in 0..MOST {
        person(&rig.panel);
        if !again {
            let Some(at) = next else { break };
            rig.clock.reach(at);
        }
        case.live = tenant(&rig.panel, "acme").map(|t| with_answers(live(&t), case.live.as_ref()));
        let now = rig.clock.now();
        let law = judge(&case, now);
        if !law.conflicts.is_empty() {
            // what becomes a conflict by time alone is the law's business, not ours to go on with
            return Ok(met);
        }
        met.moments += 1;
        moment(&case, &law, rig, source, n, &mut met).await.map_err(|text| {
            let (want, live) = (&case.want, &case.live);
            format!("at {now}: {text}\n  want {want:#?}\n  live {live:#?}\n  options {:?}", case.options)
        })?;
        (next, again, waiting) = (law.next.filter(|at| *at > now), law.again, law.waiting);
    }
    if again || next.is_some() {
        return Err(format!("after {MOST} moments there is still one to come: {next:?}"));
    }
    person(&rig.panel);
    let writes = rig.panel.calls().1;
    let last = apply(&rig.engine(source.clone(), 0, "end")).await.planned;
    let last = only(&last)?;
    if rig.panel.calls().1 != writes {
        return Err("applying twice makes a call".into());
    }
    if waiting == 0 && !last.is_empty() {
        return Err(format!("nothing waits any more, and the plan is not empty:\n{}", brief(last)));
    }
    Ok(met)
}

async fn moment(case: &Case, law: &Law, rig: &Rig, source: &MemorySource, n: usize, met: &mut Met) -> Result<(), String> {
    let now = rig.clock.now();
    let planned = plan(&rig.engine(source.clone(), 0, &format!("p{n}"))).await;
    let first = only(&planned)?;
    met.kinds.extend(kinds(first));
    let stuck = crate::check::blocked(first);
    if !stuck.is_empty() {
        return Err(format!("the law names no conflict, the plan blocks {stuck:?}"));
    }
    let source = approved_at(source.clone(), first, now);
    let applied = apply(&rig.engine(source, 0, &format!("a{n}"))).await;
    if crate::converge::flies(rig) {
        rig.clock.jump(jiff::SignedDuration::from_hours(1));
    }
    let got = tenant(&rig.panel, "acme").map(|t| live(&t));
    let wrong = differences(law.expected.as_ref(), got.as_ref());
    if !wrong.is_empty() {
        return Err(format!("live is not as desired:\n   {}\n  plan\n{}", wrong.join("\n   "), brief(first)));
    }
    crate::converge::credentials(case, law, rig)?;
    let after = applied.tenants.values().find_map(|t| t.after.as_ref());
    if let Some(after) = after.filter(|after| !law.again && !after.is_settled()) {
        return Err(format!("not settled afterwards:\n{}", brief(after)));
    }
    Ok(())
}
