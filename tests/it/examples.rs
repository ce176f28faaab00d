//! The examples do what their pages say: `run.sh` of each is run with the binary and compared with what stands beside it.

use crate::support::binary::{self, Ran, copy, repository};
use crate::support::normal::normal;
use crate::support::transcript::check;
use std::collections::BTreeSet;
use std::process::{Command, Stdio};

/// Those that need somebody else's server are run where it can be had.
const PEERED: [&str; 2] = ["04-directory", "07-modoboa"];

const EXAMPLES: [&str; 5] = ["01-quickstart", "02-csv-add-delete-old", "05-continuity", "06-mass-cleanup", "03-smtp-users"];

/// The plan of the example as it is, and everything that `run.sh` says.
fn example(name: &str) {
    let folder = repository("examples").join(name);
    let work = tempfile::tempdir().unwrap();
    copy(&folder, work.path());
    let plan = Ran::from(binary::command(work.path(), &["plan"]).env("COLUMNS", "100").output().unwrap());
    assert_eq!(plan.code, 2, "{}{}", plan.out, plan.err);
    check(&folder.join("expected-plan.txt"), &normal(&plan.out, work.path()));

    let mut run = Command::new("bash");
    run.arg(folder.join("run.sh")).env("MAILWRIGHT", binary::path()).env("NO_COLOR", "1").env("COLUMNS", "100").env_remove("CI");
    let ran = Ran::from(run.stdin(Stdio::null()).output().unwrap());
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{}", ran.out);
    check(&folder.join("expected-run.txt"), &normal(&ran.out, work.path()));

    let page = std::fs::read_to_string(folder.join("README.md")).unwrap();
    let blocks: Vec<String> = page.split("```").skip(1).step_by(2).map(|b| b.split_once('\n').unwrap().1.to_owned()).collect();
    let normal: Vec<String> = blocks.iter().map(|b| self::normal(b, work.path())).collect();
    let expected = std::fs::read_to_string(folder.join("expected-plan.txt")).unwrap();
    assert!(normal.contains(&expected), "README.md of {name} does not show this plan:\n{expected}");
    let said = std::fs::read_to_string(folder.join("expected-run.txt")).unwrap();
    for block in blocks.iter().zip(&normal).filter(|(b, _)| b.contains(" on edge")).map(|(_, n)| n) {
        assert!(said.contains(block.trim_end()) || *block == expected, "README.md of {name} shows what is never said:\n{block}");
    }
}

#[test]
fn quickstart() {
    example(EXAMPLES[0]);
}

/// The front page shows what the first example says, without the plan's second showing.
#[test]
fn front_page() {
    let folder = repository("examples").join(EXAMPLES[0]);
    let said = std::fs::read_to_string(folder.join("expected-run.txt")).unwrap();
    let page = std::fs::read_to_string(repository("README.md")).unwrap();
    let shown = page.split("```text\n").skip(1).find(|block| block.contains(" on edge")).expect("a run is shown");
    for piece in shown.split("```").next().unwrap().split("(the same plan, and then)\n") {
        let piece = normal(piece, &folder);
        assert!(said.contains(piece.trim_end()), "README.md shows what is never said:\n{piece}");
    }
}

#[test]
fn csv_add_delete_old() {
    example(EXAMPLES[1]);
}

#[test]
fn directory() {
    if std::env::var_os("MAILWRIGHT_SLAPD").is_some() {
        with_peer(PEERED[0]);
    }
}

#[test]
fn modoboa() {
    if std::env::var_os("MAILWRIGHT_MODOBOA").is_some() {
        with_peer(PEERED[1]);
    }
}

/// What is said by `run.sh` is what stands beside it, the plan before all; the page shows nothing else.
fn with_peer(name: &str) {
    let folder = repository("examples").join(name);
    let mut run = Command::new("bash");
    run.arg(folder.join("run.sh")).env("MAILWRIGHT", binary::path()).env("NO_COLOR", "1").env("COLUMNS", "100").env_remove("CI");
    let ran = Ran::from(run.stdin(Stdio::null()).output().unwrap());
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{}", ran.out);
    let said = normal(&ran.out, &folder);
    let plan = said.split("$ mailwright plan\n").nth(1).and_then(|rest| rest.split("(it ended with").next()).unwrap();
    check(&folder.join("expected-plan.txt"), plan);
    check(&folder.join("expected-run.txt"), &said);
    let page = std::fs::read_to_string(folder.join("README.md")).unwrap();
    for block in page.split("```text\n").skip(1).map(|b| b.split("```").next().unwrap()) {
        let block = normal(block, &folder);
        assert!(said.contains(block.trim_end()), "README.md of {name} shows what is never said:\n{block}");
    }
}

#[test]
fn smtp_users() {
    example(EXAMPLES[4]);
}

#[test]
fn continuity() {
    example(EXAMPLES[2]);
}

#[test]
fn mass_cleanup() {
    example(EXAMPLES[3]);
}

#[test]
fn every_example_is_run() {
    let folders = std::fs::read_dir(repository("examples")).unwrap().map(|e| e.unwrap());
    let there: BTreeSet<String> = folders.filter(|e| e.path().is_dir()).map(|e| e.file_name().to_string_lossy().into_owned()).collect();
    let run: BTreeSet<String> = EXAMPLES.into_iter().chain(PEERED).map(str::to_owned).collect();
    assert_eq!(there, run);
}

#[test]
fn examples_are_valid_and_in_the_one_form() {
    for name in EXAMPLES.into_iter().chain(PEERED) {
        let folder = repository("examples").join(name);
        for args in [["validate"].as_slice(), &["fmt", "--check"]] {
            let ran = binary::run(&folder, args);
            assert_eq!(ran.code, 0, "{name} {args:?}: {}{}", ran.out, ran.err);
        }
    }
}
