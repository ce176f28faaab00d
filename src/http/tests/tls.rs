//! TLS with a certificate authority of one's own. The key in `tests/data/tls` is for 127.0.0.1 and for nothing else; the
//! key of its authority was thrown away.

use super::raw::settings;
use crate::http::{Call, Client};
use crate::model::{Fault, Reason};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::io::{Read, Write};
use std::sync::Arc;

fn file(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/data/tls/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// A server that answers `42` over TLS to each connection; gives its base URL.
fn serve() -> String {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let chain = vec![CertificateDer::from_pem_slice(&file("server.pem")).unwrap()];
    let key = PrivateKeyDer::from_pem_slice(&file("server.key.pem")).unwrap();
    let config = Arc::new(ServerConfig::builder().with_no_client_auth().with_single_cert(chain, key).unwrap());
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}/v1", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut tls = StreamOwned::new(ServerConnection::new(config.clone()).unwrap(), stream);
            // a client that does not trust us hangs up here
            if tls.read(&mut [0u8; 4096]).is_ok_and(|n| n > 0) {
                let _ = tls.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n42");
                let _ = tls.flush();
            }
        }
    });
    url
}

async fn ask(url: &str, ca: Option<&str>) -> Result<u32, Fault> {
    let client = Client::new(crate::http::ClientSettings { ca_pem: ca.map(file), ..settings(url) })?;
    client.send(Call::get(&["x"])).await?.json()
}

#[tokio::test]
async fn only_the_authority_that_was_given_is_trusted() {
    let url = serve();
    assert_eq!(ask(&url, Some("authority.pem")).await.unwrap(), 42);
    for ca in [Some("other_authority.pem"), None] {
        let fault = ask(&url, ca).await.unwrap_err();
        assert!(matches!(&fault, Fault::Retry { reason: Reason::Unreachable { text } } if text.contains("certificate")), "{ca:?}: {fault}");
    }
    // the certificate is for the address, not for the name
    let fault = ask(&url.replace("127.0.0.1", "localhost"), Some("authority.pem")).await.unwrap_err();
    assert!(matches!(&fault, Fault::Retry { reason: Reason::Unreachable { .. } }), "{fault}");
}
