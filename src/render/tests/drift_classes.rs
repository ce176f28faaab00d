//! Continuity in drift (S15, S17.2): what is to be bought or switched on is missing, what is to be off is too much, what has
//! its day still to come waits and is no drift.

use super::texts::drift_of;
use crate::base::ExitCode;
use crate::model::continuity::Term;
use crate::model::{Authority, Continuity, Kind, Support};
use crate::plan::testing::case::{Case, at, span};
use crate::render::text::{self, TextOptions};
use crate::render::view::DriftTenant;

/// Continuity as it is declared, and as it is live: on or off, and its term. Today is 2026-11-22.
fn drift(from: &str, enabled: bool, live: (bool, Option<&str>), authority: Authority) -> DriftTenant {
    let mut case = Case::new().authority(authority);
    let term = Some(at(Term { months: 12, from: from.parse().unwrap() }));
    case.acme().continuity = Some(Continuity { at: span(), enabled: Some(at(enabled)), outgoing_via_own_server: Some(at(true)), term });
    case.can.kinds.entry(Kind::Continuity).and_modify(|k| (k.support, k.create) = (Support::Managed, false));
    case.live.add_continuity("acme.example", live.0, live.1);
    let mut view = drift_of(&[case.plan()], ExitCode::Pending);
    view.tenants.remove(0)
}

/// How many in each class: missing, different, surplus, waiting.
fn classes(d: &DriftTenant) -> [usize; 4] {
    [d.missing.len(), d.differs.len(), d.surplus.len(), d.waiting.len()]
}

#[test]
fn what_is_to_come_is_missing_and_what_is_to_go_is_surplus() {
    let term = "12 months from 2026-12-01";
    let [add, observe] = [Authority::Add, Authority::Observe];
    assert_eq!(classes(&drift("2026-12-01", true, (false, None), add)), [2, 0, 0, 0], "the term and the switch");
    assert_eq!(classes(&drift("2026-12-01", true, (false, Some(term)), add)), [1, 0, 0, 0]);
    assert_eq!(classes(&drift("2026-12-01", false, (true, Some(term)), add)), [0, 0, 1, 0]);
    assert_eq!(classes(&drift("2026-12-01", false, (true, Some(term)), observe)), [0, 0, 1, 0]);
    assert_eq!(classes(&drift("2026-11-01", true, (false, None), add)), [1, 0, 0, 0], "after its time it is missing and no step");
    assert_eq!(classes(&drift("2026-12-01", true, (true, Some(term)), add)), [0; 4]);
}

#[test]
fn another_setting_differs() {
    let mut case = Case::new();
    case.acme().continuity = Some(Continuity { at: span(), enabled: None, outgoing_via_own_server: Some(at(false)), term: None });
    case.can.kinds.entry(Kind::Continuity).and_modify(|k| (k.support, k.create) = (Support::Managed, false));
    case.live.add_continuity("acme.example", true, None);
    let view = drift_of(&[case.plan()], ExitCode::Pending);
    assert_eq!(classes(&view.tenants[0]), [0, 1, 0, 0]);
}

#[test]
fn a_term_whose_day_is_to_come_waits_and_is_no_drift() {
    let early = drift("2027-03-01", true, (false, None), Authority::Add);
    assert_eq!((classes(&early), early.has_drift(), early.exit), ([0, 0, 0, 2], false, ExitCode::Done.number()));
    let mut case = Case::new();
    case.acme().continuity = None;
    let mut view = drift_of(&[case.plan()], ExitCode::Done);
    view.tenants = vec![early];
    let text = text::drift(&view, TextOptions::plain(120));
    assert!(text.contains("waiting") && text.contains("no drift"), "{text}");
}
