//! A fault proxy on loopback: passes everything on to a panel, but for the requests that its rule spoils.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::process::Child;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What is done to an answer of a read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spoil {
    /// No answer within the client's deadline.
    TimeOut,
    /// 500.
    ServerError,
    /// 403.
    Forbidden,
    /// The last item of the page is missing.
    ShortPage,
    /// The body ends in the middle, with the length of what is sent.
    TruncatedJson,
    /// The total is one too high.
    WrongTotal,
    /// A login page with 200.
    Html,
    /// An empty list where the total says otherwise.
    EmptyList,
}

impl Spoil {
    pub const ALL: [Spoil; 8] = [
        Spoil::TimeOut,
        Spoil::ServerError,
        Spoil::Forbidden,
        Spoil::ShortPage,
        Spoil::TruncatedJson,
        Spoil::WrongTotal,
        Spoil::Html,
        Spoil::EmptyList,
    ];
}

/// A process that is killed with SIGKILL around the nth write that passes.
#[derive(Debug, Clone)]
pub struct Kill {
    /// Which write, from 1.
    pub at: usize,
    /// Before it reaches the panel, or after its effect with the answer lost.
    pub before: bool,
    pub child: Arc<Mutex<Option<Child>>>,
}

impl Kill {
    fn strike(&self) {
        if let Some(child) = self.child.lock().expect("no panic").as_mut() {
            child.kill().expect("the process can be killed");
        }
    }
}

/// Which reads are spoiled: those whose path ends with the text, and how; who is killed when, how slow writes are.
#[derive(Debug, Clone, Default)]
pub struct Rule {
    pub spoil: Option<(String, Spoil)>,
    pub kill: Option<Kill>,
    /// How long every write waits before it reaches the panel.
    pub slow_writes: Option<Duration>,
}

struct Shared {
    upstream: String,
    client: reqwest::Client,
    rule: Mutex<Rule>,
    writes: Mutex<Vec<String>>,
    reads: Mutex<Vec<String>>,
}

/// A running proxy.
pub struct Proxy {
    pub url: String,
    shared: Arc<Shared>,
    task: tokio::task::JoinHandle<()>,
}

impl Proxy {
    /// Starts one in front of `upstream` (`http://127.0.0.1:PORT`, without path).
    pub async fn start(upstream: &str) -> Self {
        let shared = Arc::new(Shared {
            upstream: upstream.to_owned(),
            client: reqwest::Client::builder().no_proxy().build().expect("a client"),
            rule: Mutex::default(),
            writes: Mutex::default(),
            reads: Mutex::default(),
        });
        let app = Router::new().fallback(pass).with_state(shared.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/v1", listener.local_addr().expect("an address"));
        let task = tokio::spawn(async move { drop(axum::serve(listener, app).await) });
        Self { url, shared, task }
    }
    pub fn set(&self, rule: Rule) {
        *self.shared.rule.lock().expect("no panic") = rule;
    }
    /// Mutating requests that came since the last call, as `METHOD path`.
    pub fn take_writes(&self) -> Vec<String> {
        std::mem::take(&mut self.shared.writes.lock().expect("no panic"))
    }
    /// Reading requests that came since the last call, as path.
    pub fn take_reads(&self) -> Vec<String> {
        std::mem::take(&mut self.shared.reads.lock().expect("no panic"))
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn pass(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path().to_owned();
    let reads = matches!(parts.method, Method::GET | Method::HEAD);
    let log = if reads { &shared.reads } else { &shared.writes };
    log.lock().expect("no panic").push(if reads { path.clone() } else { format!("{} {path}", parts.method) });
    let Rule { spoil, kill, slow_writes } = shared.rule.lock().expect("no panic").clone();
    let number = shared.writes.lock().expect("no panic").len();
    let kill = kill.filter(|k| !reads && k.at == number);
    if let Some(kill) = kill.as_ref().filter(|k| k.before) {
        kill.strike();
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    if let Some(wait) = slow_writes.filter(|_| !reads) {
        tokio::time::sleep(wait).await;
    }
    let spoil = spoil.filter(|(end, _)| reads && path.ends_with(end.as_str())).map(|(_, s)| s);
    match spoil {
        Some(Spoil::TimeOut) => {
            tokio::time::sleep(Duration::from_secs(30)).await;
            return StatusCode::GATEWAY_TIMEOUT.into_response();
        }
        Some(Spoil::ServerError) => return (StatusCode::INTERNAL_SERVER_ERROR, "no").into_response(),
        Some(Spoil::Forbidden) => return (StatusCode::FORBIDDEN, "no").into_response(),
        Some(Spoil::Html) => {
            return ([(header::CONTENT_TYPE, "text/html")], "<html><form>login</form></html>").into_response();
        }
        Some(Spoil::ShortPage | Spoil::TruncatedJson | Spoil::WrongTotal | Spoil::EmptyList) | None => {}
    }
    let target = format!("{}{}", shared.upstream, parts.uri.path_and_query().map_or("", |p| p.as_str()));
    let bytes = axum::body::to_bytes(body, 64 << 20).await.expect("a body");
    let mut headers = parts.headers;
    headers.remove(header::HOST);
    let answer = shared.client.request(parts.method, target).headers(headers).body(bytes).send().await.expect("the panel answers");
    let (status, headers) = (answer.status(), answer.headers().clone());
    let body = answer.bytes().await.expect("a body");
    if let Some(kill) = kill {
        kill.strike();
    }
    let body = spoil.map_or(body.clone(), |s| spoiled(s, &body));
    give(status, &headers, body)
}

fn give(status: StatusCode, headers: &HeaderMap, body: Bytes) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    for (name, value) in headers {
        if !matches!(*name, header::CONTENT_LENGTH | header::TRANSFER_ENCODING | header::CONNECTION) {
            response.headers_mut().append(name, value.clone());
        }
    }
    response
}

fn spoiled(how: Spoil, body: &Bytes) -> Bytes {
    if how == Spoil::TruncatedJson {
        return body.slice(..body.len() / 2);
    }
    let Ok(mut json) = serde_json::from_slice::<serde_json::Value>(body) else { return body.clone() };
    let total = json.get("total").and_then(serde_json::Value::as_u64);
    if let (Some(items), Some(total)) = (json.get_mut("items").and_then(|i| i.as_array_mut()), total) {
        match how {
            Spoil::ShortPage => drop(items.pop()),
            Spoil::EmptyList => items.clear(),
            Spoil::WrongTotal => json["total"] = (total + 1).into(),
            Spoil::TimeOut | Spoil::ServerError | Spoil::Forbidden | Spoil::TruncatedJson | Spoil::Html => {}
        }
    }
    serde_json::to_vec(&json).expect("JSON").into()
}
