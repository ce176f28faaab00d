//! The text of everything few that is imported: parts of domains, and outbound relay.
//!
//! What files cannot say, or say only with something that no panel shows (a bind password), is told and not guessed.

use crate::engine::import::text::{key_text, quoted, toml_value};
use crate::model::{Capabilities, Field, Kind, LiveHead, RelayCheck, Support, Value};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Whether an attribute is written: managed or only readable, no secret, and not empty.
fn is_written(caps: &Capabilities, field: Field, value: &Value) -> bool {
    let empty = match value {
        Value::Set(set) => set.is_empty() && field == Field::DomainAliasDomains,
        // files name at least one destination, or do not manage it
        Value::List(list) => list.is_empty() && field == Field::DomainDestination,
        Value::Text(text) => text.is_empty(),
        Value::Switch(_) | Value::Number(_) | Value::Token(_) => false,
    };
    let shown = matches!(caps.support(field), Support::Managed | Support::Readable);
    shown && !field.is_secret() && !empty && is_sayable(field, value)
}

/// Whether files have a word for it: what a panel shows may be more than what can be asked of it.
fn is_sayable(field: Field, value: &Value) -> bool {
    match (field, value) {
        (Field::DomainRelayCheck, Value::Text(word)) => RelayCheck::parse(word).is_some(),
        (_, _) => true,
    }
}

/// Attributes of a live head for which files have no word.
pub(super) fn unsayable(head: &LiveHead) -> impl Iterator<Item = String> {
    let told = head.attrs.iter().filter(|(field, value)| !is_sayable(**field, value));
    told.map(|(field, value)| format!("{}: {} is {value}, for which files have no word", head.key, field.name()))
}

/// A line for each attribute, with days and terms as TOML has them.
pub(super) fn attributes(head: &LiveHead, caps: &Capabilities) -> String {
    let mut out = String::new();
    for (field, value) in head.attrs.iter().filter(|(field, value)| is_written(caps, **field, value)) {
        let text = match (field, value) {
            (Field::DiscoveryUntil, Value::Text(day)) => day.clone(),
            (Field::ContinuityTerm, Value::Text(text)) => match crate::model::continuity::Term::read(text) {
                Some(term) => format!("{{ months = {}, from = {} }}", term.months, term.from),
                None => quoted(text),
            },
            (_, value) => toml_value(value),
        };
        let _ = writeln!(out, "{} = {text}", field.name());
    }
    out
}

/// A directory, a discovery or continuity of a domain; empty where there is nothing to say.
pub(super) fn part(head: &LiveHead, caps: &Capabilities, not_expressed: &mut Vec<String>) -> String {
    let (domain, label) = head.key.name.split_once('/').map_or((head.key.name.as_str(), None), |(d, label)| (d, Some(label)));
    let on = |field: Field| head.attrs.get(&field) == Some(&Value::Switch(true));
    let name = match head.key.kind {
        Kind::Directory => {
            if head.attrs.get(&Field::DirectoryBindPassword) != Some(&Value::Token(String::new())) {
                not_expressed.push(format!("{}: its bind password; write `bind_password = {{ env = \"NAME\" }}`", head.key));
            }
            label.map_or_else(|| "directory".to_owned(), |label| format!("directories.{}", key_text(label)))
        }
        // off is what a new domain is: nothing to declare
        Kind::Discovery if !on(Field::DiscoveryEnabled) => return String::new(),
        Kind::Discovery => "discovery".to_owned(),
        Kind::Continuity if !on(Field::ContinuityEnabled) && !head.attrs.contains_key(&Field::ContinuityTerm) => return String::new(),
        Kind::Continuity if on(Field::ContinuityEnabled) && !on(Field::ContinuityOutgoing) => {
            let why = "it is on without outgoing mail by the own server, which files refuse (MW0208)";
            not_expressed.push(format!("{}: {why}", head.key));
            return String::new();
        }
        Kind::Continuity => "continuity".to_owned(),
        Kind::Tenant | Kind::PasswordPolicy | Kind::Domain | Kind::User | Kind::SendingDomain | Kind::SmtpUser => return String::new(),
    };
    format!("\n[domains.{}.{name}]\n{}", key_text(domain), attributes(head, caps))
}

/// Sending domains and SMTP users, these under their label where it is a name that files can hold and no other has it.
pub(super) fn outbound(heads: &[LiveHead], caps: &Capabilities, not_expressed: &mut Vec<String>) -> String {
    let mut out = String::new();
    for head in heads.iter().filter(|h| h.key.kind == Kind::SendingDomain) {
        let _ = write!(out, "\n[sending_domains.{}]\n", key_text(&head.key.name));
    }
    let mut taken: BTreeSet<String> = BTreeSet::new();
    for head in heads.iter().filter(|h| h.key.kind == Kind::SmtpUser) {
        let label = match head.attrs.get(&Field::SmtpUserLabel) {
            Some(Value::Text(label)) if is_name(label) => label.clone(),
            Some(_) | None => head.key.name.clone(),
        };
        let name = if taken.insert(label.clone()) { label } else { head.key.name.clone() };
        taken.insert(name.clone());
        let _ = write!(out, "\n[smtp_users.{}]\n{}", key_text(&name), attributes(head, caps));
        not_expressed.push(format!("{}: its credential was shown once, when it was minted, and is not held here", head.key));
    }
    out
}

/// Whether a label can be the name of a table as it is.
fn is_name(text: &str) -> bool {
    !text.is_empty() && text.len() <= 64 && text.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-' || c == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::TenantName;
    use crate::drivers::memory::{MemoryOptions, capabilities};
    use crate::model::{Key, LiveFacts};
    use std::collections::BTreeMap;

    fn head(kind: Kind, name: &str, attrs: &[(Field, Value)]) -> LiveHead {
        LiveHead {
            key: Key::new(&TenantName::parse("acme").unwrap(), kind, name),
            incarnation: None,
            version: None,
            attrs: attrs.iter().cloned().collect::<BTreeMap<_, _>>(),
            created_at: None,
            facts: LiveFacts::None,
        }
    }

    #[test]
    fn parts_are_written_where_there_is_something_to_say() {
        let caps = capabilities(&MemoryOptions::default());
        let mut told = Vec::new();
        let on = |enabled: bool, outgoing: bool| {
            let term = Value::text("12 months from 2026-12-01");
            let attrs = [(Field::ContinuityEnabled, Value::Switch(enabled)), (Field::ContinuityOutgoing, Value::Switch(outgoing))];
            head(Kind::Continuity, "x.example", &[attrs.as_slice(), &[(Field::ContinuityTerm, term)]].concat())
        };
        let text = "\n[domains.\"x.example\".continuity]\nenabled = true\noutgoing_via_own_server = true\nterm = { months = 12, from = 2026-12-01 }\n";
        assert_eq!(part(&on(true, true), &caps, &mut told), text);
        assert!(told.is_empty());
        assert_eq!(part(&on(true, false), &caps, &mut told), "");
        assert!(told[0].contains("MW0208"));
        let off = head(Kind::Continuity, "x.example", &[(Field::ContinuityEnabled, Value::Switch(false))]);
        assert_eq!(part(&off, &caps, &mut told), "");
        let directory =
            head(Kind::Directory, "x.example/two", &[(Field::DirectoryHost, Value::text("dc")), (Field::DirectoryFilter, Value::text(""))]);
        assert_eq!(part(&directory, &caps, &mut told), "\n[domains.\"x.example\".directories.two]\nhost = \"dc\"\n");
        assert!(told[1].contains("bind password"));
    }

    #[test]
    fn a_domain_without_a_destination_says_nothing_of_it() {
        let caps = capabilities(&MemoryOptions::default());
        let to = |list: &[&str]| {
            let list = Value::List(list.iter().map(|t| (*t).to_owned()).collect());
            attributes(&head(Kind::Domain, "x.example", &[(Field::DomainDestination, list)]), &caps)
        };
        assert_eq!((to(&[]).as_str(), to(&["mx.x.example:25"]).as_str()), ("", "destination = [\"mx.x.example:25\"]\n"));
    }

    #[test]
    fn smtp_users_keep_their_user_names() {
        let caps = capabilities(&MemoryOptions::default());
        let user = |name: &str, label: &str| {
            let attrs = [(Field::SmtpUserUsername, Value::text(name)), (Field::SmtpUserLabel, Value::text(label))];
            head(Kind::SmtpUser, name, &attrs)
        };
        let text = outbound(&[user("u1", "crm"), user("u2", "crm"), user("u3", "The shop")], &caps, &mut Vec::new());
        for name in ["[smtp_users.crm]", "[smtp_users.u2]", "[smtp_users.u3]", "username = \"u3\"", "label = \"The shop\""] {
            assert!(text.contains(name), "{text}");
        }
    }
}
