//! Every read of a plan spoiled in every way: no write in the scope and its dependents, exit 5, never "nothing to do".

use crate::support::engine::{apply, engine, engine_within, plan, workspace};
use crate::support::panel::TestPanel;
use crate::support::proxy::{Proxy, Rule, Spoil};
use mailwright::base::ExitCode;
use mailwright::panel::PanelOptions;
use mailwright::store::MemorySource;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

const TENANT: &str = r#"schema = "mailwright/v1"
[tenant]
name = "acme"
provider = "edge"
create = true
[password_policy]
min_length = 12
[domains."acme.example"]
destination = "mx.acme.example:25"
relay_check = "control-panel"
[domains."acme.example".users]
authority = "add-delete-old"
[domains."beta.example"]
destination = "mx.beta.example:25"
relay_check = "control-panel"
"#;

fn users(names: &[&str]) -> String {
    names.iter().map(|n| format!("[[users]]\naddress = \"{n}\"\nstatus = \"active\"\n")).collect()
}

/// The first state, and one in which every kind of step would be taken.
fn files(url: &str, second: bool) -> MemorySource {
    let all: Vec<String> = (0..30).map(|i| format!("u{i}@acme.example")).collect();
    let mut text = TENANT.to_owned();
    let skip = usize::from(second);
    text.push_str(&users(&all.iter().skip(skip).map(String::as_str).collect::<Vec<_>>()));
    text.push_str(&users(&["b1@beta.example", "b2@beta.example"]));
    if second {
        text = text.replace("min_length = 12", "min_length = 14");
        text = text.replace("mx.beta.example:25", "mx2.beta.example:25");
        text.push_str(&users(&["new@acme.example", "new@beta.example"]));
    }
    MemorySource::new([("mailwright.toml", workspace(url)), ("tenants/acme.toml", text)])
}

/// Path endings of the reads of a plan, by what must not be written when they fail.
fn forbidden(read: &str, write: &str) -> bool {
    match read {
        "/tenants" | "/domains" => true,
        "/password-policy" => write.ends_with("/password-policy"),
        // nobody here is of unknown origin, so nothing hangs on the directories (S3.3)
        "/directories" => false,
        // it may be on: then nobody goes (S16.2)
        "/discovery" => write.starts_with("DELETE") && write.contains("/users"),
        // users incomplete: nothing in them, no creates in the whole tenant, no relay check (S1.4)
        _ => write.contains("/users") && (write.starts_with("POST") || write.contains(read_domain(read))),
    }
}

fn read_domain(read: &str) -> &str {
    read.trim_end_matches("/users").rsplit('/').next().unwrap_or(read)
}

/// One case: a panel in the first state, one kind of read spoiled, an apply of the second state.
async fn case(database: PathBuf, read: String, spoil: Spoil, turn: Arc<Semaphore>) -> Result<(), String> {
    let _turn = turn.acquire_owned().await.expect("open");
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("panel.db");
    std::fs::copy(database, &path).expect("a copy");
    let panel = TestPanel::at(&path, PanelOptions::default()).await;
    let proxy = Proxy::start(&panel.root).await;
    proxy.set(Rule { spoil: Some((read.clone(), spoil)), ..Rule::default() });
    // who waits for a silent panel waits as short as a busy machine allows
    let deadline = Duration::from_secs(if spoil == Spoil::TimeOut { 3 } else { 60 });
    let memory = dir.path().join("memory");
    let applied = apply(&engine_within(files(&proxy.url, true), &panel.token, &memory, "r1", deadline)).await;
    let writes = proxy.take_writes();
    let wrong: Vec<&String> = writes.iter().filter(|w| forbidden(&read, w) && !w.contains("/lease")).collect();
    if applied.exit != ExitCode::Incomplete {
        return Err(format!("{read} {spoil:?}: exit {:?} {:?} {:?}", applied.exit, applied.planned.exits, applied.planned.fault));
    }
    if wrong.is_empty() { Ok(()) } else { Err(format!("{read} {spoil:?} wrote {wrong:?}")) }
}

/// A database in the first state, and the paths that a plan of the second one reads.
async fn prepared(dir: &Path) -> (PathBuf, BTreeSet<String>) {
    let path = dir.join("first.db");
    let panel = TestPanel::at(&path, PanelOptions::default()).await;
    let proxy = Proxy::start(&panel.root).await;
    let first = apply(&engine(files(&proxy.url, false), &panel.token, &dir.join("memory"), "r0")).await;
    assert_eq!(first.exit, ExitCode::Done, "{:?} {:?} {:?}", first.planned.fault, first.planned.findings, first.tenants);
    proxy.take_reads();
    let planned = plan(&engine(files(&proxy.url, true), &panel.token, &dir.join("memory"), "look")).await;
    let steps: Vec<String> = planned.plans[0].steps.iter().map(|s| format!("{} {}", s.action.word(), s.key)).collect();
    assert!(steps.len() >= 5, "policy, destination, delete, two creates: {steps:?}");
    let reads = proxy.take_reads().into_iter().filter(|p| !p.ends_with("/panel")).collect();
    panel.handle.shutdown().await.expect("a clean end");
    (path, reads)
}

#[tokio::test(flavor = "multi_thread")]
async fn no_write_where_a_read_was_spoiled() {
    let dir = tempfile::tempdir().unwrap();
    let (database, reads) = prepared(dir.path()).await;
    assert!(reads.len() >= 5, "tenants, policy, domains, users of two domains: {reads:?}");
    let (mut cases, turn) = (tokio::task::JoinSet::new(), Arc::new(Semaphore::new(12)));
    for read in &reads {
        let read = if read.ends_with("/users") { read.clone() } else { format!("/{}", read.rsplit('/').next().unwrap()) };
        for spoil in Spoil::ALL {
            // a list of nothing cannot be shortened, and a single object is no list
            let spoils = match read.as_str() {
                "/directories" => !matches!(spoil, Spoil::ShortPage | Spoil::EmptyList),
                "/password-policy" | "/discovery" => !matches!(spoil, Spoil::ShortPage | Spoil::EmptyList | Spoil::WrongTotal),
                _ => true,
            };
            if spoils {
                cases.spawn(case(database.clone(), read.clone(), spoil, turn.clone()));
            }
        }
    }
    assert!(cases.len() >= 35, "{}", cases.len());
    let results = cases.join_all().await;
    let wrong: Vec<String> = results.into_iter().filter_map(Result::err).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
