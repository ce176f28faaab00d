//! Headers: every file opens with `//!`, and a `mod.rs` is a table of contents.

use crate::source::{self, Breach, Source};

/// Files that do not open with a module comment.
pub fn missing<'a>(sources: impl Iterator<Item = &'a Source>) -> Vec<Breach> {
    let lacks = |s: &&Source| !s.text.lines().next().is_some_and(|line| line.starts_with("//! ") && line.len() > "//! ".len());
    sources.filter(lacks).map(|s| s.breach(1, "open the file with `//!`: purpose, invariants, what is deliberately absent")).collect()
}

/// Logic in a `mod.rs`.
pub fn logic<'a>(sources: impl Iterator<Item = &'a Source>) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for source in sources.filter(|s| s.path.ends_with("/mod.rs")) {
        for item in &source.facts.logic {
            breaches.push(source.breach(item.line, format!("{} in mod.rs: it holds header, modules and re-exports only", item.what)));
        }
    }
    breaches
}

#[test]
fn every_file_opens_with_its_purpose() {
    source::none(&missing(source::house().iter()));
}

#[test]
fn mod_files_hold_no_logic() {
    source::none(&logic(source::house().iter()));
}

#[test]
fn breaches_are_seen() {
    for text in ["", "fn f() {}", "// a comment", "/// a doc\nfn f() {}", "//!", "\n//! late"] {
        assert_eq!(missing(source::planted(&[("tests/x.rs", text)]).iter()).len(), 1, "{text:?}");
    }
    for text in ["fn f() {}", "mod x { fn f() {} }", "const A: u8 = 1;", "struct S;", "m!();", "impl S {}", "static S: u8 = 1;"] {
        assert_eq!(logic(source::planted(&[("src/base/mod.rs", text)]).iter()).len(), 1, "{text:?}");
        assert!(logic(source::planted(&[("src/base/module.rs", text)]).iter()).is_empty(), "{text:?}");
    }
    let fine = source::planted(&[("src/base/mod.rs", "//! The alphabet.\n\npub mod x;\n#[cfg(test)]\nmod tests;\npub use x::Y;")]);
    assert!(missing(fine.iter()).is_empty() && logic(fine.iter()).is_empty());
}
