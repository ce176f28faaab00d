//! Import jobs that are lost or late, over HTTP (S6.3): overdue, planned once more with that cause, and a second time a named
//! stop. And `apply --wait`, which stays until an import acts (S6.4).

use crate::support::api::Api;
use crate::support::binary::{Ran, command};
use crate::support::engine::{apply, engine_within, plan, said, workspace};
use crate::support::panel::TestPanel;
use mailwright::base::ExitCode;
use mailwright::engine::{Engine, Planned};
use mailwright::model::Reason;
use mailwright::panel::PanelOptions;
use mailwright::plan::{Cause, Verdict};
use mailwright::store::MemorySource;
use serde_json::json;
use sqlx::Connection as _;
use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

/// Live users who stay, and users who are new: enough for an import.
const STAY: usize = 40;
const NEW: usize = 60;

/// A panel whose domain has the users who stay and one who is to go.
struct Site {
    api: Api,
    domain: String,
    folder: tempfile::TempDir,
}

impl Site {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let options = PanelOptions { test_endpoints: true, ..PanelOptions::default() };
        let api = Api::of(TestPanel::at(&folder.path().join("panel.db"), options).await);
        // our clock and the panel's agree: by them it is told who was there before a deletion and who came after it
        api.post("/test/clock", json!({ "now": jiff::Timestamp::now().to_string() })).await;
        let domain = api.domain("acme", "acme.example", "control-panel", &[]).await;
        let users = (0..STAY).map(|n| format!("stay{n:02}")).chain(["gone".to_owned()]);
        let users: Vec<_> = users.map(|local| json!({ "address": format!("{local}@acme.example") })).collect();
        api.post(&format!("{domain}/users/bulk"), json!({ "mode": "add", "users": users })).await;
        Self { api, domain, folder }
    }
    fn engine(&self, text: &str, run: &str) -> Engine {
        let files = MemorySource::new([("mailwright.toml", workspace(&self.api.panel.url())), ("tenants/acme.toml", text.to_owned())]);
        engine_within(files, &self.api.panel.token, &self.folder.path().join("memory"), run, Duration::from_secs(30))
    }
    /// What no request can do: something happens to the jobs in the panel's database.
    async fn jobs(&self, sql: &'static str) {
        let url = format!("sqlite:{}", self.folder.path().join("panel.db").display());
        let mut database = sqlx::SqliteConnection::connect(&url).await.unwrap();
        let done = sqlx::query(sql).execute(&mut database).await.unwrap();
        assert_eq!(done.rows_affected(), 1, "{sql}");
    }
}

/// The whole list: those who stay, and the new ones.
fn whole_list() -> String {
    let mut text = "schema = \"mailwright/v1\"\n[tenant]\nname = \"acme\"\nprovider = \"edge\"\n[domains.\"acme.example\"]\n\
                    authority = \"add-delete-old\"\n"
        .to_owned();
    for local in (0..STAY).map(|n| format!("stay{n:02}")).chain((0..NEW).map(|n| format!("new{n:02}"))) {
        writeln!(text, "[[users]]\naddress = \"{local}@acme.example\"").unwrap();
    }
    text
}

fn verdicts(planned: &Planned) -> Vec<Verdict> {
    planned.plans[0].steps.iter().map(|s| planned.plans[0].verdict(s.id)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_is_gone_is_planned_once_more_and_stops_the_second_time() {
    let site = Site::new().await;
    let text = whole_list();
    for (n, losses) in ["first", "second"].into_iter().zip(1..) {
        let applied = apply(&site.engine(&text, n)).await;
        assert_eq!(applied.exit, ExitCode::Done, "{n}: taken, and in flight");
        let planned = plan(&site.engine(&text, "between")).await;
        assert!(planned.plans[0].steps.is_empty() && planned.plans[0].report.in_flight.len() == 1, "{n}: what is on its way is no step");
        site.jobs("DELETE FROM import_jobs").await;
        site.api.advance(2 * 3600).await;
        let planned = plan(&site.engine(&text, "after")).await;
        let one = &planned.plans[0];
        assert_eq!((one.steps.len(), one.report.overdue.len()), (NEW + 1, NEW + 1), "{n}");
        if losses == 1 {
            assert!(verdicts(&planned).iter().all(|v| *v == Verdict::Go), "{:?}", verdicts(&planned));
            assert_eq!(one.steps.iter().filter(|s| s.why == Cause::Overdue).count(), NEW);
            let text = said(&planned);
            assert!(text.contains("overdue: the import that was to act by ") && text.contains(" is gone from the panel"), "{text}");
        } else {
            let stops = |v: &Verdict| matches!(v, Verdict::Blocked(Reason::Overdue { losses: 2, .. }));
            assert!(verdicts(&planned).iter().all(stops), "{:?}", verdicts(&planned));
            assert_eq!(planned.exit.0, ExitCode::Blocked, "no approval lifts it");
        }
    }
    // whoever has no memory of it plans it anew, which is all that can be told (S11.2)
    let elsewhere = MemorySource::new([("mailwright.toml", workspace(&site.api.panel.url())), ("tenants/acme.toml", text)]);
    let memory = tempfile::tempdir().unwrap();
    let planned = plan(&engine_within(elsewhere, &site.api.panel.token, memory.path(), "else", Duration::from_secs(30))).await;
    assert!(planned.plans[0].report.overdue.is_empty() && verdicts(&planned).iter().all(|v| *v == Verdict::Go));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_is_late_is_overdue_and_its_rows_go_one_by_one() {
    let site = Site::new().await;
    let text = "schema = \"mailwright/v1\"\n[tenant]\nname = \"acme\"\nprovider = \"edge\"\n[domains.\"acme.example\"]\n[[users]]\n\
                address = \"a@acme.example\"\n[[users]]\naddress = \"b@acme.example\"\n";
    let rows = json!([{ "address": "a@acme.example" }, { "address": "b@acme.example" }]);
    site.api.post(&format!("{}/imports", site.domain), json!({ "mode": "add", "users": rows })).await;
    let planned = plan(&site.engine(text, "flying")).await;
    assert!(planned.plans[0].steps.is_empty() && planned.plans[0].report.in_flight.len() == 1);
    site.jobs("UPDATE import_jobs SET due_at = due_at + 864000000").await;
    site.api.advance(2 * 3600).await;
    let planned = plan(&site.engine(text, "late")).await;
    let one = &planned.plans[0];
    assert_eq!((one.steps.len(), one.report.overdue.len(), one.report.in_flight.len()), (2, 2, 0));
    assert!(one.steps.iter().all(|s| s.why == Cause::Overdue));
    assert!(said(&planned).contains("is not in effect after its window; it is planned once more"), "{}", said(&planned));
    assert_eq!(apply(&site.engine(text, "apply")).await.exit, ExitCode::Done);
    let planned = plan(&site.engine(text, "again")).await;
    assert!(planned.plans[0].steps.is_empty() && planned.plans[0].report.overdue.is_empty(), "{:?}", planned.plans[0].report);
    // when it acts at last, it finds everybody there
    site.api.advance(11 * 86_400).await;
    assert_eq!(site.api.users(&site.domain).await.len(), STAY + 3);
    assert!(plan(&site.engine(text, "settled")).await.plans[0].steps.is_empty());
}

/// The panel's clock is an hour behind ours: an import that acts within the hour is due now by ours, so that nobody waits for
/// long. While the program waits the panel's clock is moved.
#[tokio::test(flavor = "multi_thread")]
async fn apply_waits_until_an_import_acts() {
    let site = Site::new().await;
    let behind = jiff::Timestamp::now().checked_sub(jiff::SignedDuration::from_mins(60)).unwrap();
    site.api.post("/test/clock", json!({ "now": behind.to_string() })).await;
    let token = site.api.post("/tokens", json!({ "name": "wait", "scopes": ["read", "write"] })).await;
    let files = tempfile::tempdir().unwrap();
    write(files.path(), &site.api.panel.url());
    let mut apply = command(files.path(), &["apply", "--yes", "--wait"]);
    apply.env("T", token["secret"].as_str().unwrap()).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = apply.spawn().unwrap();
    let (told, mut heard) = tokio::sync::mpsc::unbounded_channel();
    let stderr = child.stderr.take().unwrap();
    let talk = std::thread::spawn(move || BufReader::new(stderr).lines().map_while(Result::ok).for_each(|line| drop(told.send(line))));
    let mut all = Vec::new();
    loop {
        let line = tokio::time::timeout(Duration::from_secs(120), heard.recv()).await.expect("it says that it waits");
        let line = line.unwrap_or_else(|| panic!("it ended: {all:?}"));
        let waits = line.contains("waiting until");
        all.push(line);
        if waits {
            break;
        }
    }
    assert!(child.try_wait().unwrap().is_none(), "it stays");
    assert_eq!(site.api.users(&site.domain).await.len(), STAY + 1, "nothing acts yet");
    site.api.advance(3600).await;
    let ran = tokio::task::spawn_blocking(move || {
        let mut out = String::new();
        child.stdout.take().unwrap().read_to_string(&mut out).unwrap();
        Ran { code: child.wait().unwrap().code().unwrap_or(-1), out, err: String::new() }
    });
    let ran = tokio::time::timeout(Duration::from_secs(120), ran).await.expect("it ends").unwrap();
    talk.join().unwrap();
    assert_eq!(ran.code, 0, "{} {all:?}", ran.out);
    assert_eq!(site.api.users(&site.domain).await.len(), STAY + NEW);
    assert!(ran.out.contains("go as one import") && ran.out.contains("nothing to do"), "{}", ran.out);
}

fn write(folder: &Path, url: &str) {
    std::fs::create_dir_all(folder.join("tenants")).unwrap();
    std::fs::write(folder.join("mailwright.toml"), workspace(url)).unwrap();
    std::fs::write(folder.join("tenants/acme.toml"), whole_list()).unwrap();
}
