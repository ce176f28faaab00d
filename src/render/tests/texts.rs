//! The texts that people read, exactly.

use super::golden::check;
use super::plans::*;
use crate::base::{ExitCode, TenantName};
use crate::model::{Fault, Key, Kind, Looked, StepOutcome};
use crate::plan::{Outcome, Pace, Plan, Refusal, Unfinished};
use crate::render::Excerpts;
use crate::render::diff;
use crate::render::style::Styles;
use crate::render::text::{self, TextOptions};
use crate::render::view::{self, AppliedGiven, Applying, Given};
use std::collections::BTreeMap;
use std::time::Duration;

fn planned(plans: &[Plan], exit: ExitCode, options: TextOptions) -> String {
    text::plan(&run(plans, exit, &BTreeMap::new()), options)
}

#[test]
fn the_picture() {
    let plans = [picture()];
    for width in [80, 120] {
        let text = planned(&plans, ExitCode::NeedsApproval, TextOptions::plain(width));
        check(&format!("picture-{width}.txt"), &text);
        let widest = text.lines().map(|l| l.chars().count()).max().unwrap();
        assert!(widest <= width, "a line of {widest} columns on a page of {width}:\n{text}");
    }
    let coloured = planned(&plans, ExitCode::NeedsApproval, TextOptions { styles: Styles::coloured(), ..TextOptions::plain(120) });
    let stripped = anstream::adapter::strip_str(&coloured).to_string();
    let lines = |t: &str| t.lines().map(|l| l.trim_end().to_owned()).collect::<Vec<_>>();
    assert!(coloured.contains("\u{1b}["));
    assert_eq!(lines(&stripped), lines(&planned(&plans, ExitCode::NeedsApproval, TextOptions::plain(120))), "colour changes no text");
}

#[test]
fn every_corner() {
    let options = TextOptions { undeclared: true, ..TextOptions::plain(80) };
    let text = planned(&[corners()], ExitCode::Incomplete, options);
    check("corners-80.txt", &text);
    assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}'), "what panels and files say cannot reach the terminal");
    check("corners-120.txt", &planned(&[corners()], ExitCode::Incomplete, TextOptions { width: 120, ..options }));
}

#[test]
fn hundreds_of_creates_are_folded() {
    let many = plan((0..300).map(|i| create_user(&format!("user{i:03}@acme.example"), i + 2)).collect());
    let text = planned(std::slice::from_ref(&many), ExitCode::Pending, TextOptions::plain(100));
    check("folded.txt", &text);
    let full = planned(&[many], ExitCode::Pending, TextOptions { full: true, ..TextOptions::plain(100) });
    assert!(full.contains("user299@") && !text.contains("user299@") && text.contains("290 more users"));
}

#[test]
fn many_tenants_and_trouble() {
    let mut plans: Vec<Plan> = (0..15).map(|i| quiet(&format!("tenant-{i:02}"))).collect();
    plans.insert(0, picture());
    let troubles: BTreeMap<TenantName, String> =
        [(TenantName::parse("zeta").unwrap(), "no connection to the panel: refused".to_owned())].into();
    check("tenants.txt", &text::plan(&run(&plans, ExitCode::Incomplete, &troubles), TextOptions::plain(100)));
}

#[test]
fn nothing_to_do_is_said_only_where_it_is_known() {
    let quiet = quiet("acme");
    check("empty.txt", &planned(std::slice::from_ref(&quiet), ExitCode::Done, TextOptions::plain(80)));
    let mut blind = quiet;
    blind.report.incomplete = corners().report.incomplete;
    let text = planned(&[blind.clone()], ExitCode::Incomplete, TextOptions::plain(80));
    assert!(!text.contains("nothing to do") && text.contains("not known"), "{text}");
    let drift = text::drift(&drift_of(&[blind], ExitCode::Incomplete), TextOptions::plain(80));
    assert!(!drift.contains("no drift"), "{drift}");
}

pub(super) fn drift_of(plans: &[Plan], exit: ExitCode) -> view::DriftView {
    let exits: BTreeMap<TenantName, ExitCode> = plans.iter().map(|p| (p.tenant.clone(), exit)).collect();
    view::drift(&Given {
        source: ".",
        plans,
        troubles: &BTreeMap::new(),
        findings: &crate::base::Findings::new(),
        excerpts: &Excerpts::new(),
        exits: &exits,
        exit,
        elapsed: Duration::ZERO,
        now: now(),
    })
}

#[test]
fn drift_by_class() {
    let mut all = picture();
    all.report = corners().report;
    all.report.incomplete.clear();
    let view = drift_of(&[all], ExitCode::NeedsApproval);
    assert_eq!(view.exit, ExitCode::Pending, "a gate is no class of drift (S18.2)");
    check("drift.txt", &text::drift(&view, TextOptions::plain(80)));
    let none = drift_of(&[quiet("acme")], ExitCode::Done);
    assert_eq!(none.exit, ExitCode::Done);
    assert!(text::drift(&none, TextOptions::plain(80)).contains("no drift"));
}

#[test]
fn diffs_look_like_the_files() {
    check("diff.txt", &diff::unified(&diff::objects(&picture()), Styles::plain()));
}

#[test]
fn an_apply_says_what_stays() {
    let plan = picture();
    let ids: Vec<_> = plan.steps.iter().map(|s| s.id).collect();
    let refused = Fault::Rejected { text: "the address is reserved".into() };
    let outcome = Outcome {
        plan: plan.id,
        done: vec![(ids[2], StepOutcome::Done), (ids[3], StepOutcome::AlreadyDone), (ids[1], StepOutcome::Failed(refused))],
        left: vec![(strange(), "the run was interrupted".into())],
        wrote: true,
        unfinished: Unfinished::Failed("the address is reserved".into()),
        at: now(),
    };
    let stays = vec![(ids[0], "needs an approval".to_owned())];
    let news = |name: &str| Key::new(&acme(), Kind::SendingDomain, name);
    let lacks = vec!["x1.news.example CNAME r1.relay.example: no CNAME record".to_owned()];
    let looked = [
        (news("mail.example"), Ok(Looked { found: true, lacks: Vec::new() })),
        (news("news.example"), Ok(Looked { found: false, lacks })),
        (news("shop.example"), Err(Fault::Rejected { text: "no resolver".into() })),
    ];
    let one = Applying {
        plan: &plan,
        refusal: None,
        stays: &stays,
        outcome: Some(&outcome),
        looked: &looked,
        after: Some(&plan),
        exit: ExitCode::Partial,
        elapsed: Duration::from_millis(230),
    };
    let none = quiet("beta");
    let refusal = Refusal::Nothing;
    let other =
        Applying { plan: &none, refusal: Some(&refusal), stays: &[], outcome: None, looked: &[], after: None, exit: ExitCode::Done, ..one };
    let (troubles, exits) = (BTreeMap::new(), BTreeMap::new());
    let given = AppliedGiven { tenants: vec![one, other], troubles: &troubles, exits: &exits, exit: ExitCode::Partial };
    let view = view::applied(&given);
    check("applied.txt", &text::applied(&view, TextOptions::plain(80)));
    check("applied.md", &crate::render::markdown::applied(&view));
}

#[test]
fn how_long_it_takes_is_told_where_that_is_long() {
    let mut slow = picture();
    slow.report.pace = Some(Pace { calls: 1_200, seconds: 240 });
    let text = planned(&[slow.clone()], ExitCode::NeedsApproval, TextOptions::plain(80));
    assert!(text.contains("takes          about 4 min for 1,200 calls, at the panel's rate"), "{text}");
    let comment = crate::render::markdown::plan(&run(&[slow.clone()], ExitCode::NeedsApproval, &BTreeMap::new()), "");
    assert!(comment.contains("**takes** about 4 min for 1,200 calls"), "{comment}");
    let json = crate::render::json::json(&run(&[slow.clone()], ExitCode::NeedsApproval, &BTreeMap::new())).unwrap();
    assert!(json.contains("\"seconds\": 240"), "{json}");
    slow.report.pace = Some(Pace { calls: 12, seconds: 5 });
    assert!(!planned(&[slow], ExitCode::NeedsApproval, TextOptions::plain(80)).contains("takes"));
}
