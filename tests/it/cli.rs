//! The command line as people meet it: transcripts on the embedded panel, over real HTTP, compared word by word.

use crate::support::binary::{self, repository};
use crate::support::transcript;
use std::collections::BTreeSet;

fn replay(name: &str) {
    let path = repository("tests/cmd").join(format!("{name}.md"));
    let document = std::fs::read_to_string(&path).expect("a transcript");
    transcript::check(&path, &transcript::run(&document, &[]));
}

macro_rules! transcripts {
    ($($test:ident $name:literal)*) => {
        $(#[test] fn $test() { replay($name); })*
        /// The names of all transcripts that a test replays.
        const REPLAYED: &[&str] = &[$($name),*];
    };
}

transcripts! {
    first_steps "first-steps"
    plan_files "plan-files"
    approvals "approvals"
    selectors "selectors"
    drift_and_diff "drift-and-diff"
    fmt "fmt"
    trouble "trouble"
    git "git"
}

#[test]
fn every_transcript_is_replayed() {
    let all = std::fs::read_dir(repository("tests/cmd")).unwrap().map(|e| e.unwrap().path());
    let there: BTreeSet<String> = all.map(|p| p.file_stem().unwrap().to_string_lossy().into_owned()).collect();
    assert_eq!(there, REPLAYED.iter().map(|n| (*n).to_owned()).collect());
}

#[test]
fn every_rule_is_explained() {
    let here = tempfile::tempdir().unwrap();
    let list = binary::run(here.path(), &["explain", "list"]);
    let ids: Vec<&str> = list.out.lines().filter_map(|l| l.split_whitespace().next()).collect();
    assert!(list.code == 0 && ids.len() >= 60, "{list:?}");
    for chunk in ids.chunks(20) {
        let told = binary::run(here.path(), &[&["explain"], chunk].concat());
        assert_eq!(told.code, 0, "{}", told.err);
        for id in chunk {
            assert!(told.out.contains(id), "{id} is not explained");
        }
        for part in ["for example", "what to do"] {
            let said = told.out.lines().filter(|l| l.trim_start().to_lowercase().starts_with(part)).count();
            assert!(said >= chunk.len(), "{said} of {} say `{part}`:\n{}", chunk.len(), told.out);
        }
    }
    let codes = binary::run(here.path(), &["explain", "exit-codes"]);
    for code in 0..=7 {
        assert!(codes.out.lines().any(|l| l.starts_with(&format!("{code} "))), "{}", codes.out);
    }
}

#[test]
fn completions_are_scripts_of_their_shells() {
    let here = tempfile::tempdir().unwrap();
    for shell in ["bash", "zsh", "fish"] {
        let script = binary::run(here.path(), &["completions", shell]);
        assert!(script.code == 0 && script.out.contains("max-risk"), "{shell}: an option of a subcommand is completed");
        if shell == "bash" {
            let file = here.path().join("completions.sh");
            std::fs::write(&file, &script.out).unwrap();
            assert!(std::process::Command::new("bash").arg("-n").arg(file).status().unwrap().success());
        }
    }
}

#[test]
fn a_closed_pipe_is_a_quiet_exit() {
    let script = "\"$0\" schema tenant 2>err | head -1; echo ${PIPESTATUS[0]}; cat err";
    let here = tempfile::tempdir().unwrap();
    let said = std::process::Command::new("bash").args(["-c", script]).arg(binary::path()).current_dir(here.path()).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&said.stdout), "{\n0\n");
}

#[test]
fn colours_come_where_they_are_wanted() {
    let dir = tempfile::tempdir().unwrap();
    binary::copy(&repository("examples/01-quickstart"), dir.path());
    let coloured = |args: &[&str], no_color: Option<&str>, force: Option<&str>| {
        let mut command = binary::command(dir.path(), args);
        command.env_remove("NO_COLOR");
        command.envs(no_color.map(|v| ("NO_COLOR", v))).envs(force.map(|v| ("CLICOLOR_FORCE", v)));
        binary::Ran::from(command.output().unwrap()).out.contains('\u{1b}')
    };
    assert!(!coloured(&["plan"], None, None), "a pipe is no terminal");
    assert!(coloured(&["plan", "--color", "always"], Some("1"), None), "the command line is the last word");
    assert!(coloured(&["plan"], None, Some("1")));
    assert!(!coloured(&["plan"], Some("1"), None));
    assert!(!coloured(&["plan", "--color", "never"], None, Some("1")));
    let file = dir.path().join("plan.txt");
    assert!(!coloured(&["plan", "--color", "always", "-q", "-o", "json", "-o", &format!("text={}", file.display())], None, None));
    assert!(!std::fs::read_to_string(file).unwrap().contains('\u{1b}'), "files hold no colours");
}
