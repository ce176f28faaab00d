//! Outbound relay through the program: records that a person publishes, and a login that goes in stages. Over HTTP, with the
//! panel's clock moved.

use crate::articles::outbound_rig::{DOMAIN, Site};
use crate::support::binary::{Ran, command};
use crate::support::engine::{engine, workspace};
use mailwright::engine::Wish;
use mailwright::model::{Fault, StepOutcome};
use mailwright::plan::Consent;
use mailwright::store::WorkTree;
use serde_json::{Value, json};

const DAY: u64 = 86_400;
const HEAD: &str =
    "schema = \"mailwright/v1\"\n\n[tenant]\nname = \"acme\"\nprovider = \"edge\"\n\n[sending_domains.\"news.acme.example\"]\n";

/// A workspace for the tenant of [`Site`].
struct Case {
    site: Site,
    dir: tempfile::TempDir,
}

impl Case {
    async fn new(more: &str) -> (Self, Value) {
        let (site, domain) = Site::new().await;
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(dir.path().join("tenants")).unwrap();
        std::fs::write(dir.path().join("mailwright.toml"), workspace(&site.access().0)).unwrap();
        let case = Self { site, dir };
        case.write(more);
        (case, domain)
    }
    fn write(&self, more: &str) {
        std::fs::write(self.dir.path().join("tenants/acme.toml"), format!("{HEAD}{more}")).unwrap();
    }
    async fn run(&self, args: &[&str]) -> Ran {
        let mut command = command(self.dir.path(), args);
        command.env("T", self.site.access().1).env("COLUMNS", "200");
        tokio::task::spawn_blocking(move || Ran::from(command.output().expect("it runs"))).await.unwrap()
    }
    /// Runs and expects an exit code; what was said on stdout.
    #[track_caller]
    fn expect(ran: Ran, code: i32) -> String {
        assert_eq!(ran.code, code, "{}{}", ran.out, ran.err);
        ran.out
    }
    /// Approves the plan as it stands.
    async fn approve(&self) {
        let plan = self.run(&["plan"]).await.out;
        let id = plan.split("Plan acme ").nth(1).expect("a plan")[..8].to_owned();
        let ran = self.run(&["approve", "acme", &id, "--days", "3", "--approver", "test", "--reason", "agreed"]).await;
        Self::expect(ran, 0);
    }
    async fn verified(&self) -> bool {
        self.site.call("GET", "/sending-domains", Value::Null).await.1["items"][0]["verified"] == true
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn s6_5_an_apply_has_the_panel_look_for_records_that_a_person_publishes() {
    let (case, domain) = Case::new("").await;
    let record = domain["cnames"][0]["name"].as_str().unwrap().to_owned();
    let plan = Case::expect(case.run(&["plan"]).await, 2);
    assert!(plan.contains("waits for a person") && plan.contains("asked just now"), "{plan}");
    assert!(plan.contains(&format!("{record}. CNAME {}.", domain["cnames"][0]["target"].as_str().unwrap())), "{plan}");
    assert!(!case.verified().await, "a plan has nothing looked up");
    let early = Case::expect(case.run(&["apply", "--yes"]).await, 2);
    assert!(early.contains("sending-domain news.acme.example: not yet") && early.contains(&record), "{early}");
    assert!(early.contains("Read again: settled, 1 step waits"), "{early}");
    Case::expect(case.run(&["drift"]).await, 0);
    case.site.publish(&domain);
    let found = Case::expect(case.run(&["apply"]).await, 0);
    assert!(found.contains("its records are in the DNS") && case.verified().await, "{found}");
    Case::expect(case.run(&["plan"]).await, 0);
    let left_out = case.run(&["apply", "--exclude", "sending-domain/*"]).await;
    Case::expect(left_out, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn s6_5_after_waiting_days_it_is_overdue_and_blocked() {
    let (case, domain) = Case::new("").await;
    case.site.advance(13 * DAY + 3600).await;
    let plan = Case::expect(case.run(&["plan"]).await, 2);
    assert!(plan.contains("asked 13 days ago"), "{plan}");
    Case::expect(case.run(&["drift"]).await, 0);
    case.site.advance(2 * DAY).await;
    let plan = Case::expect(case.run(&["plan"]).await, 3);
    assert!(plan.contains("longer than 14 days (`waiting_days`)") && plan.contains("CNAME"), "{plan}");
    let drift = Case::expect(case.run(&["drift"]).await, 2);
    assert!(drift.contains("overdue") && drift.contains("1 overdue"), "{drift}");
    case.site.publish(&domain);
    Case::expect(case.run(&["apply", "--yes"]).await, 0);
    assert!(case.verified().await, "what is overdue is looked for all the same");
}

#[tokio::test(flavor = "multi_thread")]
async fn s6_5_what_was_left_out_is_not_looked_for() {
    let (case, domain) = Case::new("").await;
    case.site.publish(&domain);
    Case::expect(case.run(&["apply", "--yes", "--exclude", "sending-domain/*"]).await, 2);
    assert!(!case.verified().await);
}

/// A login that is to go, and its password.
async fn leaving() -> (Case, Value) {
    let tombstone = "\n[[removed]]\nsmtp_user = \"crm\"\nsince = 2026-12-01\nremove_after = 14\nreason = \"moved to the API\"\n";
    let (case, domain) = Case::new(tombstone).await;
    case.site.publish(&domain);
    assert_eq!(case.site.verify(&domain).await, (true, 0));
    let crm = case.site.user(DOMAIN, "crm").await;
    assert!(case.site.lets_in(&crm).await);
    (case, crm)
}

#[tokio::test(flavor = "multi_thread")]
async fn s9_3_a_login_is_blocked_waits_and_goes() {
    let (case, crm) = leaving().await;
    let blocked = Case::expect(case.run(&["apply", "--yes"]).await, 2);
    assert!(blocked.contains("in budget (1 of 20)"), "counted, not approved (S7.3): {blocked}");
    assert_eq!(case.site.shown(&crm).await.1["token"], "blocked:2026-12-01");
    assert!(!case.site.lets_in(&crm).await);
    for days in [13, 5] {
        case.site.advance(days * DAY).await;
        let waits = Case::expect(case.run(&["apply", "--yes"]).await, 2);
        assert!(waits.contains("waits until"), "{waits}");
    }
    case.site.advance(13 * DAY).await;
    let gated = Case::expect(case.run(&["apply", "--yes"]).await, 4);
    assert!(gated.contains("R4") && gated.contains("needs approval"), "{gated}");
    assert_eq!(case.site.shown(&crm).await.0, 200);
    case.approve().await;
    Case::expect(case.run(&["apply", "--yes"]).await, 0);
    assert_eq!(case.site.shown(&crm).await.0, 404);
    let fulfilled = Case::expect(case.run(&["plan"]).await, 0);
    assert!(fulfilled.contains("this tombstone is fulfilled and can go"), "{fulfilled}");
    assert_eq!(case.site.history(DOMAIN).await.last().map(String::as_str), Some("user-deleted"));
}

#[tokio::test(flavor = "multi_thread")]
async fn s9_3_a_connection_in_the_last_moment_stops_the_deletion() {
    let (case, crm) = leaving().await;
    Case::expect(case.run(&["apply", "--yes"]).await, 2);
    // a person gives it another password under the same token: the grace begins again
    let reset = format!("/smtp-users/{}/reset", crm["smtp_user"]["id"].as_str().unwrap());
    let (_, again) = case.site.call("POST", &reset, json!({ "token": "blocked:2026-12-01" })).await;
    case.site.advance(31 * DAY).await;
    Case::expect(case.run(&["plan"]).await, 4);
    case.approve().await;
    let (url, token) = (case.site.access().0, case.site.access().1.to_owned());
    let sign_in = json!({ "username": again["smtp_user"]["username"], "password": again["password"] });
    let memory = case.dir.path().join(".mailwright");
    let engine = engine(WorkTree::open(case.dir.path()).unwrap(), &token, &memory, "r9");
    // between the plan and its deletion the application signs in
    let mut ask = |_: &mailwright::engine::Planned| {
        let request = reqwest::Client::new().post(format!("{url}/test/smtp-login")).bearer_auth(&token).json(&sign_in);
        let answer = tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(request.send())).unwrap();
        assert_eq!(answer.status(), 200);
        Some(Consent { how: "test".into() })
    };
    let applied = engine.apply(&Wish::default(), None, &mut ask).await;
    let outcome = applied.tenants.values().next().unwrap().outcome.as_ref().unwrap();
    let Some((_, StepOutcome::Failed(Fault::Conflict { text }))) = outcome.done.first() else { panic!("{outcome:?}") };
    assert!(text.contains("an application uses it"), "{text}");
    assert_eq!(case.site.shown(&crm).await.0, 200, "it is still there");
    let waits = Case::expect(case.run(&["plan"]).await, 2);
    assert!(waits.contains("waits until"), "{waits}");
    case.site.advance(31 * DAY).await;
    Case::expect(case.run(&["apply", "--yes"]).await, 0);
    assert_eq!(case.site.shown(&crm).await.0, 404, "the same approval, for the same login");
}

#[tokio::test(flavor = "multi_thread")]
async fn s10_3_what_a_killed_run_left_beside_a_sink_is_gone_after_the_next_apply() {
    let login = "\n[smtp_users.crm]\ndomain = \"news.acme.example\"\ncredential = { file = \"secrets/crm.json\" }\n";
    let (case, domain) = Case::new(login).await;
    case.site.publish(&domain);
    Case::expect(case.run(&["apply", "--yes"]).await, 0);
    let left = case.dir.path().join("tenants/secrets/.crm.json.mailwright-new");
    std::fs::write(&left, "{ \"username\": \"smtp-x\", \"password\": \"Correct-Horse-7\" }").unwrap();
    Case::expect(case.run(&["plan"]).await, 0);
    assert!(left.exists(), "a plan writes nothing");
    Case::expect(case.run(&["apply"]).await, 0);
    assert!(!left.exists());
    assert!(case.dir.path().join("tenants/secrets/crm.json").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn s17_1_what_waits_too_long_for_a_person_is_imported_all_the_same() {
    let (case, _) = Case::new("").await;
    case.site.advance(15 * DAY).await;
    std::fs::remove_file(case.dir.path().join("tenants/acme.toml")).unwrap();
    let printed = Case::expect(case.run(&["import", "acme", "--print"]).await, 0);
    assert!(printed.contains("[sending_domains.\"news.acme.example\"]"), "{printed}");
}
