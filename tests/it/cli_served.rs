//! The command line against a panel that is served elsewhere: tokens, a panel that is down, Ctrl-C in the middle.

use crate::support::binary::{Ran, command};
use crate::support::engine::workspace;
use crate::support::panel::TestPanel;
use crate::support::proxy::{Proxy, Rule};
use crate::support::served::{Served, interrupt};
use mailwright::panel::PanelOptions;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

const USERS: usize = 30;

fn write(dir: &Path, url: &str, last_name: &str) {
    let mut text = "schema = \"mailwright/v1\"\n[tenant]\nname = \"acme\"\nprovider = \"edge\"\ncreate = true\n".to_owned();
    text.push_str("[domains.\"acme.example\"]\ndestination = \"mx.acme.example:25\"\nrelay_check = \"control-panel\"\n");
    for n in 0..USERS {
        writeln!(text, "[[users]]\naddress = \"u{n}@acme.example\"\nlast_name = \"{last_name}\"").unwrap();
    }
    std::fs::create_dir_all(dir.join("tenants")).unwrap();
    std::fs::write(dir.join("mailwright.toml"), workspace(url)).unwrap();
    std::fs::write(dir.join("tenants/acme.toml"), text).unwrap();
}

fn run(dir: &Path, args: &[&str], token: &str) -> Ran {
    Ran::from(command(dir, args).env("T", token).output().expect("it runs"))
}

#[test]
fn a_served_panel_is_used_by_url_and_token() {
    let dir = tempfile::tempdir().unwrap();
    let panel = Served::start(dir.path(), &[]);
    write(dir.path(), &panel.url, "First");
    let token = Served::token(dir.path(), &["--write", "--days", "1"]);
    let reader = Served::token(dir.path(), &[]);

    let wrong = run(dir.path(), &["plan"], "mwp_wrong");
    assert_eq!(wrong.code, 5, "{wrong:?}");
    assert!(wrong.out.contains("401") && wrong.out.contains("the token is not known"), "{}", wrong.out);
    let none = run(dir.path(), &["apply", "--yes"], "mwp_wrong");
    assert_eq!(none.code, 5, "{none:?}");

    assert_eq!(run(dir.path(), &["plan"], &reader).code, 2);
    let refused = run(dir.path(), &["apply", "--yes"], &reader);
    assert_eq!(refused.code, 1, "nothing was written: {refused:?}");
    assert!(refused.out.contains("this token lacks the scope write"), "{}", refused.out);

    let applied = run(dir.path(), &["apply", "--yes"], &token);
    assert_eq!(applied.code, 0, "{applied:?}");
    assert_eq!(run(dir.path(), &["plan"], &reader).code, 0);

    assert_eq!(panel.interrupt().code(), Some(0), "Ctrl-C is how a panel ends");
    let down = run(dir.path(), &["plan"], &token);
    assert_eq!(down.code, 5, "{down:?}");
    assert!(down.out.contains("no connection to the panel") && !down.out.contains("nothing to do"), "{}", down.out);
}

#[test]
fn a_panel_is_not_served_to_everybody_by_accident() {
    let dir = tempfile::tempdir().unwrap();
    let ran = Ran::from(command(dir.path(), &["panel", "serve", "--listen", "0.0.0.0:0"]).current_dir(dir.path()).output().unwrap());
    assert!(ran.code == 1 && ran.err.contains("--allow-remote"), "{ran:?}");
    assert!(!dir.path().join("panel.db").exists());
}

/// S12.3: the call in hand is finished, what is left is named, and another run does the rest.
#[tokio::test(flavor = "multi_thread")]
async fn ctrl_c_finishes_the_call_in_hand() {
    let dir = tempfile::tempdir().unwrap();
    let panel = TestPanel::start(PanelOptions::default()).await;
    let proxy = Proxy::start(&panel.root).await;
    write(dir.path(), &proxy.url, "First");
    let first = slow(dir.path(), &panel.token, &["apply", "--yes"]).await;
    assert_eq!(first.code, 0, "{first:?}");
    write(dir.path(), &proxy.url, "Second");
    proxy.set(Rule { slow_writes: Some(Duration::from_millis(400)), ..Rule::default() });
    proxy.take_writes();
    let mut apply = command(dir.path(), &["apply", "--yes", "--full"]);
    let child = apply.env("T", &panel.token).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut writes = 0;
    while writes < 4 {
        tokio::time::sleep(Duration::from_millis(20)).await;
        writes += proxy.take_writes().len();
    }
    interrupt(&child);
    let ran = tokio::task::spawn_blocking(move || Ran::from(child.wait_with_output().unwrap())).await.unwrap();
    assert_eq!(ran.code, 2, "a remainder: {}{}", ran.out, ran.err);
    assert!(ran.out.contains("interrupted: the call in hand was finished"), "{}", ran.out);
    let done = ran.out.lines().filter(|l| l.starts_with(" ✓")).count();
    assert!(0 < done && done < USERS, "{}", ran.out);
    assert!(ran.out.contains(&format!("{done} done · {} not sent", USERS - done)), "{}", ran.out);
    proxy.set(Rule::default());
    let rest = slow(dir.path(), &panel.token, &["apply", "--yes"]).await;
    assert_eq!(rest.code, 0, "{rest:?}");
    assert!(rest.out.contains(&format!("{} done.", USERS - done)), "{done} were done: {}", rest.out);
}

async fn slow(dir: &Path, token: &str, args: &[&str]) -> Ran {
    let mut command = command(dir, args);
    command.env("T", token);
    tokio::task::spawn_blocking(move || Ran::from(command.output().expect("it runs"))).await.unwrap()
}
