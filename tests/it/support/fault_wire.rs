//! The little of HTTP/1.1 that the fault proxy speaks: a request is read as a whole, an answer is written as a whole or in
//! part. And a host that nobody should ever talk to.

use reqwest::Method;
use serde_json::Value;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// Headers of one connection, which a proxy does not hand on.
const OWN: [&str; 4] = ["host", "content-length", "connection", "transfer-encoding"];

/// A request.
pub struct Request {
    pub method: Method,
    /// Path and query.
    pub target: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Request {
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }
    pub fn is_read(&self) -> bool {
        matches!(self.method, Method::GET | Method::HEAD | Method::OPTIONS)
    }
    /// Sends it to a URL; a panel that does not answer is 502.
    pub async fn pass_on(&self, client: &reqwest::Client, url: &str) -> Answer {
        let mut request = client.request(self.method.clone(), url).body(self.body.clone());
        for (name, value) in self.headers.iter().filter(|(name, _)| !OWN.contains(&name.as_str())) {
            request = request.header(name, value);
        }
        let Ok(answer) = request.send().await else { return Answer::text(502, "text/plain", "no panel") };
        let status = answer.status().as_u16();
        let own = |name: &str| OWN.contains(&name);
        let headers = answer.headers().iter().filter(|(name, _)| !own(name.as_str()));
        let headers = headers.map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())).collect();
        Answer { status, headers, body: answer.bytes().await.map(Vec::from).unwrap_or_default() }
    }
}

/// Reads a request; `None` where the client is gone.
pub async fn read(stream: &mut BufReader<TcpStream>) -> Option<Request> {
    let mut line = String::new();
    stream.read_line(&mut line).await.ok().filter(|n| *n > 0)?;
    let mut words = line.split_whitespace();
    let (method, target) = (words.next()?.parse().ok()?, words.next()?.to_owned());
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await.ok().filter(|n| *n > 0)?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let length = headers.iter().find(|(name, _)| name == "content-length").and_then(|(_, n)| n.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    Some(Request { method, target, headers, body })
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn text(status: u16, media: &str, text: &str) -> Self {
        Self { status, headers: vec![("content-type".into(), media.into())], body: text.into() }
    }
    /// Head and the first `most` bytes of the body; the head tells the whole length.
    pub fn bytes(&self, most: usize) -> Vec<u8> {
        let mut out = format!("HTTP/1.1 {} Said\r\n", self.status);
        for (name, value) in &self.headers {
            out.push_str(&format!("{name}: {value}\r\n"));
        }
        if self.status != 204 {
            out.push_str(&format!("content-length: {}\r\n", self.body.len()));
        }
        let mut out = format!("{out}\r\n").into_bytes();
        out.extend(&self.body[..most]);
        out
    }
    /// The same page with a way to page `n` behind it; `None` where the body has no place for one, or nothing on it.
    pub fn with_next(&self, n: usize, path: &str) -> Option<Self> {
        let mut json: Value = serde_json::from_slice(&self.body).ok()?;
        let object = json.as_object_mut()?;
        let listed = ["items", "results"].iter().find_map(|key| object.get(*key)?.as_array());
        listed.filter(|list| !list.is_empty())?;
        let (key, next) =
            if object.contains_key("items") { ("next_cursor", format!("again{n}")) } else { ("next", format!("{path}?page={n}")) };
        object.insert(key.to_owned(), next.into());
        Some(Self { body: serde_json::to_vec(&json).ok()?, ..self.clone() })
    }
}

/// A host that redirects lead to: it counts who comes, and answers nobody.
pub struct Stranger {
    /// `http://localhost:PORT`: another host than that of the panel.
    pub root: String,
    visits: Arc<AtomicUsize>,
    task: tokio::task::JoinHandle<()>,
}

impl Stranger {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let root = format!("http://localhost:{}", listener.local_addr().expect("an address").port());
        let visits = Arc::new(AtomicUsize::new(0));
        let seen = visits.clone();
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                seen.fetch_add(1, Ordering::SeqCst);
                drop(stream);
            }
        });
        Self { root, visits, task }
    }
    pub fn visits(&self) -> usize {
        self.visits.load(Ordering::SeqCst)
    }
}

impl Drop for Stranger {
    fn drop(&mut self) {
        self.task.abort();
    }
}
