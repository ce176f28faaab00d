//! A real Modoboa for one test at a time, its admin API as a person uses it, and what Postfix would read from its tables.
//!
//! Nothing here knows the driver. Few servers serve all tests of a run, each with a database of its own; they end with this
//! process, however that ends (`tests/peers/modoboa.sh`).

use crate::support::binary::repository;
use crate::support::panel::crypto;
use reqwest::Method;
use serde_json::{Value, json};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Condvar, Mutex, PoisonError};

/// Servers side by side: more would wait for each other on two cores.
const MOST: usize = 2;
/// The servers of this process that were started; whether one is taken.
static SERVERS: Mutex<Vec<bool>> = Mutex::new(Vec::new());
/// Somebody gave one back.
static FREE: Condvar = Condvar::new();

/// The right to a shared server, for one test at a time.
struct Turn(usize);

impl Turn {
    /// Waits for it; whether the server runs already.
    fn take() -> (Self, bool) {
        let servers = SERVERS.lock().unwrap_or_else(PoisonError::into_inner);
        let is_full = |all: &mut Vec<bool>| all.len() == MOST && all.iter().all(|taken| *taken);
        let mut servers = FREE.wait_while(servers, is_full).unwrap_or_else(PoisonError::into_inner);
        match servers.iter().position(|taken| !taken) {
            Some(number) => {
                servers[number] = true;
                (Self(number), true)
            }
            None => {
                servers.push(true);
                (Self(servers.len() - 1), false)
            }
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        SERVERS.lock().unwrap_or_else(PoisonError::into_inner)[self.0] = false;
        FREE.notify_one();
    }
}

/// A server with nothing in it but two administrators.
pub struct Modoboa {
    home: PathBuf,
    folder: PathBuf,
    url: String,
    client: reqwest::Client,
    /// The right to a shared server; without it the server is this test's own.
    shared: Option<Turn>,
}

/// Who calls.
#[derive(Debug, Clone, Copy)]
pub enum Who {
    /// The account whose token mailwright has.
    Admin,
    /// Another administrator.
    Other,
}

impl Modoboa {
    /// A server of this process, emptied; `None` where Modoboa cannot be had, which is told.
    pub fn take() -> Option<Self> {
        let home = home()?;
        let (turn, runs) = Turn::take();
        let folder = home.join("run").join(format!("it-{}-{}", std::process::id(), turn.0));
        if runs {
            // what a test that failed has left is taken away like anything else
            script(&["reset", text(&home), text(&folder)], "off");
        } else {
            start(&home, &folder, "off");
        }
        Some(Self::at(home, folder, Some(turn)))
    }
    /// A server that takes five writes a second, as Modoboa does by itself.
    pub fn throttled() -> Option<Self> {
        let home = home()?;
        let folder = home.join("run").join(format!("it-{}-throttled", std::process::id()));
        start(&home, &folder, "on");
        Some(Self::at(home, folder, None))
    }
    fn at(home: PathBuf, folder: PathBuf, shared: Option<Turn>) -> Self {
        crypto();
        let url = std::fs::read_to_string(folder.join("url")).unwrap().trim().to_owned();
        // gunicorn closes idle connections when it likes, also at the moment in which one is used again
        let client = reqwest::Client::builder().no_proxy().pool_max_idle_per_host(0).build().unwrap();
        Self { home, folder, url, client, shared }
    }
    /// Everything that it holds now.
    pub fn database(&self) -> Vec<u8> {
        std::fs::read(self.folder.join("db.sqlite3")).unwrap()
    }
    /// Puts a database in the place of its own, while nobody asks it anything.
    pub fn put_back(&self, database: &[u8]) {
        std::fs::write(self.folder.join("db.new"), database).unwrap();
        std::fs::rename(self.folder.join("db.new"), self.folder.join("db.sqlite3")).unwrap();
    }
    /// `http://127.0.0.1:PORT/api/v2`
    pub fn url(&self) -> &str {
        &self.url
    }
    pub fn token(&self) -> String {
        token(Who::Admin)
    }

    /// Status and body of a call; a body of `null` is none.
    pub async fn send(&self, who: Who, method: Method, path: &str, body: Value) -> (u16, Value) {
        let request = self.client.request(method, format!("{}{path}", self.url)).header("Authorization", format!("Token {}", token(who)));
        let request = if body.is_null() { request } else { request.json(&body) };
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        let text = answer.text().await.unwrap();
        (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
    }
    async fn done(&self, method: Method, path: &str, body: Value) -> Value {
        let (status, answer) = self.send(Who::Admin, method, path, body).await;
        assert!((200..300).contains(&status), "{path}: {status} {answer}");
        answer
    }
    pub async fn get(&self, path: &str) -> Value {
        self.done(Method::GET, path, Value::Null).await
    }
    pub async fn post(&self, path: &str, body: Value) -> Value {
        self.done(Method::POST, path, body).await
    }
    pub async fn patch(&self, path: &str, body: Value) -> Value {
        self.done(Method::PATCH, path, body).await
    }
    /// The path of the object of a list (`domains`, `accounts`, `aliases`, `domainaliases`) with this name or address.
    pub async fn path(&self, list: &str, name: &str) -> Option<String> {
        let key = match list {
            "accounts" => "username",
            "aliases" => "address",
            _ => "name",
        };
        let all = self.all(list).await;
        all.iter().find(|o| o[key] == name).map(|o| format!("/{list}/{}/", o["pk"]))
    }
    /// All objects of a list, in pages or bare.
    pub async fn all(&self, list: &str) -> Vec<Value> {
        let answer = self.get(&format!("/{list}/?page_size=100000")).await;
        answer.as_array().or(answer["results"].as_array()).unwrap().clone()
    }
    /// An object as it is, or `null`.
    pub async fn object(&self, list: &str, name: &str) -> Value {
        match self.path(list, name).await {
            Some(path) if list != "domainaliases" => self.get(&path).await,
            Some(_) => self.all(list).await.into_iter().find(|o| o["name"] == name).unwrap(),
            None => Value::Null,
        }
    }

    /// A domain with mailboxes here.
    pub async fn hosted(&self, name: &str) -> Value {
        self.post("/domains/", json!({ "name": name, "type": "domain" })).await["pk"].clone()
    }
    /// A domain that is relayed, with recipients verified or not.
    pub async fn relayed(&self, name: &str, host: &str, port: u16, verify: bool) -> Value {
        let settings = json!({ "relay_target_host": host, "relay_target_port": port, "relay_verify_recipients": verify });
        let body = json!({ "name": name, "type": "relaydomain", "transport": { "service": "relay", "settings": settings } });
        self.post("/domains/", body).await["pk"].clone()
    }
    /// A mailbox with aliases.
    pub async fn account(&self, address: &str, first: &str, last: &str, aliases: &[&str]) -> Value {
        let body = json!({ "username": address, "role": "SimpleUsers", "password": "Correct-Horse-7", "first_name": first,
            "last_name": last, "mailbox": { "use_domain_quota": true }, "aliases": aliases });
        self.post("/accounts/", body).await["pk"].clone()
    }
    pub async fn alias(&self, address: &str, recipients: &[&str]) -> Value {
        self.post("/aliases/", json!({ "address": address, "recipients": recipients, "enabled": true })).await["pk"].clone()
    }
    pub async fn domain_alias(&self, name: &str, target: &Value) -> Value {
        self.post("/domainaliases/", json!({ "name": name, "target": target, "enabled": true })).await["pk"].clone()
    }

    /// What Postfix reads under a key, its recipients sorted, or nothing: `postmap -q` on a table that Modoboa wrote.
    pub fn postmap(&self, map: &str, key: &str) -> String {
        let said = output(&["ask", text(&self.home), text(&self.folder), map, key]);
        let mut parts: Vec<&str> = said.trim().split(',').collect();
        parts.sort_unstable();
        parts.join(",")
    }
}

impl Drop for Modoboa {
    fn drop(&mut self) {
        if self.shared.is_none() {
            script(&["stop", text(&self.home), text(&self.folder)], "on");
            drop(std::fs::remove_dir_all(&self.folder));
        }
    }
}

/// Where it is installed.
fn home() -> Option<PathBuf> {
    if let Some(home) = std::env::var_os("MAILWRIGHT_MODOBOA") {
        return Some(home.into());
    }
    if let Some(log) = std::env::var_os("MAILWRIGHT_SKIP_LOG") {
        let mut file = std::fs::OpenOptions::new().append(true).create(true).open(log).expect("the skip log");
        writeln!(file, "modoboa: not installed").expect("the skip log");
    }
    None
}

fn start(home: &Path, folder: &Path, throttle: &str) {
    script(&["start", text(home), text(folder), &std::process::id().to_string()], throttle);
}

fn command(args: &[&str]) -> Command {
    let mut command = Command::new("bash");
    command.arg(repository("tests/peers/modoboa.sh")).args(args).stdin(Stdio::null());
    command
}

fn script(args: &[&str], throttle: &str) {
    let done = command(args).env("THROTTLE", throttle).stdout(Stdio::null()).status();
    assert!(done.expect("bash runs").success(), "modoboa.sh {args:?}");
}

fn output(args: &[&str]) -> String {
    let done = command(args).output().expect("bash runs");
    assert!(done.status.success() && done.stderr.is_empty(), "modoboa.sh {args:?}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).expect("text")
}

fn token(who: Who) -> String {
    let name = match who {
        Who::Admin => "admin",
        Who::Other => "other",
    };
    output(&["token", name]).trim().to_owned()
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a name")
}
