//! schemathesis judges the panel by the panel's own OpenAPI document: no answer 5xx, nothing that is not described.

use crate::support::binary::repository;
use crate::support::panel::TestPanel;
use mailwright::panel::PanelOptions;
use std::io::Write as _;
use std::process::Command;

/// Examples for each operation and phase: two runs take about a minute together.
const EXAMPLES: &str = "12";

#[tokio::test(flavor = "multi_thread")]
async fn schemathesis_finds_nothing() {
    let Some(program) = std::env::var_os("MAILWRIGHT_SCHEMATHESIS") else {
        return skipped("schemathesis: not installed");
    };
    let panel = TestPanel::start(PanelOptions { test_endpoints: true, ..PanelOptions::default() }).await;
    let mut judge = Command::new("sh");
    judge.arg(repository("tests/peers/schemathesis.sh")).args([&panel.root, &panel.token, "--max-examples", EXAMPLES]);
    judge.env("MAILWRIGHT_SCHEMATHESIS", program);
    let said = tokio::task::spawn_blocking(move || judge.output().expect("sh runs")).await.unwrap();
    let (out, err) = (String::from_utf8_lossy(&said.stdout), String::from_utf8_lossy(&said.stderr));
    assert!(said.status.success(), "{out}\n{err}");
    assert_eq!(out.matches("Test cases:").count(), 2, "both runs came to their end:\n{out}\n{err}");
    assert!(panel.handle.traffic().writes > 50, "it really wrote: {:?}", panel.handle.traffic());
}

/// Names the test that cannot run here, where somebody listens.
fn skipped(why: &str) {
    if let Some(log) = std::env::var_os("MAILWRIGHT_SKIP_LOG") {
        let mut file = std::fs::OpenOptions::new().append(true).create(true).open(log).expect("the skip log");
        writeln!(file, "{why}").expect("the skip log");
    }
}
