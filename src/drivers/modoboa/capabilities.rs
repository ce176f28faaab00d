//! What Modoboa can do, and what it has against what is asked of it.

use crate::base::destination;
use crate::drivers::modoboa::convert::{HOSTED, OFF_HOSTED};
use crate::model::capability::{KindSupport, Offer, Operation, PageRule, ProofRule, Support, Tenancy, UsersBy};
use crate::model::user::INVITE;
use crate::model::{Allowance, Capabilities, Field, Kind, Rate, UserKind, UserStatus, Value};
use std::collections::BTreeMap;

/// Objects asked for in one page. Modoboa takes about 8 ms of CPU for each domain of a page, so pages are small.
pub(super) const PAGE_SIZE: u32 = 100;
/// Shorter passwords Modoboa does not make up (its serializer says so, 2.12).
const LEAST_GENERATED: i64 = 8;

/// Everything, without a connection.
#[must_use]
pub fn capabilities() -> Capabilities {
    let kind =
        |support: Support, whole: bool, rename: bool| KindSupport { support, create: whole, delete: whole, rename, incarnation: whole };
    let absent = |text: &str| kind(Support::Absent { text: text.into() }, false, false);
    let by_hand = Support::HandOff { text: "Modoboa keeps its rules for passwords in AUTH_PASSWORD_VALIDATORS of settings.py".into() };
    let rules = [Field::PolicyMinLength, Field::PolicyUpper, Field::PolicyLower, Field::PolicyDigit, Field::PolicySpecial];
    let mut fields: BTreeMap<Field, Support> = rules.into_iter().map(|field| (field, by_hand.clone())).collect();
    fields.insert(Field::UserGroup, Support::Absent { text: "Modoboa has no groups of users".into() });
    let kinds = BTreeMap::from([
        (Kind::Tenant, kind(Support::Managed, false, false)),
        (Kind::PasswordPolicy, kind(Support::Managed, false, false)),
        (Kind::Domain, kind(Support::Managed, true, false)),
        (Kind::User, kind(Support::Managed, true, true)),
        (Kind::Directory, absent("Modoboa takes no users from a directory; it only lets one check passwords")),
        (Kind::Discovery, absent("Modoboa makes no users from mail that it sees")),
        (Kind::Continuity, absent("Modoboa does not take mail over when the destination fails")),
        (Kind::SendingDomain, absent("Modoboa has no outbound relay by login")),
        (Kind::SmtpUser, absent("Modoboa mints no logins")),
    ]);
    let found_again = Offer { idempotency_key: false, precondition: false, proof_of_call: true, atomic: false };
    Capabilities {
        kinds,
        fields,
        canonical,
        objection,
        users_under,
        tenancy: Tenancy::Instance,
        // one worker is usual, and SQLite lets one writer in at a time
        pages: PageRule { size: PAGE_SIZE, proof: ProofRule::Total, users_by: UsersBy::Domain, in_flight: 2 },
        operations: BTreeMap::from([
            (Operation::Create, found_again),
            (Operation::Update, found_again),
            (Operation::Delete, found_again),
            // the recipients of an alias change in one call
            (Operation::Move, Offer { atomic: true, ..found_again }),
            (Operation::Rename, found_again),
        ]),
        // 5 writes in a second, 200 reads in a minute for each kind of object, and 300 requests in a minute in all
        rate: Some(Rate { writes: Some(Allowance::within(5, 1)), reads: None, all: Some(Allowance::within(300, 60)) }),
        hosts_mailboxes: true,
        keeps_trail: true,
        ..Capabilities::nothing("modoboa")
    }
}

/// Narrows to what a token can do that may not read Modoboa's parameters: only a super administrator's may.
pub(super) fn without_parameters(capabilities: &mut Capabilities) {
    let text = "only a super administrator may read Modoboa's parameters, and this token is not of one";
    if let Some(policy) = capabilities.kinds.get_mut(&Kind::PasswordPolicy) {
        policy.support = Support::HandOff { text: text.into() };
    }
}

/// Destinations as the driver gives them back.
fn canonical(field: Field, value: Value) -> Value {
    match (field, value) {
        (Field::DomainDestination, Value::List(list)) => {
            Value::List(list.into_iter().map(|text| destination(&text).unwrap_or(text)).collect())
        }
        (_, value) => value,
    }
}

/// An account is a mailbox here, also in a relay domain: its mail would stay, and never reach the destination.
fn users_under(relay_check: &str) -> Option<String> {
    let text = "Modoboa passes this domain's mail on; an account there is a mailbox, and its mail would no longer reach the destination";
    (!matches!(relay_check, HOSTED | OFF_HOSTED)).then(|| text.to_owned())
}

/// What cannot be held, or would lose something on the way.
fn objection(field: Field, before: Option<&Value>, after: &Value) -> Option<String> {
    match (field, after) {
        (Field::DomainDestination, Value::List(list)) => destinations(before, list),
        (Field::DomainRelayCheck, Value::Text(word)) => check(before, word),
        // a page with the credentials of each account is drawn from its names, and Modoboa 2.12 answers 500 where that fails
        (Field::UserFirstName | Field::UserLastName, Value::Text(name)) if name.contains(['<', '>']) => {
            Some("Modoboa fails on names with `<` or `>`".into())
        }
        (Field::UserPassword, Value::Token(token)) if token == INVITE => Some("Modoboa sends no mail that asks for a password".into()),
        (Field::PolicyGeneratedLength, Value::Number(length)) if *length < LEAST_GENERATED => {
            Some(format!("Modoboa makes up passwords of {LEAST_GENERATED} characters or more"))
        }
        (Field::UserKind, Value::Text(word)) => user_kind(before, word),
        (Field::UserStatus, Value::Text(word)) => status(before, word),
        (_, _) => None,
    }
}

fn destinations(before: Option<&Value>, after: &[String]) -> Option<String> {
    if after.len() > 1 {
        return Some(format!("Modoboa passes a domain's mail to one destination, not to {}", after.len()));
    }
    let hosts = matches!(before, Some(Value::List(now)) if now.is_empty());
    if hosts && !after.is_empty() {
        return Some("it hosts mailboxes; if it passed mail on, new mail would no longer reach them".into());
    }
    let shown = after.first().filter(|text| destination(text).is_none());
    shown.map(|text| format!("`{}` is no destination with host and port", crate::base::printable::printable_short(text, 80)))
}

fn check(before: Option<&Value>, after: &str) -> Option<String> {
    if after == "ldap" {
        return Some("Modoboa asks no directory for recipients".into());
    }
    let Some(Value::Text(now)) = before else { return None };
    let (hosts_now, hosts_then) = (matches!(now.as_str(), HOSTED | OFF_HOSTED), after == HOSTED);
    match (hosts_now, hosts_then) {
        (true, false) => Some("it hosts mailboxes; if it passed mail on, new mail would no longer reach them".into()),
        (false, true) => Some("it passes mail on; if it hosted mailboxes, Modoboa would forget its destination".into()),
        (true, true) | (false, false) => None,
    }
}

fn user_kind(before: Option<&Value>, after: &str) -> Option<String> {
    let mailbox = UserKind::Mailbox.word();
    if after != mailbox {
        return Some(format!("an account of Modoboa is a mailbox, not a {after}"));
    }
    let forwards = before.is_some_and(|now| *now != Value::text(mailbox));
    forwards.then(|| "it is a forward; where it leads is not in files, and would be lost".into())
}

fn status(before: Option<&Value>, after: &str) -> Option<String> {
    if after == UserStatus::Inactive.word() {
        return Some("Modoboa refuses the mail of an account that is off; here an inactive user still gets mail".into());
    }
    let off = before.is_some_and(|now| *now != Value::text(UserStatus::Active.word()));
    off.then(|| "Modoboa refuses the mail of an account that was off, also when it is on again; delete it and create it".into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drivers::modoboa::convert::{OFF_RELAY, TAKES_ALL, VERIFIES};

    #[test]
    fn every_kind_is_said_of() {
        let caps = capabilities();
        assert!(Kind::ALL.iter().all(|kind| caps.kinds.contains_key(kind)));
        assert!(caps.is_comparable(Field::UserAliases) && caps.operations.values().all(|o| o.is_exact()));
    }

    #[test]
    fn a_domain_never_changes_what_it_is() {
        let text = |word: &str| Value::text(word);
        let says = |before: &str, after: &str| objection(Field::DomainRelayCheck, Some(&text(before)), &text(after));
        for (before, after) in [(HOSTED, VERIFIES), (OFF_HOSTED, VERIFIES), (VERIFIES, HOSTED), (TAKES_ALL, HOSTED), (OFF_RELAY, HOSTED)] {
            assert!(says(before, after).is_some(), "{before} to {after}");
        }
        for (before, after) in [(TAKES_ALL, VERIFIES), (OFF_RELAY, VERIFIES), (OFF_HOSTED, HOSTED)] {
            assert_eq!(says(before, after), None, "{before} to {after}");
        }
        assert!(objection(Field::DomainRelayCheck, None, &text("ldap")).is_some());
        let list = |all: &[&str]| Value::List(all.iter().map(|t| (*t).to_owned()).collect());
        let to = |before: Option<&Value>, after: &[&str]| objection(Field::DomainDestination, before, &list(after));
        assert!(to(Some(&list(&[])), &["mx.x.example:25"]).is_some());
        assert_eq!(to(None, &["mx.x.example:25"]), None);
        assert_eq!(to(Some(&list(&["a.example:25"])), &["mx.x.example:25"]), None);
        assert!(to(None, &["a.example:25", "b.example:25"]).is_some() && to(None, &["mx"]).is_some());
    }

    #[test]
    fn of_the_policy_one_thing_is_a_parameter() {
        let mut caps = capabilities();
        assert_eq!(caps.support(Field::PolicyGeneratedLength), Support::Managed);
        assert!(matches!(caps.support(Field::PolicyMinLength), Support::HandOff { .. }));
        without_parameters(&mut caps);
        assert!(Field::of(Kind::PasswordPolicy).all(|field| matches!(caps.support(field), Support::HandOff { .. })));
        let says = |length| objection(Field::PolicyGeneratedLength, None, &Value::Number(length));
        assert!(says(7).is_some() && says(8).is_none());
    }

    #[test]
    fn accounts_are_mailboxes_that_are_on() {
        let says = |field, before: Option<&str>, after: &str| objection(field, before.map(Value::text).as_ref(), &Value::text(after));
        assert_eq!(says(Field::UserStatus, None, "active"), None);
        assert!(says(Field::UserStatus, None, "inactive").is_some());
        assert!(says(Field::UserStatus, Some("inactive"), "active").is_some());
        assert_eq!(says(Field::UserKind, None, "mailbox"), None);
        assert!(says(Field::UserKind, Some("forward"), "mailbox").is_some());
        assert!(says(Field::UserKind, None, "shared").is_some());
        assert!(objection(Field::UserPassword, None, &Value::Token(INVITE.into())).is_some());
        assert_eq!(objection(Field::UserPassword, None, &Value::Token("2026-11".into())), None);
    }
}
