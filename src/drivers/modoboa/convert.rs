//! Modoboa's objects as live ones. Pure.

use crate::base::{DomainName, TenantName, Timestamp};
use crate::drivers::modoboa::aliases::{address_of, canonical, is_own, takes_mail};
use crate::drivers::modoboa::raw::{Account, Alias, Domain, DomainAlias, GeneratedPasswords, Transport, UserPage};
use crate::model::{Fault, Field, Key, Kind, LiveFacts, LiveHead, LiveUser, Object, Origin, Reason, UserKind, UserStatus, Value};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Words of a relay check that files do not have: what Modoboa does besides.
pub(super) const TAKES_ALL: &str = "none";
pub(super) const OFF_HOSTED: &str = "off-hosted";
pub(super) const OFF_RELAY: &str = "off-relay";
/// Words that files have.
pub(super) const HOSTED: &str = "control-panel";
pub(super) const VERIFIES: &str = "smtp";

/// The type of a domain that passes mail on.
pub(super) const RELAY: &str = "relaydomain";
/// The type of a domain that hosts mailboxes.
pub(super) const HOSTS: &str = "domain";

/// An answer that is not what it should be.
pub(super) fn malformed(text: impl Into<String>) -> Fault {
    Fault::Retry { reason: Reason::Malformed { text: crate::base::printable::printable_short(&text.into(), 200) } }
}

/// `host:port`, an IPv6 host in brackets, which Modoboa writes without.
pub(super) fn destination(transport: &Transport) -> Option<String> {
    let (host, port) = transport.host_and_port()?;
    let host = if host.contains(':') { format!("[{host}]") } else { host.to_owned() };
    crate::base::destination(&format!("{host}:{port}"))
}

/// What decides in Modoboa whether an address of the domain is taken.
pub(super) fn relay_check(domain: &Domain) -> &'static str {
    match (domain.kind.as_str(), domain.enabled) {
        (RELAY, true) if domain.transport.as_ref().is_some_and(Transport::verifies) => VERIFIES,
        (RELAY, true) => TAKES_ALL,
        (RELAY, false) => OFF_RELAY,
        (_, true) => HOSTED,
        (_, false) => OFF_HOSTED,
    }
}

/// The attributes of a domain.
pub(super) fn attributes(domain: &Domain, aliases: &[DomainAlias]) -> Result<BTreeMap<Field, Value>, Fault> {
    let to = match &domain.transport {
        Some(transport) if domain.kind == RELAY => {
            let text = || malformed(format!("the destination of {} cannot be read", domain.name));
            vec![destination(transport).ok_or_else(text)?]
        }
        Some(_) | None => Vec::new(),
    };
    let mine = aliases.iter().filter(|a| a.target == domain.pk && a.enabled);
    let names = mine.map(|a| name(&a.name).map(|n| n.to_string())).collect::<Result<_, _>>()?;
    Ok(BTreeMap::from([
        (Field::DomainDestination, Value::List(to)),
        (Field::DomainRelayCheck, Value::text(relay_check(domain))),
        (Field::DomainAliasDomains, Value::Set(names)),
    ]))
}

/// The attributes of a password policy.
pub(super) fn generated(live: GeneratedPasswords) -> BTreeMap<Field, Value> {
    BTreeMap::from([
        (Field::PolicyGeneratedLength, Value::Number(i64::from(live.length))),
        (Field::PolicyGeneratedSpecial, Value::Switch(live.special)),
    ])
}

/// The one policy of the instance.
pub(super) fn policy(of: &TenantName, live: GeneratedPasswords) -> LiveHead {
    LiveHead { key: Key::policy(of), incarnation: None, version: None, attrs: generated(live), created_at: None, facts: LiveFacts::None }
}

/// The canonical name of a domain, which Modoboa keeps as it was typed.
pub(super) fn name(text: &str) -> Result<DomainName, Fault> {
    DomainName::parse(text).map_err(|error| malformed(format!("`{text}`: {error}")))
}

/// A domain. Its incarnation is the `pk`, which Modoboa never gives twice.
pub(super) fn domain(of: &TenantName, live: &Domain, aliases: &[DomainAlias]) -> Result<LiveHead, Fault> {
    Ok(LiveHead {
        key: Key::new(of, Kind::Domain, name(&live.name)?.as_str()),
        incarnation: Some(live.pk.to_string()),
        version: None,
        attrs: attributes(live, aliases)?,
        created_at: live.creation.as_deref().and_then(|t| t.parse().ok()),
        facts: LiveFacts::None,
    })
}

/// Everything of a page that receives mail.
pub(super) fn users(page: &UserPage, each: &mut dyn FnMut(Object<'_>)) -> Result<(), Fault> {
    let at: Timestamp = page.at.parse().map_err(|_| malformed("a page without its moment"))?;
    let book: BTreeMap<String, &Alias> = page.aliases.iter().filter_map(|a| Some((canonical(&a.address)?, a))).collect();
    for account in &page.accounts {
        each(Object::User(user(account, &book, page.only_local, at)?));
    }
    for alias in &page.others {
        each(Object::User(other(alias)?));
    }
    Ok(())
}

/// The aliases of an account that are its own, canonical.
pub(super) fn own_aliases(account: &Account, address: &str, book: &BTreeMap<String, &Alias>, at: Timestamp) -> Vec<String> {
    let names = account.aliases.iter().filter_map(|text| canonical(text));
    names.filter(|name| book.get(name).is_some_and(|alias| takes_mail(alias, at) && is_own(alias, address))).collect()
}

fn user(account: &Account, book: &BTreeMap<String, &Alias>, only_local: bool, at: Timestamp) -> Result<LiveUser<'static>, Fault> {
    let address = address_of(account).ok_or_else(|| malformed(format!("the account `{}` has no address", account.username)))?;
    let aliases = own_aliases(account, &address, book, at).into_iter().map(Cow::Owned).collect();
    // an alias of its own address sends its mail on; with the mailbox among the recipients it only copies
    let forward = book.get(&address).filter(|alias| takes_mail(alias, at));
    let keeps = forward.is_none_or(|alias| alias.recipients.iter().any(|r| canonical(r).as_deref() == Some(&address)));
    let made_here = only_local && account.role == "SimpleUsers";
    Ok(LiveUser {
        incarnation: Some(Cow::Owned(account.pk.to_string())),
        version: None,
        first_name: Cow::Owned(account.first_name.clone()),
        last_name: Cow::Owned(account.last_name.clone()),
        aliases,
        kind: if keeps { UserKind::Mailbox } else { UserKind::Forward },
        status: if account.is_active { UserStatus::Active } else { UserStatus::Inactive },
        group: Cow::Borrowed(""),
        // administrators, and whoever a directory let in, are nobody's list
        origin: if made_here { Origin::Manual } else { Origin::Unknown },
        billable: false,
        created_at: account.date_joined.as_deref().and_then(|t| t.parse().ok()),
        mails_30d: None,
        last_mail_at: None,
        access: None,
        address: Cow::Owned(address),
    })
}

/// An alias that is nobody's own: a list where it has several recipients.
fn other(alias: &Alias) -> Result<LiveUser<'static>, Fault> {
    let address = canonical(&alias.address).ok_or_else(|| malformed(format!("`{}` is no address", alias.address)))?;
    Ok(LiveUser {
        incarnation: Some(Cow::Owned(format!("alias-{}", alias.pk))),
        version: None,
        first_name: Cow::Borrowed(""),
        last_name: Cow::Borrowed(""),
        aliases: Vec::new(),
        kind: if alias.recipients.len() > 1 { UserKind::List } else { UserKind::Forward },
        status: UserStatus::Active,
        group: Cow::Borrowed(""),
        origin: Origin::Unknown,
        billable: false,
        created_at: None,
        mails_30d: None,
        last_mail_at: None,
        access: None,
        address: Cow::Owned(address),
    })
}
