//! The kinds beside users and domains over HTTP: seeded at the moments at which they came to be, and read again, for
//! [`crate::http`].

use crate::files::text as quoted;
use crate::http::{Served, text};
use crate::law_parts::SELECTING;
use crate::world::{Case, Live};
use crate::world_kinds::{Attrs, Grave, LiveAccess, LiveContinuity, LiveDirectory, LiveDiscovery, LiveLogin, LiveSending, sink_of};
use jiff::Timestamp;
use mailwright::base::SecretRef;
use mailwright::model::RelayCheck;
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const PASSWORD: &str = "Tr0ub4dor&3 correct horse";

/// What this panel cannot be brought to by its API is taken out of a case: its directories answer nobody.
pub fn as_the_panel_can(case: &mut Case) {
    let Some(live) = &mut case.live else { return };
    for (name, domain) in &mut live.domains {
        domain.continuity.taking_over = false;
        // the list of users waits for a directory's first run (S6.4), which never comes here
        let by_default = case.want.by_default(|d| &d.relay_check);
        if let Some(want) = case.want.domains.get_mut(name)
            && want.relay_check.or(by_default) == Some(RelayCheck::ControlPanel)
            && domain.relay_check != RelayCheck::ControlPanel
        {
            (want.directories, want.continuity) = (BTreeMap::new(), None);
        }
        for (label, directory) in &mut domain.directories {
            (directory.answer, directory.users, directory.consent) = (None, 0, false);
            if let Some(want) = case.want.domains.get_mut(name).and_then(|d| d.directories.get_mut(label)) {
                want.retain(|key, _| !SELECTING.contains(key) && *key != "tls");
            }
        }
    }
    live.logins.retain(|_, login| login.last.is_none_or(|last| last <= crate::generate::start()));
    // each password that is made costs a slow hash
    let most = live.logins.keys().nth(3).cloned();
    live.logins.retain(|name, _| most.as_ref().is_none_or(|most| name < most));
    live.users.values_mut().skip(4).for_each(|user| user.access = LiveAccess::default());
}

/// Seeds everything; gives the user names that the panel minted by those of the case.
pub async fn seed(served: &Served, base: &str, live: &Live) -> BTreeMap<String, String> {
    let names = logins(served, base, live).await;
    for (name, domain) in &live.domains {
        let at = served.domain(base, name).await;
        if let Some((months, from)) = domain.continuity.term {
            served.time.set(crate::law_outbound::morning(from).min(crate::generate::start()));
            served.call(Method::POST, &format!("{at}/continuity/terms"), Some(json!({ "months": months, "from": from }))).await;
        }
        let c = &domain.continuity;
        let switches = json!({ "enabled": c.enabled, "outgoing_via_own_server": c.outgoing });
        served.call(Method::PATCH, &format!("{at}/continuity"), Some(switches)).await;
        let d = &domain.discovery;
        served.time.set("2026-11-25T00:00:00Z".parse().expect("a time"));
        served.call(Method::PUT, &format!("{at}/discovery"), Some(json!({ "enabled": d.enabled, "until": d.until }))).await;
        served.time.set(crate::generate::start());
        for (label, directory) in &domain.directories {
            served.call(Method::POST, &format!("{at}/directories"), Some(settings(label, &directory.attrs))).await;
        }
        for user in served.list(&format!("{at}/users")).await {
            access(served, &format!("{at}/users/{}", text(&user["id"])), &live.users[&text(&user["address"])].access).await;
        }
    }
    served.time.set(crate::generate::start());
    names
}

async fn access(served: &Served, at: &str, access: &LiveAccess) {
    if let Some(changed) = access.changed {
        served.time.set(changed);
        let body = json!({ "password": PASSWORD, "label": access.label });
        served.call(Method::PUT, &format!("{at}/password"), Some(body)).await;
    }
    for _ in 0..access.mails {
        served.call(Method::POST, &format!("{at}/invite"), None).await;
    }
}

/// The value of a key of TOML as JSON.
fn settings(name: &str, attrs: &Attrs) -> Value {
    let (mut top, mut inner) = (json!({ "name": name }), json!({}));
    for (key, value) in attrs {
        let value = match (*key, value.as_str()) {
            ("bind_password", "") => continue,
            ("bind_password", token) => {
                inner["bind_password_label"] = json!(token);
                json!("hunter2")
            }
            (_, value) => serde_json::from_str(value).expect("TOML of one word is JSON"),
        };
        let into = if matches!(*key, "enabled" | "source") { &mut top } else { &mut inner };
        into[*key] = value;
    }
    top["settings"] = inner;
    top
}

async fn logins(served: &Served, base: &str, live: &Live) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    // those that were switched off first: their sending domains came and went
    for (name, login) in live.logins.iter().filter(|(_, l)| !l.enabled) {
        served.time.set(login.created);
        let domain = served.call(Method::POST, &format!("{base}/sending-domains"), Some(json!({ "name": login.domain }))).await;
        names.insert(name.clone(), mint(served, base, login).await);
        served.call(Method::DELETE, &format!("{base}/sending-domains/{}", text(&domain["id"])), None).await;
    }
    for (name, sending) in &live.sending {
        served.time.set(sending.created);
        served.call(Method::POST, &format!("{base}/sending-domains"), Some(json!({ "name": name }))).await;
    }
    for (name, login) in live.logins.iter().filter(|(_, l)| l.enabled) {
        names.insert(name.clone(), mint(served, base, login).await);
    }
    served.time.set(crate::generate::start());
    names
}

async fn mint(served: &Served, base: &str, login: &LiveLogin) -> String {
    served.time.set(login.created);
    let body = json!({ "sending_domain": login.domain, "label": login.label });
    let minted = served.call(Method::POST, &format!("{base}/smtp-users"), Some(body)).await;
    let (user, password) = (&minted["smtp_user"], text(&minted["password"]));
    if let Some(last) = login.last {
        served.time.set(last);
        signs_in(served, &text(&user["username"]), &password, false).await;
    }
    served.time.set(login.set);
    let reset = format!("{base}/smtp-users/{}/reset", text(&user["id"]));
    served.call(Method::POST, &reset, Some(json!({ "token": login.token, "discard": true }))).await;
    text(&user["username"])
}

async fn signs_in(served: &Served, username: &str, password: &str, ask_only: bool) -> bool {
    let body = json!({ "username": username, "password": password, "ask_only": ask_only });
    served.call(Method::POST, "/test/smtp-login", Some(body)).await["accepted"] == true
}

/// Writes the names that the panel minted into a case.
pub fn rename(case: &mut Case, names: &BTreeMap<String, String>) {
    let renamed = |name: &String| names.get(name).cloned().unwrap_or_else(|| name.clone());
    for login in case.want.outbound.logins.values_mut() {
        login.username = login.username.as_ref().map(renamed);
        login.held = login.held.as_ref().map(renamed);
    }
    for removed in &mut case.want.outbound.removed {
        if let Grave::Login(_, username) = &mut removed.what {
            *username = username.as_ref().map(renamed);
        }
    }
    if let Some(live) = &mut case.live {
        live.logins = std::mem::take(&mut live.logins).into_iter().map(|(name, login)| (renamed(&name), login)).collect();
    }
}

fn time(value: &Value) -> Option<Timestamp> {
    value.as_str().map(|t| t.parse().expect("a time"))
}

fn texts(value: &Value) -> Option<String> {
    value.as_str().map(ToOwned::to_owned)
}

pub fn access_of(user: &Value) -> LiveAccess {
    let a = &user["access"];
    let mails = a["mails_sent"].as_u64().unwrap_or(0);
    LiveAccess { label: texts(&a["password_label"]), changed: time(&a["password_changed_at"]), mails }
}

/// The outbound kinds as they are.
pub async fn outbound(served: &Served, base: &str) -> (BTreeMap<String, LiveSending>, BTreeMap<String, LiveLogin>) {
    let created = |v: &Value| time(&v["created_at"]).expect("a time");
    let sending = served.list(&format!("{base}/sending-domains")).await;
    let sending = sending.iter().map(|d| (text(&d["name"]), LiveSending { created: created(d) })).collect();
    let login = |u: &Value| LiveLogin {
        domain: text(&u["sending_domain"]),
        label: text(&u["label"]),
        token: text(&u["token"]),
        enabled: u["enabled"] == true,
        last: time(&u["last_connection_at"]),
        set: time(&u["password_set_at"]).expect("a time"),
        created: created(u),
    };
    let logins = served.list(&format!("{base}/smtp-users")).await;
    (sending, logins.iter().map(|u| (text(&u["username"]), login(u))).collect())
}

/// The parts of a domain as they are.
pub async fn parts(served: &Served, at: &str) -> (LiveContinuity, LiveDiscovery, BTreeMap<String, LiveDirectory>) {
    let c = served.call(Method::GET, &format!("{at}/continuity"), None).await;
    let term = c["term"]["months"].as_u64().map(|n| (u32::try_from(n).expect("months"), text(&c["term"]["from"]).parse().expect("a day")));
    let continuity = LiveContinuity {
        enabled: c["enabled"] == true,
        outgoing: c["outgoing_via_own_server"] == true,
        term,
        taking_over: c["fail_over"]["taking_over"] == true,
    };
    let d = served.call(Method::GET, &format!("{at}/discovery"), None).await;
    let discovery = LiveDiscovery { enabled: d["enabled"] == true, until: texts(&d["until"]).map(|t| t.parse().expect("a day")) };
    let directory = |d: &Value| {
        let plain = ["enabled", "port", "min_users"].map(|key| (key, d[key].to_string()));
        let words = ["source", "host", "tls", "bind_dn", "search_base", "filter", "schedule"].map(|key| (key, quoted(&text(&d[key]))));
        let token = ("bind_password", texts(&d["bind_password_label"]).unwrap_or_default());
        let attrs = plain.into_iter().chain(words).chain([token]).collect();
        LiveDirectory { attrs, users: 0, answer: None, consent: d["consent"] == true }
    };
    let directories = served.list(&format!("{at}/directories")).await;
    (continuity, discovery, directories.iter().map(|d| (text(&d["name"]), directory(d))).collect())
}

/// Each minted password works, and is where the files say (S10).
pub async fn credentials(served: &Served, minted: &BTreeMap<String, String>) -> Result<(), String> {
    for name in minted.keys() {
        let held = served.sinks.held(&SecretRef::File(sink_of(name)));
        let works = match &held {
            Some(c) => signs_in(served, &c.username, c.password.expose(), true).await,
            None => false,
        };
        if !works {
            return Err(format!("the password of {name} does not work, its sink holds {:?}", held.map(|c| c.username)));
        }
    }
    Ok(())
}
