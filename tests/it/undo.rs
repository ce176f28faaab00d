//! `mailwright undo`: the receipts of a run become lines that bring back what was there (S17.3).

use crate::support::binary::{Ran, command};
use crate::support::engine::workspace;
use crate::support::rest::Rest;
use serde_json::json;
use std::path::Path;

const HEAD: &str = "schema = \"mailwright/v1\"\n\n[tenant]\nname = \"acme\"\nprovider = \"edge\"\n\n[domains.\"acme.example\"]\n";

async fn run(dir: &Path, args: &[&str], token: &str) -> Ran {
    let mut command = command(dir, args);
    command.env("T", token).env("COLUMNS", "200");
    tokio::task::spawn_blocking(move || Ran::from(command.output().expect("it runs"))).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_pasted_brings_back_what_was_there() {
    let rest = Rest::new().await;
    let dir = tempfile::tempdir().unwrap();
    let (path, token) = (dir.path(), rest.panel.token.clone());
    std::fs::create_dir_all(path.join("tenants")).unwrap();
    std::fs::write(path.join("mailwright.toml"), workspace(&rest.panel.url())).unwrap();
    for name in ["kim", "z1", "z2", "z3"] {
        let aliases = json!([format!("{name}2@acme.example")]);
        rest.user(json!({ "address": format!("{name}@acme.example"), "last_name": "Doe", "aliases": aliases, "kind": "shared" })).await;
    }
    let file = path.join("tenants/acme.toml");
    let more = "\n[[users]]\naddress = \"kim@acme.example\"\nlast_name = \"Poe\"\n\n[[users]]\naddress = \"new@acme.example\"\n";
    let tombstone = "\n[[removed]]\nuser = \"z1@acme.example\"\nsince = 2199-01-01\n";
    std::fs::write(&file, format!("{HEAD}{more}{tombstone}")).unwrap();
    let receipts = path.join("receipts.jsonl").display().to_string();
    let applied = run(path, &["apply", "--yes", "--receipts", &receipts], &token).await;
    assert_eq!(applied.code, 0, "{}{}", applied.out, applied.err);

    let undone = run(path, &["undo", &receipts, "--print"], &token).await;
    assert_eq!(undone.code, 2, "a user's history does not come back: {undone:?}");
    assert!(undone.err.contains("cannot be undone: user/z1@acme.example: history"), "{}", undone.err);
    assert!(undone.err.contains("take away the declaration of user/new@acme.example"), "{}", undone.err);
    let gone = "[[users]]\naddress = \"z1@acme.example\"\nfirst_name = \"\"\nlast_name = \"Doe\"\naliases = [\"z12@acme.example\"]\nkind = \"shared\"";
    assert!(undone.out.contains(gone), "{}", undone.out);

    // pasted as it says: in the place of what was declared
    std::fs::write(&file, format!("{HEAD}{}", undone.out.replace("since = ", "since = 2199-01-01 # "))).unwrap();
    let back = run(path, &["apply", "--yes"], &token).await;
    assert_eq!(back.code, 0, "{}{}", back.out, back.err);
    let users = rest.get(&format!("{}/users", rest.domain)).await;
    let said = |u: &serde_json::Value| format!("{} {} {} {}", u["address"], u["last_name"], u["aliases"], u["kind"]).replace('"', "");
    let users: Vec<String> = users["items"].as_array().unwrap().iter().map(said).collect();
    let as_before = ["kim", "z1", "z2", "z3"].map(|n| format!("{n}@acme.example Doe [{n}2@acme.example] shared"));
    assert_eq!(users, as_before);
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_written_once_and_nothing_else_is_taken_for_a_receipt() {
    let rest = Rest::new().await;
    let dir = tempfile::tempdir().unwrap();
    let (path, token) = (dir.path(), rest.panel.token.clone());
    std::fs::create_dir_all(path.join("tenants")).unwrap();
    std::fs::write(path.join("mailwright.toml"), workspace(&rest.panel.url())).unwrap();
    std::fs::write(path.join("tenants/acme.toml"), format!("{HEAD}\n[[users]]\naddress = \"new@acme.example\"\n")).unwrap();
    let receipts = path.join("r.jsonl").display().to_string();
    assert_eq!(run(path, &["apply", "--yes", "--receipts", &receipts], &token).await.code, 0);
    let into = path.join("undo").display().to_string();
    let first = run(path, &["undo", &receipts, "--into", &into], &token).await;
    assert_eq!(first.code, 0, "{first:?}");
    assert!(std::fs::read_to_string(path.join("undo/undo-acme.toml")).unwrap().contains("user = \"new@acme.example\""));
    let second = run(path, &["undo", &receipts, "--into", &into], &token).await;
    assert!(second.code == 1 && second.err.contains("is there already"), "{second:?}");
    assert_eq!(std::fs::read_dir(path.join("undo")).unwrap().count(), 1);
    // without a file: from memory, the last run or the one that is named; and into the workspace
    let last = run(path, &["undo"], &token).await;
    assert!(last.code == 0 && last.out.contains("undo-acme.toml"), "{last:?}");
    let written = std::fs::read_to_string(last.out.trim()).unwrap();
    assert!(written.contains("# by hand: take away the declaration of user/new@acme.example"), "{written}");
    let id = Path::new(last.out.trim()).parent().unwrap().file_name().unwrap().to_str().unwrap().to_owned();
    let named = run(path, &["undo", &id[..12], "--print"], &token).await;
    assert_eq!((named.code, named.out.trim()), (0, written.trim()));
    let none = run(path, &["undo", "ffffffff"], &token).await;
    assert!(none.code == 1 && none.err.contains("no id that begins so"), "{none:?}");
    assert_eq!(run(path, &["validate"], &token).await.code, 0, "what was written is no part of the workspace");
    let wrong = run(path, &["undo", &path.join("tenants/acme.toml").display().to_string()], &token).await;
    assert!(wrong.code == 1 && wrong.err.contains("no receipt"), "{wrong:?}");
}
