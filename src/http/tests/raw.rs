//! A server on loopback that reads one request per connection and answers prepared bytes.

use crate::base::clock::BoxFuture;
use crate::base::{Clock, Secret, Timestamp};
use crate::http::{Client, ClientSettings, Deadlines};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// What the server does after it has read a request.
#[derive(Clone)]
pub enum Reply {
    /// Sends these bytes and closes.
    Bytes(Vec<u8>),
    /// Sends a byte now and then, for ever.
    Drip(Vec<u8>),
    /// Says nothing.
    Silence,
    /// Closes before the request was read.
    Slam,
}

/// A whole answer with a status line, headers and a body of the right length.
pub fn answer(status: &str, headers: &str, body: &str) -> Reply {
    Reply::Bytes(format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\n\r\n{body}", body.len()).into_bytes())
}

/// As [`answer`], called JSON.
pub fn json(status: &str, body: &str) -> Reply {
    answer(status, "content-type: application/json\r\n", body)
}

pub struct FixedClock;

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        "2026-12-01T08:00:00Z".parse().unwrap()
    }
    fn sleep(&self, _: Duration) -> BoxFuture<'_, ()> {
        Box::pin(async {})
    }
}

pub fn settings(url: &str) -> ClientSettings {
    ClientSettings {
        token: Some(Secret::new("mwp_canary".into())),
        in_flight: 4,
        deadlines: Deadlines { connect: Duration::from_secs(2), stall: Duration::from_millis(200), total: Duration::from_millis(600) },
        fenced_codes: &["fenced"],
        ..ClientSettings::new(url.into(), Arc::new(FixedClock))
    }
}

/// Serves `replies`, one per connection, the last for ever; gives a client and the requests as they came.
pub async fn serve(replies: Vec<Reply>) -> (Client, UnboundedReceiver<String>) {
    serve_for(replies, |settings| settings).await
}

/// As [`serve`], for a client with other settings.
pub async fn serve_for(replies: Vec<Reply>, change: impl FnOnce(ClientSettings) -> ClientSettings) -> (Client, UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/v1", listener.local_addr().unwrap());
    let (seen, requests) = unbounded_channel();
    tokio::spawn(async move {
        let mut at = 0;
        while let Ok((stream, _)) = listener.accept().await {
            let reply = replies[at.min(replies.len() - 1)].clone();
            at += 1;
            let seen = seen.clone();
            tokio::spawn(async move {
                let request = talk(stream, reply).await;
                let _ = seen.send(request);
            });
        }
    });
    (Client::new(change(settings(&url))).unwrap(), requests)
}

async fn talk(mut stream: TcpStream, reply: Reply) -> String {
    if matches!(reply, Reply::Slam) {
        return String::new();
    }
    let request = request(&mut stream).await;
    match reply {
        Reply::Bytes(bytes) => {
            let _ = stream.write_all(&bytes).await;
            let _ = stream.shutdown().await;
        }
        Reply::Drip(head) => {
            let mut sent = stream.write_all(&head).await;
            while sent.is_ok() {
                tokio::time::sleep(Duration::from_millis(50)).await;
                sent = stream.write_all(b" ").await;
            }
        }
        Reply::Silence => tokio::time::sleep(Duration::from_secs(5)).await,
        Reply::Slam => {}
    }
    request
}

async fn request(stream: &mut TcpStream) -> String {
    let (mut bytes, mut piece) = (Vec::new(), [0u8; 4096]);
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|l| l.to_ascii_lowercase().strip_prefix("content-length: ").map(str::to_owned));
            if body.len() >= length.map_or(0, |n| n.parse().unwrap()) {
                return text;
            }
        }
        match stream.read(&mut piece).await {
            Ok(n) if n > 0 => bytes.extend_from_slice(&piece[..n]),
            _ => return text,
        }
    }
}
