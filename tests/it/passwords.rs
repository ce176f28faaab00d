//! Passwords and continuity from files to the panel and back: set once, set again by `rotate`, refused by the policy, asked
//! for by mail; a term that is bought with an approval and never twice.

use crate::support::binary::{Ran, command};
use crate::support::engine::workspace;
use crate::support::rest::Rest;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

const FIRST: &str = "Correct-Horse-7-Battery";
const SECOND: &str = "Staple-Wrong-8-Engine";

/// A workspace for the tenant of [`Rest`], and the panel that it talks to.
struct Case {
    rest: Rest,
    dir: tempfile::TempDir,
}

impl Case {
    async fn new() -> Self {
        let rest = Rest::new().await;
        let now = jiff::Timestamp::now();
        rest.post("/test/clock", json!({ "now": now.to_string() })).await.ok(200);
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(dir.path().join("tenants")).unwrap();
        std::fs::write(dir.path().join("mailwright.toml"), workspace(&rest.panel.url())).unwrap();
        Self { rest, dir }
    }
    fn path(&self) -> &Path {
        self.dir.path()
    }
    fn write(&self, more: &str) {
        let head = "schema = \"mailwright/v1\"\n\n[tenant]\nname = \"acme\"\nprovider = \"edge\"\n\n[domains.\"acme.example\"]\n";
        std::fs::write(self.path().join("tenants/acme.toml"), format!("{head}{more}")).unwrap();
    }
    async fn run(&self, args: &[&str], password: &str) -> Ran {
        let mut command = command(self.path(), args);
        command.env("T", &self.rest.panel.token).env("JANE_PW", password).env("COLUMNS", "200");
        tokio::task::spawn_blocking(move || Ran::from(command.output().expect("it runs"))).await.unwrap()
    }
    async fn sign_in(&self, password: &str) -> bool {
        let body = json!({ "address": "jane@acme.example", "password": password });
        self.rest.post("/test/sign-in", body).await.ok(200)["signed_in"] == true
    }
    async fn user(&self, address: &str) -> Value {
        let page = self.rest.get(&format!("{}/users?address={address}", self.rest.domain)).await;
        page["items"][0].clone()
    }
    /// Everything that runs left in the workspace: memory, plans, receipts.
    fn left(&self) -> String {
        let mut all = String::new();
        let mut folders: Vec<PathBuf> = vec![self.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap().map(|e| e.unwrap()) {
                if entry.file_type().unwrap().is_dir() {
                    folders.push(entry.path());
                } else {
                    all.push_str(&String::from_utf8_lossy(&std::fs::read(entry.path()).unwrap()));
                }
            }
        }
        all
    }
}

fn jane(rotate: &str) -> String {
    format!("\n[[users]]\naddress = \"jane@acme.example\"\npassword = {{ env = \"JANE_PW\"{rotate} }}\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_set_once_and_again_by_rotate() {
    let case = Case::new().await;
    case.write(&jane(", rotate = \"2026-11\""));
    let plan = case.run(&["plan"], FIRST).await;
    assert!(plan.code == 2 && plan.out.contains("with a password"), "{}", plan.out);
    let json = case.path().join("plan.json").display().to_string();
    let saved = case.run(&["plan", "--output", &format!("json={json}")], FIRST).await;
    let receipts = case.path().join("receipts.jsonl").display().to_string();
    let made = case.run(&["apply", "--yes", "--receipts", &receipts], FIRST).await;
    assert_eq!(made.code, 0, "{}{}", made.out, made.err);
    assert!(case.sign_in(FIRST).await);
    assert_eq!(case.user("jane@acme.example").await["access"]["password_label"], "2026-11");
    // another value behind the same token is no change: the value is never looked at
    let same = case.run(&["plan"], SECOND).await;
    assert_eq!(same.code, 0, "{}", same.out);
    case.write(&jane(", rotate = \"2026-12\""));
    let rotated = case.run(&["apply", "--yes"], SECOND).await;
    assert_eq!(rotated.code, 0, "{}{}", rotated.out, rotated.err);
    assert!(rotated.out.contains("in budget") && rotated.out.contains("2026-12"), "{}", rotated.out);
    assert!(case.sign_in(SECOND).await && !case.sign_in(FIRST).await);
    let said = [plan.out, saved.out, made.out, made.err, same.out, rotated.out, rotated.err, case.left()].concat();
    for form in [FIRST, SECOND].into_iter().flat_map(crate::secrets::forms) {
        assert!(!said.contains(&form), "a password got out");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_rotate_a_live_password_is_left_alone() {
    let case = Case::new().await;
    case.rest.user(json!({ "address": "jane@acme.example", "password": { "password": FIRST } })).await;
    case.write(&jane(""));
    let plan = case.run(&["plan"], SECOND).await;
    assert!(plan.code == 0 && plan.out.contains("cannot be compared"), "{} {}", plan.code, plan.out);
    // a full date later than the day of the last change is proof; an earlier one is none
    case.write(&jane(", rotate = \"2020-01-01\""));
    assert_eq!(case.run(&["plan"], SECOND).await.code, 0);
    case.write(&jane(", rotate = \"2199-01-01\""));
    assert_eq!(case.run(&["apply", "--yes"], SECOND).await.code, 0);
    assert!(case.sign_in(SECOND).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_policy_comes_first_and_refuses_by_name() {
    let case = Case::new().await;
    let policy = "\n[password_policy]\nmin_length = 12\nupper = true\nlower = true\ndigit = true\n";
    case.write(&format!("{policy}{}", jane("")));
    let weak = "correct-horse-battery";
    let ran = case.run(&["apply", "--yes"], weak).await;
    assert_eq!(ran.code, 6, "the policy was written: {}{}", ran.out, ran.err);
    assert!(ran.out.contains("lacks: an upper-case letter, a digit"), "{}", ran.out);
    assert!(!format!("{}{}{}", ran.out, ran.err, case.left()).contains(weak));
    assert_eq!(case.user("jane@acme.example").await, Value::Null);
    assert_eq!(case.run(&["apply", "--yes"], FIRST).await.code, 0);
    let unset = command(case.path(), &["apply", "--yes"]).env("T", &case.rest.panel.token).env_remove("JANE_PW").output().unwrap();
    assert_eq!(unset.status.code(), Some(0), "nothing is to be done, so nothing is asked for");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_password_fails_its_own_step_only() {
    let case = Case::new().await;
    case.write(&format!("{}\n[[users]]\naddress = \"kim@acme.example\"\n", jane("")));
    let mut apply = command(case.path(), &["apply", "--yes"]);
    apply.env("T", &case.rest.panel.token).env_remove("JANE_PW").env("COLUMNS", "200");
    let ran = tokio::task::spawn_blocking(move || Ran::from(apply.output().unwrap())).await.unwrap();
    assert!(ran.out.contains("JANE_PW is not set"), "{}{}", ran.out, ran.err);
    assert_eq!(case.user("jane@acme.example").await, Value::Null);
    assert_eq!(case.run(&["apply", "--yes"], FIRST).await.code, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn invited_people_are_counted_and_asked_once() {
    let case = Case::new().await;
    case.rest.user(json!({ "address": "jane@acme.example" })).await;
    let invite = |name: &str| format!("\n[[users]]\naddress = \"{name}@acme.example\"\npassword = \"invite\"\n");
    case.write(&format!("{}{}", invite("jane"), invite("kim")));
    let plan = case.run(&["plan"], FIRST).await;
    assert!(plan.out.contains("2 people (request-password mail)"), "{}", plan.out);
    assert_eq!(case.run(&["apply", "--yes"], FIRST).await.code, 0);
    for name in ["jane", "kim"] {
        assert_eq!(case.user(&format!("{name}@acme.example")).await["access"]["mails_sent"], 1, "{name}");
    }
    assert_eq!(case.run(&["plan"], FIRST).await.code, 0);
    let follow = json!({ "address": "jane@acme.example" });
    case.rest.post("/test/follow-invite", follow).await.ok(200);
    case.rest.post("/test/follow-invite", json!({ "address": "jane@acme.example", "password": FIRST })).await.ok(200);
    assert!(case.sign_in(FIRST).await);
    assert_eq!(case.run(&["plan"], FIRST).await.code, 0, "their own password is theirs");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_term_is_bought_once_with_an_approval() {
    let case = Case::new().await;
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let declared = |from: jiff::civil::Date| {
        let on = "enabled = true\noutgoing_via_own_server = true\n";
        let policy = "\n[password_policy]\nmin_length = 12\nupper = true\nlower = true\ndigit = true\n";
        format!(
            "\n[domains.\"acme.example\".continuity]\n{on}term = {{ months = 12, from = {from} }}\n{policy}{}",
            jane(", rotate = \"1\"")
        )
    };
    case.write(&declared(today));
    let plan = case.run(&["plan"], FIRST).await;
    assert_eq!(plan.code, 4, "{}{}", plan.out, plan.err);
    assert!(plan.out.contains(&format!("12 months from {today}: it costs money")), "{}", plan.out);
    let yes = case.run(&["apply", "--yes"], FIRST).await;
    assert_eq!(yes.code, 4, "a yes buys nothing: {}", yes.out);
    assert!(case.rest.get(&format!("{}/continuity", case.rest.domain)).await["term"].is_null());
    let plan = case.run(&["plan"], FIRST).await.out;
    let id = plan.split("Plan acme ").nth(1).unwrap()[..8].to_owned();
    let approved = case.run(&["approve", "acme", &id, "--days", "3", "--approver", "test", "--reason", "agreed"], FIRST).await;
    assert_eq!(approved.code, 0, "{}{}", approved.out, approved.err);
    let bought = case.run(&["apply", "--yes"], FIRST).await;
    assert_eq!(bought.code, 0, "{}{}", bought.out, bought.err);
    let live = case.rest.get(&format!("{}/continuity", case.rest.domain)).await;
    assert_eq!((&live["acts"], &live["readiness"]["ready"]), (&json!(true), &json!(1)), "{live}");
    assert_eq!(case.run(&["plan"], FIRST).await.code, 0);
    // somebody switches it off within its time: a step again, and no second purchase
    case.rest.patch(&format!("{}/continuity", case.rest.domain), json!({ "enabled": false })).await.ok(200);
    let again = case.run(&["apply", "--yes"], FIRST).await;
    assert!(again.code == 0 && !again.out.contains("costs money"), "{}", again.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_goes_while_the_domain_fails_over() {
    let case = Case::new().await;
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date().to_string();
    for name in ["a", "b", "c"] {
        case.rest.user(json!({ "address": format!("{name}@acme.example") })).await;
    }
    let path = format!("{}/continuity", case.rest.domain);
    case.rest.post(&format!("{path}/terms"), json!({ "months": 12, "from": today })).await.ok(200);
    case.rest.patch(&path, json!({ "enabled": true })).await.ok(200);
    case.rest.post("/test/destination", json!({ "domain": "acme.example", "temporary_error": true })).await.ok(200);
    case.write("\n[[removed]]\nuser = \"c@acme.example\"\nsince = 2199-01-01\n");
    let blocked = case.run(&["apply", "--yes"], FIRST).await;
    assert_eq!(blocked.code, 3, "{}", blocked.out);
    assert!(blocked.out.contains("is taking mail of acme.example over"), "{}", blocked.out);
    case.rest.post("/test/destination", json!({ "domain": "acme.example", "temporary_error": false })).await.ok(200);
    let gone = case.run(&["apply", "--yes"], FIRST).await;
    assert_eq!(case.user("c@acme.example").await, Value::Null, "{}{}", gone.out, gone.err);
}
