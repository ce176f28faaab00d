//! kill -9 of the program at more than fifty points of an apply of 500 steps: one more run converges, nothing is done
//! twice. The panel counts effective writes itself (its change mark), so a repeated one would show.

use crate::support::binary;
use crate::support::engine::workspace;
use crate::support::panel::TestPanel;
use crate::support::proxy::{Kill, Proxy, Rule};
use mailwright::panel::PanelOptions;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Arc, Mutex};

const DOMAINS: usize = 10;
/// Fewer than what makes a bulk call, so that each is a call of its own.
const CREATES: usize = 15;
const UPDATES: usize = 35;
const POINTS: usize = 54;

/// The first state (users that will be changed), or the second one (changed, and as many again created).
fn tenant(second: bool) -> String {
    let mut text = "schema = \"mailwright/v1\"\n[tenant]\nname = \"acme\"\nprovider = \"edge\"\ncreate = true\n".to_owned();
    for d in 0..DOMAINS {
        writeln!(text, "[domains.\"d{d}.example\"]\ndestination = \"mx.example.com:25\"\nrelay_check = \"control-panel\"").unwrap();
    }
    for d in 0..DOMAINS {
        for u in 0..UPDATES {
            let name = if second { "After" } else { "Before" };
            writeln!(text, "[[users]]\naddress = \"u{u}@d{d}.example\"\nlast_name = \"{name}\"").unwrap();
        }
        for u in 0..if second { CREATES } else { 0 } {
            writeln!(text, "[[users]]\naddress = \"new{u}@d{d}.example\"\naliases = [\"n{u}@d{d}.example\"]").unwrap();
        }
    }
    text
}

fn write(dir: &Path, url: &str, second: bool) {
    std::fs::create_dir_all(dir.join("tenants")).unwrap();
    std::fs::write(dir.join("mailwright.toml"), workspace(url)).unwrap();
    std::fs::write(dir.join("tenants/acme.toml"), tenant(second)).unwrap();
}

fn mark(panel: &TestPanel) -> impl Future<Output = u64> + use<> {
    let (url, token) = (format!("{}/tenants?limit=1", panel.url()), panel.token.clone());
    async move {
        let answer = reqwest::Client::new().get(url).bearer_auth(token).send().await.unwrap();
        let json: serde_json::Value = answer.json().await.unwrap();
        json["items"][0]["change_mark"].as_u64().expect("a change mark")
    }
}

async fn run(dir: &Path, args: &'static [&'static str], token: &str) -> binary::Ran {
    let mut command = binary::command(dir, args);
    command.env("T", token);
    tokio::task::spawn_blocking(move || binary::Ran::from(command.output().expect("the binary runs"))).await.unwrap()
}

async fn prepared(dir: &Path) -> PathBuf {
    let path = dir.join("first.db");
    let panel = TestPanel::at(&path, PanelOptions::default()).await;
    write(&dir.join("first"), &panel.url(), false);
    let ran = run(&dir.join("first"), &["apply", "--yes"], &panel.token).await;
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    panel.handle.shutdown().await.expect("a clean end");
    path
}

/// One point: killed around write `at`, run again, planned.
async fn point(database: PathBuf, at: usize, before: bool) -> Result<usize, String> {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("panel.db");
    std::fs::copy(database, &path).expect("a copy");
    let panel = TestPanel::at(&path, PanelOptions::default()).await;
    let proxy = Proxy::start(&panel.root).await;
    write(dir.path(), &proxy.url, true);
    let start = mark(&panel).await;
    let child = Arc::new(Mutex::new(None));
    proxy.set(Rule { kill: Some(Kill { at, before, child: child.clone() }), ..Rule::default() });
    let mut command = binary::command(dir.path(), &["apply", "--yes"]);
    command.env("T", &panel.token).stdout(Stdio::null()).stderr(Stdio::null());
    *child.lock().expect("no panic") = Some(command.spawn().expect("the binary starts"));
    let waited = child.clone();
    let killed = tokio::task::spawn_blocking(move || {
        loop {
            if let Some(status) = waited.lock().expect("no panic").as_mut().expect("a child").try_wait().expect("a status") {
                return status.code().is_none();
            }
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
    });
    let killed = killed.await.expect("no panic");
    proxy.set(Rule::default());
    let again = run(dir.path(), &["apply", "--yes"], &panel.token).await;
    let then = run(dir.path(), &["plan"], &panel.token).await;
    let wrote = mark(&panel).await - start;
    let steps = (DOMAINS * (CREATES + UPDATES)) as u64;
    let fail = |what: &str| Err(format!("write {at} before={before}: {what}\n{}{}\n{}{}", again.out, again.err, then.out, then.err));
    match (killed, again.code, then.code) {
        (false, _, _) => fail("the process was not killed"),
        (_, 0, 0) if wrote == steps => Ok(at),
        (_, 0, 0) => fail(&format!("{wrote} effective writes for {steps} steps")),
        _ => fail(&format!("ended {} and {}", again.code, then.code)),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_anywhere_one_more_run_converges() {
    let dir = tempfile::tempdir().unwrap();
    let database = prepared(dir.path()).await;
    let writes = DOMAINS * (CREATES + UPDATES);
    let mut left: Vec<(usize, bool)> = (0..POINTS).map(|i| (1 + i * writes / POINTS, i % 2 == 0)).collect();
    let mut running = tokio::task::JoinSet::new();
    let mut done = 0;
    let mut wrong = Vec::new();
    loop {
        while running.len() < 3
            && let Some((at, before)) = left.pop()
        {
            running.spawn(point(database.clone(), at, before));
        }
        match running.join_next().await {
            Some(Ok(Ok(_))) => done += 1,
            Some(Ok(Err(text))) => wrong.push(text),
            Some(Err(panic)) => wrong.push(panic.to_string()),
            None => break,
        }
    }
    assert!(wrong.is_empty(), "{} of {POINTS}:\n{}", wrong.len(), wrong[0]);
    assert_eq!(done, POINTS);
}
