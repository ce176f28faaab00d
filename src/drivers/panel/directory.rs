//! Directories: between the panel's words and ours, both ways. Pure.

use crate::base::TenantName;
use crate::drivers::panel::convert::malformed;
use crate::model::directory::{Schedule, Source, Tls};
use crate::model::{DirectoryAnswer, DirectoryFacts, DirectoryStops, Fault, Field, Key, Kind, LiveFacts, LiveHead, Reason, Value};
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

/// Most addresses that are read by name of one answer; the others are counted. Each page asks the directory anew.
const STOPPING_MOST: usize = 10_000;

/// What a connection test has come to so far, page by page.
#[derive(Debug, Default)]
pub(super) struct Tested {
    said: Option<DirectoryAnswer>,
    /// A page ended before its list did.
    is_short: bool,
}

impl Tested {
    /// Takes a page; the cursor of the next one, where it is to be read.
    ///
    /// # Errors
    /// A page that is none, or one that says something else than the page before: the directory, or the users, changed.
    pub(super) fn page(&mut self, body: &[u8]) -> Result<Option<String>, Fault> {
        let (mut said, next) = answer(body)?;
        let DirectoryAnswer::Answered { count, gone, users, stops } = &mut said else {
            let first = self.said.replace(said).is_none();
            return if first { Ok(None) } else { Err(Fault::Retry { reason: Reason::Moved }) };
        };
        if let Some(DirectoryAnswer::Answered { count: c, gone: g, users: u, stops: before }) = &mut self.said {
            if (&*c, &*g, &*u, before.total) != (&*count, &*gone, &*users, stops.total) {
                return Err(Fault::Retry { reason: Reason::Moved });
            }
            let known = before.named.len();
            before.named.append(&mut stops.named);
            let (named, total) = (before.named.len(), before.total);
            return Ok(self.go_on(next.filter(|_| named > known), named, total));
        }
        let (named, total, is_named) = (stops.named.len(), stops.total, next.is_some() || !stops.named.is_empty());
        self.said = Some(said);
        Ok(if is_named { self.go_on(next, named, total) } else { None })
    }
    fn go_on(&mut self, next: Option<String>, named: usize, total: u64) -> Option<String> {
        let next = next.filter(|_| named < STOPPING_MOST);
        self.is_short = next.is_none() && named < STOPPING_MOST && named as u64 != total;
        next
    }
    /// All of it.
    ///
    /// # Errors
    /// There was no page, or the pages ended before the total.
    pub(super) fn whole(self) -> Result<DirectoryAnswer, Fault> {
        match self.said.ok_or_else(|| malformed("a connection test without an answer"))? {
            DirectoryAnswer::Answered { stops, .. } if self.is_short => {
                Err(Fault::Retry { reason: Reason::CountMismatch { said: stops.total, seen: stops.named.len() as u64 } })
            }
            said => Ok(said),
        }
    }
}

/// A page of what a connection test came to, and the cursor of the next one.
fn answer(body: &[u8]) -> Result<(DirectoryAnswer, Option<String>), Fault> {
    let tested: wire::DirectoryTested = serde_json::from_slice(body).map_err(|error| malformed(&error.to_string()))?;
    let said = tested.error.unwrap_or_default();
    Ok(match tested.outcome {
        wire::DirectoryOutcome::Answered => {
            // a panel that does not name them counts its users: at least so many addresses stop
            let none = || wire::Page { items: Vec::new(), total: tested.gone, next_cursor: None, fingerprint: None };
            let wire::Page { items, total, next_cursor, .. } = tested.stopping.unwrap_or_else(none);
            let stops = DirectoryStops { named: items.into_iter().map(|s| (s.address, s.user)).collect(), total };
            (DirectoryAnswer::Answered { count: tested.count, gone: tested.gone, users: tested.users, stops }, next_cursor)
        }
        wire::DirectoryOutcome::Failed => (DirectoryAnswer::Failed(said), None),
        wire::DirectoryOutcome::NeedsPassword | wire::DirectoryOutcome::NeedsConsent => (DirectoryAnswer::NotAsked(said), None),
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
        assert_eq!(failed, (DirectoryAnswer::Failed("rc=49".into()), None));
    }

    fn page(count: u64, named: &[&str], total: u64, next: Option<&str>) -> Vec<u8> {
        let items: Vec<serde_json::Value> = named.iter().map(|a| serde_json::json!({ "address": a, "user": "a@x.example" })).collect();
        let mut body = serde_json::json!({ "outcome": "answered", "count": count, "gone": 1, "users": 7, "floor": 6,
            "stopping": { "items": items, "total": total } });
        if let Some(next) = next {
            body["stopping"]["next_cursor"] = next.into();
        }
        serde_json::to_vec(&body).unwrap()
    }

    #[test]
    fn the_pages_of_a_test_say_the_same_and_come_to_their_total() {
        let mut tested = Tested::default();
        assert_eq!(tested.page(&page(6, &["a@x.example", "b@x.example"], 3, Some("n"))).unwrap().as_deref(), Some("n"));
        assert_eq!(tested.page(&page(6, &["c@x.example"], 3, None)).unwrap(), None);
        let DirectoryAnswer::Answered { stops, gone: 1, .. } = tested.whole().unwrap() else { panic!("no answer") };
        assert_eq!((stops.named.len(), stops.total), (3, 3));
        let mut moved = Tested::default();
        moved.page(&page(6, &["a@x.example"], 2, Some("n"))).unwrap();
        assert!(moved.page(&page(5, &["b@x.example"], 2, None)).is_err(), "the directory has changed between two pages");
        let mut short = Tested::default();
        short.page(&page(6, &["a@x.example"], 2, None)).unwrap();
        assert!(short.whole().is_err() && Tested::default().whole().is_err());
        let mut counted = Tested::default();
        counted.page(br#"{"outcome":"answered","count":6,"gone":2,"users":8,"floor":6}"#).unwrap();
        let DirectoryAnswer::Answered { stops, .. } = counted.whole().unwrap() else { panic!("no answer") };
        assert_eq!((stops.named.len(), stops.total), (0, 2), "a panel that names none counts");
    }
}
