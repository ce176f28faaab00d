//! Words: documents that must exist, words that no file may hold, and citations of the law that must be there.
//!
//! Every text file under version control is read, new ones included; without git every file of the folder is.

use crate::source::{self, Breach};
use std::collections::BTreeSet;
use std::process::Command;

/// Documents that a reader finds at the top.
const DOCUMENTS: &[&str] = &[
    "README.md",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "PERFORMANCE.md",
    "SEMANTICS.md",
    "Cargo.lock",
    ".ci/run",
];

/// Places of one machine that mean nothing on another; in two halves, so that this file does not hold them.
const MACHINE_PLACES: &[(&str, &str)] = &[("/wo", "rk/"), ("../sha", "red"), (".lib", "rary"), ("fa", "rm-")];

/// A text file: path and text.
type Text = (String, String);

fn places(texts: &[Text]) -> Vec<Breach> {
    let words: Vec<String> = MACHINE_PLACES.iter().map(|(a, b)| format!("{a}{b}")).collect();
    let mut breaches = Vec::new();
    for (file, text) in texts {
        for (at, line) in text.lines().enumerate() {
            for word in words.iter().filter(|word| line.contains(*word)) {
                breaches.push(Breach { file: file.clone(), line: at + 1, what: format!("`{word}` is a place of one machine") });
            }
        }
    }
    breaches
}

/// Citations such as S4.2 that the law does not have.
fn dead_citations(texts: &[Text], law: &BTreeSet<String>) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for (file, text) in texts {
        for (at, line) in text.lines().enumerate() {
            for cited in citations(line).filter(|c| !law.contains(c)) {
                breaches.push(Breach { file: file.clone(), line: at + 1, what: format!("{cited} is not in SEMANTICS.md") });
            }
        }
    }
    breaches
}

/// All `S<number>.<number>` in a line that stand on their own.
fn citations(line: &str) -> impl Iterator<Item = String> {
    let words = line.split(|c: char| !c.is_ascii_alphanumeric() && c != '.' && c != '_').map(|word| word.trim_matches('.'));
    words.filter_map(|word| {
        let (section, paragraph) = word.strip_prefix('S')?.split_once('.')?;
        let number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        (number(section) && number(paragraph)).then(|| word.to_owned())
    })
}

/// The paragraphs of the law: each opens with its number in bold.
fn paragraphs(law: &str) -> BTreeSet<String> {
    law.lines().filter_map(|line| line.strip_prefix("**")?.split_once("**")).map(|(number, _)| number.to_owned()).collect()
}

fn texts() -> Vec<Text> {
    let listed =
        Command::new("git").args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]).current_dir(source::root()).output();
    let mut paths = match listed {
        Ok(out) if out.status.success() => {
            String::from_utf8_lossy(&out.stdout).split('\0').filter(|p| !p.is_empty()).map(|p| source::root().join(p)).collect()
        }
        _ => {
            let mut all = Vec::new();
            source::walk(source::root(), &mut all);
            all
        }
    };
    paths.sort();
    // Deleted files are still listed and binary ones are no text: both are left out.
    paths.iter().filter_map(|path| Some((source::relative(path), std::fs::read_to_string(path).ok()?))).collect()
}

#[test]
fn documents_exist() {
    let missing: Vec<&&str> = DOCUMENTS.iter().filter(|name| !source::root().join(name).is_file()).collect();
    assert!(missing.is_empty(), "missing at the top of the package: {missing:?}");
}

#[test]
fn no_file_names_a_place_of_one_machine() {
    let texts = texts();
    assert!(texts.iter().any(|(file, _)| file == "Cargo.toml"), "the package's files were not found");
    source::none(&places(&texts));
}

#[test]
fn every_citation_of_the_law_exists() {
    let law = paragraphs(&source::read(&source::root().join("SEMANTICS.md")));
    assert!(law.len() > 60, "only {} paragraphs were found in SEMANTICS.md", law.len());
    let mut texts = texts();
    texts.retain(|(file, _)| !file.starts_with("tests/tidy/") && file != "Cargo.lock");
    source::none(&dead_citations(&texts, &law));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn planted_words_are_seen() {
        for (a, b) in MACHINE_PLACES {
            let texts = [("x.md".to_owned(), format!("fine\nsee {a}{b}main"))];
            assert_eq!(places(&texts).iter().map(|b| b.line).collect::<Vec<_>>(), [2]);
        }
    }

    #[test]
    fn a_dead_citation_is_seen() {
        let law = paragraphs("# Law\n\n## S1 Reading\n\n**S1.1** Text.\n\n**S1.2** (S9.9)\n");
        let texts = |line: &str| [("src/x.rs".to_owned(), line.to_owned())];
        assert!(dead_citations(&texts("as S1.1 says (S1.2). TLS1.3, IOS7.7, S3"), &law).is_empty());
        assert_eq!(dead_citations(&texts("as in (S1.3)."), &law)[0].to_string(), "src/x.rs:1: S1.3 is not in SEMANTICS.md");
        assert_eq!(dead_citations(&texts("/// S2.1, S9.9"), &law).len(), 2);
    }
}
