//! A write that breaks has an unknown outcome, unless it surely never left or surely was refused.

use super::raw::{Reply, answer, json, serve, settings};
use crate::base::Secret;
use crate::http::{Call, Client, Trouble};
use crate::model::{Fault, Reason};
use reqwest::Method;

async fn write(reply: Reply) -> Result<crate::http::Answer, Trouble> {
    let (client, _requests) = serve(vec![reply]).await;
    client.send(Call::write(Method::POST, &["x"]).json(&"body").unwrap()).await
}

#[tokio::test]
async fn the_body_arrives_once() {
    let (client, mut requests) = serve(vec![answer("204 No Content", "etag: \"v2\"\r\n", "")]).await;
    let answer = client.send(Call::write(Method::PATCH, &["x"]).json(&"body").unwrap()).await.unwrap();
    assert_eq!((answer.status, answer.header("etag")), (204, Some("\"v2\"")));
    let request = requests.recv().await.unwrap();
    assert!(
        request.starts_with("PATCH /v1/x ") && request.contains("content-type: application/json") && request.ends_with("\r\n\r\n\"body\"")
    );
}

#[tokio::test]
async fn after_it_was_sent_nobody_knows() {
    let short = b"HTTP/1.1 201 Created\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n4".to_vec();
    let html = answer("200 OK", "content-type: text/html\r\n", "<html>");
    let away = answer("303 See Other", "location: https://evil.example/\r\n", "");
    for reply in [Reply::Silence, Reply::Slam, Reply::Bytes(short), json("500 Oops", "{}"), json("503 Busy", "{}"), html, away] {
        let fault = write(reply).await.unwrap_err().fault;
        assert!(matches!(fault, Fault::OutcomeUnknown { .. }), "{fault:?}");
    }
}

#[tokio::test]
async fn a_repeatable_write_is_tried_again() {
    let (client, _requests) = serve(vec![Reply::Silence]).await;
    let fault = client.send(Call::write(Method::POST, &["lease"]).repeatable()).await.unwrap_err().fault;
    assert!(matches!(fault, Fault::Retry { reason: Reason::TimedOut { .. } }), "{fault:?}");
}

#[tokio::test]
async fn refusals_keep_the_code() {
    let trouble = write(json("409 Conflict", r#"{"code":"name_taken","detail":"taken"}"#)).await.unwrap_err();
    assert_eq!(trouble, Trouble { fault: Fault::Conflict { text: "taken".into() }, code: Some("name_taken".into()) });
    let fenced = write(json("409 Conflict", r#"{"code":"fenced","detail":"gone"}"#)).await.unwrap_err().fault;
    assert_eq!(fenced, Fault::Fenced { text: "gone".into() });
    let invalid = write(json("422 No", r#"{"code":"invalid","detail":"min_length: 8 to 128"}"#)).await.unwrap_err().fault;
    assert_eq!(invalid, Fault::Rejected { text: "422: min_length: 8 to 128".into() });
    assert_eq!(write(json("429 No", "{}")).await.unwrap_err().fault, Fault::Throttled { after_seconds: None });
}

#[tokio::test]
async fn what_never_left_may_be_tried_again() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let client = Client::new(settings(&format!("http://{free}/v1"))).unwrap();
    let fault = client.send(Call::write(Method::POST, &["x"])).await.unwrap_err().fault;
    assert!(matches!(fault, Fault::Retry { reason: Reason::Unreachable { .. } }), "{fault:?}");
}

#[tokio::test]
async fn a_client_is_not_made_of_nonsense() {
    let local = |settings| assert!(matches!(Client::new(settings), Err(Fault::Local { text }) if !text.contains("se cret")));
    for token in ["", "se cret", "se cret\r\nx: y", "geheimniß"] {
        let mut with = settings("https://panel.example/v1");
        with.token = Some(Secret::new(token.into()));
        local(with);
    }
    let mut with = settings("https://panel.example/v1");
    with.ca_pem = Some(b"no certificate".to_vec());
    local(with);
    local(settings("http://panel.example/v1"));
}
