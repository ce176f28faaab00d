//! A proxy on loopback in front of any HTTP panel, which spoils chosen requests: before their effect, after it, or in what
//! is answered. It speaks HTTP/1.1 by itself, so that it can also say nothing, or stop in the middle.
//!
//! What passes is written down, so that a test can say which writes reached the panel. Deliberately absent: anything of one
//! panel's API; pages are known by what JSON listings commonly have.

use crate::support::fault_wire::{Answer, Request, Stranger, read};
use reqwest::Method;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;
use tokio::io::{AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// What is done to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// It takes effect, and the connection closes without an answer.
    LoseAnswer,
    /// It is delivered twice; the second answer is given.
    Duplicate,
    /// It takes effect, and the answer comes this late.
    Delay(Duration),
    /// It takes effect, and the answer's body ends in the middle.
    CutBody,
    /// 429 with this `Retry-After`, or none; no effect.
    TooMany(Option<String>),
    /// 5xx without effect.
    ErrorBefore(u16),
    /// It takes effect, and 5xx is answered.
    ErrorAfter(u16),
    /// A login page with 200; no effect.
    HtmlLogin,
    /// 302 to another host; no effect.
    Redirect,
    /// A listing whose pages never end.
    EndlessPages,
    /// What was answered while [`FaultProxy::record`] was on, for this and each later read of the same.
    StaleRead,
}

/// Which requests are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hit {
    Reads,
    Writes,
}

/// The nth request of a kind, and, where it lasts, each later one of the same method and path.
#[derive(Debug, Clone)]
pub struct FaultRule {
    pub fault: Fault,
    pub hit: Hit,
    /// From 1.
    pub nth: usize,
    pub lasting: bool,
}

/// What passed since the last [`FaultProxy::take`], as `METHOD path`, and how often a fault struck.
#[derive(Debug, Clone, Default)]
pub struct Passed {
    pub reads: Vec<String>,
    pub writes: Vec<String>,
    pub struck: usize,
}

#[derive(Default)]
struct State {
    rule: Option<FaultRule>,
    /// Method and path of the request that was hit.
    hit: Option<String>,
    passed: Passed,
    recording: bool,
    recorded: BTreeMap<String, Answer>,
    /// An endless listing: path, page, pages given.
    endless: Option<(String, Answer, usize)>,
}

struct Shared {
    upstream: String,
    client: reqwest::Client,
    state: Mutex<State>,
    stranger: Stranger,
}

/// A running proxy; it ends with the test.
pub struct FaultProxy {
    /// `http://127.0.0.1:PORT`
    pub root: String,
    shared: Arc<Shared>,
    task: tokio::task::JoinHandle<()>,
}

impl FaultProxy {
    /// Starts one in front of `upstream` (`http://127.0.0.1:PORT`, without path).
    pub async fn start(upstream: &str) -> Self {
        // nobody speaks TLS here, and to read the system's authorities takes long
        let client = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).tls_certs_only([]);
        // some servers close idle connections when they like, also at the moment in which one is used again
        let client = client.pool_max_idle_per_host(0).build().expect("a client");
        let shared = Arc::new(Shared { upstream: upstream.to_owned(), client, state: Mutex::default(), stranger: Stranger::start().await });
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let root = format!("http://{}", listener.local_addr().expect("an address"));
        let task = tokio::spawn(accept(listener, shared.clone()));
        Self { root, shared, task }
    }
    /// From now on spoils by this rule; counting starts anew.
    pub fn set(&self, rule: FaultRule) {
        let mut state = self.shared.lock();
        (state.rule, state.hit, state.endless, state.passed) = (Some(rule), None, None, Passed::default());
    }
    /// Nothing is spoiled any more.
    pub fn heal(&self) {
        let mut state = self.shared.lock();
        (state.rule, state.hit, state.endless) = (None, None, None);
    }
    /// Whether answers of reads are kept for [`Fault::StaleRead`].
    pub fn record(&self, on: bool) {
        self.shared.lock().recording = on;
    }
    /// What passed since the last call.
    pub fn take(&self) -> Passed {
        std::mem::take(&mut self.shared.lock().passed)
    }
    /// How often anybody came to the host that redirects lead to.
    pub fn strayed(&self) -> usize {
        self.shared.stranger.visits()
    }
}

impl Drop for FaultProxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// What goes back to the client.
enum Reply {
    Whole(Answer),
    Cut(Answer),
    Nothing,
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(talk(stream, shared.clone()));
    }
}

async fn talk(stream: TcpStream, shared: Arc<Shared>) {
    let mut stream = BufReader::new(stream);
    while let Some(request) = read(&mut stream).await {
        let (bytes, goes_on) = match shared.reply(&request).await {
            Reply::Whole(answer) => (answer.bytes(answer.body.len()), true),
            Reply::Cut(answer) => (answer.bytes(answer.body.len() / 2), false),
            Reply::Nothing => return,
        };
        // a client that hung up has what it wanted
        if stream.write_all(&bytes).await.is_err() || !goes_on {
            drop(stream.shutdown().await);
            return;
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no panic")
    }

    /// Writes a request down, and says what is done to it.
    fn fault(&self, request: &Request) -> Option<Fault> {
        let mut state = self.lock();
        let (reads, name) = (request.is_read(), format!("{} {}", request.method, request.path()));
        let log = if reads { &mut state.passed.reads } else { &mut state.passed.writes };
        log.push(name.clone());
        let number = log.len();
        let rule = state.rule.clone()?;
        let again = rule.lasting && state.hit.as_ref() == Some(&name);
        let first = state.hit.is_none() && (rule.hit == Hit::Reads) == reads && number == rule.nth;
        if !again && !first {
            return None;
        }
        state.hit = Some(name);
        Some(rule.fault)
    }

    async fn reply(&self, request: &Request) -> Reply {
        let fault = self.fault(request);
        if let Some(page) = self.next_of_endless(request) {
            return Reply::Whole(page);
        }
        let Some(fault) = fault else { return Reply::Whole(self.honest(request).await) };
        self.lock().passed.struck += 1;
        match fault {
            Fault::TooMany(after) => {
                let header = after.map(|text| ("retry-after".to_owned(), text));
                Reply::Whole(Answer { status: 429, headers: header.into_iter().collect(), body: Vec::new() })
            }
            Fault::ErrorBefore(status) => Reply::Whole(Answer::text(status, "text/plain", "no")),
            Fault::HtmlLogin => Reply::Whole(Answer::text(200, "text/html", "<html><form>login</form></html>")),
            Fault::Redirect => {
                let to = ("location".to_owned(), format!("{}{}", self.stranger.root, request.target));
                Reply::Whole(Answer { status: 302, headers: vec![to], body: Vec::new() })
            }
            Fault::Duplicate => {
                self.honest(request).await;
                Reply::Whole(self.honest(request).await)
            }
            Fault::Delay(span) => {
                let answer = self.honest(request).await;
                tokio::time::sleep(span).await;
                Reply::Whole(answer)
            }
            Fault::LoseAnswer => {
                self.honest(request).await;
                Reply::Nothing
            }
            Fault::CutBody => Reply::Cut(self.honest(request).await),
            Fault::ErrorAfter(status) => {
                self.honest(request).await;
                Reply::Whole(Answer::text(status, "text/plain", "no"))
            }
            Fault::EndlessPages => Reply::Whole(self.endless(request).await),
            Fault::StaleRead => Reply::Whole(self.stale(request).await),
        }
    }

    /// The panel's own answer.
    async fn honest(&self, request: &Request) -> Answer {
        let url = format!("{}{}", self.upstream, request.target);
        let answer = request.pass_on(&self.client, &url).await;
        let mut state = self.lock();
        if state.recording && request.method == Method::GET {
            state.recorded.insert(request.target.clone(), answer.clone());
        }
        answer
    }

    /// A page behind which there is another one; not struck where the answer has no pages.
    async fn endless(&self, request: &Request) -> Answer {
        let answer = self.honest(request).await;
        let Some(page) = answer.with_next(1, request.path()) else {
            self.lock().passed.struck -= 1;
            return answer;
        };
        self.lock().endless = Some((request.path().to_owned(), answer, 1));
        page
    }

    fn next_of_endless(&self, request: &Request) -> Option<Answer> {
        let mut state = self.lock();
        let (path, answer, given) = state.endless.as_mut().filter(|_| request.method == Method::GET)?;
        if *path != request.path() {
            return None;
        }
        *given += 1;
        answer.with_next(*given, path)
    }

    /// The answer of before; not struck where nothing changed since.
    async fn stale(&self, request: &Request) -> Answer {
        let now = self.honest(request).await;
        let mut state = self.lock();
        match state.recorded.get(&request.target).filter(|old| old.body != now.body).cloned() {
            Some(old) => old,
            None => {
                state.passed.struck -= 1;
                now
            }
        }
    }
}
