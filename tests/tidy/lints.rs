//! Lints that clippy does not know: `#[expect(lint, reason)]` instead of `#[allow]`, errors as enums instead of anyhow,
//! and rule ids written once.

use crate::source::{self, Breach, Source};
use std::collections::BTreeMap;

/// `#[allow]` in `src`, also inside `cfg_attr` and macro bodies.
pub fn allows<'a>(sources: impl Iterator<Item = &'a Source>) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for source in sources {
        for found in &source.facts.allows {
            breaches.push(source.breach(found.line, "`allow` hides for ever: write #[expect(lint, reason = \"…\")]"));
        }
    }
    breaches
}

/// Errors without a type.
pub fn untyped<'a>(sources: impl Iterator<Item = &'a Source>) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for source in sources {
        for path in source.facts.paths.iter().filter(|p| matches!(p.what[0].as_str(), "anyhow" | "eyre")) {
            breaches.push(source.breach(path.line, format!("`{}`: an error has an addressee and a type", path.what.join("::"))));
        }
    }
    breaches
}

/// Rule ids that are written more than once outside of tests, and such with another shape than `MW` and four digits.
pub fn rule_ids<'a>(sources: impl Iterator<Item = &'a Source>) -> Vec<Breach> {
    let mut first: BTreeMap<&str, String> = BTreeMap::new();
    let mut breaches = Vec::new();
    for source in sources {
        for text in source.facts.texts.iter().filter(|t| !t.test) {
            let Some(digits) = text.what.strip_prefix("MW") else { continue };
            if digits.is_empty() || !digits.chars().all(|c| c.is_ascii_digit()) {
                continue;
            }
            if digits.len() != 4 {
                breaches.push(source.breach(text.line, format!("rule id \"{}\": MW and four digits", text.what)));
            }
            let here = format!("{}:{}", source.path, text.line);
            match first.get(text.what.as_str()) {
                Some(there) => breaches
                    .push(source.breach(text.line, format!("\"{}\" is written at {there} already: give it one constant", text.what))),
                None => drop(first.insert(&text.what, here)),
            }
        }
    }
    breaches
}

#[test]
fn lints_are_expected_not_allowed() {
    source::none(&allows(source::src()));
}

#[test]
fn errors_have_types() {
    source::none(&untyped(source::src()));
    let manifest = source::read(&source::root().join("Cargo.toml"));
    assert!(!manifest.lines().any(|line| line.starts_with("anyhow")), "Cargo.toml: anyhow is a dependency");
}

#[test]
fn rule_ids_are_written_once() {
    source::none(&rule_ids(source::src()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn breaches_are_seen() {
        for text in [
            "#![allow(dead_code)]",
            "#[allow(dead_code)] fn f() {}",
            "#[cfg_attr(unix, allow(dead_code))] fn f() {}",
            "macro_rules! m { () => { #[allow(unused)] fn f() {} } }",
            "impl S { #[allow(unused)] fn f() {} }",
            "#[allow(unused)] use x::Y;",
        ] {
            assert_eq!(allows(source::planted(&[("src/base/x.rs", text)]).iter()).len(), 1, "`{text}`");
        }
        let expected = source::planted(&[("src/base/x.rs", "#[expect(dead_code, reason = \"r\")] fn f() { allow(x) }")]);
        assert!(allows(expected.iter()).is_empty());
        for text in ["use anyhow::Result;", "fn f() -> anyhow::Result<()> { g() }", "fn f() { anyhow::bail!(\"x\") }"] {
            assert!(!untyped(source::planted(&[("src/base/x.rs", text)]).iter()).is_empty(), "`{text}`");
        }
    }

    #[test]
    fn a_second_use_of_a_rule_id_is_seen() {
        let one = "pub const ID: RuleId = RuleId(\"MW0101\"); #[cfg(test)] mod tests { const X: &str = \"MW0101\"; }";
        assert!(rule_ids(source::planted(&[("src/resolve/a.rs", one)]).iter()).is_empty());
        let found = rule_ids(source::planted(&[("src/resolve/a.rs", one), ("src/resolve/b.rs", "rule!(\"MW0101\");")]).iter());
        assert_eq!(found[0].to_string(), "src/resolve/b.rs:1: \"MW0101\" is written at src/resolve/a.rs:1 already: give it one constant");
        assert_eq!(rule_ids(source::planted(&[("src/resolve/a.rs", "const X: &str = \"MW12\";")]).iter()).len(), 1);
    }
}
