//! A frozen tenant (S15), over HTTP: its users are not deleted, the plan says so, and everything else goes on.

use crate::support::api::Api;
use crate::support::engine::{apply, engine, plan, said, workspace};
use mailwright::base::ExitCode;
use mailwright::engine::Engine;
use mailwright::panel::PanelOptions;
use mailwright::plan::Verdict;
use mailwright::store::MemorySource;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn nobody_goes_while_the_tenant_is_frozen() {
    let api = Api::new(PanelOptions { test_endpoints: true, ..PanelOptions::default() }).await;
    let domain = api.domain("acme", "acme.example", "control-panel", &[]).await;
    for local in ["jane", "bob", "kim", "old"] {
        api.post(&format!("{domain}/users"), json!({ "address": format!("{local}@acme.example") })).await;
    }
    let tenant = domain.split("/domains").next().unwrap();
    api.patch(tenant, json!({ "frozen": true })).await;
    let text = "schema = \"mailwright/v1\"\n[tenant]\nname = \"acme\"\nprovider = \"edge\"\n[domains.\"acme.example\"]\n[[removed]]\n\
                user = \"old@acme.example\"\nsince = 2026-12-01\n[[users]]\naddress = \"jane@acme.example\"\nfirst_name = \"Jane\"\n";
    let memory = tempfile::tempdir().unwrap();
    let engine = |run: &str| -> Engine {
        let files = MemorySource::new([("mailwright.toml", workspace(&api.panel.url())), ("tenants/acme.toml", text.to_owned())]);
        engine(files, &api.panel.token, memory.path(), run)
    };
    let planned = plan(&engine("plan")).await;
    let one = &planned.plans[0];
    let goes = one.steps.iter().find(|s| s.key.name == "old@acme.example").expect("a step");
    let Verdict::Blocked(why) = one.verdict(goes.id) else { panic!("{:?}", one.verdict(goes.id)) };
    assert!(why.to_string().contains("the tenant acme is frozen on its panel"), "{why}");
    assert!(
        said(&planned).contains("it is frozen on its panel: none of its users is deleted until it is thawed there"),
        "{}",
        said(&planned)
    );
    assert_eq!((planned.exit.0, apply(&engine("apply")).await.exit), (ExitCode::Blocked, ExitCode::Blocked));
    let users = api.users(&domain).await;
    assert_eq!((users.len(), &users[1]["first_name"]), (4, &json!("Jane")), "everything else went");
    api.patch(tenant, json!({ "frozen": false })).await;
    assert_eq!(apply(&engine("thawed")).await.exit, ExitCode::Done);
    assert_eq!(api.users(&domain).await.len(), 3);
}
