//! Reading the real panel.

use super::rig::{NoSecrets, Rig, acme, create_user, done, edge, scope, send, settings, users_of};
use crate::base::Secret;
use crate::drivers::panel::connect;
use crate::model::{Fault, Field, Key, Kind, LiveHead, Object, OpId, Origin, Reason, Value};
use crate::panel::{PanelOptions, SettableClock};
use crate::plan::{Action, Batch};
use crate::port::{Apply, Driver};
use std::collections::BTreeSet;
use std::sync::Arc;

async fn heads(rig: &Rig, kind: Kind, remote: &str) -> Vec<LiveHead> {
    let page = rig.reader.fetch(&scope(kind, true, None), Some(remote), None).await.unwrap();
    let mut heads = Vec::new();
    let mut each = |object: Object<'_>| match object {
        Object::Head(head) => heads.push(head),
        other => panic!("{other:?}"),
    };
    rig.reader.decode(&page, &mut each).unwrap();
    assert_eq!((page.count, page.total, page.next), (heads.len() as u64, Some(heads.len() as u64), None));
    heads
}

#[tokio::test]
async fn connecting_learns_who_the_panel_is() {
    let rig = Rig::new().await;
    let caps = rig.driver.capabilities();
    assert_eq!(caps.origin, rig.id);
    assert!(caps.lease && caps.bulk.is_some() && caps.creates_tenants);
    assert_eq!(caps.pages.in_flight, 8);
}

#[tokio::test]
async fn a_wrong_door_is_named() {
    let rig = Rig::new().await;
    let clock = || Arc::new(SettableClock::new("2026-12-01T08:00:00Z".parse().unwrap()));
    let at = |path: &str| format!("http://{}{path}", rig.server.address());
    let wrong = connect(&edge(), settings(at("/v1"), Secret::new("mwp_no".into()), clock()), false).await;
    assert!(matches!(wrong.err(), Some(Fault::Denied { reason: Reason::Denied { status: 401, .. } })));
    let wrong = connect(&edge(), settings(at("/api"), Secret::new("mwp_no".into()), clock()), false).await;
    assert!(matches!(wrong.err(), Some(Fault::Missing { text }) if text.contains("/v1")));
}

#[tokio::test]
async fn heads_are_what_was_written() {
    let rig = Rig::new().await;
    let (_writer, remote) = rig.acme().await;
    let domain = heads(&rig, Kind::Domain, &remote).await.remove(0);
    assert_eq!(domain.key, Key::new(&acme(), Kind::Domain, "acme.example"));
    assert_eq!(domain.attrs[&Field::DomainDestination], Value::List(vec!["mx.acme.example:25".into()]));
    assert_eq!(domain.attrs[&Field::DomainRelayCheck], Value::text("control-panel"));
    assert_eq!(domain.attrs[&Field::DomainAliasDomains], super::rig::set(&["acme.test"]));
    assert_eq!((domain.version.as_deref(), domain.incarnation.is_some(), domain.created_at.is_some()), (Some("1"), true, true));
    let policy = heads(&rig, Kind::PasswordPolicy, &remote).await.remove(0);
    assert_eq!(policy.attrs[&Field::PolicyMinLength], Value::Number(8));
    let page = rig.reader.fetch(&scope(Kind::Tenant, false, None), None, None).await.unwrap();
    let mut tenants = Vec::new();
    rig.reader.decode(&page, &mut |o| tenants.push(format!("{o:?}"))).unwrap();
    assert!(tenants.len() == 1 && tenants[0].contains(&remote) && tenants[0].contains("\"acme\""), "{tenants:?}");
}

#[tokio::test]
async fn pages_add_up_and_a_list_that_moved_is_seen() {
    let rig = Rig::new().await;
    let (writer, remote) = rig.acme().await;
    let steps = (0..2500).map(|i| create_user(&format!("u{i:04}@acme.example"), &[])).collect();
    writer.apply(&Batch { bulk: true, steps }, &OpId("bulk".into())).await.unwrap();
    let users = rig.users(&remote).await;
    let ids: BTreeSet<_> = users.iter().map(|u| u.incarnation.clone()).collect();
    assert_eq!((users.len(), ids.len()), (2500, 2500));
    assert!(users.iter().all(|u| u.origin == Origin::Import && u.first_name == "Jäne"));
    let scope = users_of("acme.example");
    let first = rig.reader.fetch(&scope, Some(&remote), None).await.unwrap();
    assert_eq!((first.count, first.total), (1000, Some(2500)));
    // one goes before the cursor and one comes before it: the total stays, the list is another
    send(&writer, "out", vec![super::rig::step(Action::Delete, Kind::User, "u0001@acme.example", vec![])]).await.unwrap();
    done(&writer, "in", vec![create_user("a@acme.example", &[])]).await;
    let fault = rig.reader.fetch(&scope, Some(&remote), first.next.clone()).await.unwrap_err();
    assert_eq!(fault, Fault::Retry { reason: Reason::Moved });
    let fault = rig.reader.fetch(&scope, Some(&remote), Some(" nonsense".into())).await.unwrap_err();
    assert!(matches!(fault, Fault::Rejected { .. }), "{fault:?}");
}

#[tokio::test]
async fn one_object_is_found_or_is_not_there() {
    let rig = Rig::new().await;
    let (writer, remote) = rig.acme().await;
    done(&writer, "op", vec![create_user("jane@acme.example", &["j@acme.test"])]).await;
    // a reader that has not seen the list of domains
    let reader = rig.driver.reader(&NoSecrets).unwrap();
    let remote = Some(remote.as_str());
    for (kind, name, there) in [
        (Kind::User, "jane@acme.example", true),
        (Kind::User, "j@acme.test", false),
        (Kind::User, "bob@acme.example", false),
        (Kind::User, "bob@other.example", false),
        (Kind::Domain, "acme.example", true),
        (Kind::Domain, "acme.test", false),
        (Kind::Tenant, "acme", true),
        (Kind::PasswordPolicy, "acme", true),
    ] {
        let page = reader.one(&Key::new(&acme(), kind, name), remote).await.unwrap();
        assert_eq!(page.is_some(), there, "{kind}/{name}");
        let mut seen = 0;
        page.iter().for_each(|page| reader.decode(page, &mut |_| seen += 1).unwrap());
        assert_eq!(seen, usize::from(there), "{kind}/{name}");
    }
    assert!(reader.one(&Key::new(&acme(), Kind::User, "jane@acme.example"), None).await.unwrap().is_none());
    assert!(reader.one(&Key::tenant(&acme()), None).await.unwrap().is_some());
    let gone = reader.one(&Key::tenant(&acme()), Some("00000000-0000-7000-8000-000000000000")).await.unwrap();
    assert!(gone.is_none());
}

#[tokio::test]
async fn what_is_not_there_is_missing_and_not_empty() {
    let rig = Rig::new().await;
    let (_writer, remote) = rig.acme().await;
    let fault = rig.reader.fetch(&users_of("other.example"), Some(&remote), None).await.unwrap_err();
    assert!(matches!(fault, Fault::Missing { .. }), "{fault:?}");
    let fault = rig.reader.fetch(&users_of("acme.example"), None, None).await.unwrap_err();
    assert!(matches!(fault, Fault::Missing { .. }), "{fault:?}");
}

#[tokio::test]
async fn a_domain_that_was_made_again_is_found_again() {
    let rig = Rig::new().await;
    let (writer, remote) = rig.acme().await;
    assert!(rig.users(&remote).await.is_empty());
    let gone = super::rig::step(Action::Delete, Kind::Domain, "acme.example", vec![]);
    done(&writer, "gone", vec![gone]).await;
    done(&writer, "back", vec![super::rig::create_domain("acme.example", &[]), create_user("jane@acme.example", &[])]).await;
    assert_eq!(rig.users(&remote).await.len(), 1);
}

#[tokio::test]
async fn recipients_are_evidence() {
    let rig = Rig::new().await;
    let (writer, remote) = rig.acme().await;
    done(&writer, "op", vec![create_user("jane@acme.example", &[])]).await;
    for recipient in ["jane@acme.example", "ghost@acme.test"] {
        let body = serde_json::json!({ "recipient": recipient, "count": 3 });
        rig.driver
            .api()
            .client
            .send(crate::http::Call::write(reqwest::Method::POST, &["test", "mail"]).json(&body).unwrap())
            .await
            .unwrap();
    }
    let page = rig.reader.recipients(&users_of("acme.example"), Some(&remote), None).await.unwrap();
    let mut seen = Vec::new();
    let mut each = |object: Object<'_>| match object {
        Object::Recipient { address, mails_30d, last_mail_at } => seen.push((address.into_owned(), mails_30d, last_mail_at.is_some())),
        other => panic!("{other:?}"),
    };
    rig.reader.decode(&page, &mut each).unwrap();
    assert_eq!(seen, [("ghost@acme.test".to_owned(), 3, true), ("jane@acme.example".to_owned(), 3, true)]);
    assert_eq!(rig.user(&remote, "jane@acme.example").await.mails_30d, Some(3));
}

#[tokio::test]
async fn a_panel_that_is_read_only_denies() {
    let rig = Rig::with(PanelOptions { read_only: true, ..PanelOptions::default() }).await;
    let fault = send(&rig.writer(None), "op", vec![super::rig::create_tenant()]).await.unwrap_err();
    assert!(matches!(fault, Fault::Denied { reason: Reason::Denied { status: 403, .. } }), "{fault:?}");
    assert_eq!(rig.server.traffic().refused_writes, 1);
}
