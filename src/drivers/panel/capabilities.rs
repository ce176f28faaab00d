//! What this panel can do.

use crate::base::Timestamp;
use crate::base::destination;
use crate::base::limits::REQUESTS_IN_FLIGHT;
use crate::model::capability::{BulkRule, KindSupport, Offer, Operation, PageRule, ProofRule, Support, UsersBy};
use crate::model::{Capabilities, Field, ImportRule, Kind, Nightly, Timetable, Value, Window};
use crate::wire::PanelInfo;
use jiff::SignedDuration;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;

/// Users of a page: the most that the panel gives.
pub const PAGE_SIZE: u32 = 1000;
/// From so many creates a bulk call is made: below it the one-by-one answers, with ids, are worth more.
const BULK_FROM: u32 = 20;
/// Most users in a bulk call; the panel takes ten times as many, but an answer shall come within the deadline.
const BULK_MOST: u32 = 10_000;

/// Clocks that differ by no more are taken for one.
const CLOCKS_AGREE: SignedDuration = SignedDuration::from_mins(5);
/// From so many single calls a whole list is imported: it acts half an hour to an hour later, single calls act at once.
const IMPORT_FROM: u32 = 50;
/// Most rows of an import; what the panel takes.
const IMPORT_MOST: u32 = 100_000;

/// What the driver can do, before it knows the instance.
#[must_use]
pub fn capabilities() -> Capabilities {
    let kind = |support: &Support, create, delete, rename, incarnation| KindSupport {
        support: support.clone(),
        create,
        delete,
        rename,
        incarnation,
    };
    let kinds = BTreeMap::from([
        (Kind::Tenant, kind(&Support::Managed, true, true, false, true)),
        (Kind::PasswordPolicy, kind(&Support::Managed, false, false, false, false)),
        (Kind::Domain, kind(&Support::Managed, true, true, false, true)),
        (Kind::User, kind(&Support::Managed, true, true, true, true)),
        (Kind::Directory, kind(&Support::Managed, true, true, false, true)),
        (Kind::Discovery, kind(&Support::Managed, true, false, false, false)),
        (Kind::Continuity, kind(&Support::Managed, false, false, false, true)),
        (Kind::SendingDomain, kind(&Support::Managed, true, true, false, true)),
        (Kind::SmtpUser, kind(&Support::Managed, true, true, false, true)),
    ]);
    let made_up = Support::Absent { text: "the passwords that this panel makes up are of one form".into() };
    let group = Support::Absent { text: "this panel has no groups".into() };
    let single = Offer { idempotency_key: true, precondition: true, proof_of_call: true, atomic: true };
    // the panel's moves look at who holds the alias, not at versions
    let moves = Offer { precondition: false, ..single };
    Capabilities {
        kinds,
        fields: BTreeMap::from([
            (Field::UserGroup, group),
            (Field::PolicyGeneratedLength, made_up.clone()),
            (Field::PolicyGeneratedSpecial, made_up),
            // minted for one sending domain, once
            (Field::SmtpUserDomain, Support::Readable),
            (Field::SmtpUserUsername, Support::Readable),
        ]),
        canonical,
        pages: PageRule {
            size: PAGE_SIZE,
            proof: ProofRule::Total,
            users_by: UsersBy::Domain,
            in_flight: u32::try_from(REQUESTS_IN_FLIGHT).unwrap_or(8),
        },
        bulk: Some(BulkRule { from_creates: BULK_FROM, most: BULK_MOST, replaces_safely: true }),
        operations: BTreeMap::from([
            (Operation::Create, single),
            (Operation::Update, single),
            (Operation::Delete, single),
            (Operation::Move, moves),
            (Operation::Rename, single),
            (Operation::Bulk, Offer { precondition: false, ..single }),
        ]),
        timetable: timetable(),
        // three times a day is the rarest that a directory is read
        windows: BTreeMap::from([(Kind::Directory, Window { earliest_seconds: 0, latest_seconds: 8 * 3600 })]),
        lease: true,
        bills_mailboxes: true,
        names_in_alias_domains: true,
        counts_mail: true,
        asks_directories: true,
        probes_catch_all: true,
        tells_access: true,
        // the panel counts no requests, and whether tenants are created without being asked to is the provider's to say
        ..Capabilities::nothing("panel")
    }
}

fn timetable() -> Timetable {
    let window = Window { earliest_seconds: 30 * 60, latest_seconds: 60 * 60 };
    let imports = ImportRule { from_calls: IMPORT_FROM, most: IMPORT_MOST, window, source: "the panel's import dialogue".into() };
    let nightly = Nightly { hour: 23, mails: 2, source: "the panel's nightly script".into() };
    Timetable { imports: Some(imports), nightly: Some(nightly), ..Timetable::default() }
}

/// Narrows to what this instance says of itself.
pub(super) fn narrow(capabilities: &mut Capabilities, panel: &PanelInfo, now: Timestamp) {
    let offers = |feature: &str| panel.features.iter().any(|f| f == feature);
    capabilities.origin.clone_from(&panel.id);
    if !offers("bulk") {
        capabilities.bulk = None;
        capabilities.operations.remove(&Operation::Bulk);
    }
    if !offers("imports") {
        capabilities.timetable.imports = None;
    }
    let ahead = panel.now.duration_since(now);
    if ahead.abs() > CLOCKS_AGREE {
        capabilities.timetable.ahead = SignedDuration::from_secs(ahead.as_secs());
    }
    capabilities.timetable.zone = panel.time_zone.as_ref().and_then(|name| TimeZone::get(name).ok());
    capabilities.lease = offers("lease");
    capabilities.probes_catch_all = offers("catch-all-probe");
    if !offers("outbound") {
        let none = Support::HandOff { text: "this panel has no outbound relay".into() };
        for kind in [Kind::SendingDomain, Kind::SmtpUser] {
            let support = KindSupport { support: none.clone(), create: false, delete: false, rename: false, incarnation: false };
            capabilities.kinds.insert(kind, support);
        }
    }
    if !offers("continuity") {
        capabilities.kinds.remove(&Kind::Continuity);
    }
}

/// The form in which the panel gives a value back: destinations with host and port in canonical form; the rest is
/// canonical when it is resolved.
fn canonical(field: Field, value: Value) -> Value {
    match (field, value) {
        (Field::DomainDestination, Value::List(list)) => {
            Value::List(list.into_iter().map(|text| destination(&text).unwrap_or(text)).collect())
        }
        (Field::DirectoryHost, Value::Text(host)) => Value::Text(host.to_ascii_lowercase()),
        (_, value) => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn supports_are_as_the_panel_is() {
        let caps = capabilities();
        for field in [Field::UserAliases, Field::DomainRelayCheck, Field::PolicySpecial] {
            assert_eq!(caps.support(field), Support::Managed, "{field}");
        }
        assert!(caps.support(Field::UserPassword) == Support::Managed && caps.is_comparable(Field::UserPassword));
        assert!(matches!(caps.support(Field::UserGroup), Support::Absent { .. }));
        for kind in Kind::ALL {
            assert!(caps.kinds.contains_key(&kind), "{kind} is said of");
        }
        assert!(Operation::Create <= Operation::Bulk && caps.operations.values().all(|o| o.is_exact()));
    }

    #[test]
    fn an_instance_narrows() {
        let mut caps = capabilities();
        let now = "2026-12-01T08:00:00Z".parse().unwrap();
        let mut info =
            PanelInfo { id: "p1".into(), version: "1".into(), now, time_zone: None, features: vec!["bulk".into(), "lease".into()] };
        narrow(&mut caps, &info, now);
        assert!(caps.bulk.is_some() && caps.lease && caps.origin == "p1");
        info.features.clear();
        narrow(&mut caps, &info, now);
        assert!(caps.bulk.is_none() && !caps.lease && !caps.probes_catch_all && !caps.offer(Operation::Bulk).is_exact());
    }

    #[test]
    fn destinations_compare_as_the_panel_prints_them() {
        let list = Value::List(vec!["MX.Acme.Example:025".into(), "[0::1]:25".into()]);
        assert_eq!(canonical(Field::DomainDestination, list), Value::List(vec!["mx.acme.example:25".into(), "[::1]:25".into()]));
    }
}
