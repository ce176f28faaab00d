//! Undo (S17.3): from the receipts of a run to lines to paste, and to what cannot be undone. Never a call.
//!
//! Pure. A receipt tells what took effect, the backup before it what was there (S11.3). What had no before in the journal
//! (passwords, mails, purchases) is itemised and never guessed. Deliberately absent: editing the user's files; which line
//! of which list made a change is his to know.

use crate::base::TenantName;
use crate::model::{Entry, EntryKind, Fault, Field, Key, Kind, StepOutcome};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// What undoes the changes of one tenant.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Undone {
    /// TOML to paste into the tenant's files.
    pub text: String,
    /// What a person does beside it.
    pub by_hand: Vec<String>,
    /// What cannot be undone.
    pub cannot: Vec<String>,
}

/// One change that took effect.
#[derive(Debug, Clone)]
struct Effect {
    key: Key,
    action: String,
    before: Vec<(String, String)>,
}

/// What undoes a run, by tenant, from its journal entries. `today` dates the tombstones.
#[must_use]
pub fn undo(entries: &[Entry], today: Date) -> BTreeMap<TenantName, Undone> {
    let mut all: BTreeMap<TenantName, Undone> = BTreeMap::new();
    let mut effects: BTreeMap<Key, Vec<Effect>> = BTreeMap::new();
    let mut intents: BTreeMap<&str, (&Vec<crate::base::Digest>, &Vec<Key>, &str)> = BTreeMap::new();
    let mut backups: BTreeMap<&Key, &Vec<(String, String)>> = BTreeMap::new();
    let mut run = "";
    for entry in entries {
        run = &entry.run;
        match &entry.kind {
            EntryKind::Backup { key, attrs } => drop(backups.insert(key, attrs)),
            EntryKind::Intent { op, steps, keys, action } => drop(intents.insert(&op.0, (steps, keys, action))),
            EntryKind::Receipt { op, outcomes, .. } => {
                let Some((steps, keys, action)) = intents.get(op.0.as_str()) else { continue };
                for (id, outcome) in outcomes {
                    let Some(key) = steps.iter().position(|s| s == id).and_then(|at| keys.get(at)) else { continue };
                    let told = all.entry(entry.tenant.clone()).or_default();
                    if took_effect(outcome, key, told) {
                        let before = backups.get(key).map(|attrs| (*attrs).clone()).unwrap_or_default();
                        let action = action.trim_start_matches("bulk ").to_owned();
                        effects.entry(key.clone()).or_default().push(Effect { key: key.clone(), action, before });
                    }
                    backups.remove(key);
                }
            }
            EntryKind::Started { .. } | EntryKind::Spent { .. } | EntryKind::Ended { .. } => {}
        }
    }
    for (key, effects) in effects {
        one(all.entry(key.tenant.clone()).or_default(), &effects, run, today);
    }
    all
}

fn took_effect(outcome: &StepOutcome, key: &Key, told: &mut Undone) -> bool {
    match outcome {
        StepOutcome::Done | StepOutcome::Accepted { .. } => true,
        StepOutcome::Failed(Fault::OutcomeUnknown { .. }) => {
            told.cannot.push(format!("{key}: nobody knows whether the change took effect; plan to see"));
            false
        }
        StepOutcome::AlreadyDone | StepOutcome::Ignored(_) | StepOutcome::Failed(_) => false,
    }
}

/// What undoes all changes of one object.
fn one(told: &mut Undone, effects: &[Effect], run: &str, today: Date) {
    let Some(first) = effects.first() else { return };
    let key = &first.key;
    let has = |action: &str| effects.iter().any(|e| e.action == action);
    for effect in effects.iter().filter(|e| matches!(e.action.as_str(), "buy" | "mint" | "reset" | "block")) {
        told.cannot.push(cannot(key, &effect.action));
    }
    match (has("create"), has("delete")) {
        (true, true) => {}
        (true, false) => created(told, key, run, today),
        (false, true) => deleted(told, key, effects),
        (false, false) => changed(told, key, effects),
    }
}

fn cannot(key: &Key, action: &str) -> String {
    match action {
        "buy" => format!("{key}: a term that was bought runs to its end; `enabled = false` switches it off"),
        "mint" => format!("{key}: what was minted goes by a tombstone only, and never comes back"),
        "reset" => format!("{key}: the credential before is gone for good"),
        _ => format!("{key}: it was blocked, its credential before is gone for good"),
    }
}

/// What came to be goes by a tombstone, and its declaration by hand.
fn created(told: &mut Undone, key: &Key, run: &str, today: Date) {
    let word = match key.kind {
        Kind::User => "user",
        Kind::Domain => "domain",
        Kind::Tenant => "tenant",
        Kind::SendingDomain => "sending_domain",
        Kind::SmtpUser => "smtp_user",
        Kind::PasswordPolicy | Kind::Directory | Kind::Discovery | Kind::Continuity => {
            told.cannot.push(format!("{key}: it came to be with its owner; switch it off with `enabled = false` where it has that"));
            return;
        }
    };
    let reason = quoted(&format!("undo of run {run}"));
    let _ = write!(told.text, "\n[[removed]]\n{word} = {}\nsince = {today}\nreason = {reason}\n", quoted(&key.name));
    told.by_hand.push(format!("take away the declaration of {key}; its deletion is planned, and gated like any other"));
}

/// What went is declared again, as it was.
fn deleted(told: &mut Undone, key: &Key, effects: &[Effect]) {
    let before = oldest(effects);
    if key.kind != Kind::User {
        told.cannot.push(format!("{key}: a {} that was deleted does not come back; declared anew it is another one", key.kind));
        if before.is_empty() {
            return;
        }
    }
    let _ = write!(told.text, "\n{}{}", table(key), lines(key.kind, &before));
    told.by_hand.push(format!("take away what deleted {key}: its tombstone, or the list without it"));
    if key.kind == Kind::User {
        told.cannot.push(format!("{key}: history, quarantine, personal settings and password; created anew it is another user"));
    }
}

/// What changed gets the values that it had before the first change.
fn changed(told: &mut Undone, key: &Key, effects: &[Effect]) {
    let mut before = oldest(effects);
    if let Some(from) = before.remove("renamed_from") {
        let (old, new) = (quoted(&from), quoted(&key.name));
        let _ = write!(told.text, "\n[[renamed]]\nfrom = {new}\nto = {old}\nkeep_old = false\n");
        told.by_hand.push(format!("give {key} its address {from} again where it is declared"));
    }
    if let Some(giver) = before.remove("moved_from") {
        told.by_hand.push(format!("give {giver} the aliases again that {key} took from it"));
    }
    let silent = effects.iter().any(|e| e.action == "update" && e.before.is_empty());
    if silent && key.kind == Kind::User {
        told.cannot.push(format!("{key}: a password that was set, or a mail that was sent; the password before is kept nowhere"));
    } else if silent {
        told.cannot.push(format!("{key}: a value that had none before; look what is declared"));
    }
    if !before.is_empty() {
        let _ = write!(told.text, "\n{}{}", table(key), lines(key.kind, &before));
        told.by_hand.push(format!("write these values of {key} in the place of what is declared"));
    }
}

/// Values before the first change of each attribute.
fn oldest(effects: &[Effect]) -> BTreeMap<String, String> {
    effects.iter().rev().flat_map(|e| e.before.iter().cloned()).collect()
}

/// The header of an object's table, with its name where that stands inside.
fn table(key: &Key) -> String {
    let domain = || quoted(key.name.split('/').next().unwrap_or(&key.name));
    let label = key.name.split_once('/').map(|(_, label)| quoted(label));
    match key.kind {
        Kind::User => format!("[[users]]\naddress = {}\n", quoted(&key.name)),
        Kind::Tenant => "[tenant]\n".to_owned(),
        Kind::PasswordPolicy => "[password_policy]\n".to_owned(),
        Kind::Domain => format!("[domains.{}]\n", quoted(&key.name)),
        Kind::Directory => match label {
            Some(label) => format!("[domains.{}.directories.{label}]\n", domain()),
            None => format!("[domains.{}.directory]\n", domain()),
        },
        Kind::Discovery => format!("[domains.{}.discovery]\n", domain()),
        Kind::Continuity => format!("[domains.{}.continuity]\n", domain()),
        Kind::SendingDomain => format!("[sending_domains.{}]\n", quoted(&key.name)),
        Kind::SmtpUser => format!("[smtp_users.{}]\n", quoted(&key.name)),
    }
}

/// The texts of a backup as TOML, each in the shape of its field.
fn lines(kind: Kind, before: &BTreeMap<String, String>) -> String {
    let sets: BTreeSet<Field> = [Field::UserAliases, Field::DomainAliasDomains, Field::DomainDestination].into();
    let mut out = String::new();
    for field in Field::of(kind).filter(|f| !f.is_secret()) {
        let Some(text) = before.get(field.name()) else { continue };
        let value = match text.as_str() {
            "(none)" if sets.contains(&field) => "[]".to_owned(),
            texts if sets.contains(&field) => format!("[{}]", texts.split(", ").map(quoted).collect::<Vec<_>>().join(", ")),
            "\"\"" => "\"\"".to_owned(),
            plain @ ("true" | "false") => plain.to_owned(),
            number if !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()) && kind != Kind::User => number.to_owned(),
            text => match crate::model::continuity::Term::read(text).filter(|_| field == Field::ContinuityTerm) {
                Some(term) => format!("{{ months = {}, from = {} }}", term.months, term.from),
                None => quoted(text),
            },
        };
        let _ = writeln!(out, "{} = {value}", field.name());
    }
    out
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

#[cfg(test)]
mod tests {
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
        let receipt = EntryKind::Receipt { op, outcomes: vec![(step, outcome)], deleted: Vec::new() };
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
        let text = "\n[[users]]\naddress = \"a@x.example\"\nfirst_name = \"\"\nlast_name = \"Doe\"\naliases = [\"b@x.example\", \"c@x.example\"]\n";
        assert_eq!(told.text, text);
        assert!(told.cannot.is_empty());
    }

    #[test]
    fn what_came_goes_by_a_tombstone_and_what_went_is_declared_again() {
        let made = change(Kind::User, "a@x.example", "bulk create", None, StepOutcome::Done);
        let gone = change(Kind::User, "b@x.example", "delete", Some(&[("aliases", "(none)"), ("kind", "shared")]), StepOutcome::Done);
        let told = told(vec![made, gone]);
        assert!(
            told.text.contains("[[removed]]\nuser = \"a@x.example\"\nsince = 2026-12-01\nreason = \"undo of run r1\"\n"),
            "{}",
            told.text
        );
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
}
