//! JSON against its schemas, and markdown against names that want to be more.

use super::golden::check;
use super::plans::*;
use crate::base::ExitCode;
use crate::model::{Field, Kind, Value};
use crate::plan::{Action, PlanFile, Risk, Verdict};
use crate::render::{json, markdown};
use std::collections::BTreeMap;

fn valid(schema: &schemars::Schema, value: &serde_json::Value) {
    let schema = jsonschema::draft7::new(schema.as_value()).unwrap();
    let errors: Vec<String> = schema.iter_errors(value).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

fn schema(name: &str) -> schemars::Schema {
    json::OUTPUT_SCHEMAS.iter().find(|(n, _)| *n == name).unwrap().1()
}

#[test]
fn the_plan_file_is_what_its_schema_says() {
    for plan in [picture(), corners(), quiet("acme")] {
        let exits = [(plan.tenant.clone(), ExitCode::NeedsApproval)].into();
        let file = json::plan_file(&[plan], &exits, now());
        let text = json::json(&file).unwrap();
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        valid(&schema("plan.schema.json"), &value);
        assert_eq!(serde_json::from_str::<PlanFile>(&text).unwrap(), file, "what is written can be read");
        assert!(file.expires > file.created);
    }
}

#[test]
fn a_broken_plan_file_is_refused_by_the_schema() {
    let file = json::plan_file(&[picture()], &BTreeMap::new(), now());
    let mut value = serde_json::to_value(&file).unwrap();
    value["plans"][0]["steps"][0]["risk"] = "R9".into();
    let schema = jsonschema::draft7::new(schema("plan.schema.json").as_value()).unwrap();
    assert!(!schema.is_valid(&value));
}

#[test]
fn views_are_what_their_schema_says() {
    let view = run(&[picture(), corners()], ExitCode::Incomplete, &BTreeMap::new());
    let text = json::json(&view).unwrap();
    valid(&schema("view.schema.json"), &serde_json::from_str(&text).unwrap());
    assert!(!text.contains('\u{202e}'));
}

#[test]
fn the_comment() {
    check("picture.md", &markdown::plan(&run(&[picture()], ExitCode::NeedsApproval, &BTreeMap::new()), ""));
    check("corners.md", &markdown::plan(&run(&[corners(), quiet("beta")], ExitCode::Incomplete, &BTreeMap::new()), ""));
}

/// The comment without code spans and fences: what a host would interpret.
fn interpreted(comment: &str) -> String {
    let mut out = String::new();
    let mut fence: Option<String> = None;
    for line in comment.lines() {
        let ticks: String = line.chars().take_while(|c| *c == '`').collect();
        match &fence {
            Some(open) => {
                if line == open {
                    fence = None;
                }
            }
            None if ticks.len() >= 3 => fence = Some(ticks),
            None => {
                out.push_str(&without_spans(line));
                out.push('\n');
            }
        }
    }
    assert!(fence.is_none(), "a fence stays open");
    out
}

fn without_spans(line: &str) -> String {
    let chars: Vec<char> = line.chars().collect();
    let run = |at: usize| chars[at..].iter().take_while(|c| **c == '`').count();
    let (mut out, mut at) = (String::new(), 0);
    while at < chars.len() {
        let ticks = run(at);
        if ticks == 0 {
            out.push(chars[at]);
            at += 1;
            continue;
        }
        let mut end = at + ticks;
        while end < chars.len() && run(end) != ticks {
            end += run(end).max(1);
        }
        assert!(end < chars.len(), "a span stays open in {line}");
        at = end + ticks;
    }
    out
}

#[test]
fn no_name_becomes_markup() {
    let evil = [
        "</details><script>alert(1)</script>",
        "[click](https://evil.example)",
        "``` \n# heading",
        "`x` **bold** @everyone",
        "a|b|c",
        "<!--",
        "https://evil.example",
        "```",
        "\\`\\`",
    ];
    let steps = evil.iter().map(|name| {
        let values = vec![crate::plan::Change {
            field: Field::UserFirstName,
            before: Some(Value::text(*name)),
            after: Some(Value::text(format!("{name}x"))),
        }];
        let mut one = step(Action::Update, Kind::User, name, Risk::R3, values);
        one.notes = vec![(*name).to_owned()];
        one.stops = [(*name).to_owned()].into();
        one.at = place(name, 1);
        (one, Verdict::Go)
    });
    let mut plan = plan(steps.collect());
    plan.ledger.stops = evil.iter().map(|a| crate::plan::Stopped { address: (*a).into(), by: plan.steps[0].key.clone() }).collect();
    plan.report.cannot_tell = evil.iter().map(|t| (*t).to_owned()).collect();
    plan.report.stopped = evil.iter().map(|t| crate::model::Reason::Futile { text: (*t).into() }).collect();
    let seen = interpreted(&markdown::plan(&run(&[plan], ExitCode::Pending, &BTreeMap::new()), "```\n</details>"));
    for bad in ["script", "evil", "click", "bold", "@everyone", "# heading", "<!--"] {
        assert!(!seen.contains(bad), "{bad} would be interpreted:\n{seen}");
    }
    for row in seen.lines().filter(|l| l.starts_with("| ")) {
        assert_eq!(row.matches('|').count(), 7, "a cell was split: {row}");
    }
}

#[test]
fn a_long_comment_is_cut_between_parts() {
    let plans: Vec<_> = (0..40)
        .map(|i| {
            let mut one = plan((0..60).map(|j| create_user(&format!("user{j:03}@t{i}.example"), j)).collect());
            one.tenant = crate::base::TenantName::parse(&format!("t{i}")).unwrap();
            one
        })
        .collect();
    let comment = markdown::plan(&run(&plans, ExitCode::Pending, &BTreeMap::new()), "");
    assert!(comment.chars().count() <= markdown::COMMENT_CHARS);
    assert!(comment.contains("left out") && comment.ends_with("Nothing was written.\n"));
    interpreted(&comment);
}
