//! Approvals lowered (S8.1): each covers steps of a plan, or one object by hand, and has an end.

use super::Lowering;
use crate::base::Span;
use crate::base::nearest::nearest;
use crate::config::raw::ApprovalTable;
use crate::config::reading::unknown::listed;
use crate::config::rules;
use crate::config::value::At;
use crate::model::Approval;
use crate::model::approval::ByHand;
use jiff::SignedDuration;

/// Longest life of an approval (S8.1); R4 has less, which the planner knows.
const LONGEST: SignedDuration = SignedDuration::from_hours(14 * 24);

/// The words of actions in an approval by hand, as plans show them.
pub const ACTIONS: [&str; 10] = ["create", "update", "move", "rename", "delete", "mint", "reset", "block", "buy", "hand-off"];

/// An approval; `None` after a finding.
pub fn approval(raw: ApprovalTable, lowering: &mut Lowering<'_>) -> Option<Approval> {
    let hand = [raw.kind.as_ref().map(|v| v.span), raw.key.as_ref().map(|v| v.span), raw.action.as_ref().map(|v| v.span)];
    let by_hand = match hand.iter().flatten().count() {
        0 => None,
        3 => by_hand(&raw, lowering),
        _ if raw.refused => return None,
        _ => {
            wrong(raw.at, "an approval by hand needs `kind`, `key` and `action`", "add what is missing", lowering);
            return None;
        }
    };
    let written_by_hand = hand.iter().any(Option::is_some);
    let steps: std::collections::BTreeSet<_> = raw.steps.iter().flat_map(|l| &l.all).map(|d| d.value.0).collect();
    if raw.refused && steps.is_empty() {
        return None; // what it covers was refused or misspelt, and that is said already
    }
    if written_by_hand != steps.is_empty() {
        let title =
            if written_by_hand { "an approval covers steps, or one object by hand, not both" } else { "this approval covers nothing" };
        wrong(raw.at, title, "let `mailwright approve PLANFILE` write it, or give kind, key and action", lowering);
        return None;
    }
    let (created, expires) = (raw.created?, raw.expires?);
    let (created, expires) = (created.map(|m| m.0), expires.map(|m| m.0));
    life(&created, &expires, lowering);
    if let Some(empty) = [&raw.reason, &raw.approver].into_iter().flatten().find(|text| text.value.trim().is_empty()) {
        let finding = rules::APPROVAL.finding("an approval needs a reason and an approver").at(empty.span, "empty");
        lowering.push(finding.fix("say who approves and why"));
    }
    if written_by_hand && by_hand.is_none() {
        return None;
    }
    Some(Approval {
        at: raw.at,
        plan: raw.plan.map(|p| p.value.0),
        steps,
        by_hand,
        evidence: raw.evidence.into_iter().flat_map(|l| l.all).map(|e| e.value).collect(),
        reason: raw.reason?.value,
        approver: raw.approver?.value,
        created: created.value,
        expires: expires.value,
    })
}

fn wrong(at: Span, title: &str, fix: &str, lowering: &mut Lowering<'_>) {
    lowering.push(rules::APPROVAL.finding(title).at(at, "this approval").fix(fix));
}

fn by_hand(raw: &ApprovalTable, lowering: &mut Lowering<'_>) -> Option<ByHand> {
    let (kind, key, action) = (raw.kind.as_ref()?, raw.key.as_ref()?, raw.action.as_ref()?);
    if !ACTIONS.contains(&action.value.as_str()) {
        let finding =
            rules::UNKNOWN_WORD.finding("this is not an action of plans").at(action.span, format!("expected {}", listed(&ACTIONS)));
        lowering.push(match nearest(&action.value, ACTIONS) {
            Some(near) => finding.replace(format!("did you mean \"{near}\"?"), action.span, format!("\"{near}\"")),
            None => finding.fix(format!("write {}", listed(&ACTIONS))),
        });
        return None;
    }
    Some(ByHand {
        tenant: raw.tenant.as_ref().map(|t| t.value.to_string()),
        kind: kind.value,
        key: key.value.clone(),
        action: action.value.clone(),
        incarnation: raw.incarnation.as_ref().map(|i| i.value.clone()),
    })
}

fn life(created: &At<jiff::Timestamp>, expires: &At<jiff::Timestamp>, lowering: &mut Lowering<'_>) {
    let life = expires.value.duration_since(created.value);
    if life <= SignedDuration::ZERO {
        let finding = rules::DAY_ORDER.finding("the approval expires before it was given").at(expires.span, "the end");
        lowering.push(finding.also(created.span, "the beginning").fix("write an end after the beginning, at most 14 days later"));
    } else if life > LONGEST {
        let end = created.value.checked_add(LONGEST).map(|t| t.to_string()).unwrap_or_default();
        let finding =
            rules::APPROVAL.finding("an approval holds for 14 days at most").at(expires.span, "more than 14 days after `created`");
        lowering.push(finding.replace("write an earlier end", expires.span, end));
    }
}
