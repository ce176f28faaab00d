//! A panel that others have filled, taken over: what is written plans empty, and what files cannot say is named (S17.1).

use crate::modoboa::site::Site;
use crate::support::modoboa::Modoboa;
use serde_json::Value;

/// What the panel holds, as its API says it.
async fn everything(panel: &Modoboa) -> Vec<Vec<Value>> {
    let mut all = Vec::new();
    for list in ["domains", "accounts", "aliases", "domainaliases"] {
        all.push(panel.all(list).await);
    }
    all
}

/// Two hundred objects: 14 domains, 12 domain aliases, 104 accounts, 66 aliases, 4 lists and forwards.
async fn fill(panel: &Modoboa) {
    let mut hosted = Vec::new();
    for n in 0..8 {
        hosted.push(panel.hosted(&format!("h{n}.example")).await);
    }
    for n in 0..6 {
        panel
            .relayed(&format!("r{n}.example"), ["mx.r.example", "192.0.2.7", "2001:db8::7"][n % 3], 25 + u16::try_from(n).unwrap(), n < 4)
            .await;
    }
    for n in 0..12 {
        panel.domain_alias(&format!("a{n}.example"), &hosted[n % 4]).await;
    }
    for n in 0..104 {
        // most are in one domain, more than fit on a page
        let domain = if n < 101 { 0 } else { n - 100 };
        let (own, other) = (format!("alias{n}@h{domain}.example"), format!("alias{n}@h7.example"));
        let aliases: Vec<&str> = if n < 60 {
            vec![&own]
        } else if n < 66 {
            vec![&other]
        } else {
            vec![]
        };
        panel.account(&format!("user{n}@h{domain}.example"), &format!("Zoë \"{n}\""), "O'Neill, Jr", &aliases).await;
    }
    panel.alias("team@h0.example", &["user1@h0.example", "user2@h0.example"]).await;
    panel.alias("@h1.example", &["user1@h0.example"]).await;
    panel.alias("away@h0.example", &["x@elsewhere.example"]).await;
    panel.alias("mixed@h0.example", &["user3@h0.example", "x@elsewhere.example"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panel_of_two_hundred_objects() {
    let Some(site) = Site::new() else { return };
    fill(&site.panel).await;
    let before = everything(&site.panel).await;
    assert_eq!(before.iter().map(Vec::len).sum::<usize>(), 200 + 1, "and one administrator: the other is not shown to it");

    let imported = site.run(&["import", "acme"]).await;
    assert_eq!(imported.code, 2, "{}{}", imported.out, imported.err);
    for text in
        ["r4.example", "r5.example", "list team@h0.example", "forward *@h1.example", "forward away@h0.example", "list mixed@h0.example"]
    {
        assert!(imported.err.contains(text), "{text} is not named in\n{}", imported.err);
    }
    let written = std::fs::read_to_string(site.folder().join("tenants/acme/tenant.toml")).unwrap();
    for n in 0..8 {
        assert!(written.contains(&format!("[domains.\"h{n}.example\"]")), "{written}");
    }
    let rows = std::fs::read_to_string(site.folder().join("tenants/acme/h0.example.csv")).unwrap();
    assert_eq!(rows.lines().count(), 1 + 101, "{rows}");
    assert!(written.contains("[password_policy]\ngenerated_length = 8\ngenerated_special = false\n"), "{written}");
    assert!(!written.contains("password =") && !rows.contains("password"), "{written}");
    site.settled().await;
    assert_eq!(site.run(&["fmt", "--check"]).await.code, 0, "{written}");
    assert_eq!(everything(&site.panel).await, before, "nothing was written to the panel");
}
