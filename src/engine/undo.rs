//! Undo (S17.3): from the receipts of a run to lines to paste, and to what cannot be undone. Never a call.
//!
//! Pure. A receipt tells what took effect, the backup before it what was there (S11.3). What had no before in the journal
//! (passwords, mails, purchases) is itemised and never guessed. Deliberately absent: editing the user's files; which line
//! of which list made a change is his to know.

use crate::base::TenantName;
use crate::model::{Entry, EntryKind, Fault, Field, Key, Kind, StepOutcome};
use jiff::civil::Date;
use std::collections::BTreeMap;
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
    if key.kind == Kind::SendingDomain && has("create") {
        told.cannot.push(format!("{key}: its CNAME records die with it; made again it has others"));
    }
    match (has("create") || has("mint"), has("delete")) {
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
        if before.contains_key(Field::UserAliases.name()) {
            told.by_hand.push(format!("aliases that {key} got go only where aliases are `add-delete-old` (S2.2)"));
        }
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
    let mut out = String::new();
    for field in Field::of(kind).filter(|f| !f.is_secret()) {
        if let Some(text) = before.get(field.name()) {
            let _ = writeln!(out, "{} = {}", field.name(), value(field, text));
        }
    }
    out
}

/// A text of a backup, which is a value as it is shown, in the shape that the file wants.
fn value(field: Field, text: &str) -> String {
    match field {
        Field::UserAliases | Field::DomainAliasDomains | Field::DomainDestination if text == "(none)" => "[]".to_owned(),
        Field::UserAliases | Field::DomainAliasDomains | Field::DomainDestination => {
            format!("[{}]", text.split(", ").map(quoted).collect::<Vec<_>>().join(", "))
        }
        Field::PolicyMinLength | Field::PolicyGeneratedLength | Field::DirectoryPort | Field::DirectoryMinUsers
            if text.parse::<u64>().is_ok() =>
        {
            text.to_owned()
        }
        Field::PolicyUpper | Field::PolicyLower | Field::PolicyDigit | Field::PolicySpecial | Field::PolicyGeneratedSpecial
            if text.parse::<bool>().is_ok() =>
        {
            text.to_owned()
        }
        Field::DirectoryEnabled | Field::DiscoveryEnabled | Field::ContinuityEnabled | Field::ContinuityOutgoing
            if text.parse::<bool>().is_ok() =>
        {
            text.to_owned()
        }
        Field::ContinuityTerm => match crate::model::continuity::Term::read(text) {
            Some(term) => format!("{{ months = {}, from = {} }}", term.months, term.from),
            None => quoted(text),
        },
        _ if text == "\"\"" => text.to_owned(),
        _ => quoted(text),
    }
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

#[cfg(test)]
#[path = "undo_tests.rs"]
mod tests;
