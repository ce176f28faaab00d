//! Domains and alias domains.

use super::rig::Rig;
use serde_json::json;

#[tokio::test]
async fn a_domain_lives() {
    let rig = Rig::new().await;
    let tenant = rig.tenant("acme").await;
    let body = json!({ "name": "Müller.Example", "destinations": ["MX.acme.example:25", "10.0.0.1:2525"], "relay_check": "control-panel",
        "alias_domains": ["b.example", "A.example"] });
    let made = rig.post(&format!("{tenant}/domains"), body).await;
    let shown = made.ok(201);
    assert_eq!(shown["name"], "xn--mller-kva.example");
    assert_eq!(shown["destinations"], json!(["mx.acme.example:25", "10.0.0.1:2525"]));
    assert_eq!(shown["alias_domains"], json!(["a.example", "b.example"]));
    let path = format!("{tenant}/domains/{}", made.id());
    assert_eq!(rig.get(&path).await.ok(200), shown);
    let changed = rig.patch(&path, json!({ "alias_domains": ["c.example"], "relay_check": "ldap" })).await;
    assert_eq!((&changed.ok(200)["alias_domains"], &changed.body["relay_check"]), (&json!(["c.example"]), &json!("ldap")));
    assert_eq!((&changed.body["destinations"], changed.header("etag")), (&shown["destinations"], "\"v2\""));
    // names given back are free again
    rig.domain(&tenant, "a.example").await;
    rig.delete(&path).await.ok(204);
    rig.domain(&tenant, "c.example").await;
    let list = rig.get(&format!("{tenant}/domains?name=c.example")).await;
    assert_eq!((list.ok(200)["total"].as_u64(), list.header("etag")), (Some(1), "\"v1\""));
}

#[tokio::test]
async fn a_name_stands_once_on_the_whole_panel() {
    let rig = Rig::new().await;
    let (one, two) = (rig.tenant("one").await, rig.tenant("two").await);
    let domain = rig.domain(&one, "acme.example").await;
    rig.patch(&domain, json!({ "alias_domains": ["acme.test"] })).await.ok(200);
    for taken in ["acme.example", "ACME.test"] {
        let body = json!({ "name": taken, "destinations": ["mx.acme.example:25"], "relay_check": "smtp" });
        rig.post(&format!("{two}/domains"), body).await.refused(409, "domain_taken");
        let body =
            json!({ "name": "new.example", "destinations": ["mx.acme.example:25"], "relay_check": "smtp", "alias_domains": [taken] });
        rig.post(&format!("{two}/domains"), body).await.refused(409, "domain_taken");
    }
    let other = rig.domain(&two, "other.example").await;
    rig.patch(&other, json!({ "alias_domains": ["acme.example"] })).await.refused(409, "domain_taken");
    assert_eq!(rig.get(&other).await.ok(200)["alias_domains"], json!([]), "a refusal leaves nothing behind");
    // another tenant's path does not reach it
    let id = domain.rsplit('/').next().unwrap();
    rig.get(&format!("{two}/domains/{id}")).await.refused(404, "not_found");
}

#[tokio::test]
async fn what_is_in_use_stays() {
    let rig = Rig::new().await;
    let tenant = rig.tenant("acme").await;
    let domain = rig.domain(&tenant, "acme.example").await;
    let other = rig.domain(&tenant, "other.example").await;
    rig.patch(&domain, json!({ "alias_domains": ["acme.test"] })).await.ok(200);
    let user = rig.user(&domain, "jane@acme.example", &["j@acme.test", "jane@other.example"]).await;
    rig.delete(&domain).await.refused(409, "not_empty");
    rig.delete(&other).await.refused(409, "in_use");
    rig.patch(&domain, json!({ "alias_domains": [] })).await.refused(409, "in_use");
    rig.delete(&format!("{domain}/users/{user}")).await.ok(204);
    rig.patch(&domain, json!({ "alias_domains": [] })).await.ok(200);
    rig.delete(&other).await.ok(204);
    rig.delete(&domain).await.ok(204);
}

#[tokio::test]
async fn values_are_judged() {
    let rig = Rig::new().await;
    let path = format!("{}/domains", rig.tenant("acme").await);
    let good = json!({ "name": "acme.example", "destinations": ["mx.acme.example:25"], "relay_check": "smtp" });
    let bad = [
        ("name", json!("acme")),
        ("name", json!("10.0.0.1")),
        ("destinations", json!([])),
        ("destinations", json!(["mx.acme.example"])),
        ("destinations", json!(["mx.acme.example:25", "mx.acme.example:25"])),
        ("relay_check", json!("none")),
        ("alias_domains", json!(["acme.example"])),
        ("alias_domains", json!(["a.example", "A.example"])),
        ("color", json!("red")),
    ];
    for (field, value) in bad {
        let mut body = good.clone();
        body[field] = value;
        rig.post(&path, body).await.refused(422, "invalid");
    }
}
