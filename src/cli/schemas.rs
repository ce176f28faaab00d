//! All JSON Schemas of the house by file name: what files may hold, and what is written as JSON.

use crate::render::json::{Generate, OUTPUT_SCHEMAS, json};

/// File name and text of each schema, sorted by name.
#[must_use]
pub fn all() -> Vec<(&'static str, String)> {
    let written = |(name, make): &(&'static str, Generate)| Some((*name, json(&make()).ok()?));
    let mut all: Vec<(&str, String)> = crate::config::schemas();
    all.extend(OUTPUT_SCHEMAS.iter().filter_map(written));
    all.sort();
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    /// `MAILWRIGHT_OVERWRITE=1 cargo test` writes them anew.
    #[test]
    fn the_schemas_that_are_checked_in_are_those_of_the_code() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas");
        let all = all();
        assert!(all.len() > OUTPUT_SCHEMAS.len());
        for (name, text) in all {
            let value: serde_json::Value = serde_json::from_str(&text).unwrap();
            assert!(jsonschema::meta::is_valid(&value), "{name} is no schema");
            if std::env::var_os("MAILWRIGHT_OVERWRITE").is_some() {
                std::fs::write(folder.join(name), &text).unwrap();
            }
            let have = std::fs::read_to_string(folder.join(name)).unwrap_or_default();
            assert!(have == text, "schemas/{name} is old; MAILWRIGHT_OVERWRITE=1 cargo test writes it anew");
        }
    }
}
