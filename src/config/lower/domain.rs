//! A domain and its parts lowered.

use super::Lowering;
use super::lowering::{destinations, number, placed};
use crate::base::span::Spanned;
use crate::base::{DomainName, SecretRef};
use crate::config::raw::{ContinuityTable, DirectoryTable, DiscoveryTable, DomainTable};
use crate::config::rules;
use crate::config::value::{At, KeptSecretTable};
use crate::model::continuity::Term;
use crate::model::directory::BindPassword;
use crate::model::{Continuity, Directory, Discovery, Domain};
use std::collections::BTreeMap;

/// The name of the directory of `[domains."…".directory]`.
pub const DEFAULT_DIRECTORY: &str = "default";

/// A domain.
pub fn domain(name: DomainName, raw: DomainTable, lowering: &mut Lowering<'_>) -> Domain {
    let directories = directories(&name, raw.directory, raw.directories.map(|m| m.all).unwrap_or_default(), lowering);
    let (users_authority, aliases_authority, from) = match raw.users {
        Some(users) => (users.authority, users.aliases_authority, users.from),
        None => (None, None, None),
    };
    let from = from.map(|list| list.0.all).unwrap_or_default();
    Domain {
        name,
        at: raw.at,
        destination: destinations(raw.destination),
        relay_check: placed(raw.relay_check),
        alias_domains: raw.alias_domains.map(|l| Spanned::new(l.all.into_iter().map(|d| d.value).collect(), l.span)),
        authority: placed(raw.authority),
        users_authority: placed(users_authority),
        aliases_authority: placed(aliases_authority),
        users_from: from.into_iter().map(|path| path.map(|p| p.written).placed()).collect(),
        directories,
        discovery: raw.discovery.map(discovery),
        continuity: raw.continuity.map(continuity),
    }
}

fn directories(
    domain: &DomainName,
    unnamed: Option<DirectoryTable>,
    named: BTreeMap<crate::config::value::Label, DirectoryTable>,
    lowering: &mut Lowering<'_>,
) -> BTreeMap<String, Directory> {
    let mut all: BTreeMap<String, Directory> = named.into_iter().map(|(name, table)| (name.0, directory(table))).collect();
    let Some(unnamed) = unnamed else { return all };
    if let Some(same) = all.get(DEFAULT_DIRECTORY) {
        let finding = rules::SET_TWICE.finding(format!("{domain} has the directory `{DEFAULT_DIRECTORY}` twice"));
        let finding = finding.at(same.at, "named here").also(unnamed.at, "the unnamed one has this name too");
        lowering.push(finding.fix("give one of them another name below `directories`"));
    }
    all.insert(DEFAULT_DIRECTORY.into(), directory(unnamed));
    all
}

fn directory(raw: DirectoryTable) -> Directory {
    let port = raw.port.map(|port| port.map(|n| u16::try_from(n.0).unwrap_or(u16::MAX)).placed());
    Directory {
        at: raw.at,
        enabled: placed(raw.enabled),
        source: placed(raw.source),
        host: placed(raw.host),
        port,
        tls: placed(raw.tls),
        bind_dn: placed(raw.bind_dn),
        bind_password: raw.bind_password.and_then(KeptSecretTable::reference).map(bind_password),
        search_base: placed(raw.search_base),
        filter: placed(raw.filter),
        min_users: number(raw.min_users),
        schedule: placed(raw.schedule),
    }
}

fn bind_password(raw: At<(SecretRef, Option<At<String>>)>) -> Spanned<BindPassword> {
    let (from, rotate) = raw.value;
    Spanned::new(BindPassword { from, rotate: rotate.map(At::placed) }, raw.span)
}

fn discovery(raw: DiscoveryTable) -> Discovery {
    Discovery { at: raw.at, enabled: placed(raw.enabled), until: raw.until.map(|day| day.map(|d| d.0).placed()) }
}

fn continuity(raw: ContinuityTable) -> Continuity {
    let term = raw.term.and_then(|t| Some(Spanned::new(Term { months: t.months?.value.0, from: t.from?.value.0 }, t.at)));
    Continuity { at: raw.at, enabled: placed(raw.enabled), outgoing_via_own_server: placed(raw.outgoing_via_own_server), term }
}
