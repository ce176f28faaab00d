//! A name server on loopback that knows CNAME records and nothing else (RFC 1035).

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use tokio::net::UdpSocket;

type Zone = Arc<Mutex<BTreeMap<String, String>>>;

/// A running name server; it ends with the test.
pub struct Dns {
    pub address: SocketAddr,
    zone: Zone,
    task: tokio::task::JoinHandle<()>,
}

impl Dns {
    pub async fn start() -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").await.expect("a port");
        let address = socket.local_addr().expect("an address");
        let zone = Zone::default();
        let task = tokio::spawn(serve(socket, zone.clone()));
        Self { address, zone, task }
    }
    /// Publishes a record.
    pub fn publish(&self, name: &str, target: &str) {
        self.zone.lock().expect("no panic").insert(name.to_ascii_lowercase(), target.to_owned());
    }
    /// Takes all records away.
    pub fn clear(&self) {
        self.zone.lock().expect("no panic").clear();
    }
}

impl Drop for Dns {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(socket: UdpSocket, zone: Zone) {
    let mut buffer = [0u8; 1500];
    while let Ok((size, from)) = socket.recv_from(&mut buffer).await {
        if let Some(answer) = answer(&buffer[..size], &zone) {
            drop(socket.send_to(&answer, from).await);
        }
    }
}

/// The answer to a query of one question: the record, or no such name.
fn answer(query: &[u8], zone: &Zone) -> Option<Vec<u8>> {
    let mut at = 12;
    let mut labels: Vec<String> = Vec::new();
    while *query.get(at)? > 0 {
        let length = usize::from(query[at]);
        labels.push(String::from_utf8_lossy(query.get(at + 1..at + 1 + length)?).to_ascii_lowercase());
        at += 1 + length;
    }
    let question = query.get(12..at + 5)?;
    let target = zone.lock().expect("no panic").get(&labels.join(".")).cloned();
    let mut out = query[..2].to_vec();
    out.extend(if target.is_some() { [0x85, 0x80] } else { [0x85, 0x83] });
    out.extend([0, 1, 0, u8::from(target.is_some()), 0, 0, 0, 0]);
    out.extend(question);
    if let Some(target) = target {
        let name: Vec<u8> =
            target.split('.').flat_map(|l| [&[u8::try_from(l.len()).expect("a label")], l.as_bytes()].concat()).chain([0]).collect();
        out.extend([0xc0, 0x0c, 0, 5, 0, 1, 0, 0, 0, 0]);
        out.extend(u16::try_from(name.len()).expect("a name").to_be_bytes());
        out.extend(name);
    }
    Some(out)
}
