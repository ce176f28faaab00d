//! Directories: between the panel's words and ours, both ways. Pure.

use crate::base::TenantName;
use crate::drivers::panel::convert::malformed;
use crate::model::directory::{Schedule, Source, Tls};
use crate::model::{DirectoryAnswer, DirectoryFacts, Fault, Field, Key, Kind, LiveFacts, LiveHead, Value};
use crate::wire;
use std::collections::BTreeMap;

/// The name of the directory that has none in files.
pub(super) const DEFAULT: &str = "default";

/// A live directory.
pub(super) fn head(of: &TenantName, domain: &str, live: wire::Directory) -> LiveHead {
    let name = if live.name == DEFAULT { domain.to_owned() } else { format!("{domain}/{}", live.name) };
    let mut attrs = BTreeMap::from([
        (Field::DirectoryEnabled, Value::Switch(live.enabled)),
        (Field::DirectorySource, Value::text(source(live.source).word())),
        (Field::DirectoryHost, Value::text(live.host)),
        (Field::DirectoryPort, Value::Number(i64::from(live.port))),
        (Field::DirectoryTls, Value::text(tls(live.tls).word())),
        (Field::DirectoryBindDn, Value::text(live.bind_dn)),
        (Field::DirectorySearchBase, Value::text(live.search_base)),
        (Field::DirectoryFilter, Value::text(live.filter)),
        (Field::DirectoryMinUsers, Value::Number(i64::from(live.min_users))),
        (Field::DirectorySchedule, Value::text(schedule(live.schedule).word())),
    ]);
    // of a password without a label nothing can be told; the empty token says that there is none
    if let Some(token) = live.bind_password_label.or_else(|| (!live.bind_password_set).then(String::new)) {
        attrs.insert(Field::DirectoryBindPassword, Value::Token(token));
    }
    let status = live.status;
    let facts = DirectoryFacts {
        users: status.users,
        next_run_at: status.next_run_at,
        last_run_at: status.last_run_at,
        last_success_at: status.last_success_at,
        last_count: status.last_count,
        last_error: status.last_error,
        last_notes: status.last_notes,
        consent: live.consent,
        answer: None,
    };
    LiveHead {
        key: Key::new(of, Kind::Directory, name),
        incarnation: Some(live.id),
        version: Some(live.version.to_string()),
        attrs,
        created_at: Some(live.created_at),
        facts: LiveFacts::Directory(Box::new(facts)),
    }
}

/// What a connection test came to.
pub(super) fn answer(body: &[u8]) -> Result<DirectoryAnswer, Fault> {
    let tested: wire::DirectoryTested = serde_json::from_slice(body).map_err(|error| malformed(&error.to_string()))?;
    let said = tested.error.unwrap_or_default();
    Ok(match tested.outcome {
        wire::DirectoryOutcome::Answered => DirectoryAnswer::Answered { count: tested.count, gone: tested.gone, users: tested.users },
        wire::DirectoryOutcome::Failed => DirectoryAnswer::Failed(said),
        wire::DirectoryOutcome::NeedsPassword | wire::DirectoryOutcome::NeedsConsent => DirectoryAnswer::NotAsked(said),
        wire::DirectoryOutcome::Other => return Err(malformed("a connection test with an unknown outcome")),
    })
}

/// Settings as the panel takes them; the password is not among them.
///
/// # Errors
/// A value that does not fit its attribute: a defect of ours.
pub(super) fn settings(values: &BTreeMap<Field, Value>) -> Result<wire::DirectorySettings, Fault> {
    let mut all = wire::DirectorySettings::default();
    for (field, value) in values {
        let fits = match (field, value) {
            (Field::DirectoryHost, Value::Text(text)) => all.host.replace(text.clone()).is_none(),
            (Field::DirectoryBindDn, Value::Text(text)) => all.bind_dn.replace(text.clone()).is_none(),
            (Field::DirectorySearchBase, Value::Text(text)) => all.search_base.replace(text.clone()).is_none(),
            (Field::DirectoryFilter, Value::Text(text)) => all.filter.replace(text.clone()).is_none(),
            (Field::DirectoryPort, Value::Number(n)) => into(&mut all.port, u16::try_from(*n).ok()),
            (Field::DirectoryMinUsers, Value::Number(n)) => into(&mut all.min_users, u32::try_from(*n).ok()),
            (Field::DirectoryTls, Value::Text(word)) => into(&mut all.tls, to_tls(word)),
            (Field::DirectorySchedule, Value::Text(word)) => into(&mut all.schedule, to_schedule(word)),
            // these have places of their own
            (Field::DirectoryEnabled | Field::DirectorySource | Field::DirectoryBindPassword, _) => true,
            (_, _) => false,
        };
        if !fits {
            return Err(Fault::Local { text: format!("{field} has no value that fits; please report this") });
        }
    }
    Ok(all)
}

fn into<T>(place: &mut Option<T>, value: Option<T>) -> bool {
    *place = value;
    place.is_some()
}

fn source(source: wire::DirectorySource) -> Source {
    match source {
        wire::DirectorySource::Ldap => Source::Ldap,
        wire::DirectorySource::Entra => Source::Entra,
    }
}
/// The panel's word for one of ours; `None` where it is none.
pub(super) fn to_source(word: &str) -> Option<wire::DirectorySource> {
    Source::parse(word).map(|source| match source {
        Source::Ldap => wire::DirectorySource::Ldap,
        Source::Entra => wire::DirectorySource::Entra,
    })
}
fn tls(tls: wire::DirectoryTls) -> Tls {
    match tls {
        wire::DirectoryTls::None => Tls::None,
        wire::DirectoryTls::Starttls => Tls::StartTls,
        wire::DirectoryTls::Ldaps => Tls::Ldaps,
    }
}
fn to_tls(word: &str) -> Option<wire::DirectoryTls> {
    Tls::parse(word).map(|tls| match tls {
        Tls::None => wire::DirectoryTls::None,
        Tls::StartTls => wire::DirectoryTls::Starttls,
        Tls::Ldaps => wire::DirectoryTls::Ldaps,
    })
}
fn schedule(schedule: wire::DirectorySchedule) -> Schedule {
    match schedule {
        wire::DirectorySchedule::Minutes60 => Schedule::Minutes60,
        wire::DirectorySchedule::Hours3 => Schedule::Hours3,
        wire::DirectorySchedule::ThreeADay => Schedule::ThreeADay,
    }
}
fn to_schedule(word: &str) -> Option<wire::DirectorySchedule> {
    Schedule::parse(word).map(|schedule| match schedule {
        Schedule::Minutes60 => wire::DirectorySchedule::Minutes60,
        Schedule::Hours3 => wire::DirectorySchedule::Hours3,
        Schedule::ThreeADay => wire::DirectorySchedule::ThreeADay,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_the_same_on_both_sides() {
        for word in Source::ALL {
            assert_eq!(to_source(word.word()).map(source), Some(*word));
        }
        for word in Tls::ALL {
            assert_eq!(to_tls(word.word()).map(tls), Some(*word));
        }
        for word in Schedule::ALL {
            assert_eq!(to_schedule(word.word()).map(schedule), Some(*word));
        }
    }

    #[test]
    fn settings_carry_every_attribute_and_no_secret() {
        let live: wire::Directory = serde_json::from_str(include_str!("../../../tests/data/wire/directory.json")).unwrap();
        let head = head(&TenantName::parse("acme").unwrap(), "acme.example", live.clone());
        assert_eq!(Field::of(Kind::Directory).filter(|f| !head.attrs.contains_key(f)).count(), 0);
        let sent = settings(&head.attrs).unwrap();
        assert_eq!((sent.host, sent.port, sent.min_users), (Some(live.host), Some(live.port), Some(live.min_users)));
        assert!(sent.bind_password.is_none() && sent.bind_password_label.is_none());
        assert!(settings(&BTreeMap::from([(Field::DirectoryPort, Value::Number(70_000))])).is_err());
    }

    #[test]
    fn a_test_that_is_not_understood_is_no_answer() {
        assert!(answer(br#"{"outcome":"maybe","count":1,"gone":0,"users":0,"floor":1}"#).is_err());
        let failed = answer(br#"{"outcome":"failed","count":0,"gone":0,"users":7,"floor":6,"error":"rc=49"}"#).unwrap();
        assert_eq!(failed, DirectoryAnswer::Failed("rc=49".into()));
    }
}
