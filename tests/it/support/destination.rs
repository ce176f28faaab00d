//! Mail servers on loopback that take recipients, for as long as a test runs.

use std::collections::BTreeSet;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// One that takes these recipients at `acme.example`: its address. `first` is its greeting.
pub async fn destination(known: &[&str], first: &'static str) -> String {
    let known: BTreeSet<String> = known.iter().map(|l| format!("<{l}@acme.example>")).collect();
    listen(first, move |recipient| known.contains(recipient)).await
}

/// One that says 250 to every address, as edge servers do by default.
pub async fn takes_everything() -> String {
    listen("220 mx\r\n", |_| true).await
}

async fn listen(first: &'static str, takes: impl Fn(&str) -> bool + Clone + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(talk(stream, first, takes.clone()));
        }
    });
    address
}

async fn talk(stream: TcpStream, first: &'static str, takes: impl Fn(&str) -> bool) {
    let mut stream = BufReader::new(stream);
    let mut answer = first;
    loop {
        let mut line = String::new();
        // a client that hangs up has what it came for
        if stream.write_all(answer.as_bytes()).await.is_err() || stream.read_line(&mut line).await.unwrap_or(0) == 0 {
            return;
        }
        answer = match line.trim_end().split_once(':') {
            Some(("RCPT TO", recipient)) if takes(recipient) => "250 2.1.5 ok\r\n",
            Some(("RCPT TO", _)) => "550 5.1.1 no such mailbox\r\n",
            Some(("MAIL FROM", _)) => "250 ok\r\n",
            _ if line.starts_with("EHLO") => "250-mx.acme.example\r\n250 8BITMIME\r\n",
            _ => "221 bye\r\n",
        };
    }
}
