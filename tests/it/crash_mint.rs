//! kill -9 of the program at more than fifty points of an apply that mints five SMTP users (S10.4): one more run
//! converges. Five logins are on the panel, each stored password works, none is lost, none is there twice.
//!
//! The points: before and after each write of the run, with the answer lost; and moments in between, while credentials
//! are on their way into their files. How long that takes is measured on the machine that runs this; a moment that
//! comes too late is tried again sooner.

use crate::support::binary;
use crate::support::engine::workspace;
use crate::support::panel::TestPanel;
use crate::support::proxy::{Kill, Proxy, Rule};
use mailwright::panel::PanelOptions;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

const USERS: usize = 5;
/// Kills by the clock, spread evenly from the first mint to the end of the program.
const MOMENTS: u32 = 44;
/// A moment that found the program ended is halved so many times; the last is the first mint itself.
const HALVINGS: u32 = 6;

fn tenant() -> String {
    let mut text = "schema = \"mailwright/v1\"\n[tenant]\nname = \"acme\"\nprovider = \"edge\"\ncreate = true\n".to_owned();
    text.push_str("[sending_domains.\"news.acme.example\"]\n");
    for n in 0..USERS {
        writeln!(text, "[smtp_users.app{n}]\ndomain = \"news.acme.example\"\ncredential = {{ file = \"secrets/app{n}.json\" }}").unwrap();
    }
    text
}

fn write(dir: &Path, url: &str) {
    std::fs::create_dir_all(dir.join("tenants")).unwrap();
    std::fs::write(dir.join("mailwright.toml"), workspace(url)).unwrap();
    std::fs::write(dir.join("tenants/acme.toml"), tenant()).unwrap();
}

async fn run(dir: &Path, args: &'static [&'static str], token: &str) -> binary::Ran {
    let mut command = binary::command(dir, args);
    command.env("T", token);
    tokio::task::spawn_blocking(move || binary::Ran::from(command.output().expect("the binary runs"))).await.unwrap()
}

/// Where the program is killed.
#[derive(Debug, Clone, Copy)]
enum Point {
    /// Around the nth write.
    Write(usize, bool),
    /// So long after the first mint.
    Moment(Duration),
    /// Nowhere: it is left to end.
    Never,
}

struct Site {
    panel: TestPanel,
    client: reqwest::Client,
}

impl Site {
    async fn get(&self, path: &str) -> Value {
        let answer = self.client.get(format!("{}{path}", self.panel.url())).bearer_auth(&self.panel.token).send().await.unwrap();
        answer.json().await.unwrap()
    }
    async fn lets_in(&self, credential: &Value) -> bool {
        let url = format!("{}/test/smtp-login", self.panel.url());
        let body = json!({ "username": credential["username"], "password": credential["password"], "ask_only": true });
        let answer = self.client.post(url).bearer_auth(&self.panel.token).json(&body).send().await.unwrap();
        answer.json::<Value>().await.unwrap()["accepted"] == true
    }
    /// Everything that must hold after one more run.
    async fn judge(&self, dir: &Path) -> Result<(), String> {
        let tenants = self.get("/tenants").await;
        let tenant = tenants["items"][0]["id"].as_str().expect("a tenant").to_owned();
        let live = self.get(&format!("/tenants/{tenant}/smtp-users")).await;
        let items = live["items"].as_array().expect("a list");
        let labels: BTreeSet<&str> = items.iter().map(|u| u["label"].as_str().unwrap()).collect();
        if (items.len(), labels.len()) != (USERS, USERS) {
            return Err(format!("{} logins with {} labels: {live}", items.len(), labels.len()));
        }
        for user in items {
            let file = dir.join(format!("tenants/secrets/{}.json", user["label"].as_str().unwrap()));
            let text = std::fs::read_to_string(&file).map_err(|e| format!("{}: {e}", file.display()))?;
            let credential: Value = serde_json::from_str(&text).map_err(|e| e.to_string())?;
            if credential["username"] != user["username"] || !self.lets_in(&credential).await {
                return Err(format!("{}: the stored password does not work", file.display()));
            }
        }
        let stray = std::fs::read_dir(dir.join("tenants/secrets")).unwrap().count();
        if stray == USERS { Ok(()) } else { Err(format!("{stray} files in secrets")) }
    }
}

/// Runs the program up to `point`. Tells whether the kill struck it while it ran, and how long it ran since the first
/// mint reached the panel.
async fn killed(dir: &Path, site: &Site, proxy: &Proxy, point: Point) -> (bool, Duration) {
    let child = Arc::new(Mutex::new(None));
    if let Point::Write(at, before) = point {
        proxy.set(Rule { kill: Some(Kill { at, before, child: child.clone() }), ..Rule::default() });
    }
    let mut command = binary::command(dir, &["apply", "--yes"]);
    command.env("T", &site.panel.token).stdout(Stdio::null()).stderr(Stdio::null());
    *child.lock().expect("no panic") = Some(command.spawn().expect("the binary starts"));
    let mut first_mint: Option<Instant> = None;
    loop {
        if let Some(status) = child.lock().expect("no panic").as_mut().expect("a child").try_wait().expect("a status") {
            return (status.code().is_none(), first_mint.map_or(Duration::ZERO, |at| at.elapsed()));
        }
        if first_mint.is_none() && proxy.take_writes().iter().any(|w| w.ends_with("/smtp-users")) {
            first_mint = Some(Instant::now());
        }
        if let (Point::Moment(after), Some(at)) = (point, first_mint)
            && at.elapsed() >= after
        {
            child.lock().expect("no panic").as_mut().expect("a child").kill().expect("it can be killed");
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

/// One point: killed, run again, planned.
async fn point(point: Point) -> Result<(bool, Duration), String> {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("panel.db");
    let panel = TestPanel::at(&path, PanelOptions { test_endpoints: true, ..PanelOptions::default() }).await;
    let proxy = Proxy::start(&panel.root).await;
    let site = Site { panel, client: reqwest::Client::new() };
    write(dir.path(), &proxy.url);
    let ran = killed(dir.path(), &site, &proxy, point).await;
    proxy.set(Rule::default());
    let again = run(dir.path(), &["apply", "--yes"], &site.panel.token).await;
    let then = run(dir.path(), &["plan"], &site.panel.token).await;
    let fail = |what: String| format!("{point:?}: {what}\n{}{}\n{}{}", again.out, again.err, then.out, then.err);
    // the records of the sending domain wait for a person: settled
    if (again.code, then.code) != (2, 2) || !then.out.contains("1 for a person · 1 waiting") {
        return Err(fail(format!("ended {} and {}", again.code, then.code)));
    }
    if then.out.contains("not held") {
        return Err(fail("a credential is not held".into()));
    }
    site.judge(dir.path()).await.map_err(fail)?;
    Ok(ran)
}

/// A moment, sooner each time that the program had ended before it came.
async fn moment(mut after: Duration) -> Result<bool, String> {
    for _ in 0..HALVINGS {
        if point(Point::Moment(after)).await?.0 {
            return Ok(true);
        }
        after /= 2;
    }
    Ok(point(Point::Moment(Duration::ZERO)).await?.0)
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_anywhere_five_logins_are_there_and_each_stored_password_works() {
    let (hit, whole) = point(Point::Never).await.unwrap();
    assert!(!hit && whole > Duration::ZERO, "a run that nobody kills ends by itself, after its mints");
    // writes of a whole run: tenant, lease, sending domain, five mints, end of the lease
    let writes = (1..=8).flat_map(|at| [Point::Write(at, true), Point::Write(at, false)]);
    let moments = (0..MOMENTS).map(|n| Point::Moment(whole * n / MOMENTS));
    let mut left: Vec<Point> = writes.chain(moments).collect();
    let points = left.len();
    let mut running = tokio::task::JoinSet::new();
    let (mut struck, mut wrong) = (0, Vec::new());
    loop {
        while running.len() < 3
            && let Some(next) = left.pop()
        {
            running.spawn(async move {
                match next {
                    Point::Moment(after) => moment(after).await,
                    other => point(other).await.map(|(hit, _)| hit),
                }
            });
        }
        match running.join_next().await {
            Some(Ok(Ok(hit))) => struck += usize::from(hit),
            Some(Ok(Err(text))) => wrong.push(text),
            Some(Err(panic)) => wrong.push(panic.to_string()),
            None => break,
        }
    }
    assert!(wrong.is_empty(), "{} of {points}:\n{}", wrong.len(), wrong[0]);
    assert!(struck >= 50, "only {struck} of {points} kills struck a running program");
}
