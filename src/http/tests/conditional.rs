//! Conditional requests: 304 takes the place of a body that this client has read, and of nothing else (S1.5).

use super::raw::{Reply, answer, serve};
use crate::http::{Answer, Call, Client};
use crate::model::{Fault, Reason};

fn tagged(tag: &str, body: &str) -> Reply {
    answer("200 OK", &format!("content-type: application/json\r\netag: {tag}\r\n"), body)
}

fn unchanged(tag: &str) -> Reply {
    answer("304 Not Modified", &format!("etag: {tag}\r\n"), "")
}

async fn ask(client: &Client, path: &str) -> Result<Answer, Fault> {
    Ok(client.send(Call::get(&[path]).conditional()).await?)
}

fn malformed(answer: Result<Answer, Fault>, what: &str) {
    assert!(matches!(&answer, Err(Fault::Retry { reason: Reason::Malformed { text } }) if text.contains(what)), "{answer:?}");
}

#[tokio::test]
async fn what_did_not_change_is_what_was_read() {
    let (client, mut requests) =
        serve(vec![tagged("\"v7\"", "42"), unchanged("\"v7\""), tagged("\"v8\"", "43"), unchanged("\"v8\"")]).await;
    for (body, same) in [(42, false), (42, true), (43, false), (43, true)] {
        let answer = ask(&client, "x").await.unwrap();
        assert_eq!((answer.json::<u32>().unwrap(), answer.unchanged, answer.status), (body, same, 200));
    }
    let mut sent = Vec::new();
    for _ in 0..4 {
        let request = requests.recv().await.unwrap();
        sent.push(request.lines().find_map(|l| l.strip_prefix("if-none-match: ")).unwrap_or_default().to_owned());
    }
    assert_eq!(sent, ["", "\"v7\"", "\"v7\"", "\"v8\""]);
}

#[tokio::test]
async fn only_who_asks_gets_a_304() {
    let (client, mut requests) = serve(vec![tagged("\"v7\"", "42"), tagged("\"v7\"", "42"), unchanged("\"v7\"")]).await;
    ask(&client, "x").await.unwrap();
    // another address, and a read on which a deletion may rest: neither names a version
    ask(&client, "y").await.unwrap();
    malformed(client.send(Call::get(&["x"])).await.map_err(Fault::from), "was not asked");
    for _ in 0..3 {
        assert!(!requests.recv().await.unwrap().contains("if-none-match"));
    }
}

#[tokio::test]
async fn a_304_about_something_else_is_no_answer() {
    let (client, _requests) = serve(vec![tagged("\"v7\"", "42"), unchanged("\"v8\"")]).await;
    ask(&client, "x").await.unwrap();
    malformed(ask(&client, "x").await, "another version");
    let (client, mut requests) = serve(vec![tagged("W/\"v7\"", "42")]).await;
    ask(&client, "x").await.unwrap();
    ask(&client, "x").await.unwrap();
    requests.recv().await.unwrap();
    assert!(!requests.recv().await.unwrap().contains("if-none-match"), "a weak tag promises no equal bytes");
}
