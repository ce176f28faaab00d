//! Everything that can come instead of an answer to a read.

use super::raw::{Reply, answer, json, serve, serve_for, settings};
use crate::base::limits::PAGE_BYTES;
use crate::http::{AuthScheme, Call, Client, ClientSettings};
use crate::model::{Fault, Reason};

async fn fault_of(reply: Reply) -> Fault {
    let (client, _requests) = serve(vec![reply]).await;
    let fault = client.send(Call::get(&["x"])).await.and_then(|a| Ok(a.json::<u32>()?)).unwrap_err().fault;
    assert!(!fault.to_string().contains("canary"), "{fault}");
    fault
}

async fn malformed(reply: Reply) -> String {
    match fault_of(reply).await {
        Fault::Retry { reason: Reason::Malformed { text } } => text,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_good_answer_is_read_and_the_request_says_who_asks() {
    let (client, mut requests) = serve(vec![json("200 OK", "42")]).await;
    let answer = client.send(Call::get(&["a", "b c"]).query("limit", "5").header("x-a", "1".into())).await.unwrap();
    assert_eq!(answer.json::<u32>().unwrap(), 42);
    let request = requests.recv().await.unwrap().to_ascii_lowercase();
    assert!(request.starts_with("get /v1/a/b%20c?limit=5 http/1.1\r\n"), "{request}");
    assert!(request.contains("authorization: bearer mwp_canary\r\n") && request.contains("x-a: 1\r\n"));
    assert!(request.contains(&format!("user-agent: mailwright/{}\r\n", env!("CARGO_PKG_VERSION"))));
    assert!(!request.contains("accept-encoding"), "{request}");
}

#[tokio::test]
async fn a_panel_may_want_another_scheme_and_slashes() {
    let change = |settings| ClientSettings { scheme: AuthScheme::Token, trailing_slash: true, ..settings };
    let (client, mut requests) = serve_for(vec![answer("200 OK", "", "")], change).await;
    let answer = client.send(Call::get(&["domains", "7"]).query("page", "2")).await.unwrap();
    assert!(answer.body.is_empty(), "a success without body and media type is one");
    let request = requests.recv().await.unwrap();
    assert!(request.starts_with("GET /v1/domains/7/?page=2 HTTP/1.1\r\n"), "{request}");
    assert!(request.to_ascii_lowercase().contains("authorization: token mwp_canary\r\n"), "{request}");
}

#[tokio::test]
async fn what_is_not_json_is_named() {
    assert_eq!(malformed(answer("200 OK", "content-type: text/html\r\n", "<html>sign in</html>")).await, "text/html instead of JSON");
    assert_eq!(malformed(answer("200 OK", "", "42")).await, "an answer without a media type instead of JSON");
    assert!(malformed(json("200 OK", "<html>")).await.contains("expected value"));
    assert!(malformed(json("200 OK", "\"x\"")).await.contains("invalid type"));
    assert!(malformed(json("200 OK", "")).await.contains("EOF"));
    let gzip = answer("200 OK", "content-type: application/json\r\ncontent-encoding: gzip\r\n", "\x1f");
    assert!(malformed(gzip).await.contains("encoded as gzip"));
}

#[tokio::test]
async fn what_ends_early_is_no_answer() {
    let short = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n42".to_vec();
    assert!(malformed(Reply::Bytes(short)).await.starts_with("the connection broke"));
    let chunk = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n2\r\n42\r\n".to_vec();
    assert!(malformed(Reply::Bytes(chunk)).await.starts_with("the connection broke"));
    assert!(malformed(Reply::Bytes(b"220 mx.acme.example ESMTP\r\n".to_vec())).await.starts_with("the connection broke"));
    assert!(malformed(Reply::Slam).await.starts_with("the connection broke"));
}

#[tokio::test]
async fn too_much_is_refused_before_and_while_it_comes() {
    let said = format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", PAGE_BYTES + 1);
    let endless = |fault| assert!(matches!(fault, Fault::Retry { reason: Reason::Endless { .. } }), "{fault:?}");
    endless(fault_of(Reply::Bytes(said.into_bytes())).await);
    let mut unsaid = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n".to_vec();
    unsaid.resize(unsaid.len() + PAGE_BYTES + 1, b' ');
    endless(fault_of(Reply::Bytes(unsaid)).await);
}

#[tokio::test]
async fn slow_is_timed_out_by_stall_and_in_all() {
    let head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n".to_vec();
    for reply in [Reply::Silence, Reply::Drip(head)] {
        let fault = fault_of(reply).await;
        assert!(matches!(fault, Fault::Retry { reason: Reason::TimedOut { .. } }), "{fault:?}");
    }
}

#[tokio::test]
async fn redirects_name_the_host_only() {
    let to = |location: &str| answer("302 Found", &format!("location: {location}\r\n"), "");
    let text = malformed(to("https://evil.example/steal?token=1")).await;
    assert!(text.contains("evil.example") && !text.contains("steal"), "{text}");
    assert!(malformed(to("http://[")).await.contains("a place that cannot be read"));
    assert!(malformed(answer("304 Not Modified", "", "")).await.contains("(304), and was not asked"));
}

#[tokio::test]
async fn throttling_is_read_in_both_forms() {
    let asked = |header: &str| answer("429 Too Many Requests", header, "");
    assert_eq!(fault_of(asked("retry-after: 7\r\n")).await, Fault::Throttled { after_seconds: Some(7) });
    let date = "retry-after: Tue, 01 Dec 2026 08:00:42 GMT\r\n";
    assert_eq!(fault_of(asked(date)).await, Fault::Throttled { after_seconds: Some(42) });
    for silly in ["", "retry-after: -1\r\n", "retry-after: soon\r\n"] {
        assert_eq!(fault_of(asked(silly)).await, Fault::Throttled { after_seconds: None });
    }
}

#[tokio::test]
async fn refusals_speak_in_the_panels_words_made_harmless() {
    let said = r#"{"code":"forbidden","detail":"no \u001b[2J mwp_canary here"}"#;
    let fault = fault_of(answer("403 Forbidden", "content-type: application/problem+json\r\n", said)).await;
    assert!(matches!(&fault, Fault::Denied { reason: Reason::Denied { status: 403, text } } if text.contains("[redacted]")), "{fault}");
    assert!(!fault.to_string().contains('\u{1b}'));
    let fault = fault_of(answer("500 Oops", "content-type: text/html\r\n", "<html>")).await;
    assert_eq!(fault, Fault::Retry { reason: Reason::Status { status: 500, text: "an HTML page".into() } });
    let long = "x".repeat(90_000);
    let fault = fault_of(answer("422 No", "content-type: text/plain\r\n", &long)).await;
    assert!(matches!(&fault, Fault::Rejected { text } if text.len() < 400), "{fault}");
}

#[tokio::test]
async fn nobody_there_is_unreachable() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let client = Client::new(settings(&format!("http://localhost:{}/v1", free.port()))).unwrap();
    let fault = client.send(Call::get(&["x"])).await.unwrap_err().fault;
    assert!(matches!(&fault, Fault::Retry { reason: Reason::Unreachable { text } } if text.contains("refused")), "{fault}");
}

#[tokio::test]
async fn no_more_than_allowed_are_in_flight() {
    let (client, mut requests) = serve(vec![Reply::Silence]).await;
    let mut few = settings(&format!("{}/v1", client.origin()));
    few.in_flight = 1;
    let client = Client::new(few).unwrap();
    let start = std::time::Instant::now();
    let (one, two) = tokio::join!(client.send(Call::get(&["x"])), client.send(Call::get(&["y"])));
    assert!(one.is_err() && two.is_err());
    assert!(start.elapsed() >= std::time::Duration::from_millis(400), "the second waited for the first to stall");
    requests.close();
}
