//! Every read of a plan spoiled in every way: no write in the scope and its dependents, exit 5, never "nothing to do".

use crate::support::engine::{apply, engine, workspace};
use crate::support::panel::TestPanel;
use crate::support::proxy::{Proxy, Rule, Spoil};
use mailwright::base::ExitCode;
use mailwright::panel::PanelOptions;
use mailwright::store::MemorySource;
use std::collections::BTreeSet;

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
        // users incomplete: nothing in them, no creates in the whole tenant, no relay check (S1.4)
        _ => write.contains("/users") && (write.starts_with("POST") || write.contains(read_domain(read))),
    }
}

fn read_domain(read: &str) -> &str {
    read.trim_end_matches("/users").rsplit('/').next().unwrap_or(read)
}

#[tokio::test(flavor = "multi_thread")]
async fn no_write_where_a_read_was_spoiled() {
    let panel = TestPanel::start(PanelOptions::default()).await;
    let proxy = Proxy::start(&panel.root).await;
    let memory = tempfile::tempdir().unwrap();
    let first = apply(&engine(files(&proxy.url, false), &panel.token, memory.path(), "r0")).await;
    assert_eq!(first.exit, ExitCode::Done, "{:?} {:?}", first.planned.fault, first.tenants);
    proxy.take_reads();
    proxy.take_writes();
    // what a plan of the second state reads
    let look = engine(files(&proxy.url, true), &panel.token, memory.path(), "look");
    let planned = crate::support::engine::plan(&look).await;
    assert!(planned.plans[0].steps.len() >= 5, "{:?}", planned.plans[0].steps.iter().map(|s| s.key.to_string()).collect::<Vec<_>>());
    let reads: BTreeSet<String> = proxy.take_reads().into_iter().filter(|p| !p.ends_with("/panel")).collect();
    assert!(reads.len() >= 5, "tenants, policy, domains, users of two domains: {reads:?}");
    let mut cases = 0;
    for read in &reads {
        let ending = if read.ends_with("/users") { read.clone() } else { format!("/{}", read.rsplit('/').next().unwrap()) };
        for spoil in Spoil::ALL {
            let single = ending == "/password-policy";
            if single && matches!(spoil, Spoil::ShortPage | Spoil::WrongTotal | Spoil::EmptyList) {
                continue; // one object has no page
            }
            proxy.set(Rule { spoil: Some((ending.clone(), spoil)) });
            let applied = apply(&engine(files(&proxy.url, true), &panel.token, memory.path(), &format!("r{cases}"))).await;
            proxy.set(Rule::default());
            assert_eq!(applied.exit, ExitCode::Incomplete, "{ending} {spoil:?}: {:?} {:?}", applied.planned.exits, applied.planned.fault);
            let wrong: Vec<String> = proxy.take_writes().into_iter().filter(|w| forbidden(&ending, w) && !w.contains("/lease")).collect();
            assert!(wrong.is_empty(), "{ending} {spoil:?} wrote {wrong:?}");
            cases += 1;
            // back to the first state for the next case: what independent scopes changed is changed back
            let back = apply(&engine(files(&proxy.url, false), &panel.token, memory.path(), &format!("b{cases}"))).await;
            assert!(matches!(back.exit, ExitCode::Done | ExitCode::NeedsApproval), "{:?}", back.exit);
            proxy.take_writes();
        }
    }
    assert!(cases >= 35, "{cases}");
}
