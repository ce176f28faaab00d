//! The OpenAPI document is the one that is checked in, and knows every path.

use crate::panel::openapi_json;
use serde_json::Value;

/// Write it anew with `MAILWRIGHT_WRITE=1 cargo test --lib openapi`.
#[test]
fn the_document_is_checked_in() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/schemas/panel.openapi.json");
    let fresh = openapi_json();
    if std::env::var_os("MAILWRIGHT_WRITE").is_some() {
        std::fs::write(path, &fresh).unwrap();
    }
    let stored = std::fs::read_to_string(path).unwrap_or_default();
    assert!(stored == fresh, "schemas/panel.openapi.json is not what the code makes: MAILWRIGHT_WRITE=1 cargo test --lib openapi");
}

#[test]
fn every_operation_describes_its_refusals_and_its_path() {
    let document: Value = serde_json::from_str(&openapi_json()).unwrap();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let paths = document["paths"].as_object().unwrap();
    assert!(paths.len() >= 24);
    for (path, item) in paths {
        for (verb, operation) in item.as_object().unwrap() {
            let responses = operation["responses"].as_object().unwrap();
            for status in ["400", "401", "403", "500", "503"] {
                assert!(responses.contains_key(status), "{verb} {path} {status}");
            }
            assert!(
                responses.values().all(|r| r["description"].is_string() || r["$ref"].is_string()),
                "{verb} {path}: a response needs a description"
            );
            let declared = operation["parameters"].as_array().map_or(0, |list| list.iter().filter(|p| p["in"] == "path").count());
            assert_eq!(declared, path.matches('{').count(), "{verb} {path}");
        }
    }
}
