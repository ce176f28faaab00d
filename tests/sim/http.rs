//! The same pairs over real HTTP and SQLite: the embedded panel in this process, seeded and read by a client of the test.

use crate::check::{brief, differences};
use crate::check_kinds::with_answers;
use crate::converge::{TOUCHED, only};
use crate::files::files;
use crate::generate::{case, start};
use crate::law::{Conflict, Law, judge};
use crate::rig::{JumpClock, OnePassword, SharedMemory, apply, approved_at, plan};
use crate::sweep::{WAITING, sweep};
use crate::world::{Case, Live, LiveDomain, LiveUser};
use jiff::Timestamp;
use mailwright::base::{BoxFuture, Clock, PrintKey, Secret, SecretRef};
use mailwright::config::Provider;
use mailwright::engine::{Connect, Engine, Offline, Setup, Unwatched};
use mailwright::model::{Fault, Origin, RelayCheck, UserKind, UserStatus};
use mailwright::panel::{PanelOptions, ServerHandle, SettableClock};
use mailwright::port::{Driver, Secrets};
use mailwright::store::{MemorySinks, MemorySource};
use mailwright::wire::TokenScope;
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

const PAIRS: u64 = 225;
/// Moments to which the clock is moved, at most.
const MOMENTS: usize = 2;

struct Token(String);

impl Secrets for Token {
    fn get(&self, what: &SecretRef) -> Result<Secret, Fault> {
        if *what == SecretRef::Env("T".into()) { Ok(Secret::new(self.0.clone())) } else { OnePassword.get(what) }
    }
}

struct ToPanel(String, Arc<JumpClock>);

impl Connect for ToPanel {
    fn connect<'a>(&'a self, provider: &'a Provider) -> BoxFuture<'a, Result<Box<dyn Driver>, Fault>> {
        let row = mailwright::drivers::find(&provider.driver.value).expect("a driver of the registry");
        (row.connect)(mailwright::drivers::Settings {
            provider: &provider.name,
            url: &provider.url.value,
            token: Some(Secret::new(self.0.clone())),
            ca_pem: None,
            in_flight: 8,
            requests_per_minute: None,
            clock: self.1.clone(),
            creates_tenants: true,
            deadline: None,
        })
    }
    fn offline(&self, _: &Provider) -> Option<Offline> {
        None
    }
    fn drivers(&self) -> Vec<&'static str> {
        vec!["panel"]
    }
}

pub struct Served {
    handle: ServerHandle,
    url: String,
    token: String,
    client: reqwest::Client,
    pub time: Arc<SettableClock>,
    clock: Arc<JumpClock>,
    memory: SharedMemory,
    pub sinks: Arc<MemorySinks>,
    _folder: tempfile::TempDir,
}

impl Served {
    async fn new() -> Self {
        // another test of this process may have installed it already
        drop(rustls::crypto::ring::default_provider().install_default());
        let folder = tempfile::tempdir().expect("a folder");
        let time = Arc::new(SettableClock::new(start()));
        let options = PanelOptions { test_endpoints: true, ..PanelOptions::default() };
        let panel = mailwright::panel::open(&folder.path().join("panel.db"), time.clone(), options).await.expect("a panel");
        let token = panel.mint_token("sim", &[TokenScope::Read, TokenScope::Write], None, None).await.expect("a token");
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let handle = panel.serve(listener).expect("it serves");
        let url = format!("http://{}/v1", handle.address());
        let client = reqwest::Client::builder().no_proxy().build().expect("a client");
        let clock = Arc::new(JumpClock::new(start()));
        Self {
            handle,
            url,
            token: token.expose().to_owned(),
            client,
            time,
            clock,
            memory: SharedMemory::new(),
            sinks: Arc::default(),
            _folder: folder,
        }
    }
    pub async fn call(&self, method: Method, path: &str, body: Option<Value>) -> Value {
        let mut request = self.client.request(method, format!("{}{path}", self.url)).bearer_auth(&self.token);
        if let Some(body) = &body {
            request = request.json(body);
        }
        let answer = request.send().await.expect("an answer");
        let (status, text) = (answer.status(), answer.text().await.expect("a text"));
        assert!(status.is_success(), "{path} {body:?}: {status} {text}");
        serde_json::from_str(&text).unwrap_or(Value::Null)
    }
    pub async fn list(&self, path: &str) -> Vec<Value> {
        let (mut all, mut cursor) = (Vec::new(), None::<String>);
        loop {
            let from = cursor.map(|c| format!("&cursor={c}")).unwrap_or_default();
            let page = self.call(Method::GET, &format!("{path}?limit=50{from}"), None).await;
            all.extend(page["items"].as_array().expect("items").iter().cloned());
            match page["next_cursor"].as_str() {
                Some(next) => cursor = Some(next.to_owned()),
                None => return all,
            }
        }
    }

    /// The path of a domain.
    pub async fn domain(&self, base: &str, name: &str) -> String {
        let all = self.list(&format!("{base}/domains")).await;
        let found = all.iter().find(|d| d["name"] == name).expect("it was made");
        format!("{base}/domains/{}", text(&found["id"]))
    }

    /// Gives the user names that the panel minted, by those of the case.
    async fn seed(&self, live: &Live) -> BTreeMap<String, String> {
        let tenant = self.call(Method::POST, "/tenants", Some(json!({ "name": "acme" }))).await;
        let base = format!("/tenants/{}", tenant["id"].as_str().expect("an id"));
        let (min, [upper, lower, digit, special]) = live.policy;
        let policy = json!({ "min_length": min, "upper": upper, "lower": lower, "digit": digit, "special": special });
        self.call(Method::PUT, &format!("{base}/password-policy"), Some(policy)).await;
        for (name, d) in &live.domains {
            let body =
                json!({ "name": name, "destinations": d.destination, "relay_check": d.relay_check.word(), "alias_domains": d.aliases });
            self.call(Method::POST, &format!("{base}/domains"), Some(body)).await;
        }
        for (address, u) in &live.users {
            self.time.set(u.created);
            let origin = u.origin.expect("a live user has one");
            let user = json!({ "address": address, "first_name": u.first, "last_name": u.last, "aliases": u.aliases,
                "kind": u.kind.word(), "status": u.status.word() });
            self.call(Method::POST, "/test/users", Some(json!({ "user": user, "origin": origin.word() }))).await;
        }
        self.time.set(start());
        crate::http_kinds::seed(self, &base, live).await
    }

    async fn live(&self) -> Option<Live> {
        let tenants = self.list("/tenants").await;
        let tenant = tenants.iter().find(|t| t["name"] == "acme")?;
        let base = format!("/tenants/{}", text(&tenant["id"]));
        let p = self.call(Method::GET, &format!("{base}/password-policy"), None).await;
        let on = |key: &str| p[key].as_bool().expect("a switch");
        let policy = (p["min_length"].as_i64().expect("a number"), [on("upper"), on("lower"), on("digit"), on("special")]);
        let (mut domains, mut users) = (BTreeMap::new(), BTreeMap::new());
        for d in self.list(&format!("{base}/domains")).await {
            let at = format!("{base}/domains/{}", text(&d["id"]));
            for u in self.list(&format!("{at}/users")).await {
                users.insert(text(&u["address"]), user(&u));
            }
            let relay_check = RelayCheck::parse(&text(&d["relay_check"])).expect("a relay check");
            let (destination, aliases) = (texts(&d["destinations"]), texts(&d["alias_domains"]).into_iter().collect());
            let (continuity, discovery, directories) = crate::http_kinds::parts(self, &at).await;
            let domain = LiveDomain { destination, relay_check, aliases, continuity, discovery, directories };
            domains.insert(text(&d["name"]), domain);
        }
        let (sending, logins) = crate::http_kinds::outbound(self, &base).await;
        Some(Live { policy, domains, users, sending, logins })
    }

    fn engine(&self, source: MemorySource, run: &str) -> Engine {
        let (_, interrupted) = tokio::sync::watch::channel(false);
        Engine::new(Setup {
            source: Arc::new(source),
            clock: self.clock.clone() as Arc<dyn Clock>,
            secrets: Arc::new(Token(self.token.clone())),
            sinks: self.sinks.clone(),
            unattended: false,
            memory: Arc::new(self.memory.clone()),
            connect: Arc::new(ToPanel(self.token.clone(), self.clock.clone())),
            progress: Arc::new(Unwatched),
            key: PrintKey(21, 22),
            run: run.to_owned(),
            interrupted,
        })
    }
}

pub fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

fn texts(value: &Value) -> Vec<String> {
    value.as_array().expect("a list").iter().map(text).collect()
}

fn user(u: &Value) -> LiveUser {
    LiveUser {
        first: text(&u["first_name"]),
        last: text(&u["last_name"]),
        aliases: texts(&u["aliases"]).into_iter().collect(),
        kind: UserKind::parse(&text(&u["kind"])).expect("a kind"),
        status: UserStatus::parse(&text(&u["status"])).expect("a status"),
        origin: Some(Origin::parse(&text(&u["origin"])).expect("an origin")),
        created: text(&u["created_at"]).parse::<Timestamp>().expect("a time"),
        access: crate::http_kinds::access_of(u),
    }
}

/// The case of a seed on this panel: it renames within a domain, and has everything.
fn on_the_panel(seed: u64) -> Case {
    let mut case = case(seed);
    case.options.rename = true;
    crate::http_kinds::as_the_panel_can(&mut case);
    case
}

/// What a pair was.
#[derive(Debug, Default)]
struct Told {
    empty: bool,
    blocked: bool,
    moments: usize,
    kinds: BTreeSet<&'static str>,
}

async fn pair(seed: u64) -> Result<Told, String> {
    let mut case = on_the_panel(seed);
    let served = Served::new().await;
    if let Some(live) = &case.live {
        let names = served.seed(live).await;
        crate::http_kinds::rename(&mut case, &names);
        if let Some(text) = differences(case.live.as_ref(), served.live().await.as_ref()).first() {
            return Err(format!("the panel was not seeded as it was meant: {text}"));
        }
    }
    crate::rig_kinds::seed_sinks(&served.sinks, &case);
    let source = files(&case, seed, &format!("driver = \"panel\"\nurl = \"{}\"\ntoken = {{ env = \"T\" }}", served.url));
    let mut told = Told::default();
    let mut law = judge(&case, start());
    let mut now = start();
    for n in 0..=MOMENTS {
        let met = moment(&law, &served, &source, now).await.map_err(|text| {
            let (want, live, conflicts) = (&case.want, &case.live, &law.conflicts);
            format!("at {now}: {text}\n  want {want:#?}\n  live {live:#?}\n  law: {conflicts:?}")
        })?;
        if n == 0 {
            (told.empty, told.blocked) = (met.empty, met.blocked);
        }
        told.moments = n;
        told.kinds.extend(met.kinds);
        let goes_on = law.again || law.next.is_some();
        if met.blocked || !law.conflicts.is_empty() || !goes_on || n == MOMENTS {
            break;
        }
        if let (Some(at), false) = (law.next, law.again) {
            served.call(Method::POST, "/test/clock", Some(json!({ "now": at }))).await;
            served.clock.reach(at);
        }
        now = served.clock.now();
        case.live = served.live().await.map(|live| with_answers(live, case.live.as_ref()));
        law = judge(&case, now);
        if !law.conflicts.is_empty() {
            break;
        }
    }
    served.handle.shutdown().await.map_err(|e| e.to_string())?;
    Ok(told)
}

/// Plans, approves and applies at one moment, and looks at what came of it.
async fn moment(law: &Law, served: &Served, source: &MemorySource, now: Timestamp) -> Result<Told, String> {
    let planned = plan(&served.engine(source.clone(), &format!("p{now}"))).await;
    let first = only(&planned)?;
    let is_blocked = !law.conflicts.is_empty();
    let certain = law.conflicts.iter().any(|c| !matches!(c, Conflict::Renamed(_)));
    let stuck = crate::check::blocked(first);
    if (certain && stuck.is_empty()) || (!is_blocked && !stuck.is_empty()) {
        return Err(format!("the law names {:?}, the plan blocks {stuck:?}:\n{}", law.conflicts, brief(first)));
    }
    let source = approved_at(source.clone(), first, now);
    let applied = apply(&served.engine(source.clone(), &format!("a{now}"))).await;
    let wrong = differences(law.expected.as_ref(), served.live().await.as_ref());
    let told = Told { empty: first.is_empty(), blocked: is_blocked, moments: 0, kinds: crate::later::kinds(first).collect() };
    if is_blocked {
        return Ok(told);
    }
    if !wrong.is_empty() {
        let outcomes: Vec<_> = applied.tenants.values().map(|t| &t.outcome).collect();
        return Err(format!("live is not as desired:\n   {}\n{outcomes:?}\n  plan:\n{}", wrong.join("\n   "), brief(first)));
    }
    crate::http_kinds::credentials(served, &law.minted).await?;
    let writes = served.handle.traffic().writes;
    let again = apply(&served.engine(source, &format!("b{now}"))).await;
    let last = only(&again.planned)?;
    // where records wait for a person, an apply has the panel look for them: a call that changes nothing that is declared
    let looks = last.steps.iter().any(|s| s.key.kind == mailwright::model::Kind::SendingDomain && s.hand_off.is_some());
    if !law.again && (!last.is_settled() || (!looks && served.handle.traffic().writes != writes)) {
        return Err(format!("not settled afterwards, or written again:\n{}", brief(last)));
    }
    Ok(told)
}

#[test]
fn pairs_converge_over_http_and_sqlite() {
    let all = sweep(WAITING, 0..PAIRS, pair);
    if all.len() < 100 {
        return; // one seed alone
    }
    let (empty, blocked) = (all.iter().filter(|t| t.empty).count(), all.iter().filter(|t| t.blocked).count());
    println!("{} pairs over HTTP: {empty} empty, {blocked} with a conflict", all.len());
    assert!(all.len() - blocked >= 200 && empty * 10 <= all.len(), "{blocked} with a conflict, {empty} empty of {}", all.len());
    let later = all.iter().filter(|t| t.moments > 0).count();
    println!("{later} pairs over HTTP with a clock that moves on");
    assert!(later * 100 >= all.len() * 4, "the clock hardly ever moves: {later}");
    for kind in TOUCHED {
        let touched = all.iter().filter(|t| t.kinds.contains(kind)).count();
        println!("{touched} pairs over HTTP with a step of {kind}");
        assert!(touched * 100 >= all.len() * 2, "{kind} is hardly ever touched: {touched}");
    }
}
