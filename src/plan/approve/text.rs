//! What `mailwright approve` writes: one `[[approvals]]` table, with comments that show in words what is approved.

use crate::base::Timestamp;
use crate::base::printable::printable;
use crate::model::Evidence;
use crate::plan::approve::cover::gated;
use crate::plan::approve::validity::{APPROVAL_DAYS, DAY_SECONDS, R4_APPROVAL_DAYS};
use crate::plan::guard::gates::{evidence, words};
use crate::plan::step::{Risk, Step, Verdict};
use crate::plan::tenant_plan::Plan;
use std::collections::BTreeSet;

/// The TOML text of an approval of all gated steps of a plan, open for `days` at most (14; 3 where one of them is R4).
/// Texts of panels and files are made harmless; nothing in a comment can leave its line.
#[must_use]
pub fn approval_for(plan: &Plan, reason: &str, approver: &str, now: Timestamp, days: u32) -> String {
    let steps: Vec<&Step> = gated(plan).collect();
    let most = if steps.iter().any(|s| s.risk == Risk::R4) { R4_APPROVAL_DAYS } else { APPROVAL_DAYS };
    let life = i64::from(days).clamp(1, most) * DAY_SECONDS;
    let created = Timestamp::from_second(now.as_second()).unwrap_or(now);
    let expires = Timestamp::from_second(created.as_second() + life).unwrap_or(created);
    let evidence: BTreeSet<Evidence> = steps.iter().flat_map(|s| evidence(s, &plan.verdict(s.id))).collect();
    let names: Vec<String> = evidence.iter().map(|e| quoted(e.word())).collect();
    let noun = if steps.len() == 1 { "step" } else { "steps" };
    let mut out = format!("# {} {noun} of {}, plan {}\n[[approvals]]\n", steps.len(), plan.tenant, plan.id.short());
    out += &format!("plan = {}\n", quoted(&plan.id.to_string()));
    out += "steps = [\n";
    for step in steps {
        out += &comments(plan, step);
        out += &format!("  {},\n", quoted(&step.id.to_string()));
    }
    out += "]\n";
    out += &format!("evidence = [{}]\n", names.join(", "));
    out += &format!("reason = {}\napprover = {}\n", quoted(reason), quoted(approver));
    out + &format!("created = {}\nexpires = {}\n", quoted(&created.to_string()), quoted(&expires.to_string()))
}

fn comments(plan: &Plan, step: &Step) -> String {
    let mut lines = vec![format!("{} {} ({:?})", step.action.word(), step.key, step.risk)];
    if let Verdict::Gated { gates } = plan.verdict(step.id) {
        lines.extend(gates.iter().map(|g| format!("  {}", words(g))));
    }
    let show = |v: &Option<crate::model::Value>| v.as_ref().map_or_else(|| "-".to_owned(), ToString::to_string);
    lines.extend(step.changes.iter().map(|c| format!("  {}: {} -> {}", c.field.name(), show(&c.before), show(&c.after))));
    lines.extend(step.evidence.iter().map(|(name, text)| format!("  {name}: {text}")));
    lines.extend(step.stops.iter().map(|a| format!("  stops: {a}")));
    lines.iter().map(|line| format!("  # {}\n", printable(line))).collect()
}

/// A TOML basic string.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::step::Gate;
    use crate::plan::testing_plans::{at, create, plan, relay_check, set};

    #[test]
    fn it_is_toml_that_names_what_is_approved() {
        let mut step = relay_check("acme", "acme.example");
        step.evidence = vec![(Evidence::Rejects, "2 addresses\nwould bounce".into())];
        let id = step.id;
        let mut p = plan("acme", vec![step, create("acme", "jane@acme.example")]);
        set(&mut p, 0, Verdict::Gated { gates: vec![Gate::Always { what: "change of relay_check".into() }] });
        let text = approval_for(&p, "we \"tested\" it\nwell", "ann", at(0), 99);
        let table: toml::Table = text.parse().unwrap();
        let one = &table["approvals"][0];
        assert_eq!(one["steps"].as_array().unwrap().len(), 1);
        assert_eq!(one["steps"][0].as_str(), Some(id.to_string().as_str()));
        assert_eq!((one["evidence"][0].as_str(), one["reason"].as_str()), (Some("rejects"), Some("we \"tested\" it\nwell")));
        let life = |key: &str| one[key].as_str().unwrap().parse::<Timestamp>().unwrap().as_second();
        assert_eq!(life("expires") - life("created"), 14 * DAY_SECONDS);
        for line in [
            "  # update domain/acme.example (R3)",
            "  #   relay_check: smtp -> control-panel",
            "  #   rejects: 2 addresses\\u{a}would bounce",
        ] {
            assert!(text.lines().any(|l| l == line), "{line}\n{text}");
        }
    }

    #[test]
    fn r4_holds_three_days() {
        let mut step = relay_check("acme", "acme.example");
        step.risk = Risk::R4;
        let mut p = plan("acme", vec![step]);
        set(&mut p, 0, Verdict::Gated { gates: vec![] });
        assert!(approval_for(&p, "r", "a", at(0), 14).contains(&at(3 * DAY_SECONDS).to_string()));
    }
}
