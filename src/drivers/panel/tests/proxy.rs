//! A proxy that loses answers: the request reaches the panel and takes effect, and nobody hears of it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

#[derive(Clone, Default)]
pub struct Losses(Arc<AtomicUsize>);

impl Losses {
    /// The next `n` answers are lost.
    pub fn next(&self, n: usize) {
        self.0.store(n, Ordering::SeqCst);
    }
    fn take(&self) -> bool {
        self.0.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1)).is_ok()
    }
}

/// Stands before `upstream`; gives its own address.
pub async fn before(upstream: SocketAddr) -> (SocketAddr, Losses) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let losses = Losses::default();
    let given = losses.clone();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let server = TcpStream::connect(upstream).await.unwrap();
            tokio::spawn(pass(client, server, given.clone()));
        }
    });
    (address, losses)
}

async fn pass(client: TcpStream, server: TcpStream, losses: Losses) {
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let up = tokio::spawn(async move {
        let _ = tokio::io::copy(&mut from_client, &mut to_server).await;
    });
    let mut piece = vec![0u8; 65_536];
    while let Ok(n) = from_server.read(&mut piece).await {
        if n == 0 || losses.take() || to_client.write_all(&piece[..n]).await.is_err() {
            break;
        }
    }
    up.abort();
}
