//! What undoes a change, and what is said of the rest.

use super::*;
use crate::base::{Digest, digest::sha256};
use crate::model::OpId;

fn acme() -> TenantName {
    TenantName::parse("acme").unwrap()
}

fn change(kind: Kind, name: &str, action: &str, before: Option<&[(&str, &str)]>, outcome: StepOutcome) -> Vec<Entry> {
    let key = Key::new(&acme(), kind, name);
    let step: Digest = sha256(format!("{action} {name} {before:?}").as_bytes());
    let op = OpId(step.short());
    let attrs = |b: &[(&str, &str)]| b.iter().map(|(f, v)| ((*f).to_owned(), (*v).to_owned())).collect();
    let backup = before.map(|b| EntryKind::Backup { key: key.clone(), attrs: attrs(b) });
    let intent = EntryKind::Intent { op: op.clone(), steps: vec![step], keys: vec![key], action: action.into() };
    let receipt = EntryKind::Receipt { op, outcomes: vec![(step, outcome)], deleted: Vec::new(), passwords: Vec::new() };
    let entry = |kind| Entry { at: crate::base::Timestamp::UNIX_EPOCH, run: "r1".into(), tenant: acme(), kind };
    backup.into_iter().chain([intent, receipt]).map(entry).collect()
}

fn told(entries: Vec<Vec<Entry>>) -> Undone {
    undo(&entries.concat(), "2026-12-01".parse().unwrap()).remove(&acme()).unwrap_or_default()
}

#[test]
fn a_change_gets_the_values_before_the_first_one() {
    let first = change(
        Kind::User,
        "a@x.example",
        "update",
        Some(&[("last_name", "Doe"), ("aliases", "b@x.example, c@x.example")]),
        StepOutcome::Done,
    );
    let second = change(Kind::User, "a@x.example", "update", Some(&[("last_name", "Poe"), ("first_name", "\"\"")]), StepOutcome::Done);
    let told = told(vec![first, second]);
    let text =
        "\n[[users]]\naddress = \"a@x.example\"\nfirst_name = \"\"\nlast_name = \"Doe\"\naliases = [\"b@x.example\", \"c@x.example\"]\n";
    assert_eq!(told.text, text);
    assert!(told.cannot.is_empty());
}

#[test]
fn what_came_goes_by_a_tombstone_and_what_went_is_declared_again() {
    let made = change(Kind::User, "a@x.example", "bulk create", None, StepOutcome::Done);
    let gone = change(Kind::User, "b@x.example", "delete", Some(&[("aliases", "(none)"), ("kind", "shared")]), StepOutcome::Done);
    let told = told(vec![made, gone]);
    assert!(told.text.contains("[[removed]]\nuser = \"a@x.example\"\nsince = 2026-12-01\nreason = \"undo of run r1\"\n"), "{}", told.text);
    assert!(told.text.contains("[[users]]\naddress = \"b@x.example\"\naliases = []\nkind = \"shared\"\n"), "{}", told.text);
    assert!(told.cannot.len() == 1 && told.cannot[0].contains("history"), "{:?}", told.cannot);
}

#[test]
fn what_has_no_before_is_itemised() {
    let set = change(Kind::User, "a@x.example", "update", None, StepOutcome::Done);
    let bought = change(Kind::Continuity, "x.example", "buy", None, StepOutcome::Done);
    let on = change(Kind::Continuity, "x.example", "update", Some(&[("enabled", "false")]), StepOutcome::Done);
    let told = told(vec![set, bought, on]);
    assert_eq!(told.text, "\n[domains.\"x.example\".continuity]\nenabled = false\n");
    assert!(told.cannot.iter().any(|c| c.contains("password")) && told.cannot.iter().any(|c| c.contains("runs to its end")));
}

#[test]
fn what_did_not_happen_is_not_undone() {
    let fault = Fault::Rejected { text: "no".into() };
    let failed = change(Kind::Domain, "x.example", "update", Some(&[("relay_check", "smtp")]), StepOutcome::Failed(fault));
    let lost = Fault::OutcomeUnknown { text: "gone".into() };
    let unknown = change(Kind::User, "a@x.example", "create", None, StepOutcome::Failed(lost));
    let told = told(vec![failed, unknown]);
    assert!(told.text.is_empty() && told.cannot.len() == 1, "{told:?}");
}

#[test]
fn heads_are_written_in_their_own_shapes() {
    let domain = change(Kind::Domain, "x.example", "update", Some(&[("destination", "a.example:25, b.example:25")]), StepOutcome::Done);
    let policy = change(Kind::PasswordPolicy, "acme", "update", Some(&[("min_length", "8"), ("upper", "false")]), StepOutcome::Done);
    let renamed = change(Kind::User, "new@x.example", "rename", Some(&[("renamed_from", "old@x.example")]), StepOutcome::Done);
    let told = told(vec![domain, policy, renamed]);
    for part in [
        "[domains.\"x.example\"]\ndestination = [\"a.example:25\", \"b.example:25\"]\n",
        "[password_policy]\nmin_length = 8\nupper = false\n",
        "[[renamed]]\nfrom = \"new@x.example\"\nto = \"old@x.example\"\nkeep_old = false\n",
    ] {
        assert!(told.text.contains(part), "{}", told.text);
    }
}

#[test]
fn what_was_minted_goes_by_a_tombstone_and_that_is_said() {
    let minted = change(Kind::SmtpUser, "crm", "mint", None, StepOutcome::Done);
    let domain = change(Kind::SendingDomain, "news.x.example", "create", None, StepOutcome::Done);
    let blocked = change(Kind::SmtpUser, "shop", "block", None, StepOutcome::Done);
    let told = told(vec![minted, domain, blocked]);
    assert!(told.text.contains("smtp_user = \"crm\"") && told.text.contains("sending_domain = \"news.x.example\""), "{}", told.text);
    for part in ["crm: what was minted goes by a tombstone only", "its CNAME records die", "shop: it was blocked"] {
        assert!(told.cannot.iter().any(|c| c.contains(part)), "{part}: {:?}", told.cannot);
    }
}

/// A tenant with an attribute of every kind, and what it declares.
const WHOLE: &str = "schema = \"mailwright/v1\"\n[tenant]\nname = \"acme\"\nprovider = \"edge\"\n[sending_domains.\"news.x.example\"]\n[password_policy]\nmin_length = 12\nupper = true\n\
    lower = false\ndigit = true\nspecial = false\n[domains.\"x.example\"]\ndestination = [\"a.example:25\", \"b.example:26\"]\n\
    relay_check = \"ldap\"\nalias_domains = [\"x.test\", \"y.test\"]\n[domains.\"x.example\".directory]\nenabled = true\nsource = \"ldap\"\n\
    host = \"dc1.x.example\"\nport = 636\ntls = \"ldaps\"\nbind_dn = \"cn=a, dc=x\"\nsearch_base = \"dc=x\"\nfilter = \"(mail=*)\"\n\
    min_users = 10\nschedule = \"3-hours\"\n[domains.\"x.example\".discovery]\nenabled = true\nuntil = 2026-12-20\n\
    [domains.\"x.example\".continuity]\nenabled = true\noutgoing_via_own_server = true\nterm = { months = 12, from = 2026-12-01 }\n\
    [smtp_users.crm]\ndomain = \"news.x.example\"\nlabel = \"12\"\nusername = \"smtp-x\"\n";

/// What a text declares, by object and field.
fn declared(text: &str) -> BTreeMap<Key, BTreeMap<Field, String>> {
    let edge = "schema = \"mailwright/v1\"\n[providers.edge]\ndriver = \"panel\"\nurl = \"embedded:p.db\"\n";
    let files = [("mailwright.toml", edge), ("tenants/acme.toml", text)];
    let loaded = crate::engine::load::load(&crate::store::MemorySource::new(files)).unwrap();
    let mut all = BTreeMap::new();
    let heads = loaded.heads.first().unwrap_or_else(|| panic!("{:?}\n{text}", loaded.findings));
    heads.visit(&mut |key, _, attrs| drop(all.insert(key, attrs.into_iter().map(|(f, (v, _))| (f, v.to_string())).collect())));
    all
}

#[test]
fn every_attribute_comes_back_in_a_shape_that_the_files_take() {
    let mut before = declared(WHOLE);
    before.retain(|key, _| key.kind != Kind::SendingDomain);
    assert_eq!(before.values().map(BTreeMap::len).sum::<usize>(), 26, "{before:?}");
    let entries = before.iter().map(|(key, attrs)| {
        let attrs: Vec<(&str, &str)> = attrs.iter().map(|(f, v)| (f.name(), v.as_str())).collect();
        change(key.kind, &key.name, "update", Some(&attrs), StepOutcome::Done)
    });
    let text = told(entries.collect()).text;
    let head = "schema = \"mailwright/v1\"\n[tenant]\nname = \"acme\"\nprovider = \"edge\"\n[sending_domains.\"news.x.example\"]\n";
    let mut again = declared(&format!("{head}{text}"));
    again.retain(|key, _| key.kind != Kind::SendingDomain);
    assert_eq!(again, before, "{text}");
}
