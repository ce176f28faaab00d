//! A minted password is in its sink and nowhere else: not in an output, a journal, a plan file, a trace, nor in the
//! panel's database; plain, base64, hex, URL-encoded (S10.1). Neither is the one that a reset ended.

use crate::secrets::{forms, holds, texts};
use crate::support::binary::{Ran, command};
use crate::support::engine::workspace;
use crate::support::served::Served;
use std::path::Path;

const TENANT: &str = r#"schema = "mailwright/v1"
[tenant]
name = "acme"
provider = "edge"
create = true
[sending_domains."news.acme.example"]
[smtp_users.crm]
domain = "news.acme.example"
credential = { file = "secrets/crm.json" }
"#;
const SINK: &str = "tenants/secrets/crm.json";

fn password(dir: &Path) -> String {
    let text = std::fs::read_to_string(dir.join(SINK)).unwrap();
    let held: serde_json::Value = serde_json::from_str(&text).unwrap();
    held["password"].as_str().unwrap().to_owned()
}

#[test]
fn a_minted_password_is_in_its_sink_and_nowhere_else() {
    let (dir, served) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let panel = Served::start(served.path(), &[]);
    std::fs::create_dir(dir.path().join("tenants")).unwrap();
    std::fs::write(dir.path().join("mailwright.toml"), workspace(&panel.url)).unwrap();
    std::fs::write(dir.path().join("tenants/acme.toml"), TENANT).unwrap();
    let token = Served::token(served.path(), &["--write"]);
    let mut said: Vec<(String, Vec<u8>)> = Vec::new();
    let mut run = |args: &[&str], code: i32| {
        let ran = Ran::from(command(dir.path(), args).current_dir(dir.path()).env("T", &token).output().unwrap());
        assert_eq!(ran.code, code, "{args:?}: {}{}", ran.out, ran.err);
        said.push((format!("stdout of {args:?}"), ran.out.into_bytes()));
        said.push((format!("stderr of {args:?}"), ran.err.into_bytes()));
    };
    run(&["plan", "-vvv"], 2);
    // settled: the records of the sending domain wait for a person
    run(&["apply", "--yes", "-vvv", "--receipts", "receipts.jsonl", "-o", "json=applied.json"], 2);
    let first = password(dir.path());
    run(&["validate", "-vvv"], 0);
    run(&["plan", "-vvv", "-o", "json=plan.json", "-o", "markdown=plan.md", "-o", "text=plan.txt"], 2);
    run(&["plan", "-o", "json"], 2);
    run(&["diff", "-vvv"], 2);
    // what waits for a person is no drift
    run(&["drift", "-vvv", "-o", "json"], 0);
    run(&["credential", "reset", "smtp-user/crm", "--yes", "-vvv", "-o", "json=reset.json"], 0);
    let second = password(dir.path());
    assert_ne!(first, second, "the first one ended");
    run(&["apply", "--yes", "-vvv", "-o", "json"], 2);
    // a sink that holds something else is named, not shown
    std::fs::write(dir.path().join(SINK), format!("{{\"username\": 7, \"password\": \"{second}\"}}")).unwrap();
    run(&["plan", "-vvv"], 2);
    std::fs::remove_file(dir.path().join(SINK)).unwrap();
    run(&["plan", "-vvv"], 2);
    assert_eq!(panel.interrupt().code(), Some(0));
    run(&["plan", "-vvv"], 5);
    texts(dir.path(), &mut said);
    texts(served.path(), &mut said);
    assert!(said.iter().any(|(name, bytes)| name.ends_with("/journal") && !bytes.is_empty()), "a journal was searched");
    assert!(said.iter().any(|(name, _)| name.ends_with("panel.db")), "the database was searched");
    assert!(said.len() >= 30, "{}", said.len());
    for secret in [&first, &second] {
        for form in forms(secret) {
            for (name, bytes) in &said {
                assert!(!holds(bytes, &form), "{name} holds a password as `{form}`");
            }
        }
    }
}
