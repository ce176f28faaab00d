//! The schemas are what is checked in, are valid, and say what the readers do: a walk over every table of every schema.

use super::support::{OPEN, findings};
use crate::base::{FileId, Findings};
use crate::config::HeadText;
use crate::config::raw::UserTable;
use crate::config::reading::context::written_key;
use crate::config::reading::{Part, Reading, Table};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

const FILES: [(&str, &str); 3] = [
    ("mailwright.schema.json", "mailwright.toml"),
    ("tenant.schema.json", "tenants/acme.toml"),
    ("approvals.schema.json", "approvals/a.toml"),
];

fn schema(name: &str) -> Value {
    let text = crate::config::schemas().into_iter().find(|(n, _)| *n == name).unwrap().1;
    serde_json::from_str(&text).unwrap()
}

#[test]
fn the_schemas_are_those_in_the_repository() {
    for (name, text) in crate::config::schemas() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas").join(name);
        if std::env::var_os("MAILWRIGHT_WRITE_SCHEMAS").is_some() {
            std::fs::write(&path, &text).unwrap();
        }
        assert_eq!(std::fs::read_to_string(&path).unwrap_or_default(), text, "{name}: run with MAILWRIGHT_WRITE_SCHEMAS=1");
    }
}

#[test]
fn the_schemas_are_valid_and_without_null() {
    for (name, _) in FILES {
        let schema = schema(name);
        assert!(jsonschema::meta::is_valid(&schema), "{name}");
        assert!(!schema.to_string().contains("null"), "{name}");
        assert_eq!(schema["$schema"], "http://json-schema.org/draft-07/schema#");
    }
}

/// A table of a schema: the keys that lead to it, and its properties.
struct Found {
    way: Vec<Step>,
    properties: Map<String, Value>,
}

#[derive(Clone)]
enum Step {
    Key(String),
    Item(String),
}

fn resolve<'s>(root: &'s Value, mut schema: &'s Value) -> &'s Value {
    loop {
        let next = schema.get("$ref").or_else(|| schema["allOf"][0].get("$ref")).and_then(Value::as_str);
        let Some(reference) = next else { return schema };
        schema = root.pointer(reference.trim_start_matches('#')).unwrap();
    }
}

fn walk(root: &Value, schema: &Value, way: Vec<Step>, found: &mut Vec<Found>) {
    let schema = resolve(root, schema);
    for option in schema["anyOf"].as_array().into_iter().flatten() {
        walk(root, option, way.clone(), found);
    }
    if let Some(properties) = schema["properties"].as_object() {
        assert_eq!(schema["additionalProperties"], false, "a table takes unknown keys");
        for (key, value) in properties {
            let (items, key) = (resolve(root, value), key.clone());
            if let Some(element) = items.get("items").filter(|e| resolve(root, e).get("properties").is_some()) {
                walk(root, element, [way.clone(), vec![Step::Item(key)]].concat(), found);
            } else {
                walk(root, value, [way.clone(), vec![Step::Key(key)]].concat(), found);
            }
        }
        found.push(Found { way, properties: properties.clone() });
    } else if schema["additionalProperties"].is_object() {
        let name =
            if way.iter().any(|s| matches!(s, Step::Key(k) if k.ends_with("domains"))) && way.len() == 1 { "x.example" } else { "x" };
        walk(root, &schema["additionalProperties"], [way, vec![Step::Key(name.into())]].concat(), found);
    }
}

/// One line of TOML that sets a key of a table to a value, written from the root.
fn write(way: &[Step], line: &str) -> String {
    let item = way.iter().position(|s| matches!(s, Step::Item(_)));
    let names: Vec<String> = way.iter().map(|(Step::Key(k) | Step::Item(k))| written_key(k)).collect();
    match item {
        None if way.is_empty() => format!("{line}\n"),
        None => format!("[{}]\n{line}\n", names.join(".")),
        Some(at) if at + 1 == way.len() => format!("[[{}]]\n{line}\n", names.join(".")),
        Some(at) => format!("[[{}]]\n[{}]\n{line}\n", names[..=at].join("."), names.join(".")),
    }
}

/// Findings of a text of one table, without those that ask for more keys than the one that is tried.
fn read(file: &str, way: &[Step], text: &str) -> Findings {
    if matches!(way.first(), Some(Step::Item(key)) if key == "users") {
        return read_user(text);
    }
    findings(file, &if way.is_empty() && text.starts_with("schema") { text.to_owned() } else { format!("{OPEN}{text}") })
}

/// Users are read by the row decoders; here the raw table reads one, as custom resources will.
fn read_user(text: &str) -> Findings {
    let head = HeadText::new_whole(FileId(0), text.replace("[[users]]\n", "").replace("[users.", "["));
    let mut cx = Reading::new(&head, "tenants/acme.toml", None);
    let document = crate::config::reading::syntax::parse(&mut cx).unwrap();
    let root = toml::Spanned::new(0..0, toml::de::DeValue::Table(document.into_inner()));
    drop(UserTable::read(&root, &mut cx));
    cx.findings
}

/// Values that a schema allows, as TOML.
fn samples(root: &Value, key: &str, schema: &Value) -> Vec<String> {
    let schema = resolve(root, schema);
    if let Some(options) = schema["anyOf"].as_array().or_else(|| schema["oneOf"].as_array()).filter(|o| o[0].get("required").is_none()) {
        return options.iter().flat_map(|option| samples(root, key, option)).collect();
    }
    if let Some(fixed) = schema.get("const") {
        return vec![fixed.to_string()];
    }
    if let Some(words) = schema["enum"].as_array() {
        return words.iter().map(Value::to_string).collect();
    }
    let text = match (schema["format"].as_str(), schema["pattern"].as_str(), key) {
        (Some("email"), ..) => "a@x.example",
        (Some("idn-hostname"), ..) => "x.example",
        (Some("date"), ..) => return vec!["2026-12-01".into(), "\"2026-12-01\"".into()],
        (Some("date-time"), ..) => return vec!["2026-12-01T00:00:00Z".into()],
        (_, Some(p), _) if p.contains("hex") || p.contains("0-9a-fA-F") => return vec![format!("\"{}\"", "ab".repeat(32))],
        (_, _, "url") => "embedded:p.db",
        (_, _, "pattern") => "user/*",
        (_, _, "allowed_secrets") => "env:*",
        (_, _, "destination") => "mx.x.example",
        (_, _, "action") => "delete",
        _ => "x",
    };
    match schema["type"].as_str() {
        Some("string") => vec![json!(text).to_string()],
        Some("boolean") => vec!["true".into(), "false".into()],
        Some("integer") => vec![schema["minimum"].to_string(), schema["maximum"].to_string()],
        Some("array") if resolve(root, &schema["items"]).get("properties").is_none() => {
            samples(root, key, &schema["items"]).into_iter().map(|s| format!("[{s}]")).collect()
        }
        // tables are walked by themselves
        _ => Vec::new(),
    }
}

#[test]
fn every_property_is_accepted_and_every_other_key_is_refused() {
    let mut tables = 0;
    for (name, file) in FILES {
        let root = schema(name);
        let mut found = Vec::new();
        walk(&root, &root, Vec::new(), &mut found);
        tables += found.len();
        for Found { way, properties } in &found {
            for (key, value) in properties {
                for sample in samples(&root, key, value) {
                    let text = write(way, &format!("{key} = {sample}"));
                    let refused =
                        ["MW0010", "MW0011", "MW0013", "MW0014", "MW0015", "MW0018", "MW0019", "MW0020", "MW0021", "MW0022", "MW0023"];
                    let got = read(file, way, &text);
                    assert!(refused.iter().all(|r| got.sorted().iter().all(|f| f.rule.0 != *r)), "{text}: {:#?}", got.sorted());
                }
                misspelt(file, way, key, properties);
            }
            let text = write(way, "zzqqxx = 1");
            assert!(read(file, way, &text).sorted().iter().any(|f| f.rule.0 == "MW0010"), "{text}");
        }
    }
    assert!(tables >= 24, "the walk saw {tables} tables only");
}

/// A key with one letter too many is refused with the key itself as the fix.
fn misspelt(file: &str, way: &[Step], key: &str, properties: &Map<String, Value>) {
    let wrong = format!("{key}q");
    assert!(!properties.contains_key(&wrong));
    let got = read(file, way, &write(way, &format!("{wrong} = 1")));
    let with = got.sorted().iter().find(|f| f.rule.0 == "MW0010").and_then(|f| f.fix.clone()).and_then(|f| f.replace).map(|(_, with)| with);
    assert_eq!(with.as_deref(), Some(key), "{wrong}: {:#?}", got.sorted());
}

#[test]
fn the_bounds_of_the_schema_are_those_of_the_reader() {
    let root = schema("tenant.schema.json");
    let port = &root["definitions"]["DirectoryTable"]["properties"]["port"];
    assert_eq!((&port["minimum"], &port["maximum"]), (&json!(1), &json!(65535)));
    let keys: BTreeSet<&str> = UserTable::KEYS.iter().copied().collect();
    let user: BTreeSet<&str> = root["definitions"]["UserTable"]["properties"].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, user);
}

#[test]
fn the_good_files_satisfy_schema_and_serde() {
    for (name, text) in [
        ("mailwright.schema.json", include_str!("good/mailwright.toml")),
        ("tenant.schema.json", include_str!("good/acme.toml")),
        ("approvals.schema.json", include_str!("good/approvals.toml")),
    ] {
        let value = dates_as_text(toml::from_str::<toml::Value>(text).unwrap());
        let schema = schema(name);
        let errors: Vec<String> =
            jsonschema::draft7::new(&schema).unwrap().iter_errors(&value).map(|e| format!("{} {e}", e.instance_path())).collect();
        assert!(errors.is_empty(), "{name}: {errors:#?}");
        match name {
            "mailwright.schema.json" => drop(serde_json::from_value::<crate::config::raw::WorkspaceFile>(value).unwrap()),
            "tenant.schema.json" => drop(serde_json::from_value::<crate::config::raw::TenantFile>(value).unwrap()),
            _ => drop(serde_json::from_value::<crate::config::raw::ApprovalsFile>(value).unwrap()),
        }
    }
}

fn dates_as_text(value: toml::Value) -> Value {
    match value {
        toml::Value::Datetime(at) => json!(at.to_string()),
        toml::Value::Array(list) => list.into_iter().map(dates_as_text).collect(),
        toml::Value::Table(table) => Value::Object(table.into_iter().map(|(k, v)| (k, dates_as_text(v))).collect()),
        toml::Value::String(text) => json!(text),
        toml::Value::Integer(number) => json!(number),
        toml::Value::Float(number) => json!(number),
        toml::Value::Boolean(on) => json!(on),
    }
}
