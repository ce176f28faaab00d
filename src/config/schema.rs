//! The JSON Schemas of the files, made from the raw tables (draft-07, which editors read).
//!
//! Invariant: `schemas/` in the repository holds exactly this; a test compares. Deliberately absent: writing files.

use super::raw::{ApprovalsFile, TenantFile, WorkspaceFile};
use schemars::generate::SchemaSettings;
use schemars::transform::transform_subschemas;
use schemars::{JsonSchema, Schema};

/// The schemas: file name in `schemas/`, and text with a newline at its end.
#[must_use]
pub fn schemas() -> Vec<(&'static str, String)> {
    vec![
        ("mailwright.schema.json", text::<WorkspaceFile>("mailwright.toml")),
        ("tenant.schema.json", text::<TenantFile>("tenants/NAME.toml and tenants/NAME/*.toml")),
        ("approvals.schema.json", text::<ApprovalsFile>("approvals/*.toml")),
    ]
}

/// The schema of one kind of file.
#[must_use]
pub fn schema_of<T: JsonSchema>() -> Schema {
    SchemaSettings::draft07().with_transform(no_null).into_generator().into_root_schema_for::<T>()
}

fn text<T: JsonSchema>(title: &str) -> String {
    let mut schema = schema_of::<T>();
    schema.insert("title".into(), title.into());
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}

/// TOML has no null: what may be left out is not required, never null.
fn no_null(schema: &mut Schema) {
    if let Some(object) = schema.as_object_mut() {
        if object.get("default").is_some_and(serde_json::Value::is_null) {
            object.remove("default");
        }
        if let Some(serde_json::Value::Array(types)) = object.get_mut("type") {
            types.retain(|t| t != "null");
            if let [one] = types.as_slice() {
                let one = one.clone();
                object.insert("type".into(), one);
            }
        }
        if let Some(serde_json::Value::Array(any)) = object.get_mut("anyOf") {
            any.retain(|s| s.get("type").is_none_or(|t| t != "null"));
            lift_single(object);
        }
    }
    transform_subschemas(&mut no_null, schema);
}

/// An `anyOf` of one is that one; a reference keeps its place in `allOf`, because draft-07 ignores what stands beside it.
fn lift_single(object: &mut serde_json::Map<String, serde_json::Value>) {
    let single = object.get("anyOf").and_then(|any| any.as_array()).filter(|any| any.len() == 1).map(|any| any[0].clone());
    let Some(single) = single else { return };
    object.remove("anyOf");
    match single {
        serde_json::Value::Object(inner) if !inner.contains_key("$ref") => {
            object.extend(inner.into_iter().filter(|(k, _)| k != "description"))
        }
        other => drop(object.insert("allOf".into(), serde_json::Value::Array(vec![other]))),
    }
}
