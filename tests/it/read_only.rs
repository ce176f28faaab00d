//! A panel that refuses every mutating verb while everything that only reads is run: none is ever sent (S5.6).

use crate::support::engine::{engine, plan, workspace};
use crate::support::panel::TestPanel;
use mailwright::base::ExitCode;
use mailwright::engine::Wish;
use mailwright::panel::PanelOptions;
use mailwright::store::MemorySource;

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
[[users]]
address = "jane@acme.example"
"#;

#[tokio::test(flavor = "multi_thread")]
async fn what_only_reads_never_writes() {
    let panel = TestPanel::start(PanelOptions { read_only: true, ..PanelOptions::default() }).await;
    let memory = tempfile::tempdir().unwrap();
    let source = MemorySource::new([("mailwright.toml", workspace(&panel.url())), ("tenants/acme.toml", TENANT.to_owned())]);
    let engine = engine(source, &panel.token, memory.path(), "r1");

    let planned = plan(&engine).await;
    assert_eq!(planned.exit.0, ExitCode::Pending, "{:?} {:?}", planned.fault, planned.findings);
    assert!(planned.plans[0].steps.len() >= 4, "tenant, policy, domain, user");
    let validated = engine.validate(&Wish::default()).await;
    assert_eq!(validated.exit.0, ExitCode::Done);
    assert!(engine.import("acme", None).await.is_err(), "the panel has no tenant yet");

    let traffic = panel.handle.traffic();
    assert_eq!((traffic.writes, traffic.refused_writes), (0, 0), "no mutating verb was sent");
    assert!(traffic.reads > 0, "and it was really asked");
    assert!(std::fs::read_dir(memory.path()).unwrap().next().is_none(), "memory was not written either");
}
